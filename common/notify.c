/* Messages to the service manager; see notify.h. */
#include "common/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct notify {
    int fd;
    struct sockaddr_un to;
    socklen_t to_bytes;
    int64_t watchdog_ms;
};

socklen_t notify_address(
    const char *name, struct sockaddr_un *to, struct error *err)
{
    size_t n = strlen(name);

    if ((name[0] != '/' && name[0] != '@') || n < 2) {
        (void)error_set(err,
            "NOTIFY_SOCKET=%s: neither a path nor an abstract socket", name);
        return 0;
    }
    if (n > sizeof(to->sun_path)) {
        (void)error_set(
            err, "NOTIFY_SOCKET=%.40s...: the name is too long", name);
        return 0;
    }
    *to = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(to->sun_path, name, n);
    if (name[0] == '@') {
        to->sun_path[0] = '\0';
    }
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
}

/* The variables of sd_watchdog_enabled(3); another process may be meant. */
static int64_t watchdog_ms(void)
{
    const char *usec = getenv("WATCHDOG_USEC");
    const char *pid = getenv("WATCHDOG_PID");

    if (usec == NULL || (pid != NULL && strtoll(pid, NULL, 10) != getpid())) {
        return 0;
    }
    return strtoll(usec, NULL, 10) / 1000;
}

struct notify *notify_open(struct error *err)
{
    const char *name = getenv("NOTIFY_SOCKET");
    struct notify *n;

    err->text[0] = '\0';
    if (name == NULL || name[0] == '\0') {
        return NULL;
    }
    n = calloc(1, sizeof(*n));
    if (n == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    n->fd = -1;
    n->to_bytes = notify_address(name, &n->to, err);
    if (n->to_bytes == 0) {
        goto fail;
    }
    n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (n->fd < 0) {
        (void)error_set(
            err, "NOTIFY_SOCKET=%s: no socket: %s", name, strerror(errno));
        goto fail;
    }
    n->watchdog_ms = watchdog_ms();
    return n;
fail:
    notify_free(n);
    return NULL;
}

void notify_free(struct notify *n)
{
    if (n != NULL) {
        if (n->fd >= 0) {
            (void)close(n->fd);
        }
        free(n);
    }
}

void notify_send(struct notify *n, const char *lines)
{
    if (n != NULL) {
        (void)!sendto(n->fd, lines, strlen(lines), MSG_NOSIGNAL,
            (const struct sockaddr *)&n->to, n->to_bytes);
    }
}

int64_t notify_watchdog_ms(const struct notify *n)
{
    return n->watchdog_ms;
}
