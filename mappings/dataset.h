/*
 * struct dataset: the one truth about a shape of data, read from a JSON file
 * (mappings/<name>.json; the built-in ones are inside the executable). Replay
 * encodes by it, mappings plans by it, the bridge takes id, version and index
 * from it, verify compares by it.
 *
 * The structures are read-only after dataset_load and live until dataset_free.
 */
#ifndef NARU_MAPPINGS_DATASET_H
#define NARU_MAPPINGS_DATASET_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATASET_NO_COLUMN SIZE_MAX

enum column_type {
    COLUMN_KEYWORD, /* a code or a name, kept byte for byte */
    COLUMN_TEXT,    /* prose */
    COLUMN_LONG,    /* an exact 64-bit count or amount; "5.0" is 5 */
    COLUMN_INTEGER, /* an exact 32-bit one */
    COLUMN_DOUBLE,  /* a price or a ratio */
    COLUMN_DATE,    /* a day, YYYY-MM-DD */
    COLUMN_EPOCH_MS /* an instant, milliseconds since 1970-01-01 UTC */
};

struct dataset_column {
    const char *name;           /* the JSON field, and the usual CSV header */
    const char *const *aliases; /* other CSV headers for it */
    size_t n_aliases;
    enum column_type type;
    bool optional; /* the CSV's header may lack it */
    bool required; /* an empty value is an error, not an absent field */
    bool dropped;  /* left out of the JSON unless asked for */
    bool in_id;    /* part of the document id */
};

/* What is done to a CSV's values before they are read by their types. */
struct dataset_clean {
    const char *const *absent; /* texts that stand for no value */
    size_t n_absent;
    size_t longest_absent_bytes;
    bool trim;      /* spaces and tabs around names and values */
    bool thousands; /* "1,234,567" is a number */
};

struct dataset {
    const char *name;
    const char *description;
    int schema_version; /* 1 and up; part of the index's name */

    const struct dataset_column *columns;
    size_t n_columns;

    size_t time_column;     /* COLUMN_DATE or COLUMN_EPOCH_MS */
    int utc_offset_minutes; /* of COLUMN_DATE's midnight, e.g. 540 in Seoul */
    size_t key_column;      /* the Kafka record's key */
    size_t rank_column;     /* for --top; or DATASET_NO_COLUMN */
    size_t volume_column;   /* 0 there: not traded; or DATASET_NO_COLUMN */
    struct dataset_clean clean;

    const char *index; /* as the file has it: "marcap", "marcap-%{Date:%Y}" */
    bool is_family;    /* that is a pattern: an index per period */
    const char *alias; /* what readers ask: "marcap" of both */
    const char *writes_to; /* the bridge's: the alias "marcap_write"; of a
                              family "marcap-v1-%{Date:%Y}", real indices */
    const char *id;        /* pattern, e.g. "%{Date}-%{Code}" */
    const char *version;   /* "timestamp", "none" or a numeric field's name */
    bool id_is_of_row;     /* no part of the id is the Kafka record's */
    bool id_has_time;      /* the time column, whole: equal ids, equal times */

    struct dataset_private *private_; /* the file's Elasticsearch part */
};

/*
 * dataset_load(name_or_path, err):
 * The dataset of a built-in name ("marcap"), or of a file when the argument
 * has a slash or ends in ".json". Checks it whole: an unknown key, an unknown
 * type, a name used twice, a pattern that names no column is an error with the
 * file and what to write instead. The columns of the key, the time, the id and
 * the index count as required whether the file says so or not. Patterns may
 * also name _topic, _partition, _offset, _key and _timestamp. Returns NULL with
 * err.
 */
struct dataset *dataset_load(
    const char *name_or_path, struct error *err) MUST_CHECK;

/* dataset_free(ds): Free it; NULL is fine. */
void dataset_free(struct dataset *ds);

/* dataset_builtin_names(): The built-in names, NULL-terminated, static. */
const char *const *dataset_builtin_names(void);

/*
 * dataset_find_column(ds, header):
 * The column that a CSV header names, by name or alias, exactly (case counts);
 * or DATASET_NO_COLUMN.
 */
size_t dataset_find_column(const struct dataset *ds, struct slice header);

/*
 * dataset_event_ms(ds, text, ms):
 * The instant of a time column's text, milliseconds since 1970 UTC: midnight
 * at utc_offset_minutes for a date. Returns 0, or -1 when the text is not of
 * the column's form.
 */
int dataset_event_ms(
    const struct dataset *ds, struct slice text, int64_t *ms) MUST_CHECK;

enum column_aggregate {
    AGGREGATE_NONE, /* what is no number */
    AGGREGATE_SUM,
    AGGREGATE_AVG,
    AGGREGATE_MIN,
    AGGREGATE_MAX
};

/* How programs for people show a column. */
struct dataset_display {
    const char *description; /* NULL: there is none */
    const char *format;      /* "#,##0.00"; NULL: as it comes */
    enum column_aggregate aggregate; /* what to make of several values */
};

/*
 * dataset_display(ds, column): Of a column by its index. Without "aggregate" a
 * whole number is summed, a double averaged. Borrowed from ds.
 */
struct dataset_display dataset_display(
    const struct dataset *ds, size_t column);

/*
 * dataset_wants_korean(ds):
 * Does a mapping name the analyzer "@korean", so that one must be chosen?
 */
bool dataset_wants_korean(const struct dataset *ds);

/*
 * dataset_template_priority(ds):
 * The priority of its index template: elasticsearch.template_priority, or 500.
 */
int dataset_template_priority(const struct dataset *ds);

struct dataset_lifecycle {
    /* Ages since an index was created, as engines write them ("30d"); NULL:
     * never. At least one is there. */
    const char *read_only_after;
    const char *force_merge_after;
    const char *delete_after;
};

/*
 * dataset_lifecycle(ds, l): elasticsearch.lifecycle; false when it has none.
 * Borrowed from ds.
 */
bool dataset_lifecycle(const struct dataset *ds, struct dataset_lifecycle *l);

/*
 * dataset_set_index(ds, index, err):
 * Let ds be of another index, borrowed for as long as ds lives; the template
 * and the owner's mark take its name then. Returns 0; -1 with err when it is a
 * pattern.
 */
int dataset_set_index(
    struct dataset *ds, const char *index, struct error *err) MUST_CHECK;

/*
 * dataset_create_body(ds, korean_analyzer, text_out, err):
 * The settings and mappings Elasticsearch should have for this dataset, as a
 * JSON text {"settings":...,"mappings":...} to be freed with free(). Field
 * types follow from the column types: keyword, text, long and integer (coerce
 * off), double, date (strict_date), date (epoch_millis); a column's own
 * "mapping" adds to that. "_meta" says managed_by, dataset, schema_version and
 * a sha256 over the declaration. korean_analyzer replaces the analyzer name
 * "@korean" after that (so that an engine's plug-ins do not change the sum)
 * and is noted in "_meta". Returns 0 or -1 with err.
 */
int dataset_create_body(const struct dataset *ds, const char *korean_analyzer,
    char **text_out, struct error *err) MUST_CHECK;

#endif
