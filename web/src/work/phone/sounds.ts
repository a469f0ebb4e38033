// What a phone that rings sounds like: made here, so that nothing is fetched.

/** Frequencies of the two tones, Hz. */
const TONES_HZ = [440, 554];

/** Seconds of a ring, and from one to the next. */
const RING_S = 1;
const EVERY_MS = 4_000;

/** Rings until the answer is called. Where the page may make no sound yet, it is silent. */
export function ringing(): () => void {
  const context = new AudioContext();
  const ring = () => {
    const loudness = context.createGain();
    loudness.gain.value = 0.08;
    loudness.connect(context.destination);
    for (const frequency of TONES_HZ) {
      const tone = new OscillatorNode(context, { frequency });
      tone.connect(loudness);
      tone.start();
      tone.stop(context.currentTime + RING_S);
    }
  };
  ring();
  const timer = setInterval(ring, EVERY_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
