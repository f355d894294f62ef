/* Secrets kept out of core dumps; see process_guard.h. */
#include "cli/process_guard.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void process_guard_cores(void)
{
    struct rlimit limit;

    /* The one is for files, the other for handlers behind a pipe, which are
     * started whatever the limit is (core(5)). */
#ifndef __SANITIZE_ADDRESS__ /* whose leak checker looks into the process */
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
    if (getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = 0;
        (void)setrlimit(RLIMIT_CORE, &limit);
    }
}
