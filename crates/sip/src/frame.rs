//! Cuts a byte stream into SIP messages (RFC 3261 section 18.3).
//!
//! One [`StreamFramer`] for each connection. It looks only for the end of the header and for
//! `Content-Length`; whether the message makes sense is the endpoint's matter.
//!
//! # Invariants
//!
//! - It never holds more than one message of the largest size and what one push added.
//! - The pieces in which the bytes arrive do not change the messages.

use crate::message::MESSAGE_BYTES_MAX;

/// Cuts one connection's bytes into messages.
#[derive(Debug, Default)]
pub struct StreamFramer {
    buffer: Vec<u8>,
    /// Bytes at the front that were already searched for the end of the header.
    n_searched: usize,
}

/// One piece of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A whole message.
    Message(Vec<u8>),
    /// A keep-alive (CRLF CRLF, RFC 5626 section 3.5.1): send CRLF back.
    Ping,
}

/// The stream cannot be followed any more: close the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A header or message above the limit of 64 KiB.
    #[error("message too long for a stream")]
    TooLong,
    /// A `Content-Length` that is not a number.
    #[error("invalid content length")]
    ContentLength,
}

impl StreamFramer {
    /// A framer at the start of a connection.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes as they came; drain [`StreamFramer::next_frame`] before the next ones.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Whether the bytes so far end within a message.
    #[must_use]
    pub fn is_within(&self) -> bool {
        let is_keep_alive = |byte: &u8| matches!(byte, b'\r' | b'\n');
        !self.buffer.iter().all(is_keep_alive)
    }

    /// The next whole message, if it is there.
    ///
    /// # Errors
    ///
    /// When the end of the message cannot be found; the same error comes again until the
    /// framer is dropped with its connection.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        if self.buffer.starts_with(b"\r\n\r\n") {
            self.buffer.drain(..4);
            return Ok(Some(Frame::Ping));
        }
        // A single line end before a message is ignored (section 7.5), once we see that it is
        // not the first part of a ping.
        if b"\r\n\r\n".starts_with(&self.buffer) {
            return Ok(None);
        }
        if self.buffer.starts_with(b"\r\n") {
            self.buffer.drain(..2);
        }
        let Some(n_header) = self.find_header_end() else {
            let too_long = self.buffer.len() > MESSAGE_BYTES_MAX;
            return if too_long {
                Err(FrameError::TooLong)
            } else {
                Ok(None)
            };
        };
        let n_body = content_length(&self.buffer[..n_header])?;
        let n_message = n_header.saturating_add(n_body);
        if n_message > MESSAGE_BYTES_MAX {
            return Err(FrameError::TooLong);
        }
        if self.buffer.len() < n_message {
            return Ok(None);
        }
        let rest = self.buffer.split_off(n_message);
        let message = std::mem::replace(&mut self.buffer, rest);
        self.n_searched = 0;
        Ok(Some(Frame::Message(message)))
    }

    /// The header of the message that cannot be followed, if it is whole: its sender can be told.
    #[must_use]
    pub fn broken_header(&self) -> Option<&[u8]> {
        let end = self.buffer.windows(4).position(|w| w == b"\r\n\r\n")?;
        self.buffer.get(..end + 4)
    }

    /// The length of the header with its empty line.
    fn find_header_end(&mut self) -> Option<usize> {
        let from = self.n_searched.saturating_sub(3);
        match self.buffer[from..]
            .windows(4)
            .position(|w| w == b"\r\n\r\n")
        {
            Some(at) => {
                self.n_searched = from + at;
                Some(from + at + 4)
            }
            None => {
                self.n_searched = self.buffer.len();
                None
            }
        }
    }
}

/// The value of `Content-Length` or `l`; 0 if there is none, as many devices leave it out of
/// messages without a body.
fn content_length(header: &[u8]) -> Result<usize, FrameError> {
    for line in header.split(|&b| b == b'\n') {
        let Some(colon) = line.iter().position(|&b| b == b':') else {
            continue;
        };
        let name = line[..colon].trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") || name.eq_ignore_ascii_case(b"l") {
            let digits = line[colon + 1..].trim_ascii();
            let value = std::str::from_utf8(digits)
                .ok()
                .and_then(|d| d.parse::<u32>().ok());
            return value.map(|n| n as usize).ok_or(FrameError::ContentLength);
        }
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: &str = "OPTIONS sip:a@b SIP/2.0\r\nl : 4\r\n\r\nbody";
    const ACK: &str = "ACK sip:a@b SIP/2.0\r\nVia: x\r\n\r\n";

    fn frames(pieces: &[&[u8]]) -> (Vec<Frame>, Option<FrameError>) {
        let mut framer = StreamFramer::new();
        let mut found = Vec::new();
        for piece in pieces {
            framer.push(piece);
            loop {
                match framer.next_frame() {
                    Ok(Some(frame)) => found.push(frame),
                    Ok(None) => break,
                    Err(error) => return (found, Some(error)),
                }
            }
        }
        (found, None)
    }

    #[test]
    fn a_message_has_begun_with_its_first_byte_and_not_with_a_keep_alive() {
        let mut framer = StreamFramer::new();
        let mut within = |bytes: &[u8]| {
            framer.push(bytes);
            while let Ok(Some(_)) = framer.next_frame() {}
            framer.is_within()
        };
        assert!(!within(b"\r\n"));
        assert!(within(b"OPTIONS sip:a@b SIP/2.0\r\n"));
        assert!(!within(b"Via: x\r\n\r\n"));
    }

    #[test]
    fn the_pieces_do_not_change_the_messages() {
        let stream = format!("\r\n{OPTIONS}{ACK}\r\n\r\n{OPTIONS}").into_bytes();
        let expected = [
            Frame::Message(OPTIONS.into()),
            Frame::Message(ACK.into()),
            Frame::Ping,
            Frame::Message(OPTIONS.into()),
        ];
        for n in 1..stream.len() {
            let pieces: Vec<&[u8]> = stream.chunks(n).collect();
            assert_eq!(frames(&pieces), (expected.to_vec(), None), "pieces of {n}");
        }
    }

    #[test]
    fn a_stream_that_cannot_be_followed_is_given_up() {
        let endless = vec![b'a'; MESSAGE_BYTES_MAX + 1];
        assert_eq!(frames(&[&endless]).1, Some(FrameError::TooLong));
        let huge = b"A b SIP/2.0\r\nContent-Length: 4000000000\r\n\r\n";
        assert_eq!(frames(&[huge]).1, Some(FrameError::TooLong));
        let negative = b"A b SIP/2.0\r\nContent-Length: -1\r\n\r\n";
        assert_eq!(frames(&[negative]).1, Some(FrameError::ContentLength));
        let mut framer = StreamFramer::new();
        framer.push(negative);
        framer.push(b"body");
        assert_eq!(framer.broken_header(), Some(&negative[..]));
    }
}
