/* What naru makes of flows: the seed's flow in every format, and each thing
 * that a flow may hold, right or wrong. */
#include "bridge/nifi/nifi_import.h"

#include "bridge/bridge_settings.h"
#include "bridge/nifi/flow_file.h"
#include "common/endpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PUBSUB "org.apache.nifi.processors.kafka.pubsub."
#define SEARCH "org.apache.nifi.processors.elasticsearch."
#define STANDARD "org.apache.nifi.processors.standard."

/* ---- the seed's flow ---- */

/* The lines that are no comments; the caller frees them. */
static char *without_comments(const char *text)
{
    char *out = malloc(strlen(text) + 1), *to = out;

    assert_non_null(out);
    while (*text != '\0') {
        size_t n = strcspn(text, "\n") + 1;

        if (text[0] != ';') {
            memcpy(to, text, n);
            to += n;
        }
        text += n;
    }
    *to = '\0';
    return out;
}

static char *import_file(const char *path, enum flow_format format)
{
    struct nifi_import i;
    struct error err = {""};
    const struct plan *p = NULL;
    struct buf text;
    char *plain;

    if (nifi_import_open(&i, path, &(struct plan_options){NULL, false}, &err) !=
            0 ||
        (p = nifi_import_choose(&i, 0, &err)) == NULL ||
        nifi_import_check_plan(p, &err) != 0) {
        fail_msg("%s: %s", path, err.text);
    }
    assert_int_equal(i.flow->format, format);
    buf_init(&text, (size_t)1 << 20);
    assert_int_equal(plan_write_config(p, 1, path, &text), 0);
    plain = without_comments(buf_str(&text));
    buf_fini(&text);
    nifi_import_close(&i);
    return plain;
}

static const char seed_of_nifi_1[] =
    "\n[kafka]\n"
    "bootstrap.servers = ka01:9092,ka02:9092,ka03:9092\n"
    "isolation.level = read_committed\n"
    "group.id = nifi\n"
    "auto.offset.reset = latest\n"
    "\n[elasticsearch]\n"
    "hosts = http://elkmaster:9200\n"
    "\n[bridge]\n"
    "topics = Stock_Data\n"
    "index = nifi-elk\n"
    "require_alias = false\n"
    "type = json\n"
    "\n[transform]\n"
    "after.1 = log level=info\n";

/* NiFi 2 has no PutElasticsearchHttp, and its file no document type. */
static void the_seeds_flow_is_one_configuration_in_every_format(void **state)
{
    static const struct {
        const char *name;
        enum flow_format format;
        bool has_type;
    } files[] = {
        {"template-1.9.2.xml", FLOW_TEMPLATE, true},
        {"flow-1.9.2.xml", FLOW_XML, true},
        {"flow-1.9.2.xml.gz", FLOW_XML, true},
        {"flow-1.28.1.json", FLOW_JSON, true},
        {"flow-1.28.1.json.gz", FLOW_JSON, true},
        {"flowdef-1.28.1.json", FLOW_DEFINITION, true},
        {"registry-1.28.1.snapshot", FLOW_REGISTRY, true},
        {"flow-2.11.0.json", FLOW_JSON, false},
        {"flow-2.11.0.json.gz", FLOW_JSON, false},
        {"flowdef-2.11.0.json", FLOW_DEFINITION, false},
    };
    const char *shared = getenv("NARU_SHARED");
    char wanted[2][sizeof(seed_of_nifi_1)];
    const char *type = strstr(seed_of_nifi_1, "type = json\n");
    size_t n_files = sizeof(files) / sizeof(files[0]);
    char path[1024];
    FILE *file;

    (void)state;
    (void)strcpy(wanted[1], seed_of_nifi_1);
    (void)snprintf(wanted[0], sizeof(wanted[0]), "%.*s%s",
        (int)(type - seed_of_nifi_1), seed_of_nifi_1,
        type + strlen("type = json\n"));
    (void)snprintf(path, sizeof(path), "%s/nifi-flows/%s",
        shared != NULL ? shared : ".", files[0].name);
    file = fopen(path, "r");
    if (file == NULL) {
        print_message("skipped: %zu flows are not at %s\n", n_files, path);
        skip();
    }
    (void)fclose(file);
    for (size_t i = 0; i < n_files; i++) {
        char *text;

        (void)snprintf(
            path, sizeof(path), "%s/nifi-flows/%s", shared, files[i].name);
        text = import_file(path, files[i].format);
        if (strcmp(text, wanted[files[i].has_type ? 1 : 0]) != 0) {
            fail_msg("%s gives\n%s", files[i].name, text);
        }
        free(text);
    }
}

/* ---- small flows ---- */

#define P(id, type, properties)                                                \
    "{\"identifier\":\"" id "\",\"name\":\"" id "\",\"type\":\"" type          \
    "\",\"properties\":{" properties "}}"
#define C(from, relationship, to)                                              \
    "{\"identifier\":\"" from to "\",\"source\":{\"id\":\"" from               \
    "\"},\"destination\":{\"id\":\"" to                                        \
    "\"},\"selectedRelationships\":[\"" relationship "\"]}"
#define FLOW(processors, connections, more)                                    \
    "{\"rootGroup\":{\"identifier\":\"g\",\"name\":\"G\",\"processors\":"      \
    "[" processors "],\"connections\":[" connections "]" more "}}"

#define KAFKA "\"topic\":\"T\",\"group.id\":\"g\""
#define ENGINE                                                                 \
    "\"elasticsearch-http-url\":\"http://e:9200\",\"put-es-index\":\"i\""
#define CONSUME(more) P("k", PUBSUB "ConsumeKafka_2_6", KAFKA more)
#define PUT(more) P("e", SEARCH "PutElasticsearchHttp", ENGINE more)
/* With all of their properties. */
#define CONSUME_OF(all) P("k", PUBSUB "ConsumeKafka_2_6", all)
#define PUT_OF(all) P("e", SEARCH "PutElasticsearchHttp", all)
#define GROUP "\"group.id\":\"g\""
#define HTTP "\"elasticsearch-http-url\":\"http://e:9200\""
#define CONSUMES(all)                                                          \
    FLOW(CONSUME_OF(all) "," PUT(""), C("k", "success", "e"), "")
#define PUTS(all) FLOW(CONSUME("") "," PUT_OF(all), C("k", "success", "e"), "")
#define STRAIGHT(kafka, engine)                                                \
    FLOW(CONSUME(kafka) "," PUT(engine), C("k", "success", "e"), "")
#define BETWEEN(type, properties, relationship, engine)                        \
    FLOW(CONSUME("") "," P("m", type, properties) "," PUT(engine),             \
        C("k", "success", "m") "," C("m", relationship, "e"), "")

struct made {
    struct nifi_import i;
    const struct plan *p;
};

static struct made make(const char *text)
{
    const struct plan_options options = {.zone = "Asia/Seoul"};
    struct made m = {.i = {.source = "test"}};
    struct error err = {""};

    m.i.flow = flow_from_bytes(slice_of(text), &err);
    if (m.i.flow == NULL || flow_find_paths(m.i.flow, &m.i.paths, &err) != 0) {
        fail_msg("%s\n%s", err.text, text);
    }
    for (size_t k = 0; k < m.i.paths.n; k++) {
        m.i.plans[k] = plan_new(m.i.flow, &m.i.paths.items[k], &options, &err);
        assert_non_null(m.i.plans[k]);
    }
    m.p = m.i.paths.n > 0 ? m.i.plans[0] : NULL;
    if (m.p == NULL) {
        fail_msg("no path in %s", text);
    }
    return m;
}

static const char *setting(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->n_settings; i++) {
        if (strcmp(p->settings[i].name, name) == 0) {
            return p->settings[i].value != NULL ? p->settings[i].value
                                                : "(to be supplied)";
        }
    }
    return "(none)";
}

static bool finds(
    const struct plan *p, enum plan_finding_kind kind, const char *words)
{
    for (size_t i = 0; i < p->n_findings; i++) {
        if (p->findings[i].kind == kind &&
            strstr(p->findings[i].text, words) != NULL) {
            return true;
        }
    }
    return false;
}

/* The settings of a flow that can be imported: names and values in turn. */
static void gives(const char *flow, ...)
{
    struct made m = make(flow);
    struct error err;
    va_list args;
    const char *name;

    if (nifi_import_check_plan(m.p, &err) != 0) {
        fail_msg("%s\n%s", err.text, flow);
    }
    va_start(args, flow);
    while ((name = va_arg(args, const char *)) != NULL) {
        const char *wanted = va_arg(args, const char *);

        if (strcmp(setting(m.p, name), wanted) != 0) {
            fail_msg("%s is   %s\nwanted %s\n%s", name, setting(m.p, name),
                wanted, flow);
        }
    }
    va_end(args);
    nifi_import_close(&m.i);
}

static void finds_in(
    const char *flow, enum plan_finding_kind kind, const char *words)
{
    struct made m = make(flow);

    if (!finds(m.p, kind, words)) {
        nifi_import_print(&m.i, 0, stderr);
        fail_msg("does not find %s: %s", plan_kind_word(kind), words);
    }
    nifi_import_close(&m.i);
}

#define NONE ((const char *)NULL)

static void the_consumer_becomes_kafkas_settings(void **state)
{
    (void)state;
    gives(STRAIGHT("", ""), "kafka.bootstrap.servers", "localhost:9092",
        "kafka.auto.offset.reset", "latest", "kafka.isolation.level",
        "read_committed", "kafka.security.protocol", "(none)", "bridge.topics",
        "T", NONE);
    gives(STRAIGHT(",\"bootstrap.servers\":\"a:1,b:2\",\"auto.offset.reset\":"
                   "\"none\",\"honor-transactions\":\"false\"",
              ""),
        "kafka.bootstrap.servers", "a:1,b:2", "kafka.auto.offset.reset",
        "error", "kafka.isolation.level", "read_uncommitted", NONE);
    gives(CONSUMES(GROUP ",\"topic\":\"mar.*\",\"topic_type\":\"pattern\""),
        "bridge.topics", "^(mar.*)$", NONE);
    gives(STRAIGHT(",\"fetch.max.wait.ms\":\"2 secs\","
                   "\"max.partition.fetch.bytes\":\"1000\"",
              ""),
        "kafka.fetch.wait.max.ms", "2000", "kafka.fetch.message.max.bytes",
        "1000", NONE);
    gives(STRAIGHT(",\"key-attribute-encoding\":\"do-not-add\","
                   "\"header-name-regex\":\"x-.*\"",
              ""),
        "transform.key_encoding", "none", "transform.headers", "x-.*", NONE);
    gives(STRAIGHT(",\"bootstrap.servers\":\" a:1 \"", ""),
        "kafka.bootstrap.servers", "a:1", NONE);
    finds_in(STRAIGHT(",\"bootstrap.servers\":\";a\"", ""), PLAN_CANNOT,
        "which a configuration cannot");
    finds_in(STRAIGHT(",\"frob.nicate\":\"1\"", ""), PLAN_CANNOT,
        "'frob.nicate' is none that naru knows");
    finds_in(STRAIGHT(",\"Commit Offsets\":\"false\"", ""), PLAN_CANNOT,
        "naru always commits");
    finds_in(STRAIGHT(",\"message-demarcator\":\"\\n\"", ""), PLAN_CANNOT,
        "one broken document of each bundle");
    finds_in(CONSUMES(GROUP ",\"topic\":\"a\\\\d\",\"topic_type\":\"pattern\""),
        PLAN_CANNOT, "list the topics");
}

/* null is the default, as absent is; both spellings are one property. */
static void spellings_and_nulls(void **state)
{
    (void)state;
    gives(
        STRAIGHT(",\"auto.offset.reset\":null", ",\"put-es-batch-size\":null"),
        "kafka.auto.offset.reset", "latest", "bridge.batch_docs", "(none)",
        NONE);
    gives(
        FLOW(P("k", "org.apache.nifi.kafka.processors.ConsumeKafka",
                 "\"Kafka Connection Service\":\"ks\",\"Topics\":\"T\","
                 "\"Group ID\":\"g\"") "," P("e", SEARCH "PutElasticsearchJson",
                 "\"Client Service\":\"cs\",\"Index\":\"i\",\"Max FlowFiles "
                 "Per Batch\":\"7\""),
            C("k", "success", "e"),
            ",\"controllerServices\":[" P("ks",
                "org.apache.nifi.kafka.service.Kafka3ConnectionService",
                "\"bootstrap.servers\":\"b:1\"") "," P("cs",
                "org.apache.nifi.elasticsearch."
                "ElasticSearchClientServiceImpl",
                "\"HTTP Hosts\":\"http://e:9200\",\"Path Prefix\":\"/x\"") "]"),
        "kafka.bootstrap.servers", "b:1", "elasticsearch.hosts",
        "http://e:9200/x", "bridge.batch_docs", "7", "transform.step.1",
        "convert-json nulls=drop", NONE);
}

static void the_writer_becomes_the_bridges_settings(void **state)
{
    (void)state;
    gives(
        STRAIGHT("", ",\"put-es-type\":\"json\",\"put-es-index-op\":\"upsert\""
                     ",\"put-es-id-attr\":\"kafka.key\",\"put-es-batch-size\":"
                     "\"500\",\"elasticsearch-http-response-timeout\":\"2 "
                     "mins\""),
        "bridge.type", "json", "bridge.op", "upsert", "bridge.id", "%{_key}",
        "bridge.batch_docs", "500", "elasticsearch.request_timeout_ms",
        "120000ms", "bridge.require_alias", "false", NONE);
    gives(PUTS(HTTP ",\"put-es-index\":\"x-${kafka.topic:toLower()}\","
                    "\"put-es-id-attr\":\"uuid\""),
        "bridge.index", "%{attr:naru.index}", "transform.step.1",
        "update-attribute naru.index=x-${kafka.topic:toLower()}", "bridge.id",
        "(none)", NONE);
    gives(PUTS(HTTP ",\"put-es-index\":\"x$${y}\""), "bridge.index", "x${y}",
        NONE);
    finds_in(STRAIGHT("", ""), PLAN_DOUBLES, "no id of their own");
    finds_in(STRAIGHT("", ",\"put-es-index-op\":\"delete\""), PLAN_CANNOT,
        "which the operation 'delete' needs");
    finds_in(
        PUTS(HTTP ",\"put-es-index\":\"x-${UUID()}\""), PLAN_CANNOT, "UUID()");
    finds_in(STRAIGHT("", ",\"put-es-type\":\"${kafka.key}\""), PLAN_CANNOT,
        "one type for all records");
    finds_in(STRAIGHT("", ",\"pipeline\":\"p\""), PLAN_CANNOT,
        "'pipeline' is a parameter of the bulk request");
    finds_in(STRAIGHT("", ",\"elasticsearch-http-proxy-host\":\"p\""),
        PLAN_CANNOT, "without a proxy");
    finds_in(STRAIGHT("", ",\"Character Set\":\"EUC-KR\""), PLAN_CANNOT,
        "naru writes UTF-8");
}

/* kafka.key and filename are a record's own, until a path makes others. */
static void the_id_is_the_attribute_as_the_path_left_it(void **state)
{
    (void)state;
    gives(STRAIGHT(",\"key-attribute-encoding\":\"hex\"",
              ",\"put-es-id-attr\":\"kafka.key\""),
        "transform.key_encoding", "hex", "bridge.id", "%{attr:kafka.key}",
        NONE);
    gives(BETWEEN("org.apache.nifi.processors.attributes.UpdateAttribute",
              "\"kafka.key\":\"${kafka.key:toLower()}\"", "success",
              ",\"put-es-id-attr\":\"kafka.key\""),
        "bridge.id", "%{attr:kafka.key}", NONE);
    gives(BETWEEN(STANDARD "EvaluateJsonPath",
              "\"Destination\":\"flowfile-attribute\",\"filename\":"
              "\"$.Code\"",
              "matched", ",\"put-es-id-attr\":\"filename\""),
        "bridge.id", "%{attr:filename}", NONE);
}

static void dates_in_index_names_are_warned_of(void **state)
{
    const char *flow =
        PUTS(HTTP ",\"put-es-index\":\"m-${now():format('YYYY.MM.DD')}\","
                  "\"put-es-id-attr\":\"kafka.key\"");

    (void)state;
    gives(flow, "transform.zone", "Asia/Seoul", "transform.step.1",
        "update-attribute naru.index=m-${now():format('YYYY.MM.DD')}", NONE);
    finds_in(flow, PLAN_NOTE, "YYYY, the year of the week");
    finds_in(flow, PLAN_NOTE, "DD, the day of the year");
    finds_in(flow, PLAN_NOTE, "naru takes Asia/Seoul");
    finds_in(flow, PLAN_DOUBLES, "after midnight");
}

static void what_stands_between_becomes_steps(void **state)
{
    (void)state;
    gives(BETWEEN("org.apache.nifi.processors.attributes.UpdateAttribute",
              "\"a\":\"x y\",\"b\":\"${kafka.key:append('\\\";')}\"", "success",
              ",\"put-es-id-attr\":\"a\""),
        "transform.step.1",
        "update-attribute \"a=x y\" b=${kafka.key:append('\\\"\\;')}",
        "bridge.id", "%{attr:a}", NONE);
    gives(BETWEEN(STANDARD "EvaluateJsonPath",
              "\"Destination\":\"flowfile-attribute\",\"Path Not Found "
              "Behavior\":\"skip\",\"code\":\"$.a['b c'][0]\"",
              "matched", ""),
        "transform.step.1",
        "evaluate-json not_found=skip return=scalar \"code=$.a['b c'][0]\"",
        NONE);
    gives(BETWEEN(STANDARD "EvaluateJsonPath", "\"x\":\"$.a\"", "matched", ""),
        "transform.step.1",
        "evaluate-json not_found=ignore return=json to=content x=$.a", NONE);
    gives(BETWEEN(STANDARD "SplitJson", "\"JsonPath Expression\":\"$.r[*]\"",
              "split", ""),
        "transform.step.1", "split-json $.r[*]", NONE);
    gives(BETWEEN(STANDARD "MergeContent",
              "\"Maximum Number of Entries\":\"50\",\"Max Bin Age\":\"2 "
              "secs\"",
              "merged", ""),
        "transform.step.1", "merge", "bridge.batch_docs", "50",
        "bridge.linger_ms", "2000", NONE);
    gives(BETWEEN(STANDARD "LogAttribute",
              "\"Log Level\":\"WARN\",\"Attributes to Log\":\"a, b.c\","
              "\"Log prefix\":\"two words\",\"Log Payload\":\"true\"",
              "success", ""),
        "transform.step.1",
        "log level=warn payload=true prefix=\"two words\" "
        "attributes=a|b\\\\.c",
        NONE);
    finds_in(
        BETWEEN(STANDARD "EvaluateJsonPath", "\"x\":\"$..a\"", "matched", ""),
        PLAN_CANNOT, "more than naru reads");
    finds_in(BETWEEN(STANDARD "SplitJson",
                 "\"JsonPath Expression\":\"$.a[?(@.b)]\"", "split", ""),
        PLAN_CANNOT, "more than naru reads");
    finds_in(BETWEEN(STANDARD "SplitJson", "\"JsonPath Expression\":\"$\"",
                 "original", ""),
        PLAN_CANNOT, "goes on by its relationship 'original'");
    finds_in(
        BETWEEN(STANDARD "EvaluateJsonPath", "\"x\":\"$.a\"", "unmatched", ""),
        PLAN_CANNOT, "goes on by its relationship 'unmatched'");
    finds_in(BETWEEN(STANDARD "EvaluateJsonPath",
                 "\"Destination\":\"flowfile-attribute\",\"x\":\"$.a\"",
                 "unmatched", ""),
        PLAN_CANNOT, "goes on by its relationship 'unmatched'");
    gives(BETWEEN(STANDARD "EvaluateJsonPath",
              "\"Destination\":\"flowfile-attribute\",\"x\":\"$.a\"",
              "matched\",\"unmatched", ""),
        "transform.step.1",
        "evaluate-json not_found=ignore return=scalar "
        "x=$.a",
        NONE);
    finds_in(BETWEEN(STANDARD "LogAttribute",
                 "\"attributes-to-log-regex\":\"(?i)kafka.*\"", "success", ""),
        PLAN_CANNOT, "list the attributes");
    finds_in(BETWEEN(STANDARD "LogAttribute", "\"Log Level\":\"${lvl}\"",
                 "success", ""),
        PLAN_CANNOT, "naru's levels are");
    finds_in(STRAIGHT(",\"header-name-regex\":\"x-\\\\d+\"", ""), PLAN_CANNOT,
        "name the headers");
    finds_in(BETWEEN("org.apache.nifi.processors.attributes.UpdateAttribute",
                 "\"Store State\":\"Store state locally\"", "success", ""),
        PLAN_CANNOT, "no state");
}

static void routes_keep_what_the_path_takes(void **state)
{
    (void)state;
    gives(BETWEEN(STANDARD "RouteOnAttribute",
              "\"hot\":\"${kafka.key:equals('a')}\",\"cold\":\"${kafka.key:"
              "isEmpty()}\"",
              "hot", ""),
        "transform.step.1",
        "route keep=hot hot=${kafka.key:equals('a')} "
        "cold=${kafka.key:isEmpty()}",
        NONE);
    gives(BETWEEN(STANDARD "RouteOnAttribute",
              "\"Routing Strategy\":\"Route to 'matched' if all match\","
              "\"a\":\"${kafka.key:equals('a')}\",\"b\":\"${kafka.topic:"
              "contains('b')}\"",
              "matched", ""),
        "transform.step.1",
        "route keep=matched matched=${kafka.key:equals('a'):and(${"
        "kafka.topic:contains('b')})}",
        NONE);
    gives(BETWEEN(STANDARD "RouteOnAttribute",
              "\"Routing Strategy\":\"Route to 'matched' if any matches\","
              "\"a\":\"${kafka.key:equals('a')}\",\"b\":\"${kafka.topic:"
              "contains('b')}\"",
              "matched", ""),
        "transform.step.1",
        "route keep=a,b a=${kafka.key:equals('a')} "
        "b=${kafka.topic:contains('b')}",
        NONE);
}

/* All at once, with what it takes to find it in NiFi. */
static void all_that_cannot_be_done_is_named(void **state)
{
    struct made m =
        make(FLOW(CONSUME(",\"security.protocol\":\"SASL_SSL\","
                          "\"ssl.context.service\":\"none\"") "," P("s",
                      STANDARD "ExecuteScript",
                      "") "," P("b", STANDARD "Base64EncodeContent",
                      "") "," PUT_OF(HTTP ",\"put-es-index\":\"${frob()}\""),
            C("k", "success", "s") "," C("s", "success", "b") "," C(
                "b", "success", "e"),
            ""));
    char *text = NULL;
    size_t n;
    FILE *to = open_memstream(&text, &n);
    struct error err;

    (void)state;
    assert_true(plan_count(m.p, PLAN_CANNOT) >= 5);
    assert_true(finds(m.p, PLAN_CANNOT, "GSSAPI"));
    assert_true(finds(m.p, PLAN_CANNOT, "controller service none"));
    assert_true(finds(m.p, PLAN_CANNOT, "what a ExecuteScript does"));
    assert_true(finds(m.p, PLAN_CANNOT, "Base64EncodeContent"));
    assert_true(finds(m.p, PLAN_CANNOT, "frob()"));
    assert_int_equal(nifi_import_check_plan(m.p, &err), -1);
    assert_non_null(strstr(err.text, "'naru nifi check' shows all"));
    assert_false(nifi_import_is_fine(&m.i, 0));
    nifi_import_print(&m.i, 0, to);
    (void)fclose(to);
    assert_non_null(strstr(text,
        "ExecuteScript 's' (" STANDARD "ExecuteScript, id s, group 'G')"));
    free(text);
    nifi_import_close(&m.i);
}

static void what_the_flow_loses_doubles_and_repeats_is_told(void **state)
{
    static const char loses[] = "{\"rootGroup\":{\"processors\":[" CONSUME(
        "") ","
            "{\"identifier\":\"e\",\"name\":\"e\",\"type\":\"" SEARCH
            "PutElasticsearchHttp\",\"properties\":{" ENGINE
            "},\"autoTerminatedRelationships\":[\"failure\",\"retry\"]}],"
            "\"connections\":[{\"source\":{\"id\":\"k\"},\"destination\":{"
            "\"id\":"
            "\"e\"},\"selectedRelationships\":[\"success\"],"
            "\"flowFileExpiration\":\"60 "
            "sec\",\"backPressureDataSizeThreshold\":"
            "\"4 "
            "MB\",\"prioritizers\":[\"x.NewestFlowFileFirstPrioritizer\"]}]}}";

    (void)state;
    finds_in(loses, PLAN_LOSES, "failure and retry are auto-terminated");
    finds_in(loses, PLAN_LOSES, "drops FlowFiles older than 60 sec");
    finds_in(loses, PLAN_CANNOT, "NewestFlowFileFirstPrioritizer");
    finds_in(FLOW(CONSUME("") "," PUT(""),
                 C("k", "success", "e") "," C("e", "failure", "e"), ""),
        PLAN_FOREVER, "failure leads back to itself");
    finds_in(FLOW(CONSUME("") "," PUT("") "," P("o", "x.PutTCP", ""),
                 C("k", "success", "e") "," C("k", "success", "o"), ""),
        PLAN_LEAVES, "it also goes to PutTCP 'o'");
    finds_in("{\"rootGroup\":{\"processors\":[" CONSUME(
                 "") ","
                     "{\"identifier\":\"e\",\"type\":\"" SEARCH
                     "PutElasticsearchHttp\","
                     "\"scheduledState\":\"DISABLED\",\"properties\":{" ENGINE
                     "}}],"
                     "\"connections\":[" C("k", "success", "e") "]}}",
        PLAN_CANNOT, "it is disabled in NiFi");
}

static void logs_after_the_writer_come_after(void **state)
{
    (void)state;
    gives(FLOW(CONSUME("") "," PUT("") "," P("l", STANDARD "LogAttribute",
                   "") "," P("m", STANDARD "LogMessage",
                   "\"log-message\":\"stored ${kafka.offset}\",\"log-level\":"
                   "\"debug\""),
              C("k", "success", "e") "," C("e", "success", "l") "," C(
                  "l", "success", "m"),
              ""),
        "transform.after.1", "log level=info", "transform.after.2",
        "log-message level=debug message=\"stored ${kafka.offset}\"",
        "transform.step.1", "(none)", NONE);
}

/* ---- parameters, variables, secrets ---- */

#define CONTEXTS                                                               \
    ",\"parameterContextName\":\"env\"},\"parameterContexts\":["               \
    "{\"name\":\"env\",\"inheritedParameterContexts\":[\"base\"],"             \
    "\"parameters\":[{\"name\":\"topic\",\"value\":\"T1\"},{\"name\":\"pw\","  \
    "\"sensitive\":true,\"value\":\"hunter2\"}]},{\"name\":\"base\","          \
    "\"inheritedParameterContexts\":[\"env\"],\"parameters\":[{\"name\":\"a "  \
    "b\",\"value\":\"i1\"}]}]"

static void parameters_and_variables_are_put_in(void **state)
{
    static const char with_parameters[] =
        "{\"rootGroup\":{\"processors\":[" CONSUME_OF(
            GROUP ",\"topic\":\"#{topic}\"") "," PUT_OF(HTTP
            ",\"put-es-index\":\"#{'a b'}-##{x}\"") "],\"connections\":[" C("k",
            "success", "e") "]" CONTEXTS "}";
    static const char missing[] =
        "{\"rootGroup\":{\"processors\":[" CONSUME_OF(GROUP
            ",\"topic\":\"#{nosuch}\"") "," PUT("") "],\"connections\":[" C("k",
            "success", "e") "]" CONTEXTS "}";

    static const char within[] = "{\"rootGroup\":{\"processors\":[" CONSUME(
        "") "," PUT_OF(HTTP ",\"put-es-index\":\"${#{topic}:toLower()}-$${#{'a "
                            "b'}}\"") "],\"connections\":[" C("k", "success",
        "e") "]" CONTEXTS "}";
    static const char quoted[] = "{\"rootGroup\":{\"processors\":[" CONSUME(
        "") "," PUT_OF(HTTP ",\"put-es-index\":\"${kafka.key:append('#{topic}')"
                            "}\"") "],\"connections\":[" C("k", "success",
        "e") "]" CONTEXTS "}";

    (void)state;
    gives(with_parameters, "bridge.topics", "T1", "bridge.index", "i1-#{x}",
        NONE);
    finds_in(missing, PLAN_CANNOT, "the parameter #{nosuch}");
    gives(within, "transform.step.1",
        "update-attribute naru.index=${${literal('T1')}:toLower()}-$${i1}",
        NONE);
    finds_in(quoted, PLAN_CANNOT, "in a quoted text within ${}");
    gives(FLOW(CONSUME(",\"bootstrap.servers\":\"${b}:9092\"") "," PUT_OF(
                   HTTP ",\"put-es-index\":\"${kind}-${kafka.topic}\",\"put-es-"
                        "type\":\"${kind}\""),
              C("k", "success", "e"),
              ",\"variables\":{\"b\":\"host\",\"kind\":\"hot\"}"),
        "kafka.bootstrap.servers", "host:9092", "transform.step.1",
        "update-attribute kind=hot", "bridge.index", "%{attr:naru.index}",
        "bridge.type", "hot", NONE);
    gives(FLOW(CONSUME("") "," PUT_OF(
                   HTTP ",\"put-es-index\":\"${kind:toUpper()}-x\""),
              C("k", "success", "e"), ",\"variables\":{\"kind\":\"hot\"}"),
        "bridge.index", "HOT-x", "transform.step.1", "(none)", NONE);
    finds_in(STRAIGHT(",\"bootstrap.servers\":\"${nosuch}\"", ""), PLAN_CANNOT,
        "the variable ${nosuch}");
}

static void shows_no_secret(const char *flow, const char *setting_name)
{
    struct made m = make(flow);
    char *text = NULL;
    size_t n;
    FILE *to = open_memstream(&text, &n);
    struct buf config;

    nifi_import_print(&m.i, 0, to);
    assert_int_equal(nifi_import_print_json(&m.i, 0, to), 0);
    (void)fclose(to);
    buf_init(&config, (size_t)1 << 20);
    assert_int_equal(plan_write_config(m.p, 1, "test", &config), 0);
    if (strstr(text, "hunter2") != NULL ||
        strstr(buf_str(&config), "hunter2") != NULL ||
        strstr(text, "enc{") != NULL) {
        fail_msg("a secret is shown:\n%s\n%s", text, buf_str(&config));
    }
    assert_string_equal(setting(m.p, setting_name), "(to be supplied)");
    assert_true(plan_count(m.p, PLAN_SUPPLY) > 0);
    buf_fini(&config);
    free(text);
    nifi_import_close(&m.i);
}

static void secrets_are_named_and_never_shown(void **state)
{
    (void)state;
    shows_no_secret(STRAIGHT("", ",\"Username\":\"u\",\"Password\":"
                                 "\"hunter2\""),
        "elasticsearch.password_file");
    shows_no_secret(STRAIGHT("", ",\"Username\":\"u\",\"Password\":"
                                 "\"enc{hunter2}\""),
        "elasticsearch.password_file");
    shows_no_secret(
        STRAIGHT("", ",\"Username\":\"u\""), "elasticsearch.password_file");
    shows_no_secret(PUTS("\"put-es-index\":\"i\",\"elasticsearch-http-url\":"
                         "\"http://u:hunter2@e:9200\""),
        "elasticsearch.password_file");
    shows_no_secret(
        STRAIGHT(",\"security.protocol\":\"SASL_PLAINTEXT\","
                 "\"sasl.mechanism\":\"SCRAM-SHA-512\",\"sasl.username\":\"u\","
                 "\"sasl.password\":\"hunter2\"",
            ""),
        "kafka.sasl.password");
    shows_no_secret(
        "{\"rootGroup\":{\"processors\":[" CONSUME("") "," PUT(
            ",\"Username\":\"u\",\"Password\":\"#{pw}"
            "\"") "],\"connections\":[" C("k", "success", "e") "]" CONTEXTS "}",
        "elasticsearch.password_file");
}

static void tls_takes_pem_files_and_no_java_stores(void **state)
{
#define WITH_TLS(type, properties)                                             \
    FLOW(CONSUME(",\"security.protocol\":\"SSL\",\"ssl.context.service\":"     \
                 "\"tls\"") "," PUT(",\"SSL Context Service\":\"tls\""),       \
        C("k", "success", "e"),                                                \
        ",\"controllerServices\":[" P("tls", type, properties) "]")

    (void)state;
    gives(WITH_TLS("org.apache.nifi.ssl.PEMEncodedSSLContextProvider",
              "\"Certificate Authorities Location\":\"/ca.pem\""),
        "kafka.security.protocol", "ssl", "kafka.ssl.ca.location", "/ca.pem",
        "elasticsearch.ca_file", "/ca.pem", NONE);
    finds_in(WITH_TLS("org.apache.nifi.ssl.StandardSSLContextService",
                 "\"Truststore Filename\":\"/t.jks\",\"Truststore Type\":"
                 "\"JKS\",\"Truststore Password\":\"hunter2\""),
        PLAN_CANNOT, "/t.jks is a Java key store (JKS)");
    finds_in(WITH_TLS("org.apache.nifi.ssl.StandardSSLContextService",
                 "\"Truststore Filename\":\"/t.p12\",\"Truststore Type\":"
                 "\"PKCS12\""),
        PLAN_SUPPLY, "openssl pkcs12 -in /t.p12 -nokeys");
}

static void records_are_json_without_a_schema(void **state)
{
#define WITH_RECORDS(reader, schema)                                           \
    FLOW(P("k", PUBSUB "ConsumeKafkaRecord_2_6",                               \
             KAFKA                                                             \
             ",\"record-reader\":\"r\",\"record-writer\":\"w\"") "," P("e",    \
             SEARCH "PutElasticsearchHttpRecord",                              \
             "\"elasticsearch-http-url\":\"http://e:9200\","                   \
             "\"put-es-record-index\":\"i\",\"put-es-record-record-"           \
             "reader\":\"r\",\"put-es-record-id-path\":\"/Code\""),            \
        C("k", "success", "e"),                                                \
        ",\"controllerServices\":[" P("r", reader,                             \
            "\"schema-access-strategy\":\"" schema "\"") "," P("w",            \
            "org.apache.nifi.json.JsonRecordSetWriter", "") "]")

    (void)state;
    gives(WITH_RECORDS("org.apache.nifi.json.JsonTreeReader", "infer-schema"),
        "bridge.id", "%{Code}", "transform.step.1", "convert-json",
        "transform.step.2", "(none)", NONE);
    finds_in(WITH_RECORDS("org.apache.nifi.avro.AvroReader", "infer-schema"),
        PLAN_CANNOT, "(org.apache.nifi.avro.AvroReader, r); naru reads JSON");
    finds_in(WITH_RECORDS("org.apache.nifi.json.JsonTreeReader", "schema-name"),
        PLAN_CANNOT, "with a schema NiFi drops and converts fields");
}

/* ---- the rest ---- */

static void durations_and_sizes_are_nifis(void **state)
{
    const char *flow = "{\"rootGroup\":{\"processors\":[" CONSUME(
        "") ","
            "{\"identifier\":\"e\",\"name\":\"e\",\"type\":\"" SEARCH
            "PutElasticsearchHttp\",\"penaltyDuration\":\"2 mins\","
            "\"concurrentlySchedulableTaskCount\":4,\"properties\":{" ENGINE
            "}}],\"connections\":[{\"source\":{\"id\":\"k\"},\"destination\":{"
            "\"id\":\"e\"},\"selectedRelationships\":[\"success\"],"
            "\"backPressureDataSizeThreshold\":\"4.5 MB\"}]}}";

    (void)state;
    gives(flow, "bridge.retry_max_ms", "120000", "bridge.max_in_flight", "4",
        "bridge.memory_bytes", "4718592", NONE);
}

static void several_paths_are_chosen_by_number(void **state)
{
    struct made m = make(FLOW(CONSUME("") "," PUT("") "," P(
                                  "f", SEARCH "PutElasticsearchHttp", ENGINE),
        C("k", "success", "e") "," C("k", "success", "f"), ""));
    struct error err;

    (void)state;
    assert_int_equal(m.i.paths.n, 2);
    assert_null(nifi_import_choose(&m.i, 0, &err));
    assert_non_null(strstr(err.text, "2 paths"));
    assert_ptr_equal(nifi_import_choose(&m.i, 2, &err), m.i.plans[1]);
    assert_null(nifi_import_choose(&m.i, 3, &err));
    assert_non_null(strstr(err.text, "no path 3; it has 2"));
    nifi_import_close(&m.i);
}

/* As a file and in memory it is the same, whatever values hold. */
static void what_is_written_reads_back(void **state)
{
    const struct config_table tables[] = {endpoint_settings, bridge_settings,
        bridge_transform_settings, bridge_nifi_settings};
    struct made m = make(BETWEEN(
        "org.apache.nifi.processors.attributes.UpdateAttribute",
        "\"long\":\"${kafka.key:append('0123456789012345678901234567890123456"
        "7890123456789012345678901234567890123456789 ; # [x] a = b and 한국어 "
        "한국어 한국어 한국어 한국어 한국어 한국어 한국어 한국어 한국어 ')}\","
        "\"lines\":\"one\\ntwo\\t\\\\ ;three\"",
        "success", ""));
    struct config *read = config_new(tables, 4), *taken = config_new(tables, 4);
    char path[] = "/tmp/naru-test-XXXXXX";
    char long_name[3001] = ""; /* of a file, or a processor */
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    struct error err = {""};
    struct buf text;

    (void)state;
    for (size_t i = 0; i + 3 < sizeof(long_name); i += 3) {
        memcpy(long_name + i, i % 600 == 0 ? " a " : "나", 3);
    }
    buf_init(&text, (size_t)1 << 20);
    assert_int_equal(plan_write_config(m.p, 1, long_name, &text), 0);
    assert_int_equal(
        fwrite(text.data, 1, text.len_bytes, file), text.len_bytes);
    (void)fclose(file);
    if (config_read_file(read, path, &err) != 0) {
        fail_msg("%s\n%s", err.text, buf_str(&text));
    }
    assert_int_equal(nifi_import_take(m.p, "test", taken, &err), 0);
    for (size_t i = 0; i < m.p->n_settings; i++) {
        const char *name = m.p->settings[i].name;

        assert_string_equal(config_text(read, name), m.p->settings[i].value);
        assert_string_equal(config_text(taken, name), m.p->settings[i].value);
    }
    assert_non_null(strstr(config_origin(taken, "bridge.index"), "test: Put"));
    (void)remove(path);
    buf_fini(&text);
    config_free(read);
    config_free(taken);
    nifi_import_close(&m.i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seeds_flow_is_one_configuration_in_every_format),
        cmocka_unit_test(the_consumer_becomes_kafkas_settings),
        cmocka_unit_test(spellings_and_nulls),
        cmocka_unit_test(the_writer_becomes_the_bridges_settings),
        cmocka_unit_test(the_id_is_the_attribute_as_the_path_left_it),
        cmocka_unit_test(dates_in_index_names_are_warned_of),
        cmocka_unit_test(what_stands_between_becomes_steps),
        cmocka_unit_test(routes_keep_what_the_path_takes),
        cmocka_unit_test(all_that_cannot_be_done_is_named),
        cmocka_unit_test(what_the_flow_loses_doubles_and_repeats_is_told),
        cmocka_unit_test(logs_after_the_writer_come_after),
        cmocka_unit_test(parameters_and_variables_are_put_in),
        cmocka_unit_test(secrets_are_named_and_never_shown),
        cmocka_unit_test(tls_takes_pem_files_and_no_java_stores),
        cmocka_unit_test(records_are_json_without_a_schema),
        cmocka_unit_test(durations_and_sizes_are_nifis),
        cmocka_unit_test(several_paths_are_chosen_by_number),
        cmocka_unit_test(what_is_written_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
