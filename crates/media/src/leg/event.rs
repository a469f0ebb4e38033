//! What a leg reports.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use crate::{dtmf::Digit, playout::ClipId, security::HandshakeFailure};

/// Something that happened on a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The first valid RTP packet arrived: media is connected.
    FirstPacket {
        /// When it arrived.
        at: Instant,
        /// Where from; media is sent there from now on.
        from: SocketAddr,
    },
    /// The caller began to speak.
    SpeechStarted {
        /// When the packet of the first frame with voice came: earlier than the event by the
        /// detector's minimum and the jitter buffer's delay.
        at: Instant,
    },
    /// The caller has spoken for as long as the detector's settings say.
    SpeechLasts {
        /// When that was.
        at: Instant,
    },
    /// The caller stopped speaking.
    SpeechStopped {
        /// When this was decided.
        at: Instant,
        /// When the packet of the last frame with voice came.
        last_voice: Instant,
    },
    /// A tone has ended that machines make when they begin to record.
    Beep {
        /// When.
        at: Instant,
    },
    /// The caller pressed a key. Reported once, when the key is released.
    Digit {
        /// Which key.
        digit: Digit,
        /// How long it was held, as far as is known.
        duration: Duration,
    },
    /// The first sample of a clip left.
    ClipStarted {
        /// Which clip.
        id: ClipId,
        /// The tick in which it left.
        at: Instant,
    },
    /// A clip will send nothing more. The last event of every clip.
    ClipEnded {
        /// Which clip.
        id: ClipId,
        /// Samples of the clip that were sent, over all its repetitions.
        samples_sent: u64,
        /// It was stopped before its end.
        cut: bool,
        /// Ticks in which it had nothing to send although it was not finished.
        underrun_ticks: u32,
        /// The tick after which nothing of it is sent.
        at: Instant,
    },
    /// A key that is sent by signalling ([`super::Command::SignalKeys`]) is due.
    KeyDue {
        /// Which key.
        digit: Digit,
    },
    /// All digits of the commands so far have been sent, with the pause after the last, or were
    /// dropped because the peer did not negotiate them.
    DigitsSent {
        /// The tick of the end.
        at: Instant,
    },
    /// The handshake of media has ended well: media is heard and sent from now on. Again after each
    /// other one.
    Secured {
        /// When.
        at: Instant,
    },
    /// The handshake of media has failed, and is not tried again: nothing will be heard.
    HandshakeFailed {
        /// Why.
        why: HandshakeFailure,
    },
    /// No RTP arrived for the time in the settings, or of [`Command::Watch`](super::Command::Watch). Repeats only
    /// after packets came again, or another such order.
    RtpTimeout {
        /// When it was noticed.
        at: Instant,
    },
}
