/*
 * The log of long-running commands: one line an event to standard error, as
 * key=value pairs or as JSON, a time first. Level and form are set once at
 * start; this is the one piece of state shared by all modules, because every
 * module may have something to say.
 *
 *   log_warn(LOG_MSG("elasticsearch does not answer"),
 *       LOG_STR("host", host), LOG_INT("retry_in_ms", delay_ms));
 */
#ifndef NARU_COMMON_LOG_H
#define NARU_COMMON_LOG_H

#include "common/slice.h"

#include <stdbool.h>
#include <stdint.h>

#define LOG_LINE_MOST_BYTES 8192
#define LOG_TEXT_MOST_BYTES 2000

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

enum log_kind { LOG_KIND_END, LOG_KIND_STR, LOG_KIND_INT, LOG_KIND_DBL };

struct log_field {
    const char *key;
    enum log_kind kind;
    const char *text;
    int64_t number;
    double real;
};

#define LOG_STR(k, v) ((struct log_field){(k), LOG_KIND_STR, (v), 0, 0.0})
#define LOG_INT(k, v)                                                          \
    ((struct log_field){(k), LOG_KIND_INT, 0, (int64_t)(v), 0.0})
#define LOG_DBL(k, v) ((struct log_field){(k), LOG_KIND_DBL, 0, 0, (v)})
#define LOG_MSG(v) LOG_STR("msg", (v))
#define LOG_FIELDS(...)                                                        \
    ((const struct log_field[]){__VA_ARGS__, {0, LOG_KIND_END, 0, 0, 0.0}})

#define log_debug(...) log_write(LOG_DEBUG, LOG_FIELDS(__VA_ARGS__))
#define log_info(...) log_write(LOG_INFO, LOG_FIELDS(__VA_ARGS__))
#define log_warn(...) log_write(LOG_WARN, LOG_FIELDS(__VA_ARGS__))
#define log_error(...) log_write(LOG_ERROR, LOG_FIELDS(__VA_ARGS__))

/*
 * log_setup(least, json):
 * Lines below least are dropped. Default INFO, text. When standard error is a
 * stream of systemd's journal ($JOURNAL_STREAM names it), lines begin with
 * their priority as <6>, which the journal takes off, and those of text have
 * no time, which the journal adds.
 */
void log_setup(enum log_level least, bool json);

/* log_set_level(least): The same lines from another level on. */
void log_set_level(enum log_level least);

/* log_priority(level): "<3>" for the journal, as lines begin with it that do
 * not come from log_write; "" elsewhere. */
const char *log_priority(enum log_level level);

/* log_enabled(level): Would a line of this level be written? */
bool log_enabled(enum log_level level);

/*
 * log_write(level, fields):
 * One line; fields end with LOG_KIND_END. A line is never lost for its length:
 * a text is cut after LOG_TEXT_MOST_BYTES, fields that find no room in
 * LOG_LINE_MOST_BYTES are left out, and cut=true says so. Bytes that are not
 * UTF-8 become question marks.
 */
void log_write(enum log_level level, const struct log_field *fields);

/*
 * log_block(level, text):
 * A text of several lines in a layout of its own, which is not cut: as it is,
 * or as JSON's msg.
 */
void log_block(enum log_level level, struct slice text);

#endif
