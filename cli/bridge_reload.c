/* SIGHUP for naru bridge; see bridge_reload.h. */
#include "cli/bridge_reload.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void bridge_reload_level(const struct bridge_reload *r)
{
    bool is_set = config_text(r->config, "admin.log_level") != NULL;

    log_set_level(r->has_level || !is_set ? r->level
                                          : (enum log_level)config_number(
                                                r->config, "admin.log_level"));
}

struct changes {
    unsigned taken, left;
};

static void on_change(void *arg, const char *name, bool is_taken)
{
    struct changes *n = arg;

    *(is_taken ? &n->taken : &n->left) += 1;
    if (is_taken) {
        log_info(LOG_MSG("setting changed"), LOG_STR("setting", name));
    } else {
        log_warn(LOG_MSG("setting changed, but takes effect only at the next "
                         "start"),
            LOG_STR("setting", name));
    }
}

/* What came by standard input is gone; its settings stand. */
static int renew_config(struct bridge_reload *r, struct changes *n)
{
    struct error err;
    struct config *fresh;
    int rc = -1;

    if (r->args->file != NULL && strcmp(r->args->file, "-") == 0) {
        log_warn(LOG_MSG("the configuration came by standard input and cannot "
                         "be read again; the files it names can"));
        return 0;
    }
    fresh = settings_load(r->args, &err);
    if (fresh != NULL) {
        rc = config_renew(r->config, fresh, on_change, n, &err);
        config_free(fresh);
    }
    if (rc != 0) {
        log_error(LOG_MSG("not reloaded; going on as before"),
            LOG_STR("why", err.text));
    }
    return rc;
}

void bridge_reload_now(struct bridge_reload *r)
{
    struct changes n = {0, 0};

    if (renew_config(r, &n) != 0) {
        return;
    }
    bridge_reload_level(r);
    pipeline_reload(r->pipeline);
    log_info(LOG_MSG("reloaded; files of secrets and certificates were read "
                     "again"),
        LOG_INT("settings_changed", n.taken),
        LOG_INT("settings_left_for_the_next_start", n.left));
}

bool bridge_reload_has_terminal(void)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (fd >= 0) {
        (void)close(fd);
    }
    return fd >= 0;
}
