/* One record looked at; see record_check.h. */
#include "preflight/record_check.h"

#include "bridge/bulk_target.h"
#include "index/marked_json.h"
#include "preflight/document_check.h"
#include "preflight/lone_surrogate.h"
#include "replay/number_text.h"

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
    buf_init(&c->whole, LINES_MAX_BYTES);
    c->encoder = bulk_target_encoder(plan->config, plan->dataset, NULL, err);
    return c->encoder != NULL ? 0 : -1;
}

void record_check_fini(struct record_check *c)
{
    bulk_encoder_free(c->encoder);
    buf_fini(&c->lines);
    buf_fini(&c->marked);
    buf_fini(&c->shown);
    buf_fini(&c->whole);
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

/*
 * What the bridge says begins with id, index, version or "the value". Of a
 * value that it cannot read there is no more to be said: *is_value.
 */
static int add_bridge_words(struct record_check *c, const char *words,
    bool *is_value, struct error *err)
{
    static const char *const names[] = {"id: ", "index: ", "version: "};
    char reason[REASON_BYTES];
    const char *at = words;
    struct slice field = slice_of("value");

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strncmp(words, names[i], strlen(names[i])) == 0) {
            field = (struct slice){names[i], strlen(names[i]) - 2};
            at = words + field.len + 2;
        }
    }
    *is_value = at == words;
    blur_numbers(at, reason);
    return refusals_add(&c->result->refusals, REFUSER_BRIDGE, field, reason,
               (struct slice){NULL, 0}, c->place) == 0
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

/* Marked JSON lets any number pass: 01, 1. and the like. */
static bool has_sound_numbers(json_t *v)
{
    struct slice number = marked_json_number(v);
    const char *key;
    json_t *inner;
    size_t i;

    if (number.p != NULL) {
        enum number_fault fault = number_check_decimal(number);

        return fault == NUMBER_FINE || fault == NUMBER_OUT_OF_RANGE;
    }
    json_object_foreach(v, key, inner)
    {
        if (!has_sound_numbers(inner)) {
            return false;
        }
    }
    json_array_foreach(v, i, inner)
    {
        if (!has_sound_numbers(inner)) {
            return false;
        }
    }
    return true;
}

static int check_document(
    struct record_check *c, struct slice value, struct error *err)
{
    const struct document_watch watch = {on_fault, on_new_field, c};
    struct error why;
    json_t *document;
    int rc;

    if (lone_surrogate_replace(value, &c->whole) != 0) {
        return no_memory(c, err);
    }
    document = marked_json_load(buf_slice(&c->whole), &c->marked, &why);
    if (document == NULL) {
        char *near = strstr(why.text, " near ");

        if (near != NULL) {
            *near = '\0'; /* what follows is the example's to show */
        }
        rc = refusals_add(&c->result->refusals, REFUSER_ENGINE, slice_of(""),
            why.text, value, c->place);
    } else if (!has_sound_numbers(document)) {
        rc = refusals_add(&c->result->refusals, REFUSER_ENGINE, slice_of(""),
            "not JSON: a number in a form of its own", value, c->place);
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
    bool is_delete, is_value = false;

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
        if (add_bridge_words(c, why.text, &is_value, err) != 0) {
            return -1;
        }
        break;
    case BULK_FULL:
        return no_memory(c, err);
    }
    return record->has_value && !is_value
               ? check_document(c, record->value, err)
               : 0;
}
