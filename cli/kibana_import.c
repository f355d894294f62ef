/* naru kibana import: saved objects put into Kibana or OpenSearch
 * Dashboards. */
#include "cli/kibana_actions.h"

#include "cli/kibana_options.h"
#include "cli/kibana_sets.h"
#include "kibana/importer.h"
#include "kibana/object_text.h"

#include <stdio.h>
#include <string.h>

static const struct option_row rows[] = {
    KIBANA_ROW_URL,
    KIBANA_ROW_SPACE,
    KIBANA_ROW_INDEX,
    {KIBANA_OVERWRITE, "overwrite", 0, NULL,
        "replace objects that stand (the default)"},
    {KIBANA_NO_OVERWRITE, "no-overwrite", 0, NULL,
        "leave objects that stand as they are, and say so\n"
        "(exit code 1)"},
    KIBANA_ROW_WAIT,
    KIBANA_ROW_CONFIG,
    KIBANA_ROW_SET,
    KIBANA_ROW_HELP,
};

const struct option_table kibana_import_option_table = {
    .command = "naru kibana import",
    .usage = "naru kibana import [DATASET]... [OPTIONS]",
    .about =
        "Puts data view, panels and dashboards into Kibana or OpenSearch\n"
        "Dashboards. Ids are fixed, so that importing again replaces what was\n"
        "imported before; changes made by hand to these objects are lost then\n"
        "(naru kibana check shows them first). Which form the server takes is\n"
        "found by asking it:\n"
        "  Kibana 8 and 9                   all panels\n"
        "  Kibana 7.11 to 7.17              all but those for Kibana 8\n"
        "  OpenSearch Dashboards            the same\n"
        "  Kibana 6.2 to 6.8                the legacy form, of what it draws\n"
        "DATASET is as in naru kibana --help. The login stands in section\n"
        "[kibana]: username and password_file, or api_key_file; ca_file,\n"
        "client_cert_file, client_key_file.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "Examples:\n"
        "  naru kibana import marcap\n"
        "  naru kibana import marcap pipeline --url https://kibana:5601 \\\n"
        "      --space markets --set kibana.api_key_file=/etc/naru/kibana-key\n"
        "  naru kibana import marcap --index marcap-test\n\n"
        "Exit codes: 0 all imported, 1 some or all were not, 2 unusable\n"
        "arguments, configuration or sources.",
};

/* Where to look now. */
static void print_links(const struct kibana_link *link,
    const struct kibana_server *server, const json_t *objects)
{
    const json_t *object;
    size_t i;

    json_array_foreach(objects, i, object)
    {
        if (strcmp(object_text(object, "type"), "dashboard") == 0) {
            (void)printf("%s: %s%s%s%s%s\n",
                object_text(json_object_get(object, "attributes"), "title"),
                endpoint_host(link->endpoint, 0),
                link->space != NULL ? "/s/" : "",
                link->space != NULL ? link->space : "", server->dashboard_path,
                object_text(object, "id"));
        }
    }
}

static int send_set(const struct kibana_options *o,
    const struct kibana_link *link, const struct kibana_server *server,
    const char *name, struct error *err)
{
    struct import_result result;
    struct kibana_set set;
    int rc = 2;

    if (kibana_set_load(&set, name, o->index, server->target, err) == 0) {
        rc = importer_send(link, server, set.objects, !o->keep, kibana_print,
                 NULL, &result, err) == 0
                 ? 0
                 : 1;
    }
    if (rc == 0) {
        (void)printf("%s: %zu of %zu objects imported into %s\n", name,
            result.imported, result.imported + result.failed, server->name);
        if (result.failed > 0) {
            rc = 1;
            (void)error_set(err, "%s: %zu object%s not imported", name,
                result.failed, result.failed == 1 ? " was" : "s were");
        } else {
            print_links(link, server, set.objects);
        }
    }
    kibana_set_fini(&set);
    return rc;
}

/* Unusable sources are found before anything is sent. */
static int check_sets(const struct kibana_options *o, struct error *err)
{
    for (size_t i = 0; i < o->n_sets; i++) {
        struct kibana_set set;
        int rc = kibana_set_load(&set, kibana_options_set(o, i), o->index,
            SAVED_OBJECTS_PORTABLE, err);

        kibana_set_fini(&set);
        if (rc != 0) {
            return -1;
        }
    }
    return 0;
}

int kibana_import(int argc, char **argv)
{
    struct kibana_options o;
    struct error err;
    int rc = 2;

    if (kibana_options_read(
            &o, &kibana_import_option_table, argc, argv, &err) == 0) {
        rc = o.help ? 0 : kibana_sets_run(&o, check_sets, send_set, &err);
    }
    if (rc != 0) {
        (void)fprintf(stderr, "naru kibana: %s\n", err.text);
    }
    kibana_options_fini(&o);
    return rc;
}
