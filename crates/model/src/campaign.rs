//! Campaigns: lists of people to call, with the rules by which they are called.
//!
//! The vendors' words: a campaign is Alibaba's job group and Tencent's auto-callout or predictive
//! dialling task; a contact is a job; a dial attempt is a task. The id of a dial attempt is the id of
//! its call, given before it is dialled.

use std::time::Duration;

use crate::{
    CallId, CampaignId, ContactId, DayTime, E164, TenantId, UnixMs, Variable, VoiceAgentId, Weekday,
};

/// What an operator writes down of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignDraft {
    /// Shown to people, 1 to 128 characters.
    pub name: String,
    /// Written by its owner; may be empty.
    pub description: String,
    /// Who talks.
    pub voice_agent: VoiceAgentId,
    /// Numbers that callees may see, tried in order; empty means any number of the tenant.
    pub callers: Vec<E164>,
    /// Numbers for the second attempt and later ones; empty means `callers`.
    pub recall_callers: Vec<E164>,
    /// Dialled before campaigns that are not.
    pub is_urgent: bool,
    /// Longest ringing, 1 s to 120 s; `None` is the default of calls.
    pub ring_time_max: Option<Duration>,
    /// How many attempts are started.
    pub pacing: Pacing,
    /// Attempts at once that are kept free for it within the tenant's limit; 0 reserves nothing.
    pub reserved: u32,
    /// When it may dial.
    pub schedule: Schedule,
    /// When a contact is dialled again.
    pub retry: RetryRules,
    /// What a dialect keeps of it beside: a JSON document, opaque here.
    pub notes: String,
}

/// How many attempts are started at a time. Progressive and predictive dialling to staff will be
/// further variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pacing {
    /// A voice agent takes every answer: as many attempts at once as this, at least 1.
    AtOnce(u32),
}

/// When a campaign may dial, by the clock and calendar of its own time zone, or of its tenant's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Not before; at once if absent.
    pub from: Option<UnixMs>,
    /// Not at or after; contacts that were not reached by then have failed.
    pub to: Option<UnixMs>,
    /// Days.
    pub days: Days,
    /// Hours of these days, each with its end later than its beginning; empty is all day.
    pub hours: Vec<Hours>,
    /// The IANA time zone of days and hours; that of the tenant if absent.
    pub zone: Option<String>,
}

/// Days of a calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Days {
    /// All.
    #[default]
    Every,
    /// These of each week; not empty.
    OfWeek(Vec<Weekday>),
    /// These of each month, 1 to 31; not empty.
    OfMonth(Vec<u8>),
}

/// A stretch of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First second.
    pub from: DayTime,
    /// First second after it.
    pub to: DayTime,
}

/// When a contact is dialled again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryRules {
    /// Attempts of one contact in all, at least 1.
    pub attempts_max: u32,
    /// Attempts of one contact in a day of its tenant, at least 1.
    pub attempts_per_day_max: u32,
    /// Least time from the end of an attempt to the next.
    pub interval: Duration,
    /// Outcomes after which a contact is given up at once.
    pub give_up_on: Vec<Disposition>,
    /// Tags of a call after which a contact who answered is dialled again nevertheless.
    pub again_on: Vec<RetryTag>,
}

/// A tag that a flow gives a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryTag {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Default for RetryRules {
    /// Three attempts, ten minutes apart: the vendor's defaults. A number that does not exist is not
    /// tried again.
    fn default() -> Self {
        Self {
            attempts_max: 3,
            attempts_per_day_max: 3,
            interval: Duration::from_secs(600),
            give_up_on: vec![Disposition::EmptyNumber],
            again_on: Vec::new(),
        }
    }
}

/// Where a campaign is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CampaignState {
    /// It dials when it may.
    Running,
    /// It dials nobody until it is resumed; attempts that were begun go on.
    Paused,
    /// Nobody is left to dial. New contacts make it run again while its time is not up.
    Completed,
    /// It was given up.
    Canceled,
}

/// Where a contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactState {
    /// Waits for its next attempt.
    Waiting,
    /// An attempt is under way.
    Dialing,
    /// Waits until it is resumed.
    Paused,
    /// Somebody answered.
    Reached,
    /// Given up.
    Failed,
    /// Taken off.
    Canceled,
}

/// The outcome of a dial attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disposition {
    /// Somebody or something answered.
    Reached,
    /// Rang in vain.
    NoAnswer,
    /// On the phone.
    Busy,
    /// The callee refused.
    Rejected,
    /// Switched off or out of reach.
    NotReachable,
    /// The number does not exist, or cannot be dialled.
    EmptyNumber,
    /// The carrier or the line failed, or we did.
    CallFailed,
    /// Ended by somebody of the tenant before it was answered.
    Canceled,
    /// The number is on the do-not-call list, or in an area that is never called.
    Restricted,
    /// The tenant's rules allow no further call to the number, or from the caller's, for now.
    TooManyCalls,
    /// Outside the tenant's working hours.
    OutsideHours,
}

/// Why a contact was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactFailure {
    /// No attempt was left; the last outcome.
    Outcome(Disposition),
    /// The campaign's time was up, or the contact was on the list for too long.
    TimeUp,
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// Unique in the installation.
    pub id: CampaignId,
    /// Its owner.
    pub tenant: TenantId,
    /// Its settings.
    pub settings: CampaignDraft,
    /// Where it is.
    pub state: CampaignState,
    /// Why it paused itself; empty unless it did.
    pub trouble: String,
    /// When it was created.
    pub created_at: UnixMs,
    /// When it or its state was last changed.
    pub updated_at: UnixMs,
}

/// Somebody to call, as written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactDraft {
    /// Their numbers, 1 to 5: each attempt takes the next one.
    pub numbers: Vec<E164>,
    /// Shown to people; may be empty.
    pub name: String,
    /// The customer's own id; may be empty. A campaign takes each id once.
    pub reference: String,
    /// Numbers to show instead of the campaign's.
    pub callers: Vec<E164>,
    /// Values for the agent's lines.
    pub variables: Vec<Variable>,
    /// What a dialect keeps of them beside: a JSON document, opaque here.
    pub notes: String,
}

/// Somebody to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Unique in the installation.
    pub id: ContactId,
    /// Whose list they are on.
    pub campaign: CampaignId,
    /// The owner.
    pub tenant: TenantId,
    /// As written down.
    pub settings: ContactDraft,
    /// Where they are.
    pub state: ContactState,
    /// Where they go when the attempt that is under way has ended in vain: `Paused` or `Canceled`.
    pub then: Option<ContactState>,
    /// Why they were given up.
    pub failure: Option<ContactFailure>,
    /// Attempts so far.
    pub n_attempts: u32,
    /// Attempts on the day of the last one.
    pub n_attempts_day: u32,
    /// When that day began.
    pub day_began_at: UnixMs,
    /// Not dialled before.
    pub next_at: UnixMs,
    /// Dialled once, at once, past schedule and pacing, and never again.
    pub is_single: bool,
    /// When they were added.
    pub created_at: UnixMs,
    /// When their state last changed.
    pub updated_at: UnixMs,
}

/// One dial of one contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialAttempt {
    /// The id of its call.
    pub id: CallId,
    /// Who is dialled.
    pub contact: ContactId,
    /// Whose list they are on.
    pub campaign: CampaignId,
    /// The owner.
    pub tenant: TenantId,
    /// Counts the attempts of a contact from 1.
    pub n: u32,
    /// The number.
    pub callee: E164,
    /// When it was decided.
    pub planned_at: UnixMs,
    /// When its outcome was known.
    pub ended_at: Option<UnixMs>,
    /// The outcome.
    pub disposition: Option<Disposition>,
}

/// Contacts of a campaign by where they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CampaignProgress {
    /// Wait for an attempt.
    pub waiting: i64,
    /// Are being dialled.
    pub dialing: i64,
    /// Are paused.
    pub paused: i64,
    /// Have answered.
    pub reached: i64,
    /// Were given up.
    pub failed: i64,
    /// Were taken off.
    pub canceled: i64,
}

/// Something that happened to a campaign; immutable, named in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CampaignEvent {
    /// It was made.
    Created,
    /// Its settings were changed.
    Changed,
    /// So many contacts were added.
    ContactsAdded(i64),
    /// So many contacts were paused, resumed or taken off.
    ContactsMoved(ContactState, i64),
    /// It went to another state; why, if it did so by itself.
    Moved(CampaignState, String),
    /// An attempt is about to be dialled.
    AttemptStarted(ContactId, CallId),
    /// It was not dialled after all: why.
    AttemptWithdrawn(CallId, String),
    /// It ended.
    AttemptEnded(CallId, Disposition),
}

/// An event with its place in the campaign's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignHappening {
    /// Counts from 1.
    pub n: i64,
    /// When.
    pub at: UnixMs,
    /// What.
    pub event: CampaignEvent,
}

impl CampaignProgress {
    /// Contacts in all.
    pub fn total(&self) -> i64 {
        self.waiting + self.dialing + self.paused + self.settled()
    }

    /// Contacts of which nothing more will become.
    pub fn settled(&self) -> i64 {
        self.reached + self.failed + self.canceled
    }
}

macro_rules! named {
    ($Enum:ident: $($Variant:ident $name:literal),* $(,)?) => {
        impl $Enum {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),*];

            /// Stable snake_case name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$Variant => $name),*
                }
            }

            /// The one with this name.
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

named! { CampaignState:
    Running "running", Paused "paused", Completed "completed", Canceled "canceled",
}

named! { ContactState:
    Waiting "waiting", Dialing "dialing", Paused "paused", Reached "reached", Failed "failed",
    Canceled "canceled",
}

named! { Disposition:
    Reached "reached", NoAnswer "no_answer", Busy "busy", Rejected "rejected",
    NotReachable "not_reachable", EmptyNumber "empty_number", CallFailed "call_failed",
    Canceled "canceled", Restricted "restricted", TooManyCalls "too_many_calls",
    OutsideHours "outside_hours",
}

impl ContactFailure {
    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outcome(disposition) => disposition.name(),
            Self::TimeUp => "time_up",
        }
    }

    /// The one with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "time_up" => Some(Self::TimeUp),
            other => Disposition::by_name(other).map(Self::Outcome),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_found_by_its_name() {
        for disposition in Disposition::ALL {
            let failure = ContactFailure::Outcome(*disposition);
            assert_eq!(ContactFailure::by_name(failure.name()), Some(failure));
        }
        assert_eq!(
            ContactFailure::by_name("time_up"),
            Some(ContactFailure::TimeUp)
        );
        for state in ContactState::ALL {
            assert_eq!(ContactState::by_name(state.name()), Some(*state));
        }
        for state in CampaignState::ALL {
            assert_eq!(CampaignState::by_name(state.name()), Some(*state));
        }
    }
}
