/*
 * Where an HTTP server is and how to log in; see endpoint.h. Secrets are
 * read from files named in the configuration, never from it.
 */
#include "common/endpoint.h"

#include "common/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_URL_BYTES 4096
#define MAX_SECRET_BYTES 16384
#define CALL_LIMIT_MS 120000

/* The keys that a section of an HTTP server has. */
#define SECTION_KEYS(section, default_host, hosts_help, timeout_help)          \
    {section ".hosts", CONFIG_TEXT, default_host, 0, 0, NULL, 0, hosts_help},  \
        {section ".username", CONFIG_TEXT, NULL, 0, 0, NULL, 0,                \
            "user of basic authentication"},                                   \
        {section ".password_file", CONFIG_TEXT, NULL, 0, 0, NULL, 0,           \
            "file whose first line is that user's password"},                  \
        {section ".api_key_file", CONFIG_TEXT, NULL, 0, 0, NULL, 0,            \
            "file whose first line is an API key (the encoded form)"},         \
        {section ".ca_file", CONFIG_TEXT, NULL, 0, 0, NULL, 0,                 \
            "certificates to trust instead of the system's, PEM"},             \
        {section ".client_cert_file", CONFIG_TEXT, NULL, 0, 0, NULL, 0,        \
            "our certificate, PEM"},                                           \
        {section ".client_key_file", CONFIG_TEXT, NULL, 0, 0, NULL, 0,         \
            "our certificate's key, PEM"},                                     \
        {section ".connect_timeout_ms", CONFIG_MS, "5s", 100, 600000, NULL, 0, \
            "how long a connection may take to come up"},                      \
    {                                                                          \
        section ".request_timeout_ms", CONFIG_MS, "60s", 100, 3600000, NULL,   \
            0, timeout_help                                                    \
    }

static const struct config_key engine_keys[] = {
    SECTION_KEYS("elasticsearch", "http://127.0.0.1:19200",
        "where the engine answers; several: a comma list",
        "how long a request may take before it is sent again"),
};

static const struct config_key kibana_keys[] = {
    SECTION_KEYS("kibana", "http://127.0.0.1:5601",
        "where Kibana or OpenSearch Dashboards answers, with its base path",
        "how long a request may take"),
    {"kibana.space", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "Kibana's space for what is imported; default: its default space"},
};

const struct config_table endpoint_settings = {
    engine_keys, sizeof(engine_keys) / sizeof(engine_keys[0])};
const struct config_table endpoint_kibana_settings = {
    kibana_keys, sizeof(kibana_keys) / sizeof(kibana_keys[0])};

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

struct endpoint {
    char **hosts;
    size_t n_hosts;
    char *userpwd; /* NULL without basic authentication */
    struct curl_slist *auth_headers;
    char *ca_file, *cert_file, *key_file;
    long connect_timeout_ms;
    long call_limit_ms;
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

/* The first line of f, without its end; NULL, or why there is none. */
static const char *read_line(FILE *f, char *line)
{
    size_t n;

    if (fgets(line, MAX_SECRET_BYTES, f) == NULL) {
        return ferror(f) ? strerror(errno)
                         : "the first line of the file is empty";
    }
    n = strcspn(line, "\r\n");
    if (n == MAX_SECRET_BYTES - 1) {
        return "the first line of the file is longer than any secret";
    }
    line[n] = '\0';
    return n > 0 ? NULL : "the first line of the file is empty";
}

/* The first line of a file that holds a secret; the caller frees it. */
static char *read_secret(struct section *s, const char *key, struct error *err)
{
    const char *path = text_of(s, key);
    char *line = calloc(1, MAX_SECRET_BYTES);
    FILE *f = fopen(path, "r");
    const char *why = f == NULL      ? strerror(errno)
                      : line == NULL ? "out of memory"
                                     : read_line(f, line);

    if (why != NULL) {
        (void)error_set(err, "%s: %s.%s: %s: %s", origin_of(s, key), s->name,
            key, path, why);
        free(line);
        line = NULL;
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    return line;
}

static int set_basic(struct endpoint *e, struct section *s, struct error *err)
{
    const char *user = text_of(s, "username");
    char *password;
    int n;

    if (text_of(s, "password_file") == NULL) {
        return error_set(err, "%s: %s.username needs %s.password_file",
            origin_of(s, "username"), s->name, s->name);
    }
    password = read_secret(s, "password_file", err);
    if (password == NULL) {
        return -1;
    }
    n = asprintf(&e->userpwd, "%s:%s", user, password);
    explicit_bzero(password, strlen(password));
    free(password);
    if (n < 0) {
        e->userpwd = NULL;
        return error_set(err, "out of memory");
    }
    return 0;
}

static int set_api_key(struct endpoint *e, struct section *s, struct error *err)
{
    char *key = read_secret(s, "api_key_file", err);
    char *header = NULL;
    int n;

    if (key == NULL) {
        return -1;
    }
    n = asprintf(&header, "Authorization: ApiKey %s", key);
    explicit_bzero(key, strlen(key));
    free(key);
    if (n < 0) {
        return error_set(err, "out of memory");
    }
    e->auth_headers = curl_slist_append(NULL, header);
    explicit_bzero(header, strlen(header));
    free(header);
    return e->auth_headers != NULL ? 0 : error_set(err, "out of memory");
}

static int set_auth(struct endpoint *e, struct section *s, struct error *err)
{
    bool basic = text_of(s, "username") != NULL;
    bool key = text_of(s, "api_key_file") != NULL;

    if (!basic && text_of(s, "password_file") != NULL) {
        return error_set(err, "%s: %s.password_file needs %s.username",
            origin_of(s, "password_file"), s->name, s->name);
    }
    if (basic && key) {
        return error_set(err,
            "%s: %s.username and %s.api_key_file are two ways to log in; keep "
            "one",
            origin_of(s, "api_key_file"), s->name, s->name);
    }
    if (basic) {
        return set_basic(e, s, err);
    }
    return key ? set_api_key(e, s, err) : 0;
}

static int copy_text(char **to, struct section *s, const char *key)
{
    const char *text = text_of(s, key);

    if (text == NULL) {
        return 0;
    }
    *to = strdup(text);
    return *to != NULL ? 0 : -1;
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
    e->call_limit_ms = CALL_LIMIT_MS;
    e->connect_timeout_ms =
        (long)config_number(c, named(&s, "connect_timeout_ms"));
    if (add_hosts(e, &s, err) != 0 || set_auth(e, &s, err) != 0) {
        goto fail;
    }
    if (copy_text(&e->ca_file, &s, "ca_file") != 0 ||
        copy_text(&e->cert_file, &s, "client_cert_file") != 0 ||
        copy_text(&e->key_file, &s, "client_key_file") != 0) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
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
    if (e->userpwd != NULL) {
        explicit_bzero(e->userpwd, strlen(e->userpwd));
    }
    free(e->userpwd);
    curl_slist_free_all(e->auth_headers);
    free(e->ca_file);
    free(e->cert_file);
    free(e->key_file);
    free(e);
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
    for (const struct curl_slist *h = e->auth_headers;
         longer != NULL && h != NULL; h = h->next) {
        list = longer;
        longer = curl_slist_append(list, h->data);
    }
    if (longer == NULL) {
        curl_slist_free_all(list);
    }
    return longer;
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
    rc |= curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    rc |= curl_easy_setopt(
        easy, CURLOPT_CONNECTTIMEOUT_MS, e->connect_timeout_ms);
    rc |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "naru/" NARU_VERSION);
    if (e->userpwd != NULL) {
        rc |= curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        rc |= curl_easy_setopt(easy, CURLOPT_USERPWD, e->userpwd);
    }
    if (e->ca_file != NULL) {
        rc |= curl_easy_setopt(easy, CURLOPT_CAINFO, e->ca_file);
    }
    if (e->cert_file != NULL) {
        rc |= curl_easy_setopt(easy, CURLOPT_SSLCERT, e->cert_file);
    }
    if (e->key_file != NULL) {
        rc |= curl_easy_setopt(easy, CURLOPT_SSLKEY, e->key_file);
    }
    return rc == CURLE_OK ? 0 : -1;
}
