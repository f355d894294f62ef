/*
 * naru kibana: finds the action and hands it its arguments. The work is
 * kibana/'s.
 */
#include "cli/commands.h"

#include "cli/kibana_tableau.h"
#include "common/suggest.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} actions[] = {
    {"tableau", kibana_tableau,
        "write a Tableau data source (.tds) for a dataset"},
};

#define N_ACTIONS (sizeof(actions) / sizeof(actions[0]))

static void print_help(void)
{
    (void)printf("Usage: naru kibana ACTION [DATASET] [OPTIONS]\n\n"
                 "What looks at the documents that naru ferries.\n\n"
                 "Actions:\n");
    for (size_t i = 0; i < N_ACTIONS; i++) {
        (void)printf("  %-8s %s\n", actions[i].name, actions[i].help);
    }
    (void)printf(
        "\n  naru kibana ACTION --help   its options, with examples\n\n"
        "Exit codes: 0 done, 1 the work found a failure, 2 unusable "
        "arguments,\nconfiguration or dataset.\n");
}

static int unknown_action(const char *typed)
{
    struct suggest s;

    suggest_start(&s, typed);
    for (size_t i = 0; i < N_ACTIONS; i++) {
        suggest_offer(&s, actions[i].name);
    }
    if (suggest_best(&s) != NULL) {
        (void)fprintf(stderr,
            "naru kibana: unknown action '%s'; did you mean '%s'?\n", typed,
            suggest_best(&s));
    } else {
        (void)fprintf(stderr,
            "naru kibana: unknown action '%s'; naru kibana --help lists them\n",
            typed);
    }
    return 2;
}

int cmd_kibana(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr,
            "naru kibana: which action? naru kibana --help lists them\n");
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return 0;
    }
    for (size_t i = 0; i < N_ACTIONS; i++) {
        if (strcmp(argv[1], actions[i].name) == 0) {
            return actions[i].run(argc - 1, argv + 1);
        }
    }
    return unknown_action(argv[1]);
}
