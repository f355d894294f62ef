/*
 * struct scene: what a fault test plays in: three mock brokers, a scripted
 * engine, the real bridge between them, and a list of all that was produced
 * with what must become of it. Brokers live as long as the test's process,
 * all else as long as one case.
 *
 * A case produces, starts the bridge, misbehaves, and ends with
 * scene_expect_done: each document there in its newest version and no other,
 * exactly the expected dead letters, every offset committed.
 */
#ifndef NARU_TESTS_FAULT_SCENE_H
#define NARU_TESTS_FAULT_SCENE_H

#include "common/attr.h"
#include "common/clock.h"
#include "tests/fakes/bridge_process.h"
#include "tests/fakes/fake_engine.h"
#include "tests/fakes/mock_kafka.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdint.h>

#define SCENE_GROUP "ferry"
#define SCENE_PARTITIONS 3

/* librdkafka joins again no sooner than a second after its last time, and the
 * mock waits for that for a session less a second, no longer: what is left over
 * is for a busy machine. And the mock drops the first member of an empty group
 * whose session is under 3 s. */
#define SCENE_SESSION_MS 3100
#define SCENE_LIMIT_MS 30000 /* against hangs */
#define SCENE_DELAY_MS 60000 /* longer than any case lasts */

enum fate {
    FATE_STORED,
    FATE_DELETED, /* a tombstone that deletes */
    FATE_DEAD,
    FATE_SKIPPED
};

struct made {
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    char *key;
    char *value; /* NULL: a tombstone, or made by scene_produce */
    size_t value_bytes;
    bool is_plain; /* made by scene_produce: the value follows from number */
    size_t number;
    enum fate fate;
    int dead_status;       /* of FATE_DEAD: the header naru.status */
    const char *dead_type; /* and naru.error.type */
};

struct scene {
    struct mock_kafka *kafka;
    struct fake_engine *engine;
    struct bridge_process bridge;
    struct bridge_process second;
    char topic[64];
    char dlq[72];
    struct made *made;
    size_t n_made;
    size_t cap_made;
    int64_t next_offset[SCENE_PARTITIONS];
    unsigned case_number;
    bool open; /* still being played: a case that ends so has failed */
};

/* For cmocka: brokers once, the rest before and after each case. */
int scene_open_group(void **state);
int scene_close_group(void **state);
int scene_open(void **state);
int scene_close(void **state);

#define SCENE_CASE(f)                                                          \
    cmocka_unit_test_setup_teardown(f, scene_open, scene_close)
#define SCENE_RUN(cases)                                                       \
    (scene_choose_cases(),                                                     \
        cmocka_run_group_tests(cases, scene_open_group, scene_close_group))

/* scene_choose_cases: Only those that match $NARU_CASE, if it is set. */
void scene_choose_cases(void);

/* ---- producing ---- */

/* scene_produce(s, n): n documents, each with a key of its own, over all
 * partitions; acknowledged. */
void scene_produce(struct scene *s, size_t n);

/* scene_produce_large(s, n, bytes): The same with values of so many bytes. */
void scene_produce_large(struct scene *s, size_t n, size_t bytes);

/*
 * scene_produce_one(s, key, value, bytes, fate):
 * One record with two headers of its own, into partition 0; value NULL: a
 * tombstone. Returns the entry, for dead_status and dead_type; valid until the
 * next is produced.
 */
struct made *scene_produce_one(struct scene *s, const char *key,
    const char *value, size_t bytes, enum fate fate);

/* scene_produce_dead(s, key, value, status, type): One that must be refused.
 * scene_queue_dead: the same, not acknowledged before mock_kafka_flush. */
void scene_produce_dead(struct scene *s, const char *key, const char *value,
    int status, const char *type);
void scene_queue_dead(struct scene *s, const char *key, const char *value,
    int status, const char *type);

/* ---- the bridge ---- */

#define SCENE_UNTIL_END true
#define SCENE_FOR_EVER false

/*
 * scene_start(s, until_end, ...):
 * Start s->bridge on the scene's topic with settings that suit a test, and
 * then those given ("bridge.linger_ms=0", ..., NULL).
 */
void scene_start(struct scene *s, bool until_end, ...)
    __attribute__((sentinel));
void scene_start_second(struct scene *s, bool until_end, ...)
    __attribute__((sentinel));

/* scene_leave_alone(s): The group keeps only the bridges that are in it. */
void scene_leave_alone(struct scene *s);

/* scene_keep_sizes_only(s): The engine keeps no documents: for much data. To be
 * called before anything else. */
void scene_keep_sizes_only(struct scene *s);

/* scene_finish(s): Wait for s->bridge's end, which must be 0, and check its
 * last ledger: nothing pending. */
void scene_finish(struct scene *s);

/* scene_stop(s): SIGTERM, then scene_finish. */
void scene_stop(struct scene *s);

/* Wait until a condition holds; a limit against hangs. */
#define SCENE_AWAIT(condition)                                                 \
    do {                                                                       \
        int64_t scene_until_us = clock_mono_us() + SCENE_LIMIT_MS * 1000;      \
        while (!(condition)) {                                                 \
            if (clock_mono_us() > scene_until_us) {                            \
                fail_msg("never came true: %s", #condition);                   \
            }                                                                  \
            scene_nap(5);                                                      \
        }                                                                      \
    } while (0)

void scene_nap(int ms);

/* ---- what must be so ---- */

/* scene_value(m, out): The value of a plain record, of m->value_bytes. */
void scene_value(const struct made *m, char *out);

/* scene_expect_done(s): Everything produced is where it must be. */
void scene_expect_done(struct scene *s);

/* Its parts. */
void scene_expect_stored(struct scene *s);
void scene_expect_dead_letters(struct scene *s);
void scene_expect_committed(struct scene *s);

/* scene_expect_committed_is_stored(s): Whatever is committed is there. */
void scene_expect_committed_is_stored(struct scene *s);

/* scene_expect_applied_once(s): No document was written twice. */
void scene_expect_applied_once(struct scene *s);

void scene_expect_nothing_committed(struct scene *s);

/* scene_committed(s, partition): -1: none. */
int64_t scene_committed(struct scene *s, int32_t partition);

/* scene_all_stored(s): Are as many documents there as there must be? */
bool scene_all_stored(struct scene *s);

/* scene_all_answered(s): ... and has the running bridge read so? Else what is
 * stored may be sent again when the engine goes away now. */
bool scene_all_answered(struct scene *s);

/* scene_ledger(s): Of the running bridge; the equation is checked. */
struct bridge_ledger scene_ledger(struct scene *s);

#endif
