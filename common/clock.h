/* The clocks of the machine, read in one place; pure code takes the result. */
#ifndef NARU_COMMON_CLOCK_H
#define NARU_COMMON_CLOCK_H

#include <stdint.h>

/* clock_mono_us(): Microseconds of a clock that never jumps. */
int64_t clock_mono_us(void);

/* clock_wall_ms(): Milliseconds since 1970-01-01 UTC. */
int64_t clock_wall_ms(void);

/* clock_cpu_us(): CPU time this process has used, user and system. */
int64_t clock_cpu_us(void);

#endif
