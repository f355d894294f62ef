/* What a bridge would find; see preflight.h. This part: the topics. */
#include "bridge/preflight.h"

#include "bridge/dead_letter.h"
#include "common/kafka_topic.h"
#include "common/topic_names.h"

#include <stdarg.h>
#include <string.h>

void preflight_tell(struct preflight *f, enum finding kind, const char *subject,
    const char *fmt, ...)
{
    static const char *const words[FINDING_KINDS] = {"ok", "warning", "error"};
    va_list ap;

    f->counts[kind]++;
    (void)fprintf(f->out, "%-8s %s: ", words[kind], subject);
    va_start(ap, fmt);
    (void)vfprintf(f->out, fmt, ap);
    va_end(ap);
    (void)fputc('\n', f->out);
}

struct topics {
    struct preflight *f;
    struct kafka_topics *kafka;
    const char *dead_letters; /* one topic for all; NULL: one a source */
};

static void setting(
    struct topics *t, const char *topic, const char *name, char *value)
{
    struct error err;

    if (kafka_topic_setting(t->kafka, topic, name, value, &err) != 0) {
        preflight_tell(t->f, FINDING_WARNING, "settings",
            "%s; whether %s is safe is not known", err.text, name);
        value[0] = '\0';
    }
}

/* What acknowledges a record there, and what that is worth. */
static void check_durability(struct topics *t, const char *topic,
    const char *subject, const struct kafka_topic_info *info)
{
    char least[KAFKA_SETTING_BYTES], unclean[KAFKA_SETTING_BYTES];

    if (info->replicas < 2) {
        preflight_tell(t->f, FINDING_WARNING, subject,
            "1 replica: a record that was acknowledged is lost with its "
            "broker");
        return;
    }
    setting(t, topic, "min.insync.replicas", least);
    setting(t, topic, "unclean.leader.election.enable", unclean);
    if (strcmp(least, "1") == 0) {
        preflight_tell(t->f, FINDING_WARNING, subject,
            "min.insync.replicas is 1: one broker alone can acknowledge a "
            "record, which is lost with it; 2 is safer");
    }
    if (strcmp(unclean, "true") == 0) {
        preflight_tell(t->f, FINDING_WARNING, subject,
            "unclean.leader.election.enable is true: a broker that lags may "
            "lead, and acknowledged records are gone");
    }
}

static void check_topic(struct topics *t, const char *topic, const char *what,
    const char *when_absent)
{
    struct kafka_topic_info info;
    struct error err;
    char subject[300];

    (void)snprintf(subject, sizeof(subject), "%s %s", what, topic);
    if (kafka_topic_describe(t->kafka, topic, &info, &err) != 0) {
        preflight_tell(t->f, FINDING_ERROR, subject, "%s", err.text);
    } else if (!info.exists) {
        preflight_tell(t->f, FINDING_OK, subject, "%s", when_absent);
    } else {
        preflight_tell(t->f, FINDING_OK, subject,
            "%d partition%s, %d replica%s", info.partitions,
            info.partitions == 1 ? "" : "s", info.replicas,
            info.replicas == 1 ? "" : "s");
        check_durability(t, topic, subject, &info);
    }
}

static void check_dead_letters(struct topics *t, const char *topic)
{
    check_topic(t, topic, "dead letters in", "will be made when needed");
}

static void check_source(void *arg, const char *topic)
{
    struct topics *t = arg;
    char letters[300];

    check_topic(t, topic, "topic", "is being deleted");
    if (t->dead_letters == NULL) {
        (void)snprintf(
            letters, sizeof(letters), "%s" DEAD_LETTER_SUFFIX, topic);
        check_dead_letters(t, letters);
    }
}

/* Names that the brokers do not have; patterns may come to match later. */
static void tell_absent(struct topics *t, const char *names)
{
    struct kafka_topic_info info;
    struct slice name;
    struct error err;
    char subject[300];

    while (topic_names_next(&names, &name)) {
        int n = snprintf(
            subject, sizeof(subject), "topic " SLICE_FMT, SLICE_ARG(name));

        if (name.p[0] != '^' && n < (int)sizeof(subject) &&
            kafka_topic_describe(
                t->kafka, subject + strlen("topic "), &info, &err) == 0 &&
            !info.exists) {
            preflight_tell(t->f, FINDING_ERROR, subject,
                "the brokers do not have it; replay into it first, or create "
                "it");
        }
    }
}

/* Where refused records go, as far as it is no topic of the source. */
static void check_letter_target(
    struct topics *t, const struct dead_letter_target *target)
{
    if (target->kind == DEAD_LETTER_STOP) {
        preflight_tell(t->f, FINDING_OK, "dead letters",
            "none: the first refused record stops the bridge");
    } else if (target->kind == DEAD_LETTER_FILE) {
        preflight_tell(t->f, FINDING_WARNING, "dead letters",
            "in the file %s: they are as safe as its disk, and only this "
            "machine has them",
            target->name);
    } else if (target->name != NULL) {
        check_dead_letters(t, target->name);
    }
}

static void check_kafka(struct preflight *f, const struct config *config)
{
    const char *names = config_text(config, "bridge.topics");
    struct dead_letter_target target;
    struct topics t = {.f = f};
    struct error err;
    int n;

    if (names == NULL) {
        preflight_tell(f, FINDING_ERROR, "topics", "bridge.topics is not set");
        return;
    }
    if (dead_letter_read_target(config, &target, &err) != 0) {
        preflight_tell(f, FINDING_ERROR, "dead letters", "%s", err.text);
        return;
    }
    t.kafka = kafka_topics_open(config, &err);
    if (t.kafka == NULL) {
        preflight_tell(f, FINDING_ERROR, "kafka", "%s", err.text);
        return;
    }
    t.dead_letters = target.kind != DEAD_LETTER_TOPIC ? "" : target.name;
    n = kafka_topics_list(t.kafka, names, check_source, &t, &err);
    if (n < 0) {
        preflight_tell(f, FINDING_ERROR, "kafka", "%s", err.text);
    } else {
        tell_absent(&t, names);
        check_letter_target(&t, &target);
    }
    kafka_topics_free(t.kafka);
}

int preflight_run(
    struct preflight *f, const struct config *config, struct error *err)
{
    check_kafka(f, config);
    return preflight_engine(f, config, err);
}
