/* The field that an engine's refusal is about, out of its words. Pure. */
#ifndef NARU_DLQ_LETTER_REASON_H
#define NARU_DLQ_LETTER_REASON_H

#include "common/slice.h"

/*
 * letter_reason_field(reason):
 * The field's name as it stands in reason, empty when no field is named. Knows
 * the wordings of Elasticsearch 6 to 9 and OpenSearch, and the bridge's own.
 */
struct slice letter_reason_field(struct slice reason);

#endif
