"""The main job: the official SDK asks, a phone rings, both sides are heard and recorded."""

import datetime
import subprocess
import time
import urllib.request

import pytest

import sound
from centre import wait_for
from conftest import quiet
from receiver import Receiver

GREETING = "Good morning, this is Harbor Clinic."


def place(cloud, agent, line, **more):
    return cloud.CreateAIAgentCall(AIAgentId=agent, Callee=line.callee, **more)["SessionId"]


def test_an_agent_is_heard_by_sipp_and_both_sides_are_on_tracks_of_their_own(
    centre, cloud, line, quiet_agent, tmp_path
):
    phone = line()
    call_id = place(cloud, quiet_agent, phone)
    greeting = sound.speak(GREETING, tmp_path)
    phone.phone.wait_heard(greeting)

    said = sound.sweep(2.0)
    phone.phone.rtp.say(said)
    phone.phone.wait_said()
    time.sleep(0.5)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()

    call = centre.wait_recordings(call_id)
    user = centre.track(call, "user")
    agent = centre.track(call, "agent")
    user_heard = sound.read(centre.fetch(user["url"], tmp_path / "user.mp3"))
    agent_heard = sound.read(centre.fetch(agent["url"], tmp_path / "agent.mp3"))
    score, said_at = sound.match(said, user_heard)
    assert score > 0.9
    score, greeted_at = sound.match(greeting, agent_heard)
    assert score > 0.9
    greeted_until = greeted_at + len(sound.trim(greeting)) / sound.RATE
    assert said_at > greeted_until, "both tracks are on one clock"
    assert sound.match(said, agent_heard)[0] < 0.3, "a track holds one side only"
    assert abs(len(user_heard) - len(agent_heard)) < 0.1 * sound.RATE
    assert abs(user["duration_ms"] / 1000 - len(user_heard) / sound.RATE) < 0.3


def test_an_agent_is_heard_by_baresip_and_hears_it(centre, cloud, baresip_line, quiet_agent, tmp_path):
    said = sound.sweep(2.0)
    phone = baresip_line([*sound.silence(4.0), *said])
    call_id = place(cloud, quiet_agent, phone)
    phone.phone.wait_event("CALL_ESTABLISHED")
    time.sleep(7.5)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_event("CALL_CLOSED")

    call = centre.wait_recordings(call_id)
    user = centre.fetch(centre.track(call, "user")["url"], tmp_path / "user.mp3")
    assert sound.match(said, sound.read(user))[0] > 0.9
    greeting = sound.speak(GREETING, tmp_path)
    assert sound.match(greeting, phone.phone.heard())[0] > 0.9


def test_a_phone_that_speaks_only_g722_is_heard_and_hears(
    centre, cloud, baresip_line, quiet_agent, tmp_path
):
    # Speech: the filter between the bands delays by half a sample, which is much at high pitches.
    said = sound.speak("The voice of the telephone comes back as it was.", tmp_path)
    phone = baresip_line([*sound.silence(4.0), *said], "G722/16000/1", ["g722", "pcma"])
    call_id = place(cloud, quiet_agent, phone)
    phone.phone.wait_event("CALL_ESTABLISHED")
    time.sleep(7.5)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_event("CALL_CLOSED")
    [answered] = [event for event in centre.events(call_id) if event["type"] == "answered"]
    assert answered["codec"] == "G722"
    call = centre.wait_recordings(call_id)
    user = centre.fetch(centre.track(call, "user")["url"], tmp_path / "user.mp3")
    assert sound.match(said, sound.read(user))[0] > 0.9
    greeting = sound.speak(GREETING, tmp_path)
    assert sound.match(greeting, phone.phone.heard())[0] > 0.9


@pytest.mark.parametrize("account", ["", ";mediaenc=srtp"])
def test_a_phone_that_speaks_only_opus_is_heard_and_hears(
    centre, cloud, baresip_line, quiet_agent, tmp_path, account
):
    said = sound.speak("The voice of the telephone comes back as it was.", tmp_path)
    encryption = "optional" if account else "off"
    phone = baresip_line(
        [*sound.silence(4.0), *said],
        "opus/48000/2",
        ["opus", "pcma"],
        account=account,
        encryption=encryption,
    )
    call_id = place(cloud, quiet_agent, phone)
    phone.phone.wait_event("CALL_ESTABLISHED")
    time.sleep(7.5)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_event("CALL_CLOSED")
    [answered] = [event for event in centre.events(call_id) if event["type"] == "answered"]
    assert answered["codec"] == "opus"
    call = centre.wait_recordings(call_id)
    user = centre.fetch(centre.track(call, "user")["url"], tmp_path / "user.mp3")
    assert sound.match(said, sound.read(user))[0] > 0.8
    greeting = sound.speak(GREETING, tmp_path)
    assert sound.match(greeting, phone.phone.heard())[0] > 0.8


def test_a_spoken_yes_is_understood_and_the_agent_ends_the_call(centre, cloud, line, tmp_path):
    reply = "Wonderful, see you on Tuesday."
    agent = centre.add_agent(
        {
            "language": "en",
            "greeting": "Hello ${name}. Can you come? Please say yes or no.",
            "replies": [
                {"words": ["yes"], "keys": ["1"], "say": reply, "then": "hang_up"},
                {"words": ["no"], "keys": ["2"], "say": "What a pity.", "then": "hang_up"},
            ],
            "no_input": "Are you there?",
            "no_match": "Please say yes or no.",
            "goodbye": "Goodbye.",
        }
    )
    phone = line()
    call_id = place(cloud, agent, phone, Variables=[{"Key": "name", "Value": "Lin"}])
    phone.phone.wait_heard(sound.speak("Please say yes or no.", tmp_path), least=0.7)
    time.sleep(0.7)
    phone.phone.rtp.say(sound.speak("yes", tmp_path, voice="awb"))
    phone.phone.wait_heard(sound.speak(reply, tmp_path))
    phone.phone.wait_end()

    call = centre.wait_state(call_id, "ended")
    assert call["cause"] == "agent_finished"
    texts = [(line["who"], line["text"].lower()) for line in call["transcript"]]
    assert ("caller", "yes") in texts
    assert any(who == "agent" and "hello lin" in text for who, text in texts)
    assert call["latencies"], "each reply has its latency"


def test_a_pressed_key_is_an_answer_and_stands_in_the_call_record(centre, cloud, line, tmp_path):
    reply = "You have pressed seven."
    agent = centre.add_agent(
        {
            "language": "en",
            "greeting": "Press seven.",
            "replies": [{"keys": ["7"], "say": reply, "then": "hang_up"}],
            "goodbye": "Goodbye.",
        }
    )
    phone = line()
    call_id = place(cloud, agent, phone)
    phone.phone.wait_heard(sound.speak("Press seven.", tmp_path))
    phone.phone.rtp.press("7")
    phone.phone.wait_heard(sound.speak(reply, tmp_path))
    phone.phone.wait_end()
    centre.wait_state(call_id, "ended")
    now = int(time.time())
    cdrs = cloud.DescribeTelCdr(
        StartTimeStamp=now - 600, EndTimeStamp=now + 60, PageSize=100, PageNumber=0, SessionIds=[call_id]
    )["TelCdrs"]
    assert [key["Key"] for key in cdrs[0]["IVRKeyPressedEx"]] == ["7"]


def test_a_played_sound_is_heard_as_often_as_asked_and_is_recorded(
    centre, cloud, line, quiet_agent, tmp_path
):
    tone = sound.sweep(1.0, 500, 2000)
    file_id = centre.add_sound(sound.write(tmp_path / "tone.wav", tone))
    phone = line()
    call_id = place(cloud, quiet_agent, phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path))
    cloud.PlaySoundCall(SessionId=call_id, FileId=file_id, PlayTimes=2)
    once, at = phone.phone.wait_heard(tone)
    time.sleep(2.5)
    heard = phone.phone.rtp.heard()
    begun, ended = round((at - 0.1) * sound.RATE), round((at + 0.9) * sound.RATE)
    heard[begun:ended] = 0
    again, at_again = sound.match(tone, heard)
    assert once > 0.9 and again > 0.9
    assert abs(at_again - at) == pytest.approx(1.0, abs=0.3)
    heard[round((at_again - 0.1) * sound.RATE) : round((at_again + 0.9) * sound.RATE)] = 0
    assert sound.match(tone, heard)[0] < 0.5, "not a third time"

    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    call = centre.wait_recordings(call_id)
    agent = centre.fetch(centre.track(call, "agent")["url"], tmp_path / "agent.mp3")
    assert sound.match(tone, sound.read(agent))[0] > 0.9


def test_a_sound_plays_over_the_agent_or_instead_of_it(centre, cloud, line, tmp_path):
    """Instead of it the agent rests, and goes on behind the sound; over it both are heard at once."""
    text = "This sentence is long enough that a short sound fits into it, with a little room to spare."
    agent = centre.add_agent(quiet(text))
    sentence = sound.speak(text, tmp_path)
    tone = sound.sweep(0.6, 2500, 3400) * 0.3
    file_id = centre.add_sound(sound.write(tmp_path / "tone.wav", tone))
    lengths = {}
    for over in (True, False):
        phone = line()
        call_id = place(cloud, agent, phone)
        centre.wait_state(call_id, "up")
        phone.phone.wait_heard(sentence[: sound.RATE], least=0.8)
        body = {"sound": file_id, "over": over}
        centre.api("POST", f"/calls/{call_id}/sounds", body)
        phone.phone.wait_heard(tone, least=0.4)

        def said():
            events = [event for event in centre.events(call_id) if event["type"] == "agent_said"]
            return events and events[0]

        spoken = wait_for("the sentence to be over", said, 30)
        assert spoken["heard"] == text, "not a word is lost"
        lengths[over] = moment(spoken["to"]) - moment(spoken["from"])
        cloud.HangUpCall(SessionId=call_id)
        phone.phone.wait_end()
    assert 0.4 < lengths[False] - lengths[True] < 1.0, lengths


def moment(text):
    return datetime.datetime.fromisoformat(text).timestamp()


def test_sounds_are_fetched_from_addresses_wav_and_mp3(cloud, centre, tmp_path):
    tone = sound.sweep(1.0)
    wav = sound.write(tmp_path / "tone.wav", tone)
    mp3 = tmp_path / "tone.mp3"
    subprocess.run(["sox", str(wav), str(mp3)], check=True)
    files = Receiver()
    files.files = {"/a.wav": wav.read_bytes(), "/b.mp3": mp3.read_bytes(), "/c.wav": b"no sound"}
    wanted = [
        {"CustomFileName": name, "AudioUrl": f"{files.base}/{name}"}
        for name in ("a.wav", "b.mp3", "c.wav", "d.wav")
    ]
    answer = cloud.UploadIvrAudio(AudioList=wanted)
    files.close()
    taken = {file["CustomFileName"] for file in answer["SuccessFileList"]}
    failed = {file["FileName"] for file in answer["FailedFileList"]}
    assert taken == {"a.wav", "b.mp3"} and failed == {"c.wav", "d.wav"}
    listed = cloud.DescribeIvrAudioList(PageNumber=0, PageSize=50)
    assert taken <= {file["CustomFileName"] for file in listed["FileInfo"]}


def test_a_callee_who_hangs_up_ends_the_call(centre, cloud, line, quiet_agent):
    phone = line("answer_hang_up", args=("-d", "1500"))
    call_id = place(cloud, quiet_agent, phone)
    phone.phone.wait_end()
    call = centre.wait_state(call_id, "ended")
    assert (call["cause"], call["ended_by"]) == ("completed", "user")


def test_the_lists_show_a_running_call_and_then_its_record(centre, cloud, line, quiet_agent):
    phone = line()
    call_id = place(cloud, quiet_agent, phone, Callers=[phone.caller])
    centre.wait_state(call_id, "up")
    active = cloud.DescribePSTNActiveSessionList(Offset=0, Limit=25)["Sessions"]
    mine = next(session for session in active if session["SessionID"] == call_id)
    assert mine["Callee"] == "00" + phone.callee.lstrip("+")
    assert mine["Caller"] == "00" + phone.caller.lstrip("+")
    session = cloud.DescribeTelSession(SessionId=call_id)
    assert session["Session"]["SessionID"] == call_id

    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    centre.wait_recordings(call_id)
    active = cloud.DescribePSTNActiveSessionList(Offset=0, Limit=25)["Sessions"]
    assert call_id not in [session["SessionID"] for session in active]
    now = int(time.time())
    cdr = cloud.DescribeTelCdr(
        StartTimeStamp=now - 600, EndTimeStamp=now + 60, PageSize=100, PageNumber=0, SessionIds=[call_id]
    )["TelCdrs"][0]
    assert cdr["EndStatus"] == 231 and cdr["EndStatusString"] == "callTerminatedByAPI"
    assert cdr["AIAgentId"] == quiet_agent
    assert cdr["Direction"] == 1 and cdr["Duration"] >= 0
    assert cdr["RecordURL"].startswith(centre.url)
    detail = cloud.DescribeSessionDetail(
        SessionId=call_id, StartTimestamp=now - 600, EndTimestamp=now + 60
    )
    assert detail["EndStatus"] == 231 and detail["RecordURL"] == cdr["RecordURL"]
    agents = cloud.DescribeAIAgentInfoList(PageNumber=0, PageSize=50)
    assert quiet_agent in [agent["AIAgentId"] for agent in agents["AIAgentInfoList"]]


def test_the_picture_of_a_call_is_drawn(centre, cloud, line, quiet_agent):
    phone = line("answer_hang_up", args=("-d", "1500"))
    call_id = place(cloud, quiet_agent, phone)
    phone.phone.wait_end()
    centre.wait_recordings(call_id)
    request = urllib.request.Request(
        f"{centre.url}/api/v1/calls/{call_id}/picture.svg",
        headers={"Authorization": f"Bearer {centre.token}"},
    )
    with urllib.request.urlopen(request) as answer:
        picture = answer.read().decode()
    assert picture.startswith("<svg") and "<script" not in picture
