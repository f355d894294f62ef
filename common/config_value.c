/* Reading one setting's text by its type; see config_value.h. */
#include "common/config_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit count_units[] = {{"", 1}};
static const struct unit byte_units[] = {{"", 1}, {"b", 1}, {"k", 1024},
    {"kb", 1024}, {"m", 1048576}, {"mb", 1048576}, {"g", 1073741824},
    {"gb", 1073741824}};
static const struct unit ms_units[] = {
    {"", 1}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};

struct number_form {
    const struct unit *units;
    size_t n_units;
    const char *what;
};

static struct number_form form_of(enum config_type type)
{
    if (type == CONFIG_BYTES) {
        return (struct number_form){byte_units,
            sizeof(byte_units) / sizeof(byte_units[0]),
            "a number of bytes such as 5m, 512k or 1048576"};
    }
    if (type == CONFIG_MS) {
        return (struct number_form){ms_units,
            sizeof(ms_units) / sizeof(ms_units[0]),
            "a duration such as 500ms, 5s or 2m"};
    }
    return (struct number_form){count_units, 1, "a whole number"};
}

static int read_number(const struct config_key *key, const char *text,
    int64_t *out, struct error *err)
{
    struct number_form form = form_of(key->type);
    char *end;
    long long n;

    errno = 0;
    n = strtoll(text, &end, 10);
    if (end == text || errno != 0) {
        return error_set(err, "'%s' is not %s", text, form.what);
    }
    end += strspn(end, " ");
    for (size_t i = 0; i < form.n_units; i++) {
        int64_t value;

        if (strcasecmp(end, form.units[i].name) != 0) {
            continue;
        }
        if (__builtin_mul_overflow(n, form.units[i].factor, &value) ||
            value < key->min || value > key->max) {
            return error_set(err, "'%s' is out of range: from %lld to %lld%s",
                text, (long long)key->min, (long long)key->max,
                key->type == CONFIG_BYTES ? " bytes"
                : key->type == CONFIG_MS  ? " ms"
                                          : "");
        }
        *out = value;
        return 0;
    }
    return error_set(err, "'%s' is not %s", text, form.what);
}

static int read_bool(const char *text, int64_t *out, struct error *err)
{
    static const char *const words[] = {
        "false", "true", "no", "yes", "off", "on", "0", "1"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i]) == 0) {
            *out = (int64_t)(i % 2);
            return 0;
        }
    }
    return error_set(err, "'%s' is neither true nor false", text);
}

static int read_choice(const struct config_key *key, const char *text,
    int64_t *out, struct error *err)
{
    const char *at = key->choices;
    size_t len = strlen(text);

    for (int64_t i = 0;; i++) {
        size_t n = strcspn(at, "|");

        if (n == len && strncmp(at, text, n) == 0) {
            *out = i;
            return 0;
        }
        if (at[n] == '\0') {
            return error_set(err, "'%s' is not one of %s", text, key->choices);
        }
        at += n + 1;
    }
}

int config_value_read(const struct config_key *key, const char *text,
    int64_t *out, struct error *err)
{
    int64_t scratch = 0;

    if (out == NULL) {
        out = &scratch;
    }
    switch (key->type) {
    case CONFIG_TEXT:
        *out = 0;
        return 0;
    case CONFIG_BOOL:
        return read_bool(text, out, err);
    case CONFIG_COUNT:
    case CONFIG_BYTES:
    case CONFIG_MS:
        return read_number(key, text, out, err);
    case CONFIG_CHOICE:
        return read_choice(key, text, out, err);
    }
    return error_set(err, "unknown type of setting");
}
