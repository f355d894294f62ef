/*
 * struct field_rule: what one field of a mapping takes, and what the engine
 * will say of a value that it does not take. Found by asking the engines:
 * tests/live/preflight_test.sh asks them again. Pure.
 */
#ifndef NARU_PREFLIGHT_FIELD_RULE_H
#define NARU_PREFLIGHT_FIELD_RULE_H

#include "common/attr.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lucene's IndexWriter.MAX_TERM_LENGTH. */
#define FIELD_MAX_TERM_BYTES 32766

enum field_kind {
    FIELD_WORDS,   /* keyword, text */
    FIELD_WHOLE,   /* long, integer, short, byte */
    FIELD_DECIMAL, /* double, float, half_float, scaled_float */
    FIELD_DATE,
    FIELD_UNJUDGED /* a type we know nothing of: everything passes */
};

struct field_rule {
    const char *type; /* borrowed from the mapping, as format is */
    enum field_kind kind;
    bool coerce, ignore_malformed;
    size_t max_term_bytes;     /* of WORDS; 0: any */
    size_t ignore_above_chars; /* longer ones are not indexed; 0: all are */
    int64_t least, most;       /* of WHOLE */
    double largest;            /* of DECIMAL */
    const char *format;        /* of DATE: "strict_date||epoch_millis" */
};

enum field_fault {
    FAULT_NONE,
    FAULT_OBJECT,      /* an object where a value is wanted */
    FAULT_STRING,      /* a string, and coerce is off */
    FAULT_NOT_NUMERIC, /* a string that is no number, true or false */
    FAULT_FRACTION,
    FAULT_RANGE,
    FAULT_DATE,
    FAULT_EMPTY_DATE,
    FAULT_TERM,
    FAULT_SHIFTED_DATE /* no refusal: it is taken for another day */
};

/*
 * field_rule_read(mapping, rule):
 * The rule of a field's mapping, {"type":"long","coerce":false}, which is
 * borrowed for as long as rule is used. What is not declared is the engines'
 * default.
 */
void field_rule_read(const json_t *mapping, struct field_rule *rule);

/* field_rule_is_judged(rule): Do we know its type, and its date format? */
bool field_rule_is_judged(const struct field_rule *rule);

/*
 * field_rule_judge(rule, value, culprit):
 * Does the field take value, marked JSON (marked_json.h)? Of an array each
 * entry counts, and *culprit is the first that is not taken.
 */
enum field_fault field_rule_judge(
    const struct field_rule *rule, json_t *value, json_t **culprit);

/*
 * field_fault_text(rule, fault, out, size):
 * The engine's words for it, such as "Long value passed as String".
 */
void field_fault_text(const struct field_rule *rule, enum field_fault fault,
    char *out, size_t size);

#endif
