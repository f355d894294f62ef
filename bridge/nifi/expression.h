/*
 * struct expression: a text with NiFi's expression language in it, such as
 * "market-${Date:substring(0,4)}", compiled once and evaluated for each
 * record. Pure: attributes, the time and the zone are the caller's.
 *
 * Understood: attributes, quoted names, nested ${}, literals, and the functions
 * of expression_function.c, which docs/nifi.md lists. $${ is a literal ${.
 * Anything else (random numbers, host names, regular expressions, any- and
 * allAttributes) is refused when compiled, never at run time.
 */
#ifndef NARU_BRIDGE_NIFI_EXPRESSION_H
#define NARU_BRIDGE_NIFI_EXPRESSION_H

#include "bridge/nifi/zone.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPRESSION_MAX_BYTES 65536

struct expression;

/* What a text does that its user should know of. */
#define EXPRESSION_USES_NOW 1u    /* differs from run to run */
#define EXPRESSION_USES_ZONE 2u   /* depends on the zone of the caller */
#define EXPRESSION_WEEK_YEAR 4u   /* formats with YYYY */
#define EXPRESSION_DAY_OF_YEAR 8u /* formats with DD */

struct expression_env {
    /* The attribute's text into *value, borrowed until the evaluation ends;
     * false when there is none. */
    bool (*attribute)(void *arg, struct slice name, struct slice *value);
    void *arg;
    int64_t now_ms;          /* since 1970 UTC */
    const struct zone *zone; /* NULL: UTC */
};

/*
 * expression_new(text, err):
 * Compile; text is copied. NULL with err: what is wrong, at which byte. The
 * caller frees it with expression_free.
 */
struct expression *expression_new(
    const char *text, struct error *err) MUST_CHECK;
void expression_free(struct expression *e);

/* expression_constant(e): The text when nothing in it is to be evaluated, with
 * $$ unescaped; else NULL. */
const char *expression_constant(const struct expression *e);

/* expression_traits(e): The EXPRESSION_ bits. */
unsigned expression_traits(const struct expression *e);

/*
 * expression_attribute_count(e), expression_attribute(e, i): The attributes it
 * reads by a fixed name, each once. Where a name is itself computed,
 * expression_reads_any is true.
 */
size_t expression_attribute_count(const struct expression *e);
struct slice expression_attribute(const struct expression *e, size_t i);
bool expression_reads_any(const struct expression *e);

/*
 * expression_eval(e, env, out, err):
 * Append the result to out. A missing attribute is empty text, as in NiFi.
 * Returns 0; -1 with err when a value does not fit its function (text where a
 * number or date is needed, division by zero) or out is full.
 */
int expression_eval(const struct expression *e,
    const struct expression_env *env, struct buf *out,
    struct error *err) MUST_CHECK;

/*
 * expression_test(e, env, result, err):
 * Evaluate as a condition: true when the text is "true", in any case of
 * letters. Returns 0, or -1 as expression_eval.
 */
int expression_test(const struct expression *e,
    const struct expression_env *env, bool *result,
    struct error *err) MUST_CHECK;

#endif
