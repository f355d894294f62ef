/* Dates as the engines read them, by the formats that naru's mappings use. */
#ifndef NARU_PREFLIGHT_ENGINE_DATE_H
#define NARU_PREFLIGHT_ENGINE_DATE_H

#include "common/slice.h"

#include <stdbool.h>

/*
 * engine_date_knows(format): Are all of its alternatives, with || between
 * them, strict_date or epoch_millis?
 */
bool engine_date_knows(const char *format);

enum date_reading {
    DATE_REFUSED,
    DATE_TAKEN,
    DATE_SHIFTED /* taken, but for another day than is written */
};

/*
 * engine_date_read(format, text): Does one of the alternatives read text?
 *   strict_date   YYYY-MM-DD, of any two digits each: the engines count on, so
 *                 that 2022-13-01 is stored as 2023-01-01. A year of more than
 *                 four digits has a sign, as has a negative one
 *   epoch_millis  digits, and up to six behind a point; negative ones only in
 *                 whole seconds, which is what all engines take
 */
enum date_reading engine_date_read(const char *format, struct slice text);

#endif
