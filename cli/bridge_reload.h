/* SIGHUP: naru bridge's configuration read anew while it runs. */
#ifndef NARU_CLI_BRIDGE_RELOAD_H
#define NARU_CLI_BRIDGE_RELOAD_H

#include "bridge/pipeline.h"
#include "cli/settings.h"
#include "common/log.h"

#include <stdbool.h>

struct bridge_reload {
    const struct settings_args *args; /* of the command line */
    struct config *config;            /* in force; renewed in place */
    struct pipeline *pipeline;
    enum log_level level; /* where admin.log_level is not set */
    bool has_level;       /* said on the command line, whatever it is */
};

/* bridge_reload_level(r): Log from the level that is wanted. */
void bridge_reload_level(const struct bridge_reload *r);

/*
 * bridge_reload_now(r):
 * Read file, environment and --set again, take what may change, and say of
 * each setting that differs whether it was taken. What cannot be read changes
 * nothing.
 */
void bridge_reload_now(struct bridge_reload *r);

/* bridge_reload_has_terminal(): Is there a terminal that we belong to? SIGHUP
 * also comes when it goes, and then is no wish to be reloaded. */
bool bridge_reload_has_terminal(void);

#endif
