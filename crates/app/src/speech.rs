//! Who hears and who speaks in a call: services from the store, put together with the engines of
//! this machine.

use std::{sync::Arc, time::Duration};

use model::{SpeechServiceId, TenantId};
use providers::{
    port::{Recognizer, Speaker},
    recognizer::remote::{EarBackend, RemoteRecognizer},
    speaker::{CachedSpeaker, FailoverSpeaker, ServiceSpeaker, VoiceBackend},
    speech::SpeechSettings,
};
use store::{Paging, SpeechService, StoreError};

use crate::{
    App,
    agent_document::{SpeechParts, SpeechSource},
    language_model::client,
    speech_service::{SpeechServiceRole, SpeechServiceSettings},
};

/// What a service that hears is stored as.
const ROLE_EAR: SpeechServiceRole = SpeechServiceRole::Recognizer;

/// A tenant's services that are looked at for a recording.
const SERVICES_AFTERWARDS_MAX: u32 = 100;

/// Longest wait for the first sound of an engine of this machine.
const LOCAL_FIRST_SOUND_MAX: Duration = Duration::from_secs(10);

/// Who hears a caller. What is missing by now (a service that was removed) is left out; where
/// nothing is left, the engine of this machine hears.
pub(crate) async fn recognizer(
    app: &App,
    tenant: TenantId,
    parts: &SpeechParts,
) -> Arc<dyn Recognizer> {
    let mut backends = Vec::new();
    for source in &parts.recognizers {
        match found(app, tenant, source, SpeechServiceRole::Recognizer).await {
            Found::Local => backends.push(EarBackend::Local(Arc::clone(app.recognizer()))),
            Found::Service(settings) => backends.push(EarBackend::Service(settings)),
            Found::Nothing => {}
        }
    }
    match backends.as_slice() {
        [] | [EarBackend::Local(_)] => Arc::clone(app.recognizer()),
        _ => Arc::new(RemoteRecognizer::new(client(), backends)),
    }
}

/// Who hears a recording afterwards: the agent's recognizers elsewhere, then the tenant's others.
/// `None` where there are none: the engine of this machine knows only phrases that it is told to
/// expect, and nobody knows what was said.
pub(crate) async fn recognizer_afterwards(
    app: &App,
    tenant: TenantId,
    parts: Option<&SpeechParts>,
) -> Result<Option<Arc<dyn Recognizer>>, StoreError> {
    let mut backends = Vec::new();
    let mut names = Vec::new();
    for source in parts.map_or(&[][..], |parts| &parts.recognizers) {
        if let Found::Service(settings) = found(app, tenant, source, ROLE_EAR).await {
            names.push(settings.name.clone());
            backends.push(EarBackend::Service(settings));
        }
    }
    let store = app.store();
    let all = Paging::first(SERVICES_AFTERWARDS_MAX);
    let others = store.outside_services::<SpeechServiceId>(tenant, all);
    for SpeechService { settings, .. } in others.await?.items {
        let stored = SpeechServiceSettings::stored(&settings.settings);
        let hears = stored.filter(|stored| stored.role == ROLE_EAR);
        if let Some(stored) = hears.filter(|_| !names.contains(&settings.name)) {
            let settings = stored.provider(settings.name, settings.key);
            backends.push(EarBackend::Service(Box::new(settings)));
        }
    }
    Ok(match backends.is_empty() {
        true => None,
        false => Some(Arc::new(RemoteRecognizer::new(client(), backends))),
    })
}

/// Who speaks to a caller; as [`recognizer`]. Words that will be said again are kept.
pub(crate) async fn speaker(app: &App, tenant: TenantId, parts: &SpeechParts) -> Arc<dyn Speaker> {
    let local = || VoiceBackend {
        speaker: Arc::clone(app.speaker()),
        first_sound_max: LOCAL_FIRST_SOUND_MAX,
    };
    let mut backends = Vec::new();
    for source in &parts.speakers {
        match found(app, tenant, source, SpeechServiceRole::Speaker).await {
            Found::Local => backends.push(local()),
            Found::Service(settings) => backends.push(VoiceBackend {
                first_sound_max: settings.connect_max + settings.answer_max,
                speaker: Arc::new(cached(app, tenant, *settings)),
            }),
            Found::Nothing => {}
        }
    }
    if backends.is_empty() {
        backends.push(local());
    }
    match &backends[..] {
        [_] if parts.speaks_locally() => Arc::clone(app.speaker()),
        _ => Arc::new(FailoverSpeaker::new(backends)),
    }
}

/// What one tenant had spoken is no other tenant's.
fn cached(app: &App, tenant: TenantId, settings: SpeechSettings) -> CachedSpeaker<ServiceSpeaker> {
    let identity = format!("{}/{}", tenant.0, settings.identity());
    let speaker = ServiceSpeaker::new(client(), settings);
    CachedSpeaker::new(speaker, Arc::clone(app.speech_cache()), identity)
}

/// What a source is.
enum Found {
    Local,
    Service(Box<SpeechSettings>),
    Nothing,
}

async fn found(
    app: &App,
    tenant: TenantId,
    source: &SpeechSource,
    role: SpeechServiceRole,
) -> Found {
    let name = match source {
        SpeechSource::Local => return Found::Local,
        SpeechSource::Given(settings) => return Found::Service(settings.clone()),
        SpeechSource::Named(name) => name,
    };
    let service = match app
        .store()
        .outside_service_named::<SpeechServiceId>(tenant, name)
        .await
    {
        Ok(Some(found)) => found.settings,
        Ok(None) => {
            tracing::warn!(service = name, "a voice agent's speech service is gone");
            return Found::Nothing;
        }
        Err(error) => {
            tracing::error!(%error, service = name, "a speech service is not known");
            return Found::Nothing;
        }
    };
    match SpeechServiceSettings::stored(&service.settings) {
        Some(settings) if settings.role == role => {
            Found::Service(Box::new(settings.provider(service.name, service.key)))
        }
        Some(_) => {
            tracing::warn!(service = name, "a speech service has another role by now");
            Found::Nothing
        }
        None => {
            tracing::error!(service = name, "a stored speech service cannot be read");
            Found::Nothing
        }
    }
}
