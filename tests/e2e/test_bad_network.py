"""A network that loses and delays: the recording has what was said, when it was said."""

import random
import threading

import sound
from test_carriers import user_track

SAID = sound.sweep(24, 400, 3000)


class BadNetwork:
    """A socket whose packets get lost, one in twenty, or come up to 60 ms late, some twice."""

    def __init__(self, socket, seed=7):
        self.socket, self.chance = socket, random.Random(seed)

    def sendto(self, datagram, remote):
        if self.chance.random() < 0.05:
            return
        for _ in range(2 if self.chance.random() < 0.01 else 1):
            delay = self.chance.random() * 0.06
            threading.Timer(delay, self.late, (datagram, remote)).start()

    def late(self, datagram, remote):
        try:
            self.socket.sendto(datagram, remote)
        except OSError:
            pass  # The call is over.

    def __getattr__(self, name):
        return getattr(self.socket, name)


def test_the_recording_is_aligned_to_what_was_said_over_a_bad_network(centre, cloud, line, quiet_agent, tmp_path):
    phone = line()
    phone.phone.rtp.rtp = BadNetwork(phone.phone.rtp.rtp)
    call_id = cloud.CreateAIAgentCall(AIAgentId=quiet_agent, Callee=phone.callee)["SessionId"]
    centre.wait_state(call_id, "up")
    phone.phone.rtp.say(SAID)
    phone.phone.wait_said(40)
    cloud.HangUpCall(SessionId=call_id)
    phone.phone.wait_end()
    quality = centre.wait_state(call_id, "ended")["quality"]
    assert 20 < quality["packets_lost"] < 200, quality
    heard = user_track(centre, call_id, tmp_path)
    # A third of a second at a time: a longer piece has losses in it, and moves of the jitter buffer.
    found = {at: sound.match(SAID[at * 8000 : at * 8000 + 2_700], heard) for at in range(1, 23)}
    clear = {at: place for at, (score, place) in found.items() if score > 0.7}
    assert len(clear) >= 16, found
    offsets = [place - at for at, place in clear.items()]
    assert max(offsets) - min(offsets) < 0.1, found
