"""Twenty recorded calls at once, each of which has sounds of its own: none is torn, and none gets into another's
recording."""

import re
import time

import pytest

import sound
from centre import wait_for
from conftest import quiet
from handset import Handset
from likeness import likeness

# Twenty phones in one process take much of the machine.
pytestmark = pytest.mark.alone

N_CALLS = 20
SECONDS = 8
PREFIX = "+86139700000"  # and the number of the call


@pytest.fixture
def phone(centre, lines):
    """Answers all twenty."""
    phone = Handset(centre)
    lines(centre, phone, callee=PREFIX, channels_max=N_CALLS)
    return phone


def test_each_of_twenty_calls_has_its_own_sound_and_no_other(centre, cloud, phone, tmp_path):
    of_agents = [sound.melody(n, SECONDS) for n in range(N_CALLS)]
    of_people = [sound.melody(N_CALLS + n, SECONDS) for n in range(N_CALLS)]
    calls = [place(centre, cloud, n, said, tmp_path) for n, said in enumerate(of_agents)]
    dialogs = dict(answered(phone) for _ in calls)
    for n, said in enumerate(of_people):
        dialogs[n].rtp.say(said)
    for call in calls:
        assert centre.call(call)["state"] == "up", "all at once"
    wait_for("the phones to have spoken", lambda: all(each.rtp.is_done() for each in dialogs.values()), 60)
    frames = SECONDS * 50
    wait_for("the agents", lambda: all(len(each.rtp.packets) > frames + 50 for each in dialogs.values()), 60)
    for call in calls:
        cloud.HangUpCall(SessionId=call)
    for n, call in enumerate(calls):
        dialogs[n].wait_end()
        record = centre.wait_recordings(call, 60)
        tracks = {name: fetched(centre, record, name, tmp_path) for name in ("agent", "user")}
        assert whose(of_agents + of_people, tracks["agent"]) == [n]
        assert whose(of_agents + of_people, tracks["user"]) == [N_CALLS + n]
        assert_whole(of_agents[n], tracks["agent"])
        assert_whole(of_people[n], tracks["user"], dialogs[n].rtp.said_at)
        # What is on the wire is as whole as what is recorded.
        assert_whole(of_agents[n], dialogs[n].rtp.heard())


def place(centre, cloud, n, said, folder):
    file = centre.add_sound(sound.write(folder / f"{n}.wav", said), f"melody {n}")
    agent = centre.add_agent(quiet({"sound": file}), f"agent {n}")
    return cloud.CreateAIAgentCall(AIAgentId=agent, Callee=f"{PREFIX}{n:02}")["SessionId"]


def answered(phone):
    """The next call that came: its number, and its dialog."""
    dialog = phone.taken(30)
    number = re.match(r"INVITE sip:\+?(\d+)@", dialog.invite)[1]
    return int(number[-2:]), dialog


def fetched(centre, record, track, folder):
    path = folder / f"{record['id']}-{track}.mp3"
    return sound.read(centre.fetch(centre.track(record, track)["url"], path))


def whose(melodies, heard):
    """Which of the melodies are in it, by a second of each."""
    part = slice(3 * sound.RATE, 4 * sound.RATE)
    return [n for n, said in enumerate(melodies) if sound.match(said[part], heard)[0] > 0.5]


def assert_whole(said, heard, sent=None):
    found = likeness(said, heard, sent)
    assert found.clear > 0.95 and found.silent_ms <= 20, found
    assert abs(found.level_db) < 1, found
