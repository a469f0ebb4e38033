//! Calls that take the place of a leg of ours (`Replaces`, RFC 3891), once whoever calls has proved to be
//! somebody: knowing the tags proves only that somebody told them.

use std::sync::Arc;

use model::{Extension, Server, ServerKind, TenantId, Trunk};
use sip::{Incoming, LegId};

use super::{No, identity};
use crate::{
    App,
    phone_calls::PhoneGuard,
    shell::call::{CallCommand, Caller, MediaTerms, Origin, PhoneHolds, Replace},
};

/// The phone of an extension takes the place of a leg of a call of its own instance.
pub(super) async fn by_phone(
    app: &Arc<App>,
    extension: Extension,
    phone: PhoneGuard,
    terms: MediaTerms,
    incoming: Box<Incoming>,
    leg: LegId,
) -> Result<(), No> {
    let number = extension.settings.number;
    let caller = Caller {
        server: Server {
            kind: ServerKind::Extension,
            address: number.clone(),
            staff: None,
            email: String::new(),
            name: extension.settings.name,
            skill_group: None,
        },
        origin: Origin::Extension(number),
        holds: PhoneHolds::phone(phone),
    };
    let replace = Replace {
        leg,
        incoming,
        terms,
        caller,
    };
    pass(app, Some(extension.tenant), replace).await
}

/// What is behind a trunk takes the place of a leg by the same trunk.
pub(super) async fn by_trunk(
    app: &Arc<App>,
    trunk: &Trunk,
    incoming: Box<Incoming>,
    leg: LegId,
) -> Result<(), No> {
    if !trunk.settings.signalling.transfers.accepted {
        return Err(No::Status(603));
    }
    let channel = app.trunk_loads().accept(trunk).ok_or(No::Status(486))?;
    let number = identity::caller(&incoming).map(|number| number.to_string());
    let caller = Caller {
        server: Server {
            kind: ServerKind::Outside,
            address: number.unwrap_or_default(),
            staff: None,
            email: String::new(),
            name: String::new(),
            skill_group: None,
        },
        origin: Origin::Trunk(trunk.id),
        holds: PhoneHolds::channel(channel),
    };
    let terms = MediaTerms::of_trunk(&trunk.settings);
    let replace = Replace {
        leg,
        incoming,
        terms,
        caller,
    };
    pass(app, None, replace).await
}

async fn pass(app: &App, tenant: Option<TenantId>, replace: Replace) -> Result<(), No> {
    let gone = No::Status(481);
    let Some(call) = app.call_legs().call_of(replace.leg) else {
        return Err(gone);
    };
    let handle = app.calls().find(&call);
    let ours = handle.filter(|handle| tenant.is_none_or(|tenant| handle.tenant() == tenant));
    let Some(handle) = ours else {
        return Err(gone);
    };
    match handle.pass(CallCommand::Replace(Box::new(replace))).await {
        true => Ok(()),
        false => Err(gone),
    }
}
