//! Contacts: added, moved and found.

use model::{
    CampaignEvent, CampaignId, CampaignState, Contact, ContactDraft, ContactFailure, ContactId,
    ContactState, DialAttempt, TenantId, UnixMs,
};
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    attempts::insert_attempt, criteria::CallCriteria, event::note, lists::contains, locked,
    set_state,
};
use crate::{
    Page, Paging, Store, StoreError,
    codec::{contact_of, contact_text, unknown},
    listing::Listing,
    statement::{Columns as _, Value, composed_sql, sql},
    store::commit,
};

/// Columns of a contact.
const CONTACT: &str = "p.id AS id, p.campaign AS campaign, p.tenant AS tenant, p.name AS name, \
     p.reference AS reference, p.settings AS settings, p.state AS state, \
     p.then_state AS then_state, p.failure AS failure, p.n_attempts AS n_attempts, \
     p.n_attempts_day AS n_attempts_day, p.day_began_at AS day_began_at, p.next_at AS next_at, \
     p.is_single AS is_single, p.created_at AS created_at, p.updated_at AS updated_at";

/// Contacts with their latest attempt and its call.
const WITH_LATEST: &str = "campaign_contact p LEFT JOIN campaign_attempt a ON a.id = \
     (SELECT l.id FROM campaign_attempt l WHERE l.contact = p.id \
      ORDER BY l.planned_at DESC, l.id LIMIT 1) LEFT JOIN call c ON c.id = a.id";

/// Most contacts of a campaign.
pub const CONTACTS_MAX: i64 = 1_000_000;

/// A contact that was to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedContact {
    /// Theirs; that of the one who was there already, if their reference was.
    pub id: ContactId,
    /// They were not there before.
    pub is_new: bool,
}

/// Which contacts are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactChoice {
    /// All of a campaign, or of the tenant.
    All(Option<CampaignId>),
    /// These ids.
    Ids(Vec<ContactId>),
    /// Those with these references, within a campaign if one is named.
    References(Option<CampaignId>, Vec<String>),
}

/// Which contacts are wanted; what is absent is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactFilter {
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// With one of these ids; empty for all.
    pub ids: Vec<ContactId>,
    /// In one of these states.
    pub states: Option<Vec<ContactState>>,
    /// Given up for one of these reasons; empty for all.
    pub failures: Vec<ContactFailure>,
    /// With this text in their name.
    pub name_part: Option<String>,
    /// With this text in their first number.
    pub number_part: Option<String>,
    /// Added at or after.
    pub from: Option<UnixMs>,
    /// Added before.
    pub before: Option<UnixMs>,
    /// What their latest call came to; none was made if there is none.
    pub latest_call: CallCriteria,
}

/// Adds contacts to a campaign within a transaction.
pub(super) async fn add_within(
    tx: &mut AnyConnection,
    tenant: TenantId,
    campaign: &CampaignId,
    contacts: &[(ContactId, ContactDraft)],
    now: UnixMs,
) -> Result<Vec<AddedContact>, StoreError> {
    let first = enlist(tx, tenant, campaign, contacts.len(), now).await?;
    let mut added = Vec::with_capacity(contacts.len());
    for (n, (id, draft)) in (first..).zip(contacts) {
        let contact = new_contact(tenant, campaign, id, draft, now);
        added.push(insert(tx, &contact, n).await?);
    }
    let n_new = added.iter().filter(|contact| contact.is_new).count();
    let n_new = i64::try_from(n_new).expect("batches are small");
    note(tx, campaign, now, &[CampaignEvent::ContactsAdded(n_new)]).await?;
    Ok(added)
}

impl Store {
    /// Adds contacts to a campaign, all or none; whoever has a reference that is there already is
    /// left as they are. They are due at once. A completed campaign runs again; one that was taken
    /// off is a [`StoreError::Conflict`].
    pub async fn add_contacts(
        &self,
        tenant: TenantId,
        campaign: &CampaignId,
        contacts: &[(ContactId, ContactDraft)],
        now: UnixMs,
    ) -> Result<Vec<AddedContact>, StoreError> {
        let mut tx = self.begin().await?;
        let added = add_within(&mut tx, tenant, campaign, contacts, now).await?;
        commit(tx).await?;
        Ok(added)
    }

    /// Adds a contact who is dialled once, at once, with the attempt that is about to be dialled.
    /// A reference that is there already is a [`StoreError::Conflict`].
    pub async fn add_single_contact(
        &self,
        tenant: TenantId,
        campaign: &CampaignId,
        (id, draft): &(ContactId, ContactDraft),
        attempt: &DialAttempt,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let n = enlist(&mut tx, tenant, campaign, 1, now).await?;
        let contact = Contact {
            state: ContactState::Dialing,
            is_single: true,
            ..new_contact(tenant, campaign, id, draft, now)
        };
        if !insert(&mut tx, &contact, n).await?.is_new {
            return Err(StoreError::Conflict {
                what: "a contact with this reference is on the list".into(),
            });
        }
        insert_attempt(&mut tx, attempt).await?;
        let events = [
            CampaignEvent::ContactsAdded(1),
            CampaignEvent::AttemptStarted(id.clone(), attempt.id.clone()),
        ];
        note(&mut tx, campaign, now, &events).await?;
        commit(tx).await
    }

    /// Brings contacts to `Paused`, `Waiting` (those that are paused) or `Canceled`; those that are
    /// settled stay. Who is being dialled goes there after an attempt in vain. Gives how many.
    pub async fn move_contacts(
        &self,
        tenant: TenantId,
        choice: &ContactChoice,
        to: ContactState,
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let mut campaigns = choose(&mut tx, tenant, choice).await?;
        campaigns.sort();
        campaigns.dedup();
        let mut n_moved = 0;
        // In the order of their ids, as others lock them.
        for campaign in campaigns {
            let state = locked(&mut tx, tenant, &campaign).await?;
            let n = move_within(&mut tx, tenant, &campaign, choice, to, now).await?;
            if n > 0 {
                let n_event = i64::try_from(n).unwrap_or(i64::MAX);
                note(
                    &mut tx,
                    &campaign,
                    now,
                    &[CampaignEvent::ContactsMoved(to, n_event)],
                )
                .await?;
            }
            if n > 0 && to == ContactState::Waiting && state == CampaignState::Completed {
                set_state(&mut tx, &campaign, CampaignState::Running, "", now).await?;
            }
            n_moved += n;
        }
        commit(tx).await?;
        Ok(n_moved)
    }

    /// Fails those who wait or are paused: the campaign's time is up. Gives how many.
    pub async fn expire_contacts(
        &self,
        campaign: &CampaignId,
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let n = sql(
            "UPDATE campaign_contact SET state = 'failed', failure = $2, updated_at = $3 \
             WHERE campaign = $1 AND state IN ('waiting', 'paused')",
        )
        .bind(campaign.as_str())
        .bind(ContactFailure::TimeUp.name())
        .bind(now.0)
        .run(&mut tx)
        .await?;
        let n_event = i64::try_from(n).unwrap_or(i64::MAX);
        let event = CampaignEvent::ContactsMoved(ContactState::Failed, n_event);
        note(&mut tx, campaign, now, &[event]).await?;
        commit(tx).await?;
        Ok(n)
    }

    /// The tenant's contact with this id.
    pub async fn contact(&self, tenant: TenantId, id: &ContactId) -> Result<Contact, StoreError> {
        let filter = ContactFilter {
            ids: vec![id.clone()],
            ..ContactFilter::default()
        };
        let page = self.contacts(tenant, &filter, Paging::first(1)).await?;
        let found = page.items.into_iter().next();
        found.ok_or(StoreError::NotFound { what: "contact" })
    }

    /// The tenant's contacts, in the order in which they were added.
    pub async fn contacts(
        &self,
        tenant: TenantId,
        filter: &ContactFilter,
        paging: Paging,
    ) -> Result<Page<Contact>, StoreError> {
        let failures = filter.failures.iter().map(|failure| failure.name());
        let table = match filter.latest_call == CallCriteria::default() {
            true => "campaign_contact p",
            false => WITH_LATEST,
        };
        let listing = Listing::of(table)
            .and("p.tenant =", tenant.0)
            .and_if(
                "p.campaign =",
                filter.campaign.as_ref().map(|id| id.0.clone()),
            )
            .one_of(&["p.id"], filter.ids.iter().map(ContactId::as_str))
            .one_of_these("p.state", filter.states.as_deref().map(state_names))
            .one_of(&["p.failure"], failures)
            .and_if(
                "p.name LIKE",
                filter.name_part.as_ref().map(|part| contains(part)),
            )
            .and_if(
                "p.number LIKE",
                filter.number_part.as_ref().map(|part| contains(part)),
            )
            .and_if("p.created_at >=", filter.from.map(|at| at.0))
            .and_if("p.created_at <", filter.before.map(|at| at.0));
        let (rows, total) = filter
            .latest_call
            .of(listing)
            .page(
                &mut *self.reader().await?,
                CONTACT,
                "p.created_at, p.campaign, p.n",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(contact_in).collect::<Result<_, _>>()?,
            total,
        })
    }
}

pub(super) fn state_names(states: &[ContactState]) -> Vec<String> {
    states.iter().map(|state| state.name().to_owned()).collect()
}

fn new_contact(
    tenant: TenantId,
    campaign: &CampaignId,
    id: &ContactId,
    draft: &ContactDraft,
    now: UnixMs,
) -> Contact {
    Contact {
        id: id.clone(),
        campaign: campaign.clone(),
        tenant,
        settings: draft.clone(),
        state: ContactState::Waiting,
        then: None,
        failure: None,
        n_attempts: 0,
        n_attempts_day: 0,
        day_began_at: UnixMs(0),
        next_at: now,
        is_single: false,
        created_at: now,
        updated_at: now,
    }
}

/// Makes room for `n` contacts; gives the place of the first.
async fn enlist(
    tx: &mut AnyConnection,
    tenant: TenantId,
    campaign: &CampaignId,
    n: usize,
    now: UnixMs,
) -> Result<i64, StoreError> {
    match locked(tx, tenant, campaign).await? {
        CampaignState::Running | CampaignState::Paused => {}
        CampaignState::Completed => {
            set_state(tx, campaign, CampaignState::Running, "", now).await?;
        }
        CampaignState::Canceled => {
            return Err(StoreError::Conflict {
                what: "the campaign is canceled".into(),
            });
        }
    }
    let n = i64::try_from(n).expect("batches are small");
    let last =
        sql("UPDATE campaign SET n_contacts = n_contacts + $2 WHERE id = $1 RETURNING n_contacts")
            .bind(campaign.as_str())
            .bind(n)
            .number(tx)
            .await?;
    if last > CONTACTS_MAX {
        return Err(StoreError::Conflict {
            what: format!("a campaign has {CONTACTS_MAX} contacts at most"),
        });
    }
    Ok(last - n + 1)
}

async fn insert(
    tx: &mut AnyConnection,
    contact: &Contact,
    n: i64,
) -> Result<AddedContact, StoreError> {
    let draft = &contact.settings;
    let number = draft.numbers.first().map_or("", |number| number.digits());
    let n_added = sql(
        "INSERT INTO campaign_contact (id, campaign, tenant, n, name, reference, number, settings, \
         state, n_attempts, n_attempts_day, day_began_at, next_at, is_single, created_at, \
         updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, $10, $11, $12, $12) \
         ON CONFLICT DO NOTHING",
    )
    .bind(contact.id.as_str())
    .bind(contact.campaign.as_str())
    .bind(contact.tenant.0)
    .bind(n)
    .bind(draft.name.as_str())
    .bind(draft.reference.as_str())
    .bind(number)
    .bind(contact_text(draft))
    .bind(contact.state.name())
    .bind(contact.next_at.0)
    .bind(contact.is_single)
    .bind(contact.created_at.0)
    .run(tx)
    .await?;
    if n_added > 0 {
        return Ok(AddedContact {
            id: contact.id.clone(),
            is_new: true,
        });
    }
    let row = sql("SELECT id FROM campaign_contact WHERE campaign = $1 AND reference = $2")
        .bind(contact.campaign.as_str())
        .bind(draft.reference.as_str())
        .found(tx, "contact")
        .await?;
    Ok(AddedContact {
        id: ContactId(row.text("id")?),
        is_new: false,
    })
}

/// Takes off everybody of a campaign, those too who are being dialled.
pub(super) async fn cancel_all(
    tx: &mut AnyConnection,
    campaign: &CampaignId,
    now: UnixMs,
) -> Result<(), StoreError> {
    for text in [
        "UPDATE campaign_contact SET state = 'canceled', updated_at = $2 \
         WHERE campaign = $1 AND state IN ('waiting', 'paused')",
        "UPDATE campaign_contact SET then_state = 'canceled', updated_at = $2 \
         WHERE campaign = $1 AND state = 'dialing'",
    ] {
        sql(text)
            .bind(campaign.as_str())
            .bind(now.0)
            .run(tx)
            .await?;
    }
    Ok(())
}

/// The condition of a choice, with its values numbered from `$first`.
fn condition(tenant: TenantId, choice: &ContactChoice, first: usize) -> (String, Vec<Value>) {
    let mut values = vec![Value::from(tenant.0)];
    let mut text = format!("tenant = ${first}");
    let mut and = |column: &str, more: Vec<&str>| {
        let from = first + values.len();
        let places: Vec<String> = (from..from + more.len()).map(|n| format!("${n}")).collect();
        text.push_str(&format!(" AND {column} IN ({})", places.join(", ")));
        values.extend(more.into_iter().map(Value::from));
    };
    match choice {
        ContactChoice::All(campaign) => {
            if let Some(campaign) = campaign {
                and("campaign", vec![campaign.as_str()]);
            }
        }
        ContactChoice::Ids(ids) => and("id", ids.iter().map(ContactId::as_str).collect()),
        ContactChoice::References(campaign, references) => {
            if let Some(campaign) = campaign {
                and("campaign", vec![campaign.as_str()]);
            }
            and("reference", references.iter().map(String::as_str).collect());
        }
    }
    (text, values)
}

/// The campaigns whose contacts are chosen.
async fn choose(
    tx: &mut AnyConnection,
    tenant: TenantId,
    choice: &ContactChoice,
) -> Result<Vec<CampaignId>, StoreError> {
    let is_nobody = match choice {
        ContactChoice::All(_) => false,
        ContactChoice::Ids(ids) => ids.is_empty(),
        ContactChoice::References(_, references) => references.is_empty(),
    };
    if is_nobody {
        return Ok(Vec::new());
    }
    let (condition, values) = condition(tenant, choice, 1);
    let text = format!("SELECT DISTINCT campaign FROM campaign_contact WHERE {condition}");
    let rows = values
        .into_iter()
        .fold(composed_sql(text), |sql, value| sql.bind(value))
        .rows(tx)
        .await?;
    rows.iter()
        .map(|row| row.text("campaign").map(CampaignId))
        .collect()
}

async fn move_within(
    tx: &mut AnyConnection,
    tenant: TenantId,
    campaign: &CampaignId,
    choice: &ContactChoice,
    to: ContactState,
    now: UnixMs,
) -> Result<u64, StoreError> {
    // Whoever is to be taken off stays so.
    let undecided = "state = 'dialing' AND (then_state IS NULL OR then_state <> 'canceled')";
    let (from, dialing) = match to {
        ContactState::Paused => ("state = 'waiting'", undecided),
        ContactState::Waiting => ("state = 'paused'", undecided),
        ContactState::Canceled => ("state IN ('waiting', 'paused')", "state = 'dialing'"),
        ContactState::Dialing | ContactState::Reached | ContactState::Failed => {
            return Err(StoreError::Misuse {
                why: "contacts get there by attempts only",
            });
        }
    };
    let (condition, values) = condition(tenant, choice, 4);
    let mut n_moved = 0;
    for (change, when) in [
        ("state = $2", from),
        ("then_state = NULLIF($2, 'waiting')", dialing),
    ] {
        let text = format!(
            "UPDATE campaign_contact SET {change}, updated_at = $3 \
             WHERE campaign = $1 AND {when} AND {condition}"
        );
        let statement = composed_sql(text)
            .bind(campaign.as_str())
            .bind(to.name())
            .bind(now.0);
        n_moved += values
            .iter()
            .cloned()
            .fold(statement, |sql, value| sql.bind(value))
            .run(tx)
            .await?;
    }
    Ok(n_moved)
}

pub(super) fn contact_in(row: &AnyRow) -> Result<Contact, StoreError> {
    let state = |name: String| ContactState::by_name(&name).ok_or_else(|| unknown("contact state"));
    let failure = |name: String| {
        ContactFailure::by_name(&name).ok_or_else(|| unknown("failure of a contact"))
    };
    let count = |n: i64| u32::try_from(n).map_err(|_| unknown("count of attempts"));
    Ok(Contact {
        id: ContactId(row.text("id")?),
        campaign: CampaignId(row.text("campaign")?),
        tenant: TenantId(row.int("tenant")?),
        settings: contact_of(
            row.text("name")?,
            row.text("reference")?,
            &row.text("settings")?,
        )?,
        state: state(row.text("state")?)?,
        then: row.text_or_null("then_state")?.map(state).transpose()?,
        failure: row.text_or_null("failure")?.map(failure).transpose()?,
        n_attempts: count(row.int("n_attempts")?)?,
        n_attempts_day: count(row.int("n_attempts_day")?)?,
        day_began_at: UnixMs(row.int("day_began_at")?),
        next_at: UnixMs(row.int("next_at")?),
        is_single: row.flag("is_single")?,
        created_at: UnixMs(row.int("created_at")?),
        updated_at: UnixMs(row.int("updated_at")?),
    })
}
