/* What the pipeline tells of itself for the metrics' index. */
#include "bridge/pipeline_state.h"

#include "common/clock.h"

static void sample_sender(
    const struct pipeline *p, struct metrics_sample *sample)
{
    const struct sender_stats *stats;

    if (p->sender == NULL) {
        return;
    }
    stats = sender_stats(p->sender);
    sample->in_flight = sender_flying(p->sender);
    sample->window = sender_window(p->sender);
    sample->batch_bytes = sender_batch_ceiling(p->sender);
    sample->held_bytes = sender_held_bytes(p->sender) +
                         (p->open != NULL ? batch_bytes(p->open) : 0);
    sample->latency_ms = (double)sender_latency_us(p->sender) / 1e3;
    sample->requests = stats->requests;
    sample->refused = stats->pushed_back;
    sample->sent_again = stats->items_again;
}

/* The rate since the sample before. */
static double rate(struct pipeline *p, const struct offsets_counts *counts)
{
    int64_t now_us = clock_mono_us();
    double seconds = (double)(now_us - p->sampled_us) / 1e6;
    uint64_t ended = 0, before = p->sampled_ended;

    for (size_t k = 0; k < OUTCOME_COUNT; k++) {
        ended += counts->ended[k];
    }
    p->sampled_us = now_us;
    p->sampled_ended = ended;
    return seconds > 0 ? (double)(ended - before) / seconds : 0;
}

void pipeline_sample(struct metrics_sample *sample, void *arg)
{
    struct pipeline *p = arg;
    int64_t since_us;

    sample->phase = pipeline_phase_name(p);
    sample->blocked =
        p->phase == PIPELINE_RUNNING ? pipeline_obstacle(p, &since_us) : NULL;
    partitions_sum(&p->partitions, &sample->counts);
    sample->pending = partitions_pending(&p->partitions);
    for (size_t i = 0; i < p->partitions.n; i++) {
        int64_t lag = pipeline_lag(p, p->partitions.all[i]);

        sample->lag += lag > 0 ? lag : 0;
        sample->lost += p->partitions.all[i]->lost;
    }
    sample->per_s = rate(p, &sample->counts);
    sample_sender(p, sample);
}
