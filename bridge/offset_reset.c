/* auto.offset.reset; see offset_reset.h. */
#include "bridge/offset_reset.h"

#include <string.h>

int offset_reset_take(
    enum offset_reset *reset, rd_kafka_conf_t *conf, struct error *err)
{
    char word[32] = "";
    size_t size = sizeof(word);

    (void)rd_kafka_conf_get(conf, "auto.offset.reset", word, &size);
    if (strcmp(word, "earliest") == 0 || strcmp(word, "smallest") == 0 ||
        strcmp(word, "beginning") == 0) {
        *reset = RESET_EARLIEST;
    } else if (strcmp(word, "error") == 0) {
        *reset = RESET_ERROR;
    } else {
        *reset = RESET_LATEST;
    }
    if (rd_kafka_conf_set(conf, "auto.offset.reset", "error", NULL, 0) !=
        RD_KAFKA_CONF_OK) {
        return error_set(err, "kafka: auto.offset.reset cannot be set");
    }
    return 0;
}

int64_t offset_reset_point(enum offset_reset reset)
{
    switch (reset) {
    case RESET_EARLIEST:
        return RD_KAFKA_OFFSET_BEGINNING;
    case RESET_LATEST:
        return RD_KAFKA_OFFSET_END;
    case RESET_ERROR:
        break;
    }
    return RD_KAFKA_OFFSET_INVALID;
}

rd_kafka_topic_partition_list_t *offset_reset_start(enum offset_reset reset,
    rd_kafka_t *rk, const rd_kafka_topic_partition_list_t *list, int wait_ms)
{
    rd_kafka_topic_partition_list_t *start =
        rd_kafka_topic_partition_list_copy(list);

    if (rd_kafka_committed(rk, start, wait_ms) != 0) {
        rd_kafka_topic_partition_list_destroy(start);
        return rd_kafka_topic_partition_list_copy(list);
    }
    for (int i = 0; i < start->cnt; i++) {
        rd_kafka_topic_partition_t *one = &start->elems[i];

        if (one->offset < 0 && one->err == 0 && reset != RESET_ERROR) {
            one->offset = offset_reset_point(reset);
        }
    }
    return start;
}
