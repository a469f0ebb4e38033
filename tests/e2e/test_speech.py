"""Voice agents that hear and speak by services elsewhere: the official SDK asks, a phone rings, and
services go away in the middle of the call."""

import pytest

import sound
from centre import INSTANCE, Problem
from speech_services import KEY, Ear, Voice

GREETING = "Good morning, this is Harbor Clinic."
BOOKED = "Your room is booked for Tuesday."
FALLBACK = "Please hold the line."


@pytest.fixture
def service(centre):
    """Stores services and takes down what stands behind them."""
    made = []

    def add(behind, kind, role, **more):
        made.append(behind)
        behind.name = f"{kind}-{len(made)}-{id(behind)}"
        body = {"name": behind.name, "type": kind, "role": role, "url": behind.url, "key": KEY, **more}
        centre.api("POST", "/speech-services", body, instance=INSTANCE)
        return behind

    yield add
    for behind in made:
        behind.close()


@pytest.fixture
def voice(service, tmp_path):
    def make(flite):
        return service(Voice(flite, tmp_path), "openai", "speaker", model="tts", answer_ms=4000)

    return make


@pytest.fixture
def ear(service):
    def make(*words):
        return service(Ear(*words), "deepgram", "recognizer", answer_ms=1000)

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
