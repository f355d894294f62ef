/* A letter as a line: written as told in letter.h, and read back the same. */
#include "bridge/dlq/letter_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

#define BYTES(text)                                                            \
    {                                                                          \
        (text), sizeof(text) - 1                                               \
    }

static struct letter plain(void)
{
    return (struct letter){.when_ms = 1641168000123,
        .topic = BYTES("Stock_Data"),
        .partition = 3,
        .offset = 17,
        .timestamp_ms = 1641168000000,
        .has_key = true,
        .key = BYTES("005930"),
        .has_value = true,
        .value = BYTES("{\"Name\":\"삼성\"}"),
        .status = 400,
        .attempts = 2,
        .type = BYTES("mapper_parsing_exception"),
        .reason = BYTES("failed to parse field [Marcap]")};
}

static void assert_slice(struct slice got, struct slice wanted)
{
    assert_int_equal(got.len, wanted.len);
    assert_true(wanted.len == 0 || memcmp(got.p, wanted.p, wanted.len) == 0);
}

static void assert_same(const struct letter *a, const struct letter *b)
{
    assert_int_equal(a->when_ms, b->when_ms);
    assert_slice(a->topic, b->topic);
    assert_int_equal(a->partition, b->partition);
    assert_int_equal(a->offset, b->offset);
    assert_int_equal(a->timestamp_ms, b->timestamp_ms);
    assert_int_equal(a->has_key, b->has_key);
    assert_slice(a->key, b->key);
    assert_int_equal(a->has_value, b->has_value);
    assert_slice(a->value, b->value);
    assert_int_equal(a->n_headers, b->n_headers);
    for (size_t i = 0; i < a->n_headers; i++) {
        assert_slice(a->headers[i].name, b->headers[i].name);
        assert_int_equal(a->headers[i].has_value, b->headers[i].has_value);
        assert_slice(a->headers[i].value, b->headers[i].value);
    }
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->attempts, b->attempts);
    assert_slice(a->type, b->type);
    assert_slice(a->reason, b->reason);
}

static void there_and_back(const struct letter *l)
{
    struct letter_json j;
    struct stored_letter back;
    struct buf line;
    struct error err = {""};

    buf_init(&line, 1 << 20);
    letter_json_init(&j);
    assert_int_equal(letter_write_json(&line, l), 0);
    assert_null(memchr(line.data, '\n', line.len_bytes));
    if (letter_json_read(&j, buf_slice(&line), &back, &err) != 0) {
        fail_msg("%s: %s", err.text, buf_str(&line));
    }
    assert_false(back.is_mark);
    assert_same(&back.letter, l);
    letter_json_fini(&j);
    buf_fini(&line);
}

static void a_line_reads_as_promised(void **state)
{
    static const struct letter_header headers[] = {
        {BYTES("h"), true, BYTES("v")}, {BYTES("n"), false, {NULL, 0}}};
    struct letter l = plain();
    struct buf line;

    (void)state;
    l.headers = headers;
    l.n_headers = 2;
    buf_init(&line, 1 << 20);
    assert_int_equal(letter_write_json(&line, &l), 0);
    assert_string_equal(buf_str(&line),
        "{\"when\":1641168000123,\"topic\":\"Stock_Data\",\"partition\":3,"
        "\"offset\":17,\"timestamp\":1641168000000,\"key\":\"005930\","
        "\"value\":\"{\\\"Name\\\":\\\"삼성\\\"}\",\"headers\":[{\"name\":"
        "\"h\",\"value\":\"v\"},{\"name\":\"n\",\"value\":null}],\"status\":"
        "400,\"type\":\"mapper_parsing_exception\",\"reason\":\"failed to "
        "parse field [Marcap]\",\"attempts\":2}");
    buf_fini(&line);
}

static void every_kind_of_bytes_comes_back(void **state)
{
    static const struct letter_header headers[] = {
        {BYTES("same"), true, BYTES("1")}, {BYTES("same"), true, BYTES("2")},
        {BYTES("binary"), true, BYTES("\x80\x00\xff")},
        {BYTES("\xff"), true, BYTES("")}, {BYTES(""), false, {NULL, 0}}};
    struct letter l = plain();

    (void)state;
    there_and_back(&l);
    l.headers = headers;
    l.n_headers = sizeof(headers) / sizeof(headers[0]);
    there_and_back(&l);
    l.key = (struct slice)BYTES("\xff\xfe");
    l.value = (struct slice)BYTES("\x00\x01\xc3");
    there_and_back(&l);
    l.value = (struct slice)BYTES("a\nb\0c\x7f\x1f\\\"");
    there_and_back(&l);
    l.key = l.value = (struct slice)BYTES("");
    there_and_back(&l);
    l.has_key = l.has_value = false;
    l.key = l.value = (struct slice){NULL, 0};
    l.timestamp_ms = -1;
    there_and_back(&l);
}

static void words_that_are_not_utf8_stay_readable(void **state)
{
    struct letter l = plain();
    struct buf line;

    (void)state;
    l.reason = (struct slice)BYTES("cut: \xec\x82");
    buf_init(&line, 1 << 20);
    assert_int_equal(letter_write_json(&line, &l), 0);
    assert_non_null(strstr(buf_str(&line), "\"reason\":\"cut: ??\""));
    buf_fini(&line);
}

static void a_mark_reads_as_one(void **state)
{
    struct letter l = plain();
    struct letter_json j;
    struct stored_letter back;
    struct buf line;

    (void)state;
    buf_init(&line, 1 << 20);
    letter_json_init(&j);
    assert_int_equal(letter_json_write_mark(&line, 99, &l), 0);
    assert_string_equal(buf_str(&line),
        "{\"retried\":99,\"topic\":\"Stock_Data\",\"partition\":3,\"offset\":"
        "17}\n");
    assert_int_equal(letter_json_read(&j, buf_slice(&line), &back, NULL), 0);
    assert_true(back.is_mark);
    assert_int_equal(back.letter.when_ms, 99);
    assert_int_equal(back.letter.offset, 17);
    letter_json_fini(&j);
    buf_fini(&line);
}

#define ORIGIN "\"topic\":\"t\",\"partition\":0,\"offset\":1"
#define REST                                                                   \
    ",\"timestamp\":1,\"headers\":[],\"status\":400,\"attempts\":1,"           \
    "\"type\":\"\",\"reason\":\"\""

static void what_is_no_letter_is_refused_with_a_reason(void **state)
{
    static const struct {
        const char *line, *words;
    } bad[] = {
        {"", "not JSON"},
        {"{\"when\":1", "not JSON"},
        {"[]", "topic"},
        {"{\"partition\":0,\"offset\":1}", "topic"},
        {"{" ORIGIN "}", "retried"},
        {"{\"retried\":\"x\"," ORIGIN "}", "retried"},
        {"{\"when\":-1," ORIGIN REST ",\"key\":null,\"value\":null}", "when"},
        {"{\"when\":1," ORIGIN REST ",\"value\":null}", "key_base64"},
        {"{\"when\":1," ORIGIN REST ",\"key\":null,\"value_base64\":\"?\"}",
            "value_base64"},
        {"{\"when\":1,\"topic\":\"t\",\"partition\":-1,\"offset\":1}",
            "partition"},
        {"{\"when\":1,\"topic\":\"t\",\"partition\":0,\"offset\":1.5}",
            "offset"},
    };
    struct letter_json j;
    struct stored_letter back;
    struct error err;

    (void)state;
    letter_json_init(&j);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(
            letter_json_read(&j, slice_of(bad[i].line), &back, &err), -1);
        if (strstr(err.text, bad[i].words) == NULL) {
            fail_msg("%s: %s", bad[i].line, err.text);
        }
    }
    letter_json_fini(&j);
}

/* In each length of room: the whole line or -1. */
static void a_letter_finds_room_for_all_of_it_or_none(void **state)
{
    static const struct letter_header headers[] = {
        {BYTES("name"), true, BYTES("value")},
        {BYTES("\xff"), true, BYTES("\x80\x81")},
        {BYTES("none"), false, {NULL, 0}}};
    struct letter l = plain();
    struct buf whole;

    (void)state;
    l.headers = headers;
    l.n_headers = 3;
    l.key = (struct slice)BYTES("\xfe");
    buf_init(&whole, 1 << 16);
    assert_int_equal(letter_write_json(&whole, &l), 0);
    for (size_t room = 0; room <= whole.len_bytes; room++) {
        struct buf out;

        buf_init(&out, room);
        if (room < whole.len_bytes) {
            assert_int_equal(letter_write_json(&out, &l), -1);
        } else {
            assert_int_equal(letter_write_json(&out, &l), 0);
            assert_string_equal(buf_str(&out), buf_str(&whole));
        }
        buf_fini(&out);
    }
    buf_fini(&whole);
    there_and_back(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_reads_as_promised),
        cmocka_unit_test(every_kind_of_bytes_comes_back),
        cmocka_unit_test(words_that_are_not_utf8_stay_readable),
        cmocka_unit_test(a_mark_reads_as_one),
        cmocka_unit_test(what_is_no_letter_is_refused_with_a_reason),
        cmocka_unit_test(a_letter_finds_room_for_all_of_it_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
