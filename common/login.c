/* Logging in at an HTTP server; see login.h. */
#include "common/login.h"

#include "common/log.h"
#include "common/secret.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 64

enum { PASSWORD, API_KEY, BEARER_TOKEN, PROXY_PASSWORD, N_SECRETS };

static const char *const secret_names[N_SECRETS] = {
    "password", "api_key", "bearer_token", "proxy_password"};

struct login {
    pthread_mutex_t mutex; /* secrets change when a login is refused */
    char *user, *proxy_user;
    struct secret secrets[N_SECRETS];
    int64_t read_us; /* when the files were read again; 0: not yet */
};

static const char *named(
    char name[NAME_BYTES], const char *section, const char *key)
{
    (void)snprintf(name, NAME_BYTES, "%s.%s", section, key);
    return name;
}

static int read_user(char **user, const struct config *c, const char *section,
    const char *key, struct error *err)
{
    char name[NAME_BYTES];
    const char *text = config_text(c, named(name, section, key));

    if (text == NULL) {
        return 0;
    }
    if (text[0] == '\0' || strchr(text, ':') != NULL) {
        return error_set(err,
            "%s: %s: a user's name is not empty and has no colon",
            config_origin(c, name), name);
    }
    *user = strdup(text);
    return *user != NULL ? 0 : error_set(err, "out of memory");
}

/* A setting that is given, or NULL. */
static const char *given(const struct config *c, const char *section,
    const char *key, char name[NAME_BYTES])
{
    return config_text(c, named(name, section, key)) != NULL ? name : NULL;
}

/* The same of a secret, by itself or by its file. */
static const char *given_secret(const struct config *c, const char *section,
    const char *key, char name[NAME_BYTES])
{
    char file_key[NAME_BYTES];

    (void)snprintf(file_key, sizeof(file_key), "%.40s" CONFIG_FILE_SUFFIX, key);
    return given(c, section, key, name) != NULL
               ? name
               : given(c, section, file_key, name);
}

/* A user and a password belong together. */
static int check_pair(const struct config *c, const char *section,
    const char *user_key, const char *password_key, struct error *err)
{
    char user_name[NAME_BYTES], password_name[NAME_BYTES];
    const char *user = given(c, section, user_key, user_name);
    const char *password =
        given_secret(c, section, password_key, password_name);

    if (user != NULL && password == NULL) {
        return error_set(err, "%s: %s needs %s.%s_file", config_origin(c, user),
            user, section, password_key);
    }
    if (user == NULL && password != NULL) {
        return error_set(err, "%s: %s needs %s.%s", config_origin(c, password),
            password, section, user_key);
    }
    return 0;
}

static int check_ways(
    const struct config *c, const char *section, struct error *err)
{
    char names[3][NAME_BYTES];
    const char *ways[] = {given(c, section, "username", names[0]),
        given_secret(c, section, "api_key", names[1]),
        given_secret(c, section, "bearer_token", names[2])};
    const char *first = NULL;

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (ways[i] != NULL && first != NULL) {
            return error_set(err,
                "%s: %s and %s are two ways to log in; keep one",
                config_origin(c, ways[i]), first, ways[i]);
        }
        first = ways[i] != NULL ? ways[i] : first;
    }
    return 0;
}

/* A line break would begin another header. */
static int check_bytes(
    const struct login *l, const char *section, struct error *err)
{
    for (size_t i = 0; i < N_SECRETS; i++) {
        const char *value = l->secrets[i].value;

        for (; value != NULL && *value != '\0'; value++) {
            if ((unsigned char)*value < ' ' || *value == 127) {
                return error_set(err,
                    "%s.%s holds a control character, which no login has",
                    section, secret_names[i]);
            }
        }
    }
    return 0;
}

static int read_all(struct login *l, const struct config *c,
    const char *section, struct error *err)
{
    char name[NAME_BYTES];

    if (check_pair(c, section, "username", "password", err) != 0 ||
        check_pair(c, section, "proxy_username", "proxy_password", err) != 0 ||
        check_ways(c, section, err) != 0) {
        return -1;
    }
    if (read_user(&l->user, c, section, "username", err) != 0 ||
        read_user(&l->proxy_user, c, section, "proxy_username", err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < N_SECRETS; i++) {
        if (secret_init(&l->secrets[i], c,
                named(name, section, secret_names[i]), err) != 0) {
            return -1;
        }
    }
    return check_bytes(l, section, err);
}

struct login *login_new(
    const struct config *c, const char *section, struct error *err)
{
    struct login *l = calloc(1, sizeof(*l));

    if (l == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    (void)pthread_mutex_init(&l->mutex, NULL);
    if (read_all(l, c, section, err) != 0) {
        login_free(l);
        return NULL;
    }
    return l;
}

void login_free(struct login *l)
{
    if (l == NULL) {
        return;
    }
    for (size_t i = 0; i < N_SECRETS; i++) {
        secret_fini(&l->secrets[i]);
    }
    free(l->user);
    free(l->proxy_user);
    (void)pthread_mutex_destroy(&l->mutex);
    free(l);
}

bool login_is_empty(const struct login *l)
{
    return l->user == NULL && l->secrets[API_KEY].value == NULL &&
           l->secrets[BEARER_TOKEN].value == NULL;
}

int login_apply(struct login *l, CURL *easy)
{
    CURLcode rc = CURLE_OK;

    (void)pthread_mutex_lock(&l->mutex);
    if (l->user != NULL) {
        rc |= curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        rc |= curl_easy_setopt(easy, CURLOPT_USERNAME, l->user);
        rc |= curl_easy_setopt(
            easy, CURLOPT_PASSWORD, l->secrets[PASSWORD].value);
    }
    if (l->proxy_user != NULL) {
        rc |= curl_easy_setopt(easy, CURLOPT_PROXYAUTH, CURLAUTH_BASIC);
        rc |= curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, l->proxy_user);
        rc |= curl_easy_setopt(
            easy, CURLOPT_PROXYPASSWORD, l->secrets[PROXY_PASSWORD].value);
    }
    (void)pthread_mutex_unlock(&l->mutex);
    return rc == CURLE_OK ? 0 : -1;
}

struct curl_slist *login_add_header(struct login *l, struct curl_slist *list)
{
    struct curl_slist *longer = list;
    const char *scheme = "ApiKey", *value;
    char *line = NULL;

    (void)pthread_mutex_lock(&l->mutex);
    value = l->secrets[API_KEY].value;
    if (value == NULL) {
        scheme = "Bearer";
        value = l->secrets[BEARER_TOKEN].value;
    }
    if (value != NULL &&
        asprintf(&line, "Authorization: %s %s", scheme, value) >= 0) {
        longer = curl_slist_append(list, line);
        secret_wipe(line);
    } else if (value != NULL) {
        longer = NULL;
    }
    (void)pthread_mutex_unlock(&l->mutex);
    if (longer == NULL) {
        curl_slist_free_all(list);
    }
    return longer;
}

bool login_refused(struct login *l, int64_t now_us)
{
    bool is_other = false;

    (void)pthread_mutex_lock(&l->mutex);
    if (l->read_us == 0 || now_us - l->read_us >= LOGIN_READ_AGAIN_US) {
        l->read_us = now_us;
        for (size_t i = 0; i < N_SECRETS; i++) {
            struct error err;
            int rc = secret_read_again(&l->secrets[i], &err);

            if (rc < 0) {
                log_warn(LOG_MSG("a secret cannot be read again; that of "
                                 "before stays"),
                    LOG_STR("why", err.text));
            }
            is_other = is_other || rc > 0;
        }
    }
    (void)pthread_mutex_unlock(&l->mutex);
    if (is_other) {
        log_info(LOG_MSG("login refused; its files hold another secret now, "
                         "which is taken"));
    }
    return is_other;
}
