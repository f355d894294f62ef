/*
 * A record's two lines of a bulk request; see bulk_request.h. The fields that
 * id, index and version need are looked up in one pass over the value, which
 * ends when the last of them is found.
 */
#include "bridge/bulk_request.h"

#include "bridge/pattern.h"
#include "common/json_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME_BYTES 4096 /* of an id or an index name, escapes included */

const char *const bulk_op_names[BULK_OPS] = {
    "index", "create", "update", "upsert", "delete"};

/* An upsert's action is update. */
static const char *const action_names[BULK_OPS] = {
    "index", "create", "update", "update", "delete"};

/* What stands around the document. */
static const char *const before_value[BULK_OPS] = {
    "", "", "{\"doc\":", "{\"doc\":", ""};
static const char *const behind_value[BULK_OPS] = {
    "", "", "}", ",\"doc_as_upsert\":true}", ""};

struct bulk_encoder {
    struct pattern *index;
    struct pattern *id;
    char *constant_index; /* NULL when the index differs by record */
    /* What stands before the first pattern's text, by operation, and between
     * the index's and the id's. */
    struct buf leads[BULK_OPS], id_lead;
    /* What stands behind the id: of each action, or, where the version is the
     * timestamp, of those with the last one's, which are many. */
    struct buf tail;
    int64_t tail_ms;
    struct pattern *type_pattern; /* NULL: none, or in id_lead */
    struct pattern *op_pattern;   /* NULL: it is the same for all records */
    enum bulk_op op;
    bool version_is_timestamp;
    char *version_field; /* NULL for none */
    enum tombstone_rule on_tombstone;

    /* Fields of id, then of index, then of version. */
    struct json_field *fields;
    size_t n_fields;

    /* Of the record last encoded. */
    size_t id_at, id_bytes;
    bool is_verbatim;
};

static int set_version(
    struct bulk_encoder *e, const char *version, struct error *err)
{
    if (strcmp(version, "none") == 0) {
        return 0;
    }
    if (strcmp(version, "timestamp") == 0) {
        e->version_is_timestamp = true;
        return 0;
    }
    e->version_field = strdup(version);
    return e->version_field != NULL ? 0 : error_set(err, "out of memory");
}

static int find_op(struct slice name)
{
    for (int i = 0; i < BULK_OPS; i++) {
        if (slice_is(name, bulk_op_names[i])) {
            return i;
        }
    }
    return -1;
}

static int collect_fields(struct bulk_encoder *e, struct error *err)
{
    size_t n_id = pattern_field_count(e->id);
    size_t n_index = pattern_field_count(e->index);

    e->fields = calloc(n_id + n_index + 1, sizeof(*e->fields));
    if (e->fields == NULL) {
        return error_set(err, "out of memory");
    }
    for (size_t i = 0; i < n_id; i++) {
        e->fields[e->n_fields++].name = pattern_field(e->id, i);
    }
    for (size_t i = 0; i < n_index; i++) {
        e->fields[e->n_fields++].name = pattern_field(e->index, i);
    }
    if (e->version_field != NULL) {
        e->fields[e->n_fields++].name = slice_of(e->version_field);
    }
    return 0;
}

static int check_tombstones(const struct bulk_encoder *e, struct error *err)
{
    if (e->on_tombstone == TOMBSTONE_DELETE &&
        (pattern_field_count(e->id) > 0 || pattern_field_count(e->index) > 0)) {
        return error_set(err,
            "on_tombstone = delete: a record without a value has no fields, "
            "so id and index must be made of %%{_key} and the like");
    }
    if (e->on_tombstone == TOMBSTONE_DELETE && e->version_field != NULL) {
        return error_set(err,
            "on_tombstone = delete: a record without a value has no field "
            "'%s'; version must be timestamp or none",
            e->version_field);
    }
    return 0;
}

/* Up to where the id begins; or, when the type is a pattern, up to there. */
static int put_type_lead(
    const struct bulk_encoder *e, struct buf *lead, const char *type)
{
    if (e->type_pattern != NULL) {
        return buf_append_str(lead, "\"_type\":\"");
    }
    if (type != NULL && buf_printf(lead, "\"_type\":\"%s\",", type) != 0) {
        return -1;
    }
    return buf_append_str(lead, "\"_id\":\"");
}

static int set_type(struct bulk_encoder *e, const char *type, struct error *err)
{
    if (type == NULL || strstr(type, "%{") == NULL) {
        return 0;
    }
    e->type_pattern = pattern_new(type, err);
    if (e->type_pattern == NULL) {
        return error_prefix(err, "type: ");
    }
    return pattern_field_count(e->type_pattern) == 0
               ? 0
               : error_set(err,
                     "type: '%s': it may be made of %%{attr:...} and of what "
                     "the record has, not of the document's fields",
                     type);
}

/* External versions are whole numbers from 0 (VersionType.EXTERNAL_GTE). */
static const char before_version[] = "\",\"version\":";
static const char behind_version[] = ",\"version_type\":\"external_gte\"}}\n";

/* The tail of the timestamp, which takes no memory: there was room for the
 * longest at first. */
static int set_tail(struct bulk_encoder *e, int64_t timestamp_ms)
{
    buf_clear(&e->tail);
    e->tail_ms = timestamp_ms;
    return buf_append_str(&e->tail, before_version) != 0 ||
           buf_append_number(&e->tail, timestamp_ms) != 0 ||
           buf_append_str(&e->tail, behind_version) != 0;
}

/* All that is the same in each action is put together once. */
static int prepare_leads(
    struct bulk_encoder *e, const struct bulk_options *o, struct error *err)
{
    bool names_index = e->constant_index == NULL;
    struct buf *id = &e->id_lead;
    struct slice rest;

    if ((names_index && buf_append_str(id, "\",") != 0) ||
        put_type_lead(e, id, o->type) != 0) {
        return error_set(err, "out of memory");
    }
    rest = names_index ? slice_of("\"_index\":\"") : buf_slice(id);
    for (size_t i = 0; i < BULK_OPS; i++) {
        if (buf_printf(&e->leads[i], "{\"%s\":{", action_names[i]) != 0 ||
            buf_append_slice(&e->leads[i], rest) != 0) {
            return error_set(err, "out of memory");
        }
    }
    if ((e->version_is_timestamp ? set_tail(e, INT64_MAX)
                                 : buf_append_str(&e->tail, "\"}}\n")) != 0) {
        return error_set(err, "out of memory");
    }
    return 0;
}

struct bulk_encoder *bulk_encoder_new(
    const struct bulk_options *o, struct error *err)
{
    struct bulk_encoder *e = calloc(1, sizeof(*e));

    if (e == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    for (size_t i = 0; i < BULK_OPS; i++) {
        buf_init(&e->leads[i], MAX_NAME_BYTES);
    }
    buf_init(&e->id_lead, MAX_NAME_BYTES);
    buf_init(&e->tail, MAX_NAME_BYTES);
    if (o->index[0] == '\0' || o->id[0] == '\0') {
        (void)error_set(
            err, "%s: it is empty", o->index[0] == '\0' ? "index" : "id");
        goto fail;
    }
    e->on_tombstone = o->on_tombstone;
    e->index = pattern_new(o->index, err);
    e->id = e->index != NULL ? pattern_new(o->id, err) : NULL;
    if (e->id == NULL || set_version(e, o->version, err) != 0 ||
        set_type(e, o->type, err) != 0 || collect_fields(e, err) != 0 ||
        check_tombstones(e, err) != 0) {
        goto fail;
    }
    if (pattern_is_constant(e->index) &&
        (e->constant_index = strdup(o->index)) == NULL) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    if (prepare_leads(e, o, err) != 0) {
        goto fail;
    }
    return e;
fail:
    bulk_encoder_free(e);
    return NULL;
}

void bulk_encoder_free(struct bulk_encoder *e)
{
    if (e == NULL) {
        return;
    }
    pattern_free(e->index);
    pattern_free(e->id);
    free(e->constant_index);
    free(e->version_field);
    free(e->fields);
    pattern_free(e->type_pattern);
    pattern_free(e->op_pattern);
    for (size_t i = 0; i < BULK_OPS; i++) {
        buf_fini(&e->leads[i]);
    }
    buf_fini(&e->id_lead);
    buf_fini(&e->tail);
    free(e);
}

/* Elasticsearch takes external versions for index and delete alone
 * (IndexRequest.validate, UpdateRequest.validate). */
int bulk_encoder_use_op(
    struct bulk_encoder *e, const char *op, struct error *err)
{
    bool has_version = e->version_is_timestamp || e->version_field != NULL;
    int found = find_op(slice_of(op));

    if (found < 0 && strstr(op, "%{") == NULL) {
        return error_set(err,
            "op: '%s' is none of index, create, update, upsert and delete", op);
    }
    if (found < 0) {
        e->op_pattern = pattern_new(op, err);
        if (e->op_pattern == NULL) {
            return error_prefix(err, "op: ");
        }
        if (pattern_field_count(e->op_pattern) > 0) {
            return error_set(err,
                "op: '%s': it may be made of %%{attr:...} and of what the "
                "record has, not of the document's fields",
                op);
        }
    } else {
        e->op = (enum bulk_op)found;
    }
    if (has_version && e->op != BULK_INDEX && e->op != BULK_DELETE) {
        return error_set(err,
            "op = %s: engines take no version with it; set version = none", op);
    }
    return has_version && e->op_pattern != NULL
               ? error_set(err,
                     "op = %s: it may become one that engines take "
                     "no version with; set version = none",
                     op)
               : 0;
}

const char *bulk_encoder_index(const struct bulk_encoder *e)
{
    return e->constant_index;
}

struct slice bulk_encoder_id(
    const struct bulk_encoder *e, const struct buf *out)
{
    return (struct slice){out->data + e->id_at, e->id_bytes};
}

bool bulk_encoder_is_verbatim(const struct bulk_encoder *e)
{
    return e->is_verbatim;
}

/* Append the filled-in pattern. 1: out is full; -1: refused. */
static int put_pattern(const char *name, const struct pattern *p,
    const struct json_field *fields, const struct record *record,
    struct buf *out, struct error *why)
{
    size_t at = out->len_bytes;
    int rc = pattern_expand(p, record, fields, out, why);

    if (rc < 0) {
        return error_prefix(why, "%s: ", name);
    }
    if (rc == 0 && out->len_bytes == at) {
        return error_set(why, "%s: it is empty", name);
    }
    if (rc == 0 && out->len_bytes - at > MAX_NAME_BYTES) {
        return error_set(why, "%s: the result is too long", name);
    }
    return rc;
}

static int put_id(struct bulk_encoder *e, const struct record *record,
    struct buf *out, struct error *why)
{
    size_t n;
    int rc;

    e->id_at = out->len_bytes;
    rc = put_pattern("id", e->id, e->fields, record, out, why);
    e->id_bytes = out->len_bytes - e->id_at;
    /* An escape is never shorter than what it stands for. */
    if (rc != 0 || e->id_bytes <= BULK_MAX_ID_BYTES) {
        return rc;
    }
    n = json_string_bytes(bulk_encoder_id(e, out));
    if (n > BULK_MAX_ID_BYTES) {
        return error_set(why, "id: %zu bytes long, at most %d are allowed", n,
            BULK_MAX_ID_BYTES);
    }
    return 0;
}

/* Digits that JSON takes for a number and the engine for a long. */
static bool is_count(struct slice s)
{
    static const char largest[] = "9223372036854775807";
    const size_t most = sizeof(largest) - 1;

    if (s.len == 0 || s.len > most || (s.p[0] == '0' && s.len > 1) ||
        (s.len == most && memcmp(s.p, largest, most) > 0)) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return true;
}

/* What a version field must hold; *text is borrowed from the value. */
static int read_version(const struct bulk_encoder *e,
    const struct record *record, struct slice *text, struct error *why)
{
    const struct json_field *f = &e->fields[e->n_fields - 1];

    if (!record->has_value || !f->found || !is_count(f->value.raw)) {
        return error_set(why,
            "version: the field '%s' is not a whole number from 0",
            e->version_field);
    }
    *text = f->value.raw;
    return 0;
}

static int put_version(const struct bulk_encoder *e,
    const struct record *record, struct buf *out, struct error *why)
{
    struct slice text;

    if (read_version(e, record, &text, why) != 0) {
        return -1;
    }
    return buf_append_str(out, before_version) != 0 ||
           buf_append_slice(out, text) != 0 ||
           buf_append_str(out, behind_version) != 0;
}

/* From behind the id to the line's end. */
static int put_tail(struct bulk_encoder *e, const struct record *record,
    struct buf *out, struct error *why)
{
    if (e->version_field != NULL) {
        return put_version(e, record, out, why);
    }
    if (e->version_is_timestamp && record->timestamp_ms < 0) {
        return error_set(why, "version: the record has no timestamp");
    }
    if (e->version_is_timestamp && record->timestamp_ms != e->tail_ms &&
        set_tail(e, record->timestamp_ms) != 0) {
        return 1;
    }
    return buf_append_slice(out, buf_slice(&e->tail)) != 0;
}

static int put_action(struct bulk_encoder *e, enum bulk_op op,
    const struct record *record, struct buf *out, struct error *why)
{
    int rc = buf_append_slice(out, buf_slice(&e->leads[op]));

    if (rc == 0 && e->constant_index == NULL) {
        rc = put_pattern("index", e->index,
            e->fields + pattern_field_count(e->id), record, out, why);
        rc = rc == 0 ? buf_append_slice(out, buf_slice(&e->id_lead)) != 0 : rc;
    } else if (rc != 0) {
        rc = 1;
    }
    if (rc == 0 && e->type_pattern != NULL) {
        rc = put_pattern("type", e->type_pattern, NULL, record, out, why);
        rc = rc == 0 ? buf_append_str(out, "\",\"_id\":\"") != 0 : rc;
    }
    rc = rc == 0 ? put_id(e, record, out, why) : rc;
    return rc == 0 ? put_tail(e, record, out, why) : rc;
}

/*
 * In JSON a line break can stand only between tokens (inside a string it must
 * be escaped, RFC 8259 section 7), so a space may take its place. One inside a
 * string is no JSON and stays so: a space there would make a document of it
 * that nobody wrote. Returns how many bytes are fine: n, or that one's place.
 */
static size_t join_lines(char *text, size_t n)
{
    bool in_string = false;

    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\n' && in_string) {
            return i;
        }
        if (text[i] == '\n') {
            text[i] = ' ';
        } else if (text[i] == '"') {
            in_string = !in_string;
        } else if (text[i] == '\\' && i + 1 < n && text[i + 1] != '\n') {
            i++; /* what is escaped ends no string */
        }
    }
    return n;
}

/* An update's document stands inside of braces of ours, so that what follows
 * it would be read as ours, too: {"a":1},"doc_as_upsert":true. */
static int check_whole(struct slice value, struct error *why)
{
    struct json_cursor c = json_cursor_of(value);
    struct json_value object;

    if (json_read(&c, &object) != 0) {
        return error_set(why, "the value is not JSON: it breaks off");
    }
    while (c.at < c.end && strchr(" \t\r\n", *c.at) != NULL && *c.at != '\0') {
        c.at++;
    }
    return c.at == c.end ? 0
                         : error_set(why,
                               "the value is not JSON: something follows the "
                               "object, see byte %zu",
                               (size_t)(c.at - value.p) + 1);
}

static int put_value(struct bulk_encoder *e, enum bulk_op op,
    struct slice value, struct buf *out, struct error *why)
{
    size_t start;

    if (op >= BULK_UPDATE && check_whole(value, why) != 0) {
        return -1;
    }
    if (op >= BULK_UPDATE && buf_append_str(out, before_value[op]) != 0) {
        return 1;
    }
    start = out->len_bytes;
    if (buf_append_slice(out, value) != 0) {
        return 1;
    }
    e->is_verbatim = memchr(value.p, '\n', value.len) == NULL;
    if (!e->is_verbatim) {
        size_t good = join_lines(out->data + start, value.len);

        if (good < value.len) {
            return error_set(why,
                "the value is not JSON: a line break inside a string, see "
                "byte %zu",
                good + 1);
        }
    }
    if (op >= BULK_UPDATE) {
        e->is_verbatim = false;
        if (buf_append_str(out, behind_value[op]) != 0) {
            return 1;
        }
    }
    return buf_append_char(out, '\n') != 0;
}

/* The operation of a record whose operation is a pattern. */
static int choose_op(struct bulk_encoder *e, const struct record *record,
    enum bulk_op *op, struct error *why)
{
    struct buf name;
    int rc, found;

    buf_init(&name, MAX_NAME_BYTES);
    rc = pattern_expand(e->op_pattern, record, NULL, &name, why);
    found = rc == 0 ? find_op(buf_slice(&name)) : -1;
    if (rc == 0 && found < 0) {
        (void)error_set(why,
            "'" SLICE_FMT "' is none of index, create, update, upsert and "
            "delete",
            SLICE_ARG(buf_slice(&name)));
    }
    buf_fini(&name);
    if (found < 0) {
        return error_prefix(why, "op: ");
    }
    *op = (enum bulk_op)found;
    return 0;
}

static struct slice without_bom(struct slice value)
{
    if (value.len >= 3 && memcmp(value.p, "\xef\xbb\xbf", 3) == 0) {
        value.p += 3;
        value.len -= 3;
    }
    return value;
}

static int find_fields(
    struct bulk_encoder *e, struct slice value, struct error *why)
{
    struct json_cursor c = json_cursor_of(value);
    size_t bad_at;

    if (value.len == 0) {
        return error_set(why, "the value is empty");
    }
    if (json_enter(&c, '{') != 0) {
        return error_set(why, "the value is not a JSON object");
    }
    if (e->n_fields > 0 &&
        json_find_fields(value, e->fields, e->n_fields, &bad_at) != 0) {
        return error_set(
            why, "the value is not JSON: see byte %zu", bad_at + 1);
    }
    return 0;
}

enum bulk_result bulk_encode(struct bulk_encoder *e,
    const struct record *record, struct buf *out, bool *is_delete,
    struct error *why)
{
    size_t before = out->len_bytes;
    struct slice value = {NULL, 0};
    enum bulk_op op = record->has_value ? e->op : BULK_DELETE;
    int rc = 0;

    if (record->has_value) {
        value = without_bom(record->value);
        rc = find_fields(e, value, why);
        if (rc == 0 && e->op_pattern != NULL) {
            rc = choose_op(e, record, &op, why);
        }
    } else if (e->on_tombstone == TOMBSTONE_SKIP) {
        *is_delete = true;
        return BULK_SKIPPED;
    } else if (e->on_tombstone == TOMBSTONE_DEAD_LETTER) {
        *is_delete = true;
        (void)error_set(why, "the record is a tombstone (it has no value)");
        return BULK_REFUSED;
    }
    *is_delete = op == BULK_DELETE;
    rc = rc == 0 ? put_action(e, op, record, out, why) : rc;
    rc = rc == 0 && !*is_delete ? put_value(e, op, value, out, why) : rc;
    if (rc == 0) {
        e->is_verbatim =
            !*is_delete && e->is_verbatim && value.len == record->value.len;
        return BULK_ENCODED;
    }
    out->len_bytes = before;
    return rc > 0 ? BULK_FULL : BULK_REFUSED;
}
