/* A topic's setting, asked of the brokers; see kafka_topic.h. */
#include "common/kafka_topic_private.h"

#include <stdio.h>
#include <string.h>

/* The value of name in the answer, which is for one topic. */
static int read_value(rd_kafka_event_t *event, const char *topic,
    const char *name, char *value, struct error *err)
{
    const rd_kafka_DescribeConfigs_result_t *answer =
        rd_kafka_event_DescribeConfigs_result(event);
    const rd_kafka_ConfigResource_t **all;
    const rd_kafka_ConfigEntry_t **entries;
    size_t n = 0;

    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "topic %s: its settings: %s", topic,
            rd_kafka_event_error_string(event));
    }
    all = rd_kafka_DescribeConfigs_result_resources(answer, &n);
    if (n != 1 || rd_kafka_ConfigResource_error(all[0]) != 0) {
        return error_set(err, "topic %s: its settings: %s", topic,
            n == 1 ? rd_kafka_ConfigResource_error_string(all[0])
                   : "no answer");
    }
    entries = rd_kafka_ConfigResource_configs(all[0], &n);
    for (size_t i = 0; i < n; i++) {
        const char *text = rd_kafka_ConfigEntry_value(entries[i]);

        if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), name) == 0 &&
            text != NULL) {
            (void)snprintf(value, KAFKA_SETTING_BYTES, "%s", text);
        }
    }
    return 0;
}

int kafka_topic_setting(struct kafka_topics *k, const char *topic,
    const char *name, char value[KAFKA_SETTING_BYTES], struct error *err)
{
    rd_kafka_ConfigResource_t *resource =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    struct kafka_request r;
    int rc;

    value[0] = '\0';
    kafka_request_open(&r, k, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_DescribeConfigs(k->rk, &resource, 1, r.options, r.queue);
    kafka_request_await(&r);
    rc = r.answer != NULL
             ? read_value(r.answer, topic, name, value, err)
             : error_set(err, "topic %s: its settings: timed out", topic);
    kafka_request_close(&r);
    rd_kafka_ConfigResource_destroy(resource);
    return rc;
}
