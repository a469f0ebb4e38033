"""What carriers and PBXs do with a call before and after its answer: sound before the answer, forks,
redirections, silence, other codecs in mid-call, transfers that nobody takes."""

import concurrent.futures
import re
import time

import pytest

import sound
from centre import INSTANCE, Centre, wait_for
from cloud import Cloud
from conftest import new_number, quiet
from handset import Handset
from likeness import likeness
from rtp import Rtp, port_pair
from test_odd_peers import Peer, field


def media_of(invite):
    """Where the centre receives, by the SDP of its message."""
    ip = re.search(r"^c=IN IP4 (\S+)\r$", invite, re.M)[1]
    return ip, int(re.search(r"^m=audio (\d+) ", invite, re.M)[1])


@pytest.fixture
def rtp():
    made = []

    def make():
        made.append(Rtp("127.0.0.1"))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def call(centre, cloud, lines, quiet_agent):
    """Calls a peer by a trunk with these settings: (peer, its INVITE, the call's id)."""

    def make(**trunk):
        peer = Peer()
        line = lines(centre, peer, **trunk)
        wish = {"AIAgentId": quiet_agent, "Callee": line.callee, "MaxRingTimeoutSecond": 30}
        call_id = cloud.CreateAIAgentCall(**wish)["SessionId"]
        return peer, peer.wait("INVITE"), call_id

    return make


def user_track(centre, call_id, folder):
    record = centre.wait_recordings(call_id)
    track = centre.track(record, "user")
    return sound.read(centre.fetch(track["url"], folder / "user.mp3"))


def test_what_is_heard_before_the_answer_is_recorded_and_the_agent_waits_for_it(
    centre, call, rtp, tmp_path
):
    peer, invite, call_id = call()
    phone = rtp()
    peer.answer(invite, "183 Session Progress", peer.sdp(port=phone.port))
    phone.send_to(media_of(invite))
    announcement = sound.sweep(1.5)
    phone.say(announcement)
    centre.wait_state(call_id, "ringing")
    wait_for("the announcement to be over", phone.is_done, 10)
    assert phone.packets, "we send before the answer too, which opens the way through a NAT"
    assert sound.loudness(phone.heard()) < 0.001, "and say nothing"
    peer.answer(invite, "200 OK", peer.sdp(port=phone.port))
    peer.wait("ACK")
    wait_for("the greeting", lambda: sound.loudness(phone.heard()) > 0.01, 10)
    said = sound.sweep(1.0, low=2500, high=500)
    phone.say(said)
    wait_for("it to be said", phone.is_done, 10)
    time.sleep(0.5)
    peer.hang_up(invite)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"
    heard = user_track(centre, call_id, tmp_path)
    score, announced_at = sound.match(announcement, heard)
    assert score > 0.9
    score, said_at = sound.match(said, heard)
    assert score > 0.9 and said_at > announced_at + 1.5, "one time line"


def test_an_announcement_that_is_followed_by_a_refusal_is_recorded(centre, call, rtp, tmp_path):
    peer, invite, call_id = call()
    phone = rtp()
    peer.answer(invite, "183 Session Progress", peer.sdp(port=phone.port))
    phone.send_to(media_of(invite))
    announcement = sound.sweep(1.5)
    phone.say(announcement)
    wait_for("the announcement to be over", phone.is_done, 10)
    time.sleep(0.3)
    peer.answer(invite, "486 Busy Here")
    peer.wait("ACK")
    ended = centre.wait_state(call_id, "ended")
    assert (ended["cause"], ended["answered_at"]) == ("busy", None)
    assert sound.match(announcement, user_track(centre, call_id, tmp_path))[0] > 0.9


@pytest.fixture
def outside(centre, cloud):
    """A phone of the house with these settings that calls outside: the phone, the carrier's line, and the call's
    INVITE there."""
    made = []

    def make(number, settings=None, **trunk):
        peer = Peer()
        callee = new_number()
        prefixes = [callee.removeprefix("+")]
        by = centre.add_trunk(peer.ip, peer.port, options_ping=False, callee_prefixes=prefixes, **trunk)
        centre.add_number(new_number(), by, INSTANCE)
        cloud.CreateExtension(ExtensionId=number, ExtensionName=f"Desk {number}")
        centre.api("PATCH", f"/extensions/{number}", settings or {}, instance=INSTANCE)
        phone = Handset(centre, number, cloud.DescribeExtension(ExtensionId=number)["Password"]).register()
        made.append(phone)
        dialed = concurrent.futures.ThreadPoolExecutor(1).submit(phone.dial, callee)
        invite = peer.wait("INVITE")
        call_id = wait_for("the call", lambda: centre.api("GET", "/calls", number=callee)["items"])[0]["id"]
        return phone, dialed, peer, invite, call_id

    yield make
    for phone in made:
        phone.stop()


def early_rtp(phone):
    """The sound of the phone's only call, once it was told where to send it before the answer."""

    def look():
        return next((m for m in phone.messages if m.startswith("SIP/2.0 183") and "m=audio" in m), None)

    told = wait_for("183", look)
    [dialog] = phone.dialogs.values()
    dialog.rtp.send_to(media_of(told))
    return dialog.rtp


def test_a_phone_that_calls_outside_hears_what_comes_before_the_answer(centre, outside, rtp, tmp_path):
    phone, dialed, peer, invite, call_id = outside("7811")
    carrier = rtp()
    peer.answer(invite, "183 Session Progress", peer.sdp(port=carrier.port))
    carrier.send_to(media_of(invite))
    ours = early_rtp(phone)
    announcement, pressed_on = sound.sweep(1.5), sound.sweep(1.0, low=500, high=2500)
    carrier.say(announcement)
    ours.say(pressed_on)
    wait_for("both to have spoken", lambda: carrier.is_done() and ours.is_done(), 10)
    wait_for("the announcement", lambda: sound.match(announcement, ours.heard())[0] > 0.95, 5)
    wait_for("the phone", lambda: sound.match(pressed_on, carrier.heard())[0] > 0.95, 5)
    peer.answer(invite, "200 OK", peer.sdp(port=carrier.port))
    peer.wait("ACK")
    dialog = dialed.result(10)
    carrier.say(announcement[::-1])
    wait_for("more", lambda: sound.match(announcement[::-1], dialog.heard())[0] > 0.95, 10)
    sequences = [sequence for _, sequence, *_ in list(ours.packets)]
    steps = {(b - a) & 0xFFFF for a, b in zip(sequences, sequences[1:])}
    assert steps == {1}, "one stream, before the answer and after it"
    peer.hang_up(invite)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"
    call = centre.wait_recordings(call_id)
    of_carrier = sound.read(centre.fetch(centre.track(call, "agent")["url"], tmp_path / "agent.mp3"))
    assert sound.match(announcement, of_carrier)[0] > 0.9
    assert sound.match(pressed_on, user_track(centre, call_id, tmp_path))[0] > 0.9


def test_an_announcement_before_a_refusal_reaches_the_phone_that_called(centre, outside, rtp):
    phone, dialed, peer, invite, call_id = outside("7812")
    carrier = rtp()
    peer.answer(invite, "183 Session Progress", peer.sdp(port=carrier.port))
    carrier.send_to(media_of(invite))
    ours = early_rtp(phone)
    announcement = sound.sweep(1.5)
    carrier.say(announcement)
    wait_for("the announcement", lambda: sound.match(announcement, ours.heard())[0] > 0.95, 10)
    peer.answer(invite, "486 Busy Here")
    peer.wait("ACK")
    assert dialed.result(10) == 486
    ended = centre.wait_state(call_id, "ended")
    assert (ended["cause"], ended["answered_at"]) == ("busy", None)


def test_a_phone_that_gives_up_during_an_announcement_cancels_the_carrier(centre, outside, rtp):
    phone, dialed, peer, invite, call_id = outside("7813")
    carrier = rtp()
    peer.answer(invite, "183 Session Progress", peer.sdp(port=carrier.port))
    early_rtp(phone)
    [dialog] = phone.dialogs.values()
    phone.cancel(dialog)
    assert dialed.result(10) == 487
    peer.wait("CANCEL")
    assert centre.wait_state(call_id, "ended")["cause"] == "not_answered"


def test_a_trunk_whose_early_media_is_not_wanted_is_not_listened_to(centre, call, rtp):
    peer, invite, call_id = call(early_media=False)
    phone = rtp()
    peer.answer(invite, "183 Session Progress", peer.sdp(port=phone.port))
    centre.wait_state(call_id, "ringing")
    time.sleep(0.5)
    assert not phone.packets
    peer.answer(invite, "200 OK", peer.sdp(port=phone.port))
    peer.wait("ACK")
    wait_for("the greeting", lambda: sound.loudness(phone.heard()) > 0.01, 10)
    peer.hang_up(invite)
    centre.wait_state(call_id, "ended")


@pytest.mark.parametrize("encryption", ["off", "mandatory"])
def test_a_trunk_that_offers_by_itself_is_called_without_an_offer(centre, call, rtp, tmp_path, encryption):
    peer, invite, call_id = call(late_offer=True, encryption=encryption)
    assert "m=audio" not in invite and not field(invite, "Content-Type")
    phone = rtp()
    offer = peer.sdp(port=phone.port)
    if encryption == "mandatory":
        # Plain, where the trunk is to be encrypted: confirmed, as every 2xx is, and hung up.
        peer.answer(invite, "200 OK", offer)
        peer.wait("ACK")
        bye = peer.wait("BYE")
        assert "488" in field(bye, "Reason")[0]
        peer.answer(bye, "200 OK")
        centre.wait_state(call_id, "ended")
        return
    peer.answer(invite, "200 OK", offer)
    ack = peer.wait("ACK")
    assert "m=audio" in ack
    phone.send_to(media_of(ack))
    wait_for("the greeting", lambda: sound.loudness(phone.heard()) > 0.01, 10)
    said = sound.sweep(1.0, low=2500, high=500)
    phone.say(said)
    wait_for("it to be said", phone.is_done, 10)
    time.sleep(0.5)
    peer.hang_up(invite)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"
    assert sound.match(said, user_track(centre, call_id, tmp_path))[0] > 0.9


def test_of_two_phones_that_are_heard_the_one_that_answers_is_talked_to(centre, call, rtp):
    peer, invite, call_id = call()
    one, two = rtp(), rtp()
    peer.answer(invite, "183 Session Progress", peer.sdp(port=one.port), tag="one")
    peer.answer(invite, "183 Session Progress", peer.sdp(port=two.port), tag="two")
    wait_for("the first to be sent to", lambda: len(one.packets) > 5, 10)
    assert not two.packets
    peer.tag = "two"
    two.send_to(media_of(invite))
    peer.answer(invite, "200 OK", peer.sdp(port=two.port))
    peer.wait("ACK")
    wait_for("the second to hear the greeting", lambda: sound.loudness(two.heard()) > 0.01, 10)
    n_before = len(one.packets)
    # The first one answers a moment later: it is confirmed, and told goodbye.
    peer.answer(invite, "200 OK", peer.sdp(port=one.port), tag="one")
    bye = peer.wait("BYE")
    assert "tag=one" in field(bye, "To")[0]
    peer.answer(bye, "200 OK")
    assert len(one.packets) == n_before
    centre.wait_state(call_id, "up")
    peer.hang_up(invite)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"


def test_a_phone_changes_codec_payload_types_and_address_in_mid_call(centre, call, rtp, tmp_path):
    peer, invite, call_id = call()
    first, second = rtp(), rtp()
    peer.answer(invite, "200 OK", peer.sdp("8 101", port=first.port))
    peer.wait("ACK")
    first.send_to(media_of(invite))
    wait_for("A-law", lambda: any(packet[3] == 8 for packet in first.packets), 10)
    peer.ask(invite, "INVITE", 10, peer.sdp("0 96", port=second.port, version=2))
    agreed = peer.wait("SIP/2.0 200")
    peer.ask(invite, "ACK", 10)
    assert "RTP/AVP 0" in agreed
    second.send_to(media_of(agreed))
    wait_for("µ-law at the new place", lambda: len(second.packets) > 20, 10)
    assert {packet[3] for packet in second.packets} == {0}
    start = first.packets[0][1]
    places = sorted((packet[1] - start) & 0xFFFF for packet in [*first.packets, *second.packets])
    assert places == list(range(len(places))), "one stream, whatever it is made of"
    first.close()
    said = sound.sweep(1.5)
    second.say(said)
    wait_for("it to be said", second.is_done, 10)
    time.sleep(0.5)
    peer.hang_up(invite)
    centre.wait_state(call_id, "ended")
    assert sound.match(said, user_track(centre, call_id, tmp_path))[0] > 0.9


def test_a_phone_that_asks_for_our_offer_in_mid_call_chooses_from_all_codecs(centre, call, rtp):
    peer, invite, call_id = call()
    phone = rtp()
    peer.answer(invite, "200 OK", peer.sdp("8", port=phone.port))
    peer.wait("ACK")
    peer.ask(invite, "INVITE", 10)
    offer = peer.wait("SIP/2.0 200")
    assert re.search(r"^m=audio \d+ RTP/AVP 8 0 101\r$", offer, re.M)
    peer.ask(invite, "ACK", 10, peer.sdp("0", port=phone.port, version=2))
    wait_for("what was chosen", lambda: any(packet[3] == 0 for packet in phone.packets), 10)
    peer.hang_up(invite)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"


def test_a_phone_that_muted_itself_is_not_taken_for_dead(centre, call, rtp):
    """It sends nothing meanwhile, as one whose trunk misses nobody. The last one sends nothing either, and has
    not said so: it is gone."""
    muted = []
    for by in ("answer", "INVITE", "UPDATE", "trunk"):
        peer, invite, call_id = call(**({"media_timeout_second": 0} if by == "trunk" else {}))
        peer.answer(invite, "200 OK", peer.sdp(direction="recvonly" if by == "answer" else "sendrecv"))
        peer.wait("ACK")
        if by in ("INVITE", "UPDATE"):
            peer.ask(invite, by, 10, peer.sdp(version=2, direction="recvonly"))
            assert "a=sendonly" in peer.wait("SIP/2.0 200")
        if by == "INVITE":
            peer.ask(invite, "ACK", 10)
        muted.append((peer, invite, call_id))
    peer, invite, call_id = call()
    phone = rtp()
    peer.answer(invite, "200 OK", peer.sdp(port=phone.port))
    peer.wait("ACK")
    phone.send_to(media_of(invite))
    # Longer than the other calls are waited for beyond the 30 s of media.
    phone.say(sound.sweep(6.0))
    wait_for("the phone to have said it", phone.is_done, 10)
    phone.close()
    assert centre.wait_state(call_id, "ended", 60)["cause"] == "media_timeout"
    for peer, invite, call_id in muted:
        assert centre.call(call_id)["state"] == "up"
        peer.n_packets(0.3)
        assert peer.n_packets(0.3) > 5
        peer.hang_up(invite)
        assert centre.wait_state(call_id, "ended")["cause"] == "completed"


def test_a_silent_side_ends_its_call_when_its_own_trunk_or_extension_says(
    centre, call, outside, quiet_agent
):
    """Silent are a phone that was called, a caller by a trunk, a phone of the house that calls outside, and what
    these are connected with, by trunks that miss nobody."""
    early, of_early, early_id = call(media_timeout_second=5)
    early.answer(of_early, "183 Session Progress", early.sdp())
    called, of_called, called_id = call(media_timeout_second=5)
    patient, of_patient, patient_id = call(media_timeout_second=0)
    began = time.monotonic()
    for peer, invite in ((called, of_called), (patient, of_patient)):
        peer.answer(invite, "200 OK", peer.sdp())
        peer.wait("ACK")
    caller, number = Handset(centre), new_number()
    # It is called by nobody.
    own = {"callee_prefixes": [number.lstrip("+")], "options_ping": False, "media_timeout_second": 5}
    trunk = centre.add_trunk(caller.ip, caller.port, **own)
    centre.add_number(number, trunk, inbound_agent=quiet_agent)
    of_caller = caller.dial(number, host="127.0.0.1")
    of_caller.rtp.close()
    hasty, dialed, carrier, of_carrier, _ = outside(
        "7821", {"media_timeout_second": 5}, media_timeout_second=0
    )
    carrier.answer(of_carrier, "200 OK", carrier.sdp())
    carrier.wait("ACK")
    of_hasty = dialed.result(10)
    of_hasty.rtp.close()

    bye = called.wait("BYE")
    assert 4.5 < time.monotonic() - began < 7.5
    assert "media timeout" in field(bye, "Reason")[0]
    called.answer(bye, "200 OK")
    for dialog in (of_caller, of_hasty):
        dialog.wait_end(10)
    carrier.answer(carrier.wait("BYE"), "200 OK")
    caller.stop()
    assert centre.wait_state(called_id, "ended")["cause"] == "media_timeout"

    # What was silent before its answer for longer than it may has just answered.
    wait_for("six seconds of ringing", lambda: time.monotonic() - began > 6, 10)
    began = time.monotonic()
    early.answer(of_early, "200 OK", early.sdp())
    early.wait("ACK")
    bye = early.wait("BYE")
    assert 4.5 < time.monotonic() - began < 7.5
    early.answer(bye, "200 OK")
    assert centre.wait_state(early_id, "ended")["cause"] == "media_timeout"
    assert centre.call(patient_id)["state"] == "up"
    patient.hang_up(of_patient)
    assert centre.wait_state(patient_id, "ended")["cause"] == "completed"


def test_a_redirection_is_followed_where_the_trunk_may(centre, call):
    peer, invite, call_id = call(redirects_max=1)
    target = Peer()
    contact = f"Contact: <sip:moved@{target.ip}:{target.port}>"
    peer.answer(invite, "302 Moved Temporarily", more=[contact], contact=False)
    peer.wait("ACK")
    moved = target.wait("INVITE")
    assert moved.startswith(f"INVITE sip:moved@{target.ip}:{target.port} ")
    assert field(moved, "Call-ID") == field(invite, "Call-ID")
    callee = invite.split()[1]
    assert field(moved, "Diversion") == [f"<{callee}>;reason=unconditional;counter=1"]
    target.answer(moved, "200 OK", target.sdp())
    target.wait("ACK")
    centre.wait_state(call_id, "up")
    target.hang_up(moved)
    assert centre.wait_state(call_id, "ended")["cause"] == "completed"
    target.stop()


def test_a_silent_trunk_costs_a_second_and_what_it_says_late_is_cleared_up(
    centre, lines, quiet_agent
):
    number = new_number()
    prefix = {"callee_prefixes": [number.lstrip("+")]}
    silent = lines(centre, Peer(), first_answer_second=1)
    centre.api("PATCH", f"/trunks/{silent.trunk}", prefix)
    good = lines(centre, Peer())
    centre.api("PATCH", f"/trunks/{good.trunk}", prefix)
    callers = [silent.caller, good.caller]
    body = {"callee": number, "voice_agent": quiet_agent, "callers": callers}
    began = time.monotonic()
    call = centre.api("POST", "/calls", body)["id"]
    invite = silent.phone.wait("INVITE")
    second = good.phone.wait("INVITE")
    assert time.monotonic() - began < 5
    good.phone.answer(second, "200 OK", good.phone.sdp())
    good.phone.wait("ACK")
    up = centre.wait_state(call, "up")
    assert up["caller"] == good.caller
    silent.phone.answer(invite, "180 Ringing")
    cancel = silent.phone.wait("CANCEL")
    silent.phone.answer(cancel, "200 OK")
    silent.phone.answer(invite, "487 Request Terminated")
    silent.phone.wait("ACK")
    good.phone.hang_up(second)
    centre.wait_state(call, "ended")


@pytest.fixture
def one_pair(tmp_path):
    """A centre with the ports of one call."""
    own = Centre(tmp_path / "centre", "--requests-per-second", "1000")
    sockets = port_pair(own.ip)
    own.rtp_ports = "-".join(str(socket.getsockname()[1]) for socket in sockets)
    for socket in sockets:
        socket.close()
    yield own.start()
    own.stop()


def test_what_an_earlier_call_at_the_same_port_still_sends_is_not_heard(one_pair, lines, rtp, tmp_path):
    cloud, agent = Cloud(one_pair), one_pair.add_agent(quiet("Good morning."))
    peer = Peer()
    line = lines(one_pair, peer, options_ping=False)
    old, new = rtp(), rtp()
    said, strays = sound.melody(1, 3), sound.melody(2, 60)
    ports = set()

    def place(phone):
        call_id = cloud.CreateAIAgentCall(AIAgentId=agent, Callee=line.callee)["SessionId"]
        invite = peer.wait("INVITE")
        ports.add(media_of(invite))
        # As phones do, it sends by itself; who only answers what it hears is not known from a stray at once.
        phone.send_to(media_of(invite))
        peer.answer(invite, "200 OK", peer.sdp(port=phone.port))
        peer.wait("ACK")
        wait_for("the agent's packets", lambda: phone.packets)
        return call_id

    def hang_up(call_id):
        cloud.HangUpCall(SessionId=call_id)
        peer.answer(peer.wait("BYE"), "200 OK")
        one_pair.wait_state(call_id, "ended")

    first = place(old)
    old.say(strays)
    time.sleep(1)
    hang_up(first)
    n_heard, n_sent = len(old.packets), len(old.said_at)
    second = place(new)
    new.say(said)
    wait_for("the phone to have spoken", new.is_done)
    time.sleep(0.5)
    hang_up(second)
    assert len(ports) == 1, "the second call has the port of the first"
    assert len(old.said_at) - n_sent > 100 and not old.is_done(), "the first phone spoke meanwhile"
    assert len(old.packets) - n_heard < 5, "it hears nothing of the second call"
    assert sound.match(strays[: 8 * sound.RATE // 10], user_track(one_pair, first, tmp_path))[0] > 0.9
    heard = user_track(one_pair, second, tmp_path)
    assert sound.match(said, heard)[0] > 0.9
    assert likeness(said, heard, new.said_at).clear > 0.95, "nobody speaks over the phone"
    assert likeness(strays, heard, near=60).clear < 0.05


def test_a_carrier_is_told_who_calls_as_it_wants_to_be_told(centre, call):
    peer, invite, call_id = call(caller_identity="hidden", domain="carrier.example")
    assert field(invite, "From")[0].startswith('"Anonymous" <sip:anonymous@anonymous.invalid>')
    assert re.match(r"<sip:\+8610\d{8}@carrier.example>$", field(invite, "P-Asserted-Identity")[0])
    assert field(invite, "Privacy") == ["id"]
    peer.answer(invite, "486 Busy Here")
    peer.wait("ACK")
    centre.wait_state(call_id, "ended")


def test_a_transfer_that_nobody_takes_is_declined_and_the_call_goes_on(centre, call):
    peer, invite, call_id = call()
    peer.answer(invite, "200 OK", peer.sdp())
    peer.wait("ACK")
    peer.ask(invite, "REFER", 10)
    peer.wait("SIP/2.0 400")
    peer.ask(invite, "REFER", 11, more=["Refer-To: <sip:1003@127.0.0.1>"])
    peer.wait("SIP/2.0 603")
    peer.ask(invite, "NOTIFY", 12)
    peer.wait("SIP/2.0 489")
    centre.wait_state(call_id, "up")
    peer.hang_up(invite)
    centre.wait_state(call_id, "ended")


def test_reliable_early_media_is_acknowledged_and_changed_before_the_answer(centre, cloud, line, quiet_agent):
    phone = line("reliable")
    wish = {"AIAgentId": quiet_agent, "Callee": phone.callee, "MaxRingTimeoutSecond": 30}
    call_id = cloud.CreateAIAgentCall(**wish)["SessionId"]
    centre.wait_state(call_id, "up")
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def test_a_pbx_holds_changes_the_codec_and_asks_for_our_offer(centre, cloud, line, quiet_agent):
    phone = line("reinvite")
    wish = {"AIAgentId": quiet_agent, "Callee": phone.callee, "MaxRingTimeoutSecond": 30}
    call_id = cloud.CreateAIAgentCall(**wish)["SessionId"]
    centre.wait_state(call_id, "up")
    kinds = lambda: [packet[3] for packet in phone.phone.rtp.packets]
    wait_for("the last codec of three", lambda: 8 in kinds() and kinds()[-1] == 0, 10)
    time.sleep(1)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def test_a_cause_without_words_stands_in_the_record_by_its_name(centre, call):
    peer, invite, call_id = call()
    peer.answer(invite, "200 OK", peer.sdp())
    peer.wait("ACK")
    centre.wait_state(call_id, "up")
    peer.ask(invite, "BYE", 99, more=["Reason: Q.850;cause=34"])
    peer.wait("SIP/2.0 200")
    ended = centre.wait_state(call_id, "ended")
    assert ended["cause"] == "completed", "somebody talked"
    assert ended["sip_reason"] == "no circuit/channel available (Q.850 34)"


@pytest.mark.parametrize("far", ["answered", "rung", "rung out"])
def test_a_peer_is_told_by_q850_why_we_hang_up(centre, cloud, lines, quiet_agent, far):
    peer = Peer()
    line = lines(centre, peer)
    ring_time = 2 if far == "rung out" else 30
    wish = {"AIAgentId": quiet_agent, "Callee": line.callee, "MaxRingTimeoutSecond": ring_time}
    call_id = cloud.CreateAIAgentCall(**wish)["SessionId"]
    invite = peer.wait("INVITE")
    if far == "answered":
        peer.answer(invite, "200 OK", peer.sdp())
        peer.wait("ACK")
        centre.wait_state(call_id, "up")
    else:
        peer.answer(invite, "180 Ringing")
        centre.wait_state(call_id, "ringing")
    if far != "rung out":
        cloud.HangUpCall(SessionId=call_id)
    end = peer.wait("BYE" if far == "answered" else "CANCEL")
    cause = 19 if far == "rung out" else 16
    assert field(end, "Reason")[0].startswith(f"Q.850;cause={cause};text=")
    peer.answer(end, "200 OK")
    if far != "answered":
        peer.answer(invite, "487 Request Terminated")
        peer.wait("ACK")
    centre.wait_state(call_id, "ended")
