/* All commands and settings as a book, for those who write about them. */
#ifndef NARU_CLI_REGISTRY_H
#define NARU_CLI_REGISTRY_H

#include "common/attr.h"
#include "reference/book.h"

/*
 * registry_open(b):
 * The book of this program. Returns 0, or -1 when memory is short;
 * registry_close is due after 0.
 */
int registry_open(struct book *b) MUST_CHECK;
void registry_close(struct book *b);

#endif
