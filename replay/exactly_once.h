/*
 * struct exactly_once: a transactional producer's sink. Rows and the progress
 * over them are committed together, so a read_committed reader sees each row
 * once, however often the replay is killed and resumed.
 *
 * A transaction lasts half a second, or until there is time to wait: the rows
 * of a day are visible as soon as they are all sent.
 */
#ifndef NARU_REPLAY_EXACTLY_ONCE_H
#define NARU_REPLAY_EXACTLY_ONCE_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "replay/producer.h"
#include "replay/progress_topic.h"
#include "replay/record_sink.h"
#include "replay/resume_point.h"

#include <stdbool.h>
#include <stdint.h>

struct exactly_once {
    struct producer *producer; /* borrowed */
    struct record_sink inner;  /* the producer's */
    const char *name;
    char topic[PROGRESS_TOPIC_BYTES]; /* of the progress */
    struct record_counts counts;
    struct resume_point point; /* of what was sent */
    const char *last_path;     /* where the last record sent came from */
    int64_t last_line;
    bool open; /* a transaction is */
    int64_t opened_us;
};

/*
 * exactly_once_start(e, producer, c, name, point, err):
 * Take over from any replay of that name that is or was running, ending its
 * open transaction, and read how far it came into *point: 1, or 0 when there
 * is nothing. The progress topic must be there. -1 with err.
 */
int exactly_once_start(struct exactly_once *e, struct producer *producer,
    const struct config *c, const char *name, struct resume_point *point,
    struct error *err) MUST_CHECK;

/* exactly_once_begin(e, point): Rows come from behind point on. */
void exactly_once_begin(
    struct exactly_once *e, const struct resume_point *point);

/* exactly_once_end(e): An open transaction, left by a failure, is aborted. */
void exactly_once_end(struct exactly_once *e);

/* exactly_once_sink(e): e as a record_sink; counts.acknowledged are rows that
 * were committed. */
struct record_sink exactly_once_sink(struct exactly_once *e);

#endif
