"""What passes between the two legs of a call whose phones are not alike: keys as each of them can, and sound
from Opus to G.711 and back."""

import numpy as np
import pytest

import sound
from centre import wait_for
from cloud import Cloud
from peers import Baresip
from rtp import Rtp
from test_odd_peers import Peer, field
from test_extensions import baresip_account, is_registered
from test_transfers import PERSON_SAYS, STAFF_SAYS, event_of, own, piece, place  # noqa: F401

EVENTS = "0 101\r\na=rtpmap:101 telephone-event/8000"


@pytest.fixture
def joined(centre, lines, tmp_path):
    """A person whose phone has events, joined with a peer of a trunk: (person, peer, its sound, INVITE)."""
    made = []

    def make(formats="0", **trunk):
        call_id, phone = place(centre, lines, tmp_path, "nobody")
        peer, rtp = Peer(), Rtp("127.0.0.1")
        made.append(rtp)
        line = lines(centre, peer, **trunk)
        centre.api("POST", f"/calls/{call_id}/transfer", {"target": f"number:{line.callee}"})
        invite = peer.wait("INVITE")
        head, tail = peer.sdp("@", port=rtp.port).split("@")
        peer.answer(invite, "200 OK", head + formats + tail)
        peer.wait("ACK")
        event_of(centre, call_id, "served")
        wait_for("sound", lambda: len(rtp.packets) > 10, 10)
        return phone, peer, rtp, invite, call_id

    yield make
    for rtp in made:
        rtp.close()


def by_info(peer):
    """The next key that comes by INFO."""
    info = peer.wait("INFO")
    assert field(info, "Content-Type") == ["application/dtmf-relay"]
    peer.answer(info, "200 OK")
    return info.split("Signal=")[1][0]


def test_a_key_of_events_reaches_a_phone_that_wants_info(centre, joined):
    phone, peer, rtp, invite, call_id = joined(EVENTS, key_presses="info")
    phone.rtp.press("5#")
    assert [by_info(peer), by_info(peer)] == ["5", "#"]
    assert rtp.digits_heard() == "", "each key comes once"
    peer.hang_up(invite)
    centre.wait_state(call_id, "ended")


def test_a_phone_that_sends_its_keys_by_info_gets_them_so(centre, joined):
    phone, peer, rtp, invite, call_id = joined()
    more = ["Content-Type: application/dtmf-relay"]
    peer.ask(invite, "INFO", 10, more=more)
    peer.wait("SIP/2.0 200")
    body = "Signal=7\r\nDuration=160\r\n"
    target = field(invite, "Contact")[0]
    head = [
        f"INFO {target.strip('<>')} SIP/2.0",
        f"Via: SIP/2.0/UDP {peer.ip}:{peer.port};branch=z9hG4bKinfo7;rport",
        f"From: {field(invite, 'To')[0]};tag={peer.tag}",
        f"To: {field(invite, 'From')[0]}",
        f"Call-ID: {field(invite, 'Call-ID')[0]}",
        "CSeq: 11 INFO",
        *more,
        f"Content-Length: {len(body)}",
    ]
    peer.sip.sendto("\r\n".join([*head, "", body]).encode(), peer.centre)
    peer.wait("SIP/2.0 200")
    wait_for("the key as an event", lambda: phone.rtp.digits_heard() == "7", 10)
    phone.rtp.press("5")
    assert by_info(peer) == "5"
    peer.hang_up(invite)
    centre.wait_state(call_id, "ended")


def test_a_phone_that_wants_tones_is_offered_no_events_and_hears_them(centre, joined):
    phone, peer, rtp, invite, call_id = joined(EVENTS, key_presses="tones")
    assert "telephone-event" not in invite
    phone.rtp.press("5")
    [heard] = wait_for("the tone", lambda: loud(rtp.heard()), 10)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    strongest = lambda low, high: max(range(low, high), key=lambda hz: spectrum[hz * len(heard) // 8000])
    assert abs(strongest(600, 1000) - 770) < 20 and abs(strongest(1100, 1700) - 1336) < 20
    peer.hang_up(invite)
    centre.wait_state(call_id, "ended")


def loud(samples):
    """A stretch of 60 ms that is loud all the time, if there is one."""
    for at in range(0, len(samples) - 480, 80):
        part = samples[at : at + 480]
        if sound.loudness(part[:160]) > 0.05 and sound.loudness(part[320:]) > 0.05:
            return [part]
    return []


@pytest.mark.parametrize("codec", ["opus/48000/2", "G722/16000/1"])
def test_a_phone_with_another_codec_talks_with_a_person_behind_a_trunk(own, lines, tmp_path, codec):  # noqa: F811
    cloud = Cloud(own)
    cloud.CreateExtension(ExtensionId="7601", ExtensionName="Desk")
    account = baresip_account(cloud.DescribeExtension(ExtensionId="7601"))
    account = account.replace("PCMA/8000/1", codec)
    desk = Baresip(tmp_path, "7601", STAFF_SAYS, account=account)
    wait_for("the phone to register", lambda: is_registered(cloud, "7601"))
    call_id, phone = place(own, lines, tmp_path, "extension:7601")
    phone.rtp.press("1")
    event_of(own, call_id, "served")
    phone.wait_heard(piece(STAFF_SAYS, 2), least=0.7)
    phone.rtp.say(PERSON_SAYS)
    phone.wait_said()
    Cloud(own).HangUpCall(SessionId=call_id)
    phone.wait_end()
    desk.wait_event("CALL_CLOSED")
    heard = sound.match(piece(PERSON_SAYS, 1), desk.heard())[0]
    desk.stop()
    assert heard > 0.7
