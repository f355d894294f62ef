/* SIGHUP: what may change while records flow; see pipeline.h. */
#include "bridge/pipeline_state.h"

#include "common/log.h"

static void tell(const char *what, int rc, const struct error *err)
{
    if (rc != 0) {
        log_error(LOG_MSG("not reloaded; what was so before stays"),
            LOG_STR("what", what), LOG_STR("why", err->text));
    }
}

static void reload_limits(struct pipeline *p)
{
    const struct config *c = p->config;

    pipeline_read_limits(p);
    budget_limit(&p->budget,
        (uint64_t)config_number(c, "bridge.max_dead_letters"),
        (unsigned)config_number(c, "bridge.max_dead_letter_share"));
    if (p->phase == PIPELINE_RUNNING) {
        pipeline_arm(p->commit_timer, p->limits.commit_interval_ms);
    }
    if (p->transport != NULL) {
        transport_set_timeout(
            p->transport, config_number(c, "elasticsearch.request_timeout_ms"));
    }
}

void pipeline_reload(struct pipeline *p)
{
    struct error err = {""};

    reload_limits(p);
    tell("[elasticsearch]", endpoint_renew(p->endpoint, p->config, &err), &err);
    tell("[kafka]", consumer_renew_login(p->consumer, p->config, &err), &err);
    if (p->dead_letter != NULL) {
        tell("[kafka], for dead letters",
            dead_letter_renew_login(p->dead_letter, &err), &err);
    }
    if (p->metrics != NULL) {
        metrics_index_renew(p->metrics, p->config);
    }
    if (p->admin != NULL) {
        tell("admin.token", pipeline_read_token(p, &err), &err);
    }
}
