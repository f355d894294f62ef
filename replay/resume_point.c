/* A resume point as JSON; see resume_point.h. */
#include "replay/resume_point.h"

#include "common/json_write.h"
#include "common/utf8.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORM 1 /* of the JSON; another one is refused */
#define NAME_MOST_BYTES 100
#define CHAIN_DIGITS 8

int resume_name_check(const char *name, struct error *err)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    return n > 0 && n <= NAME_MOST_BYTES && name[n] == '\0' && name[0] != '.'
               ? 0
               : error_set(err,
                     "--resume: '%s' is not a name; it takes letters, digits, "
                     "'.', '_' and '-'",
                     name);
}

int resume_point_write(const struct resume_point *p, struct buf *out)
{
    struct slice place = {p->place, 0};

    place.len = utf8_valid_bytes(slice_of(p->place)); /* it may be cut */
    if (buf_printf(out, "{\"form\":%d,\"topic\":", FORM) != 0 ||
        json_write_string(out, slice_of(p->topic)) != 0 ||
        buf_printf(out,
            ",\"records\":%" PRId64 ",\"chain\":\"%08" PRIx32 "\",\"last\":",
            p->records, p->chain) != 0 ||
        json_write_string(out, place) != 0) {
        return -1;
    }
    return buf_append_str(out, "}\n");
}

static int read_members(json_t *root, struct resume_point *p)
{
    const char *topic, *chain, *last;
    json_int_t records;
    int form;

    if (json_unpack(root, "{s:i,s:s,s:I,s:s,s:s}", "form", &form, "topic",
            &topic, "records", &records, "chain", &chain, "last", &last) != 0 ||
        form != FORM || records < 0 || strlen(topic) >= sizeof(p->topic) ||
        strlen(chain) != CHAIN_DIGITS ||
        strspn(chain, "0123456789abcdefABCDEF") != CHAIN_DIGITS) {
        return -1;
    }
    p->chain = (uint32_t)strtoul(chain, NULL, 16);
    (void)snprintf(p->topic, sizeof(p->topic), "%s", topic);
    (void)snprintf(p->place, sizeof(p->place), "%s", last);
    p->records = records;
    return 0;
}

int resume_point_read(
    struct slice text, struct resume_point *p, struct error *err)
{
    json_error_t slip;
    json_t *root = json_loadb(text.p, text.len, 0, &slip);
    int result = root != NULL ? read_members(root, p) : -1;

    json_decref(root);
    return result == 0
               ? 0
               : error_set(err, "is not a checkpoint of this naru replay");
}
