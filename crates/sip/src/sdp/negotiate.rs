//! Offer and answer (RFC 3264): which codecs, where, and who sends.

use std::net::{Ipv4Addr, SocketAddr};

use super::{
    Codec, Direction, Format, HandshakeLines, Media, Mismatch, Origin, Secured, Security, Session,
    security,
};

/// Payload type of telephone-event in our offers, the usual one.
const TELEPHONE_EVENT_OFFERED: u8 = 101;
/// The same on the clock of Opus.
const TELEPHONE_EVENT_48K_OFFERED: u8 = 102;
/// ms of audio a packet when nobody says (RFC 3551 section 4.2).
const PTIME_MS: u16 = 20;
/// Packets last a multiple of this, ms.
const PTIME_STEP_MS: u16 = 10;
/// The longest that we send, ms.
const PTIME_MS_MAX: u16 = 60;
/// DTMF keys 0 to 9, *, #, A to D (RFC 4733 section 3.2).
const TELEPHONE_EVENTS: &str = "0-15";

/// The port of an address that is not known yet (RFC 8839 section 4.2.1).
const DISCARD: u16 = 9;

/// Our end of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// Where we receive RTP; RTCP is the next port.
    pub address: SocketAddr,
    /// Same for all descriptions of one leg.
    pub session_id: u64,
    /// Edition of our description.
    pub version: u64,
    /// ms of audio a packet that we want.
    pub ptime_ms: u16,
    /// Who sends, as far as we wish.
    pub direction: Direction,
    /// Whether media is encrypted.
    pub security: Security,
    /// Whether we take key presses as events.
    pub events: bool,
}

impl Local {
    /// Our end and our codecs as a description of ours has them, ready to send and receive.
    pub(crate) fn of(ours: &Session) -> Option<(Self, Vec<Codec>)> {
        let audio = ours.audio()?;
        let local = Self {
            address: SocketAddr::new(audio.address?, audio.port),
            session_id: ours.origin.session_id,
            version: ours.origin.version,
            ptime_ms: audio.ptime_ms.unwrap_or(PTIME_MS),
            direction: Direction::SendRecv,
            security: Security::of(audio),
            events: true,
        };
        Some((local, audio.formats.iter().filter_map(Codec::of).collect()))
    }
}

/// What both sides agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// Where to send RTP. Where the way is found by ICE, only what the description named: nobody may be
    /// there.
    pub remote: SocketAddr,
    /// Where to send RTCP.
    pub remote_rtcp: SocketAddr,
    /// RTP and RTCP share one port.
    pub rtcp_mux: bool,
    /// What to send and to expect.
    pub codec: Codec,
    /// Payload type of packets that we send.
    pub payload_type_sent: u8,
    /// Payload type of packets that we receive.
    pub payload_type_received: u8,
    /// Payload type of DTMF events that we send, if the peer takes them.
    pub dtmf_sent: Option<u8>,
    /// Payload type of DTMF events that we receive.
    pub dtmf_received: Option<u8>,
    /// Clock of both, ticks a second.
    pub dtmf_clock_hz: u32,
    /// ms of audio a packet that the peer wants.
    pub ptime_ms: u16,
    /// Who sends, seen from us.
    pub direction: Direction,
    /// How media is encrypted; `None`: it is not.
    pub secured: Option<Secured>,
}

/// Our offer: the codecs in the order of our wish, and DTMF events.
#[must_use]
pub fn offer(local: &Local, codecs: &[Codec]) -> Session {
    let mut formats: Vec<Format> = codecs
        .iter()
        .map(|codec| our_format(*codec, codec.payload_type_offered()))
        .collect();
    if local.events {
        formats.push(our_telephone_event(TELEPHONE_EVENT_OFFERED, 8_000));
    }
    if local.events && codecs.contains(&Codec::Opus) {
        formats.push(our_telephone_event(TELEPHONE_EVENT_48K_OFFERED, 48_000));
    }
    let mut audio = our_audio(local, formats, local.direction, local.security.profile());
    audio.crypto = local.security.offered_keys();
    if let Some((handshake, _)) = local.security.offered_handshake() {
        audio.lines = handshake.offered();
        // The handshake is made for one way: RTCP goes the same.
        audio.rtcp_mux = true;
        audio.mid = Some(handshake.mid.clone()).filter(|mid| !mid.is_empty());
    }
    let bundle = audio.mid.clone().into_iter().collect();
    describe(local, bundle, vec![audio])
}

/// Our answer to an offer: the first audio stream of it that fits, with the first of its codecs that we
/// have, and DTMF events if offered. Some peers offer the same stream encrypted and plain.
///
/// # Errors
///
/// When no audio stream of the offer can be used: what is wrong with the first.
pub fn answer(
    offer: &Session,
    local: &Local,
    codecs: &[Codec],
) -> Result<(Session, Negotiated), Mismatch> {
    let mut why = Mismatch::NoAudio;
    for (n, theirs) in offer.streams().enumerate() {
        match answer_stream(offer, theirs, local, codecs) {
            Ok(agreed) => return Ok(agreed),
            Err(first) if n == 0 => why = first,
            Err(_) => {}
        }
    }
    Err(why)
}

fn answer_stream(
    offer: &Session,
    theirs: &Media,
    local: &Local,
    codecs: &[Codec],
) -> Result<(Session, Negotiated), Mismatch> {
    let protection = local.security.answered(theirs, offer.ice_lite)?;
    let has_ice = protection.secured.as_ref().is_some_and(Secured::has_ice);
    let (codec, chosen) = theirs
        .formats
        .iter()
        .find_map(|format| {
            Codec::of(format)
                .filter(|codec| codecs.contains(codec))
                .map(|codec| (codec, format))
        })
        .ok_or(Mismatch::NoCodec)?;
    let (remote, remote_rtcp) = addresses(theirs, has_ice)?;
    // Who cannot be sent to is told so: our sockets are of one kind.
    if remote.is_ipv4() != local.address.is_ipv4() && !has_ice && !is_nowhere(remote) {
        return Err(Mismatch::Address);
    }
    let direction = Direction::of(
        local.direction.sends() && theirs.direction.receives() && (has_ice || !is_nowhere(remote)),
        local.direction.receives() && theirs.direction.sends(),
    );
    let dtmf = telephone_event(theirs, codec).filter(|_| local.events);
    let mut formats = vec![our_format(codec, chosen.payload_type)];
    formats.extend(dtmf.map(|(payload_type, clock)| our_telephone_event(payload_type, clock)));
    let mut audio = our_audio(local, formats, direction, &theirs.protocol);
    // Peers that want packets of another length mostly send them so, too.
    let ptime_ms = wanted_ptime(theirs, local.ptime_ms);
    audio.ptime_ms = Some(ptime_ms);
    audio.rtcp_mux = theirs.rtcp_mux;
    audio.crypto.extend(protection.crypto);
    audio.lines = protection.lines;
    audio.mid.clone_from(&theirs.mid);
    let mut bundle = offer.bundle.clone();
    bundle.retain(|mid| Some(mid) == audio.mid.as_ref());
    let media = offer
        .media
        .iter()
        .map(|media| {
            if std::ptr::eq(media, theirs) {
                audio.clone()
            } else {
                refused(media)
            }
        })
        .collect();
    let negotiated = Negotiated {
        remote,
        remote_rtcp,
        rtcp_mux: theirs.rtcp_mux,
        codec,
        payload_type_sent: chosen.payload_type,
        payload_type_received: chosen.payload_type,
        dtmf_sent: dtmf.map(|(payload_type, _)| payload_type),
        dtmf_received: dtmf.map(|(payload_type, _)| payload_type),
        dtmf_clock_hz: dtmf.map_or(8_000, |(_, clock)| clock),
        ptime_ms,
        direction,
        secured: protection.secured,
    };
    Ok((describe(local, bundle, media), negotiated))
}

/// What holds after the peer answered our offer.
///
/// # Errors
///
/// When the answer refuses the stream or names nothing that we offered.
pub fn negotiated(offer: &Session, answer: &Session) -> Result<Negotiated, Mismatch> {
    let ours = offer.audio().ok_or(Mismatch::NoAudio)?;
    let theirs = answer.audio().ok_or(Mismatch::NoAudio)?;
    let secured = security::taken(ours, theirs, answer.ice_lite)?;
    let has_ice = secured.as_ref().is_some_and(Secured::has_ice);
    let (codec, sent, received) = theirs
        .formats
        .iter()
        .find_map(|format| {
            let codec = Codec::of(format)?;
            let offered = ours
                .formats
                .iter()
                .find(|ours| Codec::of(ours) == Some(codec))?;
            Some((codec, format.payload_type, offered.payload_type))
        })
        .ok_or(Mismatch::NoCodec)?;
    let (remote, remote_rtcp) = addresses(theirs, has_ice)?;
    let takes_events = ours.formats.iter().any(Format::is_telephone_event);
    let dtmf = telephone_event(theirs, codec).filter(|_| takes_events);
    let ours_of_clock = |clock| {
        let mut events = ours
            .formats
            .iter()
            .filter(|format| format.is_telephone_event());
        events.find(|format| format.clock_rate_hz == clock)
    };
    Ok(Negotiated {
        remote,
        remote_rtcp,
        rtcp_mux: ours.rtcp_mux && theirs.rtcp_mux,
        codec,
        payload_type_sent: sent,
        payload_type_received: received,
        dtmf_sent: dtmf.map(|(payload_type, _)| payload_type),
        dtmf_received: dtmf
            .and_then(|(_, clock)| ours_of_clock(clock))
            .map(|format| format.payload_type),
        dtmf_clock_hz: dtmf.map_or(8_000, |(_, clock)| clock),
        ptime_ms: wanted_ptime(theirs, ours.ptime_ms.unwrap_or(PTIME_MS)),
        direction: Direction::of(
            ours.direction.sends()
                && theirs.direction.receives()
                && (has_ice || !is_nowhere(remote)),
            ours.direction.receives() && theirs.direction.sends(),
        ),
        secured,
    })
}

/// ms of audio a packet that a peer wants: what it says, but no more than it takes (RFC 8866 sections 6.4
/// and 6.5), in the steps and lengths that packets have here; `ours` where it says nothing.
fn wanted_ptime(theirs: &Media, ours: u16) -> u16 {
    let wanted = theirs.ptime_ms.unwrap_or(ours);
    let most = theirs.maxptime_ms.unwrap_or(PTIME_MS_MAX);
    let whole = wanted.min(most).min(PTIME_MS_MAX) / PTIME_STEP_MS * PTIME_STEP_MS;
    whole.max(PTIME_STEP_MS)
}

/// Whether it is the hold of RFC 2543, address 0.0.0.0 (RFC 3264 section 8.4): nothing is sent,
/// whatever the stream's own word is.
fn is_nowhere(remote: SocketAddr) -> bool {
    remote.ip().is_unspecified()
}

/// Where the peer receives RTP and RTCP. With ICE it need not say so.
fn addresses(media: &Media, has_ice: bool) -> Result<(SocketAddr, SocketAddr), Mismatch> {
    let unknown = SocketAddr::from((Ipv4Addr::UNSPECIFIED, DISCARD));
    let ip = match media.address {
        None if has_ice => return Ok((unknown, unknown)),
        address => address.ok_or(Mismatch::Address)?,
    };
    let remote = SocketAddr::new(ip, media.port);
    let next = SocketAddr::new(ip, media.port.saturating_add(1));
    let rtcp = if media.rtcp_mux {
        remote
    } else {
        media.rtcp.unwrap_or(next)
    };
    Ok((remote, rtcp))
}

/// Payload type and clock of a stream's DTMF events: those on the clock of the codec (RFC 4733 section
/// 2.1), or on that of telephones, which many phones have beside every codec.
fn telephone_event(media: &Media, codec: Codec) -> Option<(u8, u32)> {
    let on = |clock| {
        let mut events = media
            .formats
            .iter()
            .filter(|format| format.is_telephone_event());
        events
            .find(|format| format.clock_rate_hz == clock)
            .map(|format| (format.payload_type, clock))
    };
    on(codec.clock_rate_hz()).or_else(|| on(8_000))
}

fn describe(local: &Local, bundle: Vec<String>, media: Vec<Media>) -> Session {
    let origin = Origin {
        session_id: local.session_id,
        version: local.version,
        address: local.address.ip().to_string(),
    };
    let has_ice = |media: &Media| media.lines.ice_ufrag.is_some();
    Session {
        origin,
        ice_lite: media.iter().any(has_ice),
        bundle,
        media,
    }
}

fn our_audio(local: &Local, formats: Vec<Format>, direction: Direction, protocol: &str) -> Media {
    Media {
        kind: "audio".to_owned(),
        port: local.address.port(),
        protocol: protocol.to_owned(),
        address: Some(local.address.ip()),
        formats,
        formats_raw: String::new(),
        direction,
        ptime_ms: Some(local.ptime_ms),
        maxptime_ms: None,
        rtcp: None,
        rtcp_mux: false,
        crypto: Vec::new(),
        mid: None,
        lines: HandshakeLines::default(),
    }
}

fn our_format(codec: Codec, payload_type: u8) -> Format {
    Format {
        payload_type,
        name: codec.name().to_owned(),
        clock_rate_hz: codec.clock_rate_hz(),
        channels: codec.channels(),
        fmtp: codec.our_fmtp().map(str::to_owned),
    }
}

fn our_telephone_event(payload_type: u8, clock_rate_hz: u32) -> Format {
    Format {
        payload_type,
        name: "telephone-event".to_owned(),
        clock_rate_hz,
        channels: 1,
        fmtp: Some(TELEPHONE_EVENTS.to_owned()),
    }
}

/// A stream as it is refused or off: port 0 and its formats (RFC 3264 section 6).
pub(super) fn refused(media: &Media) -> Media {
    Media {
        port: 0,
        direction: Direction::Inactive,
        crypto: Vec::new(),
        lines: HandshakeLines::default(),
        ..media.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(port: u16) -> Local {
        Local {
            address: SocketAddr::from(([192, 0, 2, 1], port)),
            session_id: 5,
            version: 1,
            ptime_ms: 20,
            direction: Direction::SendRecv,
            security: Security::OFF,
            events: true,
        }
    }

    fn session(lines: &str) -> Session {
        let head = "v=0\no=- 1 1 IN IP4 h\ns=-\nc=IN IP4 198.51.100.7\nt=0 0\n";
        Session::parse(format!("{head}{lines}").as_bytes()).unwrap()
    }

    const OURS: [Codec; 2] = [Codec::Pcma, Codec::Pcmu];

    #[test]
    fn the_callers_first_codec_that_we_have_is_chosen() {
        let offer = session(
            "m=audio 4000 RTP/AVP 18 0 8 97\na=rtpmap:97 telephone-event/8000\na=ptime:30\nm=video 5000 RTP/AVP 99\n",
        );
        let (answer, agreed) = answer(&offer, &local(9000), &OURS).unwrap();
        assert_eq!(
            answer.to_string().split("t=0 0\r\n").nth(1).unwrap(),
            "m=audio 9000 RTP/AVP 0 97\r\na=rtpmap:0 PCMU/8000\r\n\
             a=rtpmap:97 telephone-event/8000\r\na=fmtp:97 0-15\r\na=ptime:30\r\na=sendrecv\r\n\
             m=video 0 RTP/AVP 99\r\n"
        );
        assert_eq!(agreed.remote, SocketAddr::from(([198, 51, 100, 7], 4000)));
        assert_eq!(agreed.remote_rtcp.port(), 4001);
        assert_eq!((agreed.codec, agreed.ptime_ms), (Codec::Pcmu, 30));
        assert_eq!(
            (agreed.dtmf_sent, agreed.direction),
            (Some(97), Direction::SendRecv)
        );
    }

    #[test]
    fn who_wants_tones_agrees_on_no_events() {
        let tones = Local {
            events: false,
            ..local(9000)
        };
        let theirs = session("m=audio 4000 RTP/AVP 8 101\na=rtpmap:101 telephone-event/8000\n");
        let (ours, agreed) = answer(&theirs, &tones, &OURS).unwrap();
        assert!(!ours.to_string().contains("telephone-event"));
        assert_eq!((agreed.dtmf_sent, agreed.dtmf_received), (None, None));
        let offered = offer(&tones, &OURS);
        assert!(!offered.to_string().contains("telephone-event"));
        assert_eq!(negotiated(&offered, &theirs).unwrap().dtmf_sent, None);
    }

    #[test]
    fn packets_are_as_long_as_the_peer_wants_and_no_longer_than_it_takes() {
        for (lines, expected) in [
            ("", 20),
            ("a=ptime:10\n", 10),
            ("a=ptime:40\n", 40),
            ("a=ptime:60\na=maxptime:30\n", 30),
            ("a=maxptime:10\n", 10),
            ("a=maxptime:240\n", 20),
            ("a=ptime:200\n", 60),
            ("a=ptime:25\n", 20),
            ("a=ptime:5\n", 10),
        ] {
            let media = format!("m=audio 4000 RTP/AVP 8\n{lines}");
            let (ours, agreed) = answer(&session(&media), &local(9000), &OURS).unwrap();
            assert_eq!(agreed.ptime_ms, expected, "{lines}");
            assert!(
                ours.to_string()
                    .contains(&format!("a=ptime:{expected}\r\n"))
            );
            let agreed = negotiated(&offer(&local(9000), &OURS), &session(&media)).unwrap();
            assert_eq!(agreed.ptime_ms, expected, "{lines}");
        }
    }

    #[test]
    fn both_sides_of_an_offer_agree() {
        let offered = offer(&local(9000), &[Codec::Opus, Codec::Pcma]);
        let theirs = Local {
            address: SocketAddr::from(([198, 51, 100, 7], 7000)),
            ..local(0)
        };
        let (answer, answerer) = answer(&offered, &theirs, &[Codec::Pcma, Codec::Opus]).unwrap();
        let read = Session::parse(&answer.to_bytes()).unwrap();
        assert_eq!(read, answer, "what is written is read the same");
        let offerer = negotiated(&offered, &read).unwrap();
        assert_eq!((offerer.codec, answerer.codec), (Codec::Opus, Codec::Opus));
        assert_eq!(offerer.payload_type_sent, answerer.payload_type_received);
        assert_eq!(offerer.dtmf_sent, Some(TELEPHONE_EVENT_48K_OFFERED));
        assert_eq!(
            (offerer.dtmf_clock_hz, answerer.dtmf_clock_hz),
            (48_000, 48_000)
        );
        assert_eq!(offerer.remote, theirs.address);
    }

    #[test]
    fn payload_types_may_differ_by_direction() {
        let offered = offer(&local(9000), &[Codec::Opus]);
        let theirs = session(
            "m=audio 7000 RTP/AVP 96 100\na=rtpmap:96 OPUS/48000/2\na=rtpmap:100 telephone-event/8000\n",
        );
        let agreed = negotiated(&offered, &theirs).unwrap();
        assert_eq!(
            (agreed.payload_type_sent, agreed.payload_type_received),
            (96, 111)
        );
        assert_eq!(
            (agreed.dtmf_sent, agreed.dtmf_received),
            (Some(100), Some(101))
        );
    }

    #[test]
    fn hold_and_rtcp_are_understood() {
        let held = session(
            "a=inactive\nm=audio 4000 RTP/AVP 8\nc=IN IP4 0.0.0.0\na=sendonly\na=rtcp:4400\n",
        );
        let (_, agreed) = answer(&held, &local(9000), &OURS).unwrap();
        assert_eq!(
            agreed.direction,
            Direction::RecvOnly,
            "the stream's own word counts"
        );
        assert_eq!(agreed.remote_rtcp.port(), 4400);
        let mux = session("m=audio 4000 RTP/AVP 8\na=rtcp-mux\n");
        let (ours, agreed) = answer(&mux, &local(9000), &OURS).unwrap();
        assert!(agreed.rtcp_mux && ours.to_string().contains("a=rtcp-mux"));
        assert_eq!(agreed.remote_rtcp, agreed.remote);
    }

    #[test]
    fn nothing_is_sent_to_the_address_of_the_old_hold() {
        let held = session("m=audio 4000 RTP/AVP 8\nc=IN IP4 0.0.0.0\na=sendrecv\n");
        let (ours, agreed) = answer(&held, &local(9000), &OURS).unwrap();
        assert_eq!(agreed.direction, Direction::RecvOnly);
        assert!(ours.to_string().contains("a=recvonly"));
        let offered = offer(&local(9000), &OURS);
        let agreed = negotiated(&offered, &held).unwrap();
        assert_eq!(agreed.direction, Direction::RecvOnly);
    }

    #[test]
    fn of_two_streams_the_one_that_fits_is_taken() {
        let offer = session(
            "m=audio 7016 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MFtlKkxOZF16aGBwK0Veaks2JC5+cDBnLWlyeUhN\nm=audio 7018 RTP/AVP 0\n",
        );
        let (ours, agreed) = answer(&offer, &local(9000), &OURS).unwrap();
        assert_eq!((agreed.remote.port(), agreed.secured), (7018, None));
        assert_eq!(
            ours.media.iter().map(|m| m.port).collect::<Vec<_>>(),
            [0, 9000]
        );
        let later = super::offer(&local(9000), &OURS).in_place_of(&ours);
        let lines = later.to_string();
        assert!(lines.contains("m=audio 0 RTP/SAVP 0\r\n"), "{lines}");
        assert!(
            lines.contains("m=audio 9000 RTP/AVP 8 0 101\r\n"),
            "{lines}"
        );
        assert!(!lines.contains("crypto"), "{lines}");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let why = |lines: &str| answer(&session(lines), &local(1), &OURS).unwrap_err();
        assert_eq!(why("m=video 5000 RTP/AVP 99\n"), Mismatch::NoAudio);
        assert_eq!(why("m=audio 0 RTP/AVP 8\n"), Mismatch::NoAudio);
        assert_eq!(why("m=audio 4000 RTP/AVP 18\n"), Mismatch::NoCodec);
        assert_eq!(why("m=audio 4000 RTP/SAVP 8\n"), Mismatch::Protocol);
        for address in [
            "IN IP4 host.example",
            "IN X25 192.0.2.1",
            "ATM NSAP 192.0.2.1",
            "IN IP4 224.2.1.1/127/3",
            "IN IP4 255.255.255.255",
            "IN IP6 ff02::1",
            "IN IP6 2001:db8::1",
        ] {
            let lines = format!("m=audio 4000 RTP/AVP 8\nc={address}\n");
            assert_eq!(why(&lines), Mismatch::Address, "{address}");
        }
    }
}
