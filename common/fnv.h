/* FNV-1a (Fowler, Noll, Vo), 64 bits: a hash for tables of our own making,
 * quick for short texts; no defence against texts made to collide. */
#ifndef NARU_COMMON_FNV_H
#define NARU_COMMON_FNV_H

#include "common/slice.h"

#include <stddef.h>
#include <stdint.h>

/* fnv_hash(text): The same for the same bytes, on every machine. */
static inline uint64_t fnv_hash(struct slice text)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (size_t i = 0; i < text.len; i++) {
        h = (h ^ (unsigned char)text.p[i]) * 0x100000001b3u;
    }
    return h;
}

#endif
