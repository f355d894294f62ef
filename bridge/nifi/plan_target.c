/*
 * Index and operation may be expressions over the record. These become one
 * step that sets the attributes naru.index and naru.op, and patterns that read
 * them.
 */
#include "bridge/nifi/plan_target.h"

#include "bridge/nifi/expression.h"

#include <string.h>

static bool is_odd(const char *text)
{
    return strstr(text, "%{") != NULL || strpbrk(text, "\"\\") != NULL;
}

/* The pattern for v: itself, or an attribute that *step is to set. */
static const char *pattern_of(struct plan *p, const struct plan_value *v,
    const char *attribute, const char **step)
{
    const char *constant = plan_constant(p, v);

    if (constant != NULL) {
        if (is_odd(constant)) {
            plan_find(p, PLAN_CANNOT, "%s: '%s' has quotes, backslashes or %%{",
                v->property, constant);
        }
        return constant;
    }
    if (!plan_expression(p, v)) {
        return "";
    }
    *step = plan_text(p, "%s %s", *step,
        plan_word(p, plan_text(p, "%s=%s", attribute, v->text)));
    return plan_text(p, "%%{attr:%s}", attribute);
}

static bool uses_now(const struct plan_value *v)
{
    struct expression *e = expression_new(v->text, NULL);
    bool uses = e != NULL && (expression_traits(e) & EXPRESSION_USES_NOW) != 0;

    expression_free(e);
    return uses;
}

static void set_index(
    struct plan *p, const struct plan_value *v, const char **step)
{
    const char *pattern;

    if (v->text[0] == '\0') {
        plan_find(p, PLAN_CANNOT, "%s is not set", v->property);
        return;
    }
    pattern = pattern_of(p, v, "naru.index", step);
    if (pattern[0] == '\0') {
        return;
    }
    plan_set(p, "bridge.index", pattern, v);
    if (strncmp(pattern, "%{", 2) == 0) {
        plan_row(p, v, "the same, evaluated for each record");
    } else {
        plan_row(p, v, "the same");
    }
    if (uses_now(v)) {
        plan_find(p, PLAN_DOUBLES,
            "%s holds the time of writing: what is sent again after midnight "
            "goes to another index, in NiFi and in naru; a date of the record "
            "itself would not",
            v->property);
    }
    plan_set(p, "bridge.require_alias", "false",
        &(struct plan_value){.property = "NiFi writes to indices and aliases "
                                         "alike",
            .is_given = true});
}

/* One for all records; naru knows none that differ (bridge.type). */
static void set_type(
    struct plan *p, const struct plan_value *v, const char *type)
{
    if (v->text[0] == '\0') {
        return;
    }
    if (type == NULL) {
        plan_find(p, PLAN_CANNOT,
            "%s is '%s': naru takes one type for all records", v->property,
            v->text);
        return;
    }
    plan_set(p, "bridge.type", type, v);
    plan_row(p, v, "the same; Elasticsearch 8 and later take none");
}

static void set_op(
    struct plan *p, const struct plan_value *v, const char **step)
{
    static const char *const known[] = {
        "index", "create", "update", "upsert", "delete"};
    const char *pattern = pattern_of(p, v, "naru.op", step);

    if (strcasecmp(pattern, "index") == 0) {
        plan_row(p, v, "the same");
        return;
    }
    if (pattern[0] == '\0') {
        return;
    }
    if (pattern[0] != '%') {
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
            if (strcasecmp(pattern, known[i]) == 0) {
                plan_set(p, "bridge.op", known[i], v);
                plan_row(p, v, "bridge.op = %s", known[i]);
                return;
            }
        }
        plan_find(
            p, PLAN_CANNOT, "%s: '%s' is no operation", v->property, pattern);
        return;
    }
    plan_set(p, "bridge.op", pattern, v);
    plan_row(p, v, "the same, evaluated for each record");
}

/* ---- the id ---- */

#define DEFAULT_ID "topic-partition-offset"

static void no_id(struct plan *p, const struct plan_value *v, const char *why)
{
    plan_row(p, v, "the id is " DEFAULT_ID ": sent again, it is the same");
    plan_find(p, PLAN_DOUBLES,
        "%s: whatever NiFi sends or reads twice (a time-out, a restart, a "
        "rebalance) becomes two documents; naru's are one",
        why);
}

/* A record's own, unless the path has made something else of it. */
static const char *id_of_attribute(struct plan *p, const char *name)
{
    static const struct {
        const char *attribute, *pattern;
    } own[] = {{"kafka.key", "%{_key}"}, {"kafka.topic", "%{_topic}"},
        {"kafka.partition", "%{_partition}"}, {"kafka.offset", "%{_offset}"},
        {"kafka.timestamp", "%{_timestamp}"}};

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (strcmp(name, own[i].attribute) == 0 &&
            !flow_names_have(&p->attributes, name)) {
            return own[i].pattern;
        }
    }
    return plan_text(p, "%%{attr:%s}", name);
}

/* "/Code" of a record path; what is deeper becomes an attribute. */
static const char *id_of_path(struct plan *p, const struct plan_value *v)
{
    const char *path = v->text;
    struct buf json;
    const char *text;

    if (path[0] != '/' || path[1] == '\0' ||
        strpbrk(path, "[]()*'\" ") != NULL || strstr(path, "//") != NULL) {
        plan_find(p, PLAN_CANNOT,
            "%s: of record paths naru reads /a and /a/b alone, not '%s'",
            v->property, path);
        return NULL;
    }
    if (strchr(path + 1, '/') == NULL && strpbrk(path, ":}") == NULL &&
        path[1] != '_') {
        return plan_text(p, "%%{%s}", path + 1);
    }
    buf_init(&json, 65536);
    for (; *path != '\0'; path++) {
        p->failed |= buf_append_char(&json, *path == '/' ? '.' : *path) != 0;
    }
    text = plan_text(p, "naru.id=$%s", buf_str(&json));
    buf_fini(&json);
    plan_step(p,
        plan_text(p, "evaluate-json not_found=error %s", plan_word(p, text)));
    return "%{attr:naru.id}";
}

static void set_id(struct plan *p, const struct plan_target *t)
{
    const struct plan_value *v = &t->id;
    bool is_index =
        plan_is(t->op.text, "index") || plan_is(t->op.text, "create");
    const char *pattern;

    if (v->text[0] == '\0') {
        if (!is_index) {
            plan_find(p, PLAN_CANNOT,
                "%s is not set, which the operation '%s' needs", v->property,
                t->op.text);
        }
        no_id(p, v, "documents have no id of their own");
        return;
    }
    if (!t->id_is_path && !flow_names_have(&p->attributes, v->text) &&
        (strcmp(v->text, "uuid") == 0 || strcmp(v->text, "filename") == 0)) {
        no_id(p, v,
            plan_text(p, "the id is the FlowFile's %s, a random one", v->text));
        return;
    }
    if (!t->id_is_path && strpbrk(v->text, "}\"\\") != NULL) {
        plan_find(p, PLAN_CANNOT,
            "%s: '%s' is no attribute's name that a "
            "pattern takes",
            v->property, v->text);
        return;
    }
    pattern = t->id_is_path ? id_of_path(p, v) : id_of_attribute(p, v->text);
    if (pattern != NULL) {
        plan_set(p, "bridge.id", pattern, v);
        plan_row(p, v, "bridge.id = %s; a record without it is a dead letter",
            pattern);
    }
}

void plan_set_target(struct plan *p, const struct plan_target *t)
{
    const char *step = "update-attribute";
    const char *kind = step;
    /* Before the index makes attributes of variables. */
    const char *type = plan_constant(p, &t->type);

    set_index(p, &t->index, &step);
    set_type(p, &t->type, type);
    set_op(p, &t->op, &step);
    if (step != kind) {
        plan_step(p, step);
    }
    set_id(p, t);
}
