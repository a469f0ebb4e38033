//! Extensions: internal numbers that SIP phones register for.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use model::{
    Extension, ExtensionDraft, MediaEncryption, Permission, PhoneContact, PhoneForwarding,
    PhoneRules, PhoneTransport, SkillGroupId, TrunkCodec,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    admit::Caller,
    context::Native,
    encryption::Encryption,
    field::{Instance, Int, List, Text, Time},
    key_presses::KeyPressesBody,
    media_timeout::Silence,
    page::{InstanceAsk, InstancePageAsk, PageView, paging},
    problem::{Kind, Problem},
    read::{Ask, Body, Patch, PathText},
    table::{Row, delete, get, patch, post},
    trunk_body::Codec,
};

/// What is written down of an extension.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionBody {
    /// The number: 3 to 6 digits, the first not 0. Cannot be changed.
    number: Text<3, 6>,
    /// Shown to people.
    name: Text<1, 64>,
    /// Skill groups whose calls the phone may take.
    #[serde(default)]
    skill_groups: List<i64, 0, 200>,
    /// E-mail of the person whose phone it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    staff: Option<Text<1, 128>>,
    /// Whether the sound of the phone's calls is encrypted.
    #[serde(default = "optional")]
    encryption: Encryption,
    /// Whether the phone may call numbers outside, and transfer calls there.
    #[serde(default = "yes")]
    calls_outside: bool,
    /// Where every call to it goes instead: an extension or a number outside, in digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forward_always: Option<Text<3, 16>>,
    /// The same for calls while its phone is in another call, or says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forward_busy: Option<Text<3, 16>>,
    /// The same for calls that its phone does not answer, or cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forward_no_answer: Option<Text<3, 16>>,
    /// How long its phone rings before that, s.
    #[serde(default = "ring_second")]
    forward_after_second: Int<5, 20>,
    /// Codecs that its phone may have, in order of preference.
    #[serde(default = "codecs")]
    codecs: List<Codec, 1, 4>,
    /// How its phone is sent key presses.
    #[serde(default)]
    key_presses: KeyPressesBody,
    /// How long its phone may send, in a call, neither sound nor a report of it (RTP, RTCP), s: 5 to 3600;
    /// then the call ends with `media_timeout`. 0: for ever. On hold, and where its description says that it does
    /// not send, it is not missed.
    #[serde(default)]
    media_timeout_second: Silence,
}

/// An internal number that a SIP phone registers for.
#[derive(Serialize, JsonSchema)]
pub(super) struct ExtensionView {
    /// The number.
    number: String,
    /// Its owner.
    instance: i64,
    /// Shown to people.
    name: String,
    /// Skill groups whose calls the phone may take.
    skill_groups: Vec<i64>,
    /// E-mail of the person whose phone it is.
    staff: Option<String>,
    /// Whether the sound of the phone's calls is encrypted.
    encryption: Encryption,
    /// Whether the phone may call numbers outside, and transfer calls there.
    calls_outside: bool,
    /// Where every call to it goes instead.
    forward_always: Option<String>,
    /// Where calls go while its phone is busy.
    forward_busy: Option<String>,
    /// Where calls go that its phone does not answer.
    forward_no_answer: Option<String>,
    /// How long its phone rings before that, s.
    forward_after_second: i64,
    /// Codecs that its phone may have, in order of preference.
    codecs: Vec<Codec>,
    /// How its phone is sent key presses.
    key_presses: KeyPressesBody,
    /// How long its phone may send, in a call, neither sound nor a report of it, s; 0: for ever.
    media_timeout_second: Silence,
    /// SIP domain that its phone registers at.
    domain: String,
    /// Where the phone sends its messages, by UDP or TCP.
    outbound_proxy: String,
    /// Where it sends them by TLS; null where that is not spoken.
    outbound_proxy_tls: Option<String>,
    /// The phone's password; only in the answer that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    /// Whether it is in a call.
    busy: bool,
    /// Where it is registered now.
    phones: Vec<PhoneView>,
    /// When it was created.
    created_at: Time,
    /// When it was last changed.
    modified_at: Time,
}

/// A place where a phone is registered.
#[derive(Serialize, JsonSchema)]
pub(super) struct PhoneView {
    /// What it calls itself.
    contact: String,
    /// `udp`, `tcp`, `tls`, `ws` or `wss`.
    transport: &'static str,
    /// Its address as we see it.
    address: String,
    /// What it says it is.
    user_agent: String,
    /// When it is forgotten, unless it registers again.
    expires_at: Time,
}

pub(super) fn rows() -> Vec<Row> {
    const ALL: &str = "/api/v1/extensions";
    const ONE: &str = "/api/v1/extensions/{number}";
    vec![
        get(ALL, "List extensions", list)
            .needs(Permission::Own)
            .asks::<InstancePageAsk>()
            .gives::<PageView<ExtensionView>>(),
        post(
            ALL,
            "Add an extension, whose password is shown once",
            create,
        )
        .needs(Permission::ManageStaff)
        .asks::<InstanceAsk>()
        .takes::<ExtensionBody>()
        .gives::<ExtensionView>()
        .refuses(&[Kind::Conflict]),
        get(ONE, "Show an extension and its phones", show)
            .needs(Permission::Own)
            .asks::<InstanceAsk>()
            .gives::<ExtensionView>(),
        patch(ONE, "Change an extension", change)
            .needs(Permission::ManageStaff)
            .asks::<InstanceAsk>()
            .takes_patch::<ExtensionBody>()
            .gives::<ExtensionView>(),
        delete(ONE, "Remove an extension", remove)
            .needs(Permission::ManageStaff)
            .asks::<InstanceAsk>(),
        post(
            "/api/v1/extensions/{number}/password",
            "Give an extension a new password, which is shown once",
            reset,
        )
        .needs(Permission::ManageStaff)
        .asks::<InstanceAsk>()
        .gives::<ExtensionView>(),
    ]
}

async fn list(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstancePageAsk>,
) -> Result<Json<PageView<ExtensionView>>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let page = native
        .store()
        .extensions(tenant, paging(ask.offset, ask.limit))
        .await?;
    let mut items = Vec::with_capacity(page.items.len());
    for extension in page.items {
        items.push(view(&native, extension, None).await?);
    }
    Ok(Json(PageView {
        items,
        total: page.total,
    }))
}

async fn create(
    State(native): State<Native>,
    caller: Caller,
    Ask(ask): Ask<InstanceAsk>,
    Body(body): Body<ExtensionBody>,
) -> Result<(StatusCode, Json<ExtensionView>), Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let added = native.app().add_extension(tenant, &body.draft()).await?;
    let password = added.password.clone();
    let shown = view(&native, added, Some(password)).await?;
    Ok((StatusCode::CREATED, Json(shown)))
}

async fn show(
    State(native): State<Native>,
    caller: Caller,
    PathText(number): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<ExtensionView>, Problem> {
    let extension = found(&native, caller, ask.instance, &number).await?;
    Ok(Json(view(&native, extension, None).await?))
}

async fn change(
    State(native): State<Native>,
    caller: Caller,
    PathText(number): PathText,
    Ask(ask): Ask<InstanceAsk>,
    changes: Patch,
) -> Result<Json<ExtensionView>, Problem> {
    let present = found(&native, caller, ask.instance, &number).await?;
    let body: ExtensionBody = changes.onto(&ExtensionBody::from(present.settings))?;
    if body.number.0 != number {
        return Err(Problem::invalid("number", "cannot be changed"));
    }
    let changed = native
        .app()
        .change_extension(present.tenant, &body.draft())
        .await?;
    Ok(Json(view(&native, changed, None).await?))
}

async fn remove(
    State(native): State<Native>,
    caller: Caller,
    PathText(number): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<StatusCode, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    native.store().remove_extension(tenant, &number).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn reset(
    State(native): State<Native>,
    caller: Caller,
    PathText(number): PathText,
    Ask(ask): Ask<InstanceAsk>,
) -> Result<Json<ExtensionView>, Problem> {
    let tenant = native.tenant(caller, ask.instance).await?;
    let app = native.app();
    let password = app.reset_extension_password(tenant, &number).await?;
    let extension = native.store().extension(tenant, &number).await?;
    Ok(Json(view(&native, extension, Some(password)).await?))
}

async fn found(
    native: &Native,
    caller: Caller,
    instance: Option<Instance>,
    number: &str,
) -> Result<Extension, Problem> {
    let tenant = native.tenant(caller, instance).await?;
    Ok(native.store().extension(tenant, number).await?)
}

async fn view(
    native: &Native,
    extension: Extension,
    password: Option<String>,
) -> Result<ExtensionView, Problem> {
    let (app, tenant) = (native.app(), extension.tenant);
    let settings = extension.settings;
    let phones = app.phones_of(tenant, &settings.number).await?;
    Ok(ExtensionView {
        busy: app.phone_calls().is_busy(tenant, &settings.number),
        number: settings.number,
        instance: tenant.0,
        name: settings.name,
        skill_groups: settings.skill_groups.iter().map(|group| group.0).collect(),
        staff: settings.staff,
        encryption: settings.encryption.into(),
        calls_outside: settings.rules.calls_outside,
        forward_after_second: after(&settings.rules.forwarding).0,
        forward_always: settings.rules.forwarding.always,
        forward_busy: settings.rules.forwarding.busy,
        forward_no_answer: settings.rules.forwarding.no_answer,
        codecs: settings.codecs.into_iter().map(Codec::from).collect(),
        key_presses: settings.key_presses.into(),
        media_timeout_second: Silence(settings.media_timeout),
        domain: app.extension_domain(tenant),
        outbound_proxy: app.outbound_proxy(),
        outbound_proxy_tls: app.outbound_proxy_tls(),
        password,
        phones: phones.into_iter().map(PhoneView::from).collect(),
        created_at: Time(extension.created_at),
        modified_at: Time(extension.modified_at),
    })
}

fn yes() -> bool {
    true
}

fn ring_second() -> Int<5, 20> {
    after(&PhoneForwarding::default())
}

fn after(forwarding: &PhoneForwarding) -> Int<5, 20> {
    let second = i64::try_from(forwarding.ring_time_max.as_secs());
    Int(second.unwrap_or(20).clamp(5, 20))
}

fn codecs() -> List<Codec, 1, 4> {
    List(TrunkCodec::ALL.map(Codec::from).to_vec())
}

fn optional() -> Encryption {
    MediaEncryption::Optional.into()
}

impl ExtensionBody {
    fn draft(self) -> ExtensionDraft {
        ExtensionDraft {
            number: self.number.0,
            name: self.name.0,
            skill_groups: self.skill_groups.0.into_iter().map(SkillGroupId).collect(),
            staff: self.staff.map(|email| email.0),
            encryption: self.encryption.into(),
            rules: PhoneRules {
                calls_outside: self.calls_outside,
                forwarding: PhoneForwarding {
                    always: self.forward_always.map(|target| target.0),
                    busy: self.forward_busy.map(|target| target.0),
                    no_answer: self.forward_no_answer.map(|target| target.0),
                    ring_time_max: Duration::from_secs(self.forward_after_second.0.unsigned_abs()),
                },
            },
            codecs: self.codecs.0.into_iter().map(Codec::model).collect(),
            key_presses: self.key_presses.into(),
            media_timeout: self.media_timeout_second.0,
        }
    }
}

impl From<ExtensionDraft> for ExtensionBody {
    fn from(draft: ExtensionDraft) -> Self {
        Self {
            number: draft.number.into(),
            name: draft.name.into(),
            skill_groups: List(draft.skill_groups.iter().map(|group| group.0).collect()),
            staff: draft.staff.map(Text::from),
            encryption: draft.encryption.into(),
            calls_outside: draft.rules.calls_outside,
            forward_after_second: after(&draft.rules.forwarding),
            forward_always: draft.rules.forwarding.always.map(Text::from),
            forward_busy: draft.rules.forwarding.busy.map(Text::from),
            forward_no_answer: draft.rules.forwarding.no_answer.map(Text::from),
            codecs: List(draft.codecs.into_iter().map(Codec::from).collect()),
            key_presses: draft.key_presses.into(),
            media_timeout_second: Silence(draft.media_timeout),
        }
    }
}

impl From<PhoneContact> for PhoneView {
    fn from(phone: PhoneContact) -> Self {
        Self {
            contact: phone.uri,
            transport: match phone.transport {
                PhoneTransport::Udp => "udp",
                PhoneTransport::Tcp => "tcp",
                PhoneTransport::Tls => "tls",
                PhoneTransport::Ws => "ws",
                PhoneTransport::Wss => "wss",
            },
            address: phone.remote.to_string(),
            user_agent: phone.user_agent,
            expires_at: Time(phone.expires_at),
        }
    }
}
