/*
 * naru dlq: dead letters listed and retried. The work is dlq/'s; here it is
 * found where the letters are kept, and said how it went.
 */
#include "cli/commands.h"

#include "bridge/dead_letter.h"
#include "bridge/dlq/letter_list.h"
#include "bridge/dlq/letter_retry.h"
#include "bridge/dlq/letter_summary.h"
#include "bridge/dlq/retry_target.h"
#include "cli/dlq_options.h"
#include "common/clock.h"
#include "common/kafka_topic.h"
#include "common/log.h"
#include "common/topic_names.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TOPIC_BYTES 256

/* Where the letters are kept. */
struct place {
    char topic[TOPIC_BYTES]; /* empty: a file */
    const char *file;
    bool is_assumed; /* nobody named it: that it is not there is no error */
};

static const char *name_of(const struct place *place)
{
    return place->file != NULL ? place->file : place->topic;
}

/* The bridge's own: the first source topic's. */
static int assume_topic(
    const struct config *config, struct place *place, struct error *err)
{
    const char *topics = config_text(config, "bridge.topics");
    const char *rest = topics != NULL ? topics : "";
    struct slice first, other;

    if (!topic_names_next(&rest, &first) || first.p[0] == '^') {
        return error_set(err,
            "which dead letter topic? Name it with --topic (a file with "
            "--file), or set bridge.topics or bridge.dead_letter in the "
            "configuration");
    }
    if (topic_names_next(&rest, &other)) {
        (void)fprintf(stderr,
            "naru dlq: bridge.topics names several; this is of " SLICE_FMT
            ", see --topic for the others\n",
            SLICE_ARG(first));
    }
    (void)snprintf(place->topic, sizeof(place->topic),
        SLICE_FMT DEAD_LETTER_SUFFIX, SLICE_ARG(first));
    return 0;
}

static int find_place(const struct dlq_options *o, const struct config *config,
    struct place *place, struct error *err)
{
    struct dead_letter_target target;
    const char *topic = o->topic;

    *place = (struct place){.file = o->file};
    if (topic == NULL && o->file == NULL) {
        if (dead_letter_read_target(config, &target, err) != 0) {
            return -1;
        }
        place->is_assumed = true;
        switch (target.kind) {
        case DEAD_LETTER_FILE:
            place->file = target.name;
            break;
        case DEAD_LETTER_TOPIC:
            topic = target.name;
            if (topic == NULL) {
                return assume_topic(config, place, err);
            }
            break;
        case DEAD_LETTER_STOP:
            return error_set(err,
                "bridge.dead_letter = stop keeps no letters; name others with "
                "--topic or --file");
        }
    }
    if (topic != NULL) {
        (void)snprintf(place->topic, sizeof(place->topic), "%s", topic);
    }
    return 0;
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static size_t terminal_columns(void)
{
    struct winsize size;

    if (isatty(STDOUT_FILENO) == 0) {
        return 0;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
               ? size.ws_col
               : 80;
}

/* ---- list ---- */

struct listing {
    struct letter_list list;
    struct letter_summary *summary; /* NULL: the letters themselves */
    bool has_head;
};

static int show(void *arg, const struct stored_letter *stored,
    int64_t retried_ms, struct error *err)
{
    struct listing *l = arg;

    if (l->summary != NULL) {
        return letter_summary_add(l->summary, &stored->letter) == 0
                   ? 0
                   : error_set(err, "out of memory");
    }
    if (!l->has_head && letter_list_head(&l->list, err) != 0) {
        return -1;
    }
    l->has_head = true;
    return letter_list_print(&l->list, stored, retried_ms, err);
}

/* The counts, for a person: not in what a pipe gets. */
static void tell_counts(
    const struct letter_walk *w, const struct letter_source *source)
{
    (void)fprintf(stderr, "%s: %llu letter%s", source->name,
        (unsigned long long)w->chosen, plural(w->chosen));
    if (w->retried > 0) {
        (void)fprintf(stderr, ", %llu retried%s",
            (unsigned long long)w->retried,
            w->all ? "" : " and not shown (--all)");
    }
    if (w->repeated > 0) {
        (void)fprintf(stderr, ", %llu twice there and shown once",
            (unsigned long long)w->repeated);
    }
    if (source->strange > 0) {
        (void)fprintf(stderr, ", %llu records that are no dead letters",
            (unsigned long long)source->strange);
    }
    (void)fputc('\n', stderr);
}

static int list(
    struct dlq_options *o, struct letter_source *source, struct error *err)
{
    struct listing l = {.summary = NULL};
    int rc = 0;

    letter_list_init(&l.list, stdout);
    l.list.form = o->json ? LIST_JSON : o->values ? LIST_VALUES : LIST_TABLE;
    l.list.show_retried = o->walk.all;
    l.list.columns = terminal_columns();
    if (o->summary && (l.summary = letter_summary_new()) == NULL) {
        rc = error_set(err, "out of memory");
    }
    if (rc == 0) {
        rc = letter_walk(&o->walk, source, show, &l, err);
    }
    if (rc == 0 && l.summary != NULL) {
        rc = letter_summary_print(
            l.summary, o->json, l.list.columns, stdout, err);
    }
    if (fflush(stdout) != 0 && rc == 0) {
        rc = error_set(err, "cannot write to standard output");
    }
    if (rc == 0 && !o->json && !o->values) {
        tell_counts(&o->walk, source);
    }
    letter_summary_free(l.summary);
    letter_list_fini(&l.list);
    return rc == 0 ? 0 : 1;
}

/* ---- retry ---- */

static void report(const struct letter_retry *r, const char *name)
{
    const struct {
        uint64_t n;
        const char *what;
    } parts[] = {{r->duplicate, "as newer or the same is stored"},
        {r->deleted, "as deletions"}, {r->skipped, "skipped by the rule"}};

    (void)printf("%s: %llu letter%s, %llu %s", name,
        (unsigned long long)r->walk.chosen, plural(r->walk.chosen),
        (unsigned long long)r->accepted,
        r->dry_run ? "would be sent" : "accepted");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].n > 0) {
            (void)printf(
                " (%llu %s)", (unsigned long long)parts[i].n, parts[i].what);
        }
    }
    (void)printf(", %llu refused, %llu failed\n",
        (unsigned long long)r->refused, (unsigned long long)r->failed);
}

static struct letter_marks *open_marks(
    const struct config *config, const struct place *place, struct error *err)
{
    return place->file != NULL
               ? letter_marks_to_file(place->file, err)
               : letter_marks_to_topic(config, place->topic, err);
}

static int retry(const struct dlq_options *o, const struct config *config,
    const struct place *place, struct letter_source *source, struct error *err)
{
    struct letter_retry r = {.to_index = o->to == DLQ_TO_INDEX,
        .dry_run = o->dry_run,
        .config = config,
        .walk = o->walk,
        .to = stdout};
    int rc;

    (void)signal(SIGPIPE, SIG_IGN);
    if (!o->dry_run && (r.marks = open_marks(config, place, err)) == NULL) {
        return 1;
    }
    rc = letter_retry_run(&r, source, err);
    letter_marks_free(r.marks);
    report(&r, source->name);
    (void)fflush(stdout);
    if (rc == 0 && r.refused + r.failed > 0) {
        rc =
            error_set(err, "%llu of %llu letters not accepted; they stay in %s",
                (unsigned long long)r.refused + r.failed,
                (unsigned long long)r.walk.chosen, source->name);
    }
    return rc == 0 ? 0 : 1;
}

/* ---- both ---- */

static int run_at(struct dlq_options *o, const struct config *config,
    const struct place *place, struct error *err)
{
    struct letter_source *source;
    bool exists;
    int rc;

    source = place->file != NULL
                 ? file_source_open(place->file, &exists, err)
                 : topic_source_open(config, place->topic, &exists, err);
    if (source == NULL) {
        if (exists || !place->is_assumed) {
            return 1;
        }
        (void)fprintf(stderr, "%s: is not there; nothing was refused so far\n",
            name_of(place));
        return 0;
    }
    rc = o->action == DLQ_LIST ? list(o, source, err)
                               : retry(o, config, place, source, err);
    letter_source_free(source);
    return rc;
}

/* What is wrong with the settings of the index is known without the engine. */
static int check_index(const struct config *config, struct error *err)
{
    static const struct retry_calls none = {0};
    struct retry_target *t = index_target_new(config, true, &none, NULL, err);

    if (t == NULL) {
        return -1;
    }
    t->free(t);
    return 0;
}

static int run(struct dlq_options *o, struct error *err)
{
    struct config *config = settings_load(&o->settings, err);
    struct place place;
    int rc = 2;

    if (config != NULL && find_place(o, config, &place, err) == 0) {
        bool needs_kafka = place.file == NULL || o->to == DLQ_TO_TOPIC;

        if (needs_kafka && kafka_topics_brokers(config) == NULL) {
            (void)error_set(err,
                "no brokers are named; use --brokers HOST:PORT,..., or set "
                "kafka.bootstrap.servers in the configuration");
        } else if (o->to != DLQ_TO_INDEX || check_index(config, err) == 0) {
            rc = run_at(o, config, &place, err);
        }
    }
    config_free(config);
    return rc;
}

int cmd_dlq(int argc, char **argv)
{
    struct dlq_options o;
    struct error err = {""};
    int rc = 0;

    log_setup(LOG_WARN, false);
    if (dlq_options_read(&o, argc, argv, clock_wall_ms(), &err) != 0) {
        rc = 2;
    } else if (o.help) {
        options_print_help(&dlq_option_table);
    } else {
        rc = run(&o, &err);
    }
    if (rc != 0) {
        (void)fprintf(stderr, "naru dlq: %s\n", err.text);
    }
    dlq_options_fini(&o);
    return rc;
}
