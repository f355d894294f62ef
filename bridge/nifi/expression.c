/* Texts with NiFi's expressions in them; see expression.h. */
#include "bridge/nifi/expression.h"

#include "bridge/nifi/expression_tree.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct part {
    struct slice literal; /* into text; used when tree is NULL */
    const struct el_node *tree;
};

struct expression {
    char *text;
    struct part *parts;
    size_t n_parts, room;
    struct el_node *nodes;
    unsigned traits;
    char *constant;
    struct slice *attributes;
    size_t n_attributes;
    bool reads_any;
};

static int add_part(struct expression *e, struct part part)
{
    if (part.tree == NULL && part.literal.len == 0) {
        return 0;
    }
    if (e->n_parts == e->room) {
        struct part *grown = realloc(e->parts, (e->room + 8) * sizeof(*grown));

        if (grown == NULL) {
            return -1;
        }
        e->parts = grown;
        e->room += 8;
    }
    e->parts[e->n_parts++] = part;
    return 0;
}

/*
 * Dollars before a brace: each pair is a dollar, and one left over begins an
 * expression. Dollars before anything else are themselves.
 */
static int compile(struct expression *e, struct error *err)
{
    struct el_parse p = {.text = e->text, .err = err};
    const char *from = e->text, *at = e->text;
    int rc = 0;

    while (rc == 0 && *at != '\0') {
        size_t dollars = strspn(at, "$");

        if (dollars == 0 || at[dollars] != '{') {
            at += dollars > 0 ? dollars : 1;
            continue;
        }
        rc = add_part(e, (struct part){{from, (size_t)(at - from)}, NULL});
        rc |= add_part(e, (struct part){{at, dollars / 2}, NULL});
        from = at = at + dollars;
        if (rc == 0 && dollars % 2 != 0) {
            const struct el_node *tree;

            p.at = at - 1;
            p.depth = 0;
            tree = el_parse_braces(&p);
            if (tree == NULL) {
                e->nodes = p.nodes;
                return -1; /* err is set */
            }
            rc = add_part(e, (struct part){{0}, tree});
            from = at = p.at;
        }
    }
    e->nodes = p.nodes;
    e->traits = p.traits;
    if (rc != 0 ||
        add_part(e, (struct part){{from, (size_t)(at - from)}, NULL}) != 0) {
        return error_set(err, "out of memory");
    }
    return 0;
}

static int note_constant(struct expression *e)
{
    size_t n = 0;

    for (size_t i = 0; i < e->n_parts; i++) {
        if (e->parts[i].tree != NULL) {
            return 0;
        }
    }
    e->constant = malloc(strlen(e->text) + 1);
    if (e->constant == NULL) {
        return -1;
    }
    for (size_t i = 0; i < e->n_parts; i++) {
        memcpy(e->constant + n, e->parts[i].literal.p, e->parts[i].literal.len);
        n += e->parts[i].literal.len;
    }
    e->constant[n] = '\0';
    return 0;
}

static int note_attribute(struct expression *e, struct slice name)
{
    struct slice *grown;

    for (size_t i = 0; i < e->n_attributes; i++) {
        if (slice_eq(e->attributes[i], name)) {
            return 0;
        }
    }
    grown = realloc(e->attributes, (e->n_attributes + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -1;
    }
    e->attributes = grown;
    e->attributes[e->n_attributes++] = name;
    return 0;
}

static int note_attributes(struct expression *e)
{
    for (const struct el_node *n = e->nodes; n != NULL; n = n->next) {
        if (n->kind != EL_NODE_ATTRIBUTE) {
            continue;
        }
        if (n->subject->kind != EL_NODE_LITERAL) {
            e->reads_any = true;
        } else if (note_attribute(e, n->subject->literal.text) != 0) {
            return -1;
        }
    }
    return 0;
}

struct expression *expression_new(const char *text, struct error *err)
{
    struct expression *e;

    if (strlen(text) > EXPRESSION_MAX_BYTES) {
        (void)error_set(
            err, "an expression is longer than %d bytes", EXPRESSION_MAX_BYTES);
        return NULL;
    }
    e = calloc(1, sizeof(*e));
    if (e == NULL || (e->text = strdup(text)) == NULL) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    if (compile(e, err) != 0) {
        goto fail;
    }
    if (note_constant(e) != 0 || note_attributes(e) != 0) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    return e;
fail:
    expression_free(e);
    return NULL;
}

void expression_free(struct expression *e)
{
    if (e != NULL) {
        el_free_nodes(e->nodes);
        free(e->attributes);
        free(e->constant);
        free(e->parts);
        free(e->text);
        free(e);
    }
}

const char *expression_constant(const struct expression *e)
{
    return e->constant;
}

unsigned expression_traits(const struct expression *e)
{
    return e->traits;
}

size_t expression_attribute_count(const struct expression *e)
{
    return e->n_attributes;
}

struct slice expression_attribute(const struct expression *e, size_t i)
{
    return e->attributes[i];
}

bool expression_reads_any(const struct expression *e)
{
    return e->reads_any;
}

static int put(struct buf *out, struct slice s, struct error *err)
{
    return buf_append_slice(out, s) == 0
               ? 0
               : error_set(err, "an expression's result is too long");
}

int expression_eval(const struct expression *e,
    const struct expression_env *env, struct buf *out, struct error *err)
{
    struct el_run run = {
        .env = env, .left_bytes = EL_MAX_TEXT_BYTES, .err = err};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < e->n_parts; i++) {
        struct slice text = e->parts[i].literal;
        struct el_value v;

        if (e->parts[i].tree != NULL) {
            rc = el_evaluate(&run, e->parts[i].tree, &v) == 0
                     ? el_text(&run, v, &text)
                     : -1;
        }
        rc = rc == 0 ? put(out, text, err) : -1;
    }
    el_run_fini(&run);
    return rc;
}

int expression_test(const struct expression *e,
    const struct expression_env *env, bool *result, struct error *err)
{
    struct buf out;
    int rc;

    buf_init(&out, EL_MAX_TEXT_BYTES);
    rc = expression_eval(e, env, &out, err);
    *result = rc == 0 && strcasecmp(buf_str(&out), "true") == 0;
    buf_fini(&out);
    return rc;
}
