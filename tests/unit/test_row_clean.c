/* Values before their types: trimmed, ungrouped, absent. */
#include "replay/row_clean.h"

#include "tests/unit/small_dataset.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

enum { CODE, NAME, CLOSE, VOLUME, DATE, FIELDS };

/* What becomes of value in a column, under a dataset that cleans like this. */
static struct slice clean_one(struct row_clean *c, struct dataset_clean how,
    size_t column, const char *value)
{
    static struct slice fields[FIELDS];
    struct slice header[FIELDS] = {slice_of("Code"), slice_of(" Name "),
        slice_of("Close"), slice_of("Volume"), slice_of("Date")};
    struct column_choices choices = {0};
    struct dataset dataset = small_dataset;
    struct column_map map;
    struct error err;

    dataset.clean = how;
    header[NAME] = slice_of(how.trim ? " Name " : "Name");
    assert_int_equal(
        column_map_init(&map, &dataset, header, FIELDS, &choices, &err), 0);
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = slice_of("");
    }
    fields[column] = slice_of(value);
    assert_int_equal(row_clean_apply(c, &map, fields, &err), 0);
    column_map_fini(&map);
    return fields[column];
}

static void values_are_made_ready(void **state)
{
    static const char *const absent[] = {"-", "nan"};
    const struct dataset_clean all = {absent, 2, 3, true, true};
    const struct dataset_clean none = {NULL, 0, 0, false, false};
    static const struct {
        size_t column;
        const char *value, *cleaned, *as_it_is;
    } cases[] = {
        {NAME, " Hana Bank\t", "Hana Bank", " Hana Bank\t"},
        {NAME, " - ", "", " - "},
        {NAME, "nan", "", "nan"},
        {NAME, "NaN", "NaN", "NaN"},
        {NAME, "nano", "nano", "nano"},
        {NAME, "1,234", "1,234", "1,234"},
        {CLOSE, " 1,234.50 ", "1234.50", " 1,234.50 "},
        {VOLUME, "1,234,567", "1234567", "1,234,567"},
        {VOLUME, "-12,345", "-12345", "-12,345"},
        {VOLUME, "123", "123", "123"},
        {VOLUME, "1,23", "1,23", "1,23"},
        {VOLUME, "1234,567", "1234,567", "1234,567"},
        {VOLUME, ",123", ",123", ",123"},
        {VOLUME, "1,,234", "1,,234", "1,,234"},
        {VOLUME, "1,234,", "1,234,", "1,234,"},
        {VOLUME, "1,234.5,6", "1,234.5,6", "1,234.5,6"},
        {VOLUME, "1,234x", "1,234x", "1,234x"},
        {DATE, " 2022-01-03", "2022-01-03", " 2022-01-03"},
    };
    struct row_clean c;

    (void)state;
    row_clean_init(&c);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct slice got = clean_one(&c, all, cases[i].column, cases[i].value);

        if (!slice_is(got, cases[i].cleaned)) {
            fail_msg("'%s': '%.*s'", cases[i].value, (int)got.len, got.p);
        }
        got = clean_one(&c, none, cases[i].column, cases[i].value);
        assert_true(slice_is(got, cases[i].as_it_is));
    }
    row_clean_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_made_ready),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
