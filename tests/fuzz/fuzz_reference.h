/* jansson as the judge of JSON that ours read or wrote. */
#ifndef NARU_TESTS_FUZZ_REFERENCE_H
#define NARU_TESTS_FUZZ_REFERENCE_H

#include "tests/unit/reference_json.h"

#include "common/slice.h"
#include "tests/fuzz/fuzz_input.h"

/* fuzz_reference(text): jansson's tree, to be released; NULL when it takes
 * text for no JSON, or for JSON of which engines say the same: a key twice.
 * (jansson 2.14 passes over a NUL behind a number; RFC 8259 knows none.) */
static inline json_t *fuzz_reference(struct slice text)
{
    json_error_t ignored;

    if (text.len > 0 && memchr(text.p, '\0', text.len) != NULL) {
        return NULL;
    }
    return json_loadb(text.p != NULL ? text.p : "", text.len,
        JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &ignored);
}

/* fuzz_reference_string(raw): Likewise of what stands between two quotes. */
static inline json_t *fuzz_reference_string(struct slice raw)
{
    char *quoted = malloc(raw.len + 2);
    json_t *string;

    fuzz_require(quoted != NULL);
    quoted[0] = '"';
    memcpy(quoted + 1, raw.p != NULL ? raw.p : "", raw.len);
    quoted[raw.len + 1] = '"';
    string = fuzz_reference((struct slice){quoted, raw.len + 2});
    free(quoted);
    return string;
}

/* fuzz_has_half_pair(text): Does it escape what may be half a surrogate pair?
 * Engines take that, jansson does not. */
static inline bool fuzz_has_half_pair(struct slice text)
{
    for (size_t i = 0; i + 3 < text.len; i++) {
        if (text.p[i] == '\\' && text.p[i + 1] == 'u' &&
            (text.p[i + 2] | 0x20) == 'd' &&
            strchr("89abcdefABCDEF", text.p[i + 3]) != NULL) {
            return true;
        }
    }
    return false;
}

#endif
