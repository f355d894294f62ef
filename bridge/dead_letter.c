/*
 * Dead letters, to a topic or to a file, whichever bridge.dead_letter says;
 * see dead_letter.h.
 */
#include "bridge/dead_letter.h"

#include "bridge/dead_letter_file.h"
#include "bridge/dead_letter_topic.h"

#include <stdlib.h>
#include <string.h>

/* One of the two is NULL. */
struct dead_letter {
    struct dead_letter_topic *topic;
    struct dead_letter_file *file;
};

int dead_letter_read_target(const struct config *config,
    struct dead_letter_target *target, struct error *err)
{
    const char *text = config_text(config, "bridge.dead_letter");
    const char *name = strchr(text, ':');
    size_t n = name != NULL ? (size_t)(name - text) : 0;

    *target = (struct dead_letter_target){DEAD_LETTER_TOPIC, NULL};
    if (strcmp(text, "topic") == 0) {
        return 0;
    }
    if (strcmp(text, "stop") == 0) {
        target->kind = DEAD_LETTER_STOP;
        return 0;
    }
    if (name != NULL && name[1] != '\0') {
        target->name = name + 1;
        if (n == 5 && strncmp(text, "topic", n) == 0) {
            return 0;
        }
        target->kind = DEAD_LETTER_FILE;
        if (n == 4 && strncmp(text, "file", n) == 0) {
            return 0;
        }
    }
    return error_set(err,
        "%s: bridge.dead_letter: '%s' is none of topic, topic:NAME, file:PATH "
        "and stop",
        config_origin(config, "bridge.dead_letter"), text);
}

struct dead_letter *dead_letter_new(struct event_base *base,
    const struct config *config, const struct dead_letter_target *target,
    dead_letter_done_fn done, void *arg, struct error *err)
{
    struct dead_letter *d = calloc(1, sizeof(*d));

    if (d == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    if (target->kind == DEAD_LETTER_FILE) {
        d->file = dead_letter_file_new(base, target->name, done, arg, err);
    } else {
        d->topic =
            dead_letter_topic_new(base, config, target->name, done, arg, err);
    }
    if (d->file == NULL && d->topic == NULL) {
        dead_letter_free(d);
        return NULL;
    }
    return d;
}

void dead_letter_free(struct dead_letter *d)
{
    if (d != NULL) {
        dead_letter_topic_free(d->topic);
        dead_letter_file_free(d->file);
        free(d);
    }
}

int dead_letter_take(struct dead_letter *d, const struct doc *doc,
    const struct record *record, const struct refusal *why)
{
    return d->file != NULL ? dead_letter_file_take(d->file, doc, record, why)
                           : dead_letter_topic_take(d->topic, doc, record, why);
}

int dead_letter_renew_login(struct dead_letter *d, struct error *err)
{
    return d->topic != NULL ? dead_letter_topic_renew_login(d->topic, err) : 0;
}

size_t dead_letter_pending(const struct dead_letter *d)
{
    return d->file != NULL ? dead_letter_file_pending(d->file)
                           : dead_letter_topic_pending(d->topic);
}

size_t dead_letter_pending_bytes(const struct dead_letter *d)
{
    return d->file != NULL ? dead_letter_file_pending_bytes(d->file)
                           : dead_letter_topic_pending_bytes(d->topic);
}

const char *dead_letter_problem(const struct dead_letter *d, int64_t *since_us)
{
    return d->file != NULL ? dead_letter_file_problem(d->file, since_us)
                           : dead_letter_topic_problem(d->topic, since_us);
}
