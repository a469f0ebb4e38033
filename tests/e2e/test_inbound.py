"""Calls that come in, and packets that are meant to do harm."""

import http.server
import json
import random
import socket
import threading
import time

import pytest

import sound
from centre import INSTANCE, free_sip_port, wait_for
from cloud import code_of
from conftest import new_number, quiet
from peers import Sipp, new_ip
from rtp import Rtp
from test_causes import record

GREETING = "Welcome to Harbor Clinic."

# A trunk that carries no outbound call of other tests.
INBOUND = {"callee_prefixes": ["999"]}


@pytest.fixture
def caller(centre, tmp_path):
    """Makes sipp call a number at the server, from an address of its own."""
    made = []

    def call(scenario, number, ip=None, *args, seconds=5.0, **keys):
        ip = ip or new_ip()
        rtp = Rtp(ip)
        remote = f"127.0.0.1:{centre.sip_port}"
        sipp = Sipp(
            tmp_path, scenario, remote, "-s", number, "-d", str(int(seconds * 1000)), *args,
            ip=ip, keys={"rtp_port": rtp.port, "caller": "+8613911112222"} | keys,
        )  # fmt: skip
        made.append((sipp, rtp))
        return sipp, rtp

    yield call
    for sipp, rtp in made:
        sipp.stop()
        rtp.close()


@pytest.fixture
def agent(centre):
    return centre.add_agent(quiet(GREETING))


def invite(number, source, call_id, cseq="1 INVITE"):
    ip, port = source
    body = f"v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"
    return (
        f"INVITE sip:{number}@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP {ip}:{port};rport;branch=z9hG4bK{call_id}\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:stranger@{ip}>;tag=1\r\nTo: <sip:{number}@127.0.0.1>\r\n"
        f"Call-ID: {call_id}\r\nCSeq: {cseq}\r\nContact: <sip:stranger@{ip}:{port}>\r\n"
        f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def options(source, call_id):
    ip, port = source
    return (
        f"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {ip}:{port};rport;branch=z9hG4bK{call_id}\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:a@{ip}>;tag=1\r\nTo: <sip:b@127.0.0.1>\r\n"
        f"Call-ID: {call_id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    ).encode()


class Udp:
    """A socket that speaks raw SIP."""

    def __init__(self, centre, ip=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((ip or new_ip(), 0))
        self.socket.settimeout(3)
        self.source = self.socket.getsockname()
        self.server = ("127.0.0.1", centre.sip_port)

    def send(self, packet):
        self.socket.sendto(packet, self.server)

    def status(self, call_id):
        """The status of the first answer above 100 to `call_id`."""
        while True:
            answer = self.socket.recv(65536).decode(errors="replace")
            if f"{call_id}" in answer and not answer.startswith("SIP/2.0 100"):
                return int(answer.split()[1])


def test_a_trunk_is_known_by_its_address_and_reaches_the_bound_agent(
    centre, cloud, caller, agent, tmp_path
):
    ip, number = new_ip(), new_number()
    trunk = centre.add_trunk(ip, free_sip_port(ip), **INBOUND)
    centre.add_number(number, trunk, inbound_agent=agent)
    sipp, rtp = caller("place", number, ip)
    greeting = sound.speak(GREETING, tmp_path)
    best = wait_for(
        "the greeting", lambda: max(sound.match(greeting, rtp.heard())[0] - 0.9, 0), every=0.3
    )
    assert best > 0
    sipp.wait()
    listed = centre.api("GET", "/calls", number=number)["items"]
    call = centre.wait_state(listed[0]["id"], "ended")
    assert (call["direction"], call["cause"], call["ended_by"]) == ("inbound", "completed", "user")
    assert call["caller"].lstrip("+") == "8613911112222"
    cdr = record(cloud, call["id"])
    assert (cdr["EndStatus"], cdr["EndStatusString"]) == (232, "userHangupDuringAiCall")
    assert len(centre.wait_recordings(call["id"])["recordings"]) == 2


def test_a_trunk_with_a_password_proves_itself_from_anywhere(centre, caller, agent):
    number = new_number()
    trunk = centre.add_trunk("127.9.9.9", 5060, user="desk", password="pa55word", **INBOUND)
    centre.add_number(number, trunk, inbound_agent=agent)
    sipp, _ = caller("place_with_digest", number, None, "-au", "desk", "-ap", "pa55word", seconds=1)
    sipp.wait()
    assert centre.api("GET", "/calls", number=number)["total"] == 1


def test_a_wrong_password_is_refused(centre, caller, agent):
    number = new_number()
    trunk = centre.add_trunk("127.9.9.8", 5060, user="door", password="pa55word", **INBOUND)
    centre.add_number(number, trunk, inbound_agent=agent)
    sipp, _ = caller("place_with_digest", number, None, "-au", "door", "-ap", "guess", seconds=1)
    with pytest.raises(AssertionError):
        sipp.wait()
    assert centre.api("GET", "/calls", number=number)["total"] == 0
    assert "SIP/2.0 403" in sipp.messages


def test_a_stranger_is_asked_who_it_is_and_places_no_call(centre, agent):
    number = new_number()
    ip = new_ip()
    centre.add_number(number, centre.add_trunk(ip, 5060, **INBOUND), inbound_agent=agent)
    udp = Udp(centre)
    udp.send(invite(number, udp.source, "stranger-1"))
    assert udp.status("stranger-1") == 401
    assert centre.api("GET", "/calls", number=number)["total"] == 0


def test_options_are_answered(centre):
    udp = Udp(centre)
    udp.send(options(udp.source, "ping-1"))
    assert udp.status("ping-1") == 200


def corpus():
    """A bounded number of messages that are not as they should be; the same in every run."""
    rng = random.Random(4475)
    good = invite("1000", ("127.0.0.1", 5060), "corpus")
    yield from [
        b"", b"\r\n\r\n", b"\x00" * 1500, b"SIP/2.0", b"INVITE", b"INVITE sip: SIP/2.0\r\n\r\n",
        good[:100], good.replace(b"\r\n", b"\n"), good.replace(b"\r\n", b"\r"),
        good.replace(b"Content-Length: ", b"Content-Length: -"),
        good.replace(b"Content-Length: ", b"Content-Length: 99999999999999999999"),
        good.replace(b"CSeq: 1", b"CSeq: 99999999999"), good.replace(b"SIP/2.0", b"SIP/7.0"),
        good.replace(b"Via:", b"Via: SIP/2.0/UDP x;branch=1\r\nVia:" * 200),
        good.replace(b"tag=1", b"tag=" + b"x" * 50_000),
        good.replace(b"m=audio", b"m=video"), good.replace(b"c=IN IP4", b"c=IN IP9"),
        good.replace(b"Max-Forwards: 70", b"Max-Forwards: 0"),
        good.replace(b"To: <", b"To: \"\xff\xfe\xc3\x28\" <"),
        b"SIP/2.0 200 OK\r\n" + good.split(b"\r\n", 1)[1], b"ACK" + good[6:], b"BYE" + good[6:],
    ]  # fmt: skip
    for _ in range(1000):
        mutant = bytearray(good)
        for _ in range(rng.randint(1, 8)):
            at = rng.randrange(len(mutant))
            match rng.randrange(3):
                case 0:
                    mutant[at] = rng.randrange(256)
                case 1:
                    del mutant[at : at + rng.randint(1, 40)]
                case _:
                    mutant[at:at] = rng.randbytes(rng.randint(1, 20))
        yield bytes(mutant)


def test_malformed_messages_leave_the_server_alive(centre):
    udp = Udp(centre)
    for n, packet in enumerate(corpus()):
        udp.send(packet[:60_000])
        if n % 50 == 0:
            time.sleep(0.01)  # The receive buffer is what must not overflow here.
    with socket.create_connection(("127.0.0.1", centre.sip_port), timeout=5) as stream:
        stream.sendall(b"\x00" * 70_000)
    wait_for("an answer to OPTIONS", lambda: pings(centre), seconds=10, every=0.5)
    assert centre.process.poll() is None
    assert "panicked" not in centre.log


def pings(centre):
    udp = Udp(centre)
    udp.socket.settimeout(1)
    udp.send(options(udp.source, f"alive-{time.monotonic_ns()}"))
    try:
        return b"200 OK" in udp.socket.recv(65536)
    except TimeoutError:
        return False


def test_rtp_from_strangers_is_not_heard(centre, cloud, line, quiet_agent, tmp_path):
    phone = line()
    call_id = cloud.CreateAIAgentCall(AIAgentId=quiet_agent, Callee=phone.callee)["SessionId"]
    wait_for("the agent's packets", lambda: phone.phone.rtp.remote)
    time.sleep(1)
    intruder = Rtp(new_ip())
    said = sound.sweep(1.5)
    intruder.say(said)
    intruder.send_to(phone.phone.rtp.remote)
    wait_for("the intruder to have spoken", intruder.is_done)
    intruder.close()
    assert not intruder.packets, "nothing is sent to it"
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    call = centre.wait_recordings(call_id)
    user = centre.fetch(centre.track(call, "user")["url"], tmp_path / "user.mp3")
    assert sound.match(said, sound.read(user))[0] < 0.3


class Decider:
    """The customer's server, which says who answers a call; at `None` in place of an answer it says nothing
    until it is closed."""

    def __init__(self, *answers):
        self.asked, self.asked_at, self.answers = [], [], list(answers)
        self.closed = threading.Event()
        decider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                decider.asked_at.append(time.monotonic())
                decider.asked.append(json.loads(body))
                answer = decider.answers.pop(0) if decider.answers else (500, {})
                if answer is None:
                    decider.closed.wait()
                    return
                status, answer = answer
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"

    def close(self):
        self.closed.set()
        self.server.shutdown()


def bound(centre, cloud, decider, **number):
    """A number that asks, at the end of a trunk of its own."""
    ip, phone = new_ip(), new_number()
    trunk = centre.add_trunk(ip, free_sip_port(ip), **INBOUND)
    centre.add_number(phone, trunk, **number)
    cloud.BindNumberCallInInterface(Number=phone, CallInInterface={"URL": decider.url})
    return ip, phone


def call_of(centre, number):
    return wait_for("the call", lambda: centre.api("GET", "/calls", number=number)["items"])[0]


def test_the_customers_server_says_which_agent_answers(centre, cloud, caller, agent):
    named = centre.add_agent(quiet("Hello {{name}}."), name="Named")
    variables = [{"Key": "name", "Value": "Ada"}]
    decider = Decider((200, {"CallInBound": {"OverrideAIAgentId": named, "Variables": variables}}))
    ip, number = bound(centre, cloud, decider, inbound_agent=agent)
    sipp, _ = caller("place", number, ip, seconds=1)
    sipp.wait()
    call = call_of(centre, number)
    [asked] = decider.asked
    assert (asked["Event"], asked["SdkAppId"]) == ("CallInBound", INSTANCE)
    assert asked["SessionId"] == call["id"]
    assert asked["CallInBound"] == {
        "AIAgentId": agent, "IvrId": 0, "Caller": "+8613911112222", "Callee": number,
    }  # fmt: skip
    requested = centre.events(call["id"])[0]
    assert requested["voice_agent"] == named
    assert requested["variables"] == [{"key": "name", "value": "Ada"}]
    decider.close()


def test_a_server_that_does_not_help_leaves_the_call_to_the_numbers_agent(centre, cloud, caller, agent):
    decider = Decider((500, {}), (200, {}), (200, {"CallInBound": {"OverrideIvrId": 5}}))
    ip, number = bound(centre, cloud, decider, inbound_agent=agent)
    sipp, _ = caller("place", number, ip, seconds=1)
    sipp.wait()
    assert len(decider.asked) == 3, "the question and two repetitions"
    assert centre.events(call_of(centre, number)["id"])[0]["voice_agent"] == agent
    decider.close()


def test_a_server_that_says_nothing_is_asked_three_times_for_5_s_each(centre, cloud, caller, agent):
    decider = Decider(None, None, None)
    ip, number = bound(centre, cloud, decider, inbound_agent=agent)
    sipp, _ = caller("place", number, ip, seconds=1)
    call = call_of(centre, number)
    centre.wait_state(call["id"], "up", seconds=30)
    answered_at = time.monotonic()
    moments = [*decider.asked_at, answered_at]
    waits = [after - before for before, after in zip(moments, moments[1:], strict=False)]
    # A machine that builds beside is late, never early.
    assert len(waits) == 3 and all(4.9 < wait < 8 for wait in waits), waits
    assert {asked["SessionId"] for asked in decider.asked} == {call["id"]}
    assert centre.events(call["id"])[0]["voice_agent"] == agent
    sipp.wait()
    decider.close()


def test_a_server_may_want_no_call_and_a_number_may_be_off(centre, cloud, agent):
    decider = Decider((200, {"CallInBound": {}}))
    ip, number = bound(centre, cloud, decider, inbound_agent=agent)
    peer = Udp(centre, ip)
    peer.send(invite(number.lstrip("+"), peer.source, "unwanted"))
    assert peer.status("unwanted") == 180
    assert peer.status("unwanted") == 603
    cloud.DisableCCCPhoneNumber(PhoneNumbers=[number], Disabled=1)
    peer.send(invite(number.lstrip("+"), peer.source, "off"))
    assert peer.status("off") == 404
    cloud.DisableCCCPhoneNumber(PhoneNumbers=[number], Disabled=0)
    shown = centre.api("GET", f"/numbers/{number.lstrip('+')}")
    assert shown["enabled"]
    decider.close()


def test_numbers_are_brought_along_in_the_vendors_dialect(centre, cloud):
    ip, number = new_ip(), new_number()
    trunk = centre.add_trunk(ip, free_sip_port(ip), **INBOUND)
    detail = {"CallType": 2, "PhoneNumber": number, "MaxCallCount": 2, "MaxCallPSec": 1}
    applied = cloud.CreateOwnNumberApply(SipTrunkId=trunk, Prefix="1145", DetailList=[detail])
    assert centre.api("GET", f"/numbers/{number.lstrip('+')}")["trunk"] == trunk
    twice = code_of(cloud.CreateOwnNumberApply, SipTrunkId=trunk, DetailList=[detail])
    assert twice == "InvalidParameter.DuplicatePhoneNumber"
    nowhere = code_of(cloud.CreateOwnNumberApply, SipTrunkId=9999, DetailList=[detail])
    assert nowhere == "InvalidParameter.SipTrunkNotFound"
    cloud.ModifyOwnNumberApply(ApplyId=applied["ApplyId"], DetailList=[detail | {"CallType": 0}])
    assert not centre.api("GET", f"/numbers/{number.lstrip('+')}")["outbound"]
    gone = code_of(cloud.ModifyOwnNumberApply, ApplyId=9999, DetailList=[detail])
    assert gone == "InvalidParameterValue.ApplyIDNotExist"
