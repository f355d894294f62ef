/* Finding what a person meant to type, by edit distance; see suggest.h. */
#include "common/suggest.h"

#include <stdint.h>
#include <string.h>

#define MAX_WORD 64
#define SHORTEST_BEGINNING 3

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;

    return m < c ? m : c;
}

/* Levenshtein's distance, one row at a time. */
static size_t distance(const char *a, const char *b)
{
    size_t row[MAX_WORD + 1];
    size_t a_len = strlen(a), b_len = strlen(b);

    if (a_len > MAX_WORD || b_len > MAX_WORD) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= b_len; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t above = row[j];

            row[j] = min3(above + 1, row[j - 1] + 1,
                diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
            diagonal = above;
        }
    }
    return row[b_len];
}

void suggest_start(struct suggest *s, const char *word)
{
    *s = (struct suggest){word, NULL, SIZE_MAX};
}

void suggest_offer(struct suggest *s, const char *candidate)
{
    size_t d = distance(s->word, candidate);
    size_t n = strlen(s->word);

    if (d > 1 && n >= SHORTEST_BEGINNING &&
        strncmp(candidate, s->word, n) == 0) {
        d = 1;
    }
    if (d < s->best_distance) {
        s->best_distance = d;
        s->best = candidate;
    }
}

const char *suggest_best(const struct suggest *s)
{
    size_t len = strlen(s->word);

    return s->best_distance <= (len + 2) / 3 && s->best_distance < len ? s->best
                                                                       : NULL;
}
