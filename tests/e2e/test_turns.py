"""What a caller hears of `CreateAICall`'s manners, measured on the packets that arrive: the official SDK
asks, a phone rings, speaks, and listens."""

import threading
import time

import numpy as np
import pytest

import models
import sound
from centre import wait_for
from test_causes import record

WELCOME = "Good morning, this is Harbor Clinic, and all our lines are open for you today."


@pytest.fixture(scope="module")
def model():
    """Says yes to everything."""
    made = models.Model(lambda n, body: models.words("Yes."))
    yield made
    made.close()


@pytest.fixture
def place(cloud, model):
    def make(line, **more):
        fields = {
            "Callee": line.callee, "LLMType": "openai", "APIKey": "sk-request", "APIUrl": model.url,
            "Model": "m", "SystemPrompt": "You are kind.", "WelcomeMessage": WELCOME,
            "Languages": ["en"], "EnableComplianceAudio": False,
        }  # fmt: skip
        return cloud.CreateAICall(**(fields | more))["SessionId"]

    return make


def end(cloud, call_id, phone):
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()


def loud_packets(rtp, level=0.02):
    """When packets with sound arrived."""
    return [at for at, _, _, kind, payload in list(rtp.packets) if kind == 0
            and sound.loudness(sound.from_ulaw(payload)) > level]  # fmt: skip


def test_the_welcome_waits_as_long_as_the_request_says(cloud, line, place, tmp_path):
    phone = line()
    call_id = place(phone, Variables=[{"Key": "welcome-message-delay", "Value": "2"}])
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    rtp = phone.phone.rtp
    waited = loud_packets(rtp)[0] - rtp.packets[0][0]
    assert 1.9 < waited < 3.0, waited
    end(cloud, call_id, phone)


def test_the_signal_of_a_machine_comes_before_the_welcome_unless_it_is_switched_off(
    cloud, line, place, tmp_path
):
    begins = {}
    for signal in (True, False):
        phone = line()
        call_id = place(phone, EnableComplianceAudio=signal)
        _, begins[signal] = phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
        n_before = max(0, int((begins[signal] - 0.1) * sound.RATE))
        before = phone.phone.rtp.heard()[:n_before]
        assert (sound.loudness(before) > 0.01) == signal, (signal, sound.loudness(before))
        end(cloud, call_id, phone)
    assert begins[True] > begins[False] + 0.3


def test_a_place_is_heard_behind_the_agent_as_loud_as_is_wanted(cloud, line, place, tmp_path):
    levels = {}
    for name, wish in {
        "none": {},
        "soft": {"AmbientSoundType": "coffee_shops", "AmbientSoundVolume": 0.5},
        "loud": {"AmbientSoundType": "coffee_shops", "AmbientSoundVolume": 2.0},
    }.items():
        phone = line()
        call_id = place(phone, **wish)
        welcome = sound.speak(WELCOME, tmp_path)
        _, began = phone.phone.wait_heard(welcome, least=0.7)
        ended = began + len(welcome) / sound.RATE
        rtp = phone.phone.rtp
        wait_for("two seconds more", lambda: len(rtp.heard()) / sound.RATE > ended + 2)
        quiet = rtp.heard()[int((ended + 0.3) * sound.RATE) : int((ended + 1.9) * sound.RATE)]
        levels[name] = sound.loudness(quiet)
        end(cloud, call_id, phone)
    assert levels["none"] < 0.0005 < levels["soft"] < levels["loud"], levels
    assert 2 < levels["loud"] / levels["soft"] < 8, levels


def talk_over(phone, folder, after=1.0):
    """Speaks over the agent once it has been heard for so long; when that began."""
    rtp = phone.phone.rtp
    wait_for("the agent to speak", lambda: loud_packets(rtp))
    wait_for("some of it", lambda: time.time() > loud_packets(rtp)[0] + after, every=0.02)
    began = time.time()
    rtp.say(sound.trim(sound.speak("I have another question for you now about the bill", folder)))
    return began


@pytest.mark.parametrize("duration", [300, 900])
def test_speech_of_the_wanted_length_cuts_the_agent(cloud, line, place, tmp_path, duration):
    phone = line()
    call_id = place(phone, InterruptSpeechDuration=duration)
    began = talk_over(phone, tmp_path)
    rtp = phone.phone.rtp
    wait_for("the agent to be silent", lambda: time.time() - loud_packets(rtp)[-1] > 0.4)
    cut = [at for at in loud_packets(rtp) if at < began + 3][-1] - began
    # From the first packet of speech: its length, 60 ms, and what a busy machine adds.
    assert duration / 1000 - 0.15 < cut < duration / 1000 + 0.35, cut
    end(cloud, call_id, phone)


@pytest.mark.parametrize("bound", [{"InterruptMode": 1}, {"WelcomeMessagePriority": 2}], ids=str)
def test_what_may_not_be_cut_is_heard_to_its_end(cloud, line, place, tmp_path, bound):
    phone = line()
    call_id = place(phone, **bound)
    talk_over(phone, tmp_path)
    phone.phone.wait_heard(sound.speak(WELCOME, tmp_path))
    end(cloud, call_id, phone)


def test_silence_is_noticed_as_often_as_is_wanted_and_then_ends_the_call(
    centre, cloud, line, place, tmp_path
):
    phone = line()
    notice = "Are you still with me?"
    call_id = place(
        phone, WelcomeMessage="Hello.", NotifyDuration=10, NotifyMessage=notice, NotifyMaxCount=1,
        MaxDuration=14000,
    )  # fmt: skip
    spoken = sound.speak(notice, tmp_path)
    _, noticed = phone.phone.wait_heard(spoken, least=0.8)
    phone.phone.wait_end()
    heard = phone.phone.rtp.heard()
    silent = heard[int((noticed + len(spoken) / sound.RATE) * sound.RATE) :]
    assert sound.match(spoken, silent)[0] < 0.5, "it is said once"
    centre.wait_state(call_id, "ended")
    cdr = record(cloud, call_id)
    assert (cdr["EndStatus"], cdr["EndStatusString"]) == (230, "userInactivity")
    assert 13 <= cdr["Duration"] <= 18, cdr["Duration"]


def test_a_machine_that_answers_is_hung_up_on(centre, cloud, line, place, tmp_path):
    phone = line()
    call_id = place(phone, EnableVoicemailDetection=True)
    words = "Hello. You have reached the mailbox of Lin. Please leave a message after the tone."
    t = np.arange(int(0.7 * sound.RATE)) / sound.RATE
    beep = 0.4 * np.sin(2 * np.pi * 1000 * t)
    phone.phone.rtp.say(np.concatenate([sound.speak(words, tmp_path), sound.silence(0.3), beep]))
    phone.phone.wait_end()
    assert centre.wait_state(call_id, "ended")["cause"] == "voicemail_reached"
    cdr = record(cloud, call_id)
    assert (cdr["EndStatus"], cdr["EndStatusString"]) == (222, "voiceMailReached")


def say_to_its_end(rtp, samples):
    """Says something; when its last packet has left."""
    rtp.say(samples)
    wait_for("the words to leave", rtp.is_done, every=0.005)
    return time.time()


@pytest.mark.parametrize("silence", [300, 1000, 2000])
def test_the_reply_comes_after_the_silence_that_is_wanted(cloud, line, place, tmp_path, silence):
    phone = line()
    call_id = place(phone, WelcomeMessage="Hello.", VadSilenceTime=silence)
    phone.phone.wait_heard(sound.speak("Hello.", tmp_path), least=0.8)
    rtp = phone.phone.rtp
    wait_for("the welcome to be over", lambda: time.time() - loud_packets(rtp)[-1] > 0.5)
    ended = say_to_its_end(rtp, sound.trim(sound.speak("What does it cost?", tmp_path), level=0.03))
    reply = wait_for("a reply", lambda: [at for at in loud_packets(rtp) if at > ended])[0] - ended
    # Beyond it: asking the model, speaking its word, and what a busy machine adds.
    assert silence / 1000 - 0.06 < reply < silence / 1000 + 0.7, reply
    end(cloud, call_id, phone)


@pytest.mark.parametrize(
    ("level", "below_db", "is_answered"), [(0, 23, True), (1, 16, True), (2, 26, False), (3, 20, False)]
)
def test_a_voice_far_from_the_telephone_counts_as_little_as_is_wanted(
    cloud, line, place, tmp_path, level, below_db, is_answered
):
    phone = line()
    call_id = place(phone, WelcomeMessage="Hello.", VadSilenceTime=300, VadLevel=level)
    phone.phone.wait_heard(sound.speak("Hello.", tmp_path), least=0.8)
    rtp = phone.phone.rtp
    near = sound.trim(sound.speak("Good morning, what does it cost to see you?", tmp_path))
    near *= 0.2 / sound.loudness(near)
    ended = say_to_its_end(rtp, near)
    wait_for("a reply to the near voice", lambda: [at for at in loud_packets(rtp) if at > ended])
    wait_for("its end", lambda: time.time() - loud_packets(rtp)[-1] > 0.6)
    # A television in the room, so much below the caller's own voice.
    ended = say_to_its_end(rtp, near * 10 ** (-below_db / 20))
    time.sleep(2)
    assert bool([at for at in loud_packets(rtp) if at > ended]) == is_answered
    end(cloud, call_id, phone)


class Echo:
    """A telephone whose earpiece is heard by its own microphone: what arrives goes back, so much softer and
    so much later."""

    def __init__(self, rtp, below_db, delay=0.15):
        self.rtp, self.level = rtp, 10 ** (-below_db / 20)
        self.closed = threading.Event()
        rtp.say(sound.silence(delay))
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        n = 0
        while not self.closed.wait(0.01):
            packets = self.rtp.packets[n:]
            n += len(packets)
            for _, _, _, kind, payload in packets:
                if kind == 0:
                    self.rtp.say(sound.from_ulaw(payload) * self.level)

    def close(self):
        self.closed.set()
        self.thread.join()


@pytest.mark.parametrize("below_db", [26, 40])
def test_an_agent_that_hears_its_own_echo_goes_on_and_answers_nobody(
    centre, cloud, line, place, tmp_path, below_db
):
    phone = line()
    call_id = place(phone)
    rtp = phone.phone.rtp
    wait_for("the agent", lambda: rtp.packets)
    echo = Echo(rtp, below_db)
    spoken = sound.speak(WELCOME, tmp_path)
    _, began = phone.phone.wait_heard(spoken)
    over = rtp.packets[0][0] + began + len(spoken) / sound.RATE
    time.sleep(max(0.0, over + 2 - time.time()))
    assert not [at for at in loud_packets(rtp) if at > over + 0.3], "there is nothing to answer"
    told = [event for event in centre.events(call_id) if event["type"] in ("agent_said", "caller_said")]
    assert [(event["type"], event["interrupted"]) for event in told] == [("agent_said", False)]
    echo.close()
    end(cloud, call_id, phone)
