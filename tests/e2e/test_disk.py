"""A disk without room: what the server answers then, and that it goes on when there is room again."""

import resource
import signal
import time
import urllib.error
import urllib.request

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

import sound
from centre import Centre, Problem, wait_for
from cloud import Cloud, code_of
from conftest import quiet
from peers import Phone
from receiver import Receiver

ENDLESS = resource.RLIM_INFINITY


class Disk:
    """Files of the process cannot grow while it is full, its log among them. The signal that comes
    with that is ignored, as on a disk that is really full there is none."""

    def __init__(self, process):
        self.process = process

    def fill(self):
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (4096, ENDLESS))

    def free(self):
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (ENDLESS, ENDLESS))


@pytest.fixture
def own(tmp_path):
    centre = Centre(tmp_path / "centre", "--requests-per-second", "1000")
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    centre.start(restore_signals=False)
    signal.signal(signal.SIGXFSZ, before)
    yield centre
    centre.stop()


def ready(centre):
    try:
        with urllib.request.urlopen(f"{centre.url}/readyz", timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def test_a_full_disk_costs_new_calls_and_recordings_and_not_the_running_call(own, lines, tmp_path):
    receiver = Receiver()
    own.add_webhook(receiver.url)
    cloud = Cloud(own)
    agent = own.add_agent(quiet("Good morning, this is Harbor Clinic."))
    wav = sound.write(tmp_path / "tone.wav", sound.sweep(1.0))
    line = lines(own, Phone(tmp_path))
    busy = lines(own, Phone(tmp_path, "refuse", status="486 Busy Here"))
    call_id = cloud.CreateAIAgentCall(AIAgentId=agent, Callee=line.callee)["SessionId"]
    own.wait_state(call_id, "up")
    line.phone.wait_heard(sound.speak("Good morning, this is Harbor Clinic.", tmp_path))
    disk = Disk(own.process)

    disk.fill()
    wish = {"AIAgentId": agent, "Callee": busy.callee}
    for _ in range(3):
        assert code_of(cloud.CreateAIAgentCall, **wish) == "InternalError"
        assert ready(own) == 503
        with pytest.raises(Problem) as refused:
            own.add_sound(wav)
        assert refused.value.status in (500, 503)
    session = cloud.DescribeTelSession(SessionId=call_id)["Session"]
    assert session["SessionStatus"] == "inProgress", "what is only read is answered"
    n_packets = len(line.phone.rtp.packets)
    time.sleep(1)
    assert len(line.phone.rtp.packets) > n_packets + 40, "the running call goes on"
    cloud.HangUpCall(SessionId=call_id)
    line.phone.wait_end()

    disk.free()

    def place():
        try:
            return cloud.CreateAIAgentCall(**wish)["SessionId"]
        except TencentCloudSDKException:
            return None

    placed = wait_for("the disk to be used again", place, seconds=30, every=0.5)
    assert own.wait_state(placed, "ended")["cause"] == "busy"
    assert ready(own) == 200
    call = own.wait_recordings(call_id, seconds=60)
    assert call["cause"] == "api_request", "the end of the call was kept until there was room"
    receiver.wait(call_id, "record", n=2)
    receiver.wait(call_id, "cdr")
    receiver.close()
    assert "panicked" not in own.log


def test_a_recording_that_met_a_full_disk_goes_on_after_it(own, lines, tmp_path):
    cloud = Cloud(own)
    agent = own.add_agent(quiet("Good morning, this is Harbor Clinic."))
    line = lines(own, Phone(tmp_path))
    call_id = cloud.CreateAIAgentCall(AIAgentId=agent, Callee=line.callee)["SessionId"]
    own.wait_state(call_id, "up")
    line.phone.wait_heard(sound.speak("Good morning, this is Harbor Clinic.", tmp_path))
    disk = Disk(own.process)

    disk.fill()
    wait_for("the recorder to fail", lambda: "failed to write a recording" in own.log, seconds=10)
    disk.free()
    wait_for("the recorder to go on", lambda: "a recording is written again" in own.log, seconds=10)
    n_packets = len(line.phone.rtp.packets)
    wait_for("a second more", lambda: len(line.phone.rtp.packets) > n_packets + 50, seconds=10)
    cloud.HangUpCall(SessionId=call_id)

    for track in own.wait_recordings(call_id)["recordings"]:
        (gap,) = [gap for gap in track["gaps"] if gap["cause"] == "torn"]
        assert gap["start_ms"] > 0
        assert gap["start_ms"] + gap["len_ms"] < track["duration_ms"] - 800, "the end is there"
