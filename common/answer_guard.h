/*
 * struct answer_guard: what a server may send before its answer's body.
 * libcurl before 8.3 keeps headers without an end (CVE-2023-38039), and none
 * counts those of interim answers.
 */
#ifndef NARU_COMMON_ANSWER_GUARD_H
#define NARU_COMMON_ANSWER_GUARD_H

#include "common/attr.h"

#include <curl/curl.h>
#include <stddef.h>

#define ANSWER_GUARD_HEADERS_BYTES (256u << 10)

struct answer_guard {
    size_t header_bytes;
};

/* answer_guard_set(g, easy): Guard the next transfer of easy, which borrows g
 * until it ends. 0, -1 out of memory. */
int answer_guard_set(struct answer_guard *g, CURL *easy) MUST_CHECK;

/* answer_guard_problem(g): Why the transfer was cut short, or NULL. */
const char *answer_guard_problem(const struct answer_guard *g);

#endif
