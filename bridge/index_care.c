/* Indices looked at, relaxed, restored; see index_care.h. */
#include "bridge/index_care.h"

#include "bridge/bulk_target.h"
#include "common/log.h"
#include "mappings/load_profile.h"
#include "mappings/write_check.h"

#define NAME_BYTES 1024
#define COMPARE_TRIES 3

static void tell(enum log_level level, const struct plan_line *line)
{
    struct buf text;

    buf_init(&text, LOG_TEXT_MOST_BYTES);
    if (plan_line_say(line, &text) == 0) {
        log_write(
            level, LOG_FIELDS(LOG_MSG("the mapping contradicts the dataset"),
                       LOG_STR("what", buf_str(&text))));
    }
    buf_fini(&text);
}

static enum index_care_result judge(const struct index_care *c,
    const struct plan_lines *lines, struct error *err)
{
    size_t n = 0;

    for (size_t i = 0; i < lines->n; i++) {
        if (lines->items[i].contradicts) {
            tell(c->force ? LOG_WARN : LOG_ERROR, &lines->items[i]);
            n++;
        }
    }
    if (n == 0 || c->force) {
        return INDEX_CARE_READY;
    }
    (void)error_set(err,
        "the index that is written to contradicts dataset %s in %zu point%s, "
        "named above: records would be refused or falsified. naru mappings "
        "plan shows what to do; --force writes all the same",
        c->dataset->name, n, n == 1 ? "" : "s");
    return INDEX_CARE_REFUSED;
}

/* bridge.index is somebody's own choice, and not the dataset's index. Who may
 * write but not look at mappings has to be let in, though not at once: the
 * engine may be about to start. */
static enum index_care_result compare(
    struct index_care *c, const struct engine *engine, struct error *err)
{
    struct plan_lines lines;
    enum index_care_result result = INDEX_CARE_LATER;

    if (c->dataset == NULL || config_text(c->config, "bridge.index") != NULL) {
        return INDEX_CARE_READY;
    }
    if (write_check_read(&lines, c->endpoint, engine, c->dataset,
            config_text(c->config, "bridge.type"), err) == 0) {
        result = judge(c, &lines, err);
    } else if (++c->failures < COMPARE_TRIES) {
        (void)error_prefix(err, "comparing the index with the dataset: ");
    } else {
        log_warn(LOG_MSG("cannot compare the index with the dataset; writing "
                         "all the same"),
            LOG_STR("why", err->text));
        result = INDEX_CARE_READY;
    }
    plan_lines_fini(&lines);
    return result;
}

static void tell_relaxed(const char *index, void *arg)
{
    (void)arg;
    log_info(LOG_MSG("index relaxed for bulk load: no refresh, no replicas "
                     "until the end"),
        LOG_STR("index", index));
}

static void tell_restored(const char *index, void *arg)
{
    (void)arg;
    log_info(
        LOG_MSG("index restored after bulk load"), LOG_STR("index", index));
}

static enum index_care_result relax(const struct index_care *c,
    const struct engine *engine, const char *names, struct error *err)
{
    switch (load_profile_relax(
        c->endpoint, engine, names, tell_relaxed, NULL, err)) {
    case LOAD_PROFILE_DONE:
        return INDEX_CARE_READY;
    case LOAD_PROFILE_REFUSED:
        return INDEX_CARE_REFUSED;
    case LOAD_PROFILE_FAILED:
        break;
    }
    (void)error_prefix(err, "--bulk-load: ");
    return INDEX_CARE_LATER;
}

/* What an earlier bridge left is restored as a favour: whoever may not read
 * or change settings must be able to write all the same. */
static void restore(const struct index_care *c, const struct engine *engine,
    const char *names, enum log_level level)
{
    struct error why;

    if (load_profile_restore(
            c->endpoint, engine, names, tell_restored, NULL, &why) != 0) {
        log_write(level,
            LOG_FIELDS(LOG_MSG("cannot look whether a bulk load has left "
                               "indices without refresh or replicas; the "
                               "next start and naru mappings apply try again"),
                LOG_STR("why", why.text)));
    }
}

enum index_care_result index_care_begin(
    struct index_care *c, const struct engine *engine, struct error *err)
{
    char text[NAME_BYTES], names[NAME_BYTES];
    enum index_care_result result = compare(c, engine, err);

    if (result != INDEX_CARE_READY) {
        return result;
    }
    if (bulk_target_names(
            c->config, c->dataset, text, names, NAME_BYTES, err) != 0) {
        return INDEX_CARE_REFUSED;
    }
    if (c->bulk_load) {
        c->relaxed = true;
        return relax(c, engine, names, err);
    }
    restore(c, engine, names, LOG_DEBUG);
    return INDEX_CARE_READY;
}

void index_care_end(const struct index_care *c, const struct engine *engine)
{
    char text[NAME_BYTES], names[NAME_BYTES];

    if (c->relaxed && bulk_target_names(c->config, c->dataset, text, names,
                          NAME_BYTES, NULL) == 0) {
        restore(c, engine, names, LOG_WARN);
    }
}
