/*
 * struct letter_marks: says where the letters are kept that some of them were
 * retried: a record behind them in the topic, a line behind them in the file.
 */
#ifndef NARU_DLQ_LETTER_MARKS_H
#define NARU_DLQ_LETTER_MARKS_H

#include "bridge/dlq/letter_source.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

struct letter_marks; /* opaque */

/* letter_marks_to_topic(config, topic, err), letter_marks_to_file(path, err):
 * The name is borrowed. NULL with err. */
struct letter_marks *letter_marks_to_topic(const struct config *config,
    const char *topic, struct error *err) MUST_CHECK;
struct letter_marks *letter_marks_to_file(
    const char *path, struct error *err) MUST_CHECK;

/* letter_marks_free(m): Free it; marks that were not finished may be lost, and
 * their letters retried again. NULL is fine. */
void letter_marks_free(struct letter_marks *m);

/*
 * letter_marks_add(m, stored): The letter of that origin, kept in that slot,
 * is done. Failure is told by letter_marks_finish.
 */
void letter_marks_add(
    struct letter_marks *m, const struct stored_letter *stored);

/*
 * letter_marks_finish(m, err): Wait until all are safe. Returns 0; -1 with err
 * when some could not be stored.
 */
int letter_marks_finish(struct letter_marks *m, struct error *err) MUST_CHECK;

#endif
