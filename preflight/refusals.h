/*
 * struct refusals: what would be refused, counted by who refuses it, field and
 * reason, with the first example of each. Pure.
 */
#ifndef NARU_PREFLIGHT_REFUSALS_H
#define NARU_PREFLIGHT_REFUSALS_H

#include "common/attr.h"
#include "common/slice.h"
#include "preflight/name_list.h"

#include <stddef.h>
#include <stdint.h>

#define REFUSALS_MOST_KINDS 1000 /* then they are only counted */
#define REFUSAL_VALUE_BYTES 48   /* shown of an example; longer ones are cut */

/* In the order of the record's way. NOBODY: it is taken, but not as it is
 * written. */
enum refuser { REFUSER_REPLAY, REFUSER_BRIDGE, REFUSER_ENGINE, REFUSER_NOBODY };

struct refusal {
    enum refuser who;
    char *field, *reason;
    char *place; /* of the first: FILE:LINE or TOPIC-PARTITION-OFFSET */
    char value[REFUSAL_VALUE_BYTES + 16]; /* "" when there is none */
    uint64_t records;
    uint64_t last; /* the record that was counted last */
};

struct refusals {
    struct refusal *list; /* in the order they were met; owned */
    size_t n, cap;
    uint64_t beyond;  /* met when there were too many kinds */
    uint64_t records; /* begun */
    uint64_t refused; /* of these, with any refusal */
    uint64_t last_refused;
    struct name_list places; /* of the refused, as many as it holds */
};

void refusals_init(struct refusals *r);
void refusals_fini(struct refusals *r);

/* refusals_begin(r): The next record. */
void refusals_begin(struct refusals *r);

/*
 * refusals_add(r, who, field, reason, value, place):
 * The record at hand is refused by who because of field. Of one kind a record
 * counts once. value is shown with the first example (p NULL: none). All is
 * copied. Returns 0, or -1 without memory.
 */
int refusals_add(struct refusals *r, enum refuser who, struct slice field,
    const char *reason, struct slice value, const char *place) MUST_CHECK;

/* refusals_sort(r): By who, then the most frequent first. */
void refusals_sort(struct refusals *r);

/* refuser_name(who): "replay", "bridge", "engine", "-". */
const char *refuser_name(enum refuser who);

#endif
