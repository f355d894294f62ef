/* What must be so at the end of a case; see scene.h. */
#include "tests/fault/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEAD_HEADERS_MOST 16

/* ---- documents ---- */

/* Is a later record of the same key stored or deleted? */
static bool is_superseded(const struct scene *s, size_t i)
{
    for (size_t k = i + 1; k < s->n_made; k++) {
        if (!s->made[k].is_plain && s->made[k].fate <= FATE_DELETED &&
            strcmp(s->made[k].key, s->made[i].key) == 0) {
            return true;
        }
    }
    return false;
}

/* Keys of plain records are unique, so the slow look is for the others. */
static bool is_newest(const struct scene *s, size_t i)
{
    return s->made[i].is_plain || !is_superseded(s, i);
}

static size_t documents_expected(const struct scene *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_made; i++) {
        n += s->made[i].fate == FATE_STORED && is_newest(s, i);
    }
    return n;
}

bool scene_all_stored(struct scene *s)
{
    return fake_engine_live(s->engine) == documents_expected(s);
}

bool scene_all_answered(struct scene *s)
{
    struct bridge_ledger l;

    if (!scene_all_stored(s)) {
        return false;
    }
    l = scene_ledger(s);
    return l.consumed == (int64_t)s->n_made && l.pending == 0;
}

static void expect_document(struct scene *s, const struct made *m)
{
    struct stored found;

    if (!fake_engine_get(s->engine, m->key, &found)) {
        fail_msg("document %s is missing", m->key);
    }
    assert_string_equal(found.index, "things");
    assert_int_equal(found.version, m->timestamp_ms);
    assert_int_equal(found.document_bytes, m->value_bytes);
    if (found.document != NULL) {
        char *value = malloc(m->value_bytes);

        if (m->is_plain) {
            scene_value(m, value);
        } else {
            memcpy(value, m->value, m->value_bytes);
        }
        assert_memory_equal(found.document, value, m->value_bytes);
        free(value);
    }
    free(found.index);
    free(found.document);
}

void scene_expect_stored(struct scene *s)
{
    for (size_t i = 0; i < s->n_made; i++) {
        if (s->made[i].fate == FATE_STORED && is_newest(s, i)) {
            expect_document(s, &s->made[i]);
        }
    }
    assert_int_equal(fake_engine_live(s->engine), documents_expected(s));
}

void scene_expect_applied_once(struct scene *s)
{
    for (size_t i = 0; i < s->n_made; i++) {
        if (s->made[i].fate == FATE_STORED &&
            fake_engine_applied(s->engine, s->made[i].key) != 1) {
            fail_msg("%s was written %u times", s->made[i].key,
                fake_engine_applied(s->engine, s->made[i].key));
        }
    }
}

/* ---- offsets ---- */

int64_t scene_committed(struct scene *s, int32_t partition)
{
    return mock_kafka_committed(s->kafka, SCENE_GROUP, s->topic, partition);
}

void scene_expect_committed(struct scene *s)
{
    for (int32_t p = 0; p < SCENE_PARTITIONS; p++) {
        assert_int_equal(mock_kafka_end(s->kafka, s->topic, p),
            s->next_offset[p]);       /* else the scene itself is wrong */
        if (s->next_offset[p] == 0) { /* committed once its end was heard of */
            assert_true(scene_committed(s, p) <= 0);
        } else {
            assert_int_equal(scene_committed(s, p), s->next_offset[p]);
        }
    }
}

void scene_expect_nothing_committed(struct scene *s)
{
    for (int32_t p = 0; p < SCENE_PARTITIONS; p++) {
        assert_int_equal(scene_committed(s, p), -1);
    }
}

void scene_expect_committed_is_stored(struct scene *s)
{
    int64_t committed[SCENE_PARTITIONS];

    for (int32_t p = 0; p < SCENE_PARTITIONS; p++) {
        committed[p] = scene_committed(s, p);
    }
    for (size_t i = 0; i < s->n_made; i++) {
        const struct made *m = &s->made[i];

        if (m->offset < committed[m->partition] && m->fate == FATE_STORED &&
            is_newest(s, i)) {
            expect_document(s, m);
        }
    }
}

/* ---- dead letters ---- */

struct look {
    struct scene *s;
    bool *seen;
    size_t n;
};

static const struct mock_header *header(
    const struct mock_record *r, const char *name)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        if (strcmp(r->headers[i].name, name) == 0) {
            return &r->headers[i];
        }
    }
    fail_msg("a dead letter has no header %s", name);
    return NULL;
}

static void expect_header(
    const struct mock_record *r, const char *name, const char *text)
{
    const struct mock_header *h = header(r, name);

    assert_int_equal(h->value.len, strlen(text));
    assert_memory_equal(h->value.p, text, strlen(text));
}

static void expect_number(
    const struct mock_record *r, const char *name, int64_t number)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%lld", (long long)number);
    expect_header(r, name, text);
}

static size_t find_made(const struct look *look, const struct mock_record *r)
{
    size_t topic_bytes = strlen(look->s->topic);
    char key[128];
    int partition;
    long long offset;

    (void)snprintf(key, sizeof(key), "%.*s", (int)r->key.len, r->key.p);
    if (strncmp(key, look->s->topic, topic_bytes) == 0 &&
        sscanf(key + topic_bytes, "-%d-%lld", &partition, &offset) == 2) {
        for (size_t i = 0; i < look->s->n_made; i++) {
            const struct made *m = &look->s->made[i];

            if (m->fate == FATE_DEAD && m->partition == partition &&
                m->offset == offset) {
                return i;
            }
        }
    }
    fail_msg("an unexpected dead letter: %s", key);
    return 0;
}

static void on_dead_letter(
    void *arg, int64_t offset, const struct mock_record *r)
{
    struct look *look = arg;
    size_t i = find_made(look, r);
    const struct made *m = &look->s->made[i];

    (void)offset;
    assert_false(look->seen[i]);
    look->seen[i] = true;
    look->n++;
    assert_int_equal(r->value.p == NULL, m->value == NULL);
    assert_int_equal(r->value.len, m->value_bytes);
    if (m->value_bytes > 0) {
        assert_memory_equal(r->value.p, m->value, m->value_bytes);
    }
    expect_header(r, "origin", "the test");
    assert_int_equal(header(r, "bytes")->value.len, 3);
    assert_memory_equal(header(r, "bytes")->value.p, "\0\xff\n", 3);
    expect_header(r, "naru.key", m->key);
    expect_header(r, "naru.topic", look->s->topic);
    expect_number(r, "naru.partition", m->partition);
    expect_number(r, "naru.offset", m->offset);
    expect_number(r, "naru.timestamp", m->timestamp_ms);
    expect_number(r, "naru.status", m->dead_status);
    expect_header(r, "naru.error.type", m->dead_type);
    assert_true(header(r, "naru.error.reason")->value.len > 0);
    assert_true(header(r, "naru.attempts")->value.len > 0);
}

void scene_expect_dead_letters(struct scene *s)
{
    struct look look = {s, calloc(s->n_made + 1, sizeof(bool)), 0};
    size_t expected = 0;

    for (size_t i = 0; i < s->n_made; i++) {
        expected += s->made[i].fate == FATE_DEAD;
    }
    mock_kafka_read(s->kafka, s->dlq, 0, on_dead_letter, &look);
    assert_int_equal(look.n, expected);
    free(look.seen);
}

void scene_expect_done(struct scene *s)
{
    scene_expect_stored(s);
    scene_expect_dead_letters(s);
    scene_expect_committed(s);
    s->open = false;
}
