/* The writers into [elasticsearch] and [bridge]. */
#include "bridge/nifi/plan_writer.h"

#include "bridge/nifi/plan_target.h"

#include <stdlib.h>
#include <string.h>

/* A size that somebody chose bounds ours; NiFi's own default is no choice. */
static void take_batch(struct plan *p, const char *names)
{
    struct plan_value v = plan_take(p, names, "100", PLAN_VARIABLES);
    char *end;
    long n = strtol(v.text, &end, 10);

    if (n == 100 && *end == '\0') {
        plan_row(p, &v,
            "as many as measuring finds best, up to 20000 "
            "(bridge.batch_docs)");
    } else if (n >= 1 && n <= 1000000 && *end == '\0') {
        plan_set(p, "bridge.batch_docs", plan_text(p, "%ld", n), &v);
        plan_row(p, &v, "bridge.batch_docs = %ld at most", n);
    } else if (v.text[0] != '\0') {
        plan_find(p, PLAN_CANNOT, "%s: '%s' is no number of documents",
            v.property, v.text);
    }
}

/* Dynamic properties are parameters of the _bulk request. */
static void take_query(struct plan *p, bool is_json)
{
    const struct flow_property *f;

    for (size_t i = 0; (f = plan_untaken(p, &i)) != NULL;) {
        struct plan_value v;

        if (plan_is_secret(f)) {
            plan_find(p, PLAN_CANNOT,
                "the property '%s' is secret and naru does not know it",
                f->name);
            continue;
        }
        v = plan_resolve(p, f->name, f->value, PLAN_PLAIN);
        if (strcmp(f->name, "refresh") == 0) {
            plan_row(p, &v, "not sent: the index refreshes by its settings");
        } else if (strcmp(f->name, "timeout") == 0) {
            plan_row(p, &v, "not sent: elasticsearch.request_timeout_ms");
        } else {
            plan_find(p, PLAN_CANNOT,
                "the property '%s' is a %s of the bulk request, which naru "
                "does not send",
                f->name,
                is_json && strncmp(f->name, "BULK:", 5) == 0
                    ? "field of each action"
                    : "parameter");
        }
    }
}

static void take_http_login(struct plan *p)
{
    struct plan_value tls =
        plan_take(p, "SSL Context Service", NULL, PLAN_PLAIN);

    plan_take_hosts(p, "elasticsearch-http-url|Elasticsearch URL", "");
    plan_take_basic(p, "Username", "Password");
    plan_take_timeouts(p,
        "elasticsearch-http-connect-timeout|Connection Timeout", "5 secs",
        "elasticsearch-http-response-timeout|Response Timeout", "15 secs");
    if (tls.text[0] != '\0') {
        plan_take_tls(p, &tls, false);
    }
    plan_refuse_if_set(p,
        "proxy-configuration-service|Proxy Configuration Service",
        "naru connects without a proxy");
    plan_refuse_if_set(p, "elasticsearch-http-proxy-host|Proxy Host",
        "naru connects without a proxy");
    (void)plan_take(
        p, "elasticsearch-http-proxy-port|Proxy Port", NULL, PLAN_PLAIN);
    (void)plan_take(p, "proxy-username", NULL, PLAN_PLAIN);
    (void)plan_take(p, "proxy-password", NULL, PLAN_PLAIN);
    plan_take_charset(p, "Character Set");
}

/* Bundles: their line ends become spaces, and NiFi's check reads the first
 * value alone: one broken document. */
static void check_bundles(struct plan *p)
{
    if (p->has_bundles && !p->splits) {
        plan_find(p, PLAN_CANNOT,
            "the consumer joins messages (message-demarcator) and nothing "
            "takes them apart before they are written: NiFi makes one broken "
            "document of each bundle. Clear the demarcator");
    }
}

static void make_http(struct plan *p)
{
    struct plan_target t = {0};

    take_http_login(p);
    t.index = plan_take(p, "put-es-index|Index", NULL, PLAN_RECORD);
    t.type = plan_take(p, "put-es-type|Type", NULL, PLAN_RECORD);
    t.op =
        plan_take(p, "put-es-index-op|Index Operation", "index", PLAN_RECORD);
    t.id =
        plan_take(p, "put-es-id-attr|Identifier Attribute", NULL, PLAN_PLAIN);
    plan_set_target(p, &t);
    take_batch(p, "put-es-batch-size|Batch Size");
    take_query(p, false);
    check_bundles(p);
}

static void take_date_formats(struct plan *p)
{
    static const char *const names[] = {
        "Date Format", "Time Format", "Timestamp Format"};

    for (size_t i = 0; i < 3; i++) {
        (void)plan_take(p, names[i], NULL, PLAN_PLAIN);
    }
}

static void make_http_record(struct plan *p)
{
    struct plan_value reader = plan_take(
        p, "put-es-record-record-reader|Record Reader", NULL, PLAN_PLAIN);
    struct plan_value writer = plan_take(
        p, "put-es-record-record-writer|Record Writer", NULL, PLAN_PLAIN);
    struct plan_value nulls = plan_take(
        p, "suppress-nulls|Suppress Null Values", "never-suppress", PLAN_PLAIN);
    bool drops = false;
    struct plan_target t = {.id_is_path = true};

    take_http_login(p);
    plan_take_reader(p, &reader);
    if (writer.text[0] != '\0') {
        plan_take_json_writer(p, &writer, &drops);
    }
    drops |= plan_is(nulls.text, "always-suppress");
    plan_convert(p, drops);
    t.index = plan_take(p, "put-es-record-index|Index", NULL, PLAN_RECORD);
    t.type = plan_take(p, "put-es-record-type|Type", NULL, PLAN_RECORD);
    t.op = plan_take(
        p, "put-es-record-index-op|Index Operation", "index", PLAN_RECORD);
    t.id = plan_take(
        p, "put-es-record-id-path|Identifier Record Path", NULL, PLAN_PLAIN);
    plan_set_target(p, &t);
    plan_refuse_if_set(p,
        "put-es-record-at-timestamp-path|@timestamp Record "
        "Path|put-es-record-at-timestamp|@timestamp Value",
        "naru sets no @timestamp");
    take_date_formats(p);
    take_query(p, false);
    plan_fact(p, "one bad record", "fails the whole FlowFile",
        "is a dead letter; the others are stored");
}

static void take_nulls(
    struct plan *p, const char *of_service, const struct plan_value *own)
{
    const char *rule = own->is_given ? own->text : of_service;

    if (plan_is(rule, "always-suppress")) {
        plan_convert(p, true);
        plan_find(p, PLAN_NOTE,
            "NiFi leaves null and empty fields out of each document; naru "
            "leaves out nulls, and keeps empty texts, lists and objects");
    }
}

static void make_json(struct plan *p)
{
    struct plan_value own = plan_take(p, "Suppress Nulls", NULL, PLAN_PLAIN);
    struct plan_value form =
        plan_take(p, "Input Content Format", "Single JSON", PLAN_PLAIN);
    struct plan_value errors = plan_take(p,
        "put-es-json-error-documents|Output Error Documents", NULL, PLAN_PLAIN);
    struct plan_target t = {0};

    take_nulls(p, plan_take_client(p), &own);
    if (plan_is(form.text, "JSON Array")) {
        plan_step(p, "split-json $[*]");
        plan_row(p, &form, "split-json $[*]");
        p->splits = true;
    } else if (!plan_is(form.text, "Single JSON")) {
        plan_find(p, PLAN_CANNOT,
            "%s is %s: naru takes one JSON document a message", form.property,
            form.text);
    }
    t.index = plan_take(p, "el-rest-fetch-index|Index", NULL, PLAN_RECORD);
    t.type = plan_take(p, "el-rest-type|Type", NULL, PLAN_RECORD);
    t.op = plan_take(p,
        "put-es-record-index-op|put-es-json-index-op|Index Operation", "index",
        PLAN_RECORD);
    t.id = plan_take(
        p, "put-es-json-id-attr|Identifier Attribute", NULL, PLAN_PLAIN);
    plan_set_target(p, &t);
    plan_refuse_if_set(p, "put-es-json-script|Script", "naru sends no scripts");
    (void)plan_take(
        p, "put-es-json-scripted-upsert|Scripted Upsert", NULL, PLAN_PLAIN);
    plan_refuse_if_set(p, "put-es-json-dynamic_templates|Dynamic Templates",
        "naru sends none with a request; put them in the index template");
    take_batch(p, "put-es-record-batch-size|put-es-json-batch-size|Batch "
                  "Size|Max FlowFiles Per Batch");
    plan_take_charset(p, "put-es-json-charset|Character Set");
    (void)plan_take(p,
        "put-es-record-log-error-responses|put-es-json-log-error-responses|Log "
        "Error Responses",
        NULL, PLAN_PLAIN);
    (void)plan_take(p, "put-es-output-error-responses|Output Error Responses",
        NULL, PLAN_PLAIN);
    (void)plan_take(p,
        "put-es-json-not_found-is-error|put-es-not_found-is-error|Treat \"Not "
        "Found\" as Success|Treat Not Found as Success",
        NULL, PLAN_PLAIN);
    (void)plan_take(p, "Max Batch Size", NULL, PLAN_PLAIN);
    (void)plan_take(p, "Output Bulk Request", NULL, PLAN_PLAIN);
    (void)plan_take(p, "Max JSON Field String Length", NULL, PLAN_PLAIN);
    take_query(p, true);
    check_bundles(p);
    if (strncmp(p->now->version, "1.", 2) == 0 &&
        !plan_is(errors.text, "true")) {
        plan_find(p, PLAN_LOSES,
            "%s is false: a document that Elasticsearch refuses goes to "
            "'success' as if it were stored; naru makes it a dead letter",
            errors.property);
    }
}

static void make_record(struct plan *p)
{
    struct plan_value reader =
        plan_take(p, "put-es-record-reader|Record Reader", NULL, PLAN_PLAIN);
    struct plan_value own = plan_take(p, "Suppress Nulls", NULL, PLAN_PLAIN);
    static const char *const refused[] = {
        "put-es-record-index-op-path|Index Operation Record Path",
        "put-es-record-index-record-path|Index Record Path",
        "put-es-record-type-record-path|Type Record Path",
        "put-es-record-script-path|Script Record Path",
        "put-es-record-scripted-upsert-path|Scripted Upsert Record Path",
        "put-es-record-dynamic-templates-path|Dynamic Templates Record Path",
        ("put-es-record-at-timestamp-path|Timestamp Record Path|@timestamp "
         "Record Path"),
        "put-es-record-at-timestamp|Timestamp Value|@timestamp Value"};
    struct plan_target t = {.id_is_path = true};

    plan_take_reader(p, &reader);
    take_nulls(p, plan_take_client(p), &own);
    t.index = plan_take(p, "el-rest-fetch-index|Index", NULL, PLAN_RECORD);
    t.type = plan_take(p, "el-rest-type|Type", NULL, PLAN_RECORD);
    t.op = plan_take(
        p, "put-es-record-index-op|Index Operation", "index", PLAN_RECORD);
    t.id = plan_take(p,
        "put-es-record-id-path|ID Record Path|Identifier Record Path", NULL,
        PLAN_PLAIN);
    plan_set_target(p, &t);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        plan_refuse_if_set(p, refused[i], "naru reads ids alone by path");
    }
    take_batch(p, "put-es-record-batch-size|Batch Size|Max Records Per Batch");
    /* How errors are told, and what dates look like that a schema types. */
    for (size_t i = 0; plan_untaken(p, &i) != NULL;) {
    }
}

/* Of the transport protocol of Elasticsearch 2 and 5, which no engine that
 * naru knows speaks. */
static void make_transport(struct plan *p, bool is_5)
{
    struct plan_value hosts = plan_take(p,
        is_5 ? "el5-hosts|ElasticSearch Hosts" : "ElasticSearch Hosts", NULL,
        PLAN_VARIABLES);
    struct plan_target t = {0};

    plan_set(p, "elasticsearch.hosts", NULL, &hosts);
    plan_row(p, &hosts, "HTTP: elasticsearch.hosts, to be supplied");
    plan_find(p, PLAN_SUPPLY,
        "%s are ports of the transport protocol (9300), which Elasticsearch 8 "
        "lacks and naru does not speak: set elasticsearch.hosts to "
        "http://HOST:9200",
        hosts.property);
    t.index =
        plan_take(p, is_5 ? "el5-put-index|Index" : "Index", NULL, PLAN_RECORD);
    t.type =
        plan_take(p, is_5 ? "el5-put-type|Type" : "Type", NULL, PLAN_RECORD);
    t.op = plan_take(p,
        is_5 ? "el5-put-index-op|Index Operation" : "Index Operation", "index",
        PLAN_RECORD);
    t.id = plan_take(p,
        is_5 ? "el5-put-id-attribute|el5-put-identifier-attribute|el5-id-"
               "attribute|Identifier Attribute"
             : "Identifier Attribute",
        NULL, PLAN_PLAIN);
    plan_set_target(p, &t);
    take_batch(p, is_5 ? "el5-put-batch-size|Batch Size" : "Batch Size");
    plan_take_basic(p, "Username|el5-username", "Password|el5-password");
    plan_take_charset(p, "el5-charset|Character Set");
    check_bundles(p);
    /* The rest is of the protocol: cluster name, ping, sampler, its TLS. */
    for (size_t i = 0; plan_untaken(p, &i) != NULL;) {
    }
}

void plan_make_writer(struct plan *p, const struct flow_component *c)
{
    plan_begin(p, c);
    switch (catalog_class_of(c)) {
    case CATALOG_PUT_HTTP:
        make_http(p);
        break;
    case CATALOG_PUT_HTTP_RECORD:
        make_http_record(p);
        break;
    case CATALOG_PUT_JSON:
        make_json(p);
        break;
    case CATALOG_PUT_RECORD:
        make_record(p);
        break;
    default:
        make_transport(p, catalog_class_of(c) == CATALOG_PUT_TRANSPORT_5);
        break;
    }
    plan_fact(p, "429, 503, a time-out", "to failure or retry",
        "sent again with back-off, slower, without end");
    plan_fact(p, "a document refused (400)", "to failure",
        "to the dead letter topic, with the reason");
}
