/*
 * Letters straight into the index; see retry_target.h. The bridge's encoder
 * makes the requests' lines; index_batch sends them.
 */
#include "bridge/bulk_target.h"
#include "bridge/dlq/index_batch.h"
#include "bridge/dlq/retry_target.h"
#include "bridge/transform/transform.h"
#include "common/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_RECORD_BYTES (128u << 20)

struct index_target {
    struct retry_target base; /* first, so that one is the other */
    bool dry_run;
    struct dataset *dataset; /* NULL without one */
    struct endpoint *endpoint;
    struct bulk_encoder *encoder;
    char path[2048];
    size_t batch_bytes, batch_docs;
    struct index_batch batch;
    const struct retry_calls *calls;
    void *arg;
};

static void index_target_free(struct retry_target *base)
{
    struct index_target *t = (struct index_target *)base;

    index_batch_fini(&t->batch);
    bulk_encoder_free(t->encoder);
    endpoint_free(t->endpoint);
    dataset_free(t->dataset);
    free(t);
}

static int send_all(struct index_target *t, struct error *err)
{
    int rc = 0;

    if (t->dry_run) {
        index_batch_pretend(&t->batch);
    } else {
        rc = index_batch_send(&t->batch, err);
    }
    index_batch_clear(&t->batch);
    return rc;
}

static enum bulk_result encode(struct index_target *t, const struct letter *l,
    bool *is_delete, struct error *why)
{
    char topic[320];
    struct record record = {.topic = topic,
        .partition = l->partition,
        .offset = l->offset,
        .timestamp_ms = l->timestamp_ms,
        .has_key = l->has_key,
        .key = l->key,
        .has_value = l->has_value,
        .value = l->value};

    (void)snprintf(topic, sizeof(topic), "%.*s", (int)l->topic.len, l->topic.p);
    /* A request is a C string; and no JSON holds that byte. */
    if (l->value.len > 0 && memchr(l->value.p, '\0', l->value.len) != NULL) {
        (void)error_set(why, "the value is not JSON: it holds a NUL byte");
        return BULK_REFUSED;
    }
    return bulk_encode(t->encoder, &record, &t->batch.body, is_delete, why);
}

static int index_target_take(struct retry_target *base,
    const struct stored_letter *stored, struct error *err)
{
    struct index_target *t = (struct index_target *)base;
    size_t at_bytes = t->batch.body.len_bytes;
    struct error reason;
    struct refusal why = {0, 0, "record_not_a_document", reason.text};
    bool is_delete = false;
    enum bulk_result result = encode(t, &stored->letter, &is_delete, &reason);

    if (result == BULK_FULL && t->batch.n_items > 0) {
        if (send_all(t, err) != 0) {
            return -1;
        }
        at_bytes = 0;
        result = encode(t, &stored->letter, &is_delete, &reason);
    }
    switch (result) {
    case BULK_ENCODED:
        if (index_batch_add(&t->batch, stored, at_bytes) != 0) {
            return error_set(err, "out of memory");
        }
        break;
    case BULK_SKIPPED:
        t->calls->accepted(t->arg, stored, OUTCOME_SKIPPED);
        break;
    case BULK_FULL:
        why.reason = "larger than any bulk request may be";
        t->calls->refused(t->arg, stored, &why);
        break;
    case BULK_REFUSED:
        t->calls->refused(t->arg, stored, &why);
        break;
    }
    return t->batch.body.len_bytes >= t->batch_bytes ||
                   t->batch.n_items >= t->batch_docs
               ? send_all(t, err)
               : 0;
}

static int index_target_finish(struct retry_target *base, struct error *err)
{
    return send_all((struct index_target *)base, err);
}

static int set_up(
    struct index_target *t, const struct config *config, struct error *err)
{
    const char *dataset = config_text(config, "bridge.dataset");
    struct engine engine = {.typeless = true};

    if (transform_is_set(config) || bulk_target_reads_attributes(config)) {
        return error_set(err,
            "[transform] changes records on their way, which letters that go "
            "straight into the index would miss; use --to topic");
    }
    if (dataset != NULL && (t->dataset = dataset_load(dataset, err)) == NULL) {
        return error_prefix(err, "bridge.dataset: ");
    }
    t->endpoint = endpoint_new(config, err);
    if (t->endpoint == NULL ||
        (!t->dry_run && engine_probe(t->endpoint, &engine, err) != 0)) {
        return -1;
    }
    t->batch.endpoint = t->endpoint;
    t->encoder = bulk_target_encoder(
        config, t->dataset, t->dry_run ? NULL : &engine, err);
    if (t->encoder == NULL) {
        return -1;
    }
    return bulk_target_path(
        config, &engine, t->encoder, t->path, sizeof(t->path), err);
}

struct retry_target *index_target_new(const struct config *config, bool dry_run,
    const struct retry_calls *calls, void *arg, struct error *err)
{
    struct index_target *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    t->base = (struct retry_target){
        index_target_take, index_target_finish, index_target_free};
    t->dry_run = dry_run;
    t->batch_bytes = (size_t)config_number(config, "bridge.batch_bytes");
    t->batch_docs = (size_t)config_number(config, "bridge.batch_docs");
    t->calls = calls;
    t->arg = arg;
    index_batch_init(&t->batch, t->batch_bytes + LARGEST_RECORD_BYTES);
    t->batch.path = t->path;
    t->batch.calls = calls;
    t->batch.arg = arg;
    if (set_up(t, config, err) != 0) {
        index_target_free(&t->base);
        return NULL;
    }
    return &t->base;
}
