/* A configuration of two small tables, for the tests of config and of
 * config_file. */
#ifndef NARU_TESTS_UNIT_CONFIG_FIXTURE_H
#define NARU_TESTS_UNIT_CONFIG_FIXTURE_H

#include "common/config.h"

#include "scratch_file.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct config_key bridge_keys[] = {
    {"bridge.topics", CONFIG_TEXT, NULL, 0, 0, NULL, 0, ""},
    {"bridge.linger_ms", CONFIG_MS, "100ms", 0, 60000, NULL, CONFIG_LIVE, ""},
    {"bridge.batch_bytes", CONFIG_BYTES, "5m", 1024, 100 << 20, NULL, 0, ""},
    {"bridge.require_alias", CONFIG_BOOL, "true", 0, 0, NULL, 0, ""},
    {"bridge.on_tombstone", CONFIG_CHOICE, "skip", 0, 0, "skip|delete", 0, ""},
};
static const struct config_key engine_keys[] = {
    {"elasticsearch.hosts", CONFIG_TEXT, "http://localhost:1", 0, 0, NULL, 0,
        ""},
    {"elasticsearch.step.N", CONFIG_TEXT, NULL, 0, 0, NULL, 0, ""},
    {"elasticsearch.token", CONFIG_TEXT, NULL, 0, 0, NULL,
        CONFIG_SECRET | CONFIG_LIVE, ""},
};
static const struct config_table tables[] = {
    {bridge_keys, COUNT_OF(bridge_keys)}, {engine_keys, COUNT_OF(engine_keys)}};

static inline struct config *fresh(void)
{
    struct config *c = config_new(tables, COUNT_OF(tables));

    assert_non_null(c);
    return c;
}

/* Read text as a file; in what err says, the path becomes FILE. */
static inline int read_text(
    struct config *c, const char *text, struct error *err)
{
    struct scratch_file f;
    char said[ERROR_MAX_BYTES];
    char *at = said;
    int rc;

    scratch_file_write(&f, text, strlen(text));
    err->text[0] = '\0';
    rc = config_read_file(c, f.path, err);
    scratch_file_remove(&f);
    (void)snprintf(said, sizeof(said), "%s", err->text);
    err->text[0] = '\0';
    for (char *hit; (hit = strstr(at, f.path)) != NULL;
         at = hit + strlen(f.path)) {
        (void)strncat(err->text, at, (size_t)(hit - at));
        (void)strcat(err->text, "FILE");
    }
    (void)strcat(err->text, at);
    return rc;
}

static inline struct config *config_of(const char *text)
{
    struct config *c = fresh();
    struct error err;

    if (read_text(c, text, &err) != 0) {
        fail_msg("%s", err.text);
    }
    return c;
}

static inline const char *kafka_value(const struct config *c, const char *name)
{
    const char *property, *value, *origin;

    for (size_t i = 0; config_kafka_at(c, i, &property, &value, &origin) == 0;
         i++) {
        if (strcmp(property, name) == 0) {
            return value;
        }
    }
    return NULL;
}

struct mistake {
    const char *text, *says;
};

#endif
