/*
 * counting_engine: what a bridge takes for an Elasticsearch 7.17, and that
 * only counts. It reads bulk requests faster than any bridge writes them, so
 * that the bridge is what is measured, and tells how many documents came, and
 * how many of them under an id that had come before.
 *
 *   GET  /_counts   the counts, as JSON
 *   GET  /_arrivals when the first items came, in order, as a JSON array of
 *                   microseconds of the machine's monotonic clock
 *   POST /_reset    begin anew
 *   POST /_limits?docs_per_s=N&queue_docs=N&delay_ms=N&refuse=request|items
 *                   a slower engine; 0 takes a limit away
 *
 * Its answers hold what filter_path asks for, as the real one's do.
 */
#include "common/options.h"
#include "tests/bench/stub_engine.h"

#include <signal.h>
#include <stdio.h>

enum { OPT_PORT = 1, OPT_IDS, OPT_SHORT, OPT_HELP };

static const struct option_row rows[] = {
    {OPT_PORT, "port", 'p', "N",
        "where to listen on 127.0.0.1; default: any, printed as port=N"},
    {OPT_IDS, "ids", 'i', "N",
        "keep the ids, with room for so many at first, and count\n"
        "those that come twice"},
    {OPT_SHORT, "short", 0, NULL,
        "answer each item with its status only, though nobody asks\n"
        "for it: less work for a bridge that sets no filter_path"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

static const struct option_table table = {
    .command = "counting_engine",
    .usage = "counting_engine [--port N] [--ids N] [--short]",
    .about = "An Elasticsearch that only counts what bulk requests bring.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after = "GET /_counts, POST /_reset, "
             "POST /_limits?docs_per_s=N&queue_docs=N&delay_ms=N&refuse=items",
};

struct choices {
    int64_t port;
    int64_t ids;
    bool is_short;
    bool wants_help;
};

static int read_options(
    int argc, char **argv, struct choices *out, struct error *err)
{
    struct options *o = options_new(&table, argc, argv);
    const char *value;
    int id, rc = 0;

    while (o != NULL && rc == 0 &&
           (id = options_next(o, &value, err)) != OPTIONS_END) {
        if (id == OPT_PORT) {
            rc = options_number("port", value, 0, 65535, &out->port, err);
        } else if (id == OPT_IDS) {
            rc = options_number("ids", value, 1, 1 << 30, &out->ids, err);
        } else if (id == OPT_SHORT) {
            out->is_short = true;
        } else if (id == OPT_HELP) {
            out->wants_help = true;
        } else {
            rc = -1;
        }
    }
    options_free(o);
    return o != NULL ? rc : error_set(err, "out of memory");
}

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

static void catch_signals(void)
{
    struct sigaction act = {.sa_handler = on_signal};
    sigset_t both;

    (void)sigemptyset(&both);
    (void)sigaddset(&both, SIGTERM);
    (void)sigaddset(&both, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &both, NULL);
    (void)sigaction(SIGTERM, &act, NULL);
    (void)sigaction(SIGINT, &act, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static int serve(const struct choices *choices, struct error *err)
{
    struct stub_engine engine = {
        .keeps_ids = choices->ids > 0, .always_short = choices->is_short};
    struct server *server =
        server_new((int)choices->port, &stub_engine_calls, &engine, err);
    int rc = -1;

    if (server != NULL && id_set_init(&engine.ids, (size_t)choices->ids) == 0) {
        (void)printf("port=%d\n", server_port(server));
        (void)fflush(stdout);
        catch_signals();
        rc = server_run(server, &stop);
        if (rc != 0) {
            (void)error_set(err, "cannot wait for sockets");
        }
    }
    server_free(server);
    id_set_fini(&engine.ids);
    return rc;
}

int main(int argc, char **argv)
{
    struct choices choices = {0};
    struct error err = {{0}};

    if (read_options(argc, argv, &choices, &err) != 0) {
        (void)fprintf(stderr, "counting_engine: %s\n", err.text);
        return 2;
    }
    if (choices.wants_help) {
        options_print_help(&table);
        return 0;
    }
    if (serve(&choices, &err) != 0) {
        (void)fprintf(stderr, "counting_engine: %s\n", err.text);
        return 1;
    }
    return 0;
}
