/*
 * A plan as naru.conf. Long values go on behind an indented line, cut where
 * the reader of such files would not take the rest for a setting, a comment or
 * lose a blank.
 */
#include "bridge/nifi/plan.h"

#include <ctype.h>
#include <string.h>

#define LINE_BYTES 120

static bool may_cut(const char *value, size_t at)
{
    const char *rest = value + at;
    size_t n;

    if (isspace((unsigned char)rest[-1]) != 0 ||
        isspace((unsigned char)rest[0]) != 0 || rest[0] == ';' ||
        rest[0] == '#' || rest[0] == '[' || rest[-1] == '\\' ||
        ((unsigned char)rest[0] & 0xC0) == 0x80) {
        return false;
    }
    n = strspn(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789_.-");
    return rest[n + strspn(rest + n, " \t")] != '=' || n == 0;
}

static int write_value(const char *value, struct buf *out)
{
    while (strlen(value) > LINE_BYTES) {
        size_t at = LINE_BYTES;

        while (at > 1 && !may_cut(value, at)) {
            at--;
        }
        if (at == 1 && !may_cut(value, at)) {
            break; /* nowhere: the reader says so if it is too long */
        }
        if (buf_append(out, value, at) != 0 ||
            buf_append_str(out, "\n    ") != 0) {
            return -1;
        }
        value += at;
    }
    return buf_append_str(out, value);
}

/* So much of text as a line of a comment takes, up to a blank if there is one;
 * the reader takes no line of 198 bytes, comments included. */
static size_t comment_line(const char *text)
{
    size_t n = strnlen(text, LINE_BYTES);
    size_t at = n;

    if (text[n] == '\0') {
        return n;
    }
    while (at > 0 && text[at] != ' ') {
        at--;
    }
    while (at == 0 && n > 1 && ((unsigned char)text[n] & 0xC0) == 0x80) {
        n--;
    }
    return at > 0 ? at : n;
}

static int write_comment(const char *text, struct buf *out)
{
    do {
        size_t n = comment_line(text);

        if (buf_append_str(out, "; ") != 0) {
            return -1;
        }
        for (; n > 0; n--, text++) {
            char c = (unsigned char)*text < ' ' ? ' ' : *text;

            if (buf_append_char(out, c) != 0) {
                return -1;
            }
        }
        if (buf_append_char(out, '\n') != 0) {
            return -1;
        }
        text += *text == ' ';
    } while (*text != '\0');
    return 0;
}

static int write_setting(const struct plan_setting *s, struct buf *out)
{
    const char *key = strchr(s->name, '.') + 1;

    if (s->from[0] != '\0' && write_comment(s->from, out) != 0) {
        return -1;
    }
    if (s->value == NULL) {
        return buf_printf(out, "; to be supplied by you:\n; %s =\n", key);
    }
    return buf_printf(out, "%s = ", key) == 0 && write_value(s->value, out) == 0
               ? buf_append_char(out, '\n')
               : -1;
}

static int write_head(const struct plan *p, size_t path_number,
    const char *source_name, struct buf *out)
{
    const struct flow_hop *first = &p->path->hops[0];
    const struct flow_hop *last = &p->path->hops[p->path->n_hops - 1];
    struct buf text;
    int rc;

    buf_init(&text, 4096);
    rc = buf_printf(&text, "%s of NiFi %s", flow_format_name(p->flow->format),
        first->at->version[0] != '\0' ? first->at->version
                                      : "(version not told)");
    rc |= buf_append_str(out, "; Imported by naru nifi import, path ") |
          buf_append_number(out, (int64_t)path_number) |
          buf_append_str(out, ":\n");
    rc |= write_comment(source_name, out) | write_comment(buf_str(&text), out);
    buf_clear(&text);
    rc |= buf_printf(&text, "%s '%s' -> %s '%s'", flow_class(first->at),
        first->at->name, flow_class(last->at), last->at->name);
    rc |= write_comment(buf_str(&text), out);
    for (size_t i = 0; rc == 0 && i < p->n_findings; i++) {
        if (p->findings[i].kind == PLAN_SUPPLY) {
            buf_clear(&text);
            rc = buf_printf(&text, "To be supplied: %s", p->findings[i].text) |
                 write_comment(buf_str(&text), out);
        }
    }
    buf_fini(&text);
    return rc == 0 ? 0 : -1;
}

int plan_write_config(const struct plan *p, size_t path_number,
    const char *source_name, struct buf *out)
{
    const char *section = "";
    size_t n = 0;

    if (write_head(p, path_number, source_name, out) != 0) {
        return -1;
    }
    for (size_t i = 0; i < p->n_settings; i++) {
        const char *name = p->settings[i].name;

        if (strncmp(name, section, n) != 0 || n == 0 || name[n] != '.') {
            section = name;
            n = strcspn(name, ".");
            if (buf_printf(out, "\n[%.*s]\n", (int)n, name) != 0) {
                return -1;
            }
        }
        if (write_setting(&p->settings[i], out) != 0) {
            return -1;
        }
    }
    return 0;
}
