/* Functions that ask: is there anything, is it alike, and, or, not. */
#include "bridge/nifi/expression_call.h"

#include <string.h>
#include <strings.h>

/* ---- nothing there ---- */

bool el_is_blank(struct el_value v)
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

EL_CALL(el_call_is_empty)
{
    EL_UNUSED_ARGS;
    *out = el_truth_value(el_is_blank(subject));
    return 0;
}

EL_CALL(el_call_is_null)
{
    EL_UNUSED_ARGS;
    *out = el_truth_value(subject.kind == EL_NULL);
    return 0;
}

EL_CALL(el_call_not_null)
{
    EL_UNUSED_ARGS;
    *out = el_truth_value(subject.kind != EL_NULL);
    return 0;
}

EL_CALL(el_call_replace_null)
{
    EL_UNUSED_ARGS;
    *out = subject.kind == EL_NULL ? args[0] : subject;
    return 0;
}

EL_CALL(el_call_replace_empty)
{
    EL_UNUSED_ARGS;
    *out = el_is_blank(subject) ? args[0] : subject;
    return 0;
}

EL_CALL(el_call_literal)
{
    EL_UNUSED_ARGS;
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
    return el_find(a, b, false) != NULL;
}

static int compared(struct el_run *run, struct el_value a, struct el_value b,
    enum likeness how, struct el_value *out)
{
    struct slice x, y;

    *out = el_truth_value(false);
    if (a.kind == EL_NULL || b.kind == EL_NULL) {
        return 0; /* NiFi's EqualsEvaluator: nothing is like nothing */
    }
    if (el_text(run, a, &x) != 0 || el_text(run, b, &y) != 0) {
        return -1;
    }
    out->truth = is_alike(x, y, how);
    return 0;
}

EL_CALL(el_call_equals)
{
    (void)n;
    return compared(run, subject, args[0], EQUAL, out);
}

EL_CALL(el_call_equals_ignore_case)
{
    (void)n;
    return compared(run, subject, args[0], EQUAL_BUT_FOR_CASE, out);
}

EL_CALL(el_call_starts_with)
{
    (void)n;
    return compared(run, subject, args[0], STARTS, out);
}

EL_CALL(el_call_ends_with)
{
    (void)n;
    return compared(run, subject, args[0], ENDS, out);
}

EL_CALL(el_call_contains)
{
    (void)n;
    return compared(run, subject, args[0], CONTAINS, out);
}

EL_CALL(el_call_in)
{
    *out = el_truth_value(false);
    for (size_t i = 0; i < n && !out->truth; i++) {
        if (compared(run, subject, args[i], EQUAL, out) != 0) {
            return -1;
        }
    }
    return 0;
}

EL_CALL(el_call_and)
{
    EL_UNUSED_ARGS;
    *out = el_truth_value(el_truth(subject) && el_truth(args[0]));
    return 0;
}

EL_CALL(el_call_or)
{
    EL_UNUSED_ARGS;
    *out = el_truth_value(el_truth(subject) || el_truth(args[0]));
    return 0;
}

EL_CALL(el_call_not)
{
    EL_UNUSED_ARGS;
    *out = el_truth_value(!el_truth(subject));
    return 0;
}

EL_CALL(el_call_if_else)
{
    EL_UNUSED_ARGS;
    *out = el_truth(subject) ? args[0] : args[1];
    return 0;
}
