/*
 * naru mappings: a dataset's template, index and alias put in place (apply),
 * or printed (show). The work is mappings/apply's; here are the arguments.
 */
#include "cli/commands.h"

#include "cli/settings.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "common/options.h"
#include "mappings/apply.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"
#include "mappings/index_names.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WAIT_S 86400
#define KOREAN "@korean"

enum option_id { OPT_CONFIG = 1, OPT_HELP, OPT_SET, OPT_WAIT };

static const struct option_row rows[] = {
    {OPT_CONFIG, "config", 'c', "FILE",
        "the configuration (naru.conf, when it is there)"},
    {OPT_SET, "set", 0, "SECTION.KEY=VALUE",
        "one setting, over file and environment; again\n"
        "for more"},
    {OPT_WAIT, "wait", 0, "SECONDS",
        "apply: how long to wait for an engine that does\n"
        "not answer yet (0)"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table mappings_option_table = {
    .command = "naru mappings",
    .usage = "naru mappings apply [DATASET] [OPTIONS]\n"
             "naru mappings show [DATASET] [OPTIONS]",
    .about =
        "Puts what Elasticsearch or OpenSearch must know of a dataset in "
        "place:\n"
        "  the index template naru-DATASET, for all versions of the index,\n"
        "  the index, such as marcap-v1 (its version is the dataset's\n"
        "  schema_version), and the alias marcap, which naru bridge writes "
        "to.\n"
        "What is there already and the same is left alone; apply twice is "
        "apply\nonce. A column that was added is added to the standing index. "
        "What naru\nhas not made is never touched: apply says so and stops "
        "before the first\nchange.\n\n"
        "DATASET is marcap, ohlcv, trade or a file such as ./mine.json; "
        "without it\nthe configuration's bridge.dataset. show prints what "
        "apply would create the\nindex with, asking no engine.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after = "Examples:\n"
             "  naru mappings apply marcap\n"
             "  naru mappings apply -c naru.conf --wait 60\n"
             "  naru mappings apply ./mine.json \\\n"
             "      --set elasticsearch.hosts=https://search:9200 \\\n"
             "      --set elasticsearch.api_key_file=/etc/naru/key\n"
             "  naru mappings show trade\n\n"
             "Exit codes: 0 done, 1 the engine does not answer or refuses, or "
             "something\nof another owner is in the way, 2 unusable arguments, "
             "configuration or\ndataset.",
};

struct job {
    struct settings_args settings;
    int64_t wait_s;
    bool help, show;
    const char *dataset; /* NULL: the configuration's */
};

static int take_option(
    struct job *job, int id, const char *value, struct error *err)
{
    switch ((enum option_id)id) {
    case OPT_CONFIG:
        job->settings.file = value;
        break;
    case OPT_HELP:
        job->help = true;
        break;
    case OPT_SET:
        return settings_add(&job->settings, value) == 0
                   ? 0
                   : error_set(err, "out of memory");
    case OPT_WAIT:
        return options_number(
            "--wait", value, 0, MAX_WAIT_S, &job->wait_s, err);
    }
    return 0;
}

static int take_operands(
    struct job *job, int n, char *const *operands, struct error *err)
{
    if (n == 0) {
        return error_set(
            err, "apply or show? see %s --help", mappings_option_table.command);
    }
    if (strcmp(operands[0], "show") == 0) {
        job->show = true;
    } else if (strcmp(operands[0], "apply") != 0) {
        return error_set(err,
            "unknown action '%s'; apply or show? see %s "
            "--help",
            operands[0], mappings_option_table.command);
    }
    if (n > 2) {
        return error_set(err, "unexpected argument '%s'; see %s --help",
            operands[2], mappings_option_table.command);
    }
    job->dataset = n == 2 ? operands[1] : NULL;
    return 0;
}

static int read_job(struct job *job, int argc, char **argv, struct error *err)
{
    struct options *o = options_new(&mappings_option_table, argc, argv);
    const char *value;
    int rc = 0;
    int id = OPTIONS_END;

    if (o == NULL) {
        return error_set(err, "out of memory");
    }
    while (rc == 0 && !job->help && (id = options_next(o, &value, err)) >= 0) {
        rc = take_option(job, id, value, err);
    }
    if (rc == 0 && !job->help) {
        rc = id == OPTIONS_BAD ? -1
                               : take_operands(job, options_operand_count(o),
                                     options_operands(o), err);
    }
    options_free(o);
    return rc;
}

static struct dataset *load_dataset(
    const struct job *job, const struct config *config, struct error *err)
{
    const char *name = job->dataset;

    if (name == NULL) {
        name = config_text(config, "bridge.dataset");
    }
    if (name == NULL) {
        (void)error_set(err,
            "which dataset? Name it (marcap, ohlcv, trade or a file) or set "
            "bridge.dataset in the configuration");
        return NULL;
    }
    return dataset_load(name, err);
}

static int show(const struct dataset *ds, struct error *err)
{
    json_t *body = NULL;
    char *text;
    int rc;

    if (dataset_create_body(ds, KOREAN, &text, err) != 0) {
        return 1;
    }
    body = json_loads(text, 0, NULL);
    rc = body != NULL ? json_dumpf(body, stdout, JSON_INDENT(2)) : -1;
    free(text);
    json_decref(body);
    if (rc != 0 || putchar('\n') == EOF || fflush(stdout) != 0) {
        (void)error_set(err, "cannot write to standard output");
        return 1;
    }
    if (dataset_wants_korean(ds)) {
        (void)fprintf(stderr,
            "naru mappings: apply puts nori, cjk or standard for " KOREAN
            ", the first that the engine knows\n");
    }
    return 0;
}

static void report(const char *line, void *arg)
{
    (void)arg;
    (void)printf("%s\n", line);
    (void)fflush(stdout);
}

static int apply(const struct job *job, const struct config *config,
    const struct dataset *ds, struct error *err)
{
    struct index_names names;
    struct engine engine;
    struct endpoint *e;
    int rc;

    if (index_names_init(&names, ds, err) != 0) {
        return 2;
    }
    e = endpoint_new(config, err);
    if (e == NULL) {
        return 2;
    }
    rc = engine_wait(e, job->wait_s * 1000, &engine, err) == 0 &&
                 mappings_apply(e, ds, report, NULL, err) == 0
             ? 0
             : 1;
    endpoint_free(e);
    return rc;
}

static int run(const struct job *job, struct error *err)
{
    struct config *config = settings_load(&job->settings, err);
    struct dataset *ds = NULL;
    int rc = 2;

    if (config != NULL) {
        ds = load_dataset(job, config, err);
    }
    if (ds != NULL) {
        rc = job->show ? show(ds, err) : apply(job, config, ds, err);
    }
    dataset_free(ds);
    config_free(config);
    return rc;
}

int cmd_mappings(int argc, char **argv)
{
    struct job job = {.wait_s = 0};
    struct error err;
    int rc = 0;

    if (read_job(&job, argc, argv, &err) != 0) {
        rc = 2;
    } else if (job.help) {
        options_print_help(&mappings_option_table);
    } else {
        rc = run(&job, &err);
    }
    if (rc != 0) {
        (void)fprintf(stderr, "naru mappings: %s\n", err.text);
    }
    settings_fini(&job.settings);
    return rc;
}
