/* Files that appear whole or not at all, plain and packed. */
#include "replay/output_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct place {
    char folder[64];
    char path[128];
    char part[128];
};

static int make_place(void **state)
{
    struct place *p = calloc(1, sizeof(*p));

    if (p == NULL) {
        return -1;
    }
    (void)strcpy(p->folder, "test_output_file.XXXXXX");
    if (mkdtemp(p->folder) == NULL) {
        free(p);
        return -1;
    }
    (void)snprintf(p->path, sizeof(p->path), "%s/rows", p->folder);
    (void)snprintf(p->part, sizeof(p->part), "%s/rows.part", p->folder);
    *state = p;
    return 0;
}

static int remove_place(void **state)
{
    struct place *p = *state;

    (void)unlink(p->path);
    (void)unlink(p->part);
    (void)rmdir(p->folder);
    free(p);
    return 0;
}

static bool exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

/* gzread also reads what is not packed. */
static void assert_contents(const char *path, const char *text)
{
    char got[256];
    gzFile file = gzopen(path, "rb");
    int n;

    assert_non_null(file);
    n = gzread(file, got, sizeof(got));
    assert_int_equal(gzclose(file), Z_OK);
    assert_int_equal(n, (int)strlen(text));
    assert_memory_equal(got, text, strlen(text));
}

static void write_rows(const struct place *p, bool gzip)
{
    struct error err;
    struct output_file *f = output_file_open(p->path, gzip, &err);

    assert_non_null(f);
    assert_int_equal(output_file_write(f, "one\n", 4, &err), 0);
    assert_int_equal(output_file_write(f, "two\n", 4, &err), 0);
    assert_int_equal(output_file_finish(f, &err), 0);
    assert_true(output_file_bytes(f) >= 8);
    output_file_free(f);
}

static void a_file_has_its_name_only_when_finished(void **state)
{
    const struct place *p = *state;
    struct error err;
    struct output_file *f = output_file_open(p->path, false, &err);

    assert_non_null(f);
    assert_int_equal(output_file_write(f, "rows\n", 5, &err), 0);
    assert_true(exists(p->part));
    assert_false(exists(p->path));
    assert_int_equal(output_file_finish(f, &err), 0);
    output_file_free(f);
    assert_false(exists(p->part));
    assert_contents(p->path, "rows\n");
}

static void an_unfinished_file_leaves_nothing(void **state)
{
    const struct place *p = *state;
    struct error err;
    struct output_file *f = output_file_open(p->path, true, &err);

    assert_non_null(f);
    assert_int_equal(output_file_write(f, "rows\n", 5, &err), 0);
    output_file_free(f);
    assert_false(exists(p->part));
    assert_false(exists(p->path));
}

static void finishing_replaces_the_file_of_that_name(void **state)
{
    const struct place *p = *state;

    write_rows(p, true);
    assert_contents(p->path, "one\ntwo\n");
    write_rows(p, false);
    assert_contents(p->path, "one\ntwo\n");
}

static void packed_files_carry_no_name_and_no_time(void **state)
{
    const struct place *p = *state;
    unsigned char head[8];
    FILE *file;

    write_rows(p, true);
    file = fopen(p->path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(head, 1, sizeof(head), file), sizeof(head));
    (void)fclose(file);
    assert_memory_equal(head, "\x1f\x8b\x08\0\0\0\0\0", sizeof(head));
}

static void a_folder_that_is_missing_is_an_error_with_the_name(void **state)
{
    struct error err;

    (void)state;
    assert_null(output_file_open("no/such/folder/rows", false, &err));
    assert_non_null(strstr(err.text, "no/such/folder/rows"));
}

static void a_link_stays_and_its_file_is_replaced(void **state)
{
    const struct place *p = *state;
    char target[128];
    struct stat st;

    (void)snprintf(target, sizeof(target), "%s/target", p->folder);
    (void)close(open(target, O_WRONLY | O_CREAT, 0600));
    assert_int_equal(symlink("target", p->path), 0);
    write_rows(p, false);
    assert_int_equal(lstat(p->path, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_contents(target, "one\ntwo\n");
    assert_int_equal(unlink(target), 0);
}

static void a_pipe_stays_and_is_written_to(void **state)
{
    const struct place *p = *state;
    char got[16] = "";
    struct stat st;
    int reader;

    assert_int_equal(mkfifo(p->path, 0600), 0);
    reader = open(p->path, O_RDONLY | O_NONBLOCK);
    write_rows(p, false);
    assert_int_equal(read(reader, got, sizeof(got)), 8);
    assert_string_equal(got, "one\ntwo\n");
    assert_int_equal(read(reader, got, sizeof(got)), 0); /* it was closed */
    (void)close(reader);
    assert_int_equal(stat(p->path, &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    assert_false(exists(p->part));
}

static void a_folder_is_no_file(void **state)
{
    const struct place *p = *state;
    struct error err;

    assert_null(output_file_open(p->folder, false, &err));
    assert_non_null(strstr(err.text, p->folder));
}

/* Standard output becomes to_fd for the call. */
static int write_to_stdout_as(int to_fd, bool *reader_gone, struct error *err)
{
    struct output_file *f = output_file_open("-", false, err);
    int saved = dup(STDOUT_FILENO);
    int rc;

    assert_non_null(f);
    assert_true(dup2(to_fd, STDOUT_FILENO) >= 0);
    rc = output_file_write(f, "rows\n", 5, err);
    assert_true(dup2(saved, STDOUT_FILENO) >= 0);
    (void)close(saved);
    *reader_gone = output_file_reader_gone(f);
    output_file_free(f);
    return rc;
}

static void a_closed_pipe_is_told_from_a_full_disk(void **state)
{
    struct error err;
    bool reader_gone;
    int ends[2];
    int full = open("/dev/full", O_WRONLY);

    (void)state;
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[0]);
    assert_int_equal(write_to_stdout_as(ends[1], &reader_gone, &err), -1);
    assert_true(reader_gone);
    (void)close(ends[1]);
    if (full >= 0) {
        assert_int_equal(write_to_stdout_as(full, &reader_gone, &err), -1);
        assert_false(reader_gone);
        assert_non_null(strstr(err.text, "standard output"));
        (void)close(full);
    }
}

#define WITH_PLACE(test)                                                       \
    cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PLACE(a_file_has_its_name_only_when_finished),
        WITH_PLACE(an_unfinished_file_leaves_nothing),
        WITH_PLACE(finishing_replaces_the_file_of_that_name),
        WITH_PLACE(packed_files_carry_no_name_and_no_time),
        WITH_PLACE(a_link_stays_and_its_file_is_replaced),
        WITH_PLACE(a_pipe_stays_and_is_written_to),
        WITH_PLACE(a_folder_is_no_file),
        cmocka_unit_test(a_folder_that_is_missing_is_an_error_with_the_name),
        cmocka_unit_test(a_closed_pipe_is_told_from_a_full_disk),
    };

    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
