/* Bodies and extents of batches agree through every move, and each doc's record
 * comes out as it went in. Docs are told apart by their tickets. */
#include "bridge/batch.h"

#include "tests/unit/failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static struct batch *new_batch(size_t max_bytes)
{
    struct batch *b = batch_new(max_bytes);

    assert_non_null(b);
    return b;
}

/* The lines of ticket t: t mod 7 dots and "<t>". */
static size_t lines_of(uint64_t t, char out[64])
{
    int n = snprintf(out, 64, "%.*s<%llu>\n", (int)(t % 7), ".......",
        (unsigned long long)t);

    return (size_t)n;
}

static char home_topic[] = "home";
static struct partition home = {.topic = home_topic, .number = 3};

/* By its ticket some have a key, some headers, and of some the value is not
 * what stands in the body. */
static struct record record_of(uint64_t t, char text[64])
{
    static const char *const keys[] = {"", "005930", "k"};
    static const char *const headers[] = {"", "h=1", "some=more"};
    struct record r = {.offset = (int64_t)t * 10,
        .timestamp_ms = (int64_t)t * 1000,
        .has_key = t % 3 != 0,
        .key = slice_of(keys[t % 3]),
        .has_value = true,
        .headers = slice_of(headers[t / 3 % 3])};

    (void)snprintf(
        text, 64, "%s<%llu>", t % 5 == 0 ? "not " : "", (unsigned long long)t);
    r.value = slice_of(text);
    if (t % 5 == 1) { /* as a delete's */
        r.has_value = false;
        r.value.len = 0;
    }
    return r;
}

static void add(struct batch *b, uint64_t ticket)
{
    char lines[64], text[64];
    struct record r = record_of(ticket, text);
    struct doc doc = {.ticket = ticket,
        .partition = &home,
        .at_bytes = b->body.len_bytes,
        .len_bytes = lines_of(ticket, lines)};

    assert_int_equal(buf_append(&b->body, lines, doc.len_bytes), 0);
    assert_int_equal(batch_reserve(b), 0);
    assert_int_equal(batch_add(b, &doc, &r, ticket % 5 > 1), 0);
}

static void expect_record(const struct batch *b, size_t i, uint64_t ticket)
{
    char text[64];
    struct record want = record_of(ticket, text), got;

    batch_record(b, i, &got);
    assert_string_equal(got.topic, "home");
    assert_int_equal(got.partition, 3);
    assert_int_equal(got.offset, want.offset);
    assert_int_equal(got.timestamp_ms, want.timestamp_ms);
    assert_int_equal(got.has_key, want.has_key);
    assert_int_equal(got.has_value, want.has_value);
    assert_true(slice_eq(got.key, want.key));
    assert_true(slice_eq(got.headers, want.headers));
    assert_true(slice_eq(got.value, want.value));
    assert_null(got.message);
}

static struct batch *batch_of(uint64_t from, size_t n)
{
    struct batch *b = new_batch(1 << 20);

    for (uint64_t t = from; t < from + n; t++) {
        add(b, t);
    }
    return b;
}

/* Each doc's extent holds its lines; together they are the whole body. */
static void expect_docs(
    const struct batch *b, const uint64_t *tickets, size_t n)
{
    size_t end = 0;
    char lines[64];

    assert_int_equal(b->n_docs, n);
    for (size_t i = 0; i < n; i++) {
        const struct doc *d = &b->docs[i];

        assert_int_equal(d->ticket, tickets[i]);
        assert_int_equal(d->at_bytes, end);
        assert_int_equal(d->len_bytes, lines_of(tickets[i], lines));
        assert_memory_equal(b->body.data + end, lines, d->len_bytes);
        end += d->len_bytes;
        expect_record(b, i, tickets[i]);
    }
    assert_int_equal(b->body.len_bytes, end);
}

static void expect_range(const struct batch *b, uint64_t from, size_t n)
{
    uint64_t *tickets = calloc(n + 1, sizeof(*tickets));

    assert_non_null(tickets);
    for (size_t i = 0; i < n; i++) {
        tickets[i] = from + i;
    }
    expect_docs(b, tickets, n);
    free(tickets);
}

static void docs_are_kept_in_order_whatever_their_number(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 255, 256, 257, 1000};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct batch *b = batch_of(10, sizes[i]);

        expect_range(b, 10, sizes[i]);
        batch_free(b);
    }
    batch_free(NULL);
}

static void a_cleared_batch_is_as_new(void **state)
{
    struct batch *b = batch_of(0, 300);
    char *memory = b->body.data;

    (void)state;
    b->attempts = 3;
    b->opened_us = 4;
    b->sent_us = 5;
    b->not_before_us = 6;
    batch_clear(b);
    assert_int_equal(b->n_docs, 0);
    assert_int_equal(b->body.len_bytes, 0);
    assert_int_equal(b->attempts, 0);
    assert_int_equal(b->opened_us, 0);
    assert_int_equal(b->sent_us, 0);
    assert_int_equal(b->not_before_us, 0);
    assert_ptr_equal(b->body.data, memory);
    add(b, 77);
    expect_range(b, 77, 1);
    batch_free(b);
}

static void a_body_has_its_ceiling(void **state)
{
    struct batch *b = new_batch(10);

    (void)state;
    assert_int_equal(buf_append_str(&b->body, "0123456789"), 0);
    assert_int_equal(buf_append_char(&b->body, 'x'), -1);
    batch_free(b);
}

static void moved_docs_take_their_lines_along(void **state)
{
    (void)state;
    for (size_t first = 0; first <= 9; first++) {
        for (size_t n = 0; first + n <= 9; n++) {
            struct batch *from = batch_of(100, 9);
            struct batch *to = batch_of(50, 3);
            uint64_t want[12] = {50, 51, 52};

            for (size_t i = 0; i < n; i++) {
                want[3 + i] = 100 + first + i;
            }
            assert_int_equal(batch_move(from, first, n, to), 0);
            expect_docs(to, want, 3 + n);
            expect_range(from, 100, 9); /* the lines stay */
            batch_free(from);
            batch_free(to);
        }
    }
}

static void what_finds_no_room_is_not_moved(void **state)
{
    struct batch *from = batch_of(100, 9);
    struct batch *to = new_batch(20);

    (void)state;
    add(to, 7);
    assert_int_equal(batch_move(from, 0, 9, to), -1);
    expect_range(to, 7, 1);
    expect_range(from, 100, 9);
    batch_free(from);
    batch_free(to);
}

static void the_front_is_kept_and_the_gaps_are_closed(void **state)
{
    (void)state;
    for (unsigned mask = 0; mask < 512; mask++) {
        struct batch *b = batch_of(30, 9);
        uint64_t want[9];
        size_t kept = 0;

        /* As the sender gathers those to be sent again: by swapping. */
        for (size_t i = 0; i < 9; i++) {
            if ((mask >> i & 1u) != 0) {
                struct doc doc = b->docs[i];

                want[kept] = doc.ticket;
                b->docs[i] = b->docs[kept];
                b->docs[kept++] = doc;
            }
        }
        batch_keep_front(b, kept);
        expect_docs(b, want, kept);
        add(b, 99);
        assert_int_equal(b->docs[kept].at_bytes + b->docs[kept].len_bytes,
            b->body.len_bytes);
        batch_free(b);
    }
}

static void keeping_none_of_an_empty_batch_is_fine(void **state)
{
    struct batch *b = new_batch(10);

    (void)state;
    batch_keep_front(b, 0);
    expect_docs(b, NULL, 0);
    batch_free(b);
}

static void halves_of_halves_still_agree(void **state)
{
    struct batch *b = batch_of(0, 1000);

    (void)state;
    for (size_t n = 1000; n > 1; n = n / 2) {
        struct batch *rest = new_batch(1 << 20);

        assert_int_equal(batch_move(b, n / 2, n - n / 2, rest), 0);
        expect_range(rest, n / 2, n - n / 2);
        batch_keep_front(b, n / 2);
        expect_range(b, 0, n / 2);
        batch_free(rest);
    }
    batch_free(b);
}

static void what_finds_no_memory_leaves_the_batch_as_it_was(void **state)
{
    struct batch *b;
    char lines[64], text[64];
    unsigned long n;

    (void)state;
    failing_memory_begin(0);
    b = batch_new(10);
    assert_true(failing_memory_end());
    assert_null(b);

    b = batch_of(0, 3);
    for (uint64_t t = 3; t < 300; t++) {
        struct record r = record_of(t, text);
        struct doc doc = {.ticket = t, .partition = &home};
        size_t body = b->body.len_bytes;
        int rc = -1;

        doc.at_bytes = body;
        doc.len_bytes = lines_of(t, lines);
        assert_int_equal(buf_append(&b->body, lines, doc.len_bytes), 0);
        for (n = 0; rc != 0; n++) {
            failing_memory_begin(n);
            rc = batch_reserve(b);
            rc = rc == 0 ? batch_add(b, &doc, &r, t % 5 > 1) : rc;
            assert_true(failing_memory_end() == (rc != 0));
            assert_int_equal(b->n_docs, rc == 0 ? t + 1 : t);
        }
    }
    expect_range(b, 0, 300);
    batch_free(b);
}

static void what_finds_no_memory_is_not_moved(void **state)
{
    struct batch *from = batch_of(100, 300);
    struct batch *to = batch_of(99, 1);
    unsigned long n = 0;
    int rc = -1;

    (void)state;
    for (; rc != 0; n++) {
        /* What was reserved stays, so the next to fail is the second. */
        failing_memory_begin(n == 0 ? 0 : 1);
        rc = batch_move(from, 0, 300, to);
        assert_true(failing_memory_end() == (rc != 0));
        expect_range(from, 100, 300);
        expect_range(to, 99, rc == 0 ? 301 : 1);
    }
    assert_true(n > 3); /* docs, body, aside */
    batch_free(from);
    batch_free(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(docs_are_kept_in_order_whatever_their_number),
        cmocka_unit_test(a_cleared_batch_is_as_new),
        cmocka_unit_test(a_body_has_its_ceiling),
        cmocka_unit_test(moved_docs_take_their_lines_along),
        cmocka_unit_test(what_finds_no_room_is_not_moved),
        cmocka_unit_test(the_front_is_kept_and_the_gaps_are_closed),
        cmocka_unit_test(keeping_none_of_an_empty_batch_is_fine),
        cmocka_unit_test(halves_of_halves_still_agree),
        cmocka_unit_test(what_finds_no_memory_leaves_the_batch_as_it_was),
        cmocka_unit_test(what_finds_no_memory_is_not_moved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
