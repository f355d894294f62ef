/*
 * The grammar between ${ and }:
 *
 *   expression := subject (":" call)*
 *   subject    := name | "quoted" | 'quoted' | "${" expression "}" | call
 *   call       := name "(" [ argument ("," argument)* ] ")"
 *   argument   := quoted | number | true | false | "${" expression "}"
 *               | expression
 *
 * A subject that is a name, quoted or computed, is an attribute's name. A bare
 * name followed by "(" is a function without a subject.
 */
#include "bridge/nifi/expression_tree.h"

#include "bridge/nifi/date_format.h"
#include "common/ascii.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct el_node *parse_chain(struct el_parse *p);

static struct el_node *fail(struct el_parse *p, const char *what)
{
    (void)error_set(p->err, "%s at byte %zu of \"%.200s\"", what,
        (size_t)(p->at - p->text) + 1, p->text);
    return NULL;
}

static struct el_node *new_node(struct el_parse *p, enum el_node_kind kind)
{
    struct el_node *node = calloc(1, sizeof(*node));

    if (node == NULL) {
        (void)error_set(p->err, "out of memory");
        return NULL;
    }
    node->kind = kind;
    node->next = p->nodes;
    p->nodes = node;
    return node;
}

void el_free_nodes(struct el_node *nodes)
{
    while (nodes != NULL) {
        struct el_node *next = nodes->next;

        if (nodes->kind == EL_NODE_LITERAL) {
            /* The only text that a tree owns. */
            char *owned;

            memcpy(&owned, &nodes->literal.text.p, sizeof(owned));
            free(owned);
        }
        zone_free(nodes->zone);
        free(nodes->args);
        free(nodes);
        nodes = next;
    }
}

static void skip_space(struct el_parse *p)
{
    while (
        *p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r') {
        p->at++;
    }
}

static struct el_node *new_literal(
    struct el_parse *p, const char *text, size_t n)
{
    struct el_node *node = new_node(p, EL_NODE_LITERAL);

    if (node == NULL) {
        return NULL;
    }
    node->literal.kind = EL_TEXT;
    node->literal.text.p = strndup(text, n);
    node->literal.text.len = n;
    if (node->literal.text.p == NULL) {
        node->literal.text.len = 0;
        (void)error_set(p->err, "out of memory");
        return NULL;
    }
    return node;
}

/* Java's escapes as NiFi reads them: an unknown one keeps its backslash. */
static struct el_node *parse_quoted(struct el_parse *p)
{
    char quote = *p->at++;
    const char *from = p->at;
    char *text, *to;
    struct el_node *node;

    while (*p->at != quote) {
        if (*p->at == '\0') {
            p->at = from - 1;
            return fail(p, "a quote has no end");
        }
        p->at += p->at[0] == '\\' && p->at[1] != '\0' ? 2 : 1;
    }
    text = to = malloc((size_t)(p->at - from) + 1);
    if (text == NULL) {
        (void)error_set(p->err, "out of memory");
        return NULL;
    }
    for (const char *c = from; c < p->at; c++) {
        if (*c != '\\') {
            *to++ = *c;
            continue;
        }
        c++;
        switch (*c) {
        case 'n':
            *to++ = '\n';
            break;
        case 'r':
            *to++ = '\r';
            break;
        case 't':
            *to++ = '\t';
            break;
        case '\\':
        case '"':
        case '\'':
            *to++ = *c;
            break;
        default:
            *to++ = '\\';
            *to++ = *c;
            break;
        }
    }
    p->at++;
    node = new_literal(p, text, (size_t)(to - text));
    free(text);
    return node;
}

static bool is_name_char(char c)
{
    return c != '\0' && strchr(" \t\r\n${}():,;#[]'\"\\/", c) == NULL;
}

static size_t name_length(const char *at)
{
    size_t n = 0;

    while (is_name_char(at[n])) {
        n++;
    }
    return n;
}

/* Is it all of a number? Whole in *v, or decimal. */
static bool read_number(const char *at, size_t n, struct el_value *v)
{
    char text[64], *end;

    if (n == 0 || n >= sizeof(text) ||
        !(ascii_is_digit(at[0]) || at[0] == '-' || at[0] == '.')) {
        return false;
    }
    memcpy(text, at, n);
    text[n] = '\0';
    errno = 0;
    v->kind = EL_WHOLE;
    v->whole = strtoll(text, &end, 10);
    if (*end == '\0' && errno == 0) {
        return true;
    }
    if (strspn(text, "0123456789.eE+-") != n) {
        return false;
    }
    v->kind = EL_DECIMAL;
    v->decimal = strtod(text, &end);
    return *end == '\0';
}

static int add_arg(
    struct el_parse *p, struct el_node *call, size_t *room, struct el_node *arg)
{
    if (arg == NULL) {
        return -1;
    }
    if (call->n_args == EL_MAX_ARGS) {
        (void)fail(p, "a function has too many arguments");
        return -1;
    }
    if (call->n_args == *room) {
        struct el_node **grown =
            realloc(call->args, (*room + 4) * sizeof(struct el_node *));

        if (grown == NULL) {
            return error_set(p->err, "out of memory");
        }
        call->args = grown;
        *room += 4;
    }
    call->args[call->n_args++] = arg;
    return 0;
}

static struct el_node *parse_word_arg(struct el_parse *p, size_t n)
{
    struct el_value v = {0};
    struct el_node *node;
    bool is_true = n == 4 && strncasecmp(p->at, "true", n) == 0;
    bool is_false = n == 5 && strncasecmp(p->at, "false", n) == 0;

    if (is_true || is_false) {
        v.kind = EL_BOOL;
        v.truth = is_true;
    } else if (!read_number(p->at, n, &v)) {
        return parse_chain(p);
    }
    node = new_node(p, EL_NODE_LITERAL);
    if (node != NULL) {
        node->literal = v;
        p->at += n;
    }
    return node;
}

static struct el_node *parse_arg(struct el_parse *p)
{
    skip_space(p);
    if (*p->at == '"' || *p->at == '\'') {
        return parse_quoted(p);
    }
    if (p->at[0] == '$' && p->at[1] == '{') {
        return el_parse_braces(p);
    }
    return parse_word_arg(p, name_length(p->at));
}

static int parse_args(struct el_parse *p, struct el_node *call)
{
    size_t room = 0;

    p->at++; /* ( */
    skip_space(p);
    if (*p->at == ')') {
        p->at++;
        return 0;
    }
    for (;;) {
        if (add_arg(p, call, &room, parse_arg(p)) != 0) {
            return -1;
        }
        skip_space(p);
        if (*p->at == ')') {
            p->at++;
            return 0;
        }
        if (*p->at != ',') {
            (void)fail(p, "expected ',' or ')'");
            return -1;
        }
        p->at++;
    }
}

static int check_format(struct el_parse *p, const struct el_node *format)
{
    unsigned odd;

    if (format->kind != EL_NODE_LITERAL) {
        return 0;
    }
    if (format->literal.kind != EL_TEXT) {
        (void)fail(p, "a date format must be text");
        return -1;
    }
    if (date_format_check(format->literal.text, &odd, p->err) != 0) {
        return -1;
    }
    p->traits |= (odd & DATE_FORMAT_WEEK_YEAR) != 0 ? EXPRESSION_WEEK_YEAR : 0;
    p->traits |=
        (odd & DATE_FORMAT_DAY_OF_YEAR) != 0 ? EXPRESSION_DAY_OF_YEAR : 0;
    return 0;
}

static int take_zone(
    struct el_parse *p, struct el_node *call, const struct el_node *name)
{
    if (name->kind != EL_NODE_LITERAL || name->literal.kind != EL_TEXT) {
        (void)fail(p, "a time zone must be a text in quotes");
        return -1;
    }
    call->zone = zone_new(name->literal.text.p, p->err);
    return call->zone != NULL ? 0 : -1;
}

/* Formats and zones that are constant are checked here, not at each record. */
static int note_traits(struct el_parse *p, struct el_node *call)
{
    const char *name = call->function->name;

    if (strcmp(name, "now") == 0) {
        p->traits |= EXPRESSION_USES_NOW;
    }
    if (strcmp(name, "format") != 0 && strcmp(name, "toDate") != 0) {
        return 0;
    }
    if (call->n_args == 0) {
        p->traits |= EXPRESSION_USES_ZONE;
        return 0;
    }
    if (check_format(p, call->args[0]) != 0) {
        return -1;
    }
    if (call->n_args == 2) {
        return take_zone(p, call, call->args[1]);
    }
    p->traits |= EXPRESSION_USES_ZONE;
    return 0;
}

static struct el_node *parse_call(struct el_parse *p, struct el_node *subject)
{
    size_t n = name_length(p->at);
    struct slice name = {p->at, n};
    struct el_node *call;
    const struct el_function *f = el_function_find(name);

    if (f == NULL) {
        (void)error_set(p->err,
            "the function " SLICE_FMT
            "() at byte %zu of \"%.200s\" is not one that naru knows",
            SLICE_ARG(name), (size_t)(p->at - p->text) + 1, p->text);
        return NULL;
    }
    if (f->has_subject != (subject != NULL)) {
        return fail(p, f->has_subject ? "this function needs a value before it"
                                      : "this function takes no value before "
                                        "it");
    }
    call = new_node(p, EL_NODE_CALL);
    if (call == NULL) {
        return NULL;
    }
    call->subject = subject;
    call->function = f;
    p->at += n;
    skip_space(p);
    if (*p->at != '(') {
        return fail(p, "expected '(' behind a function's name");
    }
    if (parse_args(p, call) != 0) {
        return NULL;
    }
    if (call->n_args < f->min_args || call->n_args > f->max_args) {
        (void)error_set(p->err,
            "%s() in \"%.200s\" has %zu argument%s; it takes %zu%s", f->name,
            p->text, call->n_args, call->n_args == 1 ? "" : "s", f->min_args,
            f->max_args > f->min_args ? " or more" : "");
        return NULL;
    }
    return note_traits(p, call) == 0 ? call : NULL;
}

static struct el_node *parse_subject(struct el_parse *p)
{
    struct el_node *name, *node;
    size_t n;

    skip_space(p);
    if (*p->at == '"' || *p->at == '\'') {
        name = parse_quoted(p);
    } else if (p->at[0] == '$' && p->at[1] == '{') {
        name = el_parse_braces(p);
    } else {
        n = name_length(p->at);
        if (n == 0) {
            return fail(p, "expected an attribute's name or a function");
        }
        if (p->at[n + strspn(p->at + n, " \t")] == '(') {
            return parse_call(p, NULL);
        }
        name = new_literal(p, p->at, n);
        p->at += n;
    }
    node = name != NULL ? new_node(p, EL_NODE_ATTRIBUTE) : NULL;
    if (node != NULL) {
        node->subject = name;
    }
    return node;
}

static struct el_node *parse_chain(struct el_parse *p)
{
    struct el_node *node;

    if (++p->depth > EL_MAX_DEPTH) {
        return fail(p, "expressions nest too deep");
    }
    node = parse_subject(p);
    skip_space(p);
    for (size_t n = 0; node != NULL && *p->at == ':'; n++) {
        if (n == EL_MAX_DEPTH) {
            return fail(p, "too many functions in a row");
        }
        p->at++;
        skip_space(p);
        node = parse_call(p, node);
        skip_space(p);
    }
    p->depth--;
    return node;
}

struct el_node *el_parse_braces(struct el_parse *p)
{
    const char *from = p->at;
    struct el_node *node;

    p->at += 2;
    node = parse_chain(p);
    if (node == NULL) {
        return NULL;
    }
    if (*p->at == '\0') {
        p->at = from;
        return fail(p, "a ${ has no }");
    }
    if (*p->at != '}') {
        return fail(p, "expected ':' and a function, or '}'");
    }
    p->at++;
    return node;
}
