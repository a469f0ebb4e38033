//! Seals what a port sends and opens what it receives: SRTP and SRTCP (RFC 3711) with AES in counter
//! mode and HMAC-SHA1 or in Galois counter mode (RFC 7714), under keys that came with the SDP (RFC 4568)
//! or from a handshake (RFC 5764).
//!
//! AES, its modes, SHA-1 and HMAC are the RustCrypto project's; what is ours is the key schedule, the packet
//! index and the replay window. Keys are derived once (key derivation rate 0) and have no lifetime
//! here: at 50 packets a second the 2^48 packets of a key last longer than any call.
//!
//! # Invariants
//!
//! - What is not authentic, or has come before, changes nothing and is not looked at.
//! - Nothing allocates after construction.
//! - Keys print as nothing.

mod aead;
mod keys;
mod receiver;
mod sender;
mod window;

pub use keys::{MASTER_LEN, MASTER_LEN_MAX, MasterKey, SrtpSettings, Suite};
use receiver::Receiver;
pub use receiver::Rejected;
use sender::Sender;

/// What sealing adds to an RTP packet at most: the tag.
pub const RTP_OVERHEAD: usize = keys::TAG_LEN_MAX;

/// What sealing adds to an RTCP packet at most: index and tag.
pub const RTCP_OVERHEAD: usize = 4 + keys::TAG_LEN_MAX;

/// Longest datagram that is opened; longer ones do not come over Ethernet.
const DATAGRAM_MAX: usize = 1500;

/// Both directions of a port.
#[derive(Debug)]
pub struct Srtp {
    settings: SrtpSettings,
    sender: Sender,
    receiver: Receiver,
    /// The peer's key before the present one: packets under it may still be on their way.
    previous: Option<Receiver>,
    opened: [u8; DATAGRAM_MAX],
}

impl Srtp {
    /// Before the first packet.
    pub fn new(settings: SrtpSettings) -> Self {
        Self {
            sender: Sender::new(settings.suite, &settings.ours),
            receiver: Receiver::new(settings.suite, &settings.theirs, settings.their_mki_len),
            previous: None,
            opened: [0; DATAGRAM_MAX],
            settings,
        }
    }

    /// Signalling named the keys again. A key that stays goes on where it was; with a new one the
    /// count of its packets begins anew (RFC 4568 section 6.1).
    pub fn rekey(&mut self, settings: SrtpSettings) {
        let before = std::mem::replace(&mut self.settings, settings);
        let now = &self.settings;
        let same_suite = before.suite == now.suite;
        if !same_suite || before.ours != now.ours {
            self.sender = Sender::new(now.suite, &now.ours);
        }
        let same_mki = before.their_mki_len == now.their_mki_len;
        if !same_suite || before.theirs != now.theirs || !same_mki {
            let receiver = Receiver::new(now.suite, &now.theirs, now.their_mki_len);
            self.previous = Some(std::mem::replace(&mut self.receiver, receiver));
        }
    }

    /// Seals the RTP packet of `len` bytes at the front of `buf`, which has room for
    /// [`RTP_OVERHEAD`] more, and returns its new length.
    pub fn seal_rtp(&mut self, buf: &mut [u8], len: usize) -> usize {
        self.sender.rtp(buf, len)
    }

    /// Seals the RTCP packet of `len` bytes at the front of `buf`, which has room for
    /// [`RTCP_OVERHEAD`] more, and returns its new length.
    pub fn seal_rtcp(&mut self, buf: &mut [u8], len: usize) -> usize {
        self.sender.rtcp(buf, len)
    }

    /// Opens a datagram of RTP.
    ///
    /// # Errors
    ///
    /// When it is to be dropped.
    pub fn open_rtp(&mut self, datagram: &[u8]) -> Result<&[u8], Rejected> {
        self.open(datagram, Receiver::rtp)
    }

    /// Opens a datagram of RTCP.
    ///
    /// # Errors
    ///
    /// When it is to be dropped.
    pub fn open_rtcp(&mut self, datagram: &[u8]) -> Result<&[u8], Rejected> {
        self.open(datagram, Receiver::rtcp)
    }

    fn open(
        &mut self,
        datagram: &[u8],
        by: impl Fn(&mut Receiver, &[u8], &mut [u8]) -> Result<usize, Rejected>,
    ) -> Result<&[u8], Rejected> {
        if datagram.len() > DATAGRAM_MAX {
            return Err(Rejected::Malformed);
        }
        let mut opened = by(&mut self.receiver, datagram, &mut self.opened);
        if let Some(previous) = &mut self.previous {
            match opened {
                // The peer has changed over.
                Ok(_) => self.previous = None,
                Err(Rejected::Unauthentic) => opened = by(previous, datagram, &mut self.opened),
                Err(Rejected::Malformed | Rejected::Replayed) => {}
            }
        }
        opened.map(|len| &self.opened[..len])
    }
}

#[cfg(test)]
mod tests;
