/* One blocking HTTP request; see http_call.h. */
#include "common/http_call.h"

#include <stdio.h>
#include <string.h>

#define MAX_ANSWER_BYTES (256u << 20)
#define TIMEOUT_MS 120000L

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct buf *body = arg;

    return buf_append(body, p, size * n) == 0 ? size * n : 0;
}

static void take_product(CURL *easy, struct http_answer *answer)
{
    struct curl_header *header;

    if (curl_easy_header(easy, "X-Elastic-Product", 0, CURLH_HEADER, -1,
            &header) == CURLHE_OK) {
        (void)snprintf(
            answer->product, sizeof(answer->product), "%s", header->value);
    }
}

static int call_host(const struct endpoint *e, CURL *easy, size_t host,
    const char *method, const char *path, const char *body, long limit_ms,
    struct http_answer *answer, struct error *err)
{
    struct curl_slist *headers =
        endpoint_headers(e, body != NULL ? "application/json" : NULL);
    char detail[CURL_ERROR_SIZE] = "";
    CURLcode rc = CURLE_OUT_OF_MEMORY;

    curl_easy_reset(easy);
    buf_clear(&answer->body);
    if (headers != NULL && endpoint_prepare(e, easy, host, path) == 0) {
        (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
        (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, limit_ms);
        (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
        (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer->body);
        (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
        if (strcmp(method, "HEAD") == 0) {
            (void)curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        }
        if (body != NULL) {
            (void)curl_easy_setopt(
                easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
            (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
        }
        rc = curl_easy_perform(easy);
        (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer->status);
        take_product(easy, answer);
    }
    curl_slist_free_all(headers);
    if (rc != CURLE_OK) {
        return error_set(err, "%s does not answer (%s)", endpoint_host(e, host),
            detail[0] != '\0' ? detail : curl_easy_strerror(rc));
    }
    return 0;
}

int http_call(const struct endpoint *e, const char *method, const char *path,
    const char *body, struct http_answer *answer, struct error *err)
{
    return http_call_within(e, method, path, body, TIMEOUT_MS, answer, err);
}

int http_call_within(const struct endpoint *e, const char *method,
    const char *path, const char *body, long limit_ms,
    struct http_answer *answer, struct error *err)
{
    CURL *easy = curl_easy_init();
    int rc = -1;

    answer->status = 0;
    answer->product[0] = '\0';
    buf_init(&answer->body, MAX_ANSWER_BYTES);
    if (easy == NULL) {
        return error_set(err, "out of memory");
    }
    for (size_t i = 0; rc != 0 && i < endpoint_host_count(e); i++) {
        rc = call_host(e, easy, i, method, path, body, limit_ms, answer, err);
    }
    curl_easy_cleanup(easy);
    return rc;
}

void http_answer_fini(struct http_answer *answer)
{
    buf_fini(&answer->body);
}
