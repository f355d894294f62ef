/* The account of a preflight; see preflight_report.h. */
#include "preflight/preflight_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#define SHOWN_NAMES 20
#define WIDEST_FIELD 24
#define WIDEST_REASON 60

static const char *source_of(const struct preflight_plan *plan)
{
    return plan->csv != NULL ? plan->csv : plan->topic;
}

/* The width of a column: of the longest text in it, within bounds. */
static int width_of(const struct refusals *r, bool of_field)
{
    size_t width = strlen(of_field ? "field" : "reason");
    size_t most = of_field ? WIDEST_FIELD : WIDEST_REASON;

    for (size_t i = 0; i < r->n; i++) {
        size_t n = strlen(of_field ? r->list[i].field : r->list[i].reason);

        width = n > width ? n : width;
    }
    return (int)(width < most ? width : most);
}

static void print_table(const struct refusals *r, FILE *to)
{
    int field = width_of(r, true), reason = width_of(r, false);

    (void)fprintf(to, "\n%-6s  %-*s  %8s  %-*s  first\n", "by", field, "field",
        "records", reason, "reason");
    for (size_t i = 0; i < r->n; i++) {
        const struct refusal *k = &r->list[i];

        (void)fprintf(to, "%-6s  %-*s  %8" PRIu64 "  %-*s  %s%s%s\n",
            refuser_name(k->who), field, k->field[0] != '\0' ? k->field : "-",
            k->records, reason, k->reason, k->place,
            k->value[0] != '\0' ? ": " : "", k->value);
    }
    if (r->beyond > 0) {
        (void)fprintf(
            to, "... and %" PRIu64 " faults of further kinds\n", r->beyond);
    }
}

static void print_names(const struct name_list *l, FILE *to)
{
    for (size_t i = 0; i < l->n && i < SHOWN_NAMES; i++) {
        (void)fprintf(to, "%s%s", i > 0 ? ", " : " ", l->names[i]);
    }
    (void)fprintf(to, "%s\n", l->n > SHOWN_NAMES ? ", ..." : "");
}

static void print_fields(const struct preflight_result *r, FILE *to)
{
    size_t missing = preflight_result_missing(r);

    (void)fprintf(to, "Fields: %zu of %zu (index.mapping.total_fields.limit)",
        r->rules.n_fields, r->rules.field_limit);
    if (r->new_fields.n > 0) {
        (void)fprintf(to,
            ", and %zu more that the records bring (dynamic is on):",
            r->new_fields.n);
        print_names(&r->new_fields, to);
    } else {
        (void)fprintf(to, "\n");
    }
    if (missing > 0) {
        (void)fprintf(to,
            "That is %zu over the limit: documents beyond it are refused\n",
            missing);
    }
}

/* A type we have no rule for lets everything pass here. */
static void print_unjudged(const struct preflight_result *r, FILE *to)
{
    for (size_t i = 0; i < r->rules.n_fields; i++) {
        const struct mapping_field *f = &r->rules.fields[i];

        if (!field_rule_is_judged(&f->rule)) {
            (void)fprintf(to, "Not judged: %s%s" SLICE_FMT " (%s%s%s)\n",
                f->name, f->sub.len > 0 ? "." : "", SLICE_ARG(f->sub),
                f->rule.type, f->rule.kind == FIELD_DATE ? ", " : "",
                f->rule.kind == FIELD_DATE ? f->rule.format : "");
        }
    }
}

void preflight_report_print(const struct preflight_plan *plan,
    const struct preflight_result *r, FILE *to)
{
    const struct refusals *found = &r->refusals;

    (void)fprintf(to, "%s %" PRIu64 " record%s of %s, by dataset %s\n",
        r->all ? "All" : "The first", found->records,
        found->records == 1 ? "" : "s", source_of(plan), plan->dataset->name);
    if (r->skipped > 0) {
        (void)fprintf(
            to, "Tombstones, which are skipped: %" PRIu64 "\n", r->skipped);
    }
    print_fields(r, to);
    print_unjudged(r, to);
    if (found->n > 0) {
        print_table(found, to);
        (void)fputc('\n', to);
    }
    if (found->refused > 0) {
        (void)fprintf(to, "%" PRIu64 " of %" PRIu64 " would be refused\n",
            found->refused, found->records);
    } else {
        (void)fprintf(to, "none would be refused\n");
    }
}

static json_t *reasons_of(const struct refusals *r)
{
    json_t *list = json_array();

    for (size_t i = 0; list != NULL && i < r->n; i++) {
        const struct refusal *k = &r->list[i];

        if (json_array_append_new(
                list, json_pack("{ss,ss,sI,ss,s{ss,ss}}", "by",
                          refuser_name(k->who), "field", k->field, "records",
                          (json_int_t)k->records, "reason", k->reason, "first",
                          "place", k->place, "value", k->value)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *names_of(const struct name_list *l)
{
    json_t *list = json_array();

    for (size_t i = 0; list != NULL && i < l->n; i++) {
        if (json_array_append_new(list, json_string(l->names[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

int preflight_report_json(const struct preflight_plan *plan,
    const struct preflight_result *r, FILE *to)
{
    json_t *root = json_pack("{ss,ss,sI,sb,sI,sI,s{sI,sI,so},so,so}", "source",
        source_of(plan), "dataset", plan->dataset->name, "records",
        (json_int_t)r->refusals.records, "all", (int)r->all, "skipped",
        (json_int_t)r->skipped, "refused", (json_int_t)r->refusals.refused,
        "fields", "mapped", (json_int_t)r->rules.n_fields, "limit",
        (json_int_t)r->rules.field_limit, "new", names_of(&r->new_fields),
        "reasons", reasons_of(&r->refusals), "places",
        names_of(&r->refusals.places));
    int rc = root != NULL ? json_dumpf(root, to, JSON_INDENT(2)) : -1;

    json_decref(root);
    return rc == 0 && fputc('\n', to) != EOF ? 0 : -1;
}
