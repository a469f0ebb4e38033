"""Phones and carriers that do not do as the textbook has it. Each call must become what a person would
say that it was: answered, not answered, or failed."""

import random
import re
import socket
import time

import pytest

from conftest import new_number
from centre import wait_for


class Peer:
    """A user agent of a few lines, on loopback: it says what its test tells it to."""

    ip = "127.0.0.1"

    def __init__(self):
        self.sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for bound in (self.sip, self.rtp):
            bound.bind((self.ip, 0))
        self.port = self.sip.getsockname()[1]
        self.tag = f"peer{random.getrandbits(30)}"
        self.centre = None

    def stop(self):
        self.sip.close()
        self.rtp.close()

    def wait(self, first_line, seconds=10):
        """The next message that begins so; others are passed over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.sip.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                message, self.centre = self.sip.recvfrom(65536)
            except TimeoutError:
                break
            if message.startswith(first_line.encode()):
                return message.decode()
        raise AssertionError(f"no {first_line} within {seconds} s")

    def answer(self, request, status, sdp="", *, tag=None, contact=True, more=()):
        to = field(request, "To")[0]
        if "tag=" not in to:
            to += f";tag={tag or self.tag}"
        lines = [f"SIP/2.0 {status}", *(f"Via: {via}" for via in field(request, "Via"))]
        lines += [f"{name}: {field(request, name)[0]}" for name in ("From", "Call-ID", "CSeq")]
        lines += [f"To: {to}", *more]
        if contact:
            lines.append(f"Contact: <sip:peer@{self.ip}:{self.port}>")
        self.send(lines, sdp)

    def ask(self, invite, method, cseq, sdp="", more=()):
        """A request inside the dialog that the INVITE made."""
        target = re.search(r"<(.*?)>", field(invite, "Contact")[0])[1]
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.ip}:{self.port};branch=z9hG4bK{random.getrandbits(40)};rport",
            f"From: {field(invite, 'To')[0]};tag={self.tag}",
            f"To: {field(invite, 'From')[0]}",
            f"Call-ID: {field(invite, 'Call-ID')[0]}",
            f"CSeq: {cseq} {method}",
            "Max-Forwards: 70",
            f"Contact: <sip:peer@{self.ip}:{self.port}>",
            *more,
        ]
        self.send(lines, sdp)

    def send(self, lines, sdp):
        if sdp:
            lines = [*lines, "Content-Type: application/sdp"]
        text = "\r\n".join([*lines, f"Content-Length: {len(sdp)}", "", sdp])
        self.sip.sendto(text.encode(), self.centre)

    def sdp(self, formats="0", *, ip=None, port=None, direction="sendrecv", version=1):
        port = self.rtp.getsockname()[1] if port is None else port
        return (
            f"v=0\r\no=- 1 {version} IN IP4 {self.ip}\r\ns=-\r\nc=IN IP4 {ip or self.ip}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP {formats}\r\na={direction}\r\n"
        )

    def n_packets(self, seconds):
        """RTP packets that arrive in the time to come."""
        self.rtp.settimeout(0.05)
        deadline, n = time.monotonic() + seconds, 0
        while time.monotonic() < deadline:
            try:
                self.rtp.recv(2048)
                n += 1
            except TimeoutError:
                pass
        return n

    def hang_up(self, invite):
        self.ask(invite, "BYE", 99)
        self.wait("SIP/2.0 200")


def field(message, name):
    return re.findall(rf"(?im)^{name}: *(.*?)\r$", message)


@pytest.fixture
def called(centre, cloud, lines, quiet_agent):
    """A peer that is being called: (peer, its INVITE, the call's id)."""
    peer = Peer()
    line = lines(centre, peer)
    wish = {"AIAgentId": quiet_agent, "Callee": line.callee, "MaxRingTimeoutSecond": 2}
    call_id = cloud.CreateAIAgentCall(**wish)["SessionId"]
    return peer, peer.wait("INVITE"), call_id


def test_the_sound_may_be_agreed_on_before_the_answer(centre, called):
    peer, invite, call_id = called
    peer.answer(invite, "183 Session Progress", peer.sdp())
    peer.answer(invite, "200 OK")
    peer.wait("ACK")
    assert peer.n_packets(0.5) > 15
    peer.hang_up(invite)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"


def test_of_two_phones_the_one_that_answers_is_talked_to(centre, called):
    peer, invite, call_id = called
    peer.answer(invite, "180 Ringing", tag="one")
    peer.answer(invite, "180 Ringing", tag="two")
    peer.tag = "two"
    peer.answer(invite, "200 OK", peer.sdp())
    peer.wait("ACK")
    peer.hang_up(invite)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"


def test_a_phone_that_does_not_say_where_it_is_is_found_where_it_answered_from(centre, called):
    peer, invite, call_id = called
    peer.answer(invite, "200 OK", peer.sdp(), contact=False)
    peer.wait("ACK")
    assert peer.n_packets(0.5) > 15
    peer.hang_up(invite)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"


HOLDS = [{"direction": "sendonly"}, {"direction": "inactive"}, {"ip": "0.0.0.0"}]


@pytest.mark.parametrize("since", ["its answer", "later"])
@pytest.mark.parametrize("hold", HOLDS, ids=str)
def test_nobody_talks_to_a_phone_on_hold(centre, called, hold, since):
    peer, invite, call_id = called
    if since == "later":
        peer.answer(invite, "200 OK", peer.sdp())
        peer.wait("ACK")
        assert peer.n_packets(0.3) > 5
        peer.ask(invite, "INVITE", 10, peer.sdp(version=2, **hold))
        held = peer.wait("SIP/2.0 200")
        assert "a=recvonly" in held or "a=inactive" in held
        peer.ask(invite, "ACK", 10)
        peer.n_packets(0.3)
    else:
        peer.answer(invite, "200 OK", peer.sdp(**hold))
        peer.wait("ACK")
        centre.wait_state(call_id, "up")
    assert peer.n_packets(0.5) == 0
    peer.ask(invite, "INVITE", 11, peer.sdp(version=3))
    peer.wait("SIP/2.0 200")
    peer.ask(invite, "ACK", 11)
    wait_for("the agent to be heard again", lambda: peer.n_packets(0.2) > 5, 5)
    if since == "its answer":
        # What was to be said first has waited.
        said = lambda: [e["heard"] for e in centre.events(call_id) if e["type"] == "agent_said"]
        assert wait_for("the greeting", said) == ["Good morning, this is Harbor Clinic."]
    peer.hang_up(invite)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"


@pytest.mark.parametrize("sdp", ["formats", "port", "nonsense"])
def test_a_phone_that_no_sound_can_be_agreed_on_with_is_left(centre, called, sdp):
    peer, invite, call_id = called
    bodies = {"formats": peer.sdp("18"), "port": peer.sdp(port=0), "nonsense": "Dear Sir or Madam"}
    peer.answer(invite, "200 OK", bodies[sdp])
    peer.wait("ACK")
    bye = peer.wait("BYE")
    peer.answer(bye, "200 OK")
    assert centre.wait_state(call_id, "ended")["cause"] == "line_fault"


def test_a_phone_that_answers_as_its_time_runs_out_has_not_answered(centre, cloud, called):
    peer, invite, call_id = called
    peer.answer(invite, "180 Ringing")
    cancel = peer.wait("CANCEL")
    peer.answer(invite, "200 OK", peer.sdp())
    peer.answer(cancel, "200 OK")
    peer.wait("ACK")
    peer.answer(peer.wait("BYE"), "200 OK")
    call = centre.wait_state(call_id, "ended")
    assert (call["cause"], call["answered_at"]) == ("not_answered", None)


def test_a_carrier_that_only_tries_is_given_up_in_time(centre, called):
    peer, invite, call_id = called
    peer.answer(invite, "100 Trying")
    peer.answer(peer.wait("CANCEL"), "200 OK")
    peer.answer(invite, "487 Request Terminated")
    peer.wait("ACK")
    assert centre.wait_state(call_id, "ended")["cause"] == "not_answered"


def test_a_redirection_is_not_followed_unless_the_trunk_may(centre, called):
    peer, invite, call_id = called
    peer.answer(invite, "302 Moved Temporarily", more=["Contact: <sip:x@127.0.0.1:9>"], contact=False)
    peer.wait("ACK")
    call = centre.wait_state(call_id, "ended")
    assert (call["cause"], call["sip_status"]) == ("line_fault", 302)


def test_requests_that_we_do_not_know_are_refused_and_the_call_goes_on(centre, called):
    peer, invite, call_id = called
    peer.answer(invite, "200 OK", peer.sdp())
    peer.wait("ACK")
    for cseq, method in enumerate(["MESSAGE", "PUBLISH", "FROBNICATE"], 10):
        peer.ask(invite, method, cseq)
        peer.wait("SIP/2.0 405")
    peer.ask(invite, "OPTIONS", 20)
    peer.wait("SIP/2.0 200")
    centre.wait_state(call_id, "up")
    peer.hang_up(invite)
