/*
 * A document held against a mapping: all that the engine would refuse in it.
 * The engine itself stops at the first thing.
 */
#ifndef NARU_PREFLIGHT_DOCUMENT_CHECK_H
#define NARU_PREFLIGHT_DOCUMENT_CHECK_H

#include "common/attr.h"
#include "common/slice.h"
#include "preflight/mapping_rules.h"

#include <jansson.h>

/* Called for each fault. value is marked JSON, or NULL where none is to blame.
 * Not refused: it is taken, but not as it is written.
 * All is valid during the call. */
typedef int (*document_fault_fn)(void *arg, struct slice field,
    const char *reason, json_t *value, bool refused);

/* Called for each field that the mapping would gain (dynamic true). */
typedef int (*document_field_fn)(void *arg, struct slice field);

struct document_watch {
    document_fault_fn fault;
    document_field_fn new_field; /* NULL: nobody asks */
    void *arg;
};

/*
 * document_check(rules, document, watch):
 * document is a tree of marked JSON. Stops when a callback returns other than
 * 0, and returns that; else 0. Pure.
 */
int document_check(const struct mapping_rules *rules, json_t *document,
    const struct document_watch *watch) MUST_CHECK;

#endif
