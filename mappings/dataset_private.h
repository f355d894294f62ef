/* What the files of struct dataset share; for them and their test only. */
#ifndef NARU_MAPPINGS_DATASET_PRIVATE_H
#define NARU_MAPPINGS_DATASET_PRIVATE_H

#include "common/attr.h"
#include "common/error.h"
#include "mappings/dataset.h"

#include <jansson.h>
#include <stddef.h>

struct dataset_private {
    json_t *root; /* owned; every text of the dataset lies in it */
    struct dataset_column *columns; /* owned; the public pointer, writable */
    char *alias, *writes_to;        /* owned, when not in root */
};

/*
 * dataset_from_text(text, n, err):
 * The dataset of n bytes of JSON. NULL with err, which says where in the text
 * (line and column of a slip of syntax, JSON path of one of meaning).
 */
struct dataset *dataset_from_text(
    const char *text, size_t n, struct error *err) MUST_CHECK;

/*
 * dataset_from_json(root, err):
 * The dataset of a parsed file. Takes root over, also when it fails. NULL with
 * err, which holds the JSON path.
 */
struct dataset *dataset_from_json(json_t *root, struct error *err) MUST_CHECK;

/*
 * dataset_read_column(json, i, column, err):
 * The i-th entry of "columns". Its aliases are allocated and the dataset's to
 * free, also after failure; other texts lie in json. Returns 0 or -1 with err.
 */
int dataset_read_column(json_t *json, size_t i, struct dataset_column *column,
    struct error *err) MUST_CHECK;

/*
 * dataset_check_display(json, type, path, err):
 * Are "format" and "aggregate" of the column at path what dataset_display can
 * read? Returns 0 or -1 with err.
 */
int dataset_check_display(const json_t *json, enum column_type type,
    const char *path, struct error *err) MUST_CHECK;

/*
 * dataset_read_clean(json, clean, err):
 * The file's "clean", NULL when it has none. The list of absent texts is
 * allocated and the dataset's to free, also after failure. Returns 0 or -1.
 */
int dataset_read_clean(
    json_t *json, struct dataset_clean *clean, struct error *err) MUST_CHECK;

/*
 * dataset_read_target(ds, err):
 * The names that follow from the index: what is read, what is written. After
 * dataset_check_patterns. Returns 0 or -1 with err.
 */
int dataset_read_target(struct dataset *ds, struct error *err) MUST_CHECK;

/*
 * dataset_check_elasticsearch(part, err):
 * The file's "elasticsearch", NULL when it has none. Returns 0 or -1 with err.
 */
int dataset_check_elasticsearch(json_t *part, struct error *err) MUST_CHECK;

/*
 * dataset_check_patterns(ds, err):
 * Do index, id and version name what there is? Marks the columns of the id as
 * required. Returns 0 or -1 with err.
 */
int dataset_check_patterns(struct dataset *ds, struct error *err) MUST_CHECK;

#endif
