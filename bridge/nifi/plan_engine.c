/* Where the engine is: hosts, login, time-outs; of the writers that hold
 * these themselves and of ElasticSearchClientServiceImpl. */
#include "bridge/nifi/plan_build.h"
#include "bridge/nifi/plan_writer.h"

#include <stdlib.h>
#include <string.h>

/* naru's own, which a longer one of NiFi's replaces. */
#define OUR_CONNECT_MS 5000
#define OUR_REQUEST_MS 60000

/* Hosts without a user and password in them, which may stand in a URL. */
static const char *without_login(
    struct plan *p, const struct plan_value *v, const char *url)
{
    const char *slashes = strstr(url, "://");
    const char *from = slashes != NULL ? slashes + 3 : url;
    size_t authority = strcspn(from, "/?#");
    const char *at = memchr(from, '@', authority);

    if (at == NULL) {
        return url;
    }
    plan_find(p, PLAN_SUPPLY,
        "%s holds a user and password, which naru takes from files: set "
        "elasticsearch.username and elasticsearch.password_file",
        v->property);
    plan_set(p, "elasticsearch.username", NULL, v);
    plan_set(p, "elasticsearch.password_file", NULL, v);
    return plan_text(p, "%.*s%s", (int)(from - url), url, at + 1);
}

static void take_one_host(struct plan *p, const struct plan_value *v,
    struct slice host, const char *prefix, struct buf *out)
{
    const char *url =
        without_login(p, v, plan_text(p, SLICE_FMT, SLICE_ARG(host)));
    size_t n = strlen(url);

    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
        plan_find(p, PLAN_CANNOT,
            "%s: '%s' is not of the form http://host:port", v->property, url);
        return;
    }
    if (strpbrk(url, "?#") != NULL) {
        plan_find(p, PLAN_CANNOT, "%s: the address has a query", v->property);
        return;
    }
    while (n > 0 && url[n - 1] == '/') {
        n--;
    }
    p->failed |=
        buf_printf(out, "%s%.*s%s%s", out->len_bytes > 0 ? "," : "", (int)n,
            url, prefix[0] != '\0' && prefix[0] != '/' ? "/" : "", prefix) != 0;
}

void plan_take_hosts(struct plan *p, const char *names, const char *prefix)
{
    struct plan_value v = plan_take(p, names, NULL, PLAN_VARIABLES);
    const char *rest = v.text;
    struct buf hosts;

    if (v.is_secret) {
        plan_find(p, PLAN_CANNOT,
            "%s is a secret parameter; give the address with --set "
            "elasticsearch.hosts=...",
            v.property);
        return;
    }
    if (rest[0] == '\0') {
        plan_find(p, PLAN_CANNOT, "%s is not set", v.property);
        return;
    }
    buf_init(&hosts, 65536);
    while (*rest != '\0') {
        struct slice host = {rest, strcspn(rest, ",")};

        rest += host.len + (rest[host.len] == ',' ? 1 : 0);
        host = slice_trim(host);
        if (host.len > 0) {
            take_one_host(p, &v, host, prefix, &hosts);
        }
    }
    if (hosts.len_bytes > 0) {
        plan_set(p, "elasticsearch.hosts", buf_str(&hosts), &v);
        /* The file's own text may hold a password. */
        v.text = plan_text(p, "%s", buf_str(&hosts));
        plan_row(p, &v, "the same");
    }
    buf_fini(&hosts);
}

void plan_take_basic(
    struct plan *p, const char *user_names, const char *password_names)
{
    struct plan_value user = plan_take(p, user_names, NULL, PLAN_VARIABLES);
    struct plan_value password = plan_take(p, password_names, NULL, PLAN_PLAIN);

    if (user.text[0] == '\0' && !user.is_secret) {
        return;
    }
    plan_set(
        p, "elasticsearch.username", user.is_secret ? NULL : user.text, &user);
    plan_set(p, "elasticsearch.password_file", NULL, &password);
    plan_row(p, &user, "elasticsearch.username%s",
        user.is_secret ? ", to be supplied" : "");
    plan_find(p, PLAN_SUPPLY,
        "%s is %s in NiFi's file: write it to a file of its own and set "
        "elasticsearch.password_file (or NARU_ELASTICSEARCH_PASSWORD_FILE) to "
        "that",
        password.property,
        password.is_secret ? "hidden or encrypted" : "absent");
}

static void take_timeout(struct plan *p, const struct plan_value *v,
    const char *name, int64_t ours_ms)
{
    char *end;
    int64_t ms = strtoll(v->text, &end, 10);

    if (v->text[0] == '\0') {
        return;
    }
    if (*end != '\0' && plan_duration_ms(v->text, &ms) != 0) {
        plan_find(
            p, PLAN_CANNOT, "%s: '%s' is no duration", v->property, v->text);
        return;
    }
    if (ms > 600000) {
        ms = 600000;
    }
    if (ms > ours_ms) {
        plan_set(p, name, plan_text(p, "%lldms", (long long)ms), v);
        plan_row(p, v, "%s = %lldms", name, (long long)ms);
    } else {
        plan_row(p, v, "%lld s; then the same documents are sent again",
            (long long)ours_ms / 1000);
    }
}

void plan_take_timeouts(struct plan *p, const char *connect,
    const char *connect_fallback, const char *answer,
    const char *answer_fallback)
{
    struct plan_value v =
        plan_take(p, connect, connect_fallback, PLAN_VARIABLES);

    take_timeout(p, &v, "elasticsearch.connect_timeout_ms", OUR_CONNECT_MS);
    v = plan_take(p, answer, answer_fallback, PLAN_VARIABLES);
    take_timeout(p, &v, "elasticsearch.request_timeout_ms", OUR_REQUEST_MS);
}

void plan_refuse_if_set(struct plan *p, const char *names, const char *why)
{
    struct plan_value v = plan_take(p, names, NULL, PLAN_PLAIN);

    if (v.is_set && (v.text[0] != '\0' || v.is_secret)) {
        plan_find(p, PLAN_CANNOT, "%s is set: %s", v.property, why);
    }
}

void plan_take_charset(struct plan *p, const char *names)
{
    struct plan_value v = plan_take(p, names, "UTF-8", PLAN_VARIABLES);

    if (!plan_is(v.text, "UTF-8") && !plan_is(v.text, "UTF8") &&
        v.text[0] != '\0') {
        plan_find(
            p, PLAN_CANNOT, "%s is %s: naru writes UTF-8", v.property, v.text);
    }
}

/* ---- the service of PutElasticsearchJson and -Record ---- */

static void take_scheme(struct plan *p)
{
    struct plan_value v = plan_take(
        p, "authorization-scheme|Authorization Scheme", "BASIC", PLAN_PLAIN);
    struct plan_value key = plan_take(p, "api-key|API Key", NULL, PLAN_PLAIN);

    (void)plan_take(p, "api-key-id|API Key ID|API Key Id", NULL, PLAN_PLAIN);
    if (plan_is(v.text, "BASIC")) {
        plan_take_basic(
            p, "el-cs-username|Username", "el-cs-password|Password");
        return;
    }
    (void)plan_take(p, "el-cs-username|Username", NULL, PLAN_PLAIN);
    (void)plan_take(p, "el-cs-password|Password", NULL, PLAN_PLAIN);
    if (plan_is(v.text, "API_KEY") || plan_is(v.text, "API Key")) {
        plan_set(p, "elasticsearch.api_key_file", NULL, &key);
        plan_row(p, &v, "elasticsearch.api_key_file");
        plan_find(p, PLAN_SUPPLY,
            "%s is not in clear in NiFi's file: write the encoded key "
            "(base64 of id:key) to a file and set "
            "elasticsearch.api_key_file to that",
            key.property);
    } else if (plan_is(v.text, "NONE") || plan_is(v.text, "PKI")) {
        plan_row(p, &v,
            plan_is(v.text, "NONE") ? "no login" : "the client certificate");
    } else {
        plan_find(p, PLAN_CANNOT,
            "%s is %s: naru logs in by user and "
            "password, API key or certificate",
            v.property, v.text);
    }
}

static void take_sniffing(struct plan *p)
{
    static const char *const names[] = {
        "el-cs-sniff-cluster-nodes|Sniff Cluster Nodes",
        "el-cs-sniff-failure|Sniff on Failure",
        "el-cs-sniffer-interval|Sniffer Interval",
        "el-cs-sniffer-request-timeout|Sniffer Request Timeout",
        "el-cs-sniffer-failure-delay|Sniffer Failure Delay",
        "el-cs-send-meta-header|Send Meta Header",
        "el-cs-strict-deprecation|Strict Deprecation",
        "el-cs-node-selector|Node Selector",
        "el-cs-charset|Character Set",
    };
    struct plan_value v = plan_take(p, names[0], "false", PLAN_PLAIN);

    if (plan_is(v.text, "true")) {
        plan_row(p, &v, "the hosts that are named, no others");
    }
    for (size_t i = 1; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)plan_take(p, names[i], NULL, PLAN_PLAIN);
    }
}

/* Dynamic properties are headers of each request. */
static void take_headers(struct plan *p)
{
    const struct flow_property *f;

    for (size_t i = 0; (f = plan_untaken(p, &i)) != NULL;) {
        plan_find(p, PLAN_CANNOT,
            "the property '%s' is a header of each request, which naru does "
            "not send",
            f->name);
    }
}

const char *plan_take_client(struct plan *p)
{
    struct plan_value v =
        plan_take(p, "el-rest-client-service|Client Service", NULL, PLAN_PLAIN);
    const struct flow_component *before = p->now, *s;
    struct plan_value prefix, nulls, gzip, tls;
    bool taken[FLOW_MAX_PROPERTIES];

    s = plan_service(p, &v);
    if (s == NULL) {
        if (v.text[0] == '\0') {
            plan_find(p, PLAN_CANNOT, "%s is not set", v.property);
        }
        return "never-suppress";
    }
    if (catalog_class_of(s) != CATALOG_ENGINE_SERVICE) {
        plan_find(p, PLAN_CANNOT,
            "%s is a %s; naru knows ElasticSearchClientServiceImpl", v.property,
            s->type);
        return "never-suppress";
    }
    memcpy(taken, p->taken, sizeof(taken));
    plan_begin(p, s);
    prefix =
        plan_take(p, "el-cs-path-prefix|Path Prefix", NULL, PLAN_VARIABLES);
    plan_take_hosts(p, "el-cs-http-hosts|HTTP Hosts", prefix.text);
    take_scheme(p);
    plan_take_timeouts(p,
        "el-cs-connect-timeout|Connect Timeout|Connect timeout", "5000",
        "el-cs-socket-timeout|Read Timeout|Read timeout", "60000");
    (void)plan_take(p, "el-cs-retry-timeout|Retry timeout", NULL, PLAN_PLAIN);
    nulls = plan_take(p,
        "el-cs-suppress-nulls|Suppress Null and Empty Values|Suppress "
        "Null/Empty Values",
        "always-suppress", PLAN_PLAIN);
    gzip = plan_take(
        p, "el-cs-enable-compression|Enable Compression", "false", PLAN_PLAIN);
    if (plan_is(gzip.text, "true")) {
        plan_set(p, "bridge.compression", "gzip", &gzip);
        plan_row(p, &gzip, "bridge.compression = gzip");
    }
    plan_refuse_if_set(
        p, "el-cs-run-as-user|Run As User", "naru writes as who logs in");
    plan_refuse_if_set(p,
        "proxy-configuration-service|Proxy Configuration Service",
        "naru connects without a proxy");
    plan_refuse_if_set(p,
        "el-cs-oauth2-token-provider|OAuth2 Access Token "
        "Provider|jwt-shared-secret|JWT Shared Secret",
        "naru logs in by user and password, API key or certificate");
    take_sniffing(p);
    tls = plan_take(
        p, "el-cs-ssl-context-service|SSL Context Service", NULL, PLAN_PLAIN);
    if (tls.text[0] != '\0') {
        plan_take_tls(p, &tls, false);
    }
    take_headers(p);
    plan_begin(p, before);
    memcpy(p->taken, taken, sizeof(taken));
    return nulls.text;
}
