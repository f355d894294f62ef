/* struct letter_filter: which dead letters are meant. Pure. */
#ifndef NARU_DLQ_LETTER_FILTER_H
#define NARU_DLQ_LETTER_FILTER_H

#include "bridge/letter.h"

#include <stdbool.h>
#include <stdint.h>

/* {0} takes all. Texts are borrowed; NULL: any. */
struct letter_filter {
    const char *source; /* the topic it came from */
    const char *type;   /* a part of the error's type, capitals or not */
    const char *reason; /* a part of its reason, capitals or not */
    const char *field;  /* the field the reason names, exactly */
    bool has_status;
    int status;
    bool has_since, has_until;
    int64_t since_ms; /* put away then or later */
    int64_t until_ms; /* put away before then */
};

/* letter_filter_takes(f, l): Is l meant? */
bool letter_filter_takes(const struct letter_filter *f, const struct letter *l);

#endif
