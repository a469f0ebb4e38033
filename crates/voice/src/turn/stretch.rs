//! The stretches of caller speech of which a turn is made.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::Output;

/// Ended stretches without words that are remembered, so that words that come late reach the
/// journal. Older ones are forgotten.
const DROPPED_MAX: usize = 16;

/// One stretch of caller speech between two silences.
#[derive(Clone, Debug)]
struct Stretch {
    from: Instant,
    /// `None` while the caller speaks.
    to: Option<Instant>,
    /// `None` until the recognizer is done with it.
    text: Option<String>,
    /// The recognizer's words so far, which may change. Never in a turn.
    partial: String,
    /// The recognizer takes the caller for finished after these words.
    finished: bool,
    /// A turn with it was reported.
    asked: bool,
    /// Its words are in the journal.
    noted: bool,
}

/// The stretches of the current turn, and those that were dropped from it.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    /// Stretches so far; the number of the newest.
    n_started: u32,
    turn: BTreeMap<u32, Stretch>,
    dropped: BTreeMap<u32, Stretch>,
}

impl Stretches {
    pub(super) fn n_started(&self) -> u32 {
        self.n_started
    }

    pub(super) fn start(&mut self, from: Instant) {
        self.n_started += 1;
        let stretch = Stretch {
            from,
            to: None,
            text: None,
            partial: String::new(),
            finished: false,
            asked: false,
            noted: false,
        };
        self.turn.insert(self.n_started, stretch);
    }

    /// Ends the stretch in which the caller is speaking; returns its last voiced frame.
    pub(super) fn stop(&mut self, last_voice: Instant, now: Instant) -> Option<Instant> {
        let open = self.turn.values_mut().chain(self.dropped.values_mut());
        let stretch = open.filter(|stretch| stretch.to.is_none()).last()?;
        let to = last_voice.min(now).max(stretch.from);
        stretch.to = Some(to);
        Some(to)
    }

    pub(super) fn is_speaking(&self) -> bool {
        self.speaking_since().is_some()
    }

    /// The start of the stretch in which the caller is speaking.
    pub(super) fn speaking_since(&self) -> Option<Instant> {
        let newest = self.turn.get(&self.n_started)?;
        newest.to.is_none().then_some(newest.from)
    }

    /// Takes words that may change.
    pub(super) fn partial(&mut self, utterance: u32, text: String) {
        if let Some(stretch) = self.turn.get_mut(&utterance) {
            stretch.finished &= stretch.partial == text;
            stretch.partial = text;
        }
    }

    /// Takes the recognizer's word that the caller has finished with this stretch.
    pub(super) fn finished(&mut self, utterance: u32) {
        if let Some(stretch) = self.turn.get_mut(&utterance) {
            stretch.finished = true;
        }
    }

    /// Whether the recognizer takes the caller for finished with the newest stretch.
    pub(super) fn is_finished(&self) -> bool {
        self.turn
            .get(&self.n_started)
            .is_some_and(|stretch| stretch.finished)
    }

    /// The start of the newest stretch, if it belongs to the turn.
    pub(super) fn newest_from(&self) -> Option<Instant> {
        self.turn.get(&self.n_started).map(|stretch| stretch.from)
    }

    /// The words so far of the newest stretch.
    pub(super) fn newest_words(&self) -> &str {
        self.turn
            .get(&self.n_started)
            .map_or("", |stretch| stretch.words())
    }

    /// The words so far of the whole turn, as far as they are known.
    pub(super) fn words(&self) -> String {
        let words = self.turn.values().map(Stretch::words);
        words
            .filter(|words| !words.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The final words that no reported turn has held.
    pub(super) fn new_words(&self) -> String {
        let new = self.turn.values().filter(|stretch| !stretch.asked);
        let texts = new.filter_map(|stretch| stretch.text.as_deref());
        texts
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Takes the recognizer's result for one stretch; those before it have no words of their own.
    /// Returns whether words were added to the turn.
    pub(super) fn recognized(&mut self, utterance: u32, text: &str) -> bool {
        let text = text.trim();
        let mut has_news = false;
        for (stretches, is_turn) in [(&mut self.turn, true), (&mut self.dropped, false)] {
            for (&number, stretch) in stretches.range_mut(..=utterance) {
                if number == utterance && stretch.text.as_deref().unwrap_or_default().is_empty() {
                    stretch.text = Some(text.to_owned());
                    has_news |= is_turn && !text.is_empty();
                } else if stretch.to.is_some() {
                    stretch.text.get_or_insert_default();
                }
            }
        }
        has_news
    }

    /// Whether an ended stretch of the turn waits for its words.
    pub(super) fn await_words(&self) -> bool {
        let mut stretches = self.turn.values();
        stretches.any(|stretch| stretch.to.is_some() && stretch.text.is_none() && !stretch.asked)
    }

    pub(super) fn turn_began(&self) -> Option<Instant> {
        self.turn.values().map(|stretch| stretch.from).next()
    }

    pub(super) fn last_voice(&self) -> Option<Instant> {
        self.turn.values().filter_map(|stretch| stretch.to).max()
    }

    /// Whether the turn holds words that no reported turn has held.
    pub(super) fn has_new_words(&self) -> bool {
        let mut stretches = self.turn.values().filter(|stretch| !stretch.asked);
        stretches.any(|stretch| stretch.text.as_ref().is_some_and(|text| !text.is_empty()))
    }

    /// The time spoken in stretches that no reported turn has held.
    pub(super) fn new_speech(&self, now: Instant) -> Duration {
        let new = self.turn.values().filter(|stretch| !stretch.asked);
        new.map(|stretch| stretch.to.unwrap_or(now).duration_since(stretch.from))
            .sum()
    }

    /// All words of the turn, which counts as reported from now on.
    pub(super) fn report(&mut self) -> String {
        for stretch in self.turn.values_mut() {
            stretch.asked = true;
        }
        self.text()
    }

    /// All final words of the turn.
    pub(super) fn text(&self) -> String {
        let texts = self
            .turn
            .values()
            .filter_map(|stretch| stretch.text.as_deref());
        texts
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Takes the stretches for which `done` out of the turn.
    fn drop_where(&mut self, done: impl Fn(&Stretch) -> bool) {
        let (gone, kept) = std::mem::take(&mut self.turn)
            .into_iter()
            .partition(|(_, stretch)| done(stretch));
        self.turn = kept;
        self.dropped.extend(gone);
    }

    /// Everything said so far has been dealt with.
    pub(super) fn drop_all(&mut self) {
        self.drop_where(|_| true);
    }

    /// A reply to what was reported is heard.
    pub(super) fn drop_asked(&mut self) {
        self.drop_where(|stretch| stretch.asked);
    }

    /// What ended before `instant` was a backchannel.
    pub(super) fn drop_ended_before(&mut self, instant: Instant) {
        self.drop_where(|stretch| stretch.to.is_some_and(|to| to < instant));
    }

    /// Speech that was neither words nor long enough to ask about; words may still come.
    pub(super) fn drop_noise(&mut self) {
        self.drop_where(|stretch| stretch.to.is_some() && stretch.text.is_some());
    }

    /// The words that may now go to the journal. Those of the turn wait while `agent_speaks`,
    /// because they may turn out to be a backchannel.
    pub(super) fn note(&mut self, agent_speaks: bool) -> Vec<Output> {
        let mut notes = Vec::new();
        for stretch in self.dropped.values_mut() {
            notes.extend(stretch.note(true));
        }
        if !agent_speaks {
            notes.extend(
                self.turn
                    .values_mut()
                    .filter_map(|stretch| stretch.note(false)),
            );
        }
        self.dropped
            .retain(|_, stretch| stretch.to.is_none() || stretch.text.is_none());
        while self.dropped.len() > DROPPED_MAX {
            self.dropped.pop_first();
        }
        notes
    }
}

impl Stretch {
    /// Its words, final or not.
    fn words(&self) -> &str {
        self.text.as_deref().unwrap_or(&self.partial)
    }

    fn note(&mut self, backchannel: bool) -> Option<Output> {
        let text = self.text.clone().filter(|text| !text.is_empty())?;
        let to = self.to?;
        (!std::mem::replace(&mut self.noted, true)).then_some(Output::Said {
            text,
            from: self.from,
            to,
            backchannel,
        })
    }
}
