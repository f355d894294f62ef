/* A migration's inside, shared by migrate.c (which step is next) and
 * migrate_steps.c, migrate_writes.c (the steps). */
#ifndef NARU_MAPPINGS_MIGRATE_PRIVATE_H
#define NARU_MAPPINGS_MIGRATE_PRIVATE_H

#include "mappings/index_plan.h"
#include "mappings/migrate.h"
#include "mappings/migrate_copy.h"
#include "mappings/migrate_plan.h"

#define MIGRATE_PATIENCE_MS 60000

struct migration {
    const struct endpoint *endpoint;
    const struct engine *engine;
    const struct dataset *dataset;
    const struct migrate_options *o;
    struct index_wanted wanted;

    struct migrate_stand stand; /* as of the last look */
    struct migrate_next next;
    struct migrate_copy copy; /* from the first step that copies on */
    bool has_copy;
    int64_t started_us; /* copying */
    int64_t held_us;    /* since when writes are held; 0: not by this run */
    int64_t noted_us;   /* when the cursors were last kept */
    int64_t goal;       /* sequence numbers that the pass under way ends at */
};

/* migrate_say(m, fmt, ...): A line of the report. */
void migrate_say(const struct migration *m, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* migrate_look(m, err): Read what stands. 0 or -1 with err. */
int migrate_look(struct migration *m, struct error *err) MUST_CHECK;

/* migrate_note(m, step, err): Keep in the new index which step is next, and
 * how far copying is. 0 or -1 with err. */
int migrate_note(
    struct migration *m, enum migrate_step step, struct error *err) MUST_CHECK;

/* migrate_put_settings(m, index, settings, err): PUT them; taken over. */
int migrate_put_settings(struct migration *m, const char *index,
    json_t *settings, struct error *err) MUST_CHECK;

/* migrate_open_copy(m, err): Make m->copy, from where the note says that it
 * is; once. migrate_pass(m, ends, err): A pass of it. 0 or -1 with err. */
int migrate_open_copy(struct migration *m, struct error *err) MUST_CHECK;
int migrate_pass(struct migration *m, const struct migrate_ends *ends,
    struct error *err) MUST_CHECK;

/* migrate_shards_of(index): How many primary shards it has. */
size_t migrate_shards_of(const json_t *index);

/* The steps, each from what stands as it begins to a changed engine. 0 or -1
 * with err. */
int migrate_create(struct migration *m, struct error *err) MUST_CHECK;
int migrate_copy_all(struct migration *m, struct error *err) MUST_CHECK;
int migrate_settle(struct migration *m, struct error *err) MUST_CHECK;
int migrate_hold(struct migration *m, struct error *err) MUST_CHECK;
int migrate_catch_up(struct migration *m, struct error *err) MUST_CHECK;
int migrate_swap(struct migration *m, struct error *err) MUST_CHECK;
int migrate_finish(struct migration *m, struct error *err) MUST_CHECK;
int migrate_drop_old(struct migration *m, struct error *err) MUST_CHECK;
int migrate_release(struct migration *m, struct error *err) MUST_CHECK;
int migrate_discard(struct migration *m, struct error *err) MUST_CHECK;

#endif
