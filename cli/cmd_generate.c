/*
 * naru generate: an invented market-cap history, as one CSV file a year or as
 * one stream. The rows come from replay/generator, the files from
 * replay/output_file; here they are cut into years and reported.
 */
#include "cli/commands.h"

#include "common/buf.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/options.h"
#include "common/progress.h"
#include "replay/generator.h"
#include "replay/output_file.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (256 * 1024) /* rows are written out in about this much */

enum option_id {
    OPT_CRLF = 1,
    OPT_FORCE,
    OPT_FROM,
    OPT_GZIP,
    OPT_HEADER,
    OPT_HELP,
    OPT_OUT,
    OPT_QUIET,
    OPT_SEED,
    OPT_STOCKS,
    OPT_TO
};

static const struct option_row rows[] = {
    {OPT_OUT, "out", 'o', "DIR",
        "write DIR/marcap-1995.csv and so on, a file a\n"
        "year, making DIR if need be; - writes one CSV to\n"
        "standard output (required)"},
    {OPT_FROM, "from", 0, "DATE", "first day (1995-05-02)"},
    {OPT_TO, "to", 0, "DATE", "last day (2020-12-31)"},
    {OPT_STOCKS, "stocks", 'n', "N",
        "companies listed on each day, 1 to 5000 (20);\n"
        "from the 31st on some are suspended or delisted"},
    {OPT_SEED, "seed", 's', "N", "which history: same seed, same bytes (1)"},
    {OPT_HEADER, "header", 0, "2022|2023",
        "order of the columns, as in the source's files of\n"
        "2022 (Code,Name,Market,...) or of 2023 and later\n"
        "(Code,Name,Close,...) (2022)"},
    {OPT_CRLF, "crlf", 0, NULL, "end lines with CR LF, as the source does"},
    {OPT_GZIP, "gzip", 'z', NULL, "pack: marcap-1995.csv.gz"},
    {OPT_FORCE, "force", 'f', NULL, "overwrite files that exist"},
    {OPT_QUIET, "quiet", 'q', NULL, "no progress and no summary"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table generate_option_table = {
    .command = "naru generate",
    .usage = "naru generate --out DIR [OPTIONS]\n"
             "naru generate --out - [OPTIONS] | naru replay ... -",
    .about = "Invents a Korean market-cap history in the form of the marcap "
             "files:\nreal trading days, price limits and tick sizes, made-up "
             "companies, the\nfirst of them 005930. A day's rows depend on "
             "seed, number of stocks and\ndate alone.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after = "Example, 15.8 million rows:\n"
             "  naru generate --out history --stocks 2500 --gzip\n\n"
             "Exit codes: 0 done, 1 could not write, 2 unusable arguments.",
};

struct job {
    struct generator_options generator;
    const char *out; /* a folder, or "-" */
    bool gzip, force, quiet, help;

    int64_t days, files;
    uint64_t bytes;
    bool reader_gone;
    struct progress progress;
};

static bool to_stdout(const struct job *job)
{
    return strcmp(job->out, "-") == 0;
}

static int take_date(
    const char *name, const char *text, int64_t *day, struct error *err)
{
    if (civil_parse(slice_of(text), day) != 0) {
        return error_set(
            err, "%s: '%s' is not a date; write it as 1995-05-02", name, text);
    }
    return 0;
}

static int take_header(struct job *job, const char *text, struct error *err)
{
    if (strcmp(text, "2022") == 0) {
        job->generator.header = GENERATOR_HEADER_2022;
    } else if (strcmp(text, "2023") == 0) {
        job->generator.header = GENERATOR_HEADER_2023;
    } else {
        return error_set(err, "--header: '%s' is neither 2022 nor 2023", text);
    }
    return 0;
}

static int take_option(
    struct job *job, int id, const char *value, struct error *err)
{
    struct generator_options *g = &job->generator;
    int64_t n = 0;
    int rc = 0;

    switch ((enum option_id)id) {
    case OPT_CRLF:
        g->crlf = true;
        break;
    case OPT_FORCE:
        job->force = true;
        break;
    case OPT_FROM:
        rc = take_date("--from", value, &g->first_day, err);
        break;
    case OPT_GZIP:
        job->gzip = true;
        break;
    case OPT_HEADER:
        rc = take_header(job, value, err);
        break;
    case OPT_HELP:
        job->help = true;
        break;
    case OPT_OUT:
        job->out = value;
        break;
    case OPT_QUIET:
        job->quiet = true;
        break;
    case OPT_SEED:
        rc = options_number("--seed", value, 0, INT64_MAX, &n, err);
        g->seed = (uint64_t)n;
        break;
    case OPT_STOCKS:
        rc =
            options_number("--stocks", value, 1, GENERATOR_MAX_STOCKS, &n, err);
        g->n_stocks = (uint32_t)n;
        break;
    case OPT_TO:
        rc = take_date("--to", value, &g->last_day, err);
        break;
    }
    return rc;
}

static int check_job(const struct job *job, struct error *err)
{
    if (job->out == NULL || job->out[0] == '\0') {
        return error_set(err,
            "--out is missing: a folder, or - for standard output; see "
            "naru generate --help");
    }
    if (to_stdout(job) && job->gzip && isatty(STDOUT_FILENO)) {
        return error_set(err, "packed data is not for a terminal; redirect it");
    }
    return generator_check(&job->generator, err);
}

static int read_job(struct job *job, int argc, char **argv, struct error *err)
{
    struct options *o = options_new(&generate_option_table, argc, argv);
    const char *value;
    int rc = -1;
    int id;

    if (o == NULL) {
        return error_set(err, "out of memory");
    }
    while ((id = options_next(o, &value, err)) >= 0) {
        if (take_option(job, id, value, err) != 0) {
            goto out;
        }
        if (job->help) {
            rc = 0;
            goto out;
        }
    }
    if (id == OPTIONS_BAD) {
        goto out;
    }
    if (options_operand_count(o) > 0) {
        (void)error_set(err, "unexpected argument '%s'; see %s --help",
            options_operands(o)[0], generate_option_table.command);
        goto out;
    }
    rc = check_job(job, err);
out:
    options_free(o);
    return rc;
}

/* The name of a year's file, to be freed; "-" for the stream. */
static char *year_path(const struct job *job, int year)
{
    size_t n = strlen(job->out);
    const char *slash = job->out[n - 1] == '/' ? "" : "/";
    char *path;

    if (to_stdout(job)) {
        return strdup("-");
    }
    if (asprintf(&path, "%s%smarcap-%04d.csv%s", job->out, slash, year,
            job->gzip ? ".gz" : "") < 0) {
        return NULL;
    }
    return path;
}

/* Nothing is written at all when one of the files is there already. */
static int refuse_existing(const struct job *job, struct error *err)
{
    int first = civil_from_days(job->generator.first_day).year;
    int last = civil_from_days(job->generator.last_day).year;

    for (int year = first; year <= last; year++) {
        char *path = year_path(job, year);
        bool fine = path != NULL && access(path, F_OK) != 0;

        if (!fine) {
            (void)error_set(err, "%s%s", path != NULL ? path : "out of memory",
                path != NULL ? " exists; --force overwrites it" : "");
        }
        free(path);
        if (!fine) {
            return -1;
        }
    }
    return 0;
}

static int prepare_folder(const struct job *job, struct error *err)
{
    if (to_stdout(job)) {
        return 0;
    }
    if (mkdir(job->out, 0777) != 0 && errno != EEXIST) {
        return error_set(
            err, "cannot make folder %s: %s", job->out, strerror(errno));
    }
    return job->force ? 0 : refuse_existing(job, err);
}

static void show_progress(struct job *job, int64_t day)
{
    char date[CIVIL_DATE_BYTES + 1];

    if (job->quiet || !job->progress.on_terminal ||
        !progress_due(&job->progress, clock_mono_us())) {
        return;
    }
    civil_format(day, date);
    progress_show(&job->progress, "%s  %" PRId64 " rows", date,
        job->days * (int64_t)job->generator.n_stocks);
}

static int write_piece(
    struct output_file *f, struct buf *piece, struct error *err)
{
    struct slice s = buf_slice(piece);

    buf_clear(piece);
    return output_file_write(f, s.p, s.len, err);
}

/* The days of one file: of the next day's year, or all that are left. */
static int write_days(struct job *job, struct generator *g,
    struct output_file *f, struct buf *piece, struct error *err)
{
    int64_t day;
    int year;

    (void)generator_next_day(g, &day);
    year = civil_from_days(day).year;
    if (generator_write_header(&job->generator, piece) != 0) {
        return error_set(err, "out of memory");
    }
    while (generator_next_day(g, &day) &&
           (to_stdout(job) || civil_from_days(day).year == year)) {
        if (generator_write_day(g, piece) != 0) {
            return error_set(err, "out of memory");
        }
        job->days++;
        if (piece->len_bytes >= PIECE_BYTES &&
            write_piece(f, piece, err) != 0) {
            return -1;
        }
        show_progress(job, day);
    }
    return write_piece(f, piece, err);
}

static int write_file(
    struct job *job, struct generator *g, struct buf *piece, struct error *err)
{
    struct output_file *f;
    int64_t day;
    char *path;
    int rc = -1;

    (void)generator_next_day(g, &day);
    path = year_path(job, civil_from_days(day).year);
    if (path == NULL) {
        return error_set(err, "out of memory");
    }
    f = output_file_open(path, job->gzip, err);
    if (f != NULL) {
        rc = write_days(job, g, f, piece, err);
        if (rc == 0) {
            rc = output_file_finish(f, err);
        }
        job->reader_gone = output_file_reader_gone(f);
        job->bytes += output_file_bytes(f);
        job->files++;
        output_file_free(f);
    }
    free(path);
    return rc;
}

static int write_history(struct job *job, struct error *err)
{
    struct generator *g;
    struct buf piece;
    int64_t day;
    int rc = 0;

    if (prepare_folder(job, err) != 0) {
        return -1;
    }
    g = generator_new(&job->generator);
    if (g == NULL) {
        return error_set(err, "out of memory");
    }
    buf_init(&piece,
        PIECE_BYTES + (GENERATOR_MAX_STOCKS + 1) * GENERATOR_ROW_MAX_BYTES);
    while (rc == 0 && generator_next_day(g, &day)) {
        rc = write_file(job, g, &piece, err);
    }
    buf_fini(&piece);
    generator_free(g);
    return rc;
}

static void print_summary(const struct job *job)
{
    (void)fprintf(stderr, "naru generate: %" PRId64 " days, %" PRId64 " rows, ",
        job->days, job->days * (int64_t)job->generator.n_stocks);
    if (!to_stdout(job)) {
        (void)fprintf(stderr, "%" PRId64 " %s, ", job->files,
            job->files == 1 ? "file" : "files");
    }
    (void)fprintf(stderr, "%" PRIu64 " bytes\n", job->bytes);
}

int cmd_generate(int argc, char **argv)
{
    struct job job = {
        .generator =
            {
                .first_day = civil_to_days((struct civil){1995, 5, 2}),
                .last_day = civil_to_days((struct civil){2020, 12, 31}),
                .n_stocks = 20,
                .seed = 1,
            },
    };
    struct error err;
    int rc;

    if (read_job(&job, argc, argv, &err) != 0) {
        (void)fprintf(stderr, "naru generate: %s\n", err.text);
        return 2;
    }
    if (job.help) {
        options_print_help(&generate_option_table);
        return 0;
    }
    /* A closed pipe is then an error of write, and a quiet end: `| head`. */
    (void)signal(SIGPIPE, SIG_IGN);
    progress_init(&job.progress, stderr, clock_mono_us());
    rc = write_history(&job, &err);
    progress_clear(&job.progress);
    if (rc != 0 && !job.reader_gone) {
        (void)fprintf(stderr, "naru generate: %s\n", err.text);
        return 1;
    }
    if (rc == 0 && !job.quiet) {
        print_summary(&job);
    }
    return 0;
}
