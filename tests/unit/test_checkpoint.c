/* Resume points: as text, in files, and one replay at a time. */
#include "replay/checkpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct resume_point some_point = {
    "Stock_Data", INT64_C(9007199254740993), 0x00beef01, "나루 \"1\".csv:17"};

static void assert_same(
    const struct resume_point *a, const struct resume_point *b)
{
    assert_string_equal(a->topic, b->topic);
    assert_true(a->records == b->records);
    assert_int_equal(a->chain, b->chain);
    assert_string_equal(a->place, b->place);
}

static void a_point_survives_its_text(void **state)
{
    struct resume_point back;
    struct error err;
    struct buf text;

    (void)state;
    buf_init(&text, 4096);
    assert_int_equal(resume_point_write(&some_point, &text), 0);
    assert_int_equal(resume_point_read(buf_slice(&text), &back, &err), 0);
    assert_same(&back, &some_point);
    buf_fini(&text);
}

static void what_is_no_point_is_refused(void **state)
{
    static const char *const bad[] = {"", "{}", "null", "[1]",
        "{\"form\":2,\"topic\":\"T\",\"records\":1,\"chain\":\"0\","
        "\"last\":\"\"}",
        "{\"form\":1,\"topic\":\"T\",\"records\":-1,\"chain\":\"0\","
        "\"last\":\"\"}",
        "{\"form\":1,\"topic\":\"T\",\"records\":1,\"chain\":\"x\","
        "\"last\":\"\"}",
        "{\"form\":1,\"topic\":\"T\",\"records\":1,\"chain\":\"-1\","
        "\"last\":\"\"}",
        "{\"form\":1,\"topic\":\"T\",\"records\":1,\"chain\":\"0x123456\","
        "\"last\":\"\"}",
        "{\"form\":1,\"topic\":\"T\",\"records\":1,\"chain\":\"12345678z\","
        "\"last\":\"\"}",
        "{\"form\":1,\"topic\":\"T\",\"records\":1.5,\"chain\":\"00000000\","
        "\"last\":\"\"}"};
    struct resume_point back;
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(
            resume_point_read(
                (struct slice){bad[i], strlen(bad[i])}, &back, &err),
            -1);
        assert_non_null(strstr(err.text, "is not a checkpoint"));
    }
}

static void names_are_good_for_files_and_topics(void **state)
{
    static const char *const bad[] = {"", ".", "..", ".x", "a/b", "a b", "가"};
    char longest[102] = "";
    struct error err;

    (void)state;
    assert_int_equal(resume_name_check("history-1995.v2_A", &err), 0);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(resume_name_check(bad[i], &err), -1);
    }
    memset(longest, 'x', 101);
    assert_int_equal(resume_name_check(longest, &err), -1);
    longest[100] = '\0';
    assert_int_equal(resume_name_check(longest, &err), 0);
}

static int make_folder(void **state)
{
    static char folder[] = "/tmp/naru_test.XXXXXX";

    *state = mkdtemp(folder);
    return *state != NULL && setenv("XDG_STATE_HOME", folder, 1) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    static const char *const left[] = {
        "naru/job.checkpoint", "naru/job.checkpoint.lock", "naru"};
    char path[256];

    for (size_t i = 0; i < COUNT_OF(left); i++) {
        (void)snprintf(
            path, sizeof(path), "%s/%s", (const char *)*state, left[i]);
        (void)remove(path);
    }
    return rmdir(*state); /* fails when anything else is left */
}

static void a_checkpoint_is_kept_and_replaced(void **state)
{
    struct resume_point point = some_point, back;
    struct checkpoint *c;
    struct error err;

    (void)state;
    for (int run = 0; run < 3; run++) {
        c = checkpoint_open("job", &err);
        assert_non_null(c);
        assert_int_equal(checkpoint_load(c, &back, &err), run > 0);
        if (run > 0) {
            assert_same(&back, &point);
        }
        point.records++;
        assert_int_equal(checkpoint_store(c, &point, &err), 0);
        checkpoint_free(c);
    }
}

static void one_replay_at_a_time_has_it(void **state)
{
    struct checkpoint *c, *other;
    struct error err;

    (void)state;
    c = checkpoint_open("job", &err);
    assert_non_null(c);
    assert_null(checkpoint_open("job", &err));
    assert_string_equal(
        err.text, "--resume: another replay runs by the name job");
    checkpoint_free(c);
    other = checkpoint_open("job", &err);
    assert_non_null(other);
    checkpoint_free(other);
}

static void a_damaged_checkpoint_is_named(void **state)
{
    struct resume_point back;
    struct checkpoint *c;
    struct error err;
    FILE *f;

    (void)state;
    c = checkpoint_open("job", &err);
    assert_non_null(c);
    f = fopen(checkpoint_path(c), "w");
    assert_non_null(f);
    assert_true(fputs("{\"form\":1", f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(checkpoint_load(c, &back, &err), -1);
    assert_non_null(
        strstr(err.text, "naru/job.checkpoint: is not a checkpoint"));
    checkpoint_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_survives_its_text),
        cmocka_unit_test(what_is_no_point_is_refused),
        cmocka_unit_test(names_are_good_for_files_and_topics),
        cmocka_unit_test(a_checkpoint_is_kept_and_replaced),
        cmocka_unit_test(one_replay_at_a_time_has_it),
        cmocka_unit_test(a_damaged_checkpoint_is_named),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
