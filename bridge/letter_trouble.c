/* What keeps dead letters waiting; see letter_trouble.h. */
#include "bridge/letter_trouble.h"

#include "common/clock.h"
#include "common/log.h"

#include <stdio.h>
#include <string.h>

void letter_trouble_set(struct letter_trouble *t, const char *why)
{
    if (strcmp(t->why, why) == 0) {
        return;
    }
    if (t->why[0] == '\0') {
        t->since_us = clock_mono_us();
    }
    (void)snprintf(t->why, sizeof(t->why), "%s", why);
    if (why[0] != '\0') {
        log_error(LOG_MSG("dead letters cannot be stored; waiting"),
            LOG_STR("why", why));
    } else {
        log_info(LOG_MSG("dead letters can be stored again"));
    }
}

const char *letter_trouble_why(
    const struct letter_trouble *t, int64_t *since_us)
{
    *since_us = t->since_us;
    return t->why[0] != '\0' ? t->why : NULL;
}
