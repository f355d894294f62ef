/* Where the crash suite kills naru; see fault_point.h. */
#include "common/fault_point.h"

#ifdef NARU_FAULT_POINTS

#include <signal.h>
#include <stdlib.h>
#include <string.h>

void fault_point_reached(const char *name)
{
    static long seen;
    const char *fault = getenv("NARU_FAULT");
    size_t n = strlen(name);

    if (fault == NULL || strncmp(fault, name, n) != 0 || fault[n] != ':') {
        return;
    }
    seen++;
    if (seen == strtol(fault + n + 1, NULL, 10)) {
        (void)raise(SIGKILL);
    }
}

bool fault_commit_rule_is_off(void)
{
    const char *rule = getenv("NARU_FAULT_COMMIT_RULE");

    return rule != NULL && strcmp(rule, "off") == 0;
}

#else

/* A file without anything in it is not C. */
extern int fault_point_is_off;

#endif
