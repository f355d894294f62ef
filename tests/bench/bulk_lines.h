/*
 * struct bulk_lines: reads a bulk body as it arrives, in pieces of any size,
 * and hands over each item's action and id. It keeps no document: of those it
 * looks at the first byte and searches the end.
 */
#ifndef NARU_BENCH_BULK_LINES_H
#define NARU_BENCH_BULK_LINES_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum bulk_op { BULK_OP_INDEX, BULK_OP_CREATE, BULK_OP_UPDATE, BULK_OP_DELETE };

/* An item came; id.len 0: the server is to make one up. 0, or -1: stop. */
typedef int (*bulk_item_fn)(void *arg, enum bulk_op op, struct slice id);

struct bulk_lines {
    bool in_document;   /* else in an action line */
    bool at_line_start; /* of a document */
    struct buf part;    /* an action line of which the end has not come */
    bulk_item_fn item;
    void *arg;
};

/* The names of enum bulk_op, as they stand in requests and answers. */
extern const char *const bulk_op_names[4];

void bulk_lines_init(struct bulk_lines *b, bulk_item_fn item, void *arg);
void bulk_lines_fini(struct bulk_lines *b);

/* bulk_lines_restart(b): Be ready for another body. */
void bulk_lines_restart(struct bulk_lines *b);

/* bulk_lines_read(b, piece): 0; -1 when this is no bulk body. */
int bulk_lines_read(struct bulk_lines *b, struct slice piece) MUST_CHECK;

/* bulk_lines_are_whole(b): Did the body end with a line's end? */
bool bulk_lines_are_whole(const struct bulk_lines *b);

#endif
