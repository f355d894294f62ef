/* Rules of the scripted Elasticsearch; see engine_script.h. */
#include "tests/fakes/engine_script.h"

#include <assert.h>

void engine_script_add(struct engine_script *s, struct request_rule rule)
{
    assert(s->n_requests < ENGINE_RULES_MOST);
    s->spent[s->n_requests] = false;
    s->seen[s->n_requests] = 0;
    s->requests[s->n_requests++] = rule;
}

void engine_script_add_item(struct engine_script *s, struct item_rule rule)
{
    assert(s->n_items < ENGINE_RULES_MOST);
    s->items[s->n_items++] = rule;
}

static bool holds(struct slice text, const char *word)
{
    return word == NULL || (text.len > 0 && memmem(text.p, text.len, word,
                                                strlen(word)) != NULL);
}

struct request_rule engine_script_pick(
    struct engine_script *s, struct slice body)
{
    for (size_t i = 0; i < s->n_requests; i++) {
        struct request_rule *rule = &s->requests[i];

        if (s->spent[i] || body.len <= rule->larger_bytes ||
            !holds(body, rule->contains)) {
            continue;
        }
        if (rule->every > 0 && ++s->seen[i] % rule->every != 0) {
            continue;
        }
        s->spent[i] = rule->times > 0 && --rule->times == 0;
        return *rule;
    }
    return (struct request_rule){.act = ENGINE_ANSWER};
}

bool engine_script_judge(const struct engine_script *s,
    struct bulk_action *action, unsigned tries_before)
{
    for (size_t i = 0; i < s->n_items; i++) {
        const struct item_rule *rule = &s->items[i];

        if ((rule->tries == 0 || tries_before < rule->tries) &&
            holds(action->document, rule->contains)) {
            action->status = rule->status;
            action->error_type = rule->error_type;
            action->error_reason = rule->error_reason;
            return true;
        }
    }
    return false;
}
