//! Trunks, their numbers, and webhook endpoints.

use model::{
    NumberLine, OwnNumber, TenantId, TrunkDraft, TrunkId, TrunkNumber, VoiceAgentId, WebhookAuth,
    WebhookTopic,
};
use store::{Paging, Store, StoreError};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn a_trunk_reads_back_as_it_was_written(store: Store) {
        let created = store.create_trunk(&trunk_draft("carrier"), T0).await.unwrap();
        assert_eq!(store.trunk(created.id).await.unwrap(), created);
        let bare = TrunkDraft { user: None, password: None, ..trunk_draft("pbx") };
        let bare = store.create_trunk(&bare, T0).await.unwrap();
        let page = store.trunks(Paging::first(9)).await.unwrap();
        assert_eq!(page.items, [created, bare]);
    }

    async fn a_trunk_name_is_taken_once(store: Store) {
        store.create_trunk(&trunk_draft("a"), T0).await.unwrap();
        let b = store.create_trunk(&trunk_draft("b"), T0).await.unwrap();
        let second = store.create_trunk(&trunk_draft("a"), T0).await;
        assert!(matches!(second, Err(StoreError::Conflict { .. })), "{second:?}");
        let renamed = store.update_trunk(b.id, &trunk_draft("a")).await;
        assert!(matches!(renamed, Err(StoreError::Conflict { .. })), "{renamed:?}");
        let new = TrunkDraft { password: Some("hunter4".into()), ..trunk_draft("c") };
        let updated = store.update_trunk(b.id, &new).await.unwrap();
        assert!(updated.settings == new);
        assert_eq!(store.trunk(b.id).await.unwrap(), updated);
    }

    async fn a_number_is_on_one_trunk_of_the_installation(store: Store) {
        let tenant = tenant(&store).await;
        let a = store.create_trunk(&trunk_draft("a"), T0).await.unwrap();
        let b = store.create_trunk(&trunk_draft("b"), T0).await.unwrap();
        let first = trunk_number("+8675512345678", tenant);
        store.add_number(a.id, &first, T0).await.unwrap();
        store.add_number(a.id, &trunk_number("+8610", tenant), T0).await.unwrap();
        let second = store.add_number(b.id, &first, T0).await;
        assert!(matches!(second, Err(StoreError::Conflict { .. })), "{second:?}");
        let nowhere = store.add_number(TrunkId(99), &trunk_number("+8620", tenant), T0).await;
        assert!(matches!(nowhere, Err(StoreError::NotFound { what: "trunk" })));
        let on_a = store.trunk(a.id).await.unwrap().numbers;
        assert_eq!(on_a, [first.clone(), trunk_number("+8610", tenant)]);
        assert_eq!(store.number(&first.number).await.unwrap(), (a.id, first));
    }

    async fn what_is_known_of_trunks_follows_each_change(store: Store) {
        let tenant = tenant(&store).await;
        let known = async || {
            let known = store.known_trunks().await.unwrap();
            let page = store.trunks(Paging::first(9)).await.unwrap();
            assert_eq!(known.all(), page.items);
            known
        };
        assert!(known().await.all().is_empty());
        let trunk = store.create_trunk(&trunk_draft("a"), T0).await.unwrap();
        assert_eq!(known().await.all().len(), 1);
        store.update_trunk(trunk.id, &trunk_draft("b")).await.unwrap();
        assert_eq!(known().await.all()[0].settings.name, "b");
        let mut ours = trunk_number("+8610", tenant);
        store.add_number(trunk.id, &ours, T0).await.unwrap();
        assert_eq!(known().await.number(&ours.number), Some((trunk.id, &ours)));
        ours.inbound_agent = Some(VoiceAgentId(4));
        store.update_number(&ours).await.unwrap();
        assert_eq!(known().await.number(&ours.number), Some((trunk.id, &ours)));
        let numbers = std::slice::from_ref(&ours.number);
        store.enable_numbers(tenant, numbers, false).await.unwrap();
        assert!(!known().await.number(&ours.number).unwrap().1.enabled);
        let own = OwnNumber {
            number: number("+8620"),
            inbound: true,
            outbound: true,
            line: NumberLine::default(),
        };
        let brought = std::slice::from_ref(&own);
        let application = store.apply_for_numbers(tenant, trunk.id, brought, T0).await.unwrap();
        assert!(known().await.number(&own.number).is_some());
        store.change_application(tenant, application.id, &[], T0).await.unwrap();
        assert!(known().await.number(&own.number).is_none());
        store.remove_number(&ours.number).await.unwrap();
        assert!(known().await.number(&ours.number).is_none());
        store.remove_trunk(trunk.id).await.unwrap();
        assert!(known().await.all().is_empty());
    }

    async fn numbers_change_and_go_with_their_trunk(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        let trunk = store.create_trunk(&trunk_draft("a"), T0).await.unwrap();
        let mut number = trunk_number("+8610", mine);
        store.add_number(trunk.id, &number, T0).await.unwrap();
        number.tenant = theirs;
        number.inbound_agent = Some(VoiceAgentId(4));
        number.enabled = false;
        store.update_number(&number).await.unwrap();
        let listed = store.numbers(Some(theirs), Paging::first(9)).await.unwrap();
        assert_eq!(listed.items, [(trunk.id, number.clone())]);
        assert_eq!(store.numbers(Some(mine), Paging::first(9)).await.unwrap().total, 0);
        store.remove_trunk(trunk.id).await.unwrap();
        assert_eq!(store.numbers(None, Paging::first(9)).await.unwrap().total, 0);
        let gone = store.remove_number(&number.number).await;
        assert!(matches!(gone, Err(StoreError::NotFound { what: "number" })));
    }

    async fn a_webhook_endpoint_reads_back_as_it_was_written(store: Store) {
        let tenant = tenant(&store).await;
        let mut drafts = vec![endpoint_draft(), endpoint_draft(), endpoint_draft()];
        drafts[1].auth = WebhookAuth::Basic { user: "u".into(), password: "p".into() };
        drafts[2].auth = WebhookAuth::None;
        drafts[2].signing_secret = None;
        for draft in &drafts {
            let created = store.create_webhook_endpoint(tenant, draft, T0).await.unwrap();
            assert!(created.settings == *draft);
            assert_eq!(store.webhook_endpoint(tenant, created.id).await.unwrap(), created);
            let strange = store.webhook_endpoint(TenantId(1), created.id).await;
            assert!(matches!(strange, Err(StoreError::NotFound { .. })));
        }
        let page = store.webhook_endpoints(tenant, Paging { offset: 2, limit: 9 }).await.unwrap();
        assert_eq!((page.items.len(), page.total), (1, 3));
    }

    async fn an_endpoint_gets_what_it_wants_to_hear_while_it_is_on(store: Store) {
        let tenant = tenant(&store).await;
        let endpoint = endpoint(&store, tenant).await;
        let wanting = async |topic| {
            store.webhook_endpoints_for(tenant, topic).await.unwrap().len()
        };
        assert_eq!(wanting(WebhookTopic::Cdr).await, 1);
        assert_eq!(wanting(WebhookTopic::Recording).await, 0);
        let mut draft = endpoint_draft();
        draft.enabled = false;
        let updated = store.update_webhook_endpoint(tenant, endpoint.id, &draft).await.unwrap();
        assert!(updated.settings == draft);
        assert_eq!(wanting(WebhookTopic::Cdr).await, 0);
    }
}

fn trunk_number(text: &str, tenant: TenantId) -> TrunkNumber {
    TrunkNumber {
        number: number(text),
        tenant,
        outbound: true,
        inbound_agent: None,
        inbound_group: None,
        enabled: true,
    }
}
