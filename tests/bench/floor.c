/*
 * floor_loop: the least that any bridge over librdkafka and libcurl does:
 * takes batches of records from librdkafka's queue, writes an action line
 * with the id topic-partition-offset, copies the value, and posts bodies of
 * 5 MB, four at once. No group, no ledger, no retry; answers are thrown away.
 * What a bridge needs above this is its own doing. librdkafka is set as
 * naru's bridge sets it.
 */

#include <curl/curl.h>
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define READ_MOST 1000
#define BODY_BYTES (5u << 20)
#define BODY_DOCS 20000
#define FLIGHTS 4
#define ACTION_MOST_BYTES 320 /* a topic's name has 249 bytes at most */
#define UPLOAD_CHUNK_BYTES (512L << 10)
#define WAIT_MS 100

struct body {
    CURL *easy;
    char *data;
    size_t len_bytes, cap_bytes;
    size_t n_docs;
    int is_flying;
};

struct floor_loop {
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue;
    int queue_fd; /* readable when the queue fills */
    CURLM *multi;
    struct curl_slist *headers;
    struct body bodies[FLIGHTS + 1];
    struct body *open; /* NULL: none is free, or nothing is posted at all */
    const char *brokers, *topic, *url;
    char **properties; /* "name=value", until NULL */
    int partitions, ended;
    uint64_t docs, bytes;
};

static void must(int ok, const char *what)
{
    if (!ok) {
        (void)fprintf(stderr, "floor_loop: %s\n", what);
        exit(1);
    }
}

/* ---- Kafka ---- */

static void set_property(
    rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char why[512];

    must(rd_kafka_conf_set(conf, name, value, why, sizeof(why)) ==
             RD_KAFKA_CONF_OK,
        why);
}

/* As bridge/consumer.c sets it, then as the command line does. */
static void configure(struct floor_loop *f, rd_kafka_conf_t *conf)
{
    static const char *const properties[][2] = {{"client.id", "floor"},
        {"group.id", "floor"}, {"enable.partition.eof", "true"},
        {"enable.auto.commit", "false"}, {"enable.auto.offset.store", "false"},
        {"queued.max.messages.kbytes", "16384"}};

    for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++) {
        set_property(conf, properties[i][0], properties[i][1]);
    }
    set_property(conf, "bootstrap.servers", f->brokers);
    for (char **p = f->properties; *p != NULL; p++) {
        char *equals = strchr(*p, '=');

        must(equals != NULL, "a property is NAME=VALUE");
        *equals = '\0';
        set_property(conf, *p, equals + 1);
    }
}

static void set_up_client(struct floor_loop *f)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char why[512];
    uint64_t one = 1;

    configure(f, conf);
    f->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    must(f->rk != NULL, why);
    (void)rd_kafka_poll_set_consumer(f->rk);
    f->queue = rd_kafka_queue_get_consumer(f->rk);
    f->queue_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    must(f->queue_fd >= 0, "cannot make an event descriptor");
    rd_kafka_queue_io_event_enable(f->queue, f->queue_fd, &one, sizeof(one));
}

static void read_all_partitions(struct floor_loop *f)
{
    rd_kafka_topic_t *topic = rd_kafka_topic_new(f->rk, f->topic, NULL);
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);
    const rd_kafka_metadata_t *meta = NULL;

    must(rd_kafka_metadata(f->rk, 0, topic, &meta, 10000) == 0 &&
             meta->topic_cnt == 1 && meta->topics[0].partition_cnt > 0,
        "the brokers do not tell of the topic");
    f->partitions = meta->topics[0].partition_cnt;
    for (int i = 0; i < f->partitions; i++) {
        rd_kafka_topic_partition_list_add(list, f->topic, i)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    }
    must(rd_kafka_assign(f->rk, list) == 0, "cannot read the partitions");
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_metadata_destroy(meta);
    rd_kafka_topic_destroy(topic);
}

/* ---- bodies ---- */

static size_t ignore(char *p, size_t size, size_t n, void *arg)
{
    (void)p;
    (void)arg;
    return size * n;
}

static void set_up_bodies(struct floor_loop *f)
{
    f->headers = curl_slist_append(NULL, "Content-Type: application/x-ndjson");
    f->headers = curl_slist_append(f->headers, "Expect:");
    for (int i = 0; i <= FLIGHTS; i++) {
        struct body *b = &f->bodies[i];

        b->easy = curl_easy_init();
        must(b->easy != NULL, "out of memory");
        (void)curl_easy_setopt(b->easy, CURLOPT_URL, f->url);
        (void)curl_easy_setopt(b->easy, CURLOPT_HTTPHEADER, f->headers);
        (void)curl_easy_setopt(b->easy, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(
            b->easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_CHUNK_BYTES);
        (void)curl_easy_setopt(b->easy, CURLOPT_WRITEFUNCTION, ignore);
        (void)curl_easy_setopt(b->easy, CURLOPT_PRIVATE, b);
        (void)curl_easy_setopt(b->easy, CURLOPT_NOPROXY, "*");
    }
}

static void collect(struct floor_loop *f)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(f->multi, &left)) != NULL) {
        struct body *b = NULL;
        long status = 0;

        (void)curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &b);
        (void)curl_easy_getinfo(
            msg->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        must(msg->data.result == CURLE_OK && status == 200,
            "the engine did not take a body");
        (void)curl_multi_remove_handle(f->multi, b->easy);
        b->is_flying = 0;
        b->len_bytes = 0;
        b->n_docs = 0;
    }
}

/* Drive what flies; returns how much that is. With wait_ms wait for it, and,
 * when heeds_queue, for records too. */
static int drive(struct floor_loop *f, int wait_ms, int heeds_queue)
{
    struct curl_waitfd queue = {.fd = f->queue_fd, .events = CURL_WAIT_POLLIN};
    uint64_t ignored;
    int running = 0;

    if (wait_ms > 0) {
        (void)curl_multi_poll(
            f->multi, &queue, heeds_queue ? 1 : 0, wait_ms, NULL);
        if (queue.revents != 0) {
            (void)!read(f->queue_fd, &ignored, sizeof(ignored));
        }
    }
    (void)curl_multi_perform(f->multi, &running);
    collect(f);
    return running;
}

static void post(struct floor_loop *f, struct body *b)
{
    (void)curl_easy_setopt(b->easy, CURLOPT_POSTFIELDS, b->data);
    (void)curl_easy_setopt(
        b->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)b->len_bytes);
    must(curl_multi_add_handle(f->multi, b->easy) == CURLM_OK, "curl");
    b->is_flying = 1;
    f->open = NULL;
    while (drive(f, 0, 0) >= FLIGHTS) {
        (void)drive(f, WAIT_MS, 0);
    }
}

static struct body *open_body(struct floor_loop *f)
{
    for (int i = 0; f->open == NULL && i <= FLIGHTS; i++) {
        if (!f->bodies[i].is_flying) {
            f->open = &f->bodies[i];
        }
    }
    must(f->open != NULL, "no body is free");
    return f->open;
}

static void make_room(struct body *b, size_t extra_bytes)
{
    if (b->cap_bytes - b->len_bytes < extra_bytes) {
        b->cap_bytes = b->len_bytes + extra_bytes;
        b->cap_bytes = b->cap_bytes < BODY_BYTES ? BODY_BYTES : b->cap_bytes;
        b->data = realloc(b->data, b->cap_bytes);
        must(b->data != NULL, "out of memory");
    }
}

static void put_number(struct body *b, uint64_t n)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    memcpy(b->data + b->len_bytes, digits + at, sizeof(digits) - at);
    b->len_bytes += sizeof(digits) - at;
}

static void put(struct body *b, const void *p, size_t n)
{
    memcpy(b->data + b->len_bytes, p, n);
    b->len_bytes += n;
}

static void encode(struct floor_loop *f, const rd_kafka_message_t *m)
{
    size_t need = ACTION_MOST_BYTES + m->len + 1;
    struct body *b = open_body(f);

    if (b->n_docs == BODY_DOCS ||
        (b->n_docs > 0 && b->len_bytes + need > BODY_BYTES)) {
        post(f, b);
        b = open_body(f);
    }
    make_room(b, need);
    put(b, "{\"index\":{\"_id\":\"", 17);
    put(b, f->topic, strlen(f->topic));
    put(b, "-", 1);
    put_number(b, (uint64_t)m->partition);
    put(b, "-", 1);
    put_number(b, (uint64_t)m->offset);
    put(b, "\"}}\n", 4);
    put(b, m->payload, m->len);
    put(b, "\n", 1);
    b->n_docs++;
}

static void take(struct floor_loop *f, rd_kafka_message_t *m)
{
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        f->ended++;
    } else if (m->err == 0) {
        f->docs++;
        f->bytes += m->len;
        if (f->url != NULL) {
            encode(f, m);
        }
    } else {
        must(0, rd_kafka_message_errstr(m));
    }
    rd_kafka_message_destroy(m);
}

static void run(struct floor_loop *f)
{
    rd_kafka_message_t *read[READ_MOST];

    while (f->ended < f->partitions) {
        ssize_t n = rd_kafka_consume_batch_queue(f->queue, 0, read, READ_MOST);

        for (ssize_t i = 0; i < n; i++) {
            take(f, read[i]);
        }
        (void)drive(f, n > 0 ? 0 : WAIT_MS, 1);
    }
    if (f->open != NULL && f->open->n_docs > 0) {
        post(f, f->open);
    }
    while (drive(f, WAIT_MS, 0) > 0) {
    }
}

static void tear_down(struct floor_loop *f)
{
    for (int i = 0; i <= FLIGHTS; i++) {
        curl_easy_cleanup(f->bodies[i].easy);
        free(f->bodies[i].data);
    }
    (void)curl_multi_cleanup(f->multi);
    curl_slist_free_all(f->headers);
    rd_kafka_queue_destroy(f->queue);
    (void)rd_kafka_consumer_close(f->rk);
    rd_kafka_destroy(f->rk);
    (void)close(f->queue_fd);
}

int main(int argc, char **argv)
{
    struct floor_loop f = {0};

    if (argc < 4) {
        (void)fprintf(stderr,
            "usage: floor_loop BROKERS TOPIC BULK_URL|- [PROPERTY=VALUE...]\n"
            "Reads the topic to its end; with - it only reads. PROPERTY is "
            "librdkafka's.\n");
        return 2;
    }
    f.brokers = argv[1];
    f.topic = argv[2];
    f.url = strcmp(argv[3], "-") != 0 ? argv[3] : NULL;
    f.properties = argv + 4;
    must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "curl");
    f.multi = curl_multi_init();
    must(f.multi != NULL, "out of memory");
    set_up_client(&f);
    if (f.url != NULL) {
        set_up_bodies(&f);
    }
    read_all_partitions(&f);
    run(&f);
    (void)printf(
        "{\"docs\":%" PRIu64 ",\"bytes\":%" PRIu64 "}\n", f.docs, f.bytes);
    tear_down(&f);
    curl_global_cleanup();
    return 0;
}
