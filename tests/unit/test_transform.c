/* The steps of [transform] over single records: what goes on, what is left,
 * what is refused, and what is said of steps that nobody understands. */
#include "bridge/transform/transform.h"

#include "bridge/bridge_settings.h"
#include "common/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MOST 8
#define NOW_MS 1612862127123 /* 2021-02-09 09:15:27.123 UTC */

static struct config *config_of(const char *const *steps)
{
    struct config *c = config_new(&bridge_transform_settings, 1);
    struct error err;
    char text[512];

    for (int i = 0; steps[i] != NULL; i++) {
        (void)snprintf(
            text, sizeof(text), "transform.step.%d=%s", i + 1, steps[i]);
        if (config_set(c, text, &err) != 0) {
            fail_msg("%s", err.text);
        }
    }
    return c;
}

/* What becomes of value, as text: each document in braces, its attributes
 * before it; "skipped: ..." and "refused: ..." behind. */
static char *run(const char *const *steps, const char *value)
{
    static const struct attribute own[] = {{{"kafka.topic", 11}, {"t", 1}}};
    struct config *c = config_of(steps);
    struct flow_file first = {.has_value = value != NULL,
        .value = slice_of(value != NULL ? value : ""),
        .attributes = {own, 1}};
    struct transform_result r;
    struct error err;
    struct transform *t = transform_new(c, &err);
    struct arena arena;
    struct buf out;
    char *text;

    if (t == NULL) {
        fail_msg("%s", err.text);
    }
    buf_init(&out, 65536);
    arena_init(&arena, 1 << 20);
    assert_int_equal(transform_run(t, &first, NOW_MS, false, &arena, &r), 0);
    for (size_t i = 0; i < r.n; i++) {
        const struct flow_file *f = &r.all[i];

        for (size_t k = 0; k < f->attributes.n; k++) {
            const struct attribute *a = &f->attributes.all[k];

            if (!slice_is(a->name, "kafka.topic")) {
                assert_int_equal(buf_printf(&out, SLICE_FMT "=" SLICE_FMT " ",
                                     SLICE_ARG(a->name), SLICE_ARG(a->value)),
                    0);
            }
        }
        assert_int_equal(buf_printf(&out, "<" SLICE_FMT "%s>",
                             SLICE_ARG(f->value), f->is_changed ? "*" : ""),
            0);
    }
    if (r.skipped != NULL) {
        assert_int_equal(buf_printf(&out, " skipped: %s", r.skipped), 0);
    }
    if (r.is_refused) {
        assert_int_equal(buf_printf(&out, " %s: %s", r.type, r.reason.text), 0);
    }
    text = strdup(buf_str(&out));
    buf_fini(&out);
    arena_fini(&arena);
    transform_free(t);
    config_free(c);
    return text;
}

struct run_case {
    const char *steps[STEPS_MOST];
    const char *value;
    const char *becomes;
};

static void expect(const struct run_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *got = run(cases[i].steps, cases[i].value);

        if (strcmp(got, cases[i].becomes) != 0) {
            fail_msg("case %zu, %s\n  gives %s\n  not   %s", i,
                cases[i].steps[0], got, cases[i].becomes);
        }
        free(got);
    }
}

#define EXPECT(cases) expect(cases, sizeof(cases) / sizeof((cases)[0]))

static void attributes_are_set_from_expressions(void **state)
{
    static const struct run_case cases[] = {
        {{"update-attribute a=x b=\"two words\" c=${kafka.topic:toUpper()}"},
            "{}", "a=x b=two words c=T <{}>"},
        {{"update-attribute day=${now():format('yyyy.MM.dd','GMT')}"}, "{}",
            "day=2021.02.09 <{}>"},
        /* All see what was there before the step; a later one hides it. */
        {{"update-attribute a=1", "update-attribute a=2 b=${a}"}, "{}",
            "a=2 b=1 <{}>"},
        {{"update-attribute a=${none}"}, "{}", "a= <{}>"},
        {{"update-attribute a=\\\"q\\\"\\ \\;\\\\"}, "{}", "a=\"q\" ;\\ <{}>"},
        {{"update-attribute a=${kafka.topic:length():divide(0)}"}, "{}",
            " update_attribute_failed: a: "},
        {{"merge"}, "not json", "<not json>"},
        {{"update-attribute a=1"}, NULL, "a=1 <>"},
    };
    char *got;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (strstr(cases[i].becomes, "_failed") == NULL) {
            expect(&cases[i], 1);
        } else { /* the reason's words are the expression's */
            got = run(cases[i].steps, cases[i].value);
            assert_memory_equal(
                got, cases[i].becomes, strlen(cases[i].becomes));
            free(got);
        }
    }
}

static void fields_are_read_into_attributes(void **state)
{
    static const char doc[] =
        "{\"a\":{\"b\":[1,\"t\\u00e9\\n\"]},\"n\":1.50,\"s\":\"x\","
        "\"z\":null,\"o\":{ \"k\": 1 }}";
    static const struct run_case cases[] = {
        {{"evaluate-json v=$.a.b[0] w=$['a'].b[1]"}, doc,
            "v=1 w=t\xc3\xa9\n <{\"a\":{\"b\":[1,\"t\\u00e9\\n\"]},\"n\":1.50,"
            "\"s\":\"x\",\"z\":null,\"o\":{ \"k\": 1 }}>"},
        {{"evaluate-json n=$.n o=$.o z=$.z"},
            "{\"n\":1.50,\"o\":[ ],\"z\":null}",
            "n=1.50 o=[ ] z= <{\"n\":1.50,\"o\":[ ],\"z\":null}>"},
        {{"evaluate-json return=json s=$.s"}, "{\"s\":\"x\"}",
            "s=\"x\" <{\"s\":\"x\"}>"},
        {{"evaluate-json return=scalar o=$.o"}, "{\"o\":{}}",
            " evaluate_json_failed: o: an object is not a scalar"},
        {{"evaluate-json m=$.m"}, "{}", "m= <{}>"},
        {{"evaluate-json not_found=skip m=$.m"}, "{}", "<{}>"},
        {{"evaluate-json not_found=error m=$.m[1]"}, "{\"m\":[1]}",
            " evaluate_json_failed: m: nothing stands at its path"},
        {{"evaluate-json to=content o=$.o"}, "{\"o\":{\"k\":1}}",
            "<{\"k\":1}*>"},
        {{"evaluate-json to=content o=$.o"}, "{}",
            " evaluate_json_failed: o: nothing stands at its path"},
        /* An attribute may have an option's name. */
        {{"evaluate-json return=$.r"}, "{\"r\":7}", "return=7 <{\"r\":7}>"},
        /* Of a name given twice the last counts, as in NiFi. */
        {{"evaluate-json a=$.a"}, "{\"a\":1,\"a\":2}",
            "a=2 <{\"a\":1,\"a\":2}>"},
        {{"evaluate-json a=$.a"}, "{\"a\":1",
            " evaluate_json_failed: the "
            "value is not JSON: see byte 7"},
        {{"evaluate-json not_found=error a=$.a", "split-json $",
             "update-attribute b=c"},
            NULL, "b=c <>"},
    };

    (void)state;
    EXPECT(cases);
}

static void arrays_are_split(void **state)
{
    static const struct run_case cases[] = {
        {{"split-json $"}, "[ {\"a\":1}, {\"a\":2} ]",
            "fragment.index=0 fragment.count=2 <{\"a\":1}*>"
            "fragment.index=1 fragment.count=2 <{\"a\":2}*>"},
        {{"split-json $[*]"}, "[\"x\"]",
            "fragment.index=0 fragment.count=1 <\"x\"*>"},
        {{"split-json $.*"}, "{\"a\":{},\"b\":[]}",
            "fragment.index=0 fragment.count=2 <{}*>"
            "fragment.index=1 fragment.count=2 <[]*>"},
        {{"split-json $.rows[*]"}, "{\"rows\":[1]}",
            "fragment.index=0 fragment.count=1 <1*>"},
        {{"split-json $.rows"}, "{\"rows\":[]}",
            " skipped: split-json: nothing in it"},
        {{"split-json $.rows"}, "{}",
            " split_json_failed: nothing stands at its path"},
        {{"split-json $.rows"}, "{\"rows\":5}",
            " split_json_failed: a number stands there, not an array"},
        {{"split-json $[*]"}, "{\"a\":1}",
            " split_json_failed: an object stands there, not an array"},
        {{"split-json $"}, "[1,]",
            " split_json_failed: the value is not JSON: see byte 4"},
        /* Attributes go along, and each part goes its own way from here. */
        {{"update-attribute t=x", "split-json $", "evaluate-json a=$.a",
             "route keep=big big=${a:gt(1)}"},
            "[{\"a\":1},{\"a\":2}]",
            "t=x fragment.index=1 fragment.count=2 a=2 <{\"a\":2}*> skipped: "
            "route: unmatched"},
        /* One part refused, the others go on. */
        {{"split-json $", "evaluate-json not_found=error a=$.a"},
            "[{\"a\":1},{}]",
            "fragment.index=0 fragment.count=2 a=1 <{\"a\":1}*> "
            "evaluate_json_failed: a: nothing stands at its path"},
    };

    (void)state;
    EXPECT(cases);
}

static void routes_keep_and_leave(void **state)
{
    static const struct run_case cases[] = {
        {{"route keep=a a=${kafka.topic:equals('t')}"}, "{}", "<{}>"},
        {{"route keep=a a=${kafka.topic:equals('u')}"}, "{}",
            " skipped: route: unmatched"},
        {{"route keep=unmatched a=${kafka.topic:equals('u')}"}, "{}", "<{}>"},
        {{"route keep=b a=true b=false"}, "{}", " skipped: route: a"},
        {{"route keep=b,c a=true b=false c=TRUE"}, "{}", "<{}>"},
        {{"route keep=keep keep=true"}, "{}", "<{}>"},
    };

    (void)state;
    EXPECT(cases);
}

static void json_is_written_anew(void **state)
{
    static const struct run_case cases[] = {
        {{"convert-json"}, " { \"a\" : 1e400 ,\n \"b\" : [ 1.0 , \"x y\" ] } ",
            "<{\"a\":1e400,\"b\":[1.0,\"x y\"]}*>"},
        {{"convert-json"}, "{\"a\":1}", "<{\"a\":1}>"},
        {{"convert-json nulls=drop"},
            "{\"a\":null,\"b\":{\"c\":null},\"d\":[null],\"e\":null}",
            "<{\"b\":{},\"d\":[null]}*>"},
        {{"convert-json"}, "{\"a\":01}",
            " convert_json_failed: the value is not JSON: see byte 6"},
        {{"convert-json"}, "", " convert_json_failed: the value is empty"},
        {{"convert-json"}, "{\"a\":\"\xff\"}",
            " convert_json_failed: the value is not UTF-8: see byte 7"},
        {{"convert-json"}, NULL, "<>"},
    };

    (void)state;
    EXPECT(cases);
}

/* ---- what is said of steps ---- */

static void bad_steps_are_told_with_their_place(void **state)
{
    static const struct {
        const char *step, *says;
    } cases[] = {
        {"", "it is empty"},
        {"update-atribute a=b",
            "unknown step 'update-atribute'; did you mean 'update-attribute'?"},
        {"frobnicate", "unknown step 'frobnicate'; there are update-attribute, "
                       "evaluate-json, split-json, route, convert-json, merge, "
                       "log, log-message"},
        {"update-attribute", "update-attribute: it has no NAME=EXPRESSION"},
        {"update-attribute a",
            "update-attribute: 'a' is not of the form NAME=EXPRESSION"},
        {"evaluate-json not_found=maybe a=$.a",
            "evaluate-json: not_found=maybe: it is none of ignore, skip, "
            "error"},
        {"evaluate-json a=b", "evaluate-json: a: path 'b', byte 1: it does not "
                              "begin with $; a path is $ and then .name, "
                              "['name'] or [0]"},
        {"evaluate-json a=$..b",
            "evaluate-json: a: path '$..b', byte 3: a name is missing; a path "
            "is $ and then .name, ['name'] or [0]"},
        {"evaluate-json a=$.b[*]",
            "evaluate-json: a=$.b[*]: a path to one value cannot end in [*] or "
            ".*; split-json takes those"},
        {"evaluate-json to=content a=$.a b=$.b",
            "evaluate-json: to=content takes one NAME=PATH"},
        {"split-json", "split-json: it takes one path, such as $.rows[*]"},
        {"split-json $.a[x]",
            "split-json: path '$.a[x]', byte 5: neither a place such as 0 nor "
            "a name in quotes; a path is $ and then .name, ['name'] or [0]"},
        {"route a=true", "route: keep=NAME[,NAME...] must come first: which of "
                         "the routes go on"},
        {"route keep=b a=true", "route: keep=b: each must be the name of an "
                                "expression behind it, or unmatched"},
        {"convert-json nulls=drop nulls=drop",
            "convert-json: 'nulls=drop' is no option of it, or stands a second "
            "time"},
        {"log level=loud", "log: level=loud: it is none of trace, debug, info, "
                           "warn, error"},
        {"log attributes=(", "log: '(' is no extended regular expression: "
                             "Unmatched ( or \\("},
        {"log-message", "log-message: message=EXPRESSION is missing"},
        {"update-attribute a=\"b", "a quote has no end"},
        {"update-attribute a=\\b", "a backslash stands before 'b'; it may "
                                   "stand before \", \\, ;, a blank, n and t "
                                   "(\\\\ is a backslash)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *steps[] = {"merge", cases[i].step, NULL};
        struct config *c = config_of(steps);
        char wanted[512];
        struct error err;

        (void)snprintf(wanted, sizeof(wanted), "--set: transform.step.2: %s",
            cases[i].says);
        assert_null(transform_new(c, &err));
        assert_string_equal(err.text, wanted);
        config_free(c);
    }
}

static void a_bad_expression_is_told_with_its_attribute(void **state)
{
    const char *steps[] = {"update-attribute a=${b:nothingSuch()}", NULL};
    struct config *c = config_of(steps);
    struct error err;

    (void)state;
    assert_null(transform_new(c, &err));
    assert_non_null(
        strstr(err.text, "--set: transform.step.1: update-attribute: a: "));
    assert_non_null(strstr(err.text, "nothingSuch"));
    config_free(c);
}

static void only_logs_stand_behind_the_engine(void **state)
{
    struct config *c = config_new(&bridge_transform_settings, 1);
    struct error err;

    (void)state;
    assert_int_equal(config_set(c, "transform.after.3=merge", &err), 0);
    assert_null(transform_new(c, &err));
    assert_string_equal(err.text,
        "--set: transform.after.3: only log and log-message can stand behind "
        "the engine, not merge");
    config_free(c);
}

static void steps_count_what_passes_once(void **state)
{
    const char *steps[] = {
        "split-json $", "evaluate-json not_found=error a=$.a", NULL};
    struct config *c = config_of(steps);
    struct flow_file first = {
        .has_value = true, .value = slice_of("[{\"a\":1},{},{\"a\":3}]")};
    struct error err;
    struct transform *t = transform_new(c, &err);
    struct transform_result r;

    (void)state;
    for (int again = 0; again < 2; again++) {
        struct arena arena;

        arena_init(&arena, 1 << 20);
        assert_int_equal(
            transform_run(t, &first, NOW_MS, again != 0, &arena, &r), 0);
        assert_int_equal(r.n, 2);
        arena_fini(&arena);
    }
    assert_true(transform_splits(t));
    assert_int_equal(transform_step_count(t), 2);
    assert_string_equal(transform_step_kind(t, 0), "split-json");
    assert_int_equal(transform_step_stats(t, 0)->in, 1);
    assert_int_equal(transform_step_stats(t, 0)->in_bytes, 20);
    assert_int_equal(transform_step_stats(t, 0)->out, 3);
    assert_int_equal(transform_step_stats(t, 1)->in, 3);
    assert_int_equal(transform_step_stats(t, 1)->in_bytes, 16);
    assert_int_equal(transform_step_stats(t, 1)->out, 2);
    assert_int_equal(transform_step_stats(t, 1)->refused, 1);
    assert_int_equal(transform_step_stats(t, 1)->refused_bytes, 2);
    transform_free(t);
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(attributes_are_set_from_expressions),
        cmocka_unit_test(fields_are_read_into_attributes),
        cmocka_unit_test(arrays_are_split),
        cmocka_unit_test(routes_keep_and_leave),
        cmocka_unit_test(json_is_written_anew),
        cmocka_unit_test(bad_steps_are_told_with_their_place),
        cmocka_unit_test(a_bad_expression_is_told_with_its_attribute),
        cmocka_unit_test(only_logs_stand_behind_the_engine),
        cmocka_unit_test(steps_count_what_passes_once),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
