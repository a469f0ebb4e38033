//! Finds a phone for a call: whom the target names, who of them is free, and where their phone is.
//!
//! Of a skill group those are asked who are free, by their place in the group, and of these who has
//! been free for longest; or of a group that rings all, everybody. Whoever is rung is busy from that moment, in the database, so that no two
//! calls ring one person.

mod forwarding;
pub(super) mod target;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::{
    call::{OFFER_RING_MAX, Sought},
    presence::Happening,
};
use model::{
    CallId, E164, Extension, MobileAccept, PhoneContact, Presence, Server, ServerKind, Staff,
    StaffId, StaffStatus, TenantId, TransferFailure, TrunkId,
};
use sip::Uri;
use store::{Paging, StaffFilter};

use super::{Diversion, Past, line::MediaTerms};
use target::{Group, Target};

use crate::{
    App, Fault, handovers::Place, phone_calls::PhoneGuard, shell::call::outside::Outside,
    trunk_load::ChannelGuard,
};

/// People of a group that are looked at.
const PEOPLE_MAX: u32 = 1_000;

/// From calling a phone to calling it again for a caller who waits: it has rung for 20 s, and whoever
/// did not answer is left alone for a while.
const CALLED_AGAIN_AFTER: Duration = Duration::from_secs(30);

/// Looks for phones for one handover.
pub struct Seeker {
    tenant: TenantId,
    call: CallId,
    target: String,
    /// Phones that were called, whose they are, and when.
    called: BTreeMap<String, (Option<StaffId>, Instant)>,
    /// For a caller who waits by the rules of a group: phones are called again after a while.
    is_in_queue: bool,
    /// Of a group that rings all, everybody who is free is called at once.
    may_ring_all: bool,
    /// The last of them said that it is in another call.
    was_busy: bool,
    /// The extension whose phone was called last, if an extension's alone was.
    last: Option<String>,
    /// The numbers that extensions' phones send this call to by themselves (3xx), by the extension's.
    moved: BTreeMap<String, String>,
    /// How the person came to us.
    past: Past,
    /// The trunk of the person, whose peer may be asked to call numbers outside itself.
    carrier: Option<TrunkId>,
    /// Whom it is to be asked to call.
    to_ask: Option<Uri>,
    /// The place in the group's queue.
    place: Option<Place>,
}

/// A phone to call.
pub struct Phone {
    /// Who it is.
    pub server: Server,
    /// How it is reached.
    pub way: PhoneWay,
    /// How long it rings.
    pub ring_time_max: Duration,
    /// Held while it is called and talked with.
    pub holds: PhoneHolds,
}

/// How a phone is reached.
pub enum PhoneWay {
    /// Where it has registered, the latest first and at least once, and what its sound may be.
    Registered(Vec<PhoneContact>, MediaTerms),
    /// By a trunk.
    Outside(Box<Outside>),
}

/// What is held for a phone that is called or talked with.
#[derive(Default)]
pub struct PhoneHolds {
    /// The person is busy.
    pub staff: Option<StaffHold>,
    _phone: Option<PhoneGuard>,
    _channel: Option<ChannelGuard>,
    /// The way by a trunk, with its channel, of a phone that has another place now.
    pub outside: Option<Box<Outside>>,
}

impl PhoneHolds {
    /// For the phone of an extension.
    pub fn phone(phone: PhoneGuard) -> Self {
        Self {
            _phone: Some(phone),
            ..Self::default()
        }
    }

    /// For a phone behind a trunk.
    pub fn channel(channel: ChannelGuard) -> Self {
        Self {
            _channel: Some(channel),
            ..Self::default()
        }
    }
}

/// A person who is busy with a call; dropping it lets them go.
pub struct StaffHold {
    app: Arc<App>,
    tenant: TenantId,
    staff: StaffId,
    call: CallId,
    /// They talked: time for notes follows.
    pub has_talked: bool,
}

/// What was found.
pub enum Found {
    /// One phone or several, which are to be called at once.
    Phones(Vec<Phone>),
    /// A number that the person's carrier is to call itself; see [`Seeker::to_ask`].
    Carrier(Box<Server>),
    /// None now.
    None(Sought),
}

impl Seeker {
    /// For one call and one target.
    pub fn new(tenant: TenantId, call: CallId, target: String) -> Self {
        Self {
            tenant,
            call,
            target,
            called: BTreeMap::new(),
            is_in_queue: false,
            may_ring_all: false,
            was_busy: false,
            last: None,
            moved: BTreeMap::new(),
            past: Past::default(),
            carrier: None,
            to_ask: None,
            place: None,
        }
    }

    /// The peer of this trunk may be asked to call numbers outside itself, if the trunk says so.
    #[must_use]
    pub fn may_ask(mut self, trunk: TrunkId) -> Self {
        self.carrier = Some(trunk);
        self
    }

    /// The carrier of a number outside is told how the person came.
    #[must_use]
    pub fn with_past(mut self, past: Past) -> Self {
        self.past = past;
        self
    }

    /// For a caller who waits by the rules of a group.
    #[must_use]
    pub fn in_queue(mut self) -> Self {
        self.is_in_queue = true;
        self
    }

    /// Several phones may ring at once, if the group wants it.
    #[must_use]
    pub fn may_ring_all(mut self) -> Self {
        self.may_ring_all = true;
        self
    }

    /// Whom the carrier is to be asked to call, once.
    pub fn take_asked(&mut self) -> Option<Uri> {
        self.to_ask.take()
    }

    /// Whether it looks for this.
    pub fn is_for(&self, target: &str) -> bool {
        self.target == target
    }

    /// The next phone that was not called yet.
    pub async fn next(&mut self, app: &Arc<App>) -> Found {
        match self.try_next(app).await {
            Ok(Ok(phones)) => {
                self.last = match &phones[..] {
                    [phone] if phone.server.kind == ServerKind::Extension => {
                        Some(phone.server.address.clone())
                    }
                    _ => None,
                };
                for Phone { server, .. } in &phones {
                    let called = (server.staff, Instant::now());
                    self.called.insert(server.address.clone(), called);
                }
                self.place = None;
                self.by_carrier(app, phones).await
            }
            Ok(Err(sought)) => Found::None(sought),
            Err(fault) => {
                tracing::error!(%fault, "failed to look for a phone");
                Found::None(Sought::Nobody(TransferFailure::NotReachable))
            }
        }
    }

    /// A number outside that may be called: by the person's carrier itself, where it does that.
    async fn by_carrier(&mut self, app: &App, phones: Vec<Phone>) -> Found {
        let (Some(trunk), [phone]) = (self.carrier, &phones[..]) else {
            return Found::Phones(phones);
        };
        if phone.server.kind != ServerKind::Outside {
            return Found::Phones(phones);
        }
        let settings = match app.store().trunk(trunk).await {
            Ok(trunk) => trunk.settings,
            Err(error) => {
                tracing::warn!(%error, "a carrier is not asked to call somebody");
                return Found::Phones(phones);
            }
        };
        match E164::parse(&phone.server.address, "") {
            Ok(number) if settings.signalling.transfers.asked => {
                let domain = settings.domain.as_deref().unwrap_or(&settings.host);
                self.to_ask = Some(Uri::sip(&settings.dialed(&number), domain, None));
                Found::Carrier(Box::new(phone.server.clone()))
            }
            Ok(_) | Err(_) => Found::Phones(phones),
        }
    }

    async fn try_next(&mut self, app: &Arc<App>) -> Result<Result<Vec<Phone>, Sought>, Fault> {
        let target = target::read(app, self.tenant, &self.target).await?;
        let phone = match target {
            None => Err(nobody(TransferFailure::Unknown)),
            Some(Target::Group(group)) => return self.of_group(app, group).await,
            Some(Target::Staff(staff)) => self.of_staff(app, *staff).await?,
            Some(Target::Extension(extension)) => self.dialed(app, *extension).await?,
            Some(Target::Outside(number)) => self.outside(app, &number, &[]).await?,
        };
        Ok(phone.map(|phone| vec![phone]))
    }

    /// The phone of whoever of the group is to be rung next; of a group that rings all, those of
    /// everybody who is free.
    async fn of_group(
        &mut self,
        app: &Arc<App>,
        group: Group,
    ) -> Result<Result<Vec<Phone>, Sought>, Fault> {
        let id = group.id();
        if self.place.is_none() {
            let (max, before) = (group.waiting_max(), !self.called.is_empty());
            let handovers = app.handovers();
            self.place = handovers.queue(self.tenant, id, &self.call, (max, before));
        }
        let Some(place) = &self.place else {
            return Ok(Err(nobody(TransferFailure::QueueFull)));
        };
        let is_first = place.is_first();
        let mut is_anybody_there = false;
        let mut phones = Vec::new();
        for staff in self.people(app, &group).await? {
            let is_free = match staff.presence.status {
                StaffStatus::Free => true,
                StaffStatus::Busy | StaffStatus::WrapUp => false,
                StaffStatus::Rest | StaffStatus::NotReady | StaffStatus::Offline => continue,
            };
            if self.is_left_alone(staff.id) {
                is_anybody_there = true;
                continue;
            }
            let Some(mut phone) = self.phone_of(app, &staff).await? else {
                continue;
            };
            is_anybody_there = true;
            if !is_first || !is_free || !self.reserve(app, &staff, &mut phone).await? {
                continue;
            }
            phone.server.skill_group = group.named();
            phones.push(phone);
            if !(self.may_ring_all && group.rings_all()) {
                break;
            }
        }
        Ok(match (phones.is_empty(), is_anybody_there) {
            (false, _) => Ok(phones),
            (true, true) => Err(Sought::AllBusy(id)),
            (true, false) => Err(nobody(TransferFailure::NobodyThere)),
        })
    }

    /// The people of a group: by their place in it, and then who has been as they are for longest.
    async fn people(&self, app: &App, group: &Group) -> Result<Vec<Staff>, Fault> {
        let groups = group.all();
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let filter = StaffFilter {
            tenant: Some(self.tenant),
            skill_groups: groups.clone(),
            ..StaffFilter::default()
        };
        let people = app
            .store()
            .staff_list(&filter, Paging::first(PEOPLE_MAX))
            .await?;
        let mut people = people.items;
        let priority = |staff: &Staff| {
            let ours = staff.skill_groups.iter();
            let ours = ours.filter(|membership| groups.contains(&membership.group));
            ours.map(|membership| membership.priority).min()
        };
        people.sort_by_key(|staff| (priority(staff), staff.presence.since, staff.id));
        Ok(people)
    }

    /// Whether a phone was called for this, and is not to be called again yet.
    fn is_called(&self, address: &str) -> bool {
        self.called
            .get(address)
            .is_some_and(|call| self.counts(call.1))
    }

    /// Whether a person did not answer a moment ago, and will be called again.
    fn is_left_alone(&self, staff: StaffId) -> bool {
        let mut called = self.called.values();
        self.is_in_queue && called.any(|(of, at)| *of == Some(staff) && self.counts(*at))
    }

    fn counts(&self, called_at: Instant) -> bool {
        !self.is_in_queue || called_at.elapsed() < CALLED_AGAIN_AFTER
    }

    async fn of_staff(&self, app: &Arc<App>, staff: Staff) -> Result<Result<Phone, Sought>, Fault> {
        if staff.presence.status == StaffStatus::Offline {
            return Ok(Err(nobody(TransferFailure::NobodyThere)));
        }
        let Some(mut phone) = self.phone_of(app, &staff).await? else {
            return Ok(Err(nobody(TransferFailure::NotReachable)));
        };
        match self.reserve(app, &staff, &mut phone).await? {
            true => Ok(Ok(phone)),
            false => Ok(Err(nobody(TransferFailure::Busy))),
        }
    }

    /// The phone of a person that was not called yet: one that is registered, or the mobile phone of
    /// whom calls always ring there.
    async fn phone_of(&self, app: &Arc<App>, staff: &Staff) -> Result<Option<Phone>, Fault> {
        let mut extensions = app
            .store()
            .extensions_of_staff(self.tenant, staff.id)
            .await?;
        if let Some(number) = &staff.settings.extension
            && extensions.is_empty()
            && let Some(own) = target::extension(app, self.tenant, number).await?
        {
            extensions.push(own);
        }
        for extension in extensions {
            if let Some(phone) = self.of_extension(app, extension, Some(staff)).await? {
                return Ok(Some(phone));
            }
        }
        let mobile = staff.settings.phone.as_ref();
        match mobile.filter(|_| staff.settings.mobile_accept == MobileAccept::Always) {
            Some(number) if !self.is_called(&number.to_string()) => {
                let kind = ServerKind::StaffMobile;
                let phone = self.by_trunk(app, number, kind, Some(staff), &[]).await?;
                Ok(phone.ok())
            }
            Some(_) | None => Ok(None),
        }
    }

    async fn of_extension(
        &self,
        app: &Arc<App>,
        extension: Extension,
        staff: Option<&Staff>,
    ) -> Result<Option<Phone>, Fault> {
        let number = extension.settings.number.clone();
        if self.is_called(&number) {
            return Ok(None);
        }
        let mut contacts = app
            .store()
            .phone_contacts(self.tenant, &number, app.now())
            .await?;
        if contacts.is_empty() {
            return Ok(None);
        }
        contacts.sort_by_key(|contact| std::cmp::Reverse(contact.expires_at));
        let name = match staff {
            Some(staff) => staff.settings.name.clone(),
            None => extension.settings.name.clone(),
        };
        let terms = MediaTerms::of_phone(&extension.settings);
        Ok(Some(Phone {
            holds: PhoneHolds {
                _phone: Some(app.phone_calls().begin(self.tenant, &number)),
                ..PhoneHolds::default()
            },
            server: server(
                match staff {
                    Some(_) => ServerKind::Staff,
                    None => ServerKind::Extension,
                },
                number,
                name,
                staff,
            ),
            way: PhoneWay::Registered(contacts, terms),
            ring_time_max: OFFER_RING_MAX,
        }))
    }

    /// A number outside; those who `forwarded` the call there are named to its carrier, the last one last.
    async fn outside(
        &self,
        app: &Arc<App>,
        number: &E164,
        forwarded: &[Diversion],
    ) -> Result<Result<Phone, Sought>, Fault> {
        if self.is_called(&number.to_string()) {
            return Ok(Err(nobody(TransferFailure::NotReachable)));
        }
        let phone = self
            .by_trunk(app, number, ServerKind::Outside, None, forwarded)
            .await?;
        Ok(phone.map_err(|()| nobody(TransferFailure::NotReachable)))
    }

    /// `Err`: a rule forbids it, or no trunk leads there.
    async fn by_trunk(
        &self,
        app: &Arc<App>,
        number: &E164,
        kind: ServerKind,
        staff: Option<&Staff>,
        forwarded: &[Diversion],
    ) -> Result<Result<Phone, ()>, Fault> {
        match app.way_outside(&self.call, self.tenant, number).await {
            Ok((outbound, channel)) => {
                let name = staff.map(|staff| staff.settings.name.clone());
                Ok(Ok(Phone {
                    server: server(kind, number.to_string(), name.unwrap_or_default(), staff),
                    way: PhoneWay::Outside(Box::new(Outside::new(
                        Box::new(outbound),
                        channel,
                        number.clone(),
                        self.past.forwarded(forwarded),
                    ))),
                    ring_time_max: OFFER_RING_MAX,
                    holds: PhoneHolds::default(),
                }))
            }
            Err(Fault::Refused(refusal)) => {
                tracing::info!(%refusal, "a call is not handed over to a number outside");
                Ok(Err(()))
            }
            Err(fault) => Err(fault),
        }
    }

    /// Makes the person busy with this call, unless something else does first.
    async fn reserve(
        &self,
        app: &Arc<App>,
        staff: &Staff,
        phone: &mut Phone,
    ) -> Result<bool, Fault> {
        let began = Happening::WorkBegan {
            work: self.call.as_str(),
        };
        let now = app.now();
        let decide = |present: &Presence| match present.status {
            StaffStatus::Free => engine::presence::next(present, began, now).map_err(|_| ()),
            StaffStatus::Busy
            | StaffStatus::WrapUp
            | StaffStatus::Rest
            | StaffStatus::NotReady
            | StaffStatus::Offline => Err(()),
        };
        let changed = app
            .store()
            .change_presence(self.tenant, staff.id, now, decide)
            .await?;
        if changed.is_err() {
            return Ok(false);
        }
        app.note_journal_growth();
        phone.holds.staff = Some(StaffHold {
            app: Arc::clone(app),
            tenant: self.tenant,
            staff: staff.id,
            call: self.call.clone(),
            has_talked: false,
        });
        Ok(true)
    }
}

fn server(kind: ServerKind, address: String, name: String, staff: Option<&Staff>) -> Server {
    Server {
        kind,
        address,
        staff: staff.map(|staff| staff.id),
        email: staff.map_or_else(String::new, |staff| staff.settings.email.clone()),
        name,
        skill_group: None,
    }
}

fn nobody(why: TransferFailure) -> Sought {
    Sought::Nobody(why)
}

impl Drop for StaffHold {
    fn drop(&mut self) {
        let (app, tenant, staff) = (Arc::clone(&self.app), self.tenant, self.staff);
        let (call, wrap_up) = (self.call.clone(), self.has_talked);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // The process is ending: its next start lets them go.
            return;
        };
        runtime.spawn(async move {
            let ended = Happening::WorkEnded {
                work: call.as_str(),
                wrap_up,
            };
            match app.happen(tenant, staff, ended).await {
                Ok(_) => app.chats().want_assignment(tenant),
                Err(fault) => tracing::error!(%fault, "a person is not let go of after a call"),
            }
        });
    }
}
