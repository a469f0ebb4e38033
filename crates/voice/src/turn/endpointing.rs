//! How long to wait for the caller to go on.
//!
//! Three things decide the silence that ends a turn: a fixed delay or one that follows this
//! caller's own pauses ([`Pauses`]); the words so far, where the recognizer has them in time; and
//! whether a number is being dictated, which people do in groups with long pauses between them.

use std::time::Duration;

use super::Manners;
use crate::wording::{self, Ending};

/// How the delay comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Endpointing {
    /// Always [`Manners::endpointing_delay`].
    #[default]
    Fixed,
    /// That delay at first, then what this caller's pauses ask for.
    Adaptive,
}

/// What the words so far do to the delay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hints {
    /// Nothing.
    Off,
    /// Words after which more comes ("and", "the", "然后") double it.
    #[default]
    Longer,
    /// Those, and a mark that ends a sentence halves it: for recognizers that place marks by
    /// meaning. Whisper and its like put one at every end.
    Both,
    /// Words after which more comes double it, and the recognizer's own word that the caller has
    /// finished makes it the shortest one: for recognizers that judge by meaning.
    Recognizer,
}

/// A number that the caller is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dictation {
    /// How many digits it has, if that is known: the last one ends the turn as usual.
    pub n_digits: Option<u32>,
}

/// Longest pause that is one: whoever is silent for longer has finished (or left).
const PAUSE_MAX: Duration = Duration::from_secs(3);

/// Digits at the end of the words after which a number is being dictated, asked for or not. Fewer
/// are answers to menus.
const DIGITS_MIN: usize = 3;

/// What is known of one caller's pauses within turns.
///
/// A running mean and a running deviation, as TCP estimates its round trips (RFC 6298 section 2):
/// the delay is their sum, so that it follows a caller who pauses evenly closely, and keeps its
/// distance from one who does not. Gains are larger than there, because a call has ten pauses and
/// not ten thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Pauses {
    /// Mean and mean deviation, in seconds.
    learned: Option<(f32, f32)>,
}

impl Pauses {
    /// Takes a pause after which the caller went on. One that is too long is none.
    pub(super) fn learn(&mut self, pause: Duration) {
        if pause > PAUSE_MAX {
            return;
        }
        let pause = pause.as_secs_f32();
        self.learned = Some(match self.learned {
            None => (pause, pause / 2.0),
            Some((mean, deviation)) => {
                let off = (pause - mean).abs();
                (
                    mean + (pause - mean) * 0.25,
                    deviation + (off - deviation) * 0.25,
                )
            }
        });
    }

    /// The silence that this caller's pauses hardly ever reach; `None` before the first pause.
    fn delay(&self) -> Option<Duration> {
        let (mean, deviation) = self.learned?;
        Some(Duration::from_secs_f32(mean + 3.0 * deviation))
    }
}

/// The silence that ends a turn of these words, none if they are not known yet; `is_finished` by
/// the word of the recognizer.
pub(super) fn delay(
    manners: &Manners,
    pauses: &Pauses,
    dictation: Option<Dictation>,
    words: &str,
    is_finished: bool,
) -> Duration {
    let (min, max) = Manners::ENDPOINTING_DELAY;
    let usual = match manners.endpointing {
        Endpointing::Fixed => manners.endpointing_delay,
        Endpointing::Adaptive => pauses
            .delay()
            .unwrap_or(manners.endpointing_delay)
            .clamp(min, max),
    };
    let n_digits = wording::n_digits_at_end(&wording::fold(words));
    let is_whole = |n: u32| n_digits >= n as usize;
    match dictation {
        Some(Dictation { n_digits: Some(n) }) if is_whole(n) => return usual,
        Some(_) => return usual.max(manners.dictation_delay),
        None if n_digits >= DIGITS_MIN => return usual.max(manners.dictation_delay),
        None => {}
    }
    if is_finished && manners.hints == Hints::Recognizer {
        return min.min(usual);
    }
    match (manners.hints, wording::ending(words)) {
        (Hints::Longer | Hints::Both | Hints::Recognizer, Ending::GoingOn) => {
            (usual * 2).min(max).max(usual)
        }
        (Hints::Both, Ending::Finished) => (usual / 2).max(min),
        (
            Hints::Off | Hints::Longer | Hints::Both | Hints::Recognizer,
            Ending::Finished | Ending::Open,
        )
        | (Hints::Off, Ending::GoingOn) => usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_pauses_are_followed_closely_and_uneven_ones_from_a_distance() {
        let even = after(&[300; 12]);
        let uneven = after(&[200, 700, 250, 900, 300, 800, 200, 700, 250, 900, 300, 800]);

        assert!((300..420).contains(&even), "{even}");
        assert!((900..=2000).contains(&uneven), "{uneven}");
    }

    #[test]
    fn nothing_learned_is_the_fixed_delay_and_an_absence_teaches_nothing() {
        assert_eq!(after(&[]), 700);
        assert_eq!(after(&[9000]), 700);
    }

    #[test]
    fn a_number_is_not_cut_between_its_groups() {
        assert_eq!(ms("my number is one three eight", None), 1500);
        assert_eq!(ms("", Some(Dictation::default())), 1500);
        assert_eq!(ms("12 34", Some(Dictation { n_digits: Some(4) })), 700);
        assert_eq!(ms("two", None), 700, "a menu");
    }

    #[test]
    fn words_make_the_silence_shorter_or_longer() {
        assert_eq!(ms("That is all.", None), 350);
        assert_eq!(ms("I would like to", None), 1400);
        assert_eq!(ms("hello", None), 700);
    }

    #[test]
    fn the_recognizers_word_makes_it_the_shortest_where_it_counts() {
        let of = |hints, is_finished| {
            let manners = Manners {
                hints,
                ..Manners::default()
            };
            delay(&manners, &Pauses::default(), None, "book it", is_finished).as_millis()
        };
        assert_eq!(of(Hints::Recognizer, true), 240);
        assert_eq!(of(Hints::Recognizer, false), 700);
        assert_eq!(of(Hints::Longer, true), 700);
    }

    fn ms(words: &str, dictation: Option<Dictation>) -> u128 {
        let manners = Manners {
            hints: Hints::Both,
            ..Manners::default()
        };
        delay(&manners, &Pauses::default(), dictation, words, false).as_millis()
    }

    fn after(pauses_ms: &[u64]) -> u128 {
        let manners = Manners {
            endpointing: Endpointing::Adaptive,
            ..Manners::default()
        };
        let mut pauses = Pauses::default();
        for ms in pauses_ms {
            pauses.learn(Duration::from_millis(*ms));
        }
        delay(&manners, &pauses, None, "", false).as_millis()
    }
}
