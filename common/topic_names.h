/*
 * topic_names_match(list, topic):
 * Is topic one of list, as bridge.topics gives it: names with commas between,
 * spaces allowed; one that begins with '^' is a POSIX extended regular
 * expression, as librdkafka takes it (rd_kafka_subscribe)? An expression that
 * cannot be compiled matches nothing; subscribing says what is wrong with it.
 */
#ifndef NARU_COMMON_TOPIC_NAMES_H
#define NARU_COMMON_TOPIC_NAMES_H

#include <stdbool.h>

bool topic_names_match(const char *list, const char *topic);

#endif
