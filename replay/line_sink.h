/* struct line_sink: records as lines of JSON on a file descriptor. */
#ifndef NARU_REPLAY_LINE_SINK_H
#define NARU_REPLAY_LINE_SINK_H

#include "common/buf.h"
#include "replay/record_sink.h"

struct line_sink {
    int fd; /* borrowed */
    struct buf pending;
    struct record_counts counts;
};

/* line_sink_init(s, fd): Write to fd, which stays the caller's. */
void line_sink_init(struct line_sink *s, int fd);
void line_sink_fini(struct line_sink *s);

/*
 * line_sink_sink(s): s as a record_sink, valid as long as s. Keys are not
 * written. Lines are gathered and written when there are many and when it is
 * served; a reader that has gone is RECORD_CLOSED (SIGPIPE must be ignored).
 */
struct record_sink line_sink_sink(struct line_sink *s);

#endif
