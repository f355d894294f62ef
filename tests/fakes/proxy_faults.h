/*
 * struct proxy_faults: what the cutting proxy does to which bulk request:
 * drawn by chance from rates, by a seeded generator, and counted. Pure: the
 * time is told.
 */
#ifndef NARU_TESTS_FAKES_PROXY_FAULTS_H
#define NARU_TESTS_FAKES_PROXY_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

enum proxy_fault {
    PROXY_PASS,
    PROXY_CUT_BEFORE,   /* not forwarded, connection closed */
    PROXY_CUT_AFTER,    /* applied by the engine, connection closed */
    PROXY_TRUNCATED,    /* applied, half of the answer's bytes, then closed */
    PROXY_LATE_ANSWER,  /* applied, the answer comes late */
    PROXY_LATE_REQUEST, /* applied late: what is sent again overtakes it */
    PROXY_REPEATED,     /* applied twice, the second answer is given */
    PROXY_BUSY,         /* not forwarded, 429; others follow: a storm */
    PROXY_UNAVAILABLE,  /* not forwarded, 503 */
    PROXY_FAULTS
};

struct proxy_faults {
    unsigned percent[PROXY_FAULTS]; /* of PROXY_BUSY: that a storm begins */
    unsigned late_ms;
    unsigned storm_ms;
    uint64_t random; /* the seed at first */
    int64_t storm_until_ms;
    bool storm_says_when; /* this storm's answers have a Retry-After */
    uint64_t counts[PROXY_FAULTS];
    uint64_t storms;
    uint64_t retry_afters; /* answers of PROXY_BUSY that had one */
    uint64_t no_answer;    /* requests that the engine did not answer */
};

/* proxy_fault_name(fault): e.g. "cut-before", also the option's name. */
const char *proxy_fault_name(enum proxy_fault fault);

/*
 * proxy_faults_draw(f, now_ms):
 * What becomes of the next bulk request. The caller counts it in counts[] when
 * it has happened. Rates of all faults together are 100 at most.
 */
enum proxy_fault proxy_faults_draw(struct proxy_faults *f, int64_t now_ms);

/* proxy_faults_print(f): One line of JSON on standard output, flushed. */
void proxy_faults_print(const struct proxy_faults *f);

#endif
