/* The account of a replay, for a person or for a program. */
#ifndef NARU_REPLAY_REPLAY_REPORT_H
#define NARU_REPLAY_REPLAY_REPORT_H

#include "common/attr.h"
#include "replay/replay_job.h"

#include <stdio.h>

/*
 * replay_report_print(r, topic, n_files, to):
 * A few lines of text: rows read, sent, left out and why, days, time, rate,
 * lateness, and the first bad rows. topic is NULL for a dry run.
 */
void replay_report_print(
    const struct replay_report *r, const char *topic, size_t n_files, FILE *to);

/* replay_report_json(r, topic, to): The same as one JSON object and a LF. */
int replay_report_json(
    const struct replay_report *r, const char *topic, FILE *to) MUST_CHECK;

#endif
