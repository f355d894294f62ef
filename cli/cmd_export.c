/*
 * naru export: an index written as CSV. Options in export_options.h, the work
 * in export/; here are the signals, the account and the exit code.
 */
#include "cli/commands.h"

#include "cli/export_options.h"
#include "common/clock.h"
#include "export/export_job.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define EXIT_WORK 1
#define EXIT_USAGE 2

static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

/* The first signal ends the export in order, a second one the process. */
static void catch_signals(void)
{
    struct sigaction stop = {
        .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL); /* write() tells */
}

static void complain(const struct error *err)
{
    (void)fprintf(stderr, "naru export: %s\n", err->text);
}

static bool is_packed(const char *path)
{
    size_t n = strlen(path);

    return n > 3 && strcmp(path + n - 3, ".gz") == 0;
}

/* What a reader of the file would not guess from it. */
static void warn(const struct export_options *o, const struct export_row *row)
{
    struct slice first;
    size_t n =
        o->rows.code_set != NULL ? code_set_unmet(o->rows.code_set, &first) : 0;

    if (n > 0) {
        (void)fprintf(stderr,
            "naru export: warning: no row has %zu of the codes; the "
            "first: " SLICE_FMT "\n",
            n, SLICE_ARG(first));
    }
    for (size_t i = 0; i < row->n_left; i++) {
        size_t column =
            dataset_find_column(row->dataset, slice_of(row->left[i].name));

        (void)fprintf(stderr,
            "naru export: warning: field %s of %" PRIu64
            " documents is not exported: %s\n",
            row->left[i].name, row->left[i].documents,
            column != DATASET_NO_COLUMN
                ? "the dataset drops it; --with keeps it"
                : "the dataset has no such column");
    }
}

static void summarise(
    const struct export_options *o, const struct export_result *r)
{
    (void)fprintf(
        stderr, "naru export: %" PRIu64 " rows of %s", r->rows, o->index);
    if (r->rows < r->documents) {
        (void)fprintf(stderr, " (of %" PRIu64 " documents read)", r->documents);
    }
    (void)fprintf(stderr, ", %" PRIu64 " bytes%s%s\n", r->bytes,
        strcmp(o->out, "-") != 0 ? " in " : "",
        strcmp(o->out, "-") != 0 ? o->out : "");
}

static int run(const struct export_options *o, struct export_row *row)
{
    struct export_plan plan = {.config = o->config,
        .dataset = o->rows.dataset,
        .index = o->index,
        .choice = &o->rows.input.choice,
        .out = o->out,
        .gzip = is_packed(o->out),
        .byte_order_mark = o->byte_order_mark,
        .stop = &stop_asked};
    struct export_result result;
    struct progress progress;
    struct error err;

    if (!o->quiet) {
        progress_init(&progress, stderr, clock_mono_us());
        plan.progress = &progress;
    }
    catch_signals();
    if (export_run(&plan, row, &result, &err) != 0) {
        if (result.reader_gone) {
            return 0; /* who reads only the first rows, as head does */
        }
        complain(&err);
        return EXIT_WORK;
    }
    warn(o, row);
    if (!o->quiet) {
        summarise(o, &result);
    }
    return 0;
}

static int export_index(const struct export_options *o)
{
    struct export_row row;
    struct error err;
    int code = EXIT_WORK;

    if (export_row_init(&row, o->rows.dataset, o->columns, o->n_columns,
            o->crlf ? "\r\n" : "\n", &err) != 0) {
        complain(&err);
    } else {
        row.counts_left = o->rows.input.columns.n_only == 0;
        code = run(o, &row);
    }
    export_row_fini(&row);
    return code;
}

int cmd_export(int argc, char **argv)
{
    struct export_options o;
    struct error err;
    int code;

    if (export_options_read(&o, argc, argv, &err) != 0) {
        complain(&err);
        code = EXIT_USAGE;
    } else {
        code = o.help ? 0 : export_index(&o);
    }
    export_options_fini(&o);
    return code;
}
