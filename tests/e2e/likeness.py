"""Whether a recording holds what was said: piece by piece, where each stands, how loud, and what is missing."""

import dataclasses

import numpy as np

import sound

PIECE = 0.3  # seconds that are looked for at once
FRAME = 160
CLEAR = 0.8  # a piece whose likeness is more was found
LOUD = 0.02  # what is louder is not a pause


@dataclasses.dataclass
class Likeness:
    """What was found of `said` in `heard`."""

    places: list  # (second at which it was said, second where it stands), of pieces that are clear
    n_pieces: int  # that are loud enough to be looked for
    silent_ms: float  # the longest stretch without a sound in which somebody speaks
    level_db: float  # how much louder it is
    end: float  # seconds of `heard`

    @property
    def clear(self):
        return len(self.places) / self.n_pieces

    @property
    def offsets(self):
        return [place - at for at, place in self.places]

    @property
    def spread_ms(self):
        """How far pieces stand from where they would if all had come at one pace, but for one of twenty: a vowel
        that lost packets may be more like itself some periods of its pitch (10 ms of a deep voice) away."""
        offsets = sorted(self.offsets)
        n_kept = len(offsets) - len(offsets) // 20
        ranges = zip(offsets, offsets[n_kept - 1 :])
        return min(high - low for low, high in ranges) * 1000


def likeness(said, heard, sent=None, near=0.6):
    """`sent`: when each 20 ms of it left, unless one after the other. `near`: how far from the place of the
    whole a piece may stand, in seconds."""
    rough = _rough(said, heard)
    size = int(PIECE * sound.RATE)
    places, n_pieces = [], 0
    for begin in range(0, len(said) - size + 1, size):
        piece = said[begin : begin + size]
        if sound.loudness(piece) < LOUD:
            continue
        n_pieces += 1
        low = max(0, int(begin + (rough - near) * sound.RATE))
        hay = heard[low : int(begin + size + (rough + near) * sound.RATE)]
        score, at = _match(piece, hay)
        if score > CLEAR:
            places.append((begin, low / sound.RATE + at))
    found = Likeness(places, max(1, n_pieces), 0.0, 0.0, len(heard) / sound.RATE)
    if places:
        seconds = [(begin / sound.RATE, place) for begin, place in places]
        found.silent_ms, found.level_db = _silent_and_level(said, heard, seconds)
        left = lambda begin: sent[begin // FRAME] - sent[0] if sent else begin / sound.RATE
        found.places = [(left(begin), place) for begin, place in places]
    return found


def _rough(said, heard):
    """Where the whole stands, as most of its seconds have it."""
    votes = []
    for begin in range(0, len(said) - sound.RATE + 1, sound.RATE):
        score, at = _match(said[begin : begin + sound.RATE], heard)
        votes.append((score, at - begin / sound.RATE))
    best = sorted(votes)[-max(1, len(votes) // 2) :]
    return float(np.median([offset for _, offset in best]))


def _match(needle, hay):
    """As `sound.match`, of a piece that may begin quietly."""
    if len(hay) < len(needle) or not len(needle):
        return 0.0, 0.0
    size = 1 << (len(hay) + len(needle)).bit_length()
    product = np.fft.rfft(hay, size) * np.conj(np.fft.rfft(needle, size))
    lags = len(hay) - len(needle) + 1
    dots = np.fft.irfft(product, size)[:lags]
    energy = np.concatenate([[0.0], np.cumsum(hay * hay)])
    windows = energy[len(needle) : len(needle) + lags] - energy[:lags]
    own = float(np.dot(needle, needle))
    scores = dots / np.sqrt(own * np.maximum(windows, 1e-2 * own + 1e-9))
    best = int(np.argmax(scores))
    return float(scores[best]), best / sound.RATE


def _silent_and_level(said, heard, places):
    """Frames of 20 ms, each where the piece before it stands: the longest run that is next to silent though
    all within 60 ms of it was spoken; and the level of what is clear, in dB."""
    at = np.array([at for at, _ in places])
    offset = np.array([place - at for at, place in places])
    loud = [sound.loudness(said[n : n + FRAME]) for n in range(0, len(said) - FRAME, FRAME)]
    run = longest = 0
    of_said = of_heard = 0.0
    for n in range(3, len(loud) - 3):
        which = max(0, int(np.searchsorted(at, n * 0.02, side="right")) - 1)
        begin = int((n * 0.02 + offset[which]) * sound.RATE)
        there = heard[max(0, begin) : max(0, begin) + FRAME]
        if min(loud[n - 3 : n + 4]) < LOUD or not len(there):
            run = 0
            continue
        level = sound.loudness(there)
        run = run + 1 if level < 0.05 * loud[n] else 0
        longest = max(longest, run)
        of_said += loud[n] ** 2
        of_heard += level**2
    return longest * 20.0, 10 * float(np.log10(max(of_heard, 1e-12) / max(of_said, 1e-12)))
