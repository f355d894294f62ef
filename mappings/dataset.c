/*
 * Datasets: found by name among the built-in ones or read from a file, and
 * asked about afterwards. What a file may say is in dataset_read.c, what
 * Elasticsearch is told in dataset_body.c.
 */
#include "mappings/dataset.h"

#include "common/civil.h"
#include "common/suggest.h"
#include "mappings/dataset_private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MS_PER_MINUTE 60000
#define MS_PER_DAY 86400000

/* From naru_embed: the bytes of mappings/<name>.json. */
extern const unsigned char dataset_marcap_json[];
extern const unsigned long dataset_marcap_json_len;
extern const unsigned char dataset_metrics_json[];
extern const unsigned long dataset_metrics_json_len;
extern const unsigned char dataset_ohlcv_json[];
extern const unsigned long dataset_ohlcv_json_len;
extern const unsigned char dataset_trade_json[];
extern const unsigned long dataset_trade_json_len;

static const char *const builtin_names[] = {
    "marcap", "ohlcv", "trade", "metrics", NULL};

static const struct {
    const unsigned char *bytes;
    const unsigned long *len;
} builtins[] = {
    {dataset_marcap_json, &dataset_marcap_json_len},
    {dataset_ohlcv_json, &dataset_ohlcv_json_len},
    {dataset_trade_json, &dataset_trade_json_len},
    {dataset_metrics_json, &dataset_metrics_json_len},
};

const char *const *dataset_builtin_names(void)
{
    return builtin_names;
}

/* Where the JSON reader stopped, in words for a person. */
static void explain_syntax(const json_error_t *slip, struct error *err)
{
    (void)error_set(
        err, "line %d, column %d: %s", slip->line, slip->column, slip->text);
}

struct dataset *dataset_from_text(const char *text, size_t n, struct error *err)
{
    json_error_t slip;
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &slip);

    if (root == NULL) {
        explain_syntax(&slip, err);
        return NULL;
    }
    return dataset_from_json(root, err);
}

static struct dataset *load_file(const char *path, struct error *err)
{
    json_error_t slip;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &slip);
    struct dataset *ds = NULL;

    if (root != NULL) {
        ds = dataset_from_json(root, err);
    } else if (json_error_code(&slip) == json_error_cannot_open_file) {
        (void)error_set(err, "%s", slip.text); /* names the file itself */
        return NULL;
    } else {
        explain_syntax(&slip, err);
    }
    if (ds == NULL) {
        (void)error_prefix(err, "%s: ", path);
    }
    return ds;
}

static struct dataset *load_builtin(const char *name, struct error *err)
{
    struct suggest s;
    const char *best;

    suggest_start(&s, name);
    for (size_t i = 0; builtin_names[i] != NULL; i++) {
        if (strcmp(builtin_names[i], name) == 0) {
            struct dataset *ds = dataset_from_text(
                (const char *)builtins[i].bytes, *builtins[i].len, err);

            if (ds == NULL) {
                (void)error_prefix(err, "built-in dataset %s: ", name);
            }
            return ds;
        }
        suggest_offer(&s, builtin_names[i]);
    }
    best = suggest_best(&s);
    if (best != NULL) {
        (void)error_set(err, "no dataset '%s'; did you mean '%s'?", name, best);
    } else {
        (void)error_set(err,
            "no dataset '%s'; built in are marcap, ohlcv and trade, and a "
            "path such as ./%s.json is read as a file",
            name, name);
    }
    return NULL;
}

struct dataset *dataset_load(const char *name_or_path, struct error *err)
{
    size_t len = strlen(name_or_path);

    if (strchr(name_or_path, '/') != NULL ||
        (len > 5 && strcmp(name_or_path + len - 5, ".json") == 0)) {
        return load_file(name_or_path, err);
    }
    return load_builtin(name_or_path, err);
}

void dataset_free(struct dataset *ds)
{
    if (ds == NULL) {
        return;
    }
    for (size_t i = 0; i < ds->n_columns; i++) {
        free((void *)(uintptr_t)ds->columns[i].aliases);
    }
    free((void *)(uintptr_t)ds->clean.absent);
    free(ds->private_->columns);
    free(ds->private_->alias);
    free(ds->private_->writes_to);
    json_decref(ds->private_->root);
    free(ds->private_);
    free(ds);
}

int dataset_set_index(struct dataset *ds, const char *index, struct error *err)
{
    if (strstr(index, "%{") != NULL) {
        return error_set(
            err, "%s: an index's plain name is wanted, no pattern", index);
    }
    if (strcmp(ds->index, index) == 0) {
        return 0;
    }
    ds->index = index;
    ds->name = index;
    free(ds->private_->alias);
    free(ds->private_->writes_to);
    ds->private_->alias = NULL;
    ds->private_->writes_to = NULL;
    return dataset_read_target(ds, err);
}

size_t dataset_find_column(const struct dataset *ds, struct slice header)
{
    for (size_t i = 0; i < ds->n_columns; i++) {
        const struct dataset_column *column = &ds->columns[i];

        if (slice_is(header, column->name)) {
            return i;
        }
        for (size_t a = 0; a < column->n_aliases; a++) {
            if (slice_is(header, column->aliases[a])) {
                return i;
            }
        }
    }
    return DATASET_NO_COLUMN;
}

/* Exactly an optional '-' and digits that fit; no spaces, no '+'. */
static int read_int64(struct slice text, int64_t *out)
{
    bool negative = text.len > 0 && text.p[0] == '-';
    int64_t value = 0;

    if (text.len == (negative ? 1 : 0)) {
        return -1;
    }
    for (size_t i = negative ? 1 : 0; i < text.len; i++) {
        int digit = text.p[i] - '0';

        if (digit < 0 || digit > 9 ||
            __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value)) {
            return -1;
        }
    }
    *out = value;
    return 0;
}

int dataset_event_ms(const struct dataset *ds, struct slice text, int64_t *ms)
{
    int64_t days;

    if (ds->columns[ds->time_column].type == COLUMN_EPOCH_MS) {
        return read_int64(text, ms);
    }
    if (civil_parse(text, &days) != 0) {
        return -1;
    }
    *ms = days * MS_PER_DAY - (int64_t)ds->utc_offset_minutes * MS_PER_MINUTE;
    return 0;
}
