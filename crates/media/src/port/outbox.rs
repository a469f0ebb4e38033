//! Datagrams of a port that are neither sound nor reports: answers to checks, and steps of a handshake.

use std::net::SocketAddr;

/// Datagrams that wait at most; what comes on top is dropped, and its sender repeats it.
const DATAGRAMS_MAX: usize = 24;

/// Bytes that wait at most.
const BYTES_MAX: usize = 32 * 1024;

/// See the module. What is sent leaves room that is used again.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    /// Where each goes, and its length.
    datagrams: Vec<(SocketAddr, usize)>,
}

impl Outbox {
    /// A datagram is to be sent.
    pub fn push(&mut self, bytes: &[u8], to: SocketAddr) {
        let is_full = self.datagrams.len() == DATAGRAMS_MAX
            || self.bytes.len() + bytes.len() > BYTES_MAX
            || bytes.is_empty();
        if !is_full {
            self.bytes.extend_from_slice(bytes);
            self.datagrams.push((to, bytes.len()));
        }
    }

    /// Sends everything.
    pub fn drain(&mut self, send: &mut dyn FnMut(&[u8], SocketAddr)) {
        let mut rest = &self.bytes[..];
        for &(to, len) in &self.datagrams {
            let (bytes, after) = rest.split_at(len);
            send(bytes, to);
            rest = after;
        }
        self.bytes.clear();
        self.datagrams.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_in_order_and_bounded() {
        let to = "192.0.2.1:4000".parse().unwrap();
        let mut outbox = Outbox::default();
        for n in 0..30 {
            outbox.push(&[n; 1000], to);
        }
        outbox.push(&[], to);
        let mut sent = Vec::new();
        outbox.drain(&mut |bytes, _| sent.push((bytes[0], bytes.len())));
        let expected: Vec<_> = (0..24).map(|n| (n, 1000)).collect();
        assert_eq!(sent, expected);
        outbox.drain(&mut |_, _| panic!("nothing is left"));
    }
}
