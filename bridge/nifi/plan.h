/*
 * struct plan: what naru makes of one way through a NiFi flow: the settings of
 * its configuration with where each came from, a table of what NiFi did and
 * what naru does, and what is to be known: what it cannot do, what the flow as
 * drawn loses, doubles or retries for ever, which secrets must be supplied.
 * Pure; all of it lives in one arena.
 *
 * Building never fails half way: a plan that ran out of memory says so at the
 * end (plan_new gives NULL).
 */
#ifndef NARU_BRIDGE_NIFI_PLAN_H
#define NARU_BRIDGE_NIFI_PLAN_H

#include "bridge/nifi/flow_path.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_MAX_AFTER 20

struct plan_setting {
    const char *name;  /* "section.key" */
    const char *value; /* NULL: the user must supply it */
    const char *from;  /* where it came from, for a comment */
};

struct plan_row {
    const struct flow_component *of; /* NULL: a connection */
    const char *title;               /* of a connection */
    const char *property;
    const char *nifi; /* the value, "" when unset; secrets are never here */
    const char *naru;
};

enum plan_finding_kind {
    PLAN_CANNOT,  /* stops the import */
    PLAN_SUPPLY,  /* a secret or file that the user must give */
    PLAN_LOSES,   /* the flow as drawn loses records */
    PLAN_DOUBLES, /* ... stores some twice */
    PLAN_FOREVER, /* ... retries some for ever */
    PLAN_LEAVES,  /* what naru leaves to NiFi */
    PLAN_NOTE     /* else worth knowing */
};
#define PLAN_FINDING_KINDS 7

struct plan_finding {
    enum plan_finding_kind kind;
    const struct flow_component *of; /* NULL: the flow */
    const char *text;
};

struct plan_options {
    const char *zone; /* of dates; NULL: UTC */
    bool names;       /* NiFi's ids and names too: [nifi], which its numbers are
                       * shown under, and in the log */
};

struct plan {
    struct arena arena;
    const struct flow *flow;
    const struct flow_path *path;
    struct plan_options options;
    struct plan_setting *settings;
    size_t n_settings, room_settings;
    struct plan_row *rows;
    size_t n_rows, room_rows;
    struct plan_finding *findings;
    size_t n_findings, room_findings;
    bool is_cut; /* there are more findings than are kept */
    bool failed; /* out of memory */

    /* While it is made: */
    const struct flow_component *now; /* whose properties are taken */
    bool taken[FLOW_MAX_PROPERTIES];  /* which of them were */
    struct flow_names attributes;     /* that records have by then */
    bool any_attributes;              /* ... and others, from headers */
    int n_steps, n_after;
    struct flow_hop after[PLAN_MAX_AFTER]; /* the logs after the writer */
    size_t n_after_hops;
    bool converts;    /* a step writes the JSON anew */
    bool splits;      /* a bundle is taken apart on the way */
    bool has_bundles; /* the source joins messages */
    bool uses_zone;
};

/*
 * plan_new(flow, path, options, err):
 * flow and path must outlive it. NULL out of memory. plan_free(NULL) is fine.
 */
struct plan *plan_new(const struct flow *flow, const struct flow_path *path,
    const struct plan_options *options, struct error *err) MUST_CHECK;
void plan_free(struct plan *p);

/* plan_count(p, kind): How many findings are of this kind. */
size_t plan_count(const struct plan *p, enum plan_finding_kind kind);

/* plan_kind_title(kind), plan_kind_word(kind): For people; for JSON. */
const char *plan_kind_title(enum plan_finding_kind kind);
const char *plan_kind_word(enum plan_finding_kind kind);

/* plan_write_config(p, path_number, source_name, out): The configuration as
 * text. Returns 0, or -1 out of memory. */
int plan_write_config(const struct plan *p, size_t path_number,
    const char *source_name, struct buf *out) MUST_CHECK;

#endif
