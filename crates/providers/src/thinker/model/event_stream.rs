//! Server-sent events from a body that comes in pieces.
//!
//! Only the data of events is kept; names, ids, comments and pings are passed over (HTML Living
//! Standard, 9.2). Own, and not a crate, because the ones there are have no bound.

use super::failure::ModelFailure;

/// The longest answer that is read, in bytes: hours of speech.
pub(super) const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The longest single event, in bytes.
const EVENT_BYTES_MAX: usize = 1024 * 1024;

/// A body as it comes.
#[derive(Debug, Default)]
pub(crate) struct EventStream {
    line: Vec<u8>,
    data: Option<String>,
    n_bytes: usize,
    /// The last byte ended a line as CR: an LF belongs to it.
    is_after_cr: bool,
}

impl EventStream {
    /// Takes the next piece; gives the data of each event that it completes.
    pub fn push(&mut self, piece: &[u8]) -> Result<Vec<String>, ModelFailure> {
        self.n_bytes += piece.len();
        if self.n_bytes > ANSWER_BYTES_MAX {
            return Err(ModelFailure::Unreadable("it is too long".to_owned()));
        }
        let mut events = Vec::new();
        for byte in piece.iter().copied() {
            let is_second = byte == b'\n' && self.is_after_cr;
            self.is_after_cr = byte == b'\r';
            match byte {
                _ if is_second => {}
                b'\n' | b'\r' => self.line_end(&mut events)?,
                byte => {
                    self.line.push(byte);
                    self.check(self.line.len())?;
                }
            }
        }
        Ok(events)
    }

    /// The data of an event that no empty line has completed.
    pub fn end(&mut self) -> Result<Option<String>, ModelFailure> {
        let mut events = Vec::new();
        self.line_end(&mut events)?;
        Ok(self.data.take())
    }

    fn line_end(&mut self, events: &mut Vec<String>) -> Result<(), ModelFailure> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            events.extend(self.data.take());
            return Ok(());
        }
        let line = String::from_utf8(line)
            .map_err(|_| ModelFailure::Unreadable("it is not UTF-8".to_owned()))?;
        let line = line.strip_prefix('\u{FEFF}').unwrap_or(&line);
        let Some(data) = line.strip_prefix("data:") else {
            return Ok(());
        };
        let data = data.strip_prefix(' ').unwrap_or(data);
        match &mut self.data {
            Some(all) => {
                all.push('\n');
                all.push_str(data);
            }
            None => self.data = Some(data.to_owned()),
        }
        self.check(self.data.as_ref().map_or(0, String::len))
    }

    fn check(&self, n_bytes: usize) -> Result<(), ModelFailure> {
        if n_bytes > EVENT_BYTES_MAX {
            return Err(ModelFailure::Unreadable("an event is too long".to_owned()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_the_same_however_the_body_is_parted() {
        let body =
            ": hi\r\nevent: ping\r\n\r\ndata: {\"a\":\ndata: 1}\n\nid: 7\ndata:né\r\r\ndata: end";
        for size in 1..body.len() {
            let mut stream = EventStream::default();
            let mut events = Vec::new();
            for piece in body.as_bytes().chunks(size) {
                events.extend(stream.push(piece).unwrap());
            }
            events.extend(stream.end().unwrap());
            assert_eq!(events, ["{\"a\":\n1}", "né", "end"], "pieces of {size}");
        }
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut stream = EventStream::default();
        let piece = vec![b'x'; 600_000];
        assert!(stream.push(&piece).is_ok());
        assert!(stream.push(&piece).is_err());
    }
}
