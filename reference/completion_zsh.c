/*
 * Completion for zsh: for each command a list of _arguments' specifications,
 * `(--config -c)'{--config,-c}'[what it does]:FILE:_files'`, and a driver
 * around them.
 */
#include "reference/completion.h"

#include "reference/usage.h"

#include <stdbool.h>
#include <string.h>

#define MOST_HELP_BYTES 72

extern const unsigned char completion_zsh_driver[];

/* In single quotes, and safe in a [description] or before a colon. */
static void put_quoted(FILE *to, struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '\'') {
            (void)fputs("'\\''", to);
        } else if (strchr("[]:\\", s.p[i]) != NULL) {
            (void)fprintf(to, "\\%c", s.p[i]);
        } else {
            (void)fputc(s.p[i], to);
        }
    }
}

/* May the option be given more than once? Its help says so. */
static bool is_repeatable(const struct option_row *row)
{
    return usage_value_kind(row->arg) == VALUE_SETTING ||
           strstr(row->help, "repeated") != NULL;
}

/* As much of a help as goes on one line; its own lines have no meaning here
 * unless they are a list. */
static void put_help(FILE *to, const char *help)
{
    size_t n = strcspn(help, "\n");

    while (help[n] == '\n' && help[n + 1] != ' ') {
        size_t more = n + 1 + strcspn(help + n + 1, "\n");

        if (more > MOST_HELP_BYTES) {
            break;
        }
        n = more;
    }
    for (size_t i = 0; i < n; i++) {
        if (help[i] == '\n') {
            (void)fputc(' ', to);
        } else {
            put_quoted(to, (struct slice){help + i, 1});
        }
    }
    if (help[n] != '\0') {
        (void)fputs(" ...", to);
    }
}

static void put_choices(FILE *to, const char *choices)
{
    struct slice word;

    (void)fputc('(', to);
    for (size_t i = 0; usage_word(choices, i, &word); i++) {
        (void)fprintf(to, "%s" SLICE_FMT, i > 0 ? " " : "", SLICE_ARG(word));
    }
    (void)fputc(')', to);
}

/* How a value or an operand of that kind is completed. */
static void put_action(FILE *to, enum value_kind kind, const char *arg)
{
    switch (kind) {
    case VALUE_FILE:
        (void)fputs("_files", to);
        break;
    case VALUE_FOLDER:
        (void)fputs("_files -/", to);
        break;
    case VALUE_DATASET:
        (void)fputs("_naru_dataset", to);
        break;
    case VALUE_SETTING:
        (void)fputs("_naru_set", to);
        break;
    case VALUE_COMMAND:
        (void)fputs("_naru_command", to);
        break;
    case VALUE_WORDS:
        put_choices(to, arg);
        break;
    case VALUE_NONE:
    case VALUE_ANY:
        (void)fputc(' ', to);
        break;
    }
}

static void put_row(FILE *to, const struct option_row *row)
{
    enum value_kind kind = usage_value_kind(row->arg);
    const char *sign = row->arg == NULL ? "" : row->arg[0] == '[' ? "=-" : "=";

    (void)fputs("        ", to);
    if (is_repeatable(row)) {
        (void)fputs("'*'", to);
    } else if (row->letter != '\0') {
        (void)fprintf(to, "'(--%s -%c)'", row->name, row->letter);
    }
    if (row->letter != '\0') {
        (void)fprintf(to, "{--%s%s,-%c%s}'[", row->name, sign, row->letter,
            row->arg != NULL ? "+" : "");
    } else {
        (void)fprintf(to, "--%s%s'[", row->name, sign);
    }
    put_help(to, row->help);
    (void)fputc(']', to);
    if (row->arg != NULL) {
        (void)fputs(row->arg[0] == '[' ? "::" : ":", to);
        put_quoted(to, slice_of(row->arg));
        (void)fputc(':', to);
        put_action(to, kind, row->arg);
    }
    (void)fputs("'\n", to);
}

static void put_operands(FILE *to, const struct book_command *c)
{
    static const enum value_kind kinds[] = {
        VALUE_DATASET, VALUE_FILE, VALUE_FOLDER, VALUE_COMMAND, VALUE_ANY};
    struct slice actions[USAGE_MOST_ACTIONS];
    size_t n = usage_actions(c->options, actions);

    if (n > 0) {
        (void)fputs("        '1:action:(", to);
        for (size_t i = 0; i < n; i++) {
            (void)fprintf(
                to, "%s" SLICE_FMT, i > 0 ? " " : "", SLICE_ARG(actions[i]));
        }
        (void)fputs(")'\n", to);
    }
    /* A dataset is a name or a file, so the first kind says enough; where a
     * name is wanted that nobody here knows, options are not offered for it.
     */
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        if (book_takes(c, kinds[k])) {
            (void)fputs("        '*: :", to);
            put_action(to, kinds[k], NULL);
            (void)fputs("'\n", to);
            return;
        }
    }
}

static void put_commands(const struct book *b, FILE *to)
{
    (void)fputs("_naru_commands=(\n", to);
    for (size_t i = 0; i < b->n_commands; i++) {
        if (b->commands[i].help != NULL) {
            (void)fprintf(to, "    '%s:", b->commands[i].name);
            put_quoted(to, slice_of(b->commands[i].help));
            (void)fputs("'\n", to);
        }
    }
    (void)fputs(")\n_naru_specs() {\n    case $1 in\n", to);
    for (size_t i = 0; i < b->n_commands; i++) {
        const struct book_command *c = &b->commands[i];
        const struct option_row *row;

        if (c->help == NULL) {
            continue;
        }
        (void)fprintf(to, "    %s) specs=(\n", c->name);
        for (size_t k = 0; (row = book_option(c, k)) != NULL; k++) {
            put_row(to, row);
        }
        put_operands(to, c);
        (void)fputs("        ) ;;\n", to);
    }
    (void)fputs("    esac\n}\n", to);
}

/* transform.step.N stands for step.1, step.2 and so on: the first is offered.
 */
static void put_name(FILE *to, const char *name)
{
    size_t n = strlen(name);
    bool is_numbered = n > 2 && strcmp(name + n - 2, ".N") == 0;

    (void)fprintf(to, " %.*s%s", (int)(is_numbered ? n - 1 : n), name,
        is_numbered ? "1" : "");
}

static void put_settings(const struct book *b, FILE *to)
{
    (void)fputs("_naru_settings=(kafka.bootstrap.servers kafka.group.id", to);
    for (size_t t = 0; t < b->n_tables; t++) {
        for (size_t k = 0; k < b->tables[t].n_keys; k++) {
            put_name(to, b->tables[t].keys[k].name);
        }
    }
    (void)fputs(")\n_naru_words=(\n", to);
    for (size_t t = 0; t < b->n_tables; t++) {
        for (size_t k = 0; k < b->tables[t].n_keys; k++) {
            const struct config_key *key = &b->tables[t].keys[k];
            const char *words = key->type == CONFIG_BOOL     ? "true|false"
                                : key->type == CONFIG_CHOICE ? key->choices
                                                             : NULL;
            struct slice word;

            for (size_t i = 0; words != NULL && usage_word(words, i, &word);
                 i++) {
                (void)fprintf(
                    to, "    %s=" SLICE_FMT "\n", key->name, SLICE_ARG(word));
            }
        }
    }
    (void)fputs(")\n_naru_datasets=(", to);
    for (size_t i = 0; b->datasets[i] != NULL; i++) {
        (void)fprintf(to, "%s%s", i > 0 ? " " : "", b->datasets[i]);
    }
    (void)fputs(")\n", to);
}

void completion_zsh(const struct book *b, FILE *to)
{
    (void)fprintf(to,
        "#compdef naru\n"
        "# zsh completion for naru %s, written by: naru completion zsh\n"
        "typeset -ga _naru_commands _naru_settings _naru_words "
        "_naru_datasets\n",
        b->version);
    put_commands(b, to);
    put_settings(b, to);
    (void)fputs((const char *)completion_zsh_driver, to);
}
