/* The steps of [transform] as a whole; see transform.h. */
#include "bridge/transform/step.h"

#include <stdlib.h>
#include <string.h>

#define STEP "transform.step.N"
#define AFTER "transform.after.N"

struct steps {
    struct step *all;
    size_t n;
};

struct transform {
    struct steps steps;
    struct steps after;
    struct zone *zone; /* NULL: UTC */
};

bool transform_is_set(const struct config *config)
{
    const char *value;

    return config_numbered_at(config, STEP, 0, NULL, &value, NULL) == 0 ||
           config_numbered_at(config, AFTER, 0, NULL, &value, NULL) == 0;
}

static size_t count_settings(const struct config *config, const char *name)
{
    const char *value;
    size_t n = 0;

    while (config_numbered_at(config, name, n, NULL, &value, NULL) == 0) {
        n++;
    }
    return n;
}

static int read_steps(const struct config *config, const char *name,
    struct steps *steps, struct error *err)
{
    const char *value, *origin;
    int number;

    steps->all = calloc(count_settings(config, name) + 1, sizeof(*steps->all));
    if (steps->all == NULL) {
        return error_set(err, "out of memory");
    }
    while (config_numbered_at(
               config, name, steps->n, &number, &value, &origin) == 0) {
        struct step *s = &steps->all[steps->n++];
        int rc = step_read(s, value, err);

        if (rc == 0 && strcmp(name, AFTER) == 0 && s->kind != STEP_LOG &&
            s->kind != STEP_LOG_MESSAGE) {
            rc = error_set(err,
                "only log and log-message can stand behind the engine, not %s",
                step_kind_names[s->kind]);
        }
        if (rc != 0) {
            return error_prefix(err, "%s: %.*s%d: ", origin,
                (int)(strlen(name) - 1), name, number);
        }
    }
    return 0;
}

static int read_zone(
    struct transform *t, const struct config *config, struct error *err)
{
    const char *name = config_text(config, "transform.zone");

    if (strcmp(name, "UTC") == 0) {
        return 0;
    }
    t->zone = zone_new(name, err);
    return t->zone != NULL ? 0
                           : error_prefix(err, "%s: transform.zone: ",
                                 config_origin(config, "transform.zone"));
}

struct transform *transform_new(const struct config *config, struct error *err)
{
    struct transform *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    if (read_zone(t, config, err) != 0 ||
        read_steps(config, STEP, &t->steps, err) != 0 ||
        read_steps(config, AFTER, &t->after, err) != 0) {
        transform_free(t);
        return NULL;
    }
    return t;
}

static void free_steps(struct steps *steps)
{
    for (size_t i = 0; i < steps->n; i++) {
        step_fini(&steps->all[i]);
    }
    free(steps->all);
}

void transform_free(struct transform *t)
{
    if (t != NULL) {
        free_steps(&t->steps);
        free_steps(&t->after);
        zone_free(t->zone);
        free(t);
    }
}

int transform_run(struct transform *t, const struct flow_file *first,
    int64_t now_ms, bool again, struct arena *arena,
    struct transform_result *result)
{
    struct step_run run = {arena, t->zone, now_ms, again, result};
    struct flow_file *files = arena_alloc(arena, sizeof(*files));
    size_t n = 1;

    *result = (struct transform_result){0};
    if (files == NULL) {
        return -1;
    }
    *files = *first;
    for (size_t i = 0; i < t->steps.n && n > 0; i++) {
        struct flow_files out = {0};

        if (step_run(&t->steps.all[i], &run, files, n, &out) != 0) {
            return -1;
        }
        files = out.all;
        n = out.n;
    }
    result->all = files;
    result->n = n;
    return 0;
}

bool transform_has_after(const struct transform *t)
{
    return t->after.n > 0;
}

void transform_after(
    struct transform *t, const struct flow_file *stored, int64_t now_ms)
{
    struct step_run run = {.zone = t->zone, .now_ms = now_ms};

    for (size_t i = 0; i < t->after.n; i++) {
        struct step *s = &t->after.all[i];

        step_log(s, &run, stored);
        s->stats.in++;
        s->stats.in_bytes += stored->value.len;
    }
}

bool transform_splits(const struct transform *t)
{
    for (size_t i = 0; i < t->steps.n; i++) {
        if (t->steps.all[i].kind == STEP_SPLIT_JSON) {
            return true;
        }
    }
    return false;
}

size_t transform_step_count(const struct transform *t)
{
    return t->steps.n;
}

const char *transform_step_kind(const struct transform *t, size_t i)
{
    return step_kind_names[t->steps.all[i].kind];
}

const struct step_stats *transform_step_stats(
    const struct transform *t, size_t i)
{
    return &t->steps.all[i].stats;
}

size_t transform_after_count(const struct transform *t)
{
    return t->after.n;
}

const char *transform_after_kind(const struct transform *t, size_t i)
{
    return step_kind_names[t->after.all[i].kind];
}
