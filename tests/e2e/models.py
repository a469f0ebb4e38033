"""Servers that speak OpenAI's streaming chat completions, and Dify's, with delays and faults as a test says."""

import http.server
import json
import threading
import time


def words(text, after=0.0, between=0.0):
    """An answer in pieces."""
    return {"text": text, "after": after, "between": between}


def call(name, arguments, text=""):
    """An answer that calls a tool."""
    return {"text": text, "call": (name, json.dumps(arguments))}


def broken(text, n_pieces):
    """An answer whose connection breaks after so many pieces."""
    return {"text": text, "drop": n_pieces, "between": 0.02}


def status(code):
    """No answer but a status."""
    return {"status": code}


class Model:
    """`script` says what the request of each number, from 1, is answered with."""

    def __init__(self, script):
        self.script = script
        self.requests = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def messages(self, n):
        """The messages of the request of this number, from 1, as (role, text)."""
        body = self.requests[n - 1]["body"]
        return [(message["role"], message["content"]) for message in body["messages"]]

    def handler(model):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                seen = {"path": self.path, "headers": dict(self.headers), "body": body}
                model.requests.append(seen)
                act = model.script(len(model.requests), body)
                if "status" in act:
                    return self.refuse(act["status"])
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                time.sleep(act.get("after", 0))
                try:
                    self.stream(act)
                except OSError:
                    seen["cut"] = True

            def refuse(self, code):
                body = json.dumps({"error": {"message": "as the test says"}}).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self, act):
                pieces = [piece + " " for piece in act["text"].split(" ") if piece]
                for n, piece in enumerate(pieces):
                    if n == act.get("drop"):
                        self.close_connection = True
                        self.connection.close()
                        return
                    self.event({"delta": {"content": piece}, "finish_reason": None})
                    time.sleep(act.get("between", 0))
                if "call" in act:
                    name, arguments = act["call"]
                    function = {"name": name, "arguments": ""}
                    told = {"index": 0, "id": "call_1", "type": "function", "function": function}
                    self.event({"delta": {"tool_calls": [told]}, "finish_reason": None})
                    for at in range(0, len(arguments), 5):
                        piece = {"index": 0, "function": {"arguments": arguments[at : at + 5]}}
                        self.event({"delta": {"tool_calls": [piece]}, "finish_reason": None})
                reason = "tool_calls" if "call" in act else "stop"
                self.event({"delta": {}, "finish_reason": reason})
                self.chunk(b"data: [DONE]\n\n")
                self.chunk(b"")

            def event(self, choice):
                told = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
                told["choices"] = [{"index": 0, **choice}]
                self.chunk(b"data: " + json.dumps(told).encode() + b"\n\n")

            def chunk(self, payload):
                self.wfile.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")
                self.wfile.flush()

        return Handler


class Dify(Model):
    """An application of Dify: it keeps the conversation, and is known by the key that a test gives."""

    def handler(application):
        class Handler(super().handler()):
            def do_POST(self):
                if self.path.endswith("/stop"):
                    body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                    application.requests.append({"path": self.path, "headers": {}, "body": body})
                    return self.answer({"result": "success"})
                super().do_POST()

            def answer(self, told):
                body = json.dumps(told).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self, act):
                conversation = application.requests[-1]["body"]["conversation_id"] or "dify-conversation-1"
                of_all = {"task_id": "task-1", "message_id": "m", "conversation_id": conversation}
                for piece in [piece + " " for piece in act["text"].split(" ") if piece]:
                    self.tell(of_all | {"event": "message", "answer": piece})
                    time.sleep(act.get("between", 0))
                self.tell(of_all | {"event": "message_end", "metadata": {}})
                self.chunk(b"")

            def tell(self, event):
                self.chunk(b"data: " + json.dumps(event).encode() + b"\n\n")

        return Handler

    def questions(self):
        """What was asked, in which conversation."""
        asked = [seen["body"] for seen in self.requests if seen["path"].endswith("/chat-messages")]
        return [(body["query"], body["conversation_id"]) for body in asked]
