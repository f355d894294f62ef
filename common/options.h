/*
 * Command-line options by table: one table feeds the parser, the errors and
 * --help, so that they cannot drift apart. Long options with getopt_long's
 * habits: --name VALUE, --name=VALUE, unique prefixes, "--" ends options,
 * options and operands may be mixed.
 */
#ifndef NARU_COMMON_OPTIONS_H
#define NARU_COMMON_OPTIONS_H

#include "common/attr.h"
#include "common/error.h"

#include <stddef.h>
#include <stdint.h>

#define OPTIONS_END (-1)
#define OPTIONS_BAD (-2)

struct option_row {
    int id;           /* what options_next returns; above 0 */
    const char *name; /* without the dashes */
    char letter;      /* short form, or 0 */
    const char *arg;  /* what the value is called in help; NULL for a flag;
                       * "[=N]" for one that may be left out, and then is NULL.
                       * Such an option has no letter */
    const char *help; /* lines separated by \n */
};

struct option_table {
    const char *command; /* e.g. "naru replay" */
    const char *usage;   /* lines, each shown after "Usage: " or indented */
    const char *about;   /* what it does, a paragraph */
    const struct option_row *rows;
    size_t n_rows;
    const char *after; /* examples, exit codes; may be NULL */
};

struct options; /* opaque: one pass over argv */

/*
 * options_new(table, argc, argv):
 * Start reading argv[1..]; table and argv are borrowed. NULL out of memory.
 */
struct options *options_new(
    const struct option_table *table, int argc, char **argv) MUST_CHECK;
void options_free(struct options *o);

/*
 * options_next(o, value, err):
 * The id of the next option, its value (borrowed from argv) in *value;
 * OPTIONS_END when only operands remain; OPTIONS_BAD with err set. --help is
 * not handled here: give it a row and call options_print_help.
 */
int options_next(struct options *o, const char **value, struct error *err);

/* The operands, after OPTIONS_END. */
int options_operand_count(const struct options *o);
char *const *options_operands(const struct options *o);

/* options_print_help(table): The whole help, to standard output. */
void options_print_help(const struct option_table *table);

/*
 * options_number(name, text, min, max, out, err):
 * Read a whole decimal number from min to max. Returns 0 or -1 with err.
 */
int options_number(const char *name, const char *text, int64_t min, int64_t max,
    int64_t *out, struct error *err) MUST_CHECK;

#endif
