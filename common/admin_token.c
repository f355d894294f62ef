/* Who may look at the admin port; see admin_token.h. */
#include "common/admin_token.h"

#include "common/secret.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COOKIE_BYTES (2 * SHA256_DIGEST_LENGTH)
#define SALT "naru admin cookie of "

struct admin_token {
    char *text;
    char cookie_name[32];
    char cookie[COOKIE_BYTES + 1]; /* not the token, but made of it */
};

static int make_cookie(struct admin_token *t)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    char *salted = NULL;
    int n = asprintf(&salted, SALT "%s", t->text);

    if (n < 0) {
        return -1;
    }
    (void)SHA256((const unsigned char *)salted, (size_t)n, digest);
    secret_wipe(salted);
    for (size_t i = 0; i < sizeof(digest); i++) {
        (void)snprintf(t->cookie + 2 * i, 3, "%02x", digest[i]);
    }
    return 0;
}

struct admin_token *admin_token_new(const char *text, int port)
{
    struct admin_token *t = calloc(1, sizeof(*t));

    if (t == NULL || (t->text = strdup(text)) == NULL || make_cookie(t) != 0) {
        admin_token_free(t);
        return NULL;
    }
    (void)snprintf(t->cookie_name, sizeof(t->cookie_name), "naru_%d", port);
    return t;
}

void admin_token_free(struct admin_token *t)
{
    if (t != NULL) {
        secret_wipe(t->text);
        explicit_bzero(t->cookie, sizeof(t->cookie));
        free(t);
    }
}

/* In a time that tells nothing of how much is right. */
static bool is_same(const char *shown, size_t n, const char *wanted)
{
    return n == strlen(wanted) && CRYPTO_memcmp(shown, wanted, n) == 0;
}

static bool shows_token(const struct admin_token *t, const char *header)
{
    if (header == NULL || strncasecmp(header, "Bearer ", 7) != 0) {
        return false;
    }
    header += 7 + strspn(header + 7, " ");
    return is_same(header, strcspn(header, " "), t->text);
}

static bool shows_cookie(const struct admin_token *t, const char *header)
{
    size_t name = strlen(t->cookie_name);

    while (header != NULL && *header != '\0') {
        size_t n;

        header += strspn(header, "; ");
        n = strcspn(header, ";");
        if (n > name && header[name] == '=' &&
            strncmp(header, t->cookie_name, name) == 0 &&
            is_same(header + name + 1, n - name - 1, t->cookie)) {
            return true;
        }
        header += n;
    }
    return false;
}

bool admin_token_admits(
    const struct admin_token *t, struct evhttp_request *request)
{
    struct evkeyvalq *headers = evhttp_request_get_input_headers(request);

    return shows_token(t, evhttp_find_header(headers, "Authorization")) ||
           shows_cookie(t, evhttp_find_header(headers, "Cookie"));
}

static bool is_in_address(
    const struct admin_token *t, const struct evhttp_uri *uri)
{
    const char *query = evhttp_uri_get_query(uri), *shown;
    struct evkeyvalq values;
    bool yes = false;

    if (query != NULL && evhttp_parse_query_str(query, &values) == 0) {
        shown = evhttp_find_header(&values, "token");
        yes = shown != NULL && is_same(shown, strlen(shown), t->text);
        evhttp_clear_headers(&values);
    }
    return yes;
}

static void give_cookie(const struct admin_token *t,
    struct evhttp_request *request, const struct evhttp_uri *uri)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    char cookie[160];

    (void)snprintf(cookie, sizeof(cookie),
        "%s=%s; Path=/; HttpOnly; SameSite=Strict", t->cookie_name, t->cookie);
    (void)evhttp_add_header(headers, "Set-Cookie", cookie);
    (void)evhttp_add_header(headers, "Location", evhttp_uri_get_path(uri));
    evhttp_send_reply(request, 303, "See Other", NULL);
}

void admin_token_refuse(
    const struct admin_token *t, struct evhttp_request *request)
{
    static const char text[] =
        "This needs the token of admin.token_file: as the header "
        "Authorization: Bearer TOKEN, or in a browser once as "
        "/?token=TOKEN.\n";
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    struct evbuffer *out;

    (void)evhttp_add_header(headers, "Cache-Control", "no-store");
    (void)evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
    if (is_in_address(t, uri)) {
        give_cookie(t, request, uri);
        return;
    }
    out = evbuffer_new();
    (void)evhttp_add_header(
        headers, "Content-Type", "text/plain; charset=utf-8");
    (void)evhttp_add_header(headers, "WWW-Authenticate", "Bearer");
    if (out != NULL) {
        (void)evbuffer_add(out, text, sizeof(text) - 1);
    }
    evhttp_send_reply(request, 401, "Unauthorized", out);
    if (out != NULL) {
        evbuffer_free(out);
    }
}
