//! Codecs and their payload types.

/// A codec that we can name in SDP; whether we can decode it is the media layer's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// G.711 A-law, 8 kHz, static payload type 8.
    Pcma,
    /// G.711 µ-law, 8 kHz, static payload type 0.
    Pcmu,
    /// G.722, 16 kHz sound with an RTP clock of 8 kHz (RFC 3551 section 4.5.2), static type 9.
    G722,
    /// Opus (RFC 7587), 48 kHz clock, two channels in rtpmap whatever is sent.
    Opus,
}

impl Codec {
    /// Encoding name in rtpmap.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Codec::Pcma => "PCMA",
            Codec::Pcmu => "PCMU",
            Codec::G722 => "G722",
            Codec::Opus => "opus",
        }
    }

    /// RTP timestamp ticks a second.
    #[must_use]
    pub fn clock_rate_hz(self) -> u32 {
        match self {
            Codec::Pcma | Codec::Pcmu | Codec::G722 => 8_000,
            Codec::Opus => 48_000,
        }
    }

    /// The payload type that we offer; 96 and above are ours to choose.
    pub(super) fn payload_type_offered(self) -> u8 {
        match self {
            Codec::Pcmu => 0,
            Codec::Pcma => 8,
            Codec::G722 => 9,
            Codec::Opus => 111,
        }
    }

    /// What follows the clock rate in rtpmap.
    pub(super) fn channels(self) -> u8 {
        match self {
            Codec::Pcma | Codec::Pcmu | Codec::G722 => 1,
            Codec::Opus => 2,
        }
    }

    /// What we say of it in our offers and answers: of Opus, that telephones of 8 kHz are here, and that
    /// a packet may carry the one before it (RFC 7587 section 6.1).
    pub(super) fn our_fmtp(self) -> Option<&'static str> {
        match self {
            Codec::Pcma | Codec::Pcmu | Codec::G722 => None,
            Codec::Opus => Some("maxplaybackrate=8000;sprop-maxcapturerate=8000;useinbandfec=1"),
        }
    }

    /// The codec of an rtpmap entry. G.722 is also taken by the rate of its sound, as phones write it that
    /// do not know the slip of RFC 3551 section 4.5.2; its timestamps count 8 kHz nevertheless.
    #[must_use]
    pub fn of(format: &Format) -> Option<Self> {
        [Codec::Pcma, Codec::Pcmu, Codec::G722, Codec::Opus]
            .into_iter()
            .find(|codec| {
                let by_sound = *codec == Codec::G722 && format.clock_rate_hz == 16_000;
                format.name.eq_ignore_ascii_case(codec.name())
                    && (by_sound || format.clock_rate_hz == codec.clock_rate_hz())
            })
    }
}

/// One payload type of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// 0 to 127.
    pub payload_type: u8,
    /// Encoding name as written; of a static type without rtpmap, that of RFC 3551; else empty.
    pub name: String,
    /// RTP timestamp ticks a second.
    pub clock_rate_hz: u32,
    /// 1 if not written.
    pub channels: u8,
    /// Parameters of `a=fmtp`.
    pub fmtp: Option<String>,
}

impl Format {
    /// Whether it carries DTMF events (RFC 4733).
    #[must_use]
    pub fn is_telephone_event(&self) -> bool {
        self.name.eq_ignore_ascii_case("telephone-event")
    }
}
