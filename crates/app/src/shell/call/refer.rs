//! What a REFER asks for, and whether whoever sent it may.
//!
//! Phones of the house may name phones, skill groups and numbers as they dial them; what is behind a
//! trunk may only where the trunk is trusted with it, because we pay for the call that follows.

use model::{Call, CallId, Trunk};
use sip::{LegId, Referring, Uri};
use store::StoreError;

use super::{
    dialed,
    party::Origin,
    seek::target::{self, Target},
};
use crate::App;

/// What a REFER asks for.
pub enum Wanted {
    /// A phone is to be called.
    Phone(String),
    /// The phone that talks in another call with the one of this leg.
    Call {
        /// A leg of the other call.
        leg: LegId,
        /// The call.
        call: CallId,
        /// Who it is, as the REFER says.
        target: String,
    },
}

/// Reads a REFER. `Err` is the status to refuse it with: 481 for a call that we do not have (RFC 5589
/// section 7), 404 for nobody, 603 for what is not ours to call, or not for whoever asks.
pub async fn read(
    app: &App,
    call: &Call,
    origin: Option<&Origin>,
    referring: &Referring,
) -> Result<Wanted, u16> {
    let trunk = match origin {
        None => return Err(603),
        Some(Origin::Extension(_)) => None,
        Some(Origin::Trunk(trunk)) => Some(
            app.store()
                .trunk(*trunk)
                .await
                .map_err(|error| status(&error))?,
        ),
    };
    if let Some(trunk) = &trunk
        && !trunk.settings.signalling.transfers.accepted
    {
        return Err(603);
    }
    let uri = &referring.to.uri;
    let user = uri.user.as_deref().unwrap_or_default();
    let user = user.split(';').next().unwrap_or_default();
    if referring.replaces.is_some() {
        let leg = referring.replaced.ok_or(481_u16)?;
        let other = app
            .call_legs()
            .call_of(leg)
            .filter(|other| *other != call.id);
        let other = other.ok_or(481_u16)?;
        let is_ours = app
            .calls()
            .find(&other)
            .is_some_and(|handle| handle.tenant() == call.tenant);
        return match is_ours {
            true => Ok(Wanted::Call {
                leg,
                call: other,
                target: user.to_owned(),
            }),
            false => Err(481),
        };
    }
    if user.is_empty() {
        return Err(404);
    }
    if !is_ours(app, call, trunk.as_ref(), uri) {
        return Err(603);
    }
    let number = dialed::number(uri).ok_or(404_u16)?;
    phone(app, call, origin, &number).await
}

async fn phone(
    app: &App,
    call: &Call,
    origin: Option<&Origin>,
    dialed: &str,
) -> Result<Wanted, u16> {
    let found = target::read(app, call.tenant, dialed).await;
    match found.map_err(|error| status(&error))? {
        Some(Target::Group(group)) => match group.id() {
            Some(id) => Ok(Wanted::Phone(format!("skill_group:{id}"))),
            None => Err(404),
        },
        Some(Target::Extension(extension)) => {
            let number = extension.settings.number;
            Ok(Wanted::Phone(format!("extension:{number}")))
        }
        Some(Target::Outside(number)) => {
            may_call_out(app, call, origin).await?;
            Ok(Wanted::Phone(format!("number:{number}")))
        }
        Some(Target::Staff(_)) | None => Err(404),
    }
}

/// Whether whoever asks may have numbers outside called.
async fn may_call_out(app: &App, call: &Call, origin: Option<&Origin>) -> Result<(), u16> {
    let Some(Origin::Extension(number)) = origin else {
        return Ok(());
    };
    let extension = target::extension(app, call.tenant, number).await;
    match extension.map_err(|error| status(&error))? {
        Some(extension) if extension.settings.rules.calls_outside => Ok(()),
        Some(_) | None => Err(603),
    }
}

/// Whether we are who is to call this address: it is at our domain or address, or at that of the trunk
/// whose peer asks.
fn is_ours(app: &App, call: &Call, trunk: Option<&Trunk>, uri: &Uri) -> bool {
    let host = dialed::host(uri);
    let is_trunks = trunk.is_some_and(|trunk| {
        let settings = &trunk.settings;
        host.is_some_and(|host| settings.host == host || settings.domain.as_deref() == Some(host))
    });
    is_trunks || dialed::is_ours(app, call.tenant, uri)
}

fn status(error: &StoreError) -> u16 {
    tracing::error!(%error, "failed to read whom a phone names");
    if error.is_transient() { 503 } else { 500 }
}
