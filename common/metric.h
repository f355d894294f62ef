/* What is known of a metric beside its value: one row of a module's table, from
 * which /metrics and the reference are both written. */
#ifndef NARU_COMMON_METRIC_H
#define NARU_COMMON_METRIC_H

struct metric_row {
    const char *name;   /* "naru_records_total" */
    const char *type;   /* counter, gauge or histogram */
    const char *labels; /* "topic, partition"; "" without */
    const char *help;   /* a sentence */
};

#endif
