//! Calls: placed, watched, steered and looked back on.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use model::{
    Belongs, Call, CallFilter, CallId, ConversationId, CustomerId, Permission, PlaceVoiceAgentCall,
    PlaySound, Recording, SoundId, Stamped, UnixMs, Variable, VoiceAgentId,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    admit::Caller,
    call_event::StampedView,
    call_view::{CallSummary, CallView},
    context::Native,
    field::{Instance, Int, List, Phone, Text, Time},
    page::{InstanceAsk, Limit, NoAsk, Offset, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, PathText},
    table::{Row, get, post},
};

/// Events of a call that are read for its page and its picture. A call of four hours has fewer.
const EVENTS_MAX: u32 = 20_000;

/// A call that a voice agent is to make.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceCallBody {
    /// Who talks.
    voice_agent: i64,
    /// Who is called.
    callee: Phone,
    /// Numbers that the callee may see, tried in order; any number of the instance if absent.
    #[serde(default)]
    callers: List<Phone, 0, 20>,
    /// Values for the agent's texts: names of 1 to 64 characters, values of at most 4,096.
    #[serde(default)]
    variables: BTreeMap<String, Text<0, 4096>>,
    /// Longest time that the callee's phone may ring; 60 if absent.
    ring_second_max: Option<Int<1, 120>>,
    /// Longest time to wait for a free voice-agent slot.
    #[serde(default = "slot_wait_ms_max")]
    slot_wait_ms_max: Int<0, 5000>,
    /// The customer's own text for the records, at most 1,024 bytes.
    user_data: Option<Text<0, 1024>>,
    /// The conversation that the call belongs to: the id of a chat, or of an earlier call.
    conversation: Option<Text<1, 64>>,
    /// Whom the call is for, as in `/api/v1/customers/{id}`; without it the number tells, if it is a
    /// customer's. Their open chat is the call's conversation.
    customer: Option<Text<1, 128>>,
}

/// A sound to be played into a call.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaySoundBody {
    /// Which.
    sound: i64,
    /// How many times.
    #[serde(default = "times")]
    times: Int<1, 100>,
    /// Mixed over the voice agent instead of in its place.
    #[serde(default)]
    over: bool,
}

/// Which calls to list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallsAsk {
    /// Whose; needed only with an operator's token where there are several instances.
    instance: Option<Instance>,
    /// Started at or after.
    from: Option<Time>,
    /// Started before.
    to: Option<Time>,
    /// Only with this number as caller or callee.
    number: Option<Phone>,
    /// Only those that have ended (true), or that have not (false; no other filter is taken then).
    ended: Option<bool>,
    /// Items to leave out at the front; 0 if absent.
    offset: Option<Offset>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

/// Which events of a call to list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallEventsAsk {
    /// Only after this event; all if absent.
    after: Option<Int<0, { i64::MAX }>>,
    /// Most items to give; 50 if absent.
    limit: Option<Limit>,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get("/api/v1/calls", "List calls, newest first", list)
            .needs(Permission::ReadCalls)
            .asks::<CallsAsk>()
            .gives::<PageView<CallSummary>>(),
        post(
            "/api/v1/calls",
            "Place a call and put a voice agent on it",
            place,
        )
        .needs(Permission::ControlCalls)
        .asks::<InstanceAsk>()
        .takes::<PlaceCallBody>()
        .gives::<CallSummary>()
        .refuses(&[Kind::Refused, Kind::NotFound]),
        get(
            "/api/v1/calls/{id}",
            "Show a call with everything known of it",
            show,
        )
        .needs(Permission::ReadCalls)
        .asks::<NoAsk>()
        .gives::<CallView>(),
        get(
            "/api/v1/calls/{id}/events",
            "List the events of a call, in order",
            events,
        )
        .needs(Permission::ReadCalls)
        .asks::<CallEventsAsk>()
        .gives::<PageView<StampedView>>(),
        get(
            "/api/v1/calls/{id}/picture.svg",
            "Draw a call as a picture",
            picture,
        )
        .needs(Permission::ReadCalls)
        .gives_media("image/svg+xml"),
        post("/api/v1/calls/{id}/hangup", "End a call", hang_up)
            .needs(Permission::ControlCalls)
            .status(StatusCode::ACCEPTED)
            .refuses(&[Kind::Conflict]),
        post(
            "/api/v1/calls/{id}/sounds",
            "Play a sound into a call",
            play,
        )
        .needs(Permission::ControlCalls)
        .takes::<PlaySoundBody>()
        .status(StatusCode::ACCEPTED)
        .refuses(&[Kind::Conflict]),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<CallsAsk>,
) -> Result<Json<PageView<CallSummary>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let paging = paging(ask.offset, ask.limit);
    let page = if ask.ended == Some(false) {
        if ask.from.is_some() || ask.to.is_some() || ask.number.is_some() {
            return Err(Problem::invalid(
                "ended",
                "excludes other filters when it is false",
            ));
        }
        native.store().active_calls(tenant, paging).await?
    } else {
        let filter = CallFilter {
            tenant,
            from: ask.from.map_or(UnixMs(0), |time| time.0),
            to: ask.to.map_or(UnixMs(i64::MAX), |time| time.0),
            numbers: ask.number.map(|number| number.0).into_iter().collect(),
            ids: Vec::new(),
            ended_only: ask.ended == Some(true),
        };
        native.store().calls(&filter, paging).await?
    };
    Ok(Json(PageView::of(page, |call| CallSummary::of(&call))))
}

async fn place(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<PlaceCallBody>,
) -> Result<(StatusCode, Json<CallSummary>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let command = PlaceVoiceAgentCall {
        tenant,
        voice_agent: VoiceAgentId(body.voice_agent),
        callee: body.callee.0,
        callers: body.callers.0.into_iter().map(|number| number.0).collect(),
        variables: variables(body.variables)?,
        ring_time_max: body
            .ring_second_max
            .map(|second| Duration::from_secs(u64::from(second.as_u32()))),
        slot_wait_max: Duration::from_millis(u64::from(body.slot_wait_ms_max.as_u32())),
        user_data: user_data(body.user_data)?,
        belongs: Belongs {
            conversation: body.conversation.map(|id| ConversationId(id.0)),
            customer: body.customer.map(|id| CustomerId(id.0)),
        },
    };
    let id = native.app().place_voice_agent_call(command, None).await?;
    let call = native.store().call(tenant, &id).await?;
    Ok((StatusCode::CREATED, Json(CallSummary::of(&call))))
}

/// Values for an agent's texts, within their bounds.
pub(super) fn variables(sent: BTreeMap<String, Text<0, 4096>>) -> Result<Vec<Variable>, Problem> {
    if sent.len() > 100 {
        return Err(Problem::invalid("variables", "must have at most 100 items"));
    }
    sent.into_iter()
        .map(|(key, value)| {
            if key.is_empty() || key.chars().count() > 64 || key.chars().any(char::is_control) {
                return Err(Problem::invalid(
                    "variables",
                    "names must have 1 to 64 characters",
                ));
            }
            Ok(Variable {
                key,
                value: value.0,
            })
        })
        .collect()
}

fn user_data(sent: Option<Text<0, 1024>>) -> Result<Option<String>, Problem> {
    match sent {
        Some(text) if text.0.len() > 1024 => Err(Problem::invalid(
            "user_data",
            "must have at most 1024 bytes",
        )),
        Some(text) => Ok(Some(text.0)),
        None => Ok(None),
    }
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(NoAsk {}): Ask<NoAsk>,
) -> Result<Json<CallView>, Problem> {
    let (call, events) = story(&native, caller, id).await?;
    let afterwards = native.store().transcript(call.tenant, &call.id).await?;
    let app = native.app().clone();
    let words = (afterwards, app.transcript_url(&call.id));
    let url = move |recording: &Recording| app.recording_url(recording);
    Ok(Json(CallView::of(call, events, words, &url)))
}

async fn events(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Ask(ask): Ask<CallEventsAsk>,
) -> Result<Json<PageView<StampedView>>, Problem> {
    let call = found(&native, caller, id).await?;
    let after = ask.after.map_or(0, |after| after.0);
    let limit = paging(None, ask.limit).limit;
    let events = native.store().events(&call.id, after, limit).await?;
    let app = native.app().clone();
    let url = move |recording: &Recording| app.recording_url(recording);
    Ok(Json(PageView {
        items: events
            .into_iter()
            .map(|stamped| StampedView::of(stamped, &url))
            .collect(),
        total: call.n_events,
    }))
}

async fn picture(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
) -> Result<([(HeaderName, HeaderValue); 2], String), Problem> {
    let (call, events) = story(&native, caller, id).await?;
    let raw = native.app().raw_recording(&call.id).await?;
    let draw = native.drawer();
    let svg = tokio::task::spawn_blocking(move || draw(&call, &events, raw.as_deref()))
        .await
        .map_err(|error| {
            tracing::error!(%error, "picture could not be drawn");
            Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR)
        })?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("image/svg+xml"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'"),
        ),
    ];
    Ok((headers, svg))
}

async fn hang_up(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
) -> Result<StatusCode, Problem> {
    let call = found(&native, caller, id).await?;
    native.app().hang_up(call.tenant, &call.id, "api").await?;
    Ok(StatusCode::ACCEPTED)
}

async fn play(
    State(native): State<Native>,
    caller: Caller,
    PathText(id): PathText,
    Body(body): Body<PlaySoundBody>,
) -> Result<StatusCode, Problem> {
    let call = found(&native, caller, id).await?;
    let command = PlaySound {
        tenant: call.tenant,
        call: call.id,
        sound: SoundId(body.sound),
        times: body.times.as_u32(),
        over: body.over,
    };
    native.app().play_sound(command).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The call, if the caller may know of it.
pub(super) async fn found(native: &Native, caller: Caller, id: String) -> Result<Call, Problem> {
    let id = CallId(id);
    Ok(match caller {
        Caller::Operator => native.store().call_any(&id).await?,
        Caller::Tenant(own) => native.store().call(own, &id).await?,
    })
}

/// A call with its events.
async fn story(
    native: &Native,
    caller: Caller,
    id: String,
) -> Result<(Call, Vec<Stamped>), Problem> {
    let call = found(native, caller, id).await?;
    let events = native.store().events(&call.id, 0, EVENTS_MAX).await?;
    Ok((call, events))
}

fn slot_wait_ms_max() -> Int<0, 5000> {
    Int(0)
}

fn times() -> Int<1, 100> {
    Int(1)
}
