/* JSON texts checked, compacted, unescaped; see json_text.h. */
#include "bridge/transform/json_text.h"

#include "common/json_scan.h"
#include "common/utf8.h"

#include <string.h>

struct reading {
    const char *at, *end;
    struct buf *out; /* NULL: only look */
    bool drop_nulls;
    bool is_full;
};

static void skip_space(struct reading *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' ||
                                 *r->at == '\n' || *r->at == '\r')) {
        r->at++;
    }
}

static void put(struct reading *r, const char *from, size_t n)
{
    if (r->out != NULL && buf_append(r->out, from, n) != 0) {
        r->is_full = true;
    }
}

/* Step over one character that must be there. */
static int take(struct reading *r, char ch)
{
    if (r->at == r->end || *r->at != ch) {
        return -1;
    }
    put(r, r->at, 1);
    r->at++;
    return 0;
}

static bool is_hex(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f') ||
           (ch >= 'A' && ch <= 'F');
}

static int take_escape(struct reading *r)
{
    r->at++;
    if (r->at == r->end || memchr("\"\\/bfnrtu", *r->at, 9) == NULL) {
        return -1;
    }
    if (*r->at == 'u') {
        for (int i = 0; i < 4; i++) {
            r->at++;
            if (r->at == r->end || !is_hex(*r->at)) {
                return -1;
            }
        }
    }
    r->at++;
    return 0;
}

static int take_string(struct reading *r)
{
    const char *from = r->at;

    if (r->at == r->end || *r->at != '"') {
        return -1;
    }
    r->at++;
    for (;;) {
        if (r->at == r->end || (unsigned char)*r->at < 0x20) {
            return -1;
        }
        if (*r->at == '"') {
            break;
        }
        if (*r->at == '\\') {
            if (take_escape(r) != 0) {
                return -1;
            }
        } else {
            r->at++;
        }
    }
    r->at++;
    put(r, from, (size_t)(r->at - from));
    return 0;
}

static size_t digits(struct reading *r)
{
    const char *from = r->at;

    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') {
        r->at++;
    }
    return (size_t)(r->at - from);
}

static bool is_next(const struct reading *r, char a, char b)
{
    return r->at < r->end && (*r->at == a || *r->at == b);
}

static int take_number(struct reading *r)
{
    const char *from = r->at;
    bool begins_with_0;
    size_t n;

    r->at += is_next(r, '-', '-');
    begins_with_0 = is_next(r, '0', '0');
    n = digits(r);
    if (n == 0 || (begins_with_0 && n > 1)) { /* 01 is no number */
        r->at = from;
        return -1;
    }
    if (is_next(r, '.', '.')) {
        r->at++;
        if (digits(r) == 0) {
            return -1;
        }
    }
    if (is_next(r, 'e', 'E')) {
        r->at++;
        r->at += is_next(r, '+', '-');
        if (digits(r) == 0) {
            return -1;
        }
    }
    put(r, from, (size_t)(r->at - from));
    return 0;
}

static int take_word(struct reading *r, const char *word)
{
    size_t n = strlen(word);

    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0) {
        return -1;
    }
    put(r, word, n);
    r->at += n;
    return 0;
}

static int take_value(struct reading *r, unsigned depth);

/* One member; *n counts those that are kept. */
static int take_member(struct reading *r, unsigned depth, size_t *n)
{
    size_t before = r->out != NULL ? r->out->len_bytes : 0;
    bool is_null;

    if (*n > 0) {
        put(r, ",", 1);
    }
    skip_space(r);
    if (take_string(r) != 0) {
        return -1;
    }
    skip_space(r);
    if (take(r, ':') != 0) {
        return -1;
    }
    skip_space(r);
    is_null = r->at < r->end && *r->at == 'n';
    if (take_value(r, depth) != 0) {
        return -1;
    }
    if (is_null && r->drop_nulls && r->out != NULL) {
        r->out->len_bytes = before;
    } else {
        (*n)++;
    }
    return 0;
}

static int take_object(struct reading *r, unsigned depth)
{
    size_t n = 0;

    if (take(r, '{') != 0) {
        return -1;
    }
    skip_space(r);
    if (is_next(r, '}', '}')) {
        return take(r, '}');
    }
    for (;;) {
        if (take_member(r, depth, &n) != 0) {
            return -1;
        }
        skip_space(r);
        if (!is_next(r, ',', ',')) {
            return take(r, '}');
        }
        r->at++;
    }
}

static int take_array(struct reading *r, unsigned depth)
{
    if (take(r, '[') != 0) {
        return -1;
    }
    skip_space(r);
    if (is_next(r, ']', ']')) {
        return take(r, ']');
    }
    for (;;) {
        skip_space(r);
        if (take_value(r, depth) != 0) {
            return -1;
        }
        skip_space(r);
        if (!is_next(r, ',', ',')) {
            return take(r, ']');
        }
        (void)take(r, ',');
    }
}

static int take_value(struct reading *r, unsigned depth)
{
    if (r->at == r->end || depth == JSON_MAX_DEPTH) {
        return -1;
    }
    switch (*r->at) {
    case '{':
        return take_object(r, depth + 1);
    case '[':
        return take_array(r, depth + 1);
    case '"':
        return take_string(r);
    case 't':
        return take_word(r, "true");
    case 'f':
        return take_word(r, "false");
    case 'n':
        return take_word(r, "null");
    default:
        return take_number(r);
    }
}

int json_text_compact(
    struct slice text, bool drop_nulls, struct buf *out, struct error *err)
{
    struct reading r = {text.p, text.p + text.len, out, drop_nulls, false};
    size_t good = utf8_valid_bytes(text);

    skip_space(&r);
    if (text.len == 0 || r.at == r.end) {
        return error_set(err, "the value is empty");
    }
    if (good < text.len) {
        return error_set(err, "the value is not UTF-8: see byte %zu", good + 1);
    }
    if (take_value(&r, 0) == 0) {
        skip_space(&r);
        if (r.at == r.end) {
            return r.is_full ? 1 : 0;
        }
    }
    return error_set(err, "the value is not JSON: see byte %zu",
        (size_t)(r.at - text.p) + 1);
}

/* ---- escapes ---- */

static int put_utf8(struct buf *out, unsigned long code)
{
    char b[4];
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = n; i-- > 1;) {
        b[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    b[0] = (char)(leads[n] | code);
    return buf_append(out, b, n);
}

/* Four hex digits at p, -1 when there are none. */
static long read_unit(const char *p, const char *end)
{
    long unit = 0;

    if (end - p < 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        int ch = (unsigned char)p[i];

        if (!is_hex((char)ch)) {
            return -1;
        }
        unit = unit * 16 + (ch <= '9' ? ch - '0' : (ch | 0x20) - 'a' + 10);
    }
    return unit;
}

/* The code behind "\u" at *at, which is left behind it. */
static unsigned long read_code(const char **at, const char *end)
{
    long unit = read_unit(*at, end), low;

    *at += unit < 0 ? 0 : 4;
    if (unit < 0 || (unit >= 0xdc00 && unit < 0xe000)) {
        return 0xfffd;
    }
    if (unit < 0xd800 || unit >= 0xe000) {
        return (unsigned long)unit;
    }
    low = end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u'
              ? read_unit(*at + 2, end)
              : -1;
    if (low < 0xdc00 || low >= 0xe000) {
        return 0xfffd;
    }
    *at += 6;
    return 0x10000ul + ((unsigned long)(unit - 0xd800) << 10) +
           (unsigned long)(low - 0xdc00);
}

int json_text_unescape(struct slice raw, struct buf *out)
{
    static const char names[] = "\"\\/bfnrt", stands_for[] = "\"\\/\b\f\n\r\t";
    const char *at = raw.p, *end = raw.p + raw.len;
    int rc = 0;

    while (rc == 0 && at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        const char *name;

        if (escape == NULL || escape + 1 == end) {
            return buf_append(out, at, (size_t)(end - at));
        }
        rc = buf_append(out, at, (size_t)(escape - at));
        at = escape + 2;
        if (rc == 0 && escape[1] == 'u') {
            rc = put_utf8(out, read_code(&at, end));
        } else if (rc == 0) {
            name = memchr(names, escape[1], sizeof(names) - 1);
            rc = buf_append_char(
                out, name != NULL ? stands_for[name - names] : escape[1]);
        }
    }
    return rc;
}

bool json_text_is(struct slice raw, struct slice name)
{
    struct buf text;
    bool same;

    if (raw.len == 0 || memchr(raw.p, '\\', raw.len) == NULL) {
        return slice_eq(raw, name);
    }
    buf_init(&text, raw.len + 1);
    same =
        json_text_unescape(raw, &text) == 0 && slice_eq(buf_slice(&text), name);
    buf_fini(&text);
    return same;
}
