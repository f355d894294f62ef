/* Finding what a person meant to type. */
#ifndef NARU_COMMON_SUGGEST_H
#define NARU_COMMON_SUGGEST_H

#include <stddef.h>

struct suggest {
    const char *word;
    const char *best;
    size_t best_distance;
};

/*
 * suggest_start(s, word), then suggest_offer(s, candidate) for each known
 * word, then suggest_best(s): the candidate with the fewest edits to word, the
 * first of equals; a word of three letters or more that only breaks off early
 * counts as one edit. NULL when none is near: all of the word would change, or
 * more than a third of it, rounded up. The strings are borrowed until then.
 */
void suggest_start(struct suggest *s, const char *word);
void suggest_offer(struct suggest *s, const char *candidate);
const char *suggest_best(const struct suggest *s);

#endif
