/*
 * One blocking HTTP request to the engine or to Kibana, for commands and
 * start-up; the bridge's running traffic goes through bridge/transport.
 */
#ifndef NARU_COMMON_HTTP_CALL_H
#define NARU_COMMON_HTTP_CALL_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/endpoint.h"
#include "common/error.h"

struct http_answer {
    long status;      /* HTTP status */
    struct buf body;  /* owned by the answer */
    char product[32]; /* the header X-Elastic-Product; "" when there is none */
};

/*
 * http_call(e, method, path, body, answer, err):
 * Send method ("GET", "PUT", ...) with a JSON body (NULL for none), trying
 * the hosts in turn until one answers. Any HTTP status is an answer and
 * returns 0; the caller looks at it and frees it with http_answer_fini, which
 * is also safe after failure. -1 with err when no host answered.
 */
int http_call(const struct endpoint *e, const char *method, const char *path,
    const char *body, struct http_answer *answer, struct error *err) MUST_CHECK;

/*
 * http_call_within(e, method, path, body, limit_ms, answer, err):
 * The same, with no more than limit_ms for each host; http_call gives
 * endpoint_call_limit_ms.
 */
int http_call_within(const struct endpoint *e, const char *method,
    const char *path, const char *body, long limit_ms,
    struct http_answer *answer, struct error *err) MUST_CHECK;
void http_answer_fini(struct http_answer *answer);

struct http_request {
    const char *method;
    const char *path;
    const char *const *headers; /* "Name: value", NULL ends them; or NULL */
    const char *body;           /* JSON; NULL for none */
    struct slice file;          /* instead of body: the one part of a form */
    const char *file_field;     /* its field; NULL: there is no file */
    const char *file_name;
    long limit_ms; /* for each host */
};

/*
 * http_call_with(e, request, answer, err):
 * http_call with headers of its own, or with a file as multipart/form-data.
 * Everything in request is borrowed for the call.
 */
int http_call_with(const struct endpoint *e, const struct http_request *request,
    struct http_answer *answer, struct error *err) MUST_CHECK;

#endif
