/* Index patterns; see name_pattern.h. */
#include "mappings/name_pattern.h"

#include <stdlib.h>
#include <string.h>

/*
 * row[j]: can the rest of a, from the character at hand, be a name that the
 * rest of b, from j, matches too? Filled from the ends of both.
 */
bool name_patterns_overlap(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    bool *row = calloc(m + 1, sizeof(*row));
    bool result;

    if (row == NULL) {
        return true; /* the careful answer */
    }
    for (size_t i = n + 1; i-- > 0;) {
        bool below = false; /* the row before, at j + 1 */

        for (size_t j = m + 1; j-- > 0;) {
            bool here = row[j]; /* the row before, at j */

            if (i == n && j == m) {
                row[j] = true;
            } else if (i < n && a[i] == '*') {
                row[j] = here || (j < m && row[j + 1]);
            } else if (j < m && b[j] == '*') {
                row[j] = row[j + 1] || (i < n && here);
            } else {
                row[j] = i < n && j < m && a[i] == b[j] && below;
            }
            below = here;
        }
    }
    result = row[0];
    free(row);
    return result;
}
