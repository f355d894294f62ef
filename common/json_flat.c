/* The fields of a flat object; see json_flat.h. */
#include "common/json_flat.h"

#ifdef __SSE2__

#include <emmintrin.h>
#include <string.h>

#define BLOCK_BYTES 64

/* Where the quotes of a block are, bit by bit. False: something in it is not
 * for us: an escape, a bracket that opens. */
static inline bool find_quotes(const char *block, uint64_t *quotes)
{
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i escape = _mm_set1_epi8('\\');
    const __m128i lower = _mm_set1_epi8((char)0xdf);
    const __m128i open = _mm_set1_epi8('['); /* '{' without that bit, too */
    __m128i odd = _mm_setzero_si128();

    *quotes = 0;
    for (int i = 0; i < BLOCK_BYTES; i += 16) {
        __m128i text = _mm_loadu_si128((const void *)(block + i));
        unsigned hits =
            (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(text, quote));

        *quotes |= (uint64_t)hits << i;
        odd = _mm_or_si128(
            odd, _mm_or_si128(_mm_cmpeq_epi8(text, escape),
                     _mm_cmpeq_epi8(_mm_and_si128(text, lower), open)));
    }
    return _mm_movemask_epi8(odd) == 0;
}

struct walk {
    struct slice text;
    struct json_field *fields;
    size_t n, missing;
    const char *open; /* a quote whose other half is to come, or NULL */
    size_t passed;    /* quotes, the last one included */
};

/* ---- the keys where they were in the last text ---- */

/* Of the block's quotes the one that has n before it. */
static inline unsigned nth_quote(uint64_t quotes, size_t n)
{
    for (; n > 0; n--) {
        quotes &= quotes - 1;
    }
    return (unsigned)__builtin_ctzll(quotes);
}

/* Does the key of f begin at the quote? Then its value is read. */
static inline bool take_here(
    struct slice text, struct json_field *f, const char *quote)
{
    const char *end = text.p + text.len;
    struct json_cursor c = {quote + f->name.len + 3, end};

    return end - quote > (ptrdiff_t)f->name.len + 3 &&
           memcmp(quote + 1, f->name.p, f->name.len) == 0 && c.at[-2] == '"' &&
           c.at[-1] == ':' && json_read(&c, &f->value) == 0;
}

/*
 * The quotes of the text's last block. What they open are keys and texts of the
 * outermost object: no bracket opens in the block and none closes but the
 * text's last byte, and without an escape no quote belongs to a text.
 */
static bool find_last_quotes(const char *block, uint64_t *quotes)
{
    return block[BLOCK_BYTES - 1] == '}' &&
           memchr(block, '}', BLOCK_BYTES - 1) == NULL &&
           memchr(block, ']', BLOCK_BYTES - 1) == NULL &&
           find_quotes(block, quotes);
}

/* Of the block's quotes the one with n behind it, itself counted; NULL when
 * there are fewer. */
static const char *quote_from_end(
    const char *block, uint64_t quotes, unsigned n)
{
    for (; quotes != 0 && n > 1; n--) {
        quotes &= ~(UINT64_C(1) << (63 - __builtin_clzll(quotes)));
    }
    return quotes != 0 ? block + 63 - __builtin_clzll(quotes) : NULL;
}

/* The fields whose place is counted from the end, so that what lies between
 * need not be read. Returns how many, -1 when one is not there. */
static inline int take_last(const struct walk *w)
{
    const char *block;
    uint64_t quotes = 0;
    int taken = 0;

    if (w->text.len <= BLOCK_BYTES) {
        return 0;
    }
    block = w->text.p + w->text.len - BLOCK_BYTES;
    for (size_t i = 0; i < w->n; i++) {
        struct json_field *f = &w->fields[i];
        const char *quote;

        if (f->from_end == 0) {
            continue;
        }
        if (quotes == 0 && !find_last_quotes(block, &quotes)) {
            return -1;
        }
        quote = quote_from_end(block, quotes, f->from_end);
        if (quote == NULL || !take_here(w->text, f, quote)) {
            return -1;
        }
        f->found = true;
        taken++;
    }
    return taken;
}

/* The fields whose place is in the block, of which passed quotes lie before
 * and n in it. Returns how many, -1 when one is not there. */
static inline int take_places(const struct walk *w, const char *at,
    uint64_t quotes, size_t passed, size_t n)
{
    int taken = 0;

    for (size_t i = 0; i < w->n; i++) {
        struct json_field *f = &w->fields[i];
        size_t before = f->place - 1 - passed;

        if (f->found || before >= n) { /* also when it lies before the block */
            continue;
        }
        if (!take_here(w->text, f, at + nth_quote(quotes, before))) {
            return -1;
        }
        f->found = true;
        taken++;
    }
    return taken;
}

static bool knows_places(const struct walk *w)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->fields[i].place == 0) {
            return false;
        }
    }
    return true;
}

static bool walk_places(const struct walk *w)
{
    const char *at = w->text.p + 1;
    const char *end = w->text.p + w->text.len;
    size_t passed = 0, missing = w->n;
    int last = take_last(w);
    uint64_t quotes;

    if (last < 0) {
        return false;
    }
    missing -= (size_t)last;
    while (missing > 0 && at < end) {
        char rest[BLOCK_BYTES] = "";
        const char *block = at;
        size_t n;
        int taken;

        if (end - at < BLOCK_BYTES) {
            memcpy(rest, at, (size_t)(end - at));
            block = rest;
        }
        if (!find_quotes(block, &quotes)) {
            return false;
        }
        n = (size_t)__builtin_popcountll(quotes);
        taken = take_places(w, at, quotes, passed, n);
        if (taken < 0) {
            return false;
        }
        missing -= (size_t)taken;
        passed += n;
        at += BLOCK_BYTES;
    }
    return missing == 0;
}

/* ---- key by key ---- */

/* How many quotes stand behind at and there, when it is in the last block of
 * a text that has more than one; else 0. */
static unsigned quotes_to_end(struct slice text, const char *at)
{
    const char *end = text.p + text.len;
    unsigned n = 0;

    if (text.len <= BLOCK_BYTES || end - at > BLOCK_BYTES) {
        return 0;
    }
    for (; at < end; at++) {
        n += *at == '"';
    }
    return n;
}

/* A wanted key ends at close: take its value. */
static bool take(struct walk *w, struct slice key, const char *close)
{
    struct json_cursor c = {close + 2, w->text.p + w->text.len};
    struct json_value v;
    bool is_read = false;

    for (size_t i = 0; i < w->n; i++) {
        struct json_field *f = &w->fields[i];

        if (f->found || !slice_eq(f->name, key)) {
            continue;
        }
        if (!is_read && json_read(&c, &v) != 0) {
            return false;
        }
        is_read = true;
        f->found = true;
        f->value = v;
        f->place = w->passed - 1; /* its opening quote, counted from 1 */
        f->from_end = quotes_to_end(w->text, key.p - 1);
        w->missing--;
    }
    return true;
}

static inline bool is_wanted(const struct walk *w, struct slice key)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct slice *name = &w->fields[i].name;

        if (name->len == key.len && name->len > 0 && name->p[0] == key.p[0]) {
            return true;
        }
    }
    return false;
}

/* From an opening quote to the closing one: a key, a text, or neither. */
static inline bool take_pair(struct walk *w, const char *close)
{
    const char *end = w->text.p + w->text.len;
    struct slice key = {w->open + 1, (size_t)(close - w->open - 1)};
    char behind = close + 1 < end ? close[1] : '\0';

    w->open = NULL;
    if (behind != ':') {
        return behind == ',' || behind == '}';
    }
    return !is_wanted(w, key) || take(w, key, close);
}

/* Walk over the quotes of a block of the text that begins at at. */
static inline bool take_block(struct walk *w, const char *at, uint64_t quotes)
{
    for (; quotes != 0 && w->missing > 0; quotes &= quotes - 1) {
        const char *quote = at + __builtin_ctzll(quotes);

        w->passed++;
        if (w->open == NULL) {
            w->open = quote;
        } else if (!take_pair(w, quote)) {
            return false;
        }
    }
    return true;
}

static bool walk(struct walk *w)
{
    const char *at = w->text.p + 1; /* behind the brace */
    const char *end = w->text.p + w->text.len;
    char rest[BLOCK_BYTES] = "";
    uint64_t quotes;

    for (; w->missing > 0 && end - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
        if (!find_quotes(at, &quotes) || !take_block(w, at, quotes)) {
            return false;
        }
    }
    if (w->missing > 0) {
        memcpy(rest, at, (size_t)(end - at));
        if (!find_quotes(rest, &quotes) || !take_block(w, at, quotes)) {
            return false;
        }
    }
    return w->missing == 0;
}

bool json_find_flat(struct slice text, struct json_field *fields, size_t n)
{
    struct walk w = {text, fields, n, n, NULL, 0};

    if (knows_places(&w)) {
        if (walk_places(&w)) {
            return true;
        }
        for (size_t i = 0; i < n; i++) {
            fields[i].found = false;
        }
    }
    if (walk(&w)) {
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        fields[i].found = false;
    }
    return false;
}

#else

bool json_find_flat(struct slice text, struct json_field *fields, size_t n)
{
    (void)text;
    (void)fields;
    (void)n;
    return false;
}

#endif
