/* One blocking HTTP request; see http_call.h. */
#include "common/http_call.h"

#include "common/answer_guard.h"

#include <stdio.h>
#include <string.h>

#define PROBLEM_BYTES 512

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

/* Content type, credentials and the request's own; NULL out of memory. */
static struct curl_slist *make_headers(
    const struct endpoint *e, const struct http_request *q)
{
    struct curl_slist *list =
        endpoint_headers(e, q->body != NULL ? "application/json" : NULL);

    for (const char *const *h = q->headers;
         list != NULL && h != NULL && *h != NULL; h++) {
        struct curl_slist *longer = curl_slist_append(list, *h);

        if (longer == NULL) {
            curl_slist_free_all(list);
        }
        list = longer;
    }
    return list;
}

/* The form of one file; its bytes are copied. NULL out of memory. */
static curl_mime *make_form(CURL *easy, const struct http_request *q)
{
    curl_mime *form = curl_mime_init(easy);
    curl_mimepart *part = form != NULL ? curl_mime_addpart(form) : NULL;

    if (part == NULL || curl_mime_name(part, q->file_field) != CURLE_OK ||
        curl_mime_filename(part, q->file_name) != CURLE_OK ||
        curl_mime_type(part, "application/x-ndjson") != CURLE_OK ||
        curl_mime_data(part, q->file.p, q->file.len) != CURLE_OK) {
        curl_mime_free(form);
        return NULL;
    }
    return form;
}

static void set_body(CURL *easy, const struct http_request *q, curl_mime *form)
{
    if (form != NULL) {
        (void)curl_easy_setopt(easy, CURLOPT_MIMEPOST, form);
    } else if (q->body != NULL) {
        (void)curl_easy_setopt(
            easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(q->body));
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, q->body);
    }
    if (strcmp(q->method, "HEAD") == 0) {
        (void)curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    }
    (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, q->method);
}

/* libcurl says of a body or headers that we will not take any more of that
 * they could not be written. */
static void say_what_was_too_large(const struct answer_guard *guard,
    const struct http_answer *answer, char *detail)
{
    const char *why = answer_guard_problem(guard);

    if (why != NULL) {
        (void)snprintf(detail, CURL_ERROR_SIZE, "%s", why);
    } else {
        (void)snprintf(detail, CURL_ERROR_SIZE,
            "its answer is longer than %zu MB", answer->body.max_bytes >> 20);
    }
}

static CURLcode perform(CURL *easy, const struct http_request *q,
    struct curl_slist *headers, struct http_answer *answer, char *detail)
{
    curl_mime *form = q->file_field != NULL ? make_form(easy, q) : NULL;
    CURLcode rc = CURLE_OUT_OF_MEMORY;
    struct answer_guard guard;

    if ((q->file_field == NULL || form != NULL) &&
        answer_guard_set(&guard, easy) == 0) {
        set_body(easy, q, form);
        (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, q->limit_ms);
        (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
        (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer->body);
        (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
        rc = curl_easy_perform(easy);
        if (rc == CURLE_WRITE_ERROR) {
            say_what_was_too_large(&guard, answer, detail);
        }
        (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer->status);
        take_product(easy, answer);
    }
    curl_mime_free(form);
    return rc;
}

static int call_host(const struct endpoint *e, CURL *easy, size_t host,
    const struct http_request *q, struct http_answer *answer, struct error *err)
{
    struct curl_slist *headers = make_headers(e, q);
    char detail[CURL_ERROR_SIZE] = "";
    CURLcode rc = CURLE_OUT_OF_MEMORY;

    curl_easy_reset(easy);
    buf_clear(&answer->body);
    if (headers != NULL && endpoint_prepare(e, easy, host, q->path) == 0) {
        rc = perform(easy, q, headers, answer, detail);
    }
    curl_slist_free_all(headers);
    if (rc != CURLE_OK) {
        char why[PROBLEM_BYTES];

        endpoint_problem(e, host, rc, detail, why, sizeof(why));
        return error_set(
            err, "%s does not answer (%s)", endpoint_host(e, host), why);
    }
    (void)endpoint_refused(e, answer->status);
    return 0;
}

int http_call(const struct endpoint *e, const char *method, const char *path,
    const char *body, struct http_answer *answer, struct error *err)
{
    return http_call_within(
        e, method, path, body, endpoint_call_limit_ms(e), answer, err);
}

int http_call_within(const struct endpoint *e, const char *method,
    const char *path, const char *body, long limit_ms,
    struct http_answer *answer, struct error *err)
{
    return http_call_with(e,
        &(struct http_request){
            .method = method, .path = path, .body = body, .limit_ms = limit_ms},
        answer, err);
}

int http_call_with(const struct endpoint *e, const struct http_request *request,
    struct http_answer *answer, struct error *err)
{
    CURL *easy = curl_easy_init();
    int rc = -1;

    answer->status = 0;
    answer->product[0] = '\0';
    buf_init(&answer->body, endpoint_answer_limit_bytes(e));
    if (easy == NULL) {
        return error_set(err, "out of memory");
    }
    for (size_t i = 0; rc != 0 && i < endpoint_host_count(e); i++) {
        rc = call_host(e, easy, i, request, answer, err);
    }
    curl_easy_cleanup(easy);
    return rc;
}

void http_answer_fini(struct http_answer *answer)
{
    buf_fini(&answer->body);
}
