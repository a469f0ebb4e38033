//! What becomes of a contact after a dial attempt.

use std::time::Duration;

use model::{
    CampaignDraft, Contact, ContactFailure, ContactState, Disposition, RetryRules, RetryTag, UnixMs,
};

/// How long somebody may be on a list; whoever was not reached by then has failed.
pub const CONTACT_LIFE_MAX: Duration = Duration::from_secs(30 * 24 * 3600);

/// Wait after an attempt that the tenant's rules did not let pass: it does not count as one, and its
/// record is not to be written every minute.
const RULED_OUT_WAIT: Duration = Duration::from_secs(3600);

/// A contact after an attempt, where it differs from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Where they are now.
    pub state: ContactState,
    /// Why they were given up.
    pub failure: Option<ContactFailure>,
    /// Attempts that count.
    pub n_attempts: u32,
    /// Attempts on the day of the last one.
    pub n_attempts_day: u32,
    /// When that day began.
    pub day_began_at: UnixMs,
    /// Not dialled before.
    pub next_at: UnixMs,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// Its outcome.
    pub disposition: Disposition,
    /// Tags that the agent's flow gave the call, name and value.
    pub tags: &'a [(String, String)],
}

impl From<Disposition> for Ended<'_> {
    fn from(disposition: Disposition) -> Self {
        let tags = &[];
        Self { disposition, tags }
    }
}

/// What becomes of `contact` after an attempt that ended `now` as `ended` says, on the tenant's day
/// from `midnight` to `next_midnight`. `contact` is as it was before the attempt.
pub fn settle(
    contact: &Contact,
    ended: Ended<'_>,
    campaign: &CampaignDraft,
    (midnight, next_midnight): (UnixMs, UnixMs),
    now: UnixMs,
) -> Settled {
    let before = Settled {
        state: ContactState::Waiting,
        failure: None,
        n_attempts: contact.n_attempts,
        n_attempts_day: if contact.day_began_at == midnight {
            contact.n_attempts_day
        } else {
            0
        },
        day_began_at: midnight,
        next_at: now,
    };
    let counted = Settled {
        n_attempts: before.n_attempts + 1,
        n_attempts_day: before.n_attempts_day + 1,
        ..before
    };
    let failed = |after: Settled, failure| Settled {
        state: ContactState::Failed,
        failure: Some(failure),
        ..after
    };
    let disposition = ended.disposition;
    let outcome = ContactFailure::Outcome(disposition);
    let again = || Settled {
        next_at: again_at(&counted, &campaign.retry, next_midnight, now),
        ..counted
    };
    let after = match disposition {
        Disposition::Reached => {
            let is_last = contact.is_single || counted.n_attempts >= campaign.retry.attempts_max;
            let is_wanted = !is_last && is_tagged(ended.tags, &campaign.retry);
            let waits = in_time(again(), contact, campaign.schedule.to);
            if is_wanted && waits.state == ContactState::Waiting {
                return waits;
            }
            let state = ContactState::Reached;
            Settled { state, ..counted }
        }
        Disposition::Restricted => failed(before, outcome),
        Disposition::TooManyCalls | Disposition::OutsideHours if !contact.is_single => Settled {
            next_at: now.plus(RULED_OUT_WAIT.max(campaign.retry.interval)),
            ..before
        },
        Disposition::NoAnswer
        | Disposition::Busy
        | Disposition::Rejected
        | Disposition::NotReachable
        | Disposition::EmptyNumber
        | Disposition::CallFailed
        | Disposition::Canceled
        | Disposition::TooManyCalls
        | Disposition::OutsideHours => {
            if contact.is_single || is_last(&counted, disposition, &campaign.retry) {
                failed(counted, outcome)
            } else {
                again()
            }
        }
    };
    in_time(after, contact, campaign.schedule.to)
}

/// When a contact may be dialled again.
fn again_at(counted: &Settled, rules: &RetryRules, next_midnight: UnixMs, now: UnixMs) -> UnixMs {
    let at = now.plus(rules.interval);
    match counted.n_attempts_day >= rules.attempts_per_day_max {
        true => at.max(next_midnight),
        false => at,
    }
}

/// Whether the call has a tag after which the contact is dialled again.
fn is_tagged(tags: &[(String, String)], rules: &RetryRules) -> bool {
    let is_wanted = |(name, value): &(String, String)| {
        let same = |tag: &RetryTag| tag.name == *name && tag.value == *value;
        rules.again_on.iter().any(same)
    };
    tags.iter().any(is_wanted)
}

fn is_last(counted: &Settled, disposition: Disposition, rules: &RetryRules) -> bool {
    counted.n_attempts >= rules.attempts_max || rules.give_up_on.contains(&disposition)
}

/// A contact who would wait beyond the end has failed; one who is to be paused or taken off is.
fn in_time(after: Settled, contact: &Contact, to: Option<UnixMs>) -> Settled {
    if after.state != ContactState::Waiting {
        return after;
    }
    let last = contact.created_at.plus(CONTACT_LIFE_MAX);
    let last = to.map_or(last, |to| to.min(last));
    if after.next_at >= last {
        return Settled {
            state: ContactState::Failed,
            failure: Some(ContactFailure::TimeUp),
            ..after
        };
    }
    Settled {
        state: contact.then.unwrap_or(ContactState::Waiting),
        ..after
    }
}
