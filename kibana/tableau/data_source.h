/*
 * A Tableau data source (.tds) for a dataset's index: the connection, and for
 * each column its name, type, role, format, aggregate and description. It has
 * no password; Tableau asks.
 *
 * The form is that of the files which the two connectors' own projects test
 * with (TDVT): Elastic's for its JDBC connector, OpenSearch's for its.
 */
#ifndef NARU_KIBANA_TABLEAU_DATA_SOURCE_H
#define NARU_KIBANA_TABLEAU_DATA_SOURCE_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "mappings/dataset.h"

#include <stdbool.h>

#define DATA_SOURCE_MAX_BYTES ((size_t)16 << 20)

enum connector { CONNECTOR_ELASTIC, CONNECTOR_OPENSEARCH };

struct data_source {
    const struct dataset *dataset; /* borrowed, as all here */
    const char *index;             /* the table: an index or alias */
    enum connector connector;
    const char *connector_class; /* NULL: what the connector calls itself now */
    const char *url;             /* http[s]://host:port of the engine */
    const char *username;        /* NULL: none is set */
};

/*
 * data_source_write(s, out, err):
 * Append the file. Returns 0, or -1 with err: the URL is none, out is full.
 * Pure.
 */
int data_source_write(
    const struct data_source *s, struct buf *out, struct error *err) MUST_CHECK;

#endif
