//! How a leg is carried, and what peers send along, as documents.

use model::{CallEvent, HungUpSide};
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec::unknown};

/// [`CallEvent::Carried`].
#[derive(Serialize, Deserialize)]
pub(super) struct CarriedDoc {
    side: String,
    transport: String,
    suite: String,
}

/// [`CallEvent::UserDataCame`].
#[derive(Serialize, Deserialize)]
pub(super) struct UserDataDoc {
    side: String,
    text: String,
}

impl CarriedDoc {
    /// The document of such an event.
    pub fn of(event: &CallEvent) -> Self {
        let CallEvent::Carried {
            side,
            transport,
            suite,
        } = event
        else {
            unreachable!("the caller has matched the event")
        };
        Self {
            side: side.name().to_owned(),
            transport: transport.clone(),
            suite: suite.clone(),
        }
    }

    /// The event again.
    pub fn event(self) -> Result<CallEvent, StoreError> {
        Ok(CallEvent::Carried {
            side: side(&self.side)?,
            transport: self.transport,
            suite: self.suite,
        })
    }
}

impl UserDataDoc {
    /// The document of such an event.
    pub fn of(event: &CallEvent) -> Self {
        let CallEvent::UserDataCame { side, text } = event else {
            unreachable!("the caller has matched the event")
        };
        Self {
            side: side.name().to_owned(),
            text: text.clone(),
        }
    }

    /// The event again.
    pub fn event(self) -> Result<CallEvent, StoreError> {
        Ok(CallEvent::UserDataCame {
            side: side(&self.side)?,
            text: self.text,
        })
    }
}

fn side(name: &str) -> Result<HungUpSide, StoreError> {
    HungUpSide::by_name(name).ok_or_else(|| unknown("side"))
}
