//! Where calls to an extension go instead of its phone.
//!
//! Only a call to the extension itself is forwarded: whoever looks for somebody of a group, or for a
//! person, has others to ring.
//!
//! A phone may forward by itself, by its own key: it refuses with 3xx and names an address. That is
//! followed if it is a number at our domain or address, which the extension could dial: what it may
//! not call outside, it cannot have called so. Anything else is a refusal.

use std::sync::Arc;

use engine::call::{LegEvent, Sought};
use model::{Extension, PhoneForwarding, TransferFailure};
use sip::Uri;

use super::{
    Phone, Seeker, nobody,
    target::{self, Target},
};
use crate::{
    App, Fault,
    shell::call::{Diversion, dialed},
};

impl Seeker {
    /// The phone that was called last was not answered, so.
    pub fn note_end(&mut self, app: &App, event: &LegEvent) {
        self.was_busy = matches!(
            event,
            LegEvent::Refused {
                status: 486 | 600,
                ..
            }
        );
        if let LegEvent::Refused {
            moved_to: Some(to), ..
        } = event
            && let Some(number) = self.number_at(app, to)
            && let Some(last) = self.last.take()
        {
            self.moved.insert(last, number);
        }
    }

    /// The number of an address that a phone names, if we are who is to call it.
    fn number_at(&self, app: &App, address: &str) -> Option<String> {
        let uri: Uri = address.parse().ok()?;
        let is_ours = dialed::is_ours(app, self.tenant, &uri);
        is_ours.then(|| dialed::number(&uri)).flatten()
    }

    /// The phone of an extension that was named, or the one where calls to it go. A circle ends after
    /// [`PhoneForwarding::FORWARDS_MAX`] turns.
    pub(super) async fn dialed(
        &self,
        app: &Arc<App>,
        mut extension: Extension,
    ) -> Result<Result<Phone, Sought>, Fault> {
        let domain = app.extension_domain(self.tenant);
        let mut forwarded = Vec::new();
        for _ in 0..=PhoneForwarding::FORWARDS_MAX {
            let number = extension.settings.number.clone();
            let rules = extension.settings.rules.forwarding.clone();
            let by_phone = self.moved.get(&number).cloned();
            let is_outside_free = by_phone.is_none() || extension.settings.rules.calls_outside;
            let (to, reason) = if rules.always.is_some() {
                (rules.always, "unconditional")
            } else if by_phone.is_some() {
                (by_phone, "deflection")
            } else if self.is_called(&number) {
                match self.was_busy {
                    true => (rules.busy.or(rules.no_answer), "user-busy"),
                    false => (rules.no_answer, "no-answer"),
                }
            } else if rules.busy.is_some() && app.phone_calls().is_busy(self.tenant, &number) {
                (rules.busy, "user-busy")
            } else {
                if let Some(mut phone) = self.of_extension(app, extension, None).await? {
                    if rules.no_answer.is_some() {
                        phone.ring_time_max = rules.ring_time_max;
                    }
                    return Ok(Ok(phone));
                }
                (rules.no_answer, "unavailable")
            };
            let Some(to) = to else {
                return Ok(Err(nobody(TransferFailure::NotReachable)));
            };
            forwarded.push(Diversion::by_extension(&number, &domain, reason));
            match target::read(app, self.tenant, &to).await? {
                Some(Target::Extension(next)) => extension = *next,
                Some(Target::Outside(_)) if !is_outside_free => {
                    return Ok(Err(nobody(TransferFailure::NotReachable)));
                }
                Some(Target::Outside(number)) => {
                    return self.outside(app, &number, &forwarded).await;
                }
                Some(Target::Group(_) | Target::Staff(_)) | None => {
                    return Ok(Err(nobody(TransferFailure::Unknown)));
                }
            }
        }
        tracing::info!(
            tenant = self.tenant.0,
            "calls to an extension go in a circle"
        );
        Ok(Err(nobody(TransferFailure::NotReachable)))
    }
}
