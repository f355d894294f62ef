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

static void print_help(void)
{
    const char *name;

    (void)printf("Usage: naru kibana ACTION [DATASET]... [OPTIONS]\n\n"
                 "Dashboards over what naru ferries, for Kibana 7.11 to 9, "
                 "OpenSearch\nDashboards, and Kibana 6.2 to 6.8.\n\n"
                 "Actions:\n");
    for (size_t i = 0; i < N_ACTIONS; i++) {
        (void)printf("  %-8s %s\n", actions[i].name, actions[i].help);
    }
    (void)printf("\nDATASET is one of");
    for (size_t i = 0; (name = sources_builtin_name(i)) != NULL; i++) {
        (void)printf("%s %s", i > 0 ? "," : "", name);
    }
    (void)printf(
        "; or a folder of sources, such\nas ./mine (kibana/README.md says "
        "what is in one). pipeline shows the bridge\nitself, from the metrics "
        "that naru bridge --metrics-index writes. Without it:\nthe "
        "configuration's bridge.dataset.\n\n"
        "  naru kibana ACTION --help   its options, with examples\n\n"
        "Exit codes: 0 done, 1 the work found a failure, 2 unusable "
        "arguments,\nconfiguration or sources.\n");
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
