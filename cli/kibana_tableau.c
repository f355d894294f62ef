/*
 * naru kibana tableau: a Tableau data source for a dataset. The file is
 * kibana/tableau's to make; here are the options, and where it goes.
 */
#include "cli/kibana_actions.h"

#include "cli/index_name.h"
#include "cli/settings.h"
#include "common/buf.h"
#include "common/endpoint.h"
#include "common/options.h"
#include "kibana/tableau/data_source.h"
#include "replay/output_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXIT_WORK 1
#define EXIT_USAGE 2
#define NAME_MAX_BYTES 1024

enum option_id {
    OPT_CLASS = 1,
    OPT_CONFIG,
    OPT_CONNECTOR,
    OPT_FORCE,
    OPT_HELP,
    OPT_INDEX,
    OPT_OUT,
    OPT_SET
};

static const struct option_row rows[] = {
    {OPT_CONNECTOR, "connector", 0, "elastic|opensearch",
        "elastic (the default): Elastic's JDBC connector, or\n"
        "opensearch: OpenSearch's"},
    {OPT_OUT, "out", 'o', "FILE",
        "write there, e.g. marcap.tds; - is standard output (the\n"
        "default)"},
    {OPT_FORCE, "force", 'f', NULL, "overwrite FILE"},
    {OPT_INDEX, "index", 'i', "NAME",
        "another index or alias than the dataset's"},
    {OPT_CLASS, "connector-class", 0, "NAME",
        "how Tableau knows the connector: elasticsearch-jdbc or\n"
        "opensearch_jdbc; elasticsearch_jdbc for Elastic's before\n"
        "7.15"},
    {OPT_CONFIG, "config", 'c', "FILE", "settings (naru.conf, if it exists)"},
    {OPT_SET, "set", 0, "S.KEY=VALUE",
        "one setting, e.g. elasticsearch.hosts=https://es:9200"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table kibana_tableau_option_table = {
    .command = "naru kibana tableau",
    .usage = "naru kibana tableau [DATASET] [OPTIONS]",
    .about =
        "Writes a Tableau data source (.tds): the connection to the first "
        "of\nelasticsearch.hosts, and the dataset's columns with names, types, "
        "roles, formats,\naggregates and descriptions. It holds no password; "
        "Tableau asks for it. No server\nis asked.\n\n"
        "DATASET is marcap, ohlcv, trade or a file such as ./mine.json; "
        "without it the\nconfiguration's bridge.dataset.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after = "Examples:\n"
             "  naru kibana tableau marcap --out marcap.tds\n"
             "  naru kibana tableau marcap --connector opensearch -c naru.conf "
             "-o marcap.tds\n\n"
             "Which sheets work live, and which need an extract: "
             "docs/tableau.md.\n\n"
             "Exit codes: 0 done, 1 the file could not be written, 2 unusable "
             "arguments,\nconfiguration or dataset.",
};

struct job {
    struct settings_args settings;
    struct config *config;
    struct dataset *dataset;
    struct endpoint *endpoint;
    enum connector connector;
    const char *connector_class, *index, *out, *name;
    bool force, help;
    struct buf index_text;
};

static int take_connector(struct job *job, const char *value, struct error *err)
{
    if (strcmp(value, "elastic") == 0) {
        job->connector = CONNECTOR_ELASTIC;
    } else if (strcmp(value, "opensearch") == 0) {
        job->connector = CONNECTOR_OPENSEARCH;
    } else {
        return error_set(
            err, "--connector: '%s' is neither elastic nor opensearch", value);
    }
    return 0;
}

static int take_option(
    struct job *job, int id, const char *value, struct error *err)
{
    switch ((enum option_id)id) {
    case OPT_CLASS:
        job->connector_class = value;
        break;
    case OPT_CONFIG:
        job->settings.file = value;
        break;
    case OPT_CONNECTOR:
        return take_connector(job, value, err);
    case OPT_FORCE:
        job->force = true;
        break;
    case OPT_HELP:
        job->help = true;
        break;
    case OPT_INDEX:
        job->index = value;
        break;
    case OPT_OUT:
        job->out = value;
        break;
    case OPT_SET:
        return settings_add(&job->settings, value) == 0
                   ? 0
                   : error_set(err, "out of memory");
    }
    return 0;
}

static int read_argv(struct job *job, int argc, char **argv, struct error *err)
{
    struct options *pass =
        options_new(&kibana_tableau_option_table, argc, argv);
    const char *value;
    int id, rc = 0;

    if (pass == NULL) {
        return error_set(err, "out of memory");
    }
    while (rc == 0 && (id = options_next(pass, &value, err)) != OPTIONS_END) {
        rc = id == OPTIONS_BAD ? -1 : take_option(job, id, value, err);
    }
    if (rc == 0 && options_operand_count(pass) > 1) {
        rc = error_set(err, "unexpected argument '%s'; one dataset at a time",
            options_operands(pass)[1]);
    }
    if (rc == 0 && options_operand_count(pass) == 1) {
        job->name = options_operands(pass)[0];
    }
    options_free(pass);
    return rc;
}

static int load_dataset(struct job *job, struct error *err)
{
    const char *name = job->name != NULL
                           ? job->name
                           : config_text(job->config, "bridge.dataset");

    if (name == NULL) {
        return error_set(err,
            "which dataset? Name it (marcap, ohlcv, trade or a file) or set "
            "bridge.dataset in the configuration");
    }
    job->dataset = dataset_load(name, err);
    return job->dataset != NULL ? 0 : -1;
}

/* The alias that readers ask; of a family all of it is one table. */
static int choose_index(struct job *job, struct error *err)
{
    const char *pattern = config_text(job->config, "bridge.index");

    if (job->index == NULL) {
        if (index_name_widen(pattern != NULL ? pattern : job->dataset->alias,
                &job->index_text, err) != 0) {
            return -1;
        }
        job->index = buf_str(&job->index_text);
    }
    return index_name_check("--index", job->index, err);
}

static int prepare(struct job *job, struct error *err)
{
    job->config = settings_load(&job->settings, err);
    if (job->config == NULL || load_dataset(job, err) != 0 ||
        choose_index(job, err) != 0) {
        return -1;
    }
    job->endpoint = endpoint_new(job->config, err);
    if (job->endpoint == NULL) {
        return -1;
    }
    if (strcmp(job->out, "-") != 0 && !job->force &&
        access(job->out, F_OK) == 0) {
        return error_set(
            err, "--out: %s exists; --force overwrites it", job->out);
    }
    return 0;
}

static int write_file(
    const struct job *job, const struct buf *text, struct error *err)
{
    struct output_file *f = output_file_open(job->out, false, err);
    int rc = -1;

    if (f != NULL) {
        rc = output_file_write(f, text->data, text->len_bytes, err) == 0
                 ? output_file_finish(f, err)
                 : -1;
    }
    output_file_free(f);
    return rc;
}

static int run(const struct job *job, struct error *err)
{
    const struct data_source source = {.dataset = job->dataset,
        .index = job->index,
        .connector = job->connector,
        .connector_class = job->connector_class,
        .url = endpoint_host(job->endpoint, 0),
        .username = config_text(job->config, "elasticsearch.username")};
    struct buf text;
    int rc;

    buf_init(&text, DATA_SOURCE_MAX_BYTES);
    rc = data_source_write(&source, &text, err) == 0
             ? write_file(job, &text, err)
             : -1;
    buf_fini(&text);
    return rc == 0 ? 0 : EXIT_WORK;
}

int kibana_tableau(int argc, char **argv)
{
    struct job job = {.out = "-"};
    struct error err;
    int code = EXIT_USAGE;

    buf_init(&job.index_text, NAME_MAX_BYTES);
    if (read_argv(&job, argc, argv, &err) == 0) {
        if (job.help) {
            options_print_help(&kibana_tableau_option_table);
            code = 0;
        } else if (prepare(&job, &err) == 0) {
            code = run(&job, &err);
        }
    }
    if (code != 0) {
        (void)fprintf(stderr, "naru kibana tableau: %s\n", err.text);
    }
    endpoint_free(job.endpoint);
    dataset_free(job.dataset);
    config_free(job.config);
    buf_fini(&job.index_text);
    settings_fini(&job.settings);
    return code;
}
