/*
 * naru_cutting_proxy: the program around struct cutting_proxy. Options in,
 * counts out.
 */
#include "common/options.h"
#include "tests/fakes/cutting_proxy.h"

#include <event2/event.h>
#include <event2/http.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_WORK 1
#define EXIT_USAGE 2
#define MOST_MS 600000
#define SIGNALS 3

/* The faults' own ids are those of enum proxy_fault. */
enum option_id {
    OPT_ENGINE = PROXY_FAULTS,
    OPT_HELP,
    OPT_LATE_MS,
    OPT_LISTEN,
    OPT_SEED,
    OPT_STORM_MS
};

static const struct option_row rows[] = {
    {OPT_ENGINE, "engine", 'e', "URL",
        "the engine, e.g. http://127.0.0.1:19200 (required)"},
    {OPT_LISTEN, "listen", 'l', "PORT",
        "the proxy's own port on 127.0.0.1; 0, the default:\none that is free"},
    {OPT_SEED, "seed", 's', "N", "of the chance that draws faults (1)"},
    {PROXY_CUT_BEFORE, "cut-before", 0, "PERCENT",
        "close the connection, the engine sees nothing"},
    {PROXY_CUT_AFTER, "cut-after", 0, "PERCENT",
        "close it when the engine has applied the request,\nbefore its answer"},
    {PROXY_TRUNCATED, "truncate", 0, "PERCENT",
        "half of the answer's bytes, then close"},
    {PROXY_LATE_ANSWER, "late-answer", 0, "PERCENT",
        "apply at once, answer after --late-ms"},
    {PROXY_LATE_REQUEST, "late-request", 0, "PERCENT",
        "apply after --late-ms, even if the client is gone"},
    {PROXY_REPEATED, "repeat", 0, "PERCENT",
        "apply twice, give the second answer"},
    {PROXY_BUSY, "busy", 0, "PERCENT",
        "begin a storm of 429 that lasts --storm-ms; each\n"
        "second storm has a Retry-After"},
    {PROXY_UNAVAILABLE, "unavailable", 0, "PERCENT",
        "503, the engine sees nothing"},
    {OPT_LATE_MS, "late-ms", 0, "N", "more than the client's time-out (3000)"},
    {OPT_STORM_MS, "storm-ms", 0, "N", "500"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

static const struct option_table table = {
    .command = "naru_cutting_proxy",
    .usage = "naru_cutting_proxy --engine URL [OPTIONS]",
    .about =
        "A proxy before a real engine, for tests: hands on all requests, but "
        "spoils a\nshare of the bulk requests (those to .../_bulk). Shares are "
        "whole percents, 0 by\ndefault, 100 together at most.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "Says 'listening on 127.0.0.1:PORT, seed N' when it does. SIGUSR1, "
        "SIGTERM and\nSIGINT print how many of each fault were made, as a line "
        "of JSON; the latter two\nend it. The same seed draws the same faults, "
        "but in the order that requests come.\n\n"
        "Exit codes: 0 ended by a signal, 1 failed, 2 unusable arguments.",
};

struct arguments {
    struct proxy_faults faults;
    struct evhttp_uri *engine;
    int64_t listen_port;
    bool help;
};

static int take_engine(
    struct arguments *a, const char *value, struct error *err)
{
    if (a->engine != NULL) {
        evhttp_uri_free(a->engine);
    }
    a->engine = evhttp_uri_parse(value);
    return a->engine != NULL && evhttp_uri_get_host(a->engine) != NULL &&
                   evhttp_uri_get_port(a->engine) > 0
               ? 0
               : error_set(
                     err, "--engine %s: wanted is http://HOST:PORT", value);
}

static int take_option(
    struct arguments *a, int id, const char *value, struct error *err)
{
    int64_t n;

    switch (id) {
    case OPT_ENGINE:
        return take_engine(a, value, err);
    case OPT_HELP:
        a->help = true;
        return 0;
    case OPT_LISTEN:
        return options_number(
            "--listen", value, 0, UINT16_MAX, &a->listen_port, err);
    case OPT_SEED:
        if (options_number("--seed", value, 0, INT64_MAX, &n, err) != 0) {
            return -1;
        }
        a->faults.random = (uint64_t)n;
        return 0;
    case OPT_LATE_MS:
    case OPT_STORM_MS:
        if (options_number(id == OPT_LATE_MS ? "--late-ms" : "--storm-ms",
                value, 0, MOST_MS, &n, err) != 0) {
            return -1;
        }
        *(id == OPT_LATE_MS ? &a->faults.late_ms : &a->faults.storm_ms) =
            (unsigned)n;
        return 0;
    default:
        if (options_number("the share", value, 0, 100, &n, err) != 0) {
            return error_prefix(
                err, "--%s: ", proxy_fault_name((enum proxy_fault)id));
        }
        a->faults.percent[id] = (unsigned)n;
        return 0;
    }
}

static int check(const struct arguments *a, int operands, struct error *err)
{
    unsigned sum = 0;

    for (int i = 0; i < PROXY_FAULTS; i++) {
        sum += a->faults.percent[i];
    }
    if (sum > 100) {
        return error_set(err, "the shares add up to %u %%", sum);
    }
    if (operands > 0) {
        return error_set(err, "it takes options only");
    }
    return a->engine != NULL ? 0 : error_set(err, "--engine is missing");
}

static int read_arguments(
    struct arguments *a, int argc, char **argv, struct error *err)
{
    struct options *pass = options_new(&table, argc, argv);
    const char *value;
    int id, operands;

    *a = (struct arguments){
        .faults = {.random = 1, .late_ms = 3000, .storm_ms = 500}};
    if (pass == NULL) {
        return error_set(err, "out of memory");
    }
    while ((id = options_next(pass, &value, err)) >= 0) {
        if (take_option(a, id, value, err) != 0) {
            id = OPTIONS_BAD;
            break;
        }
    }
    operands = options_operand_count(pass);
    options_free(pass);
    if (id == OPTIONS_BAD) {
        return -1;
    }
    return a->help ? 0 : check(a, operands, err);
}

struct told {
    struct event_base *base;
    const struct proxy_faults *faults;
};

static void on_signal(evutil_socket_t number, short what, void *arg)
{
    struct told *t = arg;

    (void)what;
    proxy_faults_print(t->faults);
    if (number != SIGUSR1) {
        (void)event_base_loopbreak(t->base);
    }
}

/* Until SIGTERM or SIGINT. */
static void serve(struct event_base *base, const struct proxy_faults *faults)
{
    static const int numbers[SIGNALS] = {SIGUSR1, SIGTERM, SIGINT};
    struct told told = {base, faults};
    struct event *signals[SIGNALS];

    for (int i = 0; i < SIGNALS; i++) {
        signals[i] = evsignal_new(base, numbers[i], on_signal, &told);
        (void)event_add(signals[i], NULL);
    }
    (void)event_base_dispatch(base);
    for (int i = 0; i < SIGNALS; i++) {
        event_free(signals[i]);
    }
}

static int run(struct arguments *a)
{
    uint64_t seed = a->faults.random;
    struct event_base *base = event_base_new();
    struct cutting_proxy *proxy =
        cutting_proxy_new(base, evhttp_uri_get_host(a->engine),
            (uint16_t)evhttp_uri_get_port(a->engine), &a->faults);
    int port = proxy != NULL
                   ? cutting_proxy_listen(proxy, (uint16_t)a->listen_port)
                   : -1;

    if (port < 0) {
        (void)fprintf(stderr,
            "naru_cutting_proxy: port %" PRId64 " cannot be had\n",
            a->listen_port);
    } else {
        (void)printf(
            "listening on 127.0.0.1:%d, seed %" PRIu64 "\n", port, seed);
        (void)fflush(stdout);
        serve(base, &a->faults);
    }
    cutting_proxy_free(proxy);
    event_base_free(base);
    return port < 0 ? EXIT_WORK : 0;
}

int main(int argc, char **argv)
{
    struct arguments a;
    struct error err;
    int code;

    (void)signal(SIGPIPE, SIG_IGN);
    if (read_arguments(&a, argc, argv, &err) != 0) {
        (void)fprintf(stderr, "naru_cutting_proxy: %s\n", err.text);
        code = EXIT_USAGE;
    } else if (a.help) {
        options_print_help(&table);
        code = 0;
    } else {
        code = run(&a);
    }
    if (a.engine != NULL) {
        evhttp_uri_free(a.engine);
    }
    return code;
}
