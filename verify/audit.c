/*
 * What agrees and what does not; see audit.h. Of an id's newest record an entry
 * keeps the timestamp, in 42 bits, and six bits of its content. Those matter
 * only where two records both differ from the CSV: by them the two are called
 * equal or contradicting, wrongly once in 64. That there is a difference is
 * known anyway.
 */
#include "verify/audit.h"

#define STAMP_HIGH_BITS 10
#define STAMP_HIGH_MASK ((1u << STAMP_HIGH_BITS) - 1)
#define STAMP_MOST ((INT64_C(1) << (32 + STAMP_HIGH_BITS)) - 1)

void audit_init(struct audit *a, bool has_csv, bool has_topic, bool has_index)
{
    audit_table_init(&a->table);
    a->has_csv = has_csv;
    a->has_topic = has_topic;
    a->has_index = has_index;
}

void audit_fini(struct audit *a)
{
    audit_table_fini(&a->table);
}

static void set(struct audit_entry *e, unsigned flags)
{
    e->flags = (uint16_t)(e->flags | flags);
}

static void clear(struct audit_entry *e, unsigned flags)
{
    e->flags = (uint16_t)(e->flags & ~flags);
}

static void set_if(struct audit_entry *e, unsigned flags, bool yes)
{
    if (yes) {
        set(e, flags);
    } else {
        clear(e, flags);
    }
}

/* Before 1970 is 0, after 2109 the last moment there is. */
static int64_t fit_stamp(int64_t stamp_ms)
{
    return stamp_ms < 0 ? 0 : stamp_ms > STAMP_MOST ? STAMP_MOST : stamp_ms;
}

static int64_t stamp_of(const struct audit_entry *e)
{
    return (int64_t)(e->high & STAMP_HIGH_MASK) << 32 | e->low;
}

static unsigned mark_of(uint64_t content)
{
    return (unsigned)(content >> (64 - 16 + STAMP_HIGH_BITS));
}

static void set_newest(struct audit_entry *e, int64_t stamp, uint64_t content)
{
    e->low = (uint32_t)stamp;
    e->high =
        (uint16_t)((uint64_t)stamp >> 32 | mark_of(content) << STAMP_HIGH_BITS);
}

/* Is a record of that time the last word on its id, as far as was read? */
static bool is_newest(const struct audit_entry *e, int64_t stamp)
{
    return !(e->flags & (AUDIT_IN_TOPIC | AUDIT_DELETED)) ||
           stamp >= stamp_of(e);
}

/* Does content say what the newest record so far does? */
static bool says_the_same(const struct audit_entry *e, uint64_t content)
{
    bool differs = e->content != content;

    if (!(e->flags & AUDIT_IN_CSV)) {
        return !differs; /* then e->content is that record's */
    }
    if (e->flags & AUDIT_TOPIC_DIFFERS) {
        return differs &&
               (unsigned)e->high >> STAMP_HIGH_BITS == mark_of(content);
    }
    return !differs;
}

int audit_row(struct audit *a, uint64_t id, uint64_t content, unsigned *flags)
{
    struct audit_entry *e = audit_table_add(&a->table, id);

    if (e == NULL) {
        return -1;
    }
    if (e->flags & AUDIT_IN_CSV) {
        set(e, AUDIT_CSV_AGAIN);
        if (e->content != content) {
            set(e, AUDIT_CSV_CHANGED);
        }
    }
    set(e, AUDIT_IN_CSV);
    e->content = content;
    *flags = e->flags;
    return 0;
}

int audit_record(struct audit *a, uint64_t id, uint64_t content,
    int64_t stamp_ms, bool pending, unsigned *flags)
{
    struct audit_entry *e = audit_table_add(&a->table, id);
    int64_t stamp = fit_stamp(stamp_ms);

    if (e == NULL) {
        return -1;
    }
    if (e->flags & AUDIT_IN_TOPIC) {
        set(e, AUDIT_TOPIC_AGAIN);
        if (!says_the_same(e, content)) {
            set(e, AUDIT_TOPIC_CHANGED);
        }
    }
    if (is_newest(e, stamp)) {
        set_newest(e, stamp, content);
        if (!(e->flags & AUDIT_IN_CSV)) {
            e->content = content;
        }
        clear(e, AUDIT_DELETED);
        set_if(e, AUDIT_PENDING, pending);
        set_if(e, AUDIT_TOPIC_DIFFERS, e->content != content);
    }
    set(e, AUDIT_IN_TOPIC);
    *flags = e->flags;
    return 0;
}

int audit_tombstone(struct audit *a, uint64_t id, int64_t stamp_ms,
    bool pending, unsigned *flags)
{
    struct audit_entry *e = audit_table_add(&a->table, id);
    int64_t stamp = fit_stamp(stamp_ms);

    if (e == NULL) {
        return -1;
    }
    if (is_newest(e, stamp)) {
        e->low = (uint32_t)stamp;
        e->high =
            (uint16_t)((e->high & ~STAMP_HIGH_MASK) | (uint64_t)stamp >> 32);
        set(e, AUDIT_DELETED);
        set_if(e, AUDIT_PENDING, pending);
    }
    *flags = e->flags;
    return 0;
}

int audit_unreadable(
    struct audit *a, uint64_t place, bool pending, unsigned *flags)
{
    struct audit_entry *e = audit_table_add(&a->table, place);

    if (e == NULL) {
        return -1;
    }
    set(e, AUDIT_NO_ID);
    set_if(e, AUDIT_PENDING, pending);
    *flags = e->flags;
    return 0;
}

int audit_document(
    struct audit *a, uint64_t id, uint64_t content, unsigned *flags)
{
    struct audit_entry *e = audit_table_add(&a->table, id);

    if (e == NULL) {
        return -1;
    }
    if (e->flags & AUDIT_IN_INDEX) {
        set(e, AUDIT_INDEX_AGAIN);
    }
    if (e->flags & (a->has_csv ? AUDIT_IN_CSV : AUDIT_IN_TOPIC) &&
        e->content != content) {
        set(e, AUDIT_INDEX_DIFFERS);
    }
    set(e, AUDIT_IN_INDEX);
    *flags = e->flags;
    return 0;
}

int audit_letter(struct audit *a, uint64_t id, unsigned *flags)
{
    struct audit_entry *e = audit_table_add(&a->table, id);

    if (e == NULL) {
        return -1;
    }
    set(e, AUDIT_DEAD);
    *flags = e->flags;
    return 0;
}

unsigned audit_flags(const struct audit *a, uint64_t id)
{
    const struct audit_entry *e = audit_table_find(&a->table, id);

    return e != NULL ? e->flags : 0;
}

static bool all_of(unsigned flags, unsigned wanted)
{
    return (flags & wanted) == wanted;
}

/* What the index should have, but not what it need not have yet. */
static bool is_wanted(const struct audit *a, unsigned flags)
{
    return (flags & (a->has_csv ? AUDIT_IN_CSV : AUDIT_IN_TOPIC)) != 0;
}

static bool is_absent(const struct audit *a, unsigned flags)
{
    return a->has_index && is_wanted(a, flags) &&
           !(flags & (AUDIT_IN_INDEX | AUDIT_DELETED));
}

/* A document that the reference knows nothing of, or should be deleted. */
static bool is_foreign(const struct audit *a, unsigned flags)
{
    return (flags & AUDIT_IN_INDEX) &&
           (!is_wanted(a, flags) || (flags & AUDIT_DELETED));
}

static bool is_late(const struct audit *a, unsigned flags)
{
    bool behind = is_absent(a, flags) && !(flags & AUDIT_DEAD);

    return a->has_index && (flags & AUDIT_PENDING) &&
           (behind || is_foreign(a, flags) ||
               (flags & (AUDIT_INDEX_DIFFERS | AUDIT_NO_ID)));
}

bool audit_has(const struct audit *a, unsigned flags, enum finding finding)
{
    switch (finding) {
    case FINDING_NONE:
    case FINDINGS:
        return false;
    case FINDING_CSV_REPEATED:
        return (flags & (AUDIT_CSV_AGAIN | AUDIT_CSV_CHANGED)) ==
               AUDIT_CSV_AGAIN;
    case FINDING_CSV_CONTRADICTS:
        return (flags & AUDIT_CSV_CHANGED) != 0;
    case FINDING_TOPIC_MISSING:
        return a->has_topic && (flags & AUDIT_IN_CSV) &&
               !(flags & AUDIT_IN_TOPIC);
    case FINDING_TOPIC_EXTRA:
        return a->has_csv && (flags & AUDIT_IN_TOPIC) &&
               !(flags & AUDIT_IN_CSV);
    case FINDING_TOPIC_DIFFERENT:
        return (flags & AUDIT_TOPIC_DIFFERS) != 0;
    case FINDING_TOPIC_REPEATED:
        return (flags & (AUDIT_TOPIC_AGAIN | AUDIT_TOPIC_CHANGED)) ==
               AUDIT_TOPIC_AGAIN;
    case FINDING_TOPIC_CONTRADICTS:
        return (flags & AUDIT_TOPIC_CHANGED) != 0;
    case FINDING_TOPIC_UNREADABLE:
        return (flags & AUDIT_NO_ID) && !(flags & AUDIT_DEAD) &&
               !is_late(a, flags);
    case FINDING_INDEX_MISSING:
        return is_absent(a, flags) && !(flags & AUDIT_DEAD) &&
               !is_late(a, flags);
    case FINDING_INDEX_EXTRA:
        return is_foreign(a, flags) && !is_late(a, flags);
    case FINDING_INDEX_DIFFERENT:
        return all_of(flags, AUDIT_IN_INDEX | AUDIT_INDEX_DIFFERS) &&
               !is_foreign(a, flags) && !is_late(a, flags);
    case FINDING_INDEX_REPEATED:
        return (flags & AUDIT_INDEX_AGAIN) != 0;
    case FINDING_DEAD_LETTER:
        return (flags & AUDIT_DEAD) != 0;
    case FINDING_PENDING:
        return is_late(a, flags);
    }
    return false;
}

void audit_count(const struct audit *a, struct audit_tally *tally)
{
    const struct audit_entry *e;
    uint64_t cursor = 0;

    *tally = (struct audit_tally){0};
    while ((e = audit_table_next(&a->table, &cursor)) != NULL) {
        tally->ids[0] += (e->flags & AUDIT_IN_CSV) != 0;
        tally->ids[1] += (e->flags & AUDIT_IN_TOPIC) != 0;
        tally->ids[2] += (e->flags & AUDIT_IN_INDEX) != 0;
        for (int f = FINDING_NONE + 1; f < FINDINGS; f++) {
            tally->findings[f] += audit_has(a, e->flags, (enum finding)f);
        }
    }
}

static bool is_difference(const struct audit *a, enum finding finding)
{
    switch (finding) {
    case FINDING_NONE:
    case FINDINGS:
    case FINDING_CSV_REPEATED:
    case FINDING_TOPIC_REPEATED:
    case FINDING_DEAD_LETTER:
        return false;
    case FINDING_PENDING:
        return a->has_csv;
    case FINDING_CSV_CONTRADICTS:
    case FINDING_TOPIC_MISSING:
    case FINDING_TOPIC_EXTRA:
    case FINDING_TOPIC_DIFFERENT:
    case FINDING_TOPIC_CONTRADICTS:
    case FINDING_TOPIC_UNREADABLE:
    case FINDING_INDEX_MISSING:
    case FINDING_INDEX_EXTRA:
    case FINDING_INDEX_DIFFERENT:
    case FINDING_INDEX_REPEATED:
        break;
    }
    return true;
}

uint64_t audit_differences(
    const struct audit *a, const struct audit_tally *tally)
{
    uint64_t sum = 0;

    for (int f = FINDING_NONE + 1; f < FINDINGS; f++) {
        if (is_difference(a, (enum finding)f)) {
            sum += tally->findings[f];
        }
    }
    return sum;
}
