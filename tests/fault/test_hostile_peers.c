/* An engine that means harm: memory and time stay bounded, nothing is lost,
 * and it is not asked over and over. */
#include "tests/fakes/hostile_server.h"
#include "tests/fault/scene.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MIB (1u << 20)
#define ASKED_TIMES 3 /* before it is mended */

/* Of one answer, what is on its way in sockets included. */
#define MOST_TAKEN_BYTES (128u * MIB)

/* Address sanitizer keeps freed memory for itself. */
#if defined(__SANITIZE_ADDRESS__)
#define MOST_RESIDENT (1024u * MIB)
#else
#define MOST_RESIDENT (224u * MIB)
#endif

/* Until it was asked so often; its requests are not to be a storm. */
static void suffer(struct scene *s, struct hostile_server *hostile)
{
    int64_t began_us = clock_mono_us();
    size_t peak = 0;
    double seconds;

    while (hostile_server_served(hostile) < ASKED_TIMES) {
        size_t now = bridge_memory_bytes(&s->bridge);

        peak = now > peak ? now : peak;
        if (clock_mono_us() - began_us > 2 * SCENE_LIMIT_MS * 1000LL) {
            fail_msg("asked %u times only", hostile_server_served(hostile));
        }
        scene_nap(10);
    }
    seconds = (double)(clock_mono_us() - began_us) / 1e6;
    (void)printf("asked %u times in %.1f s, took at most %zu bytes, resident "
                 "at most %zu\n",
        hostile_server_served(hostile), seconds,
        hostile_server_most_bytes(hostile), peak);
    assert_true(hostile_server_most_bytes(hostile) <= MOST_TAKEN_BYTES);
    assert_true(peak <= MOST_RESIDENT);
    assert_true(hostile_server_served(hostile) <= 10 + seconds * 10);
}

static void the_engine_turns(struct scene *s, enum hostile_act act)
{
    struct hostile_server *hostile;
    int port = fake_engine_port(s->engine);

    scene_produce(s, 100);
    scene_start(s, SCENE_FOR_EVER, "elasticsearch.request_timeout_ms=2s",
        "bridge.retry_max_ms=1s", NULL);
    SCENE_AWAIT(scene_all_stored(s));
    fake_engine_down(s->engine);
    hostile = hostile_server_new(port, act);
    scene_produce(s, 2000);
    suffer(s, hostile);
    hostile_server_free(hostile);
    fake_engine_up(s->engine);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    scene_expect_done(s);
}

static void an_answer_of_ten_gigabytes_is_cut_short(void **state)
{
    the_engine_turns(*state, HOSTILE_BODY);
}

static void a_body_without_an_end_is_cut_short(void **state)
{
    the_engine_turns(*state, HOSTILE_CHUNKS);
}

static void headers_without_an_end_are_cut_short(void **state)
{
    the_engine_turns(*state, HOSTILE_HEADERS);
}

static void a_header_without_an_end_is_cut_short(void **state)
{
    the_engine_turns(*state, HOSTILE_LONG_HEADER);
}

static void interim_answers_without_an_end_are_cut_short(void **state)
{
    the_engine_turns(*state, HOSTILE_INTERIM);
}

static void an_answer_that_drips_is_given_up(void **state)
{
    the_engine_turns(*state, HOSTILE_DRIP);
}

static void a_gzip_bomb_is_not_unpacked(void **state)
{
    the_engine_turns(*state, HOSTILE_GZIP_BOMB);
}

static void what_is_not_http_is_told(void **state)
{
    struct scene *s = *state;

    the_engine_turns(s, HOSTILE_NOT_HTTP);
    assert_true(
        bridge_log_lines(&s->bridge, "its address begins with https://") > 0);
}

/* The start waits for it as for one that is down. */
static void an_engine_that_is_hostile_from_the_start_is_waited_for(void **state)
{
    static const enum hostile_act acts[] = {HOSTILE_BODY, HOSTILE_HEADERS};
    struct scene *s = *state;
    int port = fake_engine_port(s->engine);

    scene_produce(s, 100);
    fake_engine_down(s->engine);
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        struct hostile_server *hostile = hostile_server_new(port, acts[i]);

        if (i == 0) {
            scene_start(s, SCENE_FOR_EVER, NULL);
        }
        SCENE_AWAIT(hostile_server_served(hostile) > 0);
        assert_true(hostile_server_most_bytes(hostile) <= MOST_TAKEN_BYTES);
        assert_true(bridge_memory_bytes(&s->bridge) <= MOST_RESIDENT);
        hostile_server_free(hostile);
    }
    fake_engine_up(s->engine);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    scene_expect_done(s);
}

/* ---- who connects to the admin port ---- */

static int come(const struct scene *s, const char *text)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)s->bridge.admin_port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(
        send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    return fd;
}

/* Waits for the end of what the bridge sends. */
static bool is_cut(int fd)
{
    const struct timeval limit = {SCENE_LIMIT_MS / 1000, 0};
    char scrap[4096];
    ssize_t n;

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    while ((n = recv(fd, scrap, sizeof(scrap), 0)) > 0) {
    }
    return n == 0 || errno == ECONNRESET;
}

static void many_half_requests_do_not_keep_others_out(void **state)
{
    struct scene *s = *state;
    int crowd[200];
    char *page;

    scene_produce(s, 10);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(scene_all_stored(s));
    for (size_t i = 0; i < sizeof(crowd) / sizeof(crowd[0]); i++) {
        crowd[i] = come(s, "GET / HTTP/1.1\r\nHost: x\r\nX: ");
        if (i % 20 == 19) { /* ours is among those who come */
            SCENE_AWAIT((page = bridge_metrics(&s->bridge)) != NULL);
            free(page);
        }
    }
    assert_true(is_cut(crowd[0]));
    for (size_t i = 0; i < sizeof(crowd) / sizeof(crowd[0]); i++) {
        (void)close(crowd[i]);
    }
    scene_stop(s);
    scene_expect_done(s);
}

static void a_request_that_is_too_long_is_cut(void **state)
{
    static char text[200000];
    struct scene *s = *state;
    int fd;

    scene_produce(s, 10);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(scene_all_stored(s));
    memset(text, 'x', sizeof(text) - 1);
    memcpy(text, "GET /metrics HTTP/1.1\r\nX: ", 26);
    fd = come(s, "");
    (void)send(fd, text, sizeof(text) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    assert_true(is_cut(fd));
    (void)close(fd);
    scene_stop(s);
    scene_expect_done(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(an_answer_of_ten_gigabytes_is_cut_short),
        SCENE_CASE(a_body_without_an_end_is_cut_short),
        SCENE_CASE(headers_without_an_end_are_cut_short),
        SCENE_CASE(a_header_without_an_end_is_cut_short),
        SCENE_CASE(interim_answers_without_an_end_are_cut_short),
        SCENE_CASE(an_answer_that_drips_is_given_up),
        SCENE_CASE(a_gzip_bomb_is_not_unpacked),
        SCENE_CASE(what_is_not_http_is_told),
        SCENE_CASE(an_engine_that_is_hostile_from_the_start_is_waited_for),
        SCENE_CASE(many_half_requests_do_not_keep_others_out),
        SCENE_CASE(a_request_that_is_too_long_is_cut),
    };

    return SCENE_RUN(cases);
}
