/*
 * struct endpoint: how to reach the search engine, or Kibana: hosts, TLS and
 * credentials from [elasticsearch] or [kibana], put onto curl handles. Opaque;
 * does no I/O of its own but reading files of certificates and secrets.
 */
#ifndef NARU_COMMON_ENDPOINT_H
#define NARU_COMMON_ENDPOINT_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

extern const struct config_table endpoint_settings;        /* [elasticsearch] */
extern const struct config_table endpoint_kibana_settings; /* [kibana] */

struct endpoint;

/* endpoint_new(c, err): Read [elasticsearch]. NULL with err. */
struct endpoint *endpoint_new(
    const struct config *c, struct error *err) MUST_CHECK;

/* endpoint_new_of(c, section, err): The same of section "elasticsearch" or
 * "kibana", whose table must be among those of c. */
struct endpoint *endpoint_new_of(
    const struct config *c, const char *section, struct error *err) MUST_CHECK;
void endpoint_free(struct endpoint *e);

/*
 * endpoint_renew(e, c, err):
 * Take credentials, certificates, proxy and the connect time-out anew from c
 * and the files that it names; hosts stay. What is under way ends as it began.
 * 0; -1 with err, and all is as it was. Not while another thread uses e.
 */
int endpoint_renew(
    struct endpoint *e, const struct config *c, struct error *err) MUST_CHECK;

/*
 * endpoint_refused(e, status):
 * The server, or the proxy, answered so. If that refuses our login the files
 * it was read from are read again, at most every LOGIN_READ_AGAIN_US. Do they
 * hold something else now?
 */
bool endpoint_refused(const struct endpoint *e, long status);

/* endpoint_has_login(e): Is there anything to log in with, a client certificate
 * apart? */
bool endpoint_has_login(const struct endpoint *e);

/* endpoint_problem(e, i, rc, detail, out, size): Why host i could not be
 * talked to, libcurl's words and what to do about it. */
void endpoint_problem(const struct endpoint *e, size_t i, CURLcode rc,
    const char *detail, char *out, size_t size);

/* endpoint_limit_calls(e, ms): How long http_call gives each host from now on;
 * two minutes at first. */
void endpoint_limit_calls(struct endpoint *e, long ms);
long endpoint_call_limit_ms(const struct endpoint *e);

/* endpoint_limit_answers(e, bytes): How long a body http_call takes from now
 * on; 256 MiB at first. */
void endpoint_limit_answers(struct endpoint *e, size_t bytes);
size_t endpoint_answer_limit_bytes(const struct endpoint *e);

/* endpoint_host_count(e): 1 or more. endpoint_host(e, i): "http://h:p". */
size_t endpoint_host_count(const struct endpoint *e);
const char *endpoint_host(const struct endpoint *e, size_t i);

/*
 * endpoint_prepare(e, easy, i, path):
 * Set on easy the URL (host i and path, which starts with '/'), TLS,
 * credentials, connect time-out and TCP_NODELAY. Returns 0, -1 out of memory.
 */
int endpoint_prepare(const struct endpoint *e, CURL *easy, size_t i,
    const char *path) MUST_CHECK;

/*
 * endpoint_headers(e, content_type):
 * The headers of a request: content type (NULL for none) and credentials. The
 * caller sets them with CURLOPT_HTTPHEADER and frees them with
 * curl_slist_free_all after the request. NULL out of memory.
 */
struct curl_slist *endpoint_headers(
    const struct endpoint *e, const char *content_type) MUST_CHECK;

#endif
