/* NiFi's expression language: what it gives, and what it refuses. */
#include "bridge/nifi/expression.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* 2021-02-09 04:03:02.005 UTC, a Tuesday */
#define NOW_MS 1612843382005LL

static bool attribute(void *arg, struct slice name, struct slice *value)
{
    static const char *const pairs[][2] = {{"code", "005930"},
        {"market", "KOSPI"}, {"empty", ""}, {"blank", "  "}, {"price", "67000"},
        {"rate", "1.5"}, {"day", "2021-02-09"}, {"my name", "Samsung"},
        {"which", "code"}, {"ko", "삼성전자"}, {"path", "/a/b/c.json"},
        {"yes", "TRUE"}, {"stamp", "1612843382005"},
        {"kafka.topic", "Stock_Data"}, {"year-end", "2020-12-31"}};

    (void)arg;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (slice_is(name, pairs[i][0])) {
            *value = slice_of(pairs[i][1]);
            return true;
        }
    }
    return false;
}

static void gives(const char *text, const char *zone_name, const char *wanted)
{
    struct error err = {""};
    struct expression *e = expression_new(text, &err);
    struct zone *zone = zone_new(zone_name, &err);
    const struct expression_env env = {attribute, NULL, NOW_MS, zone};
    struct buf out;

    if (e == NULL || zone == NULL) {
        fail_msg("%s: %s", text, err.text);
    }
    buf_init(&out, 4096);
    if (expression_eval(e, &env, &out, &err) != 0) {
        fail_msg("%s: %s", text, err.text);
    }
    if (strcmp(buf_str(&out), wanted) != 0) {
        fail_msg("%s\ngives  %s\nwanted %s", text, buf_str(&out), wanted);
    }
    buf_fini(&out);
    zone_free(zone);
    expression_free(e);
}

static void values_are_as_nifi_gives_them(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"nifi-elk", "nifi-elk"},
        {"${code}", "005930"},
        {"a-${code}-b-${market}", "a-005930-b-KOSPI"},
        {"${ code }", "005930"},
        {"${missing}", ""},
        {"${'my name'}", "Samsung"},
        {"${\"my name\"}", "Samsung"},
        {"${${which}}", "005930"},
        {"${${which}:append('x')}", "005930x"},
        {"$${code}", "${code}"},
        {"$$${code}", "$005930"},
        {"$$$${code}", "$${code}"},
        {"5$ and $5 and $$", "5$ and $5 and $$"},
        {"{code}", "{code}"},
        {"${market:toLower()}", "kospi"},
        {"${market:toLower():toUpper()}", "KOSPI"},
        {"${missing:toUpper()}", ""},
        {"${market:substring(1)}", "OSPI"},
        {"${market:substring(1, 3)}", "OS"},
        {"${market:substring(3, 99)}", "PI"},
        {"${ko:substring(0,2)}", "삼성"},
        {"${ko:length()}", "4"},
        {"${path:substringAfterLast('/')}", "c.json"},
        {"${path:substringBeforeLast('/')}", "/a/b"},
        {"${path:substringAfter('/')}", "a/b/c.json"},
        {"${path:substringBefore('.')}", "/a/b/c"},
        {"${path:substringBefore('#')}", "/a/b/c.json"},
        {"${path:replace('/', '::')}", "::a::b::c.json"},
        {"${path:replace('', 'x')}", "/a/b/c.json"},
        {"${code:append('-'):append(${market})}", "005930-KOSPI"},
        {"${missing:append('x')}", "x"},
        {"${code:prepend('A')}", "A005930"},
        {"${code:equals('005930')}", "true"},
        {"${code:equals('5930')}", "false"},
        {"${missing:equals('')}", "false"},
        {"${missing:equals(${absent})}", "false"},
        {"${market:equalsIgnoreCase('kospi')}", "true"},
        {"${market:in('KOSDAQ', 'KOSPI')}", "true"},
        {"${market:in('KOSDAQ')}", "false"},
        {"${market:startsWith('KO'):and(${market:endsWith('PI')})}", "true"},
        {"${market:contains('XX'):or(${yes})}", "true"},
        {"${market:contains('XX'):not()}", "true"},
        {"${empty:isEmpty()}${blank:isEmpty()}${code:isEmpty()}",
            "truetruefalse"},
        {"${missing:isNull()}${empty:isNull()}${code:notNull()}",
            "truefalsetrue"},
        {"${blank:replaceEmpty('none')}", "none"},
        {"${missing:replaceNull('none')}", "none"},
        {"${empty:replaceNull('none')}", ""},
        {"${market:equals('KOSPI'):ifElse('a','b')}", "a"},
        {"${literal('x y')}", "x y"},
        {"${literal(5):plus(3)}", "8"},
        {"${literal('a\\'b\\n\\d')}", "a'b\n\\d"},
        {"${price:plus(1)}", "67001"},
        {"${price:multiply(${rate})}", "100500.0"},
        {"${price:divide(7)}", "9571"},
        {"${price:mod(7)}", "3"},
        {"${price:gt(66999)}", "true"},
        {"${price:lt(66999)}", "false"},
        {"${price:ge(67000)}${price:le(67000)}", "truetrue"},
        {"${market:gt(5)}", "false"},
        {"${rate:toNumber()}", "1"},
        {"${price:toDecimal()}", "67000.0"},
        {"${now():format('yyyy.MM.dd')}", "2021.02.09"},
        {"${now():format(\"yyyy-MM-dd'T'HH:mm:ss.SSSZ\")}",
            "2021-02-09T04:03:02.005+0000"},
        {"${now():toNumber()}", "1612843382005"},
        {"${now()}", "Tue Feb 09 04:03:02 UTC 2021"},
        {"${now():format('yyyy.MM.dd', 'Asia/Seoul')}", "2021.02.09"},
        {"${now():format('HH:mm zzz', 'GMT+9')}", "13:03 GMT+09:00"},
        {"${day:toDate('yyyy-MM-dd'):format('yyyyMMdd')}", "20210209"},
        {"${day:toDate('yyyy-MM-dd', 'GMT'):toNumber()}", "1612828800000"},
        {"${stamp:toDate():format('EEEE, d MMM yy')}", "Tuesday, 9 Feb 21"},
        {"${stamp:format('D DDD u a h K k')}", "40 040 2 AM 4 4 4"},
        {"${year-end:toDate('yyyy-MM-dd'):format('YYYY')}", "2021"},
        {"${literal('50-01-02'):toDate('yy-MM-dd'):format('yyyy')}", "1950"},
        {"${literal('46-01-02'):toDate('yy-MM-dd'):format('yyyy')}", "2046"},
        {"${day:toDate('yyyy-MM-dd'):format(\"'o''' d 'o''clock'\")}",
            "o' 9 o'clock"},
        {"${missing:format('yyyy')}", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gives(cases[i][0], "UTC", cases[i][1]);
    }
}

static void the_zone_moves_dates_and_summer_comes_and_goes(void **state)
{
    (void)state;
    gives("${now():format('HH:mm')}", "Asia/Seoul", "13:03");
    gives("${now():format('HH:mm z')}", "America/New_York", "23:03 EST");
    gives("${literal('2021-07-01 12:00'):toDate('yyyy-MM-dd HH:mm')"
          ":format('HH:mm Z XXX', 'UTC')}",
        "America/New_York", "16:00 +0000 Z");
    gives("${literal('2035-07-01 12:00'):toDate('yyyy-MM-dd HH:mm')"
          ":format('HH:mm', 'UTC')}",
        "Europe/Berlin", "10:00");
    gives("${literal('2035-01-01 12:00'):toDate('yyyy-MM-dd HH:mm')"
          ":format('HH:mm', 'UTC')}",
        "Europe/Berlin", "11:00");
    gives("${literal('1987-07-01 12:00'):toDate('yyyy-MM-dd HH:mm')"
          ":format('HH:mm', 'UTC')}",
        "Asia/Seoul", "02:00");
    gives("${literal('2021-02-09T04:03:02+09:00')"
          ":toDate(\"yyyy-MM-dd'T'HH:mm:ssXXX\"):format('dd HH')}",
        "UTC", "08 19");
}

static void refuses(const char *text, const char *because)
{
    struct error err = {""};
    struct expression *e = expression_new(text, &err);

    if (e != NULL) {
        fail_msg("%s was taken", text);
    }
    if (strstr(err.text, because) == NULL) {
        fail_msg("%s\nsays   %s\nwanted %s", text, err.text, because);
    }
}

static void what_is_not_understood_is_refused_when_compiled(void **state)
{
    (void)state;
    refuses("${code", "a ${ has no }");
    refuses("${code}-${", "expected an attribute's name or a function");
    refuses("${code}${code", "a ${ has no }");
    refuses("x${", "expected an attribute's name or a function");
    refuses("${}", "at byte 3");
    refuses("${code:}", "the function ()");
    refuses("${code:frobnicate()}", "frobnicate() at byte 8");
    refuses("${UUID()}", "UUID()");
    refuses("${allAttributes('a','b'):equals('x')}", "allAttributes()");
    refuses("${code:matches('a')}", "matches()");
    refuses("${code:substring()}", "has 0 arguments; it takes 1 or more");
    refuses("${code:toLower('x')}", "has 1 argument");
    refuses("${code:append('x}", "a quote has no end");
    refuses("${code:append('x'}", "expected ',' or ')'");
    refuses("${code append}", "expected ':'");
    refuses("${toLower()}", "needs a value before it");
    refuses("${code:now()}", "takes no value before it");
    refuses("${now():format('yyyy-ww')}", "the letter w");
    refuses("${now():format(\"yyyy'T\")}", "a ' has no end");
    refuses("${now():format('yyyy', 'Asia/Seol')}", "time zone 'Asia/Seol'");
    refuses("${now():format('yyyy', '../../etc/passwd')}", "is no time zone");
}

static void nesting_is_bounded(void **state)
{
    char text[4096] = "";
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 500; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "${");
    }
    refuses(text, "nest too deep");
}

static void what_a_record_makes_impossible_is_an_error(void **state)
{
    static const char *const cases[][2] = {
        {"${market:toDate('yyyy-MM-dd')}", "'KOSPI' is no date"},
        {"${market:toDate()}", "toDate() needs"},
        {"${literal('999999999999'):toDate('SSSSSSSSSSSS')}", "is no date"},
        {"${market:format('yyyy')}", "format() needs a date"},
        {"${price:divide(0)}", "division by zero"},
        {"${literal(9223372036854775807):plus(1)}", "too large"},
        {"${code:substring('x')}", "whole numbers"},
        {"${literal(999999999999999999):format('yyyy')}", "9999"},
    };
    const struct expression_env env = {attribute, NULL, NOW_MS, NULL};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = {""};
        struct expression *e = expression_new(cases[i][0], &err);
        struct buf out;

        assert_non_null(e);
        buf_init(&out, 4096);
        assert_int_equal(expression_eval(e, &env, &out, &err), -1);
        if (strstr(err.text, cases[i][1]) == NULL) {
            fail_msg("%s says %s", cases[i][0], err.text);
        }
        buf_fini(&out);
        expression_free(e);
    }
}

static void it_tells_what_it_reads_and_does(void **state)
{
    struct expression *e = expression_new(
        "${code}-${code:append(${market})}-${now():format('YYYY.DD')}", NULL);

    (void)state;
    assert_int_equal(expression_attribute_count(e), 2);
    assert_int_equal(expression_traits(e),
        EXPRESSION_USES_NOW | EXPRESSION_USES_ZONE | EXPRESSION_WEEK_YEAR |
            EXPRESSION_DAY_OF_YEAR);
    assert_null(expression_constant(e));
    assert_false(expression_reads_any(e));
    expression_free(e);
    e = expression_new("a$${b}", NULL);
    assert_string_equal(expression_constant(e), "a${b}");
    expression_free(e);
    e = expression_new("${${which}}", NULL);
    assert_true(expression_reads_any(e));
    expression_free(e);
}

static void conditions_are_the_word_true(void **state)
{
    static const struct {
        const char *text;
        bool truth;
    } cases[] = {{"${code:equals('005930')}", true}, {"${yes}", true},
        {"${missing}", false}, {"${code}", false}, {"true", true}};
    const struct expression_env env = {attribute, NULL, NOW_MS, NULL};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct expression *e = expression_new(cases[i].text, NULL);
        bool truth;

        assert_non_null(e);
        assert_int_equal(expression_test(e, &env, &truth, NULL), 0);
        assert_int_equal(truth, cases[i].truth);
        expression_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_as_nifi_gives_them),
        cmocka_unit_test(the_zone_moves_dates_and_summer_comes_and_goes),
        cmocka_unit_test(what_is_not_understood_is_refused_when_compiled),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(what_a_record_makes_impossible_is_an_error),
        cmocka_unit_test(it_tells_what_it_reads_and_does),
        cmocka_unit_test(conditions_are_the_word_true),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
