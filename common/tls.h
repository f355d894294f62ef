/*
 * struct tls: what a section of the configuration says of TLS: whom to trust
 * and who we are. Files are read and checked when it is made, so that what is
 * wrong with them is known at the start and not at the first connection.
 */
#ifndef NARU_COMMON_TLS_H
#define NARU_COMMON_TLS_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <curl/curl.h>
#include <stdbool.h>

struct tls;

/*
 * tls_new(c, section, err):
 * Read ca_file, client_cert_file, client_key_file, client_key_password,
 * fingerprint and insecure_skip_verify of the section. NULL with err.
 */
struct tls *tls_new(
    const struct config *c, const char *section, struct error *err) MUST_CHECK;

/* tls_free(t): NULL is fine. Handles it was applied to must have ended. */
void tls_free(struct tls *t);

/* tls_apply(t, easy): Returns 0, -1 out of memory. t is borrowed until the
 * transfer ends. */
int tls_apply(const struct tls *t, CURL *easy) MUST_CHECK;

/* tls_is_same(a, b): Would a connection come up alike? */
bool tls_is_same(const struct tls *a, const struct tls *b);

/* tls_is_unverified(t): Is insecure_skip_verify on? */
bool tls_is_unverified(const struct tls *t);
bool tls_is_pinned(const struct tls *t);

/* tls_expired(t): The end of our certificate's time as text when that is past,
 * else NULL. */
const char *tls_expired(const struct tls *t);

/*
 * tls_advice(is_https, rc, detail):
 * What to do about a connection that failed with libcurl's rc and its words
 * for that, as a sentence's end such as "; is the address http://?", or "".
 * Pure.
 */
const char *tls_advice(bool is_https, CURLcode rc, const char *detail);

#endif
