/* Records under way, in a ring; see frontier.h. */
#include "replay/frontier.h"

#include <assert.h>
#include <stdlib.h>

#define FIRST_CAP 1024u

void frontier_init(struct frontier *f)
{
    *f = (struct frontier){0};
}

void frontier_fini(struct frontier *f)
{
    free(f->ring);
    *f = (struct frontier){0};
}

static struct frontier_entry *entry(const struct frontier *f, int64_t number)
{
    return &f->ring[(size_t)number & (f->cap - 1)];
}

static int grow(struct frontier *f)
{
    struct frontier larger = *f;

    larger.cap = f->cap == 0 ? FIRST_CAP : f->cap * 2;
    larger.ring = malloc(larger.cap * sizeof(*larger.ring));
    if (larger.ring == NULL) {
        return -1;
    }
    for (int64_t i = f->first; i < f->next; i++) {
        *entry(&larger, i) = *entry(f, i);
    }
    free(f->ring);
    *f = larger;
    return 0;
}

int frontier_add(struct frontier *f, const char *path, int64_t line,
    uint32_t chain, int64_t *number)
{
    if ((size_t)(f->next - f->first) == f->cap && grow(f) != 0) {
        return -1;
    }
    *number = f->next++;
    *entry(f, *number) = (struct frontier_entry){path, line, chain, false};
    return 0;
}

void frontier_drop(struct frontier *f)
{
    assert(f->next > f->first);
    f->next--;
}

void frontier_end(struct frontier *f, int64_t number)
{
    assert(number >= f->first && number < f->next);
    entry(f, number)->ended = true;
    while (f->first < f->next && entry(f, f->first)->ended) {
        f->last = *entry(f, f->first++);
    }
}

const struct frontier_entry *frontier_at(
    const struct frontier *f, int64_t number)
{
    assert(number >= f->first && number < f->next);
    return entry(f, number);
}
