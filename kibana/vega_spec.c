/* The data URLs of Vega specs; see vega_spec.h. */
#include "kibana/vega_spec.h"

#include <string.h>

void vega_spec_each_url(json_t *spec, vega_url_fn found, void *arg)
{
    const char *key;
    json_t *value;
    size_t i;

    json_object_foreach(spec, key, value)
    {
        if (strcmp(key, "url") == 0 && json_is_object(value)) {
            found(value, arg);
        } else {
            vega_spec_each_url(value, found, arg);
        }
    }
    json_array_foreach(spec, i, value)
    {
        vega_spec_each_url(value, found, arg);
    }
}

struct renaming {
    const char *from, *to;
};

static void rename_index(json_t *url, void *arg)
{
    const struct renaming *r = arg;
    const char *index = json_string_value(json_object_get(url, "index"));

    if (index != NULL && strcmp(index, r->from) == 0) {
        (void)json_object_set_new(url, "index", json_string(r->to));
    }
}

void vega_spec_set_index(json_t *spec, const char *from, const char *to)
{
    struct renaming r = {from, to};

    vega_spec_each_url(spec, rename_index, &r);
}

static void move_key(json_t *object, const char *from, const char *to)
{
    json_t *value = json_object_get(object, from);

    if (value != NULL) {
        (void)json_object_set(object, to, value);
        (void)json_object_del(object, from);
    }
}

/* fixed_interval and calendar_interval came with Elasticsearch 7.2. */
static void use_old_intervals(json_t *tree)
{
    const char *key;
    json_t *value;
    size_t i;

    json_object_foreach(tree, key, value)
    {
        if (strcmp(key, "date_histogram") == 0) {
            move_key(value, "fixed_interval", "interval");
            move_key(value, "calendar_interval", "interval");
        }
        use_old_intervals(value);
    }
    json_array_foreach(tree, i, value)
    {
        use_old_intervals(value);
    }
}

static void fit_url(json_t *url, void *arg)
{
    (void)arg;
    use_old_intervals(json_object_get(url, "body"));
}

void vega_spec_fit_kibana6(json_t *spec)
{
    const char *schema = json_string_value(json_object_get(spec, "$schema"));

    if (schema != NULL) {
        (void)json_object_set_new(spec, "$schema",
            json_string(strstr(schema, "vega-lite") != NULL
                            ? "https://vega.github.io/schema/vega-lite/v2.json"
                            : "https://vega.github.io/schema/vega/v3.0.json"));
    }
    vega_spec_each_url(spec, fit_url, NULL);
}
