/*
 * struct engine_script: what the scripted Elasticsearch does with bulk
 * requests and their items: rules, tried in the order they were added; the
 * first that fits decides. Where none fits the answer is a good one.
 */
#ifndef NARU_TESTS_FAKES_ENGINE_SCRIPT_H
#define NARU_TESTS_FAKES_ENGINE_SCRIPT_H

#include "common/slice.h"
#include "tests/fakes/engine_store.h"

#include <stdbool.h>
#include <stddef.h>

enum engine_act {
    ENGINE_ANSWER,     /* apply, answer truthfully */
    ENGINE_STATUS,     /* apply nothing, answer with .status */
    ENGINE_CUT,        /* apply nothing, close the connection */
    ENGINE_APPLY_CUT,  /* apply, close the connection */
    ENGINE_HANG,       /* apply nothing, never answer */
    ENGINE_APPLY_HANG, /* apply, never answer */
    ENGINE_ITEM_MORE,  /* apply, answer with one item too many */
    ENGINE_ITEM_LESS,  /* apply, answer with one item too few */
    ENGINE_TRUNCATED,  /* apply, send half the answer and close */
    ENGINE_HALF_JSON,  /* apply, send half the JSON as if it were all */
    ENGINE_GARBAGE     /* apply, answer 200 with no JSON */
};

struct request_rule {
    enum engine_act act;
    unsigned times;         /* uses left; 0: for ever */
    unsigned every;         /* fits only each so-many-th request; 0: all */
    size_t larger_bytes;    /* fits only bodies larger than this; 0: all */
    const char *contains;   /* fits only bodies with this text; NULL: all */
    int status;             /* of ENGINE_STATUS */
    const char *error_type; /* of ENGINE_STATUS */
    unsigned retry_after_s; /* a header, 0: none */
    unsigned delay_ms;      /* before the answer; what is applied is applied
                               at once */
};

struct item_rule {
    const char *contains; /* fits only documents with this text; NULL: all */
    unsigned tries;       /* only the first so many of each id; 0: all */
    int status;
    const char *error_type;
    const char *error_reason;
};

#define ENGINE_RULES_MOST 16

struct engine_script {
    struct request_rule requests[ENGINE_RULES_MOST];
    bool spent[ENGINE_RULES_MOST];
    unsigned seen[ENGINE_RULES_MOST]; /* requests that would have fitted */
    size_t n_requests;
    struct item_rule items[ENGINE_RULES_MOST];
    size_t n_items;
};

void engine_script_add(struct engine_script *s, struct request_rule rule);
void engine_script_add_item(struct engine_script *s, struct item_rule rule);

/* engine_script_pick(s, body): The rule for this request; it counts as used */
struct request_rule engine_script_pick(
    struct engine_script *s, struct slice body);

/*
 * engine_script_judge(s, action, tries_before):
 * Does a rule refuse this item? Then its status and error are set.
 */
bool engine_script_judge(const struct engine_script *s,
    struct bulk_action *action, unsigned tries_before);

#endif
