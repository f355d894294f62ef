/* gzip and Zstandard; see unpack.h. The only user of zlib's inflate and of
 * libzstd. */
#include "replay/unpack.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define GZIP_ALONE (15 + 16) /* inflateInit2's way to say: gzip, any window */

struct unpack {
    enum unpack_kind kind;
    bool between; /* no member is begun */
    bool any;     /* one has ended */
    bool padded;  /* zeros follow the last one */
    z_stream z;
    ZSTD_DStream *zstd;
};

enum unpack_kind unpack_kind_of(const unsigned char *p, size_t n)
{
    static const unsigned char gzip[] = {0x1F, 0x8B};
    static const unsigned char zstd[] = {0x28, 0xB5, 0x2F, 0xFD};

    if (n >= sizeof(gzip) && memcmp(p, gzip, sizeof(gzip)) == 0) {
        return UNPACK_GZIP;
    }
    /* RFC 8878: a frame, or a skippable one in front of it. */
    if (n >= sizeof(zstd) && (memcmp(p, zstd, sizeof(zstd)) == 0 ||
                                 ((p[0] & 0xF0) == 0x50 && p[1] == 0x2A &&
                                     p[2] == 0x4D && p[3] == 0x18))) {
        return UNPACK_ZSTD;
    }
    return UNPACK_PLAIN;
}

struct unpack *unpack_new(enum unpack_kind kind)
{
    struct unpack *u = calloc(1, sizeof(*u));
    bool made;

    if (u == NULL) {
        return NULL;
    }
    u->kind = kind;
    u->between = true;
    if (kind == UNPACK_GZIP) {
        made = inflateInit2(&u->z, GZIP_ALONE) == Z_OK;
    } else {
        u->zstd = ZSTD_createDStream();
        made = u->zstd != NULL && !ZSTD_isError(ZSTD_initDStream(u->zstd));
    }
    if (!made) {
        unpack_free(u);
        return NULL;
    }
    return u;
}

void unpack_free(struct unpack *u)
{
    if (u == NULL) {
        return;
    }
    if (u->kind == UNPACK_GZIP) {
        (void)inflateEnd(&u->z);
    }
    (void)ZSTD_freeDStream(u->zstd);
    free(u);
}

static int no_gzip_follows(struct error *err)
{
    return error_set(err, "damaged gzip data: what follows its end is no gzip");
}

/* Behind a member. Tapes and dd fill the last block up with zeros, which gzip
 * passes over, too (its manual, "Using gzip on tapes"). */
static int begin_member(
    struct unpack *u, struct unpack_io *io, struct error *err)
{
    while (io->in_bytes > 0 && io->in[0] == 0) {
        u->padded = true;
        io->in++;
        io->in_bytes--;
    }
    if (u->padded && io->in_bytes > 0) {
        return no_gzip_follows(err);
    }
    return inflateReset(&u->z) == Z_OK ? 0 : error_set(err, "out of memory");
}

static int run_gzip(struct unpack *u, struct unpack_io *io, struct error *err)
{
    bool is_next = u->between && u->any;
    unsigned in_bytes, out_bytes;
    int code;

    if (is_next && begin_member(u, io, err) != 0) {
        return -1;
    }
    if (is_next && io->in_bytes == 0) {
        return 0; /* padding was all */
    }
    in_bytes = io->in_bytes < UINT_MAX ? (unsigned)io->in_bytes : UINT_MAX;
    out_bytes = io->out_bytes < UINT_MAX ? (unsigned)io->out_bytes : UINT_MAX;
    u->z.next_in = (unsigned char *)(uintptr_t)io->in; /* it reads only */
    u->z.avail_in = in_bytes;
    u->z.next_out = io->out;
    u->z.avail_out = out_bytes;
    code = inflate(&u->z, Z_NO_FLUSH);
    io->in += in_bytes - u->z.avail_in;
    io->in_bytes -= in_bytes - u->z.avail_in;
    io->out += out_bytes - u->z.avail_out;
    io->out_bytes -= out_bytes - u->z.avail_out;
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return is_next
                   ? no_gzip_follows(err)
                   : error_set(err, "damaged gzip data: %s",
                         u->z.msg != NULL ? u->z.msg : "it cannot be unpacked");
    }
    u->between = code == Z_STREAM_END;
    u->any = u->any || u->between;
    return 0;
}

static int run_zstd(struct unpack *u, struct unpack_io *io, struct error *err)
{
    ZSTD_inBuffer in = {io->in, io->in_bytes, 0};
    ZSTD_outBuffer out = {io->out, io->out_bytes, 0};
    size_t code = ZSTD_decompressStream(u->zstd, &out, &in);

    if (ZSTD_isError(code)) {
        return error_set(
            err, "damaged Zstandard data: %s", ZSTD_getErrorName(code));
    }
    io->in += in.pos;
    io->in_bytes -= in.pos;
    io->out += out.pos;
    io->out_bytes -= out.pos;
    u->between = code == 0; /* a frame is decoded and flushed */
    return 0;
}

int unpack_run(struct unpack *u, struct unpack_io *io, struct error *err)
{
    if (u->between && io->in_bytes == 0) {
        return 0; /* nothing is held back, and no member is to be begun */
    }
    return u->kind == UNPACK_GZIP ? run_gzip(u, io, err) : run_zstd(u, io, err);
}

int unpack_check_end(const struct unpack *u, struct error *err)
{
    return u->between ? 0
                      : error_set(err,
                            "%s data ends early: the file was cut off; fetch "
                            "it again",
                            u->kind == UNPACK_GZIP ? "gzip" : "Zstandard");
}
