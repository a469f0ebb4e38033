//! Trunks: routes to carriers and PBXs.

use std::time::Duration;

use crate::{E164, KeyPresses, MediaEncryption, MediaTimeout, TenantId, TrunkId, UnixMs};

/// How SIP travels to a trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SipTransport {
    /// Datagrams.
    Udp,
    /// Streams.
    Tcp,
    /// Streams under TLS.
    Tls,
}

/// Codecs a trunk may be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrunkCodec {
    /// G.711 A-law, payload type 8.
    Pcma,
    /// G.711 µ-law, payload type 0.
    Pcmu,
    /// G.722, payload type 9; its lower band only.
    G722,
    /// Opus, a payload type of ours to choose; what telephones hear of it.
    Opus,
}

impl TrunkCodec {
    /// Every one, those that cost least first.
    pub const ALL: [Self; 4] = [Self::Pcma, Self::Pcmu, Self::G722, Self::Opus];

    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pcma => "pcma",
            Self::Pcmu => "pcmu",
            Self::G722 => "g722",
            Self::Opus => "opus",
        }
    }
}

/// How calls travel to a trunk.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TrunkWay {
    /// Whether sound is encrypted.
    pub encryption: MediaEncryption,
    /// Authorities that the peer's certificate must come from, PEM; `None`: those that this machine
    /// trusts.
    pub tls_authorities: Option<String>,
    /// Certificate that we show to the peer, PEM, with those that lead to its authority.
    pub tls_certificate: Option<String>,
    /// Its key, PEM; sealed at rest, never shown.
    pub tls_key: Option<String>,
    /// The host is a domain whose SRV records say which machines and ports (RFC 3263).
    pub srv: bool,
}

impl std::fmt::Debug for TrunkWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrunkWay")
            .field("encryption", &self.encryption)
            .finish_non_exhaustive()
    }
}

/// How we behave towards a trunk where carriers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkSignalling {
    /// INVITEs that may follow from its redirections (SIP 3xx), 0 to 10; with 0 they are refusals.
    pub redirects_max: u8,
    /// Longest wait for any answer to an INVITE, 1 s to 32 s (64·T1 of RFC 3261); then the next trunk
    /// is tried.
    pub first_answer_max: Duration,
    /// What comes before the answer (SIP 183) is heard and recorded.
    pub early_media: bool,
    /// INVITEs go without our offer: the callee's comes with its answer.
    pub late_offer: bool,
    /// Calls that come in get 183 with our description before the answer.
    pub progress_first: bool,
    /// How the caller is shown.
    pub caller_identity: CallerIdentity,
    /// It is asked by OPTIONS all the time whether it is alive; otherwise only after calls failed.
    pub options_ping: bool,
    /// How it is sent key presses.
    pub key_presses: KeyPresses,
    /// What is done about transfers.
    pub transfers: TrunkTransfers,
    /// How long the other side of its calls may be silent.
    pub media_timeout: MediaTimeout,
}

/// What is done about transfers (REFER, RFC 3515) on a trunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrunkTransfers {
    /// Its peer may have others called, at our cost, and take over calls of its own (`Replaces`).
    pub accepted: bool,
    /// Its peer is asked to call numbers outside itself that a call of its own is handed over to.
    pub asked: bool,
}

/// How a trunk is told who calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallerIdentity {
    /// In From.
    #[default]
    From,
    /// In From, and in P-Asserted-Identity for carriers that trust us (RFC 3325).
    Asserted,
    /// In P-Asserted-Identity only, and the callee is not to see it (`Privacy: id`, RFC 3323).
    Hidden,
}

impl Default for TrunkSignalling {
    fn default() -> Self {
        Self {
            redirects_max: 0,
            // An INVITE was sent four times by then; who received one answers 100 within 200 ms
            // (RFC 3261 section 17.2.1).
            first_answer_max: Duration::from_secs(5),
            early_media: true,
            late_offer: false,
            progress_first: false,
            caller_identity: CallerIdentity::From,
            options_ping: true,
            transfers: TrunkTransfers::default(),
            key_presses: KeyPresses::Auto,
            media_timeout: MediaTimeout::default(),
        }
    }
}

/// Rewrites a callee for the trunk: the first rule whose `prefix` matches applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefixRule {
    /// Leading digits of the E.164 number, without `+`; empty matches every number.
    pub prefix: String,
    /// How many leading digits are dropped.
    pub strip: usize,
    /// What is put in front afterwards: digits, `+`, `*` or `#`.
    pub prepend: String,
}

/// A number that may be shown on, or is received from, a trunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrunkNumber {
    /// The number.
    pub number: E164,
    /// The tenant that may use it.
    pub tenant: TenantId,
    /// May be shown on outbound calls.
    pub outbound: bool,
    /// Voice agent that answers calls to it.
    pub inbound_agent: Option<crate::VoiceAgentId>,
    /// Skill group whose people answer calls to it; never together with a voice agent.
    pub inbound_group: Option<crate::SkillGroupId>,
    /// Off numbers are neither shown nor answered.
    pub enabled: bool,
}

/// What an operator writes down of a trunk.
#[derive(Clone, PartialEq, Eq)]
pub struct TrunkDraft {
    /// Unique name, 1 to 64 characters.
    pub name: String,
    /// Host name or address of the peer.
    pub host: String,
    /// Its SIP port, 1 to 65535.
    pub port: u16,
    /// How SIP travels.
    pub transport: SipTransport,
    /// Digest user, if the peer asks for one; also what the peer uses towards us.
    pub user: Option<String>,
    /// Digest password; sealed at rest, never shown.
    pub password: Option<String>,
    /// We register at it with user and password, so that it knows where to send calls.
    pub register: bool,
    /// SIP domain in From and To; the host if absent.
    pub domain: Option<String>,
    /// Codecs in order of preference; not empty.
    pub codecs: Vec<TrunkCodec>,
    /// How calls travel to it.
    pub way: TrunkWay,
    /// Calls at once, in both directions, at least 1.
    pub channels_max: u32,
    /// New outbound calls a second, at least 1.
    pub calls_per_second_max: u32,
    /// Callee rewriting, first match wins.
    pub prefix_rules: Vec<PrefixRule>,
    /// Callees this trunk takes: leading digits; empty takes all.
    pub callee_prefixes: Vec<String>,
    /// How we behave towards it.
    pub signalling: TrunkSignalling,
    /// Its numbers are simulated: no real phone rings.
    pub simulated: bool,
    /// Off trunks carry no call.
    pub enabled: bool,
}

impl std::fmt::Debug for TrunkDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrunkDraft")
            .field("name", &self.name)
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// A configured route to a carrier or PBX, with its numbers and limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trunk {
    /// Unique in the installation.
    pub id: TrunkId,
    /// Its settings.
    pub settings: TrunkDraft,
    /// Its numbers, in the order in which they were added.
    pub numbers: Vec<TrunkNumber>,
    /// When it was created.
    pub created_at: UnixMs,
}

impl TrunkDraft {
    /// The user part to dial for `callee`: the first matching prefix rule, else `+` and digits.
    pub fn dialed(&self, callee: &E164) -> String {
        let digits = callee.digits();
        match self
            .prefix_rules
            .iter()
            .find(|rule| digits.starts_with(&rule.prefix))
        {
            Some(rule) => format!(
                "{}{}",
                rule.prepend,
                &digits[rule.strip.min(digits.len())..]
            ),
            None => format!("+{digits}"),
        }
    }

    /// Whether the trunk takes calls to `callee` at all.
    pub fn reaches(&self, callee: &E164) -> bool {
        self.enabled
            && (self.callee_prefixes.is_empty()
                || self
                    .callee_prefixes
                    .iter()
                    .any(|prefix| callee.digits().starts_with(prefix)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trunk(rules: Vec<PrefixRule>) -> TrunkDraft {
        TrunkDraft {
            name: "carrier".into(),
            host: "sip.carrier.example".into(),
            port: 5060,
            transport: SipTransport::Udp,
            user: None,
            password: None,
            register: false,
            domain: None,
            codecs: vec![TrunkCodec::Pcma],
            way: TrunkWay::default(),
            channels_max: 10,
            calls_per_second_max: 5,
            prefix_rules: rules,
            callee_prefixes: vec!["86".into()],
            signalling: TrunkSignalling::default(),
            simulated: false,
            enabled: true,
        }
    }

    #[test]
    fn the_first_matching_prefix_rule_rewrites_the_callee() {
        let national = PrefixRule {
            prefix: "86".into(),
            strip: 2,
            prepend: "0".into(),
        };
        let callee = E164::parse("+8675512345", "86").unwrap();
        assert_eq!(trunk(vec![national]).dialed(&callee), "075512345");
        assert_eq!(trunk(vec![]).dialed(&callee), "+8675512345");
    }

    #[test]
    fn a_trunk_takes_only_its_prefixes() {
        assert!(trunk(vec![]).reaches(&E164::parse("+8675512345", "86").unwrap()));
        assert!(!trunk(vec![]).reaches(&E164::parse("+12025550101", "1").unwrap()));
    }
}
