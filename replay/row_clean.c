/* Cleaning values; see row_clean.h. */
#include "replay/row_clean.h"

#include "common/ascii.h"

#define DIGITS_MAX_BYTES ((size_t)1 << 20)

void row_clean_init(struct row_clean *c)
{
    buf_init(&c->digits, DIGITS_MAX_BYTES);
}

void row_clean_fini(struct row_clean *c)
{
    buf_fini(&c->digits);
}

static bool is_absent(const struct dataset_clean *clean, struct slice value)
{
    for (size_t i = 0; i < clean->n_absent; i++) {
        if (slice_is(value, clean->absent[i])) {
            return true;
        }
    }
    return false;
}

static bool is_number(enum column_type type)
{
    return type == COLUMN_LONG || type == COLUMN_INTEGER ||
           type == COLUMN_DOUBLE;
}

/* "1,234,567.8": 1 to 3 digits, then threes behind commas, then the rest. */
static bool is_grouped(struct slice value)
{
    size_t i = value.len > 0 && (value.p[0] == '-' || value.p[0] == '+');
    size_t run = 0;
    bool grouped = false;

    for (; i < value.len && (ascii_is_digit(value.p[i]) || value.p[i] == ',');
         i++) {
        if (value.p[i] != ',') {
            run++;
            continue;
        }
        if (run == 0 || run > 3 || (grouped && run != 3)) {
            return false;
        }
        grouped = true;
        run = 0;
    }
    return grouped && run == 3 && (i == value.len || value.p[i] == '.') &&
           memchr(value.p + i, ',', value.len - i) == NULL;
}

/* Take the separators out; the result lies in c. Room was made before. */
static struct slice ungroup(struct row_clean *c, struct slice value)
{
    char *start = c->digits.data + c->digits.len_bytes;
    char *at = start;

    for (size_t i = 0; i < value.len; i++) {
        if (value.p[i] != ',') {
            *at++ = value.p[i];
        }
    }
    c->digits.len_bytes += (size_t)(at - start);
    return (struct slice){start, (size_t)(at - start)};
}

/* Numbers whose separators are where they belong lose them. */
static int ungroup_numbers(struct row_clean *c, const struct column_map *map,
    struct slice *fields, struct error *err)
{
    size_t bytes = 0;

    buf_clear(&c->digits);
    for (size_t i = 0; i < map->n_slots; i++) {
        bytes += fields[i].len;
    }
    if (buf_reserve(&c->digits, bytes) != 0) {
        return error_set(err, "a row larger than 1 MiB cannot be cleaned");
    }
    for (size_t i = 0; i < map->n_slots; i++) {
        if (map->slots[i].column != NULL &&
            is_number(map->slots[i].column->type) && is_grouped(fields[i])) {
            fields[i] = ungroup(c, fields[i]);
        }
    }
    return 0;
}

static int join_twins(
    const struct column_map *map, struct slice *fields, struct error *err)
{
    for (size_t i = 0; i < map->n_twins; i++) {
        struct slice *value = &fields[map->twins[i].slot];
        struct slice other = fields[map->twins[i].other];

        if (value->len == 0) {
            *value = other;
        } else if (other.len > 0 && !slice_eq(*value, other)) {
            return error_set(err,
                "%s: column %zu says '%.*s' and column %zu '%.*s'; both are "
                "names of it",
                map->slots[map->twins[i].slot].column->name,
                map->twins[i].slot + 1, (int)value->len, value->p,
                map->twins[i].other + 1, (int)other.len, other.p);
        }
    }
    return 0;
}

int row_clean_apply(struct row_clean *c, const struct column_map *map,
    struct slice *fields, struct error *err)
{
    const struct dataset_clean *clean = &map->dataset->clean;

    for (size_t i = 0; clean->trim && i < map->n_slots; i++) {
        fields[i] = slice_trim(fields[i]);
    }
    for (size_t i = 0; i < map->n_slots; i++) {
        if (fields[i].len <= clean->longest_absent_bytes &&
            is_absent(clean, fields[i])) {
            fields[i].len = 0;
        }
    }
    if (clean->thousands && ungroup_numbers(c, map, fields, err) != 0) {
        return -1;
    }
    return map->n_twins > 0 ? join_twins(map, fields, err) : 0;
}
