/* Which rows leave; see row_choice.h. */
#include "replay/row_choice.h"

#include "replay/number_text.h"

int row_choice_check(
    const struct row_choice *c, const struct column_map *map, struct error *err)
{
    if (c->top > 0 && map->rank_slot == COLUMN_MAP_NO_SLOT) {
        return error_set(err, "has no rank column, so --top cannot be used");
    }
    return 0;
}

static bool has_no_volume(
    const struct column_map *map, const struct slice *fields)
{
    return map->volume_slot != COLUMN_MAP_NO_SLOT &&
           number_is_zero(fields[map->volume_slot]);
}

static int judge_rank(const struct row_choice *c, const struct column_map *map,
    const struct slice *fields, enum row_left_out *left, struct error *err)
{
    struct slice value = fields[map->rank_slot];
    struct slice digits;
    int64_t rank = 0;

    if (number_read_whole(value, &digits, &rank) != NUMBER_FINE) {
        return error_set(err, "%s: '%.*s' is not a whole number",
            map->slots[map->rank_slot].column->name,
            (int)(value.len < 40 ? value.len : 40), value.p);
    }
    if (rank > c->top) {
        *left = LEFT_BY_RANK;
    }
    return 0;
}

static int judge_where(const struct row_choice *c, const struct column_map *map,
    const struct slice *fields, enum row_left_out *left, struct error *err)
{
    int holds = where_holds(c->where, map, fields, err);

    if (holds == 0) {
        *left = LEFT_BY_WHERE;
    }
    return holds < 0 ? -1 : 0;
}

int row_choice_judge(const struct row_choice *c, const struct column_map *map,
    const struct slice *fields, int64_t event_ms, enum row_left_out *left,
    struct error *err)
{
    *left = LEFT_REASONS;
    if (event_ms < c->from_ms ||
        (c->until_ms != ROW_CHOICE_EVER && event_ms >= c->until_ms)) {
        *left = LEFT_BY_DATE;
        return 0;
    }
    if (c->codes != NULL && !code_set_meet(c->codes, fields[map->key_slot])) {
        *left = LEFT_BY_CODE;
        return 0;
    }
    if (!c->keep_zero_volume && has_no_volume(map, fields)) {
        *left = LEFT_BY_VOLUME;
        return 0;
    }
    if (c->top > 0 &&
        (judge_rank(c, map, fields, left, err) != 0 || *left != LEFT_REASONS)) {
        return *left != LEFT_REASONS ? 0 : -1;
    }
    return c->where != NULL ? judge_where(c, map, fields, left, err) : 0;
}
