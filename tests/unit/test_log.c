/* What a line of the log looks like, read from a pipe in place of stderr. */
#include "reference_json.h"

#include "common/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static char written[65536];

/* What log_write puts out, in written; "" when nothing. */
static const char *write_line(
    enum log_level level, const struct log_field *fields)
{
    int saved = dup(STDERR_FILENO);
    int ends[2];
    ssize_t n;

    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    (void)dup2(ends[1], STDERR_FILENO);
    log_write(level, fields);
    (void)dup2(saved, STDERR_FILENO);
    (void)close(saved);
    (void)close(ends[1]);
    n = read(ends[0], written, sizeof(written) - 1);
    (void)close(ends[0]);
    written[n > 0 ? n : 0] = '\0';
    return written;
}

/* The line behind "time=... level=info ", without its end. */
static char *text_of(const struct log_field *fields)
{
    static const char level[] = "Z level=info ";
    char *at;

    log_setup(LOG_DEBUG, false);
    at = strstr(write_line(LOG_INFO, fields), level);
    assert_non_null(at);
    at += strlen(level);
    assert_int_equal(strcspn(at, "\n"), strlen(at) - 1);
    at[strlen(at) - 1] = '\0';
    return at;
}

static json_t *json_of(const struct log_field *fields)
{
    json_error_t why;
    json_t *j;

    log_setup(LOG_DEBUG, true);
    (void)write_line(LOG_WARN, fields);
    assert_int_equal(strcspn(written, "\n"), strlen(written) - 1);
    j = json_loads(written, JSON_REJECT_DUPLICATES, &why);
    if (j == NULL) {
        fail_msg("%s: %s", why.text, written);
    }
    return j;
}

static void a_line_begins_with_time_and_level(void **state)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};

    (void)state;
    log_setup(LOG_DEBUG, false);
    for (int i = 0; i < 4; i++) {
        int y, mo, d, h, mi, s, ms, end = 0;
        char level[8] = "";

        (void)write_line((enum log_level)i, LOG_FIELDS(LOG_MSG("m")));
        assert_int_equal(
            sscanf(written,
                "time=%4d-%2d-%2dT%2d:%2d:%2d.%3dZ level=%7s msg=m%n", &y, &mo,
                &d, &h, &mi, &s, &ms, level, &end),
            8);
        assert_string_equal(level, levels[i]);
        assert_string_equal(written + end, "\n");
        assert_in_range(y, 2020, 9999);
    }
}

static void a_text_is_quoted_only_where_it_must_be(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"plain", "plain"},
        {"http://a:1/x?y", "http://a:1/x?y"},
        {"\xEC\x82\xBC", "\xEC\x82\xBC"},
        {"", "\"\""},
        {NULL, "\"\""},
        {"two words", "\"two words\""},
        {"a=b", "\"a=b\""},
        {"say \"x\"", "\"say \\\"x\\\"\""},
        {"a\"b", "\"a\\\"b\""},
        {"a\\b", "\"a\\\\b\""},
        {"a\nlevel=error", "\"a\\nlevel=error\""},
        {"a\tb", "\"a\\tb\""},
        {"\x01", "\"\\u0001\""},
        {"bad\xff\xC3.", "bad??."},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char want[100];

        (void)snprintf(
            want, sizeof(want), "key=%s n=-5 r=1.500", cases[i].shown);
        assert_string_equal(text_of(LOG_FIELDS(LOG_STR("key", cases[i].text),
                                LOG_INT("n", -5), LOG_DBL("r", 1.5))),
            want);
    }
}

static void a_json_line_holds_the_same(void **state)
{
    static const char *const texts[] = {
        "plain", "", "two words", "a\"b\\c", "a\nb\x01", "\xEC\x82\xBC"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        json_t *j = json_of(LOG_FIELDS(
            LOG_MSG(texts[i]), LOG_INT("big", INT64_MIN), LOG_DBL("r", -0.25)));

        assert_string_equal(
            json_string_value(json_object_get(j, "msg")), texts[i]);
        assert_string_equal(
            json_string_value(json_object_get(j, "level")), "warn");
        assert_int_equal(json_string_length(json_object_get(j, "time")), 24);
        assert_true(json_integer_value(json_object_get(j, "big")) == INT64_MIN);
        assert_true(reference_number(json_object_get(j, "r")) == -0.25);
        assert_int_equal(json_object_size(j), 5);
        json_decref(j);
    }
}

static void a_json_line_is_json_whatever_goes_in(void **state)
{
    json_t *j = json_of(LOG_FIELDS(LOG_STR("bad", "x\xff\xEC\x82"),
        LOG_STR("none", NULL), LOG_DBL("nan", NAN), LOG_DBL("inf", -INFINITY)));

    (void)state;
    assert_string_equal(json_string_value(json_object_get(j, "bad")), "x???");
    assert_string_equal(json_string_value(json_object_get(j, "none")), "");
    assert_int_equal(reference_kind(json_object_get(j, "nan")), '0');
    assert_int_equal(reference_kind(json_object_get(j, "inf")), '0');
    json_decref(j);
}

static void lines_below_the_least_level_are_dropped(void **state)
{
    (void)state;
    for (int least = 0; least < 4; least++) {
        log_setup((enum log_level)least, false);
        for (int level = 0; level < 4; level++) {
            const char *line =
                write_line((enum log_level)level, LOG_FIELDS(LOG_MSG("m")));

            assert_true((line[0] != '\0') == (level >= least));
            assert_true(log_enabled((enum log_level)level) == (level >= least));
        }
    }
}

static void a_long_text_is_cut_between_letters_and_says_so(void **state)
{
    static char text[3 * LOG_TEXT_MOST_BYTES];

    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        size_t n = shift;
        const char *got;
        json_t *j;

        memset(text, 'x', sizeof(text));
        for (; n + 3 < sizeof(text); n += 3) {
            memcpy(text + n, "\xEC\x82\xBC", 3);
        }
        text[n] = '\0';
        j = json_of(LOG_FIELDS(LOG_MSG(text), LOG_INT("after", 1)));
        got = json_string_value(json_object_get(j, "msg"));
        assert_in_range(
            strlen(got), LOG_TEXT_MOST_BYTES - 2, LOG_TEXT_MOST_BYTES);
        assert_memory_equal(got, text, strlen(got));
        assert_int_equal(reference_kind(json_object_get(j, "cut")), 't');
        assert_non_null(json_object_get(j, "after"));
        json_decref(j);
    }
    text[LOG_TEXT_MOST_BYTES] = '\0';
    memset(text, 'x', LOG_TEXT_MOST_BYTES);
    assert_null(strstr(text_of(LOG_FIELDS(LOG_MSG(text))), "cut="));
}

static void fields_without_room_are_left_out_and_the_line_stays(void **state)
{
    static char text[LOG_TEXT_MOST_BYTES + 1];
    json_t *j;
    const char *line;

    (void)state;
    memset(text, '\x01', LOG_TEXT_MOST_BYTES);
    j = json_of(LOG_FIELDS(
        LOG_MSG("short"), LOG_STR("huge", text), LOG_STR("last", "x")));
    assert_true(strlen(written) <= LOG_LINE_MOST_BYTES);
    assert_null(json_object_get(j, "huge"));
    assert_string_equal(json_string_value(json_object_get(j, "last")), "x");
    assert_int_equal(reference_kind(json_object_get(j, "cut")), 't');
    json_decref(j);
    memset(text, 'y', LOG_TEXT_MOST_BYTES);
    line = text_of(LOG_FIELDS(LOG_MSG(text), LOG_STR("b", text),
        LOG_STR("c", text), LOG_STR("d", text), LOG_STR("e", text)));
    assert_string_equal(line + strlen(line) - 9, " cut=true");
    assert_non_null(strstr(line, " d="));
    assert_null(strstr(line, " e="));
}

/* What a line is when standard error is the stream that JOURNAL_STREAM names,
 * or, with another's inode, is not. */
static const char *journal_line(bool json, enum log_level level, ino_t more)
{
    int saved = dup(STDERR_FILENO);
    char stream[64];
    struct stat st;
    int ends[2];
    ssize_t n;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fstat(ends[1], &st), 0);
    (void)snprintf(stream, sizeof(stream), "%llu:%llu",
        (unsigned long long)st.st_dev, (unsigned long long)(st.st_ino + more));
    assert_int_equal(setenv("JOURNAL_STREAM", stream, 1), 0);
    (void)dup2(ends[1], STDERR_FILENO);
    log_setup(LOG_DEBUG, json);
    (void)!write(
        STDERR_FILENO, log_priority(level), strlen(log_priority(level)));
    (void)!write(STDERR_FILENO, "|", 1);
    log_write(level, LOG_FIELDS(LOG_MSG("m")));
    (void)dup2(saved, STDERR_FILENO);
    (void)close(saved);
    (void)close(ends[1]);
    n = read(ends[0], written, sizeof(written) - 1);
    (void)close(ends[0]);
    written[n > 0 ? n : 0] = '\0';
    (void)unsetenv("JOURNAL_STREAM");
    log_setup(LOG_DEBUG, false);
    return written;
}

static void the_journal_gets_priorities_and_adds_the_time_itself(void **state)
{
    (void)state;
    assert_string_equal(
        journal_line(false, LOG_DEBUG, 0), "<7>|<7>level=debug msg=m\n");
    assert_string_equal(
        journal_line(false, LOG_INFO, 0), "<6>|<6>level=info msg=m\n");
    assert_string_equal(
        journal_line(false, LOG_WARN, 0), "<4>|<4>level=warn msg=m\n");
    assert_string_equal(
        journal_line(false, LOG_ERROR, 0), "<3>|<3>level=error msg=m\n");
    assert_ptr_equal(
        strstr(journal_line(true, LOG_WARN, 0), "<4>|<4>{\"time\":"), written);
}

static void a_stream_that_is_not_the_journals_stays_as_it_is(void **state)
{
    (void)state;
    assert_ptr_equal(
        strstr(journal_line(false, LOG_WARN, 1), "|time="), written);
    assert_non_null(strstr(written, " level=warn msg=m\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_begins_with_time_and_level),
        cmocka_unit_test(a_text_is_quoted_only_where_it_must_be),
        cmocka_unit_test(a_json_line_holds_the_same),
        cmocka_unit_test(a_json_line_is_json_whatever_goes_in),
        cmocka_unit_test(lines_below_the_least_level_are_dropped),
        cmocka_unit_test(a_long_text_is_cut_between_letters_and_says_so),
        cmocka_unit_test(fields_without_room_are_left_out_and_the_line_stays),
        cmocka_unit_test(the_journal_gets_priorities_and_adds_the_time_itself),
        cmocka_unit_test(a_stream_that_is_not_the_journals_stays_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
