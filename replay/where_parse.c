/*
 * A condition's text to its tree; see where_tree.h:
 *
 *   any = all { or all }      all = one { and one }
 *   one = not one | ( any ) | value sign value | value [not] in ( value, ... )
 *
 * by recursive descent, no deeper than MOST_DEPTH.
 */
#include "replay/where_tree.h"

#include "common/civil.h"
#include "common/suggest.h"
#include "replay/where_lex.h"

#include <string.h>

#define MOST_DEPTH 64
#define NAME_BYTES 64

struct parser {
    struct where *w;
    struct where_lex lex;
    int depth;
    struct error *err;
};

static int parse_any(struct parser *p, size_t *node);

static int expected(struct parser *p, const char *what)
{
    if (p->lex.word == WORD_END) {
        return error_set(p->err,
            "--where, column %zu: %s is missing at the end", p->lex.place,
            what);
    }
    return error_set(p->err, "--where, column %zu: %s was expected, not %.*s",
        p->lex.place, what,
        (int)(p->lex.value.len < 40 ? p->lex.value.len : 40), p->lex.value.p);
}

static int next(struct parser *p)
{
    return where_lex_next(&p->lex, p->err);
}

static int add_node(struct parser *p, struct where_node node, size_t *index)
{
    if (p->w->n_nodes == WHERE_MAX_NODES) {
        return error_set(
            p->err, "--where, column %zu: too long a condition", p->lex.place);
    }
    *index = p->w->n_nodes;
    p->w->nodes[p->w->n_nodes++] = node;
    return 0;
}

static int find_column(struct parser *p, struct where_value *value)
{
    const struct dataset *ds = p->w->dataset;
    char name[NAME_BYTES];
    struct suggest s;
    const char *best;
    size_t n =
        p->lex.value.len < NAME_BYTES - 1 ? p->lex.value.len : NAME_BYTES - 1;

    value->column = dataset_find_column(ds, p->lex.value);
    if (value->column != DATASET_NO_COLUMN) {
        return 0;
    }
    memcpy(name, p->lex.value.p, n);
    name[n] = '\0';
    suggest_start(&s, name);
    for (size_t i = 0; i < ds->n_columns; i++) {
        suggest_offer(&s, ds->columns[i].name);
    }
    best = suggest_best(&s);
    return error_set(p->err,
        "--where, column %zu: dataset %s has no column %s%s%s%s; texts stand "
        "in quotes",
        p->lex.place, ds->name, name, best != NULL ? " (did you mean " : "",
        best != NULL ? best : "", best != NULL ? "?)" : "");
}

static bool is_number(const struct where *w, const struct where_value *v)
{
    enum column_type type;

    if (!v->is_column) {
        return v->is_number;
    }
    type = w->dataset->columns[v->column].type;
    return type == COLUMN_LONG || type == COLUMN_INTEGER ||
           type == COLUMN_DOUBLE || type == COLUMN_EPOCH_MS;
}

static int take_value(struct parser *p, size_t *index)
{
    struct where_value v = {.text = p->lex.value};

    switch (p->lex.word) {
    case WORD_NAME:
        v.is_column = true;
        if (find_column(p, &v) != 0) {
            return -1;
        }
        break;
    case WORD_NUMBER:
        v.is_number = true;
        if (where_number(v.text, &v.number) != 0) {
            return error_set(p->err,
                "--where, column %zu: %.*s is not a number; codes stand in "
                "quotes",
                p->lex.place, (int)(v.text.len < 40 ? v.text.len : 40),
                v.text.p);
        }
        break;
    case WORD_TEXT:
        break;
    default:
        return expected(p, "a column or a value");
    }
    if (p->w->n_values == WHERE_MAX_VALUES) {
        return error_set(p->err,
            "--where, column %zu: too many values; --codes takes a list of any "
            "length",
            p->lex.place);
    }
    *index = p->w->n_values;
    p->w->values[p->w->n_values++] = v;
    return next(p);
}

/* May a value, at place, be compared with a column? */
static int check_pair(struct parser *p, const struct where_value *column,
    const struct where_value *value, enum where_op op, size_t place)
{
    const struct dataset_column *c = &p->w->dataset->columns[column->column];
    bool absent =
        !value->is_column && !value->is_number && value->text.len == 0;
    int64_t days;

    if (absent) {
        return op == WHERE_EQ || op == WHERE_NE || op == WHERE_IN
                   ? 0
                   : error_set(p->err,
                         "--where, column %zu: '' is the absent value; it is "
                         "equal or not",
                         place);
    }
    if (is_number(p->w, column) != is_number(p->w, value)) {
        return error_set(p->err, "--where, column %zu: %s is %s", place,
            c->name,
            is_number(p->w, column)
                ? "a number, and is compared with one without quotes"
                : "no number, and is compared with a text in quotes");
    }
    if (c->type == COLUMN_DATE && !value->is_column &&
        civil_parse(value->text, &days) != 0) {
        return error_set(p->err,
            "--where, column %zu: '%.*s' is not a date that exists, as "
            "'2022-01-03'",
            place, (int)(value->text.len < 40 ? value->text.len : 40),
            value->text.p);
    }
    return 0;
}

/* Values a and b are to be compared; one of them must be a column. */
static int check_values(
    struct parser *p, size_t a, size_t b, enum where_op op, size_t place)
{
    const struct where_value *left = &p->w->values[a];
    const struct where_value *right = &p->w->values[b];

    if (left->is_column) {
        return check_pair(p, left, right, op, place);
    }
    return right->is_column
               ? check_pair(p, right, left, op, place)
               : error_set(p->err,
                     "--where, column %zu: two values are compared, and no "
                     "column",
                     place);
}

/* "in ( value, ... )", the word "in" being at hand. */
static int parse_list(struct parser *p, struct where_node *node)
{
    size_t index = 0, place;

    node->op = WHERE_IN;
    if (next(p) != 0 || (p->lex.word != WORD_OPEN && expected(p, "(") != 0)) {
        return -1;
    }
    do {
        if (next(p) != 0) {
            return -1;
        }
        place = p->lex.place;
        if (take_value(p, &index) != 0 ||
            check_values(p, node->value, index, WHERE_IN, place) != 0) {
            return -1;
        }
        node->other = node->n_options++ == 0 ? index : node->other;
    } while (p->lex.word == WORD_COMMA);
    return p->lex.word == WORD_CLOSE ? next(p) : expected(p, "a comma or )");
}

/* A comparison, or a search in a list. */
static int parse_test(struct parser *p, size_t *index)
{
    struct where_node node = {0};
    bool negated;
    size_t place;

    if (take_value(p, &node.value) != 0) {
        return -1;
    }
    negated = p->lex.word == WORD_NOT;
    if (negated &&
        (next(p) != 0 || (p->lex.word != WORD_IN && expected(p, "in") != 0))) {
        return -1;
    }
    if (p->lex.word == WORD_IN) {
        if (parse_list(p, &node) != 0 || add_node(p, node, index) != 0) {
            return -1;
        }
        return negated
                   ? add_node(p,
                         (struct where_node){.op = WHERE_NOT, .left = *index},
                         index)
                   : 0;
    }
    if (p->lex.word < WORD_EQ) {
        return expected(p, "a comparison such as = or >=");
    }
    node.op = (enum where_op)(WHERE_EQ + (p->lex.word - WORD_EQ));
    if (next(p) != 0) {
        return -1;
    }
    place = p->lex.place;
    return take_value(p, &node.other) == 0 &&
                   check_values(p, node.value, node.other, node.op, place) == 0
               ? add_node(p, node, index)
               : -1;
}

static int parse_one(struct parser *p, size_t *index)
{
    int result = -1;

    if (++p->depth > MOST_DEPTH) {
        return error_set(
            p->err, "--where, column %zu: too deep a condition", p->lex.place);
    }
    if (p->lex.word == WORD_NOT) {
        struct where_node node = {.op = WHERE_NOT};

        result = next(p) == 0 && parse_one(p, &node.left) == 0
                     ? add_node(p, node, index)
                     : -1;
    } else if (p->lex.word == WORD_OPEN) {
        if (next(p) == 0 && parse_any(p, index) == 0) {
            result = p->lex.word == WORD_CLOSE ? next(p) : expected(p, ")");
        }
    } else {
        result = parse_test(p, index);
    }
    p->depth--;
    return result;
}

/* Parts joined by one word. */
static int parse_joined(struct parser *p, size_t *index, enum where_word word,
    enum where_op op, int (*parse_part)(struct parser *, size_t *))
{
    if (parse_part(p, index) != 0) {
        return -1;
    }
    while (p->lex.word == word) {
        struct where_node node = {.op = op, .left = *index};

        if (next(p) != 0 || parse_part(p, &node.right) != 0 ||
            add_node(p, node, index) != 0) {
            return -1;
        }
    }
    return 0;
}

static int parse_all(struct parser *p, size_t *index)
{
    return parse_joined(p, index, WORD_AND, WHERE_AND, parse_one);
}

static int parse_any(struct parser *p, size_t *index)
{
    return parse_joined(p, index, WORD_OR, WHERE_OR, parse_all);
}

int where_parse(struct where *w, const char *text, struct error *err)
{
    struct parser p = {.w = w, .lex = {.text = text, .at = text}, .err = err};

    if (next(&p) != 0 || parse_any(&p, &w->root) != 0) {
        return -1;
    }
    return p.lex.word == WORD_END ? 0 : expected(&p, "and, or, or the end");
}
