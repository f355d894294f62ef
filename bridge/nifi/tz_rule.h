/*
 * struct tz_rule: standard and summer time by rule, as POSIX writes them in
 * TZ ("EST5EDT,M3.2.0,M11.1.0"). Pure.
 */
#ifndef NARU_BRIDGE_NIFI_TZ_RULE_H
#define NARU_BRIDGE_NIFI_TZ_RULE_H

#include "common/attr.h"

#include <stdbool.h>
#include <stdint.h>

#define TZ_NAME_BYTES 16
#define TZ_MAX_OFFSET_S (26 * 3600)

struct tz_day { /* when a change comes, each year */
    enum { TZ_DAY_WEEK, TZ_DAY_JULIAN, TZ_DAY_COUNT } kind;
    int month, week, weekday; /* WEEK: 5 is the last of the month */
    int day;                  /* JULIAN: 1 to 365, no leap days; COUNT: 0.. */
    int time_s;               /* of the clock then in force */
};

struct tz_rule {
    char std_name[TZ_NAME_BYTES], dst_name[TZ_NAME_BYTES];
    int std_offset_s, dst_offset_s; /* east of UTC */
    bool has_dst;
    struct tz_day start, end;
};

/* tz_rule_parse(text, rule): Returns 0, or -1 when text is no such rule. */
int tz_rule_parse(const char *text, struct tz_rule *rule) MUST_CHECK;

/* tz_rule_offset_s(rule, at_s, name): as zone_offset_s, in seconds. */
int tz_rule_offset_s(
    const struct tz_rule *rule, int64_t at_s, const char **name);

#endif
