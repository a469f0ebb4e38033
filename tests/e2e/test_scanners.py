"""Scanners: what they may not learn, and what they are told."""

import contextlib
import pathlib
import re
import socket
import statistics
import time

import pytest

from centre import Centre, wait_for
from conftest import new_number, quiet
from handset import DOMAIN
from peers import new_ip
from test_inbound import INBOUND, Udp, invite
from test_odd_peers import field


class Guess:
    """One stranger's requests, each from a port of its own."""

    def __init__(self, centre):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((new_ip(), 0))
        self.socket.settimeout(5)
        self.ip, self.port = self.socket.getsockname()
        self.server = ("127.0.0.1", centre.sip_port)
        self.n = 0

    def ask(self, method, user, more=""):
        """The final answer, and the seconds until it came."""
        self.n += 1
        name = f"{self.ip}-{self.port}-{self.n}"
        lines = [
            f"{method} sip:{user}@{DOMAIN} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.ip}:{self.port};branch=z9hG4bK{name}",
            "Max-Forwards: 70",
            f"From: <sip:{user}@{DOMAIN}>;tag={self.n}",
            f"To: <sip:{user}@{DOMAIN}>",
            f"Call-ID: {name}",
            f"CSeq: {self.n} {method}",
            f"Contact: <sip:{user}@{self.ip}:{self.port}>",
        ]
        text = "\r\n".join([*lines, *([more] if more else []), "Content-Length: 0", "", ""])
        begun = time.perf_counter()
        self.socket.sendto(text.encode(), self.server)
        while True:
            answer = self.socket.recv(65536).decode()
            if not answer.startswith("SIP/2.0 1"):
                return answer, time.perf_counter() - begun

    def guess(self, method, user):
        """Answers the challenge with a wrong password."""
        challenge, _ = self.ask(method, user)
        shown = field(challenge, "WWW-Authenticate")
        nonce = re.search('nonce="(.*?)"', shown[0])[1]
        proof = (
            f'Authorization: Digest username="{user}", realm="switchboard", nonce="{nonce}", '
            f'uri="sip:{user}@{DOMAIN}", response="{"0" * 32}", algorithm=MD5, qop=auth, nc=00000001, cnonce="a"'
        )
        answer, seconds = self.ask(method, user, proof)
        return [re.sub('nonce=".*?"', "", text) for text in shown], answer.split("\r\n")[0], seconds


@pytest.mark.parametrize("method", ["REGISTER", "INVITE"])
def test_nobody_learns_which_extensions_there_are(centre, cloud, method):
    known = {"REGISTER": "7811", "INVITE": "7812"}[method]
    cloud.CreateExtension(ExtensionId=known, ExtensionName="Desk")
    seen = {}
    for user in (known, "7899"):
        guesses = [Guess(centre).guess(method, user) for _ in range(7)]
        assert all(status == "SIP/2.0 403 Forbidden" for _, status, _ in guesses)
        seen[user] = guesses[0][0], statistics.median(seconds for *_, seconds in guesses)
    assert seen[known][0] == seen["7899"][0], "the challenges are alike"
    # What finding an extension takes is less than what all of them wait for.
    assert all(seconds >= 0.05 for _, seconds in seen.values()), seen


@pytest.mark.parametrize(
    "length, status",
    [("-1", "400 Bad Request - invalid Content-Length"), ("900000", "513 Message Too Large")],
)
def test_a_stream_that_cannot_be_followed_is_told_why_and_closed(centre, length, status):
    with socket.create_connection(("127.0.0.1", centre.sip_port), 5) as stream:
        request = (
            "INVITE sip:1@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n"
            f"To: <sip:1@h>\r\nCall-ID: {length}\r\nCSeq: 1 INVITE\r\nContent-Length: {length}\r\n\r\n"
        )
        stream.sendall(request.encode() + b"x" * 1000)
        stream.settimeout(5)
        answer = stream.recv(65536).decode()
        assert answer.startswith(f"SIP/2.0 {status}\r\n")
        assert stream.recv(65536) == b""


@pytest.fixture
def guarded(tmp_path):
    """A server that knows the address of a trunk: (server, address, number of an agent)."""
    centre = Centre(tmp_path / "centre").start()
    ip, number = new_ip(), new_number()
    trunk = centre.add_trunk(ip, 5060, options_ping=False, **INBOUND)
    centre.add_number(number, trunk, inbound_agent=centre.add_agent(quiet("Good morning.")))
    wait_for("a queue of its own", lambda: n_queues(centre) == 2)
    yield centre, ip, number
    centre.stop()


def test_a_trunk_is_answered_when_strangers_have_filled_what_is_theirs(guarded):
    """Their INVITEs are challenged, and no challenge is acknowledged: each is held for half a minute."""
    centre, ip, number = guarded
    n_refused = 0
    # 500 of one address are held at most, and 10,000 in all.
    for _ in range(22):
        stranger = Udp(centre)
        for n in range(0, 480, 40):
            names = [f"{stranger.source[0]}-{n + k}" for k in range(40)]
            for name in names:
                stranger.send(invite(number, stranger.source, name))
            n_refused += stranger.status(names[-1]) == 503
    assert n_refused, "strangers have no room any more"
    carrier = Udp(centre, ip)
    carrier.send(invite(number, carrier.source, "trunk-1"))
    assert carrier.status("trunk-1") == 200
    stranger = Udp(centre)
    stranger.send(invite(number, stranger.source, "stranger"))
    assert stranger.status("stranger") == 503, "they still have none"


def test_a_trunk_connects_when_strangers_hold_every_connection_that_they_may(guarded):
    """Theirs are half requests, 50 of an address."""
    centre, ip, number = guarded
    server = ("127.0.0.1", centre.sip_port)

    def connected(ip):
        stream = socket.create_connection(server, 5, source_address=(ip, 0))
        stream.settimeout(5)
        return stream

    with contextlib.ExitStack() as held:
        for _ in range(12):
            stranger = new_ip()
            for _ in range(50):
                held.enter_context(connected(stranger)).sendall(b"OPTIONS sip:a@b SIP/2.0\r\n")
        late = held.enter_context(connected(new_ip()))
        wait_for("one more to be closed", lambda: is_closed(late))
        carrier = held.enter_context(connected(ip))
        request = invite(number, carrier.getsockname(), "trunk-2").replace(b"SIP/2.0/UDP", b"SIP/2.0/TCP")
        carrier.sendall(request)
        answer = b""
        while b"SIP/2.0 200" not in answer:
            came = carrier.recv(65536)
            assert came, answer
            answer += came


def is_closed(stream):
    try:
        return stream.recv(1) == b""
    except ConnectionResetError:
        return True


def n_queues(centre):
    """UDP sockets on the port of SIP."""
    rows = [line.split() for line in pathlib.Path("/proc/net/udp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{centre.sip_port:04X}") for row in rows)
