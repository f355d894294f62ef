/* Quantiles against sorting the same values. */
#include "common/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define MOST_VALUES 2000

static const double shares[] = {
    0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0};

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Below what index of n sorted values does the share q lie? */
static size_t place_of(double q, size_t n)
{
    size_t place = 0;

    while ((double)(place + 1) < q * (double)n) {
        place++;
    }
    return place;
}

static void check_quantiles(int64_t *values, size_t n)
{
    struct histogram h = {0};

    for (size_t i = 0; i < n; i++) {
        histogram_add(&h, values[i]);
    }
    qsort(values, n, sizeof(*values), by_value);
    assert_int_equal(h.count, n);
    assert_int_equal(h.max, values[n - 1]);
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        int64_t got = histogram_quantile(&h, shares[i]);
        int64_t exact = values[place_of(shares[i], n)];

        if (got < exact || (double)got >= 1.25 * (double)exact + 1.0) {
            fail_msg("quantile %g of %zu values: %lld, exactly %lld", shares[i],
                n, (long long)got, (long long)exact);
        }
    }
}

static void a_quantile_is_an_upper_bound_by_less_than_a_quarter(void **state)
{
    static int64_t values[MOST_VALUES];
    uint64_t random = 88172645463325252u;

    (void)state;
    for (size_t n = 1; n <= MOST_VALUES; n += n < 130 ? 1 : 311) {
        for (unsigned bits = 1; bits <= 40; bits += 3) {
            for (size_t i = 0; i < n; i++) {
                values[i] =
                    (int64_t)(next(&random) & ((UINT64_C(1) << bits) - 1));
            }
            check_quantiles(values, n);
        }
    }
}

static void small_values_are_exact(void **state)
{
    (void)state;
    for (int64_t v = 0; v < 8; v++) {
        struct histogram h = {0};

        histogram_add(&h, v);
        histogram_add(&h, 1000);
        assert_int_equal(histogram_quantile(&h, 0.5), v);
        assert_int_equal(histogram_quantile(&h, 1.0), 1000);
        assert_int_equal(histogram_at_most(&h, v), 1);
        assert_int_equal(histogram_at_most(&h, v - 1), 0);
    }
}

static void values_beyond_the_last_bucket_keep_the_bound(void **state)
{
    struct histogram h = {0};

    (void)state;
    histogram_add(&h, INT64_C(1) << 45);
    histogram_add(&h, INT64_C(1) << 46);
    assert_true(histogram_quantile(&h, 0.5) >= INT64_C(1) << 45);
    assert_int_equal(histogram_quantile(&h, 1.0), INT64_C(1) << 46);
    assert_int_equal(histogram_at_most(&h, INT64_C(1) << 44), 0);
    h = (struct histogram){0};
    histogram_add(&h, INT64_MAX);
    assert_int_equal(histogram_quantile(&h, 1.0), INT64_MAX);
}

static void an_empty_histogram_answers_nought(void **state)
{
    struct histogram h = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        assert_int_equal(histogram_quantile(&h, shares[i]), 0);
    }
    assert_int_equal(histogram_at_most(&h, INT64_MAX), 0);
}

static void what_lies_below_nought_counts_as_nought(void **state)
{
    struct histogram h = {0};

    (void)state;
    histogram_add(&h, -5);
    histogram_add(&h, INT64_MIN);
    histogram_add(&h, 3);
    assert_int_equal(h.count, 3);
    assert_int_equal(h.sum, 3);
    assert_int_equal(h.max, 3);
    assert_int_equal(histogram_quantile(&h, 0.5), 0);
    assert_int_equal(histogram_at_most(&h, 0), 2);
}

static void at_most_never_counts_too_many_and_rises(void **state)
{
    struct histogram h = {0};
    uint64_t before = 0;

    (void)state;
    for (int64_t v = 0; v < 5000; v++) {
        histogram_add(&h, v);
    }
    assert_int_equal(h.sum, 5000 * 4999 / 2);
    for (int64_t v = 0; v < 10000; v++) {
        uint64_t got = histogram_at_most(&h, v);

        assert_true(got <= (uint64_t)(v < 5000 ? v + 1 : 5000));
        assert_true(got >= before);
        assert_true((double)(got + 1) * 1.25 >= (double)(v < 5000 ? v : 5000));
        before = got;
    }
    assert_int_equal(before, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quantile_is_an_upper_bound_by_less_than_a_quarter),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(values_beyond_the_last_bucket_keep_the_bound),
        cmocka_unit_test(an_empty_histogram_answers_nought),
        cmocka_unit_test(what_lies_below_nought_counts_as_nought),
        cmocka_unit_test(at_most_never_counts_too_many_and_rises),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
