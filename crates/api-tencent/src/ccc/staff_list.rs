//! Finding and removing staff, and their passwords: `DescribeStaffInfoList`, `DeleteStaff`,
//! `ModifyStaffPassword`.

use api::kernel::{Action, Entry, Reached};
use model::{Membership, SkillGroup, SkillGroupId, Staff, StaffDraft, StaffStatus, UnixMs};
use serde::{Deserialize, Serialize};
use store::StaffFilter;

use super::{
    Ccc, Context,
    skill_group::{all_groups, type_word},
    staff::{
        ACCOUNT_NOT_EXIST, DATABASE, DENIED, ForwardingConfig, NO_ACCOUNT, Nothing, own_staff,
        role_code, some,
    },
};
use crate::{fault::Fault, paging};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<DeleteStaff>(),
    Entry::of::<DescribeStaffInfoList>(),
    Entry::of::<ModifyStaffPassword>(),
];

/// Most people that one request removes.
const DELETED_MAX: usize = 200;
/// Largest page of the list.
const PAGE_MAX: u32 = 9_999;

/// Removes people. Who is online stays and is listed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteStaff {
    staff_list: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteStaffResponse {
    online_staff_list: Vec<String>,
    delete_status_info: &'static str,
}

impl Action for DeleteStaff {
    type Dialect = Ccc;
    type Response = DeleteStaffResponse;
    const NAME: &'static str = "DeleteStaff";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`StaffList` is empty or has more than 200 items",
        },
        Reached {
            code: ACCOUNT_NOT_EXIST,
            when: "an e-mail is unknown; nobody is removed",
        },
        DENIED,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        if !(1..=DELETED_MAX).contains(&self.staff_list.len()) {
            return Err(Fault::wrong_value("StaffList", "it has 1 to 200 items"));
        }
        let mut found: Vec<Staff> = Vec::with_capacity(self.staff_list.len());
        for email in &self.staff_list {
            let staff = own_staff(&context, email).await?;
            if found.iter().all(|known| known.id != staff.id) {
                found.push(staff);
            }
        }
        let mut online_staff_list = Vec::new();
        for staff in found {
            if staff.presence.status != StaffStatus::Offline {
                online_staff_list.push(staff.settings.email);
                continue;
            }
            context
                .app
                .remove_staff(context.tenant.id, staff.id)
                .await?;
        }
        let delete_status_info = if online_staff_list.is_empty() {
            "All members have been deleted"
        } else {
            "Members in OnlineStaffList are online and cannot be deleted"
        };
        Ok(DeleteStaffResponse {
            online_staff_list,
            delete_status_info,
        })
    }
}

/// People by id.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeStaffInfoList {
    page_size: i64,
    page_number: i64,
    #[serde(default)]
    staff_mail: String,
    #[serde(default)]
    modified_time: i64,
    #[serde(default)]
    skill_group_id: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeStaffInfoListResponse {
    total_count: i64,
    staff_list: Vec<StaffInfo>,
}

/// The vendor's `StaffInfo`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StaffInfo {
    name: String,
    mail: String,
    phone: String,
    nick: String,
    staff_number: String,
    role_id: i64,
    role_id_list: Vec<i64>,
    role_list: Vec<i64>,
    skill_group_list: Vec<SkillGroupItem>,
    last_modify_timestamp: i64,
    extension_number: String,
    forwarding_config: ForwardingConfig,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SkillGroupItem {
    skill_group_id: i64,
    skill_group_name: String,
    priority: i64,
    #[serde(rename = "Type")]
    kind: &'static str,
}

impl Action for DescribeStaffInfoList {
    type Dialect = Ccc;
    type Response = DescribeStaffInfoListResponse;
    const NAME: &'static str = "DescribeStaffInfoList";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`PageSize` is not 1 to 9999, or `PageNumber` is below 0",
        },
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let paging = paging::parse(self.page_size, self.page_number, PAGE_MAX)?;
        let email = StaffDraft::normal_email(&self.staff_mail);
        let filter = StaffFilter {
            tenant: Some(context.tenant.id),
            emails: some(email).into_iter().collect(),
            modified_from: (self.modified_time > 0)
                .then(|| UnixMs::from_seconds(self.modified_time)),
            skill_groups: (self.skill_group_id > 0)
                .then_some(SkillGroupId(self.skill_group_id))
                .into_iter()
                .collect(),
            statuses: Vec::new(),
        };
        let page = context.app.store().staff_list(&filter, paging).await?;
        let groups = all_groups(&context).await?;
        Ok(DescribeStaffInfoListResponse {
            total_count: page.total,
            staff_list: page
                .items
                .into_iter()
                .map(|staff| StaffInfo::of(staff, &groups))
                .collect(),
        })
    }
}

impl StaffInfo {
    pub(super) fn of(staff: Staff, groups: &[SkillGroup]) -> Self {
        let settings = staff.settings;
        let roles: Vec<i64> = settings.roles.iter().copied().map(role_code).collect();
        let item = |membership: Membership| {
            let group = groups.iter().find(|group| group.id == membership.group)?;
            Some(SkillGroupItem {
                skill_group_id: group.id.0,
                skill_group_name: group.settings.name.clone(),
                priority: membership.priority.into(),
                kind: type_word(group.settings.kind),
            })
        };
        Self {
            name: settings.name,
            mail: settings.email,
            phone: settings
                .phone
                .map_or_else(String::new, |phone| phone.with_00()),
            nick: settings.nick,
            staff_number: settings.staff_number,
            role_id: roles.first().copied().unwrap_or_default(),
            role_id_list: roles.clone(),
            role_list: roles,
            skill_group_list: staff.skill_groups.into_iter().filter_map(item).collect(),
            last_modify_timestamp: staff.modified_at.seconds(),
            extension_number: settings.extension.unwrap_or_default(),
            forwarding_config: ForwardingConfig::of(settings.forwarding),
        }
    }
}

/// Sets a password and signs the person out everywhere.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyStaffPassword {
    email: String,
    password: String,
}

impl Action for ModifyStaffPassword {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "ModifyStaffPassword";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`Password` has not 8 to 128 characters",
        },
        NO_ACCOUNT,
        DENIED,
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let staff = own_staff(&context, &self.email).await?;
        model::check_password(&self.password)
            .map_err(|wrong| Fault::wrong_value("Password", wrong.why))?;
        context.app.set_password(staff.id, &self.password).await?;
        Ok(Nothing {})
    }
}

#[cfg(test)]
mod tests {
    use model::{Language, MobileAccept, Presence, Role, StaffId, TenantId};

    use super::*;
    use crate::{definition, sample::assert_fields};

    #[test]
    fn a_person_has_every_field_of_the_vendor() {
        let info = StaffInfo::of(staff(), &[]);
        let vendor = definition::ccc();
        assert_fields(&info, vendor.object("StaffInfo"));
    }

    fn staff() -> Staff {
        Staff {
            id: StaffId(1),
            tenant: TenantId(1_400_000_001),
            settings: StaffDraft {
                email: "lin@x.com".into(),
                name: "Lin".into(),
                nick: String::new(),
                phone: None,
                staff_number: "7".into(),
                extension: None,
                language: Language::Chinese,
                roles: vec![Role::Agent],
                everywhere: false,
                mobile_call_out: false,
                mobile_accept: MobileAccept::Off,
                forwarding: None,
            },
            skill_groups: Vec::new(),
            presence: Presence::new(UnixMs(0)),
            created_at: UnixMs(0),
            modified_at: UnixMs(0),
        }
    }
}
