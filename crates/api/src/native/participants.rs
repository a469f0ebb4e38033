//! Third parties of running calls, and supervisors who listen in.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use engine::call::Invitation;
use model::{CallId, ListenMode, PartyId, PartyRole, Permission};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::{Actor, Caller},
    calls::found,
    context::Native,
    field::Text,
    problem::{Kind, Problem},
    read::{Body, PathText},
    table::{Row, delete, post, put},
};

/// Who is to join a call.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ParticipantBody {
    /// An extension, a number, a person or a skill group: `extension:1001`, `number:+8613800138000`,
    /// `staff:lin@example.com`, `skill_group:7`, or one of them without the word in front.
    target: Text<1, 256>,
}

/// Who is to listen in to a call.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListenerBody {
    /// The extension that is rung; that of whoever is signed in, if absent.
    extension: Option<Text<1, 32>>,
    /// Who hears the supervisor; nobody if absent.
    #[serde(default)]
    mode: ModeView,
}

/// How a supervisor listens in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ModeBody {
    /// Who hears the supervisor.
    mode: ModeView,
}

/// Who hears a supervisor.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ModeView {
    /// Nobody.
    #[default]
    Listen,
    /// Those of the house.
    Whisper,
    /// Everybody.
    Barge,
}

/// A party that is rung.
#[derive(Serialize, JsonSchema)]
struct LegView {
    /// Its number in the call, for changes and events.
    leg: u32,
}

pub(super) fn rows() -> Vec<Row> {
    const LISTENER: &str = "/api/v1/calls/{id}/listeners/{leg}";
    vec![
        post(
            "/api/v1/calls/{id}/participants",
            "Ring somebody who is to join a call",
            invite,
        )
        .needs(Permission::ControlCalls)
        .takes::<ParticipantBody>()
        .gives::<LegView>()
        .refuses(&[Kind::Conflict]),
        delete(
            "/api/v1/calls/{id}/participants/{leg}",
            "Send a third party out of a call",
            dismiss,
        )
        .needs(Permission::ControlCalls)
        .refuses(&[Kind::Conflict]),
        post(
            "/api/v1/calls/{id}/listeners",
            "Ring a supervisor who is to listen in to a call",
            listen,
        )
        .needs(Permission::ListenIn)
        .takes::<ListenerBody>()
        .gives::<LegView>()
        .refuses(&[Kind::Conflict]),
        put(
            LISTENER,
            "Let a supervisor who listens in be heard, or not",
            change_mode,
        )
        .needs(Permission::ListenIn)
        .takes::<ModeBody>()
        .status(StatusCode::NO_CONTENT)
        .refuses(&[Kind::Conflict]),
        delete(LISTENER, "End listening in", stop_listening)
            .needs(Permission::ListenIn)
            .refuses(&[Kind::Conflict]),
    ]
}

async fn invite(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    PathText(id): PathText,
    Body(body): Body<ParticipantBody>,
) -> Result<(StatusCode, Json<LegView>), Problem> {
    let Text(target) = body.target;
    ring(&native, caller, &actor, id, PartyRole::Participant, target).await
}

async fn listen(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    PathText(id): PathText,
    Body(body): Body<ListenerBody>,
) -> Result<(StatusCode, Json<LegView>), Problem> {
    let role = PartyRole::Supervisor(body.mode.mode());
    let extension = match body.extension {
        Some(Text(extension)) => extension,
        None => own_extension(&native, &actor).await?,
    };
    let target = format!("extension:{extension}");
    ring(&native, caller, &actor, id, role, target).await
}

/// The extension of whoever is signed in.
async fn own_extension(native: &Native, actor: &Actor) -> Result<String, Problem> {
    let none = || Problem::invalid("extension", "is needed: you have none of your own");
    let person = actor.person().ok_or_else(none)?;
    if let Some(number) = &person.settings.extension {
        return Ok(number.clone());
    }
    let own = native
        .store()
        .extensions_of_staff(person.tenant, person.id)
        .await?;
    let own = own.into_iter().next().ok_or_else(none)?;
    Ok(own.settings.number)
}

async fn ring(
    native: &Native,
    caller: Caller,
    actor: &Actor,
    id: String,
    role: PartyRole,
    target: String,
) -> Result<(StatusCode, Json<LegView>), Problem> {
    let call = found(native, caller, id).await?;
    let by = actor.audited().name;
    let invitation = Invitation { role, target, by };
    let invited = native.app().invite(call.tenant, &call.id, invitation);
    let PartyId(leg) = invited.await?;
    Ok((StatusCode::CREATED, Json(LegView { leg })))
}

async fn dismiss(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    path: Result<Path<(String, u32)>, PathRejection>,
) -> Result<StatusCode, Problem> {
    send_away(&native, caller, &actor, path, false).await
}

async fn stop_listening(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    path: Result<Path<(String, u32)>, PathRejection>,
) -> Result<StatusCode, Problem> {
    send_away(&native, caller, &actor, path, true).await
}

async fn send_away(
    native: &Native,
    caller: Caller,
    actor: &Actor,
    path: Result<Path<(String, u32)>, PathRejection>,
    is_supervisor: bool,
) -> Result<StatusCode, Problem> {
    let (CallId(id), party) = named(path)?;
    let call = found(native, caller, id).await?;
    let by = actor.audited().name;
    native
        .app()
        .dismiss(call.tenant, &call.id, party, is_supervisor, &by)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change_mode(
    State(native): State<Native>,
    caller: Caller,
    actor: Actor,
    path: Result<Path<(String, u32)>, PathRejection>,
    Body(body): Body<ModeBody>,
) -> Result<StatusCode, Problem> {
    let (CallId(id), party) = named(path)?;
    let call = found(&native, caller, id).await?;
    let (mode, by) = (body.mode.mode(), actor.audited().name);
    native
        .app()
        .change_listen_mode(call.tenant, &call.id, party, mode, &by)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The call and the party of a path; what is no number names nobody.
fn named(path: Result<Path<(String, u32)>, PathRejection>) -> Result<(CallId, PartyId), Problem> {
    match path {
        Ok(Path((id, leg))) => Ok((CallId(id), PartyId(leg))),
        Err(_) => Err(Problem::not_found("participant")),
    }
}

impl ModeView {
    fn mode(self) -> ListenMode {
        match self {
            Self::Listen => ListenMode::Listen,
            Self::Whisper => ListenMode::Whisper,
            Self::Barge => ListenMode::Barge,
        }
    }
}
