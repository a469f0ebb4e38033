"""Trunks that are found by DNS, with a server of the test (RFC 3263)."""

import socket
import struct
import threading

import pytest

import sound
from centre import Centre, wait_for
from cloud import Cloud
from conftest import quiet
from peers import Phone, new_ip
from test_call import place
from test_trunks import Registrar, shown

GREETING = "Good morning, this is Harbor Clinic."
SRV, A = 33, 1


class Dns:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self):
        self.records, self.asked = {}, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def srv(self, name, *servers, ttl=60):
        """`servers`: priority, weight, port, host."""
        datas = [struct.pack("!HHH", *one[:3]) + _name(one[3]) for one in servers]
        self.records[name, SRV] = (ttl, datas)

    def a(self, name, ip):
        self.records[name, A] = (60, [socket.inet_aton(ip)])

    def _serve(self):
        while True:
            try:
                query, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1 : at + 1 + query[at]].decode().lower())
                at += query[at] + 1
            kind = struct.unpack("!H", query[at + 1 : at + 3])[0]
            question = query[12 : at + 5]
            name = ".".join(labels)
            self.asked.append((name, kind))
            ttl, datas = self.records.get((name, kind), (0, []))
            code = 0 if any(known == name for known, _ in self.records) else 3
            header = query[:2] + struct.pack("!HHHHH", 0x8580 | code, 1, len(datas), 0, 0)
            answers = b"".join(
                b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data for data in datas
            )
            self.socket.sendto(header + question + answers, peer)

    def close(self):
        self.socket.close()


def _name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


@pytest.fixture(scope="module")
def dns():
    dns = Dns()
    yield dns
    dns.close()


@pytest.fixture(scope="module")
def centre(tmp_path_factory, dns):
    centre = Centre(
        tmp_path_factory.mktemp("centre"),
        "--requests-per-second", "1000", "--dns-server", f"127.0.0.1:{dns.port}",
    )  # fmt: skip
    centre.start()
    yield centre
    centre.stop()


def test_a_domain_leads_to_its_servers_and_a_busy_one_to_the_next(centre, dns, lines, tmp_path):
    busy = Phone(tmp_path, "refuse", status="503 Service Unavailable")
    good = Phone(tmp_path, "answer")
    dns.srv(
        "_sip._udp.carrier.test",
        (20, 0, good.port, "good.carrier.test"),
        (10, 5, busy.port, "busy.carrier.test"),
        (5, 5, 5060, "gone.carrier.test"),
    )
    dns.a("good.carrier.test", good.ip)
    dns.a("busy.carrier.test", busy.ip)
    line = lines(centre, good)
    centre.api("PATCH", f"/trunks/{line.trunk}", {"host": "carrier.test", "srv": True})
    cloud = Cloud(centre)
    call_id = place(cloud, centre.add_agent(quiet(GREETING)), line)
    try:
        good.wait_heard(sound.speak(GREETING, tmp_path))
        busy.wait_end()
    finally:
        busy.stop()
    cloud.HangUpCall(SessionId=call_id)
    good.wait_end()
    events = [event["type"] for event in centre.events(call_id)]
    assert events.count("dialed") == 2 and "rerouted" not in events
    n_asked = dns.asked.count(("_sip._udp.carrier.test", SRV))
    assert n_asked <= 2, "its answer is kept for as long as it says"


@pytest.fixture
def carriers():
    made = []

    def make(*args):
        made.append(Registrar("acme", "Secret1", *args))
        return made[-1]

    yield make
    for each in made:
        each.close()


def trunk_of(centre, dns, host, *servers):
    """Registers at these servers, the first of which is asked first."""
    targets = [(10 * n, 0, server.port, f"server{n}.{host}") for n, server in enumerate(servers, 1)]
    dns.srv(f"_sip._udp.{host}", *targets)
    for (*_, name), server in zip(targets, servers):
        dns.a(name, server.ip)
    return centre.add_trunk(host, 5060, user="acme", password="Secret1", register=True, srv=True)


def registered(centre, trunk):
    return shown(centre, trunk)["registration"] == {"state": "registered"}


def test_a_dead_first_server_keeps_nobody_from_registering_at_the_second(centre, dns, carriers):
    dead, live = carriers(), carriers()
    dead.silent = True
    trunk = trunk_of(centre, dns, "reg.test", dead, live)
    wait_for("a question to the second server", lambda: live.asked, 10)
    wait_for("the circuit", lambda: shown(centre, trunk)["circuit"] == "closed", 5)
    wait_for("the registration", lambda: registered(centre, trunk), 20)
    assert not dead.registered
    centre.api("DELETE", f"/trunks/{trunk}")


def test_a_server_that_is_out_of_service_is_registered_around_at_once(centre, dns, carriers):
    busy, live = carriers(), carriers()
    busy.unavailable = True
    trunk = trunk_of(centre, dns, "busy.test", busy, live)
    wait_for("the registration", lambda: registered(centre, trunk), 7)
    assert live.registered and not busy.registered
    # The next one begins where the last one worked.
    n_refused = busy.refused
    live.registered.clear()
    centre.api("PATCH", f"/trunks/{trunk}", {"user": "acme", "caller_identity": "asserted"})
    wait_for("the next registration", lambda: live.registered, 15)
    assert busy.refused == n_refused
    centre.api("DELETE", f"/trunks/{trunk}")
