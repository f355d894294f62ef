/* What config_file.c, the reader of INI files, needs of config.c. */
#ifndef NARU_COMMON_CONFIG_FILE_H
#define NARU_COMMON_CONFIG_FILE_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

/*
 * config_put_from_file(c, name, value, origin, err):
 * Take one setting of a file; a second one of the same name before
 * config_end_of_file is an error that names both places.
 */
int config_put_from_file(struct config *c, const char *name, const char *value,
    const char *origin, struct error *err) MUST_CHECK;

/* config_end_of_file(c): The file is read; later sources may override it. */
void config_end_of_file(struct config *c);

#endif
