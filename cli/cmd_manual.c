/*
 * naru manual: the man pages, made from the tables. Nobody is told of it,
 * because the build writes the pages to where man finds them:
 * naru manual --out DIR.
 */
#include "cli/commands.h"

#include "cli/registry.h"
#include "common/error.h"
#include "reference/manual.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_HELP = 1, OPT_LIST, OPT_OUT };

static const struct option_row rows[] = {
    {OPT_OUT, "out", 'o', "DIR",
        "write all pages there, a file each: naru.1, ..."},
    {OPT_LIST, "list", 'l', NULL, "name the pages"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table manual_option_table = {
    .command = "naru manual",
    .usage = "naru manual NAME\n"
             "naru manual --out DIR\n"
             "naru manual --list",
    .about = "Prints a man page: naru, a command's name, or naru.conf.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after = "Example:\n"
             "  naru manual bridge | man -l -\n\n"
             "Exit codes: 0 done, 1 could not write, 2 unusable arguments.",
};

struct job {
    const char *page, *out; /* one of them, or list */
    bool list, help;
};

static int read_job(struct job *job, int argc, char **argv, struct error *err)
{
    struct options *o = options_new(&manual_option_table, argc, argv);
    const char *value;
    int id, n;

    if (o == NULL) {
        return error_set(err, "out of memory");
    }
    while ((id = options_next(o, &value, err)) > 0 && !job->help) {
        job->help = id == OPT_HELP;
        job->list = job->list || id == OPT_LIST;
        job->out = id == OPT_OUT ? value : job->out;
    }
    n = options_operand_count(o);
    job->page = n == 1 ? options_operands(o)[0] : NULL;
    options_free(o);
    if (id == OPTIONS_BAD) {
        return -1;
    }
    if (!job->help &&
        (job->out != NULL) + job->list + (n == 1) + 2 * (n > 1) != 1) {
        return error_set(err, "which page? see naru manual --help");
    }
    return 0;
}

static int write_page(const struct book *b, const char *out, const char *page,
    char section, struct error *err)
{
    char *path = NULL;
    FILE *f = NULL;
    int rc = -1;

    if (asprintf(&path, "%s/%s.%c", out, page, section) < 0) {
        return error_set(err, "out of memory");
    }
    f = fopen(path, "w");
    if (f != NULL) {
        rc = manual_write(b, page, f);
        rc = ferror(f) ? -1 : rc;
        rc = fclose(f) != 0 ? -1 : rc;
    }
    if (rc != 0) {
        (void)error_set(err, "cannot write %s: %s", path, strerror(errno));
    }
    free(path);
    return rc;
}

static int write_all(
    const struct book *b, const struct job *job, struct error *err)
{
    char page[MANUAL_NAME_BYTES], section;
    int rc = 0;

    for (size_t i = 0; rc == 0 && manual_name(b, i, page, &section); i++) {
        if (job->list) {
            (void)printf("%s.%c\n", page, section);
        } else {
            rc = write_page(b, job->out, page, section, err);
        }
    }
    return rc;
}

static int run(const struct book *b, const struct job *job, struct error *err)
{
    if (job->page != NULL) {
        if (manual_write(b, job->page, stdout) != 0) {
            (void)error_set(
                err, "no page '%s'; naru manual --list names them", job->page);
            return 2;
        }
    } else if (write_all(b, job, err) != 0) {
        return 1;
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)error_set(err, "cannot write to standard output");
        return 1;
    }
    return 0;
}

int cmd_manual(int argc, char **argv)
{
    struct job job = {NULL, NULL, false, false};
    struct error err;
    struct book book;
    int rc = 2;

    if (read_job(&job, argc, argv, &err) == 0) {
        if (job.help) {
            options_print_help(&manual_option_table);
            return 0;
        }
        if (registry_open(&book) != 0) {
            (void)error_set(&err, "out of memory");
            rc = 1;
        } else {
            rc = run(&book, &job, &err);
            registry_close(&book);
        }
    }
    if (rc != 0) {
        (void)fprintf(stderr, "naru manual: %s\n", err.text);
    }
    return rc;
}
