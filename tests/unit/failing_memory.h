/*
 * Allocations that fail when a test wants them to, for tests built with
 * FAILING_MEMORY (cmake/Naru.cmake): the linker puts failing_memory.c between
 * our code and malloc, calloc, realloc and strdup. What libraries allocate
 * for themselves never fails.
 *
 *     for (unsigned long n = 0;; n++) {
 *         failing_memory_begin(n);
 *         x = thing_new();
 *         if (!failing_memory_end()) {
 *             break; // all of them succeeded
 *         }
 *         assert_null(x);
 *     }
 */
#ifndef NARU_TESTS_UNIT_FAILING_MEMORY_H
#define NARU_TESTS_UNIT_FAILING_MEMORY_H

#include <stdbool.h>

/* failing_memory_begin(n): After n more allocations one fails, once. */
void failing_memory_begin(unsigned long n);

/* failing_memory_end(): From now on none fails. Did one? */
bool failing_memory_end(void);

#endif
