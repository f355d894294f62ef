/*
 * The bridge's settings: the tables of [bridge], [transform], [nifi] and
 * [admin], and the numbers that the rest of the bridge works by, read from
 * them once.
 */
#ifndef NARU_BRIDGE_BRIDGE_SETTINGS_H
#define NARU_BRIDGE_BRIDGE_SETTINGS_H

#include "common/config.h"

extern const struct config_table bridge_settings;
extern const struct config_table bridge_transform_settings;
extern const struct config_table bridge_nifi_settings;
extern const struct config_table bridge_admin_settings;

#endif
