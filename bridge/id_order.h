/*
 * struct id_order: for bridge.ordering = id, which ids have a record under way
 * and which records wait behind them: at most one record of an id is under way,
 * so that none overtakes another of the same id, however requests are answered,
 * halved or sent again. Ids are known by a hash; two that share one wait for
 * each other, which costs time and nothing else. Pure.
 */
#ifndef NARU_BRIDGE_ID_ORDER_H
#define NARU_BRIDGE_ID_ORDER_H

#include "bridge/batch.h"
#include "common/attr.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_order;

/* id_order_new(): With nothing under way. NULL out of memory. */
struct id_order *id_order_new(void) MUST_CHECK;

/* id_order_free(o): Free it and the messages that wait in it; NULL is fine. */
void id_order_free(struct id_order *o);

/* id_order_key(id): What enter and leave know an id by. */
uint64_t id_order_key(struct slice id);

/*
 * id_order_enter(o, doc, bytes):
 * doc's id is doc->order_key. Returns 0: nothing of that id was under way, now
 * doc is, go on with it. 1: it waits; a copy of doc, with its message, is kept,
 * and bytes (of its record) count as waiting. -1: out of memory, nothing was
 * changed. O(1).
 */
int id_order_enter(
    struct id_order *o, const struct doc *doc, size_t bytes) MUST_CHECK;

/*
 * id_order_leave(o, key):
 * The record under way has ended. The oldest that waits behind it is under way
 * from now on and becomes ready. The key must be under way (asserted). Never
 * allocates. O(1).
 */
void id_order_leave(struct id_order *o, uint64_t key);

/* id_order_next(o, doc): Take the oldest ready one; its message is the
 * caller's. False when none is. */
bool id_order_next(struct id_order *o, struct doc *doc);

/* Records that wait, ready ones among them, and the bytes of theirs. */
size_t id_order_waiting(const struct id_order *o);
size_t id_order_waiting_bytes(const struct id_order *o);

/* id_order_under_way(o): Ids that are taken. */
size_t id_order_under_way(const struct id_order *o);

#endif
