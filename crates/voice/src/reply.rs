//! Which words of a reply the caller has heard.
//!
//! A [`Reply`] is a row of spans, each a line and the clip made of it. Of a span that was cut,
//! those words were heard whose share of the text fits into the share of the clip that left the
//! socket. Shares are counted in sound, not in samples, where it is known [where the clip
//! sounds](Span::sounding): pauses hold no words. Within one span the estimate is proportional, so
//! it is best a sentence. A speaker that knows when it says which words reports [`Mark`]s: between two
//! of them the estimate is proportional, and a word that ends at a mark is known exactly.
//!
//! # Invariants
//!
//! - Heard text is a prefix of what was said, and ends with a whole word.
//! - Heard and unsaid text together hold every word of the reply.

use crate::line::Line;

/// Numbers the lines spoken in one conversation, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanId(pub u32);

/// A reply, parted at the last word that left the socket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeardText {
    /// What was played in full words: the only part that enters history.
    pub heard: String,
    /// What was decided and never played.
    pub unsaid: String,
}

/// The samples of a span, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clip {
    /// Samples made so far.
    pub samples: u64,
    /// Whether no more will come.
    pub complete: bool,
}

/// What is said by a sample of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Samples of the clip until then.
    pub samples: u64,
    /// Bytes of the line's text said by then.
    pub text_end: usize,
}

/// The most marks that are kept of a span.
pub(crate) const MARKS_MAX: usize = 10_000;

/// One line of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its number.
    pub id: SpanId,
    /// What it says.
    pub line: Line,
    /// Whether the caller may cut it.
    pub interruptible: bool,
    /// What was made of it.
    pub clip: Clip,
    /// For each 20 ms of the clip, whether it sounds; empty if that is not known.
    pub sounding: Vec<bool>,
    /// Which words it says when, in order; empty if that is not known.
    pub marks: Vec<Mark>,
    /// How much of it was played.
    pub played: Played,
}

/// How much of a span was played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// Nothing.
    Not,
    /// So many samples, then it was cut.
    Until(u64),
    /// To its end.
    Whole,
}

/// A reply as it is spoken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    spans: Vec<Span>,
}

impl Reply {
    /// Adds a line at the end.
    pub fn push(&mut self, span: Span) {
        self.spans.push(span);
    }

    /// The span `id`, if it belongs to this reply.
    pub fn span(&self, id: SpanId) -> Option<&Span> {
        self.spans.iter().find(|span| span.id == id)
    }

    /// As [`Reply::span`], to be changed.
    pub fn span_mut(&mut self, id: SpanId) -> Option<&mut Span> {
        self.spans.iter_mut().find(|span| span.id == id)
    }

    /// Forgets a span that cannot be spoken.
    pub fn remove(&mut self, id: SpanId) -> Option<Span> {
        let at = self.spans.iter().position(|span| span.id == id)?;
        Some(self.spans.remove(at))
    }

    /// Parts a span that was cut: it keeps what was heard, and a new span `rest`, right behind
    /// it, holds what is still to be said. `None` if that is nothing. A sound starts again.
    pub fn part(&mut self, id: SpanId, rest: SpanId, rate_hz: u32) -> Option<Span> {
        let at = self.spans.iter().position(|span| span.id == id)?;
        let span = &mut self.spans[at];
        let line = match &span.line {
            Line::Sound(id) => Line::Sound(id.clone()),
            Line::Text(text) => {
                let HeardText { heard, unsaid } = heard_of(text, span, rate_hz);
                span.line = Line::Text(heard);
                Line::Text(unsaid)
            }
        };
        if matches!(span.line, Line::Text(_)) {
            span.played = Played::Whole;
        }
        if line.is_empty() {
            return None;
        }
        let rest = Span {
            id: rest,
            line,
            interruptible: span.interruptible,
            clip: Clip::default(),
            sounding: Vec::new(),
            marks: Vec::new(),
            played: Played::Not,
        };
        self.spans.insert(at + 1, rest.clone());
        Some(rest)
    }

    /// The reply parted at what was played of each span; `rate_hz` is that of the samples.
    pub fn heard(&self, rate_hz: u32) -> HeardText {
        let mut whole = HeardText::default();
        for span in &self.spans {
            if let Line::Text(text) = &span.line {
                let parted = heard_of(text, span, rate_hz);
                append(&mut whole.heard, &parted.heard);
                append(&mut whole.unsaid, &parted.unsaid);
            }
        }
        whole
    }

    /// The reply parted after `samples_sent` samples from its beginning.
    pub fn cut_at(&self, samples_sent: u64, rate_hz: u32) -> HeardText {
        let mut left = samples_sent;
        let mut parted = self.clone();
        for span in &mut parted.spans {
            let is_whole = span.clip.complete && left >= span.clip.samples;
            span.played = if is_whole {
                Played::Whole
            } else {
                Played::Until(left)
            };
            left = left.saturating_sub(span.clip.samples);
        }
        parted.heard(rate_hz)
    }

    /// Whether the caller could cut everything that was played.
    pub fn was_interruptible(&self) -> bool {
        let mut played = self.spans.iter().filter(|span| span.played != Played::Not);
        played.all(|span| span.interruptible)
    }

    /// The ids of the sounds of which something was played; one that was started again after a
    /// pause counts once.
    pub fn sounds_played(&self) -> Vec<String> {
        let mut sounds = Vec::new();
        for span in self.spans.iter().filter(|span| span.played != Played::Not) {
            match &span.line {
                Line::Sound(id) if sounds.last() != Some(id) => sounds.push(id.clone()),
                Line::Sound(_) | Line::Text(_) => {}
            }
        }
        sounds
    }
}

fn heard_of(text: &str, span: &Span, rate_hz: u32) -> HeardText {
    let begin = text.len() - text.trim_start().len();
    let text = text.trim();
    match span.played {
        Played::Not => HeardText {
            heard: String::new(),
            unsaid: text.to_owned(),
        },
        Played::Whole => HeardText {
            heard: text.to_owned(),
            unsaid: String::new(),
        },
        Played::Until(samples) if span.marks.is_empty() => {
            proportional(text, samples, span, rate_hz)
        }
        Played::Until(samples) => {
            let (from, to) = around(span, samples, begin, text);
            let middle = to.and_then(|to| Some((to, text.get(from.text_end..to.text_end)?)));
            let Some((to, middle)) = middle else {
                return whole_words(text, from.text_end);
            };
            let (sent, total) = (samples - from.samples, to.samples - from.samples);
            let more = part_by(middle, sent, total, MARK).heard;
            let skipped = middle.len() - middle.trim_start().len();
            let said = from.text_end
                + if more.is_empty() {
                    0
                } else {
                    skipped + more.len()
                };
            whole_words(text, said)
        }
    }
}

/// The marks around a sample, their texts counted from the first word. Before the first mark lies
/// the beginning, behind the last one the clip's end, once that is known.
fn around(span: &Span, samples: u64, begin: usize, text: &str) -> (Mark, Option<Mark>) {
    let mut from = Mark {
        samples: 0,
        text_end: 0,
    };
    for mark in &span.marks {
        let text_end = mark.text_end.saturating_sub(begin).min(text.len());
        let mark = Mark { text_end, ..*mark };
        if mark.samples > samples {
            return (from, Some(mark));
        }
        if mark.text_end >= from.text_end {
            from = mark;
        }
    }
    let end = Mark {
        samples: span.clip.samples,
        text_end: text.len(),
    };
    let is_known = span.clip.complete && end.samples > samples;
    (from, is_known.then_some(end))
}

/// `text` parted after the last word that ends within its first `said` bytes.
fn whole_words(text: &str, said: usize) -> HeardText {
    let end = word_ends(text).take_while(|end| *end <= said).last();
    let end = end.unwrap_or(0);
    HeardText {
        heard: text[..end].to_owned(),
        unsaid: text[end..].trim_start().to_owned(),
    }
}

fn proportional(text: &str, samples: u64, span: &Span, rate_hz: u32) -> HeardText {
    let (clip, sounding) = (span.clip, &span.sounding[..]);
    let (sent, made) = match sound_in(sounding, clip.samples, rate_hz) {
        Some(made) => (
            sound_in(sounding, samples, rate_hz).unwrap_or_default(),
            made,
        ),
        None => (samples, clip.samples),
    };
    let total = if clip.complete {
        made
    } else {
        made.max(usual_samples(text, rate_hz))
    };
    // Where pauses are not counted, marks take no time.
    let mark = if sounding.contains(&true) { 0 } else { MARK };
    part_by(text, sent, total, mark)
}

/// How many of the first `samples` sound; `None` if that is not known, or none do.
fn sound_in(sounding: &[bool], samples: u64, rate_hz: u32) -> Option<u64> {
    let frame = u64::from(rate_hz / 50).max(1);
    // What fills no frame yet may be missing.
    let n_known = (sounding.len() as u64 + 1) * frame;
    let is_known = n_known > samples && sounding.contains(&true);
    is_known.then(|| {
        let starts = (0..samples).step_by(frame as usize).zip(sounding);
        starts
            .filter(|(_, sounds)| **sounds)
            .map(|(start, _)| frame.min(samples - start))
            .sum()
    })
}

/// Parts `text` after the last word that `samples_sent` of its `samples_total` hold in full.
pub fn part_text(text: &str, samples_sent: u64, samples_total: u64) -> HeardText {
    part_by(text, samples_sent, samples_total, MARK)
}

fn part_by(text: &str, samples_sent: u64, samples_total: u64, mark: u64) -> HeardText {
    let text = text.trim();
    let weight_total = weight(text, mark);
    // Products of two u64 need u128.
    let fits = |weight: u64| {
        u128::from(weight) * u128::from(samples_total)
            <= u128::from(samples_sent) * u128::from(weight_total)
    };
    let (mut weight_sent, mut end) = (0, 0);
    for word_end in word_ends(text) {
        weight_sent += weight(&text[end..word_end], mark);
        if samples_sent == 0 || !fits(weight_sent) {
            break;
        }
        end = word_end;
    }
    HeardText {
        heard: text[..end].to_owned(),
        unsaid: text[end..].trim_start().to_owned(),
    }
}

/// Where the words of `text` end. Chinese, Japanese kana and Thai have no spaces: every character
/// is a word there. Punctuation belongs to the word before it.
fn word_ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (at, now) = chars.next()?;
            let end = at + now.len_utf8();
            let ends = match chars.peek() {
                None => true,
                Some(&(_, next)) if now.is_whitespace() || is_mark(next) => next.is_whitespace(),
                Some(&(_, next)) => next.is_whitespace() || is_unspaced(now) || is_unspaced(next),
            };
            if ends && !now.is_whitespace() {
                return Some(end);
            }
        }
    })
}

/// The pause at a comma, in the units of [`weight`].
pub(crate) const MARK: u64 = 2;

/// How long a text takes to say, in units of one Latin letter (about 1/14 s). A Chinese syllable
/// takes three times as long, a digit is a word of its own, a comma is a pause.
pub(crate) fn weight(text: &str, mark: u64) -> u64 {
    let weight = |c: char| match c {
        c if c.is_whitespace() => 0,
        '0'..='9' => 4,
        c if is_unspaced(c) => 3,
        c if is_mark(c) => mark,
        _ => 1,
    };
    text.chars().map(weight).sum()
}

/// The usual length of a text of which not all samples are known yet.
fn usual_samples(text: &str, rate_hz: u32) -> u64 {
    weight(text, MARK) * u64::from(rate_hz) / 14
}

/// Whether a script without spaces between words has this character.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0E7F}'     // Thai
        | '\u{3040}'..='\u{30FF}'   // kana
        | '\u{3400}'..='\u{4DBF}'   // Han, extension A
        | '\u{4E00}'..='\u{9FFF}'   // Han
        | '\u{F900}'..='\u{FAFF}'   // Han, compatibility
        | '\u{20000}'..='\u{3FFFF}' // Han, further extensions
    )
}

fn is_mark(c: char) -> bool {
    matches!(c,
        '!'..='/' | ':'..='@' | '['..='`' | '{'..='~'
        | '\u{2010}'..='\u{2027}' // dashes, quotation marks, ellipsis
        | '\u{3001}'..='\u{3011}' // Chinese and Japanese marks
        | '\u{FF01}'..='\u{FF0F}' // full-width forms
        | '\u{FF1A}'..='\u{FF1F}'
    )
}

/// Joins two texts, with a space where their script has spaces.
fn append(text: &mut String, more: &str) {
    let (Some(last), Some(_)) = (text.chars().last(), more.chars().next()) else {
        text.push_str(more);
        return;
    };
    let is_wide_mark = is_mark(last) && !last.is_ascii();
    if !is_unspaced(last) && !is_wide_mark {
        text.push(' ');
    }
    text.push_str(more);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE_HZ: u32 = 8000;

    #[test]
    fn half_the_samples_are_half_the_words() {
        assert_eq!(
            parted("aaaa bbbb cccc dddd", 50),
            ("aaaa bbbb", "cccc dddd")
        );
    }

    #[test]
    fn a_word_cut_in_its_middle_was_not_heard() {
        assert_eq!(
            parted("aaaa bbbb cccc dddd", 49),
            ("aaaa", "bbbb cccc dddd")
        );
    }

    #[test]
    fn nothing_sent_is_nothing_heard_and_all_sent_is_all_heard() {
        assert_eq!(parted("Good morning.", 0), ("", "Good morning."));
        assert_eq!(parted("Good morning.", 100), ("Good morning.", ""));
    }

    #[test]
    fn every_chinese_character_is_a_word_and_keeps_its_punctuation() {
        assert_eq!(parted("你好，请问", 60), ("你好，", "请问"));
        assert_eq!(parted("你好，请问", 43), ("你", "好，请问"));
    }

    #[test]
    fn a_cut_in_the_second_span_keeps_the_first() {
        let mut reply = Reply::default();
        reply.push(span(1, "Hello there.", 8000));
        reply.push(span(2, "One two.", 8000));

        let parted = reply.cut_at(12_500, RATE_HZ);

        assert_eq!(parted.heard, "Hello there. One");
        assert_eq!(parted.unsaid, "two.");
    }

    #[test]
    fn a_clip_still_being_made_is_taken_to_be_of_usual_length() {
        let mut reply = Reply::default();
        let mut long = span(1, "aaaaaaaaaaaaaa bbbbbbbbbbbbbb", 8000);
        long.clip.complete = false;
        reply.push(long);

        assert_eq!(reply.cut_at(8000, RATE_HZ).heard, "aaaaaaaaaaaaaa");
    }

    #[test]
    fn a_parted_span_goes_on_with_the_rest() {
        let mut reply = Reply::default();
        reply.push(span(1, "aaaa bbbb", 8000));
        reply.span_mut(SpanId(1)).unwrap().played = Played::Until(5000);

        let rest = reply.part(SpanId(1), SpanId(2), RATE_HZ).unwrap();

        assert_eq!(rest.line, Line::Text("bbbb".to_owned()));
        let whole = HeardText {
            heard: "aaaa".to_owned(),
            unsaid: "bbbb".to_owned(),
        };
        assert_eq!(reply.heard(RATE_HZ), whole);
    }

    #[test]
    fn words_whose_times_are_known_are_cut_there() {
        let mut reply = Reply::default();
        let mut timed = span(1, "one two three four", 8000);
        let mark = |samples, text_end| Mark { samples, text_end };
        timed.marks = vec![mark(800, 3), mark(6000, 7), mark(7000, 13), mark(8000, 18)];
        reply.push(timed);
        assert_eq!(reply.cut_at(5999, RATE_HZ).heard, "one");
        assert_eq!(reply.cut_at(6000, RATE_HZ).heard, "one two");
        assert_eq!(reply.cut_at(7500, RATE_HZ).unsaid, "four");
    }

    #[test]
    fn between_marks_of_sentences_words_are_estimated() {
        let mut reply = Reply::default();
        let mut timed = span(1, "你好。请问您在吗？", 8000);
        let mark = |samples, text_end| Mark { samples, text_end };
        timed.marks = vec![mark(2000, 9), mark(8000, 27)];
        reply.push(timed);
        assert_eq!(reply.cut_at(1999, RATE_HZ).heard, "你");
        assert_eq!(reply.cut_at(2000, RATE_HZ).heard, "你好。");
        assert_eq!(reply.cut_at(5000, RATE_HZ).heard, "你好。请问");
    }

    #[test]
    fn pauses_hold_no_words() {
        let mut reply = Reply::default();
        let mut paused = span(1, "aaaa bbbb", 8000);
        // Half a second of silence, then half a second of words.
        paused.sounding = (0..50).map(|frame| frame >= 25).collect();
        reply.push(paused);

        assert_eq!(reply.cut_at(4000, RATE_HZ).heard, "");
        assert_eq!(reply.cut_at(6000, RATE_HZ).heard, "aaaa");
    }

    proptest! {
        #[test]
        fn heard_is_a_prefix_and_no_word_is_lost(text in "\\PC{0,60}", sent in 0..=1000u64) {
            let HeardText { heard, unsaid } = part_text(&text, sent, 1000);

            prop_assert!(text.trim().starts_with(&heard));
            prop_assert_eq!(squeezed(&(heard + &unsaid)), squeezed(&text));
        }

        #[test]
        fn more_samples_never_hold_fewer_words(text in "\\PC{0,60}", sent in 0..1000u64) {
            let less = part_text(&text, sent, 1000).heard;
            let more = part_text(&text, sent + 1, 1000).heard;

            prop_assert!(more.starts_with(&less));
        }
    }

    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect()
    }

    fn parted(text: &'static str, sent: u64) -> (&'static str, &'static str) {
        let HeardText { heard, unsaid } = part_text(text, sent, 100);
        (&text[..heard.len()], &text[text.len() - unsaid.len()..])
    }

    fn span(id: u32, text: &str, samples: u64) -> Span {
        Span {
            id: SpanId(id),
            line: Line::Text(text.to_owned()),
            interruptible: true,
            clip: Clip {
                samples,
                complete: true,
            },
            sounding: Vec::new(),
            marks: Vec::new(),
            played: Played::Not,
        }
    }
}
