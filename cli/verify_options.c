/*
 * The options of naru verify; see verify_options.h. What is named is compared;
 * where neither topic nor index is named, both are the configuration's.
 */
#include "cli/verify_options.h"

#include "cli/commands.h"
#include "cli/index_name.h"
#include "common/kafka_topic.h"
#include "common/options.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 1024
#define MOST_EXAMPLES 1000
#define DEFAULT_EXAMPLES 5
#define ID_BY_PLACE "%{_topic}-%{_partition}-%{_offset}"

enum option_id {
    OPT_BROKERS = 1,
    OPT_CONFIG,
    OPT_DLQ,
    OPT_EXAMPLES,
    OPT_GROUP,
    OPT_HELP,
    OPT_INDEX,
    OPT_QUIET,
    OPT_REPORT,
    OPT_SET,
    OPT_TOPIC
};

static const struct option_row rows[] = {
    {OPT_TOPIC, "topic", 't', "NAME",
        "the topic to compare; when neither it nor --index is\n"
        "given, both are the configuration's"},
    {OPT_GROUP, "group", 'g', "ID",
        "the bridge's consumer group (kafka.group.id): records\n"
        "behind its committed offsets need not be in the index\n"
        "yet"},
    {OPT_INDEX, "index", 'i', "NAME",
        "the index or alias to compare, or a pattern such as\n"
        "marcap-*"},
    {OPT_DLQ, "dlq", 0, "TOPIC",
        "the dead letter topic, or none; default: the bridge's\n"
        "for that topic, if there is one"},
    ROW_OPTIONS_DATASET_LINE,
    ROW_OPTIONS_LINES,
    {OPT_EXAMPLES, "examples", 'n', "N",
        "how many of each finding are shown (5)"},
    {OPT_REPORT, "report", 'r', "FILE", "write a JSON report there, too"},
    {OPT_BROKERS, "brokers", 'b', "LIST",
        "HOST:PORT,..., the same as\n--set kafka.bootstrap.servers=LIST"},
    {OPT_CONFIG, "config", 'c', "FILE", "settings (naru.conf, if it exists)"},
    {OPT_SET, "set", 0, "S.KEY=VALUE",
        "one setting, e.g. elasticsearch.hosts=http://es:9200"},
    {OPT_QUIET, "quiet", 'q', NULL, "no progress and no table"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table verify_option_table = {
    .command = "naru verify",
    .usage = "naru verify FILE... [--topic NAME] [--index NAME] [OPTIONS]\n"
             "naru verify --topic NAME --index NAME [OPTIONS]",
    .about =
        "Proves that nothing is lost or doubled: reads the CSV's rows, the "
        "topic's\nrecords and the index's documents, and compares them one by "
        "one, by document\nid and by content. Any two of the three do. Give "
        "the options by which the rows\nwere replayed. Nothing is changed; the "
        "index is refreshed first.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "Examples:\n"
        "  naru verify marcap-2022.csv.gz --top 20 -c naru.conf\n"
        "  naru verify marcap-*.csv.gz --topic Stock_Data --index marcap \\\n"
        "      --brokers 127.0.0.1:19092 --report proof.json\n"
        "  naru verify marcap-2022.csv.gz --index marcap\n"
        "  naru verify -c naru.conf      # topic and index, without CSV\n\n"
        "Numbers are compared by value (78600.0 is 7.86e4, and never 78601), "
        "without\nrounding. Duplicates in the topic with the same content are "
        "a note and no\ndifference; dead letters are accounted for, and "
        "shown.\n\n"
        "Exit codes: 0 all agree, 1 some difference, or something could not be "
        "read,\n2 unusable arguments or configuration.",
};

static int take_option(
    struct verify_options *o, int id, const char *value, struct error *err)
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
    case OPT_DLQ:
        o->dead_letter = value;
        break;
    case OPT_EXAMPLES:
        return options_number(
            "--examples", value, 0, MOST_EXAMPLES, &o->examples, err);
    case OPT_GROUP:
        o->group = value;
        break;
    case OPT_HELP:
        o->help = true;
        break;
    case OPT_INDEX:
        o->index = value;
        break;
    case OPT_QUIET:
        o->quiet = true;
        break;
    case OPT_REPORT:
        o->report = value;
        break;
    case OPT_SET:
        return settings_add(&o->settings, value) == 0
                   ? 0
                   : error_set(err, "out of memory");
    case OPT_TOPIC:
        o->topic = value;
        break;
    }
    return 0;
}

static int read_argv(
    struct verify_options *o, int argc, char **argv, struct error *err)
{
    struct options *pass = options_new(&verify_option_table, argc, argv);
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

static const char *kafka_setting(const struct config *c, const char *wanted)
{
    const char *property, *value, *origin, *found = NULL;

    for (size_t i = 0; config_kafka_at(c, i, &property, &value, &origin) == 0;
         i++) {
        if (strcmp(property, wanted) == 0) {
            found = value;
        }
    }
    return found;
}

/* bridge.topics, when it names one topic. */
static int take_configured_topic(struct verify_options *o, struct error *err)
{
    const char *topics = config_text(o->config, "bridge.topics");

    if (topics == NULL) {
        return error_set(err,
            "nothing to compare: name --topic, --index or both, or set "
            "bridge.topics in the configuration");
    }
    if (topics[0] == '^' || strchr(topics, ',') != NULL) {
        return error_set(err,
            "bridge.topics is '%s'; name one of them with --topic, and the "
            "index with --index",
            topics);
    }
    o->topic = topics;
    return 0;
}

static int choose_sources(struct verify_options *o, struct error *err)
{
    const char *index = config_text(o->config, "bridge.index");

    if (o->topic == NULL && o->index == NULL) {
        if (take_configured_topic(o, err) != 0 ||
            index_name_widen(index != NULL ? index : o->rows.dataset->alias,
                &o->index_text, err) != 0) {
            return -1;
        }
        o->index = buf_str(&o->index_text);
    }
    if (o->rows.n_files == 0 && (o->topic == NULL || o->index == NULL)) {
        return error_set(err,
            "one alone cannot be compared: name CSV files, --topic and "
            "--index, or two of them");
    }
    if (o->index != NULL && index_name_check("--index", o->index, err) != 0) {
        return -1;
    }
    if (o->topic != NULL && kafka_topics_brokers(o->config) == NULL) {
        return error_set(err,
            "no brokers are named; use --brokers HOST:PORT,..., or set "
            "bootstrap.servers in [kafka] of naru.conf");
    }
    return 0;
}

static int choose_group(struct verify_options *o, struct error *err)
{
    bool both = o->topic != NULL && o->index != NULL;

    if (o->group != NULL && !both) {
        return error_set(err,
            "--group tells what must be in the index by now; it takes --topic "
            "and --index");
    }
    if (o->group == NULL && both) {
        o->group = kafka_setting(o->config, "group.id");
    }
    return 0;
}

/* What bridge.dead_letter means for this topic; "stop" and files are none. */
static int choose_dead_letters(struct verify_options *o, struct error *err)
{
    const char *where = config_text(o->config, "bridge.dead_letter");

    if (o->dead_letter != NULL) {
        o->dead_letter =
            strcmp(o->dead_letter, "none") != 0 ? o->dead_letter : NULL;
        return o->dead_letter == NULL || kafka_topics_brokers(o->config) != NULL
                   ? 0
                   : error_set(err, "--dlq is a topic: it takes --brokers");
    }
    if (o->topic == NULL || where == NULL) {
        return 0;
    }
    o->dead_letter_if_there = true;
    if (strncmp(where, "topic:", 6) == 0) {
        o->dead_letter = where + 6;
    } else if (strcmp(where, "topic") == 0) {
        if (buf_printf(&o->dead_letter_text, "%s.dlq", o->topic) != 0) {
            return error_set(err, "--topic: the name is too long");
        }
        o->dead_letter = buf_str(&o->dead_letter_text);
    }
    return 0;
}

/* As the bridge does: bridge.id, the dataset's, or the record's place. */
static void choose_id(struct verify_options *o)
{
    bool no_dataset = o->rows.dataset_name == NULL &&
                      config_text(o->config, "bridge.dataset") == NULL &&
                      config_text(o->config, "bridge.index") != NULL &&
                      o->rows.n_files == 0;

    o->id = config_text(o->config, "bridge.id");
    if (o->id == NULL) {
        o->id = no_dataset ? ID_BY_PLACE : o->rows.dataset->id;
    }
}

static int check_files(const struct verify_options *o, struct error *err)
{
    for (size_t i = 0; i < o->rows.n_files; i++) {
        if (strcmp(o->rows.files[i], "-") == 0) {
            return error_set(err,
                "- (standard input) cannot be read twice, which the examples "
                "need; give a file");
        }
    }
    return 0;
}

int verify_options_read(
    struct verify_options *o, int argc, char **argv, struct error *err)
{
    *o = (struct verify_options){.examples = DEFAULT_EXAMPLES};
    buf_init(&o->index_text, NAME_MAX_BYTES);
    buf_init(&o->dead_letter_text, NAME_MAX_BYTES);
    if (read_argv(o, argc, argv, err) != 0) {
        return -1;
    }
    if (o->help) {
        options_print_help(&verify_option_table);
        return 0;
    }
    o->config = settings_load(&o->settings, err);
    if (o->config == NULL || check_files(o, err) != 0 ||
        row_options_resolve(&o->rows, o->config, err) != 0 ||
        choose_sources(o, err) != 0 || choose_group(o, err) != 0) {
        return -1;
    }
    choose_id(o);
    return choose_dead_letters(o, err);
}

void verify_options_fini(struct verify_options *o)
{
    settings_fini(&o->settings);
    buf_fini(&o->index_text);
    buf_fini(&o->dead_letter_text);
    row_options_fini(&o->rows);
    config_free(o->config);
}

struct verify_plan verify_options_plan(const struct verify_options *o)
{
    const char *tombstones = config_text(o->config, "bridge.on_tombstone");

    return (struct verify_plan){.config = o->config,
        .csv = {.input = o->rows.input, .skip_bad_rows = o->rows.skip_bad_rows},
        .topic = o->topic,
        .group = o->group,
        .index = o->index,
        .dead_letter = o->dead_letter,
        .dead_letter_if_there = o->dead_letter_if_there,
        .id = o->id,
        .tombstones_delete =
            tombstones != NULL && strcmp(tombstones, "delete") == 0,
        .examples = (size_t)o->examples};
}
