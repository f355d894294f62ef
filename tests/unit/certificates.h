/* Certificates made for a test, as openssl(1) would: a CA, a certificate by
 * it, and another that nobody signed but itself. */
#ifndef NARU_TESTS_UNIT_CERTIFICATES_H
#define NARU_TESTS_UNIT_CERTIFICATES_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>

static inline EVP_PKEY *new_key(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");

    assert_non_null(key);
    return key;
}

static inline void name_it(X509_NAME *name, const char *text)
{
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                         (const unsigned char *)text, -1, -1, 0),
        1);
}

/* A certificate of key, signed by issuer's; it begins and ends so many seconds
 * from now. issuer NULL: by itself. */
static inline X509 *new_certificate(EVP_PKEY *key, const char *name, bool is_ca,
    X509 *issuer, EVP_PKEY *issuer_key, long from_s, long to_s)
{
    X509 *x = X509_new();
    X509V3_CTX ctx;
    X509_EXTENSION *e;

    assert_non_null(x);
    assert_int_equal(X509_set_version(x, 2), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), 7), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), from_s));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), to_s));
    name_it(X509_get_subject_name(x), name);
    assert_int_equal(X509_set_issuer_name(
                         x, X509_get_subject_name(issuer != NULL ? issuer : x)),
        1);
    assert_int_equal(X509_set_pubkey(x, key), 1);
    X509V3_set_ctx(&ctx, issuer != NULL ? issuer : x, x, NULL, NULL, 0);
    e = X509V3_EXT_conf_nid(NULL, &ctx, NID_basic_constraints,
        is_ca ? "critical,CA:TRUE" : "CA:FALSE");
    assert_non_null(e);
    assert_int_equal(X509_add_ext(x, e, -1), 1);
    X509_EXTENSION_free(e);
    assert_true(
        X509_sign(x, issuer_key != NULL ? issuer_key : key, EVP_sha256()) > 0);
    return x;
}

static inline void fingerprint_text(const X509 *x, char text[65])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int n;

    assert_int_equal(X509_digest(x, EVP_sha256(), bytes, &n), 1);
    for (unsigned int i = 0; i < n; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
}

#endif
