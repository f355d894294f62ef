/* One record looked at; see record_check.h. */
#include "preflight/record_check.h"

#include "bridge/bulk_target.h"
#include "index/marked_json.h"
#include "preflight/document_check.h"

#include <string.h>

#define LINES_MAX_BYTES ((size_t)1 << 30)
#define REASON_BYTES 512

int record_check_init(struct record_check *c, const struct preflight_plan *plan,
    struct preflight_result *result, struct error *err)
{
    *c = (struct record_check){.result = result};
    buf_init(&c->lines, LINES_MAX_BYTES);
    buf_init(&c->marked, 4 * LINES_MAX_BYTES);
    buf_init(&c->shown, LINES_MAX_BYTES);
    c->encoder = bulk_target_encoder(plan->config, plan->dataset, NULL, err);
    return c->encoder != NULL ? 0 : -1;
}

void record_check_fini(struct record_check *c)
{
    bulk_encoder_free(c->encoder);
    buf_fini(&c->lines);
    buf_fini(&c->marked);
    buf_fini(&c->shown);
}

static int no_memory(const struct record_check *c, struct error *err)
{
    return error_set(err, "%s: too large, or out of memory", c->place);
}

/*
 * "Volume: 'abc' is not a whole number" is a kind of its own for each value;
 * the value goes to the example. *reason is what follows it.
 */
static struct slice cut_value(const char **reason)
{
    const char *end;
    struct slice value = {NULL, 0};

    if (**reason == '\'' && (end = strstr(*reason + 1, "' ")) != NULL) {
        value = (struct slice){*reason + 1, (size_t)(end - (*reason + 1))};
        *reason = end + 2;
    }
    return value;
}

/* Numbers in a message ("see byte 17") would make a kind of each, too. */
static void blur_numbers(const char *reason, char out[REASON_BYTES])
{
    size_t at = 0;

    while (*reason != '\0' && at + 1 < REASON_BYTES) {
        if (*reason >= '0' && *reason <= '9') {
            reason += strspn(reason, "0123456789");
            out[at++] = 'N';
        } else {
            out[at++] = *reason++;
        }
    }
    out[at] = '\0';
}

static int add_words(struct record_check *c, enum refuser who,
    const char *words, struct error *err)
{
    const char *colon = strstr(words, ": ");
    struct slice field = {words, colon != NULL ? (size_t)(colon - words) : 0};
    const char *reason = colon != NULL ? colon + 2 : words;
    struct slice value = cut_value(&reason);

    return refusals_add(
               &c->result->refusals, who, field, reason, value, c->place) == 0
               ? 0
               : no_memory(c, err);
}

int record_check_row(struct record_check *c, const char *why, const char *place,
    struct error *err)
{
    c->place = place;
    refusals_begin(&c->result->refusals);
    return add_words(c, REFUSER_REPLAY, why, err);
}

/* What the bridge says begins with id, index, version or "the value". */
static int add_bridge_words(
    struct record_check *c, const char *words, struct error *err)
{
    char reason[REASON_BYTES];
    const char *at = words;
    struct slice field = slice_of("value");

    for (const char *const *name =
             (const char *const[]){"id: ", "index: ", "version: ", NULL};
         *name != NULL; name++) {
        if (strncmp(words, *name, strlen(*name)) == 0) {
            field = (struct slice){*name, strlen(*name) - 2};
            at = words + strlen(*name);
        }
    }
    blur_numbers(at, reason);
    return refusals_add(&c->result->refusals, REFUSER_BRIDGE, field, reason,
               slice_of(at), c->place) == 0
               ? 0
               : no_memory(c, err);
}

static int on_fault(void *arg, struct slice field, const char *reason,
    json_t *value, bool refused)
{
    struct record_check *c = arg;

    buf_clear(&c->shown);
    if (value != NULL && marked_json_write(&c->shown, value) != 0) {
        return -1;
    }
    return refusals_add(&c->result->refusals,
        refused ? REFUSER_ENGINE : REFUSER_NOBODY, field, reason,
        buf_slice(&c->shown), c->place);
}

static int on_new_field(void *arg, struct slice field)
{
    struct record_check *c = arg;

    return name_list_add(&c->result->new_fields, field);
}

static int check_document(
    struct record_check *c, struct slice value, struct error *err)
{
    const struct document_watch watch = {on_fault, on_new_field, c};
    struct error why;
    json_t *document = marked_json_load(value, &c->marked, &why);
    int rc;

    if (document == NULL) {
        char reason[REASON_BYTES];

        blur_numbers(why.text, reason);
        rc = refusals_add(&c->result->refusals, REFUSER_ENGINE, slice_of(""),
            reason, value, c->place);
    } else {
        rc = document_check(&c->result->rules, document, &watch);
    }
    json_decref(document);
    return rc == 0 ? 0 : no_memory(c, err);
}

int record_check_take(struct record_check *c, const struct record *record,
    const char *place, struct error *err)
{
    struct error why;
    bool is_delete;

    c->place = place;
    buf_clear(&c->lines);
    refusals_begin(&c->result->refusals);
    switch (bulk_encode(c->encoder, record, &c->lines, &is_delete, &why)) {
    case BULK_ENCODED:
        break;
    case BULK_SKIPPED:
        c->result->skipped++;
        return 0;
    case BULK_REFUSED:
        if (add_bridge_words(c, why.text, err) != 0) {
            return -1;
        }
        break;
    case BULK_FULL:
        return no_memory(c, err);
    }
    return record->has_value ? check_document(c, record->value, err) : 0;
}
