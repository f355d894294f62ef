/* Two lengths, name, value; and again; see packed_headers.h. */
#include "bridge/packed_headers.h"

#include <stdint.h>
#include <string.h>

struct lengths {
    uint32_t name_bytes;
    uint32_t value_bytes;
    uint32_t has_value;
};

int packed_headers_add(struct buf *packed, const struct letter_header *header)
{
    struct lengths n = {(uint32_t)header->name.len,
        (uint32_t)(header->has_value ? header->value.len : 0),
        header->has_value};

    if (buf_reserve(packed, sizeof(n) + header->name.len + n.value_bytes) !=
            0 ||
        buf_append(packed, &n, sizeof(n)) != 0 ||
        buf_append_slice(packed, header->name) != 0) {
        return -1;
    }
    return buf_append(packed, header->value.p, n.value_bytes);
}

bool packed_headers_next(struct slice *rest, struct letter_header *header)
{
    struct lengths n;

    if (rest->len == 0) {
        return false;
    }
    memcpy(&n, slice_take(rest, sizeof(n)).p, sizeof(n));
    header->name = slice_take(rest, n.name_bytes);
    header->has_value = n.has_value != 0;
    header->value = slice_take(rest, n.value_bytes);
    return true;
}
