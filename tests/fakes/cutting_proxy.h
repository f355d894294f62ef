/*
 * struct cutting_proxy: an HTTP proxy before a real engine that spoils bulk
 * requests and their answers as its faults say, and hands on everything else.
 * For the thread that runs the event loop.
 */
#ifndef NARU_TESTS_FAKES_CUTTING_PROXY_H
#define NARU_TESTS_FAKES_CUTTING_PROXY_H

#include "common/attr.h"
#include "tests/fakes/proxy_faults.h"

#include <event2/event.h>
#include <stdint.h>

struct cutting_proxy;

/*
 * cutting_proxy_new(base, host, port, faults):
 * Before the engine at host:port. faults are borrowed, and counted in. NULL
 * when out of memory.
 */
struct cutting_proxy *cutting_proxy_new(struct event_base *base,
    const char *host, uint16_t port, struct proxy_faults *faults) MUST_CHECK;
void cutting_proxy_free(struct cutting_proxy *p);

/*
 * cutting_proxy_listen(p, port):
 * Take requests on 127.0.0.1:port, 0 for any that is free. Returns the port,
 * -1 when it is taken.
 */
int cutting_proxy_listen(struct cutting_proxy *p, uint16_t port) MUST_CHECK;

#endif
