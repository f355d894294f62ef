/*
 * The .tds of a dataset; see data_source.h. remote-type is OLE DB's number of
 * the type that the driver reports; the drivers' tables of types are Elastic
 * SQL's (keyword VARCHAR, date always DATETIME) and OpenSearch's
 * (OpenSearchType; strict_date is one of the formats that make a DATE).
 */
#include "kibana/tableau/data_source.h"

#include "kibana/tableau/xml_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct server {
    struct slice host;
    struct slice port;
    bool tls;
};

/* http://host:port, the host perhaps an IPv6 address in brackets. */
static int read_url(const char *url, struct server *server, struct error *err)
{
    const char *host = strstr(url, "://");
    const char *end, *colon;

    if (host == NULL) {
        return error_set(err, "%s: http:// or https:// is missing", url);
    }
    server->tls = strncmp(url, "https", 5) == 0;
    host += 3;
    end = host + strcspn(host, "/");
    colon = memchr(host, ']', (size_t)(end - host));
    colon = memchr(colon != NULL ? colon : host, ':',
        (size_t)(end - (colon != NULL ? colon : host)));
    server->host =
        (struct slice){host, (size_t)((colon != NULL ? colon : end) - host)};
    server->port = colon != NULL
                       ? (struct slice){colon + 1, (size_t)(end - colon - 1)}
                       : slice_of(server->tls ? "443" : "80");
    return server->host.len > 0
               ? 0
               : error_set(err, "%s: the host's name is missing", url);
}

/*
 * Append texts up to a NULL; what a "$" stands before is escaped, so that
 * put(out, "<a b='", "$", name, "'>", NULL) reads as it is written.
 */
static int put(struct buf *out, ...)
{
    va_list texts;
    const char *text;
    bool escaped = false;
    int rc = 0;

    va_start(texts, out);
    while (rc == 0 && (text = va_arg(texts, const char *)) != NULL) {
        if (!escaped && strcmp(text, "$") == 0) {
            escaped = true;
            continue;
        }
        rc = escaped ? xml_text_write(out, slice_of(text))
                     : buf_append_str(out, text);
        escaped = false;
    }
    va_end(texts);
    return rc;
}

/* What Tableau and the drivers call a column's type. */
struct type_names {
    const char *local;     /* in the data source */
    const char *remote;    /* OLE DB's number */
    const char *gathers;   /* what Tableau does with several, unless told */
    const char *width;     /* of a text; 32766 is Lucene's longest term */
    const char *precision; /* of a number */
};

static struct type_names names_of(enum column_type type, enum connector c)
{
    switch (type) {
    case COLUMN_KEYWORD:
    case COLUMN_TEXT:
        return (struct type_names){"string", "129", "Count", "32766", NULL};
    case COLUMN_LONG:
        return (struct type_names){"integer", "20", "Sum", NULL, "19"};
    case COLUMN_INTEGER:
        return (struct type_names){"integer", "3", "Sum", NULL, "10"};
    case COLUMN_DOUBLE:
        return (struct type_names){"real", "5", "Sum", NULL, "15"};
    case COLUMN_DATE:
        if (c == CONNECTOR_OPENSEARCH) {
            return (struct type_names){"date", "133", "Year", NULL, NULL};
        }
        return (struct type_names){"datetime", "135", "Year", NULL, NULL};
    case COLUMN_EPOCH_MS:
        return (struct type_names){"datetime", "135", "Year", NULL, NULL};
    }
    return (struct type_names){"string", "129", "Count", NULL, NULL};
}

static const char *class_of(const struct data_source *s)
{
    if (s->connector_class != NULL) {
        return s->connector_class;
    }
    return s->connector == CONNECTOR_ELASTIC ? "elasticsearch-jdbc"
                                             : "opensearch_jdbc";
}

/*
 * timezone=Z: else the driver reckons dates in the zone of the machine it runs
 * on, and a day that begins at midnight UTC falls on the day before in the
 * west. v-warehouse is its name in the connector since 7.15, warehouse before.
 */
static int put_own_attributes(const struct data_source *s, struct buf *out)
{
    if (s->connector == CONNECTOR_ELASTIC) {
        return put(out,
            " authentication='auth-user-pass' dbname='elasticsearch' "
            "warehouse='timezone=Z' v-warehouse='timezone=Z'",
            NULL);
    }
    return put(out, " authentication='",
        s->username != NULL ? "auth-user-pass" : "auth-none",
        "' dbname='opensearch' v-trustSelfSigned='0'", NULL);
}

static int put_connection(
    const struct data_source *s, const struct server *server, struct buf *out)
{
    return put(out,
               "    <named-connections>\n"
               "      <named-connection caption='",
               NULL) == 0 &&
                   xml_text_write(out, server->host) == 0 &&
                   put(out, "' name='leaf'>\n        <connection class='", "$",
                       class_of(s), "' server='", NULL) == 0 &&
                   xml_text_write(out, server->host) == 0 &&
                   put(out, "' port='", NULL) == 0 &&
                   xml_text_write(out, server->port) == 0 &&
                   put(out, "' sslmode='", server->tls ? "require" : "",
                       "' username='", "$",
                       s->username != NULL ? s->username : "", "'",
                       NULL) == 0 &&
                   put_own_attributes(s, out) == 0 &&
                   put(out,
                       " one-time-sql='' />\n"
                       "      </named-connection>\n"
                       "    </named-connections>\n",
                       NULL) == 0
               ? 0
               : -1;
}

/* Names in brackets; one inside is doubled. */
static int put_bracketed(struct buf *out, const char *name)
{
    if (put(out, "[", NULL) != 0) {
        return -1;
    }
    for (const char *p = name; *p != '\0'; p++) {
        if (xml_text_write(out, (struct slice){p, 1}) != 0 ||
            (*p == ']' && put(out, "]", NULL) != 0)) {
            return -1;
        }
    }
    return put(out, "]", NULL);
}

static int put_optional(struct buf *out, const char *tag, const char *value)
{
    return value == NULL
               ? 0
               : put(out, "        <", tag, ">", value, "</", tag, ">\n", NULL);
}

static int put_record(const struct data_source *s, size_t i, struct buf *out)
{
    const struct dataset_column *column = &s->dataset->columns[i];
    struct type_names names = names_of(column->type, s->connector);
    char ordinal[24];

    (void)snprintf(ordinal, sizeof(ordinal), "%zu", i + 1);
    return put(out,
               "      <metadata-record class='column'>\n"
               "        <remote-name>",
               "$", column->name, "</remote-name>\n        <remote-type>",
               names.remote, "</remote-type>\n        <local-name>",
               NULL) == 0 &&
                   put_bracketed(out, column->name) == 0 &&
                   put(out, "</local-name>\n        <parent-name>", NULL) ==
                       0 &&
                   put_bracketed(out, s->index) == 0 &&
                   put(out, "</parent-name>\n        <remote-alias>", "$",
                       column->name, "</remote-alias>\n        <ordinal>",
                       ordinal, "</ordinal>\n        <local-type>", names.local,
                       "</local-type>\n        <aggregation>", names.gathers,
                       "</aggregation>\n", NULL) == 0 &&
                   put_optional(out, "precision", names.precision) == 0 &&
                   put_optional(out, "width", names.width) == 0 &&
                   put(out,
                       "        <contains-null>true</contains-null>\n"
                       "      </metadata-record>\n",
                       NULL) == 0
               ? 0
               : -1;
}

static const char *aggregate_name(enum column_aggregate aggregate)
{
    switch (aggregate) {
    case AGGREGATE_NONE:
        return NULL;
    case AGGREGATE_SUM:
        return "Sum";
    case AGGREGATE_AVG:
        return "Avg";
    case AGGREGATE_MIN:
        return "Min";
    case AGGREGATE_MAX:
        return "Max";
    }
    return NULL;
}

/* Numbers are measures, all else is a dimension; only time has an order. */
static int put_role(const struct dataset_column *column, struct buf *out)
{
    switch (column->type) {
    case COLUMN_LONG:
    case COLUMN_INTEGER:
    case COLUMN_DOUBLE:
        return put(out, " role='measure' type='quantitative'", NULL);
    case COLUMN_DATE:
    case COLUMN_EPOCH_MS:
        return put(out, " role='dimension' type='ordinal'", NULL);
    case COLUMN_KEYWORD:
    case COLUMN_TEXT:
        break;
    }
    return put(out, " role='dimension' type='nominal'", NULL);
}

static int put_column(const struct data_source *s, size_t i, struct buf *out)
{
    const struct dataset_column *column = &s->dataset->columns[i];
    struct dataset_display display = dataset_display(s->dataset, i);
    const char *aggregate = aggregate_name(display.aggregate);

    if (put(out, "  <column", NULL) != 0 ||
        (aggregate != NULL &&
            put(out, " aggregation='", aggregate, "'", NULL) != 0) ||
        put(out, " caption='", "$", column->name, "' datatype='",
            names_of(column->type, s->connector).local, "'", NULL) != 0 ||
        (display.format != NULL &&
            put(out, " default-format='n", display.format, ";-", display.format,
                "'", NULL) != 0) ||
        (column->dropped && put(out, " hidden='true'", NULL) != 0) ||
        put(out, " name='", NULL) != 0 ||
        put_bracketed(out, column->name) != 0 || put(out, "'", NULL) != 0 ||
        put_role(column, out) != 0) {
        return -1;
    }
    return display.description == NULL
               ? put(out, " />\n", NULL)
               : put(out, ">\n    <desc><formatted-text><run>", "$",
                     display.description,
                     "</run></formatted-text></desc>\n  </column>\n", NULL);
}

static int put_all(
    const struct data_source *s, const struct server *server, struct buf *out)
{
    int rc = put(out,
        "<?xml version='1.0' encoding='utf-8' ?>\n"
        "<!-- Made by naru kibana tableau, which overwrites what is changed "
        "here. -->\n"
        "<datasource formatted-name='federated.naru-",
        "$", s->dataset->name,
        "' inline='true' source-platform='win' version='18.1' "
        "xmlns:user='http://www.tableausoftware.com/xml/user'>\n"
        "  <connection class='federated'>\n",
        NULL);

    rc = rc == 0 ? put_connection(s, server, out) : rc;
    rc = rc == 0 ? put(out, "    <relation connection='leaf' name='", "$",
                       s->index, "' table='", NULL)
                 : rc;
    rc = rc == 0 ? put_bracketed(out, s->index) : rc;
    rc = rc == 0 ? put(out, "' type='table' />\n    <metadata-records>\n", NULL)
                 : rc;
    for (size_t i = 0; rc == 0 && i < s->dataset->n_columns; i++) {
        rc = put_record(s, i, out);
    }
    rc = rc == 0 ? put(out,
                       "    </metadata-records>\n"
                       "  </connection>\n"
                       "  <aliases enabled='yes' />\n",
                       NULL)
                 : rc;
    for (size_t i = 0; rc == 0 && i < s->dataset->n_columns; i++) {
        rc = put_column(s, i, out);
    }
    return rc == 0
               ? put(out,
                     "  <layout dim-ordering='alphabetic' "
                     "measure-ordering='alphabetic' show-structure='true' />\n"
                     "</datasource>\n",
                     NULL)
               : rc;
}

int data_source_write(
    const struct data_source *s, struct buf *out, struct error *err)
{
    struct server server;

    if (read_url(s->url, &server, err) != 0) {
        return -1;
    }
    return put_all(s, &server, out) == 0 ? 0 : error_set(err, "out of memory");
}
