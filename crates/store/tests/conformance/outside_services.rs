//! Services elsewhere, language models and speech services, and the secrets of tools.

use model::{LanguageModelId, SpeechServiceId};
use store::{OutsideServiceDraft, OutsideServiceId, Paging, Store, StoreError};

use crate::{fixtures::*, harness::stories};

fn draft(name: &str, key: Option<&str>) -> OutsideServiceDraft {
    OutsideServiceDraft {
        name: name.into(),
        settings: "{}".into(),
        key: key.map(Into::into),
    }
}

async fn reads_back<I: OutsideServiceId + PartialEq + std::fmt::Debug>(store: &Store) {
    let (mine, theirs) = (tenant(store).await, tenant(store).await);
    let made = store
        .create_outside_service::<I>(mine, &draft("main", Some("sk")), T0)
        .await
        .unwrap();
    let open = store
        .create_outside_service::<I>(mine, &draft("open", None), T0)
        .await
        .unwrap();
    assert_eq!(store.outside_service(mine, made.id).await.unwrap(), made);
    assert_eq!(made.settings.key.as_deref(), Some("sk"));
    let named = store.outside_service_named::<I>(mine, "open").await;
    assert_eq!(named.unwrap(), Some(open.clone()));
    let foreign = store.outside_service_named::<I>(theirs, "open").await;
    assert_eq!(foreign.unwrap(), None);
    let page = store.outside_services::<I>(mine, Paging::first(9)).await;
    assert_eq!(page.unwrap().items, [made.clone(), open]);
    let hidden = store.outside_service(theirs, made.id).await;
    assert!(
        matches!(hidden, Err(StoreError::NotFound { .. })),
        "{hidden:?}"
    );
}

async fn has_a_name_of_its_own<I: OutsideServiceId + std::fmt::Debug>(store: &Store) {
    let (mine, theirs) = (tenant(store).await, tenant(store).await);
    for owner in [mine, theirs] {
        store
            .create_outside_service::<I>(owner, &draft("a", None), T0)
            .await
            .unwrap();
    }
    let b = store
        .create_outside_service::<I>(mine, &draft("b", Some("k")), T0)
        .await
        .unwrap();
    let second = store
        .create_outside_service::<I>(mine, &draft("a", None), T0)
        .await;
    assert!(
        matches!(second, Err(StoreError::Conflict { .. })),
        "{second:?}"
    );
    let renamed = store
        .update_outside_service(mine, b.id, &draft("a", None))
        .await;
    assert!(
        matches!(renamed, Err(StoreError::Conflict { .. })),
        "{renamed:?}"
    );
    let changed = store
        .update_outside_service(mine, b.id, &draft("c", None))
        .await
        .unwrap();
    assert_eq!(changed.settings, draft("c", None));
    store.remove_outside_service(mine, b.id).await.unwrap();
    let again = store.remove_outside_service(mine, b.id).await;
    assert!(
        matches!(again, Err(StoreError::NotFound { .. })),
        "{again:?}"
    );
}

stories! {
    async fn a_language_model_reads_back_as_it_was_written(store: Store) {
        reads_back::<LanguageModelId>(&store).await;
    }

    async fn a_speech_service_reads_back_as_it_was_written(store: Store) {
        reads_back::<SpeechServiceId>(&store).await;
    }

    async fn a_name_of_a_language_model_is_taken_once_in_a_tenant(store: Store) {
        has_a_name_of_its_own::<LanguageModelId>(&store).await;
    }

    async fn a_name_of_a_speech_service_is_taken_once_in_a_tenant(store: Store) {
        has_a_name_of_its_own::<SpeechServiceId>(&store).await;
    }

    async fn a_secret_is_set_used_and_listed_by_name_only(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        store.set_tool_secret(mine, "crm", "one", T0).await.unwrap();
        store.set_tool_secret(mine, "crm", "two", T0).await.unwrap();
        assert_eq!(store.tool_secret(mine, "crm").await.unwrap().as_deref(), Some("two"));
        assert_eq!(store.tool_secret(theirs, "crm").await.unwrap(), None);
        let names = store.tool_secret_names(mine, Paging::first(9)).await.unwrap();
        assert_eq!((names.total, names.items[0].name.as_str()), (1, "crm"));
        store.remove_tool_secret(mine, "crm").await.unwrap();
        assert_eq!(store.tool_secret(mine, "crm").await.unwrap(), None);
    }
}
