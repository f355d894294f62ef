/*
 * struct id_set: which document ids have come, as 64-bit hashes in an open
 * table: 16 bytes an id at most. Two ids are taken for one with a chance of
 * about n * n / 2^65, which for ten million of them is 3 in a million.
 */
#ifndef NARU_BENCH_ID_SET_H
#define NARU_BENCH_ID_SET_H

#include "common/attr.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_set {
    uint64_t *slots; /* 0: empty */
    size_t n_slots;  /* a power of two */
    size_t n_ids;
};

/*
 * id_set_init(s, expected): Empty, with room for so many ids, whose memory is
 * touched now, so that it costs nothing while a bridge is measured. More may
 * come. Returns 0 or -1 out of memory.
 */
int id_set_init(struct id_set *s, size_t expected) MUST_CHECK;
void id_set_fini(struct id_set *s);

/* id_set_clear(s): Forget the ids, keep the memory. */
void id_set_clear(struct id_set *s);

/*
 * id_set_add(s, id, is_new): *is_new says whether id was not there before.
 * Returns 0 or -1 out of memory.
 */
int id_set_add(struct id_set *s, struct slice id, bool *is_new) MUST_CHECK;

#endif
