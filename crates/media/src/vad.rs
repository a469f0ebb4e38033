//! When the caller speaks.
//!
//! A frame has voice if the WebRTC detector (Gaussian mixtures over six bands, mode
//! "aggressive") says so *and* it is well above the noise floor that this module learns. Speech
//! starts after some frames with voice in a row and stops after a silence; what a silence means
//! for the conversation (endpointing) is decided elsewhere.
//!
//! # Invariants
//!
//! - `SpeechStarted` and `SpeechStopped` alternate, starting with `SpeechStarted`.

use std::{
    fmt,
    time::{Duration, Instant},
};

use webrtc_vad::{SampleRate, Vad, VadMode};

use crate::{FRAME, FRAME_SAMPLES, Frame, FrameKind};

/// Voice must be this many times louder than the noise floor: 6 dB.
const OVER_FLOOR: f32 = 2.0;
/// Root mean square below which nothing is voice: -56 dBm0, below any telephone's speech.
const RMS_MIN: f32 = 50.0;
/// The floor before anything was heard, -48 dBm0: usual line noise is not speech even in the
/// first frames, and speech is far above it.
const FLOOR_START: f32 = 120.0;
/// The floor is not learned above this, -26 dBm0, so that it cannot lock speech out.
const FLOOR_MAX: f32 = 1600.0;
/// Share of a frame without voice in the floor: learned in about half a second.
const FLOOR_GAIN: f32 = 0.05;
/// Rise of the floor in a frame that the detector takes for voice: +6 dB in 14 s, for steady
/// noise that it takes for voice.
const FLOOR_RISE: f32 = 1.001;

/// Share of a louder frame in the level of the near voice: learned in a syllable.
const NEAR_RISE: f32 = 0.25;
/// Share of a quieter one: whoever moves away from the telephone is followed in half a minute.
const NEAR_FALL: f32 = 0.002;

/// How much quieter than the caller's own voice another voice may be to count (the vendor's
/// `VadLevel`, 0 to 3): who speaks into the telephone is near, a television is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FarField {
    /// Every voice counts.
    #[default]
    Heard,
    /// Down to -26 dB.
    Low,
    /// Down to -20 dB.
    Medium,
    /// Down to -14 dB.
    High,
}

impl FarField {
    /// Every level; the place is the vendor's number.
    pub const ALL: [Self; 4] = [Self::Heard, Self::Low, Self::Medium, Self::High];

    /// Share of the near voice's level that still counts.
    fn share(self) -> f32 {
        match self {
            Self::Heard => 0.0,
            Self::Low => 0.05,
            Self::Medium => 0.1,
            Self::High => 0.2,
        }
    }
}

/// How sure the detector must be.
#[derive(Clone, Copy, Debug)]
pub struct VadSettings {
    /// What becomes of voices that are far from the telephone.
    pub far_field: FarField,
    /// Voice needed before speech counts as started.
    pub on: Duration,
    /// Silence needed before speech counts as stopped. Endpointing is decided elsewhere, later.
    pub off: Duration,
    /// Speech of which is reported that it has lasted this long, from its first to its last voice:
    /// until silence is certain nobody else can tell speech from the wait for its end.
    pub lasting: Duration,
}

impl Default for VadSettings {
    fn default() -> Self {
        Self {
            far_field: FarField::Heard,
            on: Duration::from_millis(60),
            off: Duration::from_millis(200),
            lasting: Duration::from_millis(500),
        }
    }
}

/// A change that the detector is sure of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Speech began.
    Started {
        /// Start of the first frame with voice.
        at: Instant,
    },
    /// Speech has lasted for [`VadSettings::lasting`]. Once at most for each speech.
    Lasts {
        /// End of the frame with voice that made it so long.
        at: Instant,
    },
    /// Speech ended.
    Stopped {
        /// End of the last frame with voice.
        last_voice: Instant,
    },
}

/// Listens to one caller. Not `Send`, as the library's state is not.
pub struct Detector {
    vad: Vad,
    hysteresis: Hysteresis,
    floor: f32,
    /// Share of `near` below which a voice is far.
    far_share: f32,
    /// Level of the voice that is near, learned from the loudest that speaks.
    near: f32,
}

impl fmt::Debug for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Detector")
            .field("hysteresis", &self.hysteresis)
            .field("floor", &self.floor)
            .finish_non_exhaustive()
    }
}

impl Detector {
    /// A detector that has heard nothing.
    pub fn new(settings: &VadSettings) -> Self {
        Self {
            vad: Vad::new_with_rate_and_mode(SampleRate::Rate8kHz, VadMode::Aggressive),
            hysteresis: Hysteresis::new(settings),
            floor: FLOOR_START,
            far_share: settings.far_field.share(),
            near: 0.0,
        }
    }

    /// Whether the caller is speaking.
    pub fn is_speech(&self) -> bool {
        self.hysteresis.speaking
    }

    /// Takes the frame that ended at `now`.
    pub fn frame(&mut self, kind: FrameKind, frame: &Frame, now: Instant) -> Option<Change> {
        let is_voice = match kind {
            FrameKind::Audio | FrameKind::Concealed => self.is_voice(frame),
            // Nothing was said, or nobody knows what.
            FrameKind::Silence | FrameKind::Gap => false,
        };
        self.hysteresis.frame(is_voice, now)
    }

    fn is_voice(&mut self, frame: &Frame) -> bool {
        // In integers, whose sum may be taken in any order: several samples at once.
        let square = |&sample: &i16| u64::from(i32::from(sample).pow(2).unsigned_abs());
        let energy: u64 = frame.iter().map(square).sum();
        let rms = (energy as f32 / FRAME_SAMPLES as f32).sqrt();
        // The library does not learn from frames this quiet either (kMinEnergy).
        let detected = rms > RMS_MIN
            && self
                .vad
                .is_voice_segment(frame)
                .expect("20 ms at 8 kHz is a length that the library takes");
        let is_loud = rms > OVER_FLOOR * self.floor;
        if detected && rms > self.floor {
            self.floor *= FLOOR_RISE;
        } else {
            self.floor += (rms - self.floor) * FLOOR_GAIN;
        }
        self.floor = self.floor.clamp(1.0, FLOOR_MAX);
        let is_near = rms > self.near * self.far_share;
        if detected && is_loud {
            let gain = if rms > self.near {
                NEAR_RISE
            } else {
                NEAR_FALL
            };
            self.near += (rms - self.near) * gain;
        }
        detected && is_loud && is_near
    }
}

/// Makes speech out of frames with and without voice.
#[derive(Clone, Debug)]
struct Hysteresis {
    on_frames: u32,
    off: Duration,
    lasting: Duration,
    speaking: bool,
    /// First voice of the speech of which it is not known yet whether it lasts.
    lasts_from: Option<Instant>,
    /// Frames with voice in a row.
    run: u32,
    last_voice: Option<Instant>,
}

impl Hysteresis {
    fn new(settings: &VadSettings) -> Self {
        let on_frames = settings.on.as_millis().div_ceil(FRAME.as_millis()).max(1);
        Self {
            on_frames: u32::try_from(on_frames).unwrap_or(u32::MAX),
            off: settings.off,
            lasting: settings.lasting,
            speaking: false,
            lasts_from: None,
            run: 0,
            last_voice: None,
        }
    }

    fn frame(&mut self, is_voice: bool, now: Instant) -> Option<Change> {
        if is_voice {
            self.run = self.run.saturating_add(1);
            self.last_voice = Some(now);
            if !self.speaking && self.run >= self.on_frames {
                self.speaking = true;
                let at = now.checked_sub(FRAME * self.run).unwrap_or(now);
                self.lasts_from = Some(at);
                return Some(Change::Started { at });
            }
            let lasting = self.lasting;
            let lasts = |from: &mut Instant| now.saturating_duration_since(*from) >= lasting;
            self.lasts_from.take_if(lasts)?;
            return Some(Change::Lasts { at: now });
        }
        self.run = 0;
        let last_voice = self.last_voice?;
        if self.speaking && now.saturating_duration_since(last_voice) >= self.off {
            self.speaking = false;
            self.lasts_from = None;
            return Some(Change::Stopped { last_voice });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::beginning;

    /// Plays a score of frames, `v` with voice and `.` without. Returns the changes: `(` and
    /// `)`, the frame in which each was decided, and the frame boundary that it names.
    fn play(score: &str) -> Vec<(char, usize, u128)> {
        let start = beginning();
        let mut hysteresis = Hysteresis::new(&VadSettings::default());
        let frame_of = |at: Instant| (at - start).as_millis() / 20;
        let mut changes = Vec::new();
        for (n, frame) in score.chars().enumerate() {
            let now = start + FRAME * u32::try_from(n + 1).unwrap();
            match hysteresis.frame(frame == 'v', now) {
                Some(Change::Started { at }) => changes.push(('(', n, frame_of(at))),
                Some(Change::Stopped { last_voice }) => {
                    changes.push((')', n, frame_of(last_voice)));
                }
                Some(Change::Lasts { at }) => changes.push(('!', n, frame_of(at))),
                None => {}
            }
        }
        changes
    }

    #[test]
    fn a_click_is_not_speech() {
        assert_eq!(play("..v..vv..v."), []);
    }

    #[test]
    fn speech_starts_where_its_voice_began_and_stops_where_it_ended() {
        assert_eq!(play("..vvvv.........."), [('(', 4, 2), (')', 15, 6)]);
    }

    #[test]
    fn speech_that_lasts_is_told_once_and_the_wait_for_its_end_does_not_count() {
        let long = format!("{}..........", "v".repeat(40));
        assert_eq!(play(&long), [('(', 2, 0), ('!', 24, 25), (')', 49, 40)]);
        let short = format!("{}..........", "v".repeat(20));
        assert_eq!(play(&short), [('(', 2, 0), (')', 29, 20)]);
    }

    #[test]
    fn a_pause_between_words_does_not_stop_speech() {
        assert_eq!(
            play("vvv.........vvv.........."),
            [('(', 2, 0), (')', 24, 15)]
        );
    }

    /// Something like a vowel: a 125 Hz pulse train through two resonances.
    fn vowel(n_frames: usize, level: f32) -> Vec<Frame> {
        let mut state = [0.0f32; 4];
        let mut sample = |n: usize| {
            let pulse = if n.is_multiple_of(64) { 1.0 } else { 0.0 };
            let first = pulse + 1.61 * state[0] - 0.9 * state[1];
            (state[1], state[0]) = (state[0], first);
            let second = first + 0.55 * state[2] - 0.85 * state[3];
            (state[3], state[2]) = (state[2], second);
            (second * level) as i16
        };
        (0..n_frames)
            .map(|frame| std::array::from_fn(|n| sample(frame * FRAME_SAMPLES + n)))
            .collect()
    }

    /// White noise of a root mean square of about `level` * 0.58.
    fn noise(n_frames: usize, level: i32) -> Vec<Frame> {
        let mut seed = 1u32;
        let mut sample = move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let unit = (seed >> 16) as i32 - 32_768;
            (unit * level / 32_768) as i16
        };
        (0..n_frames)
            .map(|_| std::array::from_fn(|_| sample()))
            .collect()
    }

    fn is_start_or_end(change: &Change) -> bool {
        !matches!(change, Change::Lasts { .. })
    }

    fn n_changes(frames: &[Frame]) -> usize {
        let mut detector = Detector::new(&VadSettings::default());
        let mut now = beginning();
        let hear = |frame: &Frame| {
            now += FRAME;
            detector.frame(FrameKind::Audio, frame, now)
        };
        let changes = frames.iter().filter_map(hear);
        changes.filter(is_start_or_end).count()
    }

    #[test]
    fn a_vowel_between_silences_is_speech() {
        let silence = vec![[0; FRAME_SAMPLES]; 50];
        let story = [silence.clone(), vowel(25, 3000.0), silence].concat();
        assert_eq!(n_changes(&story), 2);
    }

    #[test]
    fn line_noise_is_not_speech_even_at_first() {
        assert_eq!(n_changes(&noise(100, 300)), 0);
    }

    #[test]
    fn speech_over_line_noise_is_speech() {
        let mut story = [noise(50, 200), vowel(25, 3000.0), noise(50, 200)].concat();
        assert_eq!(n_changes(&story), 2);
        story.drain(..50);
        assert_eq!(n_changes(&story), 2);
    }

    #[test]
    fn steady_noise_is_learned() {
        let learned = noise(500, 800);
        assert_eq!(n_changes(&learned) % 2, 0);
        let mut detector = Detector::new(&VadSettings::default());
        let now = beginning();
        for frame in &learned {
            detector.frame(FrameKind::Audio, frame, now);
        }
        let voiced = noise(100, 800)
            .iter()
            .filter(|frame| detector.is_voice(frame))
            .count();
        assert_eq!(voiced, 0);
    }

    #[test]
    fn a_far_voice_counts_only_where_it_may() {
        let pause = vec![[0; FRAME_SAMPLES]; 30];
        let story = [vowel(60, 6000.0), pause.clone(), vowel(60, 500.0), pause].concat();
        let n_changes = |far_field| {
            let mut detector = Detector::new(&VadSettings {
                far_field,
                ..VadSettings::default()
            });
            let mut now = beginning();
            let hear = |frame: &Frame| {
                now += FRAME;
                detector.frame(FrameKind::Audio, frame, now)
            };
            let changes = story.iter().filter_map(hear);
            changes.filter(is_start_or_end).count()
        };
        assert_eq!(FarField::ALL.map(n_changes), [4, 4, 2, 2]);
    }

    #[test]
    fn a_gap_stops_speech_like_silence() {
        let mut detector = Detector::new(&VadSettings::default());
        let mut now = beginning();
        for frame in vowel(25, 3000.0) {
            now += FRAME;
            detector.frame(FrameKind::Audio, &frame, now);
        }
        assert!(detector.is_speech());
        for _ in 0..10 {
            now += FRAME;
            detector.frame(FrameKind::Gap, &[0; FRAME_SAMPLES], now);
        }
        assert!(!detector.is_speech());
    }
}
