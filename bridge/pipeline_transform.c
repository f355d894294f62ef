/*
 * Records through the steps of [transform], and what becomes of those that are
 * several documents then: their record ends when the last of them has.
 */
#include "bridge/pipeline_state.h"

#include "bridge/bulk_target.h"
#include "bridge/record_attributes.h"
#include "common/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORK_BYTES ((size_t)1 << 30) /* most memory for one record's steps */

struct pipeline_steps {
    struct transform *transform;
    struct record_attributes how;
    struct origin_list origins; /* records with documents under way */
    size_t origin_bytes;
};

static int read_headers(
    struct pipeline *p, struct pipeline_steps *s, struct error *err)
{
    const char *text = config_text(p->config, "transform.headers");
    char whole[1024], why[128];
    int rc;

    if (text == NULL) {
        return 0;
    }
    if (snprintf(whole, sizeof(whole), "^(%s)$", text) >= (int)sizeof(whole)) {
        return error_set(err, "transform.headers: it is too long");
    }
    rc = regcomp(&s->how.headers, whole, REG_EXTENDED | REG_NOSUB);
    if (rc == 0) {
        s->how.has_headers = true;
        return 0;
    }
    (void)regerror(rc, &s->how.headers, why, sizeof(why));
    return error_set(err,
        "%s: transform.headers: '%s' is no extended regular expression: %s",
        config_origin(p->config, "transform.headers"), text, why);
}

int pipeline_steps_new(struct pipeline *p, struct error *err)
{
    struct pipeline_steps *s;

    if (!transform_is_set(p->config) &&
        !bulk_target_reads_attributes(p->config)) {
        return 0;
    }
    s = p->steps = calloc(1, sizeof(*s));
    if (s == NULL) {
        return error_set(err, "out of memory");
    }
    LIST_INIT(&s->origins);
    s->how.key_encoding =
        (enum key_encoding)config_number(p->config, "transform.key_encoding");
    s->transform = transform_new(p->config, err);
    if (s->transform == NULL || read_headers(p, s, err) != 0) {
        return -1;
    }
    if (p->order != NULL && transform_splits(s->transform)) {
        return error_set(err,
            "bridge.ordering = id cannot be together with split-json: the "
            "documents of a record have ids of their own");
    }
    return 0;
}

void pipeline_steps_free(struct pipeline *p)
{
    struct pipeline_steps *s = p->steps;
    struct origin *o;

    p->steps = NULL;
    if (s == NULL) {
        return;
    }
    while ((o = LIST_FIRST(&s->origins)) != NULL) {
        LIST_REMOVE(o, link);
        free(o);
    }
    if (s->how.has_headers) {
        regfree(&s->how.headers);
    }
    transform_free(s->transform);
    free(s);
}

size_t pipeline_steps_bytes(const struct pipeline *p)
{
    return p->steps != NULL ? p->steps->origin_bytes : 0;
}

const struct transform *pipeline_transform(const struct pipeline *p)
{
    return p->steps != NULL ? p->steps->transform : NULL;
}

/* ---- records with several documents ---- */

static struct origin *add_origin(
    struct pipeline *p, const struct doc *doc, const struct record *r, size_t n)
{
    struct origin *o = origin_new(r, n);

    if (o != NULL) {
        o->partition = doc->partition;
        o->ticket = doc->ticket;
        LIST_INSERT_HEAD(&p->steps->origins, o, link);
        p->steps->origin_bytes += o->bytes;
    }
    return o;
}

/* Has the last document ended? Then the record does. */
static void settle(struct pipeline *p, struct origin *o)
{
    struct doc doc = {.partition = o->partition, .ticket = o->ticket};
    struct refusal why = {o->status, o->attempts, o->type, o->reason};

    if (o->left > 0) {
        return;
    }
    if (o->is_refused) {
        pipeline_refuse(p, &doc, &o->record, &why);
    } else {
        offsets_end(o->partition->offsets, o->ticket, 1, o->outcome);
    }
    LIST_REMOVE(o, link);
    p->steps->origin_bytes -= o->bytes;
    free(o);
}

void pipeline_part_ended(
    struct pipeline *p, const struct doc *doc, enum outcome outcome)
{
    origin_ended(doc->origin, outcome);
    settle(p, doc->origin);
}

void pipeline_part_refused(
    struct pipeline *p, const struct doc *doc, const struct refusal *why)
{
    traffic_add(p->traffic, TRAFFIC_REFUSED, doc->document_bytes);
    tally_add(&p->refused, why->type, why->reason);
    origin_refused(doc->origin, doc->split, why->status, why->attempts,
        why->type, why->reason);
    settle(p, doc->origin);
}

/* ---- records on their way ---- */

static int run(struct pipeline *p, const struct record *r, bool again,
    struct arena *arena, struct transform_result *result)
{
    struct flow_file first = {.has_value = r->has_value, .value = r->value};

    return record_attributes_make(
               &p->steps->how, r, arena, &first.attributes) == 0
               ? transform_run(p->steps->transform, &first, clock_wall_ms(),
                     again, arena, result)
               : -1;
}

static struct record as_record(
    const struct record *r, const struct flow_file *f, size_t split)
{
    struct record made = *r;

    made.has_value = f->has_value;
    made.value = f->value;
    made.attributes = &f->attributes;
    made.split = split;
    return made;
}

/* Nothing goes on: the record ends here. */
static void end_early(struct pipeline *p, const struct doc *doc,
    const struct record *r, const struct transform_result *result)
{
    if (result->is_refused) {
        struct refusal why = {0, 0, result->type, result->reason.text};

        tally_add(&p->refused, why.type, why.reason);
        pipeline_refuse(p, doc, r, &why);
        return;
    }
    tally_add(&p->skipped, result->skipped, NULL);
    offsets_end(doc->partition->offsets, doc->ticket, 1, OUTCOME_SKIPPED);
}

/* Several documents, or some beside something refused. The record is held
 * open by one count more than it has documents until all are on their way. */
static int bring_in_parts(struct pipeline *p, struct doc *doc,
    const struct record *r, const struct transform_result *result)
{
    struct origin *o = add_origin(p, doc, r, result->n);
    int rc = o != NULL ? 0 : -1;

    if (o == NULL) {
        return -1;
    }
    o->left++;
    if (result->is_refused) {
        tally_add(&p->refused, result->type, result->reason.text);
        origin_refused(o, SIZE_MAX, 0, 0, result->type, result->reason.text);
    }
    for (size_t i = 0; rc == 0 && i < result->n; i++) {
        struct doc part = *doc;
        struct record made = as_record(r, &result->all[i], i);

        part.origin = o;
        part.split = (uint32_t)i;
        rc = pipeline_bring_in_one(p, &part, &made, r, true, false);
    }
    o->left--;
    settle(p, o);
    return rc;
}

int pipeline_bring_in_steps(
    struct pipeline *p, struct doc *doc, const struct record *r, bool again)
{
    struct transform_result result;
    struct arena arena;
    int rc;

    arena_init(&arena, WORK_BYTES);
    rc = run(p, r, again, &arena, &result);
    if (rc == 0 && result.n == 0) {
        end_early(p, doc, r, &result);
        pipeline_leave_order(p, doc, again);
    } else if (rc == 0 && result.n == 1 && !result.is_refused) {
        struct record made = as_record(r, &result.all[0], 0);

        rc = pipeline_bring_in_one(
            p, doc, &made, r, again, !result.all[0].is_changed);
    } else if (rc == 0) {
        rc = bring_in_parts(p, doc, r, &result);
    }
    arena_fini(&arena);
    return rc;
}

/* ---- what was stored ---- */

void pipeline_after(
    struct pipeline *p, const struct doc *doc, const struct record *record)
{
    struct transform_result result;
    struct arena arena;

    arena_init(&arena, WORK_BYTES);
    if (run(p, record, true, &arena, &result) == 0 && doc->split < result.n) {
        transform_after(
            p->steps->transform, &result.all[doc->split], clock_wall_ms());
    }
    arena_fini(&arena);
}

bool pipeline_has_after(const struct pipeline *p)
{
    return p->steps != NULL && transform_has_after(p->steps->transform);
}
