/* Command-line options by table, over getopt_long; see options.h. */
#include "common/options.h"

#include "common/suggest.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELP_COLUMN 30
#define FIRST_ID 1000 /* above every letter */
#define NAME_MOST_BYTES 128

struct options {
    const struct option_table *table;
    struct option *longs;
    char *letters;
    int argc;
    char **argv;
};

struct options *options_new(
    const struct option_table *table, int argc, char **argv)
{
    struct options *o = calloc(1, sizeof(*o));
    size_t n = 0;

    if (o == NULL) {
        return NULL;
    }
    o->table = table;
    o->argc = argc;
    o->argv = argv;
    o->longs = calloc(table->n_rows + 1, sizeof(*o->longs));
    o->letters = calloc(table->n_rows * 2 + 2, 1);
    if (o->longs == NULL || o->letters == NULL) {
        options_free(o);
        return NULL;
    }
    o->letters[n++] = ':'; /* tell a missing value from an unknown option */
    for (size_t i = 0; i < table->n_rows; i++) {
        const struct option_row *row = &table->rows[i];

        o->longs[i].name = row->name;
        o->longs[i].has_arg = row->arg == NULL     ? no_argument
                              : row->arg[0] == '[' ? optional_argument
                                                   : required_argument;
        o->longs[i].val = FIRST_ID + (int)i;
        if (row->letter != '\0') {
            o->letters[n++] = row->letter;
            if (row->arg != NULL) {
                o->letters[n++] = ':';
            }
        }
    }
    optind = 0; /* glibc: start anew, also after another table's pass */
    opterr = 0;
    return o;
}

void options_free(struct options *o)
{
    if (o != NULL) {
        free(o->longs);
        free(o->letters);
        free(o);
    }
}

static int unknown_long(
    const struct options *o, const char *name, struct error *err)
{
    struct suggest s;
    const char *best;
    bool begins_one = false;

    suggest_start(&s, name);
    for (size_t i = 0; i < o->table->n_rows; i++) {
        suggest_offer(&s, o->table->rows[i].name);
        begins_one = begins_one ||
                     strncmp(o->table->rows[i].name, name, strlen(name)) == 0;
    }
    if (begins_one) {
        return error_set(err, "option --%s is ambiguous; see %s --help", name,
            o->table->command);
    }
    best = suggest_best(&s);
    if (best != NULL) {
        return error_set(err,
            "unknown option --%s; did you mean --%s? see %s --help", name, best,
            o->table->command);
    }
    return error_set(
        err, "unknown option --%s; see %s --help", name, o->table->command);
}

/*
 * getopt leaves in optopt the letter of a short option, val of a long one that
 * was given a value it does not take, and 0 for a long one that it does not
 * know. Only then is argv[optind - 1] surely the word in question: inside a
 * cluster of letters it is the word before.
 */
static int refuse(const struct options *o, struct error *err)
{
    const char *typed = o->argv[optind - 1];
    char name[NAME_MOST_BYTES];

    if (optopt >= FIRST_ID) {
        return error_set(err, "option --%s takes no value; see %s --help",
            o->table->rows[optopt - FIRST_ID].name, o->table->command);
    }
    if (optopt != 0) {
        return error_set(err, "unknown option -%c; see %s --help", (char)optopt,
            o->table->command);
    }
    (void)snprintf(
        name, sizeof(name), "%.*s", (int)strcspn(typed + 2, "="), typed + 2);
    return unknown_long(o, name, err);
}

static int missing_value(const struct options *o, struct error *err)
{
    if (optopt < FIRST_ID) {
        return error_set(err, "option -%c needs a value; see %s --help",
            (char)optopt, o->table->command);
    }
    return error_set(err, "option --%s needs a value; see %s --help",
        o->table->rows[optopt - FIRST_ID].name, o->table->command);
}

int options_next(struct options *o, const char **value, struct error *err)
{
    int got = getopt_long(o->argc, o->argv, o->letters, o->longs, NULL);

    *value = NULL;
    if (got == -1) {
        return OPTIONS_END;
    }
    if (got == '?') {
        (void)refuse(o, err);
        return OPTIONS_BAD;
    }
    if (got == ':') {
        (void)missing_value(o, err);
        return OPTIONS_BAD;
    }
    *value = optarg;
    if (got >= FIRST_ID) {
        return o->table->rows[got - FIRST_ID].id;
    }
    for (size_t i = 0; i < o->table->n_rows; i++) {
        if (o->table->rows[i].letter == got) {
            return o->table->rows[i].id;
        }
    }
    return OPTIONS_BAD;
}

int options_operand_count(const struct options *o)
{
    return o->argc - optind;
}

char *const *options_operands(const struct options *o)
{
    return o->argv + optind;
}

/* Print text after indent, its further lines indented alike. */
static void print_lines(const char *text, int indent)
{
    for (; *text != '\0'; text++) {
        (void)putchar(*text);
        if (*text == '\n') {
            (void)printf("%*s", indent, "");
        }
    }
    (void)putchar('\n');
}

static void print_row(const struct option_row *row)
{
    char left[96];
    int n;

    n = snprintf(left, sizeof(left), "  %c%c%s--%s%s%s",
        row->letter != '\0' ? '-' : ' ',
        row->letter != '\0' ? row->letter : ' ',
        row->letter != '\0' ? ", " : "  ", row->name,
        row->arg != NULL && row->arg[0] != '[' ? " " : "",
        row->arg != NULL ? row->arg : "");
    if (n >= HELP_COLUMN) {
        (void)printf("%s\n%*s", left, HELP_COLUMN, "");
    } else {
        (void)printf("%-*s", HELP_COLUMN, left);
    }
    print_lines(row->help, HELP_COLUMN);
}

void options_print_help(const struct option_table *table)
{
    (void)printf("Usage: ");
    print_lines(table->usage, 7);
    (void)printf("\n%s\n\nOptions:\n", table->about);
    for (size_t i = 0; i < table->n_rows; i++) {
        print_row(&table->rows[i]);
    }
    if (table->after != NULL) {
        (void)printf("\n%s\n", table->after);
    }
}

int options_number(const char *name, const char *text, int64_t min, int64_t max,
    int64_t *out, struct error *err)
{
    char *end;
    long long n;

    errno = 0;
    n = strtoll(text, &end, 10);
    if (isspace((unsigned char)text[0]) || end == text || *end != '\0' ||
        errno != 0 || n < min || n > max) {
        return error_set(err,
            "%s: '%s' is not a whole number from %lld to %lld", name, text,
            (long long)min, (long long)max);
    }
    *out = n;
    return 0;
}
