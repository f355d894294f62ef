/*
 * The bodies of NiFi's status endpoints; see nifi_body.h. Members stand in the
 * order of NiFi's DTOs; those that NiFi leaves out when they are null are left
 * out here.
 */
#include "bridge/watch/nifi_body.h"

#include "bridge/watch/nifi_text.h"
#include "common/json_out.h"

#include <stdio.h>

/* ---- members in NiFi's own forms ---- */

/* The text of one of nifi_text.h's functions: no character needs an escape. */
#define PUT_TEXT(o, key, ...)                                                  \
    do {                                                                       \
        json_out_raw((o), (key), "\"");                                        \
        json_out_failed((o), __VA_ARGS__);                                     \
        json_out_failed((o), buf_append_char((o)->to, '"'));                   \
    } while (0)

static void put_count(struct json_out *o, const char *key, uint64_t n)
{
    PUT_TEXT(o, key, nifi_text_count(o->to, n));
}

static void put_size(struct json_out *o, const char *key, uint64_t bytes)
{
    PUT_TEXT(o, key, nifi_text_size(o->to, bytes));
}

static void put_named(
    struct json_out *o, const char *first, const char *what, uint64_t n)
{
    char key[40];

    (void)snprintf(key, sizeof(key), "%s%s", first, what);
    json_out_count(o, key, n);
}

/* flowFilesIn, bytesIn, input and the like. */
static void put_flow_files(struct json_out *o, const char *what,
    const char *name, uint64_t n, uint64_t bytes)
{
    put_named(o, "flowFiles", what, n);
    put_named(o, "bytes", what, bytes);
    PUT_TEXT(o, name, nifi_text_amount(o->to, n, bytes));
}

/* bytesSent, flowFilesSent, sent: here NiFi has the bytes first. */
static void put_bytes_first(struct json_out *o, const char *what,
    const char *name, uint64_t n, uint64_t bytes)
{
    put_named(o, "bytes", what, bytes);
    put_named(o, "flowFiles", what, n);
    PUT_TEXT(o, name, nifi_text_amount(o->to, n, bytes));
}

static void put_refreshed(struct json_out *o, const struct nifi_flow *flow)
{
    PUT_TEXT(o, "statsLastRefreshed", nifi_text_clock(o->to, flow->wall_ms));
}

static const char *run_status(const struct nifi_flow *flow)
{
    return flow->is_running ? "Running" : "Stopped";
}

/* ---- processors ---- */

static void put_processor_snapshot(struct json_out *o, const char *key,
    const struct nifi_flow *flow, const struct nifi_part *p)
{
    json_out_open(o, key, '{');
    json_out_text(o, "id", p->id);
    json_out_text(o, "groupId", flow->id);
    json_out_text(o, "name", p->name);
    json_out_text(o, "type", nifi_flow_simple_type(p->type));
    json_out_text(o, "runStatus", run_status(flow));
    json_out_text(o, "executionNode", "ALL");
    json_out_count(o, "bytesRead", p->numbers.read_bytes);
    json_out_count(o, "bytesWritten", p->numbers.written_bytes);
    put_size(o, "read", p->numbers.read_bytes);
    put_size(o, "written", p->numbers.written_bytes);
    put_flow_files(o, "In", "input", p->numbers.in, p->numbers.in_bytes);
    put_flow_files(o, "Out", "output", p->numbers.out, p->numbers.out_bytes);
    json_out_count(o, "taskCount", p->numbers.tasks);
    json_out_count(o, "tasksDurationNanos", p->numbers.nanos);
    put_count(o, "tasks", p->numbers.tasks);
    PUT_TEXT(o, "tasksDuration", nifi_text_duration(o->to, p->numbers.nanos));
    json_out_count(o, "activeThreadCount", p->numbers.active_threads);
    json_out_count(o, "terminatedThreadCount", 0);
    json_out_close(o, '}');
}

/* A ProcessorStatusDTO. */
static void put_processor(struct json_out *o, const char *key,
    const struct nifi_flow *flow, const struct nifi_part *p)
{
    json_out_open(o, key, '{');
    json_out_text(o, "groupId", flow->id);
    json_out_text(o, "id", p->id);
    json_out_text(o, "name", p->name);
    json_out_text(o, "runStatus", run_status(flow));
    put_refreshed(o, flow);
    put_processor_snapshot(o, "aggregateSnapshot", flow, p);
    json_out_close(o, '}');
}

int nifi_body_processor_status(
    struct buf *out, const struct nifi_flow *flow, const struct nifi_part *part)
{
    struct json_out o = json_out_of(out);

    json_out_open(&o, NULL, '{');
    put_processor(&o, "processorStatus", flow, part);
    json_out_bool(&o, "canRead", true);
    json_out_close(&o, '}');
    return json_out_end(&o);
}

/* ---- connections ---- */

/* NiFi's percentages are whole and at most 100. */
static uint64_t percent(uint64_t n, uint64_t most)
{
    double share = most > 0 ? (double)n * 100 / (double)most : 0;

    return share < 100 ? (uint64_t)share : 100;
}

static void put_connection_snapshot(struct json_out *o, const char *key,
    const struct nifi_flow *flow, const struct nifi_link *l)
{
    json_out_open(o, key, '{');
    json_out_text(o, "id", l->id);
    json_out_text(o, "groupId", flow->id);
    json_out_text(o, "name", l->name);
    json_out_text(o, "sourceName", flow->parts[l->from].name);
    json_out_text(o, "destinationName", flow->parts[l->to].name);
    put_flow_files(o, "In", "input", l->in, l->in_bytes);
    put_flow_files(o, "Out", "output", l->out, l->out_bytes);
    put_flow_files(o, "Queued", "queued", l->queued, l->queued_bytes);
    put_size(o, "queuedSize", l->queued_bytes);
    put_count(o, "queuedCount", l->queued);
    json_out_count(o, "percentUseCount", percent(l->queued, l->queued_most));
    json_out_count(
        o, "percentUseBytes", percent(l->queued_bytes, l->queued_bytes_most));
    json_out_close(o, '}');
}

int nifi_body_connection_status(
    struct buf *out, const struct nifi_flow *flow, const struct nifi_link *link)
{
    const struct nifi_part *from = &flow->parts[link->from];
    const struct nifi_part *to = &flow->parts[link->to];
    struct json_out o = json_out_of(out);

    json_out_open(&o, NULL, '{');
    json_out_open(&o, "connectionStatus", '{');
    json_out_text(&o, "id", link->id);
    json_out_text(&o, "groupId", flow->id);
    json_out_text(&o, "name", link->name);
    put_refreshed(&o, flow);
    json_out_text(&o, "sourceId", from->id);
    json_out_text(&o, "sourceName", from->name);
    json_out_text(&o, "destinationId", to->id);
    json_out_text(&o, "destinationName", to->name);
    put_connection_snapshot(&o, "aggregateSnapshot", flow, link);
    json_out_close(&o, '}');
    json_out_bool(&o, "canRead", true);
    json_out_close(&o, '}');
    return json_out_end(&o);
}

/* ---- the group ---- */

/* What the group's snapshot adds up (NiFi: EventAccess.getGroupStatus). */
struct sums {
    uint64_t queued, queued_bytes;
    uint64_t read_bytes, written_bytes;
    uint64_t transferred, transferred_bytes;
    uint64_t received, received_bytes, sent, sent_bytes;
    unsigned active_threads;
};

static void add_up(const struct nifi_flow *flow, struct sums *s)
{
    *s = (struct sums){0};
    for (size_t i = 0; i < flow->n_parts; i++) {
        const struct nifi_part *p = &flow->parts[i];

        s->read_bytes += p->numbers.read_bytes;
        s->written_bytes += p->numbers.written_bytes;
        s->received += p->numbers.received;
        s->received_bytes += p->numbers.received_bytes;
        s->sent += p->numbers.sent;
        s->sent_bytes += p->numbers.sent_bytes;
        s->active_threads += p->numbers.active_threads;
    }
    for (size_t i = 0; i < flow->n_links; i++) {
        const struct nifi_link *l = &flow->links[i];

        s->queued += l->queued;
        s->queued_bytes += l->queued_bytes;
        s->transferred += l->in + l->out;
        s->transferred_bytes += l->in_bytes + l->out_bytes;
    }
}

static void put_links(struct json_out *o, const struct nifi_flow *flow)
{
    json_out_open(o, "connectionStatusSnapshots", '[');
    for (size_t i = 0; i < flow->n_links; i++) {
        json_out_open(o, NULL, '{');
        json_out_text(o, "id", flow->links[i].id);
        put_connection_snapshot(
            o, "connectionStatusSnapshot", flow, &flow->links[i]);
        json_out_bool(o, "canRead", true);
        json_out_close(o, '}');
    }
    json_out_close(o, ']');
}

static void put_parts(struct json_out *o, const struct nifi_flow *flow)
{
    json_out_open(o, "processorStatusSnapshots", '[');
    for (size_t i = 0; i < flow->n_parts; i++) {
        json_out_open(o, NULL, '{');
        json_out_text(o, "id", flow->parts[i].id);
        put_processor_snapshot(
            o, "processorStatusSnapshot", flow, &flow->parts[i]);
        json_out_bool(o, "canRead", true);
        json_out_close(o, '}');
    }
    json_out_close(o, ']');
}

static void put_sums(struct json_out *o, const struct sums *s)
{
    put_flow_files(o, "In", "input", 0, 0);
    put_flow_files(o, "Queued", "queued", s->queued, s->queued_bytes);
    put_count(o, "queuedCount", s->queued);
    put_size(o, "queuedSize", s->queued_bytes);
    json_out_count(o, "bytesRead", s->read_bytes);
    put_size(o, "read", s->read_bytes);
    json_out_count(o, "bytesWritten", s->written_bytes);
    put_size(o, "written", s->written_bytes);
    put_flow_files(o, "Out", "output", 0, 0);
    put_flow_files(
        o, "Transferred", "transferred", s->transferred, s->transferred_bytes);
    put_bytes_first(o, "Received", "received", s->received, s->received_bytes);
    put_bytes_first(o, "Sent", "sent", s->sent, s->sent_bytes);
    json_out_count(o, "activeThreadCount", s->active_threads);
    json_out_count(o, "terminatedThreadCount", 0);
}

int nifi_body_group_status(struct buf *out, const struct nifi_flow *flow)
{
    struct json_out o = json_out_of(out);
    struct sums sums;

    add_up(flow, &sums);
    json_out_open(&o, NULL, '{');
    json_out_open(&o, "processGroupStatus", '{');
    json_out_text(&o, "id", flow->id);
    json_out_text(&o, "name", flow->name);
    put_refreshed(&o, flow);
    json_out_open(&o, "aggregateSnapshot", '{');
    json_out_text(&o, "id", flow->id);
    json_out_text(&o, "name", flow->name);
    put_links(&o, flow);
    put_parts(&o, flow);
    json_out_raw(&o, "processGroupStatusSnapshots", "[]");
    json_out_raw(&o, "remoteProcessGroupStatusSnapshots", "[]");
    json_out_raw(&o, "inputPortStatusSnapshots", "[]");
    json_out_raw(&o, "outputPortStatusSnapshots", "[]");
    put_sums(&o, &sums);
    json_out_close(&o, '}');
    json_out_close(&o, '}');
    json_out_bool(&o, "canRead", true);
    json_out_close(&o, '}');
    return json_out_end(&o);
}

/* ---- the controller ---- */

int nifi_body_controller(struct buf *out, const struct nifi_flow *flow)
{
    static const char *const always_none[] = {"invalidCount", "disabledCount",
        "activeRemotePortCount", "inactiveRemotePortCount", "upToDateCount",
        "locallyModifiedCount", "staleCount", "locallyModifiedAndStaleCount",
        "syncFailureCount"};
    struct json_out o = json_out_of(out);
    uint64_t running = flow->is_running ? flow->n_parts : 0;
    struct sums s;

    add_up(flow, &s);
    json_out_open(&o, NULL, '{');
    json_out_open(&o, "controllerStatus", '{');
    json_out_count(&o, "activeThreadCount", s.active_threads);
    json_out_count(&o, "terminatedThreadCount", 0);
    json_out_raw(&o, "queued", "\"");
    json_out_failed(&o, nifi_text_count(out, s.queued));
    json_out_failed(&o, buf_append_str(out, " / "));
    json_out_failed(&o, nifi_text_size(out, s.queued_bytes));
    json_out_failed(&o, buf_append_char(out, '"'));
    json_out_count(&o, "flowFilesQueued", s.queued);
    json_out_count(&o, "bytesQueued", s.queued_bytes);
    json_out_count(&o, "runningCount", running);
    json_out_count(&o, "stoppedCount", flow->n_parts - running);
    for (size_t i = 0; i < sizeof(always_none) / sizeof(always_none[0]); i++) {
        json_out_count(&o, always_none[i], 0);
    }
    json_out_close(&o, '}');
    json_out_close(&o, '}');
    return json_out_end(&o);
}

static void put_uri(struct json_out *o, const char *base, const char *rest)
{
    json_out_key(o, "uri");
    json_out_failed(o, buf_printf(o->to, "\"%s/nifi-api/%s\"", base, rest));
}

int nifi_body_about(struct buf *out, const char *base)
{
    struct json_out o = json_out_of(out);

    json_out_open(&o, NULL, '{');
    json_out_open(&o, "about", '{');
    json_out_text(&o, "title", "naru");
    json_out_text(&o, "version", NARU_VERSION);
    put_uri(&o, base, "");
    json_out_text(&o, "timezone", "UTC");
    json_out_close(&o, '}');
    json_out_close(&o, '}');
    return json_out_end(&o);
}

/* ---- one processor ---- */

/* Does a connection of p lead to the dead letters, or on to anything else? */
static bool leads_on(
    const struct nifi_flow *flow, const struct nifi_part *p, bool to_dead)
{
    for (size_t i = 0; i < flow->n_links; i++) {
        const struct nifi_link *l = &flow->links[i];

        if (&flow->parts[l->from] == p &&
            (flow->parts[l->to].role == NIFI_DEAD) == to_dead) {
            return true;
        }
    }
    return false;
}

static void put_relationship(struct json_out *o, const char *name, bool ends)
{
    json_out_open(o, NULL, '{');
    json_out_text(o, "name", name);
    json_out_text(o, "description", "");
    json_out_bool(o, "autoTerminate", ends);
    json_out_close(o, '}');
}

static void put_relationships(
    struct json_out *o, const struct nifi_flow *flow, const struct nifi_part *p)
{
    json_out_open(o, "relationships", '[');
    if (p->role == NIFI_PUT) {
        put_relationship(o, "failure", !leads_on(flow, p, true));
        put_relationship(o, "retry", false);
    }
    put_relationship(o, "success", !leads_on(flow, p, false));
    json_out_close(o, ']');
}

static void put_config(struct json_out *o,
    const struct nifi_property *properties, size_t n_properties, bool ends)
{
    json_out_open(o, "config", '{');
    json_out_open(o, "properties", '{');
    for (size_t i = 0; i < n_properties; i++) {
        json_out_text(o, properties[i].name, properties[i].value);
    }
    json_out_close(o, '}');
    json_out_raw(o, "descriptors", "{}");
    json_out_text(o, "schedulingPeriod", "0 sec");
    json_out_text(o, "schedulingStrategy", "TIMER_DRIVEN");
    json_out_text(o, "executionNode", "ALL");
    json_out_text(o, "penaltyDuration", "30 sec");
    json_out_text(o, "yieldDuration", "1 sec");
    json_out_text(o, "bulletinLevel", "WARN");
    json_out_count(o, "runDurationMillis", 0);
    json_out_count(o, "concurrentlySchedulableTaskCount", 1);
    json_out_raw(
        o, "autoTerminatedRelationships", ends ? "[\"success\"]" : "[]");
    json_out_text(o, "comments", "");
    json_out_bool(o, "lossTolerant", false);
    json_out_close(o, '}');
}

static const char *input_requirement(const struct nifi_part *p)
{
    return p->role == NIFI_CONSUME ? "INPUT_FORBIDDEN" : "INPUT_REQUIRED";
}

static void put_bundle(struct json_out *o)
{
    json_out_open(o, "bundle", '{');
    json_out_text(o, "group", "naru");
    json_out_text(o, "artifact", "naru");
    json_out_text(o, "version", NARU_VERSION);
    json_out_close(o, '}');
}

static void put_component(struct json_out *o, const struct nifi_flow *flow,
    const struct nifi_part *p, const struct nifi_property *properties,
    size_t n_properties)
{
    json_out_open(o, "component", '{');
    json_out_text(o, "id", p->id);
    json_out_text(o, "parentGroupId", flow->id);
    json_out_raw(o, "position", "{\"x\":0.0,\"y\":0.0}");
    json_out_text(o, "name", p->name);
    json_out_text(o, "type", p->type);
    put_bundle(o);
    json_out_text(o, "state", flow->is_running ? "RUNNING" : "STOPPED");
    json_out_raw(o, "style", "{}");
    put_relationships(o, flow, p);
    json_out_bool(o, "supportsParallelProcessing", true);
    json_out_bool(o, "supportsEventDriven", true);
    json_out_bool(o, "supportsBatching", true);
    json_out_bool(o, "persistsState", false);
    json_out_bool(o, "restricted", false);
    json_out_bool(o, "deprecated", false);
    json_out_text(o, "inputRequirement", input_requirement(p));
    put_config(o, properties, n_properties, !leads_on(flow, p, false));
    json_out_text(o, "validationStatus", "VALID");
    json_out_bool(o, "extensionMissing", false);
    json_out_close(o, '}');
}

int nifi_body_processor(struct buf *out, const struct nifi_flow *flow,
    const struct nifi_part *part, const char *base,
    const struct nifi_property *properties, size_t n_properties)
{
    static const char read_only[] = "{\"canRead\":true,\"canWrite\":false}";
    struct json_out o = json_out_of(out);
    char path[NIFI_ID_BYTES + 16];

    (void)snprintf(path, sizeof(path), "processors/%s", part->id);
    json_out_open(&o, NULL, '{');
    json_out_raw(&o, "revision", "{\"version\":0}");
    json_out_text(&o, "id", part->id);
    put_uri(&o, base, path);
    json_out_raw(&o, "position", "{\"x\":0.0,\"y\":0.0}");
    json_out_raw(&o, "permissions", read_only);
    json_out_raw(&o, "bulletins", "[]");
    put_component(&o, flow, part, properties, n_properties);
    json_out_text(&o, "inputRequirement", input_requirement(part));
    put_processor(&o, "status", flow, part);
    json_out_raw(&o, "operatePermissions", read_only);
    json_out_close(&o, '}');
    return json_out_end(&o);
}
