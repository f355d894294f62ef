/* The word that a person meant, or none when nothing is near. */
#include "common/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const char *const known[] = {
    "topics", "index", "id", "linger_ms", "batch_docs", "batch_bytes", "pace"};

static const char *nearest(const char *word)
{
    struct suggest s;

    suggest_start(&s, word);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        suggest_offer(&s, known[i]);
    }
    return suggest_best(&s);
}

static void the_word_with_the_fewest_edits_is_found(void **state)
{
    static const struct {
        const char *typed, *meant; /* NULL: nothing is near */
    } cases[] = {
        {"topics", "topics"},
        {"topic", "topics"},   /* one missing */
        {"topicss", "topics"}, /* one too many */
        {"tobics", "topics"},  /* one wrong */
        {"otpics", "topics"},  /* two swapped: two edits */
        {"tpics", "topics"},
        {"opics", "topics"},
        {"linger", "linger_ms"}, /* breaks off early */
        {"linger_m", "linger_ms"},
        {"batch_docz", "batch_docs"},
        {"batch_byte", "batch_bytes"},
        {"indexxxx", "index"}, /* three of eight */
        {"indexxxxx", NULL},   /* four of nine */
        {"pase", "pace"},
        {"zzzz", NULL},
        {"password", NULL},
        {"", NULL},
        {"x", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *best = nearest(cases[i].typed);

        if ((best == NULL) != (cases[i].meant == NULL) ||
            (best != NULL && strcmp(best, cases[i].meant) != 0)) {
            fail_msg("'%s' suggests %s", cases[i].typed,
                best != NULL ? best : "nothing");
        }
    }
}

static void nothing_offered_suggests_nothing(void **state)
{
    struct suggest s;

    (void)state;
    suggest_start(&s, "topics");
    assert_null(suggest_best(&s));
}

static void of_equals_the_first_offered_wins(void **state)
{
    struct suggest s;

    (void)state;
    suggest_start(&s, "card");
    suggest_offer(&s, "care");
    suggest_offer(&s, "cart");
    assert_string_equal(suggest_best(&s), "care");
    suggest_offer(&s, "card");
    assert_string_equal(suggest_best(&s), "card");
}

static void a_word_of_which_nothing_would_stay_suggests_nothing(void **state)
{
    struct suggest s;

    (void)state;
    suggest_start(&s, "x");
    suggest_offer(&s, "y");
    assert_null(suggest_best(&s));
    suggest_start(&s, "xy");
    suggest_offer(&s, "xz");
    assert_string_equal(suggest_best(&s), "xz");
}

static void words_of_any_length_are_safe(void **state)
{
    char words[6][201];

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        static const size_t lengths[] = {62, 63, 64, 65, 66, 200};

        memset(words[i], 'a', lengths[i]);
        words[i][lengths[i]] = '\0';
    }
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = 0; j < 6; j++) {
            struct suggest s;

            suggest_start(&s, words[i]);
            suggest_offer(&s, words[j]);
            if (i < 3 && j < 3) {
                assert_ptr_equal(suggest_best(&s), words[j]);
            }
        }
    }
}

static void distance_does_not_depend_on_direction(void **state)
{
    struct suggest a, b;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        for (size_t j = 0; j < COUNT_OF(known); j++) {
            suggest_start(&a, known[i]);
            suggest_offer(&a, known[j]);
            suggest_start(&b, known[j]);
            suggest_offer(&b, known[i]);
            assert_int_equal(a.best_distance, b.best_distance);
            assert_true((a.best_distance == 0) == (i == j));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_word_with_the_fewest_edits_is_found),
        cmocka_unit_test(nothing_offered_suggests_nothing),
        cmocka_unit_test(of_equals_the_first_offered_wins),
        cmocka_unit_test(a_word_of_which_nothing_would_stay_suggests_nothing),
        cmocka_unit_test(words_of_any_length_are_safe),
        cmocka_unit_test(distance_does_not_depend_on_direction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
