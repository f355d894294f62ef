/* The rules for dashboards: time, grid, panels; see object_rules.h. */
#include "kibana/object_rules_private.h"

#include "kibana/object_text.h"

#include <string.h>

struct square {
    json_int_t x, y, w, h;
};

static struct square square_of(const json_t *panel)
{
    const json_t *grid = json_object_get(panel, "gridData");

    return (struct square){json_integer_value(json_object_get(grid, "x")),
        json_integer_value(json_object_get(grid, "y")),
        json_integer_value(json_object_get(grid, "w")),
        json_integer_value(json_object_get(grid, "h"))};
}

static bool overlap(struct square a, struct square b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h &&
           b.y < a.y + a.h;
}

static void check_square(
    struct rules *r, const json_t *object, const json_t *panels, size_t i)
{
    const json_t *panel = json_array_get(panels, i);
    struct square mine = square_of(panel);

    if (mine.x < 0 || mine.y < 0 || mine.w < 1 || mine.h < 1 ||
        mine.x + mine.w > SOURCES_GRID_COLUMNS) {
        object_rules_breach(r, object,
            "panel %zu does not lie in the %d columns of the grid", i + 1,
            SOURCES_GRID_COLUMNS);
    }
    for (size_t k = 0; k < i; k++) {
        const json_t *other = json_array_get(panels, k);

        if (overlap(mine, square_of(other))) {
            object_rules_breach(
                r, object, "panels %zu and %zu overlap", k + 1, i + 1);
        }
        if (strcmp(object_text(panel, "panelIndex"),
                object_text(other, "panelIndex")) == 0) {
            object_rules_breach(r, object,
                "panels %zu and %zu have one panelIndex", k + 1, i + 1);
        }
    }
}

static void check_panels(struct rules *r, const json_t *object)
{
    json_t *panels =
        object_text_parse(json_object_get(object, "attributes"), "panelsJSON");

    if (json_array_size(panels) == 0) {
        object_rules_breach(r, object, "it has no panels");
    }
    for (size_t i = 0; i < json_array_size(panels); i++) {
        const char *name =
            object_text(json_array_get(panels, i), "panelRefName");

        if (!object_rules_refers(object, name)) {
            object_rules_breach(r, object,
                "panel %zu names the reference '%s', which is not there", i + 1,
                name);
        }
        check_square(r, object, panels, i);
    }
    json_decref(panels);
}

static void check_time(struct rules *r, const json_t *object)
{
    const json_t *attributes = json_object_get(object, "attributes");

    if (!json_is_true(json_object_get(attributes, "timeRestore")) ||
        object_text(attributes, "timeFrom")[0] == '\0' ||
        object_text(attributes, "timeTo")[0] == '\0') {
        object_rules_breach(
            r, object, "it states no time range: history would look empty");
    }
    if (json_object_get(attributes, "refreshInterval") == NULL) {
        object_rules_breach(r, object, "it states no refresh interval");
    }
}

void dashboard_rules_check(struct rules *r, const json_t *object)
{
    check_time(r, object);
    check_panels(r, object);
}
