"""Voice agents that hear and speak by services elsewhere: the official SDK asks, a phone rings, and
services go away in the middle of the call."""

import json
import time
import urllib.error
import urllib.request

import pytest

import models
import sound
from centre import INSTANCE, Problem, wait_for
from cloud import Cloud
from conftest import quiet
from peers import Phone
from speech_services import KEY, Ear, Tones, Voice

GREETING = "Good morning, this is Harbor Clinic."
BOOKED = "Your room is booked for Tuesday."
FALLBACK = "Please hold the line."


@pytest.fixture
def service(centre):
    """Stores services and takes down what stands behind them."""
    made = []

    def add(behind, kind, role, instance=INSTANCE, **more):
        made.append(behind)
        behind.name = f"{kind}-{len(made)}-{id(behind)}"
        body = {"name": behind.name, "type": kind, "role": role, "url": behind.url, "key": KEY, **more}
        centre.api("POST", "/speech-services", body, instance=instance)
        return behind

    yield add
    for behind in made:
        behind.close()


@pytest.fixture
def voice(service, tmp_path):
    def make(flite, answer_ms=4000):
        return service(Voice(flite, tmp_path), "openai", "speaker", model="tts", answer_ms=answer_ms)

    return make


@pytest.fixture
def ear(service):
    def make(*words, **more):
        return service(Ear(*words), "deepgram", "recognizer", answer_ms=1000, **more)

    return make


def agent_of(centre, ears, voices):
    return centre.add_agent(
        {
            "language": "en",
            "greeting": GREETING,
            "replies": [{"words": ["book it"], "say": BOOKED}],
            "no_match": "Pardon?",
            "fallback": FALLBACK,
            "recognizer": {"services": [ear.name for ear in ears]},
            "speaker": {"services": [voice.name for voice in voices]},
        }
    )


def place(cloud, agent, line):
    return cloud.CreateAIAgentCall(AIAgentId=agent, Callee=line.callee)["SessionId"]


def end_status(cloud, call_id):
    """How a call ended, in the vendor's number and word."""
    now = int(time.time())
    window = {"StartTimeStamp": now - 3600, "EndTimeStamp": now + 60}
    page = cloud.DescribeTelCdr(**window, SessionIds=[call_id], PageSize=10, PageNumber=0)
    [cdr] = page["TelCdrs"]
    return cdr["EndStatus"], cdr["EndStatusString"]


def said_by_caller(centre, call_id):
    return [e["text"] for e in centre.events(call_id) if e["type"] == "caller_said"]


def test_a_call_is_heard_and_spoken_by_services(centre, cloud, line, ear, voice, tmp_path):
    hears, speaks = ear("please book it"), voice("awb")
    phone = line()
    call_id = place(cloud, agent_of(centre, [hears], [speaks]), phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path, voice="awb"), least=0.8)
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    phone.phone.wait_heard(sound.speak(BOOKED, tmp_path, voice="awb"), least=0.8)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()

    assert said_by_caller(centre, call_id) == ["please book it"]
    said = [e["heard"] for e in centre.events(call_id) if e["type"] == "agent_said"]
    assert said == [GREETING, BOOKED]
    assert hears.n_connections == 1
    # At least a second of speech and the 300 ms before it, 16,000 bytes a second.
    assert hears.n_bytes[0] > 16_000

    # What was written down is kept: a second call does not have it spoken again.
    phone = line()
    call_id = place(cloud, agent_of(centre, [hears], [speaks]), phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path, voice="awb"), least=0.8)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    assert sorted(speaks.texts) == sorted({*speaks.texts})


def test_services_that_go_away_in_a_call_are_replaced(centre, cloud, line, ear, voice, tmp_path):
    first_ear, second_ear = ear("please book it"), ear("please book it")
    first, second = voice("awb"), voice("kal16")
    document = {
        "language": "en",
        "greeting": GREETING,
        "replies": [{"words": ["book it"], "say": BOOKED}],
        "recognizer": {"services": [first_ear.name, second_ear.name]},
        "speaker": {"services": [first.name, second.name]},
    }
    phone = line()
    agent = centre.add_agent(document)
    call_id = place(cloud, agent, phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path, voice="awb"), least=0.8)
    first_ear.broken = True
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    phone.phone.wait_heard(sound.speak(BOOKED, tmp_path, voice="awb"), least=0.8)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    assert said_by_caller(centre, call_id) == ["please book it"]
    assert (first_ear.n_connections, second_ear.n_connections) == (1, 1)
    assert second_ear.n_bytes[0] > 16_000, "the whole utterance, from its beginning"

    # The speaker refuses from now on: what is not kept yet is said by the next one.
    first.refuses = True
    document["greeting"] = "Good evening, this is the other desk."
    phone = line()
    call_id = place(cloud, centre.add_agent(document), phone)
    heard = sound.speak(document["greeting"], tmp_path, voice="kal16")
    phone.phone.wait_heard(heard, least=0.8)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def test_a_call_that_nobody_hears_says_so_and_ends_with_the_vendors_cause(
    centre, cloud, line, ear, voice, tmp_path
):
    first, second, speaks = ear("please book it"), ear("please book it"), voice("awb")
    phone = line()
    call_id = place(cloud, agent_of(centre, [first, second], [speaks]), phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path, voice="awb"), least=0.8)
    first.broken = second.broken = True
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    phone.phone.wait_heard(sound.speak(FALLBACK, tmp_path, voice="awb"), least=0.8)
    wait_for("both to have been asked", lambda: first.n_connections and second.n_connections)
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    phone.phone.wait_end()
    assert centre.wait_state(call_id, "ended")["cause"] == "recognizer_failed"
    assert end_status(cloud, call_id) == (225, "asrError")
    assert said_by_caller(centre, call_id) == []


def test_a_recognizer_that_is_back_is_heard_by_again(centre, cloud, line, ear, voice, tmp_path):
    hears, speaks = ear("please book it"), voice("awb")
    phone = line()
    call_id = place(cloud, agent_of(centre, [hears], [speaks]), phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path, voice="awb"), least=0.8)
    hears.broken = True
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    phone.phone.wait_heard(sound.speak(FALLBACK, tmp_path, voice="awb"), least=0.8)
    hears.broken = False
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    phone.phone.wait_heard(sound.speak(BOOKED, tmp_path, voice="awb"), least=0.8)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    assert said_by_caller(centre, call_id) == ["please book it"]


# Only the first five lines of a script are spoken while the phone rings: the next is made in the call.
OTHERS = [{"words": [f"number {n}"], "say": f"This is number {n}."} for n in range(6)]


def late_agent(centre, hears, *speak):
    return centre.add_agent(
        {
            "language": "en",
            "greeting": GREETING,
            "replies": [*OTHERS, {"words": ["book it"], "say": BOOKED}],
            "fallback": FALLBACK,
            "recognizer": {"services": [hears.name]},
            "speaker": {"services": [voice.name for voice in speak]},
        }
    )


def test_a_sentence_that_breaks_off_is_finished_by_the_next_speaker(
    centre, cloud, line, ear, voice, tmp_path
):
    hears, breaks, whole = ear("please book it"), voice("awb"), voice("kal16")
    breaks.broken = (BOOKED,)
    agent = late_agent(centre, hears, breaks, whole)
    phone = line()
    call_id = place(cloud, agent, phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path, voice="awb"), least=0.8)
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    said = wait_for(
        "the end of the reply",
        lambda: [e for e in centre.events(call_id) if e["type"] == "agent_said"][1:],
    )
    [rest] = whole.texts
    assert BOOKED.endswith(rest)
    phone.phone.wait_heard(sound.speak(rest, tmp_path, voice="kal16"), least=0.8)
    assert (said[0]["heard"], said[0]["unsaid"]) == (BOOKED, "")
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def test_a_speaker_that_is_too_slow_in_mid_call_is_overtaken(centre, cloud, line, ear, voice, tmp_path):
    hears, slow, quick = ear("please book it"), voice("awb", answer_ms=500), voice("kal16")
    agent = late_agent(centre, hears, slow, quick)
    phone = line()
    call_id = place(cloud, agent, phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path, voice="awb"), least=0.8)
    slow.after = 8.0
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    phone.phone.wait_heard(sound.speak(BOOKED, tmp_path, voice="kal16"), least=0.8, seconds=7)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    [timed] = [e for e in centre.events(call_id) if e["type"] == "reply_timed"]
    assert 400 < timed["speaker_ms"] < 2500, timed


class AllBut:
    """Every text but one."""

    def __init__(self, text):
        self.text = text

    def __contains__(self, text):
        return text != self.text


def test_a_speaker_that_keeps_breaking_off_is_followed_by_the_fallback_and_the_vendors_cause(
    centre, cloud, line, ear, voice, tmp_path
):
    hears, speaks = ear("please book it"), voice("awb")
    agent = late_agent(centre, hears, speaks)
    phone = line()
    call_id = place(cloud, agent, phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path, voice="awb"), least=0.8)
    speaks.broken = AllBut(FALLBACK)
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    phone.phone.wait_heard(sound.speak(FALLBACK, tmp_path, voice="awb"), least=0.8)
    phone.phone.rtp.say(sound.speak("please book it", tmp_path))
    phone.phone.wait_end()
    assert centre.wait_state(call_id, "ended")["cause"] == "speaker_failed"
    assert end_status(cloud, call_id) == (227, "ttsError")


WORDS = "alpha bravo delta hotel india lemon mango novel ocean piano queen river sugar tiger uncle"


@pytest.mark.parametrize("seconds", [0.7, 1.3, 2.2, 3.1])
def test_what_history_holds_after_a_cut_is_what_left_the_socket(
    centre, cloud, line, ear, service, tmp_path, seconds
):
    """Words as tones over real SIP and RTP: the packets tell which of them left, the model which of
    them it is told about."""
    speaks = service(Tones(tmp_path), "openai", "speaker", model="tts")
    hears = ear("stop please")
    model = models.Model(lambda n, body: models.words("Fine."))
    name = f"model-{model.server.server_port}"
    body = {"name": name, "url": model.url, "model": "m", "key": "sk-e2e"}
    centre.api("POST", "/language-models", body, instance=INSTANCE)
    agent = centre.add_agent(
        {
            "language": "en",
            "greeting": WORDS,
            "thinker": {"models": [name], "prompt": "You are kind."},
            "recognizer": {"services": [hears.name]},
            "speaker": {"services": [speaks.name]},
            "turns": {"barge_in_ms": 300},
        }
    )
    phone = line()
    call_id = place(cloud, agent, phone)
    wait_for("the first words", lambda: len(phone.phone.rtp.heard()) > 8000 * seconds, every=0.02)
    phone.phone.rtp.say(sound.speak("stop please, stop it now", tmp_path))
    wait_for("the model to be asked", lambda: model.requests)
    told = [text for role, text in model.messages(1) if role == "assistant"]
    is_cut = lambda e: e["type"] == "agent_said" and e["interrupted"]
    cut = wait_for("the cut", lambda: next(filter(is_cut, centre.events(call_id)), None))
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    model.close()
    assert told == [cut["heard"]] and f"{cut['heard']} {cut['unsaid']}" == WORDS, cut
    n_left = speaks.n_said(WORDS, phone.phone.rtp.heard())
    n_kept = len(cut["heard"].split())
    assert 0 < n_left < len(WORDS.split())
    assert abs(n_left - n_kept) <= 1, (n_left, cut)


def test_a_recording_that_nobody_heard_is_recognized_afterwards(centre, lines, ear, tmp_path):
    instance = centre.api("POST", "/instances", {"name": "notes", "time_zone": "Asia/Shanghai"})["id"]
    keys = centre.api("POST", "/credentials", {"instances": [instance]})
    cloud = Cloud(centre, keys["id"], keys["secret"], instance)
    hears = ear("where is my parcel", instance=instance)
    # The engine of this machine hears in the call, and this agent expects keys only.
    agent = centre.add_agent(quiet(GREETING), instance=instance)
    phone = lines(centre, Phone(tmp_path, "answer"), instance=instance)
    call_id = place(cloud, agent, phone)
    phone.phone.wait_heard(sound.speak(GREETING, tmp_path))
    said = sound.speak("where is my parcel", tmp_path)
    phone.phone.rtp.say(said)
    phone.phone.wait_said()
    hears.broken = True
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()

    def record():
        now = int(time.time())
        window = {"StartTimeStamp": now - 3600, "EndTimeStamp": now + 60}
        page = cloud.DescribeTelCdr(**window, SessionIds=[call_id], PageSize=10, PageNumber=0)
        return page["TelCdrs"][0]

    wait_for("the recognizer to be asked", lambda: hears.n_connections)
    assert (record()["AsrStatus"], record()["AsrUrl"]) == ("Processing", "")
    assert centre.call(call_id)["recognized_afterwards"] == "due"
    assert said_by_caller(centre, call_id) == []
    hears.broken = False
    wait_for("the words", lambda: record()["AsrStatus"] == "Complete", 45)
    sentences = cloud.DescribeTelRecordAsr(SessionId=call_id)["AsrDataList"]
    assert [s["Message"] for s in sentences] == [GREETING, "where is my parcel"]
    theirs, call = sentences[1], centre.call(call_id)
    assert theirs["User"] == call["callee"].replace("+", "00")
    length = (theirs["End"] - theirs["Start"]) / 1000
    assert abs(length - len(sound.trim(said)) / sound.RATE) < 0.5, (length, theirs)
    assert sentences[0]["End"] <= theirs["Start"]
    # The same in the native API, and behind both signed addresses.
    assert call["recognized_afterwards"] == "there"
    last = call["transcript"][-1]
    assert (last["who"], last["text"], last["afterwards"]) == ("caller", "where is my parcel", True)
    for url in (record()["AsrUrl"], call["transcript_url"]):
        with urllib.request.urlopen(url, timeout=30) as answer:
            told = json.loads(answer.read())
        assert [s["text"] for s in told["sentences"]] == [GREETING, "where is my parcel"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url.replace("signature=", "signature=00"), timeout=30)
        assert refused.value.code == 403


def test_what_an_agent_names_must_be_there_in_its_role(centre, voice):
    speaks = voice("awb")
    document = {"language": "en", "greeting": "Hello.", "recognizer": {"services": [speaks.name]}}
    with pytest.raises(Problem) as refused:
        centre.add_agent(document)
    assert "definition.recognizer.services[0]" in str(refused.value)
    shown = centre.api("GET", "/speech-services", instance=INSTANCE)["items"]
    assert all("key" not in service for service in shown) and KEY not in str(shown)


def test_a_service_is_tried_by_the_api(centre, ear, voice):
    hears, speaks = ear("hello this is a test"), voice("awb")
    ids = {s["name"]: s["id"] for s in centre.api("GET", "/speech-services", instance=INSTANCE)["items"]}
    spoken = centre.api("POST", f"/speech-services/{ids[speaks.name]}/test", {}, instance=INSTANCE)
    assert spoken["fault"] is None and spoken["sound_ms"] > 500, spoken
    heard = centre.api("POST", f"/speech-services/{ids[hears.name]}/test", {}, instance=INSTANCE)
    assert heard["heard"] == "hello this is a test" and heard["partials"], heard
