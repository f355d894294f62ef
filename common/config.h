/*
 * struct config: one INI file, the environment and --set, checked against
 * tables of known keys. Later sources win: default, file, environment, --set.
 *
 * File: sections and `key = value`; ';' or '#' starts a comment line, " ;" one
 * behind a value; an indented line continues the value above. Environment:
 * NARU_SECTION_KEY, dots as underscores (NARU_KAFKA_BOOTSTRAP_SERVERS). --set:
 * section.key=value. An unknown key, a key given twice in the file, a value
 * out of range: an error with file and line.
 */
#ifndef NARU_COMMON_CONFIG_H
#define NARU_COMMON_CONFIG_H

#include "common/attr.h"
#include "common/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum config_type {
    CONFIG_TEXT,
    CONFIG_BOOL,  /* true/false, yes/no, on/off, 1/0 */
    CONFIG_COUNT, /* a whole number in [min, max] */
    CONFIG_BYTES, /* a count with an optional k, m or g (powers of 1024) */
    CONFIG_MS,    /* a duration with an optional ms, s, m or h; bare is ms */
    CONFIG_CHOICE /* one of the words in choices, separated by | */
};

#define CONFIG_SECRET 1u /* hidden by config_print, refused by config_set */
#define CONFIG_LIVE 2u   /* SIGHUP takes it anew while naru bridge runs */

/* Behind a secret's name: the file whose first line it is. */
#define CONFIG_FILE_SUFFIX "_file"

struct config_key {
    const char *name; /* "section.key"; "section.key.N" stands for as many as
                       * are given: key.1, key.2 ... */
    enum config_type type;
    const char *fallback; /* the default as text; NULL for none */
    int64_t min, max;     /* of COUNT, BYTES, MS */
    const char *choices;  /* of CHOICE */
    unsigned flags;
    const char *help;
};

struct config_table {
    const struct config_key *keys;
    size_t n_keys;
};

struct config; /* opaque */

/*
 * config_new(tables, n_tables):
 * An empty configuration over borrowed tables. Keys of section [kafka] are
 * open: any name is taken and handed to librdkafka, which checks it.
 */
struct config *config_new(
    const struct config_table *tables, size_t n_tables) MUST_CHECK;
void config_free(struct config *c);

/* config_read_file(c, path, err): Take a file's settings. "-" is stdin. */
int config_read_file(
    struct config *c, const char *path, struct error *err) MUST_CHECK;

/* config_read_environment(c, environ, err): Take NARU_* variables. An unknown
 * NARU_SECTION_* of one of our sections is an error; others are left alone. */
int config_read_environment(
    struct config *c, char *const *environ_, struct error *err) MUST_CHECK;

/* config_set(c, assignment, err): Take one --set section.key=value. A secret is
 * refused: command lines are there for all to read. */
int config_set(
    struct config *c, const char *assignment, struct error *err) MUST_CHECK;

/*
 * The value in force. name must be in a table (asserted). config_text is NULL
 * when neither set nor defaulted. Numbers are in the table's unit: bytes, ms.
 */
const char *config_text(const struct config *c, const char *name);
bool config_bool(const struct config *c, const char *name);
int64_t config_number(const struct config *c, const char *name);

/* config_is_set(c, name): Was it given, rather than defaulted? */
bool config_is_set(const struct config *c, const char *name);

/*
 * config_origin(c, name): Where the value came from: "naru.conf:7",
 * "environment NARU_...", "--set", "default". Valid until the next read.
 */
const char *config_origin(const struct config *c, const char *name);

/* Walk [kafka]: the i-th property, 0 while i is below their number, else -1. */
int config_kafka_at(const struct config *c, size_t i, const char **property,
    const char **value, const char **origin) MUST_CHECK;

/*
 * config_numbered_at(c, name, i, number, value, origin):
 * Walk the settings of a name that ends in ".N", in the order of their
 * numbers, whatever gaps these have: 0 while i is below how many there are,
 * else -1. number and origin may be NULL; origin as config_origin's.
 */
int config_numbered_at(const struct config *c, const char *name, size_t i,
    int *number, const char **value, const char **origin) MUST_CHECK;

/* config_is_secret(c, name): By its table, or by the words in the name of a
 * property of librdkafka. */
bool config_is_secret(const struct config *c, const char *name);

/* config_is_secret_file(name): Is it a kafka.*_file that names the file of a
 * secret of librdkafka's? It knows no such property. */
bool config_is_secret_file(const char *name);

/*
 * config_renew(c, fresh, told, arg, err):
 * Take from fresh what differs and is CONFIG_LIVE, and tell of each setting
 * that differs, whether it was taken or not. What config_text gave of those
 * that were taken is gone. 0, or -1 with err.
 */
typedef void (*config_change_fn)(void *arg, const char *name, bool is_taken);
int config_renew(struct config *c, const struct config *fresh,
    config_change_fn told, void *arg, struct error *err) MUST_CHECK;

/* config_print(c, to): All settings in force with origins, secrets hidden. */
void config_print(const struct config *c, FILE *to);

#endif
