/* TLS as the configuration wants it; see tls.h. */
#include "common/tls.h"

#include "common/buf.h"
#include "common/fingerprint.h"
#include "common/secret.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PEM_BYTES (4u << 20)
#define NAME_BYTES 64
#define DATE_BYTES 32

struct tls {
    struct buf ca, certificate, key; /* PEM; empty: none */
    struct secret key_password;
    struct fingerprint pin;
    bool is_pinned;
    bool is_unverified;
    char expired[DATE_BYTES];
};

/* A section of the configuration, and a setting's whole name in it. */
struct place {
    const struct config *config;
    const char *section;
    char name[NAME_BYTES];
};

static const char *named(struct place *p, const char *key)
{
    (void)snprintf(p->name, sizeof(p->name), "%s.%s", p->section, key);
    return p->name;
}

static int complain(
    struct place *p, const char *key, const char *why, struct error *err)
{
    const char *name = named(p, key);
    const char *value = config_text(p->config, name);

    return error_set(err, "%s: %s: %s: %s", config_origin(p->config, name),
        name, value != NULL ? value : "", why);
}

/* A file into b; no setting, nothing. */
static int read_pem(
    struct place *p, const char *key, struct buf *b, struct error *err)
{
    const char *path = config_text(p->config, named(p, key));
    char chunk[8192];
    FILE *f;
    size_t n;
    int rc = 0;

    if (path == NULL) {
        return 0;
    }
    f = fopen(path, "re");
    if (f == NULL) {
        return complain(p, key, strerror(errno), err);
    }
    (void)setvbuf(f, NULL, _IONBF, 0);
    while (rc == 0 && (n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
        rc = buf_append(b, chunk, n);
    }
    if (rc != 0) {
        (void)complain(p, key, "the file is too large for PEM", err);
    } else if (ferror(f)) {
        rc = complain(p, key, strerror(errno), err);
    }
    explicit_bzero(chunk, sizeof(chunk));
    (void)fclose(f);
    return rc;
}

static BIO *bio_of(const struct buf *b)
{
    return BIO_new_mem_buf(b->data, (int)b->len_bytes);
}

static X509 *first_certificate(const struct buf *b)
{
    BIO *bio = bio_of(b);
    X509 *x = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return x;
}

/* OpenSSL would ask a person at the terminal. */
static int on_password(char *out, int size, int is_writing, void *arg)
{
    const char *password = arg;
    int n = password != NULL ? (int)strlen(password) : 0;

    (void)is_writing;
    if (n > size) {
        return -1;
    }
    memcpy(out, password != NULL ? password : "", (size_t)n);
    return n;
}

static EVP_PKEY *read_key(const struct tls *t)
{
    BIO *bio = bio_of(&t->key);
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL,
                                      on_password, t->key_password.value)
                                : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return key;
}

static void note_expiry(struct tls *t, const X509 *certificate)
{
    const ASN1_TIME *end = X509_get0_notAfter(certificate);
    struct tm tm;

    if (X509_cmp_current_time(end) < 0 && ASN1_TIME_to_tm(end, &tm) == 1) {
        (void)strftime(t->expired, sizeof(t->expired), "%Y-%m-%d %H:%M", &tm);
    }
}

/* Our certificate and its key, which may stand in one file. */
static int check_identity(struct tls *t, struct place *p, struct error *err)
{
    X509 *certificate;
    EVP_PKEY *key;
    int rc = 0;

    if (t->certificate.len_bytes == 0) {
        return t->key.len_bytes == 0 ? 0
                                     : complain(p, "client_key_file",
                                           "there is no client_cert_file that "
                                           "it would be the key of",
                                           err);
    }
    certificate = first_certificate(&t->certificate);
    if (certificate == NULL) {
        return complain(
            p, "client_cert_file", "no certificate in PEM form", err);
    }
    if (t->key.len_bytes == 0 && buf_append(&t->key, t->certificate.data,
                                     t->certificate.len_bytes) != 0) {
        X509_free(certificate);
        return error_set(err, "out of memory");
    }
    key = read_key(t);
    if (key == NULL) {
        rc = complain(p,
            config_text(p->config, named(p, "client_key_file")) != NULL
                ? "client_key_file"
                : "client_cert_file",
            t->key_password.value != NULL
                ? "no key in PEM form, or client_key_password is not its "
                  "password"
                : "no key in PEM form, or one with a password, which "
                  "client_key_password_file would name",
            err);
    } else if (X509_check_private_key(certificate, key) != 1) {
        rc = complain(
            p, "client_cert_file", "the key is of another certificate", err);
    }
    ERR_clear_error();
    note_expiry(t, certificate);
    EVP_PKEY_free(key);
    X509_free(certificate);
    return rc;
}

static int check_ca(const struct tls *t, struct place *p, struct error *err)
{
    X509 *certificate;

    if (config_text(p->config, named(p, "ca_file")) == NULL) {
        return 0;
    }
    certificate = t->ca.len_bytes > 0 ? first_certificate(&t->ca) : NULL;
    if (certificate == NULL) {
        return complain(p, "ca_file", "no certificate in PEM form", err);
    }
    X509_free(certificate);
    return 0;
}

static int read_trust(struct tls *t, struct place *p, struct error *err)
{
    const char *pin = config_text(p->config, named(p, "fingerprint"));

    t->is_unverified = config_bool(p->config, named(p, "insecure_skip_verify"));
    t->is_pinned = pin != NULL;
    if (pin != NULL && fingerprint_read(&t->pin, pin) != 0) {
        return complain(p, "fingerprint",
            "not a certificate's SHA-256, 64 hexadecimal digits with or "
            "without colons",
            err);
    }
    if (pin != NULL && t->is_unverified) {
        return complain(p, "fingerprint",
            "insecure_skip_verify would make it worthless; keep one of the two",
            err);
    }
    if (pin != NULL && config_text(p->config, named(p, "ca_file")) != NULL) {
        return complain(p, "fingerprint",
            "ca_file says otherwise whom to trust; keep one of the two", err);
    }
    return 0;
}

struct tls *tls_new(
    const struct config *c, const char *section, struct error *err)
{
    struct place p = {.config = c, .section = section};
    struct tls *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    buf_init(&t->ca, MAX_PEM_BYTES);
    buf_init(&t->certificate, MAX_PEM_BYTES);
    buf_init(&t->key, MAX_PEM_BYTES);
    if (read_trust(t, &p, err) != 0 ||
        read_pem(&p, "ca_file", &t->ca, err) != 0 ||
        read_pem(&p, "client_cert_file", &t->certificate, err) != 0 ||
        read_pem(&p, "client_key_file", &t->key, err) != 0 ||
        secret_init(
            &t->key_password, c, named(&p, "client_key_password"), err) != 0 ||
        check_ca(t, &p, err) != 0 || check_identity(t, &p, err) != 0) {
        tls_free(t);
        return NULL;
    }
    return t;
}

static void wipe(struct buf *b)
{
    if (b->data != NULL) {
        explicit_bzero(b->data, b->len_bytes);
    }
    buf_fini(b);
}

void tls_free(struct tls *t)
{
    if (t == NULL) {
        return;
    }
    buf_fini(&t->ca);
    buf_fini(&t->certificate);
    wipe(&t->key);
    secret_fini(&t->key_password);
    free(t);
}

static CURLcode on_context(CURL *easy, void *ssl_ctx, void *arg)
{
    const struct tls *t = arg;

    (void)easy;
    fingerprint_pin(&t->pin, ssl_ctx);
    return CURLE_OK;
}

static CURLcode set_blob(CURL *easy, CURLoption option, const struct buf *b)
{
    struct curl_blob blob = {b->data, b->len_bytes, CURL_BLOB_COPY};

    return b->len_bytes > 0 ? curl_easy_setopt(easy, option, &blob) : CURLE_OK;
}

/*
 * Certificates go as bytes, not as paths: libcurl then takes a kept connection
 * only when they are the same, so that after a reload none is used that came
 * up under the certificates of before.
 */
int tls_apply(const struct tls *t, CURL *easy)
{
    CURLcode rc = CURLE_OK;
    long verify = t->is_unverified ? 0L : 1L;

    rc |= curl_easy_setopt(
        easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    rc |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify);
    rc |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify * 2);
    if (t->ca.len_bytes > 0) {
        rc |= set_blob(easy, CURLOPT_CAINFO_BLOB, &t->ca);
        /* The system's folder would count beside it. */
        rc |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (t->is_pinned) {
        rc |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
        rc |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, t);
        /* A session taken up again is not verified again. */
        rc |= curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    }
    if (t->certificate.len_bytes > 0) {
        rc |= set_blob(easy, CURLOPT_SSLCERT_BLOB, &t->certificate);
        rc |= set_blob(easy, CURLOPT_SSLKEY_BLOB, &t->key);
        /* Else OpenSSL would ask a person at the terminal. */
        rc |= curl_easy_setopt(easy, CURLOPT_KEYPASSWD,
            t->key_password.value != NULL ? t->key_password.value : "");
    }
    return rc == CURLE_OK ? 0 : -1;
}

static bool same_bytes(const struct buf *a, const struct buf *b)
{
    return a->len_bytes == b->len_bytes &&
           (a->len_bytes == 0 || memcmp(a->data, b->data, a->len_bytes) == 0);
}

bool tls_is_same(const struct tls *a, const struct tls *b)
{
    return same_bytes(&a->ca, &b->ca) &&
           same_bytes(&a->certificate, &b->certificate) &&
           same_bytes(&a->key, &b->key) && a->is_pinned == b->is_pinned &&
           memcmp(&a->pin, &b->pin, sizeof(a->pin)) == 0 &&
           a->is_unverified == b->is_unverified;
}

bool tls_is_unverified(const struct tls *t)
{
    return t->is_unverified;
}

bool tls_is_pinned(const struct tls *t)
{
    return t->is_pinned;
}

const char *tls_expired(const struct tls *t)
{
    return t->expired[0] != '\0' ? t->expired : NULL;
}

static bool says(const char *detail, const char *words)
{
    return strcasestr(detail, words) != NULL;
}

static const char *advice_on_certificate(const char *detail)
{
    static const struct {
        const char *says, *advice;
    } rows[] = {
        {"application verification failure",
            "; no certificate of the server's has the fingerprint that is set"},
        {"certificate has expired", "; the server's certificate has to be "
                                    "renewed"},
        {"not yet valid", "; look at the clocks of both machines"},
        {"target host name", "; its certificate is of another host: use a name "
                             "that stands in it"},
        {"issuer certificate", "; name the CA that signed it with ca_file, or "
                               "pin it with fingerprint"},
        {"self-signed", "; name the CA that signed it with ca_file, or pin it "
                        "with fingerprint"},
        {"self signed", "; name the CA that signed it with ca_file, or pin it "
                        "with fingerprint"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (says(detail, rows[i].says)) {
            return rows[i].advice;
        }
    }
    return "";
}

const char *tls_advice(bool is_https, CURLcode rc, const char *detail)
{
    if (!is_https) {
        return rc == CURLE_UNSUPPORTED_PROTOCOL || rc == CURLE_GOT_NOTHING ||
                       rc == CURLE_WEIRD_SERVER_REPLY
                   ? "; if the server speaks TLS, its address begins with "
                     "https://"
                   : "";
    }
    if (rc == CURLE_PEER_FAILED_VERIFICATION) {
        return advice_on_certificate(detail);
    }
    if (says(detail, "wrong version number") ||
        says(detail, "packet length too long") ||
        says(detail, "http request")) {
        return "; the server does not speak TLS there: its address begins "
               "with http://, or another port does";
    }
    if (says(detail, "alert") &&
        (says(detail, "certificate") || says(detail, "unknown ca"))) {
        return "; the server refuses our certificate: see client_cert_file "
               "and client_key_file";
    }
    return "";
}
