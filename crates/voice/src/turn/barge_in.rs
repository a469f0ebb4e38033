//! What counts as talking over the agent and meaning it.

use std::time::Duration;

use super::Manners;
use crate::wording;

/// What cuts an interruptible reply. Keys do in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BargeIn {
    /// Speech of [`Manners::barge_in_min`], unless its words so far are a backchannel.
    #[default]
    Speech,
    /// So many words that are no backchannel, however short they are; speech without any result
    /// of the recognizer cuts after [`WORDLESS_MAX`].
    Words(u32),
    /// Whichever of the two comes first.
    SpeechOrWords(u32),
    /// Nothing that is said.
    Never,
}

/// Speech this long cuts the agent although the recognizer says nothing: an agent that talks on
/// over a shouting caller is worse than one that stops for a radio, and a false stop is undone.
pub const WORDLESS_MAX: Duration = Duration::from_secs(3);

/// Longer than this, listening sounds are no longer that.
pub(super) const BACKCHANNEL_GRACE: Duration = Duration::from_secs(1);

/// How long speech with these (folded) words so far must last to cut the reply; `None`: it never
/// does.
pub(super) fn speech_min(manners: &Manners, words: &str, expected: &[String]) -> Option<Duration> {
    let min = match manners.barge_in {
        BargeIn::Speech | BargeIn::SpeechOrWords(_) => manners.barge_in_min,
        BargeIn::Words(_) => WORDLESS_MAX.max(manners.barge_in_min),
        BargeIn::Never => return None,
    };
    let is_backchannel = wording::is_backchannel(words, expected);
    Some(if is_backchannel {
        min + BACKCHANNEL_GRACE
    } else {
        min
    })
}

/// Whether these (folded) words cut the reply by themselves.
pub(super) fn words_cut(manners: &Manners, words: &str, expected: &[String]) -> bool {
    let min = match manners.barge_in {
        BargeIn::Words(min) | BargeIn::SpeechOrWords(min) => min.max(1),
        BargeIn::Speech | BargeIn::Never => return false,
    };
    wording::n_words(words) >= min as usize && !wording::is_backchannel(words, expected)
}
