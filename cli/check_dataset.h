/* naru replay --check-dataset: what a dataset file says, and how CSV headers
 * fall onto it. */
#ifndef NARU_CLI_CHECK_DATASET_H
#define NARU_CLI_CHECK_DATASET_H

#include "common/attr.h"
#include "common/error.h"
#include "replay/row_source.h"

/*
 * check_dataset(name, input, err):
 * Load the dataset, print it, and read input's files, if there are any, with
 * it: headers, event times and all values, without sending anything. Returns
 * 0, or -1 with err for the first thing that does not fit.
 */
int check_dataset(const char *name, const struct row_input *input,
    struct error *err) MUST_CHECK;

#endif
