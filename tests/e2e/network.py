"""A network of a test's own: the server in one namespace, phones in another, and between them a cable that
can be made bad (wire.py). The API does not go by the cable.

    phones 10.99.1.2 …  ==== wire ====  10.99.1.1 the server's SIP and RTP
"""

import ctypes
import fcntl
import json
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import threading
import urllib.request

from centre import INSTANCE, Centre, wait_for
from cloud import Cloud

HERE = pathlib.Path(__file__).parent
FAR, NEAR = "10.99.1.1", "10.99.1.2"
N_PHONES = 8  # addresses from NEAR on

CLONE_NEWNET = 0x40000000
SIOCETHTOOL = 0x8946
# ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO: what a network card would do with a packet is done before it.
OFFLOADS = (0x17, 0x1F, 0x24)


class Forbidden(Exception):
    """This machine lets us make no namespaces, or no interfaces in them."""


def ip(*words, failure=RuntimeError):
    try:
        done = subprocess.run(["ip", *words], capture_output=True, text=True)
    except FileNotFoundError as error:
        raise failure(str(error)) from None
    if done.returncode:
        raise failure(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


class Network:
    """Use it in a `with`: inside, this thread and what it starts are in the namespace of the phones."""

    def __init__(self, seed=7):
        self.names = [f"swb-{os.getpid()}-{part}" for part in ("centre", "phones", "wire")]
        self.seed = seed
        self.wire = None
        self.home = None

    def __enter__(self):
        try:
            self._lay()
        except BaseException:
            self._tear()
            raise
        return self

    def __exit__(self, *_):
        self._tear()

    def _lay(self):
        remove_stale()
        centre, phones, wire = self.names
        for name in self.names:
            ip("netns", "add", name, failure=Forbidden)
            ip("-n", name, "link", "set", "lo", "up")
        lay = lambda a, of_a, b, of_b: ip(
            "link", "add", of_a, "netns", a, "type", "veth", "peer", "name", of_b, "netns", b,
            failure=Forbidden,
        )  # fmt: skip
        lay(phones, "bad", wire, "a")
        lay(centre, "bad", wire, "b")
        for name, interface, addresses in (
            (centre, "bad", [FAR]),
            (phones, "bad", [phone_ip(n) for n in range(N_PHONES)]),
            (wire, "a", []),
            (wire, "b", []),
        ):
            for address in addresses:
                ip("-n", name, "addr", "add", f"{address}/24", "dev", interface)
            ip("-n", name, "link", "set", "dev", interface, "promisc", "on", "up")
        for name in (centre, phones):
            with inside(name):
                no_offload("bad")
        command = ["ip", "netns", "exec", wire, sys.executable, str(HERE / "wire.py"), "a", "b"]
        # It must not wait for tests that reckon.
        urgent = ["nice", "-n", "-10"] if os.geteuid() == 0 else []
        self.wire = subprocess.Popen(
            [*urgent, *command, str(self.seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.set()
        self.home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        enter(phones)

    def _tear(self):
        if self.home is not None:
            setns(self.home)
            os.close(self.home)
            self.home = None
        if self.wire:
            self.wire.kill()
            self.wire.wait()
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)

    def set(self, **conditions):
        """Both ways are as `conditions` of wire.py say, and good otherwise."""
        self._ask({"set": {"both": conditions}})

    def set_ways(self, to_centre, to_phones):
        """The same for each way."""
        self._ask({"set": {"a": to_centre, "b": to_phones}})

    def counts(self):
        """What was done so far with packets (to the centre, to the phones)."""
        return self._ask({})

    def _ask(self, asked):
        self.wire.stdin.write(json.dumps(asked) + "\n")
        self.wire.stdin.flush()
        told = self.wire.stdout.readline()
        if not told:
            raise RuntimeError("the wire has ended")
        return json.loads(told)


class FarCentre(Centre):
    """A server at the far end. Its API is at the same port of loopback on both sides."""

    ip = FAR

    def __init__(self, network, folder, *flags):
        super().__init__(folder, *flags, dev=False)
        self.home = network.names[0]
        self.prefix = ["ip", "netns", "exec", self.home]
        self.door = socket.create_server(("127.0.0.1", self.http_port))
        threading.Thread(target=self._carry, daemon=True).start()

    def start(self):
        """What is fixed with `--dev` is for loopback only: this one is set up as an operator does it."""
        super().start()
        link = self.data / "setup-link"
        token = wait_for("the link", lambda: link.exists() and link.read_text().strip()).split("#")[1]
        body = json.dumps({"token": token}).encode()
        request = urllib.request.Request(f"{self.url}/setup", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            made = json.loads(answer.read())
        assert made["instance"] == INSTANCE
        self.token = made["token"]
        self.cloud = Cloud(self, made["secret_id"], made["secret_key"])
        return self

    def stop(self):
        super().stop()
        self.door.close()

    def _carry(self):
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            try:
                with inside(self.home):
                    far = socket.create_connection(("127.0.0.1", self.http_port), 5)
            except OSError:
                near.close()  # The server does not listen yet, or no longer.
                continue
            far.settimeout(None)
            for ends in ((near, far), (far, near)):
                threading.Thread(target=pass_on, args=ends, daemon=True).start()


def pass_on(one, other):
    try:
        while more := one.recv(65536):
            other.sendall(more)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        one.close()
        other.close()


def phone_ip(n):
    return f"10.99.1.{2 + n}"


def setns(fd):
    if ctypes.CDLL(None, use_errno=True).setns(fd, CLONE_NEWNET):
        raise Forbidden(f"setns: {os.strerror(ctypes.get_errno())}")


def enter(name):
    fd = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        setns(fd)
    finally:
        os.close(fd)


class inside:
    """This thread is in another namespace for a moment."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        enter(self.name)

    def __exit__(self, *_):
        setns(self.home)
        os.close(self.home)


def no_offload(interface):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for what in OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", what, 0))
            request = struct.pack("16sP", interface.encode(), ctypes.addressof(value))
            fcntl.ioctl(any_socket, SIOCETHTOOL, request)


def remove_stale():
    """What a run that was killed left."""
    for name in re.findall(r"^swb-\d+-\w+", ip("netns", "list", failure=Forbidden), re.M):
        if not pathlib.Path(f"/proc/{name.split('-')[1]}").exists():
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
