/*
 * Patterns of ids and index names; see pattern.h. Compiled to a list of
 * parts, so that filling one in is a short loop of copies.
 */
#include "bridge/pattern.h"

#include "bridge/attributes.h"
#include "common/civil.h"
#include "common/json_write.h"
#include "common/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOPIC_MOST_BYTES 249 /* Kafka's, org.apache.kafka...internals.Topic */

enum part_kind {
    PART_LITERAL,
    PART_FIELD,
    PART_DATE,
    PART_TOPIC,
    PART_PARTITION,
    PART_OFFSET,
    PART_KEY,
    PART_TIMESTAMP,
    PART_ATTRIBUTE,
    PART_SPLIT
};

struct part {
    enum part_kind kind;
    struct slice text; /* LITERAL: itself; DATE: its format; ATTRIBUTE: name */
    size_t field;      /* FIELD, DATE: place in fields */
};

/* The text of the first parts, when they say the same for all records of a
 * partition, as it was for the last one's: "topic-3-" of a default id. */
struct head {
    size_t n_parts;
    bool is_set;
    char topic[TOPIC_MOST_BYTES + 1];
    int32_t partition;
    struct buf text;
};

struct pattern {
    char *text; /* owned; the slices point into it */
    struct part *parts;
    size_t n_parts;
    struct slice *fields;
    size_t n_fields;
    struct head *head; /* NULL: none; what it holds changes by record */
};

struct record_name {
    const char *name;
    enum part_kind kind;
};

static const struct record_name record_names[] = {
    {"_topic", PART_TOPIC},
    {"_partition", PART_PARTITION},
    {"_offset", PART_OFFSET},
    {"_key", PART_KEY},
    {"_timestamp", PART_TIMESTAMP},
    {"_split", PART_SPLIT},
};

static size_t field_place(struct pattern *p, struct slice name)
{
    for (size_t i = 0; i < p->n_fields; i++) {
        if (slice_eq(p->fields[i], name)) {
            return i;
        }
    }
    p->fields[p->n_fields] = name;
    return p->n_fields++;
}

static bool is_date_format(struct slice f)
{
    bool any = false;

    for (size_t i = 0; i < f.len; i++) {
        if (f.p[i] == '%') {
            if (i + 1 == f.len || strchr("Ymd", f.p[i + 1]) == NULL) {
                return false;
            }
            any = true;
            i++;
        }
    }
    return any;
}

static int add_attribute(
    struct pattern *p, struct part *part, struct error *err)
{
    if (part->text.len == 0) {
        return error_set(
            err, "pattern '%s': a %%{attr:...} has no name", p->text);
    }
    part->kind = PART_ATTRIBUTE;
    p->n_parts++;
    return 0;
}

/* The inside of one %{...}. */
static int add_reference(
    struct pattern *p, struct slice inside, struct error *err)
{
    const char *colon = memchr(inside.p, ':', inside.len);
    struct part *part = &p->parts[p->n_parts];
    struct slice name = inside;

    if (colon != NULL) {
        name.len = (size_t)(colon - inside.p);
        part->text = (struct slice){colon + 1, inside.len - name.len - 1};
    }
    if (slice_is(name, "attr") && colon != NULL) {
        return add_attribute(p, part, err);
    }
    if (colon != NULL) {
        if (!is_date_format(part->text)) {
            return error_set(err,
                "pattern '%s': '%.*s' is not a date format of %%Y, %%m, %%d",
                p->text, (int)part->text.len, part->text.p);
        }
    }
    if (name.len == 0) {
        return error_set(err, "pattern '%s': a %%{...} has no name", p->text);
    }
    if (memmem(inside.p, inside.len, "%{", 2) != NULL) {
        return error_set(
            err, "pattern '%s': a %%{ has no } before the next", p->text);
    }
    part->kind = colon != NULL ? PART_DATE : PART_FIELD;
    for (size_t i = 0; i < sizeof(record_names) / sizeof(record_names[0]);
         i++) {
        if (!slice_is(name, record_names[i].name)) {
            continue;
        }
        if (colon != NULL) {
            return error_set(err,
                "pattern '%s': '%.*s' has no date format; only a field's date "
                "has",
                p->text, (int)inside.len, inside.p);
        }
        part->kind = record_names[i].kind;
    }
    if (part->kind == PART_FIELD || part->kind == PART_DATE) {
        if (name.p[0] == '_') {
            return error_set(err,
                "pattern '%s': no '%.*s'; a record has _topic, _partition, "
                "_offset, _key, _timestamp and _split",
                p->text, (int)name.len, name.p);
        }
        part->field = field_place(p, name);
    }
    p->n_parts++;
    return 0;
}

static void add_literal(struct pattern *p, const char *from, const char *to)
{
    if (from < to) {
        p->parts[p->n_parts++] =
            (struct part){PART_LITERAL, {from, (size_t)(to - from)}, 0};
    }
}

static int compile(struct pattern *p, struct error *err)
{
    const char *at = p->text;

    for (;;) {
        const char *open = strstr(at, "%{");
        const char *close = open != NULL ? strchr(open, '}') : NULL;

        if (open == NULL) {
            add_literal(p, at, at + strlen(at));
            return 0;
        }
        if (close == NULL) {
            return error_set(err, "pattern '%s': a %%{ has no }", p->text);
        }
        add_literal(p, at, open);
        if (add_reference(p,
                (struct slice){open + 2, (size_t)(close - open - 2)},
                err) != 0) {
            return -1;
        }
        at = close + 1;
    }
}

/* One part alone is as quick by itself. */
static int make_head(struct pattern *p)
{
    size_t n = 0;

    while (n < p->n_parts && (p->parts[n].kind == PART_LITERAL ||
                                 p->parts[n].kind == PART_TOPIC ||
                                 p->parts[n].kind == PART_PARTITION)) {
        n++;
    }
    if (n < 2) {
        return 0;
    }
    p->head = calloc(1, sizeof(*p->head));
    if (p->head == NULL) {
        return -1;
    }
    p->head->n_parts = n;
    buf_init(&p->head->text, SIZE_MAX);
    return 0;
}

struct pattern *pattern_new(const char *text, struct error *err)
{
    struct pattern *p = calloc(1, sizeof(*p));
    size_t most = strlen(text) + 1; /* no pattern has more parts than bytes */

    if (p == NULL) {
        goto no_memory;
    }
    p->text = strdup(text);
    p->parts = calloc(most, sizeof(*p->parts));
    p->fields = calloc(most, sizeof(*p->fields));
    if (p->text == NULL || p->parts == NULL || p->fields == NULL) {
        goto no_memory;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == '"' || *c == '\\') {
            (void)error_set(err,
                "pattern '%s': control characters, quotes and backslashes "
                "cannot stand in it",
                text);
            goto fail;
        }
    }
    if (!utf8_is_valid(slice_of(text))) {
        (void)error_set(err, "pattern '%s': it is not UTF-8", text);
        goto fail;
    }
    if (compile(p, err) != 0) {
        goto fail;
    }
    if (make_head(p) != 0) {
        goto no_memory;
    }
    return p;
no_memory:
    (void)error_set(err, "out of memory");
fail:
    pattern_free(p);
    return NULL;
}

void pattern_free(struct pattern *p)
{
    if (p != NULL) {
        free(p->text);
        free(p->parts);
        free(p->fields);
        if (p->head != NULL) {
            buf_fini(&p->head->text);
            free(p->head);
        }
        free(p);
    }
}

bool pattern_is_constant(const struct pattern *p)
{
    return p->n_parts == 0 ||
           (p->n_parts == 1 && p->parts[0].kind == PART_LITERAL);
}

bool pattern_reads_attributes(const struct pattern *p)
{
    for (size_t i = 0; i < p->n_parts; i++) {
        if (p->parts[i].kind == PART_ATTRIBUTE ||
            p->parts[i].kind == PART_SPLIT) {
            return true;
        }
    }
    return false;
}

size_t pattern_field_count(const struct pattern *p)
{
    return p->n_fields;
}

struct slice pattern_field(const struct pattern *p, size_t i)
{
    return p->fields[i];
}

static int full(struct error *err)
{
    (void)error_set(err, "the result is too long");
    return 1;
}

static int put(struct buf *out, struct slice s, struct error *err)
{
    return buf_append_slice(out, s) == 0 ? 0 : full(err);
}

/* The byte in each of the eight. */
#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Is any of the eight 0? (Warren, Hacker's Delight, section 6-1.) */
static inline bool has_zero(uint64_t eight)
{
    return ((eight - EIGHT(0x01)) & ~eight & EIGHT(0x80)) != 0;
}

/* Nothing but what needs no second look: ASCII without escapes. */
static inline bool are_plain(uint64_t eight)
{
    return (eight & EIGHT(0x80)) == 0 &&
           ((eight - EIGHT(' ')) & EIGHT(0x80)) == 0 &&
           !has_zero(eight ^ EIGHT(0x7f)) && !has_zero(eight ^ EIGHT('\\'));
}

static bool is_plain(struct slice raw)
{
    uint64_t eight;
    size_t i = 0;

    for (; raw.len - i >= sizeof(eight); i += sizeof(eight)) {
        memcpy(&eight, raw.p + i, sizeof(eight));
        if (!are_plain(eight)) {
            return false;
        }
    }
    for (eight = EIGHT('0'); i < raw.len; i++) {
        eight = eight << 8 | (unsigned char)raw.p[i];
    }
    return are_plain(eight);
}

/* May raw stand between the quotes of a JSON string as it is? */
static bool is_sound(struct slice raw)
{
    if (is_plain(raw)) {
        return true;
    }
    for (size_t i = 0; i < raw.len; i++) {
        if ((unsigned char)raw.p[i] < 0x20) {
            return false;
        }
        if (raw.p[i] != '\\') {
            continue;
        }
        i++;
        if (i == raw.len || memchr("\"\\/bfnrtu", raw.p[i], 9) == NULL) {
            return false;
        }
        if (raw.p[i] == 'u') {
            for (size_t end = i + 4; i < end; i++) {
                if (i + 1 >= raw.len ||
                    !isxdigit((unsigned char)raw.p[i + 1])) {
                    return false;
                }
            }
        }
    }
    return utf8_is_valid(raw);
}

static int put_field(
    const struct json_field *f, struct buf *out, struct error *err)
{
    if (!f->found) {
        return error_set(
            err, "the field '%.*s' is missing", (int)f->name.len, f->name.p);
    }
    switch (f->value.kind) {
    case JSON_STRING:
        if (!is_sound(f->value.raw)) {
            return error_set(err, "the field '%.*s' is not a JSON text",
                (int)f->name.len, f->name.p);
        }
        return put(out, f->value.raw, err);
    case JSON_NUMBER:
    case JSON_TRUE:
    case JSON_FALSE:
        return put(out, f->value.raw, err);
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return error_set(err, "the field '%.*s' is neither text nor a number",
        (int)f->name.len, f->name.p);
}

/* Only the day counts; what follows YYYY-MM-DD (a time) is left alone. */
static int put_date(const struct part *part, const struct json_field *f,
    struct buf *out, struct error *err)
{
    struct slice text = f->value.raw;
    char day[CIVIL_DATE_BYTES + 1];
    int64_t days;

    text.len = text.len > CIVIL_DATE_BYTES ? CIVIL_DATE_BYTES : text.len;
    if (!f->found || f->value.kind != JSON_STRING ||
        civil_parse(text, &days) != 0) {
        return error_set(err,
            "the field '%.*s' does not begin with a date YYYY-MM-DD",
            (int)f->name.len, f->name.p);
    }
    civil_format(days, day);
    for (size_t i = 0; i < part->text.len; i++) {
        struct slice piece = {part->text.p + i, 1};

        if (part->text.p[i] == '%') {
            char what = part->text.p[++i];

            piece = what == 'Y'   ? (struct slice){day, 4}
                    : what == 'm' ? (struct slice){day + 5, 2}
                                  : (struct slice){day + 8, 2};
        }
        if (put(out, piece, err) != 0) {
            return 1;
        }
    }
    return 0;
}

static int put_key(
    const struct record *record, struct buf *out, struct error *err)
{
    if (!record->has_key) {
        return error_set(err, "the record has no key");
    }
    if (utf8_valid_bytes(record->key) != record->key.len) {
        return error_set(err, "the record's key is not UTF-8");
    }
    return json_write_escaped(out, record->key) == 0 ? 0 : full(err);
}

static int put_attribute(const struct record *record, struct slice name,
    struct buf *out, struct error *err)
{
    struct slice value;

    if (record->attributes == NULL ||
        !attributes_find(record->attributes, name, &value)) {
        return error_set(
            err, "the record has no attribute '%.*s'", (int)name.len, name.p);
    }
    if (!utf8_is_valid(value)) {
        return error_set(
            err, "the attribute '%.*s' is not UTF-8", (int)name.len, name.p);
    }
    return json_write_escaped(out, value) == 0 ? 0 : full(err);
}

static int put_number(struct buf *out, int64_t n, struct error *err)
{
    return buf_append_number(out, n) == 0 ? 0 : full(err);
}

static int put_part(const struct part *part, const struct record *record,
    const struct json_field *fields, struct buf *out, struct error *err)
{
    switch (part->kind) {
    case PART_LITERAL:
        return put(out, part->text, err);
    case PART_FIELD:
        return put_field(&fields[part->field], out, err);
    case PART_DATE:
        return put_date(part, &fields[part->field], out, err);
    case PART_TOPIC:
        return put(out, slice_of(record->topic), err);
    case PART_PARTITION:
        return put_number(out, record->partition, err);
    case PART_OFFSET:
        return put_number(out, record->offset, err);
    case PART_KEY:
        return put_key(record, out, err);
    case PART_TIMESTAMP:
        if (record->timestamp_ms < 0) {
            return error_set(err, "the record has no timestamp");
        }
        return put_number(out, record->timestamp_ms, err);
    case PART_ATTRIBUTE:
        return put_attribute(record, part->text, out, err);
    case PART_SPLIT:
        return put_number(out, (int64_t)record->split, err);
    }
    return -1;
}

static bool head_is_of(const struct head *h, const struct record *record)
{
    return h->is_set && h->partition == record->partition &&
           strcmp(h->topic, record->topic) == 0;
}

/* false: it does not fit, and the parts go one by one. */
static bool set_head(const struct pattern *p, const struct record *record)
{
    struct head *h = p->head;
    size_t topic_bytes = strlen(record->topic);
    struct error ignored;

    h->is_set = false;
    buf_clear(&h->text);
    if (topic_bytes > TOPIC_MOST_BYTES) {
        return false;
    }
    for (size_t i = 0; i < h->n_parts; i++) {
        if (put_part(&p->parts[i], record, NULL, &h->text, &ignored) != 0) {
            return false;
        }
    }
    memcpy(h->topic, record->topic, topic_bytes + 1);
    h->partition = record->partition;
    h->is_set = true;
    return true;
}

int pattern_expand(const struct pattern *p, const struct record *record,
    const struct json_field *fields, struct buf *out, struct error *err)
{
    size_t i = 0;
    int rc = 0;

    if (p->head != NULL &&
        (head_is_of(p->head, record) || set_head(p, record))) {
        rc = put(out, buf_slice(&p->head->text), err);
        i = p->head->n_parts;
    }
    for (; i < p->n_parts && rc == 0; i++) {
        rc = put_part(&p->parts[i], record, fields, out, err);
    }
    return rc;
}
