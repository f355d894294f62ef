/* A record as librdkafka holds it; see message.h. */
#include "bridge/message.h"

#include "bridge/packed_headers.h"

#include <librdkafka/rdkafka.h>

#define NEXT_RECORD_MOST_BYTES 64 /* of a record's before its key */

/*
 * Asking librdkafka for headers costs an allocation and more, even where there
 * are none (rd_kafka_msg_headers_parse), a quarter of all that a record costs
 * us. But records stand in its buffer as the broker sent them, one after the
 * other, and behind a record's value stands the number of its headers (Kafka's
 * protocol, record batches; before those, there were none): 0 means none.
 * Where the next record is not close behind, that byte may be nobody's.
 */
static bool has_no_headers(
    const rd_kafka_message_t *m, const rd_kafka_message_t *next)
{
    const char *behind, *following;

    if (m->payload == NULL || next == NULL || next->err != 0 ||
        next->payload == NULL) {
        return false;
    }
    behind = (const char *)m->payload + m->len;
    following = next->key != NULL ? next->key : next->payload;
    return following > behind && following - behind < NEXT_RECORD_MOST_BYTES &&
           *behind == '\0';
}

static int pack_headers(const rd_kafka_message_t *m, struct buf *packed)
{
    rd_kafka_headers_t *all;
    const char *name;
    const void *value;
    size_t size;

    if (rd_kafka_message_headers(m, &all) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    for (size_t i = 0;
         rd_kafka_header_get_all(all, i, &name, &value, &size) == 0; i++) {
        struct letter_header h = {
            slice_of(name), value != NULL, {value, value != NULL ? size : 0}};

        if (packed_headers_add(packed, &h) != 0) {
            return -1;
        }
    }
    return 0;
}

int message_record(struct message *message, const struct message *behind,
    struct buf *headers, struct record *record)
{
    const rd_kafka_message_t *m = (const rd_kafka_message_t *)message;
    const rd_kafka_message_t *next = (const rd_kafka_message_t *)behind;
    rd_kafka_timestamp_type_t type;

    buf_clear(headers);
    if (!has_no_headers(m, next) && pack_headers(m, headers) != 0) {
        return -1;
    }
    *record = (struct record){.topic = rd_kafka_topic_name(m->rkt),
        .partition = m->partition,
        .offset = m->offset,
        .timestamp_ms = rd_kafka_message_timestamp(m, &type),
        .has_key = m->key != NULL,
        .key = {m->key, m->key_len},
        .has_value = m->payload != NULL,
        .value = {m->payload, m->len},
        .headers = buf_slice(headers),
        .message = message};
    return 0;
}

void message_free(struct message *m)
{
    if (m != NULL) {
        rd_kafka_message_destroy((rd_kafka_message_t *)m);
    }
}
