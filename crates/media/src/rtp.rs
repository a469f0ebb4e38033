//! RTP packets on the wire (RFC 3550 section 5).
//!
//! Parsing borrows and checks every length; contributing sources, header extension and padding
//! are stepped over, because no telephone peer says anything in them that we need.

/// Bytes of a header without contributing sources and extension.
pub const HEADER_LEN: usize = 12;

/// What a header says, apart from what [`Packet::parse`] steps over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// First packet after a pause, or of a key press.
    pub marker: bool,
    /// What the payload is, 0 to 127.
    pub payload_type: u8,
    /// One more with each packet; wraps.
    pub sequence: u16,
    /// Time of the first sample; wraps.
    pub timestamp: u32,
    /// Names the stream.
    pub ssrc: u32,
}

/// A packet as it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Its header.
    pub header: Header,
    /// Its payload without padding; may be empty.
    pub payload: &'a [u8],
}

/// Why a datagram is not RTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Shorter than it says it is.
    #[error("packet shorter than its header says")]
    Short,
    /// Not version 2.
    #[error("not version 2")]
    Version,
    /// Padding of no bytes, or of more than there are.
    #[error("impossible padding")]
    Padding,
}

impl Header {
    /// Writes the 12 bytes of the header.
    pub fn write(&self, buf: &mut [u8; HEADER_LEN]) {
        buf[0] = 0x80;
        buf[1] = (u8::from(self.marker) << 7) | (self.payload_type & 0x7F);
        buf[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        buf[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        buf[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
    }
}

impl<'a> Packet<'a> {
    /// Reads a datagram.
    ///
    /// # Errors
    ///
    /// Fails on anything that is not one whole packet of RTP version 2.
    pub fn parse(datagram: &'a [u8]) -> Result<Self, Malformed> {
        let (fixed, mut rest) = datagram
            .split_first_chunk::<HEADER_LEN>()
            .ok_or(Malformed::Short)?;
        if fixed[0] >> 6 != 2 {
            return Err(Malformed::Version);
        }
        let csrc_len = usize::from(fixed[0] & 0x0F) * 4;
        rest = rest.get(csrc_len..).ok_or(Malformed::Short)?;
        if fixed[0] & 0x10 != 0 {
            let (extension, after) = rest.split_first_chunk::<4>().ok_or(Malformed::Short)?;
            let words = u16::from_be_bytes([extension[2], extension[3]]);
            rest = after
                .get(usize::from(words) * 4..)
                .ok_or(Malformed::Short)?;
        }
        if fixed[0] & 0x20 != 0 {
            let padding = usize::from(*rest.last().ok_or(Malformed::Padding)?);
            if padding == 0 || padding > rest.len() {
                return Err(Malformed::Padding);
            }
            rest = &rest[..rest.len() - padding];
        }
        Ok(Self {
            header: Header {
                marker: fixed[1] & 0x80 != 0,
                payload_type: fixed[1] & 0x7F,
                sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
                timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
                ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
            },
            payload: rest,
        })
    }
}

/// Bytes of the header of a datagram with everything before the payload; `None` if it is no RTP.
pub fn header_len(datagram: &[u8]) -> Option<usize> {
    let fixed = datagram.first_chunk::<HEADER_LEN>()?;
    if fixed[0] >> 6 != 2 {
        return None;
    }
    let mut len = HEADER_LEN + usize::from(fixed[0] & 0x0F) * 4;
    if fixed[0] & 0x10 != 0 {
        let extension = datagram.get(len..)?.first_chunk::<4>()?;
        let words = u16::from_be_bytes([extension[2], extension[3]]);
        len += 4 + usize::from(words) * 4;
    }
    (len <= datagram.len()).then_some(len)
}

/// Whether a datagram on a shared socket is RTCP: its second byte is a packet type that RTP
/// does not use (RFC 5761 section 4).
pub fn is_rtcp(datagram: &[u8]) -> bool {
    datagram.len() >= 8 && datagram[0] >> 6 == 2 && (192..=223).contains(&datagram[1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADER: Header = Header {
        marker: true,
        payload_type: 101,
        sequence: 0xFFFE,
        timestamp: 0xDEAD_BEEF,
        ssrc: 0x0102_0304,
    };

    fn packet(first_byte: u8, after_header: &[u8]) -> Vec<u8> {
        let mut buf = [0; HEADER_LEN];
        HEADER.write(&mut buf);
        buf[0] = first_byte;
        [&buf[..], after_header].concat()
    }

    fn payload_of(first_byte: u8, after_header: &[u8]) -> Result<Vec<u8>, Malformed> {
        Packet::parse(&packet(first_byte, after_header)).map(|packet| packet.payload.to_vec())
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = packet(0x80, b"voice");
        let read = Packet::parse(&bytes).unwrap();
        assert_eq!(read.header, HEADER);
        assert_eq!(read.payload, b"voice");
    }

    #[test]
    fn sources_extension_and_padding_are_stepped_over() {
        assert_eq!(payload_of(0x82, b"csr1csr2voice").unwrap(), b"voice");
        assert_eq!(
            payload_of(0x90, b"\xBE\xDE\x00\x01extnvoice").unwrap(),
            b"voice"
        );
        assert_eq!(payload_of(0xA0, b"voice\x00\x00\x03").unwrap(), b"voice");
        assert_eq!(payload_of(0xA0, b"\x00\x02").unwrap(), b"");
    }

    #[test]
    fn impossible_packets_are_refused() {
        assert_eq!(Packet::parse(&[0x80; 11]), Err(Malformed::Short));
        assert_eq!(payload_of(0x40, b"voice"), Err(Malformed::Version));
        assert_eq!(payload_of(0x82, b"csr1"), Err(Malformed::Short));
        assert_eq!(payload_of(0x90, b"\x00\x00\xFF\xFF"), Err(Malformed::Short));
        assert_eq!(payload_of(0xA0, b"voice\x00"), Err(Malformed::Padding));
        assert_eq!(payload_of(0xA0, b"voice\x09"), Err(Malformed::Padding));
        assert_eq!(payload_of(0xA0, b""), Err(Malformed::Padding));
    }

    proptest! {
        #[test]
        fn no_datagram_panics(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(packet) = Packet::parse(&bytes) {
                prop_assert!(packet.payload.len() + HEADER_LEN <= bytes.len());
            }
            let _ = is_rtcp(&bytes);
        }

        #[test]
        fn a_header_with_odd_flags_never_panics(
            first in 0x80u8..=0xBF,
            rest in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let _ = payload_of(first, &rest);
        }
    }
}
