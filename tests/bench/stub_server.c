/* HTTP for the counting engine: accepting, waiting, and when answers are due;
 * see stub_server.h. */
#include "tests/bench/stub_server.h"

#include "common/clock.h"
#include "tests/bench/stub_connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_CONNECTIONS 128
#define LONGEST_WAIT_MS 1000

struct server {
    int epoll_fd;
    int listen_fd;
    int port;
    const struct server_calls *calls;
    void *arg;
    struct connection connections[MOST_CONNECTIONS];
    char unpacked[CONNECTION_UNPACKED_BYTES];
};

static void accept_one(struct server *s)
{
    int fd = accept4(s->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    for (size_t i = 0; fd >= 0 && i < MOST_CONNECTIONS; i++) {
        struct connection *c = &s->connections[i];

        if (c->fd < 0) {
            if (connection_open(c, fd) != 0) {
                connection_close(c);
            }
            return;
        }
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

/* Send what is due; how long until something else is, in ms. */
static int answer_all(struct server *s)
{
    int64_t next_us = LONGEST_WAIT_MS * 1000;

    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        struct connection *c = &s->connections[i];

        while (c->fd >= 0 && c->state == CONN_WAITING) {
            int64_t wait_us = s->calls->wait_us(s->arg, &c->x, clock_mono_us());

            if (wait_us > 0) {
                next_us = wait_us < next_us ? wait_us : next_us;
                break;
            }
            connection_start_answer(c);
            connection_write(c);
        }
    }
    return (int)((next_us + 999) / 1000);
}

/* ---- the server ---- */

static int listen_on(struct server *s, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = NULL};
    socklen_t size = sizeof(at);
    int yes = 1;

    s->listen_fd =
        socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(s->listen_fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
        getsockname(s->listen_fd, (struct sockaddr *)&at, &size) != 0 ||
        listen(s->listen_fd, MOST_CONNECTIONS) != 0) {
        return -1;
    }
    s->port = ntohs(at.sin_port);
    return epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, s->listen_fd, &ev);
}

struct server *server_new(
    int port, const struct server_calls *calls, void *arg, struct error *err)
{
    struct server *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    s->calls = calls;
    s->arg = arg;
    s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        s->connections[i] = (struct connection){.epoll_fd = s->epoll_fd,
            .calls = calls,
            .arg = arg,
            .unpacked = s->unpacked,
            .fd = -1};
    }
    if (listen_on(s, port) != 0) {
        (void)error_set(
            err, "cannot listen on port %d: %s", port, strerror(errno));
        server_free(s);
        return NULL;
    }
    return s;
}

void server_free(struct server *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        if (s->connections[i].fd >= 0) {
            connection_close(&s->connections[i]);
        }
    }
    (void)close(s->listen_fd);
    (void)close(s->epoll_fd);
    free(s);
}

int server_port(const struct server *s)
{
    return s->port;
}

static void on_event(struct server *s, const struct epoll_event *ev)
{
    struct connection *c = ev->data.ptr;

    if (c == NULL) {
        accept_one(s);
    } else if (c->fd >= 0 && c->state == CONN_WRITING) {
        connection_write(c);
    } else if (c->fd >= 0 && c->state == CONN_WAITING) {
        /* A peer that hangs up, or is in a hurry: the answer comes first. */
        connection_watch(c, 0);
    } else if (c->fd >= 0) {
        connection_read(c);
    }
}

int server_run(struct server *s, const volatile sig_atomic_t *stop)
{
    struct epoll_event events[MOST_CONNECTIONS];
    sigset_t none;

    (void)sigemptyset(&none);
    while (*stop == 0) {
        /* Only here do signals come, so that none is missed. */
        int n = epoll_pwait(
            s->epoll_fd, events, MOST_CONNECTIONS, answer_all(s), &none);

        if (n < 0 && errno != EINTR) {
            return -1;
        }
        for (int i = 0; i < n; i++) {
            on_event(s, &events[i]);
        }
    }
    return 0;
}
