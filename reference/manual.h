/* The man pages: of naru, of each command, and of naru.conf. */
#ifndef NARU_REFERENCE_MANUAL_H
#define NARU_REFERENCE_MANUAL_H

#include "common/attr.h"
#include "reference/book.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define MANUAL_NAME_BYTES 64

/*
 * manual_name(b, i, name, section):
 * The i-th page: "naru", "naru-replay", ..., "naru.conf", and its section.
 * False when there are no more.
 */
bool manual_name(const struct book *b, size_t i, char name[MANUAL_NAME_BYTES],
    char *section) MUST_CHECK;

/*
 * manual_write(b, name, to):
 * Write the page of that name; a command's page also goes by the command's
 * name alone. Returns 0, or -1 when there is none.
 */
int manual_write(const struct book *b, const char *name, FILE *to) MUST_CHECK;

/* manual_write_settings(b, to): naru.conf(5); manual_write comes to it. */
void manual_write_settings(const struct book *b, FILE *to);

#endif
