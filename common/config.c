/*
 * The settings in force and where each came from; see config.h. Entries are
 * kept in one array in the order they were first given; the tables say what
 * may be given and what stands when nothing is.
 */
#include "common/config.h"

#include "common/config_file.h"
#include "common/config_state.h"
#include "common/config_value.h"
#include "common/suggest.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_NUMBER 99999 /* of a numbered setting */

struct config *config_new(const struct config_table *tables, size_t n_tables)
{
    struct config *c = calloc(1, sizeof(*c));

    if (c != NULL) {
        c->tables = tables;
        c->n_tables = n_tables;
    }
    return c;
}

void config_free(struct config *c)
{
    if (c == NULL) {
        return;
    }
    for (size_t i = 0; i < c->n_entries; i++) {
        free(c->entries[i].name);
        free(c->entries[i].value);
        free(c->entries[i].origin);
    }
    free(c->entries);
    free(c);
}

bool config_is_kafka(const char *name)
{
    return strncmp(name, CONFIG_KAFKA, strlen(CONFIG_KAFKA)) == 0;
}

/* Does name's end read as the N of "section.key.N"? Its number, else 0. */
static int number_of(const char *key, const char *name)
{
    size_t n = strlen(key) - 1;
    int number = 0;

    if (n < 2 || key[n] != 'N' || key[n - 1] != '.' ||
        strncmp(key, name, n) != 0 || name[n] == '0') {
        return 0;
    }
    for (; name[n] >= '0' && name[n] <= '9' && number < MAX_NUMBER; n++) {
        number = number * 10 + (name[n] - '0');
    }
    return name[n] == '\0' && number <= MAX_NUMBER ? number : 0;
}

const struct config_key *config_find_key(
    const struct config *c, const char *name)
{
    for (size_t t = 0; t < c->n_tables; t++) {
        for (size_t k = 0; k < c->tables[t].n_keys; k++) {
            if (strcmp(c->tables[t].keys[k].name, name) == 0 ||
                number_of(c->tables[t].keys[k].name, name) > 0) {
                return &c->tables[t].keys[k];
            }
        }
    }
    return NULL;
}

struct config_entry *config_find_entry(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->n_entries; i++) {
        if (strcmp(c->entries[i].name, name) == 0) {
            return &c->entries[i];
        }
    }
    return NULL;
}

static const char *key_of(const char *name)
{
    return name + strcspn(name, ".") + 1;
}

/*
 * The known name whose key is nearest to that of name, among those of the same
 * section or of all. Keys alone are compared: a long section in front would
 * make any two of its names look alike.
 */
static const char *find_near(
    const struct config *c, const char *name, bool same_section)
{
    size_t section = strcspn(name, ".") + 1;
    const char *best, *best_name = NULL;
    struct suggest s;

    suggest_start(&s, key_of(name));
    for (size_t t = 0; t < c->n_tables; t++) {
        for (size_t k = 0; k < c->tables[t].n_keys; k++) {
            const char *known = c->tables[t].keys[k].name;

            if (same_section && strncmp(known, name, section) != 0) {
                continue;
            }
            best = s.best;
            suggest_offer(&s, key_of(known));
            best_name = s.best != best ? known : best_name;
        }
    }
    return suggest_best(&s) != NULL ? best_name : NULL;
}

static int unknown_key(
    const struct config *c, const char *name, struct error *err)
{
    const char *dot = strchr(name, '.');
    const char *best;
    int section;

    if (dot == NULL) {
        return error_set(err,
            "'%s' stands in no section; the sections are [kafka], "
            "[elasticsearch], [bridge], [transform], [nifi], [admin] and "
            "[kibana]",
            name);
    }
    section = (int)(dot - name);
    if ((best = find_near(c, name, true)) != NULL) {
        return error_set(err,
            "unknown setting '%s' in section [%.*s]; did you mean '%s'?",
            dot + 1, section, name, key_of(best));
    }
    if ((best = find_near(c, name, false)) != NULL) {
        return error_set(err,
            "unknown setting '%s' in section [%.*s]; did you mean '%s' in "
            "[%.*s]?",
            dot + 1, section, name, key_of(best), (int)strcspn(best, "."),
            best);
    }
    return error_set(err,
        "unknown setting '%s' in section [%.*s]; naru bridge --print-config "
        "lists what there is",
        dot + 1, section, name);
}

static int no_memory(struct error *err)
{
    return error_set(err, "out of memory");
}

static struct config_entry *add_entry(struct config *c, const char *name)
{
    struct config_entry *grown =
        realloc(c->entries, (c->n_entries + 1) * sizeof(*grown));

    if (grown == NULL) {
        return NULL;
    }
    c->entries = grown;
    grown += c->n_entries;
    *grown = (struct config_entry){.name = strdup(name)};
    if (grown->name == NULL) {
        return NULL;
    }
    c->n_entries++;
    return grown;
}

int config_store(
    struct config *c, const char *name, const char *value, const char *origin)
{
    struct config_entry *e = config_find_entry(c, name);
    char *value_copy = strdup(value);
    char *origin_copy = strdup(origin);

    if (value_copy == NULL || origin_copy == NULL ||
        (e == NULL && (e = add_entry(c, name)) == NULL)) {
        free(value_copy);
        free(origin_copy);
        return -1;
    }
    free(e->value);
    free(e->origin);
    e->value = value_copy;
    e->origin = origin_copy;
    return 0;
}

/* Check and store one setting; origin goes into the message on failure. */
static int put(struct config *c, const char *name, const char *value,
    const char *origin, bool from_file, struct error *err)
{
    const struct config_key *key = config_find_key(c, name);
    const struct config_entry *e = config_find_entry(c, name);

    if (key == NULL &&
        (!config_is_kafka(name) || name[strlen(CONFIG_KAFKA)] == 0)) {
        (void)unknown_key(c, name, err);
        return error_prefix(err, "%s: ", origin);
    }
    if (key != NULL && config_value_read(key, value, NULL, err) != 0) {
        return error_prefix(err, "%s: %s: ", origin, name);
    }
    if (e != NULL && from_file && e->from_this_file) {
        return error_set(err, "%s: %s is already set at %s; keep one of them",
            origin, name, e->origin);
    }
    if (config_store(c, name, value, origin) != 0) {
        return no_memory(err);
    }
    config_find_entry(c, name)->from_this_file = from_file;
    return 0;
}

static int refuse_secret(const char *name, struct error *err)
{
    char variable[CONFIG_NAME_BYTES];
    size_t n = 0;

    for (; name[n] != '\0'; n++) {
        variable[n] = name[n] == '.' || name[n] == '-'
                          ? '_'
                          : (char)toupper((unsigned char)name[n]);
    }
    variable[n] = '\0';
    return error_set(err,
        "--set %s: everybody on this machine can read a command line, so no "
        "secret may stand there; give a file with --set %s%s=FILE, or the "
        "environment variable NARU_%s",
        name, name, CONFIG_FILE_SUFFIX, variable);
}

int config_set(struct config *c, const char *assignment, struct error *err)
{
    const char *equals = strchr(assignment, '=');
    char name[CONFIG_NAME_BYTES];
    size_t n;

    if (equals == NULL || equals == assignment) {
        return error_set(err,
            "--set %s: expected section.key=value, e.g. "
            "bridge.linger_ms=200",
            assignment);
    }
    n = (size_t)(equals - assignment);
    if (n >= sizeof(name)) {
        return error_set(
            err, "--set %.40s...: the name is too long", assignment);
    }
    memcpy(name, assignment, n);
    name[n] = '\0';
    return config_is_secret(c, name)
               ? refuse_secret(name, err)
               : put(c, name, equals + 1, "--set", false, err);
}

/* Does env name e.g. BRIDGE_LINGER_MS the setting bridge.linger_ms? */
static bool env_names_part(const char *env, const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char want = name[i] == '.' || name[i] == '-'
                        ? '_'
                        : (char)toupper((unsigned char)name[i]);

        if (env[i] != want) {
            return false;
        }
    }
    return true;
}

static bool env_names(const char *env, size_t env_len, const char *name)
{
    return strlen(name) == env_len && env_names_part(env, name, env_len);
}

/*
 * Our variables are NARU_ and a section's name; scripts have others that
 * begin with NARU_. The first part tells them apart.
 */
static bool env_is_section(const struct config *c, const char *env, size_t len)
{
    for (size_t t = 0; t < c->n_tables; t++) {
        for (size_t k = 0; k < c->tables[t].n_keys; k++) {
            const char *name = c->tables[t].keys[k].name;
            size_t n = strcspn(name, ".");

            if (len > n && env[n] == '_' && strncasecmp(env, name, n) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* TRANSFORM_STEP_2 as transform.step.2 into name, when key is
 * transform.step.N. */
static bool env_numbers(const char *env, size_t env_len, const char *key,
    char name[CONFIG_NAME_BYTES])
{
    size_t n = strlen(key) - 1;

    if (n >= env_len || key[n] != 'N' || !env_names_part(env, key, n)) {
        return false;
    }
    (void)snprintf(name, CONFIG_NAME_BYTES, "%.*s%.*s", (int)n, key,
        (int)(env_len - n), env + n);
    return number_of(key, name) > 0;
}

static int env_take(struct config *c, const char *env, size_t len,
    const char *value, struct error *err)
{
    char name[CONFIG_NAME_BYTES], origin[CONFIG_NAME_BYTES + 32];

    if (len >= sizeof(name)) {
        return 0;
    }
    (void)snprintf(
        origin, sizeof(origin), "environment NARU_%.*s", (int)len, env);
    for (size_t t = 0; t < c->n_tables; t++) {
        for (size_t k = 0; k < c->tables[t].n_keys; k++) {
            if (env_names(env, len, c->tables[t].keys[k].name)) {
                return put(
                    c, c->tables[t].keys[k].name, value, origin, false, err);
            }
            if (env_numbers(env, len, c->tables[t].keys[k].name, name)) {
                return put(c, name, value, origin, false, err);
            }
        }
    }
    /* The first underscore ends the section. */
    for (size_t i = 0; i < len; i++) {
        name[i] = (char)tolower((unsigned char)env[i]);
    }
    name[len] = '\0';
    if (len > 6 && strncmp(name, "kafka_", 6) == 0) {
        for (size_t i = 0; i < len; i++) {
            name[i] = name[i] == '_' ? '.' : name[i];
        }
        config_mend_file_suffix(name);
        return put(c, name, value, origin, false, err);
    }
    if (env_is_section(c, env, len)) {
        name[strcspn(name, "_")] = '.';
        return put(c, name, value, origin, false, err);
    }
    return 0;
}

int config_read_environment(
    struct config *c, char *const *environ_, struct error *err)
{
    for (; *environ_ != NULL; environ_++) {
        const char *var = *environ_;
        const char *equals = strchr(var, '=');

        if (equals == NULL || strncmp(var, "NARU_", 5) != 0) {
            continue;
        }
        if (env_take(c, var + 5, (size_t)(equals - var - 5), equals + 1, err) !=
            0) {
            return -1;
        }
    }
    return 0;
}

/* The file's reader is config_file.c; these two are its door. */
int config_put_from_file(struct config *c, const char *name, const char *value,
    const char *origin, struct error *err)
{
    return put(c, name, value, origin, true, err);
}

void config_end_of_file(struct config *c)
{
    for (size_t i = 0; i < c->n_entries; i++) {
        c->entries[i].from_this_file = false;
    }
}

const char *config_text(const struct config *c, const char *name)
{
    const struct config_entry *e = config_find_entry(c, name);
    const struct config_key *key = config_find_key(c, name);

    assert(key != NULL || config_is_kafka(name));
    if (e != NULL) {
        return e->value;
    }
    return key != NULL ? key->fallback : NULL;
}

int64_t config_number(const struct config *c, const char *name)
{
    const struct config_key *key = config_find_key(c, name);
    const char *text = config_text(c, name);
    int64_t value = 0;

    assert(key != NULL);
    if (text == NULL || config_value_read(key, text, &value, NULL) != 0) {
        return 0; /* checked when it was put; a fallback is our own text */
    }
    return value;
}

bool config_bool(const struct config *c, const char *name)
{
    return config_number(c, name) != 0;
}

bool config_is_set(const struct config *c, const char *name)
{
    return config_find_entry(c, name) != NULL;
}

const char *config_origin(const struct config *c, const char *name)
{
    const struct config_entry *e = config_find_entry(c, name);

    return e != NULL ? e->origin : "default";
}

int config_kafka_at(const struct config *c, size_t i, const char **property,
    const char **value, const char **origin)
{
    for (size_t k = 0; k < c->n_entries; k++) {
        const struct config_entry *e = &c->entries[k];

        if (config_is_kafka(e->name) && i-- == 0) {
            *property = e->name + strlen(CONFIG_KAFKA);
            *value = e->value;
            *origin = e->origin;
            return 0;
        }
    }
    return -1;
}

int config_numbered_at(const struct config *c, const char *name, size_t i,
    int *number, const char **value, const char **origin)
{
    const struct config_entry *found = NULL;
    int at = 0;

    for (size_t step = 0; step <= i; step++) {
        int before = at;

        found = NULL;
        for (size_t k = 0; k < c->n_entries; k++) {
            int n = number_of(name, c->entries[k].name);

            if (n > before && (found == NULL || n < at)) {
                found = &c->entries[k];
                at = n;
            }
        }
        if (found == NULL) {
            return -1;
        }
    }
    *value = found->value;
    if (number != NULL) {
        *number = at;
    }
    if (origin != NULL) {
        *origin = found->origin;
    }
    return 0;
}
