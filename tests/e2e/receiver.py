"""A customer's web server that receives pushes, and sometimes does not want to."""

import dataclasses
import http.server
import json
import threading
import time
import urllib.parse

from centre import wait_for


@dataclasses.dataclass
class Push:
    """One POST as it arrived."""

    action: str
    version: str
    headers: object  # Names in any case.
    raw: bytes
    at: float

    @property
    def body(self):
        return json.loads(self.raw)

    @property
    def uuid(self):
        return self.headers["X-TCCC-PUSH-UUID"]

    @property
    def call(self):
        return self.body["SessionId"]


class Receiver:
    """Listens on a free port. `answers` decides: a function of a push and of how many times its
    UUID has come, from 1, to (status, body). Without one everything is accepted."""

    def __init__(self, answers=None):
        self.answers = answers or (lambda push, n: (200, b'{"ErrCode":0,"ErrMsg":""}'))
        self.pushes = []
        self.files = {}
        self.token_requests = []
        self.tokens = ["token-1"]
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                receiver.take(self)

            def do_GET(self):
                receiver.give(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def url(self):
        return f"{self.base}/push"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def take(self, request):
        raw = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        address = urllib.parse.urlsplit(request.path)
        if address.path == "/token":
            self.token_requests.append((request.headers, raw.decode()))
            body = {"access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": 3600}
            return reply(request, 200, json.dumps(body).encode())
        query = dict(urllib.parse.parse_qsl(address.query))
        push = Push(query["action"], query["version"], request.headers, raw, time.time())
        self.pushes.append(push)
        n = sum(1 for other in self.pushes if other.uuid == push.uuid)
        status, body = self.answers(push, n)
        reply(request, status, body)

    def give(self, request):
        """Serves `files` by path: sounds that the server fetches."""
        content = self.files.get(request.path)
        reply(request, 200 if content else 404, content or b"")

    def of(self, call_id, action=None):
        return [
            push
            for push in list(self.pushes)
            if push.call == call_id and (action is None or push.action == action)
        ]

    def wait(self, call_id, action, n=1, seconds=40):
        """The first `n` pushes of this kind about a call."""

        def look():
            found = self.of(call_id, action)
            return found if len(found) >= n else None

        return wait_for(f"{n} pushes {action} of call {call_id}", look, seconds)


def reply(request, status, body):
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
