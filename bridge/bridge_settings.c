/* The tables of [bridge] and [admin]; alphabetical, as --help lists them. */
#include "bridge/bridge_settings.h"

static const struct config_key bridge_keys[] = {
    {"bridge.batch_bytes", CONFIG_BYTES, "5m", 1024, 100 << 20, NULL, 0,
        "most bytes of a bulk request's body; how many are worth it is found "
        "by measuring"},
    {"bridge.batch_docs", CONFIG_COUNT, "20000", 1, 1000000, NULL, 0,
        "most documents in a bulk request"},
    {"bridge.commit_interval_ms", CONFIG_MS, "1s", 10, 60000, NULL, 0,
        "how often finished offsets are committed"},
    {"bridge.compression", CONFIG_CHOICE, "none", 0, 0, "none|gzip", 0,
        "of bulk requests; gzip sends about a sixth of the bytes for about "
        "twice the CPU: for engines behind a slow network"},
    {"bridge.dataset", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "the dataset that index, id and version are taken from"},
    {"bridge.dead_letter", CONFIG_TEXT, "topic", 0, 0, NULL, 0,
        "where refused records go: topic (the source topic's name and .dlq), "
        "topic:NAME, file:PATH, or stop"},
    {"bridge.dead_letter_window_ms", CONFIG_MS, "60s", 1000, 86400000, NULL, 0,
        "the while that max_dead_letter_share looks back"},
    {"bridge.drain_timeout_ms", CONFIG_MS, "30s", 0, 3600000, NULL, 0,
        "how long a stop waits for what is under way"},
    {"bridge.id", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "pattern of the document id; default: the dataset's, else "
        "%{_topic}-%{_partition}-%{_offset}"},
    {"bridge.index", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "pattern of the index or alias; default: the dataset's"},
    {"bridge.linger_ms", CONFIG_MS, "100ms", 0, 60000, NULL, 0,
        "how long a record waits for its bulk request to fill"},
    {"bridge.max_dead_letter_share", CONFIG_COUNT, "50", 0, 100, NULL, 0,
        "stop when more than so many percent of a while's records are refused "
        "(100 or more of them at least); 100 never stops"},
    {"bridge.max_dead_letters", CONFIG_COUNT, "0", 0, INT64_MAX, NULL, 0,
        "stop when more records than this are refused in all; 0 never stops"},
    {"bridge.max_in_flight", CONFIG_COUNT, "32", 1, 64, NULL, 0,
        "most bulk requests under way at once; how many are best is found by "
        "measuring"},
    {"bridge.memory_bytes", CONFIG_BYTES, "16m", 1 << 20, 64LL << 30, NULL, 0,
        "most bytes held in open, flying and waiting bulk requests"},
    {"bridge.on_tombstone", CONFIG_CHOICE, "skip", 0, 0,
        "skip|delete|dead_letter", 0,
        "what a record without a value does; delete needs an id made of "
        "%{_key} and the like"},
    {"bridge.ordering", CONFIG_CHOICE, "none", 0, 0, "none|id", 0,
        "id: a record waits until the one before it with the same id is "
        "stored; needed only where version is none"},
    {"bridge.require_alias", CONFIG_BOOL, "true", 0, 0, NULL, 0,
        "refuse to write where the index name is no alias (engines that can)"},
    {"bridge.retry_max_ms", CONFIG_MS, "30s", 100, 3600000, NULL, 0,
        "longest wait between two tries"},
    {"bridge.revoke_timeout_ms", CONFIG_MS, "20s", 0, 240000, NULL, 0,
        "how long partitions that are asked back wait for what is under way"},
    {"bridge.topics", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "topics to consume, a comma list; ^ starts a pattern"},
    {"bridge.type", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "the \"_type\" of documents, for Elasticsearch 6 and 7; left out, with "
        "a notice, where engines take none"},
    {"bridge.version", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "timestamp, none, or a numeric field; default: the dataset's, else "
        "none"},
};

static const struct config_key admin_keys[] = {
    {"admin.listen", CONFIG_TEXT, "127.0.0.1:19464", 0, 0, NULL, 0,
        "address of /metrics, /healthz and /readyz; off for none"},
};

const struct config_table bridge_settings = {
    bridge_keys, sizeof(bridge_keys) / sizeof(bridge_keys[0])};
const struct config_table bridge_admin_settings = {
    admin_keys, sizeof(admin_keys) / sizeof(admin_keys[0])};
