/*
 * struct login: how to log in at an HTTP server, and at the proxy before it:
 * basic authentication, an API key or a bearer token. Safe to be used by
 * several threads at once.
 */
#ifndef NARU_COMMON_LOGIN_H
#define NARU_COMMON_LOGIN_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

/* Files are read again no more often than this, however often a login is
 * refused. */
#define LOGIN_READ_AGAIN_US 5000000

struct login;

/* login_new(c, section, err): Read the section's username, password, api_key
 * and bearer_token, or the files named for them. NULL with err. */
struct login *login_new(
    const struct config *c, const char *section, struct error *err) MUST_CHECK;
void login_free(struct login *l);

/* login_is_empty(l): Is there nothing to log in with? */
bool login_is_empty(const struct login *l);

/* login_apply(l, easy): User and password onto a handle. 0, -1 out of memory.
 */
int login_apply(struct login *l, CURL *easy) MUST_CHECK;

/* login_add_header(l, list): list with the header Authorization behind, where
 * there is one. NULL out of memory, and list is freed. */
struct curl_slist *login_add_header(
    struct login *l, struct curl_slist *list) MUST_CHECK;

/*
 * login_refused(l, now_us):
 * The server does not know us: read the files again, unless that was done not
 * long ago. Was one of them another? A file that cannot be read is told in the
 * log, and what was read before stays.
 */
bool login_refused(struct login *l, int64_t now_us);

#endif
