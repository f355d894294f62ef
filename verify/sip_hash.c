/*
 * SipHash-2-4; see sip_hash.h: two rounds for each word of eight bytes, four
 * to finish, all words little-endian.
 */
#include "verify/sip_hash.h"

#include <stddef.h>

struct state {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

static void round_once(struct state *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

/* Up to eight bytes as a word; the compiler makes one load of a full one. */
static uint64_t word_of(const unsigned char *p, size_t n)
{
    uint64_t word = 0;

    for (size_t i = 0; i < n; i++) {
        word |= (uint64_t)p[i] << (8 * i);
    }
    return word;
}

static void take_word(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    round_once(s);
    round_once(s);
    s->v0 ^= word;
}

uint64_t sip_hash(struct sip_key key, struct slice bytes)
{
    /* The initial values spell "somepseudorandomlygeneratedbytes". */
    struct state s = {key.k0 ^ UINT64_C(0x736f6d6570736575),
        key.k1 ^ UINT64_C(0x646f72616e646f6d),
        key.k0 ^ UINT64_C(0x6c7967656e657261),
        key.k1 ^ UINT64_C(0x7465646279746573)};
    const unsigned char *p = (const unsigned char *)bytes.p;
    size_t whole = bytes.len - bytes.len % 8;

    for (size_t i = 0; i < whole; i += 8) {
        take_word(&s, word_of(p + i, 8));
    }
    take_word(&s,
        (uint64_t)bytes.len << 56 |
            (whole < bytes.len ? word_of(p + whole, bytes.len - whole) : 0));
    s.v2 ^= 0xff;
    for (int i = 0; i < 4; i++) {
        round_once(&s);
    }
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
