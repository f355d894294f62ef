/*
 * Reading naru.conf with inih. inih hands keys over without their line
 * number, so the reader function that feeds it counts lines; inih asks for a
 * line and calls the handler for it before it asks for the next.
 *
 * A setting is stored when the next one begins, because an indented line may
 * still continue it. inih tells a continuation by calling the handler with
 * the same name again; that the line is indented tells it from a key given
 * twice, and a section's header in between from a setting that is indented.
 */
#include "common/config_file.h"

#include "common/buf.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_VALUE_BYTES 65536

struct reading {
    struct config *c;
    const char *path;
    FILE *file;
    int line;
    bool line_is_indented;
    bool in_setting; /* one stands above in this section: it can go on */
    struct buf name; /* of the setting not stored yet */
    struct buf value;
    int value_line;
    bool failed;
    struct error *err;
};

/* As inih sees them: an indented '[' is a header only where no setting is. */
static void note_line(struct reading *r, const char *line)
{
    const char *first = line;

    while (isspace((unsigned char)*first)) {
        first++;
    }
    r->line++;
    r->line_is_indented = first > line;
    if (*first == '[' && !(r->line_is_indented && r->in_setting)) {
        r->in_setting = false;
    }
}

static char *next_line(char *str, int num, void *stream)
{
    struct reading *r = stream;
    char *got;

    if (r->failed) {
        return NULL;
    }
    got = fgets(str, num, r->file);
    if (got == NULL) {
        return NULL;
    }
    note_line(r, str);
    if (strchr(str, '\n') == NULL && !feof(r->file)) {
        r->failed = true;
        (void)error_set(r->err,
            "%s:%d: the line is longer than %d bytes; continue it on an "
            "indented line",
            r->path, r->line, num - 2);
        return NULL;
    }
    return got;
}

static int store(struct reading *r)
{
    char origin[512];

    if (r->name.len_bytes == 0) {
        return 0;
    }
    (void)snprintf(origin, sizeof(origin), "%s:%d", r->path, r->value_line);
    if (config_put_from_file(
            r->c, buf_str(&r->name), buf_str(&r->value), origin, r->err) != 0) {
        return -1;
    }
    buf_clear(&r->name);
    buf_clear(&r->value);
    return 0;
}

/*
 * "key = value" or "[section]" that slipped to the right would vanish into the
 * value above. A colon proves nothing: it stands in "host:port", as a bracket
 * does in "[::1]:9092".
 */
static bool looks_misplaced(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    size_t n = strspn(text, letters);

    if (text[0] == '[') {
        n = strspn(text + 1, letters);
        return n > 0 && strcmp(text + 1 + n, "]") == 0;
    }
    return n > 0 && text[n + strspn(text + n, " \t")] == '=';
}

/* inih cuts a comment behind a value, but not one behind its continuation. */
static size_t without_comment(const char *text)
{
    size_t n = 0;

    while (text[n] != '\0' &&
           !(text[n] == ';' && n > 0 && isspace((unsigned char)text[n - 1]))) {
        n++;
    }
    while (n > 0 && isspace((unsigned char)text[n - 1])) {
        n--;
    }
    return n;
}

static int go_on(struct reading *r, const char *more)
{
    size_t n = without_comment(more);

    if (looks_misplaced(more)) {
        return error_set(r->err,
            "%s:%d: the line is indented, so it would continue the value "
            "above; move it to the left edge",
            r->path, r->line);
    }
    if (buf_append(&r->value, more, n) != 0) {
        return error_set(r->err,
            "%s:%d: the value is too long: with its continuation on line %d "
            "it passes %d bytes",
            r->path, r->value_line, r->line, MAX_VALUE_BYTES);
    }
    return 0;
}

static int take(
    struct reading *r, const char *section, const char *key, const char *value)
{
    if (r->line_is_indented && r->in_setting) {
        return go_on(r, value);
    }
    if (store(r) != 0) {
        return -1;
    }
    r->in_setting = true;
    r->value_line = r->line;
    if (section[0] != '\0' && (buf_append_str(&r->name, section) != 0 ||
                                  buf_append_char(&r->name, '.') != 0)) {
        return error_set(r->err, "out of memory");
    }
    if (buf_append_str(&r->name, key) != 0 ||
        buf_append_str(&r->value, value) != 0) {
        return error_set(r->err, "out of memory");
    }
    return 0;
}

static int on_setting(
    void *user, const char *section, const char *key, const char *value)
{
    struct reading *r = user;

    if (!r->failed && take(r, section, key, value) != 0) {
        r->failed = true;
    }
    return 1;
}

static int read_all(struct reading *r)
{
    int bad_line = ini_parse_stream(next_line, r, on_setting, r);

    if (r->failed) {
        return -1;
    }
    if (ferror(r->file)) {
        return error_set(r->err, "%s: %s", r->path, strerror(errno));
    }
    if (bad_line > 0) {
        return error_set(r->err,
            "%s:%d: expected 'key = value', '[section]' or a comment that "
            "starts with ';'",
            r->path, bad_line);
    }
    return store(r);
}

static FILE *open_file(const char *path, struct error *err)
{
    struct stat st;
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        (void)error_set(err, "%s: %s", path, strerror(errno));
        return NULL;
    }
    if (fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
        (void)fclose(file);
        (void)error_set(
            err, "%s: a directory; name a configuration file", path);
        return NULL;
    }
    return file;
}

int config_read_file(struct config *c, const char *path, struct error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct reading r = {.c = c,
        .path = is_stdin ? "standard input" : path,
        .file = is_stdin ? stdin : open_file(path, err),
        .err = err};
    int rc;

    if (r.file == NULL) {
        return -1;
    }
    buf_init(&r.name, MAX_VALUE_BYTES);
    buf_init(&r.value, MAX_VALUE_BYTES);
    rc = read_all(&r);
    config_end_of_file(c);
    buf_fini(&r.name);
    buf_fini(&r.value);
    if (!is_stdin) {
        (void)fclose(r.file);
    }
    return rc;
}
