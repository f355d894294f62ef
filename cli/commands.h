/*
 * The subcommands. Each takes its own argv (argv[0] is its name), reads its
 * options, calls its module and returns the exit code: 0 done, 1 the work
 * found a failure, 2 unusable arguments or configuration. Errors are one line
 * on standard error.
 */
#ifndef NARU_CLI_COMMANDS_H
#define NARU_CLI_COMMANDS_H

int cmd_bridge(int argc, char **argv);
int cmd_dlq(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_generate(int argc, char **argv);
int cmd_kibana(int argc, char **argv);
int cmd_mappings(int argc, char **argv);
int cmd_nifi(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_verify(int argc, char **argv);

#endif
