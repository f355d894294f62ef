/* Functions over texts; characters are UTF-8's. */
#include "bridge/nifi/expression_call.h"

#include <string.h>

int el_joined(
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
    *out = el_text_value((struct slice){to, a.len + b.len});
    return 0;
}

EL_CALL(el_call_append)
{
    struct slice a, b;

    (void)n;
    return el_text(run, subject, &a) == 0 && el_text(run, args[0], &b) == 0
               ? el_joined(run, a, b, out)
               : -1;
}

EL_CALL(el_call_prepend)
{
    struct slice a, b;

    (void)n;
    return el_text(run, subject, &a) == 0 && el_text(run, args[0], &b) == 0
               ? el_joined(run, b, a, out)
               : -1;
}

static int mapped(struct el_run *run, struct el_value subject, char from,
    char to, struct el_value *out)
{
    struct slice s;
    char *copy;

    *out = el_null_value;
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
    *out = el_text_value((struct slice){copy, s.len});
    return 0;
}

/* ASCII alone, as far as the engine's index names and codes go. */
EL_CALL(el_call_to_lower)
{
    (void)args;
    (void)n;
    return mapped(run, subject, 'A', 'a', out);
}

EL_CALL(el_call_to_upper)
{
    (void)args;
    (void)n;
    return mapped(run, subject, 'a', 'A', out);
}

EL_CALL(el_call_trim)
{
    struct slice s;

    (void)args;
    (void)n;
    *out = el_null_value;
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
    *out = el_text_value(s);
    return 0;
}

EL_CALL(el_call_to_string)
{
    struct slice s;

    (void)args;
    (void)n;
    *out = el_null_value;
    if (subject.kind != EL_NULL) {
        if (el_text(run, subject, &s) != 0) {
            return -1;
        }
        *out = el_text_value(s);
    }
    return 0;
}

const char *el_find(struct slice in, struct slice what, bool last)
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

EL_CALL(el_call_replace)
{
    struct slice s, what, by;
    size_t count = 0, at = 0;
    char *to;

    (void)n;
    *out = el_null_value;
    if (subject.kind == EL_NULL) {
        return 0;
    }
    if (el_text(run, subject, &s) != 0 || el_text(run, args[0], &what) != 0 ||
        el_text(run, args[1], &by) != 0) {
        return -1;
    }
    if (what.len == 0) {
        *out = el_text_value(s);
        return 0;
    }
    for (struct slice rest = s; el_find(rest, what, false) != NULL; count++) {
        const char *hit = el_find(rest, what, false);

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
        const char *hit = el_find(s, what, false);
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
    *out = el_text_value((struct slice){to, at});
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
EL_CALL(el_call_substring)
{
    int64_t from = 0, to, most;
    struct slice s = {NULL, 0};

    *out = el_null_value;
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
    *out = el_text_value(s);
    return 0;
}

/* What stands before or after the first or last what; all where it is not. */
static int cut(struct el_run *run, struct el_value subject,
    struct el_value what, bool before, bool last, struct el_value *out)
{
    struct slice s, w;
    const char *hit;

    *out = el_null_value;
    if (subject.kind == EL_NULL) {
        return 0;
    }
    if (el_text(run, subject, &s) != 0 || el_text(run, what, &w) != 0) {
        return -1;
    }
    hit = w.len > 0 ? el_find(s, w, last) : NULL;
    if (hit != NULL && before) {
        s.len = (size_t)(hit - s.p);
    } else if (hit != NULL) {
        (void)slice_take(&s, (size_t)(hit - s.p) + w.len);
    }
    *out = el_text_value(s);
    return 0;
}

EL_CALL(el_call_substring_before)
{
    (void)n;
    return cut(run, subject, args[0], true, false, out);
}

EL_CALL(el_call_substring_before_last)
{
    (void)n;
    return cut(run, subject, args[0], true, true, out);
}

EL_CALL(el_call_substring_after)
{
    (void)n;
    return cut(run, subject, args[0], false, false, out);
}

EL_CALL(el_call_substring_after_last)
{
    (void)n;
    return cut(run, subject, args[0], false, true, out);
}

EL_CALL(el_call_length)
{
    struct slice s;

    (void)args;
    (void)n;
    if (el_text(run, subject, &s) != 0) {
        return -1;
    }
    *out = el_whole_value(characters_of(s));
    return 0;
}
