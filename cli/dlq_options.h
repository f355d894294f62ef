/* The command line of naru dlq, read into what is to be done. */
#ifndef NARU_CLI_DLQ_OPTIONS_H
#define NARU_CLI_DLQ_OPTIONS_H

#include "bridge/dlq/letter_walk.h"
#include "cli/settings.h"
#include "common/buf.h"
#include "common/options.h"

enum dlq_action { DLQ_LIST, DLQ_RETRY };
enum dlq_to { DLQ_TO_NOTHING, DLQ_TO_TOPIC, DLQ_TO_INDEX };

struct dlq_options {
    struct settings_args settings;
    enum dlq_action action;
    const char *topic, *file; /* where the letters are; both NULL: config */
    struct letter_walk walk;
    bool summary, json, values;
    enum dlq_to to;
    bool dry_run;
    bool help;
    struct buf brokers; /* "kafka.bootstrap.servers=..." */
};

/*
 * dlq_options_read(o, argc, argv, now_ms, err):
 * Texts are borrowed from argv. Returns 0 or -1 with err;
 * dlq_options_fini is due either way.
 */
int dlq_options_read(struct dlq_options *o, int argc, char **argv,
    int64_t now_ms, struct error *err) MUST_CHECK;
void dlq_options_fini(struct dlq_options *o);

#endif
