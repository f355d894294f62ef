/* Functions over dates and numbers. */
#include "bridge/nifi/date_format.h"
#include "bridge/nifi/expression_call.h"

#include <stdlib.h>
#include <string.h>

/* ---- dates ---- */

EL_CALL(el_call_now)
{
    EL_UNUSED_ARGS;
    *out = (struct el_value){.kind = EL_DATE, .whole = run->env->now_ms};
    return 0;
}

EL_CALL(el_call_to_date)
{
    struct slice text, format;

    *out = el_null_value;
    if (el_is_blank(subject)) {
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

EL_CALL(el_call_format)
{
    struct slice format = {NULL, 0};
    struct buf text;
    int64_t at_ms = 0;
    unsigned odd;
    int rc;

    (void)n;
    *out = el_null_value;
    if (el_is_blank(subject)) {
        return 0;
    }
    if (date_of(run, subject, &at_ms) != 0 ||
        el_text(run, args[0], &format) != 0 ||
        date_format_check(format, &odd, run->err) != 0) {
        return -1;
    }
    buf_init(&text, EL_MAX_TEXT_BYTES);
    rc = date_format_write(format, at_ms, run->zone, &text) == 0
             ? el_joined(run, buf_slice(&text), (struct slice){NULL, 0}, out)
             : error_set(run->err, "format() makes too long a text");
    buf_fini(&text);
    return rc;
}

/* ---- numbers ---- */

EL_CALL(el_call_to_number)
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
        *out = el_whole_value((int64_t)out->decimal);
    }
    return 0;
}

EL_CALL(el_call_to_decimal)
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
    *out = el_whole_value(result);
    return 0;
}

static int sum(struct el_run *run, struct el_value a, struct el_value b,
    enum sum how, struct el_value *out)
{
    double x, y, result;

    if (el_number(run, a, &a) != 0 || el_number(run, b, &b) != 0) {
        return -1;
    }
    *out = el_null_value;
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

EL_CALL(el_call_plus)
{
    (void)n;
    return sum(run, subject, args[0], PLUS, out);
}

EL_CALL(el_call_minus)
{
    (void)n;
    return sum(run, subject, args[0], MINUS, out);
}

EL_CALL(el_call_multiply)
{
    (void)n;
    return sum(run, subject, args[0], TIMES, out);
}

EL_CALL(el_call_divide)
{
    (void)n;
    return sum(run, subject, args[0], DIVIDE, out);
}

EL_CALL(el_call_mod)
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

EL_CALL(el_call_gt)
{
    int order;

    (void)n;
    *out = el_truth_value(ordered(run, subject, args[0], &order) && order > 0);
    return 0;
}

EL_CALL(el_call_ge)
{
    int order;

    (void)n;
    *out = el_truth_value(ordered(run, subject, args[0], &order) && order >= 0);
    return 0;
}

EL_CALL(el_call_lt)
{
    int order;

    (void)n;
    *out = el_truth_value(ordered(run, subject, args[0], &order) && order < 0);
    return 0;
}

EL_CALL(el_call_le)
{
    int order;

    (void)n;
    *out = el_truth_value(ordered(run, subject, args[0], &order) && order <= 0);
    return 0;
}
