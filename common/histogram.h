/*
 * struct histogram: counts of values by size, in buckets of powers of two
 * with four steps each, so that any quantile is known to about a fifth. Pure;
 * adding is a few instructions.
 */
#ifndef NARU_COMMON_HISTOGRAM_H
#define NARU_COMMON_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BUCKETS 160 /* up to 2^41; the last takes all above */

struct histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS];
    uint64_t count;
    int64_t sum;
    int64_t max;
};

/* histogram_add(h, value): One more. Below 0 counts as 0. {0} is empty. */
void histogram_add(struct histogram *h, int64_t value);

/*
 * histogram_quantile(h, q): A value that the share q (0 to 1) of the values
 * do not exceed, an upper bound by less than a quarter (for values below 2^40);
 * 0 when empty.
 */
int64_t histogram_quantile(const struct histogram *h, double q);

/* histogram_at_most(h, value): How many values are surely at most value. */
uint64_t histogram_at_most(const struct histogram *h, int64_t value);

#endif
