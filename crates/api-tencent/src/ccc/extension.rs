//! Extensions and the passwords of their phones: `CreateExtension`, `DescribeExtension`,
//! `DescribeExtensions`, `ModifyExtension`, `DeleteExtension`, `ResetExtensionPassword`.

use std::collections::BTreeSet;

use api::kernel::{Action, Entry, Reached};
use model::{
    Extension, ExtensionDraft, KeyPresses, MediaEncryption, MediaTimeout, PhoneRules, SkillGroupId,
    TrunkCodec, WrongField,
};
use serde::{Deserialize, Serialize};
use store::{Paging, StoreError};

use super::{
    Ccc, Context,
    staff::{ACCOUNT_NOT_EXIST, DATABASE, NO_GROUP, Nothing, some},
};
use crate::{fault::Fault, paging};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<CreateExtension>(),
    Entry::of::<DescribeExtension>(),
    Entry::of::<DescribeExtensions>(),
    Entry::of::<ModifyExtension>(),
    Entry::of::<DeleteExtension>(),
    Entry::of::<ResetExtensionPassword>(),
];

/// Largest page of the list, and its size where the request does not say.
const PAGE_MAX: u32 = 100;
const PAGE_DEFAULT: i64 = 20;
/// As many as an instance may have.
const EXTENSIONS_MAX: u32 = 10_000;
/// No phone is registered; it waits for calls; it is in one.
const OFFLINE: i64 = 0;
const IDLE: i64 = 100;
const BUSY: i64 = 200;
/// How phones reach us; they may use TCP too.
const TRANSPORT: &str = "udp";

const NO_EXTENSION: Reached = Reached {
    code: ACCOUNT_NOT_EXIST,
    when: "the instance has no such extension, or no staff with the e-mail in `Relation`",
};
const DUPLICATED: Reached = Reached {
    code: "FailedOperation.DuplicatedAccount",
    when: "the instance has an extension with this number",
};
const WRONG: Reached = Reached {
    code: "InvalidParameterValue",
    when: "`ExtensionId` is not 3 to 6 digits, the first not 0, `ExtensionName` has not 1 to 64 characters, or `SkillGroupIds` has more than 200 items",
};

/// Adds an extension. Its phone's password is in `DescribeExtension`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateExtension {
    extension_id: String,
    extension_name: String,
    #[serde(default)]
    skill_group_ids: Vec<i64>,
    #[serde(default)]
    relation: String,
}

impl Action for CreateExtension {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "CreateExtension";
    const REFUSALS: &'static [Reached] = &[
        WRONG,
        DUPLICATED,
        NO_EXTENSION,
        NO_GROUP,
        Reached {
            code: "LimitExceeded.OutOfCountLimit",
            when: "the instance has 10,000 extensions",
        },
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let draft = ExtensionDraft {
            number: self.extension_id,
            name: self.extension_name,
            skill_groups: groups(&self.skill_group_ids),
            staff: some(self.relation),
            encryption: MediaEncryption::Optional,
            rules: PhoneRules::default(),
            codecs: TrunkCodec::ALL.to_vec(),
            key_presses: KeyPresses::Auto,
            media_timeout: MediaTimeout::default(),
        };
        draft.check().map_err(wrong)?;
        let present = context
            .app
            .store()
            .extensions(context.tenant.id, Paging::first(0));
        if present.await?.total >= i64::from(EXTENSIONS_MAX) {
            return Err(Fault::new(
                "LimitExceeded.OutOfCountLimit",
                "The instance has 10,000 extensions.",
                "话机数量超过上限。",
            ));
        }
        context
            .app
            .add_extension(context.tenant.id, &draft)
            .await
            .map_err(refused)?;
        Ok(Nothing {})
    }
}

/// What a phone registers with.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeExtension {
    extension_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeExtensionResponse {
    extension_id: String,
    extension_domain: String,
    password: String,
    outbound_proxy: String,
    transport: &'static str,
}

impl Action for DescribeExtension {
    type Dialect = Ccc;
    type Response = DescribeExtensionResponse;
    const NAME: &'static str = "DescribeExtension";
    const REFUSALS: &'static [Reached] = &[NO_EXTENSION, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let extension = found(&context, &self.extension_id).await?;
        Ok(DescribeExtensionResponse {
            extension_domain: context.app.extension_domain(extension.tenant),
            extension_id: extension.settings.number,
            password: extension.password,
            outbound_proxy: context.app.outbound_proxy(),
            transport: TRANSPORT,
        })
    }
}

/// Extensions by number. `IsNeedStatus` changes nothing: the status is always there.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeExtensions {
    page_number: i64,
    page_size: Option<i64>,
    #[serde(default)]
    extension_ids: Vec<String>,
    #[serde(default)]
    fuzzing_key_word: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeExtensionsResponse {
    total: i64,
    extension_list: Vec<ExtensionInfo>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ExtensionInfo {
    sdk_app_id: i64,
    full_extension_id: String,
    extension_id: String,
    skill_group_id: String,
    extension_name: String,
    create_time: i64,
    modify_time: i64,
    status: i64,
    register: bool,
    relation: String,
    relation_name: String,
}

impl Action for DescribeExtensions {
    type Dialect = Ccc;
    type Response = DescribeExtensionsResponse;
    const NAME: &'static str = "DescribeExtensions";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: "InvalidParameterValue",
            when: "`PageSize` is not 1 to 100, or `PageNumber` is below 0",
        },
        DATABASE,
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let size = self.page_size.unwrap_or(PAGE_DEFAULT);
        let paging = paging::parse(size, self.page_number, PAGE_MAX)?;
        let (app, tenant) = (&context.app, context.tenant.id);
        let all = app
            .store()
            .extensions(tenant, Paging::first(EXTENSIONS_MAX))
            .await?;
        let wanted: Vec<Extension> = all
            .items
            .into_iter()
            .filter(|extension| self.wants(extension))
            .collect();
        let registered: BTreeSet<String> = app
            .store()
            .registered_extensions(tenant, app.now())
            .await?
            .into_iter()
            .collect();
        let total = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
        let extension_list = wanted
            .into_iter()
            .skip(paging.offset as usize)
            .take(paging.limit as usize)
            .map(|extension| {
                let number = &extension.settings.number;
                let is_registered = registered.contains(number);
                let is_busy = app.phone_calls().is_busy(tenant, number);
                let domain = app.extension_domain(tenant);
                ExtensionInfo::of(extension, &domain, is_registered, is_busy)
            })
            .collect();
        Ok(DescribeExtensionsResponse {
            total,
            extension_list,
        })
    }
}

impl DescribeExtensions {
    /// The key word may stand in the number, the name, the e-mail or the name of the person.
    fn wants(&self, extension: &Extension) -> bool {
        let settings = &extension.settings;
        let is_listed =
            self.extension_ids.is_empty() || self.extension_ids.contains(&settings.number);
        let word = self.fuzzing_key_word.to_lowercase();
        let email = settings.staff.as_deref().unwrap_or_default();
        let holds = |text: &str| text.to_lowercase().contains(&word);
        is_listed
            && [
                &settings.number,
                &settings.name,
                email,
                &extension.staff_name,
            ]
            .into_iter()
            .any(holds)
    }
}

impl ExtensionInfo {
    fn of(extension: Extension, domain: &str, is_registered: bool, is_busy: bool) -> Self {
        let settings = extension.settings;
        let groups: Vec<String> = settings
            .skill_groups
            .iter()
            .map(ToString::to_string)
            .collect();
        Self {
            sdk_app_id: extension.tenant.0,
            full_extension_id: format!("{}@{domain}", settings.number),
            extension_id: settings.number,
            skill_group_id: groups.join(","),
            extension_name: settings.name,
            create_time: extension.created_at.seconds(),
            modify_time: extension.modified_at.seconds(),
            status: match (is_registered, is_busy) {
                (_, true) => BUSY,
                (true, false) => IDLE,
                (false, false) => OFFLINE,
            },
            register: is_registered,
            relation: settings.staff.unwrap_or_default(),
            relation_name: extension.staff_name,
        }
    }
}

/// Changes what is given of an extension.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyExtension {
    extension_id: String,
    extension_name: Option<String>,
    skill_group_ids: Option<Vec<i64>>,
    relation: Option<String>,
}

impl Action for ModifyExtension {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "ModifyExtension";
    const REFUSALS: &'static [Reached] = &[WRONG, NO_EXTENSION, NO_GROUP, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let present = found(&context, &self.extension_id).await?.settings;
        let draft = ExtensionDraft {
            name: self.extension_name.unwrap_or(present.name),
            skill_groups: self
                .skill_group_ids
                .map_or(present.skill_groups, |ids| groups(&ids)),
            staff: self.relation.map_or(present.staff, some),
            encryption: present.encryption,
            rules: present.rules,
            codecs: present.codecs,
            key_presses: present.key_presses,
            media_timeout: present.media_timeout,
            number: present.number,
        };
        draft.check().map_err(wrong)?;
        context
            .app
            .change_extension(context.tenant.id, &draft)
            .await
            .map_err(refused)?;
        Ok(Nothing {})
    }
}

/// Removes an extension; its phone is no longer let in.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteExtension {
    extension_id: String,
}

impl Action for DeleteExtension {
    type Dialect = Ccc;
    type Response = Nothing;
    const NAME: &'static str = "DeleteExtension";
    const REFUSALS: &'static [Reached] = &[NO_EXTENSION, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let store = context.app.store();
        store
            .remove_extension(context.tenant.id, &self.extension_id)
            .await
            .map_err(|error| refused(error.into()))?;
        Ok(Nothing {})
    }
}

/// Gives an extension a new password; its phone must register with it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResetExtensionPassword {
    extension_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResetExtensionPasswordResponse {
    password: String,
}

impl Action for ResetExtensionPassword {
    type Dialect = Ccc;
    type Response = ResetExtensionPasswordResponse;
    const NAME: &'static str = "ResetExtensionPassword";
    const REFUSALS: &'static [Reached] = &[NO_EXTENSION, DATABASE];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let password = context
            .app
            .reset_extension_password(context.tenant.id, &self.extension_id)
            .await
            .map_err(refused)?;
        Ok(ResetExtensionPasswordResponse { password })
    }
}

async fn found(context: &Context, number: &str) -> Result<Extension, Fault> {
    let store = context.app.store();
    store
        .extension(context.tenant.id, number)
        .await
        .map_err(|error| refused(error.into()))
}

fn groups(ids: &[i64]) -> Vec<SkillGroupId> {
    ids.iter().copied().map(SkillGroupId).collect()
}

/// What goes wrong with extensions, in the vendor's codes.
fn refused(fault: app::Fault) -> Fault {
    match fault {
        app::Fault::Store(StoreError::NotFound {
            what: "skill group",
        }) => super::skill_group::unknown(),
        app::Fault::Store(StoreError::NotFound { what: "staff" }) => Fault::new(
            ACCOUNT_NOT_EXIST,
            "The staff in `Relation` does not exist.",
            "绑定的坐席不存在。",
        ),
        app::Fault::Store(StoreError::NotFound { .. }) => Fault::new(
            ACCOUNT_NOT_EXIST,
            "The extension does not exist.",
            "话机账号不存在。",
        ),
        app::Fault::Store(StoreError::Conflict { .. }) => Fault::new(
            DUPLICATED.code,
            "The extension already exists.",
            "话机账号已存在。",
        ),
        other => other.into(),
    }
}

/// A field of the model by the vendor's name.
fn wrong(wrong: WrongField) -> Fault {
    let name = match wrong.field {
        "number" => "ExtensionId",
        "name" => "ExtensionName",
        "skill_groups" => "SkillGroupIds",
        other => other,
    };
    Fault::wrong_value(name, wrong.why)
}

#[cfg(test)]
mod tests {
    use model::{TenantId, UnixMs};

    use super::*;
    use crate::{definition, sample::assert_fields};

    fn extension() -> Extension {
        Extension {
            tenant: TenantId(1_400_000_014),
            settings: ExtensionDraft {
                number: "1001".into(),
                name: "Front desk".into(),
                skill_groups: vec![SkillGroupId(7), SkillGroupId(9)],
                staff: Some("lin@x.com".into()),
                encryption: MediaEncryption::Optional,
                rules: PhoneRules::default(),
                codecs: TrunkCodec::ALL.to_vec(),
                key_presses: KeyPresses::Auto,
                media_timeout: MediaTimeout::default(),
            },
            staff_name: "Lin".into(),
            password: "secret".into(),
            created_at: UnixMs(5_000),
            modified_at: UnixMs(6_000),
        }
    }

    #[test]
    fn an_extension_has_every_field_of_the_vendor() {
        let domain = "1400000014.switchboard.internal";
        let info = ExtensionInfo::of(extension(), domain, true, false);
        assert_eq!(
            (
                info.full_extension_id.as_str(),
                info.skill_group_id.as_str()
            ),
            ("1001@1400000014.switchboard.internal", "7,9")
        );
        assert_eq!((info.status, info.register), (IDLE, true));
        assert_fields(&info, definition::ccc().object("ExtensionInfo"));
        let described = DescribeExtensionResponse {
            extension_id: String::new(),
            extension_domain: String::new(),
            password: String::new(),
            outbound_proxy: String::new(),
            transport: TRANSPORT,
        };
        let written = serde_json::to_value(&described).unwrap();
        assert_eq!(written.as_object().unwrap().len(), 5);
    }

    #[test]
    fn a_key_word_is_looked_for_in_four_places() {
        let asked = |ids: &[&str], word: &str| DescribeExtensions {
            page_number: 0,
            page_size: None,
            extension_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            fuzzing_key_word: word.to_owned(),
        };
        for (ids, word, wanted) in [
            (&[][..], "", true),
            (&[], "100", true),
            (&[], "FRONT", true),
            (&[], "@x.com", true),
            (&[], "lin", true),
            (&[], "other", false),
            (&["1001"], "", true),
            (&["1002"], "100", false),
        ] {
            assert_eq!(
                asked(ids, word).wants(&extension()),
                wanted,
                "{ids:?} {word}"
            );
        }
    }
}
