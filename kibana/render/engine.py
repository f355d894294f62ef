"""One search engine over HTTP, as much as drawing and testing panels need."""
import base64
import json
import urllib.error
import urllib.parse
import urllib.request


class EngineError(Exception):
    """What the engine refused, in its own words."""


class Engine:
    def __init__(self, url, timeout_s=120):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EngineError(f"'{url}' is no address of an engine: write http://HOST:PORT")
        host = parts.hostname + (f":{parts.port}" if parts.port else "")
        self.url = f"{parts.scheme}://{host}{parts.path.rstrip('/')}"
        self.headers = {"Content-Type": "application/json"}
        if parts.username:
            login = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
            self.headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
        self.timeout_s = timeout_s
        # Not through a proxy that the environment names: the lab is on loopback.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, method, path, body=None, content_type=None):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        headers = {**self.headers, **({"Content-Type": content_type} if content_type else {})}
        request = urllib.request.Request(f"{self.url}/{path}", data, headers, method=method)
        try:
            with self.opener.open(request, timeout=self.timeout_s) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise EngineError(f"{method} {path}: {error.code}: {reason(error.read())}") from None
        except (OSError, ValueError) as error:
            raise EngineError(f"{self.url}: {getattr(error, 'reason', error)}") from None

    def search(self, index, body):
        answer = self.ask("POST", f"{urllib.parse.quote(index)}/_search", body)
        if answer.get("timed_out") or answer["_shards"]["failed"]:
            raise EngineError(f"{index}: {json.dumps(answer['_shards'])[:500]}")
        return answer


def reason(text):
    try:
        error = json.loads(text)["error"]
        if not isinstance(error, dict):
            return str(error)
        roots = error.get("root_cause") or [error]
        cause = error.get("caused_by", {}).get("reason")
        return "; ".join(f"{r.get('type')}: {r.get('reason')}" for r in roots) + \
            (f" ({cause})" if cause else "")
    except (ValueError, KeyError, TypeError):
        return text[:300].decode(errors="replace")
