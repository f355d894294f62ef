/*
 * struct words: a step's value taken apart into words. Blanks separate them;
 * double quotes hold one together, also in its middle; a backslash takes the
 * meaning from a quote, a backslash, a semicolon and a blank, and makes \n and
 * \t of n and t. Pure.
 */
#ifndef NARU_BRIDGE_TRANSFORM_WORDS_H
#define NARU_BRIDGE_TRANSFORM_WORDS_H

#include "common/attr.h"
#include "common/error.h"

#include <stddef.h>

struct words {
    char *text; /* owned; the words point into it */
    char **all;
    size_t n;
};

/* words_read(text, words, err): 0; -1 with err. words_fini in any case. */
int words_read(
    const char *text, struct words *words, struct error *err) MUST_CHECK;
void words_fini(struct words *words);

#endif
