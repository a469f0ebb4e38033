//! Owns one call: a task that gives the call session and the conversation their inputs and time,
//! and does what they want.
//!
//! # Invariants
//!
//! - Every call that began ends in the journal, also when its task panics; its leg is hung up.
//! - A call's slots and channels are free again when its record has ended.

mod caller;
mod clock;
mod dialed;
mod diverted;
mod finish;
mod fork;
mod history;
mod journal;
mod keys;
mod line;
mod noted;
mod other;
mod outside;
mod party;
mod party_tracks;
mod prepare;
mod refer;
mod routing;
mod seek;
mod span;
mod task;
mod told;
mod voice;

pub use diverted::{Diversion, Diverter, Past};
pub use history::{Passed, says};
pub use line::MediaTerms;
pub use noted::end_cause;
pub use other::Caller;
pub use party::{Gift, Given, Origin};
pub use party_tracks::EXTENSION as PARTY_EXTENSION;
pub use seek::PhoneHolds;
pub use told::{Instruct, SayNow, SayWhat, Told};

use std::{sync::Arc, time::Duration};

use engine::call::{Command, Invitation};
use model::{
    Call, CallEvent, CallId, EndCause, HungUpSide, ListenMode, PartyId, Refusal, SkillGroupId,
    WebhookTopic,
};
use sip::{Incoming, LegId};
use tokio::sync::{mpsc, oneshot};

pub use finish::{
    done_folder, done_path, finish_recording, finish_recording_in_time, open_folder, open_path,
    recordings_folder,
};

use crate::{App, agent_document::Parsed, calls::CallHandle, usecase::Outbound};

/// Commands to one call that may wait.
const COMMANDS_MAX: usize = 64;

/// A command to a running call, and where its answer goes.
pub enum CallCommand {
    /// To the call.
    Call {
        /// What is wanted.
        command: Command,
        /// Whether it was taken.
        answer: oneshot::Sender<Result<(), Refusal>>,
    },
    /// To its voice agent.
    Agent(Instruct),
    /// About a further party.
    Party(PartyAsk),
    /// Another call wants the phone that talks with the one of `leg`; comes back empty if it cannot
    /// have it, and with whom it called where nobody has answered yet.
    Give {
        /// A leg of this call, which its peer names.
        leg: LegId,
        /// The other call.
        to: CallId,
        /// Where the phone goes.
        answer: oneshot::Sender<Option<Gift>>,
    },
    /// A phone has called for the place of another one.
    Replace(Box<Replace>),
}

/// What somebody wants of the further parties of a call, and where the answer goes.
pub enum PartyAsk {
    /// Somebody is to come.
    Invite {
        /// Who.
        invitation: Invitation,
        /// Their number in the call.
        answer: oneshot::Sender<Result<PartyId, Refusal>>,
    },
    /// Somebody is to leave.
    Dismiss {
        /// Who.
        party: PartyId,
        /// Whether they listen in.
        is_supervisor: bool,
        /// Who wants it, in words.
        by: String,
        /// Whether they do.
        answer: oneshot::Sender<Result<(), Refusal>>,
    },
    /// A supervisor is to be heard by others.
    Mode {
        /// Who.
        party: PartyId,
        /// By whom.
        mode: ListenMode,
        /// Who wants it, in words.
        by: String,
        /// Whether they are.
        answer: oneshot::Sender<Result<(), Refusal>>,
    },
}

/// A phone that has called for the place of another one (`Replaces`, RFC 3891).
pub struct Replace {
    /// The leg whose place it wants.
    pub leg: LegId,
    /// Its call.
    pub incoming: Box<Incoming>,
    /// What its media may be.
    pub terms: MediaTerms,
    /// Who it is.
    pub caller: Caller,
}

/// Everything that a call begins with.
pub struct Start {
    /// As it is stored.
    pub call: Call,
    /// Who talks first.
    pub first: First,
    /// Which way it goes.
    pub way: Way,
    /// Longest ringing.
    pub ring_time_max: Duration,
    /// Longest time from the answer, by the tenant's quota.
    pub talk_time_max: Option<Duration>,
    /// Given back when the call has ended.
    pub holds: Holds,
}

/// Who talks with the person first.
pub enum First {
    /// A voice agent.
    Agent(Box<Parsed>),
    /// Another phone, or somebody of a skill group: whoever this names.
    Phone(String),
    /// Somebody of a skill group, for whom the caller waits by its rules.
    Queue(SkillGroupId),
}

/// Which way a call goes.
pub enum Way {
    /// We call this way, or another if that fails.
    Out(Box<Outbound>),
    /// They called, and may be answered on these terms.
    In(Box<Incoming>, MediaTerms),
}

/// What a running call holds on to; dropping it gives everything back.
pub struct Holds {
    /// Its voice-agent slot.
    pub slot: Option<crate::shell::slots::SlotGuard>,
    /// The phone of an extension that is in it.
    pub phone: Option<crate::phone_calls::PhoneGuard>,
    /// Its channel on the trunk.
    pub channel: Option<crate::trunk_load::ChannelGuard>,
}

/// Starts the task of a call that is stored.
pub fn spawn(app: &Arc<App>, start: Start) {
    let (commands, inbox) = mpsc::channel(COMMANDS_MAX);
    let call = start.call.clone();
    let unanswered = match &start.way {
        Way::In(incoming, _) => Some(incoming.leg),
        Way::Out(_) => None,
    };
    if let Some(deadline) = app.drain_deadline() {
        // Admitted just before the drain began; a fresh queue has room for one command.
        let (answer, _) = oneshot::channel();
        let command = Command::Drain { deadline };
        let _ = commands.try_send(CallCommand::Call { command, answer });
    }
    let span = tracing::info_span!("call", id = %call.id, tenant = call.tenant.0);
    app.calls()
        .insert(call.id.clone(), CallHandle::new(call.tenant, commands));
    let app = Arc::clone(app);
    let task = tokio::spawn(tracing::Instrument::instrument(
        task::run(Arc::clone(&app), start, inbox),
        span.clone(),
    ));
    let keeper = async move {
        if let Err(panic) = task.await {
            tracing::error!(%panic, "the task of a call has ended badly");
            if let Some(leg) = unanswered {
                // An answered one is hung up by its line; this is ignored then.
                app.refuse_incoming(leg, 500).await;
            }
            Box::pin(close_after_panic(&app, &call)).await;
        }
        app.calls().remove(&call.id);
    };
    tokio::spawn(tracing::Instrument::instrument(keeper, span));
}

/// A panic ends one call, not the centre: its record ends here.
async fn close_after_panic(app: &Arc<App>, call: &Call) {
    let ended = CallEvent::Ended {
        cause: EndCause::Fault,
        side: HungUpSide::System,
        sip_status: None,
        sip_reason: String::new(),
        quality: None,
    };
    let at = app.now();
    let mut after = call.clone();
    after.apply(&ended, at);
    // With a recording to come, the call's record is pushed when that is ready.
    let is_recorded = open_path(app, &call.id).exists();
    let topics: &[WebhookTopic] = if is_recorded {
        &[]
    } else {
        &[WebhookTopic::Cdr]
    };
    let closed = match crate::pushes::of_call(app, &after, topics).await {
        Ok(deliveries) => {
            app.store()
                .append(&call.id, &[(at, ended)], &deliveries)
                .await
        }
        Err(error) => Err(error),
    };
    match closed {
        Ok(_) | Err(store::StoreError::CallEnded) => app.note_journal_growth(),
        // The next start finds the call open and closes it.
        Err(error) => tracing::error!(%error, "failed to close a call after a panic"),
    }
    if let Err(error) = finish_recording(app, &call.id).await {
        tracing::error!(%error, "failed to render a recording after a panic");
    }
}
