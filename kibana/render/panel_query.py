"""What Kibana asks the engine for a panel. Pure: knows no engine and no drawing.

A Vega panel carries its searches; Kibana fills in time range, query bar and filters where %context% and %timefield% stand
(src/plugins/vis_type_vega/public/data_model/es_query_parser.ts). The search of a classic panel is made of its aggs, that
of a Lens panel of its columns.
"""
import copy
import json
from dataclasses import dataclass, field
from datetime import datetime, timezone

CONTEXT, TIME_FIELD = "%context%", "%timefield%"


@dataclass
class Context:
    """What the dashboard adds to every search: time range (datetimes), Lucene query bar, filters as query DSL."""
    start: datetime
    end: datetime
    query: str = ""
    filters: list = field(default_factory=list)

    def range_filter(self, time_field):
        return {"range": {time_field: {
            "gte": iso(self.start), "lte": iso(self.end),
            "format": "strict_date_optional_time"}}}

    def as_query(self, time_field):
        must = [self.range_filter(time_field)] if time_field else []
        if self.query:
            must.append({"query_string": {"query": self.query, "analyze_wildcard": True}})
        return {"bool": {"must": must, "filter": [{"match_all": {}}, *self.filters],
                         "should": [], "must_not": []}}


def iso(moment):
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + \
        f"{moment.microsecond // 1000:03d}Z"


def parse_time(text, now=None):
    """A dashboard's time: ISO, a day, now, or now-15m and the like (s m h d w M y)."""
    now = now or datetime.now(timezone.utc)
    wrong = ValueError(f"'{text}' is no time: write 2022-01-03, an ISO time, now, or now-15m")
    if text == "now":
        return now
    if not text.startswith("now"):
        try:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            raise wrong from None
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    sizes = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800,
             "M": 2592000, "y": 31536000}
    amount, unit = text[4:-1], text[-1]
    if text[3] not in "+-" or not amount.isdigit() or unit not in sizes:
        raise wrong
    seconds = int(amount) * sizes[unit] * (1 if text[3] == "+" else -1)
    return datetime.fromtimestamp(now.timestamp() + seconds, timezone.utc)


@dataclass
class Search:
    """One search of a panel. For Vega, at is the object whose url it is: the answer takes the url's place."""
    index: str
    body: dict
    at: dict = None


def vega_searches(spec, context):
    """The searches of a Vega spec. spec is changed: call with a copy, then put each answer in by fill()."""
    found = []
    for at in data_objects(spec):
        url = at.get("url")
        if not isinstance(url, dict) or "index" not in url:
            continue
        body = copy.deepcopy(url.get("body", {}))
        if CONTEXT in url or TIME_FIELD in url:
            if "query" in body:
                raise ValueError("a url with %context% or %timefield% may have no body.query")
            body["query"] = context_query(url, context)
        found.append(Search(url["index"], body, at))
    return found


def context_query(url, context):
    time_field = url.get(TIME_FIELD)
    if url.get(CONTEXT):
        return context.as_query(time_field)
    return context.range_filter(time_field)


def data_objects(spec):
    """Every object that may hold a url: Vega's list of data, and Vega-Lite's data of the whole and of each layer."""
    data = spec.get("data", [])
    yield from data if isinstance(data, list) else [data]
    for layer in spec.get("layer", []):
        yield from data_objects(layer)


def fill(search, answer):
    """Put the answer where the url stood, as Kibana does."""
    del search.at["url"]
    search.at["values"] = answer


def classic_search(panel, index, time_field, context):
    """The search of a classic panel: buckets inside one another in their order, the metrics inside the last."""
    aggs = [a for a in panel["spec"]["aggs"] if a.get("enabled", True)]
    buckets = [a for a in aggs if a["type"] in BUCKETS]
    metrics = {a["id"]: metric_body(a) for a in aggs if a["type"] not in BUCKETS}
    metrics = {k: v for k, v in metrics.items() if v}
    inner = metrics
    for bucket in reversed(buckets):
        body = BUCKETS[bucket["type"]](bucket["params"], context)
        # Kibana repeats at each level the metric that the level is ordered by.
        order = bucket["params"].get("orderBy")
        wanted = {order: metrics[order]} if order in metrics else {}
        inner = {bucket["id"]: {**body, "aggs": {**wanted, **inner}}}
    query = context.as_query(time_field)
    if panel.get("query"):
        query["bool"]["must"].append({"query_string": {"query": panel["query"]["query"]}})
    return Search(index, {"size": 0, "track_total_hits": True, "query": query, "aggs": inner})


def lens_search(panel, index, time_field, context):
    """The search of a Lens panel of one layer, near to Lens's own: its columns in their order, as aggs."""
    (layer,) = panel["spec"]["state"]["datasourceStates"]["indexpattern"]["layers"].values()
    columns = [(name, layer["columns"][name]) for name in layer["columnOrder"]]
    metrics = {n: {c["operationType"]: {"field": c["sourceField"]}} for n, c in columns if not c["isBucketed"]}
    inner = metrics
    for name, column in reversed([(n, c) for n, c in columns if c["isBucketed"]]):
        params = column["params"]
        if column["operationType"] == "terms":
            order = params["orderBy"]["columnId"]
            body = {"terms": {"field": column["sourceField"], "size": params["size"], "order": {order: params["orderDirection"]}}}
            inner = {name: {**body, "aggs": {order: metrics[order], **inner}}}
        else:
            body = date_histogram_body({"field": column["sourceField"], "interval": params["interval"]}, context)
            inner = {name: {**body, "aggs": inner}}
    return Search(index, {"size": 0, "query": context.as_query(time_field), "aggs": inner})


def metric_body(agg):
    if agg["type"] == "count":
        return None  # every bucket has its count
    params = agg["params"]
    return {agg["type"]: {"field": params["field"], **json.loads(params.get("json") or "{}")}}


def terms_body(params, _context):
    order = params["orderBy"]
    key = order if order == "_key" or order.isdigit() else "_count"
    return {"terms": {"field": params["field"], "size": params["size"],
                      "order": {key: params["order"]}}}


def date_histogram_body(params, context):
    days = (context.end - context.start).total_seconds() / 86400
    every = params["interval"]
    if every == "auto":  # near to Kibana's choice, which depends on its settings
        every = "1d" if days <= 100 else "7d" if days <= 700 else "30d"
    return {"date_histogram": {"field": params["field"], "fixed_interval": every,
                               "min_doc_count": params.get("min_doc_count", 1)}}


BUCKETS = {"terms": terms_body, "date_histogram": date_histogram_body}


def searches(panel, panel_set, context, index=None):
    """(spec, searches) of a panel: the spec, for Vega, is a copy to fill. index replaces the set's own alias."""
    if panel["kind"] == "vega":
        spec = copy.deepcopy(panel["spec"])
        found = vega_searches(spec, context)
        for search in found:
            if index and search.index == panel_set.index:
                search.index = index
        return spec, found
    ask = {"classic": classic_search, "lens": lens_search}.get(panel["kind"])
    return None, [ask(panel, index or panel_set.index, panel_set.time_field, context)] if ask else []
