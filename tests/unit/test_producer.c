/* What the producer says of a record before it is sent, and what librdkafka
 * then does. No broker is needed for that. */
#include "replay/producer.h"

#include "common/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES 20000
#define AROUND 600 /* more than the least and the most that may be reserved */

struct bench {
    struct config *config;
    struct producer *producer;
    char *value;
};

static struct bench open_bench(const struct producer_plan *plan)
{
    struct bench b = {.config = config_new(NULL, 0)};
    struct error err;

    assert_int_equal(
        config_set(b.config, "kafka.bootstrap.servers=127.0.0.1:1", &err), 0);
    b.producer = producer_new(b.config, plan, &err);
    assert_non_null(b.producer);
    b.value = malloc(MOST_BYTES + AROUND);
    memset(b.value, 'x', MOST_BYTES + AROUND);
    return b;
}

static void close_bench(struct bench *b)
{
    producer_free(b->producer);
    config_free(b->config);
    free(b->value);
}

/* Over all sizes about the limit; returns the largest that fits. */
static size_t all_that_fit_are_taken(const struct producer_plan *plan)
{
    struct bench b = open_bench(plan);
    struct record_sink sink = producer_sink(b.producer);
    size_t most = 0;
    struct error err;

    for (size_t n = MOST_BYTES - 2 * AROUND; n < MOST_BYTES + AROUND; n++) {
        const struct out_record r = {.key = {"005930", 6},
            .value = {b.value, n},
            .path = "f.csv",
            .line = 2};

        if (sink.fits(sink.self, &r)) {
            assert_int_equal(sink.send(sink.self, &r, &err), RECORD_TAKEN);
            most = n;
        }
    }
    close_bench(&b);
    return most;
}

static void what_fits_is_taken(void **state)
{
    const struct producer_header headers[] = {
        {"source", "krx"}, {"a-rather-long-name", "and its value"}};
    size_t plain, with_headers;

    (void)state;
    plain = all_that_fit_are_taken(
        &(struct producer_plan){.topic = "t", .most_bytes = MOST_BYTES});
    with_headers = all_that_fit_are_taken(&(struct producer_plan){.topic = "t",
        .most_bytes = MOST_BYTES,
        .headers = headers,
        .n_headers = 2});
    assert_in_range(plain, MOST_BYTES - 600, MOST_BYTES);
    assert_in_range(with_headers, plain - 100, plain - 1);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(what_fits_is_taken),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
