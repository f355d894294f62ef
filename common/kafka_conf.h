/* The [kafka] section, as librdkafka's configuration object. */
#ifndef NARU_COMMON_KAFKA_CONF_H
#define NARU_COMMON_KAFKA_CONF_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <librdkafka/rdkafka.h>
#include <stddef.h>

struct kafka_default {
    const char *property; /* with '?' before it: left out where librdkafka is
                             too old to know it */
    const char *value;
};

enum kafka_role { KAFKA_CONSUMER, KAFKA_PRODUCER, KAFKA_ADMIN };

/*
 * kafka_conf_new(c, role, defaults, n, err):
 * A configuration with our defaults for the command, then every property of
 * [kafka] over them. A property that librdkafka does not know, or a value it
 * refuses, is an error with its origin; one that is only for the other role
 * (producer or consumer) is left out. librdkafka's own log lines go to
 * common/log. A secret may stand in a file: sasl.password_file names that of
 * sasl.password. The caller owns the result until rd_kafka_new takes it.
 */
rd_kafka_conf_t *kafka_conf_new(const struct config *c, enum kafka_role role,
    const struct kafka_default *defaults, size_t n,
    struct error *err) MUST_CHECK;

/*
 * kafka_conf_cause(code, reason, why, size):
 * What librdkafka's error callback was told, without the thread's name and how
 * long it took, and with what to do where we know. Leaves why as it is when the
 * error says only that there are others.
 */
void kafka_conf_cause(int code, const char *reason, char *why, size_t size);

/* kafka_conf_renew_login(c, rk, err): Give a running client user and password
 * as c, or the password's file, has them now; its next connection uses them.
 * Nothing without such a login. 0 or -1 with err. */
int kafka_conf_renew_login(
    const struct config *c, rd_kafka_t *rk, struct error *err) MUST_CHECK;

#endif
