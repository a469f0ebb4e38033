//! One utterance over a WebSocket, while it is being spoken.
//!
//! What differs from vendor to vendor is a [`Talk`]: which messages there are and what they mean.
//! When to connect, send, wait and give up is decided here.

use std::time::{Duration, Instant};

use super::{
    Shared, dashscope, deepgram,
    exchange::{Said, Words},
    funasr, sherpa, tencent,
    transcript::Transcript,
};
use crate::{
    port::{Heard, ListenSettings},
    speech::{
        ServiceFailure, SpeechKind, SpeechSettings,
        socket::{Address, Socket, Wire},
    },
};

/// Sound in one message: 100 ms, but for the last one.
const CHUNK_SAMPLES: usize = 800;

/// The utterance as one vendor's messages.
pub(super) trait Talk: Send {
    /// Sent first.
    fn opening(&mut self) -> Vec<Wire>;

    /// Whether sound may be sent.
    fn is_ready(&self) -> bool;

    /// Sound, at the telephone's rate.
    fn sound(&mut self, samples: &[i16]) -> Wire;

    /// Sent after the last sound.
    fn ending(&mut self) -> Vec<Wire>;

    /// Takes a message of the service.
    fn take(&mut self, wire: Wire) -> Result<Took, ServiceFailure>;

    /// What was understood so far.
    fn transcript(&self) -> &Transcript;

    /// Whether a service that closes the connection after the end has said everything.
    fn closing_is_the_end(&self) -> bool {
        false
    }

    /// After the end of an utterance whose words are all final: how long to wait for more from a
    /// service that may have no more to say. `None`: it always says that it is done.
    fn settled_after(&self) -> Option<Duration> {
        None
    }

    /// Whether the service says nothing at all of an utterance without words.
    fn is_mute_about_noise(&self) -> bool {
        false
    }
}

/// What a message meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Took {
    /// Nothing that matters now.
    Nothing,
    /// There may be new words.
    Words,
    /// There may be new words, and the caller seems to have finished.
    Finished,
    /// Everything was said.
    Done {
        /// Whether the connection takes another utterance.
        reusable: bool,
    },
}

/// Has one utterance recognized over a socket.
pub(super) async fn recognize(
    shared: &Shared,
    idx: usize,
    settings: &SpeechSettings,
    utterance: u64,
    said: &mut Said,
    listen: &ListenSettings,
) -> Result<Words, ServiceFailure> {
    if let Some(mut socket) = shared.kept.take(idx).await {
        let mut talk = talk(settings, listen);
        match converse(shared, settings, utterance, said, &mut *talk, &mut socket).await {
            Ok(reusable) => {
                if reusable {
                    shared.kept.keep(idx, socket, keep_alive(settings));
                }
                return Ok(talk.transcript().words());
            }
            // It may have been closed at the other end while nobody spoke.
            Err(ServiceFailure::Broken(_)) if talk.transcript().text().is_empty() => {}
            Err(why) => return Err(why),
        }
    }
    let mut talk = talk(settings, listen);
    let address = address(settings, listen)?;
    let connecting = Socket::connect(address, settings.connect_max);
    let mut socket = said.while_listening(connecting).await?;
    if converse(shared, settings, utterance, said, &mut *talk, &mut socket).await? {
        shared.kept.keep(idx, socket, keep_alive(settings));
    }
    Ok(talk.transcript().words())
}

/// Sends the utterance and takes the answers; returns whether the connection takes another one.
async fn converse(
    shared: &Shared,
    settings: &SpeechSettings,
    utterance: u64,
    said: &mut Said,
    talk: &mut dyn Talk,
    socket: &mut Socket,
) -> Result<bool, ServiceFailure> {
    let opened = Instant::now();
    for wire in talk.opening() {
        socket.send(wire).await?;
    }
    let (mut n_sent, mut end_sent, mut last_news) = (0, None, None::<Instant>);
    let mut told = String::new();
    loop {
        if talk.is_ready() && end_sent.is_none() {
            n_sent = send_sound(said, n_sent, talk, socket).await?;
            if said.ended().is_some() {
                for wire in talk.ending() {
                    socket.send(wire).await?;
                }
                end_sent = Some(Instant::now());
            }
        }
        let settled_at = end_sent
            .filter(|_| !talk.transcript().is_open())
            .and_then(|at| Some(last_news?.max(at) + talk.settled_after()?));
        let late_at = match end_sent {
            Some(at) => Some(at + settings.answer_max),
            None if !talk.is_ready() => Some(opened + settings.connect_max),
            None => None,
        };
        tokio::select! {
            () = said.more() => {}
            wire = socket.next() => {
                let Some(wire) = wire else {
                    if end_sent.is_some() && talk.closing_is_the_end() {
                        return Ok(false);
                    }
                    return Err(ServiceFailure::Broken("it closed the connection".to_owned()));
                };
                let took = talk.take(wire?)?;
                if took != Took::Nothing {
                    last_news = Some(Instant::now());
                }
                if let Took::Done { reusable } = took && end_sent.is_some() {
                    return Ok(reusable);
                }
                tell(shared, utterance, &mut told, talk, took);
            }
            () = until(settled_at) => return Ok(false),
            () = until(late_at) => {
                if end_sent.is_some() && last_news.is_none() && talk.is_mute_about_noise() {
                    return Ok(false);
                }
                let waited = late_at.map_or(settings.answer_max, |at| at - end_sent.unwrap_or(opened));
                return Err(ServiceFailure::Late(waited));
            }
        }
    }
}

async fn send_sound(
    said: &Said,
    mut n_sent: usize,
    talk: &mut dyn Talk,
    socket: &mut Socket,
) -> Result<usize, ServiceFailure> {
    loop {
        let left = &said.samples()[n_sent..];
        let n = left.len().min(CHUNK_SAMPLES);
        if n == 0 || (n < CHUNK_SAMPLES && said.ended().is_none()) {
            return Ok(n_sent);
        }
        socket.send(talk.sound(&left[..n])).await?;
        n_sent += n;
    }
}

fn tell(shared: &Shared, utterance: u64, told: &mut String, talk: &dyn Talk, took: Took) {
    let text = talk.transcript().text();
    if text != *told && !text.is_empty() {
        told.clone_from(&text);
        shared.tell(Heard::Partial { utterance, text });
    }
    if took == Took::Finished && !told.is_empty() {
        shared.tell(Heard::Finished { utterance });
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

fn talk(settings: &SpeechSettings, listen: &ListenSettings) -> Box<dyn Talk> {
    match settings.kind {
        SpeechKind::Deepgram => Box::new(deepgram::Deepgram::default()),
        SpeechKind::Tencent => Box::new(tencent::Tencent::default()),
        SpeechKind::DashScope => Box::new(dashscope::DashScope::new(settings, listen)),
        SpeechKind::Sherpa => Box::new(sherpa::Sherpa::new(settings)),
        SpeechKind::FunAsr => Box::new(funasr::FunAsr::new(settings, listen)),
        SpeechKind::OpenAi
        | SpeechKind::Custom
        | SpeechKind::MiniMax
        | SpeechKind::Azure
        | SpeechKind::VolcEngine => unreachable!("these do not hear by a socket"),
    }
}

fn address(settings: &SpeechSettings, listen: &ListenSettings) -> Result<Address, ServiceFailure> {
    Ok(match settings.kind {
        SpeechKind::Deepgram => deepgram::address(settings, listen),
        SpeechKind::Tencent => tencent::address(settings, listen)?,
        SpeechKind::DashScope => crate::speech::dashscope_address(settings),
        SpeechKind::Sherpa | SpeechKind::FunAsr => Address {
            url: settings.url.clone(),
            headers: Vec::new(),
            protocol: (settings.kind == SpeechKind::FunAsr).then_some("binary"),
        },
        SpeechKind::OpenAi
        | SpeechKind::Custom
        | SpeechKind::MiniMax
        | SpeechKind::Azure
        | SpeechKind::VolcEngine => unreachable!("these do not hear by a socket"),
    })
}

/// What keeps a connection open between two utterances, and how often it is said.
fn keep_alive(settings: &SpeechSettings) -> Option<Wire> {
    let text = (settings.kind == SpeechKind::Deepgram).then_some(r#"{"type":"KeepAlive"}"#);
    text.map(|text| Wire::Text(text.to_owned()))
}

/// A message as JSON, or why it is none.
pub(super) fn json(wire: &Wire) -> Result<serde_json::Value, ServiceFailure> {
    let unreadable = |why: String| ServiceFailure::Unreadable(crate::speech::short(&why));
    match wire {
        Wire::Text(text) => {
            serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))
        }
        Wire::Bytes(_) => Err(unreadable("bytes where words were expected".to_owned())),
    }
}
