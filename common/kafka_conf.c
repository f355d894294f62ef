/*
 * [kafka] as librdkafka's configuration; see kafka_conf.h. librdkafka accepts
 * a consumer's property in a producer with a warning, so the warnings' source
 * is asked: rd_kafka_conf_properties_show marks each property with C or P.
 */
#include "common/kafka_conf.h"

#include "common/log.h"
#include "common/secret.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 160

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

/* A property of [kafka]; a secret's words are not to be repeated. */
static int set_own(rd_kafka_conf_t *conf, const char *property,
    const char *value, bool is_secret, const char *origin, struct error *err)
{
    char why[512];

    if (rd_kafka_conf_set(conf, property, value, why, sizeof(why)) ==
        RD_KAFKA_CONF_OK) {
        return 0;
    }
    if (is_secret && strstr(why, value) != NULL) {
        (void)snprintf(why, sizeof(why), "librdkafka refuses the value");
    }
    return error_set(err, "%s: kafka.%s: %s", origin, property, why);
}

/* NAME_file: the secret NAME is the first line of a file. */
static int set_from_file(const struct config *c, rd_kafka_conf_t *conf,
    const char *property, const char *origin, struct error *err)
{
    char name[NAME_BYTES];
    struct secret s;
    int rc;

    (void)snprintf(name, sizeof(name), "kafka.%.*s",
        (int)(strlen(property) - strlen(CONFIG_FILE_SUFFIX)), property);
    if (secret_init(&s, c, name, err) != 0) {
        return -1;
    }
    rc = set_own(conf, name + strlen("kafka."), s.value, true, origin, err);
    secret_fini(&s);
    return rc;
}

static int apply_one(const struct config *c, size_t i, const char *table,
    enum kafka_role role, rd_kafka_conf_t *conf, struct error *err)
{
    const char *property, *value, *origin;
    char name[NAME_BYTES];

    if (config_kafka_at(c, i, &property, &value, &origin) != 0) {
        return 1;
    }
    if (is_for_other_role(table, property, role)) {
        return 0;
    }
    (void)snprintf(name, sizeof(name), "kafka.%s", property);
    return config_is_secret_file(name)
               ? set_from_file(c, conf, property, origin, err)
               : set_own(conf, property, value, config_is_secret(c, name),
                     origin, err);
}

static int apply_own(const struct config *c, enum kafka_role role,
    rd_kafka_conf_t *conf, struct error *err)
{
    char *table = properties_text();
    int rc = 0;

    for (size_t i = 0; rc == 0; i++) {
        rc = apply_one(c, i, table, role, conf, err);
    }
    free(table);
    return rc < 0 ? -1 : 0;
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

int kafka_conf_renew_login(
    const struct config *c, rd_kafka_t *rk, struct error *err)
{
    const char *user = config_text(c, "kafka.sasl.username");
    struct secret password;
    int rc = 0;

    if (secret_init(&password, c, "kafka.sasl.password", err) != 0) {
        return -1;
    }
#if RD_KAFKA_VERSION >= 0x02000000
    if (user != NULL && password.value != NULL) {
        rd_kafka_error_t *refused =
            rd_kafka_sasl_set_credentials(rk, user, password.value);

        if (refused != NULL) {
            rc = error_set(
                err, "kafka.sasl.password: %s", rd_kafka_error_string(refused));
            rd_kafka_error_destroy(refused);
        }
    }
#else
    (void)rk;
    if (user != NULL && password.value != NULL) {
        rc = error_set(err,
            "kafka.sasl.password: librdkafka takes another one without a "
            "restart from 2.0 on");
    }
#endif
    secret_fini(&password);
    return rc;
}

#define SCRAM_MENDED_VERSION 0x020601ff

/* librdkafka's issue 4895: it sends a nonce that Kafka took for good up to
 * 3.9, against RFC 5802. */
static const char *scram_advice(const char *why)
{
    return strstr(why, "SCRAM") != NULL &&
                   rd_kafka_version() < SCRAM_MENDED_VERSION
               ? "; if user and password are right: librdkafka before 2.6.1 "
                 "cannot log in by SCRAM at Kafka 4, only by PLAIN"
               : "";
}

void kafka_conf_cause(int code, const char *reason, char *why, size_t size)
{
    const char *at = strstr(reason, "/bootstrap: ");
    const char *end;

    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        return;
    }
    at = at != NULL ? at + strlen("/bootstrap: ") : reason;
    end = strstr(at, " (after ");
    (void)snprintf(why, size, "%.*s%s",
        (int)(end != NULL ? (size_t)(end - at) : strlen(at)), at,
        scram_advice(at));
}
