/* Values of expressions: their memory, their forms, and a tree's evaluation.
 * Conversions follow NiFi: text that is no number is null where one is due. */
#include "bridge/nifi/date_format.h"
#include "bridge/nifi/expression_tree.h"
#include "common/ascii.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct el_block {
    struct el_block *next;
    char bytes[];
};

char *el_memory(struct el_run *run, size_t n)
{
    struct el_block *block;

    if (n > run->left_bytes) {
        (void)error_set(run->err,
            "an expression's values take more than %zu bytes",
            EL_MAX_TEXT_BYTES);
        return NULL;
    }
    block = malloc(sizeof(*block) + n + 1);
    if (block == NULL) {
        (void)error_set(run->err, "out of memory");
        return NULL;
    }
    run->left_bytes -= n;
    block->next = run->blocks;
    run->blocks = block;
    return block->bytes;
}

void el_run_fini(struct el_run *run)
{
    while (run->blocks != NULL) {
        struct el_block *next = run->blocks->next;

        free(run->blocks);
        run->blocks = next;
    }
}

static int keep(struct el_run *run, const char *text, struct slice *out)
{
    size_t n = strlen(text);
    char *copy = el_memory(run, n);

    if (copy == NULL) {
        return -1;
    }
    memcpy(copy, text, n);
    *out = (struct slice){copy, n};
    return 0;
}

/* Java's Double.toString for what prices and counts are: 1.5, 2.0, 1.0E10. */
static void write_decimal(double d, char *text, size_t size)
{
    double size_of = fabs(d);
    int digits = 1;

    if (d != d) {
        (void)snprintf(text, size, "NaN");
        return;
    }
    if (isinf(d) != 0) {
        (void)snprintf(text, size, d < 0 ? "-Infinity" : "Infinity");
        return;
    }
    if (size_of != 0 && (size_of < 1e-3 || size_of >= 1e7)) {
        do {
            (void)snprintf(text, size, "%.*E", digits, d);
        } while (strtod(text, NULL) != d && ++digits < 18);
        /* C writes 1.5E+10, Java 1.5E10. */
        for (char *e = strchr(text, 'E'); e != NULL; e = NULL) {
            long power = strtol(e + 1, NULL, 10);

            (void)snprintf(e + 1, 8, "%ld", power);
        }
        return;
    }
    do {
        (void)snprintf(text, size, "%.*f", digits, d);
    } while (strtod(text, NULL) != d && ++digits < 20);
}

/* java.util.Date.toString. */
static int write_date(struct el_run *run, int64_t at_ms, struct slice *out)
{
    struct buf b;
    int rc;

    buf_init(&b, 256);
    rc = date_format_write(
        slice_of("EEE MMM dd HH:mm:ss zzz yyyy"), at_ms, run->env->zone, &b);
    rc = rc == 0 ? keep(run, buf_str(&b), out)
                 : error_set(run->err, "out of memory");
    buf_fini(&b);
    return rc;
}

int el_text(struct el_run *run, struct el_value v, struct slice *out)
{
    char text[512];

    switch (v.kind) {
    case EL_NULL:
        *out = (struct slice){"", 0};
        return 0;
    case EL_TEXT:
        *out = v.text;
        return 0;
    case EL_BOOL:
        *out = slice_of(v.truth ? "true" : "false");
        return 0;
    case EL_DATE:
        return write_date(run, v.whole, out);
    case EL_WHOLE:
        (void)snprintf(text, sizeof(text), "%lld", (long long)v.whole);
        break;
    case EL_DECIMAL:
        write_decimal(v.decimal, text, sizeof(text));
        break;
    }
    return keep(run, text, out);
}

static struct el_value number_of(struct slice s)
{
    struct el_value v = {.kind = EL_NULL};
    char text[64], *end;

    s = slice_trim(s);
    if (s.len == 0 || s.len >= sizeof(text) ||
        !(ascii_is_digit(s.p[0]) || strchr("+-.", s.p[0]) != NULL)) {
        return v;
    }
    memcpy(text, s.p, s.len);
    text[s.len] = '\0';
    errno = 0;
    v.whole = strtoll(text, &end, 10);
    if (*end == '\0' && errno == 0) {
        v.kind = EL_WHOLE;
        return v;
    }
    if (strspn(text, "0123456789.eE+-") == s.len) {
        v.decimal = strtod(text, &end);
        v.kind = *end == '\0' ? EL_DECIMAL : EL_NULL;
    }
    return v;
}

int el_number(struct el_run *run, struct el_value v, struct el_value *out)
{
    (void)run;
    switch (v.kind) {
    case EL_TEXT:
        *out = number_of(v.text);
        return 0;
    case EL_DATE:
        *out = (struct el_value){.kind = EL_WHOLE, .whole = v.whole};
        return 0;
    case EL_WHOLE:
    case EL_DECIMAL:
        *out = v;
        return 0;
    case EL_NULL:
    case EL_BOOL:
        break;
    }
    *out = (struct el_value){.kind = EL_NULL};
    return 0;
}

bool el_truth(struct el_value v)
{
    return v.kind == EL_BOOL ? v.truth
                             : v.kind == EL_TEXT && v.text.len == 4 &&
                                   strncasecmp(v.text.p, "true", 4) == 0;
}

static int read_attribute(
    struct el_run *run, const struct el_node *node, struct el_value *out)
{
    struct el_value name;
    struct slice text = {NULL, 0};

    *out = (struct el_value){.kind = EL_NULL};
    if (node->subject->kind == EL_NODE_LITERAL) {
        text = node->subject->literal.text;
    } else if (el_evaluate(run, node->subject, &name) != 0 ||
               el_text(run, name, &text) != 0) {
        return -1;
    }
    if (run->env->attribute(run->env->arg, text, &out->text)) {
        out->kind = EL_TEXT;
    }
    return 0;
}

int el_evaluate(
    struct el_run *run, const struct el_node *node, struct el_value *out)
{
    struct el_value args[EL_MAX_ARGS], subject = {.kind = EL_NULL};

    switch (node->kind) {
    case EL_NODE_LITERAL:
        *out = node->literal;
        return 0;
    case EL_NODE_ATTRIBUTE:
        return read_attribute(run, node, out);
    case EL_NODE_CALL:
        break;
    }
    if (node->subject != NULL && el_evaluate(run, node->subject, &subject)) {
        return -1;
    }
    for (size_t i = 0; i < node->n_args; i++) {
        if (el_evaluate(run, node->args[i], &args[i]) != 0) {
            return -1;
        }
    }
    run->zone = node->zone != NULL ? node->zone : run->env->zone;
    return node->function->call(run, subject, args, node->n_args, out);
}
