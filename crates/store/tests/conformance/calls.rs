//! Finding calls.

use model::{CallEvent, CallFilter, CallId, TenantId, UnixMs};
use store::{Paging, Store, StoreError};

use crate::{fixtures::*, harness::stories};

stories! {
    async fn calls_are_listed_newest_first_a_page_at_a_time(store: Store) {
        let tenant = tenant(&store).await;
        for n in 0..5 {
            ended_call(&store, tenant, &format!("c{n}"), at(n)).await;
        }
        let paging = Paging { offset: 1, limit: 2 };
        let page = store.calls(&all(tenant), paging).await.unwrap();
        assert_eq!(page.total, 5);
        assert_eq!(ids(&page.items), ["c3", "c2"]);
        let beyond = Paging { offset: 9, limit: 2 };
        let page = store.calls(&all(tenant), beyond).await.unwrap();
        assert_eq!((page.items.len(), page.total), (0, 5));
    }

    async fn each_part_of_a_filter_narrows_the_list(store: Store) {
        let tenant = tenant(&store).await;
        for n in 0..4 {
            ended_call(&store, tenant, &format!("c{n}"), at(n)).await;
        }
        new_call(&store, tenant, "open", at(9)).await;
        let other = number("+8613900139000");
        store
            .begin_call(&CallId("other".into()), &[(at(5), requested_to(tenant, other.clone()))], &[])
            .await
            .unwrap();
        let listed = async |filter: CallFilter| {
            ids(&store.calls(&filter, Paging::first(10)).await.unwrap().items)
        };
        let between = CallFilter { from: at(1), to: at(3), ..all(tenant) };
        assert_eq!(listed(between).await, ["c2", "c1"]);
        let of_number = CallFilter { numbers: vec![other.clone()], ..all(tenant) };
        assert_eq!(listed(of_number).await, ["other"]);
        let by_id = CallFilter { ids: vec![CallId("c0".into()), CallId("c9".into())], ..all(tenant) };
        assert_eq!(listed(by_id).await, ["c0"]);
        let over = CallFilter { ended_only: true, numbers: vec![other, caller()], ..all(tenant) };
        assert_eq!(listed(over).await, ["c3", "c2", "c1", "c0"]);
    }

    async fn a_tenant_sees_only_its_own_calls(store: Store) {
        let mine = tenant(&store).await;
        let theirs = tenant(&store).await;
        let call = ended_call(&store, theirs, "c1", T0).await;
        let peeked = store.call(mine, &call.id).await;
        assert!(matches!(peeked, Err(StoreError::NotFound { .. })), "{peeked:?}");
        assert_eq!(store.calls(&all(mine), Paging::first(9)).await.unwrap().total, 0);
        assert_eq!(store.active_calls(mine, Paging::first(9)).await.unwrap().total, 0);
    }

    async fn active_and_open_calls_have_not_ended(store: Store) {
        let (a, b) = (tenant(&store).await, tenant(&store).await);
        ended_call(&store, a, "over", T0).await;
        new_call(&store, a, "first", at(1)).await;
        new_call(&store, a, "second", at(2)).await;
        new_call(&store, b, "third", at(3)).await;
        let active = store.active_calls(a, Paging::first(9)).await.unwrap();
        assert_eq!(ids(&active.items), ["second", "first"]);
        assert_eq!(active.total, 2);
        assert_eq!(ids(&store.open_calls().await.unwrap()), ["first", "second", "third"]);
    }

    async fn dialled_calls_and_those_on_their_way_count_for_the_rules(store: Store) {
        let tenant = tenant(&store).await;
        new_call(&store, tenant, "on its way", at(10)).await;
        ended_call(&store, tenant, "early", at(10)).await;
        ended_call(&store, tenant, "late", at(20)).await;
        for (since, n) in [(T0, 3), (at(11), 3), (at(12), 2), (at(22), 1)] {
            assert_eq!(store.n_calls_to(tenant, &callee(), since).await.unwrap(), n);
            assert_eq!(store.n_calls_from(tenant, &caller(), since).await.unwrap(), n);
        }
        assert_eq!(store.n_calls_to(tenant, &caller(), T0).await.unwrap(), 0);
    }

    async fn a_number_outside_that_a_call_is_handed_over_to_counts_for_the_rules(store: Store) {
        let tenant = tenant(&store).await;
        let call = new_call(&store, tenant, "handed over", at(10)).await;
        let outside = caller();
        let server = |kind, address: String| {
            CallEvent::Offered(model::Server {
                kind,
                address,
                staff: None,
                email: String::new(),
                name: String::new(),
                skill_group: None,
            })
        };
        let events = [
            (at(20), server(model::ServerKind::Extension, "1001".into())),
            (at(21), server(model::ServerKind::Outside, outside.to_string())),
        ];
        store.append(&call, &events, &[]).await.unwrap();
        for (since, n) in [(T0, 1), (at(21), 1), (at(22), 0)] {
            assert_eq!(store.n_calls_to(tenant, &outside, since).await.unwrap(), n);
        }
    }

    async fn a_filter_cannot_name_more_values_than_the_database_takes(store: Store) {
        let tenant = tenant(&store).await;
        let ids = (0..20_000).map(|n| CallId(n.to_string())).collect();
        let listed = store.calls(&CallFilter { ids, ..all(tenant) }, Paging::first(1)).await;
        assert!(matches!(listed, Err(StoreError::Misuse { .. })), "{listed:?}");
    }
}

fn all(tenant: TenantId) -> CallFilter {
    CallFilter {
        tenant,
        from: UnixMs(i64::MIN),
        to: UnixMs(i64::MAX),
        numbers: vec![],
        ids: vec![],
        ended_only: false,
    }
}

fn ids(calls: &[model::Call]) -> Vec<String> {
    calls.iter().map(|call| call.id.0.clone()).collect()
}
