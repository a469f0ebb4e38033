//! Language models that voice agents think with. Keys go in and do not come out.

use app::language_model::{LanguageModelSettings, LanguageModelType, test_language_model};
use axum::{Json, extract::State, http::StatusCode};
use model::{LanguageModelId, Permission};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{LanguageModel, OutsideServiceDraft, StoreError};

use super::{
    admit::Caller,
    context::Native,
    field::{Int, Text, Time},
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, Patch, PathId},
    table::{Row, delete, get, patch, post},
    trial_view::TrialView,
};

/// What an author writes down of a language model.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LanguageModelBody {
    /// By which voice agents know it; unique in its instance.
    name: Text<1, 64>,
    /// Which protocol it speaks.
    #[serde(default, rename = "type")]
    kind: LanguageModelType,
    /// Its base: `https://api.openai.com/v1`, `https://NAME.openai.azure.com?api-version=…`,
    /// `https://api.minimax.io/v1`, `https://api.dify.ai/v1`.
    url: Text<1, 2000>,
    /// The model, or Azure's deployment; Dify has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<Text<1, 200>>,
    /// Its key. Never shown; without it in a change the present one stays, null removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("writeOnly" = true))]
    key: Option<Text<1, 1024>>,
    /// Sampling temperature, 0 to 2; the server's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    /// Nucleus sampling, 0 to 1; the server's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    /// The longest answer in tokens; the server's own if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_tokens: Option<Int<1, 32_768>>,
    /// Further fields of each request.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    extra_body: Map<String, Value>,
    /// Longest wait for the first word, ms.
    #[serde(default = "wait_ms")]
    first_token_ms: Int<100, 30_000>,
    /// Longest wait between two pieces of an answer, ms.
    #[serde(default = "wait_ms")]
    piece_ms: Int<100, 30_000>,
}

/// A language model.
#[derive(Serialize, JsonSchema)]
pub(super) struct LanguageModelView {
    /// Its id.
    id: i64,
    /// Its settings, without the key.
    #[serde(flatten)]
    settings: LanguageModelBody,
    /// Whether a key is stored.
    has_key: bool,
    /// When it was created.
    created_at: Time,
}

/// How a language model is tried.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrialBody {
    /// Questions that are asked, one after the other.
    #[serde(default = "n_questions")]
    questions: Int<1, 50>,
}

pub(super) fn rows() -> Vec<Row> {
    const ALL: &str = "/api/v1/language-models";
    const ONE: &str = "/api/v1/language-models/{id}";
    vec![
        get(ALL, "List language models", list)
            .needs(Permission::ReadDesign)
            .asks::<InstancePageAsk>()
            .gives::<PageView<LanguageModelView>>(),
        post(ALL, "Create a language model", create)
            .needs(Permission::Design)
            .asks::<InstanceAsk>()
            .takes::<LanguageModelBody>()
            .gives::<LanguageModelView>()
            .refuses(&[Kind::Conflict]),
        get(ONE, "Show a language model, without its key", show)
            .needs(Permission::ReadDesign)
            .asks::<InstanceAsk>()
            .gives::<LanguageModelView>(),
        patch(ONE, "Change a language model", change)
            .needs(Permission::Design)
            .asks::<InstanceAsk>()
            .takes_patch::<LanguageModelBody>()
            .gives::<LanguageModelView>()
            .refuses(&[Kind::Conflict]),
        delete(ONE, "Remove a language model", remove)
            .needs(Permission::Design)
            .asks::<InstanceAsk>(),
        post(
            "/api/v1/language-models/{id}/test",
            "Ask a language model a few questions and measure it",
            test,
        )
        .needs(Permission::Design)
        .asks::<InstanceAsk>()
        .takes::<TrialBody>()
        .status(StatusCode::OK)
        .gives::<TrialView>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<LanguageModelView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let paging = paging(ask.offset, ask.limit);
    let page = native.store().outside_services(tenant, paging).await?;
    let total = page.total;
    let views = page.items.into_iter().map(LanguageModelView::of);
    let items = views.collect::<Result<Vec<_>, _>>()?;
    Ok(Json(PageView::of(store::Page { items, total }, |view| {
        view
    })))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<LanguageModelBody>,
) -> Result<(StatusCode, Json<LanguageModelView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    check_reach(&native, caller, &body, None)?;
    let model = native
        .store()
        .create_outside_service(tenant, &body.draft()?, native.now())
        .await?;
    Ok((StatusCode::CREATED, Json(LanguageModelView::of(model)?)))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<LanguageModelView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let model = native
        .store()
        .outside_service(tenant, LanguageModelId(id))
        .await?;
    Ok(Json(LanguageModelView::of(model)?))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    changes: Patch,
) -> Result<Json<LanguageModelView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let id = LanguageModelId(id);
    let present = native.store().outside_service(tenant, id).await?;
    let present = LanguageModelBody::of(present.settings)?;
    let body = changes.replacing("extra_body").onto(&present)?;
    check_reach(&native, caller, &body, Some(&present.url.0))?;
    let changed = native
        .store()
        .update_outside_service(tenant, id, &body.draft()?)
        .await?;
    Ok(Json(LanguageModelView::of(changed)?))
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
        .remove_outside_service(tenant, LanguageModelId(id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn test(
    State(native): State<Native>,
    caller: Caller,
    PathId(id): PathId,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<TrialBody>,
) -> Result<Json<TrialView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let model = native
        .store()
        .outside_service(tenant, LanguageModelId(id))
        .await?;
    let trial = test_language_model(model, body.questions.as_u32()).await;
    Ok(Json(TrialView::of(trial.ok_or_else(unreadable)?)))
}

/// A token of one instance may not make us ask private addresses, unless an operator has put the
/// address there.
fn check_reach(
    native: &Native,
    caller: Caller,
    body: &LanguageModelBody,
    present: Option<&str>,
) -> Result<(), Problem> {
    let may_reach = caller == Caller::Operator || native.app().settings().fetch_private;
    if may_reach || present == Some(body.url.0.as_str()) || !app::names_private(&body.url.0) {
        return Ok(());
    }
    Err(Problem::invalid(
        "url",
        "leads into a private network: only an operator may name such an address",
    ))
}

impl LanguageModelBody {
    fn draft(self) -> Result<OutsideServiceDraft, Problem> {
        let ms = |ms: Int<100, 30_000>| ms.as_u32();
        let settings = LanguageModelSettings {
            kind: self.kind,
            url: self.url.0,
            model: self.model.map(|model| model.0).unwrap_or_default(),
            temperature: self.temperature,
            top_p: self.top_p,
            max_tokens: self.max_tokens.map(Int::as_u32),
            extra_body: self.extra_body,
            first_token_ms: ms(self.first_token_ms),
            piece_ms: ms(self.piece_ms),
        };
        settings
            .check()
            .map_err(|fault| Problem::invalid(fault.field, fault.why))?;
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
        let settings = LanguageModelSettings::stored(&draft.settings).ok_or_else(unreadable)?;
        let model = Some(settings.model).filter(|model| !model.is_empty());
        Ok(Self {
            name: draft.name.into(),
            kind: settings.kind,
            url: settings.url.into(),
            model: model.map(Text::from),
            key: draft.key.map(Text::from),
            temperature: settings.temperature,
            top_p: settings.top_p,
            max_tokens: settings.max_tokens.map(|max| Int(max.into())),
            extra_body: settings.extra_body,
            first_token_ms: Int(settings.first_token_ms.into()),
            piece_ms: Int(settings.piece_ms.into()),
        })
    }
}

impl LanguageModelView {
    fn of(model: LanguageModel) -> Result<Self, Problem> {
        let has_key = model.settings.key.is_some();
        let settings = OutsideServiceDraft {
            key: None,
            ..model.settings
        };
        Ok(Self {
            id: model.id.0,
            settings: LanguageModelBody::of(settings)?,
            has_key,
            created_at: Time(model.created_at),
        })
    }
}

fn unreadable() -> Problem {
    StoreError::Corrupt {
        what: "language model",
        source: None,
    }
    .into()
}

fn wait_ms() -> Int<100, 30_000> {
    Int(5_000)
}

fn n_questions() -> Int<1, 50> {
    Int(5)
}
