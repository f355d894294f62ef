/*
 * Documents against a mapping. What each kind of field takes is asked of real
 * engines by live.preflight; here is that the right rule is applied, and told.
 */
#include "preflight/document_check.h"

#include "index/marked_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

#define BODY(dynamic, settings)                                                \
    "{\"settings\":" settings ",\"mappings\":{\"dynamic\":\"" dynamic          \
    "\",\"properties\":{\"code\":{\"type\":\"keyword\",\"fields\":{"           \
    "\"ko\":{\"type\":\"text\"},\"n\":{\"type\":\"byte\"}}},"                  \
    "\"count\":{\"type\":\"long\",\"coerce\":false},"                          \
    "\"day\":{\"type\":\"date\",\"format\":\"strict_date\"},"                  \
    "\"odd\":{\"type\":\"geo_point\"}}}}"

struct found {
    char text[1024]; /* "field: reason\n" of each */
    size_t new_fields;
};

static int on_fault(void *arg, struct slice field, const char *reason,
    json_t *value, bool refused)
{
    struct found *f = arg;
    size_t at = strlen(f->text);

    (void)value;
    (void)snprintf(f->text + at, sizeof(f->text) - at, "%.*s: %s%s\n",
        (int)field.len, field.p, refused ? "" : "(taken) ", reason);
    return 0;
}

static int on_new_field(void *arg, struct slice field)
{
    (void)field;
    ((struct found *)arg)->new_fields++;
    return 0;
}

static struct found check(const char *body, const char *document)
{
    struct found found = {"", 0};
    const struct document_watch watch = {on_fault, on_new_field, &found};
    struct mapping_rules rules;
    struct buf marked;
    struct error err;
    json_t *tree;

    buf_init(&marked, 1 << 20);
    assert_int_equal(mapping_rules_init(&rules, body, &err), 0);
    tree = marked_json_load(slice_of(document), &marked, &err);
    assert_non_null(tree);
    assert_int_equal(document_check(&rules, tree, &watch), 0);
    json_decref(tree);
    buf_fini(&marked);
    mapping_rules_fini(&rules);
    return found;
}

static void assert_strict(const char *document, const char *wanted)
{
    struct found found = check(BODY("strict", "{}"), document);

    assert_string_equal(found.text, wanted);
}

static void what_fits_is_not_told_of(void **state)
{
    (void)state;
    assert_strict("{\"code\":\"5\",\"count\":5.0,\"day\":\"2022-01-03\"}", "");
    assert_strict("{\"code\":[1,null],\"count\":null,\"odd\":\"x\"}", "");
    assert_strict("{}", "");
}

static void each_fault_is_told_of(void **state)
{
    (void)state;
    assert_strict("{\"count\":12.5,\"day\":\"x\",\"new\":1}",
        "count: cannot be converted to Long without data loss\n"
        "day: failed to parse date field with format [strict_date]\n"
        "new: strict_dynamic_mapping_exception: the mapping has no such "
        "field\n");
    assert_strict(
        "{\"count\":[1,\"2\"]}", "count: Long value passed as String\n");
    assert_strict("{\"count\":{\"a\":1}}",
        "count: an object where a value of type long is wanted\n");
    assert_strict("{\"day\":\"\"}", "day: cannot parse empty date\n");
    assert_strict("{\"day\":\"2022-13-01\"}",
        "day: (taken) no day of the calendar: another is stored\n");
    assert_strict("[1]", ": the value is no JSON object\n");
}

static void a_subfield_is_given_the_same_value(void **state)
{
    (void)state;
    assert_strict(
        "{\"code\":\"x\"}", "code: not numeric, for a field of type byte\n");
    assert_strict("{\"code\":128}", "code: out of range of byte\n");
}

static void names_have_rules_of_their_own(void **state)
{
    (void)state;
    assert_strict("{\"count.\":5.5}",
        "count: cannot be converted to Long without data loss\n");
    assert_strict("{\"\":1}", ": field name cannot be empty or blank\n");
    assert_strict("{\"_id\":1}",
        "_id: a metadata field cannot be added inside a document\n");
    assert_strict("{\"_doc_count\":1}", "");
    assert_strict("{\".a\":1}",
        ".a: a field name with nothing before a dot is ambiguous\n");
}

static void unknown_fields_may_be_allowed(void **state)
{
    struct found found;

    (void)state;
    found = check(BODY("false", "{}"), "{\"new\":1,\"a.b\":1}");
    assert_string_equal(found.text, "");
    assert_int_equal(found.new_fields, 0);
    found = check(BODY("true", "{}"), "{\"new\":1,\"nothing\":null}");
    assert_string_equal(found.text, "");
    assert_int_equal(found.new_fields, 1);
    found = check(BODY("false", "{}"), "{\"count.x\":1}");
    assert_string_equal(found.text,
        "count.x: what stands before the dot is a field with values, no "
        "object\n");
}

static void the_limit_is_found_however_it_is_written(void **state)
{
    static const struct {
        const char *body;
        size_t limit;
    } cases[] = {{BODY("strict", "{}"), 1000},
        {BODY("strict", "{\"mapping.total_fields.limit\":20}"), 20},
        {BODY("strict", "{\"index.mapping.total_fields.limit\":\"30\"}"), 30},
        {BODY("strict", "{\"index\":{\"mapping\":{\"total_fields\":{\"limit\":"
                        "40}}}}"),
            40},
        {BODY("strict", "{\"mapping\":{\"total_fields.limit\":50}}"), 50}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct mapping_rules rules;
        struct error err;

        assert_int_equal(mapping_rules_init(&rules, cases[i].body, &err), 0);
        assert_int_equal(rules.field_limit, cases[i].limit);
        assert_int_equal(rules.n_fields, 6); /* with two subfields */
        mapping_rules_fini(&rules);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_not_told_of),
        cmocka_unit_test(each_fault_is_told_of),
        cmocka_unit_test(a_subfield_is_given_the_same_value),
        cmocka_unit_test(names_have_rules_of_their_own),
        cmocka_unit_test(unknown_fields_may_be_allowed),
        cmocka_unit_test(the_limit_is_found_however_it_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
