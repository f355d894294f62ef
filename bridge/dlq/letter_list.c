/*
 * Dead letters printed; see letter_list.h. The table is written as it is read,
 * so its columns are of fixed width and what is longer pushes the rest aside.
 */
#include "bridge/dlq/letter_list.h"

#include "bridge/dlq/letter_reason.h"
#include "bridge/dlq/time_text.h"
#include "common/json_write.h"
#include "common/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LINE_BYTES (2u << 30)
#define WHEN_COLUMNS 20 /* 2022-01-03T00:00:00Z */
#define ORIGIN_COLUMNS 22
#define KEY_COLUMNS 12
#define KEY_MOST_COLUMNS 24
#define TYPE_COLUMNS 26
#define TYPE_MOST_COLUMNS 32
#define REASON_LEAST_COLUMNS 20
#define HEX_MOST_BYTES 32

void letter_list_init(struct letter_list *l, FILE *to)
{
    *l = (struct letter_list){.to = to};
    buf_init(&l->line, MOST_LINE_BYTES);
}

void letter_list_fini(struct letter_list *l)
{
    buf_fini(&l->line);
}

void letter_list_origin(const struct letter *l, char *out, size_t size)
{
    (void)snprintf(out, size, "%.*s-%d-%lld", (int)l->topic.len, l->topic.p,
        (int)l->partition, (long long)l->offset);
}

/* ---- text as a terminal shows it ---- */

/* The letter at p as a number, and its length; p is valid UTF-8. */
static size_t decode(const char *p, uint32_t *letter)
{
    unsigned char c = (unsigned char)*p;
    size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

    *letter = n == 1 ? c : c & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        *letter = *letter << 6 | ((unsigned char)p[i] & 0x3f);
    }
    return n;
}

/* East Asian letters take two columns (Unicode TR 11, the large blocks). */
static size_t columns_of(uint32_t letter)
{
    static const struct {
        uint32_t first, last;
    } wide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},
        {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
        {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};

    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        if (letter >= wide[i].first && letter <= wide[i].last) {
            return 2;
        }
    }
    return 1;
}

struct cell {
    struct buf *out;
    size_t most, columns;
    size_t ellipsis_at, ellipsis_columns; /* where it goes when cut */
};

/* Returns 0, 1 when the cell is full, -1 without room. */
static int put_letter(struct cell *c, const char *p, size_t n, size_t columns)
{
    if (c->columns + 1 <= c->most) {
        c->ellipsis_at = c->out->len_bytes;
        c->ellipsis_columns = c->columns;
    }
    if (c->most > 0 && c->columns + columns > c->most) {
        c->out->len_bytes = c->ellipsis_at;
        c->columns = c->ellipsis_columns + 1;
        return buf_append_str(c->out, "\xe2\x80\xa6") != 0 ? -1 : 1;
    }
    c->columns += columns;
    return buf_append(c->out, p, n);
}

static int put_letters(struct cell *c, struct slice text)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < text.len;) {
        struct slice rest = {text.p + i, text.len - i};
        uint32_t letter = '?';
        size_t n = 1;

        if (utf8_valid_bytes(
                (struct slice){rest.p, rest.len < 4 ? rest.len : 4}) == 0) {
            rc = put_letter(c, "?", 1, 1);
        } else {
            n = decode(rest.p, &letter);
            if (letter < 0x20 || (letter >= 0x7f && letter < 0xa0)) {
                rc = put_letter(c, " ", 1, 1);
            } else {
                rc = put_letter(c, rest.p, n, columns_of(letter));
            }
        }
        i += n;
    }
    return rc;
}

long letter_list_cell(
    struct buf *out, struct slice text, size_t most_columns, size_t wide)
{
    struct cell c = {
        .out = out, .most = most_columns, .ellipsis_at = out->len_bytes};

    if (put_letters(&c, text) < 0) {
        return -1;
    }
    for (; c.columns < wide; c.columns++) {
        if (buf_append_char(out, ' ') != 0) {
            return -1;
        }
    }
    return (long)c.columns;
}

/* ---- the table ---- */

struct row {
    struct slice when, retried, origin, key, status, type, reason;
};

static int put_row(struct letter_list *l, const struct row *r)
{
    bool cut = l->columns > 0;
    const struct {
        struct slice text;
        size_t most, wide;
        bool is_there;
    } cells[] = {{r->when, 0, WHEN_COLUMNS, true},
        {r->retried, 0, WHEN_COLUMNS, l->show_retried},
        {r->origin, 0, ORIGIN_COLUMNS, true},
        {r->key, cut ? KEY_MOST_COLUMNS : 0, KEY_COLUMNS, true},
        {r->status, 0, 6, true},
        {r->type, cut ? TYPE_MOST_COLUMNS : 0, TYPE_COLUMNS, true}};
    size_t used = 0, most = 0;

    buf_clear(&l->line);
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        long n = 0;

        if (cells[i].is_there && ((n = letter_list_cell(&l->line, cells[i].text,
                                       cells[i].most, cells[i].wide)) < 0 ||
                                     buf_append_str(&l->line, "  ") != 0)) {
            return -1;
        }
        used += cells[i].is_there ? (size_t)n + 2 : 0;
    }
    if (cut) {
        most = l->columns > used + REASON_LEAST_COLUMNS ? l->columns - used
                                                        : REASON_LEAST_COLUMNS;
    }
    return letter_list_cell(&l->line, r->reason, most, 0) < 0 ? -1 : 0;
}

/* Seconds are enough in a table. */
static struct slice when_text(int64_t ms, char out[TIME_TEXT_BYTES])
{
    char *point;

    if (ms < 0) {
        return slice_of("-");
    }
    time_text_write(ms, out);
    point = strchr(out, '.');
    if (point != NULL) {
        (void)memcpy(point, "Z", 2);
    }
    return slice_of(out);
}

/* A key that is no text is shown as hexadecimal digits. */
static struct slice key_text(
    const struct letter *l, char out[2 * HEX_MOST_BYTES + 8])
{
    size_t n = l->key.len < HEX_MOST_BYTES ? l->key.len : HEX_MOST_BYTES;

    if (!l->has_key) {
        return slice_of("-");
    }
    if (utf8_is_valid(l->key)) {
        return l->key;
    }
    (void)memcpy(out, "0x", 3);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(out + 2 + 2 * i, 3, "%02x", (unsigned char)l->key.p[i]);
    }
    if (n < l->key.len) {
        (void)memcpy(out + 2 + 2 * n, "...", 4);
    }
    return slice_of(out);
}

static int write_table_line(struct letter_list *list,
    const struct stored_letter *stored, int64_t retried_ms)
{
    const struct letter *l = &stored->letter;
    char when[TIME_TEXT_BYTES], retried[TIME_TEXT_BYTES], origin[320];
    char key[2 * HEX_MOST_BYTES + 8], status[16];

    letter_list_origin(l, origin, sizeof(origin));
    (void)snprintf(status, sizeof(status), "%d", l->status);
    return put_row(list,
        &(struct row){when_text(l->when_ms, when),
            when_text(retried_ms, retried), slice_of(origin), key_text(l, key),
            slice_of(l->status != 0 ? status : "-"), l->type, l->reason});
}

/* ---- the other forms ---- */

static int write_json_line(struct letter_list *list,
    const struct stored_letter *stored, int64_t retried_ms)
{
    struct slice field = letter_reason_field(stored->letter.reason);

    buf_clear(&list->line);
    if (letter_write_members(&list->line, &stored->letter) != 0 ||
        buf_append_str(&list->line, ",\"field\":") != 0 ||
        (field.len > 0 ? json_write_words(&list->line, field)
                       : buf_append_str(&list->line, "null")) != 0) {
        return -1;
    }
    if (retried_ms >= 0 && buf_printf(&list->line, ",\"retried_at\":%lld",
                               (long long)retried_ms) != 0) {
        return -1;
    }
    return buf_append_char(&list->line, '}');
}

static int write_out(struct letter_list *l, struct error *err)
{
    if (fwrite(l->line.data, 1, l->line.len_bytes, l->to) !=
            l->line.len_bytes ||
        putc('\n', l->to) == EOF) {
        return error_set(
            err, "cannot write to standard output: %s", strerror(errno));
    }
    return 0;
}

int letter_list_head(struct letter_list *l, struct error *err)
{
    const struct row head = {slice_of("WHEN"), slice_of("RETRIED"),
        slice_of("ORIGIN"), slice_of("KEY"), slice_of("STATUS"),
        slice_of("TYPE"), slice_of("REASON")};

    if (l->form != LIST_TABLE) {
        return 0;
    }
    return put_row(l, &head) == 0 ? write_out(l, err)
                                  : error_set(err, "out of memory");
}

int letter_list_print(struct letter_list *l, const struct stored_letter *stored,
    int64_t retried_ms, struct error *err)
{
    int rc = 0;

    switch (l->form) {
    case LIST_TABLE:
        rc = write_table_line(l, stored, retried_ms);
        break;
    case LIST_JSON:
        rc = write_json_line(l, stored, retried_ms);
        break;
    case LIST_VALUES:
        if (!stored->letter.has_value) {
            return 0;
        }
        buf_clear(&l->line);
        rc = buf_append_slice(&l->line, stored->letter.value);
        break;
    }
    return rc == 0 ? write_out(l, err) : error_set(err, "out of memory");
}
