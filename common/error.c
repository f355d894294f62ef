/* One sentence for a person; see error.h. */
#include "common/error.h"

#include "common/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A quoted value may hold line breaks; the promise is one line. */
static void flatten(char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n' || *text == '\r') {
            *text = ' ';
        }
    }
}

/*
 * vsnprintf and snprintf fill text to its last byte when they cut; the cut may
 * have left a letter's first bytes there.
 */
static void drop_half_letter(char *text)
{
    size_t n = strlen(text);

    if (n == ERROR_MAX_BYTES - 1) {
        size_t back = n;

        while (back > n - 3 && ((unsigned char)text[back - 1] & 0xC0) == 0x80) {
            back--;
        }
        back--; /* at the last letter's first byte */
        if (utf8_valid_bytes((struct slice){text + back, n - back}) == 0) {
            text[back] = '\0';
        }
    }
}

int error_set(struct error *err, const char *fmt, ...)
{
    char text[ERROR_MAX_BYTES];
    va_list args;

    if (err == NULL) {
        return -1;
    }
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    flatten(text);
    drop_half_letter(text);
    memcpy(err->text, text, sizeof(text));
    return -1;
}

int error_prefix(struct error *err, const char *fmt, ...)
{
    char text[ERROR_MAX_BYTES];
    va_list args;
    int n;

    if (err == NULL) {
        return -1;
    }
    va_start(args, fmt);
    n = vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof(text)) {
        (void)snprintf(text + n, sizeof(text) - (size_t)n, "%s", err->text);
    }
    flatten(text);
    drop_half_letter(text);
    memcpy(err->text, text, sizeof(text));
    return -1;
}
