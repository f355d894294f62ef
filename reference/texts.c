/* The texts of pages; see texts.h. */
#include "reference/texts.h"

const char *const texts_what =
    "replay market history into Kafka and ferry it into Elasticsearch";

const char *const texts_flow =
    "Replays historical market data as a live stream and ferries it into\n"
    "Elasticsearch or OpenSearch: CSV files become JSON records in Kafka, a\n"
    "trading day each second or as fast as it goes; a bridge batches records\n"
    "from Kafka into bulk requests, under index mappings that keep every\n"
    "digit. Each row arrives once: an offset is committed only when its\n"
    "record is stored, and sending again is harmless.";

const char *const texts_exit_codes =
    "0 done, 1 the work found a failure, 2 unusable arguments or\n"
    "configuration, with one line on standard error that says what is wrong,\n"
    "where, and what to do. 3 is a command's own: a bridge that stopped\n"
    "because records were refused, a plan that has something to do.";

const char *const texts_form =
    "One file describes a flow for all commands: where Kafka and the search\n"
    "engine are, and how the bridge works. Commands read naru.conf in the\n"
    "working directory when it is there, or the file given with -c.\n"
    "\n"
    "A line [SECTION] begins a section; the others are KEY = VALUE. A line\n"
    "that begins with ; or # is a comment; so is what follows a space and ;\n"
    "behind a value. An indented line continues the value above. An unknown\n"
    "key, a key given twice, and a value out of range stop the start with\n"
    "file and line.\n"
    "\n"
    "Each setting can also be given as --set SECTION.KEY=VALUE, and as an\n"
    "environment variable: NARU_, section and key in capitals, with\n"
    "underscores for dots and hyphens. Later sources win: default, file,\n"
    "environment, --set. naru bridge --print-config shows what is in force\n"
    "and where each value came from, secrets hidden.\n"
    "\n"
    "A setting marked secret is refused by --set, since everybody can read a\n"
    "command line; the setting of the same name and _file names a file whose\n"
    "first line it is. Settings marked reload are taken anew by a running\n"
    "naru bridge on SIGHUP, with all files that hold secrets and\n"
    "certificates; the others at the next start.\n"
    "\n"
    "Bytes take k, m or g (powers of 1024): 512k. Durations take ms, s, m or\n"
    "h, and are milliseconds without: 5s.";

const char *const texts_kafka =
    "Any property of librdkafka, by librdkafka's own name; it checks names\n"
    "and values. A property that is only for producers or only for consumers\n"
    "is left out where it does not apply. A secret may stand in a file:\n"
    "sasl.password_file is the file of sasl.password, ssl.key.password_file\n"
    "that of ssl.key.password.\n"
    "\n"
    "  bootstrap.servers = kafka1:9092,kafka2:9092,kafka3:9092\n"
    "  group.id = naru-bridge\n"
    "  security.protocol = SASL_SSL\n"
    "  sasl.mechanism = PLAIN\n"
    "  sasl.username = naru\n"
    "  sasl.password_file = /etc/naru/kafka-password\n";

const char *const texts_example =
    "[kafka]\n"
    "bootstrap.servers = kafka1:9092,kafka2:9092,kafka3:9092\n"
    "group.id = naru-bridge\n"
    "\n"
    "[elasticsearch]\n"
    "hosts = https://search1:9200,https://search2:9200\n"
    "api_key_file = /etc/naru/api-key\n"
    "\n"
    "[bridge]\n"
    "topics = Stock_Data\n"
    "dataset = marcap\n";

const char *const texts_metrics =
    "A bridge shows these at /metrics of admin.listen, in the text format of\n"
    "Prometheus. Counters begin at 0 with the process. An outcome is what\n"
    "became of a record: created, updated, duplicate (an equal or newer one\n"
    "is stored), deleted, dead_lettered, skipped, or released (its partition\n"
    "went to another bridge first). Seconds of histograms go by le.";
