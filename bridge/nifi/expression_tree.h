/* What the parts of expression share: values, nodes, functions. */
#ifndef NARU_BRIDGE_NIFI_EXPRESSION_TREE_H
#define NARU_BRIDGE_NIFI_EXPRESSION_TREE_H

#include "bridge/nifi/expression.h"

#define EL_MAX_DEPTH 64
#define EL_MAX_ARGS 32
#define EL_MAX_TEXT_BYTES ((size_t)1 << 20) /* of all values of one run */

enum el_kind { EL_NULL, EL_TEXT, EL_WHOLE, EL_DECIMAL, EL_BOOL, EL_DATE };

struct el_value {
    enum el_kind kind;
    struct slice text;
    int64_t whole; /* EL_DATE: ms since 1970 UTC */
    double decimal;
    bool truth;
};

struct el_block; /* memory of one run */

struct el_run {
    const struct expression_env *env;
    const struct zone *zone; /* of the call under way */
    struct el_block *blocks;
    size_t left_bytes;
    struct error *err;
};

/*
 * A function gets its subject (EL_NULL where there is none) and its arguments,
 * evaluated, as many as its row allows. Returns 0, or -1 with run->err.
 */
typedef int (*el_function_fn)(struct el_run *run, struct el_value subject,
    const struct el_value *args, size_t n, struct el_value *out);

struct el_function {
    const char *name;
    size_t min_args, max_args;
    bool has_subject;
    el_function_fn call;
};

/* el_function_find(name): NULL when there is none. */
const struct el_function *el_function_find(struct slice name);

enum el_node_kind { EL_NODE_LITERAL, EL_NODE_ATTRIBUTE, EL_NODE_CALL };

struct el_node {
    enum el_node_kind kind;
    struct el_value literal;
    struct el_node *subject; /* CALL: may be NULL; ATTRIBUTE: its name */
    const struct el_function *function;
    struct el_node **args;
    size_t n_args;
    struct zone *zone;    /* CALL: that it names; else NULL. Owned */
    struct el_node *next; /* all of one expression, for freeing */
};

struct el_parse {
    const char *text; /* the whole, for positions */
    const char *at;
    struct el_node *nodes;
    unsigned traits;
    int depth;
    struct error *err;
};

/* el_parse_braces(p): p->at is at "${"; the tree of it, with p->at behind its
 * "}". NULL with p->err. Nodes hang on p->nodes, whatever comes of it. */
struct el_node *el_parse_braces(struct el_parse *p) MUST_CHECK;
void el_free_nodes(struct el_node *nodes);

/* el_evaluate(run, node, out): Returns 0, or -1 with run->err. */
int el_evaluate(struct el_run *run, const struct el_node *node,
    struct el_value *out) MUST_CHECK;

/* el_memory(run, n): n bytes until el_run_fini; NULL with run->err. */
char *el_memory(struct el_run *run, size_t n) MUST_CHECK;
void el_run_fini(struct el_run *run);

/* el_text(run, v, out): v as text. Returns 0, or -1 with run->err. */
int el_text(
    struct el_run *run, struct el_value v, struct slice *out) MUST_CHECK;

/* el_number(run, v, out): v as a number in out; EL_NULL when it is none. */
int el_number(
    struct el_run *run, struct el_value v, struct el_value *out) MUST_CHECK;

/* el_truth(v): Is it the word true? */
bool el_truth(struct el_value v);

#endif
