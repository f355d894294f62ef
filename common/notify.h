/*
 * What a service tells the manager that started it: that it is ready, how it
 * is, that it still lives. The protocol of sd_notify(3): a datagram of
 * NAME=VALUE lines to the socket that $NOTIFY_SOCKET names, where a first @
 * stands for an abstract one.
 *
 * It is written out here rather than taken from libsystemd: the protocol is
 * promised to stay (its manual page carries a version to copy), it is one
 * sendto, and other managers (OpenRC, s6, podman) speak it on machines without
 * libsystemd, which would bring compressors and cryptography into the process.
 */
#ifndef NARU_COMMON_NOTIFY_H
#define NARU_COMMON_NOTIFY_H

#include "common/attr.h"
#include "common/error.h"

#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct notify; /* opaque */

/*
 * notify_open(err):
 * To the manager that the environment names. NULL with err empty when there is
 * none; NULL with err when there is one that cannot be reached.
 */
struct notify *notify_open(struct error *err) MUST_CHECK;
void notify_free(struct notify *n);

/*
 * notify_send(n, lines):
 * "READY=1\nSTATUS=ferrying". Never blocks; what cannot be sent is lost, since
 * the work goes on without a manager. n may be NULL.
 */
void notify_send(struct notify *n, const char *lines);

/* notify_watchdog_ms(n): The manager ends a service that does not send
 * WATCHDOG=1 so often; 0: it does not watch. */
int64_t notify_watchdog_ms(const struct notify *n);

/*
 * notify_address(name, to, err):
 * The address of a socket by its name in $NOTIFY_SOCKET. Returns its length,
 * or 0 with err. Pure.
 */
socklen_t notify_address(
    const char *name, struct sockaddr_un *to, struct error *err) MUST_CHECK;

#endif
