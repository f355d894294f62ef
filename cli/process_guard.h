/* What a process does for its secrets before it holds any. */
#ifndef NARU_CLI_PROCESS_GUARD_H
#define NARU_CLI_PROCESS_GUARD_H

/*
 * process_guard_cores():
 * From now on a crash leaves no core dump, not through a pipe of the system's
 * either, and no other process of this user may look into this one (prctl(2),
 * PR_SET_DUMPABLE).
 */
void process_guard_cores(void);

#endif
