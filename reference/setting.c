/* Settings in words; see setting.h. */
#include "reference/setting.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define AMOUNT_BYTES 32

/* 5242880 as 5m, when it is so even. */
static void say_bytes(char out[AMOUNT_BYTES], int64_t n)
{
    static const char *const units[] = {"", "k", "m", "g"};
    size_t u = 0;

    while (u < 3 && n != 0 && n % 1024 == 0) {
        n /= 1024;
        u++;
    }
    (void)snprintf(out, AMOUNT_BYTES, "%" PRId64 "%s", n, units[u]);
}

static void say_ms(char out[AMOUNT_BYTES], int64_t n)
{
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = {{3600000, "h"}, {60000, "m"}, {1000, "s"}};

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (n != 0 && n % units[i].ms == 0) {
            (void)snprintf(out, AMOUNT_BYTES, "%" PRId64 "%s", n / units[i].ms,
                units[i].name);
            return;
        }
    }
    (void)snprintf(out, AMOUNT_BYTES, "%" PRId64 "%s", n, n != 0 ? "ms" : "");
}

static void say_count(char out[AMOUNT_BYTES], int64_t n)
{
    (void)snprintf(out, AMOUNT_BYTES, "%" PRId64, n);
}

static void say_range(char out[SETTING_TAKES_BYTES],
    const struct config_key *key, const char *what,
    void (*say)(char *, int64_t))
{
    char min[AMOUNT_BYTES], max[AMOUNT_BYTES];

    say(min, key->min);
    say(max, key->max);
    if (key->max == INT64_MAX) {
        (void)snprintf(out, SETTING_TAKES_BYTES, "%s from %s on", what, min);
    } else {
        (void)snprintf(
            out, SETTING_TAKES_BYTES, "%s from %s to %s", what, min, max);
    }
}

/* a|b as "one of a, b". */
static void say_words(char out[SETTING_TAKES_BYTES], const char *words)
{
    size_t n = (size_t)snprintf(out, SETTING_TAKES_BYTES, "one of ");

    for (; *words != '\0' && n + 3 < SETTING_TAKES_BYTES; words++) {
        if (*words == '|') {
            out[n++] = ',';
        }
        out[n++] = *words == '|' ? ' ' : *words;
    }
    out[n] = '\0';
}

void setting_takes(const struct config_key *key, char out[SETTING_TAKES_BYTES])
{
    switch (key->type) {
    case CONFIG_TEXT:
        (void)snprintf(out, SETTING_TAKES_BYTES, "text");
        break;
    case CONFIG_BOOL:
        (void)snprintf(out, SETTING_TAKES_BYTES, "true or false");
        break;
    case CONFIG_COUNT:
        say_range(out, key, "a whole number", say_count);
        break;
    case CONFIG_BYTES:
        say_range(out, key, "bytes,", say_bytes);
        break;
    case CONFIG_MS:
        say_range(out, key, "a duration", say_ms);
        break;
    case CONFIG_CHOICE:
        say_words(out, key->choices);
        break;
    }
}

void setting_variable(
    const struct config_key *key, char out[SETTING_TAKES_BYTES])
{
    size_t n = (size_t)snprintf(out, SETTING_TAKES_BYTES, "NARU_");

    for (const char *c = key->name; *c != '\0' && n + 1 < SETTING_TAKES_BYTES;
         c++) {
        out[n++] =
            (char)(*c == '.' || *c == '-' ? '_' : toupper((unsigned char)*c));
    }
    out[n] = '\0';
}

bool setting_begins_section(
    const struct config_table *t, size_t i, char title[SETTING_SECTION_BYTES])
{
    const char *name = t->keys[i].name;
    size_t n = strcspn(name, ".");

    if (i > 0 && strncmp(t->keys[i - 1].name, name, n + 1) == 0) {
        return false;
    }
    (void)snprintf(title, SETTING_SECTION_BYTES, "[%.*s]", (int)n, name);
    return true;
}
