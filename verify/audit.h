/*
 * struct audit: the comparison itself. It is told of each row, record,
 * document and dead letter by the hash of its id and of its content, first all
 * rows, then all records, then all documents, then all letters, and knows what
 * does not agree. Pure; one table, no texts.
 *
 * The reference is the CSV, or the topic when there is no CSV: its last content
 * of an id is what the others must have. A topic's last record of an id is the
 * one of the latest timestamp, which the index keeps, too; of equal ones that
 * which was told last.
 */
#ifndef NARU_VERIFY_AUDIT_H
#define NARU_VERIFY_AUDIT_H

#include "common/attr.h"
#include "verify/audit_table.h"

#include <stdbool.h>
#include <stdint.h>

/* Bits of an entry's flags. */
#define AUDIT_IN_CSV 0x0001u
#define AUDIT_CSV_AGAIN 0x0002u   /* more than one row */
#define AUDIT_CSV_CHANGED 0x0004u /* ... and they contradict each other */
#define AUDIT_IN_TOPIC 0x0008u
#define AUDIT_TOPIC_AGAIN 0x0010u
#define AUDIT_TOPIC_CHANGED 0x0020u
#define AUDIT_TOPIC_DIFFERS 0x0040u /* the last record, from the CSV */
#define AUDIT_IN_INDEX 0x0080u
#define AUDIT_INDEX_AGAIN 0x0100u   /* in more than one index */
#define AUDIT_INDEX_DIFFERS 0x0200u /* from the reference */
#define AUDIT_DEAD 0x0400u          /* a dead letter of that id */
#define AUDIT_PENDING 0x0800u       /* behind the committed offsets */
#define AUDIT_DELETED 0x1000u       /* the last record is a tombstone */
#define AUDIT_NO_ID 0x2000u /* a record without an id, known by its place */

enum finding {
    FINDING_NONE,
    FINDING_CSV_REPEATED,
    FINDING_CSV_CONTRADICTS,
    FINDING_TOPIC_MISSING,
    FINDING_TOPIC_EXTRA,
    FINDING_TOPIC_DIFFERENT,
    FINDING_TOPIC_REPEATED,
    FINDING_TOPIC_CONTRADICTS,
    FINDING_TOPIC_UNREADABLE,
    FINDING_INDEX_MISSING,
    FINDING_INDEX_EXTRA,
    FINDING_INDEX_DIFFERENT,
    FINDING_INDEX_REPEATED,
    FINDING_DEAD_LETTER,
    FINDING_PENDING,
    FINDINGS
};

struct audit {
    struct audit_table table;
    bool has_csv, has_topic, has_index;
};

/* audit_init(a, has_csv, has_topic, has_index): Two of them at least. */
void audit_init(struct audit *a, bool has_csv, bool has_topic, bool has_index);
void audit_fini(struct audit *a);

/*
 * Tell of one. *flags is set to the entry's flags afterwards. pending: the
 * record is behind the committed offsets. Returns 0, -1 without memory.
 */
int audit_row(
    struct audit *a, uint64_t id, uint64_t content, unsigned *flags) MUST_CHECK;
int audit_record(struct audit *a, uint64_t id, uint64_t content,
    int64_t stamp_ms, bool pending, unsigned *flags) MUST_CHECK;
int audit_tombstone(struct audit *a, uint64_t id, int64_t stamp_ms,
    bool pending, unsigned *flags) MUST_CHECK;
int audit_unreadable(
    struct audit *a, uint64_t place, bool pending, unsigned *flags) MUST_CHECK;
int audit_document(
    struct audit *a, uint64_t id, uint64_t content, unsigned *flags) MUST_CHECK;
int audit_letter(struct audit *a, uint64_t id, unsigned *flags) MUST_CHECK;

/* audit_flags(a, id): The entry's flags, 0 when there is none. */
unsigned audit_flags(const struct audit *a, uint64_t id);

/* audit_has(a, flags, finding): Is that wrong with an entry of these flags? */
bool audit_has(const struct audit *a, unsigned flags, enum finding finding);

struct audit_tally {
    uint64_t ids[3]; /* distinct, in CSV, topic and index */
    uint64_t findings[FINDINGS];
};

/* audit_count(a, tally): Count over all ids, when all have been told. */
void audit_count(const struct audit *a, struct audit_tally *tally);

/*
 * audit_differences(a, tally): How many findings stand against agreement.
 * Repeated rows and records of the same content are none, for ids make them
 * harmless; nor are dead letters, which are accounted for; nor, without a CSV,
 * are records that wait behind the committed offsets.
 */
uint64_t audit_differences(
    const struct audit *a, const struct audit_tally *tally);

#endif
