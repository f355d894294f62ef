/* What a setting takes, in words, and its environment variable. Pure. */
#ifndef NARU_REFERENCE_SETTING_H
#define NARU_REFERENCE_SETTING_H

#include "common/config.h"

#define SETTING_TAKES_BYTES 256

/*
 * setting_takes(key, out):
 * "bytes, from 1m to 64g", "one of none, gzip": its kind with its range, in
 * units of people.
 */
void setting_takes(const struct config_key *key, char out[SETTING_TAKES_BYTES]);

/* setting_variable(key, out): NARU_BRIDGE_MEMORY_BYTES. */
void setting_variable(
    const struct config_key *key, char out[SETTING_TAKES_BYTES]);

#endif
