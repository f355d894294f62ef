/*
 * struct dead_letter: where records go that the engine will never take, so
 * that they can be looked at and retried (naru dlq): a Kafka topic or a file.
 *
 * In a topic each becomes a record with the key topic-partition-offset, the
 * original value and headers, and headers that tell why and where from:
 *
 *   naru.key (the original key, when there was one), naru.topic,
 *   naru.partition, naru.offset, naru.timestamp, naru.status, naru.error.type,
 *   naru.error.reason, naru.attempts
 *
 * A later record with that key, no value and the header naru.retried (the
 * time, ms) says that naru dlq retry brought the letter to its end.
 *
 * In a file each is a line, see letter.h and letter_file.h.
 */
#ifndef NARU_BRIDGE_DEAD_LETTER_H
#define NARU_BRIDGE_DEAD_LETTER_H

#include "bridge/batch.h"
#include "bridge/sender.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <event2/event.h>
#include <stdint.h>

/* What a source topic's dead letter topic has behind its name. */
#define DEAD_LETTER_SUFFIX ".dlq"

enum dead_letter_kind { DEAD_LETTER_TOPIC, DEAD_LETTER_FILE, DEAD_LETTER_STOP };

struct dead_letter_target {
    enum dead_letter_kind kind;
    const char *name; /* the file; the topic or NULL: by source; borrowed */
};

/*
 * dead_letter_read_target(config, target, err):
 * What bridge.dead_letter says. Returns 0 or -1 with err.
 */
int dead_letter_read_target(const struct config *config,
    struct dead_letter_target *target, struct error *err) MUST_CHECK;

struct dead_letter;

/* The record is safe. From the event loop, exactly once for each that
 * dead_letter_take took, never before that returned. */
typedef void (*dead_letter_done_fn)(
    void *arg, struct partition *partition, uint64_t ticket);

/*
 * dead_letter_new(base, config, target, done, arg, err):
 * To a topic or a file, not STOP. Without a name it is the source topic's with
 * ".dlq" behind. A topic that does not exist is made, with one partition, when
 * the first record goes there; a file at once. config must outlive it, target
 * need not. NULL with err.
 */
struct dead_letter *dead_letter_new(struct event_base *base,
    const struct config *config, const struct dead_letter_target *target,
    dead_letter_done_fn done, void *arg, struct error *err) MUST_CHECK;

/* dead_letter_free(d): Free it; what is under way is forgotten. NULL is fine */
void dead_letter_free(struct dead_letter *d);

/*
 * dead_letter_take(d, doc, record, why):
 * Store the record that doc stands for; all is copied. What the brokers or the
 * disk do not take is tried again until they do. Returns 0, -1 out of memory.
 */
int dead_letter_take(struct dead_letter *d, const struct doc *doc,
    const struct record *record, const struct refusal *why) MUST_CHECK;

/* dead_letter_renew_login(d, err): Take user and password of SASL anew from
 * the configuration. 0 or -1 with err. */
int dead_letter_renew_login(
    struct dead_letter *d, struct error *err) MUST_CHECK;

/* Records taken and not yet safe, and the memory they need. */
size_t dead_letter_pending(const struct dead_letter *d);
size_t dead_letter_pending_bytes(const struct dead_letter *d);

/* dead_letter_problem(d, since_us): Why records cannot be stored now, and since
 * when (clock_mono_us), or NULL. */
const char *dead_letter_problem(const struct dead_letter *d, int64_t *since_us);

#endif
