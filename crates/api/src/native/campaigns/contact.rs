//! Contacts, attempts and events of campaigns on the wire.

use std::collections::BTreeMap;

use model::{
    CampaignEvent, CampaignHappening, CampaignId, Contact, ContactDraft, ContactId, ContactState,
    DialAttempt, Variable,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AddedContact, ContactChoice, ContactFilter};

use super::super::{
    field::{Instance, Int, List, Phone, Text, Time},
    page::{Limit, Offset},
    problem::Problem,
};

/// Contacts to be added.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactsBody {
    /// They; all are added or none.
    contacts: List<ContactBody, 1, 1000>,
}

/// Somebody to call.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactBody {
    /// Their numbers: each attempt takes the next one.
    numbers: List<Phone, 1, 5>,
    /// Shown to people.
    #[serde(default)]
    name: Option<Text<0, 128>>,
    /// Your own id. A campaign takes each once: whoever is there stays as they are.
    #[serde(default)]
    reference: Option<Text<0, 128>>,
    /// Numbers to show instead of the campaign's.
    #[serde(default)]
    callers: List<Phone, 0, 100>,
    /// Values for the agent's texts: names of 1 to 64 characters, values of at most 4,096.
    #[serde(default)]
    variables: BTreeMap<String, Text<0, 4096>>,
}

/// A contact that was to be added.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AddedView {
    /// Their id; that of the one who was there already, if their reference was.
    id: String,
    /// They were not there before.
    is_new: bool,
}

/// Which contacts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactsAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    pub(super) instance: Option<Instance>,
    /// Only in this state: `waiting`, `dialing`, `paused`, `reached`, `failed`, `canceled`.
    state: Option<Text<1, 16>>,
    /// Items to leave out at the front; 0 if absent.
    pub(super) offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    pub(super) limit: Option<Limit>,
}

/// Somebody on a list.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ContactView {
    /// Their id.
    id: String,
    /// Their numbers.
    numbers: Vec<Phone>,
    /// Shown to people.
    name: String,
    /// Your own id.
    reference: String,
    /// Where they are.
    state: &'static str,
    /// Why they were given up: an outcome, or `time_up`.
    failure: Option<&'static str>,
    /// Attempts that count.
    n_attempts: u32,
    /// When they may be dialled, while they wait.
    next_at: Option<Time>,
    /// When they were added.
    created_at: Time,
    /// When their state last changed.
    updated_at: Time,
}

/// What is to become of contacts.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveBody {
    /// `paused`, `waiting` (those that are paused) or `canceled`.
    to: Text<1, 16>,
    /// Only these ids.
    #[serde(default)]
    ids: List<Text<1, 64>, 0, 1000>,
    /// Only those with these references. With neither ids nor references: all.
    #[serde(default)]
    references: List<Text<1, 128>, 0, 1000>,
}

/// What became of contacts.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MovedView {
    /// How many were moved, or will be after the attempt that is under way.
    pub(super) moved: u64,
}

/// One dial of one contact.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AttemptView {
    /// The id of its call.
    call: String,
    /// Who was dialled.
    contact: String,
    /// Counts the attempts of a contact.
    n: u32,
    /// The number.
    callee: Phone,
    /// When it was decided.
    planned_at: Time,
    /// When its outcome was known.
    ended_at: Option<Time>,
    /// The outcome.
    outcome: Option<&'static str>,
}

/// Which events of a campaign.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventsAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    pub(super) instance: Option<Instance>,
    /// Only after this event; all if absent.
    after: Option<Int<0, { i64::MAX }>>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

/// Something that happened to a campaign.
#[derive(Default, Serialize, JsonSchema)]
pub(crate) struct EventView {
    /// Counts from 1.
    n: i64,
    /// When.
    at: Option<Time>,
    /// What: `created`, `changed`, `contacts_added`, `contacts_moved`, `moved`, `attempt_started`,
    /// `attempt_withdrawn`, `attempt_ended`.
    kind: &'static str,
    /// How many contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<i64>,
    /// The state that it, or they, went to.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    /// Who was dialled.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
    /// The attempt's call.
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<String>,
    /// The outcome of an attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
}

impl ContactsBody {
    pub(super) fn contacts(self) -> Result<Vec<ContactDraft>, Problem> {
        drafts(self.contacts.0)
    }
}

/// What stands in the field `contacts`, checked.
pub(super) fn drafts(contacts: Vec<ContactBody>) -> Result<Vec<ContactDraft>, Problem> {
    let numbers = |list: Vec<Phone>| list.into_iter().map(|number| number.0).collect();
    let mut drafts = Vec::with_capacity(contacts.len());
    for (idx, contact) in contacts.into_iter().enumerate() {
        let mut variables = Vec::new();
        for (key, value) in contact.variables {
            if !(1..=64).contains(&key.chars().count()) {
                let field = format!("contacts[{idx}].variables");
                return Err(Problem::invalid(
                    &field,
                    "must have names of 1 to 64 characters",
                ));
            }
            variables.push(Variable {
                key,
                value: value.0,
            });
        }
        drafts.push(ContactDraft {
            numbers: numbers(contact.numbers.0),
            name: contact.name.map_or_else(String::new, |name| name.0),
            reference: contact.reference.map_or_else(String::new, |text| text.0),
            callers: numbers(contact.callers.0),
            variables,
            notes: "{}".to_owned(),
        });
    }
    Ok(drafts)
}

impl AddedView {
    pub(super) fn of(added: AddedContact) -> Self {
        Self {
            id: added.id.0,
            is_new: added.is_new,
        }
    }
}

impl ContactsAsk {
    pub(super) fn filter(self, campaign: CampaignId) -> Result<ContactFilter, Problem> {
        let state = |name: Text<1, 16>| {
            ContactState::by_name(&name.0)
                .ok_or_else(|| Problem::invalid("state", "is none of a contact's"))
        };
        Ok(ContactFilter {
            campaign: Some(campaign),
            states: self.state.map(state).transpose()?.map(|state| vec![state]),
            ..ContactFilter::default()
        })
    }
}

impl ContactView {
    pub(super) fn of(contact: Contact) -> Self {
        let is_waiting = contact.state == ContactState::Waiting;
        Self {
            id: contact.id.0,
            numbers: contact.settings.numbers.into_iter().map(Phone).collect(),
            name: contact.settings.name,
            reference: contact.settings.reference,
            state: contact.state.name(),
            failure: contact.failure.map(|failure| failure.name()),
            n_attempts: contact.n_attempts,
            next_at: is_waiting.then_some(Time(contact.next_at)),
            created_at: Time(contact.created_at),
            updated_at: Time(contact.updated_at),
        }
    }
}

impl MoveBody {
    pub(super) fn choice(
        self,
        campaign: CampaignId,
    ) -> Result<(ContactChoice, ContactState), Problem> {
        let to = match ContactState::by_name(&self.to.0) {
            Some(to @ (ContactState::Paused | ContactState::Waiting | ContactState::Canceled)) => {
                to
            }
            Some(_) | None => {
                return Err(Problem::invalid(
                    "to",
                    "must be paused, waiting or canceled",
                ));
            }
        };
        let choice = match (self.ids.0.is_empty(), self.references.0.is_empty()) {
            (true, true) => ContactChoice::All(Some(campaign)),
            (false, true) => {
                ContactChoice::Ids(self.ids.0.into_iter().map(|id| ContactId(id.0)).collect())
            }
            (true, false) => {
                let references = self.references.0.into_iter().map(|text| text.0).collect();
                ContactChoice::References(Some(campaign), references)
            }
            (false, false) => {
                return Err(Problem::invalid(
                    "references",
                    "must not stand beside `ids`",
                ));
            }
        };
        Ok((choice, to))
    }
}

impl AttemptView {
    pub(super) fn of(attempt: DialAttempt) -> Self {
        Self {
            call: attempt.id.0,
            contact: attempt.contact.0,
            n: attempt.n,
            callee: Phone(attempt.callee),
            planned_at: Time(attempt.planned_at),
            ended_at: attempt.ended_at.map(Time),
            outcome: attempt.disposition.map(|one| one.name()),
        }
    }
}

impl EventsAsk {
    pub(super) fn part(&self) -> (i64, u32) {
        let after = self.after.map_or(0, |after| after.0);
        (after, self.limit.map_or(50, Int::as_u32))
    }
}

impl EventView {
    pub(super) fn of(happening: CampaignHappening) -> Self {
        let base = Self {
            n: happening.n,
            at: Some(Time(happening.at)),
            ..Self::default()
        };
        match happening.event {
            CampaignEvent::Created => Self {
                kind: "created",
                ..base
            },
            CampaignEvent::Changed => Self {
                kind: "changed",
                ..base
            },
            CampaignEvent::ContactsAdded(n) => Self {
                kind: "contacts_added",
                contacts: Some(n),
                ..base
            },
            CampaignEvent::ContactsMoved(state, n) => Self {
                kind: "contacts_moved",
                contacts: Some(n),
                state: Some(state.name()),
                ..base
            },
            CampaignEvent::Moved(state, why) => Self {
                kind: "moved",
                state: Some(state.name()),
                why,
                ..base
            },
            CampaignEvent::AttemptStarted(contact, call) => Self {
                kind: "attempt_started",
                contact: Some(contact.0),
                call: Some(call.0),
                ..base
            },
            CampaignEvent::AttemptWithdrawn(call, why) => Self {
                kind: "attempt_withdrawn",
                call: Some(call.0),
                why,
                ..base
            },
            CampaignEvent::AttemptEnded(call, outcome) => Self {
                kind: "attempt_ended",
                call: Some(call.0),
                outcome: Some(outcome.name()),
                ..base
            },
        }
    }
}
