//! What operators write down: trunks, call rules, webhook endpoints. Secrets are not in here.

use std::time::Duration;

use model::{
    CallRules, CallerIdentity, CallsPer, DayTime, KeyPresses, MediaEncryption, MediaTimeout,
    PrefixRule, SipTransport, TrunkCodec, TrunkDraft, TrunkSignalling, TrunkTransfers, TrunkWay,
    WebhookAuth, WebhookEndpointDraft, WebhookTopic, Weekday, WorkingHours,
};
use serde::{Deserialize, Serialize};

use super::{document, text, unknown};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct TrunkDoc {
    host: String,
    port: u16,
    transport: TransportDoc,
    user: Option<String>,
    #[serde(default)]
    register: bool,
    domain: Option<String>,
    codecs: Vec<CodecDoc>,
    #[serde(default = "off")]
    encryption: String,
    #[serde(default)]
    tls_authorities: Option<String>,
    #[serde(default)]
    tls_certificate: Option<String>,
    #[serde(default)]
    srv: bool,
    channels_max: u32,
    calls_per_second_max: u32,
    prefix_rules: Vec<PrefixRuleDoc>,
    callee_prefixes: Vec<String>,
    #[serde(default)]
    signalling: Option<SignallingDoc>,
    simulated: bool,
    enabled: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TransportDoc {
    Udp,
    Tcp,
    Tls,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CodecDoc {
    Pcma,
    Pcmu,
    G722,
    Opus,
}

#[derive(Serialize, Deserialize)]
struct SignallingDoc {
    redirects_max: u8,
    first_answer_ms: u64,
    early_media: bool,
    #[serde(default)]
    late_offer: bool,
    #[serde(default)]
    progress_first: bool,
    caller_identity: IdentityDoc,
    options_ping: bool,
    #[serde(default)]
    accepts_transfers: bool,
    #[serde(default)]
    asks_transfers: bool,
    #[serde(default = "auto")]
    key_presses: String,
    #[serde(default = "usual_timeout")]
    media_timeout_second: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum IdentityDoc {
    From,
    Asserted,
    Hidden,
}

#[derive(Serialize, Deserialize)]
struct PrefixRuleDoc {
    prefix: String,
    strip: usize,
    prepend: String,
}

/// The document of a trunk, without name, password and key.
pub(crate) fn trunk_text(draft: &TrunkDraft) -> String {
    text(&TrunkDoc {
        host: draft.host.clone(),
        port: draft.port,
        transport: match draft.transport {
            SipTransport::Udp => TransportDoc::Udp,
            SipTransport::Tcp => TransportDoc::Tcp,
            SipTransport::Tls => TransportDoc::Tls,
        },
        user: draft.user.clone(),
        register: draft.register,
        domain: draft.domain.clone(),
        codecs: draft
            .codecs
            .iter()
            .map(|codec| match codec {
                TrunkCodec::Pcma => CodecDoc::Pcma,
                TrunkCodec::Pcmu => CodecDoc::Pcmu,
                TrunkCodec::G722 => CodecDoc::G722,
                TrunkCodec::Opus => CodecDoc::Opus,
            })
            .collect(),
        encryption: draft.way.encryption.name().to_owned(),
        tls_authorities: draft.way.tls_authorities.clone(),
        tls_certificate: draft.way.tls_certificate.clone(),
        srv: draft.way.srv,
        channels_max: draft.channels_max,
        calls_per_second_max: draft.calls_per_second_max,
        prefix_rules: draft
            .prefix_rules
            .iter()
            .map(|rule| PrefixRuleDoc {
                prefix: rule.prefix.clone(),
                strip: rule.strip,
                prepend: rule.prepend.clone(),
            })
            .collect(),
        callee_prefixes: draft.callee_prefixes.clone(),
        signalling: Some(signalling_doc(&draft.signalling)),
        simulated: draft.simulated,
        enabled: draft.enabled,
    })
}

/// The trunk in a document, with its name, and password and key opened.
pub(crate) fn trunk_of(
    name: String,
    password: Option<String>,
    tls_key: Option<String>,
    text: &str,
) -> Result<TrunkDraft, StoreError> {
    let doc: TrunkDoc = document("trunk", text)?;
    Ok(TrunkDraft {
        name,
        host: doc.host,
        port: doc.port,
        transport: match doc.transport {
            TransportDoc::Udp => SipTransport::Udp,
            TransportDoc::Tcp => SipTransport::Tcp,
            TransportDoc::Tls => SipTransport::Tls,
        },
        user: doc.user,
        register: doc.register,
        password,
        domain: doc.domain,
        codecs: doc
            .codecs
            .iter()
            .map(|codec| match codec {
                CodecDoc::Pcma => TrunkCodec::Pcma,
                CodecDoc::Pcmu => TrunkCodec::Pcmu,
                CodecDoc::G722 => TrunkCodec::G722,
                CodecDoc::Opus => TrunkCodec::Opus,
            })
            .collect(),
        way: TrunkWay {
            encryption: encryption_of(&doc.encryption)?,
            tls_authorities: doc.tls_authorities,
            tls_certificate: doc.tls_certificate,
            tls_key,
            srv: doc.srv,
        },
        channels_max: doc.channels_max,
        calls_per_second_max: doc.calls_per_second_max,
        prefix_rules: doc
            .prefix_rules
            .into_iter()
            .map(|rule| PrefixRule {
                prefix: rule.prefix,
                strip: rule.strip,
                prepend: rule.prepend,
            })
            .collect(),
        callee_prefixes: doc.callee_prefixes,
        signalling: doc
            .signalling
            .as_ref()
            .map(signalling_of)
            .transpose()?
            .unwrap_or_default(),
        simulated: doc.simulated,
        enabled: doc.enabled,
    })
}

fn off() -> String {
    MediaEncryption::Off.name().to_owned()
}

/// The wish for encryption with this name.
pub(crate) fn encryption_of(name: &str) -> Result<MediaEncryption, StoreError> {
    MediaEncryption::ALL
        .into_iter()
        .find(|encryption| encryption.name() == name)
        .ok_or_else(|| unknown("encryption"))
}

/// What is meant by this name.
pub(crate) fn key_presses_of(name: &str) -> Result<KeyPresses, StoreError> {
    KeyPresses::ALL
        .into_iter()
        .find(|keys| keys.name() == name)
        .ok_or_else(|| unknown("key presses"))
}

/// The codecs with these names, separated by commas.
pub(crate) fn codecs_of(names: &str) -> Result<Vec<TrunkCodec>, StoreError> {
    let codec = |name: &str| {
        let mut all = TrunkCodec::ALL.into_iter();
        all.find(|codec| codec.name() == name)
            .ok_or_else(|| unknown("codec"))
    };
    names.split(',').map(codec).collect()
}

fn auto() -> String {
    KeyPresses::Auto.name().to_owned()
}

fn usual_timeout() -> i64 {
    MediaTimeout::default().second().into()
}

/// The limit of silence of so many seconds.
pub(crate) fn media_timeout_of(second: i64) -> Result<MediaTimeout, StoreError> {
    MediaTimeout::from_second(second).ok_or_else(|| unknown("media timeout"))
}

fn signalling_doc(signalling: &TrunkSignalling) -> SignallingDoc {
    let first_answer = signalling.first_answer_max.as_millis();
    SignallingDoc {
        redirects_max: signalling.redirects_max,
        first_answer_ms: u64::try_from(first_answer).unwrap_or(u64::MAX),
        early_media: signalling.early_media,
        late_offer: signalling.late_offer,
        progress_first: signalling.progress_first,
        caller_identity: match signalling.caller_identity {
            CallerIdentity::From => IdentityDoc::From,
            CallerIdentity::Asserted => IdentityDoc::Asserted,
            CallerIdentity::Hidden => IdentityDoc::Hidden,
        },
        options_ping: signalling.options_ping,
        accepts_transfers: signalling.transfers.accepted,
        asks_transfers: signalling.transfers.asked,
        key_presses: signalling.key_presses.name().to_owned(),
        media_timeout_second: signalling.media_timeout.second().into(),
    }
}

fn signalling_of(doc: &SignallingDoc) -> Result<TrunkSignalling, StoreError> {
    Ok(TrunkSignalling {
        redirects_max: doc.redirects_max,
        first_answer_max: Duration::from_millis(doc.first_answer_ms),
        early_media: doc.early_media,
        late_offer: doc.late_offer,
        progress_first: doc.progress_first,
        caller_identity: match doc.caller_identity {
            IdentityDoc::From => CallerIdentity::From,
            IdentityDoc::Asserted => CallerIdentity::Asserted,
            IdentityDoc::Hidden => CallerIdentity::Hidden,
        },
        options_ping: doc.options_ping,
        transfers: TrunkTransfers {
            accepted: doc.accepts_transfers,
            asked: doc.asks_transfers,
        },
        key_presses: key_presses_of(&doc.key_presses)?,
        media_timeout: media_timeout_of(doc.media_timeout_second)?,
    })
}

#[derive(Serialize, Deserialize)]
struct RulesDoc {
    working_hours: Vec<HoursDoc>,
    blind_areas: Vec<String>,
    caller_frequency: Option<CallsPerDoc>,
    callee_interval: Option<CallsPerDoc>,
    callee_per_day: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct HoursDoc {
    /// Days as numbers, Monday is 1 (ISO 8601).
    days: Vec<usize>,
    from_seconds: u32,
    to_seconds: u32,
}

#[derive(Serialize, Deserialize)]
struct CallsPerDoc {
    calls_max: u32,
    window_ms: u64,
}

/// The document of a tenant's call rules.
pub(crate) fn rules_text(rules: &CallRules) -> String {
    let calls_per = |per: CallsPer| CallsPerDoc {
        calls_max: per.calls_max,
        window_ms: u64::try_from(per.window.as_millis()).unwrap_or(u64::MAX),
    };
    let hours = |hours: &WorkingHours| HoursDoc {
        days: hours.days.iter().map(|day| day_number(*day)).collect(),
        from_seconds: hours.from.seconds(),
        to_seconds: hours.to.seconds(),
    };
    text(&RulesDoc {
        working_hours: rules.working_hours.iter().map(hours).collect(),
        blind_areas: rules.blind_areas.clone(),
        caller_frequency: rules.caller_frequency.map(calls_per),
        callee_interval: rules.callee_interval.map(calls_per),
        callee_per_day: rules.callee_per_day,
    })
}

/// The call rules in a document.
pub(crate) fn rules_of(text: &str) -> Result<CallRules, StoreError> {
    let doc: RulesDoc = document("call rules", text)?;
    let calls_per = |doc: CallsPerDoc| CallsPer {
        calls_max: doc.calls_max,
        window: Duration::from_millis(doc.window_ms),
    };
    let working_hours: Result<Vec<_>, _> = doc.working_hours.iter().map(hours_of).collect();
    Ok(CallRules {
        working_hours: working_hours?,
        blind_areas: doc.blind_areas,
        caller_frequency: doc.caller_frequency.map(calls_per),
        callee_interval: doc.callee_interval.map(calls_per),
        callee_per_day: doc.callee_per_day,
    })
}

/// Monday is 1 (ISO 8601).
pub(super) fn day_number(day: Weekday) -> usize {
    match day {
        Weekday::Monday => 1,
        Weekday::Tuesday => 2,
        Weekday::Wednesday => 3,
        Weekday::Thursday => 4,
        Weekday::Friday => 5,
        Weekday::Saturday => 6,
        Weekday::Sunday => 7,
    }
}

fn hours_of(doc: &HoursDoc) -> Result<WorkingHours, StoreError> {
    let day = |n: &usize| n.checked_sub(1).and_then(|n| Weekday::ALL.get(n)).copied();
    let days: Option<Vec<_>> = doc.days.iter().map(day).collect();
    let time = |seconds| DayTime::from_seconds(seconds).ok_or_else(|| unknown("time of day"));
    Ok(WorkingHours {
        days: days.ok_or_else(|| unknown("weekday"))?,
        from: time(doc.from_seconds)?,
        to: time(doc.to_seconds)?,
    })
}

#[derive(Serialize, Deserialize)]
struct EndpointDoc {
    url: String,
    topics: Vec<String>,
    auth: AuthDoc,
    enabled: bool,
    #[serde(default)]
    reaches_private: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum AuthDoc {
    None,
    Basic {
        user: String,
    },
    #[serde(rename = "oauth2")]
    OAuth2 {
        token_url: String,
        client_id: String,
    },
}

/// The document of a webhook endpoint, and the secret of its authentication.
pub(crate) fn endpoint_text(draft: &WebhookEndpointDraft) -> (String, Option<&str>) {
    let (auth, secret) = match &draft.auth {
        WebhookAuth::None => (AuthDoc::None, None),
        WebhookAuth::Basic { user, password } => (
            AuthDoc::Basic { user: user.clone() },
            Some(password.as_str()),
        ),
        WebhookAuth::OAuth2 {
            token_url,
            client_id,
            client_secret,
        } => (
            AuthDoc::OAuth2 {
                token_url: token_url.clone(),
                client_id: client_id.clone(),
            },
            Some(client_secret.as_str()),
        ),
    };
    let doc = EndpointDoc {
        url: draft.url.clone(),
        topics: draft.topics.iter().map(|t| t.name().into()).collect(),
        auth,
        enabled: draft.enabled,
        reaches_private: draft.reaches_private,
    };
    (text(&doc), secret)
}

/// The webhook endpoint in a document, with its opened secrets.
pub(crate) fn endpoint_of(
    text: &str,
    secret: Option<String>,
    signing_secret: Option<String>,
) -> Result<WebhookEndpointDraft, StoreError> {
    let doc: EndpointDoc = document("webhook endpoint", text)?;
    let topics: Option<Vec<_>> = doc
        .topics
        .iter()
        .map(|name| WebhookTopic::by_name(name))
        .collect();
    let secret = secret.ok_or_else(|| unknown("webhook secret"));
    Ok(WebhookEndpointDraft {
        url: doc.url,
        topics: topics.ok_or_else(|| unknown("webhook topic"))?,
        auth: match doc.auth {
            AuthDoc::None => WebhookAuth::None,
            AuthDoc::Basic { user } => WebhookAuth::Basic {
                user,
                password: secret?,
            },
            AuthDoc::OAuth2 {
                token_url,
                client_id,
            } => WebhookAuth::OAuth2 {
                token_url,
                client_id,
                client_secret: secret?,
            },
        },
        signing_secret,
        enabled: doc.enabled,
        reaches_private: doc.reaches_private,
    })
}

/// The document of a list of names.
pub(crate) fn names_text(names: &[String]) -> String {
    text(&names)
}

/// The list of names in a document.
pub(crate) fn names_of(text: &str) -> Result<Vec<String>, StoreError> {
    document("list of names", text)
}
