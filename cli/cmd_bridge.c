/* naru bridge: options in, the pipeline run, the exit code out. */
#include "cli/allocator.h"
#include "cli/commands.h"

#include "bridge/limits.h"
#include "bridge/nifi/flow_path.h"
#include "bridge/nifi/zone.h"
#include "bridge/pipeline.h"
#include "bridge/preflight.h"
#include "cli/bridge_reload.h"
#include "cli/service.h"
#include "cli/settings.h"
#include "common/log.h"
#include "common/options.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#ifdef __GLIBC__
#endif

enum {
    OPT_CONFIG = 1,
    OPT_SET,
    OPT_NIFI,
    OPT_PATH,
    OPT_ZONE,
    OPT_UNTIL_END,
    OPT_MAX_DEAD_LETTERS,
    OPT_MAX_DEAD_LETTER_SHARE,
    OPT_ORDERING,
    OPT_METRICS_INDEX,
    OPT_CHECK,
    OPT_BULK_LOAD,
    OPT_FORCE,
    OPT_PRINT_CONFIG,
    OPT_LOG_FORMAT,
    OPT_VERBOSE,
    OPT_QUIET,
    OPT_HELP
};

static const struct option_row rows[] = {
    {OPT_CONFIG, "config", 'c', "FILE",
        "configuration; default: naru.conf, if it is there"},
    {OPT_SET, "set", 's', "SECTION.KEY=VALUE",
        "one setting over the file's; may be given often"},
    {OPT_NIFI, "nifi", 0, "FLOW",
        "run a flow of NiFi's at once, as 'naru nifi import' translates\n"
        "it; -c, environment and --set stand over it"},
    {OPT_PATH, "path", 0, "N",
        "which way of that flow, when there are several"},
    {OPT_ZONE, "zone", 0, "NAME",
        "time zone of that flow's dates, such as Asia/Seoul; default: UTC"},
    {OPT_UNTIL_END, "until-end", 0, NULL,
        "end, with exit code 0, when all that the topics held at\n"
        "the start is committed"},
    {OPT_MAX_DEAD_LETTERS, "max-dead-letters", 0, "N",
        "stop, with exit code 3, when more records than N are\n"
        "refused (bridge.max_dead_letters)"},
    {OPT_MAX_DEAD_LETTER_SHARE, "max-dead-letter-share", 0, "PERCENT",
        "... or more than PERCENT of the last minute's records\n"
        "(bridge.max_dead_letter_share; 50)"},
    {OPT_ORDERING, "ordering", 0, "none|id",
        "id: no record overtakes another with the same document id\n"
        "(bridge.ordering); default: none, since versions see to it"},
    {OPT_METRICS_INDEX, "metrics-index", 0, "NAME",
        "write how the bridge does to index NAME every ten seconds\n"
        "(admin.metrics_index), such as naru_metrics, which naru kibana\n"
        "import pipeline draws"},
    {OPT_CHECK, "check", 0, NULL,
        "look whether brokers, topics, engine and indices are as the\n"
        "bridge needs them, and warn where they can lose what they\n"
        "acknowledged; changes nothing. Exit code 1: it would not work"},
    {OPT_BULK_LOAD, "bulk-load", 0, NULL,
        "for very much at once: until it ends, indices of naru's have\n"
        "no refresh and no replicas, so readers see the documents,\n"
        "and a second node has them, only then. The settings before\n"
        "are kept in the index; a bridge that was killed leaves them\n"
        "to the next bridge or naru mappings apply"},
    {OPT_FORCE, "force", 0, NULL,
        "write although the index's mapping contradicts the dataset,\n"
        "which otherwise ends the start with exit code 1"},
    {OPT_PRINT_CONFIG, "print-config", 0, NULL,
        "print the settings in force and where each came from"},
    {OPT_LOG_FORMAT, "log-format", 0, "text|json",
        "form of the log lines on standard error; default: text"},
    {OPT_VERBOSE, "verbose", 'v', NULL, "log more"},
    {OPT_QUIET, "quiet", 'q', NULL, "log only warnings and errors"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table bridge_option_table = {
    .command = "naru bridge",
    .usage = "naru bridge [-c FILE] [--set SECTION.KEY=VALUE]... "
             "[--until-end] [--bulk-load]",
    .about =
        "Ferries records from Kafka into Elasticsearch or OpenSearch in bulk\n"
        "requests. A record's offset is committed only when it is stored, is\n"
        "known to be stored in a newer version, or is safe in the dead letter\n"
        "topic, and all records before it are too; so nothing is lost, and\n"
        "fixed ids make sending again harmless. While the engine is down or\n"
        "refuses us the bridge waits, says so, and goes on.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "Settings stand in sections [kafka] (any property of librdkafka),\n"
        "[elasticsearch], [bridge], [transform] (steps that change records "
        "on\n"
        "their way) and [admin]; --print-config lists them with their values.\n"
        "Each can also be an environment variable, e.g.\n"
        "NARU_ELASTICSEARCH_HOSTS.\n\n"
        "SIGTERM or SIGINT: finishes what is under way (up to\n"
        "bridge.drain_timeout_ms), commits, leaves the group. Again: at once.\n"
        "SIGHUP: reads configuration, secrets and certificates again, takes\n"
        "what can change while it runs, and says what needs a restart.\n"
        "http://127.0.0.1:19464/ is a page that shows how it is; for machines\n"
        "there are /metrics, /healthz, /readyz and /status, and /nifi-api/ "
        "with\n"
        "admin.nifi_api=true.\n"
        "\n"
        "Examples:\n"
        "  naru bridge -c naru.conf --check\n"
        "  naru bridge -c naru.conf\n"
        "  naru bridge --set bridge.topics=Stock_Data \\\n"
        "      --set bridge.dataset=marcap --until-end\n"
        "  naru bridge -c naru.conf --set 'transform.step.1=split-json $[*]'\n"
        "  naru bridge --nifi flow.xml.gz \\\n"
        "      --set elasticsearch.hosts=http://127.0.0.1:9200\n\n"
        "Exit codes: 0 done or stopped, 1 failed, 2 unusable arguments or\n"
        "configuration, 3 stopped because records were refused: more than\n"
        "bridge.max_dead_letters or bridge.max_dead_letter_share allow, or\n"
        "one when bridge.dead_letter is stop. Started again it would refuse\n"
        "the next ones, so look first.",
};

#define SHORT_BYTES 256
#define PRIORITIES 2 /* of events: see transport_new */

struct bridge_args {
    char shorts[4][SHORT_BYTES]; /* options that are settings, as assignments */
    struct settings_args settings;
    struct pipeline_options pipeline;
    int64_t path; /* of --path; 0: none given */
    bool check;
    bool print_config;
    bool help;
    bool json;
    enum log_level level;
    bool has_level; /* said by -v or -q, which stand over admin.log_level */
};

static int complain(const struct error *err, int code)
{
    (void)fprintf(
        stderr, "%snaru bridge: %s\n", log_priority(LOG_ERROR), err->text);
    return code;
}

/* An option that is a setting said shorter; text must outlive the settings. */
static int take_setting(struct bridge_args *a, char text[SHORT_BYTES],
    const char *name, const char *value, struct error *err)
{
    if (snprintf(text, SHORT_BYTES, "%s=%s", name, value) >= SHORT_BYTES) {
        return error_set(err, "%s: '%.40s...' is too long", name, value);
    }
    return settings_add(&a->settings, text) == 0
               ? 0
               : error_set(err, "out of memory");
}

static int take_zone(struct bridge_args *a, const char *name, struct error *err)
{
    struct zone *zone = zone_new(name, err);

    if (zone == NULL) {
        return error_prefix(err, "--zone: ");
    }
    zone_free(zone);
    a->settings.zone = name;
    return 0;
}

static int take_option(
    struct bridge_args *a, int id, const char *value, struct error *err)
{
    switch (id) {
    case OPT_CONFIG:
        a->settings.file = value;
        return 0;
    case OPT_SET:
        return settings_add(&a->settings, value) == 0
                   ? 0
                   : error_set(err, "out of memory");
    case OPT_NIFI:
        a->settings.nifi = value;
        return 0;
    case OPT_PATH:
        return options_number(
            "--path", value, 1, FLOW_MAX_PATHS, &a->path, err);
    case OPT_ZONE:
        return take_zone(a, value, err);
    case OPT_UNTIL_END:
        a->pipeline.until_end = true;
        return 0;
    case OPT_MAX_DEAD_LETTERS:
        return take_setting(
            a, a->shorts[0], "bridge.max_dead_letters", value, err);
    case OPT_MAX_DEAD_LETTER_SHARE:
        return take_setting(
            a, a->shorts[1], "bridge.max_dead_letter_share", value, err);
    case OPT_ORDERING:
        return take_setting(a, a->shorts[2], "bridge.ordering", value, err);
    case OPT_METRICS_INDEX:
        return take_setting(a, a->shorts[3], "admin.metrics_index", value, err);
    case OPT_BULK_LOAD:
        a->pipeline.bulk_load = true;
        return 0;
    case OPT_FORCE:
        a->pipeline.force = true;
        return 0;
    case OPT_CHECK:
        a->check = true;
        return 0;
    case OPT_PRINT_CONFIG:
        a->print_config = true;
        return 0;
    case OPT_LOG_FORMAT:
        a->json = strcmp(value, "json") == 0;
        return a->json || strcmp(value, "text") == 0
                   ? 0
                   : error_set(err,
                         "--log-format: '%s' is neither text nor "
                         "json",
                         value);
    case OPT_VERBOSE:
        a->level = LOG_DEBUG;
        a->has_level = true;
        return 0;
    case OPT_QUIET:
        a->level = LOG_WARN;
        a->has_level = true;
        return 0;
    default:
        a->help = true;
        return 0;
    }
}

static int read_args(
    struct bridge_args *a, int argc, char **argv, struct error *err)
{
    struct options *o = options_new(&bridge_option_table, argc, argv);
    const char *value;
    int id = OPTIONS_BAD, rc = 0;

    if (o == NULL) {
        return error_set(err, "out of memory");
    }
    while (rc == 0 && (id = options_next(o, &value, err)) > 0) {
        rc = take_option(a, id, value, err);
    }
    if (rc == 0 && id == OPTIONS_BAD) {
        rc = -1;
    }
    if (rc == 0 && !a->help && options_operand_count(o) > 0) {
        rc = error_set(err,
            "unexpected argument '%s'; the configuration file is given with "
            "-c",
            options_operands(o)[0]);
    }
    options_free(o);
    if (rc == 0 && a->settings.nifi == NULL &&
        (a->path != 0 || a->settings.zone != NULL)) {
        rc = error_set(err, "%s belongs to --nifi FLOW",
            a->path != 0 ? "--path" : "--zone");
    }
    a->settings.nifi_path = (size_t)a->path;
    return rc;
}

static void on_signal(evutil_socket_t signal_number, short what, void *arg)
{
    (void)signal_number;
    (void)what;
    pipeline_stop(arg);
}

/* What the signals are about. */
struct ears {
    struct bridge_reload reload;
    bool had_terminal;
};

static void on_hangup(evutil_socket_t signal_number, short what, void *arg)
{
    struct ears *e = arg;

    (void)signal_number;
    (void)what;
    if (e->had_terminal && !bridge_reload_has_terminal()) {
        pipeline_stop(e->reload.pipeline);
        return;
    }
    bridge_reload_now(&e->reload);
}

/* From the pipeline's start to its end. */
static int run_loop(
    struct event_base *base, struct pipeline *p, struct ears *ears)
{
    struct event *hup = evsignal_new(base, SIGHUP, on_hangup, ears);
    struct event *term = evsignal_new(base, SIGTERM, on_signal, p);
    struct event *intr = evsignal_new(base, SIGINT, on_signal, p);
    struct error err;
    int rc = 0;

    if (term == NULL || intr == NULL || hup == NULL ||
        event_add(term, NULL) != 0 || event_add(intr, NULL) != 0 ||
        event_add(hup, NULL) != 0) {
        (void)error_set(&err, "cannot watch for signals");
        rc = complain(&err, 1);
    } else if (pipeline_start(p, &err) != 0) {
        rc = complain(&err, 1);
    } else {
        struct service *service = service_new(base, p);

        (void)event_base_dispatch(base);
        service_free(service);
        if (pipeline_failed(p) != NULL) {
            (void)error_set(&err, "%s", pipeline_failed(p));
            rc = complain(&err, pipeline_was_refused(p) ? 3 : 1);
        }
    }
    if (term != NULL) {
        event_free(term);
    }
    if (intr != NULL) {
        event_free(intr);
    }
    if (hup != NULL) {
        event_free(hup);
    }
    return rc;
}

/* Returns 0, or the exit code. */
static int check_limits(const struct config *config)
{
    struct limits_needs need = limits_needs_of(config);
    struct limits have = limits_read(need.files);
    struct error err;

    switch (limits_judge(&have, &need, &err)) {
    case LIMITS_ENOUGH:
        break;
    case LIMITS_SCARCE:
        log_warn(LOG_MSG(err.text));
        break;
    case LIMITS_TOO_FEW:
        return complain(&err, 2);
    }
    return 0;
}

static int run(const struct bridge_args *a, struct config *config)
{
    struct event_base *base = event_base_new();
    struct ears ears = {.had_terminal = bridge_reload_has_terminal(),
        .reload = {.args = &a->settings,
            .config = config,
            .level = a->level,
            .has_level = a->has_level}};
    struct pipeline *p;
    struct error err;
    int rc;

    if (base == NULL || event_base_priority_init(base, PRIORITIES) != 0) {
        (void)error_set(&err, "cannot make an event loop");
        return complain(&err, 1);
    }
    allocator_keep_small();
    bridge_reload_level(&ears.reload);
    if ((rc = check_limits(config)) != 0) {
        event_base_free(base);
        return rc;
    }
    p = pipeline_new(base, config, &a->pipeline, &err);
    ears.reload.pipeline = p;
    rc = p != NULL ? run_loop(base, p, &ears) : complain(&err, 2);
    pipeline_free(p);
    event_base_free(base);
    return rc;
}

static int check(const struct config *config)
{
    struct preflight f = {.out = stdout};
    struct error err;

    if (preflight_run(&f, config, &err) != 0) {
        return complain(&err, 2);
    }
    (void)printf("%u error%s, %u warning%s\n", f.counts[FINDING_ERROR],
        f.counts[FINDING_ERROR] == 1 ? "" : "s", f.counts[FINDING_WARNING],
        f.counts[FINDING_WARNING] == 1 ? "" : "s");
    return f.counts[FINDING_ERROR] > 0 ? 1 : 0;
}

int cmd_bridge(int argc, char **argv)
{
    struct bridge_args a = {.level = LOG_INFO};
    struct config *config = NULL;
    struct error err;
    int rc = 0;

    log_setup(LOG_INFO, false);
    if (read_args(&a, argc, argv, &err) != 0) {
        rc = complain(&err, 2);
    } else if (a.help) {
        options_print_help(&bridge_option_table);
    } else if ((config = settings_load(&a.settings, &err)) == NULL) {
        rc = complain(&err, 2);
    } else if (a.print_config) {
        config_print(config, stdout);
    } else if (a.check) {
        rc = check(config);
    } else {
        log_setup(a.level, a.json);
        (void)signal(SIGPIPE, SIG_IGN);
        rc = run(&a, config);
    }
    config_free(config);
    settings_fini(&a.settings);
    return rc;
}
