/* Waking librdkafka's broker threads; see fetch_nudge.h. */
#include "bridge/fetch_nudge.h"

#include <stdlib.h>
#include <string.h>

#define PARTS 2     /* of the queue: one worked off is room enough to fetch */
#define DRY_PARTS 8 /* of those: less was never a full queue's rest */
#define MENDED_VERSION 0x02020000 /* has fetch.queue.backoff.ms */

/* Returns the length, 0 when it is not set or too long: half a password would
 * be another one. */
static size_t read_property(
    rd_kafka_t *rk, const char *name, char *text, size_t size)
{
    size_t needed = 0;

    text[0] = '\0';
    if (rd_kafka_conf_get(rd_kafka_conf(rk), name, NULL, &needed) !=
            RD_KAFKA_CONF_OK ||
        needed > size ||
        rd_kafka_conf_get(rd_kafka_conf(rk), name, text, &size) !=
            RD_KAFKA_CONF_OK) {
        text[0] = '\0';
    }
    return strlen(text);
}

void fetch_nudge_init(struct fetch_nudge *n, rd_kafka_t *rk)
{
    char kbytes[24], protocol[32];

    *n = (struct fetch_nudge){0};
    if (rd_kafka_version() >= MENDED_VERSION ||
        read_property(
            rk, "queued.max.messages.kbytes", kbytes, sizeof(kbytes)) == 0 ||
        read_property(rk, "security.protocol", protocol, sizeof(protocol)) ==
            0) {
        return;
    }
    (void)read_property(rk, "sasl.username", n->user, sizeof(n->user));
    (void)read_property(rk, "sasl.password", n->password, sizeof(n->password));
    if (strncmp(protocol, "sasl_", 5) == 0 &&
        (n->user[0] == '\0' || n->password[0] == '\0')) {
        return; /* Kerberos, a token: not ours to touch */
    }
    n->every_bytes = (size_t)strtoull(kbytes, NULL, 10) * 1024 / PARTS;
    n->rk = rk;
}

static void wake(struct fetch_nudge *n)
{
    n->taken_bytes = 0;
#if RD_KAFKA_VERSION >= 0x02000000
    rd_kafka_error_destroy(
        rd_kafka_sasl_set_credentials(n->rk, n->user, n->password));
#endif
}

void fetch_nudge_took(struct fetch_nudge *n, size_t bytes)
{
    n->taken_bytes += bytes;
    if (n->rk != NULL && n->taken_bytes >= n->every_bytes) {
        wake(n);
    }
}

void fetch_nudge_dry(struct fetch_nudge *n)
{
    if (n->rk != NULL && n->taken_bytes >= n->every_bytes / DRY_PARTS) {
        wake(n);
    }
}
