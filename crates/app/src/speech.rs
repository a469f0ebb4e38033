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

use crate::{
    App,
    agent_document::{SpeechParts, SpeechSource},
    language_model::client,
    speech_service::{SpeechServiceRole, SpeechServiceSettings},
};

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
