//! Adding and changing staff: `CreateStaff`, `ModifyStaff`.
//!
//! A credential is limited to its instances: who works for every instance is not its to change.

use api::kernel::{Action, Entry, Reached};
use model::{
    E164, Forwarding, ForwardingTarget, Language, Membership, MobileAccept, Role, SkillGroupId,
    Staff, StaffDraft, WrongField,
};
use serde::{Deserialize, Serialize};
use store::{Paging, SkillGroupFilter, StoreError};

use super::{
    Ccc, Context,
    code::{DB_ERROR, PERMISSION_DENIED},
    skill_group::all_groups,
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] =
    &[Entry::of::<CreateStaff>(), Entry::of::<ModifyStaff>()];

/// Most people that one request adds.
const CREATED_MAX: usize = 10;
/// No person with this e-mail.
pub(super) const ACCOUNT_NOT_EXIST: &str = "InvalidParameterValue.AccountNotExist";
/// The e-mail is taken.
const DUPLICATED: &str = "FailedOperation.DuplicatedAccount";
/// No such skill group.
pub(super) const SKILL_GROUP_ERROR: &str = "InvalidParameterValue.SkillGroupError";

pub(super) const DATABASE: Reached = Reached {
    code: DB_ERROR,
    when: "the database does not answer",
};
pub(super) const NO_ACCOUNT: Reached = Reached {
    code: ACCOUNT_NOT_EXIST,
    when: "the instance has no staff with this e-mail",
};
pub(super) const NO_GROUP: Reached = Reached {
    code: SKILL_GROUP_ERROR,
    when: "the instance has no such skill group",
};
pub(super) const DENIED: Reached = Reached {
    code: PERMISSION_DENIED,
    when: "the credential is not allowed this, or the person works for every instance",
};

/// Adds people. Those that cannot be added are listed with the reason; the others stay.
/// `SendPassword` is taken and no mail is sent: a password is set by `ModifyStaffPassword`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateStaff {
    staffs: Vec<SeatUserInfo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SeatUserInfo {
    name: String,
    mail: String,
    staff_number: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    nick: String,
    #[serde(default)]
    skill_group_name_list: Vec<String>,
    role: Option<i64>,
    #[serde(default)]
    extension_number: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateStaffResponse {
    error_staff_list: Vec<ErrStaffItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrStaffItem {
    staff_email: String,
    code: &'static str,
    message: String,
}

impl Action for CreateStaff {
    type Dialect = Ccc;
    type Response = CreateStaffResponse;
    const NAME: &'static str = "CreateStaff";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`Staffs` is empty or has more than 10 items; of one item, in `ErrorStaffList`: a field is out of bounds or `Role` is unknown",
        },
        Reached {
            code: DUPLICATED,
            when: "in `ErrorStaffList`: the e-mail or the extension is taken",
        },
        Reached {
            code: SKILL_GROUP_ERROR,
            when: "in `ErrorStaffList`: a name of `SkillGroupNameList` is unknown",
        },
        DENIED,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        if !(1..=CREATED_MAX).contains(&self.staffs.len()) {
            return Err(Fault::wrong_value("Staffs", "it has 1 to 10 items"));
        }
        let mut error_staff_list = Vec::new();
        for info in self.staffs {
            let staff_email = info.mail.clone();
            match create(&context, info).await {
                Ok(()) => {}
                Err(fault) if fault.code == DB_ERROR => return Err(fault),
                Err(fault) => error_staff_list.push(ErrStaffItem {
                    staff_email,
                    code: fault.code,
                    message: fault.message(crate::fault::Language::English).to_owned(),
                }),
            }
        }
        Ok(CreateStaffResponse { error_staff_list })
    }
}

async fn create(context: &Context, info: SeatUserInfo) -> Result<(), Fault> {
    let groups = named_groups(context, &info.skill_group_name_list).await?;
    let role = info.role.unwrap_or(role_code(Role::Agent));
    let role = role_of(role).ok_or_else(|| Fault::wrong_value("Role", "it is 1 to 5"))?;
    let draft = StaffDraft {
        email: StaffDraft::normal_email(&info.mail),
        name: info.name,
        nick: info.nick,
        phone: phone(context, &info.phone)?,
        staff_number: info.staff_number,
        extension: some(info.extension_number),
        language: Language::Chinese,
        roles: vec![role],
        everywhere: false,
        mobile_call_out: false,
        mobile_accept: MobileAccept::Off,
        forwarding: None,
    };
    draft.check().map_err(wrong)?;
    let tenant = context.tenant.id;
    let staff = context
        .app
        .add_staff(tenant, &draft, None)
        .await
        .map_err(duplicated)?;
    let memberships: Vec<Membership> = groups
        .into_iter()
        .map(|group| Membership {
            group,
            priority: super::skill_group::PRIORITY_DEFAULT,
        })
        .collect();
    if memberships.is_empty() {
        return Ok(());
    }
    let joined = context
        .app
        .join_groups(tenant, staff.id, &memberships)
        .await;
    if let Err(fault) = joined {
        // The person is not there half.
        context.app.remove_staff(tenant, staff.id).await?;
        return Err(super::skill_group::joined(fault));
    }
    Ok(())
}

/// Changes what is given of a person; what is absent stays.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyStaff {
    email: String,
    name: Option<String>,
    phone: Option<String>,
    nick: Option<String>,
    staff_no: Option<String>,
    skill_group_ids: Option<Vec<i64>>,
    use_mobile_call_out: Option<bool>,
    use_mobile_accept: Option<i64>,
    extension_number: Option<String>,
    forwarding_config: Option<ForwardingConfig>,
}

/// Where calls go instead.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ForwardingConfig {
    #[serde(default)]
    enabled: bool,
    /// 1 always, 2 when the person cannot take the call.
    #[serde(default)]
    condition: i64,
    target: Option<ForwardingTargetInfo>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ForwardingTargetInfo {
    /// 1 a person, 2 a skill group, 3 an extension.
    #[serde(rename = "Type", default)]
    kind: i64,
    #[serde(default)]
    staff_user_id: String,
    #[serde(default)]
    skill_group_id: i64,
    #[serde(default)]
    extension: String,
}

#[derive(Serialize)]
pub(super) struct Nothing {}

impl Action for ModifyStaff {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "ModifyStaff";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "a field is out of bounds, or `ForwardingConfig` names no target",
        },
        NO_ACCOUNT,
        NO_GROUP,
        Reached {
            code: DUPLICATED,
            when: "the extension is taken",
        },
        DENIED,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let staff = own_staff(&context, &self.email).await?;
        let memberships = match &self.skill_group_ids {
            Some(ids) => Some(kept(&context, &staff, ids).await?),
            None => None,
        };
        let draft = self.draft(&context, staff.settings.clone())?;
        draft.check().map_err(wrong)?;
        let tenant = context.tenant.id;
        context
            .app
            .change_staff(tenant, staff.id, &draft)
            .await
            .map_err(duplicated)?;
        if let Some(memberships) = memberships {
            context
                .app
                .set_groups(tenant, staff.id, &memberships)
                .await
                .map_err(super::skill_group::joined)?;
        }
        Ok(Nothing {})
    }
}

impl ModifyStaff {
    fn draft(self, context: &Context, present: StaffDraft) -> Result<StaffDraft, Fault> {
        Ok(StaffDraft {
            name: self.name.unwrap_or(present.name),
            nick: self.nick.unwrap_or(present.nick),
            phone: match self.phone {
                Some(text) => phone(context, &text)?,
                None => present.phone,
            },
            staff_number: self.staff_no.unwrap_or(present.staff_number),
            extension: match self.extension_number {
                Some(text) => some(text),
                None => present.extension,
            },
            mobile_call_out: self.use_mobile_call_out.unwrap_or(present.mobile_call_out),
            mobile_accept: match self.use_mobile_accept {
                None => present.mobile_accept,
                Some(0) => MobileAccept::Off,
                Some(1) => MobileAccept::WhenOffline,
                Some(2) => MobileAccept::Always,
                Some(_) => return Err(Fault::wrong_value("UseMobileAccept", "it is 0, 1 or 2")),
            },
            forwarding: match self.forwarding_config {
                Some(config) => config.parse()?,
                None => present.forwarding,
            },
            email: present.email,
            language: present.language,
            roles: present.roles,
            everywhere: present.everywhere,
        })
    }
}

impl ForwardingConfig {
    /// Without a target, forwarding is taken away.
    fn parse(self) -> Result<Option<Forwarding>, Fault> {
        let wrong = |why| Err(Fault::wrong_value("ForwardingConfig", why));
        let Some(target) = self.target else {
            return match self.enabled {
                true => wrong("it has no `Target`"),
                false => Ok(None),
            };
        };
        let unconditional = match self.condition {
            1 => true,
            2 => false,
            _ => return wrong("its `Condition` is 1 or 2"),
        };
        let target = match target.kind {
            1 if !target.staff_user_id.is_empty() => {
                ForwardingTarget::Staff(StaffDraft::normal_email(&target.staff_user_id))
            }
            2 if target.skill_group_id > 0 => {
                ForwardingTarget::SkillGroup(SkillGroupId(target.skill_group_id))
            }
            3 if !target.extension.is_empty() => ForwardingTarget::Extension(target.extension),
            _ => {
                return wrong(
                    "its `Target` has a `Type` of 1 to 3 and the field that belongs to it",
                );
            }
        };
        Ok(Some(Forwarding {
            enabled: self.enabled,
            unconditional,
            target,
        }))
    }

    pub(super) fn of(forwarding: Option<Forwarding>) -> Self {
        let Some(forwarding) = forwarding else {
            return Self {
                enabled: false,
                condition: 1,
                target: None,
            };
        };
        let mut target = ForwardingTargetInfo {
            kind: 0,
            staff_user_id: String::new(),
            skill_group_id: 0,
            extension: String::new(),
        };
        match forwarding.target {
            ForwardingTarget::Staff(email) => (target.kind, target.staff_user_id) = (1, email),
            ForwardingTarget::SkillGroup(id) => (target.kind, target.skill_group_id) = (2, id.0),
            ForwardingTarget::Extension(digits) => (target.kind, target.extension) = (3, digits),
        }
        Self {
            enabled: forwarding.enabled,
            condition: if forwarding.unconditional { 1 } else { 2 },
            target: Some(target),
        }
    }
}

/// The instance's person with this e-mail.
pub(super) async fn staff_of(context: &Context, email: &str) -> Result<Staff, Fault> {
    let email = StaffDraft::normal_email(email);
    let store = context.app.store();
    match store.staff_by_email(context.tenant.id, &email).await {
        Ok(staff) => Ok(staff),
        Err(StoreError::NotFound { .. }) => Err(account_not_exist()),
        Err(error) => Err(error.into()),
    }
}

/// The same, if a credential of the instance may change them.
pub(super) async fn own_staff(context: &Context, email: &str) -> Result<Staff, Fault> {
    let staff = staff_of(context, email).await?;
    match staff.settings.everywhere {
        true => Err(super::permission_denied()),
        false => Ok(staff),
    }
}

fn account_not_exist() -> Fault {
    Fault::new(
        ACCOUNT_NOT_EXIST,
        "The account does not exist.",
        "账号不存在。",
    )
}

/// The groups with these names.
async fn named_groups(context: &Context, names: &[String]) -> Result<Vec<SkillGroupId>, Fault> {
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let filter = SkillGroupFilter {
            name: Some(name.clone()),
            ..SkillGroupFilter::default()
        };
        let store = context.app.store();
        let page = store
            .skill_groups(context.tenant.id, &filter, Paging::first(1))
            .await?;
        let group = page.items.first().ok_or_else(super::skill_group::unknown)?;
        ids.push(group.id);
    }
    Ok(ids)
}

/// Memberships in these groups: those that are there keep their priority.
async fn kept(context: &Context, staff: &Staff, ids: &[i64]) -> Result<Vec<Membership>, Fault> {
    let groups = all_groups(context).await?;
    ids.iter()
        .map(|id| {
            let group = SkillGroupId(*id);
            if groups.iter().all(|known| known.id != group) {
                return Err(super::skill_group::unknown());
            }
            let present = staff.skill_groups.iter().find(|there| there.group == group);
            let priority = super::skill_group::PRIORITY_DEFAULT;
            Ok(present.copied().unwrap_or(Membership { group, priority }))
        })
        .collect()
}

fn phone(context: &Context, text: &str) -> Result<Option<E164>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    E164::parse(text, &context.tenant.country_code)
        .map(Some)
        .map_err(|_| Fault::wrong_value("Phone", "it is no telephone number"))
}

pub(super) fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A field of the model by the vendor's name.
fn wrong(wrong: WrongField) -> Fault {
    let name = match wrong.field {
        "email" => "Mail",
        "name" => "Name",
        "nick" => "Nick",
        "staff_number" => "StaffNumber",
        "extension" => "ExtensionNumber",
        "roles" => "Role",
        other => other,
    };
    Fault::wrong_value(name, wrong.why)
}

/// Of a person, all that can be in conflict is e-mail and extension.
fn duplicated(fault: app::Fault) -> Fault {
    match fault {
        app::Fault::Store(StoreError::Conflict { .. }) => Fault::new(
            DUPLICATED,
            "The account or its extension is duplicated.",
            "账号或分机号重复。",
        ),
        other => other.into(),
    }
}

/// The vendor's number of a role; 4 and 5 stand where it has those that a customer makes.
pub(super) fn role_code(role: Role) -> i64 {
    match role {
        Role::Administrator => 1,
        Role::Supervisor => 2,
        Role::Agent => 3,
        Role::Designer => 4,
        Role::Officer => 5,
    }
}

fn role_of(code: i64) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role_code(*role) == code)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{definition, sample::assert_fields};

    #[test]
    fn forwarding_names_a_target_that_fits_its_type() {
        let parse = |config| {
            serde_json::from_value::<ForwardingConfig>(config)
                .unwrap()
                .parse()
        };
        let to_group =
            json!({"Enabled": true, "Condition": 2, "Target": {"Type": 2, "SkillGroupId": 7}});
        assert_eq!(
            parse(to_group).unwrap().unwrap().target,
            ForwardingTarget::SkillGroup(SkillGroupId(7))
        );
        assert_eq!(parse(json!({"Enabled": false})).unwrap(), None);
        for config in [
            json!({"Enabled": true}),
            json!({"Enabled": true, "Condition": 3, "Target": {"Type": 2, "SkillGroupId": 7}}),
            json!({"Enabled": true, "Condition": 1, "Target": {"Type": 1, "SkillGroupId": 7}}),
            json!({"Enabled": true, "Condition": 1, "Target": {"Type": 4}}),
        ] {
            assert!(parse(config.clone()).is_err(), "{config}");
        }
    }

    #[test]
    fn forwarding_has_every_field_of_the_vendor() {
        let target = ForwardingTarget::Extension("1001".into());
        let config = ForwardingConfig::of(Some(Forwarding {
            enabled: true,
            unconditional: true,
            target,
        }));
        let vendor = definition::ccc();
        assert_fields(&config, vendor.object("ForwardingConfig"));
        assert_fields(&config.target.unwrap(), vendor.object("ForwardingTarget"));
    }

    #[test]
    fn roles_have_the_vendors_numbers() {
        for role in Role::ALL {
            assert_eq!(role_of(role_code(role)), Some(role));
        }
        assert_eq!(
            (role_of(1), role_of(3)),
            (Some(Role::Administrator), Some(Role::Agent))
        );
        assert_eq!(role_of(0), None);
    }
}
