/*
 * A row, a record, a document, a dead letter: its id and content made and
 * hashed, the audit told, an example kept where the audit sees something; see
 * job_state.h.
 */
#include "verify/job_state.h"

#include "common/clock.h"
#include "index/marked_json.h"
#include "verify/json_content.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_BYTES 512
#define PROGRESS_EVERY 1024
#define PLACE_MARK "\1" /* keeps a record's place apart from an id */

static int no_memory(struct error *err)
{
    return error_set(err, "out of memory");
}

static void tick(struct verify_job *job, const char *what)
{
    struct progress *p = job->plan->progress;

    if (++job->seen % PROGRESS_EVERY == 0 && p != NULL && p->on_terminal &&
        progress_due(p, clock_mono_us())) {
        progress_show(p, "naru verify: %" PRIu64 " %s", job->seen, what);
    }
}

static uint64_t id_hash(const struct verify_job *job, struct slice id)
{
    return sip_hash(job->plan->id_key, id);
}

static const char *place_of(const struct origin *o, char out[PLACE_BYTES])
{
    if (o->file != NULL) {
        (void)snprintf(out, PLACE_BYTES, "%s:%" PRId64, o->file, o->line);
    } else {
        (void)snprintf(out, PLACE_BYTES,
            "partition %" PRId32 " offset %" PRId64, o->partition, o->offset);
    }
    return out;
}

/* What one event may have brought to light. */
struct sight {
    const enum finding *kinds;
    size_t n;
    const char *place, *why;
    const struct content *content;
};

/* Keep an example of each of these kinds that holds for the id now. */
static int keep(struct verify_job *job, struct slice id, uint64_t hash,
    unsigned flags, const struct sight *sight, struct error *err)
{
    for (size_t i = 0; i < sight->n; i++) {
        if (audit_has(&job->result->audit, flags, sight->kinds[i]) &&
            examples_add(&job->result->examples, sight->kinds[i], hash, id,
                sight->place, sight->why, sight->content) != 0) {
            return no_memory(err);
        }
    }
    return 0;
}

#define SIGHT(list, ...)                                                       \
    ((struct sight){list, sizeof(list) / sizeof((list)[0]), __VA_ARGS__})

int take_row(void *arg, struct content *content, const struct origin *origin,
    struct error *err)
{
    static const enum finding kinds[] = {
        FINDING_CSV_REPEATED, FINDING_CSV_CONTRADICTS};
    struct verify_job *job = arg;
    char place[PLACE_BYTES];
    uint64_t hash, content_sum;
    unsigned flags;

    tick(job, "rows of CSV");
    job->result->rows++;
    if (id_pattern_expand(job->ids, content, origin, &job->id, err) != 0) {
        return error_prefix(
            err, "%s:%" PRId64 ": ", origin->file, origin->line);
    }
    hash = id_hash(job, buf_slice(&job->id));
    if (content_hash(content, job->plan->content_key, &content_sum) != 0 ||
        audit_row(&job->result->audit, hash, content_sum, &flags) != 0) {
        return no_memory(err);
    }
    if (!(flags & AUDIT_CSV_AGAIN)) {
        return 0;
    }
    return keep(job, buf_slice(&job->id), hash, flags,
        &SIGHT(kinds, place_of(origin, place), NULL, content), err);
}

/* Content and id of a record's value. 0, or -1: it has none, *why says so. */
static int read_value(struct verify_job *job, struct slice value,
    const struct origin *origin, struct error *why)
{
    json_t *tree = marked_json_load(value, &job->marked, why);
    int rc = -1;

    if (tree == NULL) {
        return -1;
    }
    if (json_content(tree, &job->content) != 0) {
        (void)error_set(why, "not a JSON object of sound values");
    } else {
        rc = id_pattern_expand(job->ids, &job->content, origin, &job->id, why);
    }
    json_decref(tree);
    return rc;
}

/* The name of a record that has no id. */
static int name_place(struct verify_job *job, struct slice topic,
    int64_t partition, int64_t offset)
{
    buf_clear(&job->id);
    return buf_printf(&job->id, PLACE_MARK "%.*s-%" PRId64 "-%" PRId64,
        (int)topic.len, topic.p, partition, offset);
}

/* The id without the mark in front of a place. */
static struct slice id_shown(const struct verify_job *job)
{
    struct slice id = buf_slice(&job->id);

    if (id.len > 0 && id.p[0] == PLACE_MARK[0]) {
        id.p++;
        id.len--;
    }
    return id;
}

static int take_unreadable(struct verify_job *job,
    const struct topic_record *record, const struct error *why,
    struct error *err)
{
    static const enum finding kinds[] = {FINDING_TOPIC_UNREADABLE};
    const struct origin *o = &record->origin;
    char place[PLACE_BYTES];
    unsigned flags;
    uint64_t hash;

    if (job->first_unreadable.text[0] == '\0') {
        job->first_unreadable = *why;
    }
    if (name_place(job, o->topic, o->partition, o->offset) != 0) {
        return no_memory(err);
    }
    hash = id_hash(job, buf_slice(&job->id));
    if (audit_unreadable(&job->result->audit, hash, record->pending, &flags) !=
        0) {
        return no_memory(err);
    }
    return keep(job, id_shown(job), hash, flags,
        &SIGHT(kinds, place_of(o, place), why->text, NULL), err);
}

static int take_tombstone(struct verify_job *job,
    const struct topic_record *record, struct error *err)
{
    struct error why;
    unsigned flags;

    job->result->tombstones++;
    content_clear(&job->content);
    if (!job->plan->tombstones_delete ||
        id_pattern_expand(
            job->ids, &job->content, &record->origin, &job->id, &why) != 0) {
        return 0;
    }
    return audit_tombstone(&job->result->audit,
               id_hash(job, buf_slice(&job->id)), record->origin.timestamp_ms,
               record->pending, &flags) == 0
               ? 0
               : no_memory(err);
}

int take_record(void *arg, const struct topic_record *record, struct error *err)
{
    static const enum finding kinds[] = {FINDING_TOPIC_EXTRA,
        FINDING_TOPIC_DIFFERENT, FINDING_TOPIC_REPEATED,
        FINDING_TOPIC_CONTRADICTS};
    struct verify_job *job = arg;
    char place[PLACE_BYTES];
    uint64_t hash, content_sum;
    struct error why;
    unsigned flags;

    tick(job, "records of the topic");
    job->result->records++;
    job->result->pending += record->pending;
    if (!record->has_value) {
        return take_tombstone(job, record, err);
    }
    if (read_value(job, record->value, &record->origin, &why) != 0) {
        return take_unreadable(job, record, &why, err);
    }
    job->readable++;
    hash = id_hash(job, buf_slice(&job->id));
    if (content_hash(&job->content, job->plan->content_key, &content_sum) !=
            0 ||
        audit_record(&job->result->audit, hash, content_sum,
            record->origin.timestamp_ms, record->pending, &flags) != 0) {
        return no_memory(err);
    }
    return keep(job, buf_slice(&job->id), hash, flags,
        &SIGHT(kinds, place_of(&record->origin, place), NULL, &job->content),
        err);
}

int take_document(void *arg, const struct index_document *document,
    struct content *content, struct error *err)
{
    static const enum finding kinds[] = {
        FINDING_INDEX_EXTRA, FINDING_INDEX_DIFFERENT, FINDING_INDEX_REPEATED};
    struct verify_job *job = arg;
    uint64_t hash = id_hash(job, document->id), content_sum;
    char place[PLACE_BYTES];
    unsigned flags;

    tick(job, "documents of the index");
    job->result->documents++;
    if (content_hash(content, job->plan->content_key, &content_sum) != 0 ||
        audit_document(&job->result->audit, hash, content_sum, &flags) != 0) {
        return no_memory(err);
    }
    (void)snprintf(place, sizeof(place), "%.*s", (int)document->index.len,
        document->index.p);
    return keep(job, document->id, hash, flags,
        &SIGHT(kinds, place, NULL, content), err);
}

/* A whole number that a header writes. */
static int64_t header_number(
    const struct topic_record *record, const char *name)
{
    char text[32] = "-1";
    struct slice value;

    if (topic_record_header(record, name, &value) && value.len < sizeof(text)) {
        memcpy(text, value.p, value.len);
        text[value.len] = '\0';
    }
    return strtoll(text, NULL, 10);
}

/* Where the record lay that became this dead letter. */
static struct origin origin_of_letter(const struct topic_record *letter)
{
    struct origin o = {
        .partition = (int32_t)header_number(letter, "naru.partition"),
        .offset = header_number(letter, "naru.offset"),
        .timestamp_ms = header_number(letter, "naru.timestamp")};

    o.has_key = topic_record_header(letter, "naru.key", &o.key);
    if (!topic_record_header(letter, "naru.topic", &o.topic)) {
        o.topic = (struct slice){NULL, 0};
    }
    return o;
}

static const char *reason_of(
    const struct topic_record *letter, char out[PLACE_BYTES])
{
    struct slice reason;

    if (!topic_record_header(letter, "naru.error.reason", &reason)) {
        return NULL;
    }
    (void)snprintf(out, PLACE_BYTES, "%.*s",
        (int)(reason.len < PLACE_BYTES ? reason.len : PLACE_BYTES - 1),
        reason.p);
    return out;
}

int take_letter(void *arg, const struct topic_record *letter, struct error *err)
{
    static const enum finding kinds[] = {FINDING_DEAD_LETTER};
    struct verify_job *job = arg;
    struct origin o = origin_of_letter(letter);
    char place[PLACE_BYTES], reason[PLACE_BYTES];
    struct error why;
    unsigned flags;
    uint64_t hash;

    tick(job, "dead letters");
    if (job->plan->topic != NULL && o.topic.len > 0 &&
        !slice_is(o.topic, job->plan->topic)) {
        return 0; /* of another flow */
    }
    job->result->letters++;
    if ((!letter->has_value || read_value(job, letter->value, &o, &why) != 0) &&
        name_place(job, o.topic, o.partition, o.offset) != 0) {
        return no_memory(err);
    }
    hash = id_hash(job, buf_slice(&job->id));
    if (audit_letter(&job->result->audit, hash, &flags) != 0) {
        return no_memory(err);
    }
    return keep(job, id_shown(job), hash, flags,
        &SIGHT(kinds, place_of(&o, place), reason_of(letter, reason), NULL),
        err);
}

/* The reference's row or record, its id in job->id, once more. */
static int explain(struct verify_job *job, const struct content *content,
    const struct origin *origin, struct error *err)
{
    static const enum finding kinds[] = {
        FINDING_TOPIC_MISSING, FINDING_INDEX_MISSING, FINDING_PENDING};
    uint64_t hash = id_hash(job, buf_slice(&job->id));
    unsigned flags = audit_flags(&job->result->audit, hash);
    char place[PLACE_BYTES];

    if (examples_explain(&job->result->examples, hash, content) != 0) {
        return no_memory(err);
    }
    return keep(job, buf_slice(&job->id), hash, flags,
        &SIGHT(kinds, place_of(origin, place), NULL, NULL), err);
}

int explain_row(void *arg, struct content *content, const struct origin *origin,
    struct error *err)
{
    struct verify_job *job = arg;

    tick(job, "rows of CSV, for the examples");
    if (id_pattern_expand(job->ids, content, origin, &job->id, err) != 0) {
        return -1;
    }
    return explain(job, content, origin, err);
}

int explain_record(
    void *arg, const struct topic_record *record, struct error *err)
{
    struct verify_job *job = arg;
    struct error why;

    tick(job, "records of the topic, for the examples");
    if (!record->has_value ||
        read_value(job, record->value, &record->origin, &why) != 0) {
        return 0;
    }
    return explain(job, &job->content, &record->origin, err);
}
