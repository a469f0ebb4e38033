//! A session description as values.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};

use super::{Crypto, Format, HandshakeLines, negotiate::refused};

/// Priority of a host candidate (RFC 8445 section 5.1.2.1): type preference 126, the only address, component 1.
const PRIORITY: u32 = (126 << 24) + (65_535 << 8) + 255;

/// A session description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The `o=` line.
    pub origin: Origin,
    /// The maker only answers checks of ICE (RFC 8445 section 2.5).
    pub ice_lite: bool,
    /// Names of the streams that share one way (RFC 9143); empty: each has its own.
    pub bundle: Vec<String>,
    /// Streams in the order of the description; an answer has as many as its offer.
    pub media: Vec<Media>,
}

/// Who made a description, and which edition it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Same for all editions of a session.
    pub session_id: u64,
    /// Grows by one with each change, and only then (RFC 3264 section 8).
    pub version: u64,
    /// Address of the maker; a name if it is not an IP address.
    pub address: String,
}

/// One stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// `audio`, `video`, …
    pub kind: String,
    /// Socket port; 0: refused or off.
    pub port: u16,
    /// `RTP/AVP`, `RTP/SAVP`, …
    pub protocol: String,
    /// Connection address of the stream, or of the session; `None`: a name, or missing.
    pub address: Option<IpAddr>,
    /// Payload types, the most wanted first. Empty for streams that are not audio.
    pub formats: Vec<Format>,
    /// Formats as written, when none of them is known: mirrored in an answer.
    pub formats_raw: String,
    /// Who sends.
    pub direction: Direction,
    /// Wanted ms of audio a packet.
    pub ptime_ms: Option<u16>,
    /// Longest ms of audio a packet that the maker takes.
    pub maxptime_ms: Option<u16>,
    /// Where RTCP goes, if it is not the next port (`a=rtcp`, RFC 3605).
    pub rtcp: Option<SocketAddr>,
    /// RTP and RTCP on one port (RFC 5761).
    pub rtcp_mux: bool,
    /// Keys (RFC 4568) of the ways to encrypt that we know, the most wanted first.
    pub crypto: Vec<Crypto>,
    /// The stream's name (RFC 5888).
    pub mid: Option<String>,
    /// What it says of a handshake.
    pub lines: HandshakeLines,
}

/// Who sends media, seen from the maker of the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Both.
    SendRecv,
    /// Only the maker.
    SendOnly,
    /// Only the other.
    RecvOnly,
    /// Nobody.
    Inactive,
}

impl Direction {
    /// The same, seen from the other side.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Direction::SendRecv => Direction::SendRecv,
            Direction::SendOnly => Direction::RecvOnly,
            Direction::RecvOnly => Direction::SendOnly,
            Direction::Inactive => Direction::Inactive,
        }
    }

    /// Whether the maker sends.
    #[must_use]
    pub fn sends(self) -> bool {
        match self {
            Direction::SendRecv | Direction::SendOnly => true,
            Direction::RecvOnly | Direction::Inactive => false,
        }
    }

    /// Whether the maker receives.
    #[must_use]
    pub fn receives(self) -> bool {
        self.reversed().sends()
    }

    /// The attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::SendRecv => "sendrecv",
            Direction::SendOnly => "sendonly",
            Direction::RecvOnly => "recvonly",
            Direction::Inactive => "inactive",
        }
    }

    pub(super) fn of(sends: bool, receives: bool) -> Self {
        match (sends, receives) {
            (true, true) => Direction::SendRecv,
            (true, false) => Direction::SendOnly,
            (false, true) => Direction::RecvOnly,
            (false, false) => Direction::Inactive,
        }
    }
}

impl Session {
    /// The first audio stream that is not refused.
    #[must_use]
    pub fn audio(&self) -> Option<&Media> {
        self.streams().next()
    }

    /// Audio streams that are not refused.
    pub(super) fn streams(&self) -> impl Iterator<Item = &Media> {
        self.media.iter().filter(|media| media.is_live_audio())
    }

    /// The same with every stream that `before` had, each in its place (RFC 3264 section 8): all but the
    /// audio stay off.
    #[must_use]
    pub(crate) fn in_place_of(mut self, before: &Self) -> Self {
        if let Some(place) = before.media.iter().position(Media::is_live_audio)
            && let Some(audio) = self.media.pop()
        {
            self.media = before.media.iter().map(refused).collect();
            self.media[place] = audio;
        }
        self
    }

    /// The answer of this side to an offer of which it takes nothing.
    #[must_use]
    pub(crate) fn refusing(mut self, offer: &Self) -> Self {
        self.origin.version += 1;
        self.media = offer.media.iter().map(refused).collect();
        self
    }

    /// As it goes into a message body.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Origin {
            session_id,
            version,
            address,
        } = &self.origin;
        let family = if address.contains(':') { "IP6" } else { "IP4" };
        write!(
            f,
            "v=0\r\no=- {session_id} {version} IN {family} {address}\r\ns=-\r\n"
        )?;
        write!(f, "c=IN {family} {address}\r\nt=0 0\r\n")?;
        if self.ice_lite {
            f.write_str("a=ice-lite\r\n")?;
        }
        if !self.bundle.is_empty() {
            write!(f, "a=group:BUNDLE {}\r\n", self.bundle.join(" "))?;
        }
        for media in &self.media {
            media.write(f, &self.origin.address)?;
            if self.ice_lite && media.lines.ice_ufrag.is_some() {
                media.write_candidate(f)?;
            }
        }
        Ok(())
    }
}

impl Media {
    fn is_live_audio(&self) -> bool {
        self.kind == "audio" && self.port != 0
    }

    /// Whether its profile says that it is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.protocol.ends_with("RTP/SAVP") || self.protocol.ends_with("RTP/SAVPF")
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, session_address: &str) -> fmt::Result {
        write!(f, "m={} {} {}", self.kind, self.port, self.protocol)?;
        for format in &self.formats {
            write!(f, " {}", format.payload_type)?;
        }
        if self.formats.is_empty() {
            write!(f, " {}\r\n", self.formats_raw)?;
            return self.write_mid(f);
        }
        f.write_str("\r\n")?;
        if let Some(address) = self.address.filter(|a| a.to_string() != session_address) {
            write!(
                f,
                "c=IN {} {address}\r\n",
                if address.is_ipv6() { "IP6" } else { "IP4" }
            )?;
        }
        for format in &self.formats {
            self.write_format(f, format)?;
        }
        if let Some(ptime) = self.ptime_ms {
            write!(f, "a=ptime:{ptime}\r\n")?;
        }
        if self.rtcp_mux {
            f.write_str("a=rtcp-mux\r\n")?;
        }
        for line in &self.crypto {
            write!(f, "a=crypto:{line}\r\n")?;
        }
        self.write_mid(f)?;
        self.lines.write(f)?;
        write!(f, "a={}\r\n", self.direction.as_str())
    }

    fn write_mid(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.mid {
            Some(mid) => write!(f, "a=mid:{mid}\r\n"),
            None => Ok(()),
        }
    }

    /// Our one candidate is where we receive (RFC 8839 section 4.2); browsers put what they hear into the
    /// stream that `msid` (RFC 8830) names.
    fn write_candidate(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(address), port) = (self.address, self.port) else {
            return Ok(());
        };
        write!(
            f,
            "a=candidate:1 1 UDP {PRIORITY} {address} {port} typ host\r\na=end-of-candidates\r\n"
        )?;
        f.write_str("a=msid:switchboard audio\r\n")
    }

    fn write_format(&self, f: &mut fmt::Formatter<'_>, format: &Format) -> fmt::Result {
        let Format {
            payload_type,
            name,
            clock_rate_hz,
            channels,
            fmtp,
        } = format;
        if !name.is_empty() {
            write!(f, "a=rtpmap:{payload_type} {name}/{clock_rate_hz}")?;
            if *channels > 1 {
                write!(f, "/{channels}")?;
            }
            f.write_str("\r\n")?;
        }
        if let Some(fmtp) = fmtp {
            write!(f, "a=fmtp:{payload_type} {fmtp}\r\n")?;
        }
        Ok(())
    }
}
