/*
 * struct fake_engine: a scripted Elasticsearch 7.17 on a loopback port, served
 * by a thread of its own. It answers the engine probe and bulk requests, keeps
 * what was written (engine_store.h), and misbehaves by rules
 * (engine_script.h). All functions are for the test's thread.
 */
#ifndef NARU_TESTS_FAKES_FAKE_ENGINE_H
#define NARU_TESTS_FAKES_FAKE_ENGINE_H

#include "common/attr.h"
#include "tests/fakes/engine_script.h"
#include "tests/fakes/engine_store.h"

#include <stdbool.h>
#include <stddef.h>

struct fake_engine;

/* fake_engine_new(keep_documents): Listening already; NULL when it cannot. */
struct fake_engine *fake_engine_new(bool keep_documents) MUST_CHECK;
void fake_engine_free(struct fake_engine *e);

int fake_engine_port(const struct fake_engine *e);

/* Add a rule; those added earlier come first. */
void fake_engine_rule(struct fake_engine *e, struct request_rule rule);
void fake_engine_item_rule(struct fake_engine *e, struct item_rule rule);

/* fake_engine_hang_probes(e, hang): Take GET / and answer it never. */
void fake_engine_hang_probes(struct fake_engine *e, bool hang);

/* fake_engine_mend(e): Forget all rules; requests left hanging are cut. */
void fake_engine_mend(struct fake_engine *e);

/*
 * fake_engine_down(e), fake_engine_up(e):
 * Close the listener and all connections, so that connecting is refused; and
 * listen on the same port again. What is stored stays.
 */
void fake_engine_down(struct fake_engine *e);
void fake_engine_up(struct fake_engine *e);

struct fake_engine_counts {
    unsigned probes;            /* GET / */
    unsigned requests;          /* bulk requests that came whole */
    unsigned packed;            /* ... as gzip */
    unsigned requests_at_once;  /* most that were unanswered at one time */
    size_t largest_bytes;       /* largest body */
    size_t largest_taken_bytes; /* largest body that was answered with 200 */
};

struct fake_engine_counts fake_engine_counts(struct fake_engine *e);

/*
 * fake_engine_get(e, id, out):
 * A copy of what stands under id; free out->index and out->document. False
 * when the id never came or was deleted.
 */
bool fake_engine_get(
    struct fake_engine *e, const char *id, struct stored *out) MUST_CHECK;

/* fake_engine_applied(e, id): How often it was written. */
unsigned fake_engine_applied(struct fake_engine *e, const char *id);

/* fake_engine_live(e): How many documents there are. */
size_t fake_engine_live(struct fake_engine *e);

#endif
