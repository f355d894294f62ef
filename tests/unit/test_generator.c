/*
 * The generator's bytes: the same for ever for a seed, whatever they are cut
 * into; its headers; and what it refuses.
 */
#include "tests/unit/generated_rows.h"

#include <zlib.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define N_COLUMNS 18

static void assert_same_bytes(const struct buf *a, const struct buf *b)
{
    assert_int_equal(a->len_bytes, b->len_bytes);
    assert_memory_equal(a->data, b->data, a->len_bytes);
}

static void a_seed_gives_the_same_bytes_and_another_seed_others(void **state)
{
    struct generator_options o =
        options_of("2001-01-01", "2001-03-31", 50, 12345);
    struct buf a, b, c;

    (void)state;
    buf_init(&a, BUF_MAX_BYTES);
    buf_init(&b, BUF_MAX_BYTES);
    buf_init(&c, BUF_MAX_BYTES);
    generate(&o, &a);
    generate(&o, &b);
    o.seed++;
    generate(&o, &c);
    assert_same_bytes(&a, &b);
    assert_false(
        a.len_bytes == c.len_bytes && memcmp(a.data, c.data, a.len_bytes) == 0);
    buf_fini(&a);
    buf_fini(&b);
    buf_fini(&c);
}

static void years_made_apart_are_the_years_of_one_stream(void **state)
{
    struct generator_options whole =
        options_of("1999-06-01", "2001-02-28", 40, 3);
    struct generator_options parts[] = {
        options_of("1999-06-01", "1999-12-31", 40, 3),
        options_of("2000-01-01", "2000-12-31", 40, 3),
        options_of("2001-01-01", "2001-02-28", 40, 3),
    };
    struct buf a, b;

    (void)state;
    buf_init(&a, BUF_MAX_BYTES);
    buf_init(&b, BUF_MAX_BYTES);
    generate(&whole, &a);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        generate(&parts[i], &b);
    }
    assert_same_bytes(&a, &b);
    buf_fini(&a);
    buf_fini(&b);
}

/* Pins the bytes: a change of these numbers changes every user's history. */
static void the_bytes_of_a_seed_never_change(void **state)
{
    static const struct {
        const char *from, *to;
        uint32_t n_stocks;
        uint64_t seed;
        enum generator_header header;
        bool crlf;
        unsigned long bytes, crc;
    } cases[] = {
        {"1995-05-02", "1995-06-30", 20, 1, GENERATOR_HEADER_2022, false,
            125591, 0xd407215b},
        {"2015-06-01", "2015-06-30", 500, 99, GENERATOR_HEADER_2023, true,
            1698715, 0xb4884157},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct generator_options o = options_of(
            cases[i].from, cases[i].to, cases[i].n_stocks, cases[i].seed);
        unsigned long crc;
        struct buf b;

        o.header = cases[i].header;
        o.crlf = cases[i].crlf;
        buf_init(&b, BUF_MAX_BYTES);
        assert_int_equal(generator_write_header(&o, &b), 0);
        generate(&o, &b);
        crc = crc32(0, (const Bytef *)b.data, (uInt)b.len_bytes);
        if (b.len_bytes != cases[i].bytes || crc != cases[i].crc) {
            fail_msg("case %zu: %zu bytes, CRC %#lx", i, b.len_bytes, crc);
        }
        buf_fini(&b);
    }
}

static void headers_are_those_of_the_source(void **state)
{
    static const char *const lines[] = {
        [GENERATOR_HEADER_2022] =
            "\"Code\",\"Name\",\"Market\",\"Dept\",\"Close\",\"ChangeCode\","
            "\"Changes\",\"ChagesRatio\",\"Open\",\"High\",\"Low\",\"Volume\","
            "\"Amount\",\"Marcap\",\"Stocks\",\"MarketId\",\"Rank\",\"Date\"\n",
        [GENERATOR_HEADER_2023] =
            "\"Code\",\"Name\",\"Close\",\"Dept\",\"ChangeCode\",\"Changes\","
            "\"ChagesRatio\",\"Volume\",\"Amount\",\"Open\",\"High\",\"Low\","
            "\"Marcap\",\"Stocks\",\"Market\",\"MarketId\",\"Rank\",\"Date\"\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct generator_options o = {.header = (enum generator_header)i};
        struct buf b;

        buf_init(&b, BUF_MAX_BYTES);
        assert_int_equal(generator_write_header(&o, &b), 0);
        assert_string_equal(buf_str(&b), lines[i]);
        buf_fini(&b);
    }
}

static void the_2023_order_has_the_same_values_elsewhere(void **state)
{
    /* Where each column of 2022 stands in a row of 2023. */
    static const int places[N_COLUMNS] = {
        0, 1, 14, 3, 2, 4, 5, 6, 9, 10, 11, 7, 8, 12, 13, 15, 16, 17};
    struct generator_options o = options_of("2023-01-02", "2023-01-02", 1, 1);
    char *old_at, *new_at, *new_columns[N_COLUMNS];
    struct buf a, b;

    (void)state;
    buf_init(&a, BUF_MAX_BYTES);
    buf_init(&b, BUF_MAX_BYTES);
    generate(&o, &a);
    o.header = GENERATOR_HEADER_2023;
    generate(&o, &b);
    (void)buf_str(&a);
    (void)buf_str(&b);
    old_at = a.data;
    new_at = b.data;
    for (int i = 0; i < N_COLUMNS; i++) {
        new_columns[i] = take_column(&new_at, *new_at == '"');
    }
    for (int i = 0; i < N_COLUMNS; i++) {
        assert_string_equal(
            take_column(&old_at, *old_at == '"'), new_columns[places[i]]);
    }
    buf_fini(&a);
    buf_fini(&b);
}

static void a_full_buffer_fails_and_loses_no_day(void **state)
{
    struct generator_options o = options_of("2022-01-03", "2022-01-05", 20, 1);
    struct generator *g = generator_new(&o);
    struct buf small, all, again;
    int64_t before, after;

    (void)state;
    assert_non_null(g);
    buf_init(&small, 100);
    buf_init(&all, BUF_MAX_BYTES);
    buf_init(&again, BUF_MAX_BYTES);
    generate(&o, &all);
    assert_true(generator_next_day(g, &before));
    assert_int_equal(generator_write_day(g, &small), -1);
    assert_true(generator_next_day(g, &after));
    assert_int_equal(before, after);
    assert_int_equal(small.len_bytes, 0);
    while (generator_next_day(g, &after)) {
        assert_int_equal(generator_write_day(g, &again), 0);
    }
    assert_same_bytes(&all, &again);
    generator_free(g);
    buf_fini(&small);
    buf_fini(&all);
    buf_fini(&again);
}

static void unusable_options_are_refused_with_a_reason(void **state)
{
    static const struct {
        const char *from, *to;
        uint32_t n_stocks;
        const char *reason; /* NULL: fine */
    } cases[] = {
        {"1995-01-01", "2026-12-31", 5000, NULL},
        {"2020-01-02", "2020-01-02", 1, NULL},
        {"2020-01-02", "2020-01-02", 0, "1 to 5000 stocks, not 0"},
        {"2020-01-02", "2020-01-02", 5001, "1 to 5000 stocks, not 5001"},
        {"2020-01-03", "2020-01-02", 20, "2020-01-03, is after the last"},
        {"1994-12-31", "2020-01-02", 20, "lunar holidays known for year 1994"},
        {"2020-01-02", "2027-01-01", 20, "lunar holidays known for year 2027"},
        {"2020-01-04", "2020-01-05", 20, "closed on all of these days"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct generator_options o =
            options_of(cases[i].from, cases[i].to, cases[i].n_stocks, 1);
        struct error err = {""};
        int rc = generator_check(&o, &err);

        assert_int_equal(rc, cases[i].reason == NULL ? 0 : -1);
        if (rc != 0 && strstr(err.text, cases[i].reason) == NULL) {
            fail_msg("case %zu: %s", i, err.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_gives_the_same_bytes_and_another_seed_others),
        cmocka_unit_test(years_made_apart_are_the_years_of_one_stream),
        cmocka_unit_test(the_bytes_of_a_seed_never_change),
        cmocka_unit_test(headers_are_those_of_the_source),
        cmocka_unit_test(the_2023_order_has_the_same_values_elsewhere),
        cmocka_unit_test(a_full_buffer_fails_and_loses_no_day),
        cmocka_unit_test(unusable_options_are_refused_with_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
