/*
 * Who is connected to the admin port; see admin_connections.h. evhttp tells of
 * a connection only when it has sent a request, but asks us for its
 * bufferevent when it comes (evhttp_set_bevcb). We keep a reference to that;
 * once evhttp has freed it, it has no callbacks any more.
 */
#include "common/admin_connections.h"

#include "common/clock.h"

#include <event2/bufferevent.h>
#include <event2/http.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

#define LOOK_EVERY_S 5

struct place {
    struct bufferevent *bev; /* NULL: free */
    int64_t since_us;        /* INT64_MAX: it may stay */
};

struct admin_connections {
    struct place places[ADMIN_CONNECTIONS_MOST];
    struct event *timer;
};

static void leave(struct place *p)
{
    bufferevent_decref(p->bev);
    p->bev = NULL;
}

static bool is_gone(const struct place *p)
{
    bufferevent_event_cb on_event = NULL;

    bufferevent_getcb(p->bev, NULL, NULL, &on_event, NULL);
    return on_event == NULL;
}

/* As if the other side had gone; evhttp does the rest. */
static void cut(struct place *p)
{
    evutil_socket_t fd = bufferevent_getfd(p->bev);

    if (fd >= 0) {
        (void)shutdown(fd, SHUT_RDWR);
    }
    leave(p);
}

static struct place *longest_waiting(struct admin_connections *c)
{
    struct place *longest = &c->places[0];

    for (size_t i = 1; i < ADMIN_CONNECTIONS_MOST; i++) {
        if (c->places[i].since_us < longest->since_us) {
            longest = &c->places[i];
        }
    }
    return longest;
}

/* A place for one that comes, its own or another's. */
static struct place *make_room(struct admin_connections *c)
{
    struct place *room = NULL;

    for (size_t i = 0; i < ADMIN_CONNECTIONS_MOST; i++) {
        struct place *p = &c->places[i];

        if (p->bev != NULL && is_gone(p)) {
            leave(p);
        }
        if (p->bev == NULL) {
            room = p;
        }
    }
    if (room == NULL) {
        room = longest_waiting(c);
        cut(room);
    }
    return room;
}

static struct bufferevent *on_come(struct event_base *base, void *arg)
{
    struct bufferevent *bev = bufferevent_socket_new(base, -1, 0);
    struct place *p;

    if (bev != NULL) {
        p = make_room(arg);
        bufferevent_incref(bev);
        *p = (struct place){bev, clock_mono_us()};
    }
    return bev;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct admin_connections *c = arg;
    int64_t before_us =
        clock_mono_us() - ADMIN_CONNECTIONS_LIMIT_S * (int64_t)1000000;

    (void)fd;
    (void)what;
    for (size_t i = 0; i < ADMIN_CONNECTIONS_MOST; i++) {
        struct place *p = &c->places[i];

        if (p->bev != NULL && is_gone(p)) {
            leave(p);
        } else if (p->bev != NULL && p->since_us < before_us) {
            cut(p);
        }
    }
}

struct admin_connections *admin_connections_new(
    struct event_base *base, struct evhttp *http)
{
    const struct timeval every = {LOOK_EVERY_S, 0};
    struct admin_connections *c = calloc(1, sizeof(*c));

    if (c == NULL) {
        return NULL;
    }
    c->timer = event_new(base, -1, EV_PERSIST, on_timer, c);
    if (c->timer == NULL || event_add(c->timer, &every) != 0) {
        admin_connections_free(c);
        return NULL;
    }
    evhttp_set_bevcb(http, on_come, c);
    return c;
}

void admin_connections_free(struct admin_connections *c)
{
    if (c == NULL) {
        return;
    }
    for (size_t i = 0; i < ADMIN_CONNECTIONS_MOST; i++) {
        if (c->places[i].bev != NULL) {
            leave(&c->places[i]);
        }
    }
    if (c->timer != NULL) {
        event_free(c->timer);
    }
    free(c);
}

void admin_connections_heard(
    struct admin_connections *c, struct evhttp_request *request, bool for_ever)
{
    struct evhttp_connection *connection =
        evhttp_request_get_connection(request);
    struct bufferevent *bev = evhttp_connection_get_bufferevent(connection);

    for (size_t i = 0; i < ADMIN_CONNECTIONS_MOST; i++) {
        if (c->places[i].bev == bev) {
            c->places[i].since_us = for_ever ? INT64_MAX : clock_mono_us();
        }
    }
}
