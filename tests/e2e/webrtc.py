"""The media of a browser without one: aiortc, with its own ICE, OpenSSL's DTLS and libsrtp.

Its thread has the event loop that aiortc wants; the test's thread waits for what it asks."""

import asyncio
import fractions
import threading

import aioice.ice
import numpy
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from av import AudioFrame, AudioResampler

RATE = 8000
FRAME = RATE // 50


class Said(MediaStreamTrack):
    """Plays samples, 20 ms each 20 ms, and silence behind them."""

    kind = "audio"

    def __init__(self, samples):
        super().__init__()
        self.samples = (numpy.clip(samples, -1, 1) * 32767).astype(numpy.int16)
        self.n = 0
        self.begun = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.begun = self.begun or loop.time()
        await asyncio.sleep(max(0, self.begun + self.n / 50 - loop.time()))
        piece = self.samples[self.n * FRAME : (self.n + 1) * FRAME]
        piece = numpy.pad(piece, (0, FRAME - len(piece)))
        frame = AudioFrame.from_ndarray(piece.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts, frame.time_base = self.n * FRAME, fractions.Fraction(1, RATE)
        self.n += 1
        return frame


class Peer:
    """One call. It speaks from the moment that it is connected, and keeps what it hears."""

    def __init__(self, ip, samples):
        # It leaves loopback out otherwise.
        aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [ip]
        self.heard = []
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.connection = self.ask(self._connect(samples))

    def ask(self, what, seconds=20):
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(seconds)

    async def _connect(self, samples):
        connection = RTCPeerConnection()
        connection.addTrack(Said(samples))

        @connection.on("track")
        def on_track(track):
            self.loop.create_task(self._listen(track))

        return connection

    async def _listen(self, track):
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        while True:
            try:
                frame = await track.recv()
            except Exception:  # The track's end has no name of its own.
                return
            for plain in resampler.resample(frame):
                self.heard.append(plain.to_ndarray().reshape(-1) / 32768)

    def offer(self):
        async def make():
            await self.connection.setLocalDescription(await self.connection.createOffer())
            return self.connection.localDescription.sdp

        return self.ask(make())

    def answered(self, sdp):
        self.ask(self.connection.setRemoteDescription(RTCSessionDescription(sdp, "answer")))

    def answer(self, sdp):
        async def make():
            await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
            await self.connection.setLocalDescription(await self.connection.createAnswer())
            return self.connection.localDescription.sdp

        return self.ask(make())

    def sound(self):
        """What it has heard so far."""
        return numpy.concatenate(self.heard) if self.heard else numpy.zeros(0)

    @property
    def state(self):
        return self.connection.connectionState

    def close(self):
        self.ask(self.connection.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
