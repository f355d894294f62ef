/*
 * The field out of real wordings, as the engines answered them to documents
 * that do not fit (Elasticsearch 7.17, 8.19, 9, OpenSearch 3; the rest from
 * the classes that letter_reason.c names).
 */
#include "bridge/dlq/letter_reason.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

struct row {
    const char *reason;
    const char *field;
};

static void check(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct slice got = letter_reason_field(slice_of(rows[i].reason));

        if (!slice_is(got, rows[i].field)) {
            fail_msg("%s: got '%.*s', wanted '%s'", rows[i].reason,
                (int)got.len, got.p, rows[i].field);
        }
    }
}

#define CHECK(rows) check((rows), sizeof(rows) / sizeof((rows)[0]))

static void elasticsearch_7_and_opensearch_are_understood(void **state)
{
    static const struct row rows[] = {
        {"failed to parse field [n] of type [long] in document with id "
         "'WTxK'. Preview of field's value: 'many'",
            "n"},
        {"failed to parse field [o.x] of type [integer] in document with id "
         "'1'. Preview of field's value: 'q'",
            "o.x"},
        {"failed to parse field [n] of type [long] in document with id '1'. "
         "Preview of field's value: '{a=1}'",
            "n"},
        {"failed to parse field [_id] of type [_id] in document with id '1'. "
         "Preview of field's value: '1'",
            "_id"},
        {"mapping set to strict, dynamic introduction of [zzz] within [_doc] "
         "is not allowed",
            "zzz"},
        {"mapping set to strict, dynamic introduction of [y] within [o] is "
         "not allowed",
            "y"},
        {"object mapping for [o] tried to parse field [o] as object, but "
         "found a concrete value",
            "o"},
        {"Could not dynamically add mapping for field [k.sub]. Existing "
         "mapping for [k] must be of type object but found [keyword].",
            "k.sub"},
        {"Document contains at least one immense term in field=\"k\" (whose "
         "UTF8 encoding is longer than the max length 32766), all of which "
         "were skipped.",
            "k"},
        {"Document contains at least one immense term in field=\\\"k\\\" "
         "(whose UTF8 encoding is longer",
            "k"},
        {"mapper [n] cannot be changed from type [long] to [text]", "n"},
        {"mapper [n] of different type, current_type [long], merged_type "
         "[text]",
            "n"},
        {"Cannot write to a field alias [a].", "a"},
        {"failed to parse", ""},
        {"Limit of total fields [6] has been exceeded while adding new "
         "fields [4]",
            ""},
    };

    (void)state;
    CHECK(rows);
}

static void elasticsearch_8_and_9_are_understood(void **state)
{
    static const struct row rows[] = {
        {"[1:6] failed to parse field [n] of type [long] in document with id "
         "'1'. Preview of field's value: 'many'",
            "n"},
        {"[1:17] mapping set to strict, dynamic introduction of [zzz] within "
         "[_doc] is not allowed",
            "zzz"},
        {"[1:6] object mapping for [o] tried to parse field [o] as object, "
         "but found a concrete value",
            "o"},
        {"[1:6] Cannot write to a field alias [a].", "a"},
        {"[1:28] failed to parse: Limit of total fields [6] has been exceeded "
         "while adding new fields [4]",
            ""},
        {"[1:2] failed to parse: field name cannot be an empty string", ""},
        {"Malformed content, must start with an object", ""},
        {"[1:5] [1:5] Unrecognized token 'not': was expecting (JSON String, "
         "Number, Array, Object or token 'null', 'true' or 'false')\\n at "
         "[Source: (byte[])\\\"not json\\\"; line: 1, column: 5]",
            ""},
        {"[1:6] failed to parse: data stream timestamp field [@timestamp] is "
         "missing",
            "@timestamp"},
    };

    (void)state;
    CHECK(rows);
}

static void the_bridge_s_own_words_are_understood(void **state)
{
    static const struct row rows[] = {
        {"id: the field 'Date' is missing", "Date"},
        {"version: the field 'seq' is not a whole number from 0", "seq"},
        {"the value is not a JSON object", ""},
        {"the record is a tombstone (it has no value)", ""},
        {"", ""},
    };

    (void)state;
    CHECK(rows);
}

static void what_the_document_says_does_not_count(void **state)
{
    static const struct row rows[] = {
        {"failed to parse field [a] of type [long] in document with id 'field "
         "[b]'. Preview of field's value: 'failed to parse field [c] of type "
         "['",
            "a"},
        {"failed to parse field [a] of type [long] in document with id '1'. "
         "Preview of field's value: 'dynamic introduction of [c] within ['",
            "a"},
        {"failed to parse field [a] b] of type [long]", "a] b"},
        {"failed to parse field [", ""},
        {"failed to parse field [cut", ""},
        {"dynamic introduction of [종목] within [_doc] is not allowed", "종목"},
    };

    (void)state;
    CHECK(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elasticsearch_7_and_opensearch_are_understood),
        cmocka_unit_test(elasticsearch_8_and_9_are_understood),
        cmocka_unit_test(the_bridge_s_own_words_are_understood),
        cmocka_unit_test(what_the_document_says_does_not_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
