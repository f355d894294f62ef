/* LogAttribute and LogMessage: steps that write to naru's own log. */
#include "bridge/nifi/plan_build.h"

#include <ctype.h>
#include <string.h>

/* "a, b" as a regular expression that matches just these names. */
static const char *any_of(struct plan *p, const char *list)
{
    struct buf regex;
    const char *text;
    bool first = true;

    buf_init(&regex, 65536);
    while (*list != '\0') {
        struct slice name = {list, strcspn(list, ",")};

        list += name.len + (list[name.len] == ',' ? 1 : 0);
        name = slice_trim(name);
        if (name.len == 0) {
            continue;
        }
        p->failed |= !first && buf_append_char(&regex, '|') != 0;
        first = false;
        for (size_t i = 0; i < name.len; i++) {
            bool is_special = strchr(".[]{}()*+?^$|\\", name.p[i]) != NULL;

            p->failed |= (is_special && buf_append_char(&regex, '\\') != 0) ||
                         buf_append_char(&regex, name.p[i]) != 0;
        }
    }
    text = plan_text(p, "%s", buf_str(&regex));
    buf_fini(&regex);
    return text;
}

static const char *joined(
    struct plan *p, const char *step, const char *name, const char *value)
{
    return plan_text(p, "%s %s=%s", step, name, plan_word(p, value));
}

/* Both ways of naming attributes: those of the list or of the pattern. */
static const char *add_names(struct plan *p, const char *step, const char *key,
    const char *list_names, const char *regex_names, const char *fallback)
{
    struct plan_value list = plan_take(p, list_names, NULL, PLAN_VARIABLES);
    struct plan_value regex =
        plan_take(p, regex_names, fallback, PLAN_VARIABLES);
    const char *wanted = regex.text;

    if (!plan_takes_regex(p, &regex, "list the attributes")) {
        return step;
    }
    if (list.text[0] != '\0') {
        wanted = any_of(p, list.text);
        plan_row(p, &list, "%s=%s", key, wanted);
        /* NiFi's default pattern matches all and says nothing of its own. */
        if (regex.text[0] != '\0' && regex.is_given &&
            strcmp(regex.text, ".*") != 0) {
            wanted = plan_text(p, "%s|%s", wanted, regex.text);
        }
    } else if (regex.text[0] != '\0') {
        plan_row(p, &regex, "the same");
    }
    return wanted[0] != '\0' && strcmp(wanted, ".*") != 0
               ? joined(p, step, key, wanted)
               : step;
}

static bool is_level(const char *word)
{
    static const char *const levels[] = {
        "trace", "debug", "info", "warn", "error"};

    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (strcmp(word, levels[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *level_of(struct plan *p, const char *names)
{
    struct plan_value v = plan_take(p, names, "info", PLAN_PLAIN);
    char *level = arena_text(&p->arena, slice_of(v.text));

    if (level == NULL) {
        p->failed = true;
        return "info";
    }
    for (char *c = level; *c != '\0'; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    if (!is_level(level)) {
        plan_find(p, PLAN_CANNOT,
            "%s is '%s': naru's levels are trace, debug, info, warn and error",
            v.property, v.text);
        return "info";
    }
    plan_row(p, &v, "the same, in naru's log");
    return level;
}

static void check_charset(struct plan *p, const char *names)
{
    struct plan_value v = plan_take(p, names, "UTF-8", PLAN_VARIABLES);

    if (!plan_is(v.text, "UTF-8") && v.text[0] != '\0' &&
        strstr(v.text, "${") == NULL) {
        plan_find(
            p, PLAN_NOTE, "%s is %s; naru's log is UTF-8", v.property, v.text);
    }
}

static const char *log_attribute(struct plan *p)
{
    const char *step = joined(p, "log", "level", level_of(p, "Log Level"));
    struct plan_value payload =
        plan_take(p, "Log Payload", "false", PLAN_PLAIN);
    struct plan_value prefix =
        plan_take(p, "Log prefix|Log Prefix", NULL, PLAN_RECORD);
    struct plan_value format =
        plan_take(p, "Output Format", "Line per Attribute", PLAN_PLAIN);

    (void)plan_take(p, "Log FlowFile Properties", NULL, PLAN_PLAIN);
    if (plan_is(payload.text, "true")) {
        step = joined(p, step, "payload", "true");
        plan_row(p, &payload, "the same: documents stand in the log");
    }
    if (prefix.text[0] != '\0') {
        (void)plan_expression(p, &prefix);
        step = joined(p, step, "prefix", prefix.text);
        plan_row(p, &prefix, "the same");
    }
    if (!plan_is(format.text, "Line per Attribute")) {
        plan_row(p, &format, "a line for each attribute");
    }
    step = add_names(p, step, "attributes", "Attributes to Log",
        "attributes-to-log-regex|Attributes to Log Regular Expression", ".*");
    step = add_names(p, step, "ignore", "Attributes to Ignore",
        "attributes-to-ignore-regex|Attributes to Ignore Regular Expression",
        NULL);
    check_charset(p, "character-set|Character Set");
    return step;
}

static const char *log_message(struct plan *p)
{
    const char *step =
        joined(p, "log-message", "level", level_of(p, "log-level|Log Level"));
    struct plan_value prefix =
        plan_take(p, "log-prefix|Log Prefix|Log prefix", NULL, PLAN_RECORD);
    struct plan_value message =
        plan_take(p, "log-message|Log Message|Log message", "", PLAN_RECORD);

    if (prefix.text[0] != '\0') {
        (void)plan_expression(p, &prefix);
        step = joined(p, step, "prefix", prefix.text);
        plan_row(p, &prefix, "the same");
    }
    (void)plan_expression(p, &message);
    plan_row(p, &message, "the same");
    return joined(p, step, "message", message.text);
}

void plan_make_log(
    struct plan *p, const struct flow_component *c, bool is_after)
{
    const char *step;

    plan_begin(p, c);
    step = catalog_class_of(c) == CATALOG_LOG_ATTRIBUTE ? log_attribute(p)
                                                        : log_message(p);
    if (p->options.names && c->id[0] != '\0') {
        step = joined(p, step, "id", c->id); /* as NiFi's log has it */
    }
    if (is_after) {
        plan_after(p, step);
    } else {
        plan_step(p, step);
    }
}
