/* The pipeline's start: the engine is looked for until it is there, then the
 * records flow. */
#include "bridge/pipeline_state.h"

#include "bridge/bulk_target.h"
#include "common/clock.h"
#include "common/log.h"

#define LARGEST_RECORD_BYTES (128u << 20)
#define START_RETRY_MS 1000
#define START_RETRY_MOST_MS 15000
#define START_TELL_AGAIN_US 30000000

int pipeline_make_encoder(
    struct pipeline *p, const struct engine *engine, struct error *err)
{
    bulk_encoder_free(p->encoder);
    p->encoder = bulk_target_encoder(p->config, p->dataset, engine, err);
    return p->encoder != NULL ? 0 : -1;
}

/* Elasticsearch reads on in bytes it cannot unpack and answers 400, which
 * would make dead letters of all records. */
static int choose_packing(
    const struct pipeline *p, enum packing *packing, struct error *err)
{
    *packing = (enum packing)config_number(p->config, "bridge.compression");
    return *packing != PACKING_ZSTD || p->engine.unpacks_zstd
               ? 0
               : error_set(err,
                     "[bridge] compression = zstd: %s does not unpack it; "
                     "gzip is what it takes",
                     p->engine.name);
}

static int make_sender(struct pipeline *p, struct error *err)
{
    size_t max_in_flight =
        (size_t)config_number(p->config, "bridge.max_in_flight");
    enum packing packing;
    char path[2048];
    struct sender_options o = {.max_in_flight = max_in_flight,
        .max_body_bytes = p->limits.batch_bytes + LARGEST_RECORD_BYTES,
        .max_batch_bytes = p->limits.batch_bytes,
        .max_docs = p->limits.batch_docs,
        .memory_bytes = p->limits.memory_bytes,
        .retry_max_ms = config_number(p->config, "bridge.retry_max_ms"),
        .path = path};

    if (choose_packing(p, &packing, err) != 0 ||
        pipeline_make_encoder(p, &p->engine, err) != 0 ||
        bulk_target_path(
            p->config, &p->engine, p->encoder, path, sizeof(path), err) != 0) {
        return -1;
    }
    p->transport = transport_new(p->base, p->endpoint,
        &(struct transport_options){.max_requests = max_in_flight,
            .timeout_ms =
                config_number(p->config, "elasticsearch.request_timeout_ms"),
            .packing = packing},
        err);
    if (p->transport == NULL) {
        return -1;
    }
    p->sender = sender_new(p->base, p->transport, &o,
        pipeline_has_after(p) ? &pipeline_sender_calls_with_stored
                              : &pipeline_sender_calls,
        p, err);
    return p->sender != NULL ? 0 : -1;
}

/* A line when it begins and now and then, not one a try. */
static void tell_start_failure(
    struct pipeline *p, const char *why, int64_t wait_ms)
{
    int64_t now_us = clock_mono_us();
    bool is_news = p->start_failures == 1 ||
                   now_us - p->start_told_us >= START_TELL_AGAIN_US;

    log_write(is_news ? LOG_WARN : LOG_DEBUG,
        LOG_FIELDS(LOG_MSG("waiting for elasticsearch"), LOG_STR("why", why),
            LOG_INT("retry_in_ms", wait_ms)));
    if (is_news) {
        p->start_told_us = now_us;
    }
}

static void try_again(struct pipeline *p, const char *why)
{
    int64_t wait_ms = START_RETRY_MS
                      << (p->start_failures < 4 ? p->start_failures : 4);

    p->start_failures++;
    wait_ms = wait_ms < START_RETRY_MOST_MS ? wait_ms : START_RETRY_MOST_MS;
    tell_start_failure(p, why, wait_ms);
    pipeline_arm(p->start_timer, wait_ms);
}

/* Look for the engine; when it is there, let the records flow. */
void pipeline_on_start(evutil_socket_t fd, short what, void *arg)
{
    struct pipeline *p = arg;
    enum index_care_result care = INDEX_CARE_LATER;
    struct error err;

    (void)fd;
    (void)what;
    if (engine_probe(p->endpoint, &p->engine, &err) == 0) {
        care = index_care_begin(&p->care, &p->engine, &err);
    }
    switch (care) {
    case INDEX_CARE_LATER:
        try_again(p, err.text);
        return;
    case INDEX_CARE_REFUSED:
        pipeline_fail(p, err.text);
        return;
    case INDEX_CARE_READY:
        break;
    }
    log_info(LOG_MSG("engine found"), LOG_STR("engine", p->engine.name));
    if (make_sender(p, &err) != 0 || consumer_start(p->consumer, &err) != 0) {
        pipeline_fail(p, err.text);
        return;
    }
    pipeline_set_phase(p, PIPELINE_RUNNING);
    if (p->metrics != NULL) {
        metrics_index_start(p->metrics, &p->engine);
    }
}
