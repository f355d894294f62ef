/*
 * A file of dead letters: one JSON object a line, only ever appended to.
 * Several processes may append to one file (bridges, naru dlq retry): each
 * holds the file's lock while it writes.
 */
#ifndef NARU_BRIDGE_LETTER_FILE_H
#define NARU_BRIDGE_LETTER_FILE_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

#include <stddef.h>

/* How a letter's line begins (see letter.h), and a mark's, which says that the
 * letter of that origin was retried: {"retried":MS,"topic":...,"partition":...,
 * "offset":...}. */
#define LETTER_FILE_LETTER "{\"when\":"
#define LETTER_FILE_MARK "{\"retried\":"

/*
 * letter_file_append(path, lines, torn_bytes, err):
 * Append whole lines (none is fine) and wait until they are on the disk; the
 * file is made when it is not there. A last line without its end, which a
 * crash left, is cut off first; *torn_bytes says how many bytes that were.
 * Does not wait for a lock. Returns 0, or -1 with err (no room, another
 * process is writing), and then the file holds none of the lines.
 */
int letter_file_append(const char *path, struct slice lines, size_t *torn_bytes,
    struct error *err) MUST_CHECK;

#endif
