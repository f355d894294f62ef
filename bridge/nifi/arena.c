/* See arena.h. Blocks double, so that a large flow takes few of them. */
#include "bridge/nifi/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK_BYTES ((size_t)16 << 10)
#define LARGEST_BLOCK_BYTES ((size_t)1 << 20)
#define ALIGN_BYTES 16

struct arena_block {
    struct arena_block *next;
    size_t used_bytes, size_bytes;
    size_t unused; /* keeps bytes aligned */
    char bytes[];
};

void arena_init(struct arena *a, size_t max_bytes)
{
    *a = (struct arena){.left_bytes = max_bytes};
}

void arena_fini(struct arena *a)
{
    while (a->blocks != NULL) {
        struct arena_block *next = a->blocks->next;

        free(a->blocks);
        a->blocks = next;
    }
}

static struct arena_block *new_block(struct arena *a, size_t at_least)
{
    size_t size =
        a->blocks != NULL ? a->blocks->size_bytes * 2 : FIRST_BLOCK_BYTES;
    struct arena_block *block;

    size = size > LARGEST_BLOCK_BYTES ? LARGEST_BLOCK_BYTES : size;
    size = size < at_least ? at_least : size;
    if (size > a->left_bytes) {
        size = at_least;
    }
    if (size > a->left_bytes) {
        return NULL;
    }
    block = malloc(sizeof(*block) + size);
    if (block == NULL) {
        return NULL;
    }
    a->left_bytes -= size;
    *block = (struct arena_block){.next = a->blocks, .size_bytes = size};
    a->blocks = block;
    return block;
}

void *arena_alloc(struct arena *a, size_t n)
{
    struct arena_block *block = a->blocks;
    void *p;

    if (n > SIZE_MAX - ALIGN_BYTES) {
        return NULL;
    }
    n = (n + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    if (block == NULL || n > block->size_bytes - block->used_bytes) {
        block = new_block(a, n);
        if (block == NULL) {
            return NULL;
        }
    }
    p = block->bytes + block->used_bytes;
    block->used_bytes += n;
    memset(p, 0, n);
    return p;
}

char *arena_text(struct arena *a, struct slice s)
{
    char *copy = arena_alloc(a, s.len + 1);

    if (copy != NULL && s.len > 0) {
        memcpy(copy, s.p, s.len);
    }
    return copy;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
{
    va_list again;
    char *text = NULL;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, fmt, args);
    if (n >= 0) {
        text = arena_alloc(a, (size_t)n + 1);
    }
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args;
    char *text;

    va_start(args, fmt);
    text = arena_vprintf(a, fmt, args);
    va_end(args);
    return text;
}

void *arena_grow(
    struct arena *a, void *items, size_t n, size_t *room, size_t item_bytes)
{
    size_t more;
    void *grown;

    if (n < *room) {
        return items;
    }
    more = *room > 0 ? *room * 2 : 4;
    if (more > SIZE_MAX / item_bytes) {
        return NULL;
    }
    grown = arena_alloc(a, more * item_bytes);
    if (grown != NULL) {
        if (n > 0) {
            memcpy(grown, items, n * item_bytes);
        }
        *room = more;
    }
    return grown;
}
