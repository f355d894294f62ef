/*
 * Any bytes to the admin port, as one who connects, sends them and says no
 * more: the server answers with HTTP or not at all, and has forgotten the
 * client when it is gone.
 */
#include "common/admin.h"

#include "tests/fuzz/fuzz_input.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define MOST_TURNS 2000

static struct event_base *base;
static struct admin_stream *stream;
static struct sockaddr_in address;

static int page(void *arg, struct buf *body, const char **type)
{
    (void)arg;
    *type = "application/json";
    return buf_append_str(body, "{\"a\":1}\n") == 0 ? 200 : 503;
}

static void say_nothing(int severity, const char *text)
{
    (void)severity;
    (void)text;
}

/* A port that nobody has; that of a socket that is gone again. */
static void choose_port(void)
{
    socklen_t n = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fuzz_require(fd >= 0 &&
                 bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
                 getsockname(fd, (struct sockaddr *)&address, &n) == 0);
    (void)close(fd);
}

static void start(void)
{
    static struct admin *admin; /* as long as the process */
    struct error err;
    char listen[64];

    choose_port();
    (void)snprintf(
        listen, sizeof(listen), "127.0.0.1:%d", ntohs(address.sin_port));
    event_set_log_callback(say_nothing);
    base = event_base_new();
    fuzz_require(base != NULL);
    admin = admin_new(base, listen, &err);
    if (admin == NULL) {
        (void)fprintf(stderr, "%s\n", err.text);
        abort();
    }
    stream = admin_stream(admin, "/events", page, NULL);
    fuzz_require(stream != NULL && admin_page(admin, "/p", page, NULL) == 0);
}

/* The bytes on their way, and no more to come. */
static int send_all(struct slice bytes)
{
    /* Gone without a trace, or the ports would be used up. */
    const struct linger none = {1, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    fuzz_require(
        fd >= 0 &&
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none)) == 0 &&
        connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.p, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n <= 0) { /* it has hung up, or waits for us to read */
            fuzz_require(n < 0);
            (void)event_base_loop(base, EVLOOP_NONBLOCK);
            if (errno != EAGAIN) {
                return fd;
            }
            continue;
        }
        (void)slice_take(&bytes, (size_t)n);
    }
    (void)shutdown(fd, SHUT_WR);
    return fd;
}

/* What is answered until the server hangs up or has no more to say. */
static void read_answer(int fd)
{
    char text[4096];
    size_t n = 0;

    for (int idle = 0; idle < 20; idle++) {
        ssize_t got;

        (void)event_base_loop(base, EVLOOP_NONBLOCK);
        got = recv(fd, text + (n < 8 ? n : 8), sizeof(text) - 8, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            break;
        }
        if (got > 0) {
            n += (size_t)got;
            idle = 0;
        }
    }
    fuzz_require(n == 0 || memcmp(text, "HTTP/", n < 5 ? n : 5) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd;

    if (base == NULL) {
        start();
    }
    fd = send_all(fuzz_slice(data, size));
    read_answer(fd);
    admin_stream_send(stream, slice_of("data: 1\n\n"));
    (void)close(fd);
    for (int i = 0; i < MOST_TURNS && admin_stream_clients(stream) > 0; i++) {
        (void)event_base_loop(base, EVLOOP_NONBLOCK);
    }
    fuzz_require(admin_stream_clients(stream) == 0);
    return 0;
}
