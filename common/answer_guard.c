/* Headers without an end; see answer_guard.h. */
#include "common/answer_guard.h"

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
    struct answer_guard *g = arg;

    (void)p;
    g->header_bytes += size * n;
    return g->header_bytes <= ANSWER_GUARD_HEADERS_BYTES ? size * n : 0;
}

int answer_guard_set(struct answer_guard *g, CURL *easy)
{
    CURLcode rc = CURLE_OK;

    g->header_bytes = 0;
    rc |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    rc |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, g);
    return rc == CURLE_OK ? 0 : -1;
}

const char *answer_guard_problem(const struct answer_guard *g)
{
    return g->header_bytes > ANSWER_GUARD_HEADERS_BYTES
               ? "its answer has more than 256 kB of headers"
               : NULL;
}
