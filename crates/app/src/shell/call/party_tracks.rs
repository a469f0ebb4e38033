//! Tracks of further parties: each in a file of its own beside that of the call, on the call's clock.
//!
//! While the call runs they grow in `DATA/media/open/<call>.<party>.sbp`. They are rendered after the
//! call's own tracks, as long as those: a track is silent before its party came and after it left.

use std::{fs, io, path::PathBuf};

use anyhow::Context as _;
use media::{
    Frame, FrameKind, SILENT_FRAME, g711,
    recording::{FileHeader, Recording as RawRecording, Track as RawTrack},
};
use model::{CallId, GapCause, PartyId, Recording, Track};
use tokio::sync::oneshot;

use super::finish::{Rendering, done_folder, gaps, open_folder};
use crate::{App, shell::media::RecordingFile};

/// Extension of these files.
pub const EXTENSION: &str = "sbp";

/// Creates the raw file of a party that begins to be recorded.
pub fn create(
    app: &App,
    call: &CallId,
    party: PartyId,
    codec: g711::Codec,
) -> io::Result<(RecordingFile, oneshot::Receiver<io::Result<()>>)> {
    let header = FileHeader {
        call_id: call.as_str().to_owned(),
        started_at_ms: u64::try_from(app.now().0).unwrap_or(0),
        codec,
    };
    let path = open_folder(app).join(format!("{call}.{party}.{EXTENSION}"));
    app.recorder().create(&path, &header)
}

/// The raw files of a call's parties that are to be rendered, in order.
pub fn open(app: &App, call: &CallId) -> io::Result<Vec<(PartyId, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(open_folder(app))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let party = name
            .and_then(|name| name.strip_prefix(call.as_str())?.strip_prefix('.'))
            .and_then(|rest| rest.strip_suffix(EXTENSION)?.strip_suffix('.'))
            .and_then(|party| party.parse().ok());
        if let Some(party) = party {
            found.push((PartyId(party), path));
        }
    }
    found.sort();
    Ok(found)
}

/// Renders the track of a party; `call` is the recording of its call. `None` if the file holds none:
/// a crash came before its header.
pub(super) fn render(
    rendering: &Rendering<'_>,
    call: &RawRecording<'_>,
    party: PartyId,
    path: &PathBuf,
) -> anyhow::Result<Option<Recording>> {
    let bytes = fs::read(path).context("failed to read the recording of a party")?;
    let Ok(own) = RawRecording::open(&bytes) else {
        tracing::warn!(%party, "the recording of a party holds nothing");
        return Ok(None);
    };
    let silence = std::iter::repeat((FrameKind::Silence, SILENT_FRAME));
    let frames = own.frames(RawTrack::User).chain(silence);
    let frames = frames.map(|(_, frame): (FrameKind, Frame)| frame);
    let mut gaps = gaps(&own, RawTrack::User);
    // Before it came there was nothing to be recorded.
    gaps.retain(|gap| gap.start_ms != 0 || gap.cause != GapCause::Torn);
    let track = Track::Party(party);
    rendering.write(call, track, frames, gaps).map(Some)
}

/// Puts the raw files of a call's parties beside that of the call.
pub fn put_away(app: &App, call: &CallId) -> anyhow::Result<()> {
    for (_, path) in open(app, call)? {
        let name = path.file_name().context("a path without name")?;
        fs::create_dir_all(done_folder(app))?;
        fs::rename(&path, done_folder(app).join(name))
            .context("failed to put a raw recording away")?;
    }
    Ok(())
}
