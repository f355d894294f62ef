/* An import shown: tables for people (nifi_import_print), JSON for programs. */
#include "bridge/nifi/nifi_import.h"

#include "bridge/nifi/catalog.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define PROPERTY_COLUMNS 34
#define NIFI_COLUMNS 38

/* How many columns text takes on a terminal: Korean letters take two. */
static int columns_of(const char *text, size_t n)
{
    int columns = 0;

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];

        if ((c & 0xC0) != 0x80) {
            columns += c >= 0xE1 ? 2 : 1;
        }
    }
    return columns;
}

/* Text without control characters, at most so wide, then blanks. */
static void put_cell(const char *text, int width, FILE *to)
{
    size_t n = strlen(text);
    bool is_cut = columns_of(text, n) > width;

    while (n > 0 && columns_of(text, n) > width - (is_cut ? 3 : 0)) {
        n--;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80) {
            n--;
        }
    }
    for (size_t i = 0; i < n; i++) {
        (void)fputc((unsigned char)text[i] < ' ' ? ' ' : text[i], to);
    }
    (void)fprintf(to, "%s%*s  ", is_cut ? "..." : "",
        width - columns_of(text, n) - (is_cut ? 3 : 0), "");
}

static void put_line(const char *text, FILE *to)
{
    for (; *text != '\0'; text++) {
        (void)fputc((unsigned char)*text < ' ' ? ' ' : *text, to);
    }
}

static void put_component(const struct flow_component *c, FILE *to)
{
    put_line(flow_class(c), to);
    (void)fputs(" '", to);
    put_line(c->name, to);
    (void)fputs("'", to);
}

/* Class in full, id and group: enough to find it in NiFi. */
static void put_place(const struct flow_component *c, FILE *to)
{
    (void)fputs(" (", to);
    put_line(c->type[0] != '\0' ? c->type : "no class", to);
    (void)fputs(", id ", to);
    put_line(c->id[0] != '\0' ? c->id : "-", to);
    (void)fputs(", group '", to);
    put_line(c->group != NULL ? c->group->name : "controller", to);
    (void)fputs("')", to);
}

static void put_title(const struct nifi_import *i, size_t k, FILE *to)
{
    const struct flow_path *path = &i->paths.items[k];

    (void)fprintf(to, "\nPath %zu of %zu: ", k + 1, i->paths.n);
    for (size_t h = 0; h < path->n_hops; h++) {
        const struct flow_component *c = path->hops[h].at;

        (void)fputs(h > 0 ? " -> " : "", to);
        if (c->kind == FLOW_FUNNEL) {
            (void)fputs("funnel", to);
        } else if (catalog_is_wire(c)) {
            (void)fputs("port '", to);
            put_line(c->name, to);
            (void)fputs("'", to);
        } else {
            put_component(c, to);
        }
    }
    (void)fputc('\n', to);
}

static void put_table(const struct plan *p, FILE *to)
{
    const struct flow_component *of = NULL;

    for (size_t i = 0; i < p->n_rows; i++) {
        const struct plan_row *row = &p->rows[i];

        if (i == 0 || row->of != of) {
            of = row->of;
            (void)fputs("\n  ", to);
            if (of != NULL) {
                put_component(of, to);
                put_place(of, to);
            } else {
                (void)fputs("Connections", to);
            }
            (void)fputs("\n    ", to);
            put_cell("property", PROPERTY_COLUMNS, to);
            put_cell("NiFi", NIFI_COLUMNS, to);
            (void)fputs("naru\n", to);
        }
        (void)fputs("    ", to);
        put_cell(row->property, PROPERTY_COLUMNS, to);
        put_cell(row->nifi, NIFI_COLUMNS, to);
        put_line(row->naru, to);
        (void)fputc('\n', to);
    }
}

static void put_findings(
    const struct plan *p, enum plan_finding_kind kind, FILE *to)
{
    if (plan_count(p, kind) == 0) {
        return;
    }
    (void)fprintf(to, "\n  %s:\n", plan_kind_title(kind));
    for (size_t i = 0; i < p->n_findings; i++) {
        const struct plan_finding *f = &p->findings[i];

        if (f->kind != kind) {
            continue;
        }
        (void)fputs("    - ", to);
        if (f->of != NULL) {
            put_component(f->of, to);
            if (kind == PLAN_CANNOT || kind == PLAN_LEAVES) {
                put_place(f->of, to);
            }
            (void)fputs(": ", to);
        }
        put_line(f->text, to);
        (void)fputc('\n', to);
    }
}

void nifi_import_print_findings(const struct plan *plan, FILE *to)
{
    for (int kind = 0; kind < PLAN_FINDING_KINDS; kind++) {
        put_findings(plan, (enum plan_finding_kind)kind, to);
    }
    if (plan->is_cut) {
        (void)fputs("    - and more\n", to);
    }
}

static void put_plan(const struct plan *p, FILE *to)
{
    size_t n = plan_count(p, PLAN_CANNOT);

    put_table(p, to);
    nifi_import_print_findings(p, to);
    if (n == 0) {
        (void)fputs("\n  naru can do all of this path's work.\n", to);
    } else {
        (void)fprintf(to,
            "\n  naru cannot take this path: %zu thing%s it cannot do.\n", n,
            n == 1 ? "" : "s");
    }
}

static void put_head(const struct nifi_import *i, FILE *to)
{
    const struct flow *f = i->flow;
    size_t n_processors = 0, n_services = 0;

    for (size_t k = 0; k < f->n_components; k++) {
        n_processors += f->components[k]->kind == FLOW_PROCESSOR ? 1 : 0;
        n_services += f->components[k]->kind == FLOW_SERVICE ? 1 : 0;
    }
    (void)fprintf(to,
        "%s: %s%s%s, %zu processor%s, %zu connection%s, %zu controller "
        "service%s\n",
        i->source, flow_format_name(f->format),
        f->encoding != NULL ? ", encoding " : "",
        f->encoding != NULL ? f->encoding : "", n_processors,
        n_processors == 1 ? "" : "s", f->n_connections,
        f->n_connections == 1 ? "" : "s", n_services,
        n_services == 1 ? "" : "s");
    for (size_t k = 0; k < f->faults.n; k++) {
        (void)fputs("  broken: ", to);
        put_line(f->faults.items[k], to);
        (void)fputc('\n', to);
    }
}

void nifi_import_print(const struct nifi_import *i, size_t only, FILE *to)
{
    put_head(i, to);
    for (size_t k = 0; k < i->paths.n; k++) {
        if (only == 0 || only == k + 1) {
            put_title(i, k, to);
            put_plan(i->plans[k], to);
        }
    }
    if (i->paths.is_cut) {
        (void)fprintf(to,
            "\nThere are more paths than these %zu: the search was ended.\n",
            i->paths.n);
    }
}

/* ---- JSON ---- */

/* Texts are UTF-8: the files are, and their readers check it. */
static json_t *component_json(const struct flow_component *c)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "class", c->type, "name", c->name,
        "id", c->id, "group", c->group != NULL ? c->group->name : "");
}

static json_t *rows_json(const struct plan *p)
{
    json_t *rows = json_array();

    for (size_t i = 0; rows != NULL && i < p->n_rows; i++) {
        const struct plan_row *row = &p->rows[i];

        (void)json_array_append_new(
            rows, json_pack("{s:s, s:s, s:s, s:s}", "processor",
                      row->of != NULL ? row->of->name : "", "property",
                      row->property, "nifi", row->nifi, "naru", row->naru));
    }
    return rows;
}

static json_t *findings_json(const struct plan *p)
{
    json_t *findings = json_array();

    for (size_t i = 0; findings != NULL && i < p->n_findings; i++) {
        const struct plan_finding *f = &p->findings[i];

        (void)json_array_append_new(
            findings, json_pack("{s:s, s:s, s:o}", "kind",
                          plan_kind_word(f->kind), "text", f->text, "processor",
                          f->of != NULL ? component_json(f->of) : json_null()));
    }
    return findings;
}

static json_t *settings_json(const struct plan *p)
{
    json_t *settings = json_object();

    for (size_t i = 0; settings != NULL && i < p->n_settings; i++) {
        const char *value = p->settings[i].value;

        (void)json_object_set_new(settings, p->settings[i].name,
            value != NULL ? json_string(value) : json_null());
    }
    return settings;
}

static json_t *plan_json(const struct nifi_import *i, size_t k)
{
    const struct plan *p = i->plans[k];
    const struct flow_path *path = &i->paths.items[k];
    json_t *hops = json_array();

    for (size_t h = 0; hops != NULL && h < path->n_hops; h++) {
        (void)json_array_append_new(hops, component_json(path->hops[h].at));
    }
    return json_pack("{s:I, s:b, s:o, s:o, s:o, s:o}", "path",
        (json_int_t)k + 1, "convertible", plan_count(p, PLAN_CANNOT) == 0,
        "components", hops, "table", rows_json(p), "findings", findings_json(p),
        "settings", settings_json(p));
}

int nifi_import_print_json(const struct nifi_import *i, size_t only, FILE *to)
{
    json_t *paths = json_array(), *faults = json_array(), *all;
    int rc;

    for (size_t k = 0; k < i->paths.n; k++) {
        if (only == 0 || only == k + 1) {
            (void)json_array_append_new(paths, plan_json(i, k));
        }
    }
    for (size_t k = 0; k < i->flow->faults.n; k++) {
        (void)json_array_append_new(
            faults, json_string(i->flow->faults.items[k]));
    }
    all = json_pack("{s:s, s:s, s:b, s:o, s:o}", "file", i->source, "format",
        flow_format_name(i->flow->format), "convertible",
        nifi_import_is_fine(i, only), "broken", faults, "paths", paths);
    rc = all != NULL ? json_dumpf(all, to, JSON_INDENT(2)) : -1;
    json_decref(all);
    return rc == 0 && fputc('\n', to) != EOF ? 0 : -1;
}
