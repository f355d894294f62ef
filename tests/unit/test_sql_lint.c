/* What SQL tools stumble over, found in datasets and in field capabilities. */
#include "mappings/sql_lint.h"

#include "mappings/dataset_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A dataset of one more column and what may follow, 'singles' for quotes. */
static struct dataset *read_dataset(
    const char *column, const char *index, const char *elasticsearch)
{
    struct error err = {""};
    struct dataset *ds;
    char text[2048];

    (void)snprintf(text, sizeof(text),
        "{'name':'bars','schema_version':1,'columns':[{'name':'Day','type':"
        "'date'},{'name':'Ticker','type':'keyword'}%s],'time':{'column':'Day',"
        "'utc_offset':'+09:00'},'key':'Ticker','index':'%s','id':'%%{Ticker}'"
        ",'elasticsearch':{%s}}",
        column, index, elasticsearch);
    for (char *p = text; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    ds = dataset_from_text(text, strlen(text), &err);
    if (ds == NULL) {
        print_error("%s\n", err.text);
    }
    assert_non_null(ds);
    return ds;
}

static void assert_found(
    const struct plan_lines *lines, const char *path, const char *why)
{
    if (path == NULL) {
        assert_int_equal(lines->n, 0);
        return;
    }
    assert_int_equal(lines->n, 1);
    assert_string_equal(lines->items[0].path, path);
    if (strstr(lines->items[0].why, why) == NULL) {
        print_error("wants: %s\nsays:  %s\n", why, lines->items[0].why);
        fail();
    }
}

static void datasets_are_looked_through(void **state)
{
    static const struct {
        const char *column, *index, *elasticsearch;
        const char *path, *why; /* NULL: nothing is found */
    } rows[] = {
        {"", "bars", "", NULL, NULL},
        {",{'name':'A','type':'double'}", "bars", "", NULL, NULL},
        {",{'name':'A','type':'keyword','mapping':{'fields':{'ko':{'type':"
         "'text'}}}}",
            "bars", "", NULL, NULL},
        {",{'name':'A','type':'text'}", "bars", "", "A", "text is not grouped"},
        {",{'name':'A','type':'text','mapping':{'fields':{'k':{'type':"
         "'keyword'}}}}",
            "bars", "", NULL, NULL},
        {",{'name':'A','type':'text','mapping':{'fields':{'k':{'type':"
         "'keyword','normalizer':'lower'}}}}",
            "bars", "", "A", "text is not grouped"},
        {",{'name':'A','type':'double','mapping':{'fields':{'f':{'type':"
         "'float'}}}}",
            "bars", "", "A.f", "float keeps 7 digits"},
        {",{'name':'A','type':'keyword','mapping':{'normalizer':'lower'}}",
            "bars", "", "A", "normalized"},
        {",{'name':'A','type':'keyword','mapping':{'doc_values':false}}",
            "bars", "", "A", "doc_values"},
        {",{'name':'A','type':'long','mapping':{'index':false}}", "bars", "",
            "A", "index is off"},
        {",{'name':'A','type':'date','mapping':{'format':"
         "'strict_date||epoch_millis'}}",
            "bars", "", "A", "several date formats"},
        {",{'name':'A','type':'keyword','mapping':{'properties':{'b':{'type':"
         "'long'}}}}",
            "bars", "", "A", "object"},
        {"", "my-bars", "", "index", "must quote it"},
        {"", "my-bars-%{Day:%Y}", "", "index", "must quote it"},
        {"", "bars-%{Day:%Y}", "", NULL, NULL},
        {"", "bars", "'dynamic':'true'", "elasticsearch.dynamic", "guessed"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dataset *ds =
            read_dataset(rows[i].column, rows[i].index, rows[i].elasticsearch);
        struct plan_lines lines = {.items = NULL};

        assert_int_equal(sql_lint_dataset(&lines, ds, NULL), 0);
        assert_found(&lines, rows[i].path, rows[i].why);
        plan_lines_fini(&lines);
        dataset_free(ds);
    }
}

static void builtin_datasets_suit_sql(void **state)
{
    (void)state;
    for (const char *const *name = dataset_builtin_names(); *name != NULL;
         name++) {
        struct dataset *ds = dataset_load(*name, NULL);
        struct plan_lines lines = {.items = NULL};

        assert_int_equal(sql_lint_dataset(&lines, ds, NULL), 0);
        assert_int_equal(lines.n, 0);
        plan_lines_fini(&lines);
        dataset_free(ds);
    }
}

#define CAN "\"searchable\":true,\"aggregatable\":true"
#define DAY "\"Day\":{\"date\":{" CAN "}},"
#define TICKER "\"Ticker\":{\"keyword\":{" CAN "}}"

static void field_capabilities_are_looked_through(void **state)
{
    static const struct {
        const char *fields, *path, *why;
    } rows[] = {
        {DAY TICKER, NULL, NULL},
        {DAY TICKER ",\"_id\":{\"_id\":{\"aggregatable\":false}}", NULL, NULL},
        {DAY TICKER ",\"Ticker.ko\":{\"text\":{\"searchable\":true,"
                    "\"aggregatable\":false}}",
            NULL, NULL},
        {TICKER, "Day", "no index has it"},
        {DAY "\"Ticker\":{\"keyword\":{" CAN "},\"long\":{" CAN "}}", "Ticker",
            "differs between the indices"},
        {DAY "\"Ticker\":{\"text\":{\"searchable\":true,"
             "\"aggregatable\":false}}",
            "Ticker", "cannot group or sum"},
        {DAY "\"Ticker\":{\"text\":{\"searchable\":true,\"aggregatable\":false}"
             "},\"Ticker.k\":{\"keyword\":{" CAN "}}",
            NULL, NULL},
        {DAY TICKER ",\"Extra\":{\"float\":{" CAN "}}", "Extra",
            "float keeps 7 digits"},
        {DAY TICKER ",\"Legs\":{\"nested\":{}}", "Legs", "nested"},
        {"\"Day\":{\"date\":{\"searchable\":false,\"aggregatable\":true}}"
         "," TICKER,
            "Day", "cannot search"},
    };
    struct dataset *ds = read_dataset("", "bars", "");

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct plan_lines lines = {.items = NULL};
        char text[1024];
        json_t *caps;

        (void)snprintf(text, sizeof(text), "{\"fields\":{%s}}", rows[i].fields);
        caps = json_loads(text, 0, NULL);
        assert_non_null(caps);
        sql_lint_field_caps(&lines, ds, caps);
        assert_found(&lines, rows[i].path, rows[i].why);
        plan_lines_fini(&lines);
        json_decref(caps);
    }
    dataset_free(ds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datasets_are_looked_through),
        cmocka_unit_test(builtin_datasets_suit_sql),
        cmocka_unit_test(field_capabilities_are_looked_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
