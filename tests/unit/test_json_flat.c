/* The short cut finds what the long way finds, or nothing. */
#include "common/json_flat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* In memory that ends where the text does, so that reading on is seen. */
static bool find(
    const char *text, size_t len, struct json_field *fields, size_t n)
{
    char *copy = malloc(len > 0 ? len : 1);
    bool found;

    assert_non_null(copy);
    memcpy(copy, text, len);
    for (size_t i = 0; i < n; i++) {
        fields[i].found = false;
    }
    found = json_find_flat((struct slice){copy, len}, fields, n);
    for (size_t i = 0; i < n && found; i++) {
        fields[i].value.raw.p = text + (fields[i].value.raw.p - copy);
    }
    free(copy);
    return found;
}

static void expect(const struct json_field *f, const char *value)
{
    assert_true(f->found);
    assert_true(slice_is(f->value.raw, value));
}

#ifdef __SSE2__
static void fields_are_found_wherever_the_blocks_end(void **state)
{
    (void)state;
    for (int pad = 0; pad < 200; pad++) {
        struct json_field f[] = {{.name = slice_of("Date")},
            {.name = slice_of("Code")}, {.name = slice_of("Rank")},
            {.name = slice_of("Code")}};
        char text[512];
        int n = snprintf(text, sizeof(text),
            "{\"Code\":\"005930\",\"Name\":\"%.*s\",\"Dat\":1,\"Open\":-1.5,"
            "\"Rank\":12,\"Date\":\"2022-01-03\"}",
            pad,
            "----------------------------------------------------------------"
            "----------------------------------------------------------------"
            "----------------------------------------------------------------"
            "--------");

        assert_true(find(text, (size_t)n, f, COUNT_OF(f)));
        expect(&f[0], "2022-01-03");
        expect(&f[1], "005930");
        expect(&f[2], "12");
        expect(&f[3], "005930");
        assert_int_equal(f[2].value.kind, JSON_NUMBER);
    }
}

static void of_a_key_given_twice_the_first_counts(void **state)
{
    struct json_field f = {.name = slice_of("a")};
    const char *text = "{\"x\":\"a\",\"a\":1,\"a\":2}";

    (void)state;
    assert_true(find(text, strlen(text), &f, 1));
    expect(&f, "1");
}

/* Texts of many shapes with the same fields struct: a place learnt from one
 * must never give what the text itself does not say. */
static void places_of_the_last_text_are_only_a_guess(void **state)
{
    static const char *const texts[] = {
        "{\"Code\":\"1\",\"Name\":\"n\",\"Date\":\"d1\"}",
        "{\"Code\":\"2\",\"Name\":\"n\",\"Date\":\"d2\"}",
        "{\"Date\":\"d3\",\"Name\":\"n\",\"Code\":\"3\"}",
        "{\"x\":\"Date\",\"Code\":\"4\",\"Date\":\"d4\"}",
        "{\"Code\":\"5\",\"Date\":\"d5\",\"Name\":\"Date\"}",
        "{\"Code\":\"6\",\"Name\":\"n\",\"Date\":\"d6\",\"y\":1}",
        "{\"a\":1,\"Code\":\"7\",\"Name\":\"n\",\"Date\":\"d7\"}",
        "{\"a\":\"" /* a block and more before them */
        "------------------------------------------------------------------"
        "\",\"Code\":\"8\",\"Date\":\"d8\"}",
    };
    struct json_field f[] = {
        {.name = slice_of("Date")}, {.name = slice_of("Code")}};
    char date[8], code[8];

    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        size_t which = (i * i + i / 7) % COUNT_OF(texts);
        const char *text = texts[which];

        (void)snprintf(date, sizeof(date), "d%zu", which + 1);
        (void)snprintf(code, sizeof(code), "%zu", which + 1);
        assert_true(find(text, strlen(text), f, 2));
        expect(&f[0], date);
        expect(&f[1], code);
    }
}

/* A place learnt from the end of a long text, where later texts have something
 * else: nested, escaped, cut, longer behind, or nothing. */
static void a_place_from_the_end_is_only_a_guess(void **state)
{
#define LONG                                                                   \
    "{\"Code\":\"1\",\"Name\":\"--------------------------------------------"  \
    "--------------------------------------------------------\","
    static const char known[] = LONG "\"Rank\":5,\"Date\":\"2022-01-03\"}";
    static const struct {
        const char *text, *date;
    } later[] = {
        {LONG "\"Rank\":6,\"Date\":\"2022-01-04\"}", "2022-01-04"},
        {LONG "\"Date\":\"right\",\"x\":{\"Date\":\"wrong\"}}", "right"},
        {LONG "\"Date\":\"right\",\"x\":[{\"y\":1,\"Date\":\"no\"}]}", "right"},
        {LONG
            "\"Date\":\"right\",\"x\":{\"y\":\"-------------------------------"
            "------------------------------------\",\"Date\":\"wrong\"}}",
            "right"},
        {LONG "\"x\":{\"y\":1,\"Date\":\"wrong\"}}", NULL},
        {LONG "\"x\":\"\\\",\\\"Date\\\":\\\"wrong\\\"\"}", NULL},
        {LONG "\"Date\":\"right\",\"x\":\"Date\",\"y\":\",\"}", "right"},
        {LONG "\"Date\":\"right\",\"Rank\":\"2022\"}", "right"},
        {LONG "\"Day\":\"2022-01-03\"}", NULL},
        {LONG "\"Date\":7}", "7"},
        {LONG "\"Date\":\"d\"} ", "d"},
    };
    struct json_field both[] = {
        {.name = slice_of("Rank")}, {.name = slice_of("Date")}};
#undef LONG

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_true(find(known, strlen(known), both, 2));
        expect(&both[0], "5");
        expect(&both[1], "2022-01-03");
    }
    assert_int_equal(both[0].from_end, 6);
    for (size_t i = 0; i < COUNT_OF(later); i++) {
        struct json_field f = {.name = slice_of("Date")};
        struct slice text = slice_of(later[i].text);
        size_t bad_at;

        for (int twice = 0; twice < 2; twice++) {
            assert_true(find(known, strlen(known), &f, 1));
            expect(&f, "2022-01-03");
        }
        assert_int_equal(f.from_end, 4);
        assert_int_equal(json_find_fields(text, &f, 1, &bad_at), 0);
        assert_int_equal(f.found, later[i].date != NULL);
        if (f.found) {
            expect(&f, later[i].date);
        }
    }
}
#endif

/* Also what only looks like a key inside a text. */
static void what_it_does_not_see_through_is_left_alone(void **state)
{
    static const char *const texts[] = {"{}", "{\"b\":1}", "{\"b\":\"a\"}",
        "{\"b\":{\"a\":1},\"a\":2}", "{\"b\":[\"a\"],\"a\":2}",
        "{\"b\":\"\\\",\\\"a\\\":1\",\"a\":2}", "{\"b\" :1,\"a\" :2}",
        "{\"b\":\"x\" ,\"a\":2}", "{\"a\":", "{\"a\"", "{\"a\":\"x", "{\"",
        "{\"b\":\"x\"y,\"a\":1}", "{\"a\":{\"b\":1}}"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct json_field f = {.name = slice_of("a")};

        if (find(texts[i], strlen(texts[i]), &f, 1) || f.found) {
            fail_msg("%s", texts[i]);
        }
    }
}

static void no_prefix_is_read_beyond_its_end(void **state)
{
    const char *text =
        "{\"Code\":\"005930\",\"Name\":\"Samsung Electronics Co. "
        "and more of a name\",\"Volume\":1234567890,"
        "\"Marcap\":1234567890123,\"Date\":\"2022-01-03\"}";
    struct json_field f[] = {
        {.name = slice_of("Date")}, {.name = slice_of("Code")}};

    (void)state;
    for (int known = 0; known < 2; known++) {
        for (size_t n = 1; n < strlen(text) - 1; n++) {
            if (find(text, n, f, 2)) {
                fail_msg("found in the first %zu bytes", n);
            }
        }
#ifdef __SSE2__
        assert_true(find(text, strlen(text), f, 2)); /* places are known now */
#endif
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifdef __SSE2__
        cmocka_unit_test(fields_are_found_wherever_the_blocks_end),
        cmocka_unit_test(of_a_key_given_twice_the_first_counts),
        cmocka_unit_test(places_of_the_last_text_are_only_a_guess),
        cmocka_unit_test(a_place_from_the_end_is_only_a_guess),
#endif
        cmocka_unit_test(what_it_does_not_see_through_is_left_alone),
        cmocka_unit_test(no_prefix_is_read_beyond_its_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
