//! Text that comes in pieces, cut where a voice may begin to speak, without what nobody can hear.
//!
//! A language model writes for eyes: markdown, emoji, its own reasoning. [`Sentences`] takes its
//! pieces as they come and gives back whole sentences for the speaker; the first one may be a clause,
//! because the caller waits for it. Marks such as `[[hangup]]`, by which text-only robots say what to
//! do, come back apart from the words.
//!
//! # Invariants
//!
//! - A word is never cut, and every word that can be spoken comes out once, in order.
//! - However a text is parted into pieces, the same words come out of it.
//! - No more than [`PIECE_WEIGHT_MAX`] of text waits for the end of its sentence.

mod clean;
mod hidden;

use hidden::{Hidden, Piece};

use crate::reply::{MARK, is_unspaced, weight};

pub use clean::speakable;

/// The shortest clause that the first piece may be, in units of one Latin letter: about 1.7 s of
/// speech, time enough to make the next one.
const FIRST_CLAUSE_WEIGHT: u64 = 24;

/// The longest piece, in units of one Latin letter: about 17 s of speech.
pub const PIECE_WEIGHT_MAX: u64 = 240;

/// One thing in a text, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Words for the speaker: a sentence, or a clause where the caller waits.
    Words(String),
    /// What stands between `[[` and `]]`.
    Mark(String),
}

/// A text as it comes.
#[derive(Clone, Debug, Default)]
pub struct Sentences {
    hidden: Hidden,
    /// What can be spoken and has no end yet, as it was written.
    rest: String,
    has_begun: bool,
}

impl Sentences {
    /// Takes the next piece.
    pub fn push(&mut self, piece: &str) -> Vec<Told> {
        let mut told = Vec::new();
        for piece in self.hidden.push(piece) {
            self.take(piece, &mut told);
        }
        told
    }

    /// There is no next piece: what waited for its end is given back.
    pub fn end(&mut self) -> Vec<Told> {
        let mut told = Vec::new();
        for piece in self.hidden.end() {
            self.take(piece, &mut told);
        }
        self.flush(&mut told);
        told
    }

    fn take(&mut self, piece: Piece, told: &mut Vec<Told>) {
        match piece {
            Piece::Text(text) => {
                self.rest.push_str(&text);
                while let Some(end) = self.next_end() {
                    let rest = self.rest.split_off(end);
                    let whole = std::mem::replace(&mut self.rest, rest);
                    self.tell(&whole, told);
                }
            }
            Piece::Mark(mark) => {
                self.flush(told);
                told.push(Told::Mark(mark.trim().to_owned()));
            }
        }
    }

    fn flush(&mut self, told: &mut Vec<Told>) {
        let whole = std::mem::take(&mut self.rest);
        self.tell(&whole, told);
    }

    fn tell(&mut self, written: &str, told: &mut Vec<Told>) {
        let words = speakable(written);
        if words.chars().any(char::is_alphanumeric) {
            self.has_begun = true;
            told.push(Told::Words(words));
        }
    }

    /// Where the next piece for the speaker ends, in bytes.
    fn next_end(&self) -> Option<usize> {
        let fits = &self.rest[..longest(&self.rest)];
        if let Some(end) = sentence_end(&self.rest).filter(|end| *end <= fits.len()) {
            return Some(end);
        }
        if !self.has_begun {
            let is_long = |end: &usize| weight(&fits[..*end], MARK) >= FIRST_CLAUSE_WEIGHT;
            if let Some(end) = clause_ends(fits).find(is_long) {
                return Some(end);
            }
        }
        if fits.len() == self.rest.len() {
            return None;
        }
        clause_ends(fits).last().or_else(|| word_end(fits))
    }
}

/// A text for eyes as it comes: its words at once and as they were written, without reasoning.
#[derive(Clone, Debug)]
pub struct Written {
    hidden: Hidden,
    has_begun: bool,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            hidden: Hidden::of_read(),
            has_begun: false,
        }
    }
}

impl Written {
    /// Takes the next piece. Marks come with the blanks that stand in them.
    pub fn push(&mut self, piece: &str) -> Vec<Told> {
        let pieces = self.hidden.push(piece);
        self.told(pieces)
    }

    /// There is no next piece: what might have been hidden is text after all.
    pub fn end(&mut self) -> Vec<Told> {
        let pieces = self.hidden.end();
        self.told(pieces)
    }

    /// Blank lines behind the reasoning are no beginning.
    fn told(&mut self, pieces: Vec<Piece>) -> Vec<Told> {
        let mut told = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match piece {
                Piece::Text(text) => {
                    let words = if self.has_begun {
                        text.as_str()
                    } else {
                        text.trim_start()
                    };
                    if !words.is_empty() {
                        self.has_begun = true;
                        told.push(Told::Words(words.to_owned()));
                    }
                }
                Piece::Mark(mark) => told.push(Told::Mark(mark)),
            }
        }
        told
    }
}

/// Where the first sentence ends, once it is certain that it does.
fn sentence_end(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let is_end = match c {
            '\n' => true,
            '。' | '！' | '？' | '；' | '…' => true,
            '!' | '?' => {
                // `?!` and `!"` belong together; a question is told as soon as it is one.
                let next = chars.peek().map(|(_, next)| *next);
                next.is_none_or(|next| !matches!(next, '!' | '?' | '"' | '\'' | ')'))
            }
            // Not the point of a number, of an address or of an abbreviation, whose rest is to come.
            '.' => {
                let next = chars.peek().map(|(_, next)| *next);
                next.is_some_and(|next| next.is_whitespace() || is_unspaced(next))
                    && !is_abbreviation(&text[..at])
            }
            _ => false,
        };
        if is_end {
            return Some(end + closing(&text[end..]));
        }
    }
    None
}

/// Bytes of the quotation marks and brackets that close behind a sentence.
fn closing(text: &str) -> usize {
    text.chars()
        .take_while(|c| matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '"' | '\''))
        .map(char::len_utf8)
        .sum()
}

/// Whether a point behind this text is no end: `Mr`, `e.g`, an initial, or the number of an item.
fn is_abbreviation(before: &str) -> bool {
    let start = before
        .rfind(|c: char| c.is_whitespace() || is_unspaced(c))
        .map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        });
    let word = &before[start..];
    let is_item = !word.is_empty()
        && word.chars().all(|c| c.is_ascii_digit())
        && before[..start]
            .trim_end_matches(' ')
            .chars()
            .last()
            .is_none_or(|c| c == '\n');
    let is_initial = word.len() == 1 && word.chars().all(|c| c.is_ascii_uppercase());
    is_item
        || is_initial
        || matches!(
            word.to_lowercase().as_str(),
            "mr" | "mrs"
                | "ms"
                | "dr"
                | "prof"
                | "st"
                | "no"
                | "vs"
                | "e.g"
                | "i.e"
                | "a.m"
                | "p.m"
                | "approx"
        )
}

/// How many bytes of a text are no more than [`PIECE_WEIGHT_MAX`].
fn longest(text: &str) -> usize {
    let mut left = PIECE_WEIGHT_MAX;
    text.char_indices()
        .find(|(_, c)| {
            let of_char = weight(c.encode_utf8(&mut [0; 4]), MARK);
            let is_over = of_char > left;
            left = left.saturating_sub(of_char);
            is_over
        })
        .map_or(text.len(), |(at, _)| at)
}

/// Where clauses end.
fn clause_ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.char_indices().filter_map(move |(at, c)| {
        let end = at + c.len_utf8();
        let next = text[end..].chars().next();
        match c {
            '，' | '：' | '、' => Some(end),
            ',' | ';' | ':' if next.is_some_and(char::is_whitespace) => Some(end),
            '—' if next.is_some() => Some(end),
            _ => None,
        }
    })
}

/// Where the last word ends that is certain to be whole.
fn word_end(text: &str) -> Option<usize> {
    let mut ends = text
        .char_indices()
        .filter(|(_, c)| c.is_whitespace() || is_unspaced(*c));
    ends.next_back().map(|(at, c)| at + c.len_utf8())
}

#[cfg(test)]
mod tests;
