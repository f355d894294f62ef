/*
 * The subcommands. Each takes its own argv (argv[0] is its name), reads its
 * options, calls its module and returns the exit code: 0 done, 1 the work
 * found a failure, 2 unusable arguments or configuration, 3 is a
 * command's own, which its help explains. Errors are one line on standard
 * error.
 */
#ifndef NARU_CLI_COMMANDS_H
#define NARU_CLI_COMMANDS_H

#include "common/options.h"

#include <stddef.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help; /* half a sentence; NULL: nobody is told of it */
    const struct option_table *options;
    const struct option_table *const
        *actions; /* their own tables, with NULL
                     behind; NULL: they have none */
};

/* The commands in the order of use, n_commands of them; main.c's. All that is
 * told of them, by --help, man pages and completion, comes from here. */
extern const struct command commands[];
extern const size_t n_commands;

int cmd_bridge(int argc, char **argv);
int cmd_completion(int argc, char **argv);
int cmd_dlq(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_generate(int argc, char **argv);
int cmd_kibana(int argc, char **argv);
int cmd_manual(int argc, char **argv);
int cmd_mappings(int argc, char **argv);
int cmd_nifi(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_verify(int argc, char **argv);

extern const struct option_table bridge_option_table;
extern const struct option_table completion_option_table;
extern const struct option_table dlq_option_table;
extern const struct option_table export_option_table;
extern const struct option_table generate_option_table;
extern const struct option_table kibana_option_table;
extern const struct option_table *const kibana_action_tables[];
extern const struct option_table manual_option_table;
extern const struct option_table mappings_option_table;
extern const struct option_table nifi_option_table;
extern const struct option_table replay_option_table;
extern const struct option_table verify_option_table;

#endif
