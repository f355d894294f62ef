/*
 * The page for those who watch, and what it shows: the last minutes second by
 * second, the way of the records with its queues, the last few records.
 * One timer a second; what is sent is made only while somebody listens.
 */
#include "bridge/pipeline_state.h"

#include "bridge/bulk_target.h"
#include "bridge/watch/recent.h"
#include "bridge/watch/window.h"
#include "common/clock.h"
#include "common/json_out.h"

#include <stdlib.h>

#define EVENT_MOST_BYTES (4u << 20)

extern const unsigned char bridge_page_html[];
extern const unsigned long bridge_page_html_len;

struct pipeline_watch {
    struct window *window;
    uint64_t *now;         /* the values as last looked up */
    struct recent *recent; /* NULL unless admin.show_records */
    struct admin_stream *stream;
    struct event *timer;
    struct buf event; /* being sent */
    int64_t started_ms;
};

static const char *const traffic_names[TRAFFIC_COUNT] = {"taken", "taken_bytes",
    "docs", "docs_bytes", "stored", "stored_bytes", "refused", "refused_bytes",
    "skipped", "skipped_bytes", "buried", "step_refused", "step_refused_bytes",
    "ended", "turns", "turn_us", "requests", "request_us", NULL};

/* How many values there are, those of the steps included. */
static size_t value_count(const struct pipeline *p)
{
    const struct transform *t = pipeline_transform(p);

    return TRAFFIC_COUNT +
           (t != NULL ? transform_step_count(t) * PIPELINE_STEP_VALUES : 0);
}

static void put_steps(const struct pipeline *p, uint64_t *now)
{
    uint64_t *steps = now + TRAFFIC_COUNT;
    const struct transform *t = pipeline_transform(p);

    for (size_t i = 0; t != NULL && i < transform_step_count(t); i++) {
        const struct step_stats *s = transform_step_stats(t, i);
        const uint64_t values[PIPELINE_STEP_VALUES] = {s->in, s->in_bytes,
            s->out, s->out_bytes, s->refused, s->refused_bytes};

        memcpy(steps + i * PIPELINE_STEP_VALUES, values, sizeof(values));
        now[TRAFFIC_STEP_REFUSED] += s->refused;
        now[TRAFFIC_STEP_REFUSED_BYTES] += s->refused_bytes;
    }
}

const struct window *pipeline_window(const struct pipeline *p)
{
    return p->watch->window;
}

const uint64_t *pipeline_traffic(struct pipeline *p)
{
    const struct intake_stats *read = consumer_stats(p->consumer);
    uint64_t *now = p->watch->now;
    struct offsets_counts sum;

    memcpy(now, p->traffic, sizeof(p->traffic));
    put_steps(p, now);
    partitions_sum(&p->partitions, &sum);
    for (size_t k = 0; k < OUTCOME_COUNT; k++) {
        now[TRAFFIC_ENDED] += sum.ended[k];
    }
    now[TRAFFIC_TURNS] = read->turns;
    now[TRAFFIC_TURN_US] = (uint64_t)read->turn_us;
    if (p->sender != NULL) {
        const struct sender_stats *s = sender_stats(p->sender);

        now[TRAFFIC_REQUESTS] = s->took_us.count;
        now[TRAFFIC_REQUEST_US] = (uint64_t)s->took_us.sum;
    }
    for (size_t i = 0; i < p->partitions.n; i++) {
        int64_t lag = pipeline_lag(p, p->partitions.all[i]);

        now[TRAFFIC_LAG] += lag > 0 ? (uint64_t)lag : 0;
    }
    return now;
}

void pipeline_watch_record(struct pipeline *p, const struct record *record)
{
    if (p->watch->recent != NULL) {
        recent_take(p->watch->recent, record);
    }
}

/* ---- /status ---- */

static void put_setting(struct json_out *o, const struct pipeline *p,
    const char *key, const char *name, const char *fallback)
{
    const char *text = config_text(p->config, name);

    json_out_text(o, key, text != NULL ? text : fallback);
}

static void put_steps_names(struct json_out *o, const struct transform *t)
{
    json_out_open(o, "steps", '[');
    for (size_t i = 0; t != NULL && i < transform_step_count(t); i++) {
        json_out_text(o, NULL, transform_step_kind(t, i));
    }
    json_out_close(o, ']');
}

static void put_plan(struct json_out *o, const struct pipeline *p)
{
    json_out_number(o, "started_ms", p->watch->started_ms);
    json_out_number(o, "now_ms", clock_wall_ms());
    put_setting(o, p, "topics", "bridge.topics", NULL);
    put_setting(o, p, "group", "kafka.group.id", "naru-bridge");
    json_out_text(o, "index", bulk_target_index(p->config, p->dataset));
    put_setting(o, p, "dead_letter", "bridge.dead_letter", NULL);
    json_out_count(o, "memory_bytes", p->limits.memory_bytes);
    put_steps_names(o, pipeline_transform(p));
}

static void put_queues(struct json_out *o, const struct pipeline *p)
{
    const struct sender_stats *s =
        p->sender != NULL ? sender_stats(p->sender) : NULL;

    json_out_count(o, "open_docs", p->open != NULL ? p->open->n_docs : 0);
    json_out_count(
        o, "open_bytes", p->open != NULL ? p->open->body.len_bytes : 0);
    json_out_count(o, "dead_letters_pending",
        p->dead_letter != NULL ? dead_letter_pending(p->dead_letter) : 0);
    json_out_count(o, "dead_letters_pending_most", PIPELINE_DEAD_LETTERS_MOST);
    if (s != NULL) {
        json_out_count(o, "requests", s->requests);
        json_out_count(o, "pushed_back", s->pushed_back);
        json_out_count(o, "sent_again", s->items_again);
    }
}

static void put_traffic(struct json_out *o, struct pipeline *p)
{
    const uint64_t *now = pipeline_traffic(p);

    json_out_count(o, "lag", now[TRAFFIC_LAG]);
    json_out_open(o, "traffic", '{');
    for (size_t i = 0; i < TRAFFIC_LAG; i++) {
        json_out_count(o, traffic_names[i], now[i]);
    }
    json_out_close(o, '}');
    json_out_open(o, "five_minutes", '{');
    for (size_t i = 0; i < TRAFFIC_LAG; i++) {
        json_out_count(
            o, traffic_names[i], window_grew(p->watch->window, i, now[i]));
    }
    json_out_close(o, '}');
}

/* The words are the engine's or ours; the notes may quote a record. */
static void put_tally(
    struct json_out *o, const char *key, const struct tally *t, bool with_notes)
{
    json_out_open(o, key, '[');
    for (size_t i = 0; i < t->n; i++) {
        json_out_open(o, NULL, '{');
        json_out_text(o, "reason", t->rows[i].word);
        json_out_count(o, "count", t->rows[i].count);
        if (with_notes && t->rows[i].note[0] != '\0') {
            json_out_text(o, "note", t->rows[i].note);
        }
        json_out_close(o, '}');
    }
    json_out_close(o, ']');
}

/* Its key or value, null when it has none. */
static void put_bytes(struct json_out *o, const char *key, bool is_there,
    const char *bytes, size_t n)
{
    if (is_there) {
        json_out_slice(o, key, (struct slice){bytes, n});
    } else {
        json_out_text(o, key, NULL);
    }
}

static void put_recent(struct json_out *o, const struct recent *r)
{
    if (r == NULL) {
        json_out_text(o, "recent", NULL);
        return;
    }
    json_out_open(o, "recent", '[');
    for (size_t i = 0; i < r->n; i++) {
        const struct recent_row *row = recent_row(r, i);

        json_out_open(o, NULL, '{');
        json_out_text(o, "topic", row->topic);
        json_out_number(o, "partition", row->partition);
        json_out_number(o, "offset", row->offset);
        json_out_number(o, "timestamp_ms", row->timestamp_ms);
        json_out_count(o, "value_bytes", row->value_bytes);
        put_bytes(o, "key", row->has_key, row->key, row->key_bytes);
        put_bytes(o, "value", row->has_value, row->value, row->shown_bytes);
        json_out_close(o, '}');
    }
    json_out_close(o, ']');
}

void pipeline_put_watch(struct json_out *o, struct pipeline *p)
{
    put_plan(o, p);
    put_queues(o, p);
    put_traffic(o, p);
    put_tally(o, "refused_by", &p->refused, p->watch->recent != NULL);
    put_tally(o, "skipped_by", &p->skipped, true);
    put_recent(o, p->watch->recent);
}

/* ---- events ---- */

/* A counter's course as what it grew each second, a gauge's as it is. */
static void put_course(struct json_out *o, const struct window *w,
    const char *key, enum traffic_value i, bool is_gauge)
{
    json_out_open(o, key, '[');
    for (size_t ago_s = window_length_s(w); ago_s-- > 0;) {
        uint64_t then = is_gauge ? 0 : window_value(w, i, ago_s + 1);

        json_out_count(o, NULL, window_value(w, i, ago_s) - then);
    }
    json_out_close(o, ']');
}

static int put_history(struct buf *b, const struct pipeline *p)
{
    struct json_out o = json_out_of(b);
    const struct window *w = p->watch->window;

    json_out_raw(&o, NULL, "event: history\ndata: ");
    o.has_before = false;
    json_out_open(&o, NULL, '{');
    put_course(&o, w, "taken", TRAFFIC_TAKEN, false);
    put_course(&o, w, "ended", TRAFFIC_ENDED, false);
    put_course(&o, w, "lag", TRAFFIC_LAG, true);
    json_out_close(&o, '}');
    json_out_failed(&o, buf_append_str(b, "\n\n"));
    return json_out_end(&o);
}

/* The body of /status ends in the one line's end that a data line needs. */
static int put_status(struct buf *b, struct pipeline *p)
{
    const char *type;

    if (buf_append_str(b, "event: status\ndata: ") != 0 ||
        pipeline_status_page(p, b, &type) != 200) {
        return -1;
    }
    return buf_append_char(b, '\n');
}

static int on_hello(void *arg, struct buf *body, const char **type)
{
    (void)type;
    return buf_append_str(body, "retry: 1000\n\n") == 0 &&
                   put_history(body, arg) == 0 && put_status(body, arg) == 0
               ? 200
               : 500;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct pipeline *p = arg;
    struct pipeline_watch *w = p->watch;

    (void)fd;
    (void)what;
    window_tick(w->window, clock_mono_us() / 1000000, pipeline_traffic(p));
    if (w->recent != NULL) {
        recent_refill(w->recent);
    }
    if (admin_stream_clients(w->stream) == 0) {
        return;
    }
    buf_clear(&w->event);
    if (put_status(&w->event, p) == 0) {
        admin_stream_send(w->stream, buf_slice(&w->event));
    }
}

static int page(void *arg, struct buf *body, const char **type)
{
    (void)arg;
    *type = "text/html; charset=utf-8";
    return buf_append(body, bridge_page_html, bridge_page_html_len) == 0 ? 200
                                                                         : 500;
}

static int set_up(struct pipeline *p, struct pipeline_watch *w)
{
    const struct timeval second = {1, 0};

    w->now = calloc(value_count(p), sizeof(*w->now));
    w->window = window_new(value_count(p));
    w->timer = event_new(p->base, -1, EV_PERSIST, on_timer, p);
    if (w->now == NULL || w->window == NULL || w->timer == NULL) {
        return -1;
    }
    window_tick(w->window, clock_mono_us() / 1000000, w->now);
    if (config_bool(p->config, "admin.show_records")) {
        w->recent = calloc(1, sizeof(*w->recent));
        if (w->recent == NULL) {
            return -1;
        }
        recent_refill(w->recent);
    }
    w->stream = admin_stream(p->admin, "/events", on_hello, p);
    return w->stream != NULL && event_add(w->timer, &second) == 0
               ? admin_page(p->admin, "/", page, p)
               : -1;
}

int pipeline_watch_new(struct pipeline *p, struct error *err)
{
    p->watch = calloc(1, sizeof(*p->watch));
    if (p->watch == NULL) {
        return error_set(err, "out of memory");
    }
    buf_init(&p->watch->event, EVENT_MOST_BYTES);
    p->watch->started_ms = clock_wall_ms();
    return set_up(p, p->watch) == 0 ? 0 : error_set(err, "out of memory");
}

void pipeline_watch_free(struct pipeline *p)
{
    struct pipeline_watch *w = p->watch;

    p->watch = NULL;
    if (w != NULL) {
        window_free(w->window);
        free(w->now);
        free(w->recent);
        buf_fini(&w->event);
        if (w->timer != NULL) {
            event_free(w->timer);
        }
        free(w);
    }
}
