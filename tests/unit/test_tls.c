/* What a section says of TLS: files read and checked, failures explained. */
#include "common/endpoint.h"
#include "common/tls.h"

#include "scratch_file.h"

#include <stdint.h>
#include <stdlib.h>

#include "certificates.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define DAY 86400L
#define PIN "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Settings without their section, in pairs; NULL ends them. */
static struct tls *tls_of(const char *const *settings, struct error *err)
{
    struct config *c = config_new(&endpoint_settings, 1);
    struct tls *t;

    for (; *settings != NULL; settings += 2) {
        char line[600];

        (void)snprintf(line, sizeof(line), "elasticsearch.%s=%s", settings[0],
            settings[1]);
        assert_int_equal(config_set(c, line, err), 0);
    }
    t = tls_new(c, "elasticsearch", err);
    config_free(c);
    return t;
}

static void expect_refused(const char *const *settings, const char *says)
{
    struct error err = {""};
    struct tls *t = tls_of(settings, &err);

    if (t != NULL || strstr(err.text, says) == NULL) {
        tls_free(t);
        fail_msg("%s: '%s'", says, err.text);
    }
}

/* key as PEM, with a password unless that is NULL. */
static void write_key(
    struct scratch_file *f, EVP_PKEY *key, const char *password)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    long n;

    assert_int_equal(
        PEM_write_bio_PKCS8PrivateKey(bio, key,
            password != NULL ? EVP_aes_128_cbc() : NULL, password,
            password != NULL ? (int)strlen(password) : 0, NULL, NULL),
        1);
    n = BIO_get_mem_data(bio, &text);
    scratch_file_write(f, text, (size_t)n);
    BIO_free(bio);
}

static void write_certificate(struct scratch_file *f, X509 *x)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    long n;

    assert_int_equal(PEM_write_bio_X509(bio, x), 1);
    n = BIO_get_mem_data(bio, &text);
    scratch_file_write(f, text, (size_t)n);
    BIO_free(bio);
}

static void what_cannot_be_meant_is_refused(void **state)
{
    static const char *const none[] = {"ca_file", "no/such/file", NULL};
    static const char *const empty[] = {"ca_file", "/dev/null", NULL};
    static const char *const pin[] = {"fingerprint", "AB:CD", NULL};
    static const char *const both[] = {
        "fingerprint", PIN, "insecure_skip_verify", "true", NULL};
    static const char *const two[] = {
        "fingerprint", PIN, "ca_file", "/dev/null", NULL};

    (void)state;
    expect_refused(none, "ca_file: no/such/file: No such file or directory");
    expect_refused(empty, "ca_file: /dev/null: no certificate in PEM form");
    expect_refused(pin, "64 hexadecimal digits");
    expect_refused(both, "keep one of the two");
    expect_refused(two, "keep one of the two");
}

static void our_certificate_needs_its_own_key_and_password(void **state)
{
    EVP_PKEY *key = new_key(), *other = new_key();
    X509 *x = new_certificate(key, "me", false, NULL, NULL, -2 * DAY, -DAY);
    struct scratch_file cert, plain, locked, wrong, password, bad;
    struct error err;
    struct tls *t;

    (void)state;
    write_certificate(&cert, x);
    write_key(&plain, key, NULL);
    write_key(&locked, key, "hunter2");
    write_key(&wrong, other, NULL);
    scratch_file_write(&password, "hunter2\n", 8);
    scratch_file_write(&bad, "hunter3\n", 8);
    t = tls_of((const char *const[]){"client_cert_file", cert.path,
                   "client_key_file", plain.path, NULL},
        &err);
    assert_non_null(t);
    assert_non_null(tls_expired(t));
    tls_free(t);
    t = tls_of(
        (const char *const[]){"client_cert_file", cert.path, "client_key_file",
            locked.path, "client_key_password_file", password.path, NULL},
        &err);
    assert_non_null(t);
    tls_free(t);
    expect_refused((const char *const[]){"client_cert_file", cert.path,
                       "client_key_file", locked.path, NULL},
        "which client_key_password_file would name");
    expect_refused(
        (const char *const[]){"client_cert_file", cert.path, "client_key_file",
            locked.path, "client_key_password_file", bad.path, NULL},
        "client_key_password is not its password");
    expect_refused((const char *const[]){"client_cert_file", cert.path,
                       "client_key_file", wrong.path, NULL},
        "the key is of another certificate");
    expect_refused((const char *const[]){"client_cert_file", cert.path, NULL},
        "no key in PEM form");
    expect_refused((const char *const[]){"client_key_file", plain.path, NULL},
        "there is no client_cert_file");
    scratch_file_remove(&cert);
    scratch_file_remove(&plain);
    scratch_file_remove(&locked);
    scratch_file_remove(&wrong);
    scratch_file_remove(&password);
    scratch_file_remove(&bad);
    X509_free(x);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
}

static void what_failed_is_followed_by_what_to_do(void **state)
{
    static const struct {
        bool is_https;
        CURLcode rc;
        const char *detail, *advice;
    } cases[] = {
        {true, CURLE_PEER_FAILED_VERIFICATION,
            "SSL certificate problem: application verification failure",
            "has the fingerprint"},
        {true, CURLE_PEER_FAILED_VERIFICATION,
            "SSL certificate problem: certificate has expired", "renewed"},
        {true, CURLE_PEER_FAILED_VERIFICATION,
            "SSL certificate problem: unable to get local issuer certificate",
            "ca_file"},
        {true, CURLE_PEER_FAILED_VERIFICATION,
            "SSL certificate problem: self-signed certificate in certificate "
            "chain",
            "ca_file"},
        {true, CURLE_PEER_FAILED_VERIFICATION,
            "SSL: no alternative certificate subject name matches target host "
            "name '127.0.0.1'",
            "of another host"},
        {true, CURLE_SSL_CONNECT_ERROR,
            "error:0A00010B:SSL routines::wrong version number", "http://"},
        {true, CURLE_RECV_ERROR,
            "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert "
            "certificate required, errno 0",
            "client_cert_file"},
        {false, CURLE_UNSUPPORTED_PROTOCOL,
            "Received HTTP/0.9 when not allowed", "https://"},
        {false, CURLE_GOT_NOTHING, "Empty reply from server", "https://"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *advice =
            tls_advice(cases[i].is_https, cases[i].rc, cases[i].detail);

        if (strncmp(advice, "; ", 2) != 0 ||
            strstr(advice, cases[i].advice) == NULL) {
            fail_msg("%s%s", cases[i].detail, advice);
        }
    }
    assert_string_equal(
        tls_advice(true, CURLE_COULDNT_CONNECT, "Connection refused"), "");
    assert_string_equal(
        tls_advice(false, CURLE_COULDNT_CONNECT, "Connection refused"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_meant_is_refused),
        cmocka_unit_test(our_certificate_needs_its_own_key_and_password),
        cmocka_unit_test(what_failed_is_followed_by_what_to_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
