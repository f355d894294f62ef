/* Leaving librdkafka, with calls of our own in its place. */
#include "common/kafka_end.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdatomic.h>
#include <unistd.h>

static struct {
    atomic_uint closed, destroyed;
    atomic_bool hangs;
} library;

rd_kafka_resp_err_t rd_kafka_consumer_close(rd_kafka_t *rk)
{
    (void)rk;
    while (atomic_load(&library.hangs)) {
        (void)usleep(1000);
    }
    atomic_fetch_add(&library.closed, 1);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void rd_kafka_destroy(rd_kafka_t *rk)
{
    (void)rk;
    atomic_fetch_add(&library.destroyed, 1);
}

static void the_steps_are_taken(void **state)
{
    rd_kafka_t *rk = (rd_kafka_t *)&library;

    (void)state;
    assert_true(kafka_end(rk, KAFKA_LEAVE));
    assert_int_equal(atomic_load(&library.closed), 1);
    assert_int_equal(atomic_load(&library.destroyed), 0);
    assert_true(kafka_end(rk, KAFKA_DESTROY));
    assert_int_equal(atomic_load(&library.closed), 1);
    assert_int_equal(atomic_load(&library.destroyed), 1);
    assert_true(kafka_end(rk, KAFKA_LEAVE | KAFKA_DESTROY));
    assert_int_equal(atomic_load(&library.closed), 2);
    assert_int_equal(atomic_load(&library.destroyed), 2);
}

static void what_never_returns_is_left_behind(void **state)
{
    unsigned before = atomic_load(&library.destroyed);

    (void)state;
    atomic_store(&library.hangs, true);
    assert_false(
        kafka_end((rd_kafka_t *)&library, KAFKA_LEAVE | KAFKA_DESTROY));
    assert_int_equal(atomic_load(&library.destroyed), before);
    atomic_store(&library.hangs, false);
    while (atomic_load(&library.destroyed) == before) {
        (void)usleep(1000); /* the thread ends what it began */
    }
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(the_steps_are_taken),
        cmocka_unit_test(what_never_returns_is_left_behind),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
