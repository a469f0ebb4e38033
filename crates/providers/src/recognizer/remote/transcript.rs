//! Words of an utterance that come in segments: final ones, and one that may still change.

use super::exchange::Words;

/// The longest text of an utterance that is kept, in bytes.
const TEXT_BYTES_MAX: usize = 16 * 1024;

/// What was understood so far.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    fixed: String,
    open: String,
    confidence: f32,
    n_fixed: f32,
}

impl Transcript {
    /// The open segment reads so now.
    pub fn open(&mut self, text: &str) {
        self.open = text.trim().to_owned();
        self.open
            .truncate(floor_boundary(&self.open, TEXT_BYTES_MAX));
    }

    /// More of the open segment.
    pub fn extend(&mut self, text: &str) {
        if self.open.len() + text.len() <= TEXT_BYTES_MAX {
            self.open.push_str(text);
        }
    }

    /// The open segment reads so, and will not change; a segment without words is none.
    pub fn fix(&mut self, text: &str, confidence: f32) {
        self.open.clear();
        if text.trim().is_empty() || self.fixed.len() + text.len() > TEXT_BYTES_MAX {
            return;
        }
        self.fixed = joined(&self.fixed, text.trim());
        self.n_fixed += 1.0;
        self.confidence += (confidence - self.confidence) / self.n_fixed;
    }

    /// The open segment is final as it reads now.
    pub fn fix_open(&mut self, confidence: f32) {
        let open = std::mem::take(&mut self.open);
        self.fix(&open, confidence);
    }

    /// Whether some words may still change.
    pub fn is_open(&self) -> bool {
        !self.open.trim().is_empty()
    }

    /// Everything, final or not.
    pub fn text(&self) -> String {
        joined(&self.fixed, self.open.trim())
    }

    /// Everything, for the answer.
    pub fn words(&self) -> Words {
        Words {
            text: self.text(),
            confidence: self.confidence,
        }
    }
}

/// Two texts, with a space between them where their script has spaces.
fn joined(text: &str, more: &str) -> String {
    let is_spaced = |c: char| c.is_ascii() || c.is_alphabetic() && !voice::reply::is_unspaced(c);
    match (text.chars().last(), more.chars().next()) {
        (Some(last), Some(first)) if is_spaced(last) && is_spaced(first) => {
            format!("{text} {more}")
        }
        _ => format!("{text}{more}"),
    }
}

fn floor_boundary(text: &str, max: usize) -> usize {
    let mut at = max.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_joined_as_their_script_does() {
        let mut english = Transcript::default();
        english.fix("I would like", 0.9);
        english.open("a roo");
        assert_eq!(english.text(), "I would like a roo");
        english.fix("a room.", 0.7);
        assert_eq!(english.words().text, "I would like a room.");
        assert!((english.words().confidence - 0.8).abs() < 1e-6);
        let mut chinese = Transcript::default();
        chinese.fix("你好，", 1.0);
        chinese.open("我想");
        chinese.extend("预约");
        assert_eq!(chinese.text(), "你好，我想预约");
    }
}
