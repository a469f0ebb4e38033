//! Speech over a WebSocket, heard while it comes.
//!
//! What differs from vendor to vendor is a [`Talk`]. Dropping the speech closes the connection,
//! whether the vendor is speaking or not.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use voice::reply::Mark;

use super::{dashscope, http::SAMPLES_MAX, tencent};
use crate::{
    port::{Speak, Speech, SpeechPiece, SpeechSink},
    speech::{
        ServiceFailure, SpeechKind, SpeechSettings,
        socket::{Address, Socket, Wire},
    },
};

/// Pieces that may wait to be heard; a service that is faster waits.
const N_PIECES_QUEUED_MAX: usize = 64;

/// How long a connection waits for the next text: DashScope closes it after a minute.
const KEPT_MAX: Duration = Duration::from_secs(50);

/// A connection that waits for the next text.
#[derive(Default)]
pub(super) struct Kept(std::sync::Arc<Mutex<Option<(Socket, Instant)>>>);

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}

/// One text as one vendor's messages.
pub(super) trait Talk: Send {
    /// Sent first.
    fn opening(&mut self) -> Vec<Wire>;

    /// Takes a message of the service.
    fn take(&mut self, wire: Wire) -> Result<Took, ServiceFailure>;
}

/// What a message meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Took {
    /// Nothing that matters now.
    Nothing,
    /// The service is ready: this is sent now.
    Send(Vec<Wire>),
    /// Sound.
    Sound(Vec<i16>),
    /// Which words are said when.
    Marks(Vec<Mark>),
    /// Everything was said.
    Done {
        /// Whether the connection takes another text.
        reusable: bool,
    },
}

/// Speaks one text.
pub(super) async fn speak(
    kept: &Kept,
    settings: &SpeechSettings,
    speak: Speak,
) -> Result<Speech, ServiceFailure> {
    let (address, mut talk) = talk(settings, &speak)?;
    let before = kept.take();
    let socket = match before {
        Some(mut socket) => match open(&mut socket, &mut *talk).await {
            Ok(()) => socket,
            Err(_) => fresh(address, settings, &mut *talk).await?,
        },
        None => fresh(address, settings, &mut *talk).await?,
    };
    let (sink, speech) = Speech::growing(N_PIECES_QUEUED_MAX);
    let (piece_max, first_max) = (settings.piece_max, settings.answer_max);
    let (engine, kept) = (settings.kind.engine(), Kept(std::sync::Arc::clone(&kept.0)));
    tokio::spawn(async move {
        let waits = [first_max, piece_max];
        match pump(socket, &mut *talk, waits, &sink).await {
            Ok(Some(socket)) => {
                if let Some(socket) = socket {
                    kept.keep(socket);
                }
                sink.end().await;
            }
            // Nobody listens.
            Ok(None) => {}
            Err(why) => sink.fail(why.of_speaker(engine)).await,
        }
    });
    Ok(speech)
}

async fn fresh(
    address: Address,
    settings: &SpeechSettings,
    talk: &mut dyn Talk,
) -> Result<Socket, ServiceFailure> {
    let mut socket = Socket::connect(address, settings.connect_max).await?;
    open(&mut socket, talk).await?;
    Ok(socket)
}

async fn open(socket: &mut Socket, talk: &mut dyn Talk) -> Result<(), ServiceFailure> {
    for wire in talk.opening() {
        socket.send(wire).await?;
    }
    Ok(())
}

/// Hands on what the service says; `None` when nobody listens any more, otherwise the connection if
/// it takes another text.
async fn pump(
    mut socket: Socket,
    talk: &mut dyn Talk,
    [first_max, piece_max]: [Duration; 2],
    sink: &SpeechSink,
) -> Result<Option<Option<Socket>>, ServiceFailure> {
    let mut n_samples = 0;
    loop {
        let wait = if n_samples == 0 { first_max } else { piece_max };
        let next = tokio::time::timeout(wait, socket.next());
        let Some(next) = sink.wanted(next).await else {
            return Ok(None);
        };
        let wire = next.map_err(|_| ServiceFailure::Late(wait))?;
        let wire =
            wire.ok_or_else(|| ServiceFailure::Broken("it closed the connection".to_owned()))??;
        let piece = match talk.take(wire)? {
            Took::Nothing => continue,
            Took::Send(wires) => {
                for wire in wires {
                    socket.send(wire).await?;
                }
                continue;
            }
            Took::Done { reusable } => return Ok(Some(reusable.then_some(socket))),
            Took::Marks(marks) => SpeechPiece {
                samples: [].into(),
                marks,
            },
            Took::Sound(samples) => {
                n_samples += samples.len();
                super::http::piece(samples)
            }
        };
        if n_samples > SAMPLES_MAX {
            return Err(ServiceFailure::Unreadable("it is too long".to_owned()));
        }
        if !sink.piece(piece).await {
            return Ok(None);
        }
    }
}

impl Kept {
    fn keep(&self, socket: Socket) {
        *self.slot() = Some((socket, Instant::now()));
    }

    fn take(&self) -> Option<Socket> {
        let (socket, since) = self.slot().take()?;
        (since.elapsed() < KEPT_MAX).then_some(socket)
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<(Socket, Instant)>> {
        self.0.lock().expect("no panic under this lock")
    }
}

fn talk(
    settings: &SpeechSettings,
    speak: &Speak,
) -> Result<(Address, Box<dyn Talk>), ServiceFailure> {
    match settings.kind {
        SpeechKind::Tencent => {
            let (address, talk) = tencent::talk(settings, speak)?;
            Ok((address, Box::new(talk)))
        }
        SpeechKind::DashScope => {
            let address = crate::speech::dashscope_address(settings);
            Ok((
                address,
                Box::new(dashscope::DashScope::new(settings, speak)),
            ))
        }
        SpeechKind::OpenAi
        | SpeechKind::Deepgram
        | SpeechKind::Sherpa
        | SpeechKind::FunAsr
        | SpeechKind::Custom
        | SpeechKind::MiniMax
        | SpeechKind::Azure
        | SpeechKind::VolcEngine => unreachable!("these do not speak by a socket"),
    }
}

/// The byte at which a character begins; the end for those beyond it.
pub(super) fn byte_of_char(text: &str, idx: u64) -> usize {
    let idx = usize::try_from(idx).unwrap_or(usize::MAX);
    text.char_indices()
        .nth(idx)
        .map_or(text.len(), |(at, _)| at)
}

/// A mark at the end of a word that is said until `end_ms`.
pub(super) fn mark(text: &str, end_char: u64, end_ms: u64) -> Mark {
    Mark {
        samples: end_ms.saturating_mul(u64::from(crate::port::SAMPLE_RATE_HZ) / 1000),
        text_end: byte_of_char(text, end_char),
    }
}
