/* Which fault comes next; see proxy_faults.h. */
#include "tests/fakes/proxy_faults.h"

#include <stdio.h>

static const char *const names[PROXY_FAULTS] = {
    [PROXY_PASS] = "passed",
    [PROXY_CUT_BEFORE] = "cut-before",
    [PROXY_CUT_AFTER] = "cut-after",
    [PROXY_TRUNCATED] = "truncate",
    [PROXY_LATE_ANSWER] = "late-answer",
    [PROXY_LATE_REQUEST] = "late-request",
    [PROXY_REPEATED] = "repeat",
    [PROXY_BUSY] = "busy",
    [PROXY_UNAVAILABLE] = "unavailable",
};

const char *proxy_fault_name(enum proxy_fault fault)
{
    return names[fault];
}

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(struct proxy_faults *f)
{
    uint64_t z = (f->random += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static enum proxy_fault throw_dice(struct proxy_faults *f)
{
    unsigned roll = (unsigned)(next_random(f) % 100);

    for (int i = PROXY_PASS + 1; i < PROXY_FAULTS; i++) {
        if (roll < f->percent[i]) {
            return (enum proxy_fault)i;
        }
        roll -= f->percent[i];
    }
    return PROXY_PASS;
}

enum proxy_fault proxy_faults_draw(struct proxy_faults *f, int64_t now_ms)
{
    enum proxy_fault fault;

    if (now_ms < f->storm_until_ms) {
        return PROXY_BUSY;
    }
    fault = throw_dice(f);
    if (fault == PROXY_BUSY) {
        f->storms++;
        f->storm_until_ms = now_ms + f->storm_ms;
        f->storm_says_when = f->storms % 2 == 0;
    }
    return fault;
}

void proxy_faults_print(const struct proxy_faults *f)
{
    uint64_t all = 0;

    for (int i = 0; i < PROXY_FAULTS; i++) {
        all += f->counts[i];
    }
    (void)printf("{\"bulk\":%llu", (unsigned long long)all);
    for (int i = 0; i < PROXY_FAULTS; i++) {
        (void)printf(
            ",\"%s\":%llu", names[i], (unsigned long long)f->counts[i]);
    }
    (void)printf(",\"storms\":%llu,\"retry-after\":%llu,\"no-answer\":%llu}\n",
        (unsigned long long)f->storms, (unsigned long long)f->retry_afters,
        (unsigned long long)f->no_answer);
    (void)fflush(stdout);
}
