/* Characters as ASCII has them, whatever the locale says. */
#ifndef NARU_COMMON_ASCII_H
#define NARU_COMMON_ASCII_H

#include <stdbool.h>

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

#endif
