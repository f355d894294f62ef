/* The same numbers in each run, for tests against a model. */
#ifndef NARU_TESTS_UNIT_RANDOM_BELOW_H
#define NARU_TESTS_UNIT_RANDOM_BELOW_H

#include <stdint.h>

/* random_below(n): From 0 to n - 1; n is 1 or more. Marsaglia's xorshift. */
static inline uint64_t random_below(uint64_t n)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % n;
}

#endif
