/*
 * What the fields of a mapping take; see field_rule.h. The rules are those of
 * KeywordFieldMapper, NumberFieldMapper and DateFieldMapper, which the engines
 * share.
 */
#include "preflight/field_rule.h"

#include "index/marked_json.h"
#include "preflight/engine_date.h"
#include "preflight/java_number.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define HALF_FLOAT_MAX 65519.996 /* what rounds to 65504; 65520 is infinite */
#define FLOAT_MAX 0x1.ffffffp127 /* likewise; FLT_MAX and half a step */

static const struct kind_of_type {
    const char *type;
    enum field_kind kind;
    int64_t least, most;
    double largest;
    const char *name; /* what Java calls it, in the engine's messages */
} kinds[] = {
    {"keyword", FIELD_WORDS, 0, 0, 0, NULL},
    {"text", FIELD_WORDS, 0, 0, 0, NULL},
    {"long", FIELD_WHOLE, INT64_MIN, INT64_MAX, 0, "Long"},
    {"integer", FIELD_WHOLE, INT32_MIN, INT32_MAX, 0, "Integer"},
    {"short", FIELD_WHOLE, INT16_MIN, INT16_MAX, 0, "Short"},
    {"byte", FIELD_WHOLE, INT8_MIN, INT8_MAX, 0, "Byte"},
    {"double", FIELD_DECIMAL, 0, 0, DBL_MAX, "Double"},
    {"float", FIELD_DECIMAL, 0, 0, FLOAT_MAX, "Float"},
    {"half_float", FIELD_DECIMAL, 0, 0, HALF_FLOAT_MAX, "Float"},
    {"scaled_float", FIELD_DECIMAL, 0, 0, DBL_MAX, "Double"},
    {"date", FIELD_DATE, 0, 0, 0, NULL},
};

static const struct kind_of_type *kind_of(const char *type)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].type, type) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

static bool flag(const json_t *mapping, const char *key, bool otherwise)
{
    const json_t *value = json_object_get(mapping, key);

    return value != NULL ? json_is_true(value) : otherwise;
}

/* A keyword that is neither searched nor sorted by has no terms. */
static void read_words(const json_t *mapping, struct field_rule *rule)
{
    const json_t *above = json_object_get(mapping, "ignore_above");

    if (strcmp(rule->type, "keyword") != 0) {
        return;
    }
    if (flag(mapping, "index", true) || flag(mapping, "doc_values", true)) {
        rule->max_term_bytes = FIELD_MAX_TERM_BYTES;
    }
    rule->ignore_above_chars =
        json_is_integer(above) ? (size_t)json_integer_value(above) : 0;
}

void field_rule_read(const json_t *mapping, struct field_rule *rule)
{
    const char *type = json_string_value(json_object_get(mapping, "type"));
    const char *format = json_string_value(json_object_get(mapping, "format"));
    const struct kind_of_type *kind;

    *rule = (struct field_rule){.type = type != NULL ? type : "object",
        .kind = FIELD_UNJUDGED,
        .coerce = flag(mapping, "coerce", true),
        .ignore_malformed = flag(mapping, "ignore_malformed", false),
        .format = format != NULL ? format
                                 : "strict_date_optional_time||epoch_millis"};
    kind = kind_of(rule->type);
    if (kind != NULL) {
        rule->kind = kind->kind;
        rule->least = kind->least;
        rule->most = kind->most;
        rule->largest = kind->largest;
    }
    if (rule->kind == FIELD_WORDS) {
        read_words(mapping, rule);
    }
}

bool field_rule_is_judged(const struct field_rule *rule)
{
    return rule->kind != FIELD_UNJUDGED &&
           (rule->kind != FIELD_DATE || engine_date_knows(rule->format));
}

/* Java counts in units of UTF-16: a letter beyond U+FFFF is two. */
static size_t java_chars(struct slice text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];

        n += (c & 0xC0u) != 0x80u;
        n += c >= 0xF0u;
    }
    return n;
}

static enum field_fault judge_words(
    const struct field_rule *rule, struct slice text)
{
    if (rule->max_term_bytes == 0 || text.len <= rule->max_term_bytes) {
        return FAULT_NONE;
    }
    return rule->ignore_above_chars > 0 &&
                   java_chars(text) > rule->ignore_above_chars
               ? FAULT_NONE
               : FAULT_TERM;
}

static enum field_fault fault_of(enum java_number what)
{
    switch (what) {
    case JAVA_NUMBER:
        return FAULT_NONE;
    case JAVA_NO_NUMBER:
        return FAULT_NOT_NUMERIC;
    case JAVA_FRACTION:
        return FAULT_FRACTION;
    case JAVA_NOT_A_NUMBER:
    case JAVA_OUT_OF_RANGE:
        return FAULT_RANGE;
    }
    return FAULT_NONE;
}

/*
 * A string is read as the smaller types by way of a double; NaN is neither less
 * than the least nor more than the most, and becomes 0.
 */
static enum field_fault judge_small_text(
    const struct field_rule *rule, struct slice text)
{
    enum java_number what = java_number_decimal(text.p, (double)rule->most);

    return what == JAVA_NOT_A_NUMBER ? FAULT_NONE : fault_of(what);
}

static enum field_fault judge_whole(
    const struct field_rule *rule, struct slice text, bool is_string)
{
    enum field_fault fault;

    if (!is_string) {
        fault = fault_of(java_number_whole(text.p, rule->least, rule->most));
    } else if (rule->most == INT64_MAX) {
        fault =
            fault_of(java_number_whole_text(text.p, rule->least, rule->most));
    } else {
        fault = judge_small_text(rule, text);
    }
    return fault == FAULT_FRACTION && rule->coerce ? FAULT_NONE : fault;
}

static enum field_fault judge_number(
    const struct field_rule *rule, struct slice text, bool is_string)
{
    if (is_string && !rule->coerce) {
        return FAULT_STRING;
    }
    if (is_string && text.len == 0) {
        return FAULT_NONE; /* absent */
    }
    if (memchr(text.p, '\0', text.len) != NULL) {
        return FAULT_NOT_NUMERIC;
    }
    return rule->kind == FIELD_WHOLE
               ? judge_whole(rule, text, is_string)
               : fault_of(java_number_decimal(text.p, rule->largest));
}

static enum field_fault judge_date(
    const struct field_rule *rule, struct slice text)
{
    if (text.len == 0) {
        return FAULT_EMPTY_DATE;
    }
    switch (engine_date_read(rule->format, text)) {
    case DATE_REFUSED:
        return FAULT_DATE;
    case DATE_TAKEN:
        return FAULT_NONE;
    case DATE_SHIFTED:
        return FAULT_SHIFTED_DATE;
    }
    return FAULT_NONE;
}

static enum field_fault judge_text(
    const struct field_rule *rule, struct slice text, bool is_string)
{
    switch (rule->kind) {
    case FIELD_WORDS:
        return judge_words(rule, text);
    case FIELD_WHOLE:
    case FIELD_DECIMAL:
        return judge_number(rule, text, is_string);
    case FIELD_DATE:
        return judge_date(rule, text);
    case FIELD_UNJUDGED:
        break;
    }
    return FAULT_NONE;
}

/* One value that is no array. */
static enum field_fault judge_one(const struct field_rule *rule, json_t *value)
{
    struct slice text = marked_json_string(value);
    bool is_string = text.p != NULL;
    enum field_fault fault;

    if (json_is_null(value)) {
        return FAULT_NONE;
    }
    if (json_is_object(value)) {
        return FAULT_OBJECT;
    }
    if (json_is_boolean(value)) {
        if (rule->kind == FIELD_WORDS) {
            return FAULT_NONE;
        }
        fault = rule->kind == FIELD_DATE ? FAULT_DATE : FAULT_NOT_NUMERIC;
    } else {
        text = is_string ? text : marked_json_number(value);
        fault = judge_text(rule, text, is_string);
    }
    return rule->ignore_malformed && fault != FAULT_TERM &&
                   fault != FAULT_SHIFTED_DATE
               ? FAULT_NONE
               : fault;
}

enum field_fault field_rule_judge(
    const struct field_rule *rule, json_t *value, json_t **culprit)
{
    json_t *entry;
    size_t i;

    if (!field_rule_is_judged(rule)) {
        return FAULT_NONE;
    }
    if (!json_is_array(value)) {
        *culprit = value;
        return judge_one(rule, value);
    }
    json_array_foreach(value, i, entry)
    {
        enum field_fault fault = field_rule_judge(rule, entry, culprit);

        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    return FAULT_NONE;
}

void field_fault_text(const struct field_rule *rule, enum field_fault fault,
    char *out, size_t size)
{
    const struct kind_of_type *kind = kind_of(rule->type);
    const char *name = kind != NULL && kind->name != NULL ? kind->name : "";

    switch (fault) {
    case FAULT_NONE:
        (void)snprintf(out, size, "%s", "");
        break;
    case FAULT_OBJECT:
        (void)snprintf(out, size,
            "an object where a value of type %s is wanted", rule->type);
        break;
    case FAULT_STRING:
        (void)snprintf(out, size, "%s value passed as String", name);
        break;
    case FAULT_NOT_NUMERIC:
        (void)snprintf(
            out, size, "not numeric, for a field of type %s", rule->type);
        break;
    case FAULT_FRACTION:
        (void)snprintf(
            out, size, "cannot be converted to %s without data loss", name);
        break;
    case FAULT_RANGE:
        (void)snprintf(out, size, "out of range of %s", rule->type);
        break;
    case FAULT_DATE:
        (void)snprintf(out, size, "failed to parse date field with format [%s]",
            rule->format);
        break;
    case FAULT_EMPTY_DATE:
        (void)snprintf(out, size, "cannot parse empty date");
        break;
    case FAULT_TERM:
        (void)snprintf(out, size, "immense term: longer than %d bytes of UTF-8",
            FIELD_MAX_TERM_BYTES);
        break;
    case FAULT_SHIFTED_DATE:
        (void)snprintf(out, size, "no day of the calendar: another is stored");
        break;
    }
}
