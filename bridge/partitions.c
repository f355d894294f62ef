/* The partitions this bridge has or had; see partitions.h. */
#include "bridge/partitions.h"

#include <stdlib.h>
#include <string.h>

static void free_one(struct partition *one)
{
    if (one != NULL) {
        offsets_free(one->offsets);
        free(one->topic);
        free(one);
    }
}

void partitions_fini(struct partitions *p)
{
    for (size_t i = 0; i < p->n; i++) {
        free_one(p->all[i]);
    }
    free(p->all);
    *p = (struct partitions){0};
}

struct partition *partitions_find(
    const struct partitions *p, const char *topic, int32_t number)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->all[i]->number == number &&
            strcmp(p->all[i]->topic, topic) == 0) {
            return p->all[i];
        }
    }
    return NULL;
}

static struct partition *add(
    struct partitions *p, const char *topic, int32_t number)
{
    struct partition **grown = realloc(p->all, (p->n + 1) * sizeof(*grown));
    struct partition *one;

    if (grown == NULL) {
        return NULL;
    }
    p->all = grown;
    one = calloc(1, sizeof(*one));
    if (one == NULL) {
        return NULL;
    }
    one->topic = strdup(topic);
    one->number = number;
    one->offsets = offsets_new();
    if (one->topic == NULL || one->offsets == NULL) {
        free_one(one);
        return NULL;
    }
    p->all[p->n++] = one;
    return one;
}

struct partition *partitions_assign(
    struct partitions *p, const char *topic, int32_t number)
{
    struct partition *one = partitions_find(p, topic, number);

    if (one == NULL) {
        one = add(p, topic, number);
    }
    if (one != NULL) {
        one->assigned = true;
        one->leaving = false;
        one->committed = -1;
        one->committing = -1;
        one->end_at_start = -1;
        one->high = -1;
    }
    return one;
}

void partition_release(struct partition *one)
{
    offsets_reset(one->offsets);
    one->assigned = false;
    one->leaving = false;
    one->committing = -1;
}

uint64_t partitions_pending(const struct partitions *p)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < p->n; i++) {
        sum += offsets_pending(p->all[i]->offsets);
    }
    return sum;
}

void partitions_sum(const struct partitions *p, struct offsets_counts *to)
{
    *to = (struct offsets_counts){0};
    for (size_t i = 0; i < p->n; i++) {
        const struct offsets_counts *one = offsets_counts(p->all[i]->offsets);

        to->consumed += one->consumed;
        for (size_t k = 0; k < OUTCOME_COUNT; k++) {
            to->ended[k] += one->ended[k];
        }
    }
}
