//! Choosing people for customers who wait.

use std::{collections::BTreeMap, sync::Arc};

use engine::chat::{
    Input,
    assign::{Candidate, Choice, choose},
};
use model::{
    ChatSettings, ConversationFilter, ConversationId, ConversationState, Permission, SkillGroupId,
    SkillGroupKind, Staff, StaffId, StaffStatus, Staffed, TenantId, UnixMs,
};
use store::{Paging, SkillGroupFilter, StaffFilter};

use super::{ChatFault, Chats, Outcome, desk::draw};

/// Customers that are looked at in one go.
const WAITING_AT_ONCE: u32 = 200;

/// Staff of one tenant that are looked at.
const STAFF_MAX: u32 = 1000;

impl Chats {
    /// Somebody may be chosen for a customer of this tenant.
    pub(crate) fn want_assignment(&self, tenant: TenantId) {
        self.to_assign
            .lock()
            .expect("nothing panics while it holds this lock")
            .insert(tenant);
        self.assign_wanted.notify_one();
    }

    /// Looks for people for all customers who wait.
    pub(super) async fn assign_all(self: &Arc<Self>) {
        let mut tenants = std::mem::take(
            &mut *self
                .to_assign
                .lock()
                .expect("nothing panics while it holds this lock"),
        );
        match self.store.tenants_with_waiting_chats().await {
            Ok(waiting) => tenants.extend(waiting),
            Err(error) => tracing::warn!(%error, "failed to look who waits"),
        }
        for tenant in tenants {
            match self.assign(tenant).await {
                Ok(()) | Err(ChatFault::Off | ChatFault::Busy) => {}
                Err(error) => tracing::warn!(%error, "nobody could be chosen"),
            }
        }
    }

    /// Looks for people for this tenant's customers who wait, those who wait longest first.
    ///
    /// # Errors
    ///
    /// The database does not answer, or the tenant does not chat.
    pub async fn assign(self: &Arc<Self>, tenant: TenantId) -> Result<(), ChatFault> {
        let _choosing = self.choosing.lock().await;
        let settings = self.open_settings(tenant).await?;
        let mut desk = Desk::of(self, tenant, &settings).await?;
        self.end_lost_offers(tenant, &desk).await?;
        let waiting = self
            .store
            .waiting_conversations(tenant, Paging::first(WAITING_AT_ONCE))
            .await?;
        for (place, conversation) in (0..).zip(&waiting.items) {
            self.assign_one(&mut desk, &settings, place, &conversation.id)
                .await?;
        }
        Ok(())
    }

    async fn assign_one(
        self: &Arc<Self>,
        desk: &mut Desk,
        settings: &ChatSettings,
        place: i64,
        id: &ConversationId,
    ) -> Result<(), ChatFault> {
        let tenant = settings.tenant;
        let seen = self
            .look(tenant, id, |live| (live.wants().staff, live.wish().clone()))
            .await?;
        let (true, mut wish) = seen else {
            return Ok(());
        };
        if wish.group.is_none() && wish.staff.is_empty() {
            wish.group = settings.group;
        }
        let input = match choose(&desk.online, &wish) {
            Choice::Ask(staff) => Input::Offer(desk.staffed(staff)),
            Choice::Wait if place < settings.limits.queue_length_max => return Ok(()),
            Choice::Wait | Choice::Nobody => Input::NobodyThere {
                tip: settings.nobody_tip.clone(),
                draw: draw(),
            },
        };
        let offered = match &input {
            Input::Offer(staff) => Some(staff.id),
            _ => None,
        };
        match self.command(tenant, id, input).await {
            Ok(_) => desk.gave(offered, self.now()),
            // Somebody was faster: the customer is not waiting any more.
            Err(ChatFault::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    /// Who was asked and has gone offline will not answer.
    async fn end_lost_offers(
        self: &Arc<Self>,
        tenant: TenantId,
        desk: &Desk,
    ) -> Result<(), ChatFault> {
        let offered = ConversationFilter {
            states: vec![ConversationState::Offered],
            ..ConversationFilter::default()
        };
        let offered = self
            .store
            .conversations(tenant, &offered, Paging::first(WAITING_AT_ONCE))
            .await?;
        for conversation in offered.items {
            let staff = conversation.staff.map(|staff| staff.id);
            let Some(gone) = staff.filter(|id| !desk.people.contains_key(id)) else {
                continue;
            };
            match self
                .command(tenant, &conversation.id, Input::Decline(gone))
                .await
            {
                Ok(_) | Err(ChatFault::Refused(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// Asks for a person and looks for one at once.
    ///
    /// # Errors
    ///
    /// As [`ChatFault`] says.
    pub async fn ask_person(
        self: &Arc<Self>,
        tenant: TenantId,
        id: &ConversationId,
        by: model::Asker,
        to: (Option<SkillGroupId>, Vec<StaffId>),
        tip: bool,
    ) -> Result<Outcome, ChatFault> {
        let (group, staff) = to;
        let routed = self.is_routed(tenant).await?;
        let input = Input::AskPerson {
            by,
            group,
            staff,
            tip,
            routed,
        };
        let asked = self.command(tenant, id, input).await?;
        if asked.conversation.state != ConversationState::Queued {
            return Ok(asked);
        }
        self.assign(tenant).await?;
        let conversation = self.look(tenant, id, |live| live.view().clone()).await?;
        Ok(Outcome {
            conversation,
            ..asked
        })
    }
}

/// Who is online, as far as chats need it.
struct Desk {
    online: Vec<Candidate>,
    people: BTreeMap<StaffId, Staffed>,
}

impl Desk {
    async fn of(
        chats: &Chats,
        tenant: TenantId,
        settings: &ChatSettings,
    ) -> Result<Self, ChatFault> {
        let filter = StaffFilter {
            tenant: Some(tenant),
            statuses: StaffStatus::ALL
                .into_iter()
                .filter(|status| *status != StaffStatus::Offline)
                .collect(),
            ..StaffFilter::default()
        };
        let staff = chats.store.staff_list(&filter, Paging::first(STAFF_MAX));
        let mut staff = staff.await?.items;
        staff.retain(|person| person.settings.may(Permission::Chat));
        let groups = chats
            .store
            .skill_groups(
                tenant,
                &SkillGroupFilter::default(),
                Paging::first(STAFF_MAX),
            )
            .await?;
        let chat_groups: BTreeMap<SkillGroupId, i64> = groups
            .items
            .iter()
            .filter(|group| group.settings.kind == SkillGroupKind::Chat)
            .map(|group| (group.id, i64::from(group.settings.concurrency_max)))
            .collect();
        let seats = chats.store.chat_seats(tenant).await?;
        let online = staff
            .iter()
            .map(|person| {
                let seat = seats.iter().find(|seat| seat.staff == person.id);
                candidate(person, seat, &chat_groups, settings)
            })
            .collect();
        let people = staff.iter().map(|person| (person.id, staffed(person)));
        Ok(Self {
            online,
            people: people.collect(),
        })
    }

    fn staffed(&self, id: StaffId) -> Staffed {
        self.people
            .get(&id)
            .cloned()
            .expect("who is chosen is online")
    }

    /// Somebody was asked: they have more to do now.
    fn gave(&mut self, staff: Option<StaffId>, now: UnixMs) {
        let online = self.online.iter_mut();
        for candidate in online.filter(|candidate| Some(candidate.staff) == staff) {
            candidate.n_open += 1;
            candidate.last_given_at = now;
        }
    }
}

fn candidate(
    person: &Staff,
    seat: Option<&store::ChatSeat>,
    chat_groups: &BTreeMap<SkillGroupId, i64>,
    settings: &ChatSettings,
) -> Candidate {
    let mut groups = Vec::new();
    let mut n_open_max = settings.limits.per_staff_max;
    for membership in &person.skill_groups {
        if let Some(concurrency_max) = chat_groups.get(&membership.group) {
            groups.push((membership.group, membership.priority));
            n_open_max = n_open_max.min(*concurrency_max);
        }
    }
    Candidate {
        staff: person.id,
        groups,
        is_free: person.presence.status == StaffStatus::Free,
        n_open: seat.map_or(0, |seat| seat.n_open),
        n_open_max,
        last_given_at: seat.map_or(UnixMs(0), |seat| seat.last_given_at),
    }
}

/// A person as customers and records see them.
pub fn staffed(person: &Staff) -> Staffed {
    let settings = &person.settings;
    Staffed {
        id: person.id,
        name: match settings.nick.as_str() {
            "" => settings.name.clone(),
            nick => nick.to_owned(),
        },
        mail: settings.email.clone(),
    }
}
