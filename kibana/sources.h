/*
 * struct sources: the readable files that saved objects are assembled from:
 * one data view, dashboards, and panels. README.md says what they may hold.
 * Read-only after sources_load.
 */
#ifndef NARU_KIBANA_SOURCES_H
#define NARU_KIBANA_SOURCES_H

#include "common/attr.h"
#include "common/error.h"

#include <jansson.h>
#include <stddef.h>

#define SOURCES_NAME_BYTES 64

/* The width that dashboards are laid out in. */
#define SOURCES_GRID_COLUMNS 48

struct sources {
    char name[SOURCES_NAME_BYTES]; /* of the set: "marcap" */
    json_t *data_view;
    json_t *dashboards; /* file name without .json -> its contents */
    json_t *panels;     /* the same */
};

/*
 * sources_load(s, name_or_path, err):
 * The built-in set of that name, or the folder when the argument has a slash.
 * Every file is checked against the keys of README.md, and that dashboards
 * name panels that there are. Returns 0, or -1 with err, which names file and
 * JSON path. sources_fini is safe in both cases.
 */
int sources_load(
    struct sources *s, const char *name_or_path, struct error *err) MUST_CHECK;
void sources_fini(struct sources *s);

/* sources_dataset(s): The dataset whose fields the data view has. */
const char *sources_dataset(const struct sources *s);

/* sources_text(object, key): A checked text, "" when absent. Borrowed. */
const char *sources_text(const json_t *object, const char *key);

/* sources_builtin_name(i): The i-th built-in set's name, static; NULL when
 * there are no more. */
const char *sources_builtin_name(size_t i);

#endif
