"""A search engine's templates, indices, aliases and lifecycle policies, and nothing else: what naru mappings asks, in a
dialect of choice. For what the lab's servers lack: ILM, ISM, old versions, keys that may do little.

    with ManagedEngine(Dialect("8.19.21", lifecycle="ilm")) as engine: ... engine.url, engine.indices, engine.asked
"""
import fnmatch
import http.server
import json
import re
import threading
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

OWN_NOTES = {"modified_date": "2026-01-01T00:00:00.000Z", "version": 1}


@dataclass
class Dialect:
    number: str
    distribution: str = ""     # "opensearch"
    lifecycle: str = ""        # "ilm", "ism", "" for neither
    hides_root: bool = False   # GET / and GET /_nodes are answered 403
    simulates: bool = True

    @property
    def composable(self):
        return self.distribution != "" or tuple(map(int, self.number.split(".")[:2])) >= (7, 8)


def flat(settings, prefix=""):
    out = {}
    for key, value in settings.items():
        name = prefix + key
        if isinstance(value, dict):
            out.update(flat(value, name + "."))
        else:
            name = name if name.startswith("index.") else "index." + name
            out[name] = value if isinstance(value, list) else json.dumps(value).strip('"')
    return out


class ManagedEngine:
    def __init__(self, dialect):
        self.dialect = dialect
        self.templates, self.indices, self.policies, self.followed = {}, {}, {}, {}
        self.asked = []  # "PUT /_ilm/policy/x", of what changes something
        self.refuses = None  # a path (glob) that is answered 403

        engine = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or "null")
                status, out = engine.ask(self.command, urlsplit(self.path), body)
                text = json.dumps(out).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                if not engine.dialect.distribution and engine.dialect.number >= "7.14":
                    self.send_header("X-Elastic-Product", "Elasticsearch")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_PUT = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    # ---- what it answers ----

    def ask(self, method, url, body):
        path, query = url.path, parse_qs(url.query)
        if method != "GET" and not path.startswith(("/_analyze", "/_index_template/_simulate")):
            self.asked.append(f"{method} {path}" + (f"?{url.query}" if url.query else ""))
        if self.refuses is not None and fnmatch.fnmatch(path, self.refuses):
            return 403, {"error": {"type": "security_exception", "reason": "action is unauthorized"}, "status": 403}
        for pattern, answer in self.routes():
            match = re.fullmatch(pattern, f"{method} {path}")
            if match:
                return answer(*match.groups(), query=query, body=body)
        return 405, {"error": f"Incorrect HTTP method for uri [{path}]", "status": 405}

    def routes(self):
        api = "_index_template" if self.dialect.composable else "_template"
        routes = [
            (r"GET /", self.root), (r"GET /_nodes/_local", self.nodes), (r"POST /_analyze", self.analyze),
            (rf"GET /{api}", self.all_templates), (rf"PUT /{api}/([^/]+)", self.put_template),
            (r"POST /_aliases", self.put_aliases), (r"PUT /([^/_][^/]*)/_mapping", self.put_mapping),
            (r"PUT /([^/_][^/]*)/_settings", self.put_settings), (r"PUT /([^/_][^/]*)", self.put_index),
            (r"GET /([^/_][^/]*)/_stats/docs", lambda *_, **__: (200, {"indices": {}})),
            (r"GET /([^/_][^/]*)/_field_caps", lambda *_, **__: (404, {})), (r"GET /([^/_][^/]*)", self.get_indices),
        ]
        if self.dialect.composable and self.dialect.simulates:
            routes.insert(0, (r"POST /_index_template/_simulate", self.simulate))
        if self.dialect.lifecycle == "ilm":
            routes[:0] = [(r"GET /_ilm/status", lambda **_: (200, {"operation_mode": "RUNNING"})),
                          (r"GET /_ilm/policy/([^/]+)", self.get_ilm), (r"PUT /_ilm/policy/([^/]+)", self.put_ilm)]
        if self.dialect.lifecycle == "ism":
            ism = r"/_plugins/_ism"
            routes[:0] = [(rf"GET {ism}/policies", lambda **_: (200, {"policies": [], "total_policies": 0})),
                          (rf"GET {ism}/policies/([^/]+)", self.get_ism), (rf"PUT {ism}/policies/([^/]+)", self.put_ism),
                          (rf"GET {ism}/explain/([^/]+)", self.explain), (rf"POST {ism}/add/([^/]+)", self.follow)]
        return routes

    def root(self, **_):
        if self.dialect.hides_root:
            return 403, {"error": "unauthorized", "status": 403}
        version = {"number": self.dialect.number, "build_flavor": "default"}
        tagline = "You Know, for Search"
        if self.dialect.distribution:
            version = {"number": self.dialect.number, "distribution": self.dialect.distribution}
            tagline = "The OpenSearch Project: https://opensearch.org/"
        return 200, {"version": version, "tagline": tagline}

    def nodes(self, **_):
        if self.dialect.hides_root:
            return 403, {"error": "unauthorized", "status": 403}
        return 200, {"nodes": {"a": {"version": self.dialect.number, "build_flavor": "default"}}}

    def analyze(self, body, **_):
        return (200, {"tokens": []}) if body["analyzer"] == "nori" else (400, {"error": "failed to find global analyzer"})

    def all_templates(self, **_):
        if not self.dialect.composable:
            return 200, self.templates
        return 200, {"index_templates": [{"name": n, "index_template": t} for n, t in self.templates.items()]}

    def put_template(self, name, query, body):
        if "create" in query and name in self.templates:
            return 400, {"error": {"type": "illegal_argument_exception", "reason": f"[{name}] already exists"}}
        self.templates[name] = body
        return 200, {"acknowledged": True}

    def simulate(self, body, **_):
        return 200, {"template": {"settings": {}, "mappings": body["template"]["mappings"], "aliases": {}}}

    def put_index(self, name, body, **_):
        if name in self.indices:
            return 400, {"error": {"type": "resource_already_exists_exception", "reason": f"[{name}] already exists"}}
        self.indices[name] = {"aliases": {}, "mappings": body["mappings"], "settings": flat(body["settings"])}
        return 200, {"acknowledged": True}

    def get_indices(self, name, **_):
        found = {n: i for n, i in self.indices.items() if fnmatch.fnmatch(n, name) or name in i["aliases"]}
        return (200, found) if found or "*" in name else (404, {"error": {"type": "index_not_found_exception"}})

    def put_aliases(self, body, **_):
        for action in body["actions"]:
            add = action["add"]
            self.indices[add["index"]]["aliases"][add["alias"]] = {k: v for k, v in add.items() if k == "is_write_index"}
        return 200, {"acknowledged": True}

    def put_mapping(self, name, body, **_):
        self.indices[name]["mappings"].update(body)
        return 200, {"acknowledged": True}

    def put_settings(self, name, body, **_):
        self.indices[name]["settings"].update(flat(body))
        return 200, {"acknowledged": True}

    def get_ilm(self, name, **_):
        if name not in self.policies:
            return 404, {"error": {"type": "resource_not_found_exception"}}
        return 200, {name: {**OWN_NOTES, "policy": self.policies[name]}}

    def put_ilm(self, name, body, **_):
        policy = body["policy"]
        delete = policy["phases"].get("delete", {}).get("actions", {}).get("delete")
        if delete is not None:
            delete["delete_searchable_snapshot"] = True  # as the engine writes it back
        self.policies[name] = policy
        return 200, {"acknowledged": True}

    def get_ism(self, name, **_):
        if name not in self.policies:
            return 404, {"error": {"type": "status_exception", "reason": "Policy not found"}}
        version, policy = self.policies[name]
        for state in policy["states"]:
            for action in state["actions"]:
                action["retry"] = {"count": 3, "backoff": "exponential", "delay": "1m"}
        return 200, {"_id": name, "_seq_no": version, "_primary_term": 1, "policy": {**policy, "policy_id": name}}

    def put_ism(self, name, query, body):
        version = self.policies[name][0] if name in self.policies else None
        if version is not None and query.get("if_seq_no") != [str(version)]:
            return 409, {"error": {"type": "version_conflict_engine_exception", "reason": "document already exists"}}
        self.policies[name] = (0 if version is None else version + 1, body["policy"])
        return 201, {"_id": name}

    def explain(self, name, **_):
        key = "index.plugins.index_state_management.policy_id"
        found = {n: {key: self.followed.get(n)} for n in self.indices if fnmatch.fnmatch(n, name)}
        return 200, {**found, "total_managed_indices": len(self.followed)}

    def follow(self, name, body, **_):
        self.followed[name] = body["policy_id"]
        return 200, {"updated_indices": 1, "failures": False}
