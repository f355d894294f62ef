/*
 * A pinned certificate; see fingerprint.h. The official clients accept a chain
 * in which any certificate has the fingerprint. A chain is what the peer
 * sends, so one could put the pinned certificate, which is public, behind its
 * own; here the pinned one must be what the server's certificate leads to.
 */
#include "common/fingerprint.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stddef.h>
#include <string.h>

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int fingerprint_read(struct fingerprint *f, const char *text)
{
    for (size_t i = 0; i < FINGERPRINT_BYTES; i++) {
        int high, low;

        if (i > 0 && *text == ':') {
            text++;
        }
        high = digit_of(text[0]);
        low = high >= 0 ? digit_of(text[1]) : -1;
        if (low < 0) {
            return -1;
        }
        f->bytes[i] = (unsigned char)(high * 16 + low);
        text += 2;
    }
    return *text == '\0' ? 0 : -1;
}

static bool is_pinned(const struct fingerprint *f, const X509 *certificate)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int n = 0;

    return X509_digest(certificate, EVP_sha256(), bytes, &n) == 1 &&
           n == FINGERPRINT_BYTES && memcmp(bytes, f->bytes, n) == 0;
}

static X509 *find_pinned(
    const struct fingerprint *f, X509 *own, STACK_OF(X509) * sent)
{
    if (is_pinned(f, own)) {
        return own;
    }
    for (int i = 0; i < sk_X509_num(sent); i++) {
        if (is_pinned(f, sk_X509_value(sent, i))) {
            return sk_X509_value(sent, i);
        }
    }
    return NULL;
}

/* The chain from own to trusted alone; X509_V_OK or what is wrong. */
static int verify_to(X509 *trusted, X509 *own, STACK_OF(X509) * sent)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    int code = X509_V_ERR_OUT_OF_MEM;

    if (store != NULL && ctx != NULL &&
        X509_STORE_add_cert(store, trusted) == 1 &&
        X509_STORE_CTX_init(ctx, store, own, sent) == 1) {
        /* The pinned one need not be a root. */
        X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
        (void)X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_SSL_SERVER);
        code = X509_verify_cert(ctx) == 1 ? X509_V_OK
                                          : X509_STORE_CTX_get_error(ctx);
        if (code == X509_V_ERR_UNSPECIFIED) {
            code = X509_V_ERR_APPLICATION_VERIFICATION;
        }
    }
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    return code;
}

/* OpenSSL's app_verify_callback: 1 goes on, 0 ends the handshake. */
static int on_chain(X509_STORE_CTX *given, void *arg)
{
    const struct fingerprint *f = arg;
    X509 *own = X509_STORE_CTX_get0_cert(given);
    STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(given);
    X509 *pinned = own != NULL ? find_pinned(f, own, sent) : NULL;
    int code = pinned != NULL ? verify_to(pinned, own, sent)
                              : X509_V_ERR_APPLICATION_VERIFICATION;

    X509_STORE_CTX_set_error(given, code);
    return code == X509_V_OK;
}

void fingerprint_pin(const struct fingerprint *f, void *ssl_ctx)
{
    SSL_CTX_set_cert_verify_callback(ssl_ctx, on_chain, (void *)(uintptr_t)f);
}
