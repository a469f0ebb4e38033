//! What else is written down of numbers.

use model::{CalleeFormat, NumberLine, OwnNumber, TrunkId, TrunkNumber, VoiceAgentId};
use store::{Paging, Store, StoreError};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn an_instance_brings_numbers_along_and_changes_them(store: Store) {
        let tenant = tenant(&store).await;
        let trunk = store.create_trunk(&trunk_draft("a"), T0).await.unwrap().id;
        let line = NumberLine {
            calls_max: Some(3),
            callee_prefix: "1145".into(),
            callee_format: Some(CalleeFormat::E164),
            carrier_number: Some("66660000".into()),
            ..NumberLine::default()
        };
        let first = OwnNumber { line: line.clone(), ..own("+8610") };
        let both = [first.clone(), own("+8620")];
        let id = store.apply_for_numbers(tenant, trunk, &both, T0).await.unwrap().id;
        assert_eq!(store.number_settings(&first.number).await.unwrap().line, line);
        let url = Some("https://x.example/in");
        store.set_number_callback(tenant, &first.number, url).await.unwrap();
        let (_, present) = store.number(&first.number).await.unwrap();
        let bound = TrunkNumber { inbound_agent: Some(VoiceAgentId(4)), ..present };
        store.update_number(&bound).await.unwrap();

        let silent = OwnNumber { outbound: false, line: NumberLine::default(), ..first.clone() };
        store.change_application(tenant, id, &[silent, own("+8630")], T0).await.unwrap();
        let (_, after) = store.number(&first.number).await.unwrap();
        assert_eq!((after.outbound, after.inbound_agent), (false, Some(VoiceAgentId(4))));
        let settings = store.number_settings(&first.number).await.unwrap();
        assert_eq!((settings.callback_url.as_deref(), settings.line), (url, NumberLine::default()));
        let listed = store.numbers(Some(tenant), Paging::first(9)).await.unwrap().items;
        let listed: Vec<_> = listed.iter().map(|(_, n)| n.number.digits()).collect();
        assert_eq!(listed, ["8610", "8630"]);
        let all = store.all_number_settings(tenant).await.unwrap();
        assert_eq!(all.len(), 2);
    }

    async fn numbers_are_brought_all_or_none_on_a_trunk_of_ones_own(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        let trunk = store.create_trunk(&trunk_draft("a"), T0).await.unwrap().id;
        store.apply_for_numbers(theirs, trunk, &[own("+8610")], T0).await.unwrap();
        let foreign = store.apply_for_numbers(mine, trunk, &[own("+8620")], T0).await;
        assert!(matches!(foreign, Err(StoreError::NotFound { what: "trunk" })), "{foreign:?}");
        let nowhere = store.apply_for_numbers(mine, TrunkId(99), &[own("+8620")], T0).await;
        assert!(matches!(nowhere, Err(StoreError::NotFound { what: "trunk" })));
        let own_trunk = store.create_trunk(&trunk_draft("b"), T0).await.unwrap().id;
        let taken = [own("+8620"), own("+8610")];
        let taken = store.apply_for_numbers(mine, own_trunk, &taken, T0).await;
        assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
        assert_eq!(store.numbers(Some(mine), Paging::first(9)).await.unwrap().total, 0);
        let absent = store.change_application(mine, 1, &[own("+8620")], T0).await;
        assert!(matches!(absent, Err(StoreError::NotFound { what: "application" })));
    }

    async fn numbers_are_switched_all_or_none(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        let (a, b) = (
            store.create_trunk(&trunk_draft("a"), T0).await.unwrap().id,
            store.create_trunk(&trunk_draft("b"), T0).await.unwrap().id,
        );
        store.apply_for_numbers(mine, a, &[own("+8610")], T0).await.unwrap();
        store.apply_for_numbers(theirs, b, &[own("+8620")], T0).await.unwrap();
        let both = [number("+8610"), number("+8620")];
        let refused = store.enable_numbers(mine, &both, false).await;
        assert!(matches!(refused, Err(StoreError::NotFound { what: "number" })));
        assert!(store.number(&both[0]).await.unwrap().1.enabled);
        store.enable_numbers(mine, &both[..1], false).await.unwrap();
        assert!(!store.number(&both[0]).await.unwrap().1.enabled);
        let foreign = store.set_number_callback(mine, &both[1], Some("http://x")).await;
        assert!(matches!(foreign, Err(StoreError::NotFound { what: "number" })));
        store.remove_number(&both[0]).await.unwrap();
        assert!(store.all_number_settings(mine).await.unwrap().is_empty());
    }
}

fn own(text: &str) -> OwnNumber {
    OwnNumber {
        number: number(text),
        inbound: true,
        outbound: true,
        line: NumberLine::default(),
    }
}
