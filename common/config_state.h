/* struct config's inside, shared by its files: config.c (settings put and
 * read), config_print.c (shown, without secrets), config_renew.c (taken over
 * from another). */
#ifndef NARU_COMMON_CONFIG_STATE_H
#define NARU_COMMON_CONFIG_STATE_H

#include "common/config.h"

#define CONFIG_KAFKA "kafka."
#define CONFIG_NAME_BYTES 128

struct config_entry {
    char *name;
    char *value;
    char *origin;
    bool from_this_file; /* set by the file being read: a second one is an
                            error */
};

struct config {
    const struct config_table *tables;
    size_t n_tables;
    struct config_entry *entries;
    size_t n_entries;
};

const struct config_key *config_find_key(
    const struct config *c, const char *name);
struct config_entry *config_find_entry(
    const struct config *c, const char *name);

/* config_store(c, name, value, origin): Without a check. 0, -1 out of memory.
 */
int config_store(struct config *c, const char *name, const char *value,
    const char *origin) MUST_CHECK;

/* config_is_kafka(name): Is it of the open section [kafka]? */
bool config_is_kafka(const char *name);

/* config_mend_file_suffix(name): An environment variable has no dots:
 * kafka.sasl.password.file was meant as kafka.sasl.password_file. */
void config_mend_file_suffix(char *name);

#endif
