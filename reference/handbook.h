/*
 * The reference as Markdown, docs/reference: a page of each command, of the
 * settings and of the metrics, and one that leads to them. By the same walk as
 * the man pages, and without version or date, so that a page changes when what
 * it tells of does.
 */
#ifndef NARU_REFERENCE_HANDBOOK_H
#define NARU_REFERENCE_HANDBOOK_H

#include "common/attr.h"
#include "reference/book.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define HANDBOOK_NAME_BYTES 64 /* as of man pages */

/*
 * handbook_name(b, i, name):
 * The i-th page: "README", "settings", "metrics", "replay", ...; its file
 * has .md behind it. False when there are no more.
 */
bool handbook_name(
    const struct book *b, size_t i, char name[HANDBOOK_NAME_BYTES]) MUST_CHECK;

/* handbook_write(b, name, to): Write the page of that name. Returns 0, or -1
 * when there is none. */
int handbook_write(const struct book *b, const char *name, FILE *to) MUST_CHECK;

#endif
