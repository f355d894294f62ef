/* struct letter_list: dead letters printed: as a table, as JSON, or their
 * values alone. */
#ifndef NARU_DLQ_LETTER_LIST_H
#define NARU_DLQ_LETTER_LIST_H

#include "bridge/dlq/letter_source.h"
#include "common/attr.h"
#include "common/buf.h"

#include <stdio.h>

enum list_form { LIST_TABLE, LIST_JSON, LIST_VALUES };

struct letter_list {
    enum list_form form;
    bool show_retried; /* a column for it */
    size_t columns;    /* the terminal's; 0: no terminal, nothing is cut */
    FILE *to;          /* borrowed */
    struct buf line;
};

void letter_list_init(struct letter_list *l, FILE *to);
void letter_list_fini(struct letter_list *l);

/* letter_list_head(l): The table's first line. 0, -1 with err. */
int letter_list_head(struct letter_list *l, struct error *err) MUST_CHECK;

/*
 * letter_list_print(l, stored, retried_ms, err):
 * One letter; retried_ms -1: it was not. Returns 0, -1 with err.
 */
int letter_list_print(struct letter_list *l, const struct stored_letter *stored,
    int64_t retried_ms, struct error *err) MUST_CHECK;

/*
 * letter_list_cell(out, text, most_columns, wide):
 * Append text as a terminal shows it: without control characters, bytes that
 * are not UTF-8 as ?, cut after most_columns (0: not) with an ellipsis, filled
 * up with spaces to wide columns. Returns how many it takes, -1 without room.
 */
long letter_list_cell(struct buf *out, struct slice text, size_t most_columns,
    size_t wide) MUST_CHECK;

/*
 * letter_list_origin(l, out, size): "topic-partition-offset", the letter's name
 * for people and its key in the topic.
 */
void letter_list_origin(const struct letter *l, char *out, size_t size);

#endif
