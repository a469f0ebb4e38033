//! Recognizers and speakers elsewhere. Keys go in and do not come out.

use app::{
    SpeechTrial,
    speech_service::{
        SpeechServiceFormat, SpeechServiceRole, SpeechServiceSettings, SpeechServiceType,
    },
    test_speech_service,
};
use axum::{Json, extract::State, http::StatusCode};
use model::{Permission, SpeechServiceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{OutsideServiceDraft, SpeechService, StoreError};

use super::{
    admit::Caller,
    context::Native,
    field::{Int, Text, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, Patch, PathId},
    table::{Row, delete, get, patch, post},
};

/// What an author writes down of a speech service.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SpeechServiceBody {
    /// By which voice agents know it; unique in its instance. `local` is taken.
    name: Text<1, 64>,
    /// Which protocol it speaks.
    #[serde(rename = "type")]
    kind: SpeechServiceType,
    /// What it does.
    role: SpeechServiceRole,
    /// Its address; the vendor's own if absent, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Text<1, 2000>>,
    /// The model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<Text<1, 200>>,
    /// A speaker's voice, where the agent names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    voice: Option<Text<1, 200>>,
    /// The language in the service's own words; made from the agent's tag if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<Text<1, 64>>,
    /// The account: Tencent's AppId, MiniMax's GroupId, Volcengine's appid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    app_id: Option<Text<1, 64>>,
    /// The public half of the key: Tencent's SecretId.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_id: Option<Text<1, 200>>,
    /// Its key or secret. Never shown; without it in a change the present one stays, null removes
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("writeOnly" = true))]
    key: Option<Text<1, 1024>>,
    /// How a speaker packs its samples, where there is a choice.
    #[serde(default)]
    format: SpeechServiceFormat,
    /// Samples a second, where there is a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sample_rate_hz: Option<Int<8_000, 48_000>>,
    /// Further parameters of each request.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    extra: Map<String, Value>,
    /// Longest wait for a connection, ms.
    #[serde(default = "connect_ms")]
    connect_ms: Int<100, 10_000>,
    /// Longest wait for the first sound, or for the words after the end of speech, ms.
    #[serde(default = "answer_ms")]
    answer_ms: Int<100, 10_000>,
    /// Longest wait between two pieces of an answer, ms.
    #[serde(default = "piece_ms")]
    piece_ms: Int<100, 10_000>,
}

/// A speech service.
#[derive(Serialize, JsonSchema)]
pub(super) struct SpeechServiceView {
    /// Its id.
    id: i64,
    /// Its settings, without the key.
    #[serde(flatten)]
    settings: SpeechServiceBody,
    /// Whether a key is stored.
    has_key: bool,
    /// When it was created.
    created_at: Time,
}

/// How a speech service is tried.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SpeechTrialBody {
    /// What it says, or what is said to it.
    #[serde(default)]
    text: Option<Text<1, 200>>,
    /// The language of that: a tag.
    #[serde(default)]
    language: Option<Text<1, 35>>,
}

/// What came of trying a speech service.
#[derive(Serialize, JsonSchema)]
pub(super) struct SpeechTrialView {
    /// What it said, or what was said to it.
    said: String,
    /// What a recognizer understood.
    heard: Option<String>,
    /// To the first sound, or from the end of speech to its words, ms.
    latency_ms: Option<f64>,
    /// To a speaker's last sound, ms.
    whole_ms: Option<f64>,
    /// How long the speech is, ms.
    sound_ms: f64,
    /// Whether a recognizer told words before the end.
    partials: bool,
    /// Why it did not work.
    fault: Option<String>,
}

pub(super) fn rows() -> Vec<Row> {
    const ALL: &str = "/api/v1/speech-services";
    const ONE: &str = "/api/v1/speech-services/{id}";
    vec![
        get(ALL, "List speech services", list)
            .needs(Permission::ReadDesign)
            .asks::<InstancePageAsk>()
            .gives::<PageView<SpeechServiceView>>(),
        post(ALL, "Create a speech service", create)
            .needs(Permission::Design)
            .asks::<InstanceAsk>()
            .takes::<SpeechServiceBody>()
            .gives::<SpeechServiceView>()
            .refuses(&[Kind::Conflict]),
        get(ONE, "Show a speech service, without its key", show)
            .needs(Permission::ReadDesign)
            .asks::<InstanceAsk>()
            .gives::<SpeechServiceView>(),
        patch(ONE, "Change a speech service", change)
            .needs(Permission::Design)
            .asks::<InstanceAsk>()
            .takes_patch::<SpeechServiceBody>()
            .gives::<SpeechServiceView>()
            .refuses(&[Kind::Conflict]),
        delete(ONE, "Remove a speech service", remove)
            .needs(Permission::Design)
            .asks::<InstanceAsk>(),
        post(
            "/api/v1/speech-services/{id}/test",
            "Have a speech service speak or listen once, and measure it",
            test,
        )
        .needs(Permission::Design)
        .asks::<InstanceAsk>()
        .takes::<SpeechTrialBody>()
        .status(StatusCode::OK)
        .gives::<SpeechTrialView>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<SpeechServiceView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().outside_services(tenant, paging).await?;
    let total = page.total;
    let views = page.items.into_iter().map(SpeechServiceView::of);
    let items = views.collect::<Result<Vec<_>, _>>()?;
    Ok(Json(PageView::of(store::Page { items, total }, |view| {
        view
    })))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<SpeechServiceBody>,
) -> Result<(StatusCode, Json<SpeechServiceView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    check_reach(&native, caller, &body, None)?;
    let service = native
        .store()
        .create_outside_service(tenant, &body.draft()?, native.now())
        .await?;
    Ok((StatusCode::CREATED, Json(SpeechServiceView::of(service)?)))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<SpeechServiceView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let service = native
        .store()
        .outside_service(tenant, SpeechServiceId(id))
        .await?;
    Ok(Json(SpeechServiceView::of(service)?))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    changes: Patch,
) -> Result<Json<SpeechServiceView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let id = SpeechServiceId(id);
    let present = native.store().outside_service(tenant, id).await?;
    let present = SpeechServiceBody::of(present.settings)?;
    let body = changes.replacing("extra").onto(&present)?;
    let url = present.url.as_ref().map(|url| url.0.as_str());
    check_reach(&native, caller, &body, url)?;
    let changed = native
        .store()
        .update_outside_service(tenant, id, &body.draft()?)
        .await?;
    Ok(Json(SpeechServiceView::of(changed)?))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native
        .store()
        .remove_outside_service(tenant, SpeechServiceId(id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn test(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<SpeechTrialBody>,
) -> Result<Json<SpeechTrialView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let tag = body.language.map_or_else(|| "en".to_owned(), |tag| tag.0);
    let language = app::speech_service::language(&tag)
        .ok_or_else(|| Problem::invalid("language", "must be a language tag, such as en or zh"))?;
    let usual = match language.primary() {
        "zh" => "您好，这是一个测试。",
        _ => "Hello, this is a test.",
    };
    let text = body.text.map_or_else(|| usual.to_owned(), |text| text.0);
    let service = native
        .store()
        .outside_service(tenant, SpeechServiceId(id))
        .await?;
    let trial = test_speech_service(native.app(), service, text, language).await;
    Ok(Json(SpeechTrialView::of(trial.ok_or_else(unreadable)?)))
}

/// A token of one instance may not make us ask private addresses, unless an operator has put the
/// address there.
fn check_reach(
    native: &Native,
    caller: Caller,
    body: &SpeechServiceBody,
    present: Option<&str>,
) -> Result<(), Problem> {
    let Some(url) = body.url.as_ref().map(|url| url.0.as_str()) else {
        return Ok(());
    };
    let may_reach = caller == Caller::Operator || native.app().settings().fetch_private;
    if may_reach || present == Some(url) || !app::names_private(url) {
        return Ok(());
    }
    Err(Problem::invalid(
        "url",
        "leads into a private network: only an operator may name such an address",
    ))
}

impl SpeechServiceBody {
    fn draft(self) -> Result<OutsideServiceDraft, Problem> {
        let ms = |ms: Int<100, 10_000>| ms.as_u32();
        let settings = SpeechServiceSettings {
            kind: self.kind,
            role: self.role,
            url: self.url.map(|text| text.0).unwrap_or_default(),
            model: self.model.map(|text| text.0).unwrap_or_default(),
            voice: self.voice.map(|text| text.0),
            language: self.language.map(|text| text.0),
            app_id: self.app_id.map(|text| text.0).unwrap_or_default(),
            secret_id: self.secret_id.map(|text| text.0).unwrap_or_default(),
            format: self.format,
            sample_rate_hz: self.sample_rate_hz.map(Int::as_u32),
            extra: self.extra,
            connect_ms: ms(self.connect_ms),
            answer_ms: ms(self.answer_ms),
            piece_ms: ms(self.piece_ms),
        };
        settings
            .check()
            .map_err(|fault| Problem::invalid(fault.field, fault.why))?;
        if self.name.0 == app::agent_document::LOCAL {
            return Err(Problem::invalid("name", "is that of the built-in engine"));
        }
        let is_header = |key: &str| key.bytes().all(|byte| (0x21..0x7F).contains(&byte));
        if self.key.as_ref().is_some_and(|key| !is_header(&key.0)) {
            return Err(Problem::invalid("key", "must be ASCII without spaces"));
        }
        Ok(OutsideServiceDraft {
            name: self.name.0,
            settings: serde_json::to_string(&settings).expect("settings are plain data"),
            key: self.key.map(|key| key.0),
        })
    }

    fn of(draft: OutsideServiceDraft) -> Result<Self, Problem> {
        let settings = SpeechServiceSettings::stored(&draft.settings).ok_or_else(unreadable)?;
        Ok(Self {
            name: draft.name.into(),
            kind: settings.kind,
            role: settings.role,
            url: given(settings.url),
            model: given(settings.model),
            voice: settings.voice.map(Text::from),
            language: settings.language.map(Text::from),
            app_id: given(settings.app_id),
            secret_id: given(settings.secret_id),
            key: draft.key.map(Text::from),
            format: settings.format,
            sample_rate_hz: settings.sample_rate_hz.map(|rate| Int(rate.into())),
            extra: settings.extra,
            connect_ms: Int(settings.connect_ms.into()),
            answer_ms: Int(settings.answer_ms.into()),
            piece_ms: Int(settings.piece_ms.into()),
        })
    }
}

fn given<const MIN: usize, const MAX: usize>(text: String) -> Option<Text<MIN, MAX>> {
    Some(text).filter(|text| !text.is_empty()).map(Text::from)
}

impl SpeechServiceView {
    fn of(service: SpeechService) -> Result<Self, Problem> {
        let has_key = service.settings.key.is_some();
        let settings = OutsideServiceDraft {
            key: None,
            ..service.settings
        };
        Ok(Self {
            id: service.id.0,
            settings: SpeechServiceBody::of(settings)?,
            has_key,
            created_at: Time(service.created_at),
        })
    }
}

impl SpeechTrialView {
    fn of(trial: SpeechTrial) -> Self {
        let ms = |time: std::time::Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
        Self {
            said: trial.said,
            heard: trial.heard,
            latency_ms: trial.latency.map(ms),
            whole_ms: trial.whole.map(ms),
            sound_ms: ms(trial.sound),
            partials: trial.partials,
            fault: trial.fault,
        }
    }
}

fn unreadable() -> Problem {
    StoreError::Corrupt {
        what: "speech service",
        source: None,
    }
    .into()
}

fn connect_ms() -> Int<100, 10_000> {
    Int(2_000)
}

fn answer_ms() -> Int<100, 10_000> {
    Int(2_000)
}

fn piece_ms() -> Int<100, 10_000> {
    Int(3_000)
}
