/* UTF-8 validity; see utf8.h. The table of ranges is RFC 3629, section 4. */
#include "common/utf8.h"

#include <stdint.h>
#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* The length of the sequence at p, of which n >= 1 bytes exist; 0 if bad. */
static size_t sequence_bytes(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80) {
        return 1;
    }
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        return n >= 2 && is_tail(p[1]) ? 2 : 0;
    }
    if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        unsigned char least = p[0] == 0xE0 ? 0xA0 : 0x80;
        unsigned char most = p[0] == 0xED ? 0x9F : 0xBF; /* no surrogates */

        return n >= 3 && p[1] >= least && p[1] <= most && is_tail(p[2]) ? 3 : 0;
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        unsigned char least = p[0] == 0xF0 ? 0x90 : 0x80;
        unsigned char most = p[0] == 0xF4 ? 0x8F : 0xBF;

        return n >= 4 && p[1] >= least && p[1] <= most && is_tail(p[2]) &&
                       is_tail(p[3])
                   ? 4
                   : 0;
    }
    return 0;
}

size_t utf8_valid_bytes(struct slice text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    size_t i = 0;

    while (i < text.len) {
        uint64_t eight;
        size_t n;

        if (text.len - i >= sizeof(eight)) {
            memcpy(&eight, p + i, sizeof(eight));
            if ((eight & HIGH_BITS) == 0) {
                i += sizeof(eight);
                continue;
            }
        }
        n = sequence_bytes(p + i, text.len - i);
        if (n == 0) {
            break;
        }
        i += n;
    }
    return i;
}
