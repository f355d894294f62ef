/*
 * The list of bridge.topics: names with commas between them, spaces around them
 * left out; one that begins with '^' is a POSIX extended regular expression, as
 * librdkafka takes it (rd_kafka_subscribe).
 */
#ifndef NARU_COMMON_TOPIC_NAMES_H
#define NARU_COMMON_TOPIC_NAMES_H

#include "common/slice.h"

#include <stdbool.h>

/*
 * topic_names_next(rest, name):
 * The next name of the list at *rest, which moves on behind it; empty ones are
 * passed over. False when there is none.
 */
bool topic_names_next(const char **rest, struct slice *name);

/*
 * topic_names_match(list, topic):
 * Is topic one of list? An expression that cannot be compiled matches nothing;
 * subscribing says what is wrong with it.
 */
bool topic_names_match(const char *list, const char *topic);

#endif
