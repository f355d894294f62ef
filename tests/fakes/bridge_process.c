/* The bridge as a child process; see bridge_process.h. */
#include "tests/fakes/bridge_process.h"

#include "common/clock.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHOWN_BYTES 6000
#define POLL_NS 5000000

const char *bridge_executable(void)
{
    const char *own = getenv("NARU_BIN");

    return own != NULL ? own : NARU_BIN_DEFAULT;
}

static int free_port(void)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    (void)close(fd);
    return ntohs(at.sin_port);
}

/* In the child: only calls that are safe after fork in a threaded process. */
static void become_bridge(int log_fd, char *const *argv)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)dup2(log_fd, STDERR_FILENO);
    (void)dup2(log_fd, STDOUT_FILENO);
    (void)execv(argv[0], argv);
    _exit(127);
}

void bridge_start(struct bridge_process *b, const char *const *args)
{
    const char *argv[BRIDGE_ARGS_MOST + 6] = {bridge_executable(), "bridge"};
    char listen[64];
    size_t n = 2;
    int fd;

    *b = (struct bridge_process){.admin_port = free_port()};
    (void)snprintf(
        listen, sizeof(listen), "admin.listen=127.0.0.1:%d", b->admin_port);
    for (; *args != NULL && n < BRIDGE_ARGS_MOST + 2; args++) {
        argv[n++] = *args;
    }
    argv[n++] = "--set";
    argv[n++] = listen;
    (void)snprintf(b->log_path, sizeof(b->log_path), "%s/naru-fault-XXXXXX",
        getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    fd = mkostemp(b->log_path, O_CLOEXEC | O_APPEND);
    assert_true(fd >= 0);
    b->pid = fork();
    assert_true(b->pid >= 0);
    if (b->pid == 0) {
        become_bridge(fd, (char *const *)(uintptr_t)argv);
    }
    (void)close(fd);
}

void bridge_signal(const struct bridge_process *b, int signal_number)
{
    assert_true(b->pid > 0);
    assert_int_equal(kill(b->pid, signal_number), 0);
}

int bridge_wait(struct bridge_process *b, int limit_ms)
{
    int64_t until_us = clock_mono_us() + (int64_t)limit_ms * 1000;
    const struct timespec pause = {0, POLL_NS};
    int status;

    while (b->pid > 0) {
        pid_t rc = waitpid(b->pid, &status, WNOHANG);

        if (rc == b->pid) {
            b->pid = 0;
            b->dumped_core = WIFSIGNALED(status) && WCOREDUMP(status);
            b->exit_code = WIFSIGNALED(status)
                               ? BRIDGE_KILLED_BY + WTERMSIG(status)
                               : WEXITSTATUS(status);
        } else if (clock_mono_us() > until_us) {
            return BRIDGE_STILL_RUNS;
        } else {
            (void)nanosleep(&pause, NULL);
        }
    }
    return b->exit_code;
}

void bridge_end(struct bridge_process *b)
{
    if (b->pid > 0) {
        (void)kill(b->pid, SIGKILL);
        (void)waitpid(b->pid, NULL, 0);
    }
    if (b->log_path[0] != '\0') {
        (void)unlink(b->log_path);
    }
    *b = (struct bridge_process){0};
}

/* ---- its log ---- */

unsigned bridge_log_lines(const struct bridge_process *b, const char *text)
{
    FILE *f = fopen(b->log_path, "re");
    char *line = NULL;
    size_t size = 0;
    unsigned n = 0;

    assert_non_null(f);
    while (getline(&line, &size, f) > 0) {
        n += strstr(line, text) != NULL;
    }
    free(line);
    (void)fclose(f);
    return n;
}

void bridge_show_log(const struct bridge_process *b)
{
    char text[SHOWN_BYTES + 1];
    FILE *f = b->log_path[0] != '\0' ? fopen(b->log_path, "re") : NULL;
    size_t n;

    if (f == NULL) {
        return;
    }
    if (fseek(f, -SHOWN_BYTES, SEEK_END) != 0) {
        rewind(f);
    }
    n = fread(text, 1, SHOWN_BYTES, f);
    text[n] = '\0';
    (void)fclose(f);
    (void)fprintf(stderr, "---- the bridge's log ----\n%s----\n", text);
}

size_t bridge_memory_bytes(const struct bridge_process *b)
{
    char path[64];
    unsigned long pages = 0;
    FILE *f;

    (void)snprintf(path, sizeof(path), "/proc/%d/statm", (int)b->pid);
    f = fopen(path, "re");
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%*u %lu", &pages), 1);
    (void)fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* ---- its metrics ---- */

static int connect_to(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval limit = {10, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    if (connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

char *bridge_page(
    const struct bridge_process *b, const char *path, const char *header)
{
    char ask[512];
    int fd = connect_to(b->admin_port);
    char chunk[4096], *text = NULL;
    size_t size;
    FILE *page;
    ssize_t n;

    if (fd < 0) {
        return NULL;
    }
    page = open_memstream(&text, &size);
    assert_non_null(page);
    (void)snprintf(ask, sizeof(ask), "GET %s HTTP/1.0\r\n%s%s\r\n", path,
        header != NULL ? header : "", header != NULL ? "\r\n" : "");
    (void)send(fd, ask, strlen(ask), MSG_NOSIGNAL);
    while ((n = recv(fd, chunk, sizeof(chunk), 0)) > 0) {
        (void)fwrite(chunk, 1, (size_t)n, page);
    }
    (void)fclose(page);
    (void)close(fd);
    return text;
}

char *bridge_metrics(const struct bridge_process *b)
{
    char *text = bridge_page(b, "/metrics", NULL);

    if (text != NULL && strstr(text, " 200 ") == NULL) {
        free(text);
        return NULL;
    }
    return text;
}

/* The sum of all samples of a name whose labels contain label. */
static double sum_of(const char *page, const char *name, const char *label)
{
    size_t len = strlen(name);
    double sum = -1;

    for (const char *at = page; at != NULL; at = strchr(at, '\n')) {
        const char *end, *found;

        at += *at == '\n';
        if (strncmp(at, name, len) != 0 || (at[len] != ' ' && at[len] != '{')) {
            continue;
        }
        end = at + strcspn(at, "\n");
        found = strstr(at, label);
        if (found != NULL && found < end) {
            while (end[-1] != ' ') {
                end--;
            }
            sum = (sum < 0 ? 0 : sum) + strtod(end, NULL);
        }
    }
    return sum;
}

double bridge_metric(const char *page, const char *name)
{
    return sum_of(page, name, "");
}

static int64_t count_of(const char *page, const char *name, const char *label)
{
    double sum = sum_of(page, name, label);

    return sum > 0 ? (int64_t)sum : 0;
}

bool bridge_ledger_now(
    const struct bridge_process *b, struct bridge_ledger *out)
{
    static const char name[] = "naru_records_total";
    char *page = bridge_metrics(b);

    if (page == NULL) {
        return false;
    }
    *out = (struct bridge_ledger){
        .consumed = count_of(page, "naru_records_consumed_total", ""),
        .created = count_of(page, name, "\"created\""),
        .updated = count_of(page, name, "\"updated\""),
        .duplicate = count_of(page, name, "\"duplicate\""),
        .deleted = count_of(page, name, "\"deleted\""),
        .dead_lettered = count_of(page, name, "\"dead_lettered\""),
        .skipped = count_of(page, name, "\"skipped\""),
        .released = count_of(page, name, "\"released\""),
        .pending = count_of(page, "naru_records_pending", ""),
    };
    free(page);
    return true;
}

static int64_t number_in(const char *line, const char *key)
{
    char wanted[64];
    const char *at;

    (void)snprintf(wanted, sizeof(wanted), " %s=", key);
    at = strstr(line, wanted);
    if (at == NULL) {
        fail_msg("no %s in: %s", key, line);
        return -1;
    }
    return strtoll(at + strlen(wanted), NULL, 10);
}

struct bridge_ledger bridge_ledger_at_end(const struct bridge_process *b)
{
    FILE *f = fopen(b->log_path, "re");
    char *line = NULL, *last = NULL;
    struct bridge_ledger l;
    size_t size = 0;

    assert_non_null(f);
    while (getline(&line, &size, f) > 0) {
        if (strstr(line, " msg=ended ") != NULL) {
            free(last);
            last = strdup(line);
        }
    }
    free(line);
    (void)fclose(f);
    assert_non_null(last);
    l = (struct bridge_ledger){
        .consumed = number_in(last, "consumed"),
        .created = number_in(last, "created"),
        .updated = number_in(last, "updated"),
        .duplicate = number_in(last, "duplicate"),
        .deleted = number_in(last, "deleted"),
        .dead_lettered = number_in(last, "dead_lettered"),
        .skipped = number_in(last, "skipped"),
        .released = number_in(last, "released"),
        .pending = number_in(last, "pending"),
    };
    free(last);
    return l;
}

void bridge_ledger_check(const struct bridge_ledger *l)
{
    assert_int_equal(l->consumed, l->created + l->updated + l->duplicate +
                                      l->deleted + l->dead_lettered +
                                      l->skipped + l->released + l->pending);
}
