/*
 * struct code_set: the keys (stock codes) whose rows leave, from a list on the
 * command line or in a file, and which of them were met.
 */
#ifndef NARU_REPLAY_CODE_SET_H
#define NARU_REPLAY_CODE_SET_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct code_set; /* opaque */

/*
 * code_set_new(text, err):
 * The codes of "005930,000660", or of the file of "@FILE": there separated by
 * commas, spaces or line breaks, and from a # to its line's end is a comment.
 * NULL with err, also when there are none.
 */
struct code_set *code_set_new(const char *text, struct error *err) MUST_CHECK;
void code_set_free(struct code_set *s);

/* code_set_count(s), code_set_at(s, i): The codes, each once, by order. */
size_t code_set_count(const struct code_set *s);
struct slice code_set_at(const struct code_set *s, size_t i);

/* code_set_meet(s, code): Is it one of them? Then it counts as met. */
bool code_set_meet(struct code_set *s, struct slice code);

/*
 * code_set_unmet(s, first): How many were never met, the first of them, by
 * order, into *first when there is one.
 */
size_t code_set_unmet(const struct code_set *s, struct slice *first);

#endif
