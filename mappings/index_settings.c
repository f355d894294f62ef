/* Settings compared; see index_settings.h. */
#include "mappings/index_settings.h"

#include <stdio.h>
#include <string.h>

#define MAX_NAME_BYTES 256

/*
 * The static ones of IndexScopedSettings, in Elasticsearch and OpenSearch: all
 * others are Property.Dynamic. A name that ends in '.' is a prefix.
 */
static const char *const static_settings[] = {
    "index.analysis.",
    "index.codec",
    "index.format",
    "index.load_fixed_bitset_filters_eagerly",
    "index.mapper.",
    "index.mode",
    "index.number_of_routing_shards",
    "index.number_of_shards",
    "index.routing_partition_size",
    "index.routing_path",
    "index.shard.check_on_startup",
    "index.similarity.",
    "index.soft_deletes.enabled",
    "index.sort.",
    "index.store.",
};

/*
 * What an engine or its operator sets without changing what is stored or
 * found. Counts of shards and replicas are always there: they are compared
 * only where a dataset speaks of them.
 */
static const char *const of_the_engine[] = {
    "index.allocation.",
    "index.creation_date",
    "index.creation_date_string",
    "index.history.",
    "index.lifecycle.",
    "index.number_of_replicas",
    "index.number_of_shards",
    "index.plugins.",
    "index.provided_name",
    "index.replication.",
    "index.resize.",
    "index.routing.",
    "index.uuid",
    "index.verified_before_close",
    "index.version.",
};

static bool is_listed(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(list[i]);
        bool is_prefix = list[i][len - 1] == '.';

        if (is_prefix ? strncmp(name, list[i], len) == 0
                      : strcmp(name, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

#define IS_LISTED(name, list)                                                  \
    is_listed(name, list, sizeof(list) / sizeof((list)[0]))

bool index_setting_is_static(const char *name)
{
    return IS_LISTED(name, static_settings);
}

/* Engines give scalars back as texts: 2 as "2", true as "true". */
static json_t *as_text(json_t *value)
{
    char number[32];

    if (json_is_boolean(value)) {
        return json_string(json_is_true(value) ? "true" : "false");
    }
    if (json_is_integer(value)) {
        (void)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
            json_integer_value(value));
        return json_string(number);
    }
    return json_incref(value);
}

/* Put into out, flat, what lies below prefix; "index" may be left out of the
 * names. Returns 0, or -1 out of memory. */
static int flatten(json_t *settings, const char *prefix, json_t *out)
{
    const char *key;
    json_t *value;

    json_object_foreach(settings, key, value)
    {
        bool whole =
            strcmp(prefix, "index.") == 0 &&
            (strcmp(key, "index") == 0 || strncmp(key, "index.", 6) == 0);
        char name[MAX_NAME_BYTES], deeper[MAX_NAME_BYTES + 1];

        (void)snprintf(name, sizeof(name), "%s%s", whole ? "" : prefix, key);
        (void)snprintf(deeper, sizeof(deeper), "%s.", name);
        if (json_is_object(value)) {
            if (flatten(value, deeper, out) != 0) {
                return -1;
            }
        } else if (json_object_set_new(out, name, as_text(value)) != 0) {
            return -1;
        }
    }
    return 0;
}

json_t *index_settings_flatten(json_t *settings)
{
    json_t *out = json_object();

    if (out != NULL && flatten(settings, "index.", out) != 0) {
        json_decref(out);
        return NULL;
    }
    return out;
}

/* Those of a, flat, that b has not, or has otherwise. */
static json_t *subtract(json_t *a, json_t *b, bool by_name)
{
    json_t *mine = index_settings_flatten(a);
    json_t *other = index_settings_flatten(b);
    json_t *out = mine != NULL && other != NULL ? json_object() : NULL;
    const char *name;
    json_t *value;

    json_object_foreach(mine, name, value)
    {
        const json_t *there = json_object_get(other, name);
        bool same = by_name ? there != NULL || IS_LISTED(name, of_the_engine)
                            : json_equal(value, there);

        if (!same && json_object_set(out, name, value) != 0) {
            json_decref(out);
            out = NULL;
            break;
        }
    }
    json_decref(mine);
    json_decref(other);
    return out;
}

json_t *index_settings_diff(json_t *wanted, json_t *standing)
{
    return subtract(wanted, standing, false);
}

json_t *index_settings_undeclared(json_t *wanted, json_t *standing)
{
    return subtract(standing, wanted, true);
}
