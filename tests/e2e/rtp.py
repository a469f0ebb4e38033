"""The media side of a phone: receives and keeps, sends in real time."""

import random
import socket
import struct
import threading
import time

import numpy as np

import sound

FRAME = 160  # samples of 20 ms
TICK = 0.020
ULAW = 0
EVENT = 101  # RFC 4733, as our SDP declares it


class Rtp:
    """A socket pair for RTP and RTCP at `ip`. Sends silence, or what it is told, from the first
    packet that arrives (or from [`Rtp.send_to`]) until it is closed."""

    def __init__(self, ip):
        self.rtp, self.rtcp = port_pair(ip)
        self.port = self.rtp.getsockname()[1]
        self.rtp.settimeout(0.2)
        self.packets = []  # (arrival, sequence, timestamp, payload type, payload)
        self.remote = None
        self.tick = TICK  # of its clock
        self.frames = []  # payloads to send
        self.said_at = []  # when each of them left
        self.digits = []  # (key, steps sent, timestamp of its start)
        self.lock = threading.Lock()
        self.closed = threading.Event()
        self.first_sent_at = None
        for run in (self._receive, self._send):
            threading.Thread(target=run, daemon=True).start()

    def close(self):
        self.closed.set()

    def send_to(self, address):
        self.remote = address

    def say(self, samples):
        """Queues sound; the wall time at which its first packet will leave is not known exactly."""
        payload = sound.to_ulaw(samples)
        pad = -len(payload) % FRAME
        payload += b"\xff" * pad
        with self.lock:
            self.frames += [payload[i : i + FRAME] for i in range(0, len(payload), FRAME)]

    def press(self, digits):
        with self.lock:
            self.digits += [(digit, 0, 0) for digit in digits]

    def is_done(self):
        """Whether all that was queued has been sent."""
        with self.lock:
            return not self.frames and not self.digits

    def heard(self):
        """What arrived, placed by its timestamps; zeros where nothing did."""
        return self.heard_of(list(self.packets))

    def heard_of(self, packets):
        """The same of some of the packets."""
        audio = [packet for packet in packets if packet[3] == ULAW]
        if not audio:
            return np.zeros(0)
        start = audio[0][2]
        places = [((timestamp - start) & 0xFFFFFFFF, payload) for _, _, timestamp, _, payload in audio]
        places = [(at, payload) for at, payload in places if at < 1 << 31]
        out = np.zeros(max(at + len(payload) for at, payload in places))
        for at, payload in places:
            out[at : at + len(payload)] = sound.from_ulaw(payload)
        return out

    def digits_heard(self):
        """RFC 4733 events that ended, in order, once each."""
        seen, digits = set(), ""
        for _, _, timestamp, kind, payload in list(self.packets):
            if kind == EVENT and len(payload) >= 4 and payload[1] & 0x80 and timestamp not in seen:
                seen.add(timestamp)
                digits += "0123456789*#ABCD"[payload[0]]
        return digits

    def _receive(self):
        while not self.closed.is_set():
            try:
                packet, source = self.rtp.recvfrom(2048)
            except TimeoutError:
                continue
            except OSError:
                return
            if len(packet) < 12 or packet[0] >> 6 != 2:
                continue
            kind, sequence, timestamp = packet[1] & 0x7F, *struct.unpack("!HI", packet[2:8])
            self.packets.append((time.time(), sequence, timestamp, kind, packet[12:]))
            if self.remote is None:
                self.remote = source

    def _send(self):
        source = random.getrandbits(32)
        sequence, timestamp = random.getrandbits(15), random.getrandbits(31)
        due = time.monotonic()
        while not self.closed.is_set():
            due += self.tick
            time.sleep(max(0.0, due - time.monotonic()))
            if self.remote is None:
                continue
            for kind, marker, stamp, payload in self._next(timestamp):
                head = struct.pack("!BBHII", 0x80, kind | marker, sequence, stamp, source)
                sequence = (sequence + 1) & 0xFFFF
                try:
                    self.rtp.sendto(head + payload, self.remote)
                except OSError:
                    return
                self.first_sent_at = self.first_sent_at or time.time()
            timestamp = (timestamp + FRAME) & 0xFFFFFFFF

    def _next(self, timestamp):
        """The packets of this tick: a frame, or a step of a key that is held for 100 ms."""
        with self.lock:
            if self.digits:
                digit, step, began = self.digits[0]
                began = timestamp if step == 0 else began
                length = (step + 1) * FRAME
                code = "0123456789*#ABCD".index(digit)
                last = step == 4
                payload = struct.pack("!BBH", code, (0x80 if last else 0) | 10, length)
                if last:
                    self.digits.pop(0)
                    # The end is sent three times (RFC 4733 section 2.5.1.4), then silence.
                    self.frames = [b"\xff" * FRAME] * 5 + self.frames
                    return [(EVENT, 0, began, payload)] * 3
                self.digits[0] = (digit, step + 1, began)
                return [(EVENT, 0x80 if step == 0 else 0, began, payload)]
            if self.frames:
                self.said_at.append(time.monotonic())
            frame = self.frames.pop(0) if self.frames else b"\xff" * FRAME
        return [(ULAW, 0, timestamp, frame)]


def port_pair(ip):
    """Sockets on an even port and the odd one above it (RFC 3550 section 11)."""
    while True:
        rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        rtp.bind((ip, 0))
        port = rtp.getsockname()[1]
        rtcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            if port % 2 == 0:
                rtcp.bind((ip, port + 1))
                return rtp, rtcp
        except OSError:
            pass
        rtp.close()
        rtcp.close()
