/* The settings in force as text, without the secrets among them; see
 * config.h. */
#include "common/config_state.h"

#include <stdlib.h>
#include <string.h>

/* librdkafka's own secrets, by the words their names hold. */
static bool is_kafka_secret(const char *name, size_t n)
{
    static const char *const words[] = {"password", "passphrase", "secret",
        "jaas", "key.pem", "oauthbearer.config"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (memmem(name, n, words[i], strlen(words[i])) != NULL) {
            return true;
        }
    }
    return false;
}

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

bool config_is_secret_file(const char *name)
{
    return config_is_kafka(name) && ends_with(name, CONFIG_FILE_SUFFIX) &&
           is_kafka_secret(name, strlen(name) - strlen(CONFIG_FILE_SUFFIX));
}

bool config_is_secret(const struct config *c, const char *name)
{
    const struct config_key *key = config_find_key(c, name);

    if (key != NULL) {
        return (key->flags & CONFIG_SECRET) != 0;
    }
    return config_is_kafka(name) && !config_is_secret_file(name) &&
           is_kafka_secret(name, strlen(name));
}

void config_mend_file_suffix(char *name)
{
    size_t n = strlen(name), m = strlen(CONFIG_FILE_SUFFIX);

    if (n > m && ends_with(name, ".file") && is_kafka_secret(name, n - m)) {
        name[n - m] = '_';
    }
}

/*
 * value with what stands before the '@' of a URL hidden: whoever wrote a
 * password there gets an error, but not from --print-config. To be freed;
 * NULL out of memory.
 */
static char *without_user(const char *value)
{
    static const char mark[] = "(hidden)";
    char *out = malloc(strlen(value) * sizeof(mark) + 1);
    char *to = out;
    const char *slashes;

    while (out != NULL && (slashes = strstr(value, "://")) != NULL) {
        const char *user = slashes + 3;
        size_t n = strcspn(user, "/, \t");
        const char *at = memrchr(user, '@', n);

        to = mempcpy(to, value, (size_t)(user - value));
        if (at != NULL) {
            to = mempcpy(to, mark, sizeof(mark) - 1);
        } else {
            at = user;
        }
        value = at;
    }
    if (out != NULL) {
        (void)strcpy(to, value);
    }
    return out;
}

static void print_setting(
    const struct config *c, const char *name, const char *key, FILE *to)
{
    const char *value = config_text(c, name);
    char *hidden;

    if (value == NULL) {
        (void)fprintf(to, "; %s =\n", key);
        return;
    }
    hidden =
        config_is_secret(c, name) ? strdup("(hidden)") : without_user(value);
    (void)fprintf(to, "%s = %-40s ; %s\n", key,
        hidden != NULL ? hidden : "(out of memory)", config_origin(c, name));
    free(hidden);
}

/* All of a numbered setting. */
static void print_numbered(
    const struct config *c, const struct config_key *key, FILE *to)
{
    const char *dot = strchr(key->name, '.'), *value;
    char name[CONFIG_NAME_BYTES];
    int number;

    for (size_t i = 0;
         config_numbered_at(c, key->name, i, &number, &value, NULL) == 0; i++) {
        (void)snprintf(name, sizeof(name), "%.*s%d", (int)strlen(key->name) - 1,
            key->name, number);
        print_setting(c, name, name + (dot - key->name) + 1, to);
    }
}

void config_print(const struct config *c, FILE *to)
{
    const char *property, *value, *origin;
    char section[CONFIG_NAME_BYTES] = "kafka";

    (void)fprintf(to, "[kafka]\n");
    for (size_t i = 0; config_kafka_at(c, i, &property, &value, &origin) == 0;
         i++) {
        print_setting(c, property - strlen(CONFIG_KAFKA), property, to);
    }
    for (size_t t = 0; t < c->n_tables; t++) {
        for (size_t k = 0; k < c->tables[t].n_keys; k++) {
            const char *name = c->tables[t].keys[k].name;
            size_t n = strcspn(name, ".");

            if (strlen(section) != n || strncmp(section, name, n) != 0) {
                (void)snprintf(section, sizeof(section), "%.*s", (int)n, name);
                (void)fprintf(to, "\n[%s]\n", section);
            }
            if (strcmp(name + strlen(name) - 2, ".N") == 0) {
                print_numbered(c, &c->tables[t].keys[k], to);
            } else {
                print_setting(c, name, name + n + 1, to);
            }
        }
    }
}
