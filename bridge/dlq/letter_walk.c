/* The letters that are meant; see letter_walk.h. */
#include "bridge/dlq/letter_walk.h"

#include "bridge/dlq/letter_index.h"

struct walk {
    struct letter_walk *w;
    struct letter_index *index;
    letter_walk_fn fn;
    void *arg;
};

static int note(
    void *arg, const struct stored_letter *stored, struct error *err)
{
    struct walk *walk = arg;

    return letter_index_note(walk->index, stored) == 0
               ? 0
               : error_set(err, "out of memory");
}

static int choose(
    void *arg, const struct stored_letter *stored, struct error *err)
{
    struct walk *walk = arg;
    struct letter_walk *w = walk->w;
    int64_t retried_ms = -1;
    int rc;

    if (stored->is_mark) {
        return 0;
    }
    switch (letter_index_state(walk->index, stored, &retried_ms)) {
    case LETTER_REPEATED:
        w->repeated++;
        return 0;
    case LETTER_RETRIED:
        w->retried++;
        if (!w->all) {
            return 0;
        }
        break;
    case LETTER_OPEN:
        break;
    }
    if (!letter_filter_takes(&w->filter, &stored->letter)) {
        return 0;
    }
    w->chosen++;
    rc = walk->fn(walk->arg, stored, retried_ms, err);
    return rc == 0 && w->chosen == w->limit ? 1 : rc;
}

int letter_walk(struct letter_walk *w, struct letter_source *source,
    letter_walk_fn fn, void *arg, struct error *err)
{
    struct walk walk = {w, letter_index_new(), fn, arg};
    int rc = walk.index != NULL ? 0 : error_set(err, "out of memory");

    if (rc == 0) {
        rc = letter_source_read(source, note, &walk, err);
    }
    if (rc == 0) {
        rc = letter_source_read(source, choose, &walk, err);
    }
    letter_index_free(walk.index);
    return rc;
}
