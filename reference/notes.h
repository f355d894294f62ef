/*
 * What stands behind the options of a table (`after`), cut at its paragraphs:
 * examples and exit codes have sections of their own on a page, what else it
 * says are notes. Pure.
 */
#ifndef NARU_REFERENCE_NOTES_H
#define NARU_REFERENCE_NOTES_H

#include "common/slice.h"

#include <stdbool.h>

enum notes_part { NOTES_TEXT, NOTES_EXAMPLES, NOTES_EXIT, NOTES_PARTS };

/*
 * notes_next(rest, part, paragraph):
 * The next paragraph of *rest without its heading, and what it is. *part is
 * NOTES_TEXT before the first call. False when there are no more.
 */
bool notes_next(
    struct slice *rest, enum notes_part *part, struct slice *paragraph);

#endif
