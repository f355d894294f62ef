/* The parts of a compiled condition; for where.c and where_parse.c alone. */
#ifndef NARU_REPLAY_WHERE_TREE_H
#define NARU_REPLAY_WHERE_TREE_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "mappings/dataset.h"

#include <stdbool.h>
#include <stddef.h>

#define WHERE_MAX_NODES 256
#define WHERE_MAX_VALUES 1024

enum where_op {
    WHERE_OR,
    WHERE_AND,
    WHERE_NOT,
    WHERE_IN,
    /* The comparisons, whose order where_compare relies on. */
    WHERE_EQ,
    WHERE_NE,
    WHERE_LT,
    WHERE_LE,
    WHERE_GT,
    WHERE_GE
};

/* A column, or a value as it stands in the text. */
struct where_value {
    bool is_column;
    bool is_number;
    size_t column;
    struct slice text; /* without quotes */
    long double number;
};

struct where_node {
    enum where_op op;
    size_t left, right;             /* nodes, of OR, AND and NOT */
    size_t value, other, n_options; /* values, of IN and the comparisons */
};

struct where {
    const struct dataset *dataset;
    struct where_node nodes[WHERE_MAX_NODES];
    size_t n_nodes;
    size_t root;
    struct where_value values[WHERE_MAX_VALUES];
    size_t n_values;
};

/* where_parse(w, text, err): Fill w, whose dataset is set. 0 or -1 with err. */
int where_parse(
    struct where *w, const char *text, struct error *err) MUST_CHECK;

/*
 * where_number(text, out): The value of a number in JSON's form. 0 or -1.
 */
int where_number(struct slice text, long double *out) MUST_CHECK;

#endif
