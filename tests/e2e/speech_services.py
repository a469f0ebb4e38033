"""Recognizers and speakers elsewhere: OpenAI's speech over HTTP and Deepgram's live transcription over
a WebSocket, with faults as a test says."""

import http.server
import json
import subprocess
import threading
import time

import numpy as np
import websockets.exceptions
import websockets.sync.server

KEY = "sk-speech-e2e"


class Voice:
    """`POST /v1/audio/speech`, spoken by flite; the speech of a text among `broken` breaks off after a
    tenth of a second; `refuses` says that nothing is spoken; the first sound comes `after` seconds."""

    def __init__(self, voice, folder):
        self.voice, self.folder = voice, folder
        self.texts, self.broken, self.refuses, self.after = [], (), False, 0.0
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
                time.sleep(voice.after)
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


class Tones(Voice):
    """A voice whose words are tones: a word is `WORD` seconds of its own frequency, then `PAUSE`. What
    left the socket tells by itself which words were said."""

    WORD, PAUSE = 0.24, 0.06

    def __init__(self, folder):
        super().__init__("tones", folder)
        self.words = []

    def frequency(self, word):
        if word not in self.words:
            self.words.append(word)
        return 400 + 90 * self.words.index(word)

    def samples(self, text):
        out = []
        for word in text.split():
            t = np.arange(int(24000 * self.WORD)) / 24000
            out += [0.4 * np.sin(2 * np.pi * self.frequency(word) * t), np.zeros(int(24000 * self.PAUSE))]
        return (np.concatenate(out) * 32767).astype("<i2").tobytes()

    def n_said(self, text, heard):
        """How many words of `text` are in `heard` (8 kHz) for at least half of their length."""
        return sum(self._length(word, heard) >= self.WORD / 2 for word in text.split())

    def _length(self, word, heard):
        """For how many seconds the word's frequency prevails, in slices of 20 ms."""
        n = len(heard) // 160
        slices = heard[: n * 160].reshape(n, 160) * np.hanning(160)
        size = 1024
        spectrum = np.abs(np.fft.rfft(slices, size, axis=1))
        loudest = spectrum.argmax(axis=1) * 8000 / size
        is_loud = spectrum.max(axis=1) > 2
        return 0.02 * int(np.sum(is_loud & (np.abs(loudest - self.frequency(word)) < 40)))


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
