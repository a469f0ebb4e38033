//! Robots: names of voice agents and instances in other dialects, and robots elsewhere that voice
//! agents have their words from.

use app::dialogue::RemoteRobotSettings;
use axum::{Json, extract::State, http::StatusCode};
use model::{Permission, VoiceAgentId};
use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, IntoDeserializer as _},
};
use store::{InstanceName, RemoteRobot, Robot, StoreError};

use super::{
    admit::Caller,
    context::Native,
    field::{Int, Text, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, PathId},
    table::{Row, delete, get, post, put},
};

/// A name for a voice agent as a robot.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RobotBody {
    /// `ScriptId` or `ScenarioId`; empty for the robot of requests that name none that is known.
    name: Text<0, 128>,
    /// Who talks.
    voice_agent: Int<1, { i64::MAX }>,
    /// Which answers its callers understand; `extended` if absent.
    #[serde(default)]
    profile: ProfileName,
}

/// Which answers callers understand.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ProfileName {
    /// To speak and to hang up.
    Strict,
    /// Transfers and the collection of keys too.
    #[default]
    Extended,
}

/// A voice agent's name as a robot.
#[derive(Serialize, JsonSchema)]
pub(super) struct RobotView {
    /// The name.
    name: String,
    /// Who talks.
    voice_agent: i64,
    /// `strict` or `extended`.
    profile: String,
    /// When it was first named.
    created_at: Time,
}

/// Another name for an instance.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InstanceNameBody {
    /// `InstanceId`, as callers send it; unique in the installation.
    name: Text<1, 128>,
}

/// A robot elsewhere.
#[derive(JsonSchema)]
pub(super) struct RemoteRobotBody {
    /// Where it is and how it is spoken to.
    #[schemars(flatten)]
    settings: RemoteRobotSettings,
    /// Secret half of the credential; written, never shown.
    access_key_secret: Text<1, 256>,
}

/// By hand, because a flattened struct takes fields that nobody knows.
impl<'de> Deserialize<'de> for RemoteRobotBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const SECRET: &str = "access_key_secret";
        let mut fields = serde_json::Map::deserialize(deserializer)?;
        let secret = fields.remove(SECRET);
        let settings = RemoteRobotSettings::deserialize(fields.into_deserializer())
            .map_err(D::Error::custom)?;
        let secret = secret.ok_or_else(|| D::Error::missing_field(SECRET))?;
        let access_key_secret = Text::deserialize(secret).map_err(D::Error::custom)?;
        Ok(Self {
            settings,
            access_key_secret,
        })
    }
}

pub(super) fn rows() -> Vec<Row> {
    const ROBOTS: &str = "/api/v1/robots";
    const REMOTE: &str = "/api/v1/remote-robots/{id}";
    vec![
        get(ROBOTS, "List names of voice agents as robots", list)
            .needs(Permission::ReadDesign)
            .asks::<InstancePageAsk>()
            .gives::<PageView<RobotView>>(),
        put(ROBOTS, "Name a voice agent as a robot", name_robot)
            .needs(Permission::Design)
            .asks::<InstanceAsk>()
            .takes::<RobotBody>()
            .status(StatusCode::NO_CONTENT),
        post(
            "/api/v1/instance-names",
            "Give an instance another name for other dialects",
            name_instance,
        )
        .needs(Permission::Design)
        .operator()
        .asks::<InstanceAsk>()
        .takes::<InstanceNameBody>()
        .status(StatusCode::NO_CONTENT)
        .refuses(&[Kind::Conflict]),
        get(REMOTE, "Show where a voice agent has its words from", show)
            .needs(Permission::ReadDesign)
            .asks::<InstanceAsk>()
            .gives::<RemoteRobotSettings>(),
        put(
            REMOTE,
            "Give a voice agent its words from a robot elsewhere",
            set,
        )
        .needs(Permission::Design)
        .asks::<InstanceAsk>()
        .takes::<RemoteRobotBody>()
        .status(StatusCode::NO_CONTENT),
        delete(REMOTE, "Give a voice agent its own words again", unset)
            .needs(Permission::Design)
            .asks::<InstanceAsk>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<RobotView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let page = native
        .store()
        .robots(tenant, paging(ask.offset, ask.limit))
        .await?;
    Ok(Json(PageView::of(page, |robot: Robot| RobotView {
        name: robot.name,
        voice_agent: robot.voice_agent.0,
        profile: robot.profile,
        created_at: Time(robot.created_at),
    })))
}

async fn name_robot(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<RobotBody>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let voice_agent = VoiceAgentId(body.voice_agent.0);
    native.store().voice_agent(tenant, voice_agent).await?;
    let robot = Robot {
        tenant,
        name: body.name.0,
        voice_agent,
        profile: match body.profile {
            ProfileName::Strict => "strict",
            ProfileName::Extended => "extended",
        }
        .to_owned(),
        notes: "{}".to_owned(),
        created_at: native.now(),
    };
    native.store().put_robot(&robot).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn name_instance(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<InstanceNameBody>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let named = InstanceName {
        name: body.name.0,
        tenant,
        description: String::new(),
        n_conversations_max: None,
        created_at: native.now(),
    };
    native.store().add_instance_name(&named).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<RemoteRobotSettings>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let found = native
        .store()
        .remote_robot(tenant, VoiceAgentId(id))
        .await?;
    let robot = found.ok_or_else(|| Problem::not_found("remote robot"))?;
    let settings =
        RemoteRobotSettings::parse(&robot.settings).map_err(|_| StoreError::Corrupt {
            what: "remote robot",
            source: None,
        })?;
    Ok(Json(settings))
}

async fn set(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<RemoteRobotBody>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let voice_agent = VoiceAgentId(id);
    native.store().voice_agent(tenant, voice_agent).await?;
    let settings = serde_json::to_string(&body.settings).expect("settings are plain data");
    RemoteRobotSettings::parse(&settings).map_err(|why| Problem::new(Kind::Invalid, why))?;
    let robot = RemoteRobot {
        voice_agent,
        tenant,
        settings,
        secret: body.access_key_secret.0,
    };
    native.store().set_remote_robot(&robot).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unset(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native
        .store()
        .remove_remote_robot(tenant, VoiceAgentId(id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
