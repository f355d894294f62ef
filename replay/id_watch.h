/*
 * struct id_watch: two rows of one document id, found as the rows pass. In the
 * index the later one would replace the earlier one in silence.
 *
 * Rows come in order of time, so where the id holds the time (dataset's
 * id_has_time) it is enough to remember the ids of one moment. Other ids are
 * not watched; naru verify finds those.
 */
#ifndef NARU_REPLAY_ID_WATCH_H
#define NARU_REPLAY_ID_WATCH_H

#include "common/attr.h"
#include "common/error.h"
#include "replay/row_source.h"

#include <stdint.h>

struct id_watch; /* opaque */

/* id_watch_wanted(dataset): Can its ids be watched? */
bool id_watch_wanted(const struct dataset *dataset);

/* id_watch_new(dataset): dataset is borrowed. NULL without memory. */
struct id_watch *id_watch_new(const struct dataset *dataset) MUST_CHECK;
void id_watch_free(struct id_watch *w);

/*
 * id_watch_add(w, row, note):
 * Remember the row's id. Returns 0; 1 with note, "FILE:LINE: COLUMN VALUE, ...
 * is the id of FILE:LINE, too", when it is known; -1 without memory.
 */
int id_watch_add(struct id_watch *w, const struct source_row *row,
    struct error *note) MUST_CHECK;

/* id_watch_forget(w): Another pass over the rows begins. */
void id_watch_forget(struct id_watch *w);

#endif
