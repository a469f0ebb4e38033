"""SIP as the test suites of pjsip and Asterisk have it: offers that come late, glare, session timers, forked
reliable answers, hold, routes, losses, and what must be refused."""

import re
import socket
import time

import pytest

from centre import wait_for
from conftest import new_number
from peers import new_ip
from test_inbound import GREETING, INBOUND, caller, agent  # noqa: F401: fixtures
from test_odd_peers import called, field  # noqa: F401: a fixture
from rtp import Rtp


@pytest.fixture
def called_number(centre, agent):  # noqa: F811
    """A number that an agent answers, and the address that calls to it may come from."""
    ip, number = new_ip(), new_number()
    trunk = centre.add_trunk(ip, 5060, **INBOUND)
    centre.add_number(number, trunk, inbound_agent=agent)
    return ip, number


@pytest.mark.parametrize(
    "scenario", ["call_without_offer", "call_with_timer", "call_and_hold"]
)
def test_a_caller_of_a_test_suite_is_answered(centre, caller, called_number, scenario):  # noqa: F811
    ip, number = called_number
    sipp, rtp = caller(scenario, number, ip)
    sipp.wait(60)
    call = centre.api("GET", "/calls", number=number)["items"][0]
    assert centre.wait_state(call["id"], "ended")["cause"] == "completed"
    assert rtp.packets, "the agent was heard"


@pytest.mark.parametrize("scenario", ["answer_forked_reliably", "answer_by_routes", "answer_with_timer"])
def test_a_callee_of_a_test_suite_is_called(centre, cloud, line, quiet_agent, scenario):
    phone = line(scenario)
    wish = {"AIAgentId": quiet_agent, "Callee": phone.callee, "MaxRingTimeoutSecond": 30}
    call_id = cloud.CreateAIAgentCall(**wish)["SessionId"]
    centre.wait_state(call_id, "up")
    wait_for("the agent to be heard", lambda: len(phone.phone.rtp.packets) > 20, 10)
    if scenario == "answer_with_timer":
        # The refresh is due at half of 90 s; both begin at once, and ours is tried again.
        answered = "SIP/2.0 491 Request Pending"
        wait_for("the glare", lambda: phone.phone.sipp.messages.count(answered) >= 2, 60)
        wait_for("the second try", lambda: phone.phone.sipp.messages.count("\nACK ") >= 5, 10)
    time.sleep(1)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    assert centre.wait_state(call_id, "ended")["cause"] == "api_request"


class Caller:
    """A user agent that calls by hand, and says exactly what its test wants."""

    def __init__(self, centre, ip, number):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((ip, 0))
        self.ip, self.port = self.socket.getsockname()
        self.centre, self.number = centre, number
        self.server = ("127.0.0.1", centre.sip_port)
        self.call_id, self.to_tag = f"hand-{time.monotonic_ns()}", ""

    def request(self, method, cseq, *more, branch=None, uri=None, body="", drop=()):
        uri = uri or f"sip:{self.number}@127.0.0.1"
        to = f"<sip:{self.number}@127.0.0.1>" + (f";tag={self.to_tag}" if self.to_tag else "")
        heads = {
            "Via": f"SIP/2.0/UDP {self.ip}:{self.port};rport;branch=z9hG4bK{branch or f'{self.call_id}{method}{cseq}'}",
            "Max-Forwards": "70",
            "From": f"<sip:+8613911112222@{self.ip}>;tag=by-hand",
            "To": to,
            "Call-ID": self.call_id,
            "CSeq": f"{cseq} {method}",
            "Contact": f"<sip:hand@{self.ip}:{self.port}>",
        }
        lines = [f"{name}: {value}" for name, value in heads.items() if name not in drop]
        if body:
            lines += ["Content-Type: application/sdp"]
        text = "\r\n".join([f"{method} {uri} SIP/2.0", *lines, *more, f"Content-Length: {len(body)}", "", body])
        self.socket.sendto(text.encode(), self.server)

    def wait(self, first_line, seconds=5, of=None):
        deadline = time.monotonic() + seconds
        seen = []
        while time.monotonic() < deadline:
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                message = self.socket.recv(65536).decode()
            except TimeoutError:
                break
            seen.append(message.splitlines()[0])
            if message.startswith(first_line) and (of is None or of in field(message, "CSeq")[0]):
                return message
        raise AssertionError(f"no {first_line} within {seconds} s, but {seen}")

    def final(self, seconds=5):
        """Status of the next final answer to INVITE."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.wait("SIP/2.0 ", deadline - time.monotonic(), "INVITE")
            if not answer.startswith("SIP/2.0 1"):
                return int(answer.split()[1]), answer
        raise AssertionError("no final answer")

    def sdp(self, *media, address=None):
        media = media or ("m=audio 40000 RTP/AVP 0",)
        head = ["v=0", f"o=- 1 1 IN IP4 {self.ip}", "s=-", f"c=IN IP4 {address or self.ip}", "t=0 0"]
        return "\r\n".join([*head, *media, ""])

    def up(self):
        """Calls and is answered."""
        self.request("INVITE", 1, body=self.sdp())
        status, answer = self.final()
        assert status == 200
        self.to_tag = re.search(r"tag=([^;>\s]+)", field(answer, "To")[0])[1]
        self.target = re.search(r"<(.*?)>", field(answer, "Contact")[0])[1]
        return answer

    def close(self):
        self.socket.close()


@pytest.fixture
def hand(centre, called_number):
    ip, number = called_number
    hand = Caller(centre, ip, number)
    yield hand
    hand.close()


@pytest.mark.parametrize(
    "status, head, wrong",
    [
        (420, "Unsupported: precondition", {"more": ["Require: precondition"]}),
        (420, "Unsupported: gruu-of-tomorrow", {"more": ["Require: gruu-of-tomorrow"]}),
        (416, "", {"uri": "mailto:somebody@example.com"}),
        (483, "", {"more": ["Max-Forwards: 0"], "drop": ["Max-Forwards"]}),
        (422, "Min-SE: 90", {"more": ["Supported: timer", "Session-Expires: 45"]}),
        (406, "", {"more": ["Accept: text/plain"]}),
        (400, "", {"drop": ["CSeq"]}),
        (488, "", {"media": ["m=audio 40000 RTP/AVP 18"]}),
        (488, "", {"media": ["m=video 40000 RTP/AVP 31"]}),
        (488, "", {"media": ["m=audio 0 RTP/AVP 0"]}),
        (488, "", {"media": ["m=audio 40000 RTP/SAVP 0"]}),
        (488, "", {"media": ["m=audio forty RTP/AVP 0"]}),
        (488, "", {"body": "Dear Sir or Madam"}),
        (488, "", {"body": "v=0\r\nm=audio 40000 RTP/AVP 0\r\n"}),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_status(centre, hand, status, head, wrong):
    body = wrong.get("body") or hand.sdp(*wrong.get("media", []))
    hand.request(
        "INVITE", 1, *wrong.get("more", []), body=body, uri=wrong.get("uri"), drop=wrong.get("drop", ())
    )
    if "CSeq" in wrong.get("drop", ()):
        # Nobody can be told which request is meant.
        with pytest.raises(AssertionError):
            hand.wait("SIP/2.0 200", 1)
        return
    got, answer = hand.final()
    assert got == status, answer
    assert head in answer


@pytest.mark.parametrize(
    "option, settings, reliable",
    [
        ("Require: 100rel", {}, True),
        ("Supported: 100rel", {"progress_first": True}, True),
        ("Supported: timer", {"progress_first": True}, False),
        ("Supported: 100rel", {}, None),
    ],
    ids=str,
)
def test_what_goes_ahead_of_the_answer_is_acknowledged_by_callers_that_can(
    centre, agent, option, settings, reliable  # noqa: F811
):
    ip, number = new_ip(), new_number()
    centre.add_number(number, centre.add_trunk(ip, 5060, **INBOUND, **settings), inbound_agent=agent)
    hand = Caller(centre, ip, number)
    hand.request("INVITE", 1, option, body=hand.sdp())
    if reliable is not None:
        early = hand.wait("SIP/2.0 183")
        assert "m=audio" in early
        assert (field(early, "Require") == ["100rel"]) == reliable
    if reliable:
        with pytest.raises(AssertionError):
            hand.wait("SIP/2.0 200", 0.3)
        hand.to_tag = re.search(r"tag=([^;>\s]+)", field(early, "To")[0])[1]
        contact = re.search(r"<(.*?)>", field(early, "Contact")[0])[1]
        hand.request("PRACK", 2, f"RAck: {field(early, 'RSeq')[0]} 1 INVITE", uri=contact)
        hand.wait("SIP/2.0 200", of="PRACK")
    status, answer = hand.final()
    assert status == 200
    if reliable is not None:
        assert answer.split("\r\n\r\n")[1] == early.split("\r\n\r\n")[1]
    hand.to_tag = re.search(r"tag=([^;>\s]+)", field(answer, "To")[0])[1]
    hand.request("ACK", 1)
    call = centre.api("GET", "/calls", number=number)["items"][0]
    centre.wait_state(call["id"], "up")
    hand.request("BYE", 3)
    hand.wait("SIP/2.0 200", of="BYE")
    hand.close()


@pytest.mark.parametrize(
    "body",
    [
        "o=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 {ip}\nt=0 0\nm=audio 4000 RTP/AVP 0",
        "v=0\ns=-\nc=IN IP4 {ip}\nt=0 0\nm=audio 4000 RTP/AVP 0",
        "m=audio 4000 RTP/AVP 0\nv=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 {ip}\nt=0 0",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nt=0 0\nm=audio 4000 RTP/AVP 0",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 ::1\nt=0 0\nm=audio 4000 RTP/AVP 0",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 999.1.1.1\nt=0 0\nm=audio 4000 RTP/AVP 0",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 224.2.1.1/127\nt=0 0\nm=audio 4000 RTP/AVP 0",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 {ip}\nt=0 0",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 {ip}\nt=0 0\nm=audio -4000 RTP/AVP 0",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 {ip}\nt=0 0\nm=audio 70000 RTP/AVP 0",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 {ip}\nt=0 0\nm=audio 4000 RTP/AVP",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 {ip}\nt=0 0\nm=audio 4000 RTP/AVP 300",
        "v=0\no=- 1 1 IN IP4 {ip}\ns=-\nc=IN IP4 {ip}\nt=0 0" + "\nm=audio 4000 RTP/AVP 0" * 300,
        "\0" * 500,
    ],
    ids=range(14),
)
def test_a_description_that_cannot_be_read_is_refused_at_once(centre, hand, body):
    text = body.format(ip=hand.ip).replace("\n", "\r\n") + "\r\n"
    hand.request("INVITE", 1, body=text)
    status, answer = hand.final(2)
    assert status == 488 and field(answer, "Warning")[0].startswith("30")


@pytest.mark.parametrize(
    "old, new",
    [
        ("\r\n", "\n"),
        ("\r\n", "\r\n\r\n"),
        (" ", "  "),
        ("- 1 1", "- 99999999999999999999 -1"),
        ("s=-", "s=\0"),
        ("t=0 0", "i=" + "x" * 900 + "\r\nt=0 0"),
        ("audio 40000", "audio 40000/2"),
        ("AVP 0\r\n", "AVP 0 0 0\r\na=rtpmap:0 PCMU\r\na=ptime:-20\r\na=rtcp-mux\r\na=rtcp:53 IN IP4 192.0.2.1"),
        ("m=audio", "m=message 9 TCP/MSRP *\r\nm=audio"),
    ],
    ids=range(9),
)
def test_a_description_that_is_odd_is_read_as_it_is_meant(hand, old, new):
    hand.request("INVITE", 1, body=hand.sdp().replace(old, new))
    status, answer = hand.final(2)
    assert status == 200 and "RTP/AVP 0\r\n" in answer


def test_a_telephone_address_reaches_the_number(hand):
    hand.request("INVITE", 1, uri=f"tel:{hand.number}", body=hand.sdp())
    assert hand.final()[0] == 200


def test_pictures_are_refused_and_the_sound_is_taken(hand):
    media = ["m=video 5000 RTP/AVP 96", "a=rtpmap:96 H264/90000", "m=audio 40000 RTP/AVP 8 0", "m=image 0 udptl t38"]
    hand.request("INVITE", 1, body=hand.sdp(*media))
    status, answer = hand.final()
    assert status == 200
    streams = re.findall(r"(?m)^m=(\w+) (\d+) (\S+) (.*?)\r?$", answer)
    assert [kind for kind, *_ in streams] == ["video", "audio", "image"]
    assert [int(port) == 0 for _, port, *_ in streams] == [True, False, True]


@pytest.mark.parametrize("ptime", [10, 20, 30, 40, 60])
def test_packets_are_as_long_as_the_caller_wants(centre, called_number, ptime):
    ip, number = called_number
    hand, rtp = Caller(centre, ip, number), Rtp(ip)
    hand.request("INVITE", 1, body=hand.sdp(f"m=audio {rtp.port} RTP/AVP 0", f"a=ptime:{ptime}"))
    status, answer = hand.final()
    hand.to_tag = re.search(r"tag=([^;>\s]+)", field(answer, "To")[0])[1]
    hand.request("ACK", 1)
    assert status == 200 and f"a=ptime:{ptime}\r\n" in answer
    wait_for("packets", lambda: len(rtp.packets) > 20, 10)
    hand.request("BYE", 2)
    hand.wait("SIP/2.0 200", of="BYE")
    lengths = {len(packet[4]) for packet in rtp.packets}
    assert lengths == {ptime * 8}, lengths
    steps = {b[2] - a[2] for a, b in zip(rtp.packets, rtp.packets[1:]) if b[1] == a[1] + 1}
    assert steps == {ptime * 8}, steps
    hand.close()
    rtp.close()


@pytest.mark.parametrize("address, direction", [(None, "sendonly"), (None, "inactive"), ("0.0.0.0", "sendrecv")])
def test_a_caller_that_calls_on_hold_is_greeted_when_it_goes_on(centre, called_number, address, direction):
    """As third parties do that connect two others (RFC 3725), and click-to-dial."""
    ip, number = called_number
    hand, rtp = Caller(centre, ip, number), Rtp(ip)
    audio = f"m=audio {rtp.port} RTP/AVP 0"
    hand.request("INVITE", 1, body=hand.sdp(audio, f"a={direction}", address=address))
    status, answer = hand.final()
    hand.to_tag = re.search(r"tag=([^;>\s]+)", field(answer, "To")[0])[1]
    hand.target = re.search(r"<(.*?)>", field(answer, "Contact")[0])[1]
    assert status == 200 and ("a=recvonly" in answer or "a=inactive" in answer)
    hand.request("ACK", 1, uri=hand.target)
    call = centre.api("GET", "/calls", number=number)["items"][0]
    centre.wait_state(call["id"], "up")
    time.sleep(0.5)
    assert not rtp.packets
    hand.request("INVITE", 2, uri=hand.target, body=hand.sdp(audio, "a=sendrecv"))
    assert hand.final()[0] == 200
    hand.request("ACK", 2, uri=hand.target)
    said = lambda: [e["heard"] for e in centre.events(call["id"]) if e["type"] == "agent_said"]
    assert wait_for("the greeting", said) == [GREETING]
    assert len(rtp.packets) > 20
    hand.request("BYE", 3, uri=hand.target)
    hand.wait("SIP/2.0 200", of="BYE")
    hand.close()
    rtp.close()


def test_what_is_lost_on_the_way_comes_again(centre, hand):
    """The INVITE comes twice, then its 200 until the ACK arrives; a CANCEL that crosses the answer changes
    nothing, and a BYE that comes twice is answered twice."""
    answer = hand.up()
    hand.request("INVITE", 1, body=hand.sdp())
    again = hand.wait("SIP/2.0 200", of="INVITE")
    assert field(again, "To") == field(answer, "To")
    tag, hand.to_tag = hand.to_tag, ""
    hand.request("CANCEL", 1, branch=f"{hand.call_id}INVITE1")
    hand.wait("SIP/2.0 200", of="CANCEL")
    hand.to_tag = tag
    hand.wait("SIP/2.0 200", of="INVITE")
    hand.request("ACK", 1, uri=hand.target)
    call = centre.api("GET", "/calls", number=hand.number)["items"][0]
    centre.wait_state(call["id"], "up")
    for _ in range(2):
        hand.request("BYE", 2, uri=hand.target)
        hand.wait("SIP/2.0 200", of="BYE")
    hand.request("BYE", 3, uri=hand.target)
    hand.wait("SIP/2.0 481", of="BYE")
    assert centre.wait_state(call["id"], "ended")["cause"] == "completed"


def test_a_call_whose_ack_never_comes_is_hung_up(centre, hand):
    hand.up()
    bye = hand.wait("BYE ", 40)
    assert "SIP" in field(bye, "Via")[0]
    call = centre.api("GET", "/calls", number=hand.number)["items"][0]
    centre.wait_state(call["id"], "ended")


def test_a_call_without_offer_whose_ack_has_no_answer_is_hung_up(centre, hand):
    hand.request("INVITE", 1)
    status, answer = hand.final()
    assert status == 200 and "m=audio" in answer
    hand.to_tag = re.search(r"tag=([^;>\s]+)", field(answer, "To")[0])[1]
    hand.request("ACK", 1)
    hand.wait("BYE ", 5)


def test_an_offer_that_does_not_fit_changes_nothing_of_a_call(centre, hand):
    hand.up()
    hand.request("ACK", 1, uri=hand.target)
    for cseq, media in [(2, "m=audio 40000 RTP/AVP 18"), (4, "m=audio 0 RTP/AVP 0"), (6, "m=audio x RTP/AVP 0")]:
        hand.request("INVITE", cseq, uri=hand.target, body=hand.sdp(media))
        assert hand.final()[0] == 488
        hand.request("ACK", cseq, uri=hand.target, branch=f"{hand.call_id}INVITE{cseq}")
        hand.request("UPDATE", cseq + 1, uri=hand.target, body=hand.sdp(media))
        hand.wait("SIP/2.0 488", of="UPDATE")
    hand.request("BYE", 99, uri=hand.target)
    hand.wait("SIP/2.0 200", of="BYE")


def test_requests_out_of_order_and_outside_any_call_are_told_so(centre, hand):
    hand.up()
    hand.request("ACK", 1, uri=hand.target)
    hand.request("INFO", 5, uri=hand.target)
    hand.wait("SIP/2.0 200", of="INFO")
    hand.request("UPDATE", 3, uri=hand.target)
    hand.wait("SIP/2.0 500", of="UPDATE")
    hand.request("BYE", 6, uri=hand.target)
    hand.wait("SIP/2.0 200", of="BYE")
    for method in ["BYE", "UPDATE", "PRACK", "INFO"]:
        hand.request(method, 7, uri=hand.target)
        hand.wait("SIP/2.0 481", of=method)


def test_texts_of_the_peers_customer_and_the_way_of_a_leg_are_events_of_the_call(centre, called):  # noqa: F811
    peer, invite, call_id = called
    more = ["User-to-User: 6f72646572203337;encoding=hex"]
    peer.answer(invite, "200 OK", peer.sdp(), more=more)
    peer.wait("ACK")
    centre.wait_state(call_id, "up")
    peer.ask(invite, "BYE", 99, more=["User-to-User: paid"])
    peer.wait("SIP/2.0 200")
    centre.wait_state(call_id, "ended")
    events = centre.events(call_id)
    texts = [(event["side"], event["text"]) for event in events if event["type"] == "user_data_came"]
    assert texts == [("user", "order 37"), ("user", "paid")]
    [carried] = [event for event in events if event["type"] == "carried"]
    assert (carried["side"], carried["transport"], carried["suite"]) == ("user", "udp", "")
