/* Positions and librdkafka's lists; see position.h. */
#include "bridge/position.h"

#include <stdlib.h>

struct position *positions_of(const rd_kafka_topic_partition_list_t *list)
{
    struct position *p = calloc((size_t)list->cnt + 1, sizeof(*p));

    for (int i = 0; p != NULL && i < list->cnt; i++) {
        p[i] = (struct position){list->elems[i].topic, list->elems[i].partition,
            list->elems[i].offset};
    }
    return p;
}

rd_kafka_topic_partition_list_t *positions_list(
    const struct position *positions, size_t n)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)n);

    for (size_t i = 0; i < n; i++) {
        rd_kafka_topic_partition_list_add(
            list, positions[i].topic, positions[i].partition)
            ->offset = positions[i].offset;
    }
    return list;
}
