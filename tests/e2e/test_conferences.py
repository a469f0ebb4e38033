"""Three and more people in one call, and supervisors who listen in. The phones are real: everybody hums
a tone of their own, and is known by it."""

import time

import numpy as np
import pytest

import models
import sound
from centre import Problem, wait_for
from cloud import Cloud
from peers import Phone
from test_transfers import event_of, fetched, metrics, own, phones, place  # noqa: F401

HZ = {"person": 437, "staff": 701, "third": 1019, "boss": 1409}


def hum(who, seconds=100):
    return np.sin(np.arange(8000 * seconds) / 8000 * 2 * np.pi * HZ[who]) * 0.15


def heard_in(samples):
    """Who is heard in these samples: whose tone stands out, not to be taken for noise."""
    if len(samples) < 4000:
        return set()
    window = samples * np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(window)) / len(samples) * 4

    def level(hz):
        at = round(hz * len(samples) / 8000)
        return spectrum[at - 3 : at + 4].max()

    return {who for who, hz in HZ.items() if level(hz) > 0.03}


def now_hears(phone):
    return heard_in(phone.rtp.heard()[-6000:])


def wait_hears(phone, *who):
    """Until the person hears these, and nobody else."""
    wanted = set(who)
    last = set()

    def look():
        nonlocal last
        last = now_hears(phone)
        return last == wanted

    try:
        wait_for(f"the person to hear {sorted(wanted)}", look, 15)
    except AssertionError:
        raise AssertionError(f"the person hears {sorted(last)}, not {sorted(wanted)}") from None


def party(centre, call_id, leg):
    return next(p for p in centre.call(call_id)["parties"] if p["leg"] == leg)


def joined(centre, call_id, leg):
    wait_for(f"leg {leg} to join", lambda: party(centre, call_id, leg)["joined_at"], 20)


def invite(centre, call_id, target):
    leg = centre.api("POST", f"/calls/{call_id}/participants", {"target": target})["leg"]
    joined(centre, call_id, leg)
    return leg


def listen(centre, call_id, extension, mode="listen"):
    body = {"extension": extension, "mode": mode}
    leg = centre.api("POST", f"/calls/{call_id}/listeners", body)["leg"]
    joined(centre, call_id, leg)
    return leg


def bridged(centre, phones, lines, tmp_path):  # noqa: F811
    """A person who talks with somebody at a desk; both hum."""
    desk = phones("7001", hum("staff"))
    call_id, phone = place(centre, lines, tmp_path, "extension:7001")
    phone.rtp.press("1")
    event_of(centre, call_id, "served")
    phone.rtp.say(hum("person"))
    wait_hears(phone, "staff")
    return call_id, phone, desk


def spans(samples, seconds=1.0):
    """Who is heard in each second."""
    n = int(8000 * seconds)
    return [heard_in(samples[at : at + n]) for at in range(0, len(samples) - n, n)]


def test_a_third_party_joins_and_leaves_and_everybody_is_on_a_track(own, phones, lines, tmp_path):  # noqa: F811
    call_id, phone, desk = bridged(own, phones, lines, tmp_path)
    third = phones("7002", hum("third"))
    leg = invite(own, call_id, "extension:7002")
    wait_hears(phone, "staff", "third")
    assert "switchboard_conference_parties 1" in metrics(own)
    time.sleep(3)

    own.api("DELETE", f"/calls/{call_id}/participants/{leg}")
    wait_hears(phone, "staff")
    third.wait_event("CALL_CLOSED")
    assert own.call(call_id)["state"] == "up"
    time.sleep(1.5)
    desk.command("hangup")
    call = own.wait_recordings(call_id)
    phone.wait_end()
    assert (call["cause"], call["ended_by"]) == ("completed", "staff")
    [known] = call["parties"]
    assert (known["role"], known["end"], known["server"]["address"]) == (
        "participant", "served", "7002",
    )  # fmt: skip

    # What each phone got: all others, and never itself.
    of_third = spans(third.heard())
    assert of_third[1:3] == [{"person", "staff"}] * 2, of_third
    of_desk = spans(desk.heard())
    assert {"person", "third"} in of_desk and of_desk[-1] == {"person"}, of_desk
    assert all("staff" not in heard for heard in of_desk)

    # What is kept: one voice on each track, all on one clock.
    tracks = {t["track"]: t for t in call["recordings"]}
    assert set(tracks) == {"user", "agent", "party_1"}
    assert len({(t["started_at"], t["duration_ms"]) for t in tracks.values()}) == 1
    kept = {name: spans(fetched(own, call, name, tmp_path)) for name in tracks}
    n_third = sum("third" in heard for heard in kept["party_1"])
    assert n_third >= 3 and set().union(*kept["party_1"]) == {"third"}
    assert kept["party_1"][0] == set() and kept["party_1"][-1] == set()
    assert set().union(*kept["user"]) == {"person"}
    assert "third" not in set().union(*kept["agent"])
    came = (time_of(known["joined_at"]) - time_of(tracks["user"]["started_at"]))
    first = next(n for n, heard in enumerate(kept["party_1"]) if heard)
    assert abs(first - came) < 1.6, (first, came)


def time_of(text):
    import datetime

    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def test_a_third_party_keeps_the_call_when_staff_leave(own, phones, lines, tmp_path):  # noqa: F811
    call_id, phone, desk = bridged(own, phones, lines, tmp_path)
    third = phones("7002", hum("third"))
    invite(own, call_id, "7002")
    wait_hears(phone, "staff", "third")
    desk.command("hangup")
    wait_hears(phone, "third")
    assert own.call(call_id)["state"] == "up"
    third.command("hangup")
    own.wait_state(call_id, "ended")
    phone.wait_end()


def test_a_voice_agent_a_person_and_an_expert_are_in_one_call(own, phones, lines, tmp_path):  # noqa: F811
    call_id, phone = place(own, lines, tmp_path, "extension:7001")
    expert = phones("7002", hum("third"))
    leg = invite(own, call_id, "extension:7002")
    wait_hears(phone, "third")
    phone.rtp.say(hum("person", 3))
    phone.wait_said()
    said = "Your appointment is on Monday."
    told = {"say": said, "interrupt": True}
    own.api("POST", f"/calls/{call_id}/instructions", told)
    time.sleep(4)
    own.api("DELETE", f"/calls/{call_id}/participants/{leg}")
    expert.wait_event("CALL_CLOSED")
    assert own.call(call_id)["state"] == "up"
    own.api("POST", f"/calls/{call_id}/hangup")
    own.wait_recordings(call_id)
    # The expert heard the person, and the agent.
    assert {"person"} in spans(expert.heard())
    assert heard_by(expert, said, tmp_path)


def test_a_voice_agent_answers_whoever_is_in_the_call(own, phones, lines, tmp_path):  # noqa: F811
    answer = "The doctor is there on Monday."
    model = models.Model(lambda n, body: models.words(answer))
    phone = Phone(tmp_path)
    welcome = "Good morning, this is Harbor Clinic."
    call_id = Cloud(own).CreateAICall(
        Callee=lines(own, phone).callee, LLMType="openai", APIKey="sk-request", APIUrl=model.url,
        Model="m", SystemPrompt="You are kind.", WelcomeMessage=welcome, Languages=["en"],
        EnableComplianceAudio=False,
    )["SessionId"]  # fmt: skip
    phone.wait_heard(sound.speak(welcome, tmp_path))
    asks = sound.speak("Is the doctor there on Monday or on Tuesday?", tmp_path)
    expert = phones("7002", np.concatenate([sound.silence(3), asks, sound.silence(90)]))
    invite(own, call_id, "extension:7002")
    # The person has said nothing: it is the expert who is answered, and everybody hears it.
    phone.wait_heard(sound.speak(answer, tmp_path))
    own.api("POST", f"/calls/{call_id}/hangup")
    call = own.wait_recordings(call_id)
    expert.wait_event("CALL_CLOSED")
    model.close()
    assert heard_by(expert, answer, tmp_path)
    # What the expert said is on the expert's own track, and on no other.
    assert sound.match(asks, fetched(own, call, "party_1", tmp_path))[0] > 0.8
    assert sound.loudness(fetched(own, call, "user", tmp_path)) < 0.005


def test_a_supervisor_listens_whispers_and_barges_in(own, phones, lines, tmp_path):  # noqa: F811
    call_id, phone, desk = bridged(own, phones, lines, tmp_path)
    boss = phones("7003", hum("boss"))
    leg = listen(own, call_id, "7003")
    time.sleep(2.5)
    wait_hears(phone, "staff")
    mode = f"/calls/{call_id}/listeners/{leg}"
    own.api("PUT", mode, {"mode": "whisper"})
    time.sleep(2.5)
    wait_hears(phone, "staff")
    own.api("PUT", mode, {"mode": "barge"})
    wait_hears(phone, "staff", "boss")
    time.sleep(2.5)
    own.api("PUT", mode, {"mode": "listen"})
    wait_hears(phone, "staff")
    own.api("DELETE", mode)
    boss.wait_event("CALL_CLOSED")
    desk.command("hangup")
    call = own.wait_recordings(call_id)
    phone.wait_end()

    assert {"person", "staff"} in spans(boss.heard())
    of_desk = [sorted(heard) for heard in spans(desk.heard(), 0.5)]
    n_boss = sum("boss" in heard for heard in of_desk)
    assert 8 <= n_boss <= 16, of_desk  # whispered and barged in: 5 s and more.
    # Who listened when stands in the journal, and only what everybody heard is kept.
    told = [e for e in own.events(call_id) if e["type"] == "party"]
    modes = [e["mode"] for e in told if e["what"] == "mode_changed"]
    assert modes == ["whisper", "barge", "listen"]
    assert all(e["by"] for e in told if e["what"] in ("wanted", "mode_changed"))
    kept = spans(fetched(own, call, "party_1", tmp_path), 0.5)
    assert 4 <= sum("boss" in heard for heard in kept) <= 9, kept


def test_a_supervisor_who_only_listens_has_no_track(own, phones, lines, tmp_path):  # noqa: F811
    call_id, phone, desk = bridged(own, phones, lines, tmp_path)
    phones("7003", hum("boss"))
    listen(own, call_id, "7003")
    time.sleep(1)
    desk.command("hangup")
    call = own.wait_recordings(call_id)
    phone.wait_end()
    assert call["parties"][0]["end"] == "served"
    assert {t["track"] for t in call["recordings"]} == {"user", "agent"}


def test_whoever_cannot_join_is_told_of_and_changes_nothing(own, phones, lines, tmp_path):  # noqa: F811
    call_id, phone, desk = bridged(own, phones, lines, tmp_path)
    leg = own.api("POST", f"/calls/{call_id}/participants", {"target": "extension:7999"})["leg"]
    wait_for("the failure", lambda: party(own, call_id, leg)["end"] == "not_reachable")
    with pytest.raises(Problem) as refused:
        own.api("DELETE", f"/calls/{call_id}/participants/{leg}")
    assert refused.value.status == 404
    wait_hears(phone, "staff")
    desk.command("hangup")
    own.wait_state(call_id, "ended")
    with pytest.raises(Problem) as refused:
        own.api("POST", f"/calls/{call_id}/participants", {"target": "7001"})
    assert refused.value.status == 409
    phone.wait_end()


def test_a_kill_in_a_conference_keeps_every_track(own, phones, lines, tmp_path):  # noqa: F811
    call_id, phone, _desk = bridged(own, phones, lines, tmp_path)
    phones("7002", hum("third"))
    invite(own, call_id, "extension:7002")
    wait_hears(phone, "staff", "third")
    time.sleep(2.5)
    own.kill()
    own.start()
    call = own.wait_recordings(call_id)
    assert call["cause"] == "crashed"
    tracks = {t["track"]: t for t in call["recordings"]}
    assert set(tracks) == {"user", "agent", "party_1"}
    kept = {name: spans(fetched(own, call, name, tmp_path)) for name in tracks}
    assert kept["user"][-2] == {"person"} and kept["agent"][-2] == {"staff"}
    assert kept["party_1"][-2] == {"third"} and kept["party_1"][0] == set()


def heard_by(expert, said, tmp_path):
    """Whether a phone heard it, but for a last word that was in its jitter buffer when the call was hung up."""
    heard = np.concatenate([expert.heard(), sound.silence(0.5)])
    return sound.match(sound.speak(said, tmp_path), heard)[0] > 0.8
