/*
 * What LogAttribute and LogMessage write, in the layout of NiFi 1.9.2's
 * nifi-app.log: logback's "%date %level [%thread] %logger{40} %msg%n".
 */
#include "bridge/transform/step.h"

#include "bridge/nifi/date_format.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BYTES ((size_t)4 << 20)
#define PAYLOAD_MOST_BYTES ((size_t)1 << 20) /* NiFi leaves larger ones out */
#define NAME_MOST_BYTES 256
#define RULE_CHARS 50
#define RULE_SIDE_CHARS 5
#define PREFIX_CHARS 40
#define PREFIX_MOST_BYTES 1000

static const char *const level_words[] = {"DEBUG", "INFO", "WARN", "ERROR"};

static int put_date(
    struct buf *b, const char *pattern, const struct zone *zone, int64_t at_ms)
{
    return date_format_write(slice_of(pattern), at_ms, zone, b);
}

/* The line's beginning, up to the message. */
static int put_head(struct buf *b, const struct step *s,
    const struct step_run *run, const char *class)
{
    int rc = put_date(b, "yyyy-MM-dd HH:mm:ss,SSS", run->zone, run->now_ms);

    return rc == 0 ? buf_printf(b,
                         " %s [naru] o.a.n.processors.standard.%s "
                         "%s[id=%s] ",
                         level_words[s->level], class, class,
                         s->id != NULL ? s->id : "naru")
                   : -1;
}

static int put_dashes(struct buf *b, size_t n)
{
    int rc = 0;

    while (rc == 0 && n-- > 0) {
        rc = buf_append_char(b, '-');
    }
    return rc;
}

/* 50 dashes, or the prefix in their middle: five, it centred in 40, five. */
static int put_rule(struct buf *b, struct slice prefix)
{
    size_t n = prefix.len;
    size_t spare = n < PREFIX_CHARS ? PREFIX_CHARS - n : 0;

    if (n == 0) {
        return put_dashes(b, RULE_CHARS);
    }
    return put_dashes(b, RULE_SIDE_CHARS + spare / 2) == 0 &&
                   buf_append_slice(b, prefix) == 0
               ? put_dashes(b, spare - spare / 2 + RULE_SIDE_CHARS)
               : -1;
}

static int put_pair(struct buf *b, struct slice key, struct slice value)
{
    return buf_append_str(b, "\nKey: '") == 0 &&
                   buf_append_slice(b, key) == 0 &&
                   buf_append_str(b, "'\n\tValue: '") == 0 &&
                   buf_append_slice(b, value) == 0
               ? buf_append_char(b, '\'')
               : -1;
}

static bool matches(const regex_t *regex, struct slice name)
{
    char text[NAME_MOST_BYTES];

    if (name.len >= sizeof(text)) {
        return false;
    }
    memcpy(text, name.p, name.len);
    text[name.len] = '\0';
    return regexec(regex, text, 0, NULL, 0) == 0;
}

static bool is_wanted(const struct step *s, struct slice name)
{
    return (!s->has_wanted || matches(&s->wanted, name)) &&
           !(s->has_ignored && matches(&s->ignored, name));
}

static int by_name(const void *a, const void *b)
{
    struct slice x = ((const struct attribute *)a)->name;
    struct slice y = ((const struct attribute *)b)->name;
    size_t n = x.len < y.len ? x.len : y.len;
    int order = n > 0 ? memcmp(x.p, y.p, n) : 0;

    return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

static int put_attributes(
    struct buf *b, const struct step *s, const struct flow_file *file)
{
    size_t n = file->attributes.n;
    struct attribute *sorted = malloc(n * sizeof(*sorted) + 1);
    int rc = sorted != NULL ? 0 : -1;

    if (rc == 0 && n > 0) {
        memcpy(sorted, file->attributes.all, n * sizeof(*sorted));
        qsort(sorted, n, sizeof(*sorted), by_name);
    }
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (is_wanted(s, sorted[i].name)) {
            rc = put_pair(b, sorted[i].name, sorted[i].value);
        }
    }
    free(sorted);
    return rc;
}

static struct slice attribute_or_nothing(
    const struct flow_file *file, const char *name)
{
    struct slice value = {"", 0};

    (void)attributes_find(&file->attributes, slice_of(name), &value);
    return value;
}

static int put_standard(
    struct buf *b, const struct step_run *run, const struct flow_file *file)
{
    char size[24];
    struct buf date;
    int rc;

    buf_init(&date, 64);
    (void)snprintf(size, sizeof(size), "%zu", file->value.len);
    rc =
        put_date(&date, "EEE MMM dd HH:mm:ss zzz yyyy", run->zone, run->now_ms);
    if (rc == 0) {
        rc = put_pair(b, slice_of("entryDate"), buf_slice(&date)) == 0 &&
                     put_pair(
                         b, slice_of("lineageStartDate"), buf_slice(&date)) == 0
                 ? put_pair(b, slice_of("fileSize"), slice_of(size))
                 : -1;
    }
    buf_fini(&date);
    return rc;
}

/* The rule for a record; the same above and below its attributes. */
static int make_rule(struct buf *rule, const struct step *s,
    const struct step_run *run, const struct flow_file *file)
{
    struct expression_env env = step_env(run, file);
    struct error why;
    struct buf prefix;
    int rc = 0;

    buf_init(&prefix, PREFIX_MOST_BYTES);
    if (s->prefix != NULL &&
        expression_eval(s->prefix, &env, &prefix, &why) != 0) {
        buf_clear(&prefix);
        rc = buf_append_str(&prefix, why.text);
    }
    rc = rc == 0 ? put_rule(rule, buf_slice(&prefix)) : rc;
    buf_fini(&prefix);
    return rc;
}

static int put_log_attribute(struct buf *b, const struct step *s,
    const struct step_run *run, const struct flow_file *file, struct slice rule)
{
    struct slice uuid = attribute_or_nothing(file, "uuid");
    struct slice name = attribute_or_nothing(file, "filename");

    if (put_head(b, s, run, "LogAttribute") != 0 ||
        buf_printf(b,
            "logging for flow file StandardFlowFileRecord[uuid=" SLICE_FMT
            ",claim=,offset=0,name=" SLICE_FMT ",size=%zu]\n",
            SLICE_ARG(uuid), SLICE_ARG(name), file->value.len) != 0 ||
        buf_append_slice(b, rule) != 0 ||
        buf_append_str(b, "\nStandard FlowFile Attributes") != 0 ||
        put_standard(b, run, file) != 0 ||
        buf_append_str(b, "\nFlowFile Attribute Map Content") != 0 ||
        put_attributes(b, s, file) != 0 || buf_append_char(b, '\n') != 0 ||
        buf_append_slice(b, rule) != 0) {
        return -1;
    }
    if (!s->with_payload || file->value.len >= PAYLOAD_MOST_BYTES) {
        return 0;
    }
    return buf_append_char(b, '\n') == 0 ? buf_append_slice(b, file->value)
                                         : -1;
}

static int put_log_message(struct buf *b, const struct step *s,
    const struct step_run *run, const struct flow_file *file)
{
    struct expression_env env = step_env(run, file);
    struct error why;

    if (put_head(b, s, run, "LogMessage") != 0) {
        return -1;
    }
    if ((s->prefix != NULL && expression_eval(s->prefix, &env, b, &why) != 0) ||
        expression_eval(s->message, &env, b, &why) != 0) {
        return buf_printf(b, "(%s)", why.text);
    }
    return 0;
}

void step_log(const struct step *s, const struct step_run *run,
    const struct flow_file *file)
{
    struct buf text, rule;
    int rc = 0;

    if (!log_enabled(s->level)) {
        return;
    }
    buf_init(&text, MOST_BYTES);
    buf_init(&rule, MOST_BYTES);
    if (s->kind == STEP_LOG_MESSAGE) {
        rc = put_log_message(&text, s, run, file);
    } else if ((rc = make_rule(&rule, s, run, file)) == 0) {
        rc = put_log_attribute(&text, s, run, file, buf_slice(&rule));
    }
    buf_fini(&rule);
    if (rc == 0) {
        log_block(s->level, buf_slice(&text));
    } else {
        log_warn(LOG_MSG("a record's attributes are too large to be logged"));
    }
    buf_fini(&text);
}
