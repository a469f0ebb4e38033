"""Recognizers and speakers elsewhere: OpenAI's speech over HTTP and Deepgram's live transcription over
a WebSocket, with faults as a test says."""

import http.server
import json
import subprocess
import threading
import time

import websockets.exceptions
import websockets.sync.server

KEY = "sk-speech-e2e"


class Voice:
    """`POST /v1/audio/speech`, spoken by flite; the speech of a text among `broken` breaks off after a
    tenth of a second; `refuses` says that nothing is spoken."""

    def __init__(self, voice, folder):
        self.voice, self.folder = voice, folder
        self.texts, self.broken, self.refuses = [], (), False
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def samples(self, text):
        """16-bit samples of 24 kHz."""
        path = self.folder / f"{self.voice}-{threading.get_ident()}.wav"
        subprocess.run(["flite", "-voice", self.voice, "-t", text, "-o", str(path)], check=True)
        as_pcm = ["sox", str(path), "-t", "raw", "-r", "24000", "-e", "signed", "-b", "16", "-c", "1", "-"]
        return subprocess.run(as_pcm, check=True, capture_output=True).stdout

    def handler(voice):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers["Authorization"] != f"Bearer {KEY}" or self.path != "/v1/audio/speech":
                    return self.send_error(401)
                if voice.refuses:
                    return self.send_error(503)
                assert body["response_format"] == "pcm"
                voice.texts.append(body["input"])
                sound = voice.samples(body["input"])
                self.send_response(200)
                self.send_header("Content-Type", "audio/pcm")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                try:
                    self.stream(sound, body["input"] in voice.broken)
                except OSError:
                    pass

            def stream(self, sound, is_broken):
                for at in range(0, len(sound), 4800):
                    if is_broken and at >= 4800:
                        self.close_connection = True
                        self.connection.close()
                        return
                    piece = sound[at : at + 4800]
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                    self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")

        return Handler


class Ear:
    """Deepgram's live transcription. It understands `words` in turn, one an utterance, `after` seconds
    after its end; once `broken`, connections break as soon as sound comes."""

    def __init__(self, *words, after=0.05):
        self.words, self.after = list(words), after
        self.broken = False
        self.n_connections, self.n_bytes = 0, []
        self.server = websockets.sync.server.serve(self.talk, "127.0.0.1", 0)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}/v1/listen"

    def close(self):
        self.server.shutdown()

    def talk(self, socket):
        self.n_connections += 1
        assert socket.request.headers["Authorization"] == f"Token {KEY}"
        assert "encoding=linear16" in socket.request.path and "sample_rate=8000" in socket.request.path
        n_bytes = 0
        try:
            for message in socket:
                if isinstance(message, bytes):
                    n_bytes += len(message)
                    if self.broken:
                        socket.socket.close()
                        return
                    socket.send(results(self.words[0][:3], False, False))
                elif json.loads(message)["type"] == "Finalize":
                    self.n_bytes.append(n_bytes)
                    n_bytes = 0
                    time.sleep(self.after)
                    said = self.words[0] if len(self.words) == 1 else self.words.pop(0)
                    socket.send(results(said, True, True))
        except (websockets.exceptions.ConnectionClosed, OSError):
            pass


def results(text, is_final, from_finalize):
    best = {"transcript": text, "confidence": 0.97, "words": []}
    told = {"type": "Results", "is_final": is_final, "speech_final": False, "from_finalize": from_finalize}
    return json.dumps({**told, "channel": {"alternatives": [best]}})
