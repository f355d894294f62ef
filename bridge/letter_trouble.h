/* struct letter_trouble: why dead letters cannot be stored, and since when;
 * told in the log once for each change. */
#ifndef NARU_BRIDGE_LETTER_TROUBLE_H
#define NARU_BRIDGE_LETTER_TROUBLE_H

#include <stdint.h>

struct letter_trouble { /* all 0: none */
    char why[256];
    int64_t since_us; /* clock_mono_us */
};

/* letter_trouble_set(t, why): why "": they can be stored. Copied. */
void letter_trouble_set(struct letter_trouble *t, const char *why);

/* letter_trouble_why(t, since_us): NULL: there is none, and *since_us is left
 * with the time of the last. */
const char *letter_trouble_why(
    const struct letter_trouble *t, int64_t *since_us);

#endif
