/* The scripted Kibana's life, and the child it serves; see fake_kibana.h. What
 * it answers is in kibana_answers.c. */
#include "tests/fakes/fake_kibana.h"

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
#include <unistd.h>

#define ARGS_MOST 32
#define OUTPUT_BYTES (1u << 20)
#define LIMIT_S 60 /* against hangs */

void fake_kibana_open(struct fake_kibana *k)
{
    struct sockaddr_in at;
    socklen_t size = sizeof(at);
    struct evhttp_bound_socket *bound;

    *k = (struct fake_kibana){
        .script = {.version = "8.19.0", .tells_version_to_strangers = true}};
    buf_init(&k->output, OUTPUT_BYTES);
    k->objects = json_object();
    k->base = event_base_new();
    k->http = evhttp_new(k->base);
    evhttp_set_gencb(k->http, fake_kibana_serve, k);
    bound = evhttp_bind_socket_with_handle(k->http, "127.0.0.1", 0);
    assert_non_null(bound);
    assert_int_equal(getsockname(evhttp_bound_socket_get_fd(bound),
                         (struct sockaddr *)&at, &size),
        0);
    k->port = ntohs(at.sin_port);
}

void fake_kibana_close(struct fake_kibana *k)
{
    evhttp_free(k->http);
    event_base_free(k->base);
    json_decref(k->objects);
    buf_fini(&k->output);
}

json_t *fake_kibana_object(const struct fake_kibana *k, const char *space,
    const char *type, const char *id)
{
    char key[512];

    (void)snprintf(key, sizeof(key), "%s %s %s", space, type, id);
    return json_object_get(k->objects, key);
}

/* ---- the child ---- */

struct child {
    struct fake_kibana *kibana;
    pid_t pid;
    int status;
};

/* In the child: only calls that are safe after fork. */
static void become_naru(int out, char *const *argv, char *const *env)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)dup2(out, STDOUT_FILENO);
    (void)dup2(out, STDERR_FILENO);
    (void)execve(argv[0], argv, env);
    _exit(127);
}

static void on_output(evutil_socket_t fd, short what, void *arg)
{
    struct child *c = arg;
    char chunk[4096];
    ssize_t n = read((int)fd, chunk, sizeof(chunk));

    (void)what;
    if (n > 0) {
        assert_int_equal(buf_append(&c->kibana->output, chunk, (size_t)n), 0);
    } else if (n == 0 || errno != EINTR) {
        (void)event_base_loopbreak(c->kibana->base);
    }
}

static void on_limit(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)event_base_loopbreak(arg);
}

static void start_child(struct child *c, const char *const *args, int out)
{
    const char *own = getenv("NARU_BIN");
    const char *argv[ARGS_MOST + 2] = {own != NULL ? own : NARU_BIN_DEFAULT};
    char kibana[64], engine[64];
    /* Nothing of the user's: a NARU_ variable of theirs counts as a setting. */
    char *env[] = {kibana, engine, NULL};

    (void)snprintf(kibana, sizeof(kibana),
        "NARU_KIBANA_HOSTS=http://127.0.0.1:%d", c->kibana->port);
    (void)snprintf(engine, sizeof(engine),
        "NARU_ELASTICSEARCH_HOSTS=http://127.0.0.1:%d", c->kibana->port);
    for (size_t n = 1; *args != NULL && n <= ARGS_MOST; args++) {
        argv[n++] = *args;
    }
    c->pid = fork();
    assert_true(c->pid >= 0);
    if (c->pid == 0) {
        become_naru(out, (char *const *)(uintptr_t)argv, env);
    }
}

int fake_kibana_run(struct fake_kibana *k, const char *const *args)
{
    struct child c = {.kibana = k};
    const struct timeval limit = {LIMIT_S, 0};
    struct event *output, *timer = evtimer_new(k->base, on_limit, k->base);
    int pipe_fds[2];

    buf_clear(&k->output);
    assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
    start_child(&c, args, pipe_fds[1]);
    (void)close(pipe_fds[1]);
    output =
        event_new(k->base, pipe_fds[0], EV_READ | EV_PERSIST, on_output, &c);
    assert_non_null(output);
    assert_int_equal(event_add(output, NULL), 0);
    assert_int_equal(event_add(timer, &limit), 0);
    (void)event_base_dispatch(k->base); /* until the child closes its output */
    event_free(output);
    event_free(timer);
    (void)close(pipe_fds[0]);
    if (waitpid(c.pid, &c.status, WNOHANG) == 0) {
        /* It closed its output and goes, or it hangs. */
        (void)alarm(LIMIT_S);
        assert_int_equal(waitpid(c.pid, &c.status, 0), c.pid);
        (void)alarm(0);
    }
    if (!WIFEXITED(c.status)) {
        fail_msg("naru ended by signal %d:\n%s", WTERMSIG(c.status),
            buf_str(&k->output));
    }
    return WEXITSTATUS(c.status);
}
