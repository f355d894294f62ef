/* Values to JSON, type by type, and the refusals. */
#include "replay/row_json.h"

#include "tests/unit/small_dataset.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

enum { CODE, NAME, DEPT, CLOSE, VOLUME, RANK, SEEN, DATE, COLUMNS };

static int make_map(void **state)
{
    static struct column_map map;
    struct slice header[COLUMNS];
    struct column_choices choices = {0};
    struct error err;

    for (size_t i = 0; i < COLUMNS; i++) {
        header[i] = slice_of(small_columns[i].name);
    }
    *state = &map;
    return column_map_init(
        &map, &small_dataset, header, COLUMNS, &choices, &err);
}

static int free_map(void **state)
{
    column_map_fini(*state);
    return 0;
}

/* Encode a row that has value in column and little else. */
static int encode(const struct column_map *map, size_t column,
    struct slice value, struct buf *out, struct error *err)
{
    struct slice fields[COLUMNS];

    for (size_t i = 0; i < COLUMNS; i++) {
        fields[i] = slice_of("");
    }
    fields[CODE] = slice_of("005930");
    fields[DATE] = slice_of("2022-01-03");
    fields[column] = value;
    return row_json_write(map, fields, out, err);
}

static void a_row_becomes_one_typed_object(void **state)
{
    struct slice fields[COLUMNS] = {slice_of("005930"),
        slice_of("\xEC\x82\xBC\xEC\x84\xB1"), slice_of("x"),
        slice_of("78600.0"), slice_of("13502112.0"), slice_of("1"),
        slice_of("1641135600000"), slice_of("2022-01-03")};
    struct error err;
    struct buf out;

    buf_init(&out, 4096);
    assert_int_equal(buf_append_str(&out, "before "), 0);
    assert_int_equal(row_json_write(*state, fields, &out, &err), 0);
    assert_string_equal(buf_str(&out),
        "before {\"Code\":\"005930\",\"Name\":\"\xEC\x82\xBC\xEC\x84\xB1\","
        "\"Close\":78600.0,\"Volume\":13502112,\"Rank\":1,"
        "\"Seen\":1641135600000,\"Date\":\"2022-01-03\"}");
    buf_fini(&out);
}

static void values_are_written_exactly(void **state)
{
    static const struct {
        size_t column;
        const char *value, *json;
    } cases[] = {
        {VOLUME, "0", "0"},
        {VOLUME, "-0", "0"},
        {VOLUME, "-0.0", "0"},
        {VOLUME, "13502112.0", "13502112"},
        {VOLUME, "469224908430000.000", "469224908430000"},
        {VOLUME, "9223372036854775807", "9223372036854775807"},
        {VOLUME, "-9223372036854775808", "-9223372036854775808"},
        {VOLUME, "9007199254740993.0", "9007199254740993"},
        {RANK, "2147483647", "2147483647"},
        {RANK, "-2147483648.0", "-2147483648"},
        {CLOSE, "78600.0", "78600.0"},
        {CLOSE, "-1.91", "-1.91"},
        {CLOSE, "-0.0", "-0.0"},
        {CLOSE, "1e5", "1e5"},
        {CLOSE, "0.1000000000000000055511151231257827", NULL},
        {CLOSE, "1.7976931348623157E+308", NULL},
        {NAME, "a\"b\\c", "\"a\\\"b\\\\c\""},
        {NAME, "1\n2\r3\t4\b5\f6", "\"1\\n2\\r3\\t4\\b5\\f6\""},
        {NAME, "\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\""},
        {NAME, "long enough for eight at a time\"", NULL},
        {NAME, " 1 ", "\" 1 \""},
        {NAME, "\xF0\x9F\x9A\xA2", "\"\xF0\x9F\x9A\xA2\""},
        {DATE, "2020-02-29", "\"2020-02-29\""},
        {SEEN, "-1", "-1"},
    };
    struct error err;
    struct buf out;

    buf_init(&out, 4096);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char wanted[128];
        const char *name = small_columns[cases[i].column].name;

        (void)snprintf(wanted, sizeof(wanted), "\"%s\":%s", name,
            cases[i].json != NULL ? cases[i].json : "");
        buf_clear(&out);
        if (encode(*state, cases[i].column, slice_of(cases[i].value), &out,
                &err) != 0) {
            fail_msg("%s: %s", cases[i].value, err.text);
        }
        if (strstr(buf_str(&out), wanted) == NULL) {
            fail_msg("%s: %s", cases[i].value, buf_str(&out));
        }
    }
    buf_fini(&out);
}

static void values_that_do_not_fit_are_refused(void **state)
{
    static const struct {
        size_t column;
        const char *value, *says;
    } cases[] = {
        {VOLUME, "abc", "Volume: 'abc' is not a whole number"},
        {VOLUME, "1.5", "Volume: '1.5' is not a whole number"},
        {VOLUME, "1e3", "Volume: '1e3' is not a whole number"},
        {VOLUME, "1,000", "Volume: '1,000' is not a whole number"},
        {VOLUME, " 1", "Volume: ' 1' is not a whole number"},
        {VOLUME, "1 ", "Volume: '1 ' is not a whole number"},
        {VOLUME, "-", "Volume: '-' is not a whole number"},
        {VOLUME, "0x10", "Volume: '0x10' is not a whole number"},
        {VOLUME, "nan", "Volume: 'nan' is not a whole number"},
        {VOLUME, "+5", "Volume: '+5' is not a plain number"},
        {VOLUME, "005", "Volume: '005' is not a plain number"},
        {VOLUME, "5.", "Volume: '5.' is not a plain number"},
        {VOLUME, "9223372036854775808",
            "Volume: '9223372036854775808' is out of a 64-bit long's range"},
        {VOLUME, "-9223372036854775809", "Volume: '-92233720368547"},
        {VOLUME, "99999999999999999999999999", "Volume: '999999999999999"},
        {RANK, "2147483648",
            "Rank: '2147483648' is out of a 32-bit integer's range"},
        {CLOSE, "nan", "Close: 'nan' is not a decimal number"},
        {CLOSE, "inf", "Close: 'inf' is not a decimal number"},
        {CLOSE, "-inf", "Close: '-inf' is not a decimal number"},
        {CLOSE, "1.2.3", "Close: '1.2.3' is not a decimal number"},
        {CLOSE, "1e", "Close: '1e' is not a decimal number"},
        {CLOSE, ".5", "Close: '.5' is not a plain number"},
        {CLOSE, "+5", "Close: '+5' is not a plain number"},
        {CLOSE, "05", "Close: '05' is not a plain number"},
        {CLOSE, "1e999", "Close: '1e999' is out of a double's range"},
        {DATE, "2022-02-30", "Date: '2022-02-30' is not a date that exists"},
        {DATE, "2022-1-3", "Date: '2022-1-3' is not a date"},
        {DATE, "20220103", "Date: '20220103' is not a date"},
        {DATE, "2022-01-03 ", "Date: '2022-01-03 ' is not a date"},
        {DATE, "", "Date: empty, and the dataset requires it"},
        {CODE, "", "Code: empty, and the dataset requires it"},
        {NAME, "\xBB\xEF\xBC\xBA",
            "Name: byte 1, 0xBB, is not UTF-8; is the file CP949? Then use "
            "--encoding cp949"},
        {NAME, "abc\xED\xA0\x80", "Name: byte 4, 0xED, is not UTF-8"},
        {NAME, "\xC0\x80", "Name: byte 1, 0xC0, is not UTF-8"},
        {NAME, "\xEC\x82", "Name: byte 1, 0xEC, is not UTF-8"},
        {NAME, "\xF4\x90\x80\x80", "Name: byte 1, 0xF4, is not UTF-8"},
    };
    struct error err;
    struct buf out;

    buf_init(&out, 4096);
    assert_int_equal(buf_append_str(&out, "kept"), 0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (encode(*state, cases[i].column, slice_of(cases[i].value), &out,
                &err) != -1) {
            fail_msg("taken: %s", cases[i].value);
        }
        if (strncmp(err.text, cases[i].says, strlen(cases[i].says)) != 0) {
            fail_msg("%s: %s", cases[i].value, err.text);
        }
        assert_string_equal(buf_str(&out), "kept");
    }
    buf_fini(&out);
}

static void an_empty_value_is_an_absent_field(void **state)
{
    struct error err;
    struct buf out;

    buf_init(&out, 4096);
    assert_int_equal(encode(*state, NAME, slice_of(""), &out, &err), 0);
    assert_string_equal(
        buf_str(&out), "{\"Code\":\"005930\",\"Date\":\"2022-01-03\"}");
    buf_fini(&out);
}

static void a_dropped_column_is_not_even_looked_at(void **state)
{
    struct error err;
    struct buf out;

    buf_init(&out, 4096);
    assert_int_equal(encode(*state, DEPT, slice_of("\xFF"), &out, &err), 0);
    buf_fini(&out);
}

static void a_row_too_large_for_its_buffer_leaves_it_alone(void **state)
{
    struct error err;
    struct buf out;

    buf_init(&out, 64);
    assert_int_equal(encode(*state, NAME, slice_of("x"), &out, &err), -1);
    assert_int_equal(out.len_bytes, 0);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_becomes_one_typed_object),
        cmocka_unit_test(values_are_written_exactly),
        cmocka_unit_test(values_that_do_not_fit_are_refused),
        cmocka_unit_test(an_empty_value_is_an_absent_field),
        cmocka_unit_test(a_dropped_column_is_not_even_looked_at),
        cmocka_unit_test(a_row_too_large_for_its_buffer_leaves_it_alone),
    };

    return cmocka_run_group_tests(tests, make_map, free_map);
}
