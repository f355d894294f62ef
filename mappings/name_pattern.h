/* Index patterns ("marcap-v*") as engines match them. Pure. */
#ifndef NARU_MAPPINGS_NAME_PATTERN_H
#define NARU_MAPPINGS_NAME_PATTERN_H

#include <stdbool.h>

/*
 * name_patterns_overlap(a, b):
 * Is there a name that both match? '*' stands for any text, also none. A name
 * without '*' is a pattern that matches itself. O(|a| |b|).
 */
bool name_patterns_overlap(const char *a, const char *b);

#endif
