/* The ledger of one partition, against a model that keeps every record. */
#include "bridge/offsets.h"

#include "tests/unit/failing_memory.h"
#include "tests/unit/random_below.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MODEL_MOST 6000

struct model {
    struct {
        int64_t offset;
        uint64_t ticket;
        bool ended;
        size_t at_live;
    } all[MODEL_MOST];
    size_t n;
    size_t n_live; /* places in live */
    size_t live[MODEL_MOST];
    int64_t reached;
    uint64_t consumed;
    uint64_t ended[OUTCOME_COUNT];
};

/* By the contract: the offset before which all have ended. */
static int64_t model_frontier(const struct model *m)
{
    int64_t frontier = -1;

    for (size_t i = 0; i < m->n; i++) {
        if (!m->all[i].ended) {
            return frontier;
        }
        frontier = m->all[i].offset + 1;
    }
    return m->reached > frontier ? m->reached : frontier;
}

static void check(const struct offsets *o, const struct model *m)
{
    const struct offsets_counts *c = offsets_counts(o);
    uint64_t sum = offsets_pending(o);

    assert_int_equal(offsets_pending(o), m->n_live);
    assert_int_equal(c->consumed, m->consumed);
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        assert_int_equal(c->ended[i], m->ended[i]);
        sum += c->ended[i];
    }
    assert_int_equal(sum, c->consumed);
    assert_int_equal(offsets_frontier(o), model_frontier(m));
}

static void take(struct offsets *o, struct model *m, int64_t offset)
{
    uint64_t ticket = 0;

    assert_int_equal(offsets_track(o, offset, &ticket), 0);
    m->all[m->n].offset = offset;
    m->all[m->n].ticket = ticket;
    m->all[m->n].ended = false;
    m->all[m->n].at_live = m->n_live;
    m->live[m->n_live++] = m->n++;
    m->consumed++;
}

static void end_in_model(struct model *m, size_t i, enum outcome outcome)
{
    size_t moved = m->live[--m->n_live];

    m->live[m->all[i].at_live] = moved;
    m->all[moved].at_live = m->all[i].at_live;
    m->all[i].ended = true;
    m->ended[outcome]++;
}

/* One that is live, or it and those right behind it, at most so many. */
static void end_some(
    struct offsets *o, struct model *m, size_t most, enum outcome outcome)
{
    size_t first = m->live[random_below(m->n_live)];
    size_t n = 0;

    while (n < most && first + n < m->n && !m->all[first + n].ended) {
        end_in_model(m, first + n++, outcome);
    }
    offsets_end(o, m->all[first].ticket, n, outcome);
}

static void the_frontier_is_the_models_in_any_order(void **state)
{
    static struct model m;

    (void)state;
    for (int turn = 0; turn < 12; turn++) {
        struct offsets *o = offsets_new();
        int64_t next = (int64_t)random_below(1000);
        uint64_t depth = 1 + random_below(turn < 6 ? 50 : 4000);
        size_t steps = turn < 6 ? 3000 : 9000;

        assert_non_null(o);
        memset(&m, 0, sizeof(m));
        m.reached = -1;
        for (size_t i = 0; i < steps && m.n < MODEL_MOST; i++) {
            if (m.n_live == 0 || (m.n_live < depth && random_below(3) > 0)) {
                take(o, &m, next);
                /* Compaction leaves gaps. */
                next +=
                    1 + (int64_t)(random_below(10) == 0 ? random_below(99) : 0);
            } else {
                end_some(o, &m, random_below(3) > 0 ? 1 : random_below(200) + 1,
                    (enum outcome)random_below(OUTCOME_RELEASED));
            }
            if (turn < 6 || i % 97 == 0) {
                check(o, &m);
            }
        }
        while (m.n_live > 0) {
            end_some(o, &m, 1, OUTCOME_CREATED);
        }
        check(o, &m);
        offsets_free(o);
    }
}

static void an_offset_is_committable_only_when_all_before_it_ended(void **state)
{
    struct offsets *o = offsets_new();
    uint64_t a = 0, b = 0, c = 0;

    (void)state;
    assert_non_null(o);
    assert_int_equal(offsets_frontier(o), -1);
    assert_int_equal(offsets_track(o, 10, &a), 0);
    assert_int_equal(offsets_track(o, 11, &b), 0);
    assert_int_equal(offsets_track(o, 20, &c), 0);
    assert_int_equal(offsets_frontier(o), -1);
    offsets_end(o, c, 1, OUTCOME_CREATED);
    assert_int_equal(offsets_frontier(o), -1);
    offsets_end(o, a, 1, OUTCOME_CREATED);
    assert_int_equal(offsets_frontier(o), 11);
    offsets_end(o, b, 1, OUTCOME_SKIPPED);
    assert_int_equal(offsets_frontier(o), 21);
    assert_int_equal(offsets_pending(o), 0);
    offsets_free(o);
    offsets_free(NULL);
}

static void a_record_delivered_again_is_told_and_not_counted(void **state)
{
    struct offsets *o = offsets_new();
    uint64_t ticket = 0, other = 4711;

    (void)state;
    assert_non_null(o);
    assert_int_equal(offsets_track(o, 0, &ticket), 0);
    assert_int_equal(offsets_track(o, 0, &other), 1);
    offsets_end(o, ticket, 1, OUTCOME_CREATED);
    assert_int_equal(offsets_track(o, 0, &other), 1);
    assert_int_equal(offsets_track(o, 5, &ticket), 0);
    assert_int_equal(offsets_track(o, 5, &other), 1);
    assert_int_equal(offsets_track(o, 4, &other), 1);
    assert_int_equal(other, 4711);
    assert_int_equal(offsets_counts(o)->consumed, 2);
    assert_int_equal(offsets_pending(o), 1);
    offsets_free(o);
}

static void an_end_reached_carries_the_frontier_over_gaps(void **state)
{
    struct offsets *o = offsets_new();
    uint64_t a = 0, b = 0;

    (void)state;
    assert_non_null(o);
    assert_int_equal(offsets_track(o, 3, &a), 0);
    offsets_reach(o, 10);
    offsets_reach(o, 8); /* an older end says nothing new */
    assert_int_equal(offsets_frontier(o), -1); /* 3 is under way */
    offsets_end(o, a, 1, OUTCOME_CREATED);
    assert_int_equal(offsets_frontier(o), 10);
    offsets_reach(o, 7);
    assert_int_equal(offsets_frontier(o), 10);
    assert_int_equal(offsets_track(o, 9, &b), 1);
    assert_int_equal(offsets_track(o, 12, &a), 0);
    assert_int_equal(offsets_track(o, 13, &b), 0);
    offsets_reach(o, 20);
    assert_int_equal(offsets_frontier(o), 10);
    offsets_end(o, b, 1, OUTCOME_CREATED);
    assert_int_equal(offsets_frontier(o), 10);
    offsets_end(o, a, 1, OUTCOME_CREATED);
    assert_int_equal(offsets_frontier(o), 20);
    offsets_free(o);
}

static void a_partition_without_records_is_done_at_its_end(void **state)
{
    struct offsets *o = offsets_new();

    (void)state;
    assert_non_null(o);
    offsets_reach(o, 0);
    assert_int_equal(offsets_frontier(o), 0);
    offsets_reach(o, 42);
    assert_int_equal(offsets_frontier(o), 42);
    assert_int_equal(offsets_counts(o)->consumed, 0);
    offsets_free(o);
}

static void a_reset_releases_what_is_pending_and_forgets_the_frontier(
    void **state)
{
    struct offsets *o = offsets_new();
    uint64_t old[3] = {0}, again = 0;

    (void)state;
    assert_non_null(o);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(offsets_track(o, 100 + i, &old[i]), 0);
    }
    offsets_end(o, old[0], 1, OUTCOME_CREATED);
    offsets_reach(o, 500);
    offsets_reset(o);
    assert_int_equal(offsets_frontier(o), -1);
    assert_int_equal(offsets_pending(o), 0);
    assert_int_equal(offsets_counts(o)->ended[OUTCOME_RELEASED], 2);
    /* Its next owner is us again, from what was committed. */
    assert_int_equal(offsets_track(o, 101, &again), 0);
    assert_int_equal(offsets_pending(o), 1);
    offsets_end(o, old[1], 1, OUTCOME_UPDATED); /* too late: ignored */
    assert_int_equal(offsets_frontier(o), -1);
    assert_int_equal(offsets_pending(o), 1);
    assert_int_equal(offsets_counts(o)->ended[OUTCOME_UPDATED], 0);
    assert_int_equal(offsets_counts(o)->ended[OUTCOME_CREATED], 1);
    assert_int_equal(again, old[2] + 1);
    offsets_end(o, old[2], 2, OUTCOME_UPDATED); /* of these the first */
    assert_int_equal(offsets_frontier(o), 102);
    assert_int_equal(offsets_counts(o)->ended[OUTCOME_UPDATED], 1);
    assert_int_equal(offsets_counts(o)->consumed, 4);
    offsets_reset(o);
    assert_int_equal(offsets_counts(o)->ended[OUTCOME_RELEASED], 2);
    offsets_free(o);
}

static void the_equation_holds_through_resets(void **state)
{
    struct offsets *o = offsets_new();
    static uint64_t tickets[500];

    (void)state;
    assert_non_null(o);
    for (int turn = 0; turn < 50; turn++) {
        size_t n = 1 + random_below(500);
        uint64_t sum;

        for (size_t i = 0; i < n; i++) {
            assert_int_equal(offsets_track(o, (int64_t)i, &tickets[i]), 0);
        }
        for (size_t i = 0; i < n; i++) {
            if (random_below(2) == 0) {
                offsets_end(o, tickets[i], 1, OUTCOME_UPDATED);
            }
        }
        if (random_below(2) == 0) {
            offsets_reset(o);
            assert_int_equal(offsets_pending(o), 0);
        } else {
            offsets_free(o);
            o = offsets_new();
            assert_non_null(o);
        }
        sum = offsets_pending(o);
        for (size_t k = 0; k < OUTCOME_COUNT; k++) {
            sum += offsets_counts(o)->ended[k];
        }
        assert_int_equal(sum, offsets_counts(o)->consumed);
    }
    offsets_free(o);
}

/* In a process of its own: does ending tickets[i] twice abort? */
static bool aborts_on_second_end(struct offsets *o, uint64_t ticket)
{
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        (void)close(STDERR_FILENO); /* assert's words would be in the way */
        (void)signal(SIGABRT, SIG_DFL);
        offsets_end(o, ticket, 1, OUTCOME_CREATED);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void a_ticket_is_ended_once(void **state)
{
    struct offsets *o = offsets_new();
    uint64_t a = 0, b = 0, c = 0;

    (void)state;
#ifdef NDEBUG
    offsets_free(o);
    skip();
#endif
    assert_non_null(o);
    assert_int_equal(offsets_track(o, 1, &a), 0);
    assert_int_equal(offsets_track(o, 2, &b), 0);
    assert_int_equal(offsets_track(o, 3, &c), 0);
    offsets_end(o, a, 1, OUTCOME_CREATED);
    offsets_end(o, c, 1, OUTCOME_CREATED);
    assert_true(aborts_on_second_end(o, a)); /* forgotten already */
    assert_true(aborts_on_second_end(o, c)); /* still in the ring */
    assert_false(aborts_on_second_end(o, b));
    offsets_free(o);
}

static void the_ring_grows_with_its_head_anywhere(void **state)
{
    static uint64_t tickets[10000];

    (void)state;
    for (size_t before = 0; before < 3000; before += 499) {
        struct offsets *o = offsets_new();

        assert_non_null(o);
        for (size_t i = 0; i < before; i++) {
            assert_int_equal(offsets_track(o, (int64_t)i, &tickets[0]), 0);
            offsets_end(o, tickets[0], 1, OUTCOME_CREATED);
        }
        for (size_t i = 0; i < 10000; i++) {
            assert_int_equal(
                offsets_track(o, (int64_t)(before + i), &tickets[i]), 0);
        }
        for (size_t i = 10000; i-- > 1;) {
            offsets_end(o, tickets[i], 1, OUTCOME_CREATED);
        }
        assert_int_equal(
            offsets_frontier(o), before > 0 ? (int64_t)before : -1);
        offsets_end(o, tickets[0], 1, OUTCOME_CREATED);
        assert_int_equal(offsets_frontier(o), before + 10000);
        offsets_free(o);
    }
}

static void a_ledger_without_memory_is_none(void **state)
{
    struct offsets *o;
    unsigned long n = 0;

    (void)state;
    for (;; n++) {
        failing_memory_begin(n);
        o = offsets_new();
        if (!failing_memory_end()) {
            break;
        }
        assert_null(o);
    }
    assert_true(n > 0);
    assert_non_null(o);
    offsets_free(o);
}

/* The consumer stops at such a record and asks again: nothing may be lost. */
static void a_record_that_finds_no_memory_is_not_taken(void **state)
{
    struct offsets *o = offsets_new();
    static uint64_t tickets[5000];
    size_t refused = 0;

    (void)state;
    assert_non_null(o);
    for (size_t i = 0; i < 5000;) {
        struct offsets_counts before = *offsets_counts(o);
        int rc;

        failing_memory_begin(refused % 2 == 0 ? 0 : 1000);
        rc = offsets_track(o, (int64_t)i, &tickets[i]);
        if (!failing_memory_end()) {
            assert_int_equal(rc, 0);
            refused += refused % 2;
            i++;
            continue;
        }
        assert_int_equal(rc, -1);
        assert_int_equal(offsets_pending(o), i);
        assert_memory_equal(offsets_counts(o), &before, sizeof(before));
        refused++;
    }
    assert_int_equal(refused, 6); /* 1024, 2048, 4096: twice counted each */
    for (size_t i = 5000; i-- > 0;) {
        offsets_end(o, tickets[i], 1, OUTCOME_CREATED);
    }
    assert_int_equal(offsets_frontier(o), 5000);
    offsets_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frontier_is_the_models_in_any_order),
        cmocka_unit_test(
            an_offset_is_committable_only_when_all_before_it_ended),
        cmocka_unit_test(a_record_delivered_again_is_told_and_not_counted),
        cmocka_unit_test(an_end_reached_carries_the_frontier_over_gaps),
        cmocka_unit_test(a_partition_without_records_is_done_at_its_end),
        cmocka_unit_test(
            a_reset_releases_what_is_pending_and_forgets_the_frontier),
        cmocka_unit_test(the_equation_holds_through_resets),
        cmocka_unit_test(a_ticket_is_ended_once),
        cmocka_unit_test(the_ring_grows_with_its_head_anywhere),
        cmocka_unit_test(a_ledger_without_memory_is_none),
        cmocka_unit_test(a_record_that_finds_no_memory_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
