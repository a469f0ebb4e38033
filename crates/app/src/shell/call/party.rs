//! Who a phone of a call is, what it may ask of us, and how it passes from one call to another.

use std::{sync::Arc, time::Duration};

use model::{Call, EndCause, Server, ServerKind, TrunkId};

use super::{line::Line, seek::PhoneHolds};
use crate::App;

/// Longest wait for the goodbye of a phone that gave its place away and was told the end: phones that
/// follow RFC 5589 section 6 say it at once.
const GOODBYE_MAX: Duration = Duration::from_secs(5);

/// Longest wait for the end of a leg that was hung up: the SIP machine gives up after 32 s
/// (64·T1, RFC 3261 section 17.1.2.2).
const LEAVE_MAX: Duration = Duration::from_secs(40);

/// By which way a phone is in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is the phone of an extension.
    Extension(String),
    /// It is behind a trunk.
    Trunk(TrunkId),
}

/// A phone that leaves one call and goes on in another.
pub struct Given {
    /// Its signalling, with its sockets.
    pub line: Line,
    /// Who it is.
    pub server: Server,
    /// By which way.
    pub origin: Option<Origin>,
    /// What is held for it.
    pub holds: PhoneHolds,
}

/// What a call has for another one that wants the phone that talks in it.
pub enum Gift {
    /// The phone.
    Phone(Box<Given>),
    /// Nobody has answered: whom it called. It is over, and the other one may ring them.
    Rung(String),
}

impl Origin {
    /// That of the person of a call.
    pub fn of_person(call: &Call) -> Option<Self> {
        match call.trunk {
            Some(trunk) => Some(Self::Trunk(trunk)),
            // Only phones of the house call us without a trunk.
            None if call.caller.digits().is_empty() => None,
            None => Some(Self::Extension(call.caller.digits().to_owned())),
        }
    }

    /// That of a phone that was rung for a call; `trunk` is the one that it was called by.
    pub fn of_server(server: &Server, trunk: Option<TrunkId>) -> Option<Self> {
        match server.kind {
            ServerKind::Staff | ServerKind::Extension => {
                Some(Self::Extension(server.address.clone()))
            }
            ServerKind::StaffMobile | ServerKind::Outside => trunk.map(Self::Trunk),
        }
    }
}

/// The person of a call, as somebody who takes a place in another one.
pub fn person(call: &Call, origin: Option<&Origin>) -> Server {
    let (kind, address) = match origin {
        Some(Origin::Extension(number)) => (ServerKind::Extension, number.clone()),
        Some(Origin::Trunk(_)) | None => (ServerKind::Outside, call.person().to_string()),
    };
    Server {
        kind,
        address,
        staff: None,
        email: String::new(),
        name: String::new(),
        skill_group: None,
    }
}

/// Lets a leg end whose place another phone has: by itself, if its peer was told, or else by us.
pub fn depart(app: &Arc<App>, mut line: Line, is_told: bool) {
    if line.is_over() {
        return;
    }
    let app = Arc::clone(app);
    tokio::spawn(async move {
        if is_told && ended(&mut line, GOODBYE_MAX).await {
            return;
        }
        line.hang_up(&app, EndCause::Completed).await;
        wait_for_end(line);
    });
}

/// Stops the ringing of a phone because another one has the call.
pub fn stop(line: Line) {
    tokio::spawn(async move {
        line.completed_elsewhere().await;
        wait_for_end(line);
    });
}

/// Waits elsewhere for the end of a leg that was hung up.
pub fn wait_for_end(mut line: Line) {
    tokio::spawn(async move {
        if !ended(&mut line, LEAVE_MAX).await {
            tracing::warn!("a leg that was hung up did not end");
        }
    });
}

/// Whether a leg ends in time.
async fn ended(line: &mut Line, time: Duration) -> bool {
    let ending = async {
        while !line.is_over() {
            line.next().await;
        }
    };
    tokio::time::timeout(time, ending).await.is_ok()
}
