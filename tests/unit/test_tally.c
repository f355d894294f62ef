/* Words counted, boundedly; and the last few records. */
#include "bridge/watch/recent.h"
#include "bridge/watch/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void each_word_is_counted_with_its_last_note(void **state)
{
    struct tally t = {0};

    (void)state;
    tally_add(&t, "mapper_parsing_exception", "first");
    tally_add(&t, "record_not_a_document", NULL);
    tally_add(&t, "mapper_parsing_exception", "second");
    assert_int_equal(t.n, 2);
    assert_string_equal(t.rows[0].word, "mapper_parsing_exception");
    assert_int_equal(t.rows[0].count, 2);
    assert_string_equal(t.rows[0].note, "second");
    assert_int_equal(t.rows[1].count, 1);
    assert_string_equal(t.rows[1].note, "");
}

static void words_without_end_are_counted_together(void **state)
{
    struct tally t = {0};
    uint64_t sum = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        char word[16];

        (void)snprintf(word, sizeof(word), "word%d", i % 100);
        tally_add(&t, word, NULL);
    }
    assert_int_equal(t.n, TALLY_MOST);
    assert_string_equal(t.rows[TALLY_MOST - 1].word, "others");
    assert_int_equal(t.rows[0].count, 10);
    for (size_t i = 0; i < t.n; i++) {
        sum += t.rows[i].count;
    }
    assert_int_equal(sum, 1000);
}

static void long_words_are_cut_between_characters(void **state)
{
    struct tally t = {0};
    char word[200] = "x";

    (void)state;
    while (strlen(word) + 4 < sizeof(word)) {
        (void)strcat(word, "\xea\xb0\x80"); /* three bytes */
    }
    tally_add(&t, word, word);
    tally_add(&t, word, word);
    assert_int_equal(t.n, 1);
    assert_int_equal(t.rows[0].count, 2);
    assert_int_equal(strlen(t.rows[0].word), 1 + 3 * 20);
    assert_int_equal(strlen(t.rows[0].note), 1 + 3 * 65);
}

static struct record record_of(const char *key, const char *value, int64_t at)
{
    return (struct record){.topic = "t",
        .partition = 1,
        .offset = at,
        .timestamp_ms = -1,
        .has_key = key != NULL,
        .key = slice_of(key != NULL ? key : ""),
        .has_value = value != NULL,
        .value = slice_of(value != NULL ? value : "")};
}

static void only_as_many_records_a_second_are_looked_at(void **state)
{
    struct recent r = {0};

    (void)state;
    for (int64_t i = 0; i < 100; i++) {
        struct record one = record_of("k", "{}", i);

        recent_take(&r, &one); /* nothing is wanted yet */
    }
    assert_int_equal(r.n, 0);
    for (int64_t second = 0; second < 5; second++) {
        recent_refill(&r);
        for (int64_t i = 0; i < 100; i++) {
            struct record one = record_of("k", "{}", second * 100 + i);

            recent_take(&r, &one);
        }
    }
    assert_int_equal(r.n, RECENT_MOST);
    assert_int_equal(recent_row(&r, 0)->offset, 402);
    assert_int_equal(recent_row(&r, 1)->offset, 401);
    assert_int_equal(recent_row(&r, 3)->offset, 302);
}

static void records_are_shortened_and_tombstones_have_no_value(void **state)
{
    struct recent r = {0};
    char value[1000];
    struct record one;

    (void)state;
    memset(value, 'v', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    /* Two bytes, across the cut. */
    memcpy(value + RECENT_VALUE_BYTES - 1, "\xc3\xa4", 2);
    recent_refill(&r);
    one = record_of("key", value, 1);
    recent_take(&r, &one);
    one = record_of(NULL, NULL, 2);
    recent_take(&r, &one);
    assert_int_equal(recent_row(&r, 1)->value_bytes, 999);
    assert_int_equal(recent_row(&r, 1)->shown_bytes, RECENT_VALUE_BYTES - 1);
    assert_memory_equal(recent_row(&r, 1)->key, "key", 3);
    assert_false(recent_row(&r, 0)->has_value);
    assert_false(recent_row(&r, 0)->has_key);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(each_word_is_counted_with_its_last_note),
        cmocka_unit_test(words_without_end_are_counted_together),
        cmocka_unit_test(long_words_are_cut_between_characters),
        cmocka_unit_test(only_as_many_records_a_second_are_looked_at),
        cmocka_unit_test(records_are_shortened_and_tombstones_have_no_value),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
