/* The options that the actions of naru kibana share. */
#ifndef NARU_CLI_KIBANA_OPTIONS_H
#define NARU_CLI_KIBANA_OPTIONS_H

#include "cli/settings.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "common/options.h"
#include "kibana/kibana_server.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kibana_option {
    KIBANA_CONFIG = 1,
    KIBANA_SET,
    KIBANA_URL,
    KIBANA_SPACE,
    KIBANA_INDEX,
    KIBANA_WAIT,
    KIBANA_OVERWRITE,
    KIBANA_NO_OVERWRITE,
    KIBANA_NO_INDEX,
    KIBANA_LEGACY,
    KIBANA_LENS,
    KIBANA_HELP
};

/* Rows of more than one action. */
#define KIBANA_ROW_CONFIG                                                      \
    {                                                                          \
        KIBANA_CONFIG, "config", 'c', "FILE",                                  \
            "the configuration (naru.conf, when it is there)"                  \
    }
#define KIBANA_ROW_SET                                                         \
    {                                                                          \
        KIBANA_SET, "set", 0, "SECTION.KEY=VALUE",                             \
            "one setting, over file and environment; again\n"                  \
            "for more"                                                         \
    }
#define KIBANA_ROW_URL                                                         \
    {                                                                          \
        KIBANA_URL, "url", 0, "URL",                                           \
            "where Kibana or OpenSearch Dashboards answers, with\n"            \
            "its base path (kibana.hosts; http://127.0.0.1:5601)"              \
    }
#define KIBANA_ROW_SPACE                                                       \
    {                                                                          \
        KIBANA_SPACE, "space", 0, "ID",                                        \
            "Kibana's space (kibana.space; the default space)"                 \
    }
#define KIBANA_ROW_INDEX                                                       \
    {                                                                          \
        KIBANA_INDEX, "index", 0, "ALIAS",                                     \
            "the index or alias that the data view and the panels\n"           \
            "ask, instead of the dataset's"                                    \
    }
#define KIBANA_ROW_WAIT                                                        \
    {                                                                          \
        KIBANA_WAIT, "wait", 0, "SECONDS",                                     \
            "how long to wait for a server that is not ready (0)"              \
    }
#define KIBANA_ROW_HELP                                                        \
    {                                                                          \
        KIBANA_HELP, "help", 'h', NULL, "this help"                            \
    }

struct kibana_options {
    struct settings_args settings;
    char *url, *space; /* of --url and --space, as --set; owned */
    const char *index;
    int64_t wait_s;
    bool keep; /* --no-overwrite */
    bool no_index, legacy, lens, help;
    size_t n_sets;
    struct options *options; /* holds the operands */
    struct config *config;   /* NULL after --help */
};

/*
 * kibana_options_read(o, table, argc, argv, err):
 * Read argv by table, and the configuration. Without an operand the set is the
 * configuration's bridge.dataset. Returns 0, or -1 with err;
 * kibana_options_fini is safe in both cases.
 */
int kibana_options_read(struct kibana_options *o,
    const struct option_table *table, int argc, char **argv,
    struct error *err) MUST_CHECK;
void kibana_options_fini(struct kibana_options *o);

/* kibana_options_set(o, i): The name of the i-th set, below n_sets. */
const char *kibana_options_set(const struct kibana_options *o, size_t i);

/*
 * kibana_options_link(o, link, endpoint, err):
 * How the server is reached, over *endpoint, which the caller frees
 * (endpoint_free). Returns 0 or -1 with err.
 */
int kibana_options_link(const struct kibana_options *o,
    struct kibana_link *link, struct endpoint **endpoint,
    struct error *err) MUST_CHECK;

#endif
