/* A step run over the records that come to it; see step.h and README.md. */
#include "bridge/transform/step.h"

#include "bridge/transform/json_text.h"

#include <stdio.h>
#include <string.h>

#define MOST_BYTES ((size_t)1 << 30) /* of one text made here */

/* ---- what a step does with one record ---- */

enum fate {
    FATE_ON,      /* it goes on */
    FATE_LEFT,    /* it does not, by a rule */
    FATE_REFUSED, /* nor this one, which becomes a dead letter */
    FATE_NO_MEMORY
};

static struct slice arena_bytes(struct arena *a, struct slice bytes)
{
    char *copy = arena_text(a, bytes);

    return (struct slice){copy, copy != NULL ? bytes.len : 0};
}

static enum fate refuse(
    struct step_run *run, const struct step *s, const struct error *why)
{
    static const char *const types[STEP_KINDS] = {"update_attribute_failed",
        "evaluate_json_failed", "split_json_failed", "route_failed",
        "convert_json_failed", "merge_failed", "log_failed",
        "log_message_failed"};

    if (!run->result->is_refused) {
        run->result->is_refused = true;
        run->result->type = types[s->kind];
        run->result->reason = *why;
    }
    return FATE_REFUSED;
}

static enum fate leave(struct step_run *run, const char *why)
{
    run->result->skipped = why;
    return FATE_LEFT;
}

static bool look_up(void *arg, struct slice name, struct slice *value)
{
    return attributes_find(arg, name, value);
}

struct expression_env step_env(
    const struct step_run *run, const struct flow_file *file)
{
    static const struct attributes none;

    /* It is only read, but the callback's argument is not const. */
    return (struct expression_env){.attribute = look_up,
        .arg = (void *)(uintptr_t)(file != NULL ? &file->attributes : &none),
        .now_ms = run->now_ms,
        .zone = run->zone};
}

/* A copy of its attributes with room for n more; the old ones stay as they
 * are, since other records may share them. */
static struct attribute *copy_attributes(
    struct step_run *run, const struct flow_file *file, size_t n)
{
    struct attribute *all =
        arena_alloc(run->arena, (file->attributes.n + n) * sizeof(*all) + 1);

    if (all != NULL && file->attributes.n > 0) {
        memcpy(all, file->attributes.all, file->attributes.n * sizeof(*all));
    }
    return all;
}

static void set_attribute(
    struct attribute *all, size_t *n, struct slice name, struct slice value)
{
    for (size_t i = 0; i < *n; i++) {
        if (slice_eq(all[i].name, name)) {
            all[i].value = value;
            return;
        }
    }
    all[(*n)++] = (struct attribute){name, value};
}

static enum fate update(
    struct step *s, struct step_run *run, struct flow_file *file)
{
    struct expression_env env = step_env(run, file);
    struct attribute *all = copy_attributes(run, file, s->n_assignments);
    size_t n = file->attributes.n;
    struct error why;
    struct buf text;
    enum fate fate = FATE_ON;

    if (all == NULL) {
        return FATE_NO_MEMORY;
    }
    buf_init(&text, MOST_BYTES);
    for (size_t i = 0; fate == FATE_ON && i < s->n_assignments; i++) {
        const struct assignment *a = &s->assignments[i];
        struct slice value;

        buf_clear(&text);
        if (expression_eval(a->expression, &env, &text, &why) != 0) {
            (void)error_prefix(&why, "%s: ", a->name);
            fate = refuse(run, s, &why);
        } else {
            value = arena_bytes(run->arena, buf_slice(&text));
            fate = value.p != NULL ? FATE_ON : FATE_NO_MEMORY;
            set_attribute(all, &n, slice_of(a->name), value);
        }
    }
    buf_fini(&text);
    file->attributes = (struct attributes){all, n};
    return fate;
}

/* ---- evaluate-json ---- */

static const char *const kind_names[] = {
    "a text", "a number", "true", "false", "null", "an object", "an array"};

/* A value as JSON again: what stands between a text's quotes is not the
 * whole. */
static struct slice whole_value(const struct json_value *v)
{
    return v->kind == JSON_STRING ? (struct slice){v->raw.p - 1, v->raw.len + 2}
                                  : v->raw;
}

/* The text of a value that was found. */
static enum fate value_text(struct step *s, struct step_run *run,
    const char *name, const struct json_value *v, struct slice *out)
{
    struct error why;
    struct buf text;
    int rc;

    if (s->returns == RETURN_SCALAR &&
        (v->kind == JSON_OBJECT || v->kind == JSON_ARRAY)) {
        (void)error_set(
            &why, "%s: %s is not a scalar", name, kind_names[v->kind]);
        return refuse(run, s, &why);
    }
    if (v->kind == JSON_NULL && s->returns != RETURN_JSON) {
        *out = (struct slice){"", 0}; /* NiFi's null value representation */
        return FATE_ON;
    }
    if (v->kind != JSON_STRING || s->returns == RETURN_JSON) {
        *out = whole_value(v);
        return FATE_ON;
    }
    buf_init(&text, MOST_BYTES);
    rc = json_text_unescape(v->raw, &text);
    *out = arena_bytes(run->arena, buf_slice(&text));
    buf_fini(&text);
    return rc == 0 && out->p != NULL ? FATE_ON : FATE_NO_MEMORY;
}

/* Refused unless the record's value is JSON. */
static enum fate check_json(
    const struct step *s, struct step_run *run, const struct flow_file *file)
{
    struct error why;

    return json_text_compact(file->value, false, NULL, &why) == 0
               ? FATE_ON
               : refuse(run, s, &why);
}

static enum fate not_found(
    struct step *s, struct step_run *run, const char *name)
{
    struct error why;

    if (s->not_found != NOT_FOUND_ERROR && !s->to_content) {
        return FATE_ON;
    }
    (void)error_set(&why, "%s: nothing stands at its path", name);
    return refuse(run, s, &why);
}

static enum fate evaluate(
    struct step *s, struct step_run *run, struct flow_file *file)
{
    struct attribute *all = copy_attributes(run, file, s->n_assignments);
    size_t n = file->attributes.n;
    enum fate fate = check_json(s, run, file);

    if (all == NULL) {
        return FATE_NO_MEMORY;
    }
    for (size_t i = 0; fate == FATE_ON && i < s->n_assignments; i++) {
        const struct assignment *a = &s->assignments[i];
        struct slice text = {"", 0};
        struct json_value v;
        bool found = json_path_find(a->path, file->value, &v);

        fate = found ? value_text(s, run, a->name, &v, &text)
                     : not_found(s, run, a->name);
        if (fate == FATE_ON && s->to_content) {
            file->value = text;
            file->is_changed = true;
        } else if (fate == FATE_ON &&
                   (found || s->not_found == NOT_FOUND_IGNORE)) {
            set_attribute(all, &n, slice_of(a->name), text);
        }
    }
    file->attributes = (struct attributes){all, n};
    return fate;
}

/* ---- split-json ---- */

static struct flow_file *add(struct flow_files *out, struct step_run *run)
{
    struct flow_file *grown =
        arena_grow(run->arena, out->all, out->n, &out->room, sizeof(*out->all));

    if (grown == NULL) {
        return NULL;
    }
    out->all = grown;
    return &grown[out->n++];
}

/* The elements, or values, of a container, one step of the cursor at a time.
 * Returns 1, 0 at its end. */
static int next_part(struct json_cursor *c, const struct json_value *container)
{
    struct slice key;

    return container->kind == JSON_ARRAY ? json_next_element(c)
                                         : json_next_key(c, &key);
}

static enum fate split_value(struct step_run *run, const struct flow_file *file,
    const struct json_value *container, struct flow_files *out)
{
    struct json_cursor c = json_cursor_of(container->raw);
    size_t first = out->n;
    const char *count;
    struct json_value v;

    if (json_enter(&c, container->kind == JSON_ARRAY ? '[' : '{') != 0) {
        return FATE_NO_MEMORY; /* cannot be: it was checked */
    }
    while (next_part(&c, container) == 1 && json_read(&c, &v) == 0) {
        struct flow_file *part = add(out, run);

        if (part == NULL) {
            return FATE_NO_MEMORY;
        }
        *part = *file;
        part->value = whole_value(&v);
        part->is_changed = true;
    }
    count = arena_printf(run->arena, "%zu", out->n - first);
    for (size_t i = first; i < out->n; i++) {
        struct attribute *all = copy_attributes(run, file, 2);
        const char *index = arena_printf(run->arena, "%zu", i - first);
        size_t n = file->attributes.n;

        if (all == NULL || index == NULL || count == NULL) {
            return FATE_NO_MEMORY;
        }
        set_attribute(all, &n, slice_of("fragment.index"), slice_of(index));
        set_attribute(all, &n, slice_of("fragment.count"), slice_of(count));
        out->all[i].attributes = (struct attributes){all, n};
    }
    return out->n > first ? FATE_ON : leave(run, "split-json: nothing in it");
}

static enum fate split(struct step *s, struct step_run *run,
    const struct flow_file *file, struct flow_files *out)
{
    enum fate fate = check_json(s, run, file);
    struct json_value v;
    struct error why;

    if (fate != FATE_ON) {
        return fate;
    }
    if (!json_path_find(s->path, file->value, &v)) {
        (void)error_set(&why, "nothing stands at its path");
        return refuse(run, s, &why);
    }
    if (v.kind != JSON_ARRAY &&
        !(v.kind == JSON_OBJECT && json_path_end(s->path) == JSON_PATH_ALL)) {
        (void)error_set(
            &why, "%s stands there, not an array", kind_names[v.kind]);
        return refuse(run, s, &why);
    }
    return split_value(run, file, &v, out);
}

/* ---- route, convert-json ---- */

static enum fate route(
    struct step *s, struct step_run *run, const struct flow_file *file)
{
    struct expression_env env = step_env(run, file);
    const char *taken = NULL;
    struct error why;

    for (size_t i = 0; i < s->n_assignments; i++) {
        const struct assignment *a = &s->assignments[i];
        bool is_so;

        if (expression_test(a->expression, &env, &is_so, &why) != 0) {
            (void)error_prefix(&why, "%s: ", a->name);
            return refuse(run, s, &why);
        }
        if (is_so && step_keeps(s->keep, a->name)) {
            return FATE_ON;
        }
        taken = is_so ? a->name : taken;
    }
    if (taken == NULL && step_keeps(s->keep, "unmatched")) {
        return FATE_ON;
    }
    return leave(run, arena_printf(run->arena, "route: %s",
                          taken != NULL ? taken : "unmatched"));
}

static enum fate convert(
    struct step *s, struct step_run *run, struct flow_file *file)
{
    struct error why;
    struct buf text;
    int rc;

    buf_init(&text, MOST_BYTES);
    rc = json_text_compact(file->value, s->drop_nulls, &text, &why);
    if (rc == 0 && !slice_eq(buf_slice(&text), file->value)) {
        file->value = arena_bytes(run->arena, buf_slice(&text));
        file->is_changed = true;
        rc = file->value.p != NULL ? 0 : 1;
    }
    buf_fini(&text);
    return rc == 0 ? FATE_ON : rc > 0 ? FATE_NO_MEMORY : refuse(run, s, &why);
}

/* ---- all of them ---- */

/* A tombstone has nothing to be read: bridge.on_tombstone says what becomes of
 * it. */
static bool reads_value(const struct step *s)
{
    return s->kind == STEP_EVALUATE_JSON || s->kind == STEP_SPLIT_JSON ||
           s->kind == STEP_CONVERT_JSON;
}

static enum fate run_one(struct step *s, struct step_run *run,
    struct flow_file *file, struct flow_files *out)
{
    switch (s->kind) {
    case STEP_UPDATE_ATTRIBUTE:
        return update(s, run, file);
    case STEP_EVALUATE_JSON:
        return evaluate(s, run, file);
    case STEP_SPLIT_JSON:
        return split(s, run, file, out);
    case STEP_ROUTE:
        return route(s, run, file);
    case STEP_CONVERT_JSON:
        return convert(s, run, file);
    case STEP_LOG:
    case STEP_LOG_MESSAGE:
        if (!run->again) {
            step_log(s, run, file);
        }
        return FATE_ON;
    case STEP_MERGE:
        break;
    }
    return FATE_ON;
}

static void count_out(
    struct step *s, const struct flow_files *out, size_t first)
{
    for (size_t i = first; i < out->n; i++) {
        s->stats.out++;
        s->stats.out_bytes += out->all[i].value.len;
    }
}

int step_run(struct step *s, struct step_run *run, struct flow_file *in,
    size_t n, struct flow_files *out)
{
    for (size_t i = 0; i < n; i++) {
        size_t first = out->n, in_bytes = in[i].value.len;
        bool passes = !in[i].has_value && reads_value(s);
        enum fate fate = passes ? FATE_ON : run_one(s, run, &in[i], out);
        struct flow_file *on;

        if (fate == FATE_ON && (passes || s->kind != STEP_SPLIT_JSON)) {
            on = add(out, run);
            if (on == NULL) {
                return -1;
            }
            *on = in[i];
        }
        if (fate == FATE_NO_MEMORY) {
            return -1;
        }
        if (!run->again) {
            s->stats.in++;
            s->stats.in_bytes += in_bytes;
            s->stats.refused += fate == FATE_REFUSED;
            s->stats.refused_bytes += fate == FATE_REFUSED ? in_bytes : 0;
            count_out(s, out, first);
        }
    }
    return 0;
}
