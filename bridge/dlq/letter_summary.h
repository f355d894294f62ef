/* struct letter_summary: dead letters counted by error type and by field,
 * with the first example of each. */
#ifndef NARU_DLQ_LETTER_SUMMARY_H
#define NARU_DLQ_LETTER_SUMMARY_H

#include "bridge/letter.h"
#include "common/attr.h"
#include "common/error.h"

#include <stdio.h>

struct letter_summary; /* opaque */

struct letter_summary *letter_summary_new(void) MUST_CHECK;
void letter_summary_free(struct letter_summary *s);

/* letter_summary_add(s, l): Count one. Returns 0, -1 out of memory. */
int letter_summary_add(
    struct letter_summary *s, const struct letter *l) MUST_CHECK;

/*
 * letter_summary_print(s, json, columns, to, err):
 * Two tables, the most frequent first, or one JSON object. columns as in
 * letter_list. Returns 0, -1 with err.
 */
int letter_summary_print(struct letter_summary *s, bool json, size_t columns,
    FILE *to, struct error *err) MUST_CHECK;

#endif
