/* How many bulk requests may be under way; see limiter.h. */
#include "bridge/limiter.h"

void limiter_init(struct limiter *l, size_t max)
{
    *l = (struct limiter){.max = max, .window = 1};
}

void limiter_good(struct limiter *l)
{
    if (l->deaf > 0) {
        l->deaf--;
    }
    l->good++;
    if (l->good >= l->window && l->window < l->max) {
        l->window++;
        l->good = 0;
    }
}

void limiter_pushed_back(struct limiter *l, size_t flying)
{
    l->good = 0;
    if (l->deaf > 0) {
        l->deaf--;
        return;
    }
    l->deaf = flying;
    l->window = l->window > 1 ? l->window / 2 : 1;
}
