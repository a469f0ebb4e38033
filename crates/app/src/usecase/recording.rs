//! Recordings and what was said in them, for whoever has their signed address.

use std::path::PathBuf;

use model::{
    Call, CallEvent, CallId, CallState, Recording, RecordingId, Refusal, Sentence, Track,
    Transcript,
};
use store::StoreError;

use crate::{
    App, Fault,
    shell::call::{done_path, open_path, recordings_folder},
};

/// Events of one call that are read.
const EVENTS_MAX: u32 = 20_000;

impl App {
    /// A signed address of a recording, good for 24 hours.
    pub fn recording_url(&self, recording: &Recording) -> String {
        self.links().recording(&recording.id, self.now())
    }

    /// The file of a recording, if `expires` and `signature` of its address are good.
    ///
    /// # Errors
    ///
    /// A forged or expired address is refused as [`Refusal::NotPermitted`], one of a file that was
    /// kept for its time as [`Refusal::NotFound`].
    pub async fn recording_file(
        &self,
        id: &RecordingId,
        expires: i64,
        signature: &str,
    ) -> Result<PathBuf, Fault> {
        if !self.links().is_good(id, expires, signature, self.now()) {
            return Err(Refusal::NotPermitted.into());
        }
        let gone = || Refusal::NotFound { what: "recording" };
        let recording = match self.store().recording(id).await {
            Ok(recording) => recording,
            Err(StoreError::NotFound { .. }) => return Err(gone().into()),
            Err(error) => return Err(error.into()),
        };
        let file = recordings_folder(self).join(recording.file_name);
        match file.exists() {
            true => Ok(file),
            false => Err(gone().into()),
        }
    }

    /// A signed address of what was said in a call, good for 24 hours.
    pub fn transcript_url(&self, call: &CallId) -> String {
        self.links().transcript(call, self.now())
    }

    /// An ended call and what was said in it, if `expires` and `signature` of its address are good.
    ///
    /// # Errors
    ///
    /// A forged or expired address is refused as [`Refusal::NotPermitted`], one of a call that has not
    /// ended, or is not kept any more, as [`Refusal::NotFound`].
    pub async fn transcript(
        &self,
        id: &CallId,
        expires: i64,
        signature: &str,
    ) -> Result<(Call, Vec<Sentence>), Fault> {
        let now = self.now();
        if !self.links().is_good_transcript(id, expires, signature, now) {
            return Err(Refusal::NotPermitted.into());
        }
        let gone = || Refusal::NotFound { what: "transcript" };
        let call = match self.store().call_any(id).await {
            Ok(call) => call,
            Err(StoreError::NotFound { .. }) => return Err(gone().into()),
            Err(error) => return Err(error.into()),
        };
        if call.state != CallState::Ended {
            return Err(gone().into());
        }
        let sentences = self.sentences(&call).await?;
        Ok((call, sentences))
    }

    /// What was said in a call, in the order in which it began: what was understood while it ran, and
    /// what was recognized in its recording afterwards.
    ///
    /// # Errors
    ///
    /// Fails when the database does.
    pub async fn sentences(&self, call: &Call) -> Result<Vec<Sentence>, Fault> {
        let store = self.store();
        let events = store.events(&call.id, 0, EVENTS_MAX).await?;
        let mut sentences: Vec<Sentence> =
            events.into_iter().filter_map(|it| said(it.event)).collect();
        match store.transcript(call.tenant, &call.id).await? {
            Some(Transcript::Done(afterwards)) => sentences.extend(afterwards),
            Some(Transcript::Due | Transcript::Absent) | None => {}
        }
        sentences.sort_by_key(|sentence| sentence.from);
        Ok(sentences)
    }

    /// The tracks of a call as they were, or still are, written while it runs: for drawing and
    /// lossless copies. `None` when the call was not recorded.
    ///
    /// # Errors
    ///
    /// Fails when the file is there and cannot be read.
    pub async fn raw_recording(&self, call: &CallId) -> Result<Option<Vec<u8>>, Fault> {
        // A file that moves from one place to the other is seen in the second.
        for path in [open_path(self, call), done_path(self, call)] {
            match tokio::fs::read(path).await {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(Fault::Internal(error.into())),
            }
        }
        Ok(None)
    }
}

/// What an event holds of what was said; `None` if nothing was.
fn said(event: CallEvent) -> Option<Sentence> {
    let (track, text, from, to) = match event {
        CallEvent::AgentSaid {
            heard, from, to, ..
        } => (Track::Agent, heard, from, to),
        CallEvent::CallerSaid { text, from, to } => (Track::User, text, from, to),
        _ => return None,
    };
    (!text.is_empty()).then_some(Sentence {
        track,
        text,
        from,
        to,
    })
}
