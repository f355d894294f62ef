/*
 * struct audit_table: what is known of each id, for millions of them: an
 * open-addressing hash table of 24 bytes an entry, at most four fifths full,
 * which makes 30 to 38 bytes an id. It is cut into parts that grow by
 * themselves, so that growing never needs the memory of two whole tables.
 *
 * An id is known by a keyed hash of 64 bits alone. That two of n ids share one
 * has odds of n^2 / 2^65: for 16 million ids 1 in 144,000 a run. Each run draws
 * another key, so a finding that comes from such a pair does not come again.
 */
#ifndef NARU_VERIFY_AUDIT_TABLE_H
#define NARU_VERIFY_AUDIT_TABLE_H

#include "common/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_TABLE_PARTS 256

struct audit_entry {
    uint64_t id;      /* the hash */
    uint64_t content; /* what is right: the hash of the reference's content */
    uint16_t flags;   /* 0: the slot is free */
    uint16_t high;    /* audit.c's, with low: of the newest record */
    uint32_t low;
};

struct audit_table_part {
    struct audit_entry *slots;
    uint32_t n, room;
};

struct audit_table {
    struct audit_table_part parts[AUDIT_TABLE_PARTS];
    uint64_t n;
};

/* audit_table_init(t): An empty table, without memory of its own. */
void audit_table_init(struct audit_table *t);
void audit_table_fini(struct audit_table *t);

/* audit_table_find(t, id): The entry, or NULL. Valid until the next add. */
struct audit_entry *audit_table_find(const struct audit_table *t, uint64_t id);

/*
 * audit_table_add(t, id):
 * The entry, made with flags 0 if it is new; the caller must then set flags
 * before the next call. NULL when there is no memory.
 */
struct audit_entry *audit_table_add(
    struct audit_table *t, uint64_t id) MUST_CHECK;

/*
 * audit_table_next(t, cursor): Walk the entries in no order of meaning; start
 * with *cursor 0. NULL at the end.
 */
const struct audit_entry *audit_table_next(
    const struct audit_table *t, uint64_t *cursor);

/* audit_table_bytes(t): The memory it takes. */
size_t audit_table_bytes(const struct audit_table *t);

#endif
