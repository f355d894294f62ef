/* The front door: finds the subcommand and hands it its arguments. */
#include "cli/commands.h"

#include "common/suggest.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* In the order of use. */
const struct command commands[] = {
    {"generate", cmd_generate,
        "make a deterministic market history as CSV, for want of data",
        &generate_option_table, NULL},
    {"replay", cmd_replay, "emit CSV rows as JSON to Kafka, at a chosen pace",
        &replay_option_table, NULL},
    {"mappings", cmd_mappings,
        "plan, apply and check index template, index and aliases",
        &mappings_option_table, NULL},
    {"bridge", cmd_bridge, "ferry records from Kafka into Elasticsearch",
        &bridge_option_table, NULL},
    {"nifi", cmd_nifi, "check a NiFi flow, and import it as a configuration",
        &nifi_option_table, NULL},
    {"kibana", cmd_kibana,
        "put dashboards into Kibana or OpenSearch Dashboards, and check them",
        &kibana_option_table, kibana_action_tables},
    {"dlq", cmd_dlq, "list and retry the records that Elasticsearch refused",
        &dlq_option_table, NULL},
    {"export", cmd_export, "write an index as CSV, exact to the last digit",
        &export_option_table, NULL},
    {"verify", cmd_verify, "prove that CSV, topic and index agree, row by row",
        &verify_option_table, NULL},
    {"completion", cmd_completion, "print a completion script for bash or zsh",
        &completion_option_table, NULL},
    {"manual", cmd_manual, NULL, &manual_option_table, NULL},
};

const size_t n_commands = sizeof(commands) / sizeof(commands[0]);

static void print_help(void)
{
    (void)printf(
        "Usage: naru COMMAND [ARGUMENTS]\n\n"
        "naru replays historical market data as a live stream and ferries it\n"
        "into Elasticsearch: CSV -> JSON -> Kafka -> bulk requests.\n\n"
        "Commands:\n");
    for (size_t i = 0; i < n_commands; i++) {
        if (commands[i].help != NULL) {
            (void)printf("  %-10s %s\n", commands[i].name, commands[i].help);
        }
    }
    (void)printf(
        "\n  naru COMMAND --help   what a command does, with examples\n"
        "  naru --version        this version\n\n"
        "Exit codes: 0 done, 1 the work found a failure, 2 unusable "
        "arguments\nor configuration; 3 is a command's own, see its "
        "--help.\n");
}

static int unknown_command(const char *typed)
{
    struct suggest s;

    suggest_start(&s, typed);
    for (size_t i = 0; i < n_commands; i++) {
        if (commands[i].help != NULL) {
            suggest_offer(&s, commands[i].name);
        }
    }
    if (suggest_best(&s) != NULL) {
        (void)fprintf(stderr,
            "naru: unknown command '%s'; did you mean '%s'?\n", typed,
            suggest_best(&s));
    } else {
        (void)fprintf(stderr,
            "naru: unknown command '%s'; naru --help lists them\n", typed);
    }
    return 2;
}

/* What was printed counts once it is out: a configuration or a page that a full
 * disk cut short must not look whole. Who reads only the first lines is content
 * with them. */
static int flush_output(int rc)
{
    errno = 0;
    if (rc != 0 || (fflush(stdout) == 0 && ferror(stdout) == 0) ||
        errno == EPIPE) {
        return rc;
    }
    (void)fprintf(stderr, "naru: cannot write standard output: %s\n",
        errno != 0 ? strerror(errno) : "a write failed");
    return 1;
}

static int run(const struct command *command, int argc, char **argv)
{
    int rc;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        (void)fprintf(stderr, "naru: cannot set up libcurl\n");
        return 1;
    }
    rc = flush_output(command->run(argc, argv));
    curl_global_cleanup();
    return rc;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "naru: which command? naru --help lists them\n");
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help();
        return flush_output(0);
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        (void)printf("naru %s\n", NARU_VERSION);
        return flush_output(0);
    }
    for (size_t i = 0; i < n_commands; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return run(&commands[i], argc - 1, argv + 1);
        }
    }
    return unknown_command(argv[1]);
}
