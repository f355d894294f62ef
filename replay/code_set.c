/* Codes, sorted and searched by halving; see code_set.h. */
#include "replay/code_set.h"

#include "common/buf.h"
#include "replay/byte_source.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)64 << 20)
#define READ_BYTES ((size_t)64 * 1024)
#define BETWEEN ", \t\r\n"

struct code {
    struct slice text;
    bool met;
};

struct code_set {
    struct buf text; /* where the codes lie */
    struct code *codes;
    size_t n, cap;
};

static int by_text(const void *a, const void *b)
{
    struct slice x = ((const struct code *)a)->text;
    struct slice y = ((const struct code *)b)->text;
    int order = memcmp(x.p, y.p, x.len < y.len ? x.len : y.len);

    return order != 0 ? order : x.len < y.len ? -1 : x.len > y.len;
}

static int read_file(struct buf *text, const char *path, struct error *err)
{
    struct byte_source *source = byte_source_open(path, err);
    ssize_t got = source != NULL ? 1 : -1;

    while (got > 0) {
        if (buf_reserve(text, READ_BYTES) != 0) {
            got = error_set(err, "larger than 64 MiB, or no memory for it");
            break;
        }
        got = byte_source_read(
            source, text->data + text->len_bytes, READ_BYTES, err);
        text->len_bytes += got > 0 ? (size_t)got : 0;
    }
    byte_source_free(source);
    return got == 0 ? 0 : error_prefix(err, "--codes: %s: ", path);
}

static int add_code(struct code_set *s, struct slice text)
{
    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 64 : s->cap * 2;
        struct code *grown = realloc(s->codes, cap * sizeof(*grown));

        if (grown == NULL) {
            return -1;
        }
        s->codes = grown;
        s->cap = cap;
    }
    s->codes[s->n++] = (struct code){text, false};
    return 0;
}

/* Cut the text into codes, sorted, each once. */
static int cut_text(struct code_set *s, struct error *err)
{
    const char *at = buf_str(&s->text);
    size_t kept = 0;

    while (*(at += strspn(at, BETWEEN)) != '\0') {
        size_t n = strcspn(at, BETWEEN "#");

        if (*at == '#') {
            at += strcspn(at, "\n");
            continue;
        }
        if (add_code(s, (struct slice){at, n}) != 0) {
            return error_set(err, "out of memory");
        }
        at += n;
    }
    if (s->n == 0) {
        return error_set(err, "--codes: there is no code in it");
    }
    qsort(s->codes, s->n, sizeof(*s->codes), by_text);
    for (size_t i = 0; i < s->n; i++) {
        if (i == 0 || by_text(&s->codes[i], &s->codes[kept - 1]) != 0) {
            s->codes[kept++] = s->codes[i];
        }
    }
    s->n = kept;
    return 0;
}

struct code_set *code_set_new(const char *text, struct error *err)
{
    struct code_set *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    buf_init(&s->text, FILE_MAX_BYTES);
    if ((text[0] == '@' ? read_file(&s->text, text + 1, err)
                        : buf_append_str(&s->text, text)) != 0 ||
        cut_text(s, err) != 0) {
        code_set_free(s);
        return NULL;
    }
    return s;
}

void code_set_free(struct code_set *s)
{
    if (s != NULL) {
        buf_fini(&s->text);
        free(s->codes);
        free(s);
    }
}

size_t code_set_count(const struct code_set *s)
{
    return s->n;
}

struct slice code_set_at(const struct code_set *s, size_t i)
{
    return s->codes[i].text;
}

bool code_set_meet(struct code_set *s, struct slice code)
{
    const struct code wanted = {code, false};
    struct code *found =
        bsearch(&wanted, s->codes, s->n, sizeof(*s->codes), by_text);

    if (found != NULL) {
        found->met = true;
    }
    return found != NULL;
}

size_t code_set_unmet(const struct code_set *s, struct slice *first)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        if (!s->codes[i].met && n++ == 0) {
            *first = s->codes[i].text;
        }
    }
    return n;
}
