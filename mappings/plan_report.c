/* A plan shown; see plan_report.h. */
#include "mappings/plan_report.h"

#include <stdlib.h>
#include <string.h>

#define MOST_PADDING 44 /* "needs a new index (moves 233,425 documents)" */
#define SHOWN_DIGITS                                                           \
    16 /* of the fingerprint: enough that none meet by chance */

static size_t widest_verdict(const struct plan_lines *lines)
{
    size_t widest = 0;

    for (size_t i = 0; i < lines->n; i++) {
        struct buf verdict;

        buf_init(&verdict, 256);
        if (plan_line_verdict(&lines->items[i], &verdict) == 0 &&
            verdict.len_bytes > widest) {
            widest = verdict.len_bytes;
        }
        buf_fini(&verdict);
    }
    return widest < MOST_PADDING ? widest : MOST_PADDING;
}

static int put_line(const struct plan_line *line, size_t width, struct buf *out)
{
    size_t at = out->len_bytes;

    if (plan_line_verdict(line, out) != 0) {
        return -1;
    }
    while (out->len_bytes < at + width + 2) {
        if (buf_append_char(out, ' ') != 0) {
            return -1;
        }
    }
    return plan_line_say(line, out) != 0 || buf_append_char(out, '\n') != 0 ? -1
                                                                            : 0;
}

static int put_heading(const struct plan_look *look, struct buf *out)
{
    const struct dataset *ds = look->wanted.dataset;

    return buf_printf(out, "dataset %s, schema version %d, on %s\n\n", ds->name,
        ds->schema_version, look->engine.name);
}

static int put_conclusion(
    const struct plan_look *look, const char *arguments, struct buf *out)
{
    const struct index_plan *plan = &look->plan;
    size_t forbidden = plan_lines_count(&plan->lines, PLAN_FORBIDDEN);
    size_t moving = plan_lines_count(&plan->lines, PLAN_NEW_INDEX);
    size_t changes = index_plan_changes(plan);

    if (buf_append_char(out, '\n') != 0) {
        return -1;
    }
    if (forbidden > 0) {
        return buf_printf(out,
            "%zu thing%s in the way, not naru's to change; apply would change "
            "nothing\n",
            forbidden, forbidden == 1 ? "" : "s");
    }
    if (moving > 0) {
        return buf_printf(out,
            "a new index is needed; apply would change nothing: see naru "
            "mappings migrate --help\n");
    }
    if (changes == 0) {
        return buf_append_str(out, "nothing to do\n");
    }
    return buf_printf(out,
        "%zu change%s, no document is touched; plan %.*s\n"
        "to do just this: naru mappings apply%s --plan %.*s\n",
        changes, changes == 1 ? "" : "s", SHOWN_DIGITS, plan->fingerprint,
        arguments, SHOWN_DIGITS, plan->fingerprint);
}

int plan_report_text(const struct plan_look *look, const char *arguments,
    struct buf *out, struct error *err)
{
    const struct plan_lines *lines = &look->plan.lines;
    size_t width = widest_verdict(lines);
    int rc = put_heading(look, out);

    for (size_t i = 0; rc == 0 && i < lines->n; i++) {
        rc = put_line(&lines->items[i], width, out);
    }
    if (rc == 0) {
        rc = put_conclusion(look, arguments, out);
    }
    return rc == 0 ? 0 : error_set(err, "out of memory");
}

static int set_text(json_t *object, const char *key, const char *text)
{
    return text == NULL ? 0
                        : json_object_set_new(object, key, json_string(text));
}

json_t *plan_report_line_json(const struct plan_line *line)
{
    json_t *out =
        json_pack("{ss,ss}", "verdict", plan_verdict_name(line->verdict),
            "kind", plan_subject_name(line->subject));

    if (set_text(out, "name", line->name) != 0 ||
        set_text(out, "path", line->path) != 0 ||
        set_text(out, "standing", line->standing) != 0 ||
        set_text(out, "wanted", line->wanted) != 0 ||
        set_text(out, "why", line->why) != 0 ||
        json_object_set_new(out, "drifts", json_boolean(line->drifts)) != 0 ||
        json_object_set_new(
            out, "contradicts", json_boolean(line->contradicts)) != 0 ||
        (line->documents >= 0 && json_object_set_new(out, "documents",
                                     json_integer(line->documents)) != 0)) {
        json_decref(out);
        return NULL;
    }
    return out;
}

/* What apply would send, for those who want to see it or do it themselves. */
static json_t *step_json(const struct index_step *step)
{
    return json_pack("{ss,ss,ss,sO}", "what", step->what, "method",
        step->method, "path", step->path, "body", step->body);
}

static json_t *plan_json(const struct plan_look *look)
{
    const struct dataset *ds = look->wanted.dataset;
    json_t *lines = json_array(), *steps = json_array();

    for (size_t i = 0; i < look->plan.lines.n; i++) {
        (void)json_array_append_new(
            lines, plan_report_line_json(&look->plan.lines.items[i]));
    }
    for (size_t i = 0; i < look->plan.n_steps; i++) {
        if (look->plan.steps[i].method != NULL) {
            (void)json_array_append_new(steps, step_json(&look->plan.steps[i]));
        }
    }
    return json_pack("{ss,si,ss,ss,so,so,si}", "dataset", ds->name,
        "schema_version", ds->schema_version, "engine", look->engine.name,
        "plan", look->plan.fingerprint, "lines", lines, "steps", steps,
        "exit_code", plan_report_exit_code(look));
}

int plan_report_json(
    const struct plan_look *look, struct buf *out, struct error *err)
{
    json_t *tree = plan_json(look);
    char *text = json_dumps(tree, JSON_INDENT(2));
    int rc = text != NULL && buf_append_str(out, text) == 0 &&
                     buf_append_char(out, '\n') == 0
                 ? 0
                 : error_set(err, "out of memory");

    free(text);
    json_decref(tree);
    return rc;
}

int plan_report_exit_code(const struct plan_look *look)
{
    const struct plan_lines *lines = &look->plan.lines;

    if (plan_lines_count(lines, PLAN_FORBIDDEN) > 0) {
        return 1;
    }
    return plan_lines_count(lines, PLAN_NEW_INDEX) > 0 ||
                   index_plan_changes(&look->plan) > 0
               ? 3
               : 0;
}
