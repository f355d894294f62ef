/* The bridge as NiFi would draw it; see nifi_flow.h. */
#include "bridge/watch/nifi_flow.h"

#include "common/fnv.h"
#include "common/slice.h"

#include <stdio.h>
#include <string.h>

const char *nifi_flow_simple_type(const char *type)
{
    const char *dot = strrchr(type, '.');

    return dot != NULL ? dot + 1 : type;
}

enum nifi_role nifi_flow_role(const char *type)
{
    const char *simple = nifi_flow_simple_type(type);

    if (strncmp(simple, "ConsumeKafka", 12) == 0) {
        return NIFI_CONSUME;
    }
    return strncmp(simple, "PutElasticsearch", 16) == 0 ? NIFI_PUT : NIFI_STEP;
}

void nifi_flow_make_id(const char *seed, char id[NIFI_ID_BYTES])
{
    char again[1024];
    uint64_t high, low;

    (void)snprintf(again, sizeof(again), "naru/%s", seed);
    high = fnv_hash(slice_of(seed));
    low = fnv_hash(slice_of(again));
    (void)snprintf(id, NIFI_ID_BYTES, "%08x-%04x-8%03x-%04x-%012llx",
        (unsigned)(high >> 32), (unsigned)(high >> 16) & 0xffffu,
        (unsigned)high & 0xfffu, 0x8000u | ((unsigned)(low >> 48) & 0x3fffu),
        (unsigned long long)low & 0xffffffffffffull);
}

struct nifi_part *nifi_flow_add(struct nifi_flow *flow, enum nifi_role role,
    const char *type, const char *name)
{
    struct nifi_part *part;
    char seed[NIFI_ID_BYTES + NIFI_TYPE_BYTES + 32];

    if (flow->n_parts == NIFI_PARTS_MOST) {
        return NULL;
    }
    part = &flow->parts[flow->n_parts];
    *part = (struct nifi_part){.role = role};
    (void)snprintf(part->type, sizeof(part->type), "%s", type);
    (void)snprintf(part->name, sizeof(part->name), "%s", name);
    (void)snprintf(seed, sizeof(seed), "%s/processor/%zu/%s", flow->id,
        flow->n_parts, type);
    nifi_flow_make_id(seed, part->id);
    flow->n_parts++;
    return part;
}

struct nifi_link *nifi_flow_link(
    struct nifi_flow *flow, size_t from, size_t to, const char *name)
{
    struct nifi_link *link;
    char seed[2 * NIFI_ID_BYTES + 32];

    if (flow->n_links == NIFI_PARTS_MOST) {
        return NULL;
    }
    link = &flow->links[flow->n_links++];
    *link = (struct nifi_link){.from = from, .to = to};
    (void)snprintf(link->name, sizeof(link->name), "%s", name);
    (void)snprintf(seed, sizeof(seed), "%s/connection/%s", flow->parts[from].id,
        flow->parts[to].id);
    nifi_flow_make_id(seed, link->id);
    return link;
}
