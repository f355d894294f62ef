/* Counts of values by size; see histogram.h. */
#include "common/histogram.h"

/*
 * Values 0 to 3 have a bucket each; above, the highest bit and the two bits
 * below it choose.
 */
static unsigned bucket_of(int64_t value)
{
    uint64_t v = value > 0 ? (uint64_t)value : 0;
    unsigned high, place;

    if (v < 4) {
        return (unsigned)v;
    }
    high = 63u - (unsigned)__builtin_clzll(v);
    place = (high - 1) * 4 + (unsigned)((v >> (high - 2)) & 3u);
    return place < HISTOGRAM_BUCKETS ? place : HISTOGRAM_BUCKETS - 1;
}

/* The largest value of a bucket; the last takes all that is larger. */
static int64_t bucket_top(unsigned bucket)
{
    unsigned high, step;

    if (bucket < 4) {
        return (int64_t)bucket;
    }
    if (bucket == HISTOGRAM_BUCKETS - 1) {
        return INT64_MAX;
    }
    high = bucket / 4 + 1;
    step = bucket % 4;
    return (int64_t)(((5ull + step) << (high - 2)) - 1);
}

void histogram_add(struct histogram *h, int64_t value)
{
    if (value < 0) {
        value = 0;
    }
    h->buckets[bucket_of(value)]++;
    h->count++;
    h->sum += value;
    if (value > h->max) {
        h->max = value;
    }
}

int64_t histogram_quantile(const struct histogram *h, double q)
{
    double share = q * (double)h->count;
    uint64_t wanted = (uint64_t)share;
    uint64_t seen = 0;

    /* Rounded up, or fewer than the share would lie at or below. */
    if ((double)wanted < share || (wanted == 0 && h->count > 0)) {
        wanted++;
    }
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS && wanted > 0; i++) {
        seen += h->buckets[i];
        if (seen >= wanted) {
            return bucket_top(i) < h->max ? bucket_top(i) : h->max;
        }
    }
    return h->max;
}

uint64_t histogram_at_most(const struct histogram *h, int64_t value)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        if (bucket_top(i) <= value) {
            sum += h->buckets[i];
        }
    }
    return sum;
}
