/* A checkpoint behind the acknowledgements; see checkpoint_sink.h. */
#include "replay/checkpoint_sink.h"

#include "common/clock.h"

#define STORE_EVERY_US 1000000

void checkpoint_sink_init(struct checkpoint_sink *s, struct producer *producer,
    struct checkpoint *checkpoint, const struct resume_point *start)
{
    *s = (struct checkpoint_sink){.producer = producer,
        .inner = producer_sink(producer),
        .checkpoint = checkpoint,
        .point = *start,
        .before = start->records,
        .stored_us = clock_mono_us()};
}

/* Store how far it has come, when that has changed. */
static int store(struct checkpoint_sink *s, struct error *err)
{
    struct resume_point point = s->point;

    if (!producer_progress(s->producer, s->before, &point) ||
        point.records == s->point.records) {
        return 0;
    }
    if (checkpoint_store(s->checkpoint, &point, err) != 0) {
        return -1;
    }
    s->point = point;
    s->stored_us = clock_mono_us();
    return 0;
}

static bool fits(void *self, const struct out_record *record)
{
    const struct checkpoint_sink *s = self;

    return s->inner.fits(s->inner.self, record);
}

static enum record_outcome send_record(
    void *self, const struct out_record *record, struct error *err)
{
    const struct checkpoint_sink *s = self;

    return s->inner.send(s->inner.self, record, err);
}

static enum record_outcome serve(void *self, int64_t wait_us, struct error *err)
{
    struct checkpoint_sink *s = self;
    enum record_outcome outcome = s->inner.serve(s->inner.self, wait_us, err);

    if (outcome == RECORD_TAKEN &&
        clock_mono_us() - s->stored_us >= STORE_EVERY_US &&
        store(s, err) != 0) {
        return RECORD_FAILED;
    }
    return outcome;
}

/* At the end, and also after a failed delivery, all that is sure is kept. */
static enum record_outcome drain(void *self, int64_t wait_us, struct error *err)
{
    struct checkpoint_sink *s = self;
    struct error unkept;
    enum record_outcome outcome = s->inner.drain(s->inner.self, wait_us, err);

    if (outcome != RECORD_BUSY && store(s, &unkept) != 0 &&
        outcome != RECORD_FAILED) {
        *err = unkept;
        return RECORD_FAILED;
    }
    return outcome;
}

struct record_sink checkpoint_sink_sink(struct checkpoint_sink *s)
{
    return (struct record_sink){
        s, s->inner.counts, fits, send_record, serve, drain};
}
