//! What a leg can be told to do.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use super::Stream;
use crate::{
    dtmf::Digit,
    playout::{Clip, ClipId, PlayMode},
    port::LatchRule,
    security::Protection,
    vad::VadSettings,
};

/// An order to a leg. It takes effect at the next tick.
#[derive(Clone, Debug)]
pub enum Command {
    /// Plays a clip towards the peer. Beyond [`crate::playout::CLIPS_MAX`] waiting clips it is
    /// not played and ends at once, with no sample sent.
    Play {
        /// What to play.
        clip: Clip,
        /// How it meets what is playing now.
        mode: PlayMode,
    },
    /// Adds samples to a growing clip. Ignored when the clip has ended or was never played.
    Append {
        /// The growing clip.
        id: ClipId,
        /// 8 kHz samples that follow those it has. May be empty.
        samples: Arc<[i16]>,
        /// Nothing more will come: the clip ends after these samples.
        finished: bool,
    },
    /// Ends one clip with a short fade, playing or waiting.
    Cut {
        /// The clip to end. Ignored when it has ended.
        id: ClipId,
    },
    /// Ends every clip with a short fade.
    CutAll,
    /// Sends key presses, after those already waiting; clips wait meanwhile. They are RFC 4733
    /// events, or tones where the peer did not negotiate these.
    SendDigits(Vec<Digit>),
    /// Keys that are sent go by signalling from now on: [`super::Event::KeyDue`] for each; or no longer.
    SignalKeys(bool),
    /// Sends silence and keeps the clips where they are (`true`), or goes on (`false`).
    Mute(bool),
    /// The peer put us on hold: sends nothing, keeps the clips where they are, and expects no
    /// packets (`true`); or goes on (`false`).
    Hold(bool),
    /// We put the peer on hold: in a conference it hears nobody and is not heard, only what is played to it
    /// (`true`); or it goes on (`false`).
    Wait(bool),
    /// Whether the peer is to send: one that is not (it muted itself, `a=recvonly`, RFC 3264 section 5.1) is
    /// not missed, however long nothing comes. What it sends all the same is heard.
    Expect(bool),
    /// Silence counts anew, from the next tick on, and is reported after this time; `None`: never. The peer has
    /// answered, which what it sent before, or did not, says nothing about.
    Watch(Option<Duration>),
    /// The peer's address changed by signalling (re-INVITE): send there and latch anew.
    Remote {
        /// The address in the SDP.
        to: SocketAddr,
        /// Who may become the source of media.
        latch: LatchRule,
    },
    /// Signalling (re-INVITE) named how media is encrypted: in another way, or the same again. `None`
    /// where the call goes on without encryption.
    Secure(Option<Protection>),
    /// Listens in another manner from now on: for speech, and for tones of machines. Whoever is
    /// speaking has just begun.
    Listen {
        /// Speech or not.
        vad: VadSettings,
        /// Whether tones of answering machines are listened for.
        beeps: bool,
    },
    /// Both sides agreed on media anew (re-INVITE, or the answer after early media): go on with this,
    /// and expect packets from now on.
    Follow(Stream),
}
