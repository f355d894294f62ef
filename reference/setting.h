/* What a setting takes, in words, and its environment variable. Pure. */
#ifndef NARU_REFERENCE_SETTING_H
#define NARU_REFERENCE_SETTING_H

#include "common/config.h"

#include <stdbool.h>

#define SETTING_TAKES_BYTES 256
#define SETTING_SECTION_BYTES 64

/*
 * setting_takes(key, out):
 * "bytes, from 1m to 64g", "one of none, gzip": its kind with its range, in
 * units of people.
 */
void setting_takes(const struct config_key *key, char out[SETTING_TAKES_BYTES]);

/* setting_variable(key, out): NARU_BRIDGE_MEMORY_BYTES. */
void setting_variable(
    const struct config_key *key, char out[SETTING_TAKES_BYTES]);

/*
 * setting_begins_section(t, i, title):
 * Is row i the first of its section? *title is then "[bridge]".
 */
bool setting_begins_section(
    const struct config_table *t, size_t i, char title[SETTING_SECTION_BYTES]);

#endif
