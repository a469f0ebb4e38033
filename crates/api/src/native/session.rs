//! Signing in and out in a browser.
//!
//! The browser keeps a cookie that scripts cannot read and other sites cannot send; what changes
//! something also repeats `csrf` in the header `X-CSRF-Token`.

use app::sign_in::{Browser, Cookie, NotSignedIn, SIGNED_IN_MAX, SignedIn};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use model::{
    AuditActor, AuditActorKind, AuditDraft, Language, Permission, Role, SignInId, StaffDraft,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::{Actor, Peer, cookie},
    context::Native,
    field::{Instance, Int, Text, Time},
    page::NoAsk,
    problem::{Kind, Problem},
    read::{Ask, Body, PathId, PathText},
    staff_body::{LanguageBody, RoleBody},
    table::{Row, delete, get, patch, post, put},
};

/// Name of the cookie that a browser is signed in with.
pub const COOKIE: &str = "switchboard_session";

/// Where a browser goes that signed in by an address: people who manage, and people who answer.
const CONSOLE: &str = "/console";
const WORKSPACE: &str = "/work";

/// Who signs in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInBody {
    /// E-mail of the person.
    email: Text<1, 128>,
    /// Password.
    password: Text<1, 128>,
    /// Needed only where the same e-mail and password are good in several instances.
    instance: Option<Instance>,
}

/// Who is signed in here.
#[derive(Serialize, JsonSchema)]
pub(super) struct SessionView {
    /// The person.
    staff: PersonView,
    /// What the roles give.
    permissions: Vec<&'static str>,
    /// Repeat it in the header `X-CSRF-Token` of every request that changes something.
    csrf: String,
    /// When the sign-in ends if it is not used until then.
    expires_at: Time,
}

/// The person who is signed in.
#[derive(Serialize, JsonSchema)]
struct PersonView {
    /// Id of the person.
    id: i64,
    /// E-mail.
    email: String,
    /// Shown to colleagues.
    name: String,
    /// Shown to customers; may be empty.
    nick: String,
    /// The instance the person belongs to.
    instance: i64,
    /// Whether the roles hold for every instance.
    everywhere: bool,
    /// `administrator`, `supervisor`, `designer`, `officer`, `agent`.
    roles: Vec<RoleBody>,
    /// Of the screens.
    language: LanguageBody,
    /// What the person can take now.
    status: &'static str,
}

/// What a person changes of themselves; what is absent stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnBody {
    /// Shown to colleagues.
    name: Option<Text<1, 64>>,
    /// Shown to customers; may be empty.
    nick: Option<Text<0, 64>>,
    /// Of the screens.
    language: Option<LanguageBody>,
}

/// A new password for oneself.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnPasswordBody {
    /// The one that is good now.
    present: Text<1, 128>,
    /// The one that is to be good, 8 to 128 characters.
    password: Text<8, 128>,
}

/// One browser somebody is signed in with.
#[derive(Serialize, JsonSchema)]
pub(super) struct SignInView {
    /// Its id.
    id: i64,
    /// Whether it is the one that asks.
    own: bool,
    /// What the browser calls itself.
    browser: String,
    /// The address it signed in from.
    address: String,
    /// When.
    created_at: Time,
    /// When it was last used, to the minute.
    seen_at: Time,
    /// When it ends if it is not used until then.
    expires_at: Time,
}

/// Every browser somebody is signed in with.
#[derive(Serialize, JsonSchema)]
pub(super) struct SignInsView {
    /// Oldest first.
    items: Vec<SignInView>,
}

/// Whose sign-ins.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInsAsk {
    /// Of this person; one's own if absent. Those of others need `manage_staff`.
    staff: Option<Int<1, { i64::MAX }>>,
}

pub(super) fn rows() -> Vec<Row> {
    const SESSION: &str = "/api/v1/session";
    vec![
        post(SESSION, "Sign in; the answer sets a cookie", sign_in)
            .public()
            .asks::<NoAsk>()
            .takes::<SignInBody>()
            .gives::<SessionView>()
            .status(StatusCode::OK)
            .refuses(&[Kind::Unauthorized, Kind::TooMany, Kind::Conflict]),
        get(SESSION, "Show who is signed in", show)
            .needs(Permission::Own)
            .gives::<SessionView>()
            .refuses(&[Kind::Forbidden]),
        patch(SESSION, "Change one's own name and language", change)
            .needs(Permission::Own)
            .takes::<OwnBody>()
            .gives::<SessionView>()
            .refuses(&[Kind::Forbidden]),
        delete(SESSION, "Sign out", sign_out)
            .needs(Permission::Own)
            .refuses(&[Kind::Forbidden]),
        put(
            "/api/v1/session/password",
            "Change one's own password; all other browsers are signed out",
            change_password,
        )
        .needs(Permission::Own)
        .takes::<OwnPasswordBody>()
        .gives::<SessionView>()
        .refuses(&[Kind::Forbidden]),
        get(
            "/api/v1/sign-ins",
            "List the browsers somebody is signed in with",
            list,
        )
        .needs(Permission::Own)
        .asks::<SignInsAsk>()
        .gives::<SignInsView>()
        .refuses(&[Kind::Forbidden]),
        delete(
            "/api/v1/sign-ins",
            "Sign oneself out everywhere but here",
            revoke_others,
        )
        .needs(Permission::Own)
        .asks::<NoAsk>()
        .refuses(&[Kind::Forbidden]),
        delete("/api/v1/sign-ins/{id}", "Sign a browser out", revoke)
            .needs(Permission::Own)
            .asks::<SignInsAsk>()
            .refuses(&[Kind::Forbidden]),
        get(
            "/sign-in/{token}",
            "Sign in by an address that an API made, and go to the screens",
            enter,
        )
        .public()
        .status(StatusCode::SEE_OTHER)
        .refuses(&[Kind::Unauthorized, Kind::TooMany]),
    ]
}

type Signed = ([(HeaderName, HeaderValue); 1], Json<SessionView>);

async fn sign_in(
    State(native): State<Native>,
    Peer(address): Peer,
    headers: HeaderMap,
    Ask(NoAsk {}): Ask<NoAsk>,
    Body(body): Body<SignInBody>,
) -> Result<Signed, Problem> {
    let browser = browser(address, &headers);
    let tenant = body.instance.map(|instance| instance.0);
    let cookie = native
        .app()
        .sign_in(&body.email.0, &body.password.0, tenant, &browser)
        .await?;
    note(&native, &cookie, "post /api/v1/session").await?;
    Ok(signed(&native, &cookie))
}

async fn show(actor: Actor) -> Result<Json<SessionView>, Problem> {
    Ok(Json(SessionView::of(person(&actor)?)))
}

async fn change(
    State(native): State<Native>,
    actor: Actor,
    Body(body): Body<OwnBody>,
) -> Result<Json<SessionView>, Problem> {
    let person = person(&actor)?;
    let present = person.staff.settings.clone();
    let draft = StaffDraft {
        name: body.name.map_or(present.name, |name| name.0),
        nick: body.nick.map_or(present.nick, |nick| nick.0),
        language: body.language.map_or(present.language, Language::from),
        ..present
    };
    let (tenant, id) = (person.staff.tenant, person.staff.id);
    let staff = native.app().change_staff(tenant, id, &draft).await?;
    let person = SignedIn {
        staff,
        sign_in: person.sign_in.clone(),
    };
    Ok(Json(SessionView::of(&person)))
}

async fn sign_out(
    State(native): State<Native>,
    actor: Actor,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1]), Problem> {
    let person = person(&actor)?;
    native
        .app()
        .sign_out(&person.staff, person.sign_in.id)
        .await?;
    let gone = set_cookie(&native, "", 0);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]))
}

async fn change_password(
    State(native): State<Native>,
    Peer(address): Peer,
    headers: HeaderMap,
    actor: Actor,
    Body(body): Body<OwnPasswordBody>,
) -> Result<Signed, Problem> {
    let person = person(&actor)?;
    let app = native.app();
    let good = app.check_own_password(&person.staff, &body.present.0, address);
    if !good.await? {
        return Err(Problem::invalid("present", "is not your password"));
    }
    app.set_password(person.staff.id, &body.password.0).await?;
    let browser = browser(address, &headers);
    let cookie = app.cookie_for(person.staff.clone(), &browser).await?;
    Ok(signed(&native, &cookie))
}

async fn list(
    State(native): State<Native>,
    headers: HeaderMap,
    actor: Actor,
    Ask(ask): Ask<SignInsAsk>,
) -> Result<Json<SignInsView>, Problem> {
    let staff = whose(&native, &actor, &ask).await?;
    let own = match cookie(&headers) {
        Some(secret) => native.app().signed_in(secret).await?,
        None => None,
    };
    let own = own.map(|person| person.sign_in.id);
    let now = native.now();
    let items = native.store().sign_ins(staff, now).await?;
    let view = |sign_in: model::SignIn| SignInView {
        id: sign_in.id.0,
        own: own == Some(sign_in.id),
        browser: sign_in.browser,
        address: sign_in.address,
        created_at: Time(sign_in.created_at),
        seen_at: Time(sign_in.seen_at),
        expires_at: Time(sign_in.expires_at),
    };
    Ok(Json(SignInsView {
        items: items.into_iter().map(view).collect(),
    }))
}

async fn revoke(
    State(native): State<Native>,
    actor: Actor,
    PathId(id): PathId,
    Ask(ask): Ask<SignInsAsk>,
) -> Result<StatusCode, Problem> {
    if ask.staff.is_none() && actor.person().is_none() {
        // A token has no sign-ins of its own.
        return Err(Problem::not_found("sign-in"));
    }
    let staff = whose(&native, &actor, &ask).await?;
    let staff = native.store().staff_any(staff).await?;
    native.app().sign_out(&staff, SignInId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn revoke_others(
    State(native): State<Native>,
    actor: Actor,
    Ask(NoAsk {}): Ask<NoAsk>,
) -> Result<StatusCode, Problem> {
    let SignedIn { staff, sign_in } = person(&actor)?;
    native
        .store()
        .remove_other_sign_ins(staff.id, sign_in.id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn enter(
    State(native): State<Native>,
    Peer(address): Peer,
    headers: HeaderMap,
    PathText(token): PathText,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 4]), Problem> {
    let browser = browser(address, &headers);
    let cookie = native.app().sign_in_by_token(&token, &browser).await?;
    note(&native, &cookie, "get /sign-in/{token}").await?;
    let settings = &cookie.signed_in.staff.settings;
    let only_answers = settings.roles.iter().all(|role| *role == Role::Agent);
    let there = if only_answers { WORKSPACE } else { CONSOLE };
    let headers = [
        (header::LOCATION, HeaderValue::from_static(there)),
        (header::SET_COOKIE, lasting(&native, &cookie)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
    ];
    Ok((StatusCode::SEE_OTHER, headers))
}

/// Whose sign-ins are meant, if the caller may see to them.
async fn whose(
    native: &Native,
    actor: &Actor,
    ask: &SignInsAsk,
) -> Result<model::StaffId, Problem> {
    let own = actor.person().map(|person| person.id);
    let Some(asked) = ask.staff.map(|id| model::StaffId(id.0)) else {
        return own.ok_or_else(|| Problem::invalid("staff", "is required with a token"));
    };
    if own == Some(asked) {
        return Ok(asked);
    }
    if !actor.may(Permission::ManageStaff) {
        let detail = "none of your roles gives `manage_staff`";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    let staff = native.store().staff_any(asked).await?;
    if let Some(person) = actor.person()
        && !person.settings.everywhere
        && (person.tenant != staff.tenant || staff.settings.everywhere)
    {
        return Err(Problem::not_found("staff"));
    }
    Ok(asked)
}

/// The person who asks; a token is none.
fn person(actor: &Actor) -> Result<&SignedIn, Problem> {
    match actor {
        Actor::Person(person) => Ok(person),
        Actor::Token { .. } => Err(Problem::new(
            Kind::Forbidden,
            "a token is no person: sign in with e-mail and password",
        )),
    }
}

/// Signing in is a change too, and its row has no caller yet.
async fn note(native: &Native, cookie: &Cookie, action: &str) -> Result<(), Problem> {
    let SignedIn { staff, sign_in } = &cookie.signed_in;
    let entry = AuditDraft {
        at: native.now(),
        tenant: Some(staff.tenant),
        actor: AuditActor {
            kind: AuditActorKind::Staff,
            name: staff.settings.email.clone(),
        },
        address: sign_in.address.clone(),
        action: action.to_owned(),
        subject: format!("sign-in {}", sign_in.id),
        outcome: "200".to_owned(),
        before: None,
        after: None,
    };
    native.store().audit(&entry).await?;
    Ok(())
}

fn browser(address: std::net::IpAddr, headers: &HeaderMap) -> Browser {
    let name = headers
        .get(header::USER_AGENT)
        .and_then(|sent| sent.to_str().ok())
        .unwrap_or_default();
    Browser {
        address,
        name: name.to_owned(),
    }
}

fn signed(native: &Native, cookie: &Cookie) -> Signed {
    let view = SessionView::of(&cookie.signed_in);
    ([(header::SET_COOKIE, lasting(native, cookie))], Json(view))
}

fn lasting(native: &Native, cookie: &Cookie) -> HeaderValue {
    set_cookie(native, &cookie.secret, SIGNED_IN_MAX.as_secs())
}

/// `Secure` where people reach us by https: on plain http browsers would drop such a cookie.
fn set_cookie(native: &Native, secret: &str, seconds: u64) -> HeaderValue {
    let is_https = native.app().settings().public_url.starts_with("https://");
    let secure = if is_https { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).expect("hexadecimal digits are fit for headers")
}

impl SessionView {
    fn of(person: &SignedIn) -> Self {
        let SignedIn { staff, sign_in } = person;
        let settings = &staff.settings;
        let given = |permission: &Permission| settings.may(*permission);
        Self {
            staff: PersonView {
                id: staff.id.0,
                email: settings.email.clone(),
                name: settings.name.clone(),
                nick: settings.nick.clone(),
                instance: staff.tenant.0,
                everywhere: settings.everywhere,
                roles: settings.roles.iter().copied().map(RoleBody).collect(),
                language: settings.language.into(),
                status: staff.presence.status.name(),
            },
            permissions: Permission::ALL
                .iter()
                .filter(|permission| given(permission))
                .map(|permission| permission.name())
                .collect(),
            csrf: sign_in.csrf.clone(),
            expires_at: Time(sign_in.expires_at),
        }
    }
}

impl From<LanguageBody> for Language {
    fn from(body: LanguageBody) -> Self {
        body.0
    }
}

impl From<NotSignedIn> for Problem {
    fn from(why: NotSignedIn) -> Self {
        let detail = why.to_string();
        match why {
            NotSignedIn::Slowed => Self::new(Kind::TooMany, detail).retry_after(30),
            NotSignedIn::Wrong => Self::new(Kind::Unauthorized, detail),
            NotSignedIn::SeveralInstances => Self {
                field: Some("instance".to_owned()),
                ..Self::new(Kind::Conflict, detail)
            },
            NotSignedIn::Fault(fault) => fault.into(),
        }
    }
}
