/*
 * Properties of a component: found by either spelling, parameters and
 * variables put in. #{name} is a parameter of the group's context or of those
 * it inherits; ##{ is a literal #{. Variables are the nearest group's upward.
 */
#include "bridge/nifi/expression.h"
#include "bridge/nifi/plan_build.h"

#include <string.h>

#define MAX_CONTEXTS 64 /* inherited, in all */

void plan_begin(struct plan *p, const struct flow_component *c)
{
    p->now = c;
    memset(p->taken, 0, sizeof(p->taken));
}

static const struct flow_context *find_context(
    const struct flow *f, const char *id)
{
    for (size_t i = 0; i < f->n_contexts; i++) {
        if (strcmp(f->contexts[i]->name, id) == 0 ||
            (f->contexts[i]->id[0] != '\0' &&
                strcmp(f->contexts[i]->id, id) == 0)) {
            return f->contexts[i];
        }
    }
    return NULL;
}

/* In the context itself, then in those it inherits, breadth first: bounded,
 * so that contexts which inherit each other end. */
static const struct flow_property *find_parameter(
    const struct flow *f, const char *context, const char *name)
{
    const struct flow_context *queue[MAX_CONTEXTS];
    size_t n = 0;

    queue[0] = find_context(f, context);
    n = queue[0] != NULL ? 1 : 0;
    for (size_t i = 0; i < n; i++) {
        const struct flow_property *found =
            flow_list_find(&queue[i]->parameters, name);

        if (found != NULL) {
            return found;
        }
        for (size_t k = 0; k < queue[i]->inherited.n && n < MAX_CONTEXTS; k++) {
            const struct flow_context *c =
                find_context(f, queue[i]->inherited.items[k]);

            if (c != NULL) {
                queue[n++] = c;
            }
        }
    }
    return NULL;
}

/* The context that holds for a component: its group's, else none (NiFi does
 * not look upward). A definition's parts may have it on an outer group. */
static const char *context_of(const struct flow_component *c)
{
    for (const struct flow_group *g = c->group; g != NULL; g = g->parent) {
        if (g->context != NULL && g->context[0] != '\0') {
            return g->context;
        }
    }
    return NULL;
}

struct putting { /* parameters put into a text */
    struct plan *p;
    const char *what;
    struct buf out;
    bool is_secret, is_bad;
    unsigned depth; /* of expressions around */
    char quote;     /* of a text in one; 0: none */
};

/* Within an expression a parameter is its value, not a piece of the text. */
static void put_within(struct putting *s, const char *name, const char *value)
{
    bool failed;

    if (s->quote != '\0') {
        s->is_bad = true;
        plan_find(s->p, PLAN_CANNOT,
            "%s has the parameter #{%s} in a quoted text within ${}: put its "
            "value in its place",
            s->what, name);
        return;
    }
    failed = buf_append_str(&s->out, "${literal('") != 0;
    for (; *value != '\0'; value++) {
        failed |= ((*value == '\\' || *value == '\'') &&
                      buf_append_char(&s->out, '\\') != 0) ||
                  buf_append_char(&s->out, *value) != 0;
    }
    s->p->failed |= failed || buf_append_str(&s->out, "')}") != 0;
}

/* What stands at text[0], behind so many dollars, opens or closes. */
static void note_nesting(struct putting *s, const char *text, size_t dollars)
{
    if (s->quote != '\0') {
        s->quote = *text == s->quote && text[-1] != '\\' ? '\0' : s->quote;
    } else if (*text == '{' && dollars % 2 != 0) {
        s->depth++;
    } else if (s->depth > 0 && *text == '}') {
        s->depth--;
    } else if (s->depth > 0 && (*text == '\'' || *text == '"')) {
        s->quote = *text;
    }
}

static void put_parameter(struct putting *s, struct slice name)
{
    const char *context = context_of(s->p->now);
    const char *key = plan_text(s->p, SLICE_FMT, SLICE_ARG(name));
    const struct flow_property *found =
        context != NULL ? find_parameter(s->p->flow, context, key) : NULL;

    if (found == NULL) {
        s->is_bad = true;
        plan_find(s->p, PLAN_CANNOT,
            "%s needs the parameter #{%s}, which %s%s%s", s->what, key,
            context == NULL ? "has no parameter context in this file"
                            : "is not in the parameter context '",
            context != NULL ? context : "", context != NULL ? "'" : "");
    } else if (found->is_sensitive || found->value == NULL ||
               strncmp(found->value, "enc{", 4) == 0) {
        s->is_secret = found->is_sensitive || found->value != NULL;
        if (!s->is_secret) {
            s->is_bad = true;
            plan_find(s->p, PLAN_CANNOT,
                "%s needs the parameter #{%s}, which has no value", s->what,
                key);
        }
    } else if (s->depth > 0) {
        put_within(s, key, found->value);
    } else if (buf_append_str(&s->out, found->value) != 0) {
        s->p->failed = true;
    }
}

/* The length of #{name} or #{'name'} at text, and its name; 0 for none. */
static size_t reference_at(const char *text, struct slice *name)
{
    const char *end;

    if (text[0] != '#' || text[1] != '{') {
        return 0;
    }
    end = strchr(text, '}');
    if (end == NULL) {
        return 0;
    }
    *name = slice_trim((struct slice){text + 2, (size_t)(end - text) - 2});
    if (name->len >= 2 && name->p[0] == name->p[name->len - 1] &&
        (name->p[0] == '\'' || name->p[0] == '"')) {
        *name = (struct slice){name->p + 1, name->len - 2};
    }
    return (size_t)(end - text) + 1;
}

static void put_parameters(struct putting *s, const char *text)
{
    size_t dollars = 0;

    while (*text != '\0') {
        struct slice name;
        size_t hashes = strspn(text, "#");
        size_t n;

        if (hashes == 0 || text[hashes] != '{') {
            n = hashes > 0 ? hashes : 1;
            note_nesting(s, text, dollars);
            dollars = *text == '$' ? dollars + 1 : 0;
            s->p->failed |= buf_append(&s->out, text, n) != 0;
            text += n;
            continue;
        }
        /* As with dollars: pairs are literal, one left over refers. */
        s->p->failed |= buf_append(&s->out, text, hashes / 2) != 0;
        text += hashes;
        n = hashes % 2 != 0 ? reference_at(text - 1, &name) : 0;
        if (n > 0) {
            put_parameter(s, name);
            text += n - 1;
        } else if (hashes % 2 != 0) {
            s->p->failed |= buf_append_char(&s->out, '#') != 0;
        }
    }
}

static bool variable_of(void *arg, struct slice name, struct slice *value)
{
    const struct plan *p = arg;

    for (const struct flow_group *g = p->now->group; g != NULL; g = g->parent) {
        for (size_t i = 0; i < g->variables.n; i++) {
            if (slice_is(name, g->variables.items[i].name)) {
                const char *text = g->variables.items[i].value;

                *value = slice_of(text != NULL ? text : "");
                return true;
            }
        }
    }
    return false;
}

/* Which of the expression's names is no variable? */
static bool has_all_variables(
    struct plan *p, const struct expression *e, const char *what)
{
    bool all = true;

    for (size_t i = 0; i < expression_attribute_count(e); i++) {
        struct slice name = expression_attribute(e, i), value;

        if (!variable_of(p, name, &value)) {
            all = false;
            plan_find(p, PLAN_CANNOT,
                "%s needs the variable ${" SLICE_FMT
                "}, which is not in this file; NiFi may have it from its "
                "environment: put the value in its place",
                what, SLICE_ARG(name));
        }
    }
    return all;
}

static const char *with_variables(
    struct plan *p, const char *what, const char *text)
{
    struct error err;
    struct expression *e = expression_new(text, &err);
    const struct expression_env env = {variable_of, p, 0, NULL};
    const char *result = "";
    struct buf out;

    if (e == NULL) {
        plan_find(p, PLAN_CANNOT, "%s: %s", what, err.text);
        return "";
    }
    buf_init(&out, EXPRESSION_MAX_BYTES);
    if ((expression_traits(e) & EXPRESSION_USES_NOW) != 0) {
        plan_find(p, PLAN_CANNOT, "%s depends on the time: %s", what, text);
    } else if (has_all_variables(p, e, what)) {
        if (expression_eval(e, &env, &out, &err) != 0) {
            plan_find(p, PLAN_CANNOT, "%s: %s", what, err.text);
        } else {
            result = arena_text(&p->arena, buf_slice(&out));
        }
    }
    buf_fini(&out);
    expression_free(e);
    p->failed |= result == NULL;
    return result != NULL ? result : "";
}

struct plan_value plan_resolve(
    struct plan *p, const char *what, const char *raw, enum plan_scope scope)
{
    struct plan_value v = {
        .property = what, .text = "", .is_given = true, .is_set = true};
    struct putting s = {.p = p, .what = what};

    if (strncmp(raw, "enc{", 4) == 0) {
        v.is_secret = true;
        return v;
    }
    if (strlen(raw) > EXPRESSION_MAX_BYTES) {
        plan_find(p, PLAN_CANNOT, "%s is longer than %d bytes", what,
            EXPRESSION_MAX_BYTES);
        return v;
    }
    buf_init(&s.out, (size_t)1 << 20);
    put_parameters(&s, raw);
    v.is_secret = s.is_secret;
    if (!s.is_bad && !s.is_secret) {
        v.text = arena_text(&p->arena, buf_slice(&s.out));
        p->failed |= v.text == NULL;
        v.text = v.text != NULL ? v.text : "";
    }
    buf_fini(&s.out);
    if (scope == PLAN_VARIABLES && strstr(v.text, "${") != NULL) {
        v.text = with_variables(p, what, v.text);
    }
    return v;
}

static bool names_hold(const char *names, const char *name)
{
    size_t len = strlen(name);

    for (;;) {
        size_t n = strcspn(names, "|");

        if (n == len && strncmp(names, name, n) == 0) {
            return true;
        }
        if (names[n] == '\0') {
            return false;
        }
        names += n + 1;
    }
}

/* Passwords stand in clear in some templates: names tell them. */
static bool is_secret_name(const char *name)
{
    static const char *const words[] = {
        "password", "passphrase", "secret", "passwd", "jaas", "jwt"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasestr(name, words[i]) != NULL) {
            return true;
        }
    }
    return strcmp(name, "api-key") == 0 || strcmp(name, "API Key") == 0;
}

bool plan_is_secret(const struct flow_property *property)
{
    return property->is_sensitive || is_secret_name(property->name) ||
           (property->value != NULL &&
               strncmp(property->value, "enc{", 4) == 0);
}

struct plan_value plan_take(struct plan *p, const char *names,
    const char *fallback, enum plan_scope scope)
{
    const struct flow_list *list = &p->now->properties;
    const struct flow_property *found = NULL;
    struct plan_value v;

    for (size_t i = 0; i < list->n; i++) {
        if (names_hold(names, list->items[i].name)) {
            p->taken[i] = true;
            /* Of both spellings, the one with a value. */
            found =
                found == NULL || found->value == NULL ? &list->items[i] : found;
        }
    }
    if (found != NULL && plan_is_secret(found)) {
        return (struct plan_value){.property = found->name,
            .text = "",
            .is_given = true,
            .is_secret = found->value != NULL,
            .is_set = found->value != NULL && found->value[0] != '\0'};
    }
    if (found != NULL && found->value != NULL) {
        return plan_resolve(p, found->name, found->value, scope);
    }
    v = (struct plan_value){
        .text = fallback != NULL ? fallback : "", .is_set = fallback != NULL};
    v.property = found != NULL
                     ? found->name
                     : plan_text(p, "%.*s", (int)strcspn(names, "|"), names);
    return v;
}

const struct flow_property *plan_untaken(struct plan *p, size_t *i)
{
    const struct flow_list *list = &p->now->properties;

    for (; *i < list->n; (*i)++) {
        if (!p->taken[*i] && list->items[*i].value != NULL) {
            p->taken[*i] = true;
            return &list->items[(*i)++];
        }
    }
    return NULL;
}

const struct flow_component *plan_service(
    struct plan *p, const struct plan_value *v)
{
    const struct flow_component *s;

    if (v->text[0] == '\0') {
        return NULL;
    }
    s = flow_service(p->flow, v->text, p->now->group);
    if (s == NULL) {
        plan_find(p, PLAN_CANNOT,
            "%s names the controller service %s, which is not in the file",
            v->property, v->text);
    } else if (s->is_outside) {
        plan_find(p, PLAN_CANNOT,
            "%s names the controller service '%s', which stands outside of "
            "the exported group; export the group that holds it too, or "
            "flow.json",
            v->property, s->name);
        return NULL;
    } else if (s->state != NULL && plan_is(s->state, "DISABLED") &&
               (p->flow->format == FLOW_XML || p->flow->format == FLOW_JSON)) {
        plan_find(p, PLAN_NOTE,
            "the controller service '%s' is disabled in NiFi; naru takes it "
            "as it stands",
            s->name);
    }
    return s;
}

/* ---- expressions over records ---- */

static bool is_of_record(const struct plan *p, struct slice name)
{
    static const char *const always[] = {"kafka.topic", "kafka.partition",
        "kafka.offset", "kafka.key", "kafka.timestamp", "uuid", "filename",
        "path"};

    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
        if (slice_is(name, always[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < p->attributes.n; i++) {
        if (slice_is(name, p->attributes.items[i])) {
            return true;
        }
    }
    return p->any_attributes;
}

bool plan_is_plain_regex(const char *text)
{
    return strstr(text, "(?") == NULL && strpbrk(text, "\\") == NULL &&
           strstr(text, "*?") == NULL && strstr(text, "+?") == NULL &&
           strstr(text, "&&") == NULL;
}

bool plan_takes_regex(
    struct plan *p, const struct plan_value *v, const char *instead)
{
    if (plan_is_plain_regex(v->text)) {
        return true;
    }
    plan_find(p, PLAN_CANNOT,
        "%s: the pattern '%s' has what naru's regular expressions lack "
        "(backslashes, look-around); %s",
        v->property, v->text, instead);
    return false;
}

void plan_attribute(struct plan *p, const char *name)
{
    const char **grown;

    if (flow_names_have(&p->attributes, name)) {
        return;
    }
    grown = arena_grow(&p->arena, p->attributes.items, p->attributes.n,
        &p->attributes.room, sizeof(*grown));
    if (grown == NULL) {
        p->failed = true;
        return;
    }
    p->attributes.items = grown;
    grown[p->attributes.n++] = name;
}

/* A variable may stand where no attribute of that name is: it becomes one. */
static void check_attribute(
    struct plan *p, const struct plan_value *v, struct slice name)
{
    static const char *const nifis[] = {
        "entryDate", "lineageStartDate", "fileSize", "flowFileId"};
    struct slice value;

    if (is_of_record(p, name)) {
        return;
    }
    if (variable_of(p, name, &value)) {
        const char *key = plan_text(p, SLICE_FMT, SLICE_ARG(name));
        const char *text = plan_text(
            p, SLICE_FMT "=" SLICE_FMT, SLICE_ARG(name), SLICE_ARG(value));

        plan_step(p, plan_text(p, "update-attribute %s", plan_word(p, text)));
        plan_attribute(p, key);
        return;
    }
    for (size_t i = 0; i < sizeof(nifis) / sizeof(nifis[0]); i++) {
        if (slice_is(name, nifis[i])) {
            plan_find(p, PLAN_CANNOT,
                "%s uses ${" SLICE_FMT "}, which only NiFi's own FlowFiles "
                "have",
                v->property, SLICE_ARG(name));
            return;
        }
    }
    plan_find(p, PLAN_NOTE,
        "%s uses ${" SLICE_FMT "}, which nothing on this path sets: it is "
        "empty",
        v->property, SLICE_ARG(name));
}

static void note_traits(
    struct plan *p, const struct plan_value *v, unsigned traits)
{
    if ((traits & EXPRESSION_WEEK_YEAR) != 0) {
        plan_find(p, PLAN_NOTE,
            "%s formats a date with YYYY, the year of the week: it is wrong "
            "in the days around New Year; yyyy is meant most often",
            v->property);
    }
    if ((traits & EXPRESSION_DAY_OF_YEAR) != 0) {
        plan_find(p, PLAN_NOTE,
            "%s formats a date with DD, the day of the year; dd is meant "
            "most often",
            v->property);
    }
    if ((traits & EXPRESSION_USES_ZONE) != 0) {
        p->uses_zone = true;
        plan_find(p, PLAN_NOTE,
            "%s makes dates in NiFi's own time zone, which the file does not "
            "tell; naru takes %s (--zone chooses, transform.zone holds it)",
            v->property, p->options.zone != NULL ? p->options.zone : "UTC");
    }
}

bool plan_expression(struct plan *p, const struct plan_value *v)
{
    struct error err;
    struct expression *e = expression_new(v->text, &err);

    if (e == NULL) {
        plan_find(p, PLAN_CANNOT, "%s: %s", v->property, err.text);
        return false;
    }
    for (size_t i = 0; i < expression_attribute_count(e); i++) {
        check_attribute(p, v, expression_attribute(e, i));
    }
    note_traits(p, v, expression_traits(e));
    expression_free(e);
    return true;
}

/* Is everything that it reads a variable, and no attribute of a record? */
static bool is_of_variables(struct plan *p, const struct expression *e)
{
    struct slice name, value;

    if (expression_reads_any(e) ||
        (expression_traits(e) & EXPRESSION_USES_NOW) != 0) {
        return false;
    }
    for (size_t i = 0; i < expression_attribute_count(e); i++) {
        name = expression_attribute(e, i);
        if (is_of_record(p, name) || !variable_of(p, name, &value)) {
            return false;
        }
    }
    return true;
}

const char *plan_constant(struct plan *p, const struct plan_value *v)
{
    struct expression *e = expression_new(v->text, NULL);
    const char *text = NULL;

    if (e != NULL && is_of_variables(p, e)) {
        text = with_variables(p, v->property, v->text);
    }
    expression_free(e);
    return text;
}
