/* Bodies as gzip or Zstandard; see packed_body.h. */
#include "bridge/packed_body.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define LEVEL 1                    /* of both */
#define GZIP_WINDOW_BITS (15 + 16) /* 16: a gzip header, not zlib's */
#define MEMORY_LEVEL 8             /* zlib's own default */

struct packed_body {
    z_stream gzip;
    ZSTD_CCtx *zstd; /* NULL: it is gzip */
};

const char *packing_name(enum packing packing)
{
    return packing == PACKING_GZIP   ? "gzip"
           : packing == PACKING_ZSTD ? "zstd"
                                     : NULL;
}

struct packed_body *packed_body_new(enum packing packing)
{
    struct packed_body *p = calloc(1, sizeof(*p));
    bool is_ready = false;

    if (p == NULL) {
        return NULL;
    }
    if (packing == PACKING_ZSTD) {
        p->zstd = ZSTD_createCCtx();
        is_ready = p->zstd != NULL;
    } else {
        is_ready = deflateInit2(&p->gzip, LEVEL, Z_DEFLATED, GZIP_WINDOW_BITS,
                       MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    if (!is_ready) {
        free(p);
        return NULL;
    }
    return p;
}

void packed_body_free(struct packed_body *p)
{
    if (p == NULL) {
        return;
    }
    if (p->zstd != NULL) {
        (void)ZSTD_freeCCtx(p->zstd);
    } else {
        (void)deflateEnd(&p->gzip);
    }
    free(p);
}

static int pack_gzip(struct packed_body *p, struct slice body, struct buf *out)
{
    size_t most;

    /* First, since deflateBound leaves the header out of a finished stream. */
    if (deflateReset(&p->gzip) != Z_OK) {
        return -1;
    }
    most = deflateBound(&p->gzip, (uLong)body.len);
    if (body.len > UINT_MAX || most > UINT_MAX || buf_reserve(out, most) != 0) {
        return -1;
    }
    /* zlib's next_in is not const before ZLIB_CONST; it only reads it. */
    p->gzip.next_in = (Bytef *)(uintptr_t)body.p;
    p->gzip.avail_in = (uInt)body.len;
    p->gzip.next_out = (Bytef *)out->data;
    p->gzip.avail_out = (uInt)most;
    if (deflate(&p->gzip, Z_FINISH) != Z_STREAM_END) {
        return -1;
    }
    out->len_bytes = most - p->gzip.avail_out;
    return 0;
}

static int pack_zstd(struct packed_body *p, struct slice body, struct buf *out)
{
    size_t most = ZSTD_compressBound(body.len), n;

    if (ZSTD_isError(most) || buf_reserve(out, most) != 0) {
        return -1;
    }
    n = ZSTD_compressCCtx(p->zstd, out->data, most, body.p, body.len, LEVEL);
    if (ZSTD_isError(n)) {
        return -1;
    }
    out->len_bytes = n;
    return 0;
}

int packed_body_pack(struct packed_body *p, struct slice body, struct buf *out)
{
    buf_clear(out);
    return p->zstd != NULL ? pack_zstd(p, body, out) : pack_gzip(p, body, out);
}
