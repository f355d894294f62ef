/*
 * The table of ids; see audit_table.h. The hash's upper bits choose the part,
 * the lower ones the slot; linear probing from there. Slots are found by
 * multiplication, not by a mask, so that a part may grow by a quarter.
 */
#include "verify/audit_table.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64

void audit_table_init(struct audit_table *t)
{
    memset(t, 0, sizeof(*t));
}

void audit_table_fini(struct audit_table *t)
{
    for (size_t i = 0; i < AUDIT_TABLE_PARTS; i++) {
        free(t->parts[i].slots);
    }
    audit_table_init(t);
}

static size_t part_of(uint64_t id)
{
    return (size_t)(id >> 56);
}

static uint32_t slot_of(uint64_t id, uint32_t room)
{
    return (uint32_t)(((id & UINT32_MAX) * room) >> 32);
}

/* The id's slot, or the free one where it belongs. Some slot is free. */
static struct audit_entry *probe(
    const struct audit_table_part *part, uint64_t id)
{
    uint32_t i = slot_of(id, part->room);

    while (part->slots[i].flags != 0 && part->slots[i].id != id) {
        i = i + 1 < part->room ? i + 1 : 0;
    }
    return &part->slots[i];
}

static int grow(struct audit_table_part *part)
{
    uint32_t room = part->room > 0 ? part->room + part->room / 4 : FIRST_ROOM;
    struct audit_table_part bigger = {
        calloc(room, sizeof(*part->slots)), part->n, room};

    if (bigger.slots == NULL) {
        return -1;
    }
    for (uint32_t i = 0; i < part->room; i++) {
        if (part->slots[i].flags != 0) {
            *probe(&bigger, part->slots[i].id) = part->slots[i];
        }
    }
    free(part->slots);
    *part = bigger;
    return 0;
}

struct audit_entry *audit_table_find(const struct audit_table *t, uint64_t id)
{
    const struct audit_table_part *part = &t->parts[part_of(id)];
    struct audit_entry *e;

    if (part->room == 0) {
        return NULL;
    }
    e = probe(part, id);
    return e->flags != 0 ? e : NULL;
}

struct audit_entry *audit_table_add(struct audit_table *t, uint64_t id)
{
    struct audit_table_part *part = &t->parts[part_of(id)];
    struct audit_entry *e = audit_table_find(t, id);

    if (e != NULL) {
        return e;
    }
    if (part->n >= part->room - part->room / 5 && grow(part) != 0) {
        return NULL;
    }
    e = probe(part, id);
    *e = (struct audit_entry){.id = id};
    part->n++;
    t->n++;
    return e;
}

const struct audit_entry *audit_table_next(
    const struct audit_table *t, uint64_t *cursor)
{
    size_t part = (size_t)(*cursor >> 32);
    uint32_t slot = (uint32_t)*cursor;

    for (; part < AUDIT_TABLE_PARTS; part++, slot = 0) {
        for (; slot < t->parts[part].room; slot++) {
            if (t->parts[part].slots[slot].flags != 0) {
                *cursor = ((uint64_t)part << 32) + slot + 1;
                return &t->parts[part].slots[slot];
            }
        }
    }
    *cursor = (uint64_t)AUDIT_TABLE_PARTS << 32;
    return NULL;
}

size_t audit_table_bytes(const struct audit_table *t)
{
    size_t sum = sizeof(*t);

    for (size_t i = 0; i < AUDIT_TABLE_PARTS; i++) {
        sum += t->parts[i].room * sizeof(struct audit_entry);
    }
    return sum;
}
