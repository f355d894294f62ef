/* What Java takes for a number; see java_number.h. */
#include "preflight/java_number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TWO_TO_63 0x1p63

static const char *skip_sign(const char *p)
{
    return *p == '+' || *p == '-' ? p + 1 : p;
}

static const char *skip_digits(const char *p)
{
    while (*p >= '0' && *p <= '9') {
        p++;
    }
    return p;
}

/*
 * Behind the number at p, of the form BigDecimal and Double.parseDouble share:
 * a sign, digits with a point anywhere, an exponent. NULL when none is there.
 */
static const char *skip_number(const char *p)
{
    const char *first = skip_sign(p);
    const char *at = skip_digits(first);
    bool has_digits = at > first;

    if (*at == '.') {
        const char *fraction = at + 1;

        at = skip_digits(fraction);
        has_digits = has_digits || at > fraction;
    }
    if (has_digits && (*at == 'e' || *at == 'E')) {
        const char *exponent = skip_sign(at + 1);

        at = skip_digits(exponent);
        has_digits = at > exponent;
    }
    return has_digits ? at : NULL;
}

static bool is_digits_only(const char *text)
{
    const char *first = skip_sign(text);
    const char *end = skip_digits(first);

    return end > first && *end == '\0';
}

static enum java_number whole_of_digits(
    const char *text, int64_t least, int64_t most)
{
    long long value;

    errno = 0;
    value = strtoll(text, NULL, 10);
    return errno == ERANGE || value < least || value > most ? JAVA_OUT_OF_RANGE
                                                            : JAVA_NUMBER;
}

static enum java_number whole_of_double(
    const char *text, int64_t least, int64_t most)
{
    double value = strtod(text, NULL);
    double bottom = least == INT64_MIN ? -TWO_TO_63 : (double)least;
    double top = most == INT64_MAX ? TWO_TO_63 : (double)most;

    if (!(value >= bottom && value <= top)) {
        return JAVA_OUT_OF_RANGE;
    }
    return trunc(value) == value ? JAVA_NUMBER : JAVA_FRACTION;
}

enum java_number java_number_whole(
    const char *text, int64_t least, int64_t most)
{
    return is_digits_only(text) ? whole_of_digits(text, least, most)
                                : whole_of_double(text, least, most);
}

enum java_number java_number_whole_text(
    const char *text, int64_t least, int64_t most)
{
    const char *end = skip_number(text);
    enum java_number what;

    if (end == NULL || *end != '\0') {
        return JAVA_NO_NUMBER;
    }
    what = java_number_whole(text, least, most);
    return what == JAVA_FRACTION ? JAVA_NUMBER : what;
}

/* Java's trim: everything up to the space is blank. */
static bool is_blank(char c)
{
    return c != '\0' && (unsigned char)c <= ' ';
}

/* Behind a word that parseDouble knows; NULL when none is there. */
static const char *skip_word(const char *p, const char *word)
{
    size_t n = strlen(word);

    return strncmp(skip_sign(p), word, n) == 0 ? skip_sign(p) + n : NULL;
}

static bool is_end(const char *p)
{
    while (is_blank(*p)) {
        p++;
    }
    return *p == '\0';
}

enum java_number java_number_decimal(const char *text, double largest)
{
    const char *end;

    while (is_blank(*text)) {
        text++;
    }
    end = skip_word(text, "NaN");
    if (end != NULL) {
        return is_end(end) ? JAVA_NOT_A_NUMBER : JAVA_NO_NUMBER;
    }
    end = skip_word(text, "Infinity");
    if (end != NULL) {
        return is_end(end) ? JAVA_OUT_OF_RANGE : JAVA_NO_NUMBER;
    }
    end = skip_number(text);
    if (end == NULL) {
        return JAVA_NO_NUMBER;
    }
    end += *end != '\0' && strchr("fFdD", *end) != NULL;
    if (!is_end(end)) {
        return JAVA_NO_NUMBER;
    }
    return fabs(strtod(text, NULL)) <= largest ? JAVA_NUMBER
                                               : JAVA_OUT_OF_RANGE;
}
