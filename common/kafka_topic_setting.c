/* A topic's settings; see kafka_topic.h. */
#include "common/kafka_topic.h"

#include "common/kafka_topic_private.h"

#include <stdio.h>
#include <string.h>

/* Find name among what the broker answered. */
static int find_setting(const rd_kafka_ConfigResource_t *resource,
    const char *name, char *value, struct error *err)
{
    const rd_kafka_ConfigEntry_t *const *entries;
    size_t n = 0;

    entries =
        (const rd_kafka_ConfigEntry_t *const *)rd_kafka_ConfigResource_configs(
            resource, &n);
    for (size_t i = 0; i < n; i++) {
        const char *text = rd_kafka_ConfigEntry_value(entries[i]);

        if (text != NULL &&
            strcmp(rd_kafka_ConfigEntry_name(entries[i]), name) == 0) {
            (void)snprintf(value, KAFKA_TOPIC_SETTING_BYTES, "%s", text);
            return 0;
        }
    }
    return error_set(err, "the broker says nothing of its setting %s", name);
}

static int read_answer(
    rd_kafka_event_t *event, const char *name, char *value, struct error *err)
{
    const rd_kafka_DescribeConfigs_result_t *answer;
    const rd_kafka_ConfigResource_t *const *resources;
    size_t n = 0;

    if (event == NULL) {
        return error_set(err, "asking for its settings timed out");
    }
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "its settings cannot be read: %s",
            rd_kafka_event_error_string(event));
    }
    answer = rd_kafka_event_DescribeConfigs_result(event);
    resources = rd_kafka_DescribeConfigs_result_resources(answer, &n);
    if (n != 1 || rd_kafka_ConfigResource_error(resources[0]) !=
                      RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "its settings cannot be read: %s",
            n == 1 ? rd_kafka_ConfigResource_error_string(resources[0])
                   : "no answer");
    }
    return find_setting(resources[0], name, value, err);
}

int kafka_topic_setting(struct kafka_topics *k, const char *topic,
    const char *name, char value[KAFKA_TOPIC_SETTING_BYTES], struct error *err)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(k->rk);
    rd_kafka_ConfigResource_t *resource =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(k->rk, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_event_t *event;
    char why[256];
    int result;

    (void)rd_kafka_AdminOptions_set_request_timeout(
        options, KAFKA_TOPICS_WAIT_MS, why, sizeof(why));
    rd_kafka_DescribeConfigs(k->rk, &resource, 1, options, queue);
    event = rd_kafka_queue_poll(queue, KAFKA_TOPICS_WAIT_MS + 1000);
    result = read_answer(event, name, value, err);
    if (event != NULL) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_ConfigResource_destroy(resource);
    rd_kafka_queue_destroy(queue);
    return result == 0 ? 0 : error_prefix(err, "topic %s: ", topic);
}
