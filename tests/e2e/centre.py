"""A switchboard process of its own, and its native API."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

BIN = os.environ.get("SWITCHBOARD_BIN", "target/debug/switchboard")
VENVS = pathlib.Path(os.environ.get("SWITCHBOARD_VENVS", "target/python"))

# What `--dev` seeds.
INSTANCE = 1400000001
SECRET_ID = "AKIDdev"
SECRET_KEY = "dev-secret"
TOKEN = "swb_dev"

START_SECONDS_MAX = 60


class Problem(Exception):
    """The native API refused."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def wait_for(what, look, seconds=20.0, every=0.07):
    """The first answer of `look` that is true; fails naming `what` after `seconds`.

    Looks less than 20 times a second: a server answers so many requests of a kind and no more."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}; last was {found!r}")
        time.sleep(every)


def free_port(kind=socket.SOCK_STREAM, ip="127.0.0.1"):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((ip, 0))
        return probe.getsockname()[1]


def free_sip_port(ip="127.0.0.1", n_ports=1):
    """A port that is free for UDP and TCP, and so are those behind it, `n_ports` in all."""
    while True:
        port = free_port(ip=ip)
        kinds = (socket.SOCK_DGRAM, socket.SOCK_STREAM)
        if all(is_free(kind, ip, port + n) for kind in kinds for n in range(n_ports)):
            return port


def is_free(kind, ip, port):
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((ip, port))
            return True
        except (OSError, OverflowError):
            return False


class Centre:
    """The server under test. Its ports and its data folder outlive its process."""

    ip = "127.0.0.1"  # of SIP
    prefix = []  # of its command
    rtp_ports = "any"

    def __init__(self, folder, *flags, dev=True):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = self.folder / "data"
        self.http_port = free_port()
        self.sip_port = free_sip_port()
        self.flags = list(flags)
        self.dev = dev
        self.process = None
        self.token = TOKEN

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def log(self):
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def command(self):
        command = [
            *self.prefix, str(pathlib.Path(BIN).absolute()), "serve",
            "--data", str(self.data),
            "--listen", f"127.0.0.1:{self.http_port}",
            "--sip-listen", f"{self.ip}:{self.sip_port}",
            "--rtp-ports", self.rtp_ports,
            "--log-format", "json",
        ]  # fmt: skip
        if self.dev:
            command.append("--dev")
        if not any(flag.startswith("--simulated") for flag in self.flags):
            command.append("--simulated=false")
        return command + self.flags

    def start(self, **options):
        """Starts the process and waits until it is ready. `options` are those of `Popen`."""
        self.launch(**options)
        wait_for("the server to be ready", self.is_ready, START_SECONDS_MAX)
        return self

    def launch(self, **options):
        """Starts the process."""
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                **options,
            )  # fmt: skip

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log[-4000:]}")
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill(self):
        """What a power switch does to a process."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.kill()

    def api(self, method, path, body=None, *, files=None, token=None, **query):
        """Calls the native API; the answer's JSON, or None."""
        url = f"{self.url}/api/v1{path}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        headers = {"Authorization": f"Bearer {token or self.token}"}
        payload = None
        if files:
            boundary = "e2e0boundary"
            payload = multipart(files, boundary)
            headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        elif body is not None:
            payload = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(url, payload, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refused:
            raise Problem(refused.code, refused.read().decode()) from None
        return json.loads(text) if text else None

    # What tests set up.

    def add_trunk(self, host, port, **more):
        n = self.api("GET", "/trunks")["total"]
        body = {"name": f"trunk-{n}", "host": host, "port": port, "calls_per_second_max": 1000}
        return self.api("POST", "/trunks", body | more)["id"]

    def add_number(self, number, trunk, instance=INSTANCE, **more):
        body = {"number": number, "trunk": trunk, "instance": instance}
        return self.api("POST", "/numbers", body | more)

    def add_agent(self, definition, name="Test", instance=INSTANCE):
        body = {"name": name, "definition": definition}
        return self.api("POST", "/voice-agents", body, instance=instance)["id"]

    def add_sound(self, path, name="sound", instance=INSTANCE):
        files = {"name": (None, name.encode()), "file": (path.name, path.read_bytes())}
        return self.api("POST", "/sounds", files=files, instance=instance)["id"]

    def add_webhook(self, url, instance=INSTANCE, **more):
        return self.api("POST", "/webhook-endpoints", {"url": url} | more, instance=instance)["id"]

    def call(self, call_id):
        return self.api("GET", f"/calls/{call_id}")

    def events(self, call_id):
        return self.api("GET", f"/calls/{call_id}/events", limit=200)["items"]

    def wait_state(self, call_id, state, seconds=20):
        def look():
            call = self.call(call_id)
            return call if call["state"] == state else None

        return wait_for(f"call {call_id} to be {state}", look, seconds)

    def wait_recordings(self, call_id, seconds=30):
        """The ended call with its tracks rendered, which are stored together."""

        def look():
            call = self.call(call_id)
            return call if len(call["recordings"]) >= 2 else None

        return wait_for(f"recordings of call {call_id}", look, seconds)

    def track(self, call, name):
        return next(recording for recording in call["recordings"] if recording["track"] == name)

    def fetch(self, url, to):
        with urllib.request.urlopen(url, timeout=30) as answer:
            assert answer.headers["Content-Type"] == "audio/mpeg"
            to.write_bytes(answer.read())
        return to


def multipart(files, boundary):
    """Encodes parts of a form: name to (file name or None, bytes)."""
    out = b""
    for name, (file_name, content) in files.items():
        disposition = f'form-data; name="{name}"'
        if file_name:
            disposition += f'; filename="{file_name}"'
        out += f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
        out += content + b"\r\n"
    return out + f"--{boundary}--\r\n".encode()
