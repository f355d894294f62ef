/* A list of topics; see topic_names.h. */
#include "common/topic_names.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#define MAX_TOPIC_BYTES 256

static bool matches(const char *wanted, const char *topic)
{
    regex_t pattern;
    bool yes;

    if (wanted[0] != '^') {
        return strcmp(wanted, topic) == 0;
    }
    if (regcomp(&pattern, wanted, REG_EXTENDED | REG_NOSUB) != 0) {
        return false;
    }
    yes = regexec(&pattern, topic, 0, NULL, 0) == 0;
    regfree(&pattern);
    return yes;
}

bool topic_names_next(const char **rest, struct slice *name)
{
    while (**rest != '\0') {
        size_t n = strcspn(*rest, ",");

        *name = slice_trim((struct slice){*rest, n});
        *rest += n + ((*rest)[n] == ',');
        if (name->len > 0) {
            return true;
        }
    }
    return false;
}

bool topic_names_match(const char *list, const char *topic)
{
    char wanted[MAX_TOPIC_BYTES];
    struct slice name;

    while (topic_names_next(&list, &name)) {
        (void)snprintf(wanted, sizeof(wanted), SLICE_FMT, SLICE_ARG(name));
        if (matches(wanted, topic)) {
            return true;
        }
    }
    return false;
}
