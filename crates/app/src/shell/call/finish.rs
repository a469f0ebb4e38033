//! What is left to do when a call is over: its recording and its pushes.
//!
//! While a call runs, its audio grows in `DATA/media/open/<call>.sbr`. When the call has ended, each
//! track is rendered to MP3, the events and pushes are stored together, and the raw file moves to
//! `DATA/media/done/`. A crash at any point leaves a file in `open`, and the next start finishes it;
//! ids of recordings follow from the call, so that doing it twice makes nothing twice.

use std::{
    fs,
    io::{self, Cursor},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use media::{
    Frame, g711,
    recording::{
        FileHeader, GapCause as RawGapCause, NotARecording, Recording as RawRecording,
        Track as RawTrack,
    },
};
use model::{
    Call, CallEvent, CallId, Gap, GapCause, Recording, RecordingId, TenantId, Track, UnixMs,
    WebhookTopic,
};
use providers::render::{BitRate, Mp3};
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

use super::{Holds, journal::Journal, party_tracks};
use crate::{App, shell::media::RecordingFile};

/// Pauses after failed attempts to finish a recording: half an hour in all.
const FINISH_PAUSES: [Duration; 7] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(120),
    Duration::from_secs(300),
    Duration::from_secs(600),
    Duration::from_secs(900),
];

/// What a call's task leaves behind.
pub struct Remains {
    /// The call.
    pub call: CallId,
    /// Its journal, with the end recorded.
    pub journal: Journal,
    /// Kept once the last of its audio is on disk; `None` if it was not recorded.
    pub recorded: Option<oneshot::Receiver<io::Result<()>>>,
    /// The same of further parties.
    pub parties_recorded: Vec<oneshot::Receiver<io::Result<()>>>,
    /// Given back when this is dropped.
    pub _holds: Holds,
}

/// Creates the raw file of a call that begins to be recorded.
pub fn create(
    app: &App,
    call: &CallId,
    codec: g711::Codec,
) -> io::Result<(RecordingFile, oneshot::Receiver<io::Result<()>>)> {
    let header = FileHeader {
        call_id: call.as_str().to_owned(),
        started_at_ms: u64::try_from(app.now().0).unwrap_or(0),
        codec,
    };
    app.recorder().create(&open_path(app, call), &header)
}

/// Waits for the journal, gives back slot and channel, renders, pushes.
pub async fn finish(app: &Arc<App>, remains: Remains) {
    match remains.journal.close().await {
        Ok(call) => tracing::info!(
            cause = call.cause.map_or("none", model::EndCause::name),
            talk_seconds = call.talk_seconds(),
            "call ended"
        ),
        Err(error) => tracing::error!(%error, "the journal of a call has ended badly"),
    }
    drop(remains._holds);
    let Some(recorded) = remains.recorded else {
        return;
    };
    for recorded in remains.parties_recorded.into_iter().chain([recorded]) {
        match recorded.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "a recording is incomplete"),
            Err(_) => tracing::error!("the end of a recording was lost"),
        }
    }
    finish_recording_in_time(app, &remains.call).await;
}

/// Finishes a recording, and tries again while that fails for a passing reason: a database or a
/// disk that does not answer. What is not done in time is done by the next start.
pub async fn finish_recording_in_time(app: &Arc<App>, id: &CallId) {
    for pause in FINISH_PAUSES {
        match finish_recording(app, id).await {
            Ok(()) => return,
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(call = %id, error, ?pause, "failed to finish a recording");
            }
        }
        tokio::time::sleep(pause).await;
    }
}

/// Renders the tracks of an ended call and stores them with the pushes that follow. A call without
/// a raw file is left alone. Safe to do again.
pub async fn finish_recording(app: &Arc<App>, id: &CallId) -> anyhow::Result<()> {
    let raw = open_path(app, id);
    if !raw.exists() {
        return Ok(());
    }
    let call = app.store().call_any(id).await?;
    let (tracks, now) = (render(app, &call, &raw).await, app.now());
    let events: Vec<CallEvent> = match tracks {
        Ok(mut tracks) => {
            for track in &mut tracks {
                let file = recordings_folder(app).join(&track.file_name);
                app.copies().copy(track, &file).await;
            }
            tracks.into_iter().map(CallEvent::RecordingReady).collect()
        }
        Err(why) if why.downcast_ref::<NotARecording>().is_none() => return Err(why),
        Err(why) => {
            tracing::error!(
                why = format!("{why:#}"),
                "a recording could not be rendered"
            );
            vec![CallEvent::RecordingFailed {
                why: format!("{why:#}"),
            }]
        }
    };
    store(app, call, events, now).await?;
    party_tracks::put_away(app, id)?;
    let done = done_path(app, id);
    fs::create_dir_all(done.parent().context("a path without folder")?)?;
    fs::rename(&raw, &done).context("failed to put a raw recording away")?;
    Ok(())
}

async fn store(
    app: &Arc<App>,
    mut call: Call,
    events: Vec<CallEvent>,
    now: UnixMs,
) -> anyhow::Result<()> {
    let events: Vec<(UnixMs, CallEvent)> = events
        .into_iter()
        .filter(|event| !is_stored(&call, event))
        .map(|event| (now, event))
        .collect();
    if events.is_empty() {
        return Ok(());
    }
    for (at, event) in &events {
        call.apply(event, *at);
    }
    let topics = [WebhookTopic::Recording, WebhookTopic::Cdr];
    let deliveries = crate::pushes::of_call(app, &call, &topics).await?;
    app.store().append(&call.id, &events, &deliveries).await?;
    app.note_journal_growth();
    app.wake_webhooks();
    app.wake_transcripts();
    Ok(())
}

/// A crash may have come between the transaction and the move of the file.
fn is_stored(call: &Call, event: &CallEvent) -> bool {
    matches!(event, CallEvent::RecordingReady(recording) if call.recording(recording.track).is_some())
}

async fn render(app: &Arc<App>, call: &Call, raw: &Path) -> anyhow::Result<Vec<Recording>> {
    let place = app
        .rendering()
        .acquire()
        .await
        .context("the process is ending")?;
    let (raw, folder) = (raw.to_owned(), recordings_folder(app));
    let (id, tenant, now) = (call.id.clone(), call.tenant, app.now());
    let parties = party_tracks::open(app, &call.id)?;
    let tracks = tokio::task::spawn_blocking(move || {
        let bytes = fs::read(&raw).context("failed to read the raw recording")?;
        let recording = RawRecording::open(&bytes)?;
        let rendering = Rendering {
            folder: &folder,
            call: &id,
            tenant,
            now,
        };
        let mut tracks = Vec::new();
        for (track, whose) in [
            (Track::User, RawTrack::User),
            (Track::Agent, RawTrack::Agent),
        ] {
            let frames = recording.frames(whose).map(|(_, frame)| frame);
            let gaps = gaps(&recording, whose);
            tracks.push(rendering.write(&recording, track, frames, gaps)?);
        }
        for (party, path) in parties {
            tracks.extend(party_tracks::render(&rendering, &recording, party, &path)?);
        }
        Ok(tracks)
    });
    let tracks = tracks.await?;
    drop(place);
    tracks
}

/// How the tracks of one call are rendered.
pub(super) struct Rendering<'a> {
    folder: &'a Path,
    call: &'a CallId,
    tenant: TenantId,
    now: UnixMs,
}

impl Rendering<'_> {
    /// Writes a track as long as the call's recording, `raw`; `frames` go on for as long at least.
    pub(super) fn write(
        &self,
        raw: &RawRecording<'_>,
        track: Track,
        frames: impl Iterator<Item = Frame>,
        gaps: Vec<Gap>,
    ) -> anyhow::Result<Recording> {
        let (call, tenant) = (self.call, self.tenant);
        let id = recording_id(call, track);
        let started_at = UnixMs(i64::try_from(raw.header().started_at_ms).unwrap_or(0));
        let mut file = Mp3::new(Cursor::new(Vec::new()), 1, BitRate::Kbps24)?;
        for frame in frames.take(raw.ticks() as usize) {
            file.write(&frame)?;
        }
        let bytes = file.finish()?.into_inner();
        let day = started_at.seconds().div_euclid(86_400);
        let file_name = format!("{tenant}/{day}/{id}.mp3");
        write_whole(&self.folder.join(&file_name), &bytes)?;
        Ok(Recording {
            id,
            tenant,
            call: call.clone(),
            track,
            file_name,
            started_at,
            duration_ms: i64::try_from(raw.len_ms()).unwrap_or(i64::MAX),
            n_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            sha256: hex::encode(Sha256::digest(&bytes)),
            gaps,
            copy_url: None,
            ready_at: self.now,
        })
    }
}

/// The file is there as a whole or not at all, also after a power cut.
fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().context("a path without folder")?;
    fs::create_dir_all(folder)?;
    let unfinished = path.with_extension("part");
    let mut file = fs::File::create(&unfinished)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    Ok(())
}

/// Where a track is not what was said.
pub(super) fn gaps(raw: &RawRecording<'_>, track: RawTrack) -> Vec<Gap> {
    raw.gaps(track)
        .into_iter()
        .map(|gap| Gap {
            start_ms: i64::try_from(gap.start_ms).unwrap_or(i64::MAX),
            len_ms: i64::try_from(gap.len_ms).unwrap_or(i64::MAX),
            cause: match gap.cause {
                RawGapCause::NotReceived | RawGapCause::Concealed => GapCause::Lost,
                RawGapCause::Torn => GapCause::Torn,
            },
        })
        .collect()
}

/// A UUID (RFC 9562 version 8) that follows from call and track.
pub fn recording_id(call: &CallId, track: Track) -> RecordingId {
    let digest = Sha256::digest(format!("{call}/{}", track.name()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    RecordingId(
        uuid::Builder::from_custom_bytes(bytes)
            .into_uuid()
            .to_string(),
    )
}

/// Where rendered recordings are.
pub fn recordings_folder(app: &App) -> PathBuf {
    app.settings().data.join("recordings")
}

/// Where the raw file of a running call is.
pub fn open_path(app: &App, call: &CallId) -> PathBuf {
    open_folder(app).join(format!("{call}.sbr"))
}

/// Where raw files are until they are rendered.
pub fn open_folder(app: &App) -> PathBuf {
    app.settings().data.join("media/open")
}

/// Where the raw file of a rendered call is.
pub fn done_path(app: &App, call: &CallId) -> PathBuf {
    done_folder(app).join(format!("{call}.sbr"))
}

/// Where raw files of rendered calls are, until they are swept away.
pub fn done_folder(app: &App) -> PathBuf {
    app.settings().data.join("media/done")
}
