/*
 * naru mappings: what the engine must know of a dataset, shown, compared and
 * put in place. Here are the arguments; each action has a file of its own.
 */
#include "cli/commands.h"

#include "cli/mappings_job.h"
#include "common/options.h"
#include "common/suggest.h"

#include <stdio.h>
#include <string.h>

#define MAX_WAIT_S 86400
#define DEFAULT_RECORDS 10000 /* of --preflight */

enum option_id {
    OPT_CONFIG = 1,
    OPT_ABORT,
    OPT_DROP_OLD,
    OPT_DRY_RUN,
    OPT_HELP,
    OPT_JSON,
    OPT_PLAN,
    OPT_PLAN_FILE,
    OPT_PREFLIGHT,
    OPT_RECORDS,
    OPT_SET,
    OPT_WAIT
};

/* In the order of use. */
static const struct action {
    const char *name;
    mappings_action_fn run;
    unsigned options; /* which it takes beyond -c, --set and --help */
} actions[] = {
    {"plan", mappings_plan_action,
        1u << OPT_WAIT | 1u << OPT_JSON | 1u << OPT_PREFLIGHT |
            1u << OPT_RECORDS},
    {"apply", mappings_apply_action,
        1u << OPT_WAIT | 1u << OPT_PLAN | 1u << OPT_PLAN_FILE},
    {"check", mappings_check_action, 1u << OPT_WAIT | 1u << OPT_JSON},
    {"migrate", mappings_migrate_action,
        1u << OPT_WAIT | 1u << OPT_ABORT | 1u << OPT_DROP_OLD |
            1u << OPT_DRY_RUN},
    {"lint", mappings_lint_action, 0},
    {"show", mappings_show, 0},
};

#define N_ACTIONS (sizeof(actions) / sizeof(actions[0]))
#define FOR_ALL (1u << OPT_CONFIG | 1u << OPT_SET | 1u << OPT_HELP)

static const struct option_row rows[] = {
    {OPT_CONFIG, "config", 'c', "FILE",
        "the configuration (naru.conf, when it is there)"},
    {OPT_SET, "set", 0, "SECTION.KEY=VALUE",
        "one setting, over file and environment; again\n"
        "for more"},
    {OPT_JSON, "json", 0, NULL, "plan, check: as JSON, for programs"},
    {OPT_PLAN, "plan", 0, "FINGERPRINT",
        "apply: do what this plan showed, or nothing"},
    {OPT_PLAN_FILE, "plan-file", 0, "FILE",
        "apply: the same, of the file that plan --json wrote\n"
        "(- for standard input)"},
    {OPT_PREFLIGHT, "preflight", 0, "SOURCE",
        "plan: tell which records of a CSV file, or of\n"
        "topic:NAME, would be refused, by field and reason;\n"
        "asks no engine and writes nothing"},
    {OPT_RECORDS, "records", 0, "N",
        "--preflight: look at so many, the first ones\n"
        "(10000; 0: all)"},
    {OPT_WAIT, "wait", 0, "SECONDS",
        "how long to wait for an engine that does not answer\n"
        "yet (0)"},
    {OPT_ABORT, "abort", 0, NULL,
        "migrate: go back, as long as the alias has not\n"
        "moved: the old index takes writes, the new goes"},
    {OPT_DROP_OLD, "drop-old", 0, NULL,
        "migrate: when all is done delete the old index"},
    {OPT_DRY_RUN, "dry-run", 0, NULL,
        "migrate: say what it would do, and change nothing"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table mappings_option_table = {
    .command = "naru mappings",
    .usage = "naru mappings plan  [DATASET] [OPTIONS]\n"
             "naru mappings apply [DATASET] [--plan FINGERPRINT] [OPTIONS]\n"
             "naru mappings check [DATASET] [OPTIONS]\n"
             "naru mappings migrate [DATASET] [--dry-run|--abort|--drop-old]\n"
             "naru mappings lint  [DATASET]\n"
             "naru mappings show  [DATASET]",
    .about =
        "What Elasticsearch or OpenSearch must know of a dataset:\n"
        "  the index template naru-DATASET, for all versions of the index,\n"
        "  the index, such as marcap-v1 (its version is the dataset's\n"
        "  schema_version), the alias marcap, which readers ask, and the\n"
        "  alias marcap_write, which naru bridge writes to.\n"
        "A dataset whose index is marcap-%{Date:%Y} has an index a year\n"
        "(marcap-v1-2022, ...), made by its first document; all are behind\n"
        "the alias marcap.\n\n"
        "  plan   compares what stands with what is wanted and gives each\n"
        "         difference a verdict: in place; safe (apply does it); needs\n"
        "         a new index (and how many documents that moves); forbidden\n"
        "         (somebody else's is in the way). STANDING -> WANTED.\n"
        "  apply  does what plan shows, and nothing when a line of it is not\n"
        "         safe. With --plan it does what that plan showed, or nothing\n"
        "         when the cluster or the dataset has changed since.\n"
        "  check  finds drift: what stands is not what the dataset says. For\n"
        "         cron; also notes what SQL tools would stumble over.\n"
        "  migrate  moves the documents to the index of the dataset's raised\n"
        "         schema_version while bridges write and readers read: copies\n"
        "         until little is left, holds writes for the rest, moves the\n"
        "         aliases in one request. Stopped or killed at any point, the\n"
        "         same command goes on. The old index stays until --drop-old.\n"
        "  lint   looks for that in the dataset alone, asking no engine.\n"
        "  show   prints what an index would be made with, asking no "
        "engine.\n\n"
        "What naru has not made is never touched. DATASET is marcap, ohlcv,\n"
        "trade or a file such as ./mine.json; without it the configuration's\n"
        "bridge.dataset.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after = "Examples:\n"
             "  naru mappings plan -c naru.conf\n"
             "  naru mappings apply -c naru.conf --wait 60\n"
             "  naru mappings plan marcap --json > plan.json   # look at it\n"
             "  naru mappings apply marcap --plan-file plan.json\n"
             "  naru mappings apply ./mine.json \\\n"
             "      --set elasticsearch.hosts=https://search:9200 \\\n"
             "      --set elasticsearch.api_key_file=/etc/naru/key\n"
             "  naru mappings plan marcap --preflight marcap-2022.csv.gz\n"
             "  naru mappings plan marcap --preflight topic:Stock_Data "
             "--records 0\n"
             "  naru mappings migrate ./mine.json --dry-run\n"
             "  0 * * * *  naru mappings check -c /etc/naru.conf  # crontab\n\n"
             "Exit codes: 0 done; of plan: nothing to do; of check: no drift\n"
             "  3 plan: changes are needed\n"
             "  1 the engine does not answer or refuses, or something is in\n"
             "    the way; of check: drift; of lint: something found; of\n"
             "    --preflight: some record would be refused\n"
             "  2 unusable arguments, configuration or dataset",
};

static const struct action *find_action(const char *name, struct error *err)
{
    struct suggest s;

    suggest_start(&s, name);
    for (size_t i = 0; i < N_ACTIONS; i++) {
        if (strcmp(actions[i].name, name) == 0) {
            return &actions[i];
        }
        suggest_offer(&s, actions[i].name);
    }
    if (suggest_best(&s) != NULL) {
        (void)error_set(err, "unknown action '%s'; did you mean '%s'?", name,
            suggest_best(&s));
    } else {
        (void)error_set(err, "unknown action '%s'; %s --help lists them", name,
            mappings_option_table.command);
    }
    return NULL;
}

static int take_option(
    struct mappings_job *job, int id, const char *value, struct error *err)
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
    case OPT_ABORT:
        job->abort = true;
        break;
    case OPT_DROP_OLD:
        job->drop_old = true;
        break;
    case OPT_DRY_RUN:
        job->dry_run = true;
        break;
    case OPT_JSON:
        job->json = true;
        break;
    case OPT_PLAN:
        job->plan = value;
        break;
    case OPT_PLAN_FILE:
        job->plan_file = value;
        break;
    case OPT_PREFLIGHT:
        job->preflight = value;
        break;
    case OPT_RECORDS:
        return options_number(
            "--records", value, 0, INT64_MAX, &job->records, err);
    case OPT_WAIT:
        return options_number(
            "--wait", value, 0, MAX_WAIT_S, &job->wait_s, err);
    }
    return 0;
}

/* An option that the action does not know would be left out in silence. */
static int check_options(
    const struct action *action, unsigned given, struct error *err)
{
    unsigned strange = given & ~(action->options | FOR_ALL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if ((strange & 1u << rows[i].id) != 0) {
            return error_set(err, "--%s means nothing to %s; see %s --help",
                rows[i].name, action->name, mappings_option_table.command);
        }
    }
    return 0;
}

static int take_operands(struct mappings_job *job, const struct action **action,
    unsigned given, const struct options *o, struct error *err)
{
    int n = options_operand_count(o);
    char *const *operands = options_operands(o);

    if (n == 0) {
        return error_set(err, "which action? %s --help lists them",
            mappings_option_table.command);
    }
    *action = find_action(operands[0], err);
    if (*action == NULL) {
        return -1;
    }
    if (n > 2) {
        return error_set(err, "unexpected argument '%s'; see %s --help",
            operands[2], mappings_option_table.command);
    }
    job->dataset = n == 2 ? operands[1] : NULL;
    if ((given & 1u << OPT_RECORDS) != 0 && job->preflight == NULL) {
        return error_set(err, "--records is how many records --preflight "
                              "looks at; it does nothing alone");
    }
    return check_options(*action, given, err);
}

static int read_job(struct mappings_job *job, const struct action **action,
    int argc, char **argv, struct error *err)
{
    struct options *o = options_new(&mappings_option_table, argc, argv);
    const char *value;
    unsigned given = 0;
    int rc = 0;
    int id = OPTIONS_END;

    if (o == NULL) {
        return error_set(err, "out of memory");
    }
    while (rc == 0 && !job->help && (id = options_next(o, &value, err)) >= 0) {
        given |= 1u << id;
        rc = take_option(job, id, value, err);
    }
    if (rc == 0 && !job->help) {
        rc = id == OPTIONS_BAD ? -1 : take_operands(job, action, given, o, err);
    }
    options_free(o);
    return rc;
}

static struct dataset *load_dataset(const struct mappings_job *job,
    const struct config *config, struct error *err)
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

const char *mappings_scene_type(const struct mappings_scene *scene)
{
    return config_text(scene->config, "bridge.type");
}

int mappings_scene_find_engine(struct mappings_scene *scene,
    const struct mappings_job *job, struct error *err)
{
    scene->endpoint = endpoint_new(scene->config, err);
    if (scene->endpoint == NULL) {
        return 2;
    }
    return engine_wait(
               scene->endpoint, job->wait_s * 1000, &scene->engine, err) == 0
               ? 0
               : 1;
}

static int run(const struct action *action, const struct mappings_job *job,
    struct error *err)
{
    struct mappings_scene scene = {
        .config = settings_load(&job->settings, err)};
    int rc = 2;

    if (scene.config != NULL) {
        scene.dataset = load_dataset(job, scene.config, err);
    }
    if (scene.dataset != NULL) {
        rc = job->preflight != NULL ? mappings_preflight(job, &scene, err)
                                    : action->run(job, &scene, err);
    }
    endpoint_free(scene.endpoint);
    dataset_free(scene.dataset);
    config_free(scene.config);
    return rc;
}

int cmd_mappings(int argc, char **argv)
{
    struct mappings_job job = {.records = DEFAULT_RECORDS};
    const struct action *action = NULL;
    struct error err = {.text = ""};
    int rc = 0;

    if (read_job(&job, &action, argc, argv, &err) != 0) {
        rc = 2;
    } else if (job.help) {
        options_print_help(&mappings_option_table);
    } else {
        rc = run(action, &job, &err);
    }
    if (rc != 0 && err.text[0] != '\0') {
        (void)fprintf(stderr, "naru mappings: %s\n", err.text);
    }
    settings_fini(&job.settings);
    return rc;
}
