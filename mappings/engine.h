/*
 * struct engine: which search engine answers at the endpoint, and what it can
 * do. All differences between engines stand in one table (engine.c); nothing
 * else compares versions.
 */
#ifndef NARU_MAPPINGS_ENGINE_H
#define NARU_MAPPINGS_ENGINE_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stdint.h>

#define ENGINE_NAME_BYTES 48

enum engine_product { ENGINE_ELASTICSEARCH, ENGINE_OPENSEARCH };

struct engine {
    enum engine_product product;
    int major, minor, patch; /* 0.0.0 when OpenSearch hides its version, and
                                7.14.0, the oldest it can be, when
                                Elasticsearch does not tell us its own */
    char name[ENGINE_NAME_BYTES]; /* "Elasticsearch 8.19.21", for people */

    bool typeless;             /* _bulk lines may lack "_type" */
    bool takes_type;           /* ... and may have one, of any name */
    bool composable_templates; /* _index_template; else _template, which is also
                                  the one that can give indices a "_type" */
    bool require_alias;        /* _bulk?require_alias=true is known */
    bool include_type_name;    /* mapping APIs need include_type_name=false */
    bool point_in_time;        /* _pit, and sorting by _shard_doc within it */
    bool simulate_template;    /* _index_template/_simulate: what would come */
    bool policy_meta;          /* lifecycle policies keep a "_meta" */
    bool unpacks_zstd;         /* bodies with Content-Encoding: zstd */
    bool write_block; /* _block/write, which waits for writes under way */
};

/*
 * engine_probe(e, engine, err):
 * Ask GET /, and where that is refused (a key without the monitor privilege, a
 * server without that handler) the node's own description; where that is
 * refused too, what the refusal's header X-Elastic-Product tells. Blocks for
 * one or two requests. Returns 0, or -1 with err: nothing answers, not ready
 * yet, a refusal, no engine that we know, Elasticsearch before 6.8.
 */
int engine_probe(const struct endpoint *e, struct engine *engine,
    struct error *err) MUST_CHECK;

/*
 * engine_wait(e, wait_ms, engine, err):
 * engine_probe again and again while nothing answers or the engine is not
 * ready, for wait_ms in all. An answer that waiting cannot change ends it.
 */
int engine_wait(const struct endpoint *e, int64_t wait_ms,
    struct engine *engine, struct error *err) MUST_CHECK;

/*
 * engine_bulk_type(engine, wanted, dropped):
 * The "_type" of bulk lines: wanted (bridge.type; NULL for none) where the
 * engine takes it, "_doc" where it needs one and none is wanted, else NULL.
 * *dropped, unless dropped is NULL, becomes whether wanted had to go: worth a
 * notice. Borrowed from wanted, or static.
 */
const char *engine_bulk_type(
    const struct engine *engine, const char *wanted, bool *dropped);

enum engine_lifecycle { LIFECYCLE_NONE, LIFECYCLE_ILM, LIFECYCLE_ISM };

/*
 * engine_find_lifecycle(e, engine, lifecycle, err):
 * Which index lifecycle management the engine has, by asking it: that is a
 * module which a server may lack. One request. Returns 0 or -1 with err.
 */
int engine_find_lifecycle(const struct endpoint *e, const struct engine *engine,
    enum engine_lifecycle *lifecycle, struct error *err) MUST_CHECK;

/*
 * engine_from_root(body, engine, err), engine_from_nodes(body, engine, err):
 * The pure parts: the engine that gave this answer to GET /, or to
 * GET /_nodes/_local with version and build_flavor. 0, or -1 with err.
 */
int engine_from_root(
    struct slice body, struct engine *engine, struct error *err) MUST_CHECK;
int engine_from_nodes(
    struct slice body, struct engine *engine, struct error *err) MUST_CHECK;

/*
 * engine_from_product(product, engine):
 * The engine whose refusals bear this X-Elastic-Product: Elasticsearch from
 * 7.14 on says "Elasticsearch", and no more than that. What 7.14 and 9 do
 * differently is taken the way that suits both. Returns 0, or -1 for any other.
 */
int engine_from_product(const char *product, struct engine *engine) MUST_CHECK;

#endif
