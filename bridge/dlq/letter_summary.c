/*
 * Dead letters counted; see letter_summary.h. The kinds are few, so each group
 * is a list; were they not (an unknown field in every record, each with a name
 * of its own), those beyond MOST_KINDS share one line.
 */
#include "bridge/dlq/letter_summary.h"

#include "bridge/dlq/letter_list.h"
#include "bridge/dlq/letter_reason.h"

#include "common/json_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MOST_KINDS 1000
#define OTHERS "(others)"
#define NO_FIELD "(none named)"
#define COUNT_COLUMNS 9
#define NAME_COLUMNS 34
#define EXAMPLE_LEAST_COLUMNS 20

struct kind {
    char *name;
    uint64_t count;
    char *origin; /* of the first example */
    char *reason;
};

struct group {
    struct kind *kinds;
    size_t n;
};

struct letter_summary {
    uint64_t count;
    struct group types, fields;
};

struct letter_summary *letter_summary_new(void)
{
    return calloc(1, sizeof(struct letter_summary));
}

static void free_group(struct group *g)
{
    for (size_t i = 0; i < g->n; i++) {
        free(g->kinds[i].name);
        free(g->kinds[i].origin);
        free(g->kinds[i].reason);
    }
    free(g->kinds);
}

void letter_summary_free(struct letter_summary *s)
{
    if (s != NULL) {
        free_group(&s->types);
        free_group(&s->fields);
        free(s);
    }
}

static char *copy(struct slice text)
{
    return text.len > 0 ? strndup(text.p, text.len) : strdup("");
}

static struct kind *find(const struct group *g, struct slice name)
{
    for (size_t i = 0; i < g->n; i++) {
        if (slice_is(name, g->kinds[i].name)) {
            return &g->kinds[i];
        }
    }
    return NULL;
}

/* NULL: no memory. */
static struct kind *add_kind(
    struct group *g, struct slice name, const struct letter *l)
{
    struct kind *grown = realloc(g->kinds, (g->n + 1) * sizeof(*grown));
    char origin[320];
    struct kind *k;

    if (grown == NULL) {
        return NULL;
    }
    letter_list_origin(l, origin, sizeof(origin));
    g->kinds = grown;
    k = &grown[g->n++]; /* counted at once: free_group frees what it has */
    *k = (struct kind){copy(name), 0, strdup(origin), copy(l->reason)};
    return k->name != NULL && k->origin != NULL && k->reason != NULL ? k : NULL;
}

static int count(struct group *g, struct slice name, const struct letter *l)
{
    struct kind *k = find(g, name);

    if (k == NULL && g->n >= MOST_KINDS) {
        name = slice_of(OTHERS);
        k = find(g, name);
    }
    if (k == NULL) {
        k = add_kind(g, name, l);
    }
    if (k == NULL) {
        return -1;
    }
    k->count++;
    return 0;
}

int letter_summary_add(struct letter_summary *s, const struct letter *l)
{
    struct slice field = letter_reason_field(l->reason);

    s->count++;
    if (count(&s->types, l->type, l) != 0) {
        return -1;
    }
    return count(&s->fields, field.len > 0 ? field : slice_of(NO_FIELD), l);
}

static int by_count(const void *a, const void *b)
{
    const struct kind *x = a, *y = b;

    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    return strcmp(x->name, y->name);
}

static int put_table_line(struct buf *out, const char *number, const char *name,
    struct slice example, size_t columns)
{
    size_t most = columns > 0 ? EXAMPLE_LEAST_COLUMNS : 0;
    long used;

    if (buf_printf(out, "%*s  ", COUNT_COLUMNS, number) != 0 ||
        (used = letter_list_cell(out, slice_of(name),
             columns > 0 ? NAME_COLUMNS : 0, NAME_COLUMNS)) < 0 ||
        buf_append_str(out, "  ") != 0) {
        return -1;
    }
    used += COUNT_COLUMNS + 4;
    if (columns > (size_t)used + EXAMPLE_LEAST_COLUMNS) {
        most = columns - (size_t)used;
    }
    if (letter_list_cell(out, example, most, 0) < 0) {
        return -1;
    }
    return buf_append_char(out, '\n');
}

static int put_table(
    struct buf *out, const char *what, const struct group *g, size_t columns)
{
    int rc =
        put_table_line(out, "COUNT", what, slice_of("FIRST EXAMPLE"), columns);

    for (size_t i = 0; rc == 0 && i < g->n; i++) {
        const struct kind *k = &g->kinds[i];
        char number[24];
        struct buf example;

        (void)snprintf(
            number, sizeof(number), "%llu", (unsigned long long)k->count);
        buf_init(&example, SIZE_MAX / 2);
        rc = buf_printf(&example, "%s: %s", k->origin, k->reason);
        if (rc == 0) {
            rc = put_table_line(
                out, number, k->name, buf_slice(&example), columns);
        }
        buf_fini(&example);
    }
    return rc;
}

static int put_json(struct buf *out, const char *what, const struct group *g)
{
    int rc = buf_printf(out, ",\"%s\":[", what);

    for (size_t i = 0; rc == 0 && i < g->n; i++) {
        const struct kind *k = &g->kinds[i];

        if (buf_append_str(out, i > 0 ? ",{\"name\":" : "{\"name\":") != 0 ||
            json_write_words(out, slice_of(k->name)) != 0 ||
            buf_printf(out, ",\"count\":%llu,\"example\":",
                (unsigned long long)k->count) != 0 ||
            json_write_words(out, slice_of(k->origin)) != 0 ||
            buf_append_str(out, ",\"reason\":") != 0 ||
            json_write_words(out, slice_of(k->reason)) != 0) {
            return -1;
        }
        rc = buf_append_char(out, '}');
    }
    return rc == 0 ? buf_append_char(out, ']') : -1;
}

static int put_all(
    const struct letter_summary *s, bool json, size_t columns, struct buf *out)
{
    if (!json) {
        return put_table(out, "TYPE", &s->types, columns) != 0 ||
                       buf_append_char(out, '\n') != 0
                   ? -1
                   : put_table(out, "FIELD", &s->fields, columns);
    }
    if (buf_printf(out, "{\"letters\":%llu", (unsigned long long)s->count) !=
            0 ||
        put_json(out, "types", &s->types) != 0 ||
        put_json(out, "fields", &s->fields) != 0) {
        return -1;
    }
    return buf_append_str(out, "}\n");
}

static void sort(struct group *g)
{
    if (g->n > 0) {
        qsort(g->kinds, g->n, sizeof(*g->kinds), by_count);
    }
}

int letter_summary_print(struct letter_summary *s, bool json, size_t columns,
    FILE *to, struct error *err)
{
    struct buf out;
    int rc = 0;

    buf_init(&out, SIZE_MAX / 2);
    sort(&s->types);
    sort(&s->fields);
    if (put_all(s, json, columns, &out) != 0) {
        rc = error_set(err, "out of memory");
    } else if (fwrite(out.data, 1, out.len_bytes, to) != out.len_bytes) {
        rc = error_set(
            err, "cannot write to standard output: %s", strerror(errno));
    }
    buf_fini(&out);
    return rc;
}
