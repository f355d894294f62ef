/*
 * naru manual: the man pages, or docs/reference, made from the tables. Nobody
 * is told of it, because the build writes the pages to where man finds them:
 * naru manual --out DIR.
 */
#include "cli/commands.h"

#include "cli/registry.h"
#include "common/error.h"
#include "reference/handbook.h"
#include "reference/manual.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_HELP = 1, OPT_LIST, OPT_MARKDOWN, OPT_OUT };

static const struct option_row rows[] = {
    {OPT_OUT, "out", 'o', "DIR",
        "write all pages there, a file each: naru.1, ..."},
    {OPT_MARKDOWN, "markdown", 'm', NULL,
        "the pages of docs/reference instead: README, settings,\n"
        "metrics, and each command"},
    {OPT_LIST, "list", 'l', NULL, "name the pages"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table manual_option_table = {
    .command = "naru manual",
    .usage = "naru manual NAME [--markdown]\n"
             "naru manual --out DIR [--markdown]\n"
             "naru manual --list [--markdown]",
    .about = "Prints a man page: naru, a command's name, or naru.conf.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after = "Examples:\n"
             "  naru manual bridge | man -l -\n"
             "  naru manual --markdown --out docs/reference\n\n"
             "Exit codes: 0 done, 1 could not write, 2 unusable arguments.",
};

struct job {
    const char *page, *out; /* one of them, or list */
    bool list, markdown, help;
};

/* The i-th page's name, and what its file has behind it. */
static bool page_name(const struct book *b, bool markdown, size_t i,
    char name[MANUAL_NAME_BYTES], char suffix[4])
{
    char section;

    if (markdown) {
        (void)snprintf(suffix, 4, ".md");
        return handbook_name(b, i, name);
    }
    if (!manual_name(b, i, name, &section)) {
        return false;
    }
    (void)snprintf(suffix, 4, ".%c", section);
    return true;
}

static int page_write(
    const struct book *b, bool markdown, const char *name, FILE *to)
{
    return markdown ? handbook_write(b, name, to) : manual_write(b, name, to);
}

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
        job->markdown = job->markdown || id == OPT_MARKDOWN;
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

static int write_page(const struct book *b, const struct job *job,
    const char *page, const char *suffix, struct error *err)
{
    char *path = NULL;
    FILE *f = NULL;
    int rc = -1;

    if (asprintf(&path, "%s/%s%s", job->out, page, suffix) < 0) {
        return error_set(err, "out of memory");
    }
    f = fopen(path, "w");
    if (f != NULL) {
        rc = page_write(b, job->markdown, page, f);
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
    char page[MANUAL_NAME_BYTES], suffix[4];
    int rc = 0;

    for (size_t i = 0; rc == 0 && page_name(b, job->markdown, i, page, suffix);
         i++) {
        if (job->list) {
            (void)printf("%s%s\n", page, suffix);
        } else {
            rc = write_page(b, job, page, suffix, err);
        }
    }
    return rc;
}

static int run(const struct book *b, const struct job *job, struct error *err)
{
    if (job->page != NULL) {
        if (page_write(b, job->markdown, job->page, stdout) != 0) {
            (void)error_set(err,
                "no page '%s'; naru manual --list%s names them", job->page,
                job->markdown ? " --markdown" : "");
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
    struct job job = {NULL, NULL, false, false, false};
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
