"""One side of a call is put on hold from outside: its phone is told, it hears music, and nobody hears it."""

import os
import subprocess

import pytest

import sound
from centre import BIN, Problem, wait_for
from handset import DOMAIN
from test_conferences import heard_in, hum
from test_refer import handsets  # noqa: F401
from test_transfers import event_of, fetched, music, own, phones  # noqa: F401


def talk(own, handsets, caller, callee):  # noqa: F811
    """A call between two handsets that hum; their dialogs and its id."""
    a, b = handsets(caller), handsets(callee)
    of_a = a.dial(callee)
    of_b = b.taken()
    of_a.rtp.say(hum("person"))
    of_b.rtp.say(hum("staff"))
    call_id = own.api("GET", "/calls", limit=1)["items"][0]["id"]
    wait_hears(of_a, "staff")
    wait_hears(of_b, "person")
    return of_a, of_b, call_id


def wait_hears(dialog, *who):
    last = []

    def look():
        last[:] = heard_in(dialog.rtp.heard()[-6000:])
        return set(last) == set(who)

    try:
        wait_for(f"{sorted(who)} to be heard", look, 15)
    except AssertionError as error:
        raise AssertionError(f"{error}; heard: {sorted(last)}") from None


def holds(own, call_id):  # noqa: F811
    return [(e["by"], e["held"]) for e in own.events(call_id) if e["type"] == "hold_changed"]


def hears_packets(dialog):
    """It is sent to, whatever that sounds like."""
    before = len(dialog.rtp.packets)
    wait_for("packets", lambda: len(dialog.rtp.packets) > before + 40)


def loudest(dialog):
    """In the last second that came."""
    return abs(dialog.rtp.heard()[-8000:]).max(initial=0)


@pytest.mark.parametrize("side", ["user", "staff"])
def test_one_side_is_put_on_hold_and_goes_on(own, handsets, side, tmp_path):  # noqa: F811
    numbers = {"user": ("7601", "7602"), "staff": ("7603", "7604")}[side]
    of_a, of_b, call_id = talk(own, handsets, *numbers)
    waits, other, whose = {"user": (of_a, of_b, "person"), "staff": (of_b, of_a, "staff")}[side]
    by = {"user": "staff", "staff": "user"}[side]
    for _ in range(2):
        own.api("POST", f"/calls/{call_id}/hold", {"side": side})
    wait_for("a re-INVITE", lambda: waits.offered == ["sendonly"])
    waits.wait_heard(music(), least=0.8)
    wait_hears(other)
    hears_packets(other)
    # A description anew, as phones send it to refresh their session, ends no hold.
    answer = waits.ask("INVITE", body=waits.sdp(version=5))
    waits.phone.ack(waits, waits.cseq)
    assert "a=sendonly" in answer, answer
    wait_hears(other)
    own.api("POST", f"/calls/{call_id}/resume", {"side": side})
    wait_for("another re-INVITE", lambda: waits.offered == ["sendonly", "sendrecv"])
    wait_hears(other, whose)
    wait_hears(waits, {"person": "staff", "staff": "person"}[whose])
    hears_packets(waits)
    hears_packets(other)
    assert other.offered == [], "nothing is said to whoever waits for nobody"
    assert holds(own, call_id) == [(by, True), (by, False)]
    of_a.hang_up()
    of_b.wait_end()
    call = own.wait_recordings(call_id)
    # The second track has what the person hears: the music on hold, or silence, and then the other one again.
    person, staff = (fetched(own, call, track, tmp_path) for track in ("user", "agent"))
    assert heard_in(person[-6000:]) == {"person"}
    assert heard_in(staff[-6000:]) == {"staff"}
    assert (sound.match(music(), staff)[0] > 0.8) == (side == "user")


def command_line(own, *words):  # noqa: F811
    environment = os.environ | {"SWITCHBOARD_TOKEN": own.token, "SWITCHBOARD_SERVER": own.url}
    said = subprocess.run([BIN, "call", *words], capture_output=True, text=True, timeout=30, env=environment)
    assert said.returncode == 0, said.stdout + said.stderr


def test_a_phone_that_takes_no_hold_waits_all_the_same(own, handsets):  # noqa: F811
    of_a, of_b, call_id = talk(own, handsets, "7611", "7612")
    of_a.phone.refuses_offers = True
    command_line(own, "hold", call_id)
    wait_for("a re-INVITE", lambda: of_a.offered == ["sendonly"])
    of_a.wait_heard(music(), least=0.8)
    wait_hears(of_b)
    command_line(own, "resume", call_id, "--side", "user")
    wait_hears(of_b, "person")
    wait_hears(of_a, "staff")
    assert of_a.offered == ["sendonly"], "what it never took is not taken back"
    of_a.hang_up()
    of_b.wait_end()


def test_whom_a_held_person_is_given_to_is_heard(own, handsets):  # noqa: F811
    of_a, of_b, call_id = talk(own, handsets, "7621", "7622")
    third = handsets("7623")
    own.api("POST", f"/calls/{call_id}/hold", {"side": "user"})
    wait_for("a re-INVITE", lambda: of_a.offered == ["sendonly"])
    assert of_b.refer(f"<sip:7623@{DOMAIN}>") == 202
    of_c = third.taken()
    of_c.rtp.say(hum("third"))
    wait_hears(of_c, "person")
    wait_hears(of_a, "third")
    assert of_a.offered == ["sendonly", "sendrecv"]
    of_a.hang_up()
    of_c.wait_end()


def test_a_supervisor_listens_and_whispers_while_somebody_waits(own, handsets):  # noqa: F811
    of_a, of_b, call_id = talk(own, handsets, "7651", "7652")
    boss = handsets("7653")
    own.api("POST", f"/calls/{call_id}/hold", {"side": "user"})
    wait_for("a re-INVITE", lambda: of_a.offered == ["sendonly"])
    leg = own.api("POST", f"/calls/{call_id}/listeners", {"extension": "7653", "mode": "listen"})["leg"]
    of_boss = boss.taken()
    of_boss.rtp.say(hum("boss"))
    wait_for("the supervisor to join", lambda: own.call(call_id)["parties"][0]["joined_at"])
    wait_hears(of_boss, "staff")
    own.api("PUT", f"/calls/{call_id}/listeners/{leg}", {"mode": "whisper"})
    wait_hears(of_b, "boss")
    at = len(of_a.rtp.heard())
    of_a.wait_heard(music(), least=0.8)
    assert of_a.offered == ["sendonly"], "the hold goes on"
    own.api("POST", f"/calls/{call_id}/resume", {"side": "user"})
    wait_for("another re-INVITE", lambda: of_a.offered == ["sendonly", "sendrecv"])
    assert not heard_in(of_a.rtp.heard()[at:-8000]) & {"staff", "boss"}, "nobody while it waited"
    wait_hears(of_a, "staff")
    wait_hears(of_b, "person", "boss")
    own.api("POST", f"/calls/{call_id}/hold", {"side": "user"})
    wait_hears(of_b, "boss")
    own.api("DELETE", f"/calls/{call_id}/listeners/{leg}")
    of_boss.wait_end()
    of_a.wait_heard(music(), least=0.8)
    wait_hears(of_b)
    own.api("POST", f"/calls/{call_id}/resume", {"side": "user"})
    wait_hears(of_b, "person")
    of_a.hang_up()
    of_b.wait_end()


def test_who_cannot_be_put_on_hold_is_left_alone(own, handsets):  # noqa: F811
    of_a, of_b, call_id = talk(own, handsets, "7631", "7632")
    for body, status in (({"side": "agent"}, 422), ({"side": "user", "on": True}, 422)):
        with pytest.raises(Problem) as refused:
            own.api("POST", f"/calls/{call_id}/hold", body)
        assert refused.value.status == status
    with pytest.raises(Problem) as unknown:
        own.api("POST", "/calls/nobody/hold", {})
    assert unknown.value.status == 404
    third = handsets("7633")
    own.api("POST", f"/calls/{call_id}/participants", {"target": "extension:7633"})
    of_c = third.taken()
    wait_for("the third to join", lambda: own.call(call_id)["parties"][0]["joined_at"])
    with pytest.raises(Problem) as several:
        own.api("POST", f"/calls/{call_id}/hold", {})
    assert several.value.status == 409
    of_a.hang_up()
    of_b.wait_end()
    of_c.wait_end()
    with pytest.raises(Problem) as over:
        own.api("POST", f"/calls/{call_id}/resume", {})
    assert over.value.status == 409


def test_a_real_phone_is_put_on_hold_and_goes_on(own, phones, handsets):  # noqa: F811
    phones("7641")
    person = handsets("7642")
    dialog = person.dial("7641")
    dialog.rtp.say(hum("person"))
    call_id = own.api("GET", "/calls", limit=1)["items"][0]["id"]
    wait_for("sound of the phone", lambda: loudest(dialog) > 0.05)
    own.api("POST", f"/calls/{call_id}/hold", {"side": "staff"})
    event_of(own, call_id, "hold_changed")
    # It stops to send, and is not taken for dead.
    wait_for("silence", lambda: loudest(dialog) < 0.01)
    own.api("POST", f"/calls/{call_id}/resume", {"side": "staff"})
    wait_for("sound of the phone", lambda: loudest(dialog) > 0.05)
    dialog.hang_up()
    assert own.wait_state(call_id, "ended")["cause"] == "completed"
