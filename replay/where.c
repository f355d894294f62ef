/* Conditions asked of rows; see where.h. */
#include "replay/where.h"

#include "replay/number_text.h"
#include "replay/where_tree.h"

#include <stdlib.h>
#include <string.h>

#define EXACT_DIGITS 18 /* whose whole number, and power of ten, is exact */
#define NUMBER_BYTES 1100

/* "-123.45" with few digits, without strtold: the same value, sooner. */
static int short_number(struct slice text, long double *out)
{
    static const long double tens[EXACT_DIGITS + 1] = {1e0L, 1e1L, 1e2L, 1e3L,
        1e4L, 1e5L, 1e6L, 1e7L, 1e8L, 1e9L, 1e10L, 1e11L, 1e12L, 1e13L, 1e14L,
        1e15L, 1e16L, 1e17L, 1e18L};
    size_t i = text.len > 0 && text.p[0] == '-' ? 1 : 0;
    size_t digits = text.len - i, fraction = 0;
    bool point = false;
    int64_t sum = 0;

    if (digits == 0 || digits > EXACT_DIGITS) {
        return -1;
    }
    for (; i < text.len; i++) {
        if (text.p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (text.p[i] < '0' || text.p[i] > '9') {
            return -1;
        }
        sum = sum * 10 + (text.p[i] - '0');
        fraction += point ? 1 : 0;
    }
    *out = (long double)sum / tens[fraction];
    if (text.p[0] == '-') {
        *out = -*out;
    }
    return 0;
}

int where_number(struct slice text, long double *out)
{
    char copy[NUMBER_BYTES];

    if (number_check_decimal(text) != NUMBER_FINE) {
        return -1;
    }
    if (short_number(text, out) == 0) {
        return 0;
    }
    if (text.len >= sizeof(copy)) {
        return -1;
    }
    memcpy(copy, text.p, text.len);
    copy[text.len] = '\0';
    *out = strtold(copy, NULL);
    return 0;
}

struct where *where_new(
    const char *text, const struct dataset *dataset, struct error *err)
{
    struct where *w = calloc(1, sizeof(*w));

    if (w == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    w->dataset = dataset;
    if (where_parse(w, text, err) != 0) {
        free(w);
        return NULL;
    }
    return w;
}

void where_free(struct where *w)
{
    free(w);
}

/* A row and the condition it is asked. */
struct question {
    const struct where *w;
    const struct column_map *map;
    const struct slice *fields;
    struct error *err;
};

static struct slice text_of(
    const struct question *q, const struct where_value *v)
{
    size_t slot;

    if (!v->is_column) {
        return v->text;
    }
    slot = q->map->slot_of[v->column];
    return slot != COLUMN_MAP_NO_SLOT ? q->fields[slot] : (struct slice){"", 0};
}

static int compare_texts(struct slice a, struct slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;

    return order != 0 ? order : a.len < b.len ? -1 : a.len > b.len;
}

/* The value as a number; -1 with err when the row's is none. */
static int number_of(const struct question *q, const struct where_value *v,
    struct slice text, long double *out)
{
    if (!v->is_column) {
        *out = v->number;
        return 0;
    }
    return where_number(text, out) == 0
               ? 0
               : error_set(q->err, "%s: '%.*s' is not a number",
                     q->w->dataset->columns[v->column].name,
                     (int)(text.len < 40 ? text.len : 40), text.p);
}

static bool is_keyword(const struct question *q, const struct where_value *v)
{
    enum column_type type = q->w->dataset->columns[v->column].type;

    return type == COLUMN_KEYWORD || type == COLUMN_TEXT;
}

static bool fits(enum where_op op, int order)
{
    switch (op) {
    case WHERE_EQ:
        return order == 0;
    case WHERE_NE:
        return order != 0;
    case WHERE_LT:
        return order < 0;
    case WHERE_LE:
        return order <= 0;
    case WHERE_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static int compare(const struct question *q, const struct where_value *a,
    const struct where_value *b, enum where_op op)
{
    struct slice left = text_of(q, a), right = text_of(q, b);
    const struct where_value *column = a->is_column ? a : b;
    const struct where_value *value = a->is_column ? b : a;
    bool wants_absent =
        !value->is_column && !value->is_number && value->text.len == 0;
    long double x = 0, y = 0;

    if (wants_absent) {
        return fits(op, (int)((a->is_column ? left : right).len > 0));
    }
    if (!is_keyword(q, column) &&
        ((a->is_column && left.len == 0) || (b->is_column && right.len == 0))) {
        return false;
    }
    if (!a->is_number && !b->is_number &&
        (is_keyword(q, column) ||
            q->w->dataset->columns[column->column].type == COLUMN_DATE)) {
        return fits(op, compare_texts(left, right));
    }
    if (number_of(q, a, left, &x) != 0 || number_of(q, b, right, &y) != 0) {
        return -1;
    }
    return fits(op, x < y ? -1 : x > y);
}

static int is_in(const struct question *q, const struct where_node *node)
{
    for (size_t i = 0; i < node->n_options; i++) {
        int result = compare(q, &q->w->values[node->value],
            &q->w->values[node->other + i], WHERE_EQ);

        if (result != 0) {
            return result;
        }
    }
    return 0;
}

/* Recursion as deep as where_parse allows. */
static int ask(const struct question *q, size_t index)
{
    const struct where_node *node = &q->w->nodes[index];
    int left;

    switch (node->op) {
    case WHERE_OR:
    case WHERE_AND:
        left = ask(q, node->left);
        return left == (node->op == WHERE_AND) ? ask(q, node->right) : left;
    case WHERE_NOT:
        left = ask(q, node->left);
        return left < 0 ? left : left == 0;
    case WHERE_IN:
        return is_in(q, node);
    default:
        return compare(q, &q->w->values[node->value],
            &q->w->values[node->other], node->op);
    }
}

int where_holds(const struct where *w, const struct column_map *map,
    const struct slice *fields, struct error *err)
{
    const struct question q = {w, map, fields, err};

    return ask(&q, w->root);
}
