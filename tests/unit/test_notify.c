/* Messages to the service manager, received by a socket of our own. */
#include "common/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static void a_name_is_a_path_or_an_abstract_socket(void **state)
{
    struct sockaddr_un to;
    struct error err;
    socklen_t n;

    (void)state;
    n = notify_address("/run/notify", &to, &err);
    assert_int_equal(n, offsetof(struct sockaddr_un, sun_path) + 11);
    assert_int_equal(to.sun_family, AF_UNIX);
    assert_memory_equal(to.sun_path, "/run/notify", 12);
    n = notify_address("@naru", &to, &err);
    assert_int_equal(n, offsetof(struct sockaddr_un, sun_path) + 5);
    assert_memory_equal(to.sun_path, "\0naru", 6);
}

static void other_names_are_refused_in_words(void **state)
{
    char longer[sizeof(((struct sockaddr_un *)0)->sun_path) + 2];
    const char *const names[] = {"", "/", "@", "notify", "vsock:2:1", longer};
    struct sockaddr_un to;

    (void)state;
    memset(longer, 'x', sizeof(longer) - 1);
    longer[0] = '/';
    longer[sizeof(longer) - 1] = '\0';
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct error err = {""};

        assert_int_equal(notify_address(names[i], &to, &err), 0);
        assert_ptr_equal(strstr(err.text, "NOTIFY_SOCKET="), err.text);
    }
    longer[sizeof(to.sun_path)] = '\0'; /* as long as there is room */
    assert_int_not_equal(notify_address(longer, &to, &(struct error){""}), 0);
}

static void without_a_manager_nothing_is_opened(void **state)
{
    struct error err = {"unset"};

    (void)state;
    (void)unsetenv("NOTIFY_SOCKET");
    assert_null(notify_open(&err));
    assert_string_equal(err.text, "");
    (void)setenv("NOTIFY_SOCKET", "", 1);
    assert_null(notify_open(&err));
    assert_string_equal(err.text, "");
    (void)setenv("NOTIFY_SOCKET", "nowhere", 1);
    assert_null(notify_open(&err));
    assert_string_not_equal(err.text, "");
    notify_send(NULL, "READY=1");
    notify_free(NULL);
    (void)unsetenv("NOTIFY_SOCKET");
}

static void lines_arrive_as_they_are(void **state)
{
    struct sockaddr_un at;
    struct error err;
    struct notify *n;
    char name[64], got[128];
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ssize_t len;

    (void)state;
    (void)snprintf(name, sizeof(name), "@naru-test-%d", (int)getpid());
    assert_int_equal(
        bind(fd, (struct sockaddr *)&at, notify_address(name, &at, &err)), 0);
    (void)setenv("NOTIFY_SOCKET", name, 1);
    n = notify_open(&err);
    assert_non_null(n);
    notify_send(n, "READY=1\nSTATUS=up\n");
    len = recv(fd, got, sizeof(got) - 1, 0);
    assert_int_equal(len, 18);
    got[len] = '\0';
    assert_string_equal(got, "READY=1\nSTATUS=up\n");
    (void)close(fd);
    notify_send(n, "WATCHDOG=1"); /* nobody listens: no harm */
    notify_free(n);
    (void)unsetenv("NOTIFY_SOCKET");
}

static void the_watchdog_watches_the_process_it_names(void **state)
{
    struct error err;
    char pid[32];
    static const struct {
        const char *usec;
        int pid; /* 0: not named, 1: ours, 2: another's */
        int64_t ms;
    } cases[] = {{NULL, 0, 0}, {"30000000", 0, 30000}, {"30000000", 1, 30000},
        {"30000000", 2, 0}, {"500", 0, 0}, {"many", 0, 0}};

    (void)state;
    (void)setenv("NOTIFY_SOCKET", "@naru-nobody", 1);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct notify *n;

        (void)unsetenv("WATCHDOG_USEC");
        (void)unsetenv("WATCHDOG_PID");
        if (cases[i].usec != NULL) {
            (void)setenv("WATCHDOG_USEC", cases[i].usec, 1);
        }
        if (cases[i].pid != 0) {
            (void)snprintf(
                pid, sizeof(pid), "%d", (int)getpid() + cases[i].pid - 1);
            (void)setenv("WATCHDOG_PID", pid, 1);
        }
        n = notify_open(&err);
        assert_non_null(n);
        assert_int_equal(notify_watchdog_ms(n), cases[i].ms);
        notify_free(n);
    }
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
    (void)unsetenv("NOTIFY_SOCKET");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_a_path_or_an_abstract_socket),
        cmocka_unit_test(other_names_are_refused_in_words),
        cmocka_unit_test(without_a_manager_nothing_is_opened),
        cmocka_unit_test(lines_arrive_as_they_are),
        cmocka_unit_test(the_watchdog_watches_the_process_it_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
