//! Campaigns: made, changed, filled and steered. Dialling is the shell's matter.

use std::{sync::Arc, time::Duration};

use model::{
    CallId, Campaign, CampaignDraft, CampaignId, CampaignState, Contact, ContactDraft, ContactId,
    ContactState, CredentialId, DialAttempt, Disposition, PlaceVoiceAgentCall, Refusal, TenantId,
    UnixMs,
};
use store::{AddedContact, ContactChoice, StoreError};
use uuid::Uuid;

use crate::{App, Fault, local_time::is_zone};

impl App {
    /// Makes a campaign that runs at once.
    ///
    /// # Errors
    ///
    /// Refuses a voice agent that the tenant does not have, and an end before the beginning.
    pub async fn create_campaign(
        &self,
        tenant: TenantId,
        draft: &CampaignDraft,
    ) -> Result<Campaign, Fault> {
        let running = CampaignState::Running;
        self.create_campaign_with(tenant, draft, running, Vec::new())
            .await
    }

    /// Makes a campaign, running or paused, with its first contacts: all of it or nothing.
    ///
    /// # Errors
    ///
    /// As [`App::create_campaign`]; and contacts for a campaign whose time is up.
    pub async fn create_campaign_with(
        &self,
        tenant: TenantId,
        draft: &CampaignDraft,
        state: CampaignState,
        contacts: Vec<ContactDraft>,
    ) -> Result<Campaign, Fault> {
        self.check_campaign(tenant, draft).await?;
        let now = self.now();
        if !contacts.is_empty() {
            check_time(draft, now)?;
        }
        let id = CampaignId(Uuid::new_v4().to_string());
        let made = self
            .store()
            .create_campaign_with(tenant, &id, draft, state, &named(contacts), now)
            .await?;
        self.wake_campaigns();
        Ok(made)
    }

    /// Makes a campaign that runs at once, with its contacts, known by a number. Gives the number.
    ///
    /// # Errors
    ///
    /// As [`App::create_campaign`].
    pub async fn create_callout_task(
        &self,
        tenant: TenantId,
        draft: &CampaignDraft,
        contacts: Vec<ContactDraft>,
    ) -> Result<i64, Fault> {
        self.check_campaign(tenant, draft).await?;
        let id = CampaignId(Uuid::new_v4().to_string());
        let number = self
            .store()
            .create_callout_task(tenant, &id, draft, &named(contacts), self.now())
            .await
            .map_err(refused)?;
        self.wake_campaigns();
        Ok(number)
    }

    /// Replaces the settings of a campaign.
    ///
    /// # Errors
    ///
    /// As [`App::create_campaign`]; and a campaign that the tenant does not have.
    pub async fn change_campaign(
        &self,
        tenant: TenantId,
        id: &CampaignId,
        draft: &CampaignDraft,
    ) -> Result<Campaign, Fault> {
        self.check_campaign(tenant, draft).await?;
        let changed = self
            .store()
            .update_campaign(tenant, id, draft, self.now())
            .await;
        self.wake_campaigns();
        changed.map_err(refused)
    }

    /// Adds contacts, all or none; whoever is there by their reference stays as they are.
    ///
    /// # Errors
    ///
    /// Refuses a campaign that the tenant does not have, that was taken off, or whose time is up.
    pub async fn add_contacts(
        &self,
        tenant: TenantId,
        id: &CampaignId,
        contacts: Vec<ContactDraft>,
    ) -> Result<Vec<AddedContact>, Fault> {
        let campaign = self.store().campaign(tenant, id).await.map_err(refused)?;
        let now = self.now();
        check_time(&campaign.settings, now)?;
        let named = named(contacts);
        let added = self.store().add_contacts(tenant, id, &named, now).await;
        self.wake_campaigns();
        added.map_err(refused)
    }

    /// Most attempts at once of all campaigns of a tenant; `None` for no limit.
    ///
    /// # Errors
    ///
    /// Fails when the database does.
    pub async fn campaign_calls_max(&self, tenant: TenantId) -> Result<Option<i64>, Fault> {
        crate::shell::campaigns::calls_limit(self, tenant).await
    }

    /// Pauses or resumes a campaign, or takes it off for good.
    ///
    /// # Errors
    ///
    /// Refuses a campaign that the tenant does not have, or that is not in a state for this.
    pub async fn move_campaign(
        &self,
        tenant: TenantId,
        id: &CampaignId,
        to: CampaignState,
    ) -> Result<(), Fault> {
        let from: &[CampaignState] = match to {
            CampaignState::Running => &[CampaignState::Paused],
            CampaignState::Paused => &[CampaignState::Running],
            CampaignState::Completed => &[],
            CampaignState::Canceled => &[
                CampaignState::Running,
                CampaignState::Paused,
                CampaignState::Completed,
            ],
        };
        let moved = self
            .store()
            .move_campaign(tenant, id, from, to, "", self.now())
            .await;
        self.wake_campaigns();
        moved.map_err(refused)
    }

    /// Pauses, resumes (`Waiting`) or takes off contacts. Gives how many.
    ///
    /// # Errors
    ///
    /// Fails when the database does.
    pub async fn move_contacts(
        &self,
        tenant: TenantId,
        choice: &ContactChoice,
        to: ContactState,
    ) -> Result<u64, Fault> {
        let n = self
            .store()
            .move_contacts(tenant, choice, to, self.now())
            .await?;
        self.wake_campaigns();
        Ok(n)
    }

    /// Dials a new contact once, at once, past the campaign's schedule and pacing; the rules of the
    /// tenant hold. Gives the contact and the call.
    ///
    /// # Errors
    ///
    /// As for placing a call; the contact stays on the list as failed.
    pub async fn dial_contact(
        self: &Arc<Self>,
        campaign: &Campaign,
        draft: ContactDraft,
        by: Option<CredentialId>,
    ) -> Result<(ContactId, CallId), Fault> {
        let now = self.now();
        let callee = draft.numbers.first().cloned().ok_or(Refusal::Invalid {
            field: "numbers",
            why: "there is none".into(),
        })?;
        let attempt = DialAttempt {
            id: CallId(Uuid::new_v4().to_string()),
            contact: new_contact_id(),
            campaign: campaign.id.clone(),
            tenant: campaign.tenant,
            n: 1,
            callee,
            planned_at: now,
            ended_at: None,
            disposition: None,
        };
        let command = command(&campaign.settings, &draft, &attempt);
        let named = (attempt.contact.clone(), draft);
        self.store()
            .add_single_contact(campaign.tenant, &campaign.id, &named, &attempt, now)
            .await
            .map_err(refused)?;
        // As a placed call: carried through also when nobody waits for it any more.
        let app = Arc::clone(self);
        let dialing = async move {
            let placed = app
                .place_numbered_call(attempt.id.clone(), command, by)
                .await;
            if let Err(fault) = &placed {
                app.fail_single(&attempt, fault).await?;
            }
            app.wake_campaigns();
            placed.map(|call| (attempt.contact, call))
        };
        let dialing = tracing::Instrument::instrument(dialing, tracing::Span::current());
        tokio::spawn(dialing).await.map_err(anyhow::Error::from)?
    }

    /// The call was refused. Of one that a rule forbids there is a record, which the shell reads.
    async fn fail_single(&self, attempt: &DialAttempt, fault: &Fault) -> Result<(), Fault> {
        match fault {
            Fault::Refused(Refusal::RuleForbids { .. }) => Ok(()),
            Fault::Refused(_) | Fault::Store(_) | Fault::Internal(_) => {
                let settle = |contact: &Contact| Contact {
                    state: ContactState::Failed,
                    failure: Some(model::ContactFailure::Outcome(Disposition::CallFailed)),
                    ..contact.clone()
                };
                self.store()
                    .end_attempt(attempt, Disposition::CallFailed, settle, self.now())
                    .await?;
                Ok(())
            }
        }
    }

    async fn check_campaign(&self, tenant: TenantId, draft: &CampaignDraft) -> Result<(), Fault> {
        let what = "voice agent";
        match self.store().voice_agent(tenant, draft.voice_agent).await {
            Ok(_) => {}
            Err(StoreError::NotFound { .. }) => return Err(Refusal::NotFound { what }.into()),
            Err(error) => return Err(error.into()),
        }
        let zone = draft.schedule.zone.as_deref();
        if zone.is_some_and(|zone| !is_zone(zone)) {
            return Err(Refusal::Invalid {
                field: "schedule.time_zone",
                why: "it names no time zone, such as Asia/Shanghai".into(),
            }
            .into());
        }
        let from = draft.schedule.from.unwrap_or(UnixMs(i64::MIN));
        if draft.schedule.to.is_some_and(|to| to <= from) {
            return Err(Refusal::Invalid {
                field: "schedule.to",
                why: "it is not after its beginning".into(),
            }
            .into());
        }
        Ok(())
    }
}

/// The call that an attempt is.
pub(crate) fn command(
    campaign: &CampaignDraft,
    contact: &ContactDraft,
    attempt: &DialAttempt,
) -> PlaceVoiceAgentCall {
    let callers = if !contact.callers.is_empty() {
        &contact.callers
    } else if attempt.n > 1 && !campaign.recall_callers.is_empty() {
        &campaign.recall_callers
    } else {
        &campaign.callers
    };
    PlaceVoiceAgentCall {
        tenant: attempt.tenant,
        voice_agent: campaign.voice_agent,
        callee: attempt.callee.clone(),
        callers: callers.clone(),
        variables: contact.variables.clone(),
        ring_time_max: campaign.ring_time_max,
        slot_wait_max: Duration::ZERO,
        user_data: user_data(contact),
        belongs: model::Belongs::default(),
    }
}

/// The customer's own text for the records of a contact's calls: the `user_data` of a dialect's
/// notes, where it keeps any there, else the reference.
fn user_data(contact: &ContactDraft) -> Option<String> {
    let notes: serde_json::Value = serde_json::from_str(&contact.notes).unwrap_or_default();
    let kept = notes["user_data"].as_str().map(str::to_owned);
    let text = kept.unwrap_or_else(|| contact.reference.clone());
    Some(text).filter(|text| !text.is_empty())
}

/// Whom a campaign gets when its time is up, it never calls.
fn check_time(draft: &CampaignDraft, now: UnixMs) -> Result<(), Fault> {
    if draft.schedule.to.is_some_and(|to| to <= now) {
        let what = "the campaign's time is up".to_owned();
        return Err(Refusal::Conflict { what }.into());
    }
    Ok(())
}

fn named(contacts: Vec<ContactDraft>) -> Vec<(ContactId, ContactDraft)> {
    contacts
        .into_iter()
        .map(|draft| (new_contact_id(), draft))
        .collect()
}

fn new_contact_id() -> ContactId {
    ContactId(Uuid::new_v4().to_string())
}

/// What the database says of a campaign, as a refusal where the caller must change something.
fn refused(error: StoreError) -> Fault {
    match error {
        StoreError::NotFound { what } => Refusal::NotFound { what }.into(),
        StoreError::Conflict { what } => Refusal::Conflict { what }.into(),
        other => other.into(),
    }
}
