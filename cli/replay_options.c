/* The options of naru replay; see replay_options.h. */
#include "cli/replay_options.h"

#include "cli/commands.h"
#include "common/kafka_topic.h"
#include "common/options.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_PACE "day:1s"

enum option_id {
    OPT_BROKERS = 1,
    OPT_CHECK_DATASET,
    OPT_CONFIG,
    OPT_CREATE_TOPIC,
    OPT_DRY_RUN,
    OPT_EXACTLY_ONCE,
    OPT_HEADER,
    OPT_HELP,
    OPT_KEY,
    OPT_LOOP,
    OPT_MANIFEST,
    OPT_PACE,
    OPT_QUIET,
    OPT_REPORT,
    OPT_RESTART,
    OPT_RESUME,
    OPT_SET,
    OPT_SKIP_REFUSED,
    OPT_START_DELAY,
    OPT_TIMESTAMPS,
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
    {OPT_START_DELAY, "start-delay", 0, "TIME",
        "wait so long before the first row, e.g. 30s"},
    {OPT_LOOP, "loop", 0, "[=N]",
        "send the rows N times over, or until stopped"},
    ROW_OPTIONS_LINES,
    {OPT_KEY, "key", 'k', "PATTERN",
        "of the records: a column, or text with columns in it,\n"
        "e.g. %{Market}-%{Code} (the dataset's key)"},
    {OPT_HEADER, "header", 'H', "NAME=VALUE",
        "a header of each record; may be repeated"},
    {OPT_TIMESTAMPS, "timestamps", 0, "now|event",
        "of the records: now (the default) or event, the row's\n"
        "own time"},
    {OPT_RESUME, "resume", 0, "NAME",
        "go on where the run of that name stopped: a checkpoint\n"
        "follows what Kafka has acknowledged. Rows on their way\n"
        "when a run is killed may be sent twice"},
    {OPT_EXACTLY_ONCE, "exactly-once", 0, NULL,
        "with --resume: rows and progress in Kafka transactions,\n"
        "so that readers with isolation.level=read_committed see\n"
        "each row once"},
    {OPT_RESTART, "restart", 0, NULL,
        "with --resume: begin with the first row again"},
    {OPT_SKIP_REFUSED, "skip-refused", 0, NULL,
        "leave out rows too large for Kafka, count and list them"},
    {OPT_MANIFEST, "manifest", 0, "FILE",
        "write records, bytes, times and a SHA-256 over keys and\n"
        "values as JSON: two equal replays have equal ones"},
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
    {OPT_REPORT, "report", 0, "text|json",
        "text (to standard error, the default) or json (one\n"
        "object to standard output)"},
    {OPT_CHECK_DATASET, "check-dataset", 0, "FILE",
        "print what a dataset file says, try it on the CSV files\n"
        "given, if any, and send nothing"},
    {OPT_QUIET, "quiet", 'q', NULL, "no progress and no report"},
    {OPT_VERBOSE, "verbose", 'v', NULL, "list the closed days, too"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table replay_option_table = {
    .command = "naru replay",
    .usage = "naru replay FILE... --topic NAME [OPTIONS]\n"
             "naru replay FILE... --dry-run [OPTIONS]\n"
             "naru replay --check-dataset FILE [CSV...]",
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
        "      --to 2020-03-31 --pace day:250ms\n"
        "  naru replay 'marcap-*.csv.gz' --topic Stock_Data --resume history "
        "\\\n"
        "      --exactly-once\n\n"
        "SIGINT or SIGTERM stops reading, delivers what was taken, reports, "
        "and exits 1;\na second one ends at once. SIGUSR1 pauses, SIGUSR2 goes "
        "on; on a terminal the\nspace bar does both, and q stops. Rows skipped "
        "by --on-bad-row skip or\n--skip-refused leave exit code 0.\n\n"
        "Exit codes: 0 done, 1 a file, a row or Kafka failed, 2 unusable "
        "arguments or\nconfiguration.",
};

/* "source=krx" as a header; the text is cut in a copy. */
static int take_header(
    struct replay_options *o, const char *text, struct error *err)
{
    const char *equals = strchr(text, '=');
    struct producer_header *grown;
    char *copy;

    if (equals == NULL || equals == text) {
        return error_set(err, "--header: '%s' is not NAME=VALUE", text);
    }
    grown = realloc(o->headers, (o->n_headers + 1) * sizeof(*grown));
    if (grown == NULL) {
        return error_set(err, "out of memory");
    }
    o->headers = grown;
    copy = strdup(text);
    if (copy == NULL) {
        return error_set(err, "out of memory");
    }
    copy[equals - text] = '\0';
    o->headers[o->n_headers++] =
        (struct producer_header){copy, copy + (equals - text) + 1};
    return 0;
}

static int take_start_delay(
    struct replay_options *o, const char *text, struct error *err)
{
    return duration_parse(text, &o->start_delay_us) == 0
               ? 0
               : error_set(err,
                     "--start-delay: '%s' is not a time such as 30s or 500ms, "
                     "up to 24h",
                     text);
}

/* Options with values that need more than to be kept; 1: it is none. */
static int take_special(
    struct replay_options *o, int id, const char *value, struct error *err)
{
    switch ((enum option_id)id) {
    case OPT_BROKERS:
        return settings_brokers(&o->settings, value, err);
    case OPT_HEADER:
        return take_header(o, value, err);
    case OPT_LOOP:
        o->passes = 0;
        return value == NULL ? 0
                             : options_number("--loop", value, 1, INT64_MAX,
                                   &o->passes, err);
    case OPT_REPORT:
        return option_choice(
            "--report", value, "text", "json", &o->json_report, err);
    case OPT_SET:
        return settings_add(&o->settings, value) == 0
                   ? 0
                   : error_set(err, "out of memory");
    case OPT_START_DELAY:
        return take_start_delay(o, value, err);
    case OPT_TIMESTAMPS:
        return option_choice(
            "--timestamps", value, "now", "event", &o->event_timestamps, err);
    default:
        return 1;
    }
}

/* Where an option's value is kept as it is; NULL: it is a flag. */
static const char **text_place(struct replay_options *o, int id)
{
    switch ((enum option_id)id) {
    case OPT_CHECK_DATASET:
        return &o->rows.dataset_name;
    case OPT_CONFIG:
        return &o->settings.file;
    case OPT_CREATE_TOPIC:
        return &o->create_topic;
    case OPT_KEY:
        return &o->key_text;
    case OPT_MANIFEST:
        return &o->manifest;
    case OPT_PACE:
        return &o->pace_text;
    case OPT_RESUME:
        return &o->resume;
    case OPT_TOPIC:
        return &o->topic;
    default:
        return NULL;
    }
}

static void take_flag(struct replay_options *o, int id)
{
    o->check_dataset = o->check_dataset || id == OPT_CHECK_DATASET;
    o->dry_run = o->dry_run || id == OPT_DRY_RUN;
    o->exactly_once = o->exactly_once || id == OPT_EXACTLY_ONCE;
    o->help = o->help || id == OPT_HELP;
    o->quiet = o->quiet || id == OPT_QUIET;
    o->restart = o->restart || id == OPT_RESTART;
    o->skip_refused = o->skip_refused || id == OPT_SKIP_REFUSED;
    o->verbose = o->verbose || id == OPT_VERBOSE;
}

static int take_option(
    struct replay_options *o, int id, const char *value, struct error *err)
{
    const char **place = text_place(o, id);
    int result;

    if (row_options_owns(id)) {
        return row_options_take(&o->rows, id, value, err);
    }
    result = take_special(o, id, value, err);
    if (result <= 0) {
        return result;
    }
    if (place != NULL) {
        *place = value;
    }
    take_flag(o, id);
    return 0;
}

static int read_argv(
    struct replay_options *o, int argc, char **argv, struct error *err)
{
    struct options *pass = options_new(&replay_option_table, argc, argv);
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

/* Options that want one another, or cannot go together. */
static int check_pairs(const struct replay_options *o, struct error *err)
{
    if (o->dry_run && o->resume != NULL) {
        return error_set(
            err, "--dry-run sends nothing, so there is nothing to --resume");
    }
    if (o->resume == NULL && (o->exactly_once || o->restart)) {
        return error_set(err,
            "--%s needs --resume NAME, by which the next run goes on",
            o->exactly_once ? "exactly-once" : "restart");
    }
    if (o->resume != NULL && resume_name_check(o->resume, err) != 0) {
        return -1;
    }
    if (o->manifest != NULL && strcmp(o->manifest, "-") == 0 &&
        (o->dry_run || o->json_report)) {
        return error_set(err,
            "--manifest - and %s both want standard output; name a file",
            o->dry_run ? "--dry-run" : "--report json");
    }
    for (size_t i = 0; i < o->rows.n_files; i++) {
        if (o->passes != 1 && strcmp(o->rows.files[i], "-") == 0) {
            return error_set(
                err, "--loop: - (standard input) cannot be read again");
        }
    }
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
    if (check_pairs(o, err) != 0) {
        return -1;
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
    *o = (struct replay_options){.replicas = -1, .passes = 1};
    if (read_argv(o, argc, argv, err) != 0) {
        return -1;
    }
    if (o->help) {
        options_print_help(&replay_option_table);
        return 0;
    }
    if (o->check_dataset) {
        return file_list_fill(
                   &o->rows.paths, o->rows.files, o->rows.n_files, err) == 0
                   ? 0
                   : -1;
    }
    if (check_argv(o, err) != 0 || load_settings(o, err) != 0 ||
        row_options_resolve(&o->rows, o->config, err) != 0) {
        return -1;
    }
    if (o->key_text != NULL) {
        o->key = key_pattern_new(o->key_text, o->rows.dataset, err);
    }
    return o->key_text == NULL || o->key != NULL ? 0 : -1;
}

void replay_options_fini(struct replay_options *o)
{
    for (size_t i = 0; i < o->n_headers; i++) {
        free((void *)(uintptr_t)o->headers[i].name);
    }
    free(o->headers);
    key_pattern_free(o->key);
    settings_fini(&o->settings);
    row_options_fini(&o->rows);
    config_free(o->config);
}
