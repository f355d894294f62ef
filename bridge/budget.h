/*
 * struct budget: how many records may be dead-lettered before the bridge
 * stops, because then the mapping is wrong and not the records: a number in
 * all, and a share of the records of the last while. Pure: the time is handed
 * in.
 */
#ifndef NARU_BRIDGE_BUDGET_H
#define NARU_BRIDGE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#define BUDGET_SLOTS 12

/* A share of fewer records than this says nothing. */
#define BUDGET_LEAST_RECORDS 100

struct budget_slot {
    uint64_t records;
    uint64_t dead;
};

struct budget {
    uint64_t max_dead;         /* in all; 0: no limit */
    unsigned max_dead_percent; /* of the window's records; 100: no limit */
    int64_t slot_us;
    struct budget_slot slots[BUDGET_SLOTS]; /* the window, a ring */
    int64_t newest;                         /* number of the newest slot */
    int64_t newest_ends_us;
    uint64_t dead; /* in all */
};

/*
 * budget_init(b, max_dead, max_dead_percent, window_us): Nothing counted yet.
 * window_us is at least BUDGET_SLOTS.
 */
void budget_init(struct budget *b, uint64_t max_dead, unsigned max_dead_percent,
    int64_t window_us);

/* budget_limit(b, max_dead, max_dead_percent): Other limits from now on. */
void budget_limit(
    struct budget *b, uint64_t max_dead, unsigned max_dead_percent);

/* budget_count(b, now_us, n, dead): So many records ended, or are to be
 * dead-lettered. */
void budget_count(struct budget *b, int64_t now_us, uint64_t n, bool dead);

/*
 * budget_is_spent(b, now_us, records, dead): Is there more than allowed?
 * *records and *dead are then the counts that say so: of the window, or, when
 * it is the number in all, 0 and that.
 */
bool budget_is_spent(
    struct budget *b, int64_t now_us, uint64_t *records, uint64_t *dead);

#endif
