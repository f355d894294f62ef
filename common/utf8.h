/* UTF-8 by RFC 3629: shortest forms only, no surrogates, up to U+10FFFF. */
#ifndef NARU_COMMON_UTF8_H
#define NARU_COMMON_UTF8_H

#include "common/slice.h"

#include <stddef.h>

/*
 * utf8_valid_bytes(text):
 * The length of the longest prefix that is valid UTF-8: text.len when all of
 * it is, else the position of the first byte of the first bad sequence. ASCII
 * passes eight bytes at a time.
 */
size_t utf8_valid_bytes(struct slice text);

/* utf8_is_valid(text): Is all of text valid UTF-8? */
static inline bool utf8_is_valid(struct slice text)
{
    return utf8_valid_bytes(text) == text.len;
}

#endif
