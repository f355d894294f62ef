/* Set after set; see kibana_sets.h. */
#include "cli/kibana_sets.h"

#include <stdio.h>

static int run_each(const struct kibana_options *o,
    const struct kibana_link *link, kibana_set_fn each, struct error *err)
{
    struct kibana_server server;
    int worst = 0;

    if (kibana_server_wait(link, o->wait_s * 1000, &server, err) != 0 ||
        kibana_server_check_space(link, &server, err) != 0) {
        return 1;
    }
    for (size_t i = 0; i < o->n_sets; i++) {
        struct error one;
        int rc = each(o, link, &server, kibana_options_set(o, i), &one);

        if (rc == 0) {
            continue;
        }
        if (worst != 0) {
            (void)fflush(stdout);
            (void)fprintf(stderr, "naru kibana: %s\n", err->text);
        }
        *err = one;
        worst = rc > worst ? rc : worst;
    }
    return worst;
}

int kibana_sets_run(const struct kibana_options *o,
    kibana_sets_prepare_fn prepare, kibana_set_fn each, struct error *err)
{
    struct kibana_link link;
    struct endpoint *e;
    int rc;

    if (kibana_options_link(o, &link, &e, err) != 0) {
        return 2;
    }
    rc = prepare != NULL && prepare(o, err) != 0
             ? 2
             : run_each(o, &link, each, err);
    endpoint_free(e);
    return rc;
}
