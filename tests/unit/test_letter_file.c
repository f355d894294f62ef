/* Appending to a letter file: torn ends, full disks, other writers. */
#include "bridge/letter_file.h"

#include "tests/unit/scratch_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define LINE "{\"when\":1}\n"

static size_t torn;
static struct error err;

static void file_holds(const char *path, const char *wanted)
{
    char text[4096] = "";
    FILE *f = fopen(path, "r");

    assert_non_null(f);
    (void)!fread(text, 1, sizeof(text) - 1, f);
    (void)fclose(f);
    assert_string_equal(text, wanted);
}

static int append(const char *path, const char *lines)
{
    return letter_file_append(path, slice_of(lines), &torn, &err);
}

static void lines_go_behind_each_other(void **state)
{
    struct scratch_file f;

    (void)state;
    scratch_file_write(&f, "", 0);
    scratch_file_remove(&f);
    assert_int_equal(append(f.path, ""), 0);
    file_holds(f.path, "");
    assert_int_equal(append(f.path, LINE), 0);
    assert_int_equal(append(f.path, LINE LINE), 0);
    assert_int_equal(torn, 0);
    file_holds(f.path, LINE LINE LINE);
    scratch_file_remove(&f);
}

static void a_torn_last_line_is_cut_off(void **state)
{
    static const char *const ends[] = {
        "{", "{\"wh", "{\"when\":12,\"topic\":\"a", "{\"retried\":1"};

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct scratch_file f;
        char text[128];

        (void)snprintf(text, sizeof(text), LINE "%s", ends[i]);
        scratch_file_write(&f, text, strlen(text));
        assert_int_equal(append(f.path, LINE), 0);
        assert_int_equal(torn, strlen(ends[i]));
        file_holds(f.path, LINE LINE);
        assert_int_equal(append(f.path, ""), 0);
        assert_int_equal(torn, 0);
        scratch_file_remove(&f);
    }
}

static void a_torn_line_longer_than_a_step_is_cut_off(void **state)
{
    struct scratch_file f;
    char *text = test_malloc(10000);

    (void)state;
    (void)memset(text, 'x', 10000);
    (void)memcpy(text, LINE "{\"when\":", strlen(LINE) + 8);
    scratch_file_write(&f, text, 10000);
    assert_int_equal(append(f.path, ""), 0);
    assert_int_equal(torn, 10000 - strlen(LINE));
    file_holds(f.path, LINE);
    scratch_file_remove(&f);
    test_free(text);
}

static void another_program_s_file_is_left_alone(void **state)
{
    struct scratch_file f;

    (void)state;
    scratch_file_write(&f, "root:x:0:0", 10);
    assert_int_equal(append(f.path, LINE), -1);
    assert_non_null(strstr(err.text, "another program"));
    file_holds(f.path, "root:x:0:0");
    scratch_file_remove(&f);
}

static void a_full_disk_leaves_nothing_half(void **state)
{
    struct rlimit before, small;
    struct scratch_file f;
    int rc;

    (void)state;
    scratch_file_write(&f, LINE, strlen(LINE));
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = strlen(LINE) + 5;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    rc = append(f.path, LINE LINE);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(rc, -1);
    assert_non_null(strstr(err.text, strerror(EFBIG)));
    file_holds(f.path, LINE);
    assert_int_equal(append(f.path, LINE LINE), 0);
    file_holds(f.path, LINE LINE LINE);
    scratch_file_remove(&f);
}

static void another_writer_is_not_waited_for(void **state)
{
    struct scratch_file f;
    int fd;

    (void)state;
    scratch_file_write(&f, LINE "{\"when", strlen(LINE) + 6);
    fd = open(f.path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(append(f.path, LINE), -1);
    assert_non_null(strstr(err.text, "another process"));
    file_holds(f.path, LINE "{\"when");
    assert_int_equal(close(fd), 0);
    assert_int_equal(append(f.path, LINE), 0);
    file_holds(f.path, LINE LINE);
    scratch_file_remove(&f);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_int_equal(append("/nonexistent-folder/letters", LINE), -1);
    assert_non_null(strstr(err.text, "/nonexistent-folder/letters"));
    assert_int_equal(append("/dev/null", LINE), -1);
    assert_int_equal(append("/", LINE), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_go_behind_each_other),
        cmocka_unit_test(a_torn_last_line_is_cut_off),
        cmocka_unit_test(a_torn_line_longer_than_a_step_is_cut_off),
        cmocka_unit_test(another_program_s_file_is_left_alone),
        cmocka_unit_test(a_full_disk_leaves_nothing_half),
        cmocka_unit_test(another_writer_is_not_waited_for),
        cmocka_unit_test(what_is_no_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
