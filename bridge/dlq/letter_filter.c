/* Which dead letters are meant; see letter_filter.h. */
#include "bridge/dlq/letter_filter.h"

#include "bridge/dlq/letter_reason.h"

#include <strings.h>

static bool contains(struct slice text, const char *part)
{
    size_t n = strlen(part);

    for (size_t i = 0; i + n <= text.len; i++) {
        if (strncasecmp(text.p + i, part, n) == 0) {
            return true;
        }
    }
    return false;
}

bool letter_filter_takes(const struct letter_filter *f, const struct letter *l)
{
    return (f->source == NULL || slice_is(l->topic, f->source)) &&
           (f->type == NULL || contains(l->type, f->type)) &&
           (f->reason == NULL || contains(l->reason, f->reason)) &&
           (f->field == NULL ||
               slice_is(letter_reason_field(l->reason), f->field)) &&
           (!f->has_status || l->status == f->status) &&
           (!f->has_since || l->when_ms >= f->since_ms) &&
           (!f->has_until || l->when_ms < f->until_ms);
}
