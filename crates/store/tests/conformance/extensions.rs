//! Extensions and where their phones are.

use model::{
    ExtensionDraft, KeyPresses, MediaEncryption, MediaTimeout, PhoneContact, PhoneRules,
    PhoneTransport, QueueRules, SkillGroupDraft, SkillGroupId, SkillGroupKind, TenantId,
    TrunkCodec, UnixMs,
};
use store::{Paging, Store, StoreError};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn an_extension_reads_back_as_it_was_written(store: Store) {
        let tenant = tenant(&store).await;
        let sales = store.create_skill_group(tenant, &group("Sales"), T0).await.unwrap().id;
        let draft = ExtensionDraft { skill_groups: vec![sales], ..draft("1001") };
        let created = store.create_extension(tenant, &draft, "Pass-1", T0).await.unwrap();
        assert_eq!((&created.settings, created.password.as_str()), (&draft, "Pass-1"));
        assert_eq!(store.extension(tenant, "1001").await.unwrap(), created);
        let strange = store.extension(TenantId(1), "1001").await;
        assert!(matches!(strange, Err(StoreError::NotFound { what: "extension" })));
        let second = store.create_extension(tenant, &draft, "x", T0).await;
        assert!(matches!(second, Err(StoreError::Conflict { .. })), "{second:?}");
        store.create_extension(tenant, &self::draft("1000"), "x", T0).await.unwrap();
        let page = store.extensions(tenant, Paging::first(9)).await.unwrap();
        let numbers: Vec<_> = page.items.iter().map(|e| e.settings.number.as_str()).collect();
        assert_eq!((numbers, page.total), (vec!["1000", "1001"], 2));
    }

    async fn an_extension_names_what_the_tenant_has(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        let foreign = store.create_skill_group(theirs, &group("Sales"), T0).await.unwrap().id;
        for (draft, what) in [
            (ExtensionDraft { skill_groups: vec![foreign], ..draft("1001") }, "skill group"),
            (ExtensionDraft { staff: Some("nobody@x.com".into()), ..draft("1001") }, "staff"),
        ] {
            let refused = store.create_extension(mine, &draft, "x", T0).await;
            assert!(
                matches!(refused, Err(StoreError::NotFound { what: named }) if named == what),
                "{refused:?}"
            );
        }
        assert_eq!(store.extensions(mine, Paging::first(9)).await.unwrap().total, 0);
        store.create_extension(mine, &draft("1001"), "x", T0).await.unwrap();
        store.create_extension(theirs, &draft("1001"), "y", T0).await.unwrap();
        assert_eq!(store.tenants_of_extension("1001").await.unwrap(), [mine, theirs]);
    }

    async fn a_changed_extension_keeps_its_password_until_that_is_reset(store: Store) {
        let tenant = tenant(&store).await;
        let sales = store.create_skill_group(tenant, &group("Sales"), T0).await.unwrap().id;
        store.create_extension(tenant, &draft("1001"), "first", T0).await.unwrap();
        let changed = ExtensionDraft {
            name: "Front desk".into(),
            skill_groups: vec![sales],
            encryption: MediaEncryption::Mandatory,
            codecs: vec![TrunkCodec::Opus, TrunkCodec::Pcma],
            key_presses: KeyPresses::Tones,
            media_timeout: MediaTimeout::NEVER,
            ..draft("1001")
        };
        let later = UnixMs(T0.0 + 5);
        let after = store.update_extension(tenant, &changed, later).await.unwrap();
        assert_eq!((&after.settings, after.password.as_str()), (&changed, "first"));
        assert_eq!((after.created_at, after.modified_at), (T0, later));
        store.set_phone_contacts(tenant, "1001", &[contact("a", 60)]).await.unwrap();
        store.reset_extension_password(tenant, "1001", "second", later).await.unwrap();
        assert_eq!(store.extension(tenant, "1001").await.unwrap().password, "second");
        assert!(store.phone_contacts(tenant, "1001", T0).await.unwrap().is_empty());
        store.remove_skill_group(tenant, sales, later).await.unwrap();
        let left = store.extension(tenant, "1001").await.unwrap().settings.skill_groups;
        assert_eq!(left, Vec::<SkillGroupId>::new());
    }

    async fn contacts_are_kept_in_order_until_they_expire(store: Store) {
        let tenant = tenant(&store).await;
        store.create_extension(tenant, &draft("1001"), "x", T0).await.unwrap();
        let both = [contact("b", 60), contact("a", 120)];
        store.set_phone_contacts(tenant, "1001", &both).await.unwrap();
        assert_eq!(store.phone_contacts(tenant, "1001", T0).await.unwrap(), both);
        let later = UnixMs(T0.0 + 60_000);
        assert_eq!(store.phone_contacts(tenant, "1001", later).await.unwrap(), both[1..]);
        assert_eq!(store.all_phone_contacts(later).await.unwrap(), both[1..]);
        assert_eq!(store.registered_extensions(tenant, later).await.unwrap(), ["1001"]);
        assert_eq!(store.remove_expired_contacts(later).await.unwrap(), 1);
        store.remove_extension(tenant, "1001").await.unwrap();
        assert!(store.all_phone_contacts(T0).await.unwrap().is_empty());
        let gone = store.set_phone_contacts(tenant, "1001", &both).await;
        assert!(matches!(gone, Err(StoreError::NotFound { what: "extension" })));
    }
}

fn draft(number: &str) -> ExtensionDraft {
    ExtensionDraft {
        number: number.into(),
        name: "Desk".into(),
        skill_groups: Vec::new(),
        staff: None,
        encryption: MediaEncryption::Optional,
        rules: PhoneRules::default(),
        codecs: TrunkCodec::ALL.to_vec(),
        key_presses: KeyPresses::Auto,
        media_timeout: MediaTimeout::from_second(3_600).unwrap(),
    }
}

fn group(name: &str) -> SkillGroupDraft {
    SkillGroupDraft {
        name: name.into(),
        kind: SkillGroupKind::Phone,
        concurrency_max: 1,
        ring_all: false,
        last_staff_first: false,
        alias: String::new(),
        queue: QueueRules::default(),
    }
}

fn contact(user: &str, left_second: i64) -> PhoneContact {
    PhoneContact {
        uri: format!("sip:{user}@10.0.0.5"),
        path: vec!["<sip:edge.example;lr>".into()],
        transport: PhoneTransport::Tcp,
        local: ([192, 0, 2, 1], 5060).into(),
        remote: ([192, 0, 2, 9], 5070).into(),
        call_id: "r1".into(),
        cseq: 7,
        user_agent: "Phone/1".into(),
        instance: None,
        expires_at: UnixMs(T0.0 + left_second * 1000),
    }
}
