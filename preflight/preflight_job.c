/* Records read and looked at; see preflight_job.h. */
#include "preflight/preflight_job.h"

#include "common/clock.h"
#include "preflight/record_check.h"
#include "replay/row_json.h"
#include "replay/source_file.h"
#include "verify/topic_pass.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_BYTES 1024
#define PROGRESS_EVERY 256
#define NO_TOPIC "topic" /* of CSV rows, where the id has it in it */

struct job {
    const struct preflight_plan *plan;
    struct preflight_result *result;
    struct record_check check;
    struct buf value; /* of a CSV row */
};

static bool is_enough(const struct job *job)
{
    return job->plan->most > 0 &&
           job->result->refusals.records >= (uint64_t)job->plan->most;
}

static void tick(const struct job *job)
{
    struct progress *p = job->plan->progress;

    if (p != NULL && p->on_terminal &&
        job->result->refusals.records % PROGRESS_EVERY == 0 &&
        progress_due(p, clock_mono_us())) {
        progress_show(p,
            "naru mappings: %" PRIu64 " records, %" PRIu64 " would be refused",
            job->result->refusals.records, job->result->refusals.refused);
    }
}

/* A bad row: "FILE:17: Volume: ..." is its place and what is wrong with it. */
static int take_bad_row(
    struct job *job, const struct source_file *f, struct error *err)
{
    size_t n = strlen(f->name);
    const char *words = f->err.text;
    const char *end =
        strncmp(words, f->name, n) == 0 ? strstr(words + n, ": ") : NULL;
    char place[PLACE_BYTES];

    (void)snprintf(place, sizeof(place), "%.*s",
        end != NULL ? (int)(end - words) : (int)n,
        end != NULL ? words : f->name);
    return record_check_row(
        &job->check, end != NULL ? end + 2 : words, place, err);
}

static int take_row(struct job *job, struct source_file *f, const char *place,
    struct error *err)
{
    struct error why;
    struct record record = {.topic = NO_TOPIC,
        .has_key = true,
        .key = f->row.fields[f->map.key_slot],
        .has_value = true};

    buf_clear(&job->value);
    if (row_json_write(&f->map, f->row.fields, &job->value, &why) != 0) {
        return record_check_row(&job->check, why.text, place, err);
    }
    record.value = buf_slice(&job->value);
    return record_check_take(&job->check, &record, place, err);
}

static int read_rows(struct job *job, struct source_file *f, struct error *err)
{
    int64_t left_out[LEFT_REASONS] = {0};
    char place[PLACE_BYTES];
    int rc = 0;

    while (rc == 0 && !is_enough(job)) {
        source_file_next(f, left_out);
        (void)snprintf(
            place, sizeof(place), "%s:%" PRId64, f->name, f->row.line);
        switch (f->head) {
        case ROW_SOURCE_ROW:
            rc = take_row(job, f, place, err);
            break;
        case ROW_SOURCE_BAD_ROW:
            rc = take_bad_row(job, f, err);
            break;
        case ROW_SOURCE_END:
            job->result->all = true;
            return 0;
        case ROW_SOURCE_FAILED:
            return error_set(err, "%s", f->err.text);
        }
        tick(job);
    }
    return rc;
}

static int read_csv(struct job *job, struct error *err)
{
    const struct column_choices columns = {0};
    const struct row_choice all = {.from_ms = INT64_MIN,
        .until_ms = ROW_CHOICE_EVER,
        .keep_zero_volume = true};
    struct source_file f = {
        .path = job->plan->csv, .choice = &all, .any_order = true};
    int rc = -1;

    if (source_file_open(&f, job->plan->dataset, &columns, err) == 0) {
        rc = read_rows(job, &f, err);
    }
    source_file_fini(&f);
    return rc;
}

static int take_record(
    void *arg, const struct topic_record *r, struct error *err)
{
    struct job *job = arg;
    char place[PLACE_BYTES];
    struct record record = {.topic = job->plan->topic,
        .partition = r->origin.partition,
        .offset = r->origin.offset,
        .timestamp_ms = r->origin.timestamp_ms,
        .has_key = r->origin.has_key,
        .key = r->origin.key,
        .has_value = r->has_value,
        .value = r->value};

    if (is_enough(job)) {
        job->result->all = false;
        return -1; /* no failure; read_topic knows */
    }
    (void)snprintf(place, sizeof(place), "%s-%" PRId32 "-%" PRId64,
        job->plan->topic, record.partition, record.offset);
    tick(job);
    return record_check_take(&job->check, &record, place, err);
}

static int read_topic(struct job *job, struct error *err)
{
    struct topic_pass *topic =
        topic_pass_open(job->plan->config, job->plan->topic, NULL, err);
    int rc;

    if (topic == NULL) {
        return -1;
    }
    job->result->all = true;
    rc = topic_pass_read(topic, take_record, job, err);
    topic_pass_free(topic);
    return job->result->all ? rc : 0;
}

static int read_mapping(struct job *job, struct error *err)
{
    char *body = NULL;
    int rc = -1;

    /* The analyzer is the engine's to choose, and refuses nothing. */
    if (dataset_create_body(job->plan->dataset, "standard", &body, err) == 0) {
        rc = mapping_rules_init(&job->result->rules, body, err);
    }
    free(body);
    return rc;
}

int preflight_job_run(const struct preflight_plan *plan,
    struct preflight_result *result, struct error *err)
{
    struct job job = {.plan = plan, .result = result};
    int rc = -1;

    *result = (struct preflight_result){.all = false};
    refusals_init(&result->refusals);
    name_list_init(&result->new_fields);
    buf_init(&job.value, ROW_JSON_MAX_BYTES);
    if (record_check_init(&job.check, plan, result, err) == 0 &&
        read_mapping(&job, err) == 0) {
        rc = plan->csv != NULL ? read_csv(&job, err) : read_topic(&job, err);
        refusals_sort(&result->refusals);
    }
    if (plan->progress != NULL) {
        progress_clear(plan->progress);
    }
    record_check_fini(&job.check);
    buf_fini(&job.value);
    return rc;
}

size_t preflight_result_missing(const struct preflight_result *r)
{
    size_t wanted = r->rules.n_fields + r->new_fields.n;

    return wanted > r->rules.field_limit ? wanted - r->rules.field_limit : 0;
}

void preflight_result_fini(struct preflight_result *result)
{
    mapping_rules_fini(&result->rules);
    refusals_fini(&result->refusals);
    name_list_fini(&result->new_fields);
}
