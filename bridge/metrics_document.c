/* The bridge's metrics as a document; see metrics_document.h. */
#include "bridge/metrics_document.h"

#include "common/json_write.h"

static int put_text(struct buf *b, const char *key, const char *text)
{
    return buf_printf(b, "\"%s\":", key) != 0
               ? -1
               : json_write_string(b, slice_of(text));
}

static int put_action(const struct metrics_sample *s, const char *index,
    const char *type, struct buf *b)
{
    int rc = buf_append_str(b, "{\"index\":{") | put_text(b, "_index", index);

    if (type != NULL) {
        rc |= buf_append_char(b, ',') | put_text(b, "_type", type);
    }
    /* The dataset's id: sent again, it is the same document. */
    return rc | buf_append_str(b, ",\"_id\":\"") |
           json_write_escaped(b, slice_of(s->instance)) |
           buf_printf(b, "-%lld\"}}\n", (long long)s->at_ms);
}

static int put_counts(const struct metrics_sample *s, struct buf *b)
{
    /* In the order of enum outcome; the names are the dataset's. */
    static const char *const names[OUTCOME_COUNT] = {
        [OUTCOME_CREATED] = "created",
        [OUTCOME_UPDATED] = "updated",
        [OUTCOME_DUPLICATE] = "duplicates",
        [OUTCOME_DELETED] = "deleted",
        [OUTCOME_DEAD_LETTERED] = "dead_lettered",
        [OUTCOME_SKIPPED] = "skipped",
        [OUTCOME_RELEASED] = "released"};
    int rc = buf_printf(
        b, ",\"consumed\":%llu", (unsigned long long)s->counts.consumed);

    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        rc |= buf_printf(b, ",\"%s\":%llu", names[i],
            (unsigned long long)s->counts.ended[i]);
    }
    return rc;
}

static int put_source(const struct metrics_sample *s, struct buf *b)
{
    int rc = buf_printf(b, "{\"@timestamp\":%lld,", (long long)s->at_ms) |
             put_text(b, "host", s->host) | buf_append_char(b, ',') |
             put_text(b, "instance", s->instance) | buf_append_char(b, ',') |
             put_text(b, "group", s->group) | buf_append_char(b, ',') |
             put_text(b, "phase", s->phase) | put_counts(s, b);

    if (s->blocked != NULL) {
        rc |= buf_append_char(b, ',') | put_text(b, "blocked", s->blocked);
    }
    return rc |
           buf_printf(b,
               ",\"lost\":%llu,\"pending\":%llu,\"lag\":%lld,\"per_s\":%.3f,"
               "\"in_flight\":%llu,\"window\":%llu,\"batch_bytes\":%llu,"
               "\"held_bytes\":%llu,\"latency_ms\":%.3f,\"requests\":%llu,"
               "\"refused\":%llu,\"sent_again\":%llu}\n",
               (unsigned long long)s->lost, (unsigned long long)s->pending,
               (long long)s->lag, s->per_s, (unsigned long long)s->in_flight,
               (unsigned long long)s->window,
               (unsigned long long)s->batch_bytes,
               (unsigned long long)s->held_bytes, s->latency_ms,
               (unsigned long long)s->requests, (unsigned long long)s->refused,
               (unsigned long long)s->sent_again);
}

int metrics_document_write(const struct metrics_sample *s, const char *index,
    const char *type, struct buf *out)
{
    return put_action(s, index, type, out) == 0 && put_source(s, out) == 0 ? 0
                                                                           : -1;
}
