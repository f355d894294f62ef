/*
 * SipHash-2-4: 64 bits from bytes and a 128-bit key, after the description in
 * Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012). With a key
 * drawn anew for each run, texts cannot be made to collide on purpose.
 */
#ifndef NARU_VERIFY_SIP_HASH_H
#define NARU_VERIFY_SIP_HASH_H

#include "common/slice.h"

#include <stdint.h>

struct sip_key {
    uint64_t k0, k1;
};

/* sip_hash(key, bytes): The hash. Pure. */
uint64_t sip_hash(struct sip_key key, struct slice bytes);

#endif
