//! What is said of people and skill groups in the native dialect.

use std::borrow::Cow;

use model::{
    Forwarding, ForwardingTarget, Language, Membership, MobileAccept, Role, SkillGroupId, Staff,
    StaffDraft, StaffStatus,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::field::{Int, List, Phone, Text, Time};

/// A role by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RoleBody(pub Role);

/// A language by its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LanguageBody(pub Language);

/// A status by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StatusBody(pub StaffStatus);

macro_rules! named {
    ($Body:ident, $name:literal, $all:expr, $of:expr) => {
        impl Serialize for $Body {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($of(self.0))
            }
        }

        impl<'de> Deserialize<'de> for $Body {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                $all.into_iter()
                    .find(|value| $of(*value) == text)
                    .map(Self)
                    .ok_or_else(|| {
                        let names: Vec<&str> = $all.into_iter().map($of).collect();
                        de::Error::custom(format!("must be one of {}", names.join(", ")))
                    })
            }
        }

        impl JsonSchema for $Body {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let names: Vec<&str> = $all.into_iter().map($of).collect();
                json_schema!({"type": "string", "enum": names})
            }
        }
    };
}

named!(RoleBody, "Role", Role::ALL, Role::name);
named!(
    LanguageBody,
    "Language",
    [Language::English, Language::Chinese],
    Language::tag
);
named!(StatusBody, "Status", StaffStatus::ALL, StaffStatus::name);

impl From<Language> for LanguageBody {
    fn from(language: Language) -> Self {
        Self(language)
    }
}

/// What is written down of a person.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffBody {
    /// Signs in with it; unique in the instance.
    email: Text<3, 128>,
    /// Shown to colleagues.
    name: Text<1, 64>,
    /// Shown to customers; may be empty.
    #[serde(default = "empty")]
    nick: Text<0, 64>,
    /// Mobile phone.
    #[serde(default)]
    phone: Option<Phone>,
    /// Number of the person in the house; may be empty.
    #[serde(default = "empty")]
    staff_number: Text<0, 64>,
    /// Internal number, 4 to 6 digits from `1…` to `8…`; unique in the instance.
    #[serde(default)]
    extension: Option<Text<4, 6>>,
    /// Of the screens: `en-US` or `zh-CN`.
    #[serde(default = "english")]
    language: LanguageBody,
    /// What the person may do: any of `administrator`, `supervisor`, `designer`, `officer`,
    /// `agent`.
    #[serde(default = "agent")]
    roles: List<RoleBody, 1, 5>,
    /// Whether the roles hold for every instance; only an operator may set it.
    #[serde(default)]
    everywhere: bool,
    /// Whether the person may call from the mobile phone.
    #[serde(default)]
    mobile_call_out: bool,
    /// When calls ring the mobile phone.
    #[serde(default = "never")]
    mobile_accept: MobileAcceptBody,
    /// Where calls to the person go instead.
    #[serde(default)]
    forwarding: Option<ForwardingBody>,
    /// Password to sign in with, 8 to 128 characters; only in requests. Setting it signs the
    /// person out everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Text<8, 128>>,
}

/// When calls ring a mobile phone.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum MobileAcceptBody {
    /// Never.
    Off,
    /// While the person is offline.
    WhenOffline,
    /// Always.
    Always,
}

/// Where calls to a person go instead.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ForwardingBody {
    /// Off settings are kept and have no effect.
    enabled: bool,
    /// Whether every call is forwarded; otherwise those that the person cannot take.
    unconditional: bool,
    /// Who takes them.
    target: TargetBody,
}

/// Who takes a forwarded call.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum TargetBody {
    /// Another person, by e-mail.
    Staff(Text<3, 128>),
    /// A skill group, by id.
    SkillGroup(i64),
    /// An internal number.
    Extension(Text<4, 6>),
}

/// A skill group that a person is in.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MembershipBody {
    /// Id of the skill group.
    skill_group: i64,
    /// 1 is asked first, 5 last; 3 if absent.
    #[serde(default = "middle")]
    priority: Int<1, 5>,
}

/// A person who works with the centre.
#[derive(Serialize, JsonSchema)]
pub(super) struct StaffView {
    /// Id of the person.
    id: i64,
    /// The instance the person belongs to.
    instance: i64,
    /// What is written down of the person. `phone` is hidden from whom it is no business of.
    #[serde(flatten)]
    settings: StaffBody,
    /// Skill groups of the person.
    skill_groups: Vec<MembershipBody>,
    /// What the person can take now.
    presence: PresenceView,
    /// When the person was added.
    created_at: Time,
    /// When settings or skill groups were last changed.
    modified_at: Time,
}

/// What a person can take now.
#[derive(Serialize, JsonSchema)]
pub(super) struct PresenceView {
    /// `free`, `busy`, `wrap_up`, `rest`, `not_ready`, `offline`.
    status: StatusBody,
    /// Why; of a break, what the person chose.
    reason: String,
    /// Since when.
    since: Time,
    /// The call or conversation that keeps the person busy or in wrap-up.
    work: Option<String>,
    /// `rest` or `not_ready`: comes when the work that runs is over.
    reserved: Option<StatusBody>,
    /// Whether a supervisor sent the person offline.
    forced_offline: bool,
    /// Since when the person has been online.
    online_since: Option<Time>,
    /// When the person last came online.
    last_online_at: Option<Time>,
}

impl StaffBody {
    /// As the model has it.
    pub(super) fn draft(self) -> StaffDraft {
        let mut roles: Vec<Role> = self.roles.0.into_iter().map(|role| role.0).collect();
        roles.sort();
        roles.dedup();
        StaffDraft {
            email: StaffDraft::normal_email(&self.email.0),
            name: self.name.0,
            nick: self.nick.0,
            phone: self.phone.map(|phone| phone.0),
            staff_number: self.staff_number.0,
            extension: self.extension.map(|digits| digits.0),
            language: self.language.0,
            roles,
            everywhere: self.everywhere,
            mobile_call_out: self.mobile_call_out,
            mobile_accept: match self.mobile_accept {
                MobileAcceptBody::Off => MobileAccept::Off,
                MobileAcceptBody::WhenOffline => MobileAccept::WhenOffline,
                MobileAcceptBody::Always => MobileAccept::Always,
            },
            forwarding: self.forwarding.map(|forwarding| Forwarding {
                enabled: forwarding.enabled,
                unconditional: forwarding.unconditional,
                target: match forwarding.target {
                    TargetBody::Staff(email) => {
                        ForwardingTarget::Staff(StaffDraft::normal_email(&email.0))
                    }
                    TargetBody::SkillGroup(id) => ForwardingTarget::SkillGroup(SkillGroupId(id)),
                    TargetBody::Extension(digits) => ForwardingTarget::Extension(digits.0),
                },
            }),
        }
    }
}

impl From<StaffDraft> for StaffBody {
    fn from(draft: StaffDraft) -> Self {
        Self {
            email: draft.email.into(),
            name: draft.name.into(),
            nick: draft.nick.into(),
            phone: draft.phone.map(Phone),
            staff_number: draft.staff_number.into(),
            extension: draft.extension.map(Text::from),
            language: draft.language.into(),
            roles: List(draft.roles.into_iter().map(RoleBody).collect()),
            everywhere: draft.everywhere,
            mobile_call_out: draft.mobile_call_out,
            mobile_accept: match draft.mobile_accept {
                MobileAccept::Off => MobileAcceptBody::Off,
                MobileAccept::WhenOffline => MobileAcceptBody::WhenOffline,
                MobileAccept::Always => MobileAcceptBody::Always,
            },
            forwarding: draft.forwarding.map(|forwarding| ForwardingBody {
                enabled: forwarding.enabled,
                unconditional: forwarding.unconditional,
                target: match forwarding.target {
                    ForwardingTarget::Staff(email) => TargetBody::Staff(email.into()),
                    ForwardingTarget::SkillGroup(id) => TargetBody::SkillGroup(id.0),
                    ForwardingTarget::Extension(digits) => TargetBody::Extension(digits.into()),
                },
            }),
            password: None,
        }
    }
}

impl MembershipBody {
    /// As the model has it.
    pub(super) fn membership(self) -> Membership {
        Membership {
            group: SkillGroupId(self.skill_group),
            priority: u8::try_from(self.priority.0).expect("the field's bounds lie within u8"),
        }
    }
}

impl StaffView {
    /// The person, with or without the phone.
    pub(super) fn of(staff: Staff, with_phone: bool) -> Self {
        let mut settings = staff.settings;
        settings.phone = settings.phone.filter(|_| with_phone);
        Self {
            id: staff.id.0,
            instance: staff.tenant.0,
            settings: settings.into(),
            skill_groups: staff
                .skill_groups
                .into_iter()
                .map(|membership| MembershipBody {
                    skill_group: membership.group.0,
                    priority: Int(membership.priority.into()),
                })
                .collect(),
            presence: staff.presence.into(),
            created_at: Time(staff.created_at),
            modified_at: Time(staff.modified_at),
        }
    }
}

impl From<model::Presence> for PresenceView {
    fn from(presence: model::Presence) -> Self {
        Self {
            status: StatusBody(presence.status),
            reason: presence.reason,
            since: Time(presence.since),
            work: presence.work,
            reserved: presence
                .reserved
                .map(|reserved| StatusBody(reserved.status)),
            forced_offline: presence.forced_offline,
            online_since: presence.online_since.map(Time),
            last_online_at: presence.last_online_at.map(Time),
        }
    }
}

fn empty() -> Text<0, 64> {
    String::new().into()
}

fn english() -> LanguageBody {
    LanguageBody(Language::English)
}

fn agent() -> List<RoleBody, 1, 5> {
    List(vec![RoleBody(Role::Agent)])
}

fn never() -> MobileAcceptBody {
    MobileAcceptBody::Off
}

fn middle() -> Int<1, 5> {
    Int(3)
}
