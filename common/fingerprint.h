/*
 * A pinned certificate: the SHA-256 of its DER form, as Elasticsearch prints it
 * at its first start ("HTTP CA certificate SHA-256 fingerprint") and openssl
 * x509 -fingerprint -sha256 does, with colons or without.
 */
#ifndef NARU_COMMON_FINGERPRINT_H
#define NARU_COMMON_FINGERPRINT_H

#include "common/attr.h"

#include <stdbool.h>

#define FINGERPRINT_BYTES 32

struct fingerprint {
    unsigned char bytes[FINGERPRINT_BYTES];
};

/* fingerprint_read(f, text): 64 hexadecimal digits, in pairs with or without
 * colons between. 0 or -1. */
int fingerprint_read(struct fingerprint *f, const char *text) MUST_CHECK;

/*
 * fingerprint_pin(f, ssl_ctx):
 * Make the OpenSSL context (an SSL_CTX) trust nothing but the certificate f is
 * of: the server's own, or one of those it sends that signed it, directly or
 * by others. Dates and signatures count as ever; whether the server has its
 * name is libcurl's to check. f is borrowed while connections come up.
 */
void fingerprint_pin(const struct fingerprint *f, void *ssl_ctx);

#endif
