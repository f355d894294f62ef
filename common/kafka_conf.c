/*
 * [kafka] as librdkafka's configuration; see kafka_conf.h. librdkafka accepts
 * a consumer's property in a producer with a warning, so the warnings' source
 * is asked: rd_kafka_conf_properties_show marks each property with C or P.
 */
#include "common/kafka_conf.h"

#include "common/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* librdkafka speaks syslog's levels: 0 to 3 are errors, 4 a warning. */
static void on_log(
    const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    /* What one broker's absence or slow start makes it say is repeated often;
     * we tell it once, with what it means. */
    static const char *const quiet[] = {"FAIL", "ERROR", "GETPID"};
    enum log_level ours = level <= 3   ? LOG_ERROR
                          : level <= 4 ? LOG_WARN
                          : level <= 6 ? LOG_INFO
                                       : LOG_DEBUG;

    (void)rk;
    for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
        if (strcmp(facility, quiet[i]) == 0) {
            ours = LOG_DEBUG;
        }
    }
    log_write(ours, LOG_FIELDS(LOG_STR("from", "librdkafka"),
                        LOG_STR("facility", facility), LOG_MSG(text)));
}

/* The text of rd_kafka_conf_properties_show; the caller frees it. */
static char *properties_text(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *mem = open_memstream(&text, &size);

    if (mem == NULL) {
        return NULL;
    }
    rd_kafka_conf_properties_show(mem);
    (void)fclose(mem);
    return text;
}

/*
 * Is property for the other role only? Its line in the table reads
 * "name | C | ..." for a consumer's, "P" for a producer's, "*" for both.
 */
static bool is_for_other_role(
    const char *table, const char *property, enum kafka_role role)
{
    size_t n = strlen(property);

    for (const char *at = table; at != NULL && *at != '\0';) {
        if (strncmp(at, property, n) == 0 && (at[n] == ' ' || at[n] == '|')) {
            const char *bar = at + strcspn(at, "|\n");

            bar += *bar == '|' ? 1 + strspn(bar + 1, " ") : 0;
            return (*bar == 'C' && role == KAFKA_PRODUCER) ||
                   (*bar == 'P' && role == KAFKA_CONSUMER) ||
                   (*bar != '*' && role == KAFKA_ADMIN);
        }
        at = strchr(at, '\n');
        at = at != NULL ? at + 1 : NULL;
    }
    return false;
}

static int apply_own(const struct config *c, enum kafka_role role,
    rd_kafka_conf_t *conf, struct error *err)
{
    const char *property, *value, *origin;
    char *table = properties_text();
    char why[512];

    for (size_t i = 0; config_kafka_at(c, i, &property, &value, &origin) == 0;
         i++) {
        if (is_for_other_role(table, property, role)) {
            continue;
        }
        if (rd_kafka_conf_set(conf, property, value, why, sizeof(why)) !=
            RD_KAFKA_CONF_OK) {
            free(table);
            return error_set(err, "%s: kafka.%s: %s", origin, property, why);
        }
    }
    free(table);
    return 0;
}

static int set_default(
    rd_kafka_conf_t *conf, const struct kafka_default *d, struct error *err)
{
    bool may_miss = d->property[0] == '?';
    const char *name = d->property + (may_miss ? 1 : 0);
    char why[512];
    rd_kafka_conf_res_t rc =
        rd_kafka_conf_set(conf, name, d->value, why, sizeof(why));

    if (rc == RD_KAFKA_CONF_OK || (may_miss && rc == RD_KAFKA_CONF_UNKNOWN)) {
        return 0;
    }
    return error_set(err, "kafka.%s: %s", name, why);
}

rd_kafka_conf_t *kafka_conf_new(const struct config *c, enum kafka_role role,
    const struct kafka_default *defaults, size_t n, struct error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set_log_cb(conf, on_log);
    for (size_t i = 0; i < n; i++) {
        if (set_default(conf, &defaults[i], err) != 0) {
            rd_kafka_conf_destroy(conf);
            return NULL;
        }
    }
    if (apply_own(c, role, conf, err) != 0) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    return conf;
}
