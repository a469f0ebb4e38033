//! Calls of phones of extensions to other phones: of the house, and outside.

use std::{sync::Arc, time::Duration};

use engine::quota;
use model::{CallEvent, CallId, Direction, E164, Extension};
use sip::Incoming;
use uuid::Uuid;

use super::{No, identity};
use crate::{
    App,
    phone_calls::PhoneGuard,
    shell::call::{self, First, Holds, MediaTerms, Start, Way},
};

/// Longest ringing, all phones together: the call session's own limit is longer.
const RING_TIME_MAX: Duration = Duration::from_secs(60);

/// A call from one phone to another.
pub(super) struct Between {
    pub(super) incoming: Box<Incoming>,
    pub(super) terms: MediaTerms,
    /// Who calls.
    pub(super) extension: Extension,
    pub(super) phone: PhoneGuard,
    /// Whom, as [`call::First::Phone`] names it.
    pub(super) target: String,
    /// The same for the record.
    pub(super) callee: E164,
}

/// Rings the other phone; the caller is answered when that is.
pub(super) async fn ring(app: &Arc<App>, between: Between) -> Result<(), No> {
    let tenant = between.extension.tenant;
    let (quota, usage) = app.store().quota(tenant).await?;
    if quota::check(&quota, &usage, app.now()).is_err() {
        return Err(No::Status(480));
    }
    let id = CallId(Uuid::new_v4().to_string());
    let number = &between.extension.settings.number;
    let requested = CallEvent::Requested {
        tenant,
        direction: Direction::Inbound,
        caller: E164::parse(number, "").unwrap_or_else(|_| E164::unknown()),
        callee: between.callee,
        voice_agent: None,
        voice_agent_name: String::new(),
        voice_agent_version: 0,
        trunk: None,
        variables: Vec::new(),
        user_data: identity::user_to_user(&between.incoming.headers),
        ring_time_max: RING_TIME_MAX,
        credential: None,
    };
    let call = app
        .store()
        .begin_call(&id, &[(app.now(), requested)], &[])
        .await?;
    app.note_journal_growth();
    let talk_time_max = quota::remaining(&quota, &usage, app.now());
    call::spawn(
        app,
        Start {
            call,
            first: First::Phone(between.target),
            way: Way::In(between.incoming, between.terms),
            ring_time_max: RING_TIME_MAX,
            talk_time_max,
            holds: Holds {
                slot: None,
                channel: None,
                phone: Some(between.phone),
            },
        },
    );
    Ok(())
}
