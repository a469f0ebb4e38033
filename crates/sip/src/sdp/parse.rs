//! Reads session descriptions.

use std::net::{IpAddr, SocketAddr};

use super::{Crypto, Direction, Format, HandshakeLines, Media, Origin, Session};

/// Longest description, bytes.
const BYTES_MAX: usize = 65_536;
/// Most streams of a description.
const STREAMS_MAX: usize = 32;
/// Most formats of a stream.
const FORMATS_MAX: usize = 64;
/// Most lines of keys that are looked at, of a stream.
const CRYPTO_MAX: usize = 16;
/// Longest name of a stream.
const MID_LEN_MAX: usize = 64;

/// A description that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    /// Not SDP version 0, or not text.
    #[error("not a session description")]
    NotSdp,
    /// A line that cannot be read.
    #[error("invalid `{0}=` line")]
    Line(char),
    /// More than 64 KiB, 32 streams or 64 formats of a stream.
    #[error("session description too long")]
    TooLong,
}

impl Session {
    /// Reads a description. Lines and attributes that do not matter for audio are skipped.
    ///
    /// # Errors
    ///
    /// When it is not SDP, too long, or an `m=` or `o=` line is broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, SdpError> {
        if bytes.len() > BYTES_MAX {
            return Err(SdpError::TooLong);
        }
        // Names in other encodings than UTF-8 stand in lines that do not matter here.
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty());
        if lines.next() != Some("v=0") {
            return Err(SdpError::NotSdp);
        }
        let mut reader = Reader::default();
        for line in lines {
            let Some((kind, value)) = line.split_once('=') else {
                continue;
            };
            match kind.trim() {
                "o" => reader.origin = Some(origin(value)?),
                "c" => reader.connection(value),
                "m" => reader.stream(value)?,
                "a" => reader.attribute(value),
                _ => {}
            }
        }
        reader.finish()
    }
}

#[derive(Default)]
struct Reader {
    origin: Option<Origin>,
    address: Option<IpAddr>,
    direction: Option<Direction>,
    ptime_ms: Option<u16>,
    maxptime_ms: Option<u16>,
    lines: HandshakeLines,
    ice_lite: bool,
    bundle: Vec<String>,
    media: Vec<Media>,
}

impl Reader {
    /// `IN IP4 192.0.2.1`, with or without a time to live.
    fn connection(&mut self, value: &str) {
        let address = connection(value);
        match self.media.last_mut() {
            Some(media) => media.address = address,
            None => self.address = address,
        }
    }

    /// `audio 49170 RTP/AVP 0 8 101`.
    fn stream(&mut self, value: &str) -> Result<(), SdpError> {
        if self.media.len() >= STREAMS_MAX {
            return Err(SdpError::TooLong);
        }
        let mut words = value.split_whitespace();
        let kind = words
            .next()
            .ok_or(SdpError::Line('m'))?
            .to_ascii_lowercase();
        let port = words
            .next()
            .and_then(|p| p.split('/').next())
            .ok_or(SdpError::Line('m'))?;
        let port = port.parse().map_err(|_| SdpError::Line('m'))?;
        let protocol = words.next().ok_or(SdpError::Line('m'))?.to_owned();
        let raw: Vec<&str> = words.collect();
        if raw.len() > FORMATS_MAX {
            return Err(SdpError::TooLong);
        }
        let formats = match kind.as_str() {
            "audio" => raw
                .iter()
                .filter_map(|f| f.parse().ok())
                .filter_map(static_format)
                .collect(),
            _ => Vec::new(),
        };
        self.media.push(Media {
            kind,
            port,
            protocol,
            address: self.address,
            formats,
            formats_raw: raw.join(" "),
            direction: self.direction.unwrap_or(Direction::SendRecv),
            ptime_ms: self.ptime_ms,
            maxptime_ms: self.maxptime_ms,
            rtcp: None,
            rtcp_mux: false,
            crypto: Vec::new(),
            mid: None,
            lines: HandshakeLines::default(),
        });
        Ok(())
    }

    fn attribute(&mut self, value: &str) {
        let (name, value) = value.split_once(':').unwrap_or((value, ""));
        if let Some(direction) = direction(name) {
            match self.media.last_mut() {
                Some(media) => media.direction = direction,
                None => self.direction = Some(direction),
            }
            return;
        }
        let Some(media) = self.media.last_mut() else {
            match name {
                "ptime" => self.ptime_ms = ptime(value),
                "maxptime" => self.maxptime_ms = ptime(value),
                "ice-lite" => self.ice_lite = true,
                "group" if self.bundle.is_empty() => self.bundle = bundle(value),
                name => self.lines.read(name, value),
            }
            return;
        };
        match name {
            "rtpmap" => rtpmap(media, value),
            "fmtp" => fmtp(media, value),
            "ptime" => media.ptime_ms = ptime(value),
            "maxptime" => media.maxptime_ms = ptime(value),
            "rtcp-mux" => media.rtcp_mux = true,
            "rtcp" => media.rtcp = rtcp(value, media.address),
            "crypto" if media.crypto.len() < CRYPTO_MAX => {
                media.crypto.extend(Crypto::parse(value));
            }
            "mid" => media.mid = mid(value.trim()),
            name => media.lines.read(name, value),
        }
    }

    fn finish(mut self) -> Result<Session, SdpError> {
        let origin = self.origin.ok_or(SdpError::Line('o'))?;
        for media in &mut self.media {
            media.lines.or(&self.lines);
            // Formats that nothing describes are of no use, except to be refused.
            media.formats.retain(|format| !format.name.is_empty());
            if !media.formats.is_empty() {
                media.formats_raw.clear();
            }
        }
        Ok(Session {
            origin,
            ice_lite: self.ice_lite,
            bundle: self.bundle,
            media: self.media,
        })
    }
}

/// The names of a group of streams that share one way; other groups say nothing of it.
fn bundle(value: &str) -> Vec<String> {
    let mut words = value.split_whitespace();
    match words.next() {
        Some("BUNDLE") => words.filter_map(mid).take(STREAMS_MAX).collect(),
        Some(_) | None => Vec::new(),
    }
}

/// A stream's name: a token.
fn mid(word: &str) -> Option<String> {
    let fits =
        (1..=MID_LEN_MAX).contains(&word.len()) && word.bytes().all(|c| c.is_ascii_graphic());
    fits.then(|| word.to_owned())
}

/// An address of the kind that it is said to be, where one peer is: what is sent to many would flood them.
fn connection(value: &str) -> Option<IpAddr> {
    let mut words = value.split_whitespace();
    let kind = (words.next()?, words.next()?);
    let address: IpAddr = words.next()?.split('/').next()?.parse().ok()?;
    let fits = match address {
        IpAddr::V4(v4) => kind == ("IN", "IP4") && !v4.is_multicast() && !v4.is_broadcast(),
        IpAddr::V6(v6) => kind == ("IN", "IP6") && !v6.is_multicast(),
    };
    fits.then_some(address)
}

/// `- 2890844526 2890842807 IN IP4 192.0.2.1`.
fn origin(value: &str) -> Result<Origin, SdpError> {
    let words: Vec<&str> = value.split_whitespace().collect();
    // Ids are numbers of any length; those that do not fit matter only to their maker.
    let number = |word: &str| word.parse().unwrap_or(0);
    match words.as_slice() {
        [_, session_id, version, _, _, address, ..] => Ok(Origin {
            session_id: number(session_id),
            version: number(version),
            address: (*address).to_owned(),
        }),
        _ => Err(SdpError::Line('o')),
    }
}

fn direction(name: &str) -> Option<Direction> {
    [
        Direction::SendRecv,
        Direction::SendOnly,
        Direction::RecvOnly,
        Direction::Inactive,
    ]
    .into_iter()
    .find(|direction| direction.as_str() == name)
}

/// ms of audio a packet, 1 to 200: more is a mistake or an attack on buffers.
fn ptime(value: &str) -> Option<u16> {
    let whole = value.trim().split('.').next()?;
    whole.parse().ok().filter(|ms| (1..=200).contains(ms))
}

/// A payload type with the meaning that it has without rtpmap (RFC 3551 table 4).
fn static_format(payload_type: u8) -> Option<Format> {
    let (name, clock_rate_hz) = match payload_type {
        0 => ("PCMU", 8_000),
        3 => ("GSM", 8_000),
        4 => ("G723", 8_000),
        8 => ("PCMA", 8_000),
        9 => ("G722", 8_000),
        13 => ("CN", 8_000),
        18 => ("G729", 8_000),
        1..=127 => ("", 0),
        128.. => return None,
    };
    Some(Format {
        payload_type,
        name: name.to_owned(),
        clock_rate_hz,
        channels: 1,
        fmtp: None,
    })
}

/// `101 telephone-event/8000` or `111 opus/48000/2`.
fn rtpmap(media: &mut Media, value: &str) {
    let Some((format, encoding)) = format_of(media, value) else {
        return;
    };
    let mut parts = encoding.trim().split('/');
    let (Some(name), Some(Ok(rate))) = (parts.next(), parts.next().map(str::parse)) else {
        return;
    };
    name.trim().clone_into(&mut format.name);
    format.clock_rate_hz = rate;
    format.channels = parts.next().and_then(|n| n.parse().ok()).unwrap_or(1);
}

fn fmtp(media: &mut Media, value: &str) {
    if let Some((format, params)) = format_of(media, value) {
        format.fmtp = Some(params.trim().to_owned());
    }
}

/// The format that an attribute is about, and the rest of the attribute.
fn format_of<'a, 'b>(media: &'a mut Media, value: &'b str) -> Option<(&'a mut Format, &'b str)> {
    let (payload_type, rest) = value.trim().split_once(' ')?;
    let payload_type: u8 = payload_type.parse().ok()?;
    let format = media
        .formats
        .iter_mut()
        .find(|f| f.payload_type == payload_type)?;
    Some((format, rest))
}

/// `53020` or `53020 IN IP4 126.16.64.4`.
fn rtcp(value: &str, address: Option<IpAddr>) -> Option<SocketAddr> {
    let mut words = value.split_whitespace();
    let port: u16 = words.next()?.parse().ok()?;
    let place = value.split_once(' ').map(|(_, place)| place.trim());
    let ip = match place.filter(|place| !place.is_empty()) {
        Some(place) => connection(place)?,
        None => address?,
    };
    Some(SocketAddr::new(ip, port))
}
