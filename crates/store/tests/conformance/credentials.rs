//! Tenants, credentials and tokens.

use model::{ActionScope, Credential, CredentialId, CredentialScope, TenantId};
use store::{Paging, Store, StoreError};

use crate::{fixtures::*, harness::stories};

/// A tenant that nobody created.
const STRANGER: TenantId = TenantId(1_499_999_999);

stories! {
    async fn tenants_are_numbered_from_1400000001(store: Store) {
        let first = store.create_tenant("A", "86", "Asia/Shanghai", T0).await.unwrap();
        let second = store.create_tenant("B", "1", "America/New_York", T0).await.unwrap();
        assert_eq!((first.id.0, second.id.0), (1_400_000_001, 1_400_000_002));
        assert_eq!(store.tenant(second.id).await.unwrap(), second);
        let page = store.tenants(Paging { offset: 1, limit: 5 }).await.unwrap();
        assert_eq!((page.items, page.total), (vec![second], 2));
    }

    async fn a_tenant_can_be_renamed(store: Store) {
        let mut tenant = store.create_tenant("A", "86", "Asia/Shanghai", T0).await.unwrap();
        tenant.name = "B".into();
        tenant.time_zone = "UTC".into();
        store.update_tenant(&tenant).await.unwrap();
        assert_eq!(store.tenant(tenant.id).await.unwrap(), tenant);
        tenant.id = TenantId(5);
        let unknown = store.update_tenant(&tenant).await;
        assert!(matches!(unknown, Err(StoreError::NotFound { what: "tenant" })));
    }

    async fn a_tenant_that_owns_calls_stays(store: Store) {
        let (busy, idle) = (tenant(&store).await, tenant(&store).await);
        new_call(&store, busy, "c1", T0).await;
        store.add_do_not_call(idle, &[callee()], T0).await.unwrap();
        let refused = store.remove_tenant(busy).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
        store.tenant(busy).await.unwrap();
        store.remove_tenant(idle).await.unwrap();
        assert!(store.tenant(idle).await.is_err());
        assert!(!store.is_do_not_call(idle, &callee()).await.unwrap());
    }

    async fn a_credential_keeps_its_secret_and_its_limits(store: Store) {
        let tenant = tenant(&store).await;
        let one = credential("AKID1", &[tenant], ActionScope::Only(vec!["HangUpCall".into()]));
        let all = credential("AKID2", &[tenant, STRANGER], ActionScope::All);
        for credential in [&one, &all] {
            store.add_credential(credential).await.unwrap();
            assert!(store.credential(&credential.id).await.unwrap() == *credential);
        }
        let taken = store.add_credential(&one).await;
        assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
        let ids = async |tenant| {
            let page = store.credentials(tenant, Paging::first(9)).await.unwrap();
            page.items.into_iter().map(|credential| credential.id.0).collect::<Vec<_>>()
        };
        assert_eq!(ids(None).await, ["AKID1", "AKID2"]);
        assert_eq!(ids(Some(STRANGER)).await, ["AKID2"]);
    }

    async fn a_credential_can_be_limited_and_removed(store: Store) {
        let tenant = tenant(&store).await;
        let before = credential("AKID1", &[tenant], ActionScope::All);
        store.add_credential(&before).await.unwrap();
        let scope = CredentialScope { tenants: vec![], actions: ActionScope::Only(vec![]) };
        let after = store.update_credential(&before.id, &scope, false).await.unwrap();
        assert!(after == Credential { scope, enabled: false, ..before.clone() });
        assert!(store.credential(&before.id).await.unwrap() == after);
        store.remove_credential(&before.id).await.unwrap();
        let gone = store.credential(&before.id).await;
        assert!(matches!(gone, Err(StoreError::NotFound { .. })));
    }

    async fn a_token_is_found_by_its_hash(store: Store) {
        let tenant = tenant(&store).await;
        let hash = "ab".repeat(32);
        let token = store.create_api_token("ci", &hash, Some(tenant), T0).await.unwrap();
        let operator = store.create_api_token("root", "cd", None, T0).await.unwrap();
        assert_eq!(store.api_token_by_sha256(&hash).await.unwrap(), token);
        let again = store.create_api_token("ci", &hash, None, T0).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        let all = store.api_tokens(None, Paging::first(9)).await.unwrap();
        assert_eq!(all.items, [token.clone(), operator]);
        let mine = store.api_tokens(Some(tenant), Paging::first(9)).await.unwrap();
        assert_eq!((mine.items, mine.total), (vec![token.clone()], 1));
        store.remove_api_token(token.id).await.unwrap();
        assert!(store.api_token_by_sha256(&hash).await.is_err());
    }
}

fn credential(id: &str, tenants: &[TenantId], actions: ActionScope) -> Credential {
    Credential {
        id: CredentialId(id.into()),
        secret: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE".into(),
        scope: CredentialScope {
            tenants: tenants.to_vec(),
            actions,
        },
        enabled: true,
        created_at: T0,
    }
}
