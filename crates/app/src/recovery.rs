//! What a start does about what the last run left behind.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use engine::presence::Happening;
use media::recording::Recording as RawRecording;
use model::{Call, CallId, CallState, StaffStatus, UnixMs, WebhookTopic};
use store::{Paging, StaffFilter};

use crate::{
    App,
    shell::call::{finish_recording_in_time, open_folder, open_path},
};

/// People that are looked at.
const STAFF_AT_ONCE: u32 = 1_000;

/// Closes every call that was open, with a cause, and begins to finish every recording that was
/// not: that goes on while the centre takes new calls. Pushes that were due, or on their way when
/// the last run ended, are sent by their own shell.
pub async fn recover(app: &Arc<App>) -> anyhow::Result<()> {
    let leases = app.store().end_leases().await;
    leases.context("failed to take over the pushes of the last run")?;
    let open = app
        .store()
        .open_calls()
        .await
        .context("failed to look for open calls")?;
    for call in &open {
        // One damaged record must not keep the centre from starting.
        if let Err(error) = close(app, call).await {
            let error = format!("{error:#}");
            tracing::error!(call = %call.id, error, "failed to close a call of the last run");
        }
    }
    if let Err(error) = let_go(app).await {
        let error = format!("{error:#}");
        tracing::error!(error, "people stay busy with calls of the last run");
    }
    let recordings = unfinished(&open_folder(app))?;
    if !open.is_empty() || !recordings.is_empty() {
        tracing::warn!(
            calls = open.len(),
            recordings = recordings.len(),
            "the last run ended in the middle of calls: closed and rendered"
        );
    }
    let app = Arc::clone(app);
    tokio::spawn(async move {
        for id in recordings {
            finish_recording_in_time(&app, &id).await;
        }
    });
    Ok(())
}

async fn close(app: &Arc<App>, call: &Call) -> anyhow::Result<()> {
    let events = app.store().events(&call.id, call.n_events - 1, 1).await?;
    let last_event_at = events.last().map_or(call.started_at, |stamped| stamped.at);
    let audio_until = audio_until(&open_path(app, &call.id));
    let Some(ended) = engine::recovery::close(call, last_event_at, audio_until, app.now()) else {
        return Ok(());
    };
    let mut after = call.clone();
    after.apply(&ended.event, ended.at);
    // With a recording to come, the record is pushed when that is ready.
    let is_recorded = open_path(app, &call.id).exists();
    let topics: &[WebhookTopic] = if is_recorded {
        &[]
    } else {
        &[WebhookTopic::Cdr]
    };
    let deliveries = crate::pushes::of_call(app, &after, topics).await?;
    app.store()
        .append(&call.id, &[(ended.at, ended.event)], &deliveries)
        .await?;
    Ok(())
}

/// People who were busy with a call that is over now have time for their notes.
async fn let_go(app: &Arc<App>) -> anyhow::Result<()> {
    let busy = StaffFilter {
        statuses: vec![StaffStatus::Busy],
        ..StaffFilter::default()
    };
    let busy = app.store().staff_list(&busy, Paging::first(STAFF_AT_ONCE));
    for person in busy.await?.items {
        let Some(work) = person.presence.work.clone() else {
            continue;
        };
        // Work that is no call is a chat, and goes on.
        let Ok(call) = app.store().call_any(&CallId(work.clone())).await else {
            continue;
        };
        if call.state != CallState::Ended {
            continue;
        }
        let ended = Happening::WorkEnded {
            work: &work,
            wrap_up: call.served_by().is_some(),
        };
        app.happen(person.tenant, person.id, ended).await?;
    }
    Ok(())
}

/// When the audio on disk ends; `None` if there is none.
fn audio_until(raw: &Path) -> Option<UnixMs> {
    let bytes = std::fs::read(raw).ok()?;
    let recording = RawRecording::open(&bytes).ok()?;
    let end = recording
        .header()
        .started_at_ms
        .saturating_add(recording.len_ms());
    Some(UnixMs(i64::try_from(end).ok()?))
}

fn unfinished(folder: &Path) -> anyhow::Result<Vec<CallId>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut calls = Vec::new();
    for entry in std::fs::read_dir(folder).context("failed to read the media folder")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sbr")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            calls.push(CallId(name.to_owned()));
        }
    }
    calls.sort();
    Ok(calls)
}
