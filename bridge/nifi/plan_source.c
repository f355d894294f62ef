/* ConsumeKafka and its kin into [kafka], bridge.topics and [transform]. */
#include "bridge/nifi/plan_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A property whose value changes nothing here: only told. */
static void tell(
    struct plan *p, const char *names, const char *fallback, const char *naru)
{
    struct plan_value v = plan_take(p, names, fallback, PLAN_PLAIN);

    if (v.is_set) {
        plan_row(p, &v, "%s", naru);
    }
}

static void take_servers(struct plan *p)
{
    struct plan_value v =
        plan_take(p, "bootstrap.servers|Kafka Brokers|Bootstrap Servers",
            "localhost:9092", PLAN_VARIABLES);

    if (v.text[0] != '\0') {
        plan_set(p, "kafka.bootstrap.servers", v.text, &v);
        plan_row(p, &v, "the same");
    }
}

/* Java's patterns match the whole name, librdkafka's what they begin. */
static void take_pattern(struct plan *p, const struct plan_value *topics)
{
    const char *text = topics->text + (topics->text[0] == '^' ? 1 : 0);
    size_t n = strlen(text);

    if (!plan_is_plain_regex(text) || strchr(text, ',') != NULL) {
        plan_find(p, PLAN_CANNOT,
            "%s: the pattern '%s' has what librdkafka's regular expressions "
            "lack (backslashes, look-around, a comma); list the topics",
            topics->property, topics->text);
        return;
    }
    text = n > 0 && text[n - 1] == '$' ? plan_text(p, "^%s", text)
                                       : plan_text(p, "^(%s)$", text);
    plan_set(p, "bridge.topics", text, topics);
    plan_row(p, topics, "bridge.topics = %s", text);
}

static void take_topics(struct plan *p)
{
    struct plan_value topics =
        plan_take(p, "topic|Topics|Topic Name(s)", NULL, PLAN_VARIABLES);
    struct plan_value form = plan_take(
        p, "topic_type|Topic Format|Topic Name Format", "names", PLAN_PLAIN);

    if (topics.text[0] == '\0') {
        plan_find(p, PLAN_CANNOT, "%s is not set", topics.property);
        return;
    }
    if (plan_is(form.text, "pattern")) {
        take_pattern(p, &topics);
    } else {
        plan_set(p, "bridge.topics", topics.text, &topics);
        plan_row(p, &topics, "bridge.topics, the same");
    }
}

static void take_group(struct plan *p)
{
    struct plan_value v =
        plan_take(p, "group.id|Group ID", NULL, PLAN_VARIABLES);

    if (v.text[0] == '\0') {
        plan_find(p, PLAN_CANNOT, "%s is not set", v.property);
        return;
    }
    plan_set(p, "kafka.group.id", v.text, &v);
    plan_row(p, &v,
        "the same: goes on at NiFi's commits, so stop NiFi's processor first");
}

static void take_reset(struct plan *p)
{
    struct plan_value v =
        plan_take(p, "auto.offset.reset|Auto Offset Reset|Offset Reset",
            "latest", PLAN_PLAIN);
    bool is_none = plan_is(v.text, "none");

    plan_set(p, "kafka.auto.offset.reset", is_none ? "error" : v.text, &v);
    plan_row(p, &v, is_none ? "error: stops where no commit is" : "the same");
}

static void set_isolation(
    struct plan *p, const struct plan_value *v, bool is_committed)
{
    const char *level = is_committed ? "read_committed" : "read_uncommitted";

    plan_set(p, "kafka.isolation.level", level, v);
    plan_row(p, v, "isolation.level = %s", level);
}

static void take_isolation_1(struct plan *p)
{
    struct plan_value v = plan_take(
        p, "honor-transactions|Honor Transactions", "true", PLAN_PLAIN);

    set_isolation(p, &v, plan_is(v.text, "true"));
}

static void take_commits(struct plan *p)
{
    struct plan_value v = plan_take(p, "Commit Offsets", "true", PLAN_PLAIN);

    tell(p, "max-uncommit-offset-wait|Max Uncommitted Time", "1 secs",
        "offsets are committed each second, of what is stored alone");
    tell(p, "Max Uncommitted Size", NULL,
        "bridge.memory_bytes bounds what is under way");
    if (plan_is(v.text, "false")) {
        plan_find(p, PLAN_CANNOT,
            "%s is false: naru always commits what it has stored", v.property);
    }
}

/* ---- attributes of a message ---- */

static void take_key(struct plan *p)
{
    struct plan_value v = plan_take(p,
        "key-attribute-encoding|Key Attribute Encoding", "utf-8", PLAN_PLAIN);
    const char *form = plan_is(v.text, "do-not-add") ? "none" : v.text;

    if (!plan_is(v.text, "utf-8")) {
        plan_set(p, "transform.key_encoding", form, &v);
        plan_row(p, &v, "transform.key_encoding = %s", form);
        plan_attribute(p, "kafka.key"); /* another than the record's key */
        return;
    }
    plan_row(p, &v, "the same: kafka.key, %%{_key} in patterns");
}

static void take_headers(struct plan *p)
{
    struct plan_value regex = plan_take(p,
        "header-name-regex|Header Name Pattern|Headers to Add as Attributes "
        "(Regex)",
        NULL, PLAN_VARIABLES);
    struct plan_value form = plan_take(
        p, "message-header-encoding|Header Encoding", "UTF-8", PLAN_PLAIN);
    struct plan_value prefix =
        plan_take(p, "Header Name Prefix", NULL, PLAN_PLAIN);

    if (regex.text[0] == '\0') {
        return;
    }
    if (!plan_takes_regex(p, &regex, "name the headers")) {
        return;
    }
    p->any_attributes = true;
    plan_set(p, "transform.headers", regex.text, &regex);
    plan_row(p, &regex, "transform.headers: those headers become attributes");
    if (!plan_is(form.text, "UTF-8")) {
        plan_find(p, PLAN_CANNOT, "%s is %s: naru reads headers as UTF-8",
            form.property, form.text);
    }
    if (prefix.text[0] != '\0') {
        plan_find(p, PLAN_CANNOT, "%s: naru gives headers no prefix",
            prefix.property);
    }
}

static void take_bundles(struct plan *p, bool is_used)
{
    struct plan_value v = plan_take(
        p, "message-demarcator|Message Demarcator", NULL, PLAN_VARIABLES);

    tell(p, "separate-by-key|Separate By Key", "false",
        "each message is a document of its own");
    if (!is_used || v.text[0] == '\0') {
        return;
    }
    p->has_bundles = true;
    plan_row(p, &v, "messages are not joined: each is a document");
}

/* ---- records ---- */

static void take_records(struct plan *p)
{
    bool drops = false;
    struct plan_value reader = plan_take(
        p, "record-reader|Record Reader|Value Record Reader", NULL, PLAN_PLAIN);
    struct plan_value writer =
        plan_take(p, "record-writer|Record Writer", NULL, PLAN_PLAIN);
    struct plan_value output = plan_take(
        p, "output-strategy|Output Strategy", "USE_VALUE", PLAN_PLAIN);

    tell(p, "key-format|Key Format", NULL, "the key stays as it is");
    tell(p, "key-record-reader|Key Record Reader", NULL, "not used");
    plan_take_reader(p, &reader);
    plan_take_json_writer(p, &writer, &drops);
    if (plan_is(output.text, "USE_WRAPPER") ||
        plan_is(output.text, "INJECT_METADATA") ||
        plan_is(output.text, "INJECT_OFFSET")) {
        plan_find(p, PLAN_CANNOT,
            "%s is %s: naru writes the value, without key and headers around",
            output.property, output.text);
    }
    plan_convert(p, drops);
    p->splits = true; /* each message is a record, not a bundle */
}

static void pass_records(struct plan *p)
{
    static const char *const names[] = {"Record Reader", "Record Writer",
        "Output Strategy", "Key Format", "Key Record Reader", "record-reader",
        "record-writer"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)plan_take(p, names[i], NULL, PLAN_PLAIN);
    }
}

/* ---- Kafka's own properties, set freely ---- */

struct client_property {
    const char *java;
    const char *ours; /* librdkafka's name; NULL: it has none, nor needs it */
};

static const struct client_property client_properties[] = {
    {"allow.auto.create.topics", "allow.auto.create.topics"},
    {"check.crcs", "check.crcs"},
    {"client.dns.lookup", "client.dns.lookup"},
    {"client.id", "client.id"},
    {"client.rack", "client.rack"},
    {"connections.max.idle.ms", "connections.max.idle.ms"},
    {"default.api.timeout.ms", NULL},
    {"exclude.internal.topics", NULL},
    {"fetch.max.bytes", "fetch.max.bytes"},
    {"fetch.max.wait.ms", "fetch.wait.max.ms"},
    {"fetch.min.bytes", "fetch.min.bytes"},
    {"group.instance.id", "group.instance.id"},
    {"heartbeat.interval.ms", "heartbeat.interval.ms"},
    {"max.partition.fetch.bytes", "fetch.message.max.bytes"},
    {"max.poll.interval.ms", "max.poll.interval.ms"},
    {"metadata.max.age.ms", "topic.metadata.refresh.interval.ms"},
    {"metric.reporters", NULL},
    {"metrics.num.samples", NULL},
    {"metrics.recording.level", NULL},
    {"metrics.sample.window.ms", NULL},
    {"receive.buffer.bytes", "socket.receive.buffer.bytes"},
    {"reconnect.backoff.max.ms", "reconnect.backoff.max.ms"},
    {"reconnect.backoff.ms", "reconnect.backoff.ms"},
    {"request.timeout.ms", "socket.timeout.ms"},
    {"retry.backoff.ms", "retry.backoff.ms"},
    {"send.buffer.bytes", "socket.send.buffer.bytes"},
    {"session.timeout.ms", "session.timeout.ms"},
    {"ssl.cipher.suites", "ssl.cipher.suites"},
    {"ssl.endpoint.identification.algorithm",
        "ssl.endpoint.identification.algorithm"},
    {"ssl.enabled.protocols", NULL},
    {"ssl.protocol", NULL},
};

static const char *as_ms(struct plan *p, const char *name, const char *text)
{
    size_t n = strlen(name);
    int64_t ms;

    if (n > 3 && strcmp(name + n - 3, ".ms") == 0 &&
        plan_duration_ms(text, &ms) == 0) {
        return plan_text(p, "%lld", (long long)ms);
    }
    return text;
}

static void take_assignor(struct plan *p, const struct plan_value *v)
{
    plan_row(p, v,
        "cooperative-sticky, naru's own: NiFi and naru cannot share the group "
        "at one time");
}

static void take_client_property(struct plan *p, const struct plan_value *v)
{
    const char *value = as_ms(p, v->property, v->text);

    if (strcmp(v->property, "partition.assignment.strategy") == 0) {
        take_assignor(p, v);
        return;
    }
    for (size_t i = 0;
         i < sizeof(client_properties) / sizeof(client_properties[0]); i++) {
        const struct client_property *c = &client_properties[i];

        if (strcmp(c->java, v->property) != 0) {
            continue;
        }
        if (c->ours == NULL) {
            plan_row(p, v, "not needed: librdkafka has its own way");
            return;
        }
        plan_set(p, plan_text(p, "kafka.%s", c->ours), value, v);
        plan_row(p, v, "%s = %s", c->ours, value);
        return;
    }
    plan_find(p, PLAN_CANNOT,
        "the property '%s' is none that naru knows for Kafka; if librdkafka "
        "has it, take it out and give it with --set kafka.NAME=VALUE",
        v->property);
}

static void take_rest(struct plan *p)
{
    const struct flow_property *rest;

    for (size_t i = 0; (rest = plan_untaken(p, &i)) != NULL;) {
        struct plan_value v;

        if (plan_is_secret(rest)) {
            plan_find(p, PLAN_CANNOT,
                "the property '%s' is secret and naru does not know it",
                rest->name);
            continue;
        }
        v = plan_resolve(p, rest->name, rest->value, PLAN_VARIABLES);
        take_client_property(p, &v);
    }
}

/* ---- the whole ---- */

static void take_connection_1(struct plan *p)
{
    take_servers(p);
    plan_take_kafka_login(p);
    tell(p, "max.poll.records|Max Poll Records", "10000",
        "naru takes as many as bridge.memory_bytes holds");
    tell(p, "Communications Timeout|default.api.timeout.ms", "60 secs",
        "librdkafka's own time-outs; it tries again without end");
}

/* NiFi 2 keeps the brokers and the login in a service. */
static void take_connection_2(struct plan *p, const struct flow_component *c)
{
    struct plan_value v =
        plan_take(p, "Kafka Connection Service", NULL, PLAN_PLAIN);
    const struct flow_component *service;
    bool taken[FLOW_MAX_PROPERTIES];

    if (v.text[0] == '\0') {
        plan_find(p, PLAN_CANNOT, "%s is not set", v.property);
        return;
    }
    service = plan_service(p, &v);
    if (service == NULL) {
        return;
    }
    if (catalog_class_of(service) != CATALOG_KAFKA_SERVICE) {
        plan_find(p, PLAN_CANNOT,
            "%s is a %s; naru knows Kafka3ConnectionService", v.property,
            service->type);
        return;
    }
    memcpy(taken, p->taken, sizeof(taken));
    plan_begin(p, service);
    take_connection_1(p);
    v = plan_take(p, "isolation.level|Transaction Isolation Level",
        "read_committed", PLAN_PLAIN);
    set_isolation(p, &v, !plan_is(v.text, "read_uncommitted"));
    tell(p, "max.block.ms|Max Metadata Wait Time", NULL, "of producers alone");
    tell(p, "ack.wait.time|Acknowledgment Wait Time", NULL,
        "of producers alone");
    take_rest(p);
    plan_begin(p, c);
    memcpy(p->taken, taken, sizeof(taken));
}

void plan_make_source(struct plan *p, const struct flow_component *c)
{
    enum catalog_class class = catalog_class_of(c);
    struct plan_value strategy;
    bool is_record = class == CATALOG_CONSUME_RECORD, joins = true;

    plan_begin(p, c);
    strategy = plan_take(p, "Processing Strategy", "FLOW_FILE", PLAN_PLAIN);
    if (class == CATALOG_CONSUME_2) {
        is_record = plan_is(strategy.text, "RECORD");
        joins = plan_is(strategy.text, "DEMARCATOR");
        plan_row(p, &strategy, "each message is a record of its own");
        take_connection_2(p, c);
        tell(p, "Header Format", NULL, "headers are texts");
        (void)plan_take(p, "honor-transactions", NULL, PLAN_PLAIN);
    } else {
        take_connection_1(p);
        take_isolation_1(p);
    }
    take_topics(p);
    take_group(p);
    take_reset(p);
    take_commits(p);
    take_key(p);
    take_headers(p);
    take_bundles(p, joins && !is_record);
    if (is_record) {
        take_records(p);
    } else {
        pass_records(p);
    }
    plan_fact(p, "an empty message (tombstone)",
        "an empty FlowFile, which fails",
        "skipped and counted (bridge.on_tombstone)");
    take_rest(p);
}
