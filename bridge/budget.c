/* How many records may be dead-lettered; see budget.h. */
#include "bridge/budget.h"

#include <string.h>

void budget_init(struct budget *b, uint64_t max_dead, unsigned max_dead_percent,
    int64_t window_us)
{
    *b = (struct budget){.max_dead = max_dead,
        .max_dead_percent = max_dead_percent,
        .slot_us = window_us / BUDGET_SLOTS};
}

/* Empty the slots that time has passed since the newest. Mostly none has: a
 * division for each record would cost as much as all else here. */
static void move_to(struct budget *b, int64_t now_us)
{
    int64_t slot;

    if (now_us < b->newest_ends_us) {
        return;
    }
    slot = now_us / b->slot_us;
    b->newest_ends_us = (slot + 1) * b->slot_us;
    if (slot - b->newest >= BUDGET_SLOTS) {
        memset(b->slots, 0, sizeof(b->slots));
        b->newest = slot;
    }
    while (b->newest < slot) {
        b->newest++;
        b->slots[b->newest % BUDGET_SLOTS] = (struct budget_slot){0};
    }
}

void budget_limit(
    struct budget *b, uint64_t max_dead, unsigned max_dead_percent)
{
    b->max_dead = max_dead;
    b->max_dead_percent = max_dead_percent;
}

void budget_count(struct budget *b, int64_t now_us, uint64_t n, bool dead)
{
    struct budget_slot *slot;

    move_to(b, now_us);
    slot = &b->slots[b->newest % BUDGET_SLOTS];
    slot->records += n;
    if (dead) {
        slot->dead += n;
        b->dead += n;
    }
}

bool budget_is_spent(
    struct budget *b, int64_t now_us, uint64_t *records, uint64_t *dead)
{
    move_to(b, now_us);
    *records = 0;
    *dead = b->dead;
    if (b->max_dead > 0 && b->dead > b->max_dead) {
        return true;
    }
    *dead = 0;
    for (int i = 0; i < BUDGET_SLOTS; i++) {
        *records += b->slots[i].records;
        *dead += b->slots[i].dead;
    }
    return *records >= BUDGET_LEAST_RECORDS &&
           *dead * 100 > *records * b->max_dead_percent;
}
