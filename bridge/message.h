/*
 * struct message: a consumed Kafka record as librdkafka holds it, passed
 * around by the bridge without its type being known. Only intake.c looks
 * inside. A message keeps the whole response of the broker that it came in
 * alive, so it is given back as soon as a batch has what it needs.
 */
#ifndef NARU_BRIDGE_MESSAGE_H
#define NARU_BRIDGE_MESSAGE_H

#include "bridge/record.h"
#include "common/attr.h"
#include "common/buf.h"

struct message;

/* What librdkafka needs for a message besides its key and value, about. */
#define MESSAGE_COST_BYTES 512

/*
 * message_record(m, behind, headers, record):
 * What the pure parts see of it, borrowed from m; its headers are packed into
 * headers, which is emptied first. behind: the message that librdkafka handed
 * over after m, NULL when there is none or it is not known. Returns 0, -1 out
 * of memory.
 */
int message_record(struct message *m, const struct message *behind,
    struct buf *headers, struct record *record) MUST_CHECK;

/* message_free(m): Give it back to librdkafka; NULL is fine. */
void message_free(struct message *m);

#endif
