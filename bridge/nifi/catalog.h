/* The classes of NiFi's processors and services that naru understands. */
#ifndef NARU_BRIDGE_NIFI_CATALOG_H
#define NARU_BRIDGE_NIFI_CATALOG_H

#include "bridge/nifi/flow.h"

#include <stdbool.h>

enum catalog_class {
    CATALOG_OTHER,
    CATALOG_CONSUME,        /* ConsumeKafka, _0_10 ... _2_6 of NiFi 1 */
    CATALOG_CONSUME_RECORD, /* ConsumeKafkaRecord_... */
    CATALOG_CONSUME_2,      /* ConsumeKafka of NiFi 2 */
    CATALOG_PUT_HTTP,
    CATALOG_PUT_HTTP_RECORD,
    CATALOG_PUT_JSON,
    CATALOG_PUT_RECORD,
    CATALOG_PUT_TRANSPORT_5, /* PutElasticsearch5 */
    CATALOG_PUT_TRANSPORT_2, /* PutElasticsearch */
    CATALOG_LOG_ATTRIBUTE,
    CATALOG_LOG_MESSAGE,
    CATALOG_UPDATE_ATTRIBUTE,
    CATALOG_EVALUATE_JSON,
    CATALOG_SPLIT_JSON,
    CATALOG_ROUTE,
    CATALOG_MERGE,
    CATALOG_CONVERT_RECORD,
    CATALOG_KAFKA_SERVICE,
    CATALOG_ENGINE_SERVICE,
    CATALOG_SSL_STORES, /* StandardSSLContextService and the restricted one */
    CATALOG_SSL_PEM,
    CATALOG_JSON_READER,
    CATALOG_JSON_WRITER
};

enum catalog_class catalog_class_of(const struct flow_component *c);

/* Does it read from Kafka, write to the engine, write a log? */
bool catalog_is_source(enum catalog_class class);
bool catalog_is_writer(enum catalog_class class);
bool catalog_is_log(enum catalog_class class);

/* catalog_is_wire(c): Does it only pass on what comes (ports, funnels)? */
bool catalog_is_wire(const struct flow_component *c);

#endif
