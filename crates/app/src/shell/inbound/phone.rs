//! Calls from phones of extensions: to voice agents, numbers and phones of their instance, and to
//! numbers outside.
//!
//! A phone says who it is by the From of its INVITE: an extension in the domain of an instance, or one
//! that is registered from the address that the call comes from. It proves it by its password, for
//! every call.

use std::sync::Arc;

use model::{CallId, E164, Extension, TenantId, VoiceAgentId};
use sip::{Incoming, digest::Verdict};
use store::{Paging, SkillGroupFilter, StoreError};
use uuid::Uuid;

use super::{
    AnsweredBy, Inbound, No, answer,
    between::{self, Between},
    bound, identity, replacing,
};
use crate::{
    App,
    shell::{
        call::MediaTerms,
        registrar::{found, link_of, prove, tenant_of},
    },
    usecase::tenant_of_domain,
};

/// What stands before the id of a voice agent that a phone calls.
const AGENT_CODE: char = '*';

/// Skill groups whose internal numbers are looked at.
const GROUPS_MAX: u32 = 1_000;

/// Shortest row of digits that is a number outside: local ones have seven.
const OUTSIDE_DIGITS_MIN: usize = 7;

/// The extension that a caller says to be.
pub(super) async fn claimed(app: &App, incoming: &Incoming) -> Result<Option<Extension>, No> {
    let from = &incoming.from.uri;
    let Some(number) = from.user.as_deref() else {
        return Ok(None);
    };
    let Some(tenant) = tenant_of(app, &from.host, number).await? else {
        return Ok(None);
    };
    let Some(extension) = found(app, tenant, number).await? else {
        return Ok(None);
    };
    if tenant_of_domain(&from.host).is_some() {
        return Ok(Some(extension));
    }
    // A trunk may show the number of an extension too: only a phone that is registered comes from
    // where it is registered.
    let contacts = app
        .store()
        .phone_contacts(tenant, number, app.now())
        .await?;
    let source = incoming.source;
    let is_registered = contacts
        .iter()
        .map(link_of)
        .any(|link| (link.transport, link.remote) == (source.transport, source.remote));
    Ok(is_registered.then_some(extension))
}

/// Lets a phone's call in, once it has proved itself.
pub(super) async fn let_in(
    app: &Arc<App>,
    extension: Extension,
    incoming: Box<Incoming>,
) -> Result<(), No> {
    let stopped = |_| No::Status(503);
    let Some(proof) = &incoming.authorization else {
        return Err(No::Prove {
            stale: false,
            phone: true,
        });
    };
    let source = incoming.source.remote.ip();
    match prove(app, &extension, proof).await? {
        Verdict::Proved => app.sip().proved(source).await.map_err(stopped)?,
        Verdict::Stale => {
            return Err(No::Prove {
                stale: true,
                phone: true,
            });
        }
        Verdict::Wrong => {
            app.sip().refused(source).await.map_err(stopped)?;
            return Err(No::Status(403));
        }
    }
    let dialed = incoming.request_uri.user.clone().unwrap_or_default();
    let number = extension.settings.number.clone();
    let terms = MediaTerms::of_phone(&extension.settings);
    let phone = app.phone_calls().begin(extension.tenant, &number);
    if let Some(leg) = incoming.replaces {
        return replacing::by_phone(app, extension, phone, terms, incoming, leg).await;
    }
    let (answerer, callee) = match called(app, &extension, &dialed).await? {
        Called::Answered(answerer, callee) => (answerer, callee),
        Called::Phone { target, callee } => {
            let between = Between {
                incoming,
                terms,
                extension,
                phone,
                target,
                callee,
            };
            return between::ring(app, between).await;
        }
    };
    let inbound = Inbound {
        id: CallId(Uuid::new_v4().to_string()),
        tenant: extension.tenant,
        variables: Vec::new(),
        user_data: identity::user_to_user(&incoming.headers),
        terms,
        trunk: None,
        channel: None,
        phone: Some(phone),
        caller: E164::parse(&number, "").unwrap_or_else(|_| E164::unknown()),
        callee,
        answerer,
        incoming,
    };
    answer(app, inbound).await
}

/// Whom a phone calls, and the number that stands for it in the record.
enum Called {
    /// Whoever answers by itself.
    Answered(AnsweredBy, E164),
    /// A phone, as the call session looks for it.
    Phone { target: String, callee: E164 },
}

/// `*7` is voice agent 7, an extension is its phone, the internal number of a skill group is somebody
/// of it, a number of the instance is whoever answers it, and any other number is outside.
async fn called(app: &App, extension: &Extension, dialed: &str) -> Result<Called, No> {
    let tenant = extension.tenant;
    if let Some(id) = dialed.strip_prefix(AGENT_CODE) {
        let id = id.parse().map_err(|_| No::Status(404))?;
        // Telephone numbers have three digits at least.
        let digits = format!("+{id:03}");
        let callee = E164::parse(&digits, "").map_err(|_| No::Status(404))?;
        let answerer = AnsweredBy::Agent(VoiceAgentId(id));
        return Ok(Called::Answered(answerer, callee));
    }
    if let Some(target) = within(app, tenant, dialed).await? {
        let callee = E164::parse(dialed, "").map_err(|_| No::Status(404))?;
        return Ok(Called::Phone { target, callee });
    }
    let country_code = app.store().tenant(tenant).await?.country_code;
    let callee = E164::parse(dialed, &country_code).map_err(|_| No::Status(404))?;
    let number = match app.store().number(&callee).await {
        Ok((_, number)) if number.tenant == tenant => number,
        // Whether it is a number of another instance is nobody's business: it is one outside.
        Ok(_) | Err(StoreError::NotFound { .. }) => {
            return match extension.settings.rules.calls_outside {
                true => outside(dialed, callee),
                false => Err(No::Status(403)),
            };
        }
        Err(other) => return Err(other.into()),
    };
    Ok(Called::Answered(bound(&number)?, callee))
}

/// A phone or a skill group of the house.
async fn within(app: &App, tenant: TenantId, dialed: &str) -> Result<Option<String>, No> {
    if found(app, tenant, dialed).await?.is_some() {
        return Ok(Some(format!("extension:{dialed}")));
    }
    if dialed.is_empty() {
        return Ok(None);
    }
    let groups = app
        .store()
        .skill_groups(
            tenant,
            &SkillGroupFilter::default(),
            Paging::first(GROUPS_MAX),
        )
        .await?;
    let group = groups
        .items
        .into_iter()
        .find(|group| group.settings.alias == dialed);
    Ok(group.map(|group| format!("skill_group:{}", group.id)))
}

fn outside(dialed: &str, callee: E164) -> Result<Called, No> {
    let n_digits = dialed.bytes().filter(u8::is_ascii_digit).count();
    if n_digits < OUTSIDE_DIGITS_MIN {
        return Err(No::Status(404));
    }
    let target = format!("number:{callee}");
    Ok(Called::Phone { target, callee })
}
