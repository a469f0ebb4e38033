//! STUN messages (RFC 8489), as far as checks of ICE need them.

use std::net::{IpAddr, SocketAddr};

use hmac::{Hmac, Mac as _};
use sha1::Sha1;

/// Longest message that is written.
pub const STUN_MAX: usize = 128;

/// Longest message that is read: checks have far less than 300 bytes.
const READ_MAX: usize = 1280;

const HEADER_LEN: usize = 20;
const MAGIC_COOKIE: u32 = 0x2112_A442;
/// What makes the sum of FINGERPRINT differ from those of other protocols (section 14.7).
const FINGERPRINT_XOR: u32 = 0x5354_554E;
const MAC_LEN: usize = 20;

/// Types of messages (section 5): method Binding, with the class.
mod kind {
    pub const REQUEST: u16 = 0x0001;
    pub const SUCCESS: u16 = 0x0101;
    pub const ERROR: u16 = 0x0111;
}

/// Types of attributes (section 14; RFC 8445 section 16.1).
mod attribute {
    pub const USERNAME: u16 = 0x0006;
    pub const MESSAGE_INTEGRITY: u16 = 0x0008;
    pub const ERROR_CODE: u16 = 0x0009;
    pub const UNKNOWN_ATTRIBUTES: u16 = 0x000A;
    pub const XOR_MAPPED_ADDRESS: u16 = 0x0020;
    pub const PRIORITY: u16 = 0x0024;
    pub const USE_CANDIDATE: u16 = 0x0025;
    pub const FINGERPRINT: u16 = 0x8028;
    pub const ICE_CONTROLLED: u16 = 0x8029;
}

/// Unknown attributes that an answer names at most.
const UNKNOWN_MAX: usize = 8;

/// A Binding request.
#[derive(Debug)]
pub struct Request<'a> {
    /// Whose answer it waits for.
    pub transaction: [u8; 12],
    /// USERNAME.
    pub username: Option<&'a [u8]>,
    /// MESSAGE-INTEGRITY: where in the message it is, with what it should be.
    integrity: Option<(usize, &'a [u8; MAC_LEN])>,
    /// USE-CANDIDATE: media is to take this way.
    pub nominates: bool,
    /// ICE-CONTROLLED: the peer takes us for the one that decides.
    pub is_controlled: bool,
    unknown: [u16; UNKNOWN_MAX],
    n_unknown: usize,
    whole: &'a [u8],
}

impl<'a> Request<'a> {
    /// Reads a datagram; `None` for all but well-formed Binding requests with a FINGERPRINT that is right, or
    /// without any.
    pub fn parse(datagram: &'a [u8]) -> Option<Self> {
        let (header, _) = datagram.split_first_chunk::<HEADER_LEN>()?;
        let len = usize::from(u16_at(header, 2)?);
        let is_stun = u16_at(header, 0)? == kind::REQUEST
            && header[4..8] == MAGIC_COOKIE.to_be_bytes()
            && len.is_multiple_of(4)
            && datagram.len() == HEADER_LEN + len
            && datagram.len() <= READ_MAX;
        if !is_stun {
            return None;
        }
        let mut request = Self {
            transaction: *header.last_chunk()?,
            username: None,
            integrity: None,
            nominates: false,
            is_controlled: false,
            unknown: [0; UNKNOWN_MAX],
            n_unknown: 0,
            whole: datagram,
        };
        let mut at = HEADER_LEN;
        while at < datagram.len() {
            let (kind, len) = (u16_at(datagram, at)?, u16_at(datagram, at + 2)?);
            let len = usize::from(len);
            let value = datagram.get(at + 4..at + 4 + len)?;
            if !request.attribute(kind, value, at) {
                return None;
            }
            at += 4 + len.next_multiple_of(4);
        }
        (at == datagram.len()).then_some(request)
    }

    /// Whether the request goes on well with this attribute. What is behind MESSAGE-INTEGRITY counts for
    /// nothing, but FINGERPRINT, which is the last (sections 14.5 and 14.7).
    fn attribute(&mut self, kind: u16, value: &'a [u8], at: usize) -> bool {
        if kind == attribute::FINGERPRINT {
            let is_last = at + 4 + value.len() == self.whole.len();
            return is_last && value == fingerprint(&self.whole[..at]).to_be_bytes();
        }
        if self.integrity.is_some() {
            return true;
        }
        match kind {
            attribute::USERNAME => self.username = self.username.or(Some(value)),
            attribute::MESSAGE_INTEGRITY => match value.try_into() {
                Ok(mac) => self.integrity = Some((at, mac)),
                Err(_) => return false,
            },
            attribute::USE_CANDIDATE => self.nominates = true,
            attribute::ICE_CONTROLLED => self.is_controlled = true,
            attribute::PRIORITY | 0x8000.. => {}
            _ => {
                if let Some(place) = self.unknown.get_mut(self.n_unknown) {
                    *place = kind;
                    self.n_unknown += 1;
                }
            }
        }
        true
    }

    /// Whether it carries a MESSAGE-INTEGRITY.
    pub fn has_integrity(&self) -> bool {
        self.integrity.is_some()
    }

    /// Whether it was made by who knows the password; takes the same time whatever differs.
    pub fn is_authentic(&self, pwd: &str) -> bool {
        let Some((at, mac)) = self.integrity else {
            return false;
        };
        integrity(pwd, self.whole, at).verify_slice(mac).is_ok()
    }

    /// Attributes that must be understood, and are not.
    pub fn unknown(&self) -> &[u16] {
        &self.unknown[..self.n_unknown]
    }
}

/// Why a request is refused (section 14.8; RFC 8445 section 7.3.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// 400: it does not say who asks.
    BadRequest,
    /// 401: nobody we know asks.
    Unauthenticated,
    /// 420: it says what we do not understand.
    UnknownAttribute,
    /// 487: the peer takes us for the one that decides.
    RoleConflict,
}

impl Refused {
    fn code(self) -> (u8, u8, &'static str) {
        match self {
            Self::BadRequest => (4, 0, "Bad Request"),
            Self::Unauthenticated => (4, 1, "Unauthenticated"),
            Self::UnknownAttribute => (4, 20, "Unknown Attribute"),
            Self::RoleConflict => (4, 87, "Role Conflict"),
        }
    }
}

/// Writes the answer that the address of the peer is this one, and gives its length.
pub fn success(
    request: &Request<'_>,
    from: SocketAddr,
    pwd: &str,
    buf: &mut [u8; STUN_MAX],
) -> usize {
    let mut writer = Writer::new(kind::SUCCESS, &request.transaction, buf);
    let mut value = [0; 20];
    let port = from.port() ^ (MAGIC_COOKIE >> 16) as u16;
    value[2..4].copy_from_slice(&port.to_be_bytes());
    // The address is hidden from gateways that would translate it (section 14.2).
    let mut mask = [0; 16];
    mask[..4].copy_from_slice(&MAGIC_COOKIE.to_be_bytes());
    mask[4..].copy_from_slice(&request.transaction);
    let len = match from.ip().to_canonical() {
        IpAddr::V4(ip) => {
            value[1] = 1;
            value[4..8].copy_from_slice(&ip.octets());
            8
        }
        IpAddr::V6(ip) => {
            value[1] = 2;
            value[4..20].copy_from_slice(&ip.octets());
            20
        }
    };
    for (byte, mask) in value[4..len].iter_mut().zip(mask) {
        *byte ^= mask;
    }
    writer.attribute(attribute::XOR_MAPPED_ADDRESS, &value[..len]);
    writer.finish(Some(pwd))
}

/// Writes a refusal and gives its length; it is signed if the peer is known.
pub fn refusal(
    request: &Request<'_>,
    why: Refused,
    pwd: Option<&str>,
    buf: &mut [u8; STUN_MAX],
) -> usize {
    let mut writer = Writer::new(kind::ERROR, &request.transaction, buf);
    let (class, number, reason) = why.code();
    let mut value = [0; 32];
    value[2] = class;
    value[3] = number;
    value[4..4 + reason.len()].copy_from_slice(reason.as_bytes());
    writer.attribute(attribute::ERROR_CODE, &value[..4 + reason.len()]);
    if why == Refused::UnknownAttribute {
        let mut value = [0; 2 * UNKNOWN_MAX];
        for (place, kind) in value.chunks_exact_mut(2).zip(request.unknown()) {
            place.copy_from_slice(&kind.to_be_bytes());
        }
        writer.attribute(
            attribute::UNKNOWN_ATTRIBUTES,
            &value[..2 * request.unknown().len()],
        );
    }
    writer.finish(pwd)
}

/// Writes one message. Everything that is written fits.
struct Writer<'a> {
    buf: &'a mut [u8; STUN_MAX],
    len: usize,
}

impl<'a> Writer<'a> {
    fn new(kind: u16, transaction: &[u8; 12], buf: &'a mut [u8; STUN_MAX]) -> Self {
        buf[..2].copy_from_slice(&kind.to_be_bytes());
        buf[4..8].copy_from_slice(&MAGIC_COOKIE.to_be_bytes());
        buf[8..HEADER_LEN].copy_from_slice(transaction);
        Self {
            buf,
            len: HEADER_LEN,
        }
    }

    fn attribute(&mut self, kind: u16, value: &[u8]) {
        let end = self.len + 4 + value.len().next_multiple_of(4);
        let place = &mut self.buf[self.len..end];
        place.fill(0);
        place[..2].copy_from_slice(&kind.to_be_bytes());
        place[2..4].copy_from_slice(&(value.len() as u16).to_be_bytes());
        place[4..4 + value.len()].copy_from_slice(value);
        self.len = end;
        self.note_len(end);
    }

    fn note_len(&mut self, end: usize) {
        let len = (end - HEADER_LEN) as u16;
        self.buf[2..4].copy_from_slice(&len.to_be_bytes());
    }

    fn finish(mut self, pwd: Option<&str>) -> usize {
        if let Some(pwd) = pwd {
            let mac = integrity(pwd, &self.buf[..self.len], self.len);
            let mac = mac.finalize().into_bytes();
            self.attribute(attribute::MESSAGE_INTEGRITY, &mac);
        }
        // The sum is of a message whose length counts it already.
        self.note_len(self.len + 8);
        let sum = fingerprint(&self.buf[..self.len]);
        self.attribute(attribute::FINGERPRINT, &sum.to_be_bytes());
        self.len
    }
}

/// HMAC over what is before `at`, as if MESSAGE-INTEGRITY there were the last attribute (section 14.5).
fn integrity(pwd: &str, message: &[u8], at: usize) -> Hmac<Sha1> {
    let mut mac = <Hmac<Sha1> as hmac::KeyInit>::new_from_slice(pwd.as_bytes())
        .expect("HMAC takes keys of any length");
    let len = (at + 4 + MAC_LEN - HEADER_LEN) as u16;
    mac.update(&message[..2]);
    mac.update(&len.to_be_bytes());
    mac.update(&message[4..at]);
    mac
}

/// The sum of a message up to FINGERPRINT, whose length counts FINGERPRINT already (section 14.7).
fn fingerprint(message: &[u8]) -> u32 {
    crc32fast::hash(message) ^ FINGERPRINT_XOR
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_be_bytes(*pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Password of RFC 5769.
    const PWD: &str = "VOkJxbRl1RmTxUk/WvJxBt";

    /// The sample request of RFC 5769 section 2.1.
    #[rustfmt::skip]
    const SAMPLE: [u8; 108] = [
        0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
        0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73,
        0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,
        0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09,
        0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14,
        0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,
        0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
    ];

    fn sample() -> Request<'static> {
        Request::parse(&SAMPLE).unwrap()
    }

    #[test]
    fn the_sample_request_of_the_rfc_is_read() {
        let request = sample();
        assert_eq!(request.username, Some(&b"evtj:h6vY"[..]));
        assert!(request.is_controlled && !request.nominates);
        assert!(request.unknown().is_empty());
        assert!(request.is_authentic(PWD));
        assert!(!request.is_authentic("VOkJxbRl1RmTxUk/WvJxBT"));
    }

    /// RFC 5769 sections 2.2 and 2.3, but for their SOFTWARE, which we do not send.
    #[test]
    fn addresses_are_those_of_the_rfc() {
        for (from, mapped) in [
            (
                "192.0.2.1:32853",
                &[0, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43][..],
            ),
            (
                "[2001:db8:1234:5678:11:2233:4455:6677]:32853",
                &[
                    0, 2, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25,
                    0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9,
                ],
            ),
        ] {
            let mut buf = [0; STUN_MAX];
            let len = success(&sample(), from.parse().unwrap(), PWD, &mut buf);
            let answer = &buf[..len];
            assert_eq!(answer[..2], kind::SUCCESS.to_be_bytes());
            assert_eq!(answer[8..20], SAMPLE[8..20]);
            assert_eq!(answer[20..22], attribute::XOR_MAPPED_ADDRESS.to_be_bytes());
            assert_eq!(&answer[24..24 + mapped.len()], mapped, "{from}");
            assert_eq!(usize::from(u16_at(answer, 2).unwrap()), len - HEADER_LEN);
            // Who reads it finds both sums right.
            let mut as_request = buf;
            as_request[..2].copy_from_slice(&kind::REQUEST.to_be_bytes());
            let end = len - 8;
            assert_eq!(answer[end + 4..], fingerprint(&answer[..end]).to_be_bytes());
            let mac_at = end - 4 - MAC_LEN;
            let mac = integrity(PWD, answer, mac_at);
            assert!(mac.verify_slice(&answer[mac_at + 4..end]).is_ok());
        }
    }

    #[test]
    fn nothing_but_a_whole_request_is_one() {
        for len in 0..SAMPLE.len() {
            assert!(Request::parse(&SAMPLE[..len]).is_none(), "{len}");
        }
        for at in (0..100).chain(104..108) {
            for bit in 0..8 {
                let mut changed = SAMPLE;
                changed[at] ^= 1 << bit;
                let is_taken = Request::parse(&changed).is_some_and(|r| r.is_authentic(PWD));
                assert!(!is_taken, "bit {bit} of byte {at}");
            }
        }
        let longer = [&SAMPLE[..], &[0; 4]].concat();
        assert!(Request::parse(&longer).is_none());
    }

    #[test]
    fn what_must_be_understood_and_is_not_is_named() {
        let mut bytes = SAMPLE.to_vec();
        // PRIORITY becomes another attribute that must be understood; the fingerprint goes.
        bytes[40..42].copy_from_slice(&0x7FF0_u16.to_be_bytes());
        bytes.truncate(100);
        bytes[3] = 80;
        let request = Request::parse(&bytes).unwrap();
        assert_eq!(request.unknown(), [0x7FF0]);
        let mut buf = [0; STUN_MAX];
        let len = refusal(&request, Refused::UnknownAttribute, Some(PWD), &mut buf);
        assert!(
            buf[..len]
                .windows(6)
                .any(|bytes| bytes == [0, 0x0A, 0, 2, 0x7F, 0xF0])
        );
    }
}
