/*
 * struct date_format: Java's SimpleDateFormat patterns (yyyy-MM-dd HH:mm:ss
 * and the like), with English names. Pure.
 *
 * Letters: y Y M L d D E u a H k K h m s S z Z X and '...'. Y counts years by
 * weeks that begin on Sunday, the first one holding January 1st, as Java does
 * for the US and Korea. The rest (G, w, W, F) is refused.
 */
#ifndef NARU_BRIDGE_NIFI_DATE_FORMAT_H
#define NARU_BRIDGE_NIFI_DATE_FORMAT_H

#include "bridge/nifi/zone.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"

#include <stdint.h>

/* From 0001-01-01 to 9999-12-31, a day less at each end for zones. */
#define DATE_FORMAT_MIN_MS (-62135510400000LL)
#define DATE_FORMAT_MAX_MS 253402214400000LL

/* What a pattern holds that is seldom meant. */
#define DATE_FORMAT_WEEK_YEAR 1u   /* YYYY: wrong around New Year */
#define DATE_FORMAT_DAY_OF_YEAR 2u /* DD: day of the year */

/*
 * date_format_check(pattern, odd, err):
 * Can all of it be formatted? *odd gets the DATE_FORMAT_ bits. 0, or -1 with
 * err that names the letter.
 */
int date_format_check(
    struct slice pattern, unsigned *odd, struct error *err) MUST_CHECK;

/*
 * date_format_write(pattern, at_ms, zone, out): Append a moment; it and the
 * pattern must be sound (see above). Returns 0, -1 when out is full.
 */
int date_format_write(struct slice pattern, int64_t at_ms,
    const struct zone *zone, struct buf *out) MUST_CHECK;

/*
 * date_format_read(pattern, text, zone, at_ms, err):
 * The moment that text says, which the pattern's zone letters place, else
 * zone. What is not said is 1970-01-01 00:00. Bytes behind it are left, as
 * Java leaves them. Returns 0, or -1 with err.
 */
int date_format_read(struct slice pattern, struct slice text,
    const struct zone *zone, int64_t *at_ms, struct error *err) MUST_CHECK;

#endif
