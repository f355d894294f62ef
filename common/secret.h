/*
 * struct secret: a password, key or token of the configuration: the value of a
 * setting that no command line may hold, or the first line of the file that
 * the setting of that name and _file names. It is overwritten before it is
 * freed.
 */
#ifndef NARU_COMMON_SECRET_H
#define NARU_COMMON_SECRET_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

struct secret {
    char *value; /* NULL: none is given */
    char *file;  /* NULL: it stands in the configuration */
    char *place; /* for messages: "naru.conf:7: elasticsearch.password_file" */
};

/*
 * secret_init(s, c, name, err):
 * Read the secret of the setting name; both settings, or name alone, must be
 * of c's tables or of [kafka]. 0; -1 with err when the file holds none or both
 * settings are given, and then s needs no secret_fini.
 */
int secret_init(struct secret *s, const struct config *c, const char *name,
    struct error *err) MUST_CHECK;
void secret_fini(struct secret *s);

/* secret_read_again(s, err): Read its file again, if it has one. 1: the secret
 * is another now; 0: it is as it was; -1 with err: it cannot be read, and is
 * as it was. */
int secret_read_again(struct secret *s, struct error *err) MUST_CHECK;

/* secret_wipe(text): Overwrite and free; NULL is fine. */
void secret_wipe(char *text);

#endif
