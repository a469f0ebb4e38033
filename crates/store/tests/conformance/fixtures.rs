//! Calls, tracks and settings that stories are made of.

use std::time::Duration;

use model::{
    Call, CallEvent, CallId, Direction, E164, EndCause, Gap, GapCause, HungUpSide, LegQuality,
    MediaEncryption, Recording, RecordingId, SipTransport, Tenant, TenantId, Track, TrunkCodec,
    TrunkDraft, TrunkWay, UnixMs, Variable, VoiceAgentId, WebhookAuth, WebhookEndpoint,
    WebhookEndpointDraft, WebhookTopic,
};
use store::{NewDelivery, Store};

/// When stories begin.
pub const T0: UnixMs = UnixMs(1_790_000_000_000);

/// So many seconds after [`T0`].
pub fn at(seconds: u64) -> UnixMs {
    T0.plus(Duration::from_secs(seconds))
}

pub fn number(text: &str) -> E164 {
    E164::parse(text, "86").unwrap()
}

pub fn caller() -> E164 {
    number("+8675512345678")
}

pub fn callee() -> E164 {
    number("+8613800138000")
}

pub async fn tenant(store: &Store) -> TenantId {
    let tenant: Tenant = store
        .create_tenant("Acme", "86", "Asia/Shanghai", T0)
        .await
        .unwrap();
    tenant.id
}

pub fn requested_to(tenant: TenantId, callee: E164) -> CallEvent {
    CallEvent::Requested {
        tenant,
        direction: Direction::Outbound,
        caller: caller(),
        callee,
        voice_agent: Some(VoiceAgentId(3)),
        voice_agent_name: "Lily".into(),
        voice_agent_version: 2,
        trunk: None,
        variables: vec![Variable {
            key: "name".into(),
            value: "\u{738b}\u{0} \"quoted\"".into(),
        }],
        user_data: Some("order 7".into()),
        ring_time_max: Duration::from_secs(60),
        credential: None,
    }
}

pub fn requested(tenant: TenantId) -> CallEvent {
    requested_to(tenant, callee())
}

pub fn dialed() -> CallEvent {
    CallEvent::Dialed {
        sip_call_id: "a84b4c76e66710".into(),
        peer: "192.0.2.1:5060".into(),
    }
}

pub fn answered() -> CallEvent {
    CallEvent::Answered {
        codec: "PCMA".into(),
        peer: "192.0.2.1:4000".into(),
    }
}

pub fn ended() -> CallEvent {
    CallEvent::Ended {
        cause: EndCause::Completed,
        side: HungUpSide::User,
        sip_status: Some(200),
        sip_reason: "OK".into(),
        quality: Some(LegQuality {
            packets_sent: 3000,
            jitter_ms: 1.25,
            mos: 4.4,
            ..LegQuality::default()
        }),
    }
}

pub fn refused() -> CallEvent {
    CallEvent::Ended {
        cause: EndCause::CalleeRestricted,
        side: HungUpSide::System,
        sip_status: None,
        sip_reason: String::new(),
        quality: None,
    }
}

pub fn digits() -> CallEvent {
    CallEvent::DigitsPressed { digits: "1".into() }
}

/// A call that was requested at `from` and is not dialled yet.
pub async fn new_call(store: &Store, tenant: TenantId, id: &str, from: UnixMs) -> CallId {
    let id = CallId(id.into());
    store
        .begin_call(&id, &[(from, requested(tenant))], &[])
        .await
        .unwrap();
    id
}

/// A call that was answered and ended 90 s later.
pub async fn ended_call(store: &Store, tenant: TenantId, id: &str, from: UnixMs) -> Call {
    let id = new_call(store, tenant, id, from).await;
    let later = |seconds| from.plus(Duration::from_secs(seconds));
    let events = [
        (later(1), dialed()),
        (later(5), answered()),
        (later(95), ended()),
    ];
    store.append(&id, &events, &[]).await.unwrap()
}

pub fn recording(call: &Call, id: &str, track: Track) -> Recording {
    Recording {
        id: RecordingId(id.into()),
        tenant: call.tenant,
        call: call.id.clone(),
        track,
        file_name: format!("{id}.mp3"),
        started_at: call.started_at,
        duration_ms: 90_000,
        n_bytes: 180_000,
        sha256: "ab".repeat(32),
        gaps: vec![Gap {
            start_ms: 40,
            len_ms: 20,
            cause: GapCause::Torn,
        }],
        copy_url: None,
        ready_at: at(200),
    }
}

pub fn endpoint_draft() -> WebhookEndpointDraft {
    WebhookEndpointDraft {
        url: "https://crm.example/push".into(),
        topics: vec![WebhookTopic::Cdr],
        auth: WebhookAuth::OAuth2 {
            token_url: "https://crm.example/token".into(),
            client_id: "switchboard".into(),
            client_secret: "hunter2".into(),
        },
        signing_secret: Some("hunter3".into()),
        enabled: true,
        reaches_private: true,
    }
}

pub async fn endpoint(store: &Store, tenant: TenantId) -> WebhookEndpoint {
    store
        .create_webhook_endpoint(tenant, &endpoint_draft(), T0)
        .await
        .unwrap()
}

pub fn delivery(endpoint: &WebhookEndpoint, uuid: &str, at: UnixMs) -> NewDelivery {
    NewDelivery {
        endpoint: endpoint.id,
        topic: WebhookTopic::Cdr,
        uuid: uuid.into(),
        body: format!(r#"{{"uuid":"{uuid}"}}"#),
        at,
    }
}

pub fn trunk_draft(name: &str) -> TrunkDraft {
    TrunkDraft {
        name: name.into(),
        host: "sip.carrier.example".into(),
        port: 5060,
        transport: SipTransport::Tcp,
        user: Some("acme".into()),
        password: Some("hunter2".into()),
        register: false,
        domain: None,
        codecs: vec![TrunkCodec::Pcmu, TrunkCodec::Pcma],
        way: TrunkWay {
            encryption: MediaEncryption::Mandatory,
            tls_authorities: Some("authority".into()),
            tls_certificate: Some("certificate".into()),
            tls_key: Some("its key".into()),
            srv: true,
        },
        channels_max: 10,
        calls_per_second_max: 5,
        prefix_rules: vec![model::PrefixRule {
            prefix: "86".into(),
            strip: 2,
            prepend: "0".into(),
        }],
        callee_prefixes: vec!["86".into()],
        signalling: model::TrunkSignalling {
            redirects_max: 3,
            first_answer_max: Duration::from_millis(4_500),
            early_media: false,
            late_offer: true,
            progress_first: true,
            caller_identity: model::CallerIdentity::Hidden,
            options_ping: false,
            transfers: model::TrunkTransfers {
                accepted: true,
                asked: true,
            },
            key_presses: model::KeyPresses::Info,
            media_timeout: model::MediaTimeout::from_second(5).unwrap(),
        },
        simulated: false,
        enabled: true,
    }
}
