/*
 * Ids from patterns; see id_pattern.h. A pattern is cut into parts once: fixed
 * text, a field, or something of the record.
 */
#include "verify/id_pattern.h"

#include "common/civil.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum part_kind {
    PART_TEXT,
    PART_FIELD,
    PART_TOPIC,
    PART_PARTITION,
    PART_OFFSET,
    PART_KEY,
    PART_TIMESTAMP
};

struct part {
    enum part_kind kind;
    struct slice text;   /* fixed text, or the field's name */
    struct slice format; /* of a date; empty: as it stands */
};

struct id_pattern {
    char *text;
    struct part *parts;
    size_t n;
};

static const struct {
    const char *name;
    enum part_kind kind;
} record_parts[] = {
    {"_topic", PART_TOPIC},
    {"_partition", PART_PARTITION},
    {"_offset", PART_OFFSET},
    {"_key", PART_KEY},
    {"_timestamp", PART_TIMESTAMP},
};

static int check_format(struct slice format, struct error *err)
{
    for (size_t i = 0; i < format.len; i++) {
        if (format.p[i] == '%' &&
            (++i == format.len || strchr("Ymd%", format.p[i]) == NULL)) {
            return error_set(err,
                "id pattern: '%.*s' is not made of %%Y, %%m and %%d",
                (int)format.len, format.p);
        }
    }
    return 0;
}

/* What stands between the braces. */
static int read_part(struct slice inside, struct part *part, struct error *err)
{
    const char *colon =
        inside.len > 0 ? memchr(inside.p, ':', inside.len) : NULL;
    size_t len = colon != NULL ? (size_t)(colon - inside.p) : inside.len;

    *part = (struct part){.kind = PART_FIELD, .text = {inside.p, len}};
    if (len == 0) {
        return error_set(err, "id pattern: %%{} names no field");
    }
    if (colon != NULL) {
        part->format = (struct slice){colon + 1, inside.len - len - 1};
        return check_format(part->format, err);
    }
    for (size_t i = 0; i < sizeof(record_parts) / sizeof(*record_parts); i++) {
        if (slice_is(part->text, record_parts[i].name)) {
            part->kind = record_parts[i].kind;
        }
    }
    return 0;
}

static int compile(struct id_pattern *p, struct error *err)
{
    const char *at = p->text, *open, *close;

    while (*at != '\0') {
        open = strstr(at, "%{");
        if (open != at) {
            size_t len = open != NULL ? (size_t)(open - at) : strlen(at);

            p->parts[p->n++] =
                (struct part){.kind = PART_TEXT, .text = {at, len}};
            at += len;
            continue;
        }
        close = strchr(open, '}');
        if (close == NULL) {
            return error_set(err, "id pattern: \"%s\" lacks its }", open);
        }
        if (read_part((struct slice){open + 2, (size_t)(close - open - 2)},
                &p->parts[p->n], err) != 0) {
            return -1;
        }
        p->n++;
        at = close + 1;
    }
    return 0;
}

struct id_pattern *id_pattern_new(const char *text, struct error *err)
{
    struct id_pattern *p = calloc(1, sizeof(*p));

    if (p == NULL || (p->text = strdup(text)) == NULL ||
        (p->parts = calloc(strlen(text) + 1, sizeof(*p->parts))) == NULL) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    if (compile(p, err) != 0) {
        goto fail;
    }
    return p;

fail:
    id_pattern_free(p);
    return NULL;
}

void id_pattern_free(struct id_pattern *p)
{
    if (p != NULL) {
        free(p->text);
        free(p->parts);
        free(p);
    }
}

bool id_pattern_needs_record(const struct id_pattern *p)
{
    for (size_t i = 0; i < p->n; i++) {
        switch (p->parts[i].kind) {
        case PART_TOPIC:
        case PART_PARTITION:
        case PART_OFFSET:
        case PART_TIMESTAMP:
            return true;
        case PART_TEXT:
        case PART_FIELD:
        case PART_KEY:
            break;
        }
    }
    return false;
}

/* The date's digits as format has them; text may go on behind the day. */
static int put_date(const struct part *part, struct slice text, struct buf *out)
{
    int64_t day;
    int rc = 0;

    if (text.len < CIVIL_DATE_BYTES ||
        civil_parse((struct slice){text.p, CIVIL_DATE_BYTES}, &day) != 0) {
        return -1;
    }
    for (size_t i = 0; rc == 0 && i < part->format.len; i++) {
        char c = part->format.p[i];

        if (c != '%') {
            rc = buf_append_char(out, c);
            continue;
        }
        switch (part->format.p[++i]) {
        case 'Y':
            rc = buf_append(out, text.p, 4);
            break;
        case 'm':
            rc = buf_append(out, text.p + 5, 2);
            break;
        case 'd':
            rc = buf_append(out, text.p + 8, 2);
            break;
        default:
            rc = buf_append_char(out, '%');
            break;
        }
    }
    return rc;
}

static int put_field(const struct part *part, const struct content *c,
    struct buf *out, struct error *err)
{
    size_t i = content_find(c, part->text);
    struct content_field f;

    if (i == CONTENT_NONE) {
        return error_set(
            err, "no field %.*s", (int)part->text.len, part->text.p);
    }
    f = content_at(c, i);
    if (f.kind == CONTENT_OTHER ||
        (part->format.len > 0 && f.kind != CONTENT_STRING)) {
        return error_set(err, "field %.*s cannot be part of an id",
            (int)part->text.len, part->text.p);
    }
    if (part->format.len == 0) {
        return buf_append_slice(out, f.text);
    }
    return put_date(part, f.text, out) == 0
               ? 0
               : error_set(err, "field %.*s is no date", (int)part->text.len,
                     part->text.p);
}

static int put_part(const struct part *part, const struct content *c,
    const struct origin *origin, struct buf *out, struct error *err)
{
    switch (part->kind) {
    case PART_TEXT:
        return buf_append_slice(out, part->text);
    case PART_FIELD:
        return put_field(part, c, out, err);
    case PART_TOPIC:
        return buf_append_slice(out, origin->topic);
    case PART_PARTITION:
        return buf_printf(out, "%" PRId32, origin->partition);
    case PART_OFFSET:
        return buf_printf(out, "%" PRId64, origin->offset);
    case PART_TIMESTAMP:
        return buf_printf(out, "%" PRId64, origin->timestamp_ms);
    case PART_KEY:
        return origin->has_key ? buf_append_slice(out, origin->key)
                               : error_set(err, "no key");
    }
    return -1;
}

int id_pattern_expand(const struct id_pattern *p, const struct content *c,
    const struct origin *origin, struct buf *out, struct error *err)
{
    buf_clear(out);
    for (size_t i = 0; i < p->n; i++) {
        if (put_part(&p->parts[i], c, origin, out, err) != 0) {
            return -1;
        }
    }
    return 0;
}
