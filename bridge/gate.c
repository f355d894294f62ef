/* What keeps records from getting through; see gate.h. */
#include "bridge/gate.h"

#include "common/log.h"

#include <stdio.h>
#include <string.h>

#define TELL_AGAIN_US 30000000

void gate_init(struct gate *g, int64_t base_ms, int64_t max_ms)
{
    *g = (struct gate){0};
    retry_init(&g->retry, base_ms, max_ms);
}

/* Numbers (bytes, milliseconds, items) differ from one try to the next though
 * the trouble is the same; a status is not such a number. */
static bool is_same_trouble(const char *a, const char *b)
{
    const char *status = strstr(a, ": HTTP ");

    if (status != NULL && strncmp(a, b, (size_t)(status - a) + 10) != 0) {
        return false;
    }
    for (;;) {
        a += strspn(a, "0123456789");
        b += strspn(b, "0123456789");
        if (*a != *b || *a == '\0') {
            return *a == *b;
        }
        a++;
        b++;
    }
}

void gate_shut(struct gate *g, const char *why, int64_t asked_ms,
    uint32_t random, int64_t now_us)
{
    int64_t wait_ms = retry_next_ms(&g->retry, random, asked_ms);
    bool is_news =
        !is_same_trouble(g->why, why) || now_us - g->told_us >= TELL_AGAIN_US;

    (void)snprintf(g->why, sizeof(g->why), "%s", why);
    if (g->since_us == 0) {
        g->since_us = now_us;
    }
    g->until_us = now_us + wait_ms * 1000;
    log_write(is_news ? LOG_WARN : LOG_DEBUG,
        LOG_FIELDS(LOG_MSG("elasticsearch does not take records; waiting"),
            LOG_STR("why", why), LOG_INT("retry_in_ms", wait_ms),
            LOG_INT("blocked_ms", (now_us - g->since_us) / 1000)));
    if (is_news) {
        g->told_us = now_us;
        g->is_told = true;
    }
}

void gate_open(struct gate *g, int64_t now_us)
{
    g->until_us = 0;
    retry_reset(&g->retry);
    if (g->is_told) {
        log_info(LOG_MSG("elasticsearch takes records again"),
            LOG_INT("blocked_ms", (now_us - g->since_us) / 1000));
        g->is_told = false;
    }
    g->since_us = 0;
}

const char *gate_trouble(const struct gate *g, int64_t *since_us)
{
    *since_us = g->since_us;
    return g->since_us != 0 ? g->why : NULL;
}
