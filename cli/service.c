/* What the service manager is told, by a timer of the event loop; see
 * service.h. */
#include "cli/service.h"

#include "common/clock.h"
#include "common/log.h"
#include "common/notify.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define TICK_MS 500
#define STATUS_EVERY_US 5000000
#define STATUS_BYTES 400
/* Longer than one step of a start blocks the loop: a probe of the engine takes
 * elasticsearch.request_timeout_ms at most, a minute unless set. */
#define EXTEND "EXTEND_TIMEOUT_USEC=180000000\n"

struct service {
    struct pipeline *pipeline;
    struct notify *notify;
    struct event *timer;
    bool is_ready, is_stopping;
    int64_t told_us; /* when STATUS was sent */
    int64_t fed_us;  /* when WATCHDOG=1 was sent */
    int64_t feed_us; /* how often it must be: half of what is watched for */
};

static void tell(struct service *s, const char *lines, bool with_status)
{
    char status[STATUS_BYTES], all[STATUS_BYTES + 200];

    if (with_status) {
        pipeline_summary(s->pipeline, status, sizeof(status));
        (void)snprintf(all, sizeof(all), "%sSTATUS=%s\n", lines, status);
        s->told_us = clock_mono_us();
        notify_send(s->notify, all);
    } else if (lines[0] != '\0') {
        notify_send(s->notify, lines);
    }
}

static void tick(struct service *s)
{
    int64_t now_us = clock_mono_us();
    bool is_stopping = pipeline_is_stopping(s->pipeline);
    bool is_ready = pipeline_is_up(s->pipeline);
    bool is_fed = s->feed_us > 0 && now_us - s->fed_us >= s->feed_us;
    bool is_news = (is_ready && !s->is_ready) ||
                   (is_stopping && !s->is_stopping) ||
                   now_us - s->told_us >= STATUS_EVERY_US;
    char lines[200];

    (void)snprintf(lines, sizeof(lines), "%s%s%s%s",
        is_ready && !s->is_ready ? "READY=1\n" : "",
        is_stopping && !s->is_stopping ? "STOPPING=1\n" : "",
        !is_ready && !s->is_ready ? EXTEND
        : is_stopping             ? EXTEND
                                  : "",
        is_fed ? "WATCHDOG=1\n" : "");
    s->is_ready = s->is_ready || is_ready;
    s->is_stopping = is_stopping;
    s->fed_us = is_fed ? now_us : s->fed_us;
    tell(s, lines, is_news);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    tick(arg);
}

/* Often enough for the watchdog, and to be soon when something changes. */
static struct timeval tick_of(int64_t feed_us)
{
    int64_t us =
        feed_us > 0 && feed_us < TICK_MS * 1000 ? feed_us / 2 : TICK_MS * 1000;

    return (struct timeval){us / 1000000, us % 1000000};
}

struct service *service_new(struct event_base *base, struct pipeline *p)
{
    struct error err;
    struct notify *notify = notify_open(&err);
    struct service *s;
    struct timeval every;

    if (notify == NULL) {
        if (err.text[0] != '\0') {
            log_warn(LOG_MSG("cannot tell the service manager"),
                LOG_STR("why", err.text));
        }
        return NULL;
    }
    s = calloc(1, sizeof(*s));
    if (s == NULL) {
        notify_free(notify);
        return NULL;
    }
    s->pipeline = p;
    s->notify = notify;
    s->feed_us = notify_watchdog_ms(notify) * 1000 / 2;
    every = tick_of(s->feed_us);
    s->timer = event_new(base, -1, EV_PERSIST, on_tick, s);
    if (s->timer == NULL || event_add(s->timer, &every) != 0) {
        log_warn(LOG_MSG("cannot tell the service manager"),
            LOG_STR("why", "out of memory"));
    }
    tick(s);
    return s;
}

void service_free(struct service *s)
{
    if (s == NULL) {
        return;
    }
    /* What is left to do, committing and leaving the group, takes seconds. */
    tell(s, s->is_stopping ? EXTEND : "STOPPING=1\n" EXTEND, true);
    if (s->timer != NULL) {
        event_free(s->timer);
    }
    notify_free(s->notify);
    free(s);
}
