/*
 * struct partitions: the partitions this bridge has or had, each with its
 * ledger. One stays in the set after it was taken away, so that its counts
 * stay true. Pure.
 */
#ifndef NARU_BRIDGE_PARTITIONS_H
#define NARU_BRIDGE_PARTITIONS_H

#include "bridge/offsets.h"
#include "common/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct partition {
    char *topic;
    int32_t number;
    struct offsets *offsets;
    bool assigned; /* ours now; records of others are left alone */
    bool leaving;  /* asked back; what is pending may end, no more is taken */
    int64_t start; /* the committed offset when assigned, -1: none */
    uint64_t lost; /* records deleted in the topic before we read them */
    int64_t committed;    /* -1: nothing by us since it was assigned */
    int64_t committing;   /* asked for and not answered yet, -1: none */
    int64_t end_at_start; /* where --until-end ends, -1: not known yet */
    int64_t high;         /* the broker's end as last seen, -1: unknown */
};

struct partitions {
    struct partition **all; /* pointers stay valid until partitions_fini */
    size_t n;
};

/* partitions_fini(p): Free all. {0} is an empty set. */
void partitions_fini(struct partitions *p);

/* partitions_find(p, topic, number): That one, or NULL. */
struct partition *partitions_find(
    const struct partitions *p, const char *topic, int32_t number);

/*
 * partitions_assign(p, topic, number): It is ours from now on, with nothing
 * committed yet; made when it is new. NULL out of memory.
 */
struct partition *partitions_assign(
    struct partitions *p, const char *topic, int32_t number) MUST_CHECK;

/* partition_release(one): It is not ours any more; pending is released. */
void partition_release(struct partition *one);

/* partitions_pending(p): Records taken and not ended, over all. */
uint64_t partitions_pending(const struct partitions *p);

/* partitions_sum(p, to): The counts of all, added up. */
void partitions_sum(const struct partitions *p, struct offsets_counts *to);

#endif
