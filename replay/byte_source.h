/*
 * struct byte_source: the bytes of a file or of standard input, unpacked when
 * they are gzip or Zstandard, whatever the file is called.
 */
#ifndef NARU_REPLAY_BYTE_SOURCE_H
#define NARU_REPLAY_BYTE_SOURCE_H

#include "common/attr.h"
#include "common/error.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct byte_source; /* opaque */

/*
 * byte_source_open(path, err):
 * Open a file for reading; "-" is standard input. Refuses a directory. NULL
 * with err, which does not name the file.
 */
struct byte_source *byte_source_open(
    const char *path, struct error *err) MUST_CHECK;
void byte_source_free(struct byte_source *s);

/*
 * byte_source_read(s, to, n, err):
 * Read up to n bytes (1 to INT_MAX), fewer only before the end. Returns how
 * many, 0 at the end, or -1 with err: a read error, damaged packed data, or
 * packed data that ends early; what comes before the damage is given first.
 */
ssize_t byte_source_read(
    struct byte_source *s, void *to, size_t n, struct error *err) MUST_CHECK;

/*
 * byte_source_place(s, size):
 * How many bytes of the file, as it lies there, were read; its whole length
 * into *size, or -1 when that is not known (a pipe).
 */
int64_t byte_source_place(const struct byte_source *s, int64_t *size);

#endif
