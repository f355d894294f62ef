/* What naru export was told to write, and from where: its options. */
#ifndef NARU_CLI_EXPORT_OPTIONS_H
#define NARU_CLI_EXPORT_OPTIONS_H

#include "cli/row_options.h"
#include "cli/settings.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/config.h"
#include "common/error.h"

#include <stdbool.h>
#include <stddef.h>

struct export_options {
    bool help; /* it was printed, and nothing else was looked at */
    bool quiet, force, crlf, byte_order_mark;
    const char *out;         /* a file, or "-" */
    const char *index;       /* or an alias, or a pattern */
    struct row_options rows; /* dataset and choice; no files */
    size_t *columns;         /* of the dataset, in the order written; owned */
    size_t n_columns;
    struct config *config; /* owned */
    struct buf index_text; /* a made up name */
    struct settings_args settings;
};

/*
 * export_options_read(o, argc, argv, err):
 * Read and check the options, load the configuration and the dataset, settle
 * the columns. argv is borrowed until export_options_fini, which is safe after
 * failure, too. Returns 0, or -1 with err.
 */
int export_options_read(struct export_options *o, int argc, char **argv,
    struct error *err) MUST_CHECK;
void export_options_fini(struct export_options *o);

#endif
