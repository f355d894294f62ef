/* The bridge as a service: what the manager is told, on a socket that stands
 * in for systemd's. */
#include "tests/fault/scene.h"

#include "common/notify.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEARD_BYTES 65536

/* All that was heard, a line each, in order. */
static struct {
    int fd;
    char text[HEARD_BYTES];
    size_t len;
} manager;

static void open_socket(const char *name)
{
    struct sockaddr_un at;
    struct error err;

    manager.len = 0;
    manager.text[0] = '\0';
    manager.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(manager.fd >= 0);
    assert_int_equal(bind(manager.fd, (struct sockaddr *)&at,
                         notify_address(name, &at, &err)),
        0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
}

static int end(void **state)
{
    (void)close(manager.fd);
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
    return scene_close(state);
}

static void open_abstract(void)
{
    char name[64];

    (void)snprintf(name, sizeof(name), "@naru-service-%d", (int)getpid());
    open_socket(name);
}

static void listen_now(void)
{
    ssize_t n;

    while (manager.len < HEARD_BYTES - 2048 &&
           (n = recv(manager.fd, manager.text + manager.len, 2000, 0)) > 0) {
        manager.len += (size_t)n;
        if (manager.text[manager.len - 1] != '\n') {
            manager.text[manager.len++] = '\n';
        }
        manager.text[manager.len] = '\0';
    }
}

static unsigned heard(const char *text)
{
    unsigned n = 0;

    listen_now();
    for (const char *at = manager.text; (at = strstr(at, text)) != NULL; at++) {
        n++;
    }
    return n;
}

static void ready_is_said_once_when_records_can_flow(void **state)
{
    struct scene *s = *state;

    open_abstract();
    scene_produce(s, 30);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(heard("READY=1\n") > 0);
    SCENE_AWAIT(scene_all_stored(s));
    SCENE_AWAIT(heard("STATUS=ferrying: 30 records consumed, 30 ended, 0 dead "
                      "letters, lag 0\n") > 0);
    assert_int_equal(heard("STOPPING=1\n"), 0);
    assert_int_equal(heard("WATCHDOG=1\n"), 0); /* nobody asked */
    scene_stop(s);
    assert_int_equal(heard("READY=1\n"), 1);
    assert_int_equal(heard("STOPPING=1\n"), 1);
    assert_true(strstr(manager.text, "READY=1\n") <
                strstr(manager.text, "STOPPING=1\n"));
    scene_expect_done(s);
}

static void an_engine_that_is_down_delays_the_start_and_fails_it_not(
    void **state)
{
    struct scene *s = *state;

    open_abstract();
    fake_engine_down(s->engine);
    scene_produce(s, 10);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(heard("EXTEND_TIMEOUT_USEC=") > 3);
    assert_true(heard("STATUS=waiting for elasticsearch\n") > 0);
    assert_int_equal(heard("READY=1\n"), 0);
    fake_engine_up(s->engine);
    SCENE_AWAIT(heard("READY=1\n") > 0);
    scene_stop(s);
    scene_expect_committed_is_stored(s);
}

static void a_stop_before_that_is_said_too(void **state)
{
    struct scene *s = *state;

    open_abstract();
    fake_engine_down(s->engine);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(heard("STATUS=waiting for elasticsearch\n") > 0);
    bridge_signal(&s->bridge, SIGTERM);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 0);
    assert_int_equal(heard("READY=1\n"), 0);
    assert_int_equal(heard("STOPPING=1\n"), 1);
    s->open = false;
}

static void the_watchdog_is_fed_from_the_event_loop(void **state)
{
    struct scene *s = *state;
    unsigned before;

    open_abstract();
    assert_int_equal(setenv("WATCHDOG_USEC", "400000", 1), 0);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(heard("READY=1\n") > 0);
    before = heard("WATCHDOG=1\n");
    SCENE_AWAIT(heard("WATCHDOG=1\n") >= before + 5);
    scene_stop(s);
    s->open = false;
}

static void a_watchdog_of_another_process_is_not_fed(void **state)
{
    struct scene *s = *state;

    open_abstract();
    assert_int_equal(setenv("WATCHDOG_USEC", "400000", 1), 0);
    assert_int_equal(setenv("WATCHDOG_PID", "1", 1), 0);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(heard("STATUS=ferrying") > 1);
    assert_int_equal(heard("WATCHDOG=1\n"), 0);
    scene_stop(s);
    s->open = false;
}

static void why_it_failed_is_the_last_status(void **state)
{
    struct scene *s = *state;
    const char *last = NULL;

    open_abstract();
    scene_start(s, SCENE_FOR_EVER, "bridge.dead_letter=stop", NULL);
    SCENE_AWAIT(heard("READY=1\n") > 0);
    (void)scene_produce_one(s, "bad", "nonsense", 8, FATE_STORED);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 3);
    listen_now();
    for (const char *at = manager.text; (at = strstr(at, "STATUS=")) != NULL;
         at++) {
        last = at;
    }
    assert_non_null(last);
    assert_ptr_equal(strstr(last, "STATUS=failed: "), last);
    s->open = false;
}

static void a_socket_with_a_path_does_as_well(void **state)
{
    struct scene *s = *state;
    char folder[] = "/tmp/naru-service-XXXXXX";
    char name[sizeof(folder) + 8];

    assert_non_null(mkdtemp(folder));
    (void)snprintf(name, sizeof(name), "%s/notify", folder);
    open_socket(name);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(heard("READY=1\n") > 0);
    (void)unlink(name); /* the manager went away: the bridge stays */
    (void)rmdir(folder);
    scene_produce(s, 10);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    scene_expect_done(s);
}

static void a_name_that_is_none_is_a_warning(void **state)
{
    struct scene *s = *state;

    open_abstract();
    assert_int_equal(setenv("NOTIFY_SOCKET", "nowhere", 1), 0);
    scene_produce(s, 10);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    assert_int_equal(
        bridge_log_lines(&s->bridge, "cannot tell the service manager"), 1);
    scene_expect_done(s);
}

#define SERVICE_CASE(f) cmocka_unit_test_setup_teardown(f, scene_open, end)

int main(void)
{
    const struct CMUnitTest cases[] = {
        SERVICE_CASE(ready_is_said_once_when_records_can_flow),
        SERVICE_CASE(an_engine_that_is_down_delays_the_start_and_fails_it_not),
        SERVICE_CASE(a_stop_before_that_is_said_too),
        SERVICE_CASE(the_watchdog_is_fed_from_the_event_loop),
        SERVICE_CASE(a_watchdog_of_another_process_is_not_fed),
        SERVICE_CASE(why_it_failed_is_the_last_status),
        SERVICE_CASE(a_socket_with_a_path_does_as_well),
        SERVICE_CASE(a_name_that_is_none_is_a_warning),
    };

    return SCENE_RUN(cases);
}
