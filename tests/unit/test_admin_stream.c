/* Server-sent events: who comes, who goes, who is too slow, who is too many. */
#include "common/admin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURNS_MOST 100000

struct scene {
    struct event_base *base;
    struct admin *admin;
    struct admin_stream *stream;
    int port;
};

static int on_hello(void *arg, struct buf *body, const char **type)
{
    (void)arg;
    (void)type;
    return buf_append_str(body, "event: hello\ndata: 1\n\n") == 0 ? 200 : 500;
}

static int free_port(void)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    (void)close(fd);
    return ntohs(at.sin_port);
}

static int open_scene(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));
    struct error err;
    char listen_at[32];

    s->port = free_port();
    (void)snprintf(listen_at, sizeof(listen_at), "127.0.0.1:%d", s->port);
    s->base = event_base_new();
    s->admin = admin_new(s->base, listen_at, &err);
    assert_non_null(s->admin);
    s->stream = admin_stream(s->admin, "/events", on_hello, NULL);
    assert_non_null(s->stream);
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *s = *state;

    admin_free(s->admin);
    event_base_free(s->base);
    free(s);
    return 0;
}

static int come(const struct scene *s, int receive_bytes)
{
    static const char request[] = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)s->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (receive_bytes > 0) {
        (void)setsockopt(
            fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
    }
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(
        write(fd, request, sizeof(request) - 1), (ssize_t)sizeof(request) - 1);
    return fd;
}

static void turn(struct scene *s)
{
    assert_true(event_base_loop(s->base, EVLOOP_NONBLOCK) >= 0);
    (void)usleep(100);
}

static void wait_for_clients(struct scene *s, size_t n)
{
    for (int i = 0; i < TURNS_MOST && admin_stream_clients(s->stream) != n;
         i++) {
        turn(s);
    }
    assert_int_equal(admin_stream_clients(s->stream), n);
}

/* Read until wanted has come. */
static void expect(struct scene *s, int fd, const char *wanted)
{
    char got[65536] = "";
    size_t n = 0;

    for (int i = 0; i < TURNS_MOST && strstr(got, wanted) == NULL; i++) {
        ssize_t more = recv(fd, got + n, sizeof(got) - 1 - n, MSG_DONTWAIT);

        n += more > 0 ? (size_t)more : 0;
        got[n] = '\0';
        turn(s);
    }
    assert_non_null(strstr(got, wanted));
}

static void one_that_comes_is_greeted_and_hears_what_follows(void **state)
{
    struct scene *s = *state;
    int fd = come(s, 0);

    expect(s, fd, "event: hello\ndata: 1\n\n");
    assert_int_equal(admin_stream_clients(s->stream), 1);
    admin_stream_send(s->stream, slice_of("event: news\ndata: 2\n\n"));
    expect(s, fd, "event: news\ndata: 2\n\n");
    (void)close(fd);
}

static void one_that_goes_is_forgotten(void **state)
{
    struct scene *s = *state;
    int stays = come(s, 0), goes = come(s, 0);

    wait_for_clients(s, 2);
    (void)close(goes);
    for (int i = 0; i < 1000 && admin_stream_clients(s->stream) > 1; i++) {
        admin_stream_send(s->stream, slice_of("data: 3\n\n"));
        turn(s);
    }
    assert_int_equal(admin_stream_clients(s->stream), 1);
    expect(s, stays, "data: 3\n\n");
    (void)close(stays);
}

static void one_that_does_not_listen_is_dropped(void **state)
{
    struct scene *s = *state;
    int slow = come(s, 4096), quick = come(s, 0);
    char *much = malloc(65536);
    size_t sends;

    memset(much, ':', 65535);
    much[65535] = '\n';
    wait_for_clients(s, 2);
    for (sends = 0; sends < 200 && admin_stream_clients(s->stream) > 1;
         sends++) {
        char away[65536];

        admin_stream_send(s->stream, (struct slice){much, 65536});
        for (int i = 0; i < 20; i++) {
            turn(s);
            while (recv(quick, away, sizeof(away), MSG_DONTWAIT) > 0) {
            }
        }
    }
    assert_int_equal(admin_stream_clients(s->stream), 1);
    /* What was kept for it is bounded: the limit, a chunk, and its socket. */
    assert_true(sends * 65536 < 2 * ADMIN_STREAM_BEHIND_BYTES + (1u << 20));
    admin_stream_send(s->stream, slice_of("data: still here\n\n"));
    expect(s, quick, "data: still here\n\n");
    free(much);
    (void)close(slow);
    (void)close(quick);
}

static void too_many_are_sent_away(void **state)
{
    struct scene *s = *state;
    int fds[ADMIN_STREAM_CLIENTS], late;

    for (size_t i = 0; i < ADMIN_STREAM_CLIENTS; i++) {
        fds[i] = come(s, 0);
    }
    wait_for_clients(s, ADMIN_STREAM_CLIENTS);
    late = come(s, 0);
    expect(s, late, "HTTP/1.1 503");
    (void)close(late);
    (void)close(fds[0]);
    for (int i = 0;
         i < 1000 && admin_stream_clients(s->stream) == ADMIN_STREAM_CLIENTS;
         i++) {
        admin_stream_send(s->stream, slice_of("data: 4\n\n"));
        turn(s);
    }
    late = come(s, 0);
    expect(s, late, "event: hello");
    (void)close(late);
    for (size_t i = 1; i < ADMIN_STREAM_CLIENTS; i++) {
        (void)close(fds[i]);
    }
}

static void who_listens_at_the_end_is_let_go(void **state)
{
    struct scene *s = *state;

    (void)come(s, 0);
    wait_for_clients(s, 1); /* close_scene does the rest; see it under asan */
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest cases[] = {
        CASE(one_that_comes_is_greeted_and_hears_what_follows),
        CASE(one_that_goes_is_forgotten),
        CASE(one_that_does_not_listen_is_dropped),
        CASE(too_many_are_sent_away),
        CASE(who_listens_at_the_end_is_let_go),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
