/*
 * struct letter_index: what became of each letter: whether a mark follows it,
 * or the same letter once more (the bridge stores one again when it is killed
 * before its commit). Knows a letter by its origin: topic, partition, offset.
 * Pure; some 40 bytes a letter.
 */
#ifndef NARU_DLQ_LETTER_INDEX_H
#define NARU_DLQ_LETTER_INDEX_H

#include "bridge/dlq/letter_source.h"
#include "common/attr.h"

enum letter_state {
    LETTER_OPEN,
    LETTER_RETRIED, /* a mark follows */
    LETTER_REPEATED /* it follows once more */
};

struct letter_index; /* opaque */

struct letter_index *letter_index_new(void) MUST_CHECK;
void letter_index_free(struct letter_index *ix);

/* letter_index_note(ix, s): Take in a letter or a mark. 0, -1: no memory. */
int letter_index_note(
    struct letter_index *ix, const struct stored_letter *s) MUST_CHECK;

/*
 * letter_index_state(ix, s, retried_ms):
 * What became of a letter, after all were noted; *retried_ms is set with
 * RETRIED.
 */
enum letter_state letter_index_state(const struct letter_index *ix,
    const struct stored_letter *s, int64_t *retried_ms);

#endif
