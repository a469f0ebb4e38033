"""Sound as arrays of 8 kHz samples between -1 and 1, and whether one is found in another."""

import subprocess

import numpy as np

RATE = 8000


def read(path):
    """Any file that sox opens."""
    raw = subprocess.run(
        ["sox", str(path), "-t", "raw", "-r", str(RATE), "-e", "signed", "-b", "16", "-c", "1", "-"],
        check=True,
        capture_output=True,
    ).stdout
    return np.frombuffer(raw, "<i2").astype(np.float64) / 32768


def write(path, samples):
    """A WAV file with 16 bits."""
    raw = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    subprocess.run(
        ["sox", "-t", "raw", "-r", str(RATE), "-e", "signed", "-b", "16", "-c", "1", "-", str(path)],
        input=raw,
        check=True,
    )
    return path


def speak(text, folder, voice="slt"):
    """What flite makes of a text."""
    path = folder / "flite.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
    return read(path)


def silence(seconds):
    return np.zeros(int(seconds * RATE))


def sweep(seconds, low=300, high=3000, level=0.4):
    """A rising tone: unlike a steady one, it fits itself at one place only."""
    t = np.arange(int(seconds * RATE)) / RATE
    return level * np.sin(2 * np.pi * (low * t + (high - low) / (2 * seconds) * t * t))


def melody(seed, seconds, level=0.4):
    """Tones of 100 ms, chosen by a seed: no part of it is found in that of another seed, or elsewhere in it."""
    each = RATE // 10
    tones = np.random.default_rng(seed).uniform(300, 3000, round(seconds * 10))
    return level * np.sin(2 * np.pi * np.cumsum(np.repeat(tones, each)) / RATE)


def match(needle, hay):
    """How well `needle` is found in `hay`, from 0 to 1, and at which second it begins."""
    needle = trim(needle)
    if len(hay) < len(needle) or not len(needle):
        return 0.0, 0.0
    size = 1 << (len(hay) + len(needle)).bit_length()
    product = np.fft.rfft(hay, size) * np.conj(np.fft.rfft(needle, size))
    lags = len(hay) - len(needle) + 1
    dots = np.fft.irfft(product, size)[:lags]
    energy = np.concatenate([[0.0], np.cumsum(hay * hay)])
    windows = energy[len(needle) : len(needle) + lags] - energy[:lags]
    # Where there is next to nothing, next to nothing fits.
    floor = 1e-3 * np.dot(needle, needle)
    scores = dots / np.sqrt(np.dot(needle, needle) * np.maximum(windows, floor))
    best = int(np.argmax(scores))
    return float(scores[best]), best / RATE


def trim(samples, level=0.01):
    """Without the quiet at both ends."""
    loud = np.flatnonzero(np.abs(samples) > level)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


def loudness(samples):
    return float(np.sqrt(np.mean(samples * samples))) if len(samples) else 0.0


def seconds(path):
    """The length of a file as its decoder has it."""
    return len(read(path)) / RATE


# G.711 µ-law (ITU-T G.711), both ways by table.


def _ulaw_value(code):
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)
    return (0x84 - magnitude) if code & 0x80 else (magnitude - 0x84)


_VALUES = np.array([_ulaw_value(code) for code in range(256)], dtype=np.float64)
_ORDER = np.argsort(_VALUES, kind="stable")
_EDGES = (_VALUES[_ORDER][1:] + _VALUES[_ORDER][:-1]) / 2


def from_ulaw(payload):
    return _VALUES[np.frombuffer(payload, np.uint8)] / 32768


def to_ulaw(samples):
    nearest = np.searchsorted(_EDGES, np.clip(samples, -1, 1) * 32767)
    return _ORDER[nearest].astype(np.uint8).tobytes()
