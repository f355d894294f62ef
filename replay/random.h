/*
 * struct random_source: a seeded sequence of 64-bit numbers, the same on every
 * machine. SplitMix64, as published by Steele, Lea and Flood, "Fast Splittable
 * Pseudorandom Number Generators" (OOPSLA 2014). Not for secrets.
 *
 * Inline because the generator draws several numbers for each row.
 */
#ifndef NARU_REPLAY_RANDOM_H
#define NARU_REPLAY_RANDOM_H

#include <stdint.h>

struct random_source {
    uint64_t state;
};

/* random_next(r): The next 64 uniform bits. */
static inline uint64_t random_next(struct random_source *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/*
 * random_fork(seed, stream):
 * An independent sequence for each pair, so that what one company draws does
 * not depend on how many others there are.
 */
static inline struct random_source random_fork(uint64_t seed, uint64_t stream)
{
    struct random_source a = {seed};
    struct random_source b = {random_next(&a) + stream};

    return (struct random_source){random_next(&b)};
}

/* random_scale(bits, n): 32 uniform bits as 0 to n-1. */
static inline int64_t random_scale(uint32_t bits, uint32_t n)
{
    return (int64_t)(((uint64_t)bits * n) >> 32);
}

/* random_below(r, n): A number from 0 to n-1; n is 1 or more. */
static inline int64_t random_below(struct random_source *r, uint32_t n)
{
    return random_scale((uint32_t)(random_next(r) >> 32), n);
}

/* random_between(r, low, high): A number from low to high, both included. */
static inline int64_t random_between(
    struct random_source *r, int64_t low, int64_t high)
{
    return low + random_below(r, (uint32_t)(high - low + 1));
}

/*
 * random_bell(bits, sd):
 * Bell-shaped around 0 with standard deviation sd: the sum of four uniform
 * 16-bit numbers, so that it never passes 3.5 sd. |sd| below 2^40.
 */
static inline int64_t random_bell(uint64_t bits, int64_t sd)
{
    int64_t sum = (int64_t)(bits & 0xffff) + (int64_t)(bits >> 16 & 0xffff) +
                  (int64_t)(bits >> 32 & 0xffff) + (int64_t)(bits >> 48);

    return (sum - 2 * 0xffff) * sd / 37837; /* 65536 / sqrt(12) * sqrt(4) */
}

#endif
