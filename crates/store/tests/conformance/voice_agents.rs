//! Voice agents and sounds.

use model::{CustomerId, Quota, QuotaUsage, SoundDraft, TenantId, TrunkNumber, VoiceAgentDraft};
use store::{Paging, SoundFilter, Store, StoreError};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn each_change_of_a_voice_agent_makes_a_version(store: Store) {
        let tenant = tenant(&store).await;
        let created = store.create_voice_agent(tenant, &agent("Lily"), T0).await.unwrap();
        assert_eq!(store.voice_agent(tenant, created.id).await.unwrap(), created);
        let updated = store
            .update_voice_agent(tenant, created.id, 1, &agent("Rose"), at(9))
            .await
            .unwrap();
        assert_eq!((updated.version, updated.updated_at), (2, at(9)));
        assert_eq!((updated.settings.clone(), updated.created_at), (agent("Rose"), T0));
        assert_eq!(store.voice_agent(tenant, created.id).await.unwrap(), updated);
    }

    async fn what_is_known_before_an_answer_is_what_each_of_it_is_by_itself(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        let agent = store.create_voice_agent(mine, &agent("Lily"), T0).await.unwrap();
        let nothing = store.answering(mine, None, &callee()).await.unwrap();
        assert_eq!((nothing.voice_agent, nothing.customer), (None, None));
        assert_eq!((nothing.quota, nothing.usage), (Quota::default(), QuotaUsage::default()));
        let quota = Quota { agent_minutes: Some(9), ..Quota::default() };
        store.set_quota(mine, &quota).await.unwrap();
        ended_call(&store, mine, "c1", T0).await;
        let ann = CustomerId("ann".into());
        store.set_customer_numbers(mine, &ann, &[callee()]).await.unwrap();
        let all = store.answering(mine, Some(agent.id), &callee()).await.unwrap();
        assert_eq!((all.quota, all.usage), store.quota(mine).await.unwrap());
        assert_eq!((all.voice_agent, all.customer), (Some(agent.clone()), Some(ann)));
        let strange = store.answering(theirs, Some(agent.id), &callee()).await.unwrap();
        assert_eq!((strange.voice_agent, strange.customer), (None, None));
        assert_eq!(strange.quota, Quota::default());
        let other = store.answering(mine, Some(agent.id), &caller()).await.unwrap();
        assert_eq!(other.customer, None);
    }

    async fn a_voice_agent_can_be_seen_as_it_was(store: Store) {
        let tenant = tenant(&store).await;
        let id = store.create_voice_agent(tenant, &agent("Lily"), T0).await.unwrap().id;
        store.update_voice_agent(tenant, id, 1, &agent("Rose"), at(9)).await.unwrap();
        let late = store.update_voice_agent(tenant, id, 1, &agent("Iris"), at(10)).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })));
        let kept = store.voice_agent_versions(tenant, id, Paging::first(9)).await.unwrap();
        let kept: Vec<_> = kept.items.into_iter().map(|it| (it.version, it.name, it.saved_at)).collect();
        assert_eq!(kept, [(2, "Rose".into(), at(9)), (1, "Lily".into(), T0)]);
        let first = store.voice_agent_version(tenant, id, 1).await.unwrap();
        assert_eq!((first.settings, first.version, first.updated_at), (agent("Lily"), 1, T0));
        let strange = store.voice_agent_version(TenantId(1), id, 1).await;
        assert!(matches!(strange, Err(StoreError::NotFound { .. })), "{strange:?}");
        let strange = store.voice_agent_versions(TenantId(1), id, Paging::first(9)).await;
        assert!(matches!(strange, Err(StoreError::NotFound { .. })), "{strange:?}");
        store.remove_voice_agent(tenant, id).await.unwrap();
        let gone = store.voice_agent_version(tenant, id, 1).await;
        assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
    }

    async fn of_the_versions_of_a_voice_agent_the_latest_are_kept(store: Store) {
        let tenant = tenant(&store).await;
        let id = store.create_voice_agent(tenant, &agent("Lily"), T0).await.unwrap().id;
        for version in 1..=200 {
            store.update_voice_agent(tenant, id, version, &agent("Rose"), T0).await.unwrap();
        }
        let kept = store.voice_agent_versions(tenant, id, Paging::first(1)).await.unwrap();
        assert_eq!((kept.total, kept.items[0].version), (200, 201));
        assert!(store.voice_agent_version(tenant, id, 1).await.is_err());
        assert!(store.voice_agent_version(tenant, id, 2).await.is_ok());
    }

    async fn of_two_who_change_the_same_version_one_is_told(store: Store) {
        let tenant = tenant(&store).await;
        let id = store.create_voice_agent(tenant, &agent("Lily"), T0).await.unwrap().id;
        store.update_voice_agent(tenant, id, 1, &agent("Rose"), T0).await.unwrap();
        let late = store.update_voice_agent(tenant, id, 1, &agent("Iris"), T0).await;
        let Err(StoreError::Conflict { what }) = late else {
            panic!("{late:?}");
        };
        assert_eq!(what, "voice agent is at version 2, not 1");
        assert_eq!(store.voice_agent(tenant, id).await.unwrap().settings.name, "Rose");
        let strange = store.update_voice_agent(TenantId(1), id, 2, &agent("Iris"), T0).await;
        assert!(matches!(strange, Err(StoreError::NotFound { .. })));
    }

    async fn a_voice_agent_that_answers_a_number_stays(store: Store) {
        let tenant = tenant(&store).await;
        let id = store.create_voice_agent(tenant, &agent("Lily"), T0).await.unwrap().id;
        let trunk = store.create_trunk(&trunk_draft("a"), T0).await.unwrap();
        let number = TrunkNumber {
            number: caller(),
            tenant,
            outbound: false,
            inbound_agent: Some(id),
            inbound_group: None,
            enabled: true,
        };
        store.add_number(trunk.id, &number, T0).await.unwrap();
        let refused = store.remove_voice_agent(tenant, id).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
        assert_eq!(store.voice_agents(tenant, Paging::first(9)).await.unwrap().total, 1);
        store.remove_number(&number.number).await.unwrap();
        store.remove_voice_agent(tenant, id).await.unwrap();
        assert_eq!(store.voice_agents(tenant, Paging::first(9)).await.unwrap().total, 0);
    }

    async fn sounds_are_listed_by_what_is_asked_for(store: Store) {
        let tenant = tenant(&store).await;
        let hello = store.create_sound(tenant, &sound("hello", "a.wav"), T0).await.unwrap();
        let bye = store.create_sound(tenant, &sound("bye", "b.mp3"), T0).await.unwrap();
        store.create_sound(TenantId(1), &sound("hello", "a.wav"), T0).await.unwrap();
        assert_eq!(store.sound(tenant, hello.id).await.unwrap(), hello);
        let listed = async |filter: SoundFilter| {
            store.sounds(tenant, &filter, Paging::first(9)).await.unwrap().items
        };
        let any = SoundFilter::default;
        assert_eq!(listed(any()).await, [hello.clone(), bye.clone()]);
        let by_id = SoundFilter { ids: vec![bye.id], ..any() };
        assert_eq!(listed(by_id).await, [bye]);
        let by_name = SoundFilter { names: vec!["hello".into(), "bye".into()], ..any() };
        assert_eq!(listed(by_name).await.len(), 2);
        let both = SoundFilter {
            names: vec!["hello".into()],
            file_names: vec!["b.mp3".into()],
            ..any()
        };
        assert_eq!(listed(both).await, []);
    }

    async fn a_removed_sound_still_counts_as_uploaded(store: Store) {
        let tenant = tenant(&store).await;
        let first = store.create_sound(tenant, &sound("a", "a.wav"), at(1)).await.unwrap();
        let second = store.create_sound(tenant, &sound("b", "b.wav"), at(2)).await.unwrap();
        assert!(!store.remove_sound(tenant, first.id).await.unwrap(), "the file is used twice");
        assert!(store.remove_sound(tenant, second.id).await.unwrap(), "nobody uses the file");
        let again = store.remove_sound(tenant, second.id).await;
        assert!(matches!(again, Err(StoreError::NotFound { what: "sound" })));
        assert!(store.sound(tenant, first.id).await.is_err());
        for (since, n) in [(T0, 2), (at(2), 1), (at(3), 0)] {
            assert_eq!(store.n_sounds_since(tenant, since).await.unwrap(), n);
        }
    }
}

fn agent(name: &str) -> VoiceAgentDraft {
    VoiceAgentDraft {
        name: name.into(),
        definition: r#"{"greeting":"Hello ${name}"}"#.into(),
        variable_names: vec!["name".into()],
    }
}

fn sound(name: &str, file_name: &str) -> SoundDraft {
    SoundDraft {
        name: name.into(),
        file_name: file_name.into(),
        sha256: "ab".repeat(32),
        n_bytes: 32_044,
        duration_ms: 2_000,
    }
}
