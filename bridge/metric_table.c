/* The rows; see metric_table.h. */
#include "bridge/metric_table.h"

const struct metric_row metric_table[METRIC_COUNT] = {
#define METRIC_ROW(symbol, name, type, labels, help) {name, type, labels, help},
    METRIC_TABLE(METRIC_ROW)
#undef METRIC_ROW
};
