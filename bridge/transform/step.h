/* One step, shared by step_read.c (compiled), step_run.c (run), step_log.c
 * (those that log). Others use transform.h. */
#ifndef NARU_BRIDGE_TRANSFORM_STEP_H
#define NARU_BRIDGE_TRANSFORM_STEP_H

#include "bridge/nifi/expression.h"
#include "bridge/transform/json_path.h"
#include "bridge/transform/transform.h"
#include "common/log.h"

#include <regex.h>

enum step_kind {
    STEP_UPDATE_ATTRIBUTE,
    STEP_EVALUATE_JSON,
    STEP_SPLIT_JSON,
    STEP_ROUTE,
    STEP_CONVERT_JSON,
    STEP_MERGE,
    STEP_LOG,
    STEP_LOG_MESSAGE
};
#define STEP_KINDS 8

extern const char *const step_kind_names[STEP_KINDS];

enum not_found { NOT_FOUND_IGNORE, NOT_FOUND_SKIP, NOT_FOUND_ERROR };
enum return_type { RETURN_AUTO, RETURN_SCALAR, RETURN_JSON };

/* NAME=EXPRESSION or NAME=PATH. */
struct assignment {
    char *name;
    struct expression *expression;
    struct json_path *path;
};

struct step {
    enum step_kind kind;
    struct assignment *assignments;
    size_t n_assignments;

    enum not_found not_found; /* of EVALUATE_JSON */
    enum return_type returns; /* likewise */
    bool to_content;          /* likewise */
    struct json_path *path;   /* of SPLIT_JSON */
    char *keep;               /* of ROUTE: names with commas */
    bool drop_nulls;          /* of CONVERT_JSON */
    enum log_level level;     /* of LOG and LOG_MESSAGE */
    char *id;                 /* likewise; NULL: made */
    bool with_payload;        /* of LOG */
    bool has_wanted, has_ignored;
    regex_t wanted, ignored;    /* attributes' names */
    struct expression *message; /* of LOG_MESSAGE */
    struct expression *prefix;  /* likewise, and of LOG */

    struct step_stats stats;
};

/* step_read(s, text, err): Compile. 0; -1 with err. step_fini in any case. */
int step_read(struct step *s, const char *text, struct error *err) MUST_CHECK;
void step_fini(struct step *s);

/* step_keeps(keep, name): Is name one of those in keep, with commas between
 * them? */
bool step_keeps(const char *keep, const char *name);

/* What a step is run in. */
struct step_run {
    struct arena *arena;
    const struct zone *zone;
    int64_t now_ms;
    bool again;
    struct transform_result *result;
};

/*
 * step_run(s, run, in, n, out):
 * Run it over n flow files; what goes on is put behind *out, of which there is
 * none yet. Returns 0; -1 out of memory.
 */
struct flow_files {
    struct flow_file *all;
    size_t n, room;
};

int step_run(struct step *s, struct step_run *run, struct flow_file *in,
    size_t n, struct flow_files *out) MUST_CHECK;

/* step_env(run, file): What its expressions see. */
struct expression_env step_env(
    const struct step_run *run, const struct flow_file *file);

/* step_log(s, run, file): Write what a LOG or LOG_MESSAGE writes. */
void step_log(const struct step *s, const struct step_run *run,
    const struct flow_file *file);

#endif
