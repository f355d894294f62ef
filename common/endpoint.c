/* Where an HTTP server is; see endpoint.h. */
#include "common/endpoint.h"

#include "common/clock.h"
#include "common/log.h"
#include "common/login.h"
#include "common/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_URL_BYTES 4096
#define CALL_LIMIT_MS 120000
#define ANSWER_LIMIT_BYTES ((size_t)256 << 20)

/* A section of the configuration, and a setting's whole name in it. */
struct section {
    const struct config *config;
    const char *name;
    char full[64];
};

static const char *named(struct section *s, const char *key)
{
    (void)snprintf(s->full, sizeof(s->full), "%s.%s", s->name, key);
    return s->full;
}

static const char *text_of(struct section *s, const char *key)
{
    return config_text(s->config, named(s, key));
}

static const char *origin_of(struct section *s, const char *key)
{
    return config_origin(s->config, named(s, key));
}

/* What a reload may make anew. */
struct access {
    struct login *login;
    struct tls *tls;
    char *proxy; /* NULL: as the environment says; "": none */
    long connect_timeout_ms;
    struct access *before; /* a transfer may still need its tls */
};

struct endpoint {
    char section[32];
    char **hosts;
    size_t n_hosts;
    struct access *access;
    long call_limit_ms;
    size_t answer_limit_bytes;
};

static void trim(const char **from, const char **to)
{
    while (*from < *to && (**from == ' ' || **from == '\t')) {
        (*from)++;
    }
    while (*from < *to &&
           ((*to)[-1] == ' ' || (*to)[-1] == '/' || (*to)[-1] == '\t')) {
        (*to)--;
    }
}

/* Paths are put behind it, so it can have neither a query nor a fragment. */
static int check_url(struct section *s, const char *url, struct error *err)
{
    const char *origin = origin_of(s, "hosts");
    CURLU *u;
    int rc = 0;

    if (strchr(url, '@') != NULL) {
        /* First: the other message would repeat a password. */
        return error_set(err,
            "%s: %s.hosts: leave the user and password out of the address; "
            "use %s.username and %s.password_file",
            origin, s->name, s->name, s->name);
    }
    u = curl_url();
    if (u == NULL) {
        return error_set(err, "out of memory");
    }
    if ((strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) ||
        strpbrk(url, "?#") != NULL ||
        curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK) {
        rc = error_set(err,
            "%s: %s.hosts: '%s' is not of the form http://host:port or "
            "https://host:port",
            origin, s->name, url);
    }
    curl_url_cleanup(u);
    return rc;
}

static int add_host(struct endpoint *e, struct section *s, const char *from,
    const char *to, struct error *err)
{
    char **grown;
    char *url;

    trim(&from, &to);
    if (from == to) {
        return 0;
    }
    url = strndup(from, (size_t)(to - from));
    grown = realloc(e->hosts, (e->n_hosts + 1) * sizeof(*grown));
    if (grown != NULL) {
        e->hosts = grown;
    }
    if (url == NULL || grown == NULL) {
        free(url);
        return error_set(err, "out of memory");
    }
    e->hosts[e->n_hosts++] = url;
    return check_url(s, url, err);
}

static int add_hosts(struct endpoint *e, struct section *s, struct error *err)
{
    const char *list = text_of(s, "hosts");

    while (*list != '\0') {
        size_t n = strcspn(list, ",");

        if (add_host(e, s, list, list + n, err) != 0) {
            return -1;
        }
        list += n + (list[n] == ',' ? 1 : 0);
    }
    if (e->n_hosts == 0) {
        return error_set(err, "%s: %s.hosts is empty; give http://host:port",
            origin_of(s, "hosts"), s->name);
    }
    return 0;
}

static void free_access(struct access *a)
{
    while (a != NULL) {
        struct access *before = a->before;

        login_free(a->login);
        tls_free(a->tls);
        free(a->proxy);
        free(a);
        a = before;
    }
}

static int read_proxy(struct access *a, struct section *s, struct error *err)
{
    const char *text = text_of(s, "proxy");

    if (text == NULL) {
        return text_of(s, "proxy_username") == NULL
                   ? 0
                   : error_set(err, "%s: %s.proxy_username needs %s.proxy",
                         origin_of(s, "proxy_username"), s->name, s->name);
    }
    if (strchr(text, '@') != NULL) {
        return error_set(err,
            "%s: %s.proxy: leave the user and password out of the address; "
            "use %s.proxy_username and %s.proxy_password_file",
            origin_of(s, "proxy"), s->name, s->name, s->name);
    }
    if (strcmp(text, "none") != 0 && strncmp(text, "http://", 7) != 0 &&
        strncmp(text, "https://", 8) != 0 &&
        strncmp(text, "socks5h://", 10) != 0) {
        return error_set(err,
            "%s: %s.proxy: '%s' is neither none nor of the form "
            "http://host:port (or https, socks5h)",
            origin_of(s, "proxy"), s->name, text);
    }
    a->proxy = strdup(strcmp(text, "none") == 0 ? "" : text);
    return a->proxy != NULL ? 0 : error_set(err, "out of memory");
}

static struct access *read_access(struct section *s, struct error *err)
{
    struct access *a = calloc(1, sizeof(*a));

    if (a == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    a->connect_timeout_ms =
        (long)config_number(s->config, named(s, "connect_timeout_ms"));
    a->login = login_new(s->config, s->name, err);
    a->tls = a->login != NULL ? tls_new(s->config, s->name, err) : NULL;
    if (a->tls == NULL || read_proxy(a, s, err) != 0) {
        free_access(a);
        return NULL;
    }
    return a;
}

static bool is_https(const char *host)
{
    return strncmp(host, "https://", 8) == 0;
}

static bool is_loopback(const char *host)
{
    const char *name = strstr(host, "://") + 3;

    return strncmp(name, "127.", 4) == 0 ||
           strncmp(name, "localhost", 9) == 0 || strncmp(name, "[::1]", 5) == 0;
}

/* A pin that no connection would look at is a mistake. */
static int check_access(const struct endpoint *e, const struct access *a,
    struct section *s, struct error *err)
{
    for (size_t i = 0; i < e->n_hosts; i++) {
        if (!is_https(e->hosts[i]) && tls_is_pinned(a->tls)) {
            return error_set(err,
                "%s: %s.fingerprint says nothing of %s: without TLS there is "
                "no certificate; is it https://?",
                origin_of(s, "fingerprint"), s->name, e->hosts[i]);
        }
    }
    return 0;
}

/* Whoever is told once cannot say that it was not said. */
static void warn_of_access(const struct endpoint *e, const struct access *a)
{
    if (tls_is_unverified(a->tls)) {
        /* As an error, because some commands hide warnings. */
        log_error(LOG_MSG("INSECURE: certificates are not verified; anybody on "
                          "the way can read and change what is sent, the login "
                          "too"),
            LOG_STR("section", e->section),
            LOG_STR("setting", "insecure_skip_verify"));
    }
    if (tls_expired(a->tls) != NULL) {
        log_warn(LOG_MSG("our own certificate has expired; the server will "
                         "refuse it"),
            LOG_STR("section", e->section),
            LOG_STR("expired", tls_expired(a->tls)));
    }
    for (size_t i = 0; i < e->n_hosts && !login_is_empty(a->login); i++) {
        if (!is_https(e->hosts[i]) && !is_loopback(e->hosts[i])) {
            log_warn(LOG_MSG("the login goes over the network in clear; "
                             "https:// would hide it"),
                LOG_STR("host", e->hosts[i]));
        }
    }
}

struct endpoint *endpoint_new(const struct config *c, struct error *err)
{
    return endpoint_new_of(c, "elasticsearch", err);
}

struct endpoint *endpoint_new_of(
    const struct config *c, const char *section, struct error *err)
{
    struct section s = {.config = c, .name = section};
    struct endpoint *e = calloc(1, sizeof(*e));

    if (e == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    (void)snprintf(e->section, sizeof(e->section), "%s", section);
    e->call_limit_ms = CALL_LIMIT_MS;
    e->answer_limit_bytes = ANSWER_LIMIT_BYTES;
    if (add_hosts(e, &s, err) != 0 ||
        (e->access = read_access(&s, err)) == NULL ||
        check_access(e, e->access, &s, err) != 0) {
        goto fail;
    }
    warn_of_access(e, e->access);
    return e;
fail:
    endpoint_free(e);
    return NULL;
}

void endpoint_free(struct endpoint *e)
{
    if (e == NULL) {
        return;
    }
    for (size_t i = 0; i < e->n_hosts; i++) {
        free(e->hosts[i]);
    }
    free(e->hosts);
    free_access(e->access);
    free(e);
}

int endpoint_renew(
    struct endpoint *e, const struct config *c, struct error *err)
{
    struct section s = {.config = c, .name = e->section};
    struct access *a = read_access(&s, err);

    if (a == NULL || check_access(e, a, &s, err) != 0) {
        free_access(a);
        return -1;
    }
    if (tls_is_same(a->tls, e->access->tls)) {
        struct tls *kept = e->access->tls;

        e->access->tls = a->tls;
        a->tls = kept;
        a->before = e->access->before;
        e->access->before = NULL;
        free_access(e->access);
    } else {
        a->before = e->access;
    }
    e->access = a;
    return 0;
}

bool endpoint_refused(const struct endpoint *e, long status)
{
    return (status == 401 || status == 407) &&
           login_refused(e->access->login, clock_mono_us());
}

bool endpoint_has_login(const struct endpoint *e)
{
    return !login_is_empty(e->access->login);
}

void endpoint_limit_answers(struct endpoint *e, size_t bytes)
{
    e->answer_limit_bytes = bytes;
}

size_t endpoint_answer_limit_bytes(const struct endpoint *e)
{
    return e->answer_limit_bytes;
}

void endpoint_problem(const struct endpoint *e, size_t i, CURLcode rc,
    const char *detail, char *out, size_t size)
{
    const char *said = detail[0] != '\0' ? detail : curl_easy_strerror(rc);

    (void)snprintf(
        out, size, "%s%s", said, tls_advice(is_https(e->hosts[i]), rc, said));
}

void endpoint_limit_calls(struct endpoint *e, long ms)
{
    e->call_limit_ms = ms;
}

long endpoint_call_limit_ms(const struct endpoint *e)
{
    return e->call_limit_ms;
}

size_t endpoint_host_count(const struct endpoint *e)
{
    return e->n_hosts;
}

const char *endpoint_host(const struct endpoint *e, size_t i)
{
    return e->hosts[i];
}

struct curl_slist *endpoint_headers(
    const struct endpoint *e, const char *content_type)
{
    struct curl_slist *list = NULL, *longer;
    char line[128];

    if (content_type != NULL) {
        (void)snprintf(line, sizeof(line), "Content-Type: %s", content_type);
        list = curl_slist_append(NULL, line);
        if (list == NULL) {
            return NULL;
        }
    }
    /* Without this curl asks leave for a large body and waits a second. */
    longer = curl_slist_append(list, "Expect:");
    if (longer == NULL) {
        curl_slist_free_all(list);
        return NULL;
    }
    return login_add_header(e->access->login, longer);
}

int endpoint_prepare(
    const struct endpoint *e, CURL *easy, size_t i, const char *path)
{
    char url[MAX_URL_BYTES];
    CURLcode rc = CURLE_OK;
    int n = snprintf(url, sizeof(url), "%s%s", e->hosts[i], path);

    if (n < 0 || (size_t)n >= sizeof(url)) {
        return -1;
    }
    rc |= curl_easy_setopt(easy, CURLOPT_URL, url);
    rc |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    rc |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* All that engines speak; what stands before them may speak HTTP/2, whose
     * uploads curl mended until 8.10. */
    rc |= curl_easy_setopt(
        easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    rc |= curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    rc |= curl_easy_setopt(
        easy, CURLOPT_CONNECTTIMEOUT_MS, e->access->connect_timeout_ms);
    rc |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "naru/" NARU_VERSION);
    if (e->access->proxy != NULL) {
        rc |= curl_easy_setopt(easy, CURLOPT_PROXY, e->access->proxy);
    }
    return rc == CURLE_OK && login_apply(e->access->login, easy) == 0
               ? tls_apply(e->access->tls, easy)
               : -1;
}
