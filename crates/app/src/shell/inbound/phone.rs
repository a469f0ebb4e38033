//! Calls from phones of extensions: to voice agents and to numbers of their instance.
//!
//! A phone says who it is by the From of its INVITE: an extension in the domain of an instance, or one
//! that is registered from the address that the call comes from. It proves it by its password, for
//! every call.

use std::sync::Arc;

use model::{CallId, E164, Extension, TrunkCodec, VoiceAgent, VoiceAgentId};
use sip::{Incoming, digest::Verdict};
use store::StoreError;
use uuid::Uuid;

use super::{Inbound, No, answer, answering_agent};
use crate::{
    App,
    shell::call::MediaTerms,
    shell::registrar::{found, link_of, prove, tenant_of},
    usecase::tenant_of_domain,
};

/// Codecs of phones: all that media has.
const CODECS: [TrunkCodec; 2] = [TrunkCodec::Pcma, TrunkCodec::Pcmu];

/// What stands before the id of a voice agent that a phone calls.
const AGENT_CODE: char = '*';

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
    let (agent, callee) = called(app, &extension, &dialed).await?;
    let number = &extension.settings.number;
    let inbound = Inbound {
        id: CallId(Uuid::new_v4().to_string()),
        variables: Vec::new(),
        user_data: None,
        terms: MediaTerms {
            codecs: CODECS.to_vec(),
            encryption: extension.settings.encryption,
        },
        trunk: None,
        channel: None,
        phone: Some(app.phone_calls().begin(extension.tenant, number)),
        caller: E164::parse(number, "").unwrap_or_else(|_| E164::unknown()),
        callee,
        agent,
        incoming,
    };
    answer(app, inbound).await
}

/// The voice agent that a phone calls, and the number that stands for it in the record: `*7` is voice
/// agent 7, and a number of the instance is the agent that answers it.
async fn called(app: &App, extension: &Extension, dialed: &str) -> Result<(VoiceAgent, E164), No> {
    let tenant = extension.tenant;
    if let Some(id) = dialed.strip_prefix(AGENT_CODE) {
        let id = id.parse().map_err(|_| No::Status(404))?;
        let agent = app.store().voice_agent(tenant, VoiceAgentId(id)).await?;
        // Telephone numbers have three digits at least.
        let digits = format!("+{id:03}");
        let callee = E164::parse(&digits, "").map_err(|_| No::Status(404))?;
        return Ok((agent, callee));
    }
    let country_code = app.store().tenant(tenant).await?.country_code;
    let callee = E164::parse(dialed, &country_code).map_err(|_| No::Status(404))?;
    let number = match app.store().number(&callee).await {
        Ok((_, number)) if number.tenant == tenant => number,
        Ok(_) | Err(StoreError::NotFound { .. }) => return Err(No::Status(404)),
        Err(other) => return Err(other.into()),
    };
    let agent = answering_agent(&number).ok_or(No::Status(404))?;
    Ok((app.store().voice_agent(tenant, agent).await?, callee))
}
