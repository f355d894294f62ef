/*
 * struct message: a consumed Kafka record as librdkafka holds it, passed
 * around by the bridge without its type being known. Only consumer.c and
 * the two sinks of dead letters look inside.
 */
#ifndef NARU_BRIDGE_MESSAGE_H
#define NARU_BRIDGE_MESSAGE_H

struct message;

struct record;

/* message_record(m, record): What the pure parts see of it, borrowed from m. */
void message_record(struct message *m, struct record *record);

/* message_free(m): Give it back to librdkafka; NULL is fine. */
void message_free(struct message *m);

#endif
