/*
 * struct fake_kibana: a scripted Kibana or OpenSearch Dashboards on a loopback
 * port, over evhttp, and a search engine's _field_caps beside it. It takes a
 * request apart as strictly as the real ones do (multipart form, headers,
 * versions, references) and keeps the objects by space. Single-threaded: it
 * serves while a child runs (fake_kibana_run).
 */
#ifndef NARU_TESTS_FAKES_FAKE_KIBANA_H
#define NARU_TESTS_FAKES_FAKE_KIBANA_H

#include "common/attr.h"
#include "common/buf.h"

#include <event2/event.h>
#include <event2/http.h>
#include <jansson.h>
#include <stdbool.h>

/* What it is and does; a test sets it before fake_kibana_run. */
struct fake_kibana_script {
    bool is_dashboards;  /* OpenSearch Dashboards, which has no Lens */
    const char *version; /* "8.19.0" */
    const char *login;   /* "Basic ..." or "ApiKey ..."; NULL: everybody */
    bool tells_version_to_strangers; /* /api/status without the login */
    const char *space;               /* the one there is beside the default */
    unsigned not_ready;              /* so many 503 first */
    int import_status;               /* answer imports so; 0: truthfully */
    const char *import_message;
    const char *import_body;   /* answer 200 with this; NULL: truthfully */
    const char *refused_id;    /* this object fails with ... */
    const char *refused_error; /* ... this "error", as JSON */
    bool migrates;             /* changes what it stores as Kibana 8 does */
    const char *field_caps;    /* of the index; NULL: there is none */
};

struct fake_kibana {
    struct fake_kibana_script script;
    struct event_base *base;
    struct evhttp *http;
    int port;
    json_t *objects;  /* "space type id" -> as stored */
    unsigned imports; /* requests that stored something or could have */
    unsigned requests;
    char last_index[64]; /* of the last _field_caps */
    struct buf output;   /* of the last child: stdout and stderr */
};

/* fake_kibana_open(k): Start one as Kibana 8.19.0. Fails the test case. */
void fake_kibana_open(struct fake_kibana *k);
void fake_kibana_close(struct fake_kibana *k);

/*
 * fake_kibana_run(k, args):
 * Run the real naru with args (NULL ends them) and both addresses set, serve
 * until it ends, keep what it printed in k->output. Returns its exit code.
 */
int fake_kibana_run(struct fake_kibana *k, const char *const *args);

/* fake_kibana_object(k, space, type, id): As stored, NULL: not there. */
json_t *fake_kibana_object(const struct fake_kibana *k, const char *space,
    const char *type, const char *id);

/* fake_kibana_serve: its requests; for evhttp. */
void fake_kibana_serve(struct evhttp_request *request, void *arg);

#endif
