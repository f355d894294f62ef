/* One line an event to standard error; see log.h. */
#include "common/log.h"

#include "common/buf.h"
#include "common/json_write.h"
#include "common/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define TAIL_BYTES 32 /* of what ends a line */

static struct {
    _Atomic enum log_level least; /* changes while librdkafka's threads log */
    bool json;
    bool journal; /* standard error goes to systemd's journal */
} shape = {LOG_INFO, false, false};

static const char *const level_names[] = {"debug", "info", "warn", "error"};

/* As systemd.exec(5) has it: device and inode of the stream, so that a program
 * whose standard error was redirected since does not take a file for the
 * journal. */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat st;

    return stream != NULL &&
           sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
           fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device &&
           st.st_ino == inode;
}

void log_setup(enum log_level least, bool json)
{
    shape.least = least;
    shape.json = json;
    shape.journal = stderr_is_journal();
}

/* syslog's numbers. */
const char *log_priority(enum log_level level)
{
    static const char *const priorities[] = {"<7>", "<6>", "<4>", "<3>"};

    return shape.journal ? priorities[level] : "";
}

void log_set_level(enum log_level least)
{
    shape.least = least;
}

bool log_enabled(enum log_level level)
{
    return level >= shape.least;
}

static void format_now(char *out, size_t size)
{
    struct timeval now;
    struct tm tm;
    char text[32];

    (void)gettimeofday(&now, NULL);
    (void)gmtime_r(&now.tv_sec, &tm);
    (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(out, size, "%s.%03dZ", text, (int)(now.tv_usec / 1000));
}

static bool needs_quotes(const char *text)
{
    if (*text == '\0') {
        return true;
    }
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text <= ' ' || *text == '"' || *text == '=' ||
            *text == '\\') {
            return true;
        }
    }
    return false;
}

/*
 * Copy text to out, which has room for LOG_TEXT_MOST_BYTES and a NUL, as
 * UTF-8. Was it cut? Then between letters.
 */
static bool copy_text(const char *text, char *out)
{
    size_t len = strlen(text);
    size_t n = len < LOG_TEXT_MOST_BYTES ? len : LOG_TEXT_MOST_BYTES;
    size_t good = 0;

    memcpy(out, text, n);
    for (;;) {
        good += utf8_valid_bytes((struct slice){out + good, n - good});
        if (good == n || (n < len && n - good < 4)) {
            out[good] = '\0';
            return good < len;
        }
        out[good++] = '?';
    }
}

static int put_text(struct buf *line, const char *text, bool *cut)
{
    char copy[LOG_TEXT_MOST_BYTES + 1];

    *cut = copy_text(text != NULL ? text : "", copy) || *cut;
    if (shape.json || needs_quotes(copy)) {
        return json_write_string(line, slice_of(copy));
    }
    return buf_append_str(line, copy);
}

/* JSON has no word for what is not a number. */
static int put_real(struct buf *line, double real)
{
    if (shape.json && !isfinite(real)) {
        return buf_append_str(line, "null");
    }
    return buf_printf(line, "%.3f", real);
}

static int put_value(struct buf *line, const struct log_field *f, bool *cut)
{
    switch (f->kind) {
    case LOG_KIND_STR:
        return put_text(line, f->text, cut);
    case LOG_KIND_INT:
        return buf_printf(line, "%lld", (long long)f->number);
    case LOG_KIND_DBL:
        return put_real(line, f->real);
    case LOG_KIND_END:
        break;
    }
    return 0;
}

static int put_key(struct buf *line, const char *key)
{
    return shape.json ? buf_printf(line, ",\"%s\":", key)
                      : buf_printf(line, " %s=", key);
}

static int put_head(struct buf *line, enum log_level level, const char *now)
{
    const char *name = level_names[level];

    if (buf_append_str(line, log_priority(level)) != 0) {
        return -1;
    }
    if (shape.json) {
        return buf_printf(line, "{\"time\":\"%s\",\"level\":\"%s\"", now, name);
    }
    return shape.journal ? buf_printf(line, "level=%s", name)
                         : buf_printf(line, "time=%s level=%s", now, name);
}

static int put_line(
    struct buf *line, enum log_level level, const struct log_field *fields)
{
    char now[64];
    bool cut = false;

    line->max_bytes = LOG_LINE_MOST_BYTES - TAIL_BYTES;
    format_now(now, sizeof(now));
    if (put_head(line, level, now) != 0) {
        return -1;
    }
    for (; fields->kind != LOG_KIND_END; fields++) {
        size_t before = line->len_bytes;

        if (put_key(line, fields->key) != 0 ||
            put_value(line, fields, &cut) != 0) {
            line->len_bytes = before;
            cut = true;
        }
    }
    line->max_bytes = LOG_LINE_MOST_BYTES;
    if (cut && (put_key(line, "cut") != 0 || buf_append_str(line, "true"))) {
        return -1;
    }
    return buf_append_str(line, shape.json ? "}\n" : "\n");
}

void log_write(enum log_level level, const struct log_field *fields)
{
    struct buf line;

    if (!log_enabled(level)) {
        return;
    }
    buf_init(&line, LOG_LINE_MOST_BYTES);
    if (put_line(&line, level, fields) == 0) {
        /* One write, so that lines of several processes do not mix. */
        (void)!write(STDERR_FILENO, line.data, line.len_bytes);
    }
    buf_fini(&line);
}

void log_block(enum log_level level, struct slice text)
{
    struct buf block;
    char now[64];
    int rc = 0;

    if (!log_enabled(level)) {
        return;
    }
    buf_init(&block, SIZE_MAX);
    format_now(now, sizeof(now));
    if (shape.json) {
        rc = buf_printf(&block,
            "{\"time\":\"%s\",\"level\":\"%s\",\"msg\":", now,
            level_names[level]);
        rc = rc == 0 ? json_write_words(&block, text) : rc;
        rc = rc == 0 ? buf_append_char(&block, '}') : rc;
    } else {
        rc = buf_append_slice(&block, text);
    }
    if (rc == 0 && buf_append_char(&block, '\n') == 0) {
        (void)!write(STDERR_FILENO, block.data, block.len_bytes);
    }
    buf_fini(&block);
}
