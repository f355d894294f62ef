/*
 * FAULT_POINT(name): a place where the crash suite kills naru. In the
 * executable that users run it is nothing; in the tests' own build
 * (NARU_FAULT_POINTS) the process kills itself with SIGKILL when the
 * environment says NARU_FAULT=name:N and the place is reached the N-th time.
 *
 * FAULT_COMMIT_RULE_IS_OFF(): The test of the test: with
 * NARU_FAULT_COMMIT_RULE=off that build commits what it took and not what has
 * ended, and the suite must find the loss.
 */
#ifndef NARU_COMMON_FAULT_POINT_H
#define NARU_COMMON_FAULT_POINT_H

#include <stdbool.h>

#ifdef NARU_FAULT_POINTS
void fault_point_reached(const char *name);
bool fault_commit_rule_is_off(void);
#define FAULT_POINT(name) fault_point_reached(name)
#define FAULT_COMMIT_RULE_IS_OFF() fault_commit_rule_is_off()
#else
#define FAULT_POINT(name) ((void)0)
#define FAULT_COMMIT_RULE_IS_OFF() false
#endif

#endif
