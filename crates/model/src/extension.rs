//! Extensions: internal numbers that SIP phones register for.

use crate::{
    KeyPresses, MediaEncryption, MediaTimeout, PhoneRules, SkillGroupId, TenantId, TrunkCodec,
    UnixMs, WrongField,
};

/// What an administrator writes down of an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionDraft {
    /// Its number: 3 to 6 digits, unique in the tenant; never changes.
    pub number: String,
    /// Shown to people, 1 to 64 characters.
    pub name: String,
    /// Skill groups whose calls the phone may take.
    pub skill_groups: Vec<SkillGroupId>,
    /// E-mail of the person whose phone it is.
    pub staff: Option<String>,
    /// Whether the sound of the phone's calls is encrypted.
    pub encryption: MediaEncryption,
    /// What the phone may do, and where calls to it go instead.
    pub rules: PhoneRules,
    /// Codecs that its phone may have, the most wanted first.
    pub codecs: Vec<TrunkCodec>,
    /// How its phone is sent key presses.
    pub key_presses: KeyPresses,
    /// How long its phone may be silent in a call.
    pub media_timeout: MediaTimeout,
}

/// An internal number with its phone's password.
#[derive(Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its owner.
    pub tenant: TenantId,
    /// What is written down of it.
    pub settings: ExtensionDraft,
    /// Name of the person whose phone it is; empty if it is nobody's.
    pub staff_name: String,
    /// Digest password; sealed at rest.
    pub password: String,
    /// When it was created.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub modified_at: UnixMs,
}

impl std::fmt::Debug for Extension {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Extension")
            .field("tenant", &self.tenant)
            .field("number", &self.settings.number)
            .finish_non_exhaustive()
    }
}

/// How a phone's messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneTransport {
    /// Datagrams.
    Udp,
    /// A stream.
    Tcp,
    /// A stream under TLS.
    Tls,
    /// A WebSocket.
    Ws,
    /// A WebSocket under TLS.
    Wss,
}

/// A place where an extension's phone can be called: a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneContact {
    /// Request-URI of calls to it.
    pub uri: String,
    /// Routes to it, first hop first.
    pub path: Vec<String>,
    /// How its messages travel.
    pub transport: PhoneTransport,
    /// Our address of that way.
    pub local: std::net::SocketAddr,
    /// The phone's address as we see it.
    pub remote: std::net::SocketAddr,
    /// Names the phone's series of requests.
    pub call_id: String,
    /// The last of them.
    pub cseq: u32,
    /// What the phone says it is.
    pub user_agent: String,
    /// What names the phone whatever its address, if it says so.
    pub instance: Option<String>,
    /// When it is forgotten.
    pub expires_at: UnixMs,
}

impl ExtensionDraft {
    /// Most skill groups of one extension.
    pub const SKILL_GROUPS_MAX: usize = 200;

    /// Whether an extension may have this number.
    #[must_use]
    pub fn may_be_number(text: &str) -> bool {
        text.bytes().all(|byte| byte.is_ascii_digit())
            && (3..=6).contains(&text.len())
            && !text.starts_with('0')
    }

    /// Whether every field is within its bounds.
    ///
    /// # Errors
    ///
    /// Names the first field that is not.
    pub fn check(&self) -> Result<(), WrongField> {
        let wrong = |field, why| Err(WrongField { field, why });
        if !Self::may_be_number(&self.number) {
            return wrong("number", "must be 3 to 6 digits, the first not 0");
        }
        if !(1..=64).contains(&self.name.chars().count()) {
            return wrong("name", "must have 1 to 64 characters");
        }
        if self.skill_groups.len() > Self::SKILL_GROUPS_MAX {
            return wrong("skill_groups", "must be at most 200");
        }
        let mut codecs = self.codecs.clone();
        codecs.sort_by_key(|codec| codec.name());
        codecs.dedup();
        if codecs.is_empty() || codecs.len() < self.codecs.len() {
            return wrong("codecs", "must be at least one, each once");
        }
        self.rules.forwarding.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_has_three_to_six_digits() {
        let draft = |number: &str| ExtensionDraft {
            number: number.into(),
            name: "Desk".into(),
            skill_groups: Vec::new(),
            staff: None,
            encryption: MediaEncryption::Optional,
            rules: PhoneRules::default(),
            codecs: TrunkCodec::ALL.to_vec(),
            key_presses: KeyPresses::Auto,
            media_timeout: MediaTimeout::default(),
        };
        for number in ["100", "1001", "999999"] {
            assert!(draft(number).check().is_ok(), "{number}");
        }
        for number in ["", "10", "0100", "1234567", "10a1", "+100"] {
            assert_eq!(
                draft(number).check().unwrap_err().field,
                "number",
                "{number}"
            );
        }
        for codecs in [vec![], vec![TrunkCodec::Opus, TrunkCodec::Opus]] {
            let draft = ExtensionDraft {
                codecs,
                ..draft("100")
            };
            assert_eq!(draft.check().unwrap_err().field, "codecs");
        }
    }
}
