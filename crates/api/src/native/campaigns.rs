//! Campaigns: lists of people to call, made, filled, steered and watched.

mod body;
mod contact;

use axum::{Json, extract::State, http::StatusCode};
use model::{Campaign, CampaignId, CampaignProgress, CampaignState, Permission};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::CampaignFilter;

use self::{
    body::CampaignBody,
    contact::{
        AddedView, AttemptView, ContactView, ContactsAsk, ContactsBody, EventView, EventsAsk,
        MoveBody, MovedView,
    },
};
use super::{
    admit::Caller,
    context::Native,
    field::{Instance, Text, Time},
    page::{InstanceAsk, InstancePageAsk, Limit, Offset, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, Patch, PathText},
    table::{Row, delete, get, patch, post},
};

/// Largest request that makes a campaign, in bytes: 10,000 contacts with a name and a few variables.
const CREATE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Which campaigns.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CampaignsAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// Only in this state: `running`, `paused`, `completed`, `canceled`.
    state: Option<Text<1, 16>>,
    /// Only with this text in their name.
    name: Option<Text<1, 128>>,
    /// Items to leave out at the front; 0 if absent.
    offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

/// A campaign.
#[derive(Serialize, JsonSchema)]
pub(super) struct CampaignView {
    /// Its id.
    id: String,
    /// Its owner.
    instance: i64,
    /// `running`, `paused`, `completed` or `canceled`.
    state: &'static str,
    /// Why it paused itself; empty unless it did.
    trouble: String,
    /// Its contacts by where they are.
    progress: ProgressView,
    /// When it was created.
    created_at: Time,
    /// When it or its state was last changed.
    updated_at: Time,
    /// Its settings.
    #[serde(flatten)]
    settings: CampaignBody,
}

/// Contacts of a campaign by where they are.
#[derive(Serialize, JsonSchema)]
struct ProgressView {
    /// All.
    total: i64,
    /// Wait for an attempt.
    waiting: i64,
    /// Are being dialled.
    dialing: i64,
    /// Are paused.
    paused: i64,
    /// Have answered.
    reached: i64,
    /// Were given up.
    failed: i64,
    /// Were taken off.
    canceled: i64,
}

pub(super) fn rows() -> Vec<Row> {
    const ALL: &str = "/api/v1/campaigns";
    const ONE: &str = "/api/v1/campaigns/{id}";
    let steer = |row: Row| {
        row.needs(Permission::ControlCalls)
            .asks::<InstanceAsk>()
            .status(StatusCode::NO_CONTENT)
            .refuses(&[Kind::Conflict])
    };
    let mut rows = vec![
        get(ALL, "List campaigns, newest first", list)
            .needs(Permission::ReadCalls)
            .asks::<CampaignsAsk>()
            .gives::<PageView<CampaignView>>(),
        post(
            ALL,
            "Make a campaign, with its contacts: it dials as soon as it has some",
            create,
        )
        .needs(Permission::ControlCalls)
        .body_bytes_max(CREATE_BYTES_MAX)
        .asks::<InstanceAsk>()
        .takes::<CampaignBody>()
        .gives::<CampaignView>()
        .refuses(&[Kind::NotFound, Kind::Conflict]),
        get(ONE, "Show a campaign and how far it is", show)
            .needs(Permission::ReadCalls)
            .asks::<InstanceAsk>()
            .gives::<CampaignView>(),
        patch(ONE, "Change a campaign", change)
            .needs(Permission::ControlCalls)
            .asks::<InstanceAsk>()
            .takes_patch::<CampaignBody>()
            .gives::<CampaignView>(),
        delete(
            ONE,
            "Remove a campaign with its contacts; its calls stay",
            remove,
        )
        .needs(Permission::ControlCalls)
        .asks::<InstanceAsk>()
        .refuses(&[Kind::Conflict]),
        steer(post(
            "/api/v1/campaigns/{id}/pause",
            "Pause a campaign",
            pause,
        )),
        steer(post(
            "/api/v1/campaigns/{id}/resume",
            "Let a paused campaign go on",
            resume,
        )),
        steer(post(
            "/api/v1/campaigns/{id}/cancel",
            "Take a campaign off for good",
            cancel,
        )),
    ];
    rows.extend(rows_of_contacts());
    rows
}

fn rows_of_contacts() -> Vec<Row> {
    const CONTACTS: &str = "/api/v1/campaigns/{id}/contacts";
    vec![
        get(CONTACTS, "List the contacts of a campaign", contacts)
            .needs(Permission::ReadCalls)
            .asks::<ContactsAsk>()
            .gives::<PageView<ContactView>>(),
        post(CONTACTS, "Add contacts to a campaign, all or none", add)
            .needs(Permission::ControlCalls)
            .asks::<InstanceAsk>()
            .takes::<ContactsBody>()
            .gives::<PageView<AddedView>>()
            .status(StatusCode::OK)
            .refuses(&[Kind::Conflict]),
        post(
            "/api/v1/campaigns/{id}/contacts/move",
            "Pause, resume or take off contacts",
            move_contacts,
        )
        .needs(Permission::ControlCalls)
        .asks::<InstanceAsk>()
        .takes::<MoveBody>()
        .gives::<MovedView>()
        .status(StatusCode::OK),
        get(
            "/api/v1/campaigns/{id}/attempts",
            "List dial attempts of a campaign, newest first",
            attempts,
        )
        .needs(Permission::ReadCalls)
        .asks::<InstancePageAsk>()
        .gives::<PageView<AttemptView>>(),
        get(
            "/api/v1/campaigns/{id}/events",
            "List what happened to a campaign, in order",
            events,
        )
        .needs(Permission::ReadCalls)
        .asks::<EventsAsk>()
        .gives::<PageView<EventView>>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<CampaignsAsk>,
) -> Result<Json<PageView<CampaignView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let state = match ask.state {
        None => None,
        Some(name) => Some(CampaignState::by_name(&name.0).ok_or_else(|| {
            Problem::invalid("state", "must be running, paused, completed or canceled")
        })?),
    };
    let filter = CampaignFilter {
        state,
        name_part: ask.name.map(|name| name.0),
        ..CampaignFilter::default()
    };
    let store = native.store();
    let page = store
        .campaigns(tenant, &filter, paging(ask.offset, ask.limit))
        .await?;
    let ids: Vec<CampaignId> = page
        .items
        .iter()
        .map(|campaign| campaign.id.clone())
        .collect();
    let progress = store.campaign_progress(&ids).await?;
    Ok(Json(PageView::of(page, |campaign| {
        let progress = progress.get(&campaign.id).copied().unwrap_or_default();
        CampaignView::of(campaign, progress)
    })))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(mut body): Body<CampaignBody>,
) -> Result<(StatusCode, Json<CampaignView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let (contacts, state) = body.beginning()?;
    let draft = body.draft(None)?;
    let made = native
        .app()
        .create_campaign_with(tenant, &draft, state, contacts)
        .await?;
    Ok((StatusCode::CREATED, Json(seen(&native, made).await?)))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<CampaignView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let campaign = native.store().campaign(tenant, &CampaignId(id)).await?;
    Ok(Json(seen(&native, campaign).await?))
}

async fn seen(native: &Native, campaign: Campaign) -> Result<CampaignView, Problem> {
    let ids = std::slice::from_ref(&campaign.id);
    let mut progress = native.store().campaign_progress(ids).await?;
    let progress = progress.remove(&campaign.id).unwrap_or_default();
    Ok(CampaignView::of(campaign, progress))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
    patch: Patch,
) -> Result<Json<CampaignView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let present = native.store().campaign(tenant, &CampaignId(id)).await?;
    let body: CampaignBody = patch.onto(&CampaignBody::of(present.settings.clone()))?;
    body.check_change()?;
    let draft = body.draft(Some(&present.settings))?;
    let changed = native
        .app()
        .change_campaign(tenant, &present.id, &draft)
        .await?;
    Ok(Json(seen(&native, changed).await?))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native
        .store()
        .remove_campaign(tenant, &CampaignId(id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn pause(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    steer(&native, caller, id, &ask, CampaignState::Paused).await
}

async fn resume(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    steer(&native, caller, id, &ask, CampaignState::Running).await
}

async fn cancel(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    steer(&native, caller, id, &ask, CampaignState::Canceled).await
}

async fn steer(
    native: &Native,
    caller: Caller,
    id: String,
    ask: &InstanceAsk,
    to: CampaignState,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native
        .app()
        .move_campaign(tenant, &CampaignId(id), to)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn contacts(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<ContactsAsk>,
) -> Result<Json<PageView<ContactView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let campaign = native.store().campaign(tenant, &CampaignId(id)).await?;
    let paging = paging(ask.offset, ask.limit);
    let filter = ask.filter(campaign.id)?;
    let page = native.store().contacts(tenant, &filter, paging).await?;
    Ok(Json(PageView::of(page, ContactView::of)))
}

async fn add(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<ContactsBody>,
) -> Result<Json<PageView<AddedView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let contacts = body.contacts()?;
    let added = native
        .app()
        .add_contacts(tenant, &CampaignId(id), contacts)
        .await?;
    Ok(Json(PageView {
        total: i64::try_from(added.len()).unwrap_or(i64::MAX),
        items: added.into_iter().map(AddedView::of).collect(),
    }))
}

async fn move_contacts(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<MoveBody>,
) -> Result<Json<MovedView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let campaign = native.store().campaign(tenant, &CampaignId(id)).await?;
    let (choice, to) = body.choice(campaign.id)?;
    let moved = native.app().move_contacts(tenant, &choice, to).await?;
    Ok(Json(MovedView { moved }))
}

async fn attempts(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<AttemptView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let campaign = native.store().campaign(tenant, &CampaignId(id)).await?;
    let filter = store::AttemptFilter {
        campaign: Some(campaign.id),
        ..store::AttemptFilter::default()
    };
    let paging = paging(ask.offset, ask.limit);
    let page = native
        .store()
        .dial_attempts(tenant, &filter, store::AttemptOrder::default(), paging)
        .await?;
    Ok(Json(PageView::of(page, AttemptView::of)))
}

async fn events(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<EventsAsk>,
) -> Result<Json<PageView<EventView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let campaign = native.store().campaign(tenant, &CampaignId(id)).await?;
    let (after, limit) = ask.part();
    let events = native
        .store()
        .campaign_events(&campaign.id, after, limit)
        .await?;
    Ok(Json(PageView {
        total: i64::try_from(events.len()).unwrap_or(i64::MAX),
        items: events.into_iter().map(EventView::of).collect(),
    }))
}

impl CampaignView {
    fn of(campaign: Campaign, progress: CampaignProgress) -> Self {
        Self {
            id: campaign.id.0,
            instance: campaign.tenant.0,
            state: campaign.state.name(),
            trouble: campaign.trouble,
            progress: ProgressView {
                total: progress.total(),
                waiting: progress.waiting,
                dialing: progress.dialing,
                paused: progress.paused,
                reached: progress.reached,
                failed: progress.failed,
                canceled: progress.canceled,
            },
            created_at: Time(campaign.created_at),
            updated_at: Time(campaign.updated_at),
            settings: CampaignBody::of(campaign.settings),
        }
    }
}
