//! People of the centre: who they are, and what they can take now.
//!
//! What may follow a status is decided in `engine::presence`; who may do what is in
//! [`crate::Role`].

use crate::{E164, Permission, Role, SkillGroupId, StaffId, TenantId, UnixMs};

/// The language in which a person is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// `en-US`.
    #[default]
    English,
    /// `zh-CN`.
    Chinese,
}

/// Whether calls ring a person's mobile phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MobileAccept {
    /// Never.
    #[default]
    Off,
    /// Only while the person is offline.
    WhenOffline,
    /// Always.
    Always,
}

/// Where calls to a person go instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarding {
    /// Off settings are kept and have no effect.
    pub enabled: bool,
    /// Whether every call is forwarded; otherwise those that the person cannot take.
    pub unconditional: bool,
    /// Where to.
    pub target: ForwardingTarget,
}

/// Who takes a forwarded call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForwardingTarget {
    /// Another person, by e-mail.
    Staff(String),
    /// A skill group.
    SkillGroup(SkillGroupId),
    /// An internal number.
    Extension(String),
}

/// What an administrator writes down of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffDraft {
    /// Signs in with it; unique in the tenant, lower case, 1 to 128 characters. `UserId` and
    /// `Mail` in Tencent's dialect.
    pub email: String,
    /// Shown to colleagues, 1 to 64 characters.
    pub name: String,
    /// Shown to customers; may be empty.
    pub nick: String,
    /// Mobile phone.
    pub phone: Option<E164>,
    /// Number of the person in the house; may be empty.
    pub staff_number: String,
    /// Internal number, 4 to 6 digits from `1…` to `8…`; unique in the tenant.
    pub extension: Option<String>,
    /// Of the screens.
    pub language: Language,
    /// What the person may do; without repetition, at least one.
    pub roles: Vec<Role>,
    /// Whether the person's roles hold for every instance of the installation, not only the own.
    pub everywhere: bool,
    /// Whether the person may call from the mobile phone.
    pub mobile_call_out: bool,
    /// Whether calls ring the mobile phone.
    pub mobile_accept: MobileAccept,
    /// Where calls go instead.
    pub forwarding: Option<Forwarding>,
}

/// A person who works with the centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Unique in the installation.
    pub id: StaffId,
    /// The instance the person belongs to.
    pub tenant: TenantId,
    /// What is written down of the person.
    pub settings: StaffDraft,
    /// Skill groups, by id.
    pub skill_groups: Vec<Membership>,
    /// What the person can take now.
    pub presence: Presence,
    /// When the person was added.
    pub created_at: UnixMs,
    /// When settings or skill groups were last changed.
    pub modified_at: UnixMs,
}

/// That a person is in a skill group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// The group.
    pub group: SkillGroupId,
    /// 1 (asked first) to 5.
    pub priority: u8,
}

/// What a person can take now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StaffStatus {
    /// Waits for work.
    Free,
    /// In a call, or with as many chats as fit.
    Busy,
    /// Writes notes after a call, before *free*.
    WrapUp,
    /// On a break, with a reason.
    Rest,
    /// Signed in; calls out, and takes nothing that comes in.
    NotReady,
    /// Not signed in.
    Offline,
}

/// A person's status, since when, and what comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Now.
    pub status: StaffStatus,
    /// Why: of a break, what the person chose; may be empty.
    pub reason: String,
    /// Since when.
    pub since: UnixMs,
    /// The call or conversation that keeps the person busy or in wrap-up.
    pub work: Option<String>,
    /// What comes after the work that runs, instead of *free*: *rest* or *not ready*.
    pub reserved: Option<Reserved>,
    /// Whether a supervisor sent the person offline: only a supervisor lets them come back.
    pub forced_offline: bool,
    /// Since when the person has not been offline; of an offline one, nothing.
    pub online_since: Option<UnixMs>,
    /// When the person last came online, ever.
    pub last_online_at: Option<UnixMs>,
}

/// A status that waits for the end of the work that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// Which.
    pub status: StaffStatus,
    /// Why.
    pub reason: String,
}

/// One change of a person's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusChange {
    /// Counts the changes of a person from 1.
    pub n: i64,
    /// When.
    pub at: UnixMs,
    /// What it became.
    pub status: StaffStatus,
    /// Why.
    pub reason: String,
    /// The call or conversation it was about.
    pub work: Option<String>,
}

impl Language {
    /// The tag of RFC 5646 that is stored and sent.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language with this tag.
    pub fn by_tag(tag: &str) -> Option<Self> {
        [Self::English, Self::Chinese]
            .into_iter()
            .find(|language| language.tag() == tag)
    }
}

impl StaffStatus {
    /// Every status.
    pub const ALL: [Self; 6] = [
        Self::Free,
        Self::Busy,
        Self::WrapUp,
        Self::Rest,
        Self::NotReady,
        Self::Offline,
    ];

    /// Stable snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Busy => "busy",
            Self::WrapUp => "wrap_up",
            Self::Rest => "rest",
            Self::NotReady => "not_ready",
            Self::Offline => "offline",
        }
    }

    /// The status with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// A field of a draft that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongField {
    /// The field, as the model calls it.
    pub field: &'static str,
    /// What is wrong, as a fragment behind the field's name.
    pub why: &'static str,
}

/// Shortest and longest password, characters. NIST SP 800-63B 5.1.1.2 asks for at least 8 and for
/// room for long ones.
pub const PASSWORD_CHARS: (usize, usize) = (8, 128);

/// Whether a text may be a password.
pub fn check_password(password: &str) -> Result<(), WrongField> {
    let (min, max) = PASSWORD_CHARS;
    if (min..=max).contains(&password.chars().count()) {
        return Ok(());
    }
    Err(WrongField {
        field: "password",
        why: "must have 8 to 128 characters",
    })
}

impl StaffDraft {
    /// What stands for an e-mail address here: lower case and without blanks around it.
    pub fn normal_email(text: &str) -> String {
        text.trim().to_lowercase()
    }

    /// Whether every field is within its bounds.
    pub fn check(&self) -> Result<(), WrongField> {
        let long = |text: &str, max: usize| text.chars().count() > max;
        let wrong = |field, why| Err(WrongField { field, why });
        if !is_email(&self.email) {
            return wrong(
                "email",
                "must be an e-mail address of at most 128 characters",
            );
        }
        if self.name.is_empty() || long(&self.name, 64) {
            return wrong("name", "must have 1 to 64 characters");
        }
        if long(&self.nick, 64) {
            return wrong("nick", "must have at most 64 characters");
        }
        if long(&self.staff_number, 64) {
            return wrong("staff_number", "must have at most 64 characters");
        }
        if self
            .extension
            .as_deref()
            .is_some_and(|text| !is_extension(text))
        {
            return wrong("extension", "must be 4 to 6 digits, the first 1 to 8");
        }
        if self.roles.is_empty() {
            return wrong("roles", "must name at least one role");
        }
        Ok(())
    }

    /// Whether one of the roles gives `permission`.
    pub fn may(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| role.gives(permission))
    }
}

impl Staff {
    /// Whether the person may do everything in every instance of the installation.
    pub fn is_operator(&self) -> bool {
        self.settings.everywhere && self.settings.roles.contains(&Role::Administrator)
    }
}

impl Presence {
    /// Somebody who has never signed in.
    pub fn new(now: UnixMs) -> Self {
        Self {
            status: StaffStatus::Offline,
            reason: String::new(),
            since: now,
            work: None,
            reserved: None,
            forced_offline: false,
            online_since: None,
            last_online_at: None,
        }
    }
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else {
        return false;
    };
    text.chars().count() <= 128
        && !name.is_empty()
        && !host.is_empty()
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn is_extension(text: &str) -> bool {
    (4..=6).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (b'1'..=b'8').contains(&text.as_bytes()[0])
}

/// Names and phones of people do not go into logs.
impl std::fmt::Debug for StaffDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffDraft")
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        for status in StaffStatus::ALL {
            assert_eq!(StaffStatus::by_name(status.name()), Some(status));
        }
        for language in [Language::English, Language::Chinese] {
            assert_eq!(Language::by_tag(language.tag()), Some(language));
        }
    }

    #[test]
    fn what_cannot_be_is_named() {
        let wrong = |change: fn(&mut StaffDraft)| {
            let mut draft = lin();
            change(&mut draft);
            draft.check().err().map(|wrong| wrong.field)
        };
        assert_eq!(wrong(|_| {}), None);
        assert_eq!(wrong(|draft| draft.email = "lin".into()), Some("email"));
        assert_eq!(wrong(|draft| draft.email = "l in@x".into()), Some("email"));
        assert_eq!(wrong(|draft| draft.name.clear()), Some("name"));
        assert_eq!(wrong(|draft| draft.roles.clear()), Some("roles"));
        for (extension, field) in [
            ("1001", None),
            ("812345", None),
            ("9001", Some("extension")),
            ("100", Some("extension")),
            ("1234567", Some("extension")),
            ("10a1", Some("extension")),
        ] {
            let draft = StaffDraft {
                extension: Some(extension.to_owned()),
                ..lin()
            };
            assert_eq!(
                draft.check().err().map(|wrong| wrong.field),
                field,
                "{extension}"
            );
        }
    }

    #[test]
    fn short_passwords_are_refused() {
        assert!(check_password("1234567").is_err());
        assert!(check_password("密码密码密码密码").is_ok());
    }

    #[test]
    fn a_person_prints_without_name_and_phone() {
        assert_eq!(format!("{:?}", lin()), "StaffDraft { roles: [Agent], .. }");
    }

    fn lin() -> StaffDraft {
        StaffDraft {
            email: "lin@example.com".to_owned(),
            name: "Lin".to_owned(),
            nick: String::new(),
            phone: None,
            staff_number: String::new(),
            extension: None,
            language: Language::Chinese,
            roles: vec![Role::Agent],
            everywhere: false,
            mobile_call_out: false,
            mobile_accept: MobileAccept::Off,
            forwarding: None,
        }
    }
}
