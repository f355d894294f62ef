/*
 * The process's allocator, set so that memory stays small beside what is held.
 *
 * Builds for release take jemalloc. librdkafka allocates each record in one
 * thread and frees it in another, which costs the C library's allocator a lock
 * and a search for neighbours; and what it frees goes back to the system at
 * once, to be faulted in again. tests/bench/README.md has the figures.
 */
#ifndef NARU_CLI_ALLOCATOR_H
#define NARU_CLI_ALLOCATOR_H

/* allocator_keep_small(): Call it before much is allocated, on the only
 * thread. Without effect where jemalloc is used, which reads its settings
 * before main. */
void allocator_keep_small(void);

#endif
