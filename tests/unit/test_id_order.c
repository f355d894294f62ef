/* No overtaking within an id, against a model that keeps a queue per id.
 * Messages are NULL; docs are told apart by their tickets. */
#include "bridge/id_order.h"

#include "tests/unit/failing_memory.h"
#include "tests/unit/random_below.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct doc doc_of(uint64_t key, uint64_t ticket)
{
    return (struct doc){.order_key = key, .ticket = ticket};
}

static void the_first_goes_and_the_next_wait_in_order(void **state)
{
    struct id_order *o = id_order_new();
    struct doc doc = doc_of(7, 1);

    (void)state;
    assert_int_equal(id_order_enter(o, &doc, 10), 0);
    doc.ticket = 2;
    assert_int_equal(id_order_enter(o, &doc, 20), 1);
    doc.ticket = 3;
    assert_int_equal(id_order_enter(o, &doc, 30), 1);
    assert_int_equal(id_order_waiting(o), 2);
    assert_int_equal(id_order_waiting_bytes(o), 50);
    assert_false(id_order_next(o, &doc));

    id_order_leave(o, 7);
    assert_true(id_order_next(o, &doc));
    assert_int_equal(doc.ticket, 2);
    assert_false(id_order_next(o, &doc));
    assert_int_equal(id_order_waiting_bytes(o), 30);

    id_order_leave(o, 7);
    assert_true(id_order_next(o, &doc));
    assert_int_equal(doc.ticket, 3);
    assert_int_equal(id_order_under_way(o), 1);
    id_order_leave(o, 7);
    assert_int_equal(id_order_under_way(o), 0);
    assert_int_equal(id_order_waiting(o), 0);
    id_order_free(o);
}

static void other_ids_pass(void **state)
{
    struct id_order *o = id_order_new();
    struct doc a = doc_of(1, 1), b = doc_of(2, 2);

    (void)state;
    assert_int_equal(id_order_enter(o, &a, 1), 0);
    assert_int_equal(id_order_enter(o, &a, 1), 1);
    assert_int_equal(id_order_enter(o, &b, 1), 0);
    id_order_free(o); /* with one waiting */
}

static void keys_differ(void **state)
{
    (void)state;
    assert_int_equal(id_order_key(slice_of("2022-01-03-005930")),
        id_order_key(slice_of("2022-01-03-005930")));
    assert_true(id_order_key(slice_of("2022-01-03-005930")) !=
                id_order_key(slice_of("2022-01-03-005935")));
    assert_true(id_order_key(slice_of("")) != id_order_key(slice_of("0")));
}

/* ---- the model ---- */

#define KEYS 3000
#define STEPS 400000

struct queue {
    uint64_t tickets[64];
    size_t n;
};

static struct queue queues[KEYS]; /* tickets[0] is under way */

/* Keys that share their home slots, so that probing and gaps are met. */
static uint64_t key_of(size_t i)
{
    return (i % 3) + (uint64_t)(i / 3) * 1048576;
}

static void leave_and_check(struct id_order *o, struct queue *q, uint64_t key)
{
    struct doc doc;

    q->n--;
    memmove(q->tickets, q->tickets + 1, q->n * sizeof(q->tickets[0]));
    id_order_leave(o, key);
    assert_int_equal(id_order_next(o, &doc), q->n > 0);
    if (q->n > 0) {
        assert_int_equal(doc.order_key, key);
        assert_int_equal(doc.ticket, q->tickets[0]);
    }
}

static void it_does_what_a_queue_per_id_does(void **state)
{
    struct id_order *o = id_order_new();
    size_t under_way = 0, waiting = 0;

    (void)state;
    for (uint64_t step = 0; step < STEPS; step++) {
        size_t i = random_below(step % 1000 < 500 ? 60 : KEYS);
        struct queue *q = &queues[i];

        if (q->n < 64 && random_below(100) < 52) {
            struct doc doc = doc_of(key_of(i), step);

            assert_int_equal(id_order_enter(o, &doc, 1), q->n > 0);
            under_way += q->n == 0;
            waiting += q->n > 0;
            q->tickets[q->n++] = step;
        } else if (q->n > 0) {
            leave_and_check(o, q, key_of(i));
            under_way -= q->n == 0;
            waiting -= q->n > 0;
        }
        assert_int_equal(id_order_under_way(o), under_way);
        assert_int_equal(id_order_waiting(o), waiting);
        assert_int_equal(id_order_waiting_bytes(o), waiting);
    }
    id_order_free(o);
}

static void one_that_is_not_under_way_cannot_leave(void **state)
{
    pid_t child = fork();
    int status;

    (void)state;
    if (child == 0) {
        struct id_order *o = id_order_new();

        (void)!freopen("/dev/null", "w", stderr);
        id_order_leave(o, 1);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void what_finds_no_memory_has_not_entered(void **state)
{
    struct id_order *o = NULL;
    struct doc doc = doc_of(0, 0);
    size_t entered = 0;

    (void)state;
    for (unsigned long n = 0; o == NULL; n++) {
        failing_memory_begin(n);
        o = id_order_new();
        assert_true(failing_memory_end() == (o == NULL));
        assert_true(n < 3);
    }
    /* Keys 0 to 1999, each twice: the second waits. */
    while (entered < 4000) {
        int want = entered % 2 == 0 ? 0 : 1, rc = -1;

        doc = doc_of(entered / 2, entered);
        for (unsigned long n = 0; rc < 0; n++) {
            failing_memory_begin(n);
            rc = id_order_enter(o, &doc, 1);
            if (failing_memory_end()) {
                assert_int_equal(rc, -1);
                assert_int_equal(id_order_under_way(o), (entered + 1) / 2);
                assert_int_equal(id_order_waiting(o), entered / 2);
            } else {
                assert_int_equal(rc, want);
            }
        }
        entered++;
    }
    for (uint64_t key = 0; key < 2000; key++) {
        id_order_leave(o, key);
        assert_true(id_order_next(o, &doc));
        assert_int_equal(doc.ticket, 2 * key + 1);
    }
    id_order_free(o);
}

static void what_still_waits_is_freed_with_it(void **state)
{
    struct id_order *o = id_order_new();
    struct doc doc;

    (void)state;
    for (uint64_t i = 0; i < 9; i++) {
        doc = doc_of(i / 3, i);
        assert_true(id_order_enter(o, &doc, 1) >= 0);
    }
    id_order_leave(o, 0); /* one is ready, too; a sanitizer sees what is left */
    id_order_free(o);
    id_order_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_goes_and_the_next_wait_in_order),
        cmocka_unit_test(other_ids_pass),
        cmocka_unit_test(keys_differ),
        cmocka_unit_test(it_does_what_a_queue_per_id_does),
        cmocka_unit_test(one_that_is_not_under_way_cannot_leave),
        cmocka_unit_test(what_finds_no_memory_has_not_entered),
        cmocka_unit_test(what_still_waits_is_freed_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
