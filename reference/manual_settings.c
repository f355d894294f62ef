/* naru.conf(5): every setting with its kind, range, default and variable, from
 * the tables that read them. */
#include "reference/manual.h"

#include "reference/roff.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static const char *const form =
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
    "Bytes take k, m or g (powers of 1024): 512k. Durations take ms, s, m or\n"
    "h, and are milliseconds without: 5s.";

static const char *const kafka =
    "Any property of librdkafka, by librdkafka's own name; it checks names\n"
    "and values. A property that is only for producers or only for consumers\n"
    "is left out where it does not apply.\n"
    "\n"
    "  bootstrap.servers = kafka1:9092,kafka2:9092,kafka3:9092\n"
    "  group.id = naru-bridge\n"
    "  security.protocol = SASL_SSL\n";

static const char *const example =
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

/* 5242880 as 5m, when it is so even. */
static void put_bytes(FILE *to, int64_t n)
{
    static const char *const units[] = {"", "k", "m", "g"};
    size_t u = 0;

    while (u < 3 && n != 0 && n % 1024 == 0) {
        n /= 1024;
        u++;
    }
    (void)fprintf(to, "%" PRId64 "%s", n, units[u]);
}

static void put_ms(FILE *to, int64_t n)
{
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = {{3600000, "h"}, {60000, "m"}, {1000, "s"}};

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (n != 0 && n % units[i].ms == 0) {
            (void)fprintf(to, "%" PRId64 "%s", n / units[i].ms, units[i].name);
            return;
        }
    }
    (void)fprintf(to, "%" PRId64 "%s", n, n != 0 ? "ms" : "");
}

static void put_range(FILE *to, const struct config_key *key, const char *what,
    void (*put)(FILE *, int64_t))
{
    (void)fprintf(to, "%s from ", what);
    put(to, key->min);
    if (key->max == INT64_MAX) {
        (void)fputs(" on", to);
    } else {
        (void)fputs(" to ", to);
        put(to, key->max);
    }
}

static void put_count(FILE *to, int64_t n)
{
    (void)fprintf(to, "%" PRId64, n);
}

static void put_kind(FILE *to, const struct config_key *key)
{
    switch (key->type) {
    case CONFIG_TEXT:
        (void)fputs("text", to);
        break;
    case CONFIG_BOOL:
        (void)fputs("true or false", to);
        break;
    case CONFIG_COUNT:
        put_range(to, key, "a whole number", put_count);
        break;
    case CONFIG_BYTES:
        put_range(to, key, "bytes,", put_bytes);
        break;
    case CONFIG_MS:
        put_range(to, key, "a duration", put_ms);
        break;
    case CONFIG_CHOICE:
        (void)fputs("one of ", to);
        for (const char *at = key->choices; *at != '\0'; at++) {
            if (*at == '|') {
                (void)fputs(", ", to);
            } else {
                roff_literal(to, (struct slice){at, 1});
            }
        }
        break;
    }
}

static void put_setting(FILE *to, const struct config_key *key)
{
    (void)fputs(".TP\n\\fB", to);
    roff_literal(to, slice_of(strchr(key->name, '.') + 1));
    (void)fputs("\\fR\n", to);
    roff_text(to, slice_of(key->help));
    (void)fputs("\n.br\n", to);
    put_kind(to, key);
    (void)fputs("; default: ", to);
    roff_literal(to, slice_of(key->fallback != NULL ? key->fallback : "none"));
    (void)fputs("; \\fBNARU_", to);
    for (const char *c = key->name; *c != '\0'; c++) {
        (void)fputc(
            *c == '.' || *c == '-' ? '_' : toupper((unsigned char)*c), to);
    }
    (void)fprintf(
        to, "\\fR%s\n", (key->flags & CONFIG_SECRET) != 0 ? "; secret" : "");
}

static void put_table(FILE *to, const struct config_table *t)
{
    const char *section = NULL;

    for (size_t i = 0; i < t->n_keys; i++) {
        const char *name = t->keys[i].name;
        size_t n = strcspn(name, ".");
        char title[64];

        if (section == NULL || strncmp(section, name, n + 1) != 0) {
            (void)snprintf(title, sizeof(title), "[%.*s]", (int)n, name);
            roff_subsection(to, title);
            section = name;
        }
        put_setting(to, &t->keys[i]);
    }
}

void manual_write_settings(const struct book *b, FILE *to)
{
    char source[64];

    (void)snprintf(source, sizeof(source), "naru %s", b->version);
    roff_head(to, "naru.conf", '5', b->date, source);
    roff_section(to, "NAME");
    (void)fputs("naru.conf \\- settings of naru\n", to);
    roff_section(to, "DESCRIPTION");
    roff_prose(to, slice_of(form));
    roff_section(to, "SETTINGS");
    roff_subsection(to, "[kafka]");
    roff_prose(to, slice_of(kafka));
    for (size_t i = 0; i < b->n_tables; i++) {
        put_table(to, &b->tables[i]);
    }
    roff_section(to, "EXAMPLE");
    roff_lines(to, slice_of(example));
    roff_section(to, "SEE ALSO");
    (void)fputs(".BR naru (1),\n.BR naru\\-bridge (1)\n", to);
}
