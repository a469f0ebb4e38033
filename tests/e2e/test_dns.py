"""Trunks that are found by DNS, with a server of the test (RFC 3263)."""

import socket
import struct
import threading

import pytest

import sound
from centre import Centre, free_port
from cloud import Cloud
from conftest import quiet
from peers import Phone, new_ip
from test_call import place

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
