"""Media by ICE and DTLS-SRTP with an implementation that shares nothing with ours."""

import time

import pytest

import sound
from centre import INSTANCE, wait_for
from conftest import extension, quiet
from handset import Handset
from likeness import likeness
from webrtc import Peer

pytestmark = pytest.mark.alone

GREETING = "Good morning, this is Harbor Clinic."


class Softphone(Handset):
    """A handset whose description and sound are those of a browser."""

    def __init__(self, *args, samples, **kwargs):
        super().__init__(*args, **kwargs)
        self.peer = Peer(self.ip, samples)

    def dial(self, *args, **kwargs):
        self.offer = self.peer.offer()
        return super().dial(*args, **kwargs)

    def _up(self, dialog, answer):
        super()._up(dialog, answer)
        self.answer_sdp = answer.partition("\r\n\r\n")[2]
        self.peer.answered(self.answer_sdp)

    def _proved(self, dialog, method, more, body="", seconds=20):
        body = self.offer if method == "INVITE" and body else body
        return super()._proved(dialog, method, more, body, seconds)

    def stop(self):
        self.peer.close()
        super().stop()


@pytest.mark.parametrize("encryption", ["optional", "mandatory"])
def test_a_peer_of_aiortc_and_the_agent_hear_each_other(centre, cloud, tmp_path, encryption):
    agent = centre.add_agent(quiet(GREETING))
    said = sound.sweep(2.0)
    number = {"optional": "7121", "mandatory": "7122"}[encryption]
    password = extension(cloud, number)["Password"]
    centre.api("PATCH", f"/extensions/{number}", {"encryption": encryption}, instance=INSTANCE)
    phone = Softphone(centre, number, password, samples=[*sound.silence(4.0), *said])
    try:
        phone.register()
        dialog = phone.dial(f"*{agent}")
        assert not isinstance(dialog, int), (dialog, phone.offer)
        assert "a=ice-lite" in phone.answer_sdp and "a=fingerprint:sha-256" in phone.answer_sdp
        wait_for("the handshake", lambda: phone.peer.state == "connected")
        time.sleep(7.5)
        dialog.hang_up()
        call, *_ = centre.api("GET", "/calls", number=f"+{number}")["items"]
        call = centre.wait_recordings(call["id"])
        user = centre.fetch(centre.track(call, "user")["url"], tmp_path / "user.mp3")
        # In pieces: where its process was late by some packets, what follows stands as much later.
        recorded = likeness(said, sound.read(user))
        assert recorded.clear > 0.8 and recorded.spread_ms <= 161, recorded
        greeting = sound.trim(sound.speak(GREETING, tmp_path))
        heard = likeness(greeting, phone.peer.sound())
        assert heard.clear > 0.8 and heard.spread_ms <= 161, heard
    finally:
        phone.stop()
