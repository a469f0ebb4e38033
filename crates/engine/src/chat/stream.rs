//! One growing message.
//!
//! [`Stream::judge`] says what a piece would do; [`Stream::appended`] and [`Stream::closed`] take
//! what did happen, so that stored events lead to the same stream.
//!
//! # Invariants
//!
//! - Pieces stand in the order in which they were taken; each says how many characters stood
//!   before it.
//! - A closed stream takes nothing; the repetition of a piece that it took is still known.

use model::{StreamEnd, UnixMs};

use super::recent::Recent;

/// Longest message, in bytes of UTF-8: the vendor's limit of a message body (12k).
pub const MESSAGE_BYTES_MAX: usize = 12 * 1024;

/// One growing message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    n_bytes: usize,
    n_chars: i64,
    n_pieces: u32,
    grew_at: UnixMs,
    end: Option<StreamEnd>,
    is_ours: bool,
    requests: Recent<()>,
}

/// What a piece does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is appended behind so many characters.
    Append {
        /// Characters (Unicode scalar values) before it.
        offset: i64,
    },
    /// It was taken already.
    Repeated,
}

/// Why a piece is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// The message grows no more.
    #[error("the message is {}", .0.name())]
    Over(StreamEnd),
    /// The message would be longer than [`MESSAGE_BYTES_MAX`].
    #[error("the message would be longer than {MESSAGE_BYTES_MAX} bytes")]
    TooLong,
}

impl Stream {
    /// A message that begins with `text`.
    pub fn open(text: &str, request: Option<&str>, now: UnixMs) -> Self {
        let mut stream = Self {
            n_bytes: 0,
            n_chars: 0,
            n_pieces: 0,
            grew_at: now,
            end: None,
            is_ours: request.is_none(),
            requests: Recent::default(),
        };
        stream.appended(text, request, now);
        stream
    }

    /// What this piece would do at `now`.
    pub fn judge(&self, text: &str, request: Option<&str>, now: UnixMs) -> Result<Step, Closed> {
        let found = request.and_then(|request| self.requests.find(request, now));
        if found.is_some_and(|found| found.was_last || found.is_drawn) {
            return Ok(Step::Repeated);
        }
        match self.end {
            Some(end) => Err(Closed::Over(end)),
            None if self.n_bytes + text.len() > MESSAGE_BYTES_MAX => Err(Closed::TooLong),
            None => Ok(Step::Append {
                offset: self.n_chars,
            }),
        }
    }

    /// Takes a piece.
    pub fn appended(&mut self, text: &str, request: Option<&str>, now: UnixMs) {
        self.n_bytes += text.len();
        self.n_chars += i64::try_from(text.chars().count()).expect("a message is short");
        self.n_pieces += 1;
        self.grew_at = now;
        if let Some(request) = request {
            self.requests.note(request, now, ());
        }
    }

    /// It grows no more.
    pub fn closed(&mut self, end: StreamEnd) {
        self.end.get_or_insert(end);
    }

    /// Whether it may still grow.
    pub fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// Whether our own bot writes it: servers name their requests.
    pub fn is_ours(&self) -> bool {
        self.is_ours
    }

    /// Whether nothing came behind its first piece.
    pub fn is_fresh(&self) -> bool {
        self.n_pieces == 1
    }

    /// When it grew the last time.
    pub fn grew_at(&self) -> UnixMs {
        self.grew_at
    }

    /// Characters so far.
    pub fn n_chars(&self) -> i64 {
        self.n_chars
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: UnixMs = UnixMs(1_700_000_000_000);

    #[test]
    fn pieces_say_where_they_stand_in_characters() {
        let mut stream = Stream::open("你好", None, AT);
        assert_eq!(stream.judge("!", None, AT), Ok(Step::Append { offset: 2 }));
        stream.appended("!", None, AT);
        assert_eq!(stream.judge("?", None, AT), Ok(Step::Append { offset: 3 }));
    }

    #[test]
    fn a_repeated_request_is_known_until_its_window_ends() {
        let mut stream = Stream::open("a", Some("1:a"), AT);
        stream.appended("b", Some("2:b"), AT);
        stream.appended("c", Some("3:c"), AT);
        for request in ["1:a", "2:b", "3:c"] {
            assert_eq!(stream.judge("x", Some(request), AT), Ok(Step::Repeated));
        }
        let later = AT.plus(super::super::REQUEST_WINDOW);
        let step = stream.judge("b", Some("2:b"), later);
        assert_eq!(step, Ok(Step::Append { offset: 3 }));
    }

    #[test]
    fn a_sender_that_never_draws_repeats_only_its_last_piece() {
        let mut stream = Stream::open("ha", Some("7:ha"), AT);
        assert_eq!(stream.judge("ha", Some("7:ha"), AT), Ok(Step::Repeated));
        stream.appended(", ", Some("7:,"), AT);
        let step = stream.judge("ha", Some("7:ha"), AT);
        assert_eq!(step, Ok(Step::Append { offset: 4 }));
    }

    #[test]
    fn a_closed_message_takes_nothing_but_knows_its_last_piece() {
        let mut stream = Stream::open("a", Some("1:a"), AT);
        stream.appended("b", Some("2:b"), AT);
        stream.closed(StreamEnd::Finished);
        stream.closed(StreamEnd::Cut);
        assert_eq!(stream.judge("b", Some("2:b"), AT), Ok(Step::Repeated));
        let refused = stream.judge("c", Some("3:c"), AT);
        assert_eq!(refused, Err(Closed::Over(StreamEnd::Finished)));
    }

    #[test]
    fn a_message_has_twelve_kilobytes_at_most() {
        let stream = Stream::open(&"x".repeat(MESSAGE_BYTES_MAX - 1), None, AT);
        assert!(stream.judge("x", None, AT).is_ok());
        assert_eq!(stream.judge("é", None, AT), Err(Closed::TooLong));
    }
}
