//! Recorded tracks.

use model::{CallId, Gap, GapCause, Recording, RecordingId, TenantId, Track, UnixMs};
use serde::{Deserialize, Serialize};

use super::{document, text, unknown};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
pub(super) struct RecordingDoc {
    id: String,
    tenant: i64,
    call: String,
    track: String,
    file_name: String,
    started_at: i64,
    duration_ms: i64,
    n_bytes: i64,
    sha256: String,
    gaps: Vec<GapDoc>,
    copy_url: Option<String>,
    ready_at: i64,
}

#[derive(Serialize, Deserialize)]
struct GapDoc {
    start_ms: i64,
    len_ms: i64,
    cause: GapCauseDoc,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum GapCauseDoc {
    Lost,
    Torn,
}

/// The document of a recording.
pub(crate) fn recording_text(recording: &Recording) -> String {
    text(&RecordingDoc::from(recording))
}

/// The recording in a document.
pub(crate) fn recording_of(text: &str) -> Result<Recording, StoreError> {
    document::<RecordingDoc>("recording", text)?.recording()
}

impl From<&Recording> for RecordingDoc {
    fn from(recording: &Recording) -> Self {
        let gap = |gap: &Gap| GapDoc {
            start_ms: gap.start_ms,
            len_ms: gap.len_ms,
            cause: match gap.cause {
                GapCause::Lost => GapCauseDoc::Lost,
                GapCause::Torn => GapCauseDoc::Torn,
            },
        };
        Self {
            id: recording.id.0.clone(),
            tenant: recording.tenant.0,
            call: recording.call.0.clone(),
            track: recording.track.name().into(),
            file_name: recording.file_name.clone(),
            started_at: recording.started_at.0,
            duration_ms: recording.duration_ms,
            n_bytes: recording.n_bytes,
            sha256: recording.sha256.clone(),
            gaps: recording.gaps.iter().map(gap).collect(),
            copy_url: recording.copy_url.clone(),
            ready_at: recording.ready_at.0,
        }
    }
}

impl RecordingDoc {
    pub fn recording(self) -> Result<Recording, StoreError> {
        let track = Track::by_name(&self.track).ok_or_else(|| unknown("track"))?;
        let gap = |gap: GapDoc| Gap {
            start_ms: gap.start_ms,
            len_ms: gap.len_ms,
            cause: match gap.cause {
                GapCauseDoc::Lost => GapCause::Lost,
                GapCauseDoc::Torn => GapCause::Torn,
            },
        };
        Ok(Recording {
            id: RecordingId(self.id),
            tenant: TenantId(self.tenant),
            call: CallId(self.call),
            track,
            file_name: self.file_name,
            started_at: UnixMs(self.started_at),
            duration_ms: self.duration_ms,
            n_bytes: self.n_bytes,
            sha256: self.sha256,
            gaps: self.gaps.into_iter().map(gap).collect(),
            copy_url: self.copy_url,
            ready_at: UnixMs(self.ready_at),
        })
    }
}
