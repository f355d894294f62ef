/*
 * struct plan_line: one difference between what a dataset wants and what
 * stands in the engine, with its verdict; and a list of them. What plan shows,
 * check finds and the bridge looks at before it writes are the same lines.
 */
#ifndef NARU_MAPPINGS_PLAN_LINE_H
#define NARU_MAPPINGS_PLAN_LINE_H

#include "common/attr.h"
#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_DOCUMENTS_UNKNOWN (-1)

enum plan_verdict {
    PLAN_IN_PLACE,
    PLAN_SAFE,      /* apply does it, no document is touched */
    PLAN_NEW_INDEX, /* only a new index can have it: migrate */
    PLAN_FORBIDDEN, /* in the way, and not ours to change */
    PLAN_NOTE       /* nothing for apply to do; worth knowing */
};

enum plan_subject {
    PLAN_TEMPLATE,
    PLAN_INDEX,
    PLAN_ALIAS,
    PLAN_LIFECYCLE,
    PLAN_FIELDS,
    PLAN_SQL /* what SQL tools stumble over */
};

struct plan_line {
    enum plan_verdict verdict;
    enum plan_subject subject;
    bool drifts;      /* what stands is not what the dataset says: for check */
    bool contradicts; /* records would be refused or falsified: the bridge
                         must not write */
    /* Texts; NULL where there is none. In a list they are the list's. */
    const char *name;     /* "marcap-v1"; "marcap -> marcap-v1" of an alias */
    const char *path;     /* "Marcap.type", "settings.index.codec"; NULL: the
                             thing itself */
    const char *standing; /* NULL: absent */
    const char *wanted;   /* NULL: absent */
    const char *why;      /* a sentence: the reason, and what to do */
    int64_t documents;    /* that PLAN_NEW_INDEX moves, or ..._UNKNOWN */
};

/* Owned by whom it is embedded in; {0} is an empty list. */
struct plan_lines {
    struct plan_line *items;
    size_t n;
    bool out_of_memory; /* lines are missing: the list is of no use */
};

/*
 * plan_lines_add(lines, line): Append a copy, its texts copied too. Without
 * memory the list says so afterwards (out_of_memory); nothing else fails.
 */
void plan_lines_add(struct plan_lines *lines, const struct plan_line *line);
void plan_lines_fini(struct plan_lines *lines);

/* plan_lines_count(lines, verdict): How many have this verdict. */
size_t plan_lines_count(
    const struct plan_lines *lines, enum plan_verdict verdict);

/* plan_verdict_name(v): "safe". plan_subject_name(s): "index". Static. */
const char *plan_verdict_name(enum plan_verdict verdict);
const char *plan_subject_name(enum plan_subject subject);

/*
 * Appended to out; 0, or -1 out of memory:
 * plan_line_verdict: "needs a new index (moves 620 documents)".
 * plan_line_change: "index marcap-v1: Marcap.type: long -> double".
 * plan_line_say: the change, and why behind it.
 */
int plan_line_verdict(const struct plan_line *line, struct buf *out) MUST_CHECK;
int plan_line_change(const struct plan_line *line, struct buf *out) MUST_CHECK;
int plan_line_say(const struct plan_line *line, struct buf *out) MUST_CHECK;

#endif
