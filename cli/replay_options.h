/* What naru replay was told to do: its options, and what they name. */
#ifndef NARU_CLI_REPLAY_OPTIONS_H
#define NARU_CLI_REPLAY_OPTIONS_H

#include "cli/row_options.h"
#include "cli/settings.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "replay/key_pattern.h"
#include "replay/pacer.h"
#include "replay/producer.h"

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
    bool check_dataset; /* instead of a replay: rows.dataset_name */
    bool skip_refused;
    bool exactly_once;
    bool restart;
    bool event_timestamps;
    const char *resume;              /* the replay's name; NULL: it has none */
    const char *manifest;            /* the file; NULL: none */
    struct key_pattern *key;         /* owned; NULL: the dataset's column */
    struct producer_header *headers; /* owned, as their texts */
    size_t n_headers;
    struct pace pace;
    int64_t start_delay_us;
    int64_t passes; /* over the rows; 0: for ever */
    int partitions; /* of --create-topic; 0: it was not given */
    int replicas;   /* -1: as many as the brokers choose */

    struct config *config; /* owned */

    const char *pace_text, *create_topic, *key_text; /* as in argv */
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
