/* Base64 over libcrypto, in pieces that its int lengths can count. */
#include "bridge/base64.h"

#include <openssl/evp.h>
#include <stdbool.h>

/* A piece ends where both forms do: 3 bytes are 4 letters. */
#define PIECE_BYTES (3u << 20)
#define PIECE_LETTERS (4u << 20)

int base64_write(struct buf *out, struct slice bytes)
{
    size_t at = 0;

    if (buf_reserve(out, (bytes.len + 2) / 3 * 4 + 1) != 0) {
        return -1;
    }
    while (at < bytes.len) {
        size_t n = bytes.len - at;
        int written;

        n = n < PIECE_BYTES ? n : PIECE_BYTES;
        written = EVP_EncodeBlock((unsigned char *)out->data + out->len_bytes,
            (const unsigned char *)bytes.p + at, (int)n);
        out->len_bytes += (size_t)written;
        at += n;
    }
    return 0;
}

/* libcrypto forgives white space around the text; one line of ours has none. */
static bool is_alphabet(struct slice text, size_t padding)
{
    for (size_t i = 0; i < text.len - padding; i++) {
        char c = text.p[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                (c >= '0' && c <= '9') || c == '+' || c == '/')) {
            return false;
        }
    }
    return true;
}

static size_t padding_of(struct slice text)
{
    size_t n = 0;

    while (n < 2 && n < text.len && text.p[text.len - 1 - n] == '=') {
        n++;
    }
    return n;
}

int base64_read(struct slice text, struct buf *out)
{
    size_t start = out->len_bytes, padding = padding_of(text), at = 0;

    if (text.len % 4 != 0 || !is_alphabet(text, padding) ||
        buf_reserve(out, text.len / 4 * 3 + 1) != 0) {
        return -1;
    }
    while (at < text.len) {
        size_t n = text.len - at;
        int written;

        n = n < PIECE_LETTERS ? n : PIECE_LETTERS;
        written = EVP_DecodeBlock((unsigned char *)out->data + out->len_bytes,
            (const unsigned char *)text.p + at, (int)n);
        if (written < 0) {
            out->len_bytes = start;
            return -1;
        }
        out->len_bytes += (size_t)written;
        at += n;
    }
    out->len_bytes -= padding; /* libcrypto counts it as bytes */
    return 0;
}
