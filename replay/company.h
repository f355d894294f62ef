/*
 * struct company: who is listed: an invented name and code, and how the
 * company's share behaves. Drawn from (seed, slot, generation) alone; a slot
 * is one of the N places of the list, a generation one company after another
 * in that place.
 *
 * Slot 0 is Samsung Electronics, by name and code only. In every 32 slots two
 * hold a preferred share of the slot before. Names and codes are unique over
 * all slots and generations of a seed.
 */
#ifndef NARU_REPLAY_COMPANY_H
#define NARU_REPLAY_COMPANY_H

#include "replay/krx_rules.h"

#include <stdbool.h>
#include <stdint.h>

#define COMPANY_MAX_SLOTS 5000
#define COMPANY_MAX_GENERATIONS 8
#define COMPANY_CODE_BYTES 6
#define COMPANY_NAME_BYTES 47

/*
 * The first slots: the large companies that a short list is made of. They are
 * never suspended, never leave the list, and none is on KONEX.
 */
#define COMPANY_LARGE_SLOTS 30

struct company {
    char code[COMPANY_CODE_BYTES + 1];
    char name[COMPANY_NAME_BYTES + 1]; /* UTF-8, no quotes */
    const char *dept;                  /* static; "" on KOSPI */
    enum krx_market home;
    int64_t stocks;         /* listed shares */
    int64_t price;          /* in won, of the list's first day; not on a tick */
    int64_t volatility_ppm; /* standard deviation of a day's own move */
    int64_t turnover_ppm;   /* share of the stocks that a usual day trades */
    bool can_leave;         /* may be delisted for another company */
};

/*
 * company_make(seed, slot, generation):
 * The company. slot is below COMPANY_MAX_SLOTS, generation below
 * COMPANY_MAX_GENERATIONS (asserted).
 */
struct company company_make(uint64_t seed, uint32_t slot, uint32_t generation);

#endif
