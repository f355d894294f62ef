/* Time zones by name; see zone.h. What happens after the last transition that
 * a file lists stands in its last line, in POSIX's TZ form (tz_rule). */
#include "bridge/nifi/zone.h"

#include "bridge/nifi/tz_rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILE_BYTES ((size_t)256 << 10)
#define HEADER_BYTES 44

struct kind {
    int offset_s;
    char name[TZ_NAME_BYTES];
};

struct zone {
    int64_t *at_s; /* transitions, ascending */
    unsigned char *to;
    size_t n_at;
    struct kind *kinds;
    size_t n_kinds;
    struct tz_rule rule; /* after the last transition */
};

void zone_free(struct zone *z)
{
    if (z != NULL) {
        free(z->at_s);
        free(z->to);
        free(z->kinds);
        free(z);
    }
}

static uint64_t big_endian(const char *p, size_t n)
{
    uint64_t value = 0;

    for (size_t i = 0; i < n; i++) {
        value = value << 8 | (unsigned char)p[i];
    }
    return value;
}

struct counts {
    uint64_t is_ut, is_std, leap, at, kind, chars;
};

static int read_header(struct slice *rest, struct counts *c)
{
    const char *p = rest->p + 20;

    if (rest->len < HEADER_BYTES || memcmp(rest->p, "TZif", 4) != 0 ||
        rest->p[4] < '2') {
        return -1;
    }
    c->is_ut = big_endian(p, 4);
    c->is_std = big_endian(p + 4, 4);
    c->leap = big_endian(p + 8, 4);
    c->at = big_endian(p + 12, 4);
    c->kind = big_endian(p + 16, 4);
    c->chars = big_endian(p + 20, 4);
    (void)slice_take(rest, HEADER_BYTES);
    return 0;
}

static uint64_t block_bytes(const struct counts *c, uint64_t time_bytes)
{
    return c->at * (time_bytes + 1) + c->kind * 6 + c->chars +
           c->leap * (time_bytes + 4) + c->is_std + c->is_ut;
}

static int take_kinds(struct zone *z, struct slice kinds, struct slice chars)
{
    for (size_t i = 0; i < z->n_kinds; i++) {
        const char *p = kinds.p + i * 6;
        size_t from = (unsigned char)p[5];
        size_t n;

        if (from >= chars.len) {
            return -1;
        }
        n = strnlen(chars.p + from, chars.len - from);
        if (n >= TZ_NAME_BYTES) {
            return -1;
        }
        z->kinds[i].offset_s = (int)(int32_t)(uint32_t)big_endian(p, 4);
        memcpy(z->kinds[i].name, chars.p + from, n);
        if (abs(z->kinds[i].offset_s) > TZ_MAX_OFFSET_S) {
            return -1;
        }
    }
    return 0;
}

static int take_block(struct zone *z, struct slice block, struct counts c)
{
    struct slice at = slice_take(&block, c.at * 8);
    struct slice to = slice_take(&block, c.at);
    struct slice kinds = slice_take(&block, c.kind * 6);
    struct slice chars = slice_take(&block, c.chars);

    z->n_at = c.at;
    z->n_kinds = c.kind;
    z->at_s = calloc(c.at + 1, sizeof(*z->at_s));
    z->to = calloc(c.at + 1, 1);
    z->kinds = calloc(c.kind + 1, sizeof(*z->kinds));
    if (z->at_s == NULL || z->to == NULL || z->kinds == NULL) {
        return -1;
    }
    for (size_t i = 0; i < z->n_at; i++) {
        z->at_s[i] = (int64_t)big_endian(at.p + i * 8, 8);
        z->to[i] = (unsigned char)to.p[i];
        if (z->to[i] >= z->n_kinds || (i > 0 && z->at_s[i] < z->at_s[i - 1])) {
            return -1;
        }
    }
    return z->n_kinds > 0 ? take_kinds(z, kinds, chars) : -1;
}

/* The last line, between two line ends. */
static int take_rule(struct zone *z, struct slice rest)
{
    char text[128];
    size_t n;

    if (rest.len < 2 || rest.p[0] != '\n') {
        return -1;
    }
    n = strnlen(rest.p + 1, rest.len - 1);
    n = memchr(rest.p + 1, '\n', n) != NULL
            ? (size_t)((const char *)memchr(rest.p + 1, '\n', n) - rest.p - 1)
            : n;
    if (n >= sizeof(text)) {
        return -1;
    }
    memcpy(text, rest.p + 1, n);
    text[n] = '\0';
    if (n == 0) {
        z->rule.std_offset_s = z->kinds[0].offset_s;
        return 0;
    }
    return tz_rule_parse(text, &z->rule);
}

static int take_file(struct zone *z, struct slice rest)
{
    struct counts c;

    if (read_header(&rest, &c) != 0 || block_bytes(&c, 4) > rest.len) {
        return -1;
    }
    (void)slice_take(&rest, block_bytes(&c, 4));
    if (read_header(&rest, &c) != 0 || block_bytes(&c, 8) > rest.len) {
        return -1;
    }
    if (take_block(z, slice_take(&rest, block_bytes(&c, 8)), c) != 0) {
        return -1;
    }
    return take_rule(z, rest);
}

struct zone *zone_from_tzif(struct slice bytes, struct error *err)
{
    struct zone *z = calloc(1, sizeof(*z));

    if (z != NULL && take_file(z, bytes) == 0) {
        return z;
    }
    zone_free(z);
    (void)error_set(err, "it is no time zone file of the TZif form");
    return NULL;
}

/* GMT, GMT+9, GMT-03:30, +09:00, +0900, Z. Returns 0, or -1: another name. */
static int read_fixed(const char *name, int *offset_s)
{
    static const char *const zeros[] = {"UTC", "GMT", "Z", "UCT", "Etc/UTC",
        "Etc/GMT", "Zulu", "Universal", "Greenwich"};
    int hours = 0, minutes = 0, sign, digits = 0;

    for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
        if (strcmp(name, zeros[i]) == 0) {
            *offset_s = 0;
            return 0;
        }
    }
    name +=
        strncmp(name, "GMT", 3) == 0 || strncmp(name, "UTC", 3) == 0 ? 3 : 0;
    if (*name != '+' && *name != '-') {
        return -1;
    }
    sign = *name++ == '-' ? -1 : 1;
    for (; *name >= '0' && *name <= '9' && digits < 4; name++, digits++) {
        hours = hours * 10 + (*name - '0');
    }
    if (digits > 2) { /* hhmm */
        minutes = hours % 100;
        hours /= 100;
    } else if (*name == ':' && digits > 0 && name[1] >= '0' && name[1] <= '5' &&
               name[2] >= '0' && name[2] <= '9') {
        minutes = (name[1] - '0') * 10 + name[2] - '0';
        name += 3;
    }
    if (digits == 0 || *name != '\0' || hours > 23 || minutes > 59) {
        return -1;
    }
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return 0;
}

static struct zone *new_fixed(int offset_s)
{
    struct zone *z = calloc(1, sizeof(*z));
    int minutes = abs(offset_s) / 60;

    if (z != NULL) {
        z->rule.std_offset_s = offset_s;
        if (offset_s == 0) {
            (void)snprintf(z->rule.std_name, sizeof(z->rule.std_name), "UTC");
        } else {
            (void)snprintf(z->rule.std_name, sizeof(z->rule.std_name),
                "GMT%c%02d:%02d", offset_s < 0 ? '-' : '+', minutes / 60 % 100,
                minutes % 60);
        }
    }
    return z;
}

/* Letters of zone names alone, and no "..": the name becomes a path. */
static bool is_zone_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                            "XYZ0123456789_+-/");

    return n > 0 && name[n] == '\0' && name[0] != '/';
}

static struct zone *read_file(const char *path, struct error *err)
{
    char *bytes = malloc(MAX_FILE_BYTES);
    FILE *file = bytes != NULL ? fopen(path, "rb") : NULL;
    struct zone *z = NULL;

    if (file != NULL) {
        size_t n = fread(bytes, 1, MAX_FILE_BYTES, file);

        z = zone_from_tzif((struct slice){bytes, n}, err);
        (void)fclose(file);
    } else {
        (void)error_set(err, "no file of that name");
    }
    free(bytes);
    return z;
}

struct zone *zone_new(const char *name, struct error *err)
{
    char path[256];
    int offset_s;
    struct zone *z;

    if (read_fixed(name, &offset_s) == 0) {
        z = new_fixed(offset_s);
        if (z == NULL) {
            (void)error_set(err, "out of memory");
        }
        return z;
    }
    if (!is_zone_name(name) ||
        snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name) >=
            (int)sizeof(path)) {
        (void)error_set(err,
            "'%.60s' is no time zone; write UTC, GMT+9, +09:00 or a name such "
            "as Asia/Seoul",
            name);
        return NULL;
    }
    z = read_file(path, err);
    if (z == NULL) {
        (void)error_set(err,
            "time zone '%.60s': %s in /usr/share/zoneinfo (package tzdata); "
            "UTC, GMT+9 and +09:00 need none",
            name, err != NULL ? err->text : "");
    }
    return z;
}

int zone_offset_s(const struct zone *z, int64_t at_ms, const char **name)
{
    int64_t at_s = at_ms / 1000 - (at_ms % 1000 < 0 ? 1 : 0);
    size_t low = 0, high;

    if (z == NULL) {
        if (name != NULL) {
            *name = "UTC";
        }
        return 0;
    }
    if (z->n_at == 0 || at_s >= z->at_s[z->n_at - 1]) {
        return tz_rule_offset_s(&z->rule, at_s, name);
    }
    high = z->n_at; /* the first transition after at_s */
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (z->at_s[middle] <= at_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (name != NULL) {
        *name = z->kinds[low > 0 ? z->to[low - 1] : 0].name;
    }
    return z->kinds[low > 0 ? z->to[low - 1] : 0].offset_s;
}

int64_t zone_moment_ms(const struct zone *z, int64_t local_ms)
{
    int64_t guess = local_ms - (int64_t)zone_offset_s(z, local_ms, NULL) * 1000;

    return local_ms - (int64_t)zone_offset_s(z, guess, NULL) * 1000;
}
