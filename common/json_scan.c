/* Reading JSON in place; see json_scan.h. */
#include "common/json_scan.h"

#include <stdbool.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The first a or b from at on; end when there is none. */
static inline const char *find_either(
    const char *at, const char *end, char a, char b)
{
#ifdef __SSE2__ /* sixteen at a time: what stands between is mostly shorter */
    const __m128i all_a = _mm_set1_epi8(a);
    const __m128i all_b = _mm_set1_epi8(b);

    for (; end - at >= 16; at += 16) {
        __m128i text = _mm_loadu_si128((const void *)at);
        int hits = _mm_movemask_epi8(_mm_or_si128(
            _mm_cmpeq_epi8(text, all_a), _mm_cmpeq_epi8(text, all_b)));

        if (hits != 0) {
            return at + __builtin_ctz((unsigned)hits);
        }
    }
#endif
    while (at < end && *at != a && *at != b) {
        at++;
    }
    return at;
}

/* The first byte from at on that is no digit, or end. */
static inline const char *behind_digits(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i nought = _mm_set1_epi8('0');
    const __m128i nine = _mm_set1_epi8(9);

    for (; end - at >= 16; at += 16) {
        __m128i text = _mm_sub_epi8(_mm_loadu_si128((const void *)at), nought);
        int hits =
            _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(text, nine), text));

        if (hits != 0xffff) {
            return at + __builtin_ctz(~(unsigned)hits);
        }
    }
#endif
    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at;
}

static inline bool is_space(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\r' || ch == '\t';
}

static inline void skip_space(struct json_cursor *c)
{
    while (c->at < c->end && is_space(*c->at)) {
        c->at++;
    }
}

int json_enter(struct json_cursor *c, char open)
{
    skip_space(c);
    if (c->at == c->end || *c->at != open) {
        return -1;
    }
    c->at++;
    return 0;
}

/* From behind the opening quote to behind the closing one. */
static inline int read_string(struct json_cursor *c, struct slice *raw)
{
    const char *start = c->at;
    const char *at = find_either(start, c->end, '"', '\\');

    while (c->end - at > 1 && *at == '\\') {
        at = find_either(at + 2, c->end, '"', '\\');
    }
    if (at == c->end || *at != '"') {
        c->at = c->end;
        return -1;
    }
    c->at = at + 1;
    *raw = (struct slice){start, (size_t)(at - start)};
    return 0;
}

static inline int next_key(struct json_cursor *c, struct slice *key)
{
    skip_space(c);
    if (c->at < c->end && *c->at == ',') {
        c->at++;
        skip_space(c);
    } else if (c->at < c->end && *c->at == '}') {
        c->at++;
        return 0;
    }
    if (c->at == c->end || *c->at != '"') {
        return -1;
    }
    c->at++;
    if (read_string(c, key) != 0) {
        return -1;
    }
    skip_space(c);
    if (c->at == c->end || *c->at != ':') {
        return -1;
    }
    c->at++;
    return 1;
}

int json_next_key(struct json_cursor *c, struct slice *key)
{
    return next_key(c, key);
}

int json_next_element(struct json_cursor *c)
{
    skip_space(c);
    if (c->at == c->end) {
        return -1;
    }
    if (*c->at == ']') {
        c->at++;
        return 0;
    }
    if (*c->at == ',') {
        c->at++;
    }
    return 1;
}

/* From the opening bracket to behind the one that closes it. */
static int skip_nested(struct json_cursor *c)
{
    struct slice ignored;
    size_t depth = 0;

    while (c->at < c->end) {
        char ch = *c->at++;

        if (ch == '"') {
            if (read_string(c, &ignored) != 0) {
                return -1;
            }
        } else if (ch == '{' || ch == '[') {
            if (++depth > JSON_MAX_DEPTH) {
                return -1;
            }
        } else if (ch == '}' || ch == ']') {
            if (--depth == 0) {
                return 0;
            }
        }
    }
    return -1;
}

static bool is_number_byte(char ch)
{
    return (ch >= '0' && ch <= '9') || ch == '-' || ch == '+' || ch == '.' ||
           ch == 'e' || ch == 'E';
}

static int read_word(struct json_cursor *c, const char *word,
    enum json_kind kind, struct json_value *v)
{
    size_t n = strlen(word);

    if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n) != 0) {
        return -1;
    }
    *v = (struct json_value){kind, {c->at, n}};
    c->at += n;
    return 0;
}

static inline int read_number(struct json_cursor *c, struct json_value *v)
{
    const char *start = c->at;

    c->at = behind_digits(start, c->end);
    while (c->at < c->end && is_number_byte(*c->at)) {
        c->at++;
    }
    *v = (struct json_value){JSON_NUMBER, {start, (size_t)(c->at - start)}};
    return v->raw.len > 0 ? 0 : -1;
}

static inline int read_value(struct json_cursor *c, struct json_value *v)
{
    const char *start;

    skip_space(c);
    if (c->at == c->end) {
        return -1;
    }
    start = c->at;
    switch (*start) {
    case '"':
        c->at++;
        v->kind = JSON_STRING;
        return read_string(c, &v->raw);
    case '{':
    case '[':
        if (skip_nested(c) != 0) {
            return -1;
        }
        v->kind = *start == '{' ? JSON_OBJECT : JSON_ARRAY;
        v->raw = (struct slice){start, (size_t)(c->at - start)};
        return 0;
    case 't':
        return read_word(c, "true", JSON_TRUE, v);
    case 'f':
        return read_word(c, "false", JSON_FALSE, v);
    case 'n':
        return read_word(c, "null", JSON_NULL, v);
    default:
        return read_number(c, v);
    }
}

int json_read(struct json_cursor *c, struct json_value *v)
{
    return read_value(c, v);
}

/* Give v to the fields of that name; returns to how many. */
static size_t offer(struct json_field *fields, size_t n, struct slice key,
    const struct json_value *v)
{
    size_t taken = 0;

    for (size_t i = 0; i < n; i++) {
        if (!fields[i].found && slice_eq(fields[i].name, key)) {
            fields[i].found = true;
            fields[i].value = *v;
            taken++;
        }
    }
    return taken;
}

int json_find_fields(
    struct slice text, struct json_field *fields, size_t n, size_t *bad_at)
{
    struct json_cursor c = json_cursor_of(text);
    struct json_value v;
    struct slice key;
    size_t missing = n;
    int more = json_enter(&c, '{') == 0 ? 1 : -1;

    for (size_t i = 0; i < n; i++) {
        fields[i].found = false;
    }
    while (more == 1 && missing > 0) {
        more = next_key(&c, &key);
        if (more == 1 && read_value(&c, &v) != 0) {
            more = -1;
        }
        if (more == 1) {
            missing -= offer(fields, n, key, &v);
        }
    }
    if (more < 0) {
        *bad_at = (size_t)(c.at - text.p);
        return -1;
    }
    return 0;
}

/* The number in the four digits of \\uXXXX at p, of which n bytes exist. */
static int escaped_unit(const char *p, size_t n)
{
    int unit = 0;

    if (n < 6 || p[0] != '\\' || p[1] != 'u') {
        return -1;
    }
    for (size_t i = 2; i < 6; i++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *d = p[i] != '\0' ? strchr(digits, p[i]) : NULL;

        if (d == NULL) {
            return -1;
        }
        unit = unit * 16 + (int)(d - digits < 16 ? d - digits : d - digits - 6);
    }
    return unit;
}

size_t json_string_bytes(struct slice raw)
{
    size_t bytes = 0;

    for (size_t i = 0; i < raw.len;) {
        const char *p = raw.p + i;
        int unit = escaped_unit(p, raw.len - i);

        if (unit < 0) {
            i += *p == '\\' ? 2 : 1;
            bytes++;
            continue;
        }
        i += 6;
        bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
        if (unit >= 0xD800 && unit <= 0xDBFF) {
            unit = escaped_unit(raw.p + i, raw.len - i);
            if (unit >= 0xDC00 && unit <= 0xDFFF) {
                i += 6;
                bytes++; /* both halves: four */
            }
        }
    }
    return bytes;
}
