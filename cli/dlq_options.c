/* The options of naru dlq; see dlq_options.h. */
#include "cli/dlq_options.h"

#include "bridge/dlq/time_text.h"
#include "cli/commands.h"

#include <string.h>

#define BROKERS_MAX_BYTES 4096
#define MOST_LETTERS INT64_C(1000000000000)

enum option_id {
    OPT_ALL = 1,
    OPT_BROKERS,
    OPT_CONFIG,
    OPT_DRY_RUN,
    OPT_FIELD,
    OPT_FILE,
    OPT_HELP,
    OPT_JSON,
    OPT_LIMIT,
    OPT_REASON,
    OPT_SET,
    OPT_SINCE,
    OPT_SOURCE,
    OPT_STATUS,
    OPT_SUMMARY,
    OPT_TO,
    OPT_TOPIC,
    OPT_TYPE,
    OPT_UNTIL,
    OPT_VALUES
};

static const struct option_row rows[] = {
    {OPT_TOPIC, "topic", 't', "NAME",
        "the dead letter topic; default: what\n"
        "bridge.dead_letter says, else the first of\n"
        "bridge.topics with .dlq behind it"},
    {OPT_FILE, "file", 'f', "PATH", "a dead letter file instead"},
    {OPT_SOURCE, "source", 0, "TOPIC", "only letters from this topic"},
    {OPT_STATUS, "status", 0, "N",
        "only of this status; 0: refused before they were sent"},
    {OPT_TYPE, "type", 0, "TEXT",
        "only with TEXT in the error's type, capitals or not"},
    {OPT_REASON, "reason", 0, "TEXT", "only with TEXT in its reason"},
    {OPT_FIELD, "field", 0, "NAME", "only those whose reason names this field"},
    {OPT_SINCE, "since", 0, "TIME",
        "only those put away at TIME or later: 2022-01-03,\n"
        "2022-01-03T09:30+09:00 (UTC without a zone), 15m,\n"
        "36h, 7d (ago), or milliseconds since 1970"},
    {OPT_UNTIL, "until", 0, "TIME", "only those put away before TIME"},
    {OPT_LIMIT, "limit", 'n', "N", "only the first N of them"},
    {OPT_ALL, "all", 'a', NULL, "list: also those that were retried"},
    {OPT_SUMMARY, "summary", 0, NULL,
        "list: counts by error type and by field, with the\n"
        "first example of each"},
    {OPT_JSON, "json", 0, NULL,
        "list: one JSON object a line with all there is to\n"
        "know (with --summary: one in all)"},
    {OPT_VALUES, "values", 0, NULL,
        "list: the original values alone, as they were, a line\n"
        "each"},
    {OPT_TO, "to", 0, "topic|index",
        "retry: back to the topic it came from, or straight\n"
        "into the index"},
    {OPT_DRY_RUN, "dry-run", 0, NULL, "retry: only say what would be sent"},
    {OPT_CONFIG, "config", 'c', "FILE",
        "the configuration (naru.conf, when it is there)"},
    {OPT_SET, "set", 's', "SECTION.KEY=VALUE",
        "one setting, over file and environment; again for more"},
    {OPT_BROKERS, "brokers", 'b', "LIST",
        "HOST:PORT,..., over kafka.bootstrap.servers"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table dlq_option_table = {
    .command = "naru dlq",
    .usage = "naru dlq list  [FILTERS] [--summary] [--json | --values]\n"
             "naru dlq retry [FILTERS] --to topic|index [--dry-run]",
    .about =
        "Records that Elasticsearch refused, or that cannot be documents at "
        "all,\nwait in the dead letter topic (or file) with the reason. list "
        "shows those\nnot yet retried, up to the end as it is now; retry "
        "sends them once more,\nafter the mapping or the index was mended.\n\n"
        "  --to index   with the bridge's own encoder, the original id and "
        "the\n"
        "               original record's timestamp as version: what is newer "
        "in\n"
        "               the index stays (and counts as a duplicate). What is\n"
        "               refused again is told of and stays a letter.\n"
        "  --to topic   the original key, value, headers and timestamp, for a\n"
        "               bridge to read; what is refused again becomes a new\n"
        "               letter. A topic that stamps records itself\n"
        "               (LogAppendTime) makes the retried record the "
        "newest.\n\n"
        "A letter that was accepted is marked, with a record behind it in the\n"
        "topic or a line in the file, and is not shown or sent again. Killed "
        "in\nthe middle, some may be accepted and not marked: the next retry "
        "sends\nthem again. Into the index that is harmless; so it is to the "
        "topic unless\nids are made of %{_offset}.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "Examples:\n"
        "  naru dlq list -c naru.conf --summary         # what is wrong?\n"
        "  naru dlq list -c naru.conf --field Marcap -n 5\n"
        "  naru dlq list -c naru.conf --json | jq -r .reason\n"
        "  naru mappings apply -c naru.conf             # mend the mapping,\n"
        "  naru dlq retry -c naru.conf --field Sector --to index --dry-run\n"
        "  naru dlq retry -c naru.conf --field Sector --to index\n"
        "  naru dlq list --file letters.jsonl --since 36h --values > "
        "raw.txt\n\n"
        "Exit codes: 0 done (retry: all were accepted), 1 some were refused "
        "again or\nfailed, or a server does not answer, 2 unusable arguments "
        "or configuration.",
};

static int take_brokers(
    struct dlq_options *o, const char *list, struct error *err)
{
    if (list[0] == '\0') {
        return error_set(err, "--brokers: the list is empty");
    }
    buf_clear(&o->brokers);
    if (buf_append_str(&o->brokers, "kafka.bootstrap.servers=") != 0 ||
        buf_append_str(&o->brokers, list) != 0) {
        return error_set(err, "--brokers: the list is too long");
    }
    return 0;
}

static int take_to(struct dlq_options *o, const char *text, struct error *err)
{
    if (strcmp(text, "topic") == 0) {
        o->to = DLQ_TO_TOPIC;
    } else if (strcmp(text, "index") == 0) {
        o->to = DLQ_TO_INDEX;
    } else {
        return error_set(err, "--to: '%s' is neither topic nor index", text);
    }
    return 0;
}

static int take_time(const char *name, const char *text, int64_t now_ms,
    int64_t *out, struct error *err)
{
    return time_text_read(text, now_ms, out, err) == 0
               ? 0
               : error_prefix(err, "%s: ", name);
}

static int take_filter(struct letter_walk *w, enum option_id id,
    const char *value, int64_t now_ms, struct error *err)
{
    struct letter_filter *f = &w->filter;
    int64_t n = 0;
    int rc = 0;

    if (id == OPT_SOURCE) {
        f->source = value;
    } else if (id == OPT_TYPE) {
        f->type = value;
    } else if (id == OPT_REASON) {
        f->reason = value;
    } else if (id == OPT_FIELD) {
        f->field = value;
    } else if (id == OPT_STATUS) {
        rc = options_number("--status", value, 0, 599, &n, err);
        f->has_status = true;
        f->status = (int)n;
    } else if (id == OPT_LIMIT) {
        rc = options_number("--limit", value, 1, MOST_LETTERS, &n, err);
        w->limit = (uint64_t)n;
    } else if (id == OPT_SINCE) {
        rc = take_time("--since", value, now_ms, &f->since_ms, err);
        f->has_since = true;
    } else {
        rc = take_time("--until", value, now_ms, &f->until_ms, err);
        f->has_until = true;
    }
    return rc;
}

static int take_option(struct dlq_options *o, enum option_id id,
    const char *value, int64_t now_ms, struct error *err)
{
    switch (id) {
    case OPT_ALL:
        o->walk.all = true;
        return 0;
    case OPT_BROKERS:
        return take_brokers(o, value, err);
    case OPT_CONFIG:
        o->settings.file = value;
        return 0;
    case OPT_DRY_RUN:
        o->dry_run = true;
        return 0;
    case OPT_FILE:
        o->file = value;
        return 0;
    case OPT_HELP:
        o->help = true;
        return 0;
    case OPT_JSON:
        o->json = true;
        return 0;
    case OPT_SET:
        return settings_add(&o->settings, value) == 0
                   ? 0
                   : error_set(err, "out of memory");
    case OPT_SUMMARY:
        o->summary = true;
        return 0;
    case OPT_TO:
        return take_to(o, value, err);
    case OPT_TOPIC:
        o->topic = value;
        return 0;
    case OPT_VALUES:
        o->values = true;
        return 0;
    case OPT_FIELD:
    case OPT_LIMIT:
    case OPT_REASON:
    case OPT_SINCE:
    case OPT_SOURCE:
    case OPT_STATUS:
    case OPT_TYPE:
    case OPT_UNTIL:
        return take_filter(&o->walk, id, value, now_ms, err);
    }
    return 0;
}

static int take_action(
    struct dlq_options *o, int n, char *const *operands, struct error *err)
{
    if (n == 0) {
        return error_set(err, "list or retry? see naru dlq --help");
    }
    if (strcmp(operands[0], "retry") == 0) {
        o->action = DLQ_RETRY;
    } else if (strcmp(operands[0], "list") != 0) {
        return error_set(err,
            "unknown action '%s'; list or retry? see naru dlq --help",
            operands[0]);
    }
    return n == 1
               ? 0
               : error_set(err, "unexpected argument '%s'; see naru dlq --help",
                     operands[1]);
}

/* What does not go together. */
static int check(const struct dlq_options *o, struct error *err)
{
    const struct letter_filter *f = &o->walk.filter;

    if (o->topic != NULL && o->file != NULL) {
        return error_set(err, "--topic and --file: only one of them");
    }
    if (o->action == DLQ_RETRY && o->to == DLQ_TO_NOTHING) {
        return error_set(
            err, "retry needs --to topic or --to index; see naru dlq --help");
    }
    if (o->action == DLQ_RETRY &&
        (o->walk.all || o->summary || o->json || o->values)) {
        return error_set(
            err, "--all, --summary, --json and --values are for naru dlq list");
    }
    if (o->action == DLQ_LIST && (o->to != DLQ_TO_NOTHING || o->dry_run)) {
        return error_set(err, "--to and --dry-run are for naru dlq retry");
    }
    if (o->values && (o->json || o->summary)) {
        return error_set(err, "--values goes with neither --json nor "
                              "--summary");
    }
    if (f->has_since && f->has_until && f->since_ms >= f->until_ms) {
        return error_set(err, "--since is not before --until: no letter fits");
    }
    return 0;
}

int dlq_options_read(struct dlq_options *o, int argc, char **argv,
    int64_t now_ms, struct error *err)
{
    struct options *options;
    const char *value;
    int rc = 0, id = OPTIONS_END;

    *o = (struct dlq_options){.action = DLQ_LIST};
    buf_init(&o->brokers, BROKERS_MAX_BYTES);
    options = options_new(&dlq_option_table, argc, argv);
    if (options == NULL) {
        return error_set(err, "out of memory");
    }
    while (
        rc == 0 && !o->help && (id = options_next(options, &value, err)) >= 0) {
        rc = take_option(o, (enum option_id)id, value, now_ms, err);
    }
    if (rc == 0 && !o->help) {
        rc = id == OPTIONS_BAD ? -1
                               : take_action(o, options_operand_count(options),
                                     options_operands(options), err);
    }
    options_free(options);
    if (rc == 0 && o->brokers.len_bytes > 0 &&
        settings_add(&o->settings, buf_str(&o->brokers)) != 0) {
        return error_set(err, "out of memory");
    }
    return rc == 0 && !o->help ? check(o, err) : rc;
}

void dlq_options_fini(struct dlq_options *o)
{
    settings_fini(&o->settings);
    buf_fini(&o->brokers);
}
