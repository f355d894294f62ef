/* English names as Java writes them. */
#ifndef NARU_BRIDGE_NIFI_DATE_NAMES_H
#define NARU_BRIDGE_NIFI_DATE_NAMES_H

extern const char *const date_months[12];
extern const char *const date_weekdays[7]; /* Sunday first */
extern const char *const date_halves[2];

#endif
