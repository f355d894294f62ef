/* The audit's account as JSON; see verify_report.h. */
#include "verify/verify_report.h"

#include "verify/finding_text.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

static json_t *number(uint64_t n)
{
    return json_integer((json_int_t)n);
}

/* Ids and values may hold bytes that are no UTF-8; they are left out then. */
static json_t *text_or_null(const char *s)
{
    json_t *text = s != NULL ? json_string(s) : NULL;

    return text != NULL ? text : json_null();
}

static json_t *csv_json(
    const struct verify_plan *plan, const struct verify_result *r)
{
    json_t *files = json_array();

    for (size_t i = 0; i < plan->csv.input.n_paths; i++) {
        (void)json_array_append_new(
            files, text_or_null(plan->csv.input.paths[i]));
    }
    return json_pack("{s:o,s:o,s:o,s:o}", "files", files, "rows",
        number(r->rows), "ids", number(r->tally.ids[0]), "bad_rows",
        number(r->bad_rows));
}

static json_t *topic_json(
    const struct verify_plan *plan, const struct verify_result *r)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "name",
        text_or_null(plan->topic), "group", text_or_null(plan->group),
        "records", number(r->records), "ids", number(r->tally.ids[1]),
        "behind_committed", number(r->pending), "tombstones",
        number(r->tombstones), "expired", number(r->expired));
}

static json_t *index_json(
    const struct verify_plan *plan, const struct verify_result *r)
{
    return json_pack("{s:o,s:o,s:o}", "name", text_or_null(plan->index),
        "documents", number(r->documents), "ids", number(r->tally.ids[2]));
}

static json_t *letters_json(
    const struct verify_plan *plan, const struct verify_result *r)
{
    return json_pack("{s:o,s:o}", "name", text_or_null(plan->dead_letter),
        "letters", number(r->letters));
}

static json_t *findings_json(
    const struct verify_plan *plan, const struct verify_result *r)
{
    json_t *findings = json_object();

    for (int f = FINDING_NONE + 1; f < FINDINGS; f++) {
        if (finding_applies(plan, (enum finding)f)) {
            (void)json_object_set_new(findings, finding_key((enum finding)f),
                number(r->tally.findings[f]));
        }
    }
    return findings;
}

static json_t *example_json(enum finding f, const struct example *x)
{
    json_t *fields = json_array();

    for (size_t i = 0; i < x->n_fields; i++) {
        (void)json_array_append_new(fields,
            json_pack("{s:o,s:o,s:o}", "name", text_or_null(x->fields[i].name),
                "wanted", text_or_null(x->fields[i].wanted), "found",
                text_or_null(x->fields[i].found)));
    }
    return json_pack("{s:s,s:o,s:o,s:o,s:o}", "finding", finding_key(f), "id",
        text_or_null(x->id), "place", text_or_null(x->place), "why",
        text_or_null(x->why), "fields", fields);
}

static json_t *examples_json(const struct verify_result *r)
{
    json_t *examples = json_array();

    for (int f = FINDING_NONE + 1; f < FINDINGS; f++) {
        for (size_t i = 0; i < r->examples.lists[f].n; i++) {
            (void)json_array_append_new(examples,
                example_json((enum finding)f, &r->examples.lists[f].items[i]));
        }
    }
    return examples;
}

static json_t *report_json(
    const struct verify_plan *plan, const struct verify_result *r)
{
    json_t *root = json_object();

    (void)json_object_set_new(root, "agree", json_boolean(r->differences == 0));
    (void)json_object_set_new(root, "differences", number(r->differences));
    if (plan->csv.input.n_paths > 0) {
        (void)json_object_set_new(root, "csv", csv_json(plan, r));
    }
    if (plan->topic != NULL) {
        (void)json_object_set_new(root, "topic", topic_json(plan, r));
    }
    if (plan->index != NULL) {
        (void)json_object_set_new(root, "index", index_json(plan, r));
    }
    if (r->has_letters) {
        (void)json_object_set_new(root, "dead_letters", letters_json(plan, r));
    }
    (void)json_object_set_new(root, "findings", findings_json(plan, r));
    (void)json_object_set_new(root, "examples", examples_json(r));
    return root;
}

int verify_report_write(const struct verify_plan *plan,
    const struct verify_result *r, const char *path, struct error *err)
{
    json_t *root = report_json(plan, r);
    int rc = 0;

    errno = 0;
    if (root == NULL || json_dump_file(root, path, JSON_INDENT(2)) != 0) {
        rc = error_set(err, "--report %s: %s", path,
            errno != 0 ? strerror(errno) : "cannot be written");
    }
    json_decref(root);
    return rc;
}
