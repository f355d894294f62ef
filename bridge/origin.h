/*
 * struct origin: the record behind several documents. It keeps what it takes
 * to put the record away, and ends when the last of its documents has ended:
 * refused when one of them was, else as the one that changed the index most.
 * Pure.
 */
#ifndef NARU_BRIDGE_ORIGIN_H
#define NARU_BRIDGE_ORIGIN_H

#include "bridge/offsets.h"
#include "bridge/record.h"
#include "common/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

struct partition;

#define ORIGIN_TYPE_BYTES 128
#define ORIGIN_REASON_BYTES 1024

struct origin {
    struct partition *partition;
    uint64_t ticket;
    struct record record; /* key, value and headers stand behind this struct */
    size_t bytes;         /* of all of it */
    size_t n_documents;
    size_t left; /* documents that have not ended */
    bool has_outcome;
    enum outcome outcome;

    /* Of the first document that was refused. */
    bool is_refused;
    int status;
    unsigned attempts;
    char type[ORIGIN_TYPE_BYTES];
    char reason[ORIGIN_REASON_BYTES];
    LIST_ENTRY(origin) link;
};

LIST_HEAD(origin_list, origin);

/* origin_new(record, n): A copy of record, of which n documents were made; the
 * topic is borrowed. NULL out of memory. Freed with free(). */
struct origin *origin_new(const struct record *record, size_t n) MUST_CHECK;

/* origin_ended(o, outcome): A document has ended so. */
void origin_ended(struct origin *o, enum outcome outcome);

/* origin_refused(o, number, status, attempts, type, reason): Document number
 * (from 0) was refused; the words are copied. It has ended. SIZE_MAX: it is not
 * one that was counted, and nothing has ended. */
void origin_refused(struct origin *o, size_t number, int status,
    unsigned attempts, const char *type, const char *reason);

#endif
