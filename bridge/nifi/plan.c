/* A plan's contents; see plan.h and plan_build.h. */
#include "bridge/nifi/plan.h"

#include "bridge/nifi/plan_build.h"

#include "common/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PLAN_MAX_BYTES ((size_t)4 << 20)
#define MAX_FINDINGS 1000

static const struct {
    const char *title, *word;
} kinds[PLAN_FINDING_KINDS] = {
    {"naru cannot do this", "cannot"},
    {"to be supplied by you", "supply"},
    {"the flow as drawn loses records", "loses"},
    {"the flow as drawn stores records twice", "doubles"},
    {"the flow as drawn retries for ever", "forever"},
    {"left to NiFi", "leaves"},
    {"good to know", "note"},
};

const char *plan_kind_title(enum plan_finding_kind kind)
{
    return kinds[kind].title;
}

const char *plan_kind_word(enum plan_finding_kind kind)
{
    return kinds[kind].word;
}

size_t plan_count(const struct plan *p, enum plan_finding_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n_findings; i++) {
        n += p->findings[i].kind == kind ? 1 : 0;
    }
    return n;
}

/* A text cut within a letter is no UTF-8, which JSON wants. */
static void make_sound(char *text)
{
    size_t n = strlen(text), at = 0;

    while (at < n) {
        at += utf8_valid_bytes((struct slice){text + at, n - at});
        if (at < n) {
            text[at++] = '?';
        }
    }
}

/* A sentence for people. */
static const char *formatted(struct plan *p, const char *fmt, va_list args)
{
    char text[4096];
    char *copy;

    /* What passes 4 KB is cut. */
    (void)vsnprintf(text, sizeof(text), fmt, args);
    make_sound(text);
    copy = arena_text(&p->arena, slice_of(text));
    if (copy == NULL) {
        p->failed = true;
        return "";
    }
    return copy;
}

const char *plan_text(struct plan *p, const char *fmt, ...)
{
    va_list args;
    const char *text;

    va_start(args, fmt);
    text = arena_vprintf(&p->arena, fmt, args);
    va_end(args);
    p->failed |= text == NULL;
    return text != NULL ? text : "";
}

static void *grown(
    struct plan *p, void *items, size_t n, size_t *room, size_t item_bytes)
{
    void *more = arena_grow(&p->arena, items, n, room, item_bytes);

    p->failed |= more == NULL;
    return more;
}

static void add_row(struct plan *p, struct plan_row row)
{
    struct plan_row *rows =
        grown(p, p->rows, p->n_rows, &p->room_rows, sizeof(*p->rows));

    if (rows != NULL) {
        p->rows = rows;
        rows[p->n_rows++] = row;
    }
}

void plan_row(struct plan *p, const struct plan_value *v, const char *naru, ...)
{
    va_list args;
    struct plan_row row = {.of = p->now, .property = v->property};

    row.nifi = v->is_secret ? "(hidden)" : v->text;
    if (!v->is_given && v->text[0] != '\0') {
        row.nifi = plan_text(p, "%s (default)", v->text);
    }
    va_start(args, naru);
    row.naru = formatted(p, naru, args);
    va_end(args);
    add_row(p, row);
}

void plan_fact(
    struct plan *p, const char *what, const char *nifi, const char *naru, ...)
{
    va_list args;
    struct plan_row row = {.of = p->now, .property = what, .nifi = nifi};

    va_start(args, naru);
    row.naru = formatted(p, naru, args);
    va_end(args);
    add_row(p, row);
}

void plan_find(
    struct plan *p, enum plan_finding_kind kind, const char *fmt, ...)
{
    struct plan_finding f = {.kind = kind, .of = p->now};
    struct plan_finding *findings;
    va_list args;

    if (p->n_findings == MAX_FINDINGS) {
        p->is_cut = true;
        return;
    }
    va_start(args, fmt);
    f.text = formatted(p, fmt, args);
    va_end(args);
    for (size_t i = 0; i < p->n_findings; i++) {
        if (p->findings[i].kind == kind && p->findings[i].of == f.of &&
            strcmp(p->findings[i].text, f.text) == 0) {
            return; /* said already: a service that several use */
        }
    }
    findings =
        grown(p, p->findings, p->n_findings, &p->room_findings, sizeof(f));
    if (findings != NULL) {
        p->findings = findings;
        findings[p->n_findings++] = f;
    }
}

/* Kafka's and the engine's properties may come twice, of a service and of a
 * processor: the later stands. */
static struct plan_setting *place_for(struct plan *p, const char *name)
{
    struct plan_setting *settings;

    for (size_t i = 0; i < p->n_settings; i++) {
        if (strcmp(p->settings[i].name, name) == 0) {
            return &p->settings[i];
        }
    }
    settings = grown(
        p, p->settings, p->n_settings, &p->room_settings, sizeof(*p->settings));
    if (settings == NULL) {
        return NULL;
    }
    p->settings = settings;
    return &settings[p->n_settings++];
}

/* An INI file cannot hold these; steps escape what they must. */
static bool fits_a_line(const char *value)
{
    for (const char *c = value; *c != '\0'; c++) {
        if (((unsigned char)*c < ' ' && *c != '\t') ||
            (*c == ';' && (c == value || c[-1] == ' ' || c[-1] == '\t'))) {
            return false;
        }
    }
    return true;
}

/* Blanks around a value are lost in such a file, and meant by nobody. */
static const char *without_blanks(struct plan *p, const char *value)
{
    return plan_text(p, SLICE_FMT, SLICE_ARG(slice_trim(slice_of(value))));
}

void plan_set(struct plan *p, const char *name, const char *value,
    const struct plan_value *v)
{
    const char *from, *what = v != NULL ? v->property : "";
    struct plan_setting *s;

    if (value != NULL && !fits_a_line(value)) {
        plan_find(p, PLAN_CANNOT,
            "%s holds a line break, a control character or \" ;\", which a "
            "configuration cannot",
            what);
        return;
    }
    if (value != NULL && strlen(value) > 16384) {
        plan_find(p, PLAN_CANNOT, "%s is longer than 16 KB", what);
        return;
    }
    if (p->now == NULL) {
        from = what;
    } else {
        from = plan_text(p, "%s '%s'%s%s%s", flow_class(p->now), p->now->name,
            what[0] != '\0' ? ", " : "", what,
            v != NULL && !v->is_given ? " (NiFi's default)" : "");
    }
    s = place_for(p, plan_text(p, "%s", name));
    if (s != NULL) {
        *s = (struct plan_setting){plan_text(p, "%s", name),
            value != NULL ? without_blanks(p, value) : NULL, from};
    }
}

void plan_step(struct plan *p, const char *text)
{
    char name[64];

    (void)snprintf(name, sizeof(name), "transform.step.%d", ++p->n_steps);
    plan_set(p, name, text, NULL);
}

void plan_convert(struct plan *p, bool drops_nulls)
{
    if (drops_nulls) {
        plan_step(p, "convert-json nulls=drop");
    } else if (!p->converts) {
        plan_step(p, "convert-json");
    }
    p->converts = true;
}

void plan_after(struct plan *p, const char *text)
{
    char name[64];

    (void)snprintf(name, sizeof(name), "transform.after.%d", ++p->n_after);
    plan_set(p, name, text, NULL);
}

const char *plan_word(struct plan *p, const char *text)
{
    bool has_blank = text[0] == '\0' || strpbrk(text, " \t\n") != NULL;
    char *word = arena_alloc(&p->arena, 2 * strlen(text) + 3), *to = word;

    if (word == NULL) {
        p->failed = true;
        return "";
    }
    if (has_blank) {
        *to++ = '"';
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\n' || *c == '\t') {
            *to++ = '\\';
            *to++ = *c == '\n' ? 'n' : 't';
            continue;
        }
        if (*c == '"' || *c == '\\' || *c == ';') {
            *to++ = '\\';
        }
        *to++ = *c;
    }
    if (has_blank) {
        *to++ = '"';
    }
    return word;
}

static int by_section(const char *name)
{
    static const char *const sections[] = {
        "kafka.", "elasticsearch.", "bridge.", "transform.", "nifi."};
    const int n = (int)(sizeof(sections) / sizeof(sections[0]));

    for (int i = 0; i < n; i++) {
        if (strncmp(name, sections[i], strlen(sections[i])) == 0) {
            return i;
        }
    }
    return n;
}

/* Keys of a section in the order they were set, sections in theirs. */
static void sort_settings(struct plan *p)
{
    for (size_t i = 1; i < p->n_settings; i++) {
        struct plan_setting s = p->settings[i];
        size_t k = i;

        while (
            k > 0 && by_section(p->settings[k - 1].name) > by_section(s.name)) {
            p->settings[k] = p->settings[k - 1];
            k--;
        }
        p->settings[k] = s;
    }
}

static bool is_last_processor(const struct flow_path *path, size_t i)
{
    return i + 1 == path->n_hops;
}

/* The next hop that is a processor. */
static const struct flow_hop *next_hop(const struct flow_path *path, size_t i)
{
    for (i++; i < path->n_hops; i++) {
        if (!catalog_is_wire(path->hops[i].at)) {
            return &path->hops[i];
        }
    }
    return NULL;
}

static void make(struct plan *p)
{
    const struct flow_path *path = p->path;

    for (size_t i = 0; i < path->n_hops; i++) {
        const struct flow_component *c = path->hops[i].at;

        if (catalog_is_wire(c)) {
            continue;
        }
        if (i == 0) {
            plan_make_source(p, c);
        } else if (is_last_processor(path, i)) {
            plan_make_writer(p, c);
        } else {
            plan_make_step(p, &path->hops[i], next_hop(path, i));
        }
        plan_make_scheduling(p, c);
    }
    plan_make_ends(p, path->hops[path->n_hops - 1].at);
    plan_make_wires(p);
    if (p->options.names) {
        plan_make_names(p);
    }
    if (p->uses_zone) {
        p->now = NULL;
        plan_set(p, "transform.zone",
            p->options.zone != NULL ? p->options.zone : "UTC", NULL);
    }
    sort_settings(p);
}

struct plan *plan_new(const struct flow *flow, const struct flow_path *path,
    const struct plan_options *options, struct error *err)
{
    struct plan *p = calloc(1, sizeof(*p));

    if (p == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    arena_init(&p->arena, PLAN_MAX_BYTES);
    p->flow = flow;
    p->path = path;
    p->options = *options;
    make(p);
    if (p->failed) {
        (void)error_set(err,
            "the flow's path takes more memory to translate than naru gives "
            "it (%zu MB)",
            PLAN_MAX_BYTES >> 20);
        plan_free(p);
        return NULL;
    }
    return p;
}

void plan_free(struct plan *p)
{
    if (p != NULL) {
        arena_fini(&p->arena);
        free(p);
    }
}

bool plan_is(const char *text, const char *word)
{
    return strcasecmp(text, word) == 0;
}
