"""A customer's function that is asked by the callbacks of the outbound robot (`SSE_FUNCTION`): events
whose answers grow, as the vendor's pages have them."""

import http.server
import json
import threading


class SseRobot:
    """`script` gives `(words, controls)` for each question: its callback and its body."""

    def __init__(self, script):
        self.script = script
        self.asked = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def callbacks(self):
        """The callbacks so far, in order."""
        return [callback for callback, _, _ in self.asked]

    def handler(robot):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                callback = self.path.rsplit("/", 1)[1]
                robot.asked.append((callback, body, dict(self.headers)))
                if callback in ("abortDialogue", "endSession"):
                    return self.document(body)
                words, controls = robot.script(callback, body)
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                pieces = words.split(" ")
                for n in range(1, len(pieces) + 1):
                    self.event(body, " ".join(pieces[:n]), n == len(pieces), controls)
                self.wfile.write(b"0\r\n\r\n")

            def document(self, body):
                told = {"requestId": body["requestId"], "httpStatusCode": 200, "code": "OK"}
                text = json.dumps({**told, "message": None, "data": None}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def event(self, body, answer, is_last, controls):
                told = {
                    "requestId": body["requestId"],
                    "httpStatusCode": 200,
                    "code": "OK",
                    "message": None,
                    "data": {
                        "streamEnd": is_last,
                        "updatedTime": 1733372800000,
                        "sessionId": body["sessionId"],
                        "streamId": body["streamId"],
                        "answer": answer,
                        # The vendor's demo sends texts, its pages objects.
                        "controlParamsList": [json.dumps(c) for c in controls] if is_last else [],
                    },
                }
                payload = b"data:" + json.dumps(told).encode() + b"\n\n"
                self.wfile.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")
                self.wfile.flush()

        return Handler
