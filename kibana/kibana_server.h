/*
 * struct kibana_server: which Kibana or OpenSearch Dashboards answers, and what
 * it takes. All differences between them stand here; nothing else compares
 * their versions.
 */
#ifndef NARU_KIBANA_KIBANA_SERVER_H
#define NARU_KIBANA_KIBANA_SERVER_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "common/http_call.h"
#include "common/slice.h"
#include "kibana/saved_objects.h"

#include <stdbool.h>
#include <stdint.h>

#define KIBANA_PATH_BYTES 256

enum kibana_product { KIBANA, OPENSEARCH_DASHBOARDS };

struct kibana_server {
    enum kibana_product product;
    int major, minor, patch;
    char name[48]; /* "Kibana 8.19.0", for people */

    enum saved_objects_target target; /* the form it imports */
    bool has_spaces;
    bool exports;               /* _export is known; else _bulk_get */
    const char *dashboard_path; /* of its pages: "/app/dashboards#/view/" */
};

/* How it is reached; borrowed by all calls. */
struct kibana_link {
    const struct endpoint *endpoint;
    const char *space; /* NULL: the default one */
    long limit_ms;     /* for each request */
};

/*
 * kibana_server_probe(link, server, err):
 * Ask GET /api/status. Returns 0, or -1 with err: nothing answers, it is not
 * ready, it wants a login, it is too old for naru, it is no Kibana.
 */
int kibana_server_probe(const struct kibana_link *link,
    struct kibana_server *server, struct error *err) MUST_CHECK;

/*
 * kibana_server_wait(link, wait_ms, server, err):
 * kibana_server_probe again and again while nothing answers or it is not
 * ready, for wait_ms in all.
 */
int kibana_server_wait(const struct kibana_link *link, int64_t wait_ms,
    struct kibana_server *server, struct error *err) MUST_CHECK;

/* kibana_server_from_status(body, server, err): The pure part: the server that
 * gave this answer to GET /api/status. 0, or -1 with err. */
int kibana_server_from_status(struct slice body, struct kibana_server *server,
    struct error *err) MUST_CHECK;

/* kibana_server_check_space_id(space, err): Is it one that Kibana could give?
 * Returns 0 or -1 with err. */
int kibana_server_check_space_id(
    const char *space, struct error *err) MUST_CHECK;

/*
 * kibana_server_check_space(link, server, err):
 * Is there the space? Kibana itself imports into spaces that are not there
 * without a word. Returns 0 or -1 with err.
 */
int kibana_server_check_space(const struct kibana_link *link,
    const struct kibana_server *server, struct error *err) MUST_CHECK;

/*
 * kibana_server_call(link, request, path, answer, err):
 * Send request to path within the space, with the headers that Kibana
 * (kbn-xsrf) and OpenSearch Dashboards (osd-xsrf) want of anybody but their own
 * pages. request's path, headers and limit are filled in. As http_call.
 */
int kibana_server_call(const struct kibana_link *link,
    const struct http_request *request, const char *path,
    struct http_answer *answer, struct error *err) MUST_CHECK;

/*
 * kibana_server_explain(link, path, answer, err):
 * A refusal in words: what its status means and what it says itself.
 * Returns -1.
 */
int kibana_server_explain(const struct kibana_link *link, const char *path,
    const struct http_answer *answer, struct error *err);

#endif
