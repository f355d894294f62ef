/* Lines of JSON; see line_sink.h. */
#include "replay/line_sink.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GATHERED_BYTES ((size_t)64 * 1024)
#define PENDING_MAX_BYTES ((size_t)256 << 20)

void line_sink_init(struct line_sink *s, int fd)
{
    *s = (struct line_sink){.fd = fd};
    buf_init(&s->pending, PENDING_MAX_BYTES);
}

void line_sink_fini(struct line_sink *s)
{
    buf_fini(&s->pending);
}

static enum record_outcome write_out(struct line_sink *s, struct error *err)
{
    size_t done = 0;

    while (done < s->pending.len_bytes) {
        ssize_t n =
            write(s->fd, s->pending.data + done, s->pending.len_bytes - done);

        if (n >= 0) {
            done += (size_t)n;
        } else if (errno == EPIPE) {
            return RECORD_CLOSED;
        } else if (errno != EINTR) {
            (void)error_set(err, "standard output: %s", strerror(errno));
            return RECORD_FAILED;
        }
    }
    buf_clear(&s->pending);
    s->counts.acknowledged = s->counts.taken;
    return RECORD_TAKEN;
}

static enum record_outcome send_line(
    void *self, const struct out_record *record, struct error *err)
{
    struct line_sink *s = self;

    if (buf_append_slice(&s->pending, record->value) != 0 ||
        buf_append_char(&s->pending, '\n') != 0) {
        (void)error_set(err, "out of memory");
        return RECORD_FAILED;
    }
    s->counts.taken++;
    s->counts.bytes += record->value.len;
    return s->pending.len_bytes >= GATHERED_BYTES ? write_out(s, err)
                                                  : RECORD_TAKEN;
}

static enum record_outcome serve(void *self, int64_t wait_us, struct error *err)
{
    struct timespec pause = {
        (time_t)(wait_us / 1000000), (long)(wait_us % 1000000) * 1000};
    enum record_outcome outcome;

    if (wait_us <= 0) {
        return RECORD_TAKEN; /* in a hurry: lines may gather */
    }
    outcome = write_out(self, err);
    if (outcome == RECORD_TAKEN) {
        (void)nanosleep(&pause, NULL);
    }
    return outcome;
}

static enum record_outcome drain(void *self, int64_t wait_us, struct error *err)
{
    (void)wait_us;
    return write_out(self, err);
}

struct record_sink line_sink_sink(struct line_sink *s)
{
    return (struct record_sink){.self = s,
        .counts = &s->counts,
        .send = send_line,
        .serve = serve,
        .drain = drain};
}
