/* Hosts in turn, bad ones put aside; see host_ring.h. */
#include "bridge/host_ring.h"

#include <assert.h>
#include <stdlib.h>

int host_ring_init(struct host_ring *r, size_t n)
{
    *r = (struct host_ring){.all = calloc(n, sizeof(*r->all)), .n = n};
    return r->all != NULL ? 0 : -1;
}

void host_ring_fini(struct host_ring *r)
{
    free(r->all);
    *r = (struct host_ring){0};
}

static bool is_ready(const struct host_turn *h, int64_t now_us)
{
    return h->failures == 0 || (!h->is_tried && h->rest_until_us <= now_us);
}

static size_t first_back(const struct host_ring *r)
{
    size_t best = r->next;

    for (size_t i = 0; i < r->n; i++) {
        if (r->all[i].rest_until_us < r->all[best].rest_until_us) {
            best = i;
        }
    }
    return best;
}

size_t host_ring_pick(struct host_ring *r, int64_t now_us)
{
    size_t host = r->n;

    assert(r->n > 0); /* of host_ring_init */
    for (size_t i = 0; i < r->n && host == r->n; i++) {
        size_t at = (r->next + i) % r->n;

        host = is_ready(&r->all[at], now_us) ? at : r->n;
    }
    if (host == r->n) {
        host = first_back(r);
    }
    r->all[host].is_tried = r->all[host].failures > 0;
    r->next = (host + 1) % r->n;
    return host;
}

bool host_ring_worked(struct host_ring *r, size_t i)
{
    bool was_bad = r->all[i].failures > 0;

    r->all[i] = (struct host_turn){0};
    return was_bad;
}

bool host_ring_failed(struct host_ring *r, size_t i, int64_t now_us)
{
    struct host_turn *h = &r->all[i];
    int64_t rest_us = HOST_RING_FIRST_REST_US;

    if (h->failures > 0 && !h->is_tried) {
        return false;
    }
    for (unsigned k = 0; k < h->failures && rest_us < HOST_RING_LONGEST_REST_US;
         k++) {
        rest_us *= 2;
    }
    if (rest_us > HOST_RING_LONGEST_REST_US) {
        rest_us = HOST_RING_LONGEST_REST_US;
    }
    h->failures++;
    h->is_tried = false;
    h->rest_until_us = now_us + rest_us;
    return h->failures == 1;
}

void host_ring_left(struct host_ring *r, size_t i)
{
    r->all[i].is_tried = false;
}

bool host_ring_has_good(const struct host_ring *r)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->all[i].failures == 0) {
            return true;
        }
    }
    return false;
}
