/* What naru replay was told to do: its options, and what they name. */
#ifndef NARU_CLI_REPLAY_OPTIONS_H
#define NARU_CLI_REPLAY_OPTIONS_H

#include "cli/row_options.h"
#include "cli/settings.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "replay/pacer.h"

#include <stdbool.h>
#include <stddef.h>

struct replay_options {
    bool help; /* it was printed, and nothing else was looked at */
    struct row_options rows;
    const char *topic; /* NULL only for a dry run */
    bool dry_run;
    bool quiet;
    bool verbose;
    bool json_report;
    struct pace pace;
    int partitions; /* of --create-topic; 0: it was not given */
    int replicas;   /* -1: as many as the brokers choose */

    struct config *config; /* owned */

    const char *pace_text, *create_topic; /* as they stood in argv */
    struct settings_args settings;
};

/*
 * replay_options_read(o, argc, argv, err):
 * Read and check the options, load the configuration and the dataset. argv is
 * borrowed until replay_options_fini, which is safe after failure, too.
 * Returns 0, or -1 with err.
 */
int replay_options_read(struct replay_options *o, int argc, char **argv,
    struct error *err) MUST_CHECK;
void replay_options_fini(struct replay_options *o);

#endif
