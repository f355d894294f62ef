/* Bodies as gzip; see gzip_body.h. */
#include "bridge/gzip_body.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#define LEVEL 1
#define GZIP_WINDOW_BITS (15 + 16) /* 16: a gzip header, not zlib's */
#define MEMORY_LEVEL 8             /* zlib's own default */

struct gzip_body {
    z_stream z;
};

struct gzip_body *gzip_body_new(void)
{
    struct gzip_body *g = calloc(1, sizeof(*g));

    if (g != NULL && deflateInit2(&g->z, LEVEL, Z_DEFLATED, GZIP_WINDOW_BITS,
                         MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(g);
        g = NULL;
    }
    return g;
}

void gzip_body_free(struct gzip_body *g)
{
    if (g != NULL) {
        (void)deflateEnd(&g->z);
        free(g);
    }
}

int gzip_body_pack(struct gzip_body *g, struct slice body, struct buf *out)
{
    size_t most = deflateBound(&g->z, (uLong)body.len);

    buf_clear(out);
    if (body.len > UINT_MAX || most > UINT_MAX || buf_reserve(out, most) != 0 ||
        deflateReset(&g->z) != Z_OK) {
        return -1;
    }
    /* zlib's next_in is not const before ZLIB_CONST; it only reads it. */
    g->z.next_in = (Bytef *)(uintptr_t)body.p;
    g->z.avail_in = (uInt)body.len;
    g->z.next_out = (Bytef *)out->data;
    g->z.avail_out = (uInt)most;
    if (deflate(&g->z, Z_FINISH) != Z_STREAM_END) {
        return -1;
    }
    out->len_bytes = most - g->z.avail_out;
    return 0;
}
