/* The tables of [bridge], [transform], [nifi] and [admin]; alphabetical, as
 * --print-config lists them. */
#include "bridge/bridge_settings.h"

static const struct config_key bridge_keys[] = {
    {"bridge.batch_bytes", CONFIG_BYTES, "5m", 1024, 100 << 20, NULL, 0,
        "most bytes of a bulk request's body; how many are worth it is found "
        "by measuring"},
    {"bridge.batch_docs", CONFIG_COUNT, "20000", 1, 1000000, NULL, 0,
        "most documents in a bulk request"},
    {"bridge.commit_interval_ms", CONFIG_MS, "1s", 10, 60000, NULL, CONFIG_LIVE,
        "how often finished offsets are committed"},
    {"bridge.compression", CONFIG_CHOICE, "none", 0, 0, "none|gzip|zstd", 0,
        "of bulk requests, for engines behind a slow network: gzip sends about "
        "a sixth of the bytes for two to three times the CPU, zstd, which "
        "OpenSearch takes from 3 on, a ninth for half as much CPU again"},
    {"bridge.dataset", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "the dataset that index, id and version are taken from"},
    {"bridge.dead_letter", CONFIG_TEXT, "topic", 0, 0, NULL, 0,
        "where refused records go: topic (the source topic's name and .dlq), "
        "topic:NAME, file:PATH, or stop"},
    {"bridge.dead_letter_window_ms", CONFIG_MS, "60s", 1000, 86400000, NULL, 0,
        "the while that max_dead_letter_share looks back"},
    {"bridge.drain_timeout_ms", CONFIG_MS, "30s", 0, 3600000, NULL, CONFIG_LIVE,
        "how long a stop waits for what is under way"},
    {"bridge.id", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "pattern of the document id; default: the dataset's, else "
        "%{_topic}-%{_partition}-%{_offset}"},
    {"bridge.index", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "pattern of the index or alias; default: the dataset's"},
    {"bridge.linger_ms", CONFIG_MS, "100ms", 0, 60000, NULL, CONFIG_LIVE,
        "how long a record waits for its bulk request to fill"},
    {"bridge.max_dead_letter_share", CONFIG_COUNT, "50", 0, 100, NULL,
        CONFIG_LIVE,
        "stop when more than so many percent of a while's records are refused "
        "(100 or more of them at least); 100 never stops"},
    {"bridge.max_dead_letters", CONFIG_COUNT, "0", 0, INT64_MAX, NULL,
        CONFIG_LIVE,
        "stop when more records than this are refused in all; 0 never stops"},
    {"bridge.max_in_flight", CONFIG_COUNT, "32", 1, 64, NULL, 0,
        "most bulk requests under way at once; how many are best is found by "
        "measuring"},
    {"bridge.memory_bytes", CONFIG_BYTES, "16m", 1 << 20, 64LL << 30, NULL, 0,
        "most bytes held in open, flying and waiting bulk requests; of them "
        "a little less than half are under way"},
    {"bridge.on_tombstone", CONFIG_CHOICE, "skip", 0, 0,
        "skip|delete|dead_letter", 0,
        "what a record without a value does; delete needs an id made of "
        "%{_key} and the like"},
    {"bridge.op", CONFIG_TEXT, "index", 0, 0, NULL, 0,
        "what a record does: index, create, update, upsert or delete, or a "
        "pattern that gives one of these"},
    {"bridge.ordering", CONFIG_CHOICE, "none", 0, 0, "none|id", 0,
        "id: a record waits until the one before it with the same id is "
        "stored; needed only where version is none"},
    {"bridge.require_alias", CONFIG_BOOL, "true", 0, 0, NULL, 0,
        "refuse to write where the index name is no alias (engines that can)"},
    {"bridge.retry_max_ms", CONFIG_MS, "30s", 100, 3600000, NULL, 0,
        "longest wait between two tries"},
    {"bridge.revoke_timeout_ms", CONFIG_MS, "20s", 0, 240000, NULL, CONFIG_LIVE,
        "how long partitions that are asked back wait for what is under way"},
    {"bridge.topics", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "topics to consume, a comma list; ^ starts a pattern"},
    {"bridge.type", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "pattern of the \"_type\" of documents, for Elasticsearch 6 and 7; "
        "left "
        "out, with a notice, where engines take none"},
    {"bridge.version", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "timestamp, none, or a numeric field; default: the dataset's, else "
        "none"},
};

/* What each word means: bridge/transform/README.md. */
static const struct config_key transform_keys[] = {
    {"transform.after.N", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "what is done, in the order of N, when a document is stored: log, "
        "log-message"},
    {"transform.headers", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "regular expression of the headers that become attributes"},
    {"transform.key_encoding", CONFIG_CHOICE, "utf-8", 0, 0, "utf-8|hex|none",
        0, "how the attribute kafka.key holds a record's key"},
    {"transform.step.N", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "what is done with a record, in the order of N, before it is sent"},
    {"transform.zone", CONFIG_TEXT, "UTC", 0, 0, NULL, 0,
        "time zone of dates in expressions that name none"},
};

static const struct config_key nifi_keys[] = {
    {"nifi.connection.N", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "ID NAME of the connection from processor N to the next"},
    {"nifi.group", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "ID NAME of the process group that NiFi's numbers are shown under"},
    {"nifi.processor.N", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "ID CLASS NAME of the flow's processors, in its order"},
};

static const struct config_key admin_keys[] = {
    {"admin.core_dumps", CONFIG_BOOL, "false", 0, 0, NULL, 0,
        "let a crash leave a core dump, and a debugger of the same user look; "
        "there are passwords in it"},
    {"admin.listen", CONFIG_TEXT, "127.0.0.1:19464", 0, 0, NULL, 0,
        "address of the page, /metrics, /healthz, /readyz and /status; off "
        "for none"},
    {"admin.log_level", CONFIG_CHOICE, NULL, 0, 0, "debug|info|warn|error",
        CONFIG_LIVE,
        "least level of the lines on standard error; default: info, or what "
        "-v or -q say"},
    {"admin.metrics_index", CONFIG_TEXT, NULL, 0, 0, NULL, 0,
        "index (an alias, made and managed by naru) that the bridge's own "
        "metrics are written to, for the dashboard Pipeline; default: none"},
    {"admin.metrics_interval_ms", CONFIG_MS, "10s", 100, 3600000, NULL, 0,
        "how often"},
    {"admin.nifi_api", CONFIG_BOOL, "false", 0, 0, NULL, 0,
        "serve NiFi's status endpoints under /nifi-api/"},
    {"admin.show_records", CONFIG_BOOL, "false", 0, 0, NULL, 0,
        "show the beginning of some records, and what the engine says of "
        "refused ones, to whoever opens the page"},
    {"admin.token", CONFIG_TEXT, NULL, 0, 0, NULL, CONFIG_SECRET | CONFIG_LIVE,
        "what all but /healthz, /readyz and /metrics ask for, as a bearer "
        "token; token_file is the better place"},
    {"admin.token_file", CONFIG_TEXT, NULL, 0, 0, NULL, CONFIG_LIVE,
        "file whose first line is that token"},
};

const struct config_table bridge_settings = {
    bridge_keys, sizeof(bridge_keys) / sizeof(bridge_keys[0])};
const struct config_table bridge_transform_settings = {
    transform_keys, sizeof(transform_keys) / sizeof(transform_keys[0])};
const struct config_table bridge_nifi_settings = {
    nifi_keys, sizeof(nifi_keys) / sizeof(nifi_keys[0])};
const struct config_table bridge_admin_settings = {
    admin_keys, sizeof(admin_keys) / sizeof(admin_keys[0])};
