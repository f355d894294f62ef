/*
 * struct zone: a time zone as Java names it: "UTC", "GMT+9", "+09:00" or
 * "Asia/Seoul". A name with a town is read once from the system's zoneinfo,
 * without the process-wide TZ and tzset; all else is pure.
 */
#ifndef NARU_BRIDGE_NIFI_ZONE_H
#define NARU_BRIDGE_NIFI_ZONE_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

#include <stddef.h>
#include <stdint.h>

struct zone;

/*
 * zone_new(name, err):
 * NULL with err when nobody knows the name; Java would take GMT in silence.
 * The caller frees it with zone_free.
 */
struct zone *zone_new(const char *name, struct error *err) MUST_CHECK;
void zone_free(struct zone *z);

/*
 * zone_from_tzif(bytes, err): The zone that a file of the TZif form (RFC 8536,
 * version 2 and later) describes. The pure part of zone_new.
 */
struct zone *zone_from_tzif(struct slice bytes, struct error *err) MUST_CHECK;

/*
 * zone_offset_s(z, at_ms, name):
 * Seconds east of UTC at a moment (ms since 1970 UTC); *name gets the short
 * name in force then, such as KST; it may be NULL. z NULL is UTC.
 */
int zone_offset_s(const struct zone *z, int64_t at_ms, const char **name);

/* zone_moment_ms(z, local_ms): The moment at which clocks show local_ms (ms
 * since 1970-01-01 00:00 of the clock). z NULL is UTC. */
int64_t zone_moment_ms(const struct zone *z, int64_t local_ms);

#endif
