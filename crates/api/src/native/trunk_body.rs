//! What is written down of a trunk, on the wire.

use std::time::Duration;

use model::{
    CallerIdentity, PrefixRule, SipTransport, TrunkCodec, TrunkDraft, TrunkSignalling,
    TrunkTransfers, TrunkWay,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    encryption::Encryption,
    field::{Digits, Int, List, Text},
    key_presses::KeyPressesBody,
    media_timeout::Silence,
    problem::Problem,
};

/// Longest PEM file, characters: a chain of certificates has a few thousand.
const PEM_MAX: usize = 65_536;

/// How SIP travels.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Transport {
    /// Datagrams.
    Udp,
    /// Streams.
    Tcp,
    /// Streams under TLS; the peer's certificate must have the host's name.
    Tls,
}

/// A codec that a trunk may be offered.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Codec {
    /// G.711 A-law.
    Pcma,
    /// G.711 µ-law.
    Pcmu,
    /// G.722, of which the lower band is used.
    G722,
    /// Opus, as far as a telephone hears it.
    Opus,
}

/// How a trunk is told who calls.
#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum IdentityBody {
    /// In From.
    #[default]
    From,
    /// In From and in P-Asserted-Identity.
    Asserted,
    /// In P-Asserted-Identity only, and the callee is not to see it.
    Hidden,
}

/// Rewrites a callee for the trunk; the first rule that matches applies.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PrefixRuleBody {
    /// Leading digits with country code, without `+`; empty matches every number.
    prefix: Text<0, 15>,
    /// How many leading digits are dropped.
    strip: Int<0, 15>,
    /// What is put in front afterwards: digits, `+`, `*`, `#`.
    prepend: Text<0, 15>,
}

/// What an operator writes down of a trunk.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrunkBody {
    /// Unique name.
    name: Text<1, 64>,
    /// Host name or address of the peer.
    host: Text<1, 253>,
    /// Whether the host is a domain whose SRV records say which machines and ports; then the port is
    /// not used.
    #[serde(default)]
    srv: bool,
    /// Its SIP port.
    #[serde(default = "port")]
    port: Int<1, 65535>,
    /// How SIP travels.
    #[serde(default = "transport")]
    transport: Transport,
    /// Digest user, if the peer asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<Text<1, 128>>,
    /// Digest password. Never shown; without it in a change the present one stays, null removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("writeOnly" = true))]
    password: Option<Text<1, 256>>,
    /// Whether we register at it with user and password, so that it knows where to send calls.
    #[serde(default)]
    register: bool,
    /// SIP domain in From and To; the host if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    domain: Option<Text<1, 253>>,
    /// Codecs in order of preference.
    #[serde(default = "codecs")]
    codecs: List<Codec, 1, 4>,
    /// Whether the sound of calls is encrypted.
    #[serde(default)]
    encryption: Encryption,
    /// Where SIP travels by TLS: authorities that the peer's certificate must come from, PEM. Without
    /// them, those that the server's machine trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tls_authorities: Option<Text<1, PEM_MAX>>,
    /// Certificate that the peer is shown, PEM, with those that lead to its authority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tls_certificate: Option<Text<1, PEM_MAX>>,
    /// Its key, PEM. Never shown; without it in a change the present one stays, null removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("writeOnly" = true))]
    tls_key: Option<Text<1, PEM_MAX>>,
    /// Calls at once, in both directions.
    #[serde(default = "channels_max")]
    channels_max: Int<1, 100_000>,
    /// New outbound calls a second.
    #[serde(default = "calls_per_second_max")]
    calls_per_second_max: Int<1, 10_000>,
    /// Callee rewriting; the first match wins. Without a match `+` and all digits are dialled.
    #[serde(default)]
    prefix_rules: List<PrefixRuleBody, 0, 100>,
    /// Callees that the trunk takes: leading digits with country code; empty takes all.
    #[serde(default)]
    callee_prefixes: List<Digits, 0, 100>,
    /// INVITEs that may follow from its redirections (SIP 3xx); with 0 they are refusals.
    #[serde(default = "redirects_max")]
    redirects_max: Int<0, 10>,
    /// Longest wait for any answer to an INVITE, s; then the next trunk is tried.
    #[serde(default = "first_answer_second")]
    first_answer_second: Int<1, 32>,
    /// Whether what comes before the answer (SIP 183) is heard and recorded.
    #[serde(default = "early_media")]
    early_media: bool,
    /// Whether its INVITEs go without our offer (SDP), so that the callee's comes with its answer; nothing is
    /// heard before that.
    #[serde(default)]
    late_offer: bool,
    /// Whether calls that come in get 183 with our description before the answer: reliably where the caller
    /// supports that (`100rel`). A caller that requires it gets that anyway.
    #[serde(default)]
    progress_first: bool,
    /// How it is told who calls.
    #[serde(default)]
    caller_identity: IdentityBody,
    /// Whether it is asked by OPTIONS every 30 s if it is alive; otherwise only after calls failed.
    #[serde(default = "options_ping")]
    options_ping: bool,
    /// Whether its peer may have others called, at your cost, and take over calls of its own (SIP REFER
    /// and Replaces).
    #[serde(default)]
    accepts_transfers: bool,
    /// Whether its peer is asked (SIP REFER) to call numbers outside itself that a call of its own is
    /// handed over to.
    #[serde(default)]
    asks_transfers: bool,
    /// How it is sent key presses.
    #[serde(default)]
    key_presses: KeyPressesBody,
    /// How long the other side of its calls may send neither sound nor a report of it (RTP, RTCP), s: 5 to 3600;
    /// then the call ends with `media_timeout`. 0: for ever. On hold, and where its description says that it does
    /// not send, it is not missed.
    #[serde(default)]
    media_timeout_second: Silence,
    /// Its numbers are simulated: no real phone rings.
    #[serde(default)]
    simulated: bool,
    /// Off trunks carry no call.
    #[serde(default = "enabled")]
    enabled: bool,
}

impl TrunkBody {
    /// The model's form.
    pub(super) fn draft(self) -> Result<TrunkDraft, Problem> {
        self.check()?;
        let signalling = self.signalling();
        let prefix_rules = prefix_rules(self.prefix_rules.0)?;
        with_usable_certificates(TrunkDraft {
            name: self.name.0,
            host: self.host.0,
            port: u16::try_from(self.port.0).expect("the field's bounds lie within u16"),
            transport: match self.transport {
                Transport::Udp => SipTransport::Udp,
                Transport::Tcp => SipTransport::Tcp,
                Transport::Tls => SipTransport::Tls,
            },
            user: self.user.map(|user| user.0),
            password: self.password.map(|password| password.0),
            register: self.register,
            domain: self.domain.map(|domain| domain.0),
            codecs: self.codecs.0.into_iter().map(Codec::model).collect(),
            way: TrunkWay {
                encryption: self.encryption.into(),
                tls_authorities: self.tls_authorities.map(|pem| pem.0),
                tls_certificate: self.tls_certificate.map(|pem| pem.0),
                tls_key: self.tls_key.map(|pem| pem.0),
                srv: self.srv,
            },
            channels_max: self.channels_max.as_u32(),
            calls_per_second_max: self.calls_per_second_max.as_u32(),
            prefix_rules,
            callee_prefixes: self
                .callee_prefixes
                .0
                .into_iter()
                .map(|prefix| prefix.0)
                .collect(),
            signalling,
            simulated: self.simulated,
            enabled: self.enabled,
        })
    }

    /// Whether the fields fit together.
    fn check(&self) -> Result<(), Problem> {
        let host_like = |text: &str| {
            !text.starts_with(['-', '.'])
                && text.chars().all(|c| {
                    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']')
                })
        };
        if !host_like(&self.host.0) {
            return Err(Problem::invalid(
                "host",
                "must be a host name or an address",
            ));
        }
        if self
            .domain
            .as_ref()
            .is_some_and(|domain| !host_like(&domain.0))
        {
            return Err(Problem::invalid(
                "domain",
                "must be a host name or an address",
            ));
        }
        if self.password.is_some() && self.user.is_none() {
            return Err(Problem::invalid("user", "is required beside a password"));
        }
        if self
            .user
            .as_ref()
            .is_some_and(|user| user.0.contains(['"', '\\', '\n', '\r']))
        {
            return Err(Problem::invalid(
                "user",
                "must not hold quotes, backslashes or line ends",
            ));
        }
        if self.register && self.user.is_none() {
            return Err(Problem::invalid("user", "is required to register"));
        }
        if self.srv
            && self
                .host
                .0
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok()
        {
            return Err(Problem::invalid(
                "host",
                "must be a domain to have SRV records",
            ));
        }
        if self.tls_certificate.is_some() != self.tls_key.is_some() {
            return Err(Problem::invalid(
                "tls_key",
                "and tls_certificate go together",
            ));
        }
        Ok(())
    }

    fn signalling(&self) -> TrunkSignalling {
        let redirects_max = u8::try_from(self.redirects_max.0);
        TrunkSignalling {
            redirects_max: redirects_max.expect("the field's bounds lie within u8"),
            first_answer_max: Duration::from_secs(self.first_answer_second.0.unsigned_abs()),
            early_media: self.early_media,
            late_offer: self.late_offer,
            progress_first: self.progress_first,
            caller_identity: self.caller_identity.model(),
            options_ping: self.options_ping,
            transfers: TrunkTransfers {
                accepted: self.accepts_transfers,
                asked: self.asks_transfers,
            },
            key_presses: self.key_presses.into(),
            media_timeout: self.media_timeout_second.0,
        }
    }
}

/// What TLS cannot begin with is refused here, not at the first call.
fn with_usable_certificates(draft: TrunkDraft) -> Result<TrunkDraft, Problem> {
    let way = &draft.way;
    let is_used = way.tls_authorities.is_some() || way.tls_certificate.is_some();
    if is_used && let Err(why) = app::tls_peer(&draft).check() {
        let field = match &way.tls_certificate {
            Some(_) => "tls_certificate",
            None => "tls_authorities",
        };
        return Err(Problem::invalid(field, format!("is no use: {why:#}")));
    }
    Ok(draft)
}

fn prefix_rules(rules: Vec<PrefixRuleBody>) -> Result<Vec<PrefixRule>, Problem> {
    let fault = |idx: usize, field: &str, why: &str| {
        Err(Problem::invalid(
            &format!("prefix_rules[{idx}].{field}"),
            why,
        ))
    };
    let mut proven = Vec::with_capacity(rules.len());
    for (idx, rule) in rules.into_iter().enumerate() {
        if !rule.prefix.0.bytes().all(|byte| byte.is_ascii_digit()) {
            return fault(idx, "prefix", "must be digits");
        }
        if !rule
            .prepend
            .0
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+*#".contains(&byte))
        {
            return fault(idx, "prepend", "must be digits, +, * and #");
        }
        proven.push(PrefixRule {
            prefix: rule.prefix.0,
            strip: usize::try_from(rule.strip.0).expect("the field's bounds are not negative"),
            prepend: rule.prepend.0,
        });
    }
    Ok(proven)
}

impl Codec {
    pub(super) fn model(self) -> TrunkCodec {
        match self {
            Self::Pcma => TrunkCodec::Pcma,
            Self::Pcmu => TrunkCodec::Pcmu,
            Self::G722 => TrunkCodec::G722,
            Self::Opus => TrunkCodec::Opus,
        }
    }
}

impl IdentityBody {
    fn model(self) -> CallerIdentity {
        match self {
            Self::From => CallerIdentity::From,
            Self::Asserted => CallerIdentity::Asserted,
            Self::Hidden => CallerIdentity::Hidden,
        }
    }
}

impl From<CallerIdentity> for IdentityBody {
    fn from(identity: CallerIdentity) -> Self {
        match identity {
            CallerIdentity::From => Self::From,
            CallerIdentity::Asserted => Self::Asserted,
            CallerIdentity::Hidden => Self::Hidden,
        }
    }
}

impl From<TrunkCodec> for Codec {
    fn from(codec: TrunkCodec) -> Self {
        match codec {
            TrunkCodec::Pcma => Codec::Pcma,
            TrunkCodec::Pcmu => Codec::Pcmu,
            TrunkCodec::G722 => Codec::G722,
            TrunkCodec::Opus => Codec::Opus,
        }
    }
}

impl From<TrunkDraft> for TrunkBody {
    fn from(draft: TrunkDraft) -> Self {
        let rule = |rule: PrefixRule| PrefixRuleBody {
            prefix: rule.prefix.into(),
            strip: Int(i64::try_from(rule.strip).unwrap_or(i64::MAX)),
            prepend: rule.prepend.into(),
        };
        Self {
            name: draft.name.into(),
            host: draft.host.into(),
            srv: draft.way.srv,
            port: Int(draft.port.into()),
            transport: match draft.transport {
                SipTransport::Udp => Transport::Udp,
                SipTransport::Tcp => Transport::Tcp,
                SipTransport::Tls => Transport::Tls,
            },
            user: draft.user.map(Text::from),
            password: draft.password.map(Text::from),
            register: draft.register,
            domain: draft.domain.map(Text::from),
            codecs: List(draft.codecs.into_iter().map(Codec::from).collect()),
            encryption: draft.way.encryption.into(),
            tls_authorities: draft.way.tls_authorities.map(Text::from),
            tls_certificate: draft.way.tls_certificate.map(Text::from),
            tls_key: draft.way.tls_key.map(Text::from),
            channels_max: Int(draft.channels_max.into()),
            calls_per_second_max: Int(draft.calls_per_second_max.into()),
            prefix_rules: List(draft.prefix_rules.into_iter().map(rule).collect()),
            callee_prefixes: List(draft.callee_prefixes.into_iter().map(Digits).collect()),
            redirects_max: Int(draft.signalling.redirects_max.into()),
            first_answer_second: first_answer(draft.signalling.first_answer_max),
            early_media: draft.signalling.early_media,
            late_offer: draft.signalling.late_offer,
            progress_first: draft.signalling.progress_first,
            caller_identity: draft.signalling.caller_identity.into(),
            options_ping: draft.signalling.options_ping,
            accepts_transfers: draft.signalling.transfers.accepted,
            asks_transfers: draft.signalling.transfers.asked,
            key_presses: draft.signalling.key_presses.into(),
            media_timeout_second: Silence(draft.signalling.media_timeout),
            simulated: draft.simulated,
            enabled: draft.enabled,
        }
    }
}

fn port() -> Int<1, 65535> {
    Int(5060)
}

fn transport() -> Transport {
    Transport::Udp
}

fn codecs() -> List<Codec, 1, 4> {
    List(vec![Codec::Pcma, Codec::Pcmu])
}

fn channels_max() -> Int<1, 100_000> {
    Int(30)
}

fn calls_per_second_max() -> Int<1, 10_000> {
    Int(10)
}

fn redirects_max() -> Int<0, 10> {
    Int(TrunkSignalling::default().redirects_max.into())
}

fn first_answer_second() -> Int<1, 32> {
    first_answer(TrunkSignalling::default().first_answer_max)
}

fn first_answer(wait: Duration) -> Int<1, 32> {
    Int(i64::try_from(wait.as_secs()).unwrap_or(32).clamp(1, 32))
}

fn early_media() -> bool {
    TrunkSignalling::default().early_media
}

fn options_ping() -> bool {
    TrunkSignalling::default().options_ping
}

fn enabled() -> bool {
    true
}
