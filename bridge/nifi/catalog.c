/* See catalog.h. */
#include "bridge/nifi/catalog.h"

#include <string.h>

#define NIFI "org.apache.nifi."
#define PUBSUB NIFI "processors.kafka.pubsub."
#define SEARCH NIFI "processors.elasticsearch."
#define STANDARD NIFI "processors.standard."

struct row {
    const char *type;
    enum catalog_class class;
};

static const struct row rows[] = {
    {PUBSUB "ConsumeKafka", CATALOG_CONSUME},
    {PUBSUB "ConsumeKafka_0_10", CATALOG_CONSUME},
    {PUBSUB "ConsumeKafka_0_11", CATALOG_CONSUME},
    {PUBSUB "ConsumeKafka_1_0", CATALOG_CONSUME},
    {PUBSUB "ConsumeKafka_2_0", CATALOG_CONSUME},
    {PUBSUB "ConsumeKafka_2_6", CATALOG_CONSUME},
    {PUBSUB "ConsumeKafkaRecord_0_10", CATALOG_CONSUME_RECORD},
    {PUBSUB "ConsumeKafkaRecord_0_11", CATALOG_CONSUME_RECORD},
    {PUBSUB "ConsumeKafkaRecord_1_0", CATALOG_CONSUME_RECORD},
    {PUBSUB "ConsumeKafkaRecord_2_0", CATALOG_CONSUME_RECORD},
    {PUBSUB "ConsumeKafkaRecord_2_6", CATALOG_CONSUME_RECORD},
    {NIFI "kafka.processors.ConsumeKafka", CATALOG_CONSUME_2},
    {SEARCH "PutElasticsearchHttp", CATALOG_PUT_HTTP},
    {SEARCH "PutElasticsearchHttpRecord", CATALOG_PUT_HTTP_RECORD},
    {SEARCH "PutElasticsearchJson", CATALOG_PUT_JSON},
    {SEARCH "PutElasticsearchRecord", CATALOG_PUT_RECORD},
    {SEARCH "PutElasticsearch5", CATALOG_PUT_TRANSPORT_5},
    {SEARCH "PutElasticsearch", CATALOG_PUT_TRANSPORT_2},
    {STANDARD "LogAttribute", CATALOG_LOG_ATTRIBUTE},
    {STANDARD "LogMessage", CATALOG_LOG_MESSAGE},
    {NIFI "processors.attributes.UpdateAttribute", CATALOG_UPDATE_ATTRIBUTE},
    {STANDARD "EvaluateJsonPath", CATALOG_EVALUATE_JSON},
    {STANDARD "SplitJson", CATALOG_SPLIT_JSON},
    {STANDARD "RouteOnAttribute", CATALOG_ROUTE},
    {STANDARD "MergeContent", CATALOG_MERGE},
    {STANDARD "ConvertRecord", CATALOG_CONVERT_RECORD},
    {NIFI "kafka.service.Kafka3ConnectionService", CATALOG_KAFKA_SERVICE},
    {NIFI "elasticsearch.ElasticSearchClientServiceImpl",
        CATALOG_ENGINE_SERVICE},
    {NIFI "ssl.StandardSSLContextService", CATALOG_SSL_STORES},
    {NIFI "ssl.StandardRestrictedSSLContextService", CATALOG_SSL_STORES},
    {NIFI "ssl.PEMEncodedSSLContextProvider", CATALOG_SSL_PEM},
    {NIFI "json.JsonTreeReader", CATALOG_JSON_READER},
    {NIFI "json.JsonRecordSetWriter", CATALOG_JSON_WRITER},
};

enum catalog_class catalog_class_of(const struct flow_component *c)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].type, c->type) == 0) {
            return rows[i].class;
        }
    }
    return CATALOG_OTHER;
}

bool catalog_is_source(enum catalog_class class)
{
    return class == CATALOG_CONSUME || class == CATALOG_CONSUME_RECORD ||
           class == CATALOG_CONSUME_2;
}

bool catalog_is_writer(enum catalog_class class)
{
    return class >= CATALOG_PUT_HTTP && class <= CATALOG_PUT_TRANSPORT_2;
}

bool catalog_is_log(enum catalog_class class)
{
    return class == CATALOG_LOG_ATTRIBUTE || class == CATALOG_LOG_MESSAGE;
}

bool catalog_is_wire(const struct flow_component *c)
{
    return c->kind == FLOW_FUNNEL || c->kind == FLOW_INPUT_PORT ||
           c->kind == FLOW_OUTPUT_PORT;
}
