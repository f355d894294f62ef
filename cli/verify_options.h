/* What naru verify was told to compare: its options, and what they name. */
#ifndef NARU_CLI_VERIFY_OPTIONS_H
#define NARU_CLI_VERIFY_OPTIONS_H

#include "cli/row_options.h"
#include "cli/settings.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/config.h"
#include "common/error.h"
#include "verify/verify_job.h"

#include <stdbool.h>
#include <stdint.h>

struct verify_options {
    bool help; /* it was printed, and nothing else was looked at */
    bool quiet;
    const char *report; /* a file; NULL: none */
    int64_t examples;
    struct row_options rows;
    struct config *config; /* owned */

    /* What is to be read; NULL: not. */
    const char *topic, *group, *index, *dead_letter;
    bool dead_letter_if_there;
    const char *id;
    struct buf index_text, dead_letter_text; /* made up names */

    struct settings_args settings;
};

/*
 * verify_options_read(o, argc, argv, err):
 * Read and check the options, load the configuration and the dataset, and
 * settle what is to be compared. argv is borrowed until verify_options_fini,
 * which is safe after failure, too. Returns 0, or -1 with err.
 */
int verify_options_read(struct verify_options *o, int argc, char **argv,
    struct error *err) MUST_CHECK;
void verify_options_fini(struct verify_options *o);

/* verify_options_plan(o): The plan, but for keys and progress. Borrows o. */
struct verify_plan verify_options_plan(const struct verify_options *o);

#endif
