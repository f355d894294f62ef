/* What a fault test plays in; see scene.h. */
#include "tests/fault/scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_TIMESTAMP_MS 1600000000000

int scene_open_group(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));

    s->kafka = mock_kafka_new();
    mock_kafka_keep_group(s->kafka, SCENE_GROUP, SCENE_SESSION_MS);
    *state = s;
    return 0;
}

int scene_close_group(void **state)
{
    struct scene *s = *state;

    mock_kafka_free(s->kafka);
    free(s);
    return 0;
}

void scene_choose_cases(void)
{
    const char *pattern = getenv("NARU_CASE");

    if (pattern != NULL) {
        cmocka_set_test_filter(pattern);
    }
}

int scene_open(void **state)
{
    struct scene *s = *state;

    s->engine = fake_engine_new(true);
    assert_non_null(s->engine);
    s->case_number++;
    (void)snprintf(s->topic, sizeof(s->topic), "things-%u", s->case_number);
    (void)snprintf(s->dlq, sizeof(s->dlq), "%s.dlq", s->topic);
    mock_kafka_topic(s->kafka, s->topic, SCENE_PARTITIONS);
    mock_kafka_topic(s->kafka, s->dlq, 1);
    memset(s->next_offset, 0, sizeof(s->next_offset));
    s->open = true;
    return 0;
}

int scene_close(void **state)
{
    struct scene *s = *state;

    if (s->open || getenv("NARU_SHOW_LOGS") != NULL) {
        bridge_show_log(&s->bridge);
        bridge_show_log(&s->second);
    }
    bridge_end(&s->bridge);
    bridge_end(&s->second);
    fake_engine_free(s->engine);
    for (size_t i = 0; i < s->n_made; i++) {
        free(s->made[i].key);
        free(s->made[i].value);
    }
    free(s->made);
    s->made = NULL;
    s->n_made = s->cap_made = 0;
    return 0;
}

void scene_leave_alone(struct scene *s)
{
    mock_kafka_leave_group(s->kafka);
}

void scene_keep_sizes_only(struct scene *s)
{
    fake_engine_free(s->engine);
    s->engine = fake_engine_new(false);
    assert_non_null(s->engine);
}

void scene_nap(int ms)
{
    const struct timespec pause = {ms / 1000, (ms % 1000) * 1000000L};

    (void)nanosleep(&pause, NULL);
}

/* ---- producing ---- */

static struct made *remember(
    struct scene *s, int32_t partition, const char *key)
{
    struct made *m;

    if (s->n_made == s->cap_made) {
        s->cap_made = s->cap_made > 0 ? s->cap_made * 2 : 1024;
        s->made = realloc(s->made, s->cap_made * sizeof(*s->made));
        assert_non_null(s->made);
    }
    m = &s->made[s->n_made];
    *m = (struct made){.partition = partition,
        .offset = s->next_offset[partition]++,
        .timestamp_ms = FIRST_TIMESTAMP_MS + (int64_t)s->n_made,
        .key = strdup(key),
        .number = s->n_made};
    s->n_made++;
    return m;
}

static void produce(struct scene *s, const struct made *m, const char *value,
    const struct mock_header *headers, size_t n_headers)
{
    struct mock_record r = {.partition = m->partition,
        .key = slice_of(m->key),
        .value = {value, m->value_bytes},
        .timestamp_ms = m->timestamp_ms,
        .headers = headers,
        .n_headers = n_headers};

    mock_kafka_produce(s->kafka, s->topic, &r);
}

void scene_value(const struct made *m, char *out)
{
    char head[128];
    size_t len = (size_t)snprintf(head, sizeof(head),
        "{\"number\":%zu,\"name\":\"\xec\x82\xbc\xec\x84\xb1 %zu\",\"fill\":\"",
        m->number, m->number);

    memcpy(out, head, len);
    for (; len < m->value_bytes - 2; len++) {
        out[len] = (char)('a' + len % 23);
    }
    memcpy(out + len, "\"}", 2);
}

void scene_produce_large(struct scene *s, size_t n, size_t bytes)
{
    char *value = malloc(bytes), key[32];

    for (size_t i = 0; i < n; i++) {
        struct made *m;

        (void)snprintf(key, sizeof(key), "k%07zu", s->n_made);
        m = remember(s, (int32_t)(i % SCENE_PARTITIONS), key);
        m->is_plain = true;
        m->value_bytes = bytes;
        scene_value(m, value);
        produce(s, m, value, NULL, 0);
    }
    mock_kafka_flush(s->kafka);
    free(value);
}

void scene_produce(struct scene *s, size_t n)
{
    scene_produce_large(s, n, 100);
}

static struct made *queue_one(struct scene *s, const char *key,
    const char *value, size_t bytes, enum fate fate)
{
    static const struct mock_header headers[] = {
        {"origin", {"the test", 8}}, {"bytes", {"\0\xff\n", 3}}};
    struct made *m = remember(s, 0, key);

    m->fate = fate;
    m->value_bytes = bytes;
    if (value != NULL) {
        m->value = malloc(bytes + 1);
        memcpy(m->value, value, bytes);
    }
    produce(s, m, m->value, headers, 2);
    return m;
}

struct made *scene_produce_one(struct scene *s, const char *key,
    const char *value, size_t bytes, enum fate fate)
{
    struct made *m = queue_one(s, key, value, bytes, fate);

    mock_kafka_flush(s->kafka);
    return m;
}

void scene_queue_dead(struct scene *s, const char *key, const char *value,
    int status, const char *type)
{
    struct made *m =
        queue_one(s, key, value, value != NULL ? strlen(value) : 0, FATE_DEAD);

    m->dead_status = status;
    m->dead_type = type;
}

void scene_produce_dead(struct scene *s, const char *key, const char *value,
    int status, const char *type)
{
    scene_queue_dead(s, key, value, status, type);
    mock_kafka_flush(s->kafka);
}

/* ---- the bridge ---- */

#define SETTINGS_MOST 30

struct settings {
    char text[SETTINGS_MOST][256];
    size_t n;
};

static void add(struct settings *to, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void add(struct settings *to, const char *fmt, ...)
{
    va_list ap;

    assert_true(to->n < SETTINGS_MOST);
    va_start(ap, fmt);
    (void)vsnprintf(to->text[to->n], sizeof(to->text[0]), fmt, ap);
    va_end(ap);
    to->n++;
}

static void add_defaults(const struct scene *s, struct settings *to)
{
    add(to, "kafka.bootstrap.servers=%s", mock_kafka_brokers(s->kafka));
    add(to, "kafka.group.id=%s", SCENE_GROUP);
    add(to, "kafka.session.timeout.ms=%d", SCENE_SESSION_MS);
    add(to, "kafka.heartbeat.interval.ms=50");
    /* Without a timer of its own librdkafka looks up once a second. */
    add(to, "kafka.statistics.interval.ms=50");
    /* The mock answers a fetch without records only after this. */
    add(to, "kafka.fetch.wait.max.ms=20");
    add(to, "kafka.reconnect.backoff.ms=20");
    add(to, "kafka.reconnect.backoff.max.ms=200");
    add(to, "elasticsearch.hosts=http://127.0.0.1:%d",
        fake_engine_port(s->engine));
    add(to, "bridge.topics=%s", s->topic);
    add(to, "bridge.index=things");
    add(to, "bridge.id=%%{_key}");
    add(to, "bridge.version=timestamp");
    add(to, "bridge.linger_ms=10");
    add(to, "bridge.commit_interval_ms=50");
    add(to, "bridge.retry_max_ms=200");
    add(to, "bridge.drain_timeout_ms=10s");
}

static void start(
    struct scene *s, struct bridge_process *b, bool until_end, va_list own)
{
    struct settings settings = {.n = 0};
    const char *args[2 * SETTINGS_MOST + 2];
    const char *one;
    size_t n = 0;

    add_defaults(s, &settings);
    while ((one = va_arg(own, const char *)) != NULL) {
        add(&settings, "%s", one);
    }
    for (size_t i = 0; i < settings.n; i++) {
        args[n++] = "--set";
        args[n++] = settings.text[i];
    }
    if (until_end) {
        args[n++] = "--until-end";
    }
    args[n] = NULL;
    bridge_end(b);
    bridge_start(b, args);
}

void scene_start(struct scene *s, bool until_end, ...)
{
    va_list own;

    va_start(own, until_end);
    start(s, &s->bridge, until_end, own);
    va_end(own);
}

void scene_start_second(struct scene *s, bool until_end, ...)
{
    va_list own;

    va_start(own, until_end);
    start(s, &s->second, until_end, own);
    va_end(own);
}

void scene_finish(struct scene *s)
{
    struct bridge_ledger l;

    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 0);
    l = bridge_ledger_at_end(&s->bridge);
    bridge_ledger_check(&l);
    assert_int_equal(l.pending, 0);
}

void scene_stop(struct scene *s)
{
    bridge_signal(&s->bridge, SIGTERM);
    scene_finish(s);
}

struct bridge_ledger scene_ledger(struct scene *s)
{
    struct bridge_ledger l;

    SCENE_AWAIT(bridge_ledger_now(&s->bridge, &l));
    bridge_ledger_check(&l);
    return l;
}
