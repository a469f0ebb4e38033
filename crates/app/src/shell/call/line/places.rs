//! A leg that passes from one place, or one call, to another.

use engine::call::LegEvent;
use model::CallId;
use sip::{Command, LegId, Reason, Uri};

use super::{Line, LineEvent};
use crate::App;

impl Line {
    /// The leg.
    pub fn leg(&self) -> LegId {
        self.hold.leg()
    }

    /// Notes to which call it belongs.
    pub fn belongs_to(&mut self, app: &App, call: &CallId) {
        match &self.entry {
            Some(entry) => {
                entry.moves_to(call);
                // The other call says anew how the leg is carried.
                self.carried = None;
            }
            None => self.entry = Some(app.call_legs().enter(self.hold.leg(), call)),
        }
    }

    /// What was agreed on, in the words of the call session.
    pub fn answered(&self) -> LegEvent {
        self.agreed()
    }

    /// Asks the peer to call somebody else itself.
    pub async fn refer(&self, app: &App, to: Uri) -> anyhow::Result<()> {
        let refer = Command::Refer {
            leg: self.hold.leg(),
            to,
            replaced: None,
        };
        Ok(app.sip().command(refer).await?)
    }

    /// Stops the ringing of a phone because another one was answered; it need not tell of a call that
    /// was missed (RFC 3326 section 2).
    pub async fn completed_elsewhere(&self) {
        let reason = Reason {
            protocol: "SIP".into(),
            cause: Some(200),
            text: Some("Call completed elsewhere".into()),
        };
        if self.hold.hang_up(reason).await.is_err() {
            tracing::error!("the SIP task has ended before the call");
        }
    }
}

/// What the answer to our REFER says: that the peer tries, as its first NOTIFY will say if it sends any, or
/// that it does not.
pub(super) fn refer_answered(status: Option<u16>) -> LineEvent {
    match status {
        Some(..300) => LineEvent::ReferTold {
            status: Some(100),
            is_last: false,
        },
        Some(300..) | None => LineEvent::ReferTold {
            status,
            is_last: true,
        },
    }
}
