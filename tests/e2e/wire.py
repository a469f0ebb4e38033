"""A cable between two network interfaces that treats packets badly, as `tc netem` does: run as a program in a
network namespace of its own (see network.py). It works where the kernel has no netem, and by a seed.

Each line of standard input is a JSON object: `{"set": {…}}` with what differs from a good cable, by side
(`a`, `b`) or for both (`both`), or `{}`. A line with what was done so far answers it; `longest` is how many
packets of one sender's sound got lost in a row, since the cable was set.

    delay_ms, jitter_ms   each packet comes after delay ± jitter, evenly spread, so that order is lost
    loss                  share of packets that get lost, independently
    burst, burst_len      chance that a burst of loss begins with a packet, and how many it takes at most
    duplicate             share that comes twice
    reorder               share that passes the others by: without delay
"""

import heapq
import json
import os
import random
import select
import socket
import sys
import time

OUTGOING = 4  # PACKET_OUTGOING: what we sent ourselves
GOOD = {
    "delay_ms": 0.0, "jitter_ms": 0.0, "loss": 0.0, "burst": 0.0, "burst_len": 3,
    "duplicate": 0.0, "reorder": 0.0,
}  # fmt: skip
# A packet of RTP with 20 ms of G.711: IPv4 and UDP headers (28), 12 of RTP, 160 of sound.
SOUND_LEN = 28 + 12 + 160


class Side:
    """One interface, and how packets fare that come in here."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
        self.socket.bind((name, 0))
        self.socket.setblocking(False)
        self.conditions = dict(GOOD)
        self.burst_left = 0
        self.counts = {"packets": 0, "lost": 0, "duplicated": 0, "sound": 0, "sound_lost": 0, "longest": 0}
        self.in_a_row = {}

    def is_lost(self, chance):
        now = self.conditions
        if not self.burst_left and chance.random() < now["burst"]:
            self.burst_left = chance.randint(1, now["burst_len"])
        if self.burst_left:
            self.burst_left -= 1
            return True
        return chance.random() < now["loss"]

    def delays(self, frame, chance):
        """How long each copy of a frame takes, in seconds: none if it gets lost."""
        if frame[12:14] != b"\x08\x00":
            return [0.0]  # ARP
        now, counts = self.conditions, self.counts
        is_sound = int.from_bytes(frame[16:18], "big") == SOUND_LEN
        counts["packets"] += 1
        counts["sound"] += is_sound
        is_lost = self.is_lost(chance)
        if is_sound:
            sender = frame[26:30] + frame[34:36]  # address and port
            self.in_a_row[sender] = self.in_a_row.get(sender, 0) + 1 if is_lost else 0
            counts["sound_lost"] += is_lost
            counts["longest"] = max(counts["longest"], self.in_a_row[sender])
        if is_lost:
            counts["lost"] += 1
            return []
        n = 2 if chance.random() < now["duplicate"] else 1
        counts["duplicated"] += n - 1
        if chance.random() < now["reorder"]:
            return [0.0] * n
        spread = now["jitter_ms"]
        return [max(0.0, now["delay_ms"] + chance.uniform(-spread, spread)) / 1000 for _ in range(n)]


def main(names, seed):
    sides = [Side(name) for name in names]
    chance = random.Random(seed)
    waiting, n = [], 0
    typed = b""
    os.set_blocking(0, False)
    while True:
        left = waiting[0][0] - time.monotonic() if waiting else None
        ready, _, _ = select.select([0, *(side.socket for side in sides)], [], [], left and max(0.0, left))
        now = time.monotonic()
        for side, other in (sides, sides[::-1]):
            while side.socket in ready:
                try:
                    frame, address = side.socket.recvfrom(65536)
                except BlockingIOError:
                    break
                if address[2] == OUTGOING:
                    continue
                for delay in side.delays(frame, chance):
                    n += 1
                    heapq.heappush(waiting, (now + delay, n, other.socket, frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, out, frame = heapq.heappop(waiting)
            try:
                out.send(frame)
            except OSError:
                pass  # A full queue, or too long: lost, as on any cable.
        if 0 in ready:
            more = os.read(0, 65536)
            if not more:
                return
            *lines, typed = (typed + more).split(b"\n")
            for line in lines:
                obey(json.loads(line), sides)


def obey(asked, sides):
    for name, conditions in asked.get("set", {}).items():
        for side in {"a": sides[:1], "b": sides[1:], "both": sides}[name]:
            side.conditions = GOOD | conditions
            side.burst_left = side.counts["longest"] = 0
            side.in_a_row.clear()
    print(json.dumps([side.counts for side in sides]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:3], sys.argv[3])
