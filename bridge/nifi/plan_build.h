/* What the makers of a plan share. None of these fails: see plan.h. */
#ifndef NARU_BRIDGE_NIFI_PLAN_BUILD_H
#define NARU_BRIDGE_NIFI_PLAN_BUILD_H

#include "bridge/nifi/catalog.h"
#include "bridge/nifi/plan.h"

/* How far a property's expressions may reach. */
enum plan_scope {
    PLAN_PLAIN,     /* parameters alone */
    PLAN_VARIABLES, /* ${} of variables, known before a record is */
    PLAN_RECORD     /* ${} of a record's attributes: left as it is */
};

struct plan_value {
    const char *property; /* as the file spells it, else as NiFi 1 does */
    const char *text;     /* resolved; "" when there is none. Never a secret */
    bool is_given;        /* by the file; else it is the default */
    bool is_secret;       /* set, but not to be known here */
    bool is_set;          /* has a value at all, even "" or a secret */
};

/* plan_begin(p, c): Take c's properties from now on. plan_end(p): which were
 * not taken are told as unknown. */
void plan_begin(struct plan *p, const struct flow_component *c);

/*
 * plan_take(p, names, fallback, scope):
 * The property with one of the names (separated by |), its parameters and
 * variables resolved; what cannot be is a finding, and the text then empty.
 */
struct plan_value plan_take(struct plan *p, const char *names,
    const char *fallback, enum plan_scope scope);

/* plan_untaken(p, i): The next property that nobody took and that has a value,
 * from *i on; NULL at the end. Marks it as taken. */
const struct flow_property *plan_untaken(struct plan *p, size_t *i);

/* plan_is_secret(property): Must its value never be shown? */
bool plan_is_secret(const struct flow_property *property);

/* plan_resolve(p, what, raw, scope): What plan_take does to a text. */
struct plan_value plan_resolve(
    struct plan *p, const char *what, const char *raw, enum plan_scope scope);

/* plan_text(p, fmt, ...): Text in the plan's memory; "" when it fails. */
const char *plan_text(struct plan *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* plan_row(p, v, naru, ...): A row of the table for a property taken. */
void plan_row(struct plan *p, const struct plan_value *v, const char *naru, ...)
    PRINTF_LIKE(3, 4);

/* plan_fact(p, what, nifi, naru, ...): A row for what is no property. */
void plan_fact(struct plan *p, const char *what, const char *nifi,
    const char *naru, ...) PRINTF_LIKE(4, 5);

/* plan_find(p, kind, fmt, ...): A finding about the component at hand. */
void plan_find(struct plan *p, enum plan_finding_kind kind, const char *fmt,
    ...) PRINTF_LIKE(3, 4);

/* plan_set(p, name, value, v): A setting, from the property v (NULL: from the
 * component at hand). value NULL: the user must supply it. */
void plan_set(struct plan *p, const char *name, const char *value,
    const struct plan_value *v);

/* plan_step(p, text), plan_after(p, text): The next step, and the next of what
 * is done when a document is stored. */
void plan_step(struct plan *p, const char *text);
void plan_after(struct plan *p, const char *text);

/* plan_convert(p, drops_nulls): A step that writes the JSON anew, where none
 * does yet. */
void plan_convert(struct plan *p, bool drops_nulls);

/* plan_word(p, text): As one word of a step, quoted where it must be. */
const char *plan_word(struct plan *p, const char *text);

/* plan_is_plain_regex(text): Has a Java pattern only what the extended regular
 * expressions of POSIX read alike? */
bool plan_is_plain_regex(const char *text);

/* plan_takes_regex(p, v, instead): The same of an attribute's or header's; if
 * not, that is a finding, which ends with what to do instead. */
bool plan_takes_regex(
    struct plan *p, const struct plan_value *v, const char *instead);

/* plan_attribute(p, name): Records have it from here on. */
void plan_attribute(struct plan *p, const char *name);

/*
 * plan_expression(p, v, what): Check the record's expression in v: functions,
 * formats, attributes. Returns false, with a finding, when it cannot be.
 */
bool plan_expression(struct plan *p, const struct plan_value *v);

/* plan_constant(p, v): v's text, with variables put in, when it needs no
 * record; else NULL. */
const char *plan_constant(struct plan *p, const struct plan_value *v);

/* plan_service(p, v): The service that a property names; NULL, with a finding
 * when it is not in the file. */
const struct flow_component *plan_service(
    struct plan *p, const struct plan_value *v);

/* plan_is(text, word): Equal but for the case of letters. */
bool plan_is(const char *text, const char *word);

/* plan_duration_ms(text, ms), plan_size_bytes(text, bytes): NiFi's "5 secs",
 * "1 GB" (1024-based). Returns 0, or -1 when text is none. */
int plan_duration_ms(const char *text, int64_t *ms) MUST_CHECK;
int plan_size_bytes(const char *text, int64_t *bytes) MUST_CHECK;

/* The makers. */
void plan_make_source(struct plan *p, const struct flow_component *c);
void plan_make_step(
    struct plan *p, const struct flow_hop *hop, const struct flow_hop *next);
void plan_make_writer(struct plan *p, const struct flow_component *c);
void plan_make_log(
    struct plan *p, const struct flow_component *c, bool is_after);
void plan_make_wires(struct plan *p);
void plan_make_scheduling(struct plan *p, const struct flow_component *c);
void plan_make_ends(struct plan *p, const struct flow_component *writer);
void plan_make_names(struct plan *p);

/* plan_take_kafka_login(p): SASL and TLS of the component at hand. */
void plan_take_kafka_login(struct plan *p);

/* plan_take_tls(p, v, is_kafka): The SSL service that v names, into [kafka] or
 * [elasticsearch]. */
void plan_take_tls(struct plan *p, const struct plan_value *v, bool is_kafka);

/* plan_take_reader(p), plan_take_writer(p): The record reader or writer that v
 * names must be JSON without a schema. drops: leaves out nulls. */
void plan_take_reader(struct plan *p, const struct plan_value *v);
void plan_take_json_writer(
    struct plan *p, const struct plan_value *v, bool *drops);

#endif
