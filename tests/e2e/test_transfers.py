"""Two people in one call: handed over by a voice agent, or from phone to phone. The phones are real."""

import time
import urllib.request

import numpy as np
import pytest

import sound
from centre import INSTANCE, Centre, Problem, wait_for
from cloud import Cloud
from conftest import quiet
from peers import Baresip, Phone
from receiver import Receiver
from test_extensions import baresip_account, is_registered

GREETING = "Good morning, this is Harbor Clinic."
NOBODY = "Nobody is free right now."
STAFF_SAYS = sound.sweep(40, 500, 2500)
PERSON_SAYS = sound.sweep(6, 300, 3000)


@pytest.fixture
def own(tmp_path):
    """A server of this test's own: its people and phones are counted."""
    centre = Centre(tmp_path / "centre", "--requests-per-second", "1000", "--fetch-private")
    centre.start()
    receiver = Receiver()
    centre.add_webhook(receiver.url)
    centre.receiver = receiver
    yield centre
    centre.stop()
    receiver.close()


@pytest.fixture
def phones(own, tmp_path):
    """Makes registered phones, and takes them down afterwards."""
    made = []

    def make(number, samples=STAFF_SAYS, answermode="auto", **more):
        cloud = Cloud(own)
        cloud.CreateExtension(ExtensionId=number, ExtensionName=f"Desk {number}", **more)
        account = baresip_account(cloud.DescribeExtension(ExtensionId=number))
        account = account.replace("answermode=auto", f"answermode={answermode}")
        phone = Baresip(tmp_path, number, samples, account=account)
        made.append(phone)
        wait_for("the phone to register", lambda: is_registered(cloud, number))
        return phone

    yield make
    for phone in made:
        phone.stop()


def transferring(target, say="One moment."):
    """An agent that hands over whoever presses 1."""
    answers = [{"keys": ["1"], "say": say, "then": {"transfer": target}}]
    return quiet(GREETING) | {
        "steps": {"wait": {"answers": answers}},
        "fallback": NOBODY,
    }


def person(centre, name, group, status="free"):
    mail = f"{name}@harbor.example"
    body = {"email": mail, "name": name, "roles": ["agent"]}
    staff = centre.api("POST", "/staff", body, instance=INSTANCE)["id"]
    Cloud(centre).BindStaffSkillGroupList(
        StaffEmail=mail, StaffSkillGroupList=[{"SkillGroupId": group, "Priority": 1}]
    )
    centre.api("PUT", f"/staff/{staff}/status", {"status": status}, instance=INSTANCE)
    return staff, mail


def status_of(centre, staff):
    return centre.api("GET", f"/staff/{staff}", instance=INSTANCE)["presence"]["status"]


def group_of(centre, name="Sales"):
    return Cloud(centre).CreateCCCSkillGroup(SkillGroupName=name, SkillGroupType=0)["SkillGroupId"]


def place(centre, lines, tmp_path, target):
    """A call whose person has heard the greeting, and is about to press keys."""
    agent = centre.add_agent(transferring(target))
    phone = Phone(tmp_path)
    line = lines(centre, phone)
    call_id = Cloud(centre).CreateAIAgentCall(AIAgentId=agent, Callee=line.callee)["SessionId"]
    phone.wait_heard(sound.speak(GREETING, tmp_path))
    return call_id, phone


def event_of(centre, call_id, kind, seconds=20):
    def look():
        return next((e for e in centre.events(call_id) if e["type"] == kind), None)

    return wait_for(f"{kind} in {call_id}", look, seconds)


def metrics(centre):
    with urllib.request.urlopen(f"{centre.url}/metrics", timeout=5) as answer:
        return answer.read().decode()


def piece(samples, at, seconds=2.0):
    return samples[int(at * 8000) : int((at + seconds) * 8000)]


def fetched(centre, call, track, tmp_path):
    place = centre.fetch(centre.track(call, track)["url"], tmp_path / f"{track}.mp3")
    return sound.read(place)


def test_an_agent_hands_over_to_whoever_of_the_group_is_free(own, phones, lines, tmp_path):
    group = group_of(own)
    lin, mail = person(own, "lin", group)
    desk = phones("7001", Relation=mail)
    call_id, phone = place(own, lines, tmp_path, "Sales")
    phone.rtp.press("1")
    event_of(own, call_id, "served")
    assert status_of(own, lin) == "busy"
    assert "switchboard_bridged_calls 1" in metrics(own)

    phone.rtp.say(PERSON_SAYS)
    phone.wait_heard(piece(STAFF_SAYS, 2, 1.0))
    phone.wait_said()
    phone.rtp.press("5")
    time.sleep(1.0)
    desk.command("hangup")
    call = own.wait_recordings(call_id)
    phone.wait_end()
    assert (call["cause"], call["ended_by"]) == ("completed", "staff")
    assert [d["digits"] for d in call["digits"]] == ["1", "5"]
    [serving] = call["servings"]
    assert (serving["kind"], serving["address"], serving["email"]) == ("staff", "7001", mail)
    assert (serving["end"], serving["skill_group"]) == ("served", group)

    # Each heard the other, and each is on a track.
    assert sound.match(piece(PERSON_SAYS, 1), desk.heard())[0] > 0.9
    user, agent = (fetched(own, call, track, tmp_path) for track in ("user", "agent"))
    assert sound.match(piece(PERSON_SAYS, 1), user)[0] > 0.9
    assert sound.match(sound.speak(GREETING, tmp_path), agent)[0] > 0.9
    assert sound.match(piece(STAFF_SAYS, 2, 1.0), agent)[0] > 0.9
    # Time for notes is none where nobody has set it.
    wait_for("the end of the work", lambda: status_of(own, lin) in ("wrap_up", "free"))

    [push] = own.receiver.wait(call_id, "cdr")
    record = push.body
    assert record["SeatUser"]["Mail"] == mail
    seat = record["ServeParticipants"][1]
    assert (seat["Type"], seat["Mail"], seat["SkillGroupId"]) == ("staffExtensionSeat", mail, group)
    assert seat["AcceptTimestamp"] >= seat["RingTimestamp"] > 0
    assert record["HungUpSide"] == "seat"


def test_where_nobody_is_there_the_agent_says_so(own, lines, tmp_path):
    group = group_of(own)
    person(own, "kim", group, status="not_ready")
    call_id, phone = place(own, lines, tmp_path, f"skill_group:{group}")
    phone.rtp.press("1")
    failed = event_of(own, call_id, "transfer_failed")
    assert failed["why"] == "nobody_there"
    own.wait_state(call_id, "ended", seconds=40)
    phone.wait_end()


def test_a_person_who_hangs_up_stops_the_phone_that_rings(own, phones, lines, tmp_path):
    desk = phones("7003", answermode="manual")
    call_id, phone = place(own, lines, tmp_path, "extension:7003")
    phone.rtp.press("1")
    desk.wait_event("CALL_INCOMING")
    event_of(own, call_id, "offer_rang")
    # 450 Hz: what the person hears meanwhile.
    ringing = wait_for("ringback", lambda: loud_at(phone.rtp.heard()[-8000:], 450))
    assert ringing
    Cloud(own).HangUpCall(SessionId=call_id)
    desk.wait_event("CALL_CLOSED")
    call = own.wait_state(call_id, "ended")
    assert call["servings"][0]["end"] == "given_up"
    phone.wait_end()


def music():
    """The first two notes' worth of music on hold, and the octave of each."""
    notes = []
    for hz in (261.6, 523.2, 329.6, 659.2):
        notes += [np.sin(np.arange(1600) / 8000 * 2 * np.pi * hz) * 0.1, np.zeros(400)]
    return np.concatenate(notes)


def loud_at(samples, hz):
    if len(samples) < 4000:
        return False
    spectrum = np.abs(np.fft.rfft(samples))
    peak = np.argmax(spectrum) * 8000 / len(samples)
    return abs(peak - hz) < 10 and sound.loudness(samples) > 0.01


def test_a_phone_calls_another_one_and_both_hear_each_other(own, phones, tmp_path):
    caller = phones("7101", sound.sweep(40, 300, 3000))
    callee = phones("7102", STAFF_SAYS)
    caller.command("dial", "7102")
    caller.wait_event("CALL_ESTABLISHED")
    callee.wait_event("CALL_ESTABLISHED")
    [call] = own.api("GET", "/calls")["items"]
    time.sleep(5)
    callee.command("hangup")
    caller.wait_event("CALL_CLOSED")
    call = own.wait_recordings(call["id"])
    assert (call["direction"], call["cause"]) == ("inbound", "completed")
    assert (call["ended_by"], call["voice_agent"]) == ("staff", None)
    assert (call["caller"], call["callee"]) == ("+7101", "+7102")
    assert sound.match(piece(STAFF_SAYS, 1), caller.heard())[0] > 0.9
    assert sound.match(piece(sound.sweep(40, 300, 3000), 1), callee.heard())[0] > 0.9
    user, agent = (fetched(own, call, track, tmp_path) for track in ("user", "agent"))
    assert sound.match(piece(sound.sweep(40, 300, 3000), 1), user)[0] > 0.9
    assert sound.match(piece(STAFF_SAYS, 1), agent)[0] > 0.9


def test_a_phone_that_nobody_has_is_not_called(own, phones):
    caller = phones("7201")
    Cloud(own).CreateExtension(ExtensionId="7202", ExtensionName="No phone")
    caller.command("dial", "7202")
    assert "480" in caller.wait_event("CALL_CLOSED")["param"]
    [call] = own.api("GET", "/calls")["items"]
    assert own.wait_state(call["id"], "ended")["cause"] == "not_reachable"
    caller.command("dial", "7299")
    assert "404" in caller.wait_event("CALL_CLOSED")["param"]


def test_a_phone_that_is_refused_is_told_so(own, phones):
    caller, callee = phones("7301"), phones("7302", answermode="manual")
    caller.command("dial", "7302")
    callee.wait_event("CALL_INCOMING")
    callee.command("hangup")
    closed = caller.wait_event("CALL_CLOSED")["param"]
    [call] = own.api("GET", "/calls")["items"]
    ended = own.wait_state(call["id"], "ended")
    assert ended["cause"] in ("busy", "rejected"), closed
    assert ended["servings"][0]["end"] in ("busy", "rejected")


def test_who_is_held_hears_music(own, phones, lines, tmp_path):
    desk = phones("7401")
    call_id, phone = place(own, lines, tmp_path, "7401")
    phone.rtp.press("1")
    event_of(own, call_id, "served")
    time.sleep(1)
    desk.command("hold")
    held = event_of(own, call_id, "hold_changed")
    assert (held["by"], held["held"]) == ("staff", True)
    phone.wait_heard(music(), least=0.8)
    desk.command("resume")
    wait_for(
        "the end of the hold",
        lambda: [e["held"] for e in own.events(call_id) if e["type"] == "hold_changed"] == [True, False],
    )
    Cloud(own).HangUpCall(SessionId=call_id)
    desk.wait_event("CALL_CLOSED")
    phone.wait_end()
    assert own.wait_state(call_id, "ended")["cause"] == "api_request"


def test_a_kill_in_mid_bridge_loses_neither_the_call_nor_its_sound(own, phones, lines, tmp_path):
    group = group_of(own)
    lin, mail = person(own, "lin", group)
    phones("7501", Relation=mail)
    call_id, phone = place(own, lines, tmp_path, "Sales")
    phone.rtp.press("1")
    event_of(own, call_id, "served")
    phone.rtp.say(PERSON_SAYS)
    phone.wait_said()
    own.kill()
    own.start()
    call = own.wait_recordings(call_id, seconds=60)
    assert (call["state"], call["cause"]) == ("ended", "crashed")
    assert call["servings"][0]["end"] == "served"
    user, agent = (fetched(own, call, track, tmp_path) for track in ("user", "agent"))
    assert sound.match(piece(PERSON_SAYS, 3), user)[0] > 0.9
    assert sound.match(piece(STAFF_SAYS, 2, 1.0), agent)[0] > 0.9
    assert status_of(own, lin) in ("wrap_up", "free"), "nobody is busy with a call that is over"
    [push] = own.receiver.wait(call_id, "cdr")
    assert push.body["ServeParticipants"][1]["Mail"] == mail
    phone.stop()


def test_a_call_is_handed_over_by_request_and_to_a_number_outside(own, lines, tmp_path):
    call_id, phone = place(own, lines, tmp_path, "nobody")
    outside = Phone(tmp_path)
    line = lines(own, outside)
    target = {"target": f"number:{line.callee}"}
    own.api("POST", f"/calls/{call_id}/transfer", target)
    event_of(own, call_id, "served")
    with pytest.raises(Problem) as again:
        own.api("POST", f"/calls/{call_id}/transfer", target)
    assert again.value.status == 409
    outside.rtp.say(PERSON_SAYS)
    phone.wait_heard(piece(PERSON_SAYS, 1))
    phone.rtp.press("42#")
    wait_for("the keys", lambda: outside.rtp.digits_heard() == "42#")
    Cloud(own).HangUpCall(SessionId=call_id)
    outside.wait_end()
    phone.wait_end()
    call = own.wait_recordings(call_id)
    [serving] = call["servings"]
    assert (serving["kind"], serving["address"]) == ("outside", line.callee)
    assert "".join(d["digits"] for d in call["digits"]) == "42#"
    # A third party that sees a number of ours.
    assert f"<sip:{line.caller}@" in outside.sipp.messages


def test_a_call_waits_for_whoever_is_busy(own, phones, lines, tmp_path):
    group = group_of(own)
    lin, mail = person(own, "lin", group)
    phones("7601", Relation=mail)
    first, phone = place(own, lines, tmp_path, "Sales")
    phone.rtp.press("1")
    event_of(own, first, "served")
    second, other = place(own, lines, tmp_path, "Sales")
    other.rtp.press("1")
    event_of(own, second, "queued")
    assert "switchboard_waiting_calls 1" in metrics(own)
    Cloud(own).HangUpCall(SessionId=first)
    event_of(own, second, "served")
    assert status_of(own, lin) == "busy"
    Cloud(own).HangUpCall(SessionId=second)
    [push] = own.receiver.wait(second, "cdr")
    assert push.body["QueuedSkillGroupId"] == group
    assert push.body["QueuedTimestamp"] >= push.body["AcceptTimestamp"] > 0
    phone.wait_end()
    other.wait_end()
