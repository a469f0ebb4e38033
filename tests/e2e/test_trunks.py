"""Trunks that fail and trunks that want to know us: circuits, other ways, registrations."""

import hashlib
import re
import socket
import threading

from centre import wait_for
from conftest import new_number
from peers import Phone, new_ip


class Registrar:
    """A carrier's registrar, which knows one account and answers OPTIONS."""

    def __init__(self, user, password, expires=60):
        self.user, self.password, self.expires = user, password, expires
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((new_ip(), 0))
        self.ip, self.port = self.socket.getsockname()
        self.registered, self.silent, self.asked = [], False, 0
        self.unavailable, self.refused = False, 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                packet, source = self.socket.recvfrom(65536)
            except OSError:
                return
            if not self.silent:
                self.socket.sendto(self.answer(packet.decode()).encode(), source)

    def answer(self, text):
        def field(name):
            return re.search(rf"^{name}: (.*)\r$", text, re.M).group(1)

        lines = "".join(
            f"{name}: {field(name)}\r\n" for name in ("Via", "From", "Call-ID", "CSeq")
        ) + f"To: {field('To')};tag=r\r\nContent-Length: 0\r\n"
        self.asked += text.startswith("OPTIONS")
        if self.unavailable:
            self.refused += text.startswith("REGISTER")
            return f"SIP/2.0 503 Service Unavailable\r\n{lines}\r\n"
        if text.startswith("OPTIONS"):
            return f"SIP/2.0 200 OK\r\n{lines}\r\n"
        if not text.startswith("REGISTER"):
            return f"SIP/2.0 486 Busy Here\r\n{lines}\r\n"
        proof = re.search(r"^Authorization: Digest (.*)\r$", text, re.M)
        if not proof:
            challenge = 'WWW-Authenticate: Digest realm="carrier",nonce="n",algorithm=MD5,qop="auth"\r\n'
            return f"SIP/2.0 401 Unauthorized\r\n{challenge}{lines}\r\n"
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', proof.group(1)))
        md5 = lambda value: hashlib.md5(value.encode()).hexdigest()
        ha1, ha2 = md5(f"{self.user}:carrier:{self.password}"), md5(f"REGISTER:{given['uri']}")
        wanted = md5(f"{ha1}:n:{given['nc']}:{given['cnonce']}:auth:{ha2}")
        if given["response"] != wanted:
            return f"SIP/2.0 403 Forbidden\r\n{lines}\r\n"
        contact = field("Contact").split(";expires")[0]
        self.registered.append(contact)
        return f"SIP/2.0 200 OK\r\nContact: {contact};expires={self.expires}\r\n{lines}\r\n"

    def close(self):
        self.socket.close()


def shown(centre, trunk):
    return centre.api("GET", f"/trunks/{trunk}")


def test_a_carrier_knows_us_while_the_password_is_right(centre):
    carrier = Registrar("acme", "Secret1")
    trunk = centre.add_trunk(carrier.ip, carrier.port, user="acme", password="Secret1", register=True)
    wait_for("the registration", lambda: carrier.registered)
    assert f"sip:acme@127.0.0.1:{centre.sip_port}" in carrier.registered[0]
    wait_for("its state", lambda: shown(centre, trunk)["registration"] == {"state": "registered"})
    wait_for("the circuit", lambda: shown(centre, trunk)["circuit"] == "closed")
    centre.api("PATCH", f"/trunks/{trunk}", {"password": "wrong"})
    refused = {"state": "refused", "status": 403}
    wait_for("the refusal", lambda: shown(centre, trunk)["registration"] == refused)
    centre.api("DELETE", f"/trunks/{trunk}")
    carrier.close()


def test_a_call_goes_another_way_when_a_trunk_fails_and_not_when_a_person_is_busy(
    centre, line, quiet_agent
):
    def place(status):
        number = new_number()
        prefix = {"callee_prefixes": [number.lstrip("+")]}
        failing = line("refuse", status=f"{status} Refused")
        centre.api("PATCH", f"/trunks/{failing.trunk}", prefix)
        good = line()
        centre.api("PATCH", f"/trunks/{good.trunk}", prefix)
        callers = [failing.caller, good.caller]
        body = {"callee": number, "voice_agent": quiet_agent, "callers": callers}
        return centre.api("POST", "/calls", body)["id"], failing, good

    call, failing, good = place("503")
    up = centre.wait_state(call, "up")
    assert up["caller"] == good.caller
    [rerouted] = [event for event in centre.events(call) if event["type"] == "rerouted"]
    assert rerouted["trunk"] == good.trunk and "503" in rerouted["why"]
    centre.api("POST", f"/calls/{call}/hangup")
    centre.wait_state(call, "ended")

    call, failing, good = place("486")
    ended = centre.wait_state(call, "ended")
    assert (ended["cause"], ended["caller"]) == ("busy", failing.caller)


def test_a_trunk_that_wants_no_questions_is_asked_none(centre):
    spared, asked = Registrar("acme", "Secret1"), Registrar("acme", "Secret1")
    trunks = [
        centre.add_trunk(spared.ip, spared.port, options_ping=False),
        centre.add_trunk(asked.ip, asked.port),
    ]
    # All trunks are looked through in one go: the first comes before the second.
    wait_for("the question", lambda: asked.asked)
    assert spared.asked == 0
    assert shown(centre, trunks[0])["options_ping"] is False
    for trunk, carrier in zip(trunks, (spared, asked)):
        centre.api("DELETE", f"/trunks/{trunk}")
        carrier.close()
