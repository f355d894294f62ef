/*
 * naru kibana: finds the action and hands it its arguments. The work is
 * kibana/'s.
 */
#include "cli/commands.h"

#include "cli/kibana_actions.h"
#include "common/suggest.h"
#include "kibana/sources.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} actions[] = {
    {"import", kibana_import,
        "put dashboards into Kibana or OpenSearch Dashboards"},
    {"check", kibana_check,
        "compare what stands there, and the index's fields, with ours"},
    {"show", kibana_show, "write the saved objects as a file to import"},
    {"tableau", kibana_tableau,
        "write a Tableau data source (.tds) for a dataset"},
};

#define N_ACTIONS (sizeof(actions) / sizeof(actions[0]))

enum { OPT_HELP = 1 };

static const struct option_row rows[] = {
    {OPT_HELP, "help", 'h', NULL, "this help; behind an action its own"},
};

const struct option_table kibana_option_table = {
    .command = "naru kibana",
    .usage = "naru kibana import [DATASET]... [OPTIONS]\n"
             "naru kibana check [DATASET]... [OPTIONS]\n"
             "naru kibana show [DATASET]... [OPTIONS]\n"
             "naru kibana tableau [DATASET] [OPTIONS]",
    .about =
        "Dashboards over what naru ferries, for Kibana 7.11 to 9, OpenSearch\n"
        "Dashboards, and Kibana 6.2 to 6.8. DATASET names a set of them, or "
        "is\n"
        "a folder of sources, such as ./mine (kibana/README.md says what is "
        "in\n"
        "one). pipeline shows the bridge itself, from the metrics that naru\n"
        "bridge --metrics-index writes. Without it: the configuration's\n"
        "bridge.dataset.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after = "Exit codes: 0 done, 1 the work found a failure, 2 unusable "
             "arguments,\nconfiguration or sources.",
};

const struct option_table *const kibana_action_tables[] = {
    &kibana_import_option_table, &kibana_check_option_table,
    &kibana_show_option_table, &kibana_tableau_option_table, NULL};

static void print_help(void)
{
    const char *name;

    options_print_help(&kibana_option_table);
    (void)printf("\nActions:\n");
    for (size_t i = 0; i < N_ACTIONS; i++) {
        (void)printf("  %-8s %s\n", actions[i].name, actions[i].help);
    }
    (void)printf("\nSets:");
    for (size_t i = 0; (name = sources_builtin_name(i)) != NULL; i++) {
        (void)printf("%s %s", i > 0 ? "," : "", name);
    }
    (void)printf(
        "\n\n  naru kibana ACTION --help   its options, with examples\n");
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
            "naru kibana: which action? naru kibana --help lists "
            "them\n");
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
