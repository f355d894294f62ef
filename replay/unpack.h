/*
 * struct unpack: packed bytes made plain, a piece at a time: gzip (zlib) and
 * Zstandard (libzstd), told apart by their first bytes. Several members or
 * frames in a row are one text.
 */
#ifndef NARU_REPLAY_UNPACK_H
#define NARU_REPLAY_UNPACK_H

#include "common/attr.h"
#include "common/error.h"

#include <stdbool.h>
#include <stddef.h>

#define UNPACK_MAGIC_BYTES 4 /* enough to tell the kind */

enum unpack_kind { UNPACK_PLAIN, UNPACK_GZIP, UNPACK_ZSTD };

/* What is still to be read, and where there is still room. */
struct unpack_io {
    const unsigned char *in;
    size_t in_bytes;
    unsigned char *out;
    size_t out_bytes;
};

struct unpack; /* opaque */

/* unpack_kind_of(p, n): What a file is that begins with these n bytes. */
enum unpack_kind unpack_kind_of(const unsigned char *p, size_t n);

/* unpack_new(kind): For GZIP or ZSTD. NULL out of memory. */
struct unpack *unpack_new(enum unpack_kind kind) MUST_CHECK;
void unpack_free(struct unpack *u);

/*
 * unpack_run(u, io, err):
 * Go on for a piece, and move in and out on. With in empty, what is held back
 * is given; when that moves nothing either, all is given. Returns 0, or -1 with
 * err when the data is damaged.
 */
int unpack_run(
    struct unpack *u, struct unpack_io *io, struct error *err) MUST_CHECK;

/*
 * unpack_check_end(u, err):
 * May the packed bytes end here? Returns 0, or -1 with err in mid-member.
 */
int unpack_check_end(const struct unpack *u, struct error *err) MUST_CHECK;

#endif
