//! What a leg needs to know before it exists.

use std::time::Duration;

use crate::{port::PortSettings, vad::VadSettings};

/// Everything needed to build a leg; can cross threads, where the leg itself cannot.
#[derive(Clone, Debug)]
pub struct LegSettings {
    /// The negotiated RTP endpoint.
    pub port: PortSettings,
    /// When the caller counts as speaking.
    pub vad: VadSettings,
    /// Report [`super::Event::Beep`].
    pub beeps: bool,
    /// Fill [`super::TickOut::recorded`].
    pub record: bool,
    /// Fill [`super::TickOut::tap`].
    pub tap: bool,
    /// Report [`super::Event::RtpTimeout`] after this time without packets or reports of the peer;
    /// `None` for never.
    pub rtp_timeout: Option<Duration>,
    /// The peer wants to hear nothing from the start: see [`super::Command::Hold`].
    pub held: bool,
    /// The peer is to send from the start: see [`super::Command::Expect`].
    pub expected: bool,
    /// Keys that are sent go by signalling: [`super::Event::KeyDue`] instead of sound or events.
    pub signals_keys: bool,
    /// Length of a key press that we send, 40 ms to 5 s.
    pub digit_tone: Duration,
    /// Pause between key presses that we send, 60 ms to 5 s.
    pub digit_gap: Duration,
}

impl LegSettings {
    /// Records and taps, sends and expects packets, times out after 30 s, and sends keys of 100 ms with pauses of 100 ms.
    pub fn new(port: PortSettings) -> Self {
        Self {
            port,
            vad: VadSettings::default(),
            beeps: false,
            record: true,
            tap: true,
            signals_keys: false,
            rtp_timeout: Some(Duration::from_secs(30)),
            held: false,
            expected: true,
            digit_tone: Duration::from_millis(100),
            digit_gap: Duration::from_millis(100),
        }
    }
}
