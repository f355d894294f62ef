/*
 * struct service: the bridge as a service of systemd (Type=notify). READY=1
 * when records can flow: the engine is found and the group has given out its
 * partitions. While the engine is not there the start is not failed, it takes
 * longer: EXTEND_TIMEOUT_USEC says so, again and again, as it does while the
 * bridge drains. WATCHDOG=1 comes from the event loop, so a loop that hangs is
 * ended and started again. STATUS is what `systemctl status` shows.
 */
#ifndef NARU_CLI_SERVICE_H
#define NARU_CLI_SERVICE_H

#include "bridge/pipeline.h"

#include <event2/event.h>

struct service; /* opaque */

/*
 * service_new(base, p):
 * Tell the manager that the environment names, from base's loop, until
 * service_free. NULL when there is none to tell; when there is one that cannot
 * be told, that is logged. p must outlive it.
 */
struct service *service_new(struct event_base *base, struct pipeline *p);

/* service_free(s): Say that it stops, and why if the pipeline failed. */
void service_free(struct service *s);

#endif
