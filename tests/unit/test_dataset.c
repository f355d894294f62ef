/* Datasets: what files may say, how they are refused, what follows. */
#include "mappings/dataset.h"

#include "mappings/dataset_private.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A small dataset, in pieces so that a test can replace one. */
#define COLUMNS                                                                \
    "\"columns\":[{\"name\":\"Code\",\"type\":\"keyword\"},"                   \
    "{\"name\":\"Date\",\"type\":\"date\"},"                                   \
    "{\"name\":\"Price\",\"type\":\"double\",\"optional\":true,"               \
    "\"aliases\":[\"Px\"]},"                                                   \
    "{\"name\":\"Count\",\"type\":\"long\"}],"
#define TIME "\"time\":{\"column\":\"Date\",\"utc_offset\":\"+09:00\"},"
#define REST "\"key\":\"Code\",\"index\":\"small\",\"id\":\"%{Date}-%{Code}\""
#define HEAD "\"name\":\"small\",\"schema_version\":1,"

static struct dataset *must_load(const char *name)
{
    struct error err = {""};
    struct dataset *ds = dataset_load(name, &err);

    if (ds == NULL) {
        print_error("%s: %s\n", name, err.text);
    }
    assert_non_null(ds);
    return ds;
}

static struct dataset *must_read(const char *text)
{
    struct error err = {""};
    struct dataset *ds = dataset_from_text(text, strlen(text), &err);

    if (ds == NULL) {
        print_error("%s\n", err.text);
    }
    assert_non_null(ds);
    return ds;
}

static void builtin_datasets_load_and_name_themselves(void **state)
{
    const char *const *names = dataset_builtin_names();

    (void)state;
    for (size_t i = 0; names[i] != NULL; i++) {
        struct dataset *ds = must_load(names[i]);

        assert_string_equal(ds->name, names[i]);
        assert_string_equal(ds->index,
            strcmp(names[i], "metrics") == 0 ? "naru_metrics" : names[i]);
        dataset_free(ds);
    }
}

static void marcap_has_the_columns_of_the_real_files(void **state)
{
    static const struct {
        const char *name;
        enum column_type type;
    } wanted[] = {{"Code", COLUMN_KEYWORD}, {"Name", COLUMN_KEYWORD},
        {"Market", COLUMN_KEYWORD}, {"Dept", COLUMN_KEYWORD},
        {"Close", COLUMN_DOUBLE}, {"ChangeCode", COLUMN_KEYWORD},
        {"Changes", COLUMN_DOUBLE}, {"ChagesRatio", COLUMN_DOUBLE},
        {"Open", COLUMN_DOUBLE}, {"High", COLUMN_DOUBLE},
        {"Low", COLUMN_DOUBLE}, {"Volume", COLUMN_LONG},
        {"Amount", COLUMN_LONG}, {"Marcap", COLUMN_LONG},
        {"Stocks", COLUMN_LONG}, {"MarketId", COLUMN_KEYWORD},
        {"Rank", COLUMN_INTEGER}, {"Date", COLUMN_DATE}};
    struct dataset *ds = must_load("marcap");

    (void)state;
    assert_int_equal(ds->n_columns, 18);
    for (size_t i = 0; i < 18; i++) {
        assert_string_equal(ds->columns[i].name, wanted[i].name);
        assert_int_equal(ds->columns[i].type, wanted[i].type);
        assert_int_equal(ds->columns[i].dropped, i == 3);
        assert_int_equal(ds->columns[i].required, i == 0 || i == 17);
    }
    assert_int_equal(ds->time_column, 17);
    assert_int_equal(ds->key_column, 0);
    assert_int_equal(ds->rank_column, 16);
    assert_int_equal(ds->volume_column, 11);
    assert_int_equal(ds->utc_offset_minutes, 540);
    assert_string_equal(ds->id, "%{Date}-%{Code}");
    assert_string_equal(ds->version, "timestamp");
    dataset_free(ds);
}

static void header_is_found_by_name_and_by_alias_but_case_counts(void **state)
{
    struct dataset *ds = must_load("marcap");

    (void)state;
    assert_int_equal(dataset_find_column(ds, slice_of("ChagesRatio")), 7);
    assert_int_equal(dataset_find_column(ds, slice_of("ChangesRatio")), 7);
    assert_true(dataset_find_column(ds, slice_of("code")) == DATASET_NO_COLUMN);
    assert_true(dataset_find_column(ds, slice_of("")) == DATASET_NO_COLUMN);
    dataset_free(ds);
}

static void midnight_in_seoul_is_nine_hours_before_utc(void **state)
{
    struct dataset *ds = must_load("marcap");
    int64_t ms = 0;

    (void)state;
    assert_int_equal(dataset_event_ms(ds, slice_of("1970-01-02"), &ms), 0);
    assert_int_equal(ms, 86400000 - 9 * 3600000);
    assert_int_equal(dataset_event_ms(ds, slice_of("2022-01-03"), &ms), 0);
    assert_int_equal(ms, INT64_C(1641135600000)); /* 2022-01-02T15:00Z */
    assert_int_equal(dataset_event_ms(ds, slice_of("2022-1-3"), &ms), -1);
    assert_int_equal(dataset_event_ms(ds, slice_of("2022-02-30"), &ms), -1);
    dataset_free(ds);
}

static void epoch_milliseconds_are_digits_that_fit_and_nothing_else(
    void **state)
{
    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "1e3",
        "9223372036854775808", "-9223372036854775809", "x"};
    struct dataset *ds = must_load("trade");
    int64_t ms = 0;

    (void)state;
    assert_int_equal(dataset_event_ms(ds, slice_of("1641135600123"), &ms), 0);
    assert_int_equal(ms, INT64_C(1641135600123));
    assert_int_equal(dataset_event_ms(ds, slice_of("-5"), &ms), 0);
    assert_int_equal(ms, -5);
    assert_int_equal(
        dataset_event_ms(ds, slice_of("-9223372036854775808"), &ms), 0);
    assert_true(ms == INT64_MIN);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(dataset_event_ms(ds, slice_of(bad[i]), &ms), -1);
    }
    dataset_free(ds);
}

static void columns_of_key_time_and_id_become_required(void **state)
{
    struct dataset *ds = must_read("{" HEAD COLUMNS TIME REST "}");

    (void)state;
    assert_true(ds->columns[0].required);
    assert_true(ds->columns[1].required);
    assert_false(ds->columns[2].required);
    assert_true(ds->rank_column == DATASET_NO_COLUMN);
    assert_string_equal(ds->version, "timestamp");
    assert_string_equal(ds->description, "");
    dataset_free(ds);
}

/* Each slip, and what its error must say. */
static void slips_are_named_with_their_place(void **state)
{
#define ONE_COLUMN(c) "{" HEAD "\"columns\":[" c "]," TIME REST "}"
#define WITH_REST(r) "{" HEAD COLUMNS TIME r "}"
#define WITH_TIME(t) "{" HEAD COLUMNS "\"time\":" t "," REST "}"
#define KEY "\"key\":\"Code\","
#define IX "\"index\":\"small\","
#define ID "\"id\":\"%{Code}\""
    static const struct {
        const char *text, *says;
    } slips[] = {
        {"{\n  \"name\": \"x\",,\n}", "line 2, column 15: "},
        {"{\"name\":\"a\",\"name\":\"b\"}", "duplicate"},
        {"", "line 1"},
        {"[]", "must be an object"},
        {"{}", "name is missing"},
        {WITH_REST(KEY IX ID ",\"indx\":\"x\""),
            "unknown key indx; did you mean \"index\"?"},
        {WITH_REST(KEY IX ID ",\"zzzzzz\":1"), "unknown key zzzzzz;"},
        {WITH_REST("\"key\":\"Code\",\"index\":\"small\""), "id is missing"},
        {WITH_REST(IX ID), "key is missing"},
        {WITH_REST("\"key\":7," IX ID), "key must be a text"},
        {WITH_REST("\"key\":\"code\"," IX ID),
            "key: no column \"code\"; did you mean \"Code\"?"},
        {WITH_REST("\"key\":\"Price\"," IX ID), "key: column \"Price\" may"},
        {WITH_REST(KEY IX ID ",\"rank\":\"Code\""),
            "rank: column \"Code\" must be of type long"},
        {WITH_REST(KEY IX "\"id\":\"%{Date}-%{Cod}\""),
            "id: no column 'Cod'; did you mean 'Code'?"},
        {WITH_REST(KEY IX "\"id\":\"%{Px}\""), "id: no column 'Px'"},
        {WITH_REST(KEY IX "\"id\":\"%{_ofset}\""), "did you mean '_offset'?"},
        {WITH_REST(KEY IX "\"id\":\"%{Code\""), "id: \"%{Code\" lacks its }"},
        {WITH_REST(KEY IX "\"id\":\"%{}\""), "id: %{} names no column"},
        {WITH_REST(KEY IX "\"id\":\"%{Price}\""),
            "id: column 'Price' may be absent"},
        {WITH_REST(KEY IX "\"id\":\"%{Code:%Y}\""), "takes no format"},
        {WITH_REST(KEY IX "\"id\":\"%{_offset:%Y}\""), "takes no format"},
        {WITH_REST(KEY "\"index\":\"Small\"," ID),
            "index: \"Small\" holds 'S'"},
        {WITH_REST(KEY "\"index\":\"_small\"," ID), "must not begin with '_'"},
        {WITH_REST(KEY "\"index\":\"a b\"," ID), "holds ' '"},
        {WITH_REST(KEY "\"index\":\"a-%{Nope}\"," ID), "index: no column"},
        {WITH_REST(KEY IX ID ",\"version\":\"Price\""),
            "version: column 'Price' must be of type long"},
        {WITH_REST(KEY IX ID ",\"version\":\"timestmp\""),
            "version: \"timestmp\" is neither"},
        {WITH_REST(KEY IX ID ",\"elasticsearch\":{\"dynamic\":\"strickt\"}"),
            "elasticsearch.dynamic: \"strickt\""},
        {WITH_REST(KEY IX ID ",\"elasticsearch\":{\"setings\":{}}"),
            "unknown key elasticsearch.setings; did you mean \"settings\"?"},
        {WITH_REST(KEY "\"index\":\"%{Date:%Y}-a\"," ID),
            "must begin with fixed text"},
        {WITH_REST(KEY IX ID ",\"elasticsearch\":{\"lifecycle\":{}}"),
            "elasticsearch.lifecycle is empty"},
        {WITH_REST(KEY IX ID ",\"elasticsearch\":{\"lifecycle\":{"
                             "\"delete_after\":\"1 year\"}}"),
            "elasticsearch.lifecycle.delete_after: \"1 year\" is not an age"},
        {WITH_REST(KEY IX ID ",\"elasticsearch\":{\"lifecycle\":{"
                             "\"read_only_after\":\"48h\","
                             "\"delete_after\":\"2d\"}}"),
            "read_only_after: 48h is not before delete_after, 2d"},
        {WITH_REST(KEY IX ID ",\"elasticsearch\":{\"template_priority\":0}"),
            "elasticsearch.template_priority must be"},
        {WITH_TIME("{\"column\":\"Count\"}"), "must be of type date"},
        {WITH_TIME("{\"column\":\"Date\"}"), "time.utc_offset is missing"},
        {WITH_TIME("{\"column\":\"Date\",\"utc_offset\":\"9\"}"),
            "time.utc_offset: \"9\" is not of the form"},
        {WITH_TIME("{\"column\":\"Date\",\"utc_offset\":\"+9:000\"}"),
            "is not of the form"},
        {WITH_TIME("{\"column\":\"Date\",\"utc_offset\":\"+09:60\"}"),
            "is not of the form"},
        {ONE_COLUMN(""), "columns must hold at least one"},
        {ONE_COLUMN("7"), "columns[0] must be an object"},
        {ONE_COLUMN("{\"name\":\"A\",\"type\":\"lng\"}"),
            "columns[0].type: unknown type \"lng\"; did you mean \"long\"?"},
        {ONE_COLUMN("{\"name\":\"A\",\"typ\":\"long\"}"),
            "unknown key columns[0].typ; did you mean \"type\"?"},
        {ONE_COLUMN("{\"name\":\"_A\",\"type\":\"long\"}"),
            "columns[0].name: \"_A\" must not"},
        {ONE_COLUMN("{\"name\":\"A.b\",\"type\":\"long\"}"),
            "columns[0].name: \"A.b\" must not"},
        {ONE_COLUMN("{\"name\":\"A\",\"type\":\"long\",\"drop\":1}"),
            "columns[0].drop must be true or false"},
        {ONE_COLUMN("{\"name\":\"A\",\"type\":\"long\",\"aliases\":[1]}"),
            "columns[0].aliases[0] must be a text"},
        {ONE_COLUMN("{\"name\":\"A\",\"type\":\"long\"},"
                    "{\"name\":\"B\",\"type\":\"long\",\"aliases\":[\"A\"]}"),
            "columns[1]: the name \"A\" is already taken by columns[0]"},
        {ONE_COLUMN("{\"name\":\"A\",\"type\":\"long\","
                    "\"mapping\":{\"type\":\"float\"}}"),
            "columns[0].mapping.type"},
        {ONE_COLUMN("{\"name\":\"A\",\"type\":\"long\",\"format\":\"0.0\"}"),
            "columns[0].format: \"0.0\" is none of"},
        {ONE_COLUMN("{\"name\":\"A\",\"type\":\"long\",\"format\":\"#,##0.\"}"),
            "columns[0].format: \"#,##0.\" is none of"},
        {ONE_COLUMN("{\"name\":\"A\",\"type\":\"keyword\","
                    "\"format\":\"#,##0\"}"),
            "columns[0].format is for numbers"},
        {ONE_COLUMN("{\"name\":\"A\",\"type\":\"long\","
                    "\"aggregate\":\"median\"}"),
            "columns[0].aggregate: \"median\" is none of"},
        {"{\"name\":\"a\",\"schema_version\":0}", "schema_version must be"},
        {"{\"name\":\"A\",\"schema_version\":1," COLUMNS TIME REST "}",
            "name: \"A\" must be of small letters"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
        struct error err = {""};
        struct dataset *ds =
            dataset_from_text(slips[i].text, strlen(slips[i].text), &err);

        if (ds != NULL || strstr(err.text, slips[i].says) == NULL) {
            print_error("%s\nwants: %s\nsays:  %s\n", slips[i].text,
                slips[i].says, ds != NULL ? "(accepted)" : err.text);
            fail();
        }
    }
}

static void cleaning_is_read_and_checked(void **state)
{
    static const char *const wrong[][2] = {
        {"{\"absent\":[\"\"]}", "clean.absent[0] must be a text"},
        {"{\"absent\":\"-\"}", "clean.absent"},
        {"{\"trim\":1}", "clean.trim"},
        {"{\"trims\":true}", "trims"},
    };
    char text[1024];
    struct error err;
    struct dataset *ds =
        must_read("{" HEAD COLUMNS TIME "\"clean\":{\"absent\":[\"-\",\"n/a\"],"
                  "\"trim\":true}," REST "}");

    (void)state;
    assert_int_equal(ds->clean.n_absent, 2);
    assert_string_equal(ds->clean.absent[1], "n/a");
    assert_int_equal(ds->clean.longest_absent_bytes, 3);
    assert_true(ds->clean.trim);
    assert_false(ds->clean.thousands);
    dataset_free(ds);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        (void)snprintf(text, sizeof(text), "{%s\"clean\":%s,%s}",
            HEAD COLUMNS TIME, wrong[i][0], REST);
        assert_null(dataset_from_text(text, strlen(text), &err));
        if (strstr(err.text, wrong[i][1]) == NULL) {
            fail_msg("%s: %s", wrong[i][0], err.text);
        }
    }
}

static void what_the_id_is_made_of_is_known(void **state)
{
    static const struct {
        const char *id;
        bool of_row, has_time, has_code;
    } cases[] = {
        {"%{Date}-%{Code}", true, true, true},
        {"%{Date:%Y}-%{Code}", true, false, true},
        {"%{Date}-%{_offset}", false, true, false},
        {"%{_key}", false, false, false},
    };
    char text[1024];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dataset *ds;

        (void)snprintf(text, sizeof(text),
            "{%s\"key\":\"Code\",\"index\":\"small\",\"id\":\"%s\"}",
            HEAD COLUMNS TIME, cases[i].id);
        ds = must_read(text);
        assert_int_equal(ds->id_is_of_row, cases[i].of_row);
        assert_int_equal(ds->id_has_time, cases[i].has_time);
        assert_int_equal(ds->columns[0].in_id, cases[i].has_code);
        dataset_free(ds);
    }
}

static void names_to_read_and_write_follow_from_the_index(void **state)
{
    static const struct {
        const char *index, *alias, *writes_to;
    } cases[] = {
        {"small", "small", "small_write"},
        {"small-%{Date:%Y}", "small", "small-v3-%{Date:%Y}"},
        {"small_%{Date:%Y}.%{Date:%m}", "small",
            "small-v3_%{Date:%Y}.%{Date:%m}"},
        {"small%{Date:%Y}", "small", "small-v3-%{Date:%Y}"},
        {"a-b-%{_topic}", "a-b", "a-b-v3-%{_topic}"},
    };
    char text[1024];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dataset *ds;

        (void)snprintf(text, sizeof(text),
            "{\"name\":\"small\",\"schema_version\":3,%s\"key\":\"Code\","
            "\"index\":\"%s\",\"id\":\"%%{Code}\"}",
            COLUMNS TIME, cases[i].index);
        ds = must_read(text);
        assert_string_equal(ds->alias, cases[i].alias);
        assert_string_equal(ds->writes_to, cases[i].writes_to);
        assert_int_equal(ds->is_family, strchr(cases[i].index, '%') != NULL);
        dataset_free(ds);
    }
}

static void lifecycle_and_priority_are_read(void **state)
{
    struct dataset *ds = must_read(
        "{" HEAD COLUMNS TIME REST ",\"elasticsearch\":{"
        "\"template_priority\":700,\"lifecycle\":{\"force_merge_after\":"
        "\"12h\",\"delete_after\":\"365d\"}}}");
    struct dataset_lifecycle l;

    (void)state;
    assert_true(dataset_lifecycle(ds, &l));
    assert_null(l.read_only_after);
    assert_string_equal(l.force_merge_after, "12h");
    assert_string_equal(l.delete_after, "365d");
    assert_int_equal(dataset_template_priority(ds), 700);
    dataset_free(ds);
    ds = must_read("{" HEAD COLUMNS TIME REST "}");
    assert_false(dataset_lifecycle(ds, &l));
    assert_int_equal(dataset_template_priority(ds), 500);
    dataset_free(ds);
}

static void unknown_name_and_missing_file_are_explained(void **state)
{
    struct error err;

    (void)state;
    assert_null(dataset_load("marcp", &err));
    assert_non_null(strstr(err.text, "did you mean 'marcap'?"));
    assert_null(dataset_load("unheard-of", &err));
    assert_non_null(strstr(err.text, "built in are marcap"));
    assert_null(dataset_load("./no-such-folder/x.json", &err));
    assert_non_null(strstr(err.text, "./no-such-folder/x.json"));
}

static void error_in_a_file_begins_with_its_path(void **state)
{
    char path[] = "naru-test-dataset-XXXXXX.json";
    int fd = mkstemps(path, 5);
    struct error err;
    FILE *f;

    (void)state;
    assert_true(fd >= 0);
    f = fdopen(fd, "w");
    assert_non_null(f);
    assert_true(fputs("{\"name\": }", f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_null(dataset_load(path, &err));
    assert_int_equal(remove(path), 0);
    assert_int_equal(strncmp(err.text, path, strlen(path)), 0);
    assert_non_null(strstr(err.text, ": line 1, column 10: "));
}

static json_t *body_of(const struct dataset *ds, const char *analyzer)
{
    struct error err;
    char *text = NULL;
    json_t *body;

    assert_int_equal(dataset_create_body(ds, analyzer, &text, &err), 0);
    body = json_loads(text, 0, NULL);
    assert_non_null(body);
    free(text);
    return body;
}

static const char *field_setting(
    const json_t *body, const char *field, const char *name)
{
    const json_t *properties =
        json_object_get(json_object_get(body, "mappings"), "properties");

    return json_string_value(
        json_object_get(json_object_get(properties, field), name));
}

static const char *meta(const json_t *body, const char *key)
{
    return json_string_value(json_object_get(
        json_object_get(json_object_get(body, "mappings"), "_meta"), key));
}

static void body_maps_amounts_exactly_and_refuses_unknown_fields(void **state)
{
    struct dataset *ds = must_load("marcap");
    json_t *body = body_of(ds, "cjk");
    json_t *mappings = json_object_get(body, "mappings");
    json_t *properties = json_object_get(mappings, "properties");

    (void)state;
    assert_string_equal(
        json_string_value(json_object_get(mappings, "dynamic")), "strict");
    assert_int_equal(json_object_size(properties), 18);
    assert_string_equal(field_setting(body, "Marcap", "type"), "long");
    assert_true(json_is_false(
        json_object_get(json_object_get(properties, "Marcap"), "coerce")));
    assert_string_equal(field_setting(body, "Rank", "type"), "integer");
    assert_string_equal(field_setting(body, "Close", "type"), "double");
    assert_string_equal(field_setting(body, "Code", "type"), "keyword");
    assert_string_equal(field_setting(body, "Dept", "type"), "keyword");
    assert_string_equal(field_setting(body, "Date", "format"), "strict_date");
    json_decref(body);
    dataset_free(ds);

    ds = must_load("trade");
    body = body_of(ds, "cjk");
    assert_string_equal(
        field_setting(body, "trade_time", "format"), "epoch_millis");
    assert_null(meta(body, "korean_analyzer"));
    assert_false(dataset_wants_korean(ds));
    json_decref(body);
    dataset_free(ds);
}

static void korean_analyzer_is_put_in_without_changing_the_checksum(
    void **state)
{
    struct dataset *ds = must_load("marcap");
    json_t *nori = body_of(ds, "nori");
    json_t *cjk = body_of(ds, "cjk");
    const json_t *name = json_object_get(
        json_object_get(json_object_get(nori, "mappings"), "properties"),
        "Name");
    const json_t *ko = json_object_get(json_object_get(name, "fields"), "ko");

    (void)state;
    assert_true(dataset_wants_korean(ds));
    assert_string_equal(
        json_string_value(json_object_get(name, "type")), "keyword");
    assert_string_equal(
        json_string_value(json_object_get(ko, "analyzer")), "nori");
    assert_string_equal(meta(nori, "managed_by"), "naru");
    assert_string_equal(meta(nori, "dataset"), "marcap");
    assert_string_equal(meta(nori, "korean_analyzer"), "nori");
    assert_int_equal(strlen(meta(nori, "sha256")), 64);
    assert_string_equal(meta(nori, "sha256"), meta(cjk, "sha256"));
    json_decref(nori);
    json_decref(cjk);
    dataset_free(ds);
}

static char *checksum_of(const char *text)
{
    struct dataset *ds = must_read(text);
    json_t *body = body_of(ds, "cjk");
    char *sum = strdup(meta(body, "sha256"));

    json_decref(body);
    dataset_free(ds);
    assert_non_null(sum);
    return sum;
}

static void checksum_follows_what_the_engine_is_told_and_nothing_else(
    void **state)
{
    char *plain = checksum_of("{" HEAD COLUMNS TIME REST "}");
    char *other_words =
        checksum_of("{\"description\":\"d\"," COLUMNS HEAD TIME REST "}");
    char *other_version = checksum_of(
        "{\"name\":\"small\",\"schema_version\":2," COLUMNS TIME REST "}");
    char *other_setting = checksum_of(
        "{" HEAD COLUMNS TIME REST
        ",\"elasticsearch\":{\"settings\":{\"refresh_interval\":\"5s\"}}}");
    char *other_dynamic =
        checksum_of("{" HEAD COLUMNS TIME REST
                    ",\"elasticsearch\":{\"dynamic\":\"false\"}}");

    (void)state;
    assert_string_equal(plain, other_words);
    assert_string_not_equal(plain, other_version);
    assert_string_not_equal(plain, other_setting);
    assert_string_not_equal(plain, other_dynamic);
    free(plain);
    free(other_words);
    free(other_version);
    free(other_setting);
    free(other_dynamic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builtin_datasets_load_and_name_themselves),
        cmocka_unit_test(marcap_has_the_columns_of_the_real_files),
        cmocka_unit_test(header_is_found_by_name_and_by_alias_but_case_counts),
        cmocka_unit_test(midnight_in_seoul_is_nine_hours_before_utc),
        cmocka_unit_test(
            epoch_milliseconds_are_digits_that_fit_and_nothing_else),
        cmocka_unit_test(columns_of_key_time_and_id_become_required),
        cmocka_unit_test(slips_are_named_with_their_place),
        cmocka_unit_test(cleaning_is_read_and_checked),
        cmocka_unit_test(what_the_id_is_made_of_is_known),
        cmocka_unit_test(names_to_read_and_write_follow_from_the_index),
        cmocka_unit_test(lifecycle_and_priority_are_read),
        cmocka_unit_test(unknown_name_and_missing_file_are_explained),
        cmocka_unit_test(error_in_a_file_begins_with_its_path),
        cmocka_unit_test(body_maps_amounts_exactly_and_refuses_unknown_fields),
        cmocka_unit_test(
            korean_analyzer_is_put_in_without_changing_the_checksum),
        cmocka_unit_test(
            checksum_follows_what_the_engine_is_told_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
