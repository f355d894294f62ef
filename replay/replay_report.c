/* Printing a replay's account; see replay_report.h. */
#include "replay/replay_report.h"

#include "common/buf.h"
#include "common/civil.h"
#include "common/json_write.h"

#include <inttypes.h>
#include <string.h>

#define JSON_MAX_BYTES ((size_t)64 * 1024)
#define NUMBER_BYTES 32

static const char *const reasons[LEFT_REASONS] = {
    [LEFT_BY_DATE] = "date",
    [LEFT_BY_CODE] = "code",
    [LEFT_BY_VOLUME] = "zero volume",
    [LEFT_BY_RANK] = "rank",
    [LEFT_BY_WHERE] = "--where",
};

static const char *const reason_keys[LEFT_REASONS] = {
    [LEFT_BY_DATE] = "date",
    [LEFT_BY_CODE] = "code",
    [LEFT_BY_VOLUME] = "zero_volume",
    [LEFT_BY_RANK] = "rank",
    [LEFT_BY_WHERE] = "where",
};

/* "80,918" into out; n is 0 or more. */
static const char *grouped(int64_t n, char out[NUMBER_BYTES])
{
    char digits[NUMBER_BYTES];
    int len = snprintf(digits, sizeof(digits), "%" PRId64, n);
    int at = 0;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

static double rows_per_sec(const struct replay_report *r)
{
    return r->elapsed_us > 0 ? (double)r->taken * 1e6 / (double)r->elapsed_us
                             : 0.0;
}

static void print_left_out(const struct replay_report *r, FILE *to)
{
    int64_t sum = 0;
    char n[NUMBER_BYTES];
    const char *between = ": ";

    for (int i = 0; i < LEFT_REASONS; i++) {
        sum += r->left_out[i];
    }
    (void)fprintf(to, "  left out   %s", grouped(sum, n));
    for (int i = 0; i < LEFT_REASONS; i++) {
        if (r->left_out[i] > 0) {
            (void)fprintf(to, "%s%s by %s", between, grouped(r->left_out[i], n),
                reasons[i]);
            between = ", ";
        }
    }
    (void)fputc('\n', to);
}

static void print_days(const struct replay_report *r, FILE *to)
{
    char first[CIVIL_DATE_BYTES + 1], last[CIVIL_DATE_BYTES + 1];
    char days[NUMBER_BYTES], closed[NUMBER_BYTES];

    if (!r->any_day) {
        return;
    }
    civil_format(r->first_day, first);
    civil_format(r->last_day, last);
    (void)fprintf(to, "  days       %s from %s to %s, %s closed ones skipped\n",
        grouped(r->days, days), first, last, grouped(r->closed_days, closed));
}

static void print_lateness(const struct replay_report *r, FILE *to)
{
    const struct histogram *h = &r->lateness_us;

    if (r->paced && h->count > 0) {
        (void)fprintf(to,
            "  lateness   p50 %.3f ms, p99 %.3f ms, max %.3f ms\n",
            (double)histogram_quantile(h, 0.5) / 1e3,
            (double)histogram_quantile(h, 0.99) / 1e3, (double)h->max / 1e3);
    }
}

static void print_notes(const struct row_notes *notes, const char *label,
    const char *what, FILE *to)
{
    int64_t kept = notes->n < REPLAY_ROWS_KEPT ? notes->n : REPLAY_ROWS_KEPT;
    char n[NUMBER_BYTES];

    if (notes->n == 0) {
        return;
    }
    (void)fprintf(to, "  %-10s %s, %s\n", label, grouped(notes->n, n), what);
    for (int64_t i = 0; i < kept; i++) {
        (void)fprintf(to, "             %s\n", notes->first[i].text);
    }
    if (kept < notes->n) {
        (void)fprintf(
            to, "             and %s more\n", grouped(notes->n - kept, n));
    }
}

void replay_report_print(
    const struct replay_report *r, const char *topic, size_t n_files, FILE *to)
{
    char a[NUMBER_BYTES], b[NUMBER_BYTES];

    if (topic != NULL) {
        (void)fprintf(to, "%s records sent to %s, %s acknowledged\n",
            grouped(r->taken, a), topic, grouped(r->acknowledged, b));
    } else {
        (void)fprintf(to, "%s records, a dry run\n", grouped(r->taken, a));
    }
    (void)fprintf(to, "  rows read  %s from %zu file%s\n",
        grouped(r->rows_read, a), n_files, n_files == 1 ? "" : "s");
    if (r->passed_over > 0) {
        (void)fprintf(to, "  resumed    behind %s records sent before\n",
            grouped(r->passed_over, a));
    }
    print_left_out(r, to);
    if (r->passes > 1) {
        (void)fprintf(to, "  passes     %s\n", grouped(r->passes, a));
    }
    (void)fprintf(
        to, "  bytes      %s of JSON\n", grouped((int64_t)r->bytes, a));
    print_days(r, to);
    (void)fprintf(to, "  time       %.1f s, %s rows/s\n",
        (double)r->elapsed_us / 1e6, grouped((int64_t)rows_per_sec(r), a));
    if (r->paused_us > 0) {
        (void)fprintf(
            to, "  paused     %.1f s of it\n", (double)r->paused_us / 1e6);
    }
    print_lateness(r, to);
    print_notes(&r->bad, "bad rows", "not sent", to);
    print_notes(&r->refused, "refused", "too large for Kafka, not sent", to);
    print_notes(&r->doubled, "double ids",
        "sent, but the index keeps one row of an id", to);
}

static int put_counts(struct buf *out, const struct replay_report *r)
{
    if (buf_printf(out,
            "\"rows_read\":%" PRId64 ",\"passed_over\":%" PRId64
            ",\"sent\":%" PRId64 ",\"acknowledged\":%" PRId64
            ",\"bytes\":%" PRIu64 ",\"left_out\":{",
            r->rows_read, r->passed_over, r->taken, r->acknowledged,
            r->bytes) != 0) {
        return -1;
    }
    for (int i = 0; i < LEFT_REASONS; i++) {
        if (buf_printf(out, "%s\"%s\":%" PRId64, i > 0 ? "," : "",
                reason_keys[i], r->left_out[i]) != 0) {
            return -1;
        }
    }
    return buf_printf(out,
        "},\"bad_rows\":%" PRId64 ",\"refused\":%" PRId64
        ",\"double_ids\":%" PRId64 ",\"passes\":%" PRId64,
        r->bad.n, r->refused.n, r->doubled.n, r->passes);
}

static int put_days(struct buf *out, const struct replay_report *r)
{
    char first[CIVIL_DATE_BYTES + 1], last[CIVIL_DATE_BYTES + 1];

    if (!r->any_day) {
        return buf_append_str(out, ",\"days\":0,\"closed_days\":0");
    }
    civil_format(r->first_day, first);
    civil_format(r->last_day, last);
    return buf_printf(out,
        ",\"days\":%" PRId64 ",\"closed_days\":%" PRId64
        ",\"first_day\":\"%s\",\"last_day\":\"%s\"",
        r->days, r->closed_days, first, last);
}

static int put_times(struct buf *out, const struct replay_report *r)
{
    const struct histogram *h = &r->lateness_us;

    if (buf_printf(out,
            ",\"elapsed_ms\":%.3f,\"paused_ms\":%.3f,\"rows_per_sec\":%.1f",
            (double)r->elapsed_us / 1e3, (double)r->paused_us / 1e3,
            rows_per_sec(r)) != 0) {
        return -1;
    }
    if (!r->paced) {
        return 0;
    }
    return buf_printf(out,
        ",\"lateness_us\":{\"p50\":%" PRId64 ",\"p99\":%" PRId64
        ",\"max\":%" PRId64 "}",
        histogram_quantile(h, 0.5), histogram_quantile(h, 0.99), h->max);
}

int replay_report_json(
    const struct replay_report *r, const char *topic, FILE *to)
{
    struct buf out;
    int result = -1;

    buf_init(&out, JSON_MAX_BYTES);
    if (buf_append_str(&out, "{\"topic\":") == 0 &&
        (topic != NULL ? json_write_string(&out, slice_of(topic))
                       : buf_append_str(&out, "null")) == 0 &&
        buf_append_char(&out, ',') == 0 && put_counts(&out, r) == 0 &&
        put_days(&out, r) == 0 && put_times(&out, r) == 0 &&
        buf_printf(&out, ",\"complete\":%s,\"interrupted\":%s}\n",
            r->complete ? "true" : "false",
            r->interrupted ? "true" : "false") == 0 &&
        fwrite(out.data, 1, out.len_bytes, to) == out.len_bytes &&
        fflush(to) == 0) {
        result = 0;
    }
    buf_fini(&out);
    return result;
}
