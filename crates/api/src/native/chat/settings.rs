//! How an instance chats, and names that its secret vouches for.

use std::time::Duration;

use app::chat::fresh_secret;
use axum::{Json, extract::State, http::StatusCode};
use model::{ChatLimits, ChatSettings, Permission, SkillGroupId, VoiceAgentId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    native::{
        admit::Caller,
        context::Native,
        field::{Int, List, Text},
        page::InstanceAsk,
        problem::Problem,
        read::{Ask, Body, Patch},
        table::{Row, get, patch, post},
    },
    user_sig,
};

/// Longest life of a name that is signed here, seconds: the 180 days of the cloud's libraries.
const GOOD_FOR_MAX: i64 = 180 * 86_400;

/// Longest file, in bytes.
const FILE_BYTES_MAX: i64 = 50 * 1024 * 1024;

/// How an instance chats.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SettingsBody {
    /// Off: the widget and the cloud's Desk API are refused.
    #[serde(default = "yes")]
    enabled: bool,
    /// The voice agent that answers customers first; absent: the instance's own server does, told
    /// by the webhook topic `desk_event`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bot: Option<Int<1, { i64::MAX }>>,
    /// The skill group that is asked when nobody says which; everybody who may chat if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    skill_group: Option<Int<1, { i64::MAX }>>,
    /// Pages that may show the widget, as origins (`https://shop.example`); `*` is every page.
    #[serde(default)]
    origins: List<Text<1, 200>, 0, 100>,
    /// Identifiers that may use the cloud's Desk API.
    #[serde(default = "admins")]
    admins: List<Text<1, 32>, 0, 20>,
    /// What the customer sees first where no bot greets; may be empty.
    #[serde(default)]
    welcome: Option<Text<0, 1000>>,
    /// What the customer sees when nobody is there; may be empty.
    #[serde(default)]
    nobody_tip: Option<Text<0, 1000>>,
    /// A growing message without a new piece for so long is closed.
    #[serde(default = "stream_silence")]
    stream_silence_second: Int<5, 600>,
    /// For so long a person who is asked may not answer.
    #[serde(default = "answer")]
    answer_second: Int<5, 600>,
    /// A customer who writes nothing for so long has left.
    #[serde(default = "customer_silence")]
    customer_silence_second: Int<60, 86_400>,
    /// For so long a customer waits for a person.
    #[serde(default = "queue")]
    queue_second: Int<10, 86_400>,
    /// Customers who wait at a time.
    #[serde(default = "queue_length")]
    queue_length_max: Int<1, 10_000>,
    /// Conversations that one person has at a time, unless a skill group says less.
    #[serde(default = "per_staff")]
    per_staff_max: Int<1, 100>,
    /// Longest file, in bytes; 0 takes none.
    #[serde(default = "file_bytes")]
    file_bytes_max: Int<0, FILE_BYTES_MAX>,
    /// Time for notes, in seconds, once a person's last conversation is over: `wrap_up`, then
    /// `free`. 0 is none.
    #[serde(default = "wrap_up")]
    wrap_up_second: Int<0, 3_600>,
}

/// A secret that signs names.
#[derive(Serialize, JsonSchema)]
struct SecretView {
    /// Shown only here.
    secret: String,
}

/// Whom to sign a name for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UserSigBody {
    /// An administrator of the Desk API, or a customer's id.
    identifier: Text<1, 128>,
    /// Data to sign beside (`userbuf`), such as `{"nickName": "Ann"}`.
    data: Option<Text<0, 2000>>,
    /// How long it is good; a day if absent.
    good_for_second: Option<Int<1, GOOD_FOR_MAX>>,
}

/// A signed name.
#[derive(Serialize, JsonSchema)]
struct UserSigView {
    /// `sdkappid` of requests with it.
    sdk_app_id: i64,
    /// Whom it names.
    identifier: String,
    /// `UserSig`, as the cloud's libraries make it (TLSSigAPIv2).
    user_sig: String,
}

pub(super) fn rows() -> Vec<Row> {
    const SETTINGS: &str = "/api/v1/chat/settings";
    vec![
        get(SETTINGS, "Show how an instance chats", show)
            .needs(Permission::ReadSettings)
            .asks::<InstanceAsk>()
            .gives::<SettingsBody>(),
        patch(SETTINGS, "Change how an instance chats", change)
            .needs(Permission::ChangeSettings)
            .asks::<InstanceAsk>()
            .takes_patch::<SettingsBody>()
            .gives::<SettingsBody>(),
        post(
            "/api/v1/chat/secret",
            "Replace the secret that signs names (UserSig), and show the new one once",
            replace_secret,
        )
        .needs(Permission::ManageKeys)
        .asks::<InstanceAsk>()
        .gives::<SecretView>(),
        post(
            "/api/v1/chat/user-sigs",
            "Sign a name for the Desk API or for a customer",
            sign,
        )
        .needs(Permission::ManageKeys)
        .asks::<InstanceAsk>()
        .takes::<UserSigBody>()
        .gives::<UserSigView>(),
    ]
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<SettingsBody>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let settings = native.app().chats().settings_or_fresh(tenant).await?;
    Ok(Json(SettingsBody::of(&settings)))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    changes: Patch,
) -> Result<Json<SettingsBody>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let chats = native.app().chats();
    let present = chats.settings_or_fresh(tenant).await?;
    let body: SettingsBody = changes.onto(&SettingsBody::of(&present))?;
    let changed = body.onto(&present);
    if let Some(bot) = changed.bot {
        let found = native.store().voice_agent(tenant, bot).await;
        found.map_err(|_| Problem::invalid("bot", "names no voice agent of this instance"))?;
    }
    if let Some(group) = changed.group {
        let found = native.store().skill_group(tenant, group).await;
        let why = "names no skill group of this instance";
        found.map_err(|_| Problem::invalid("skill_group", why))?;
    }
    check_origins(&changed.origins)?;
    chats.change_settings(&changed).await?;
    Ok(Json(SettingsBody::of(&changed)))
}

fn check_origins(origins: &[String]) -> Result<(), Problem> {
    for (idx, origin) in origins.iter().enumerate() {
        let host = ["http://", "https://"]
            .iter()
            .find_map(|scheme| origin.strip_prefix(scheme));
        let is_origin = host.is_some_and(|host| !host.is_empty() && !host.contains('/'));
        if origin != "*" && !is_origin {
            let why = "is no origin such as https://shop.example";
            return Err(Problem::invalid(&format!("origins[{idx}]"), why));
        }
    }
    Ok(())
}

async fn replace_secret(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<(StatusCode, Json<SecretView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let chats = native.app().chats();
    let present = chats.settings_or_fresh(tenant).await?;
    let secret = fresh_secret();
    let changed = ChatSettings {
        previous_secret: Some(present.secret.clone()),
        secret: secret.clone(),
        ..ChatSettings::clone(&present)
    };
    chats.change_settings(&changed).await?;
    Ok((StatusCode::CREATED, Json(SecretView { secret })))
}

async fn sign(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<UserSigBody>,
) -> Result<(StatusCode, Json<UserSigView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let settings = native.app().chats().settings_or_fresh(tenant).await?;
    let seconds = body.good_for_second.map_or(86_400, |seconds| seconds.0);
    let data = body.data.map(|data| data.0);
    let user_sig = user_sig::make(
        &settings.secret,
        tenant,
        &body.identifier.0,
        data.as_ref().map(String::as_bytes),
        Duration::from_secs(seconds.unsigned_abs()),
        native.now(),
    );
    let view = UserSigView {
        sdk_app_id: tenant.0,
        identifier: body.identifier.0,
        user_sig,
    };
    Ok((StatusCode::CREATED, Json(view)))
}

impl SettingsBody {
    fn of(settings: &ChatSettings) -> Self {
        let limits = settings.limits;
        let texts = |list: &[String]| list.iter().cloned().map(Text::from).collect();
        Self {
            enabled: settings.enabled,
            bot: settings.bot.map(|bot| Int(bot.0)),
            skill_group: settings.group.map(|group| Int(group.0)),
            origins: List(texts(&settings.origins)),
            admins: List(settings.admins.iter().cloned().map(Text::from).collect()),
            welcome: Some(settings.welcome.clone().into()),
            nobody_tip: Some(settings.nobody_tip.clone().into()),
            stream_silence_second: seconds(limits.stream_silence_max),
            answer_second: seconds(limits.answer_time_max),
            customer_silence_second: seconds(limits.customer_silence_max),
            queue_second: seconds(limits.queue_time_max),
            queue_length_max: Int(limits.queue_length_max),
            per_staff_max: Int(limits.per_staff_max),
            file_bytes_max: Int(limits.file_bytes_max),
            wrap_up_second: seconds(limits.wrap_up_max),
        }
    }

    fn onto(self, present: &ChatSettings) -> ChatSettings {
        ChatSettings {
            tenant: present.tenant,
            enabled: self.enabled,
            bot: self.bot.map(|bot| VoiceAgentId(bot.0)),
            group: self.skill_group.map(|group| SkillGroupId(group.0)),
            origins: self.origins.0.into_iter().map(|text| text.0).collect(),
            admins: self.admins.0.into_iter().map(|text| text.0).collect(),
            welcome: self.welcome.map(|text| text.0).unwrap_or_default(),
            nobody_tip: self.nobody_tip.map(|text| text.0).unwrap_or_default(),
            limits: ChatLimits {
                stream_silence_max: time(self.stream_silence_second),
                answer_time_max: time(self.answer_second),
                customer_silence_max: time(self.customer_silence_second),
                queue_time_max: time(self.queue_second),
                queue_length_max: self.queue_length_max.0,
                per_staff_max: self.per_staff_max.0,
                file_bytes_max: self.file_bytes_max.0,
                wrap_up_max: time(self.wrap_up_second),
            },
            secret: present.secret.clone(),
            previous_secret: present.previous_secret.clone(),
        }
    }
}

fn seconds<const MIN: i64, const MAX: i64>(time: Duration) -> Int<MIN, MAX> {
    Int(i64::try_from(time.as_secs()).unwrap_or(MAX))
}

fn time<const MIN: i64, const MAX: i64>(seconds: Int<MIN, MAX>) -> Duration {
    Duration::from_secs(seconds.0.unsigned_abs())
}

fn yes() -> bool {
    true
}

fn admins() -> List<Text<1, 32>, 0, 20> {
    List(vec!["administrator".to_owned().into()])
}

fn stream_silence() -> Int<5, 600> {
    seconds(ChatLimits::default().stream_silence_max)
}

fn answer() -> Int<5, 600> {
    seconds(ChatLimits::default().answer_time_max)
}

fn customer_silence() -> Int<60, 86_400> {
    seconds(ChatLimits::default().customer_silence_max)
}

fn queue() -> Int<10, 86_400> {
    seconds(ChatLimits::default().queue_time_max)
}

fn queue_length() -> Int<1, 10_000> {
    Int(ChatLimits::default().queue_length_max)
}

fn per_staff() -> Int<1, 100> {
    Int(ChatLimits::default().per_staff_max)
}

fn wrap_up() -> Int<0, 3_600> {
    seconds(ChatLimits::default().wrap_up_max)
}

fn file_bytes() -> Int<0, FILE_BYTES_MAX> {
    Int(ChatLimits::default().file_bytes_max)
}
