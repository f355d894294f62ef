/* Records that end when their letter is in the file, each once, and not
 * before; whatever the disk and the memory have to say. */
#include "bridge/dead_letter_file.h"

#include "common/clock.h"

#include "bridge/packed_headers.h"
#include "tests/unit/failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_TICKETS 64

struct scene {
    struct event_base *base;
    struct dead_letter_file *letters;
    char folder[64], path[96];
    unsigned ends[MOST_TICKETS];
};

static char topic[] = "t";
static struct partition home = {.topic = topic, .number = 2};
static const struct refusal why = {400, 3, "mapper", "it does not fit"};

static void on_done(void *arg, struct partition *partition, uint64_t ticket)
{
    struct scene *s = arg;

    assert_ptr_equal(partition, &home);
    s->ends[ticket]++;
}

static void begin(struct scene *s)
{
    struct error err;

    memset(s, 0, sizeof(*s));
    (void)strcpy(s->folder, "/tmp/naru-letters-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    (void)snprintf(s->path, sizeof(s->path), "%s/letters", s->folder);
    s->base = event_base_new();
    assert_non_null(s->base);
    s->letters = dead_letter_file_new(s->base, s->path, on_done, s, &err);
    assert_non_null(s->letters);
}

static void end(struct scene *s)
{
    dead_letter_file_free(s->letters);
    event_base_free(s->base);
    (void)unlink(s->path);
    assert_int_equal(rmdir(s->folder), 0);
}

static int take(struct scene *s, uint64_t ticket)
{
    struct letter_header header = {slice_of("h"), true, slice_of("v")};
    struct doc doc = {.partition = &home, .ticket = ticket};
    struct record r = {.topic = topic,
        .partition = 2,
        .offset = (int64_t)ticket,
        .timestamp_ms = 5,
        .has_value = true,
        .value = slice_of("{\"a\":\"b\"}")};
    struct buf packed;
    int rc;

    buf_init(&packed, 100);
    assert_int_equal(packed_headers_add(&packed, &header), 0);
    r.headers = buf_slice(&packed);
    rc = dead_letter_file_take(s->letters, &doc, &r, &why);
    buf_fini(&packed);
    return rc;
}

static void turn(struct scene *s)
{
    assert_int_equal(event_base_loop(s->base, EVLOOP_ONCE), 0);
}

/* Lines in the file, each with the words of its record. */
static size_t lines(const struct scene *s)
{
    FILE *f = fopen(s->path, "r");
    char line[1024];
    size_t n = 0;

    assert_non_null(f);
    while (fgets(line, sizeof(line), f) != NULL) {
        assert_non_null(strstr(line, "\"topic\":\"t\",\"partition\":2"));
        assert_non_null(strstr(line, "\"value\":\"{\\\"a\\\":\\\"b\\\"}\""));
        assert_non_null(strstr(line, "{\"name\":\"h\",\"value\":\"v\"}"));
        assert_non_null(strstr(line, "\"reason\":\"it does not fit\""));
        assert_int_equal(line[strlen(line) - 1], '\n');
        n++;
    }
    (void)fclose(f);
    return n;
}

static void a_record_ends_when_its_line_is_there(void **state)
{
    struct scene s;
    int64_t since_us;

    (void)state;
    begin(&s);
    assert_int_equal(lines(&s), 0);
    for (uint64_t t = 0; t < 10; t++) {
        assert_int_equal(take(&s, t), 0);
        assert_int_equal(s.ends[t], 0); /* never before it returned */
    }
    assert_int_equal(dead_letter_file_pending(s.letters), 10);
    assert_true(dead_letter_file_pending_bytes(s.letters) > 1000);
    turn(&s);
    for (uint64_t t = 0; t < 10; t++) {
        assert_int_equal(s.ends[t], 1);
    }
    assert_int_equal(lines(&s), 10);
    assert_int_equal(dead_letter_file_pending(s.letters), 0);
    assert_int_equal(dead_letter_file_pending_bytes(s.letters), 0);
    assert_null(dead_letter_file_problem(s.letters, &since_us));
    end(&s);
}

static void what_cannot_be_written_waits_and_is_written_later(void **state)
{
    struct scene s;
    int64_t began_us = clock_mono_us();
    int64_t since_us;

    (void)state;
    begin(&s);
    assert_int_equal(unlink(s.path), 0);
    assert_int_equal(rmdir(s.folder), 0);
    assert_int_equal(take(&s, 0), 0);
    turn(&s);
    assert_int_equal(s.ends[0], 0);
    assert_non_null(
        strstr(dead_letter_file_problem(s.letters, &since_us), s.path));
    assert_in_range(since_us, began_us, clock_mono_us());
    assert_int_equal(take(&s, 1), 0); /* waits with the first */
    assert_int_equal(mkdir(s.folder, 0700), 0);
    turn(&s);
    assert_int_equal(s.ends[0], 1);
    assert_int_equal(s.ends[1], 1);
    assert_null(dead_letter_file_problem(s.letters, &since_us));
    assert_int_equal(lines(&s), 2);
    end(&s);
}

static void what_still_waits_is_freed_and_not_ended(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    assert_int_equal(take(&s, 0), 0);
    assert_int_equal(take(&s, 1), 0);
    end(&s);
    assert_int_equal(s.ends[0] + s.ends[1], 0);
    dead_letter_file_free(NULL);
}

static void a_letter_without_memory_is_not_taken(void **state)
{
    struct record r = {.topic = topic, .partition = 2, .has_value = true};
    struct doc doc = {.partition = &home, .ticket = 0};
    struct letter_header header = {slice_of("h"), false, {NULL, 0}};
    struct buf packed;
    struct scene s;
    int64_t since_us;
    unsigned long n = 0;
    size_t taken = 0;
    bool has_failed;
    int rc;

    (void)state;
    begin(&s);
    buf_init(&packed, 100);
    assert_int_equal(packed_headers_add(&packed, &header), 0);
    r.headers = buf_slice(&packed);
    /* Some allocations are asked for once more, for less. */
    do {
        doc.ticket = taken;
        failing_memory_begin(n++);
        rc = dead_letter_file_take(s.letters, &doc, &r, &why);
        has_failed = failing_memory_end();
        assert_true(rc == 0 || has_failed);
        taken += rc == 0;
        assert_int_equal(dead_letter_file_pending(s.letters), taken);
    } while (has_failed);
    assert_true(n > 2);
    failing_memory_begin(0); /* of the lines being gathered */
    turn(&s);
    assert_true(failing_memory_end());
    assert_string_equal(
        dead_letter_file_problem(s.letters, &since_us), "out of memory");
    assert_int_equal(s.ends[0], 0);
    turn(&s);
    for (size_t t = 0; t < taken; t++) {
        assert_int_equal(s.ends[t], 1);
    }
    buf_fini(&packed);
    end(&s);
}

static void a_file_that_cannot_be_made_is_told(void **state)
{
    struct event_base *base = event_base_new();
    struct dead_letter_file *d;
    struct error err = {""};

    (void)state;
    assert_null(dead_letter_file_new(
        base, "/nowhere/at/all/letters", on_done, NULL, &err));
    assert_non_null(strstr(err.text, "dead letters: "));
    assert_non_null(strstr(err.text, "/nowhere/at/all/letters"));
    for (unsigned long n = 0; n < 2; n++) {
        failing_memory_begin(n);
        d = dead_letter_file_new(base, "/tmp", on_done, NULL, &err);
        assert_true(failing_memory_end());
        assert_null(d);
        assert_string_equal(err.text, "out of memory");
    }
    event_base_free(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_ends_when_its_line_is_there),
        cmocka_unit_test(what_cannot_be_written_waits_and_is_written_later),
        cmocka_unit_test(what_still_waits_is_freed_and_not_ended),
        cmocka_unit_test(a_letter_without_memory_is_not_taken),
        cmocka_unit_test(a_file_that_cannot_be_made_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
