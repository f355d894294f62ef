/*
 * struct byte_source: the bytes of a file or of standard input, unpacked when
 * they are gzip, whatever the file is called.
 */
#ifndef NARU_REPLAY_BYTE_SOURCE_H
#define NARU_REPLAY_BYTE_SOURCE_H

#include "common/attr.h"
#include "common/error.h"

#include <stddef.h>
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
 * many, 0 at the end, or -1 with err: a read error, damaged gzip data, or gzip
 * data that ends early.
 */
ssize_t byte_source_read(
    struct byte_source *s, void *to, size_t n, struct error *err) MUST_CHECK;

#endif
