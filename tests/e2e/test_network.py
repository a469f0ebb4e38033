"""Calls over a network that loses, delays, disorders and doubles packets, in namespaces of their own: the
recording is compared with what was said, and what phones receive with what was sent to them."""

import datetime
import time

import pytest

import sound
from centre import wait_for
from conftest import extension, quiet
from handset import Handset
from likeness import likeness
from network import FarCentre, Forbidden, Network, phone_ip
from peers import Baresip
from test_extensions import baresip_account, is_registered
from test_transfers import fetched

# Where each packet stands is measured: what runs beside would be taken for the network.
pytestmark = pytest.mark.alone

GREETING = "Good morning, this is Harbor Clinic. " * 3
TEXT = (
    "The quick brown fox jumps over the lazy dog near the river. She sells sea shells by the sea shore "
    "while the old captain reads his maps. Nine sailing boats came home before the storm broke, and every "
    "lamp in the harbor was lit at once."
)
OTHER_TEXT = (
    "Please bring the blue folder to room seven, and do not forget the signed papers. Our office opens at "
    "eight in the morning and closes after the last visitor has gone."
)


@pytest.fixture(scope="module")
def network():
    try:
        with Network() as network:
            yield network
    except Forbidden as why:
        pytest.skip(f"no namespaces of our own here: {why}")


@pytest.fixture(scope="module")
def far(network, tmp_path_factory):
    centre = FarCentre(network, tmp_path_factory.mktemp("centre"), "--requests-per-second", "1000")
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture(scope="module")
def agent(far):
    return far.add_agent(quiet(GREETING))


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    return sound.speak(TEXT, tmp_path_factory.mktemp("said")) * 0.7


@pytest.fixture(scope="module")
def other_said(tmp_path_factory):
    return sound.speak(OTHER_TEXT, tmp_path_factory.mktemp("said"), voice="kal") * 0.7


@pytest.fixture
def phones(far, network):
    """Makes phones that are registered, and takes them down afterwards."""
    made = []

    def make(number):
        password = extension(far.cloud, number)["Password"]
        phone = Handset(far, number, password, ip=phone_ip(len(made)))
        made.append(phone)
        return phone.register()

    yield make
    network.set()
    for phone in made:
        phone.stop()


def call_of(far):
    """The call that was made last."""
    return far.api("GET", "/calls", limit=1)["items"][0]["id"]


def say(*who):
    """Dialogs say their samples at once, and are done."""
    for dialog, samples in who:
        dialog.rtp.say(samples)
    for dialog, _ in who:
        wait_for("the phone to have spoken", dialog.rtp.is_done, 60)


def hang_up(far, call_id, *dialogs):
    """Ends a call when what was said has arrived, and fetches its record."""
    time.sleep(0.6)
    far.cloud.HangUpCall(SessionId=call_id)
    for dialog in dialogs:
        dialog.wait_end()
    return far.wait_recordings(call_id)


# A machine that builds beside stalls for tens of ms at times, which the jitter buffer answers as it does
# the network's: quiet, 20 to 26 ms of spread were seen and no silence.
def assert_like(said, heard, of=None, clear=0.85, spread_ms=160, silent_ms=60, level_db=1.0):
    """`heard` is what was said by `of`: nothing is missing, out of its place, or silent."""
    found = likeness(said, heard, of and of.rtp.said_at)
    assert found.clear >= clear, found
    assert found.spread_ms <= spread_ms + 1, found
    assert found.silent_ms <= silent_ms, found
    assert abs(found.level_db) <= level_db, found
    return found


def unheard_ms(network):
    """How long a recording may be silent, and a phone that conceals nothing: as the longest loss in a row. A
    recording has 60 ms of it, fading; its frames of 20 ms are not those of what was said."""
    [in_, out] = (20 * way["longest"] for way in network.counts())
    return max(60, in_ - 60 + 40), out + 20


def assert_length(call):
    """Tracks are as long as each other, and as the call."""
    moment = lambda name: datetime.datetime.fromisoformat(call[name])
    lasted = (moment("ended_at") - moment("answered_at")).total_seconds()
    lengths = [recording["duration_ms"] / 1000 for recording in call["recordings"]]
    assert max(lengths) - min(lengths) <= 0.02, lengths
    assert abs(lengths[0] - lasted) <= 0.1, (lengths, lasted)


BAD = {
    "loss and jitter": {"loss": 0.05, "delay_ms": 60, "jitter_ms": 30},
    "loss and more jitter": {"loss": 0.05, "delay_ms": 100, "jitter_ms": 60},
    "order and doubles": {"loss": 0.02, "delay_ms": 60, "reorder": 0.2, "duplicate": 0.2},
    "bursts of loss": {"burst": 0.055, "burst_len": 3, "delay_ms": 20},
    "a long way": {"delay_ms": 300},
}


@pytest.mark.parametrize("kind", BAD)
def test_an_agent_and_a_person_are_recorded_as_they_spoke(far, network, phones, agent, said, tmp_path, kind):
    phone = phones(f"71{list(BAD).index(kind):02}")
    network.set(**BAD[kind])
    [before, _] = network.counts()
    dialog = phone.dial(f"*{agent}")
    say((dialog, said))
    # What it would send until the BYE comes may get lost as well.
    dialog.rtp.close()
    [after, _] = network.counts()
    call = hang_up(far, call_of(far), dialog)
    assert_like(said, fetched(far, call, "user", tmp_path), dialog, silent_ms=unheard_ms(network)[0])
    # Concealment is the phone's own: what got lost on its way is missing in what came.
    greeting = sound.trim(fetched(far, call, "agent", tmp_path))
    assert likeness(greeting, dialog.heard()).clear > 0.6
    assert_length(call)
    lost = after["sound_lost"] - before["sound_lost"]
    assert abs(call["quality"]["packets_lost"] - lost) <= 2 + 0.1 * lost, (call["quality"], lost)
    # Two moments of an even spread differ by two thirds of it, in the mean.
    jitter = BAD[kind].get("jitter_ms", 0) * 2 / 3
    if "reorder" not in BAD[kind]:
        assert abs(call["quality"]["jitter_ms"] - jitter) <= 3 + 0.1 * jitter, call["quality"]


@pytest.mark.parametrize("fast", [0.99, 1.01])
def test_the_clock_of_a_phone_is_followed(far, phones, agent, said, tmp_path, fast):
    """By 1 %: as far off in a quarter of a minute as real phones' are in an hour."""
    phone = phones(f"720{round(fast * 100) - 98}")
    dialog = phone.dial(f"*{agent}")
    dialog.rtp.tick *= fast
    say((dialog, said))
    call = hang_up(far, call_of(far), dialog)
    assert_like(said, fetched(far, call, "user", tmp_path), dialog)
    assert_length(call)


def test_another_way_in_mid_call_loses_no_word(far, network, phones, agent, said, tmp_path):
    """The way becomes 150 ms longer at once, and short again: packets pass each other."""
    phone = phones("7210")
    dialog = phone.dial(f"*{agent}")
    dialog.rtp.say(said)
    for delay_ms in (150, 0, 80):
        time.sleep(3)
        network.set(delay_ms=delay_ms)
    say((dialog, said[:0]))
    call = hang_up(far, call_of(far), dialog)
    found = likeness(said, fetched(far, call, "user", tmp_path), dialog.rtp.said_at)
    # What is heard 150 ms later was said so; the rest is the jitter buffer's.
    assert found.clear > 0.9 and found.spread_ms <= 150 + 100, found
    # The longer way is a pause for whoever hears; 60 ms of it are made up.
    assert found.silent_ms <= 150, found
    assert_length(call)


BOTH = {"loss": 0.05, "delay_ms": 100, "jitter_ms": 60}


def test_two_phones_hear_each_other_and_are_recorded(far, network, phones, said, other_said, tmp_path):
    a, b = phones("7301"), phones("7302")
    network.set(delay_ms=100)
    of_a = a.dial("7302")
    of_b = b.taken()
    call_id = call_of(far)
    far.wait_state(call_id, "up")
    network.set(**BOTH)
    say((of_a, said), (of_b, other_said))
    call = hang_up(far, call_id, of_a, of_b)
    silent_ms, of_phones = unheard_ms(network)
    assert_like(said, fetched(far, call, "user", tmp_path), of_a, silent_ms=silent_ms)
    assert_like(other_said, fetched(far, call, "agent", tmp_path), of_b, silent_ms=silent_ms)
    assert_length(call)
    # Packets pass as they are, with the times of whoever sent them: the network took them twice.
    of_phones += silent_ms
    for heard, of_whom in ((of_b, said), (of_a, other_said)):
        assert_like(of_whom, heard.heard(), clear=0.75, spread_ms=20, silent_ms=of_phones, level_db=2)


def test_a_conference_of_three_is_heard_and_recorded(far, network, phones, said, other_said, tmp_path):
    a, b, c = phones("7401"), phones("7402"), phones("7403")
    network.set(delay_ms=100)
    of_a = a.dial("7402")
    of_b = b.taken()
    call_id = call_of(far)
    far.wait_state(call_id, "up")
    far.api("POST", f"/calls/{call_id}/participants", {"target": "extension:7403"})
    of_c = c.taken()
    wait_for("the third to join", lambda: far.call(call_id)["parties"][0]["joined_at"])
    network.set(**BOTH)
    say((of_a, said))
    say((of_c, other_said))
    call = hang_up(far, call_id, of_a, of_b, of_c)
    tracks = {r["track"]: fetched(far, call, r["track"], tmp_path) for r in call["recordings"]}
    silent_ms, of_phones = unheard_ms(network)
    assert_like(said, tracks["user"], of_a, silent_ms=silent_ms)
    assert_like(other_said, tracks["party_1"], of_c, silent_ms=silent_ms)
    # On the way to a phone, one packet of twenty is lost again.
    for heard, of_whom in ((of_b, said), (of_b, other_said), (of_c, said), (of_a, other_said)):
        assert_like(of_whom, heard.heard(), clear=0.75, silent_ms=max(60, of_phones), level_db=1.5)


def test_reports_tell_how_long_the_way_is(far, network, agent, said, tmp_path):
    """A real phone, whose reports it is; signalling has the bad network, too."""
    known = extension(far.cloud, "7501")
    network.set(delay_ms=120, jitter_ms=5, loss=0.05)
    account = baresip_account(known)
    phone = Baresip(tmp_path, "7501", [*sound.silence(2), *said], account=account, ip=phone_ip(0))
    try:
        wait_for("the phone to register", lambda: is_registered(far.cloud, "7501"), 40)
        phone.command("dial", f"*{agent}")
        phone.wait_event("CALL_ESTABLISHED", 40)
        time.sleep(18)
        call_id = call_of(far)
        far.cloud.HangUpCall(SessionId=call_id)
        call = far.wait_recordings(call_id)
    finally:
        phone.stop()
        network.set()
    assert abs(call["quality"]["rtt_ms"] - 240) <= 24, call["quality"]
    assert_like(said, fetched(far, call, "user", tmp_path))
