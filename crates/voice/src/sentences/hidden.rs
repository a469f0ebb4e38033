//! What of a text is not meant to be heard: reasoning, code, and marks that say what to do.

/// A part that is left out, from its opening to its closing. Code is the last one: eyes can read it.
const LEFT_OUT: [(&str, &str); 3] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("```", "```"),
];

/// What is left out of a text for eyes.
const UNREAD: &[(&str, &str)] = LEFT_OUT.split_at(2).0;

/// How a mark opens and closes.
const MARK: (&str, &str) = ("[[", "]]");

/// The longest mark in bytes; a longer one is text.
const MARK_BYTES_MAX: usize = 256;

/// One part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it was written.
    Text(String),
    /// What stands in a mark, with the blanks around it.
    Mark(String),
}

/// A text as it comes, parted into what is heard and what is not.
#[derive(Clone, Debug, Default)]
pub(super) struct Hidden {
    rest: String,
    /// What closes the part that is left out.
    until: Option<&'static str>,
    /// Whether it is read and not heard.
    is_read: bool,
}

impl Hidden {
    /// Of a text that is read: code stays.
    pub fn of_read() -> Self {
        Self {
            is_read: true,
            ..Self::default()
        }
    }

    fn left_out(&self) -> &'static [(&'static str, &'static str)] {
        if self.is_read { UNREAD } else { &LEFT_OUT }
    }

    pub fn push(&mut self, piece: &str) -> Vec<Piece> {
        self.rest.push_str(piece);
        let mut pieces = Vec::new();
        while self.step(&mut pieces) {}
        pieces
    }

    /// What was held back is text after all.
    pub fn end(&mut self) -> Vec<Piece> {
        let rest = std::mem::take(&mut self.rest);
        if self.until.take().is_some() || rest.is_empty() {
            return Vec::new();
        }
        vec![Piece::Text(rest)]
    }

    /// Takes one part off the front. `false` when the next one is still to come.
    fn step(&mut self, pieces: &mut Vec<Piece>) -> bool {
        if let Some(until) = self.until {
            let Some(at) = self.rest.find(until) else {
                let kept = partial(&self.rest, &[until]);
                self.rest.drain(..self.rest.len() - kept);
                return false;
            };
            self.rest.drain(..at + until.len());
            self.until = None;
            return true;
        }
        let opened = self
            .left_out()
            .iter()
            .map(|(open, close)| (*open, Some(*close)))
            .chain([(MARK.0, None)])
            .filter_map(|(open, close)| self.rest.find(open).map(|at| (at, open, close)))
            .min_by_key(|(at, open, _)| (*at, std::cmp::Reverse(open.len())));
        let Some((at, open, close)) = opened else {
            let opens = self.left_out().iter().map(|(open, _)| *open);
            let opens: Vec<&str> = opens.chain([MARK.0]).collect();
            let kept = partial(&self.rest, &opens);
            let text: String = self.rest.drain(..self.rest.len() - kept).collect();
            push_text(pieces, text);
            return false;
        };
        let text: String = self.rest.drain(..at).collect();
        push_text(pieces, text);
        if close.is_some() {
            self.rest.drain(..open.len());
            self.until = close;
            return true;
        }
        self.mark(pieces)
    }

    /// The rest begins with the opening of a mark.
    fn mark(&mut self, pieces: &mut Vec<Piece>) -> bool {
        match self.rest.find(MARK.1) {
            Some(end) if end <= MARK_BYTES_MAX => {
                let whole: String = self.rest.drain(..end + MARK.1.len()).collect();
                pieces.push(Piece::Mark(whole[MARK.0.len()..end].to_owned()));
                true
            }
            None if self.rest.len() <= MARK_BYTES_MAX => false,
            Some(_) | None => {
                let text: String = self.rest.drain(..MARK.0.len()).collect();
                push_text(pieces, text);
                true
            }
        }
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: String) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

/// Bytes at the end of `text` with which one of `wanted` may begin.
fn partial(text: &str, wanted: &[&str]) -> usize {
    wanted
        .iter()
        .filter_map(|wanted| {
            (1..wanted.len())
                .rev()
                .find(|len| text.ends_with(&wanted[..*len]))
        })
        .max()
        .unwrap_or(0)
}
