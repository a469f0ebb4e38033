//! Set-up: a one-time link instead of a default password.
//!
//! The link carries its token in the fragment, so that it reaches no log and no proxy. Whoever
//! opens it names the first administrator, and gets an operator's token, an instance and a
//! credential, shown once.
//!
//! # Invariants
//!
//! - Only the hash of the link's token is stored; it is good once, for [`SETUP_LINK_TTL`].
//! - While there is an operator's token or an administrator, no link is issued and none is taken.

mod page;
mod snippets;

use std::{net::IpAddr, time::Duration};

use axum::{Json, extract::State, http::StatusCode};
use model::{
    ActionScope, CredentialScope, Language, MobileAccept, Role, StaffDraft, Tenant, UnixMs,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Paging, Store, StoreError};

use super::{
    admit::Peer,
    context::Native,
    credentials,
    field::{Text, Time},
    page::NoAsk,
    problem::{Kind, Problem},
    read::{Ask, Body},
    staff_body::LanguageBody,
    table::{Row, get, post},
    tokens::{n_operator_tokens, sha256_of_token, token_text},
};

/// How long a set-up link is good.
pub const SETUP_LINK_TTL: Duration = Duration::from_secs(30 * 60);

/// Name of the stored value: the token's hash, a space, the time it expires in ms.
const SETTING: &str = "setup_link";

/// A link to the set-up page.
#[derive(Clone, Debug)]
pub struct SetupLink {
    /// The address, with the token in its fragment.
    pub url: String,
    /// When it expires.
    pub expires_at: UnixMs,
}

/// Whether there is neither an operator's token nor an administrator yet.
pub async fn needs_setup(store: &Store) -> Result<bool, StoreError> {
    Ok(n_operator_tokens(store).await? == 0 && !store.has_administrator().await?)
}

/// Makes a new link, and with it any former one useless. `None` if set-up is finished.
pub async fn issue_setup_link(
    store: &Store,
    public_url: &str,
    now: UnixMs,
) -> Result<Option<SetupLink>, StoreError> {
    if !needs_setup(store).await? {
        return Ok(None);
    }
    let token = token_text().replace("swb_", "");
    let expires_at = now.plus(SETUP_LINK_TTL);
    let value = format!("{} {}", sha256_of_token(&token), expires_at.0);
    store.set_setting(SETTING, &value).await?;
    Ok(Some(SetupLink {
        url: format!("{public_url}/setup#{token}"),
        expires_at,
    }))
}

/// What the set-up page sends.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupBody {
    /// The token of the link: what stands behind `#`.
    token: Text<1, 128>,
    /// Name of the first instance, if there is none yet.
    #[serde(default = "instance_name")]
    instance_name: Text<1, 64>,
    /// The first administrator. Without one, only programs get in, by the token.
    administrator: Option<AdministratorBody>,
}

/// The first administrator: may do everything, everywhere.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AdministratorBody {
    /// Signs in with it.
    email: Text<3, 128>,
    /// Shown to colleagues; the e-mail if absent.
    name: Option<Text<1, 64>>,
    /// 8 to 128 characters.
    password: Text<8, 128>,
    /// Of the screens: `en-US` or `zh-CN`.
    #[serde(default = "english")]
    language: LanguageBody,
}

/// What set-up made. Secrets are shown here and never again.
#[derive(Serialize, JsonSchema)]
pub(super) struct SetupView {
    /// The operator's token of the native API.
    token: String,
    /// The instance: `SdkAppId`.
    instance: i64,
    /// `SecretId`.
    secret_id: String,
    /// `SecretKey`.
    secret_key: String,
    /// First calls with the clouds' own tools, keys filled in.
    snippets: Vec<Snippet>,
    /// When set-up was finished.
    finished_at: Time,
}

/// A program to paste.
#[derive(Serialize, JsonSchema)]
struct Snippet {
    /// What it is written in.
    title: &'static str,
    /// The text.
    text: String,
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        get("/setup", "The set-up page", page::show)
            .public()
            .gives_media("text/html; charset=utf-8"),
        post("/setup", "Finish set-up with a one-time token", finish)
            .public()
            .asks::<NoAsk>()
            .takes::<SetupBody>()
            .gives::<SetupView>()
            .refuses(&[Kind::Forbidden, Kind::TooMany]),
    ]
}

async fn finish(
    State(native): State<Native>,
    Peer(from): Peer,
    Ask(NoAsk {}): Ask<NoAsk>,
    Body(body): Body<SetupBody>,
) -> Result<(StatusCode, Json<SetupView>), Problem> {
    let first = body.administrator.map(AdministratorBody::parts);
    if let Some((draft, _)) = &first
        && let Err(wrong) = draft.check()
    {
        let field = format!("administrator.{}", wrong.field);
        return Err(Problem::invalid(&field, wrong.why));
    }
    let link = taken_link(&native, from, &body.token.0).await?;
    match first_things(&native, &body.instance_name.0, first).await {
        Ok(view) => {
            native.mark_set_up();
            Ok((StatusCode::CREATED, Json(view)))
        }
        Err(problem) => {
            // The link was not used for anything: it stays good.
            native.store().set_setting(SETTING, &link).await?;
            Err(problem)
        }
    }
}

/// Takes the link out of the store if `token` is its token: of several that race, one gets it.
async fn taken_link(native: &Native, from: IpAddr, token: &str) -> Result<String, Problem> {
    let app = native.app();
    if app.is_guessing(from) {
        let detail = "too many wrong tokens from this address";
        return Err(Problem::new(Kind::TooMany, detail).retry_after(10));
    }
    let store = native.store();
    let link = store.setting(SETTING).await?.unwrap_or_default();
    let (hash, expires) = link.split_once(' ').unwrap_or_default();
    let expires = UnixMs(expires.parse().unwrap_or(0));
    let good = hash == sha256_of_token(token)
        && native.now() < expires
        && needs_setup(store).await?
        && store.take_setting(SETTING, &link).await?;
    if good {
        return Ok(link);
    }
    app.note_guess(from);
    let detail =
        "the set-up link is wrong, used or expired; for a new one run: switchboard setup-link";
    Err(Problem::new(Kind::Forbidden, detail))
}

async fn first_things(
    native: &Native,
    instance_name: &str,
    administrator: Option<(StaffDraft, String)>,
) -> Result<SetupView, Problem> {
    let (store, now) = (native.store(), native.now());
    let tenant = first_tenant(store, instance_name, now).await?;
    native.welcome(tenant.id).await;
    let scope = CredentialScope {
        tenants: vec![tenant.id],
        actions: ActionScope::All,
    };
    let credential = credentials::fresh(scope, true, now);
    store.add_credential(&credential).await?;
    let agents = store.voice_agents(tenant.id, Paging::first(1)).await?;
    let agent = agents.items.first().map_or(1, |agent| agent.id.0);
    // Last, because they are what finishes set-up.
    if let Some((draft, password)) = administrator {
        let app = native.app();
        app.add_staff(tenant.id, &draft, Some(&password)).await?;
    }
    let token = token_text();
    store
        .create_api_token("first operator", &sha256_of_token(&token), None, now)
        .await?;
    Ok(SetupView {
        snippets: snippets::all(
            &native.app().settings().public_url,
            &credential,
            tenant.id,
            agent,
        ),
        token,
        instance: tenant.id.0,
        secret_id: credential.id.0,
        secret_key: credential.secret,
        finished_at: Time(now),
    })
}

async fn first_tenant(store: &Store, name: &str, now: UnixMs) -> Result<Tenant, StoreError> {
    let tenants = store.tenants(Paging::first(1)).await?;
    match tenants.items.into_iter().next() {
        Some(tenant) => Ok(tenant),
        None => store.create_tenant(name, "86", "Asia/Shanghai", now).await,
    }
}

impl AdministratorBody {
    fn parts(self) -> (StaffDraft, String) {
        let email = StaffDraft::normal_email(&self.email.0);
        let name = self
            .name
            .map_or_else(|| email.chars().take(64).collect(), |name| name.0);
        (
            administrator(&email, &name, self.language.0),
            self.password.0,
        )
    }
}

/// Who may do everything, everywhere.
pub fn administrator(email: &str, name: &str, language: Language) -> StaffDraft {
    StaffDraft {
        email: email.to_owned(),
        name: name.to_owned(),
        nick: String::new(),
        phone: None,
        staff_number: String::new(),
        extension: None,
        language,
        roles: vec![Role::Administrator],
        everywhere: true,
        mobile_call_out: false,
        mobile_accept: MobileAccept::Off,
        forwarding: None,
    }
}

fn english() -> LanguageBody {
    Language::English.into()
}

fn instance_name() -> Text<1, 64> {
    "first".to_owned().into()
}
