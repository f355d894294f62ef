/*
 * What every subcommand that reads naru.conf shares: the tables of all known
 * keys, and the options -c FILE and --set section.key=value.
 */
#ifndef NARU_CLI_SETTINGS_H
#define NARU_CLI_SETTINGS_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <stddef.h>

struct settings_args {
    const char *file;  /* of -c; NULL: ./naru.conf if it is there */
    const char *nifi;  /* of --nifi: a flow below all else; then no file but
                        * -c's is read. NULL: none */
    size_t nifi_path;  /* of --path; 0: the only one */
    const char *zone;  /* of --zone; NULL: UTC */
    const char **sets; /* of --set, in order; grown by settings_add */
    size_t n_sets;
    char *brokers; /* of --brokers, as a --set; owned */
};

/* settings_add(a, assignment): Remember a --set. Borrowed. -1: no memory. */
int settings_add(struct settings_args *a, const char *assignment) MUST_CHECK;

/*
 * settings_brokers(a, list, err):
 * Take --brokers, the same as a --set kafka.bootstrap.servers=LIST behind all
 * others. Returns 0, or -1 with err when the list is empty or memory is short.
 */
int settings_brokers(
    struct settings_args *a, const char *list, struct error *err) MUST_CHECK;
void settings_fini(struct settings_args *a);

/* settings_tables(n): The tables of all known keys, *n of them; static. */
const struct config_table *settings_tables(size_t *n);

/*
 * settings_load(a, err):
 * The configuration of file, environment and --set. NULL with err. The caller
 * frees it with config_free.
 */
struct config *settings_load(
    const struct settings_args *a, struct error *err) MUST_CHECK;

#endif
