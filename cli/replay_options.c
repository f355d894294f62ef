/* The options of naru replay; see replay_options.h. */
#include "cli/replay_options.h"

#include "common/kafka_topic.h"
#include "common/options.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_PACE "day:1s"

enum option_id {
    OPT_BROKERS = 1,
    OPT_CONFIG,
    OPT_CREATE_TOPIC,
    OPT_DRY_RUN,
    OPT_HELP,
    OPT_PACE,
    OPT_QUIET,
    OPT_REPORT,
    OPT_SET,
    OPT_TOPIC,
    OPT_VERBOSE
};

static const struct option_row rows[] = {
    {OPT_TOPIC, "topic", 't', "NAME",
        "the topic to send to (required without --dry-run)"},
    ROW_OPTIONS_DATASET_LINE,
    {OPT_PACE, "pace", 'p', "PACE",
        "day:1s   a trading day each second (the default;\n"
        "         days without rows take no time)\n"
        "row:5ms  a row each 5 ms; 200/s is the same rate said\n"
        "         otherwise\n"
        "x3600    event time, an hour each second\n"
        "max      as fast as it goes (default of --dry-run)"},
    ROW_OPTIONS_LINES,
    {OPT_DRY_RUN, "dry-run", 'n', NULL,
        "write the records' JSON to standard output, a line\n"
        "each; no Kafka is needed"},
    {OPT_CREATE_TOPIC, "create-topic", 0, "P[:R]",
        "make the topic if it does not exist, with P partitions\n"
        "and R replicas; one that exists is used as it is"},
    {OPT_BROKERS, "brokers", 'b', "LIST",
        "HOST:PORT,..., the same as\n--set kafka.bootstrap.servers=LIST"},
    {OPT_CONFIG, "config", 'c', "FILE", "settings (naru.conf, if it exists)"},
    {OPT_SET, "set", 0, "S.KEY=VALUE",
        "one setting, e.g. kafka.compression.type=zstd"},
    {OPT_REPORT, "report", 0, "FORM",
        "text (to standard error, the default) or json (one\n"
        "object to standard output)"},
    {OPT_QUIET, "quiet", 'q', NULL, "no progress and no report"},
    {OPT_VERBOSE, "verbose", 'v', NULL, "list the closed days, too"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

static const struct option_table table = {
    .command = "naru replay",
    .usage = "naru replay FILE... --topic NAME [OPTIONS]\n"
             "naru replay FILE... --dry-run [OPTIONS]",
    .about =
        "Reads CSV files, plain, gzip or Zstandard (- is standard input; "
        "quoted "
        "patterns\nare expanded), merges them in time order, and sends each "
        "row "
        "as a line of typed\nJSON to Kafka: idempotent, acks=all, the key is "
        "the dataset's (the stock code). A\nvalue that does not fit its type "
        "is an error with file, line and column, never a\nguess.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "Examples:\n"
        "  naru replay marcap-2022.csv.gz --dry-run --top 20 | head\n"
        "  naru replay marcap-2022.csv.gz --topic Stock_Data --top 20 \\\n"
        "      --brokers 127.0.0.1:19092 --create-topic 6:3\n"
        "  naru replay marcap-*.csv.gz --topic Stock_Data --pace max\n"
        "  naru replay marcap-2020.csv --topic Stock_Data --from 2020-03-01 "
        "\\\n"
        "      --to 2020-03-31 --pace day:250ms\n\n"
        "SIGINT or SIGTERM stops reading, delivers what was taken, reports, "
        "and exits 1;\na second one ends at once. Rows skipped by --on-bad-row "
        "skip leave exit code 0.\n\n"
        "Exit codes: 0 done, 1 a file, a row or Kafka failed, 2 unusable "
        "arguments or\nconfiguration.",
};

static int take_option(
    struct replay_options *o, int id, const char *value, struct error *err)
{
    if (row_options_owns(id)) {
        return row_options_take(&o->rows, id, value, err);
    }
    switch ((enum option_id)id) {
    case OPT_BROKERS:
        return settings_brokers(&o->settings, value, err);
    case OPT_CONFIG:
        o->settings.file = value;
        break;
    case OPT_CREATE_TOPIC:
        o->create_topic = value;
        break;
    case OPT_DRY_RUN:
        o->dry_run = true;
        break;
    case OPT_HELP:
        o->help = true;
        break;
    case OPT_PACE:
        o->pace_text = value;
        break;
    case OPT_QUIET:
        o->quiet = true;
        break;
    case OPT_REPORT:
        return option_choice(
            "--report", value, "text", "json", &o->json_report, err);
    case OPT_SET:
        return settings_add(&o->settings, value) == 0
                   ? 0
                   : error_set(err, "out of memory");
    case OPT_TOPIC:
        o->topic = value;
        break;
    case OPT_VERBOSE:
        o->verbose = true;
        break;
    }
    return 0;
}

static int read_argv(
    struct replay_options *o, int argc, char **argv, struct error *err)
{
    struct options *pass = options_new(&table, argc, argv);
    const char *value;
    int id;

    if (pass == NULL) {
        return error_set(err, "out of memory");
    }
    while ((id = options_next(pass, &value, err)) >= 0) {
        if (take_option(o, id, value, err) != 0) {
            id = OPTIONS_BAD;
            break;
        }
    }
    o->rows.files = options_operands(pass);
    o->rows.n_files = (size_t)options_operand_count(pass);
    options_free(pass);
    return id == OPTIONS_BAD ? -1 : 0;
}

/* "6:3" or "6". */
static int read_create_topic(struct replay_options *o, struct error *err)
{
    char *end;
    long partitions, replicas = -1;

    partitions = strtol(o->create_topic, &end, 10);
    if (*end == ':' && end[1] != '\0') {
        replicas = strtol(end + 1, &end, 10);
        if (replicas < 1) {
            replicas = 0; /* refused below */
        }
    }
    if (*end != '\0' || partitions < 1 || partitions > 100000 ||
        replicas == 0 || replicas > 1000) {
        return error_set(err,
            "--create-topic: '%s' is not PARTITIONS:REPLICAS, e.g. 6:3",
            o->create_topic);
    }
    o->partitions = (int)partitions;
    o->replicas = (int)replicas;
    return 0;
}

/* What can be judged by the arguments alone. */
static int check_argv(struct replay_options *o, struct error *err)
{
    if (o->rows.n_files == 0) {
        return error_set(err,
            "no file given; name one or more CSV files, or - for standard "
            "input; see naru replay --help");
    }
    if (o->topic == NULL && !o->dry_run) {
        return error_set(err,
            "--topic is missing; name the topic, or use --dry-run to see the "
            "records");
    }
    if (o->dry_run && o->json_report) {
        return error_set(err,
            "--report json and --dry-run both want standard output; use one");
    }
    if (o->create_topic != NULL && read_create_topic(o, err) != 0) {
        return -1;
    }
    if (o->pace_text == NULL) {
        o->pace_text = o->dry_run ? "max" : DEFAULT_PACE;
    }
    return pace_parse(o->pace_text, &o->pace, err);
}

static int load_settings(struct replay_options *o, struct error *err)
{
    o->config = settings_load(&o->settings, err);
    if (o->config == NULL) {
        return -1;
    }
    if (!o->dry_run && kafka_topics_brokers(o->config) == NULL) {
        return error_set(err,
            "no brokers are named; use --brokers HOST:PORT,..., or set "
            "bootstrap.servers in [kafka] of naru.conf");
    }
    return 0;
}

int replay_options_read(
    struct replay_options *o, int argc, char **argv, struct error *err)
{
    *o = (struct replay_options){.replicas = -1};
    if (read_argv(o, argc, argv, err) != 0) {
        return -1;
    }
    if (o->help) {
        options_print_help(&table);
        return 0;
    }
    return check_argv(o, err) == 0 && load_settings(o, err) == 0 &&
                   row_options_resolve(&o->rows, o->config, err) == 0
               ? 0
               : -1;
}

void replay_options_fini(struct replay_options *o)
{
    settings_fini(&o->settings);
    row_options_fini(&o->rows);
    config_free(o->config);
}
