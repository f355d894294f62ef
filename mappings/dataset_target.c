/*
 * A dataset file's "elasticsearch", and the names that follow from its index.
 *
 * Readers and writers have an alias each, so that a migration can send the
 * writers to a new index while the readers stay on the old one. A family, an
 * index per period, has no alias to write to: its members are made by the
 * first record of their period, by the template, and one name cannot stand for
 * a member that is not there yet. So the version stands in the members' names:
 * "marcap-%{Date:%Y}" writes to marcap-v1-2022.
 */
#include "mappings/dataset_private.h"

#include "mappings/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define DEFAULT_PRIORITY 500 /* above the 100 of Elasticsearch's own */
#define SEPARATORS "-_."

static const struct shape_key elasticsearch_keys[] = {
    {"settings", SHAPE_OBJECT, false},
    {"dynamic", SHAPE_TEXT, false},
    {"template_priority", SHAPE_COUNT, false},
    {"lifecycle", SHAPE_OBJECT, false},
};
static const struct shape_key lifecycle_keys[] = {
    {"read_only_after", SHAPE_TEXT, false},
    {"force_merge_after", SHAPE_TEXT, false},
    {"delete_after", SHAPE_TEXT, false},
};

static int check_dynamic(const char *dynamic, struct error *err)
{
    static const char *const allowed[] = {"strict", "false", "true"};

    for (size_t i = 0; i < COUNT_OF(allowed); i++) {
        if (dynamic == NULL || strcmp(dynamic, allowed[i]) == 0) {
            return 0;
        }
    }
    return error_set(err,
        "elasticsearch.dynamic: \"%s\" is not \"strict\", \"false\" or "
        "\"true\"",
        dynamic);
}

/* "30d", "12h": what both ILM and ISM read. */
static bool is_age(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 6 && text[0] != '0' &&
           (strcmp(text + digits, "d") == 0 || strcmp(text + digits, "h") == 0);
}

static long age_hours(const char *age)
{
    return strtol(age, NULL, 10) * (strchr(age, 'd') != NULL ? 24 : 1);
}

static int check_lifecycle(json_t *lifecycle, struct error *err)
{
    const char *delete_after = shape_text(lifecycle, "delete_after");
    const char *key;
    json_t *age;

    if (lifecycle == NULL) {
        return 0;
    }
    if (shape_check(lifecycle, "elasticsearch.lifecycle", lifecycle_keys,
            COUNT_OF(lifecycle_keys), err) != 0) {
        return -1;
    }
    if (json_object_size(lifecycle) == 0) {
        return error_set(err,
            "elasticsearch.lifecycle is empty; say read_only_after, "
            "force_merge_after or delete_after, or leave it out");
    }
    json_object_foreach(lifecycle, key, age)
    {
        const char *text = json_string_value(age);

        if (!is_age(text)) {
            return error_set(err,
                "elasticsearch.lifecycle.%s: \"%s\" is not an age such as "
                "\"30d\" or \"12h\"",
                key, text);
        }
        if (delete_after != NULL && text != delete_after &&
            age_hours(text) >= age_hours(delete_after)) {
            return error_set(err,
                "elasticsearch.lifecycle.%s: %s is not before delete_after, %s",
                key, text, delete_after);
        }
    }
    return 0;
}

int dataset_check_elasticsearch(json_t *part, struct error *err)
{
    if (part == NULL) {
        return 0;
    }
    if (shape_check(part, "elasticsearch", elasticsearch_keys,
            COUNT_OF(elasticsearch_keys), err) != 0 ||
        check_dynamic(shape_text(part, "dynamic"), err) != 0) {
        return -1;
    }
    return check_lifecycle(json_object_get(part, "lifecycle"), err);
}

/* The fixed text before the first %{, without what joins it to the period. */
static int read_family(struct dataset *ds, struct error *err)
{
    size_t fixed = (size_t)(strstr(ds->index, "%{") - ds->index);
    size_t bytes = strlen(ds->index) + 24;
    size_t n = fixed;

    while (n > 0 && strchr(SEPARATORS, ds->index[n - 1]) != NULL) {
        n--;
    }
    if (n == 0) {
        return error_set(err,
            "index: \"%s\" must begin with fixed text, such as "
            "\"marcap-%%{Date:%%Y}\": it becomes the alias that readers ask",
            ds->index);
    }
    ds->private_->alias = strndup(ds->index, n);
    ds->private_->writes_to = malloc(bytes);
    if (ds->private_->alias == NULL || ds->private_->writes_to == NULL) {
        return error_set(err, "out of memory");
    }
    (void)snprintf(ds->private_->writes_to, bytes, "%s-v%d%s%s",
        ds->private_->alias, ds->schema_version, n == fixed ? "-" : "",
        ds->index + n);
    ds->alias = ds->private_->alias;
    ds->writes_to = ds->private_->writes_to;
    return 0;
}

int dataset_read_target(struct dataset *ds, struct error *err)
{
    size_t bytes = strlen(ds->index) + sizeof("_write");

    ds->is_family = strstr(ds->index, "%{") != NULL;
    if (ds->is_family) {
        return read_family(ds, err);
    }
    ds->private_->writes_to = malloc(bytes);
    if (ds->private_->writes_to == NULL) {
        return error_set(err, "out of memory");
    }
    (void)snprintf(ds->private_->writes_to, bytes, "%s_write", ds->index);
    ds->alias = ds->index;
    ds->writes_to = ds->private_->writes_to;
    return 0;
}

static const json_t *part_of(const struct dataset *ds)
{
    return json_object_get(ds->private_->root, "elasticsearch");
}

int dataset_template_priority(const struct dataset *ds)
{
    const json_t *own = json_object_get(part_of(ds), "template_priority");

    return own != NULL ? (int)json_integer_value(own) : DEFAULT_PRIORITY;
}

bool dataset_lifecycle(const struct dataset *ds, struct dataset_lifecycle *l)
{
    const json_t *own = json_object_get(part_of(ds), "lifecycle");

    *l = (struct dataset_lifecycle){shape_text(own, "read_only_after"),
        shape_text(own, "force_merge_after"), shape_text(own, "delete_after")};
    return own != NULL;
}
