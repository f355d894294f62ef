/*
 * The functions of NiFi's expression language that naru knows. What a null
 * subject (a missing attribute) gives follows NiFi's own evaluators: append
 * and prepend take it for empty text, tests are false, the rest is null.
 */
#include "bridge/nifi/date_format.h"
#include "bridge/nifi/expression_tree.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CALL(name)                                                             \
    static int name(struct el_run *run, struct el_value subject,               \
        const struct el_value *args, size_t n, struct el_value *out)
#define UNUSED_ARGS                                                            \
    (void)run;                                                                 \
    (void)subject;                                                             \
    (void)args;                                                                \
    (void)n

static struct el_value text_value(struct slice s)
{
    return (struct el_value){.kind = EL_TEXT, .text = s};
}

static struct el_value truth_value(bool truth)
{
    return (struct el_value){.kind = EL_BOOL, .truth = truth};
}

static struct el_value whole_value(int64_t n)
{
    return (struct el_value){.kind = EL_WHOLE, .whole = n};
}

static const struct el_value null_value = {.kind = EL_NULL};

/* ---- text ---- */

static int joined(
    struct el_run *run, struct slice a, struct slice b, struct el_value *out)
{
    char *to = el_memory(run, a.len + b.len);

    if (to == NULL) {
        return -1;
    }
    if (a.len > 0) {
        memcpy(to, a.p, a.len);
    }
    if (b.len > 0) {
        memcpy(to + a.len, b.p, b.len);
    }
    *out = text_value((struct slice){to, a.len + b.len});
    return 0;
}

CALL(call_append)
{
    struct slice a, b;

    (void)n;
    return el_text(run, subject, &a) == 0 && el_text(run, args[0], &b) == 0
               ? joined(run, a, b, out)
               : -1;
}

CALL(call_prepend)
{
    struct slice a, b;

    (void)n;
    return el_text(run, subject, &a) == 0 && el_text(run, args[0], &b) == 0
               ? joined(run, b, a, out)
               : -1;
}

static int mapped(struct el_run *run, struct el_value subject, char from,
    char to, struct el_value *out)
{
    struct slice s;
    char *copy;

    *out = null_value;
    if (subject.kind == EL_NULL) {
        return 0;
    }
    if (el_text(run, subject, &s) != 0 ||
        (copy = el_memory(run, s.len)) == NULL) {
        return -1;
    }
    for (size_t i = 0; i < s.len; i++) {
        bool in = s.p[i] >= from && s.p[i] <= from + 25;

        copy[i] = in ? (char)(s.p[i] - from + to) : s.p[i];
    }
    *out = text_value((struct slice){copy, s.len});
    return 0;
}

/* ASCII alone, as far as the engine's index names and codes go. */
CALL(call_to_lower)
{
    (void)args;
    (void)n;
    return mapped(run, subject, 'A', 'a', out);
}

CALL(call_to_upper)
{
    (void)args;
    (void)n;
    return mapped(run, subject, 'a', 'A', out);
}

CALL(call_trim)
{
    struct slice s;

    (void)args;
    (void)n;
    *out = null_value;
    if (subject.kind == EL_NULL) {
        return 0;
    }
    if (el_text(run, subject, &s) != 0) {
        return -1;
    }
    while (s.len > 0 && (unsigned char)s.p[0] <= ' ') {
        (void)slice_take(&s, 1);
    }
    while (s.len > 0 && (unsigned char)s.p[s.len - 1] <= ' ') {
        s.len--;
    }
    *out = text_value(s);
    return 0;
}

CALL(call_to_string)
{
    struct slice s;

    (void)args;
    (void)n;
    *out = null_value;
    if (subject.kind != EL_NULL) {
        if (el_text(run, subject, &s) != 0) {
            return -1;
        }
        *out = text_value(s);
    }
    return 0;
}

static const char *find(struct slice in, struct slice what, bool last)
{
    const char *found = NULL;

    if (what.len == 0) {
        return in.p != NULL ? in.p + (last ? in.len : 0) : "";
    }
    for (size_t i = 0; i + what.len <= in.len; i++) {
        if (memcmp(in.p + i, what.p, what.len) == 0) {
            found = in.p + i;
            if (!last) {
                break;
            }
        }
    }
    return found;
}

CALL(call_replace)
{
    struct slice s, what, by;
    size_t count = 0, at = 0;
    char *to;

    (void)n;
    *out = null_value;
    if (subject.kind == EL_NULL) {
        return 0;
    }
    if (el_text(run, subject, &s) != 0 || el_text(run, args[0], &what) != 0 ||
        el_text(run, args[1], &by) != 0) {
        return -1;
    }
    if (what.len == 0) {
        *out = text_value(s);
        return 0;
    }
    for (struct slice rest = s; find(rest, what, false) != NULL; count++) {
        const char *hit = find(rest, what, false);

        (void)slice_take(&rest, (size_t)(hit - rest.p) + what.len);
    }
    if (by.len > 0 && count > EL_MAX_TEXT_BYTES / by.len) {
        return error_set(run->err, "replace() makes too long a text");
    }
    to = el_memory(run, s.len - count * what.len + count * by.len);
    if (to == NULL) {
        return -1;
    }
    while (s.len > 0) {
        const char *hit = find(s, what, false);
        size_t plain = hit != NULL ? (size_t)(hit - s.p) : s.len;

        memcpy(to + at, s.p, plain);
        at += plain;
        (void)slice_take(&s, plain);
        if (hit != NULL) {
            if (by.len > 0) {
                memcpy(to + at, by.p, by.len);
            }
            at += by.len;
            (void)slice_take(&s, what.len);
        }
    }
    *out = text_value((struct slice){to, at});
    return 0;
}

/* A count for substring(): text that is no number is an error in NiFi too. */
static int count_of(struct el_run *run, struct el_value v, int64_t *count)
{
    struct el_value number;

    if (el_number(run, v, &number) != 0 || number.kind != EL_WHOLE) {
        return error_set(run->err, "substring() needs whole numbers");
    }
    *count = number.whole;
    return 0;
}

/* Bytes of the first characters of s. */
static size_t bytes_of(struct slice s, int64_t characters)
{
    size_t i = 0;

    for (; i < s.len && characters > 0; characters--) {
        i++;
        while (i < s.len && ((unsigned char)s.p[i] & 0xC0) == 0x80) {
            i++;
        }
    }
    return i;
}

static int64_t characters_of(struct slice s)
{
    int64_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return n;
}

/* Beyond its end NiFi cuts the text rather than fail (since 1.1). */
CALL(call_substring)
{
    int64_t from, to, most;
    struct slice s;

    *out = null_value;
    if (subject.kind == EL_NULL) {
        return 0;
    }
    if (el_text(run, subject, &s) != 0 || count_of(run, args[0], &from) != 0) {
        return -1;
    }
    most = to = characters_of(s);
    if (n == 2 && count_of(run, args[1], &to) != 0) {
        return -1;
    }
    from = from < 0 ? 0 : from > most ? most : from;
    to = to > most ? most : to;
    to = to < from ? from : to;
    (void)slice_take(&s, bytes_of(s, from));
    s.len = bytes_of(s, to - from);
    *out = text_value(s);
    return 0;
}

/* What stands before or after the first or last what; all where it is not. */
static int cut(struct el_run *run, struct el_value subject,
    struct el_value what, bool before, bool last, struct el_value *out)
{
    struct slice s, w;
    const char *hit;

    *out = null_value;
    if (subject.kind == EL_NULL) {
        return 0;
    }
    if (el_text(run, subject, &s) != 0 || el_text(run, what, &w) != 0) {
        return -1;
    }
    hit = w.len > 0 ? find(s, w, last) : NULL;
    if (hit != NULL && before) {
        s.len = (size_t)(hit - s.p);
    } else if (hit != NULL) {
        (void)slice_take(&s, (size_t)(hit - s.p) + w.len);
    }
    *out = text_value(s);
    return 0;
}

CALL(call_substring_before)
{
    (void)n;
    return cut(run, subject, args[0], true, false, out);
}

CALL(call_substring_before_last)
{
    (void)n;
    return cut(run, subject, args[0], true, true, out);
}

CALL(call_substring_after)
{
    (void)n;
    return cut(run, subject, args[0], false, false, out);
}

CALL(call_substring_after_last)
{
    (void)n;
    return cut(run, subject, args[0], false, true, out);
}

CALL(call_length)
{
    struct slice s;

    (void)args;
    (void)n;
    if (el_text(run, subject, &s) != 0) {
        return -1;
    }
    *out = whole_value(characters_of(s));
    return 0;
}

/* ---- nothing there ---- */

static bool is_blank(struct el_value v)
{
    if (v.kind != EL_TEXT) {
        return v.kind == EL_NULL;
    }
    for (size_t i = 0; i < v.text.len; i++) {
        if ((unsigned char)v.text.p[i] > ' ') {
            return false;
        }
    }
    return true;
}

CALL(call_is_empty)
{
    UNUSED_ARGS;
    *out = truth_value(is_blank(subject));
    return 0;
}

CALL(call_is_null)
{
    UNUSED_ARGS;
    *out = truth_value(subject.kind == EL_NULL);
    return 0;
}

CALL(call_not_null)
{
    UNUSED_ARGS;
    *out = truth_value(subject.kind != EL_NULL);
    return 0;
}

CALL(call_replace_null)
{
    UNUSED_ARGS;
    *out = subject.kind == EL_NULL ? args[0] : subject;
    return 0;
}

CALL(call_replace_empty)
{
    UNUSED_ARGS;
    *out = is_blank(subject) ? args[0] : subject;
    return 0;
}

CALL(call_literal)
{
    UNUSED_ARGS;
    *out = args[0];
    return 0;
}

/* ---- tests ---- */

enum likeness { EQUAL, EQUAL_BUT_FOR_CASE, STARTS, ENDS, CONTAINS };

static bool is_alike(struct slice a, struct slice b, enum likeness how)
{
    switch (how) {
    case EQUAL:
        return slice_eq(a, b);
    case EQUAL_BUT_FOR_CASE:
        return a.len == b.len &&
               (a.len == 0 || strncasecmp(a.p, b.p, a.len) == 0);
    case STARTS:
        return a.len >= b.len && (b.len == 0 || memcmp(a.p, b.p, b.len) == 0);
    case ENDS:
        return a.len >= b.len &&
               (b.len == 0 || memcmp(a.p + a.len - b.len, b.p, b.len) == 0);
    case CONTAINS:
        break;
    }
    return find(a, b, false) != NULL;
}

static int compared(struct el_run *run, struct el_value a, struct el_value b,
    enum likeness how, struct el_value *out)
{
    struct slice x, y;

    *out = truth_value(false);
    if (a.kind == EL_NULL || b.kind == EL_NULL) {
        out->truth = how == EQUAL && a.kind == b.kind;
        return 0;
    }
    if (el_text(run, a, &x) != 0 || el_text(run, b, &y) != 0) {
        return -1;
    }
    out->truth = is_alike(x, y, how);
    return 0;
}

CALL(call_equals)
{
    (void)n;
    return compared(run, subject, args[0], EQUAL, out);
}

CALL(call_equals_ignore_case)
{
    (void)n;
    return compared(run, subject, args[0], EQUAL_BUT_FOR_CASE, out);
}

CALL(call_starts_with)
{
    (void)n;
    return compared(run, subject, args[0], STARTS, out);
}

CALL(call_ends_with)
{
    (void)n;
    return compared(run, subject, args[0], ENDS, out);
}

CALL(call_contains)
{
    (void)n;
    return compared(run, subject, args[0], CONTAINS, out);
}

CALL(call_in)
{
    *out = truth_value(false);
    for (size_t i = 0; i < n && !out->truth; i++) {
        if (compared(run, subject, args[i], EQUAL, out) != 0) {
            return -1;
        }
    }
    return 0;
}

CALL(call_and)
{
    UNUSED_ARGS;
    *out = truth_value(el_truth(subject) && el_truth(args[0]));
    return 0;
}

CALL(call_or)
{
    UNUSED_ARGS;
    *out = truth_value(el_truth(subject) || el_truth(args[0]));
    return 0;
}

CALL(call_not)
{
    UNUSED_ARGS;
    *out = truth_value(!el_truth(subject));
    return 0;
}

CALL(call_if_else)
{
    UNUSED_ARGS;
    *out = el_truth(subject) ? args[0] : args[1];
    return 0;
}

/* ---- dates ---- */

CALL(call_now)
{
    UNUSED_ARGS;
    *out = (struct el_value){.kind = EL_DATE, .whole = run->env->now_ms};
    return 0;
}

CALL(call_to_date)
{
    struct slice text, format;

    *out = null_value;
    if (is_blank(subject)) {
        return 0;
    }
    out->kind = EL_DATE;
    if (subject.kind == EL_DATE || subject.kind == EL_WHOLE) {
        out->whole = subject.whole;
        return 0;
    }
    if (n == 0) {
        struct el_value number;

        if (el_number(run, subject, &number) != 0 || number.kind != EL_WHOLE) {
            return error_set(run->err,
                "toDate() needs a number of milliseconds, or a format");
        }
        out->whole = number.whole;
        return 0;
    }
    return el_text(run, subject, &text) == 0 &&
                   el_text(run, args[0], &format) == 0
               ? date_format_read(
                     format, text, run->zone, &out->whole, run->err)
               : -1;
}

static int date_of(struct el_run *run, struct el_value subject, int64_t *at_ms)
{
    struct el_value number;

    if (el_number(run, subject, &number) != 0) {
        return -1;
    }
    if (number.kind != EL_WHOLE) {
        return error_set(
            run->err, "format() needs a date: put toDate() before it");
    }
    if (number.whole < DATE_FORMAT_MIN_MS ||
        number.whole > DATE_FORMAT_MAX_MS) {
        return error_set(run->err, "format(): the date is beyond year 9999");
    }
    *at_ms = number.whole;
    return 0;
}

CALL(call_format)
{
    struct slice format;
    struct buf text;
    int64_t at_ms;
    unsigned odd;
    int rc;

    (void)n;
    *out = null_value;
    if (is_blank(subject)) {
        return 0;
    }
    if (date_of(run, subject, &at_ms) != 0 ||
        el_text(run, args[0], &format) != 0 ||
        date_format_check(format, &odd, run->err) != 0) {
        return -1;
    }
    buf_init(&text, EL_MAX_TEXT_BYTES);
    rc = date_format_write(format, at_ms, run->zone, &text) == 0
             ? joined(run, buf_slice(&text), (struct slice){NULL, 0}, out)
             : error_set(run->err, "format() makes too long a text");
    buf_fini(&text);
    return rc;
}

/* ---- numbers ---- */

CALL(call_to_number)
{
    (void)args;
    (void)n;
    if (el_number(run, subject, out) != 0) {
        return -1;
    }
    if (out->kind == EL_DECIMAL) {
        if (!(out->decimal > -9e18 && out->decimal < 9e18)) {
            return error_set(run->err, "toNumber(): the number is too large");
        }
        *out = whole_value((int64_t)out->decimal);
    }
    return 0;
}

CALL(call_to_decimal)
{
    (void)args;
    (void)n;
    if (el_number(run, subject, out) != 0) {
        return -1;
    }
    if (out->kind == EL_WHOLE) {
        *out = (struct el_value){
            .kind = EL_DECIMAL, .decimal = (double)out->whole};
    }
    return 0;
}

static double decimal_of(struct el_value v)
{
    return v.kind == EL_WHOLE ? (double)v.whole : v.decimal;
}

enum sum { PLUS, MINUS, TIMES, DIVIDE, MODULO };

static int whole_sum(struct el_run *run, int64_t a, int64_t b, enum sum how,
    struct el_value *out)
{
    int64_t result = 0;
    bool over = false;

    switch (how) {
    case PLUS:
        over = __builtin_add_overflow(a, b, &result);
        break;
    case MINUS:
        over = __builtin_sub_overflow(a, b, &result);
        break;
    case TIMES:
        over = __builtin_mul_overflow(a, b, &result);
        break;
    case DIVIDE:
    case MODULO:
        if (b == 0) {
            return error_set(run->err, "a division by zero");
        }
        if (b == -1) { /* which INT64_MIN does not stand */
            over = how == DIVIDE && __builtin_sub_overflow(0, a, &result);
            break;
        }
        result = how == DIVIDE ? a / b : a % b;
        break;
    }
    if (over) {
        return error_set(run->err, "a number is too large");
    }
    *out = whole_value(result);
    return 0;
}

static int sum(struct el_run *run, struct el_value a, struct el_value b,
    enum sum how, struct el_value *out)
{
    double x, y, result;

    if (el_number(run, a, &a) != 0 || el_number(run, b, &b) != 0) {
        return -1;
    }
    *out = null_value;
    if (a.kind == EL_NULL || b.kind == EL_NULL) {
        return 0;
    }
    if (a.kind == EL_WHOLE && b.kind == EL_WHOLE) {
        return whole_sum(run, a.whole, b.whole, how, out);
    }
    x = decimal_of(a);
    y = decimal_of(b);
    if (how == MODULO) {
        return error_set(run->err, "mod() needs whole numbers");
    }
    result = how == PLUS    ? x + y
             : how == MINUS ? x - y
             : how == TIMES ? x * y
                            : x / y;
    *out = (struct el_value){.kind = EL_DECIMAL, .decimal = result};
    return 0;
}

CALL(call_plus)
{
    (void)n;
    return sum(run, subject, args[0], PLUS, out);
}

CALL(call_minus)
{
    (void)n;
    return sum(run, subject, args[0], MINUS, out);
}

CALL(call_multiply)
{
    (void)n;
    return sum(run, subject, args[0], TIMES, out);
}

CALL(call_divide)
{
    (void)n;
    return sum(run, subject, args[0], DIVIDE, out);
}

CALL(call_mod)
{
    (void)n;
    return sum(run, subject, args[0], MODULO, out);
}

/* -1, 0 or 1 into *order; false when one of them is no number. */
static bool ordered(
    struct el_run *run, struct el_value a, struct el_value b, int *order)
{
    if (el_number(run, a, &a) != 0 || el_number(run, b, &b) != 0 ||
        a.kind == EL_NULL || b.kind == EL_NULL) {
        return false;
    }
    if (a.kind == EL_WHOLE && b.kind == EL_WHOLE) {
        *order = (a.whole > b.whole) - (a.whole < b.whole);
    } else {
        *order =
            (decimal_of(a) > decimal_of(b)) - (decimal_of(a) < decimal_of(b));
    }
    return true;
}

CALL(call_gt)
{
    int order;

    (void)n;
    *out = truth_value(ordered(run, subject, args[0], &order) && order > 0);
    return 0;
}

CALL(call_ge)
{
    int order;

    (void)n;
    *out = truth_value(ordered(run, subject, args[0], &order) && order >= 0);
    return 0;
}

CALL(call_lt)
{
    int order;

    (void)n;
    *out = truth_value(ordered(run, subject, args[0], &order) && order < 0);
    return 0;
}

CALL(call_le)
{
    int order;

    (void)n;
    *out = truth_value(ordered(run, subject, args[0], &order) && order <= 0);
    return 0;
}

/* By name, for the search. */
static const struct el_function functions[] = {
    {"and", 1, 1, true, call_and},
    {"append", 1, 1, true, call_append},
    {"contains", 1, 1, true, call_contains},
    {"divide", 1, 1, true, call_divide},
    {"endsWith", 1, 1, true, call_ends_with},
    {"equals", 1, 1, true, call_equals},
    {"equalsIgnoreCase", 1, 1, true, call_equals_ignore_case},
    {"format", 1, 2, true, call_format},
    {"ge", 1, 1, true, call_ge},
    {"gt", 1, 1, true, call_gt},
    {"ifElse", 2, 2, true, call_if_else},
    {"in", 1, EL_MAX_ARGS, true, call_in},
    {"isEmpty", 0, 0, true, call_is_empty},
    {"isNull", 0, 0, true, call_is_null},
    {"le", 1, 1, true, call_le},
    {"length", 0, 0, true, call_length},
    {"literal", 1, 1, false, call_literal},
    {"lt", 1, 1, true, call_lt},
    {"minus", 1, 1, true, call_minus},
    {"mod", 1, 1, true, call_mod},
    {"multiply", 1, 1, true, call_multiply},
    {"not", 0, 0, true, call_not},
    {"notNull", 0, 0, true, call_not_null},
    {"now", 0, 0, false, call_now},
    {"or", 1, 1, true, call_or},
    {"plus", 1, 1, true, call_plus},
    {"prepend", 1, 1, true, call_prepend},
    {"replace", 2, 2, true, call_replace},
    {"replaceEmpty", 1, 1, true, call_replace_empty},
    {"replaceNull", 1, 1, true, call_replace_null},
    {"startsWith", 1, 1, true, call_starts_with},
    {"substring", 1, 2, true, call_substring},
    {"substringAfter", 1, 1, true, call_substring_after},
    {"substringAfterLast", 1, 1, true, call_substring_after_last},
    {"substringBefore", 1, 1, true, call_substring_before},
    {"substringBeforeLast", 1, 1, true, call_substring_before_last},
    {"toDate", 0, 2, true, call_to_date},
    {"toDecimal", 0, 0, true, call_to_decimal},
    {"toLower", 0, 0, true, call_to_lower},
    {"toNumber", 0, 0, true, call_to_number},
    {"toString", 0, 0, true, call_to_string},
    {"toUpper", 0, 0, true, call_to_upper},
    {"trim", 0, 0, true, call_trim},
};

const struct el_function *el_function_find(struct slice name)
{
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (slice_is(name, functions[i].name)) {
            return &functions[i];
        }
    }
    return NULL;
}

int expression_function_names(struct buf *out)
{
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if ((i > 0 && buf_append_char(out, ' ') != 0) ||
            buf_append_str(out, functions[i].name) != 0) {
            return -1;
        }
    }
    return 0;
}
