//! A caller who waits for somebody of a skill group: the group's rules, its music, and how long it
//! took.

use std::{sync::Arc, time::Instant};

use engine::call::Input;
use media::{
    leg,
    playout::{Clip, ClipId, Displaced, PlayMode},
    tone,
};
use model::{CallEvent, SkillGroup, SkillGroupId, SkillGroupKind, SoundId, TenantId};

use super::{Task, handover::WAITING};
use crate::{App, queues::Visit};

/// What a caller is told who begins to wait; no other clip has such a number.
pub(super) const ANNOUNCEMENT: ClipId = ClipId(u64::MAX - 4);

/// The queue that a caller is in.
#[derive(Default)]
pub(super) struct Waiting {
    visit: Option<Visit>,
    music: Option<Arc<[i16]>>,
    announcement: Option<Arc<[i16]>>,
}

impl Waiting {
    /// Whether a caller waits.
    pub(super) fn is_any(&self) -> bool {
        self.visit.is_some()
    }
}

impl Task {
    /// The caller comes for a group.
    pub(super) async fn enter_queue(&mut self, group: SkillGroupId) {
        self.seeker = None;
        let (app, tenant) = (Arc::clone(&self.app), self.call.tenant);
        let rules = match group_for_calls(&app, tenant, group).await {
            Some(found) => {
                self.waiting = wait_by(&app, &found).await;
                Some(Box::new(found.settings.queue))
            }
            None => {
                self.waiting = Waiting::default();
                None
            }
        };
        self.inputs.push_back(Input::QueueEntered { group, rules });
    }

    /// The caller hears the announcement, then music.
    pub(super) fn play_queue(&self) {
        let mode = || PlayMode::Instead(Displaced::Resumes);
        let music = self.waiting.music.clone();
        let music = music.unwrap_or_else(|| tone::hold_music().into());
        let clip = Clip::whole(WAITING, music).repeated(u32::MAX);
        self.order(leg::Command::Play { clip, mode: mode() });
        if let Some(announcement) = self.waiting.announcement.clone() {
            let clip = Clip::whole(ANNOUNCEMENT, announcement);
            self.order(leg::Command::Play { clip, mode: mode() });
        }
    }

    /// Counts what an event says of the caller's visit.
    pub(super) fn note_queue(&mut self, event: &CallEvent, at: Instant) {
        match event {
            CallEvent::Served { .. } => {
                if let Some(visit) = self.waiting.visit.take() {
                    visit.answered(at);
                }
            }
            CallEvent::TransferFailed { .. } => {
                if let Some(visit) = self.waiting.visit.take() {
                    visit.passed_on(at);
                }
            }
            CallEvent::Ended { .. } => self.waiting = Waiting::default(),
            _ => {}
        }
    }
}

async fn group_for_calls(app: &App, tenant: TenantId, group: SkillGroupId) -> Option<SkillGroup> {
    match app.store().skill_group(tenant, group).await {
        Ok(found) if found.settings.kind == SkillGroupKind::Phone => Some(found),
        Ok(_) => {
            tracing::warn!(group = group.0, "calls come in for a group that takes none");
            None
        }
        Err(error) => {
            tracing::warn!(group = group.0, %error, "a group that calls come in for is not found");
            None
        }
    }
}

async fn wait_by(app: &App, group: &SkillGroup) -> Waiting {
    let rules = &group.settings.queue;
    let (now, tenant) = (Instant::now(), group.tenant);
    let visit = app
        .queues()
        .enter(tenant, group.id, rules.service_time, now);
    Waiting {
        visit: Some(visit),
        music: heard(app, tenant, rules.music).await,
        announcement: heard(app, tenant, rules.announcement).await,
    }
}

/// A sound of the group; without it the house's music is heard.
async fn heard(app: &App, tenant: TenantId, sound: Option<SoundId>) -> Option<Arc<[i16]>> {
    match app.sounds().load(app, tenant, sound?).await {
        Ok(samples) => Some(samples),
        Err(why) => {
            let why = format!("{why:#}");
            tracing::error!(why, "a sound of a queue is not heard");
            None
        }
    }
}
