/* A pinned certificate: what it admits, and what it does not. */
#include "common/fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those above first. */
#include <cmocka.h>
#include <string.h>

#include "certificates.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define DAY 86400L
#define HEX32 "0123456789abcdef0123456789ABCDEF"

static void sixty_four_digits_are_read_with_colons_or_without(void **state)
{
    static const struct {
        const char *text;
        int rc;
    } cases[] = {
        {HEX32 HEX32, 0},
        {"01:23:45:67:89:ab:cd:ef:01:23:45:67:89:AB:CD:EF:"
         "01:23:45:67:89:ab:cd:ef:01:23:45:67:89:AB:CD:EF",
            0},
        {"", -1},
        {HEX32, -1},
        {HEX32 HEX32 "0", -1},
        {HEX32 HEX32 ":", -1},
        {":" HEX32 HEX32, -1},
        {HEX32 "g123456789abcdef0123456789ABCDEF", -1},
        {"0:123456789abcdef0123456789ABCDEF" HEX32, -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fingerprint f;

        if (fingerprint_read(&f, cases[i].text) != cases[i].rc) {
            fail_msg("%s", cases[i].text);
        }
        if (cases[i].rc == 0) {
            assert_int_equal(f.bytes[0], 0x01);
            assert_int_equal(f.bytes[31], 0xEF);
        }
    }
}

/* A server and a client, joined in memory. */
struct pair {
    SSL_CTX *server_ctx, *client_ctx;
    SSL *server, *client;
};

static void open_pair(struct pair *p, X509 *own, EVP_PKEY *key, X509 *sent,
    const struct fingerprint *pin)
{
    BIO *a, *b;

    p->server_ctx = SSL_CTX_new(TLS_server_method());
    p->client_ctx = SSL_CTX_new(TLS_client_method());
    assert_int_equal(SSL_CTX_use_certificate(p->server_ctx, own), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(p->server_ctx, key), 1);
    if (sent != NULL) {
        assert_int_equal(SSL_CTX_add1_chain_cert(p->server_ctx, sent), 1);
    }
    SSL_CTX_set_verify(p->client_ctx, SSL_VERIFY_PEER, NULL);
    fingerprint_pin(pin, p->client_ctx);
    p->server = SSL_new(p->server_ctx);
    p->client = SSL_new(p->client_ctx);
    assert_int_equal(BIO_new_bio_pair(&a, 0, &b, 0), 1);
    SSL_set_bio(p->server, a, a);
    SSL_set_bio(p->client, b, b);
    SSL_set_accept_state(p->server);
    SSL_set_connect_state(p->client);
}

static void close_pair(struct pair *p)
{
    SSL_free(p->server);
    SSL_free(p->client);
    SSL_CTX_free(p->server_ctx);
    SSL_CTX_free(p->client_ctx);
}

/* Does a client with that pin take the server? */
static bool takes(X509 *pinned, X509 *own, EVP_PKEY *key, X509 *sent)
{
    struct fingerprint pin;
    struct pair p;
    char text[65];
    bool yes = false;

    fingerprint_text(pinned, text);
    assert_int_equal(fingerprint_read(&pin, text), 0);
    open_pair(&p, own, key, sent, &pin);
    for (int i = 0; i < 20 && !yes; i++) {
        yes = SSL_do_handshake(p.client) == 1;
        (void)SSL_do_handshake(p.server);
    }
    yes = yes && SSL_get_verify_result(p.client) == X509_V_OK;
    close_pair(&p);
    return yes;
}

static void the_pinned_certificate_and_what_it_signed_are_taken(void **state)
{
    EVP_PKEY *ca_key = new_key(), *key = new_key(), *thief_key = new_key();
    X509 *ca = new_certificate(ca_key, "ca", true, NULL, NULL, -DAY, DAY);
    X509 *own = new_certificate(key, "own", false, ca, ca_key, -DAY, DAY);
    X509 *old = new_certificate(key, "own", false, ca, ca_key, -2 * DAY, -DAY);
    X509 *early = new_certificate(key, "own", false, ca, ca_key, DAY, 2 * DAY);
    X509 *self = new_certificate(key, "own", false, NULL, NULL, -DAY, DAY);
    X509 *thief =
        new_certificate(thief_key, "own", false, ca, thief_key, -DAY, DAY);

    (void)state;
    assert_true(takes(ca, own, key, ca));
    assert_true(takes(own, own, key, ca));
    assert_true(takes(own, own, key, NULL));
    assert_true(takes(self, self, key, NULL));
    assert_false(takes(ca, own, key, NULL)); /* it is not there to be seen */
    assert_false(takes(own, self, key, NULL));
    assert_false(takes(ca, self, key, ca)); /* sent, but signed nothing */
    assert_false(takes(ca, thief, thief_key, ca)); /* says so, but did not */
    assert_false(takes(ca, old, key, ca));
    assert_false(takes(ca, early, key, ca));
    assert_false(takes(old, old, key, ca));
    X509_free(ca);
    X509_free(own);
    X509_free(old);
    X509_free(early);
    X509_free(self);
    X509_free(thief);
    EVP_PKEY_free(ca_key);
    EVP_PKEY_free(key);
    EVP_PKEY_free(thief_key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sixty_four_digits_are_read_with_colons_or_without),
        cmocka_unit_test(the_pinned_certificate_and_what_it_signed_are_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
