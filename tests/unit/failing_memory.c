/* Allocations that fail when a test wants them to; see failing_memory.h. */
#include "tests/unit/failing_memory.h"

#include <stddef.h>

static bool is_armed, has_failed;
static unsigned long left;

/* The names are the linker's, of --wrap. */
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t n, size_t bytes);
void *__real_realloc(void *p, size_t bytes);
char *__real_strdup(const char *s);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t n, size_t bytes);
void *__wrap_realloc(void *p, size_t bytes);
char *__wrap_strdup(const char *s);

void failing_memory_begin(unsigned long n)
{
    left = n;
    has_failed = false;
    is_armed = true;
}

bool failing_memory_end(void)
{
    is_armed = false;
    return has_failed;
}

static bool fails(void)
{
    if (!is_armed || has_failed || left-- > 0) {
        return false;
    }
    has_failed = true;
    return true;
}

void *__wrap_malloc(size_t bytes)
{
    return fails() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t n, size_t bytes)
{
    return fails() ? NULL : __real_calloc(n, bytes);
}

void *__wrap_realloc(void *p, size_t bytes)
{
    return fails() ? NULL : __real_realloc(p, bytes);
}

char *__wrap_strdup(const char *s)
{
    return fails() ? NULL : __real_strdup(s);
}
