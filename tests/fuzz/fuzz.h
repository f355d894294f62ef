/* A fuzz target: what libFuzzer calls, and fuzz_main.c where there is none. */
#ifndef NARU_TESTS_FUZZ_H
#define NARU_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* LLVMFuzzerTestOneInput(data, size): Try these bytes; abort on a fault. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
