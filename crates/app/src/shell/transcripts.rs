//! Recognizes recordings of calls in which nobody understood the person: claims what is due, has the
//! instance's recognizers hear it, and stores what they understood.
//!
//! # Invariants
//!
//! - What was begun and not stored is begun again, here or by the next start.
//! - A recording is tried [`TRIES_MAX`] times; after that nobody could recognize it.

use std::{fs, sync::Arc, time::Duration};

use anyhow::Context as _;
use media::recording::{Recording as RawRecording, Track as RawTrack};
use model::{Call, CallEvent, Sentence, Stamped, Track};
use providers::{
    port::{Language, ListenSettings, Recognizer, RecognizerFault},
    recognizer::afterwards::{self, Sound},
};
use store::{StoreError, TranscriptClaim};
use tokio::sync::Semaphore;

use super::{
    call::{done_path, open_path, recordings_folder},
    reviews::agent_of,
};
use crate::{App, agent_document::Parsed, speech};

/// Recordings at once; each is in memory as a whole, 58 MB for an hour.
const AT_ONCE: usize = 2;

/// A claim is another's to take after this, should this process die meanwhile.
const LEASE: Duration = Duration::from_secs(3600);

/// Longest wait without looking: another process may have stored something.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Pauses before a recording is tried again.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(30),
    Duration::from_secs(300),
    Duration::from_secs(1800),
];

/// How often a recording is tried.
const TRIES_MAX: usize = PAUSES.len() + 1;

/// Events of one call that are read.
const EVENTS_MAX: u32 = 20_000;

/// Recognizes until the server drains.
pub async fn run(app: Arc<App>) {
    if let Err(error) = app.store().end_transcript_leases().await {
        tracing::warn!(%error, "recordings of the last run wait for the end of their leases");
    }
    let places = Arc::new(Semaphore::new(AT_ONCE));
    while !app.is_draining() {
        // Most calls leave nothing to do here: a look costs the writer of the database nothing.
        if !is_due(&app).await {
            wait(&app).await;
            continue;
        }
        let place = Arc::clone(&places).acquire_owned().await;
        let place = place.expect("nobody closes it");
        let due = app.store().claim_transcripts(app.now(), 1, LEASE).await;
        let claim = match due {
            Ok(claims) => claims.into_iter().next(),
            Err(error) => {
                tracing::warn!(%error, "failed to look for recordings to recognize");
                None
            }
        };
        let Some(claim) = claim else {
            drop(place);
            wait(&app).await;
            continue;
        };
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            attempt(&app, claim).await;
            drop(place);
        });
    }
}

async fn is_due(app: &App) -> bool {
    let due = app.store().next_transcript_at().await;
    due.is_ok_and(|due| due.is_some_and(|due| due <= app.now()))
}

async fn wait(app: &App) {
    let due = match app.store().next_transcript_at().await {
        Ok(Some(due)) => due.since(app.now()).max(Duration::from_millis(50)),
        Ok(None) => LOOK_EVERY,
        Err(error) => {
            tracing::warn!(%error, "failed to look when a recording is due");
            Duration::from_secs(1)
        }
    };
    tokio::select! {
        () = tokio::time::sleep(due.min(LOOK_EVERY)) => {}
        () = app.transcripts_woken() => {}
    }
}

async fn attempt(app: &App, claim: TranscriptClaim) {
    let found = work(app, &claim).await;
    let n_tries = usize::try_from(claim.n_claims).unwrap_or(TRIES_MAX);
    let pause = PAUSES.get(n_tries.saturating_sub(1));
    let stored = match (found, pause) {
        (Ok(sentences), _) => {
            let sentences = sentences.as_deref();
            app.store().settle_transcript(&claim, sentences).await
        }
        (Err(why), Some(pause)) => {
            let why = format!("{why:#}");
            tracing::info!(call = %claim.call, why, ?pause, "a recording was not recognized");
            let until = app.now().plus(*pause);
            app.store().put_off_transcript(&claim, until).await
        }
        (Err(why), None) => {
            let why = format!("{why:#}");
            tracing::warn!(call = %claim.call, why, "nobody recognizes a recording");
            app.store().settle_transcript(&claim, None).await
        }
    };
    match stored {
        Ok(()) => {}
        Err(StoreError::Conflict { .. }) => {
            tracing::warn!(call = %claim.call, "a recognition was too slow: another one counts");
        }
        // Its lease ends, and it is begun again.
        Err(error) => tracing::warn!(%error, call = %claim.call, "a transcript was not stored"),
    }
    app.wake_transcripts();
}

/// What was said; `None` where the instance has nobody who could hear it.
async fn work(app: &App, claim: &TranscriptClaim) -> anyhow::Result<Option<Vec<Sentence>>> {
    let store = app.store();
    let call = store.call_any(&claim.call).await?;
    let events = store.events(&claim.call, 0, EVENTS_MAX).await?;
    let agent = match call.voice_agent {
        Some(_) => agent_of(app, &call).await?,
        None => None,
    };
    let parts = agent.as_ref().map(Parsed::speech);
    let recognizer = speech::recognizer_afterwards(app, call.tenant, parts).await?;
    let Some(recognizer) = recognizer else {
        return Ok(None);
    };
    let language = language(app, &call, agent.as_ref()).await?;
    let mut sentences = Vec::new();
    for track in unheard(&events) {
        let Some(recording) = call.recording(track) else {
            continue;
        };
        let sound = sound(app, &call, track).await?;
        let said = hear(&*recognizer, &language, sound).await?;
        let started_at = recording.started_at;
        let at = |ms: u64| started_at.plus(Duration::from_millis(ms));
        sentences.extend(said.into_iter().map(|spoken| Sentence {
            track,
            text: spoken.text,
            from: at(spoken.from_ms),
            to: at(spoken.to_ms),
        }));
    }
    sentences.sort_by_key(|sentence| sentence.from);
    Ok(Some(sentences))
}

/// The tracks of whose words nothing is known: what a voice agent said is.
fn unheard(events: &[Stamped]) -> Vec<Track> {
    let is_known = events.iter().any(
        |stamped| matches!(&stamped.event, CallEvent::AgentSaid { heard, .. } if !heard.is_empty()),
    );
    match is_known {
        true => vec![Track::User],
        false => Track::ALL.to_vec(),
    }
}

/// The language of the agent; without one, that of most callers of the instance's country.
async fn language(app: &App, call: &Call, agent: Option<&Parsed>) -> anyhow::Result<Language> {
    let tag = match agent {
        Some(agent) => agent.script.parts().language.clone(),
        None => match app.store().tenant(call.tenant).await?.country_code.as_str() {
            "86" => "zh".to_owned(),
            _ => "en".to_owned(),
        },
    };
    Ok(tag.parse().unwrap_or_else(|_| Language::english()))
}

async fn hear(
    recognizer: &dyn Recognizer,
    language: &Language,
    sound: Sound,
) -> Result<Vec<afterwards::Spoken>, RecognizerFault> {
    let listen = ListenSettings {
        language: language.clone(),
        expected: Vec::new(),
    };
    afterwards::transcribe(recognizer, listen, sound).await
}

/// A track as it was on the line; from its rendered file where the raw one is swept away.
async fn sound(app: &App, call: &Call, track: Track) -> anyhow::Result<Sound> {
    let raw = [done_path(app, &call.id), open_path(app, &call.id)];
    let read = tokio::task::spawn_blocking(move || raw_sound(&raw, track));
    if let Some(sound) = read.await? {
        return Ok(sound);
    }
    let recording = call.recording(track).context("the track is gone")?;
    let path = recordings_folder(app).join(&recording.file_name);
    let bytes = tokio::fs::read(&path).await;
    let bytes = bytes.context("failed to read a recording")?;
    let samples = providers::sound::decode(bytes).await?;
    let (frames, _) = samples.as_chunks();
    let heard = |frame: &media::Frame| (media::FrameKind::Audio, *frame);
    Ok(frames.iter().map(heard).collect())
}

fn raw_sound(paths: &[std::path::PathBuf], track: Track) -> Option<Sound> {
    let bytes = paths.iter().find_map(|path| fs::read(path).ok())?;
    let recording = RawRecording::open(&bytes).ok()?;
    let track = match track {
        Track::User => RawTrack::User,
        Track::Agent => RawTrack::Agent,
        // It has a file of its own, which is rendered by now.
        Track::Party(_) => return None,
    };
    Some(recording.frames(track).collect())
}

#[cfg(test)]
mod tests {
    use model::{Occasion, UnixMs};

    use super::*;

    #[test]
    fn what_a_voice_agent_said_is_not_asked_for_again() {
        assert_eq!(unheard(&[]), Track::ALL);
        let said = |heard: &str| Stamped {
            n: 1,
            at: UnixMs(0),
            event: CallEvent::AgentSaid {
                heard: heard.to_owned(),
                unsaid: String::new(),
                from: UnixMs(0),
                to: UnixMs(0),
                interrupted: false,
                interruptible: true,
                occasion: Occasion::Welcome,
            },
        };
        assert_eq!(unheard(&[said("")]), Track::ALL);
        assert_eq!(unheard(&[said("Hello.")]), [Track::User]);
    }
}
