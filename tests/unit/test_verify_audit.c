/*
 * What the audit finds, in small stories: each line of events is told to it,
 * and what it counts is compared. An event is a letter and "ID=CONTENT":
 *
 *   c row of CSV   t record, each a millisecond later than the one before
 *   o record that is older than all others, though it is told later
 *   p record behind the committed offsets
 *   x record without an id, at place ID   X the same, behind them
 *   d tombstone   i document   l dead letter
 */
#include "verify/audit.h"

#include "common/buf.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static void tell_one(
    struct audit *a, char what, unsigned id, uint64_t content, int64_t *now)
{
    unsigned flags = 0;
    int rc = -1;

    switch (what) {
    case 'c':
        rc = audit_row(a, id, content, &flags);
        break;
    case 't':
    case 'p':
        rc = audit_record(a, id, content, ++*now, what == 'p', &flags);
        break;
    case 'o':
        rc = audit_record(a, id, content, 1000000000000, false, &flags);
        break;
    case 'x':
    case 'X':
        rc = audit_unreadable(a, id, what == 'X', &flags);
        break;
    case 'd':
        rc = audit_tombstone(a, id, ++*now, false, &flags);
        break;
    case 'i':
        rc = audit_document(a, id, content, &flags);
        break;
    case 'l':
        rc = audit_letter(a, id, &flags);
        break;
    default:
        fail_msg("no event %c", what);
    }
    assert_int_equal(rc, 0);
    assert_true(flags != 0);
    assert_int_equal(flags, audit_flags(a, id));
}

static void tell(struct audit *a, const char *events)
{
    int64_t now = INT64_C(1641168000000);
    unsigned id, content;
    char what;
    int n;

    while (sscanf(events, " %c%u=%u%n", &what, &id, &content, &n) == 3) {
        tell_one(a, what, id, content * UINT64_C(0x9e3779b97f4a7c15), &now);
        events += n;
    }
}

static const char *const names[FINDINGS] = {
    [FINDING_CSV_REPEATED] = "csv_repeated",
    [FINDING_CSV_CONTRADICTS] = "csv_contradicts",
    [FINDING_TOPIC_MISSING] = "topic_missing",
    [FINDING_TOPIC_EXTRA] = "topic_extra",
    [FINDING_TOPIC_DIFFERENT] = "topic_different",
    [FINDING_TOPIC_REPEATED] = "topic_repeated",
    [FINDING_TOPIC_CONTRADICTS] = "topic_contradicts",
    [FINDING_TOPIC_UNREADABLE] = "unreadable",
    [FINDING_INDEX_MISSING] = "index_missing",
    [FINDING_INDEX_EXTRA] = "index_extra",
    [FINDING_INDEX_DIFFERENT] = "index_different",
    [FINDING_INDEX_REPEATED] = "index_repeated",
    [FINDING_DEAD_LETTER] = "dead",
    [FINDING_PENDING] = "pending",
};

/* "index_missing:1 dead:2 | 1" with the number of differences at the end. */
static const char *outcome(
    const char *sources, const char *events, struct buf *out)
{
    struct audit_tally tally;
    struct audit a;

    audit_init(&a, strchr(sources, 'c') != NULL, strchr(sources, 't') != NULL,
        strchr(sources, 'i') != NULL);
    tell(&a, events);
    audit_count(&a, &tally);
    buf_clear(out);
    for (int f = 1; f < FINDINGS; f++) {
        if (tally.findings[f] > 0) {
            assert_int_equal(buf_printf(out, "%s:%u ", names[f],
                                 (unsigned)tally.findings[f]),
                0);
        }
    }
    assert_int_equal(
        buf_printf(out, "| %u", (unsigned)audit_differences(&a, &tally)), 0);
    audit_fini(&a);
    return buf_str(out);
}

struct story {
    const char *sources, *events, *outcome;
};

static void check(const struct story *stories, size_t n)
{
    struct buf out;

    buf_init(&out, 4096);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(
            outcome(stories[i].sources, stories[i].events, &out),
            stories[i].outcome);
    }
    buf_fini(&out);
}

static void all_three_are_compared(void **state)
{
    static const struct story stories[] = {
        {"cti", "", "| 0"},
        {"cti", "c1=1 c2=2 t1=1 t2=2 i1=1 i2=2", "| 0"},
        {"cti", "c1=1 c2=2 t1=1 t2=2 i1=1", "index_missing:1 | 1"},
        {"cti", "c1=1 c2=2 t1=1 i1=1 i2=2", "topic_missing:1 | 1"},
        {"cti", "c1=1 c2=2 t1=1 i1=1", "topic_missing:1 index_missing:1 | 2"},
        {"cti", "c1=1 t1=1 i1=1 i2=2", "index_extra:1 | 1"},
        {"cti", "c1=1 t1=1 t2=2 i1=1 i2=2", "topic_extra:1 index_extra:1 | 2"},
        {"cti", "c1=1 t1=1 i1=9", "index_different:1 | 1"},
        {"cti", "c1=1 t1=9 i1=9", "topic_different:1 index_different:1 | 2"},
        {"cti", "c1=1 t1=1 i1=1 i1=1", "index_repeated:1 | 1"},
        {"cti", "c1=1 t1=1 i1=1 i1=9",
            "index_different:1 index_repeated:1 | 2"},
    };

    (void)state;
    check(stories, COUNT_OF(stories));
}

static void duplicates_count_only_when_they_contradict(void **state)
{
    static const struct story stories[] = {
        {"cti", "c1=1 t1=1 t1=1 t1=1 i1=1", "topic_repeated:1 | 0"},
        {"cti", "c1=1 t1=9 t1=1 i1=1", "topic_contradicts:1 | 1"},
        {"cti", "c1=1 t1=1 t1=9 i1=9",
            "topic_different:1 topic_contradicts:1 index_different:1 | 3"},
        {"ct", "c1=1 t1=9 t1=9", "topic_different:1 topic_repeated:1 | 1"},
        {"ct", "c1=1 c1=1 t1=1 t1=1", "csv_repeated:1 topic_repeated:1 | 0"},
        {"ct", "c1=1 c1=2 t1=1 t1=2",
            "csv_contradicts:1 topic_contradicts:1 | 2"},
        {"ti", "t1=1 t1=2 i1=2", "topic_contradicts:1 | 1"},
        {"ti", "t1=1 t1=2 i1=1", "topic_contradicts:1 index_different:1 | 2"},
    };

    (void)state;
    check(stories, COUNT_OF(stories));
}

static void two_of_the_three_do(void **state)
{
    static const struct story stories[] = {
        {"ct", "c1=1 c2=2 t1=1 t3=3", "topic_missing:1 topic_extra:1 | 2"},
        {"ci", "c1=1 c2=2 i1=9 i3=3",
            "index_missing:1 index_extra:1 index_different:1 | 3"},
        {"ti", "t1=1 t2=2 i1=9 i3=3",
            "index_missing:1 index_extra:1 index_different:1 | 3"},
        {"ti", "t1=1 i1=1", "| 0"},
    };

    (void)state;
    check(stories, COUNT_OF(stories));
}

static void dead_letters_are_accounted_for(void **state)
{
    static const struct story stories[] = {
        {"cti", "c1=1 c2=2 t1=1 t2=2 i1=1 l2=0", "dead:1 | 0"},
        {"cti", "c1=1 t1=1 l7=0", "index_missing:1 dead:1 | 1"},
        {"cti", "c1=1 t1=1 i1=9 l1=0", "index_different:1 dead:1 | 1"},
        {"ti", "t1=1 x7=0 i1=1", "unreadable:1 | 1"},
        {"ti", "t1=1 x7=0 i1=1 l7=0", "dead:1 | 0"},
    };

    (void)state;
    check(stories, COUNT_OF(stories));
}

static void what_is_not_committed_may_be_absent(void **state)
{
    static const struct story stories[] = {
        {"ti", "t1=1 p2=2 i1=1", "pending:1 | 0"},
        {"ti", "t1=1 p2=2 i1=1 i2=2", "| 0"},
        {"ti", "t1=1 p1=2 i1=1", "topic_contradicts:1 pending:1 | 1"},
        {"ti", "p1=1 t1=1", "topic_repeated:1 index_missing:1 | 1"},
        {"ti", "t1=1 X7=0 i1=1", "pending:1 | 0"},
        /* With the CSV the proof is of the whole way. */
        {"cti", "c1=1 c2=2 t1=1 p2=2 i1=1", "pending:1 | 1"},
    };

    (void)state;
    check(stories, COUNT_OF(stories));
}

/* Of an id in two partitions the older record may be read last. */
static void the_newest_record_is_the_topics_word(void **state)
{
    static const struct story stories[] = {
        {"cti", "c1=1 t1=9 o1=1 i1=1",
            "topic_different:1 topic_contradicts:1 | 2"},
        {"cti", "c1=1 t1=1 o1=9 i1=1", "topic_contradicts:1 | 1"},
        {"ct", "c1=1 t1=9 o1=8", "topic_different:1 topic_contradicts:1 | 2"},
        {"ti", "t1=2 o1=1 i1=2", "topic_contradicts:1 | 1"},
        {"ti", "t1=1 d1=0 o1=1", "topic_repeated:1 | 0"},
        {"ti", "p1=1 o1=1", "topic_repeated:1 pending:1 | 0"},
    };

    (void)state;
    check(stories, COUNT_OF(stories));
}

static void tombstones_take_documents_away(void **state)
{
    static const struct story stories[] = {
        {"ti", "t1=1 d1=0", "| 0"},
        {"ti", "t1=1 d1=0 i1=1", "index_extra:1 | 1"},
        {"ti", "t1=1 d1=0 t1=1 i1=1", "topic_repeated:1 | 0"},
    };

    (void)state;
    check(stories, COUNT_OF(stories));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_three_are_compared),
        cmocka_unit_test(duplicates_count_only_when_they_contradict),
        cmocka_unit_test(two_of_the_three_do),
        cmocka_unit_test(dead_letters_are_accounted_for),
        cmocka_unit_test(what_is_not_committed_may_be_absent),
        cmocka_unit_test(the_newest_record_is_the_topics_word),
        cmocka_unit_test(tombstones_take_documents_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
