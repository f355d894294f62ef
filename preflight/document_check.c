/*
 * A document against a mapping; see document_check.h. What a field's name may
 * be is DocumentParser's to say: a dot in it means an object with a field.
 * Where engines differ (7.17 takes a blank name), what one of them refuses
 * counts.
 */
#include "preflight/document_check.h"

#include "index/marked_json.h"

#include <string.h>

#define REASON_BYTES 128
#define DOC_COUNT "_doc_count" /* the one metadata field documents may have */

static const char *const metadata_fields[] = {"_field_names", "_id", "_ignored",
    "_index", "_nested_path", "_routing", "_seq_no", "_source", "_type",
    "_version"};

static bool is_metadata(struct slice name)
{
    for (size_t i = 0; i < sizeof(metadata_fields) / sizeof(metadata_fields[0]);
         i++) {
        if (slice_is(name, metadata_fields[i])) {
            return true;
        }
    }
    return false;
}

/* The name's first part, up to a dot. */
static struct slice first_part(struct slice name)
{
    const char *dot = memchr(name.p, '.', name.len);

    return (struct slice){
        name.p, dot != NULL ? (size_t)(dot - name.p) : name.len};
}

/* Java's split leaves out what is empty at the end: "Code." is Code. */
static struct slice without_last_dots(struct slice name)
{
    struct slice whole = name;

    while (name.len > 0 && name.p[name.len - 1] == '.') {
        name.len--;
    }
    return name.len > 0 ? name : whole;
}

static bool has_empty_part(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.p[i] == '.' && (i == 0 || name.p[i - 1] == '.')) {
            return true;
        }
    }
    return false;
}

/* What is wrong with the name alone, whatever the mapping; NULL: nothing. */
static const char *fault_of_name(struct slice name)
{
    if (name.len == 0 || strspn(name.p, " \t\n\r") == name.len) {
        return "field name cannot be empty or blank";
    }
    if (is_metadata(name)) {
        return "a metadata field cannot be added inside a document";
    }
    if (has_empty_part(name)) {
        return "a field name with nothing before a dot is ambiguous";
    }
    return NULL;
}

static int judge_unknown(const struct mapping_rules *rules, struct slice name,
    json_t *value, const struct document_watch *watch)
{
    struct slice first = first_part(name);
    const char *why = fault_of_name(name);

    if (slice_is(name, DOC_COUNT)) {
        return 0;
    }
    if (why != NULL) {
        return watch->fault(watch->arg, name, why, NULL, true);
    }
    if (rules->dynamic == DYNAMIC_STRICT) {
        return watch->fault(watch->arg, name,
            "strict_dynamic_mapping_exception: the mapping has no such field",
            value, true);
    }
    if (first.len < name.len && mapping_rules_find(rules, first) != NULL) {
        return watch->fault(watch->arg, name,
            "what stands before the dot is a field with values, no object",
            value, true);
    }
    return rules->dynamic == DYNAMIC_TRUE && watch->new_field != NULL &&
                   !json_is_null(value)
               ? watch->new_field(watch->arg, name)
               : 0;
}

/* The field, and its subfields, which are given the same value. */
static int judge_known(const struct mapping_rules *rules,
    const struct mapping_field *field, json_t *value,
    const struct document_watch *watch)
{
    const struct mapping_field *end = rules->fields + rules->n_fields;
    const char *name = field->name;

    for (; field < end && field->name == name; field++) {
        json_t *culprit = NULL;
        char reason[REASON_BYTES];
        enum field_fault fault =
            field_rule_judge(&field->rule, value, &culprit);

        if (fault != FAULT_NONE) {
            field_fault_text(&field->rule, fault, reason, sizeof(reason));
            return watch->fault(watch->arg, slice_of(field->name), reason,
                culprit, fault != FAULT_SHIFTED_DATE);
        }
    }
    return 0;
}

int document_check(const struct mapping_rules *rules, json_t *document,
    const struct document_watch *watch)
{
    const char *key;
    json_t *value;

    if (!json_is_object(document)) {
        return watch->fault(watch->arg, slice_of(""),
            "the value is no JSON object", document, true);
    }
    json_object_foreach(document, key, value)
    {
        struct slice name = without_last_dots(slice_of(key + 1));
        const struct mapping_field *field = mapping_rules_find(rules, name);
        int rc = field != NULL ? judge_known(rules, field, value, watch)
                               : judge_unknown(rules, name, value, watch);

        if (rc != 0) {
            return rc;
        }
    }
    return 0;
}
