/* The process's allocator; see allocator.h. */
#include "cli/allocator.h"

#ifdef NARU_HAS_JEMALLOC

/* Read by jemalloc before main (jemalloc(3), TUNING); the environment's
 * MALLOC_CONF goes above it. One arena, since a handful of threads hand the
 * same memory round; pages that were not needed for a second go back. */
extern const char *malloc_conf;
const char *malloc_conf = "narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:0";

void allocator_keep_small(void)
{
}

#else

#include <malloc.h>

/* Bodies of bulk requests come and go; between small blocks they would leave
 * holes, and the heap grow to three times what is held. Blocks this large have
 * pages of their own then (mallopt(3)). */
void allocator_keep_small(void)
{
#ifdef M_MMAP_THRESHOLD
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 20);
    (void)mallopt(M_TRIM_THRESHOLD, 4 << 20);
    (void)mallopt(M_TOP_PAD, 1 << 20);
#endif
}

#endif
