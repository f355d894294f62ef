/* naru completion: a completion script for a shell, made from the tables. */
#include "cli/commands.h"

#include "cli/registry.h"
#include "common/error.h"
#include "reference/completion.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { OPT_HELP = 1 };

static const struct option_row rows[] = {
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table completion_option_table = {
    .command = "naru completion",
    .usage = "naru completion bash|zsh",
    .about =
        "Prints a script by which the shell completes naru's commands, their\n"
        "options and what these take: words, datasets, settings, files. It is\n"
        "made from the same tables as --help. The Debian package installs it.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "Examples:\n"
        "  source <(naru completion bash)               # for this shell\n"
        "  naru completion bash > "
        "~/.local/share/bash-completion/completions/naru\n"
        "  naru completion zsh > ~/.zfunc/_naru         # a folder of $fpath\n"
        "\n"
        "Exit codes: 0 done, 1 could not write, 2 unusable arguments.",
};

static int complain(const struct error *err, int code)
{
    (void)fprintf(stderr, "naru completion: %s\n", err->text);
    return code;
}

/* The shell's name, or NULL with err; *help: it was asked for. */
static const char *read_shell(
    int argc, char **argv, bool *help, struct error *err)
{
    struct options *o = options_new(&completion_option_table, argc, argv);
    const char *value, *shell = NULL;
    int id;

    if (o == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    id = options_next(o, &value, err);
    *help = id == OPT_HELP;
    if (id == OPTIONS_END && options_operand_count(o) == 1) {
        shell = options_operands(o)[0];
    } else if (id == OPTIONS_END) {
        (void)error_set(err, "bash or zsh? see naru completion --help");
    }
    options_free(o);
    return shell;
}

int cmd_completion(int argc, char **argv)
{
    struct error err;
    struct book book;
    bool help = false;
    const char *shell = read_shell(argc, argv, &help, &err);

    if (help) {
        options_print_help(&completion_option_table);
        return 0;
    }
    if (shell == NULL) {
        return complain(&err, 2);
    }
    if (strcmp(shell, "bash") != 0 && strcmp(shell, "zsh") != 0) {
        (void)error_set(&err,
            "no completion for '%s'; there is one for bash and one for zsh",
            shell);
        return complain(&err, 2);
    }
    if (registry_open(&book) != 0) {
        (void)error_set(&err, "out of memory");
        return complain(&err, 1);
    }
    if (strcmp(shell, "bash") == 0) {
        completion_bash(&book, stdout);
    } else {
        completion_zsh(&book, stdout);
    }
    registry_close(&book);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)error_set(&err, "cannot write to standard output");
        return complain(&err, 1);
    }
    return 0;
}
