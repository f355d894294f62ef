/*
 * Kibana's part of a Vega spec: the data URLs, {"url": {"index", "body",
 * "%context%", "%timefield%"}}, wherever they stand. Pure.
 */
#ifndef NARU_KIBANA_VEGA_SPEC_H
#define NARU_KIBANA_VEGA_SPEC_H

#include <jansson.h>

/* Runs for each data URL's object, which it may change. */
typedef void (*vega_url_fn)(json_t *url, void *arg);

/* vega_spec_each_url(spec, found, arg): Walk the spec for them. */
void vega_spec_each_url(json_t *spec, vega_url_fn found, void *arg);

/* vega_spec_set_index(spec, from, to): URLs of index from ask to instead. */
void vega_spec_set_index(json_t *spec, const char *from, const char *to);

/*
 * vega_spec_fit_kibana6(spec):
 * Make it one for Kibana 6.2 over Elasticsearch 6: its Vega is 3 and its
 * Vega-Lite 2, and date_histogram knows "interval" only.
 */
void vega_spec_fit_kibana6(json_t *spec);

#endif
