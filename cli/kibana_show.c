/* naru kibana show: the assembled saved objects, to standard output. */
#include "cli/kibana_actions.h"

#include "cli/kibana_options.h"
#include "kibana/object_text.h"

#include <stdio.h>
#include <string.h>

static const struct option_row rows[] = {
    KIBANA_ROW_INDEX,
    {KIBANA_LEGACY, "legacy", 0, NULL,
        "the form of Kibana 6.2 to 6.8, for its\n"
        "POST /api/kibana/dashboards/import"},
    {KIBANA_LENS, "lens", 0, NULL, "the panels for Kibana 8 and newer too"},
    KIBANA_ROW_CONFIG,
    KIBANA_ROW_SET,
    KIBANA_ROW_HELP,
};

const struct option_table kibana_show_option_table = {
    .command = "naru kibana show",
    .usage = "naru kibana show [DATASET]... [OPTIONS]",
    .about =
        "Writes the saved objects as the file that Kibana and OpenSearch\n"
        "Dashboards import (ndjson: one a line), asking no server. DATASET is "
        "as\nin naru kibana --help.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "Examples:\n"
        "  naru kibana show marcap > marcap.ndjson\n"
        "      # Kibana: Stack Management, Saved Objects, Import\n"
        "  naru kibana show marcap --legacy | curl -H 'kbn-xsrf: true' \\\n"
        "      -H 'Content-Type: application/json' -d @- \\\n"
        "      'http://127.0.0.1:5601/api/kibana/dashboards/import?force=true'"
        "\n\n"
        "Exit codes: 0 done, 2 unusable arguments, configuration or sources.",
};

static int write_legacy(const json_t *objects)
{
    json_t *body = json_pack("{sO}", "objects", objects);
    int rc = json_dumpf(body, stdout, JSON_INDENT(1) | OBJECT_TEXT_REALS);

    json_decref(body);
    return rc == 0 && putchar('\n') != EOF ? 0 : -1;
}

static int write_lines(const json_t *objects)
{
    struct buf file;
    int rc;

    buf_init(&file, SAVED_OBJECTS_MOST_BYTES);
    rc = saved_objects_write(objects, &file) == 0 &&
                 fwrite(buf_str(&file), 1, file.len_bytes, stdout) ==
                     file.len_bytes
             ? 0
             : -1;
    buf_fini(&file);
    return rc;
}

/* Objects of several sets in one list, as one file. */
static int collect(
    const struct kibana_options *o, json_t *objects, struct error *err)
{
    enum saved_objects_target target = o->legacy ? SAVED_OBJECTS_LEGACY
                                       : o->lens ? SAVED_OBJECTS_KIBANA8
                                                 : SAVED_OBJECTS_PORTABLE;

    for (size_t i = 0; i < o->n_sets; i++) {
        struct kibana_set set;
        int rc = kibana_set_load(
            &set, kibana_options_set(o, i), o->index, target, err);

        if (rc == 0) {
            rc = json_array_extend(objects, set.objects);
        }
        kibana_set_fini(&set);
        if (rc != 0) {
            return -1;
        }
    }
    return 0;
}

static int show(const struct kibana_options *o, struct error *err)
{
    json_t *objects = json_array();
    int rc = 2;

    if (o->legacy && o->lens) {
        (void)error_set(err, "--legacy and --lens: Kibana 6 has no Lens");
    } else if (collect(o, objects, err) == 0) {
        rc = (o->legacy ? write_legacy(objects) : write_lines(objects)) == 0 &&
                     fflush(stdout) == 0
                 ? 0
                 : 1;
        if (rc != 0) {
            (void)error_set(err, "cannot write to standard output");
        }
    }
    json_decref(objects);
    return rc;
}

int kibana_show(int argc, char **argv)
{
    struct kibana_options o;
    struct error err;
    int rc = 2;

    if (kibana_options_read(&o, &kibana_show_option_table, argc, argv, &err) ==
        0) {
        rc = o.help ? 0 : show(&o, &err);
    }
    if (rc != 0) {
        (void)fprintf(stderr, "naru kibana: %s\n", err.text);
    }
    kibana_options_fini(&o);
    return rc;
}
