/* naru kibana check: what stands in Kibana and in the index, against ours. */
#include "cli/kibana_actions.h"

#include "cli/kibana_options.h"
#include "cli/kibana_sets.h"
#include "kibana/live_fields.h"
#include "kibana/object_face.h"
#include "kibana/object_text.h"
#include "kibana/standing_objects.h"

#include <stdio.h>
#include <string.h>

static const struct option_row rows[] = {
    KIBANA_ROW_URL,
    KIBANA_ROW_SPACE,
    KIBANA_ROW_INDEX,
    {KIBANA_NO_INDEX, "no-index", 0, NULL,
        "do not ask the search engine for the panels' fields"},
    KIBANA_ROW_WAIT,
    KIBANA_ROW_CONFIG,
    KIBANA_ROW_SET,
    KIBANA_ROW_HELP,
};

const struct option_table kibana_check_option_table = {
    .command = "naru kibana check",
    .usage = "naru kibana check [DATASET]... [OPTIONS]",
    .about =
        "Compares what stands in Kibana or OpenSearch Dashboards with what\n"
        "naru kibana import would put there, and says of each object: as it\n"
        "should be, missing, changed by hand, or of another release of naru\n"
        "(import would renew it, and nothing is lost). Then looks every field\n"
        "that a panel asks for up in the live index (section [elasticsearch])"
        "\nand compares its type with the dataset's. Changes nothing. DATASET "
        "is\nas in naru kibana --help.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after = "Examples:\n"
             "  naru kibana check marcap\n"
             "  naru kibana check marcap pipeline -c naru.conf --space "
             "markets\n"
             "  naru kibana check marcap --no-index --url "
             "https://kibana:5601\n\n"
             "Exit codes: 0 all is as it should be, 1 something is not, 2 "
             "unusable\narguments, configuration or sources.",
};

/* 1 when the object is not as it should be. */
static size_t compare_one(const json_t *ours, const json_t *standing)
{
    char where[OBJECT_FACE_WHERE_BYTES];
    const char *said = "as it should be";
    enum object_standing found = object_face_compare(
        ours, json_is_null(standing) ? NULL : standing, where);

    switch (found) {
    case OBJECT_SAME:
        break;
    case OBJECT_MISSING:
        said = "missing";
        break;
    case OBJECT_OTHER_RELEASE:
        said = "of another release of naru: ";
        break;
    case OBJECT_CHANGED:
        said = "changed by hand: ";
        break;
    }
    (void)printf("%s %s: %s%s\n", object_text(ours, "type"),
        object_text(ours, "id"), said, where);
    return found != OBJECT_SAME;
}

/* How many differ, or -1 with err. */
static int compare_set(const struct kibana_link *link,
    const struct kibana_server *server, const json_t *ours, size_t *n,
    struct error *err)
{
    json_t *standing;
    const json_t *object;
    size_t i;

    if (standing_objects_read(link, server, ours, &standing, err) != 0) {
        return -1;
    }
    json_array_foreach(ours, i, object)
    {
        *n += compare_one(object, json_array_get(standing, i));
    }
    json_decref(standing);
    return 0;
}

static int check_fields(const struct kibana_options *o,
    const struct kibana_set *set, size_t *n, struct error *err)
{
    struct endpoint *e = endpoint_new(o->config, err);
    json_t *caps = NULL;
    int rc = -1;

    if (e != NULL && live_fields_read(e, set->index, &caps, err) == 0) {
        size_t bad = 0;

        if (caps == NULL) {
            (void)printf("there is no index %s at %s\n", set->index,
                endpoint_host(e, 0));
            bad = 1;
        } else {
            bad = live_fields_check(caps, set->objects, set->dataset,
                set->index, kibana_print, NULL);
        }
        if (bad == 0) {
            (void)printf("index %s has every field that the panels ask for\n",
                set->index);
        }
        *n += bad;
        rc = 0;
    }
    json_decref(caps);
    endpoint_free(e);
    return rc;
}

static int check_set(const struct kibana_options *o,
    const struct kibana_link *link, const struct kibana_server *server,
    const char *name, struct error *err)
{
    struct kibana_set set;
    size_t n = 0;
    int rc = 2;

    if (kibana_set_load(&set, name, o->index, server->target, err) == 0) {
        rc = compare_set(link, server, set.objects, &n, err) == 0 &&
                     (o->no_index || check_fields(o, &set, &n, err) == 0)
                 ? 0
                 : 1;
    }
    if (rc == 0 && n > 0) {
        rc = 1;
        (void)error_set(err,
            n == 1 ? "%s: %zu thing is not as it should be"
                   : "%s: %zu things are not as they should be",
            name, n);
    }
    kibana_set_fini(&set);
    return rc;
}

int kibana_check(int argc, char **argv)
{
    struct kibana_options o;
    struct error err;
    int rc = 2;

    if (kibana_options_read(&o, &kibana_check_option_table, argc, argv, &err) ==
        0) {
        rc = o.help ? 0 : kibana_sets_run(&o, NULL, check_set, &err);
    }
    if (rc != 0) {
        (void)fflush(stdout);
        (void)fprintf(stderr, "naru kibana: %s\n", err.text);
    }
    kibana_options_fini(&o);
    return rc;
}
