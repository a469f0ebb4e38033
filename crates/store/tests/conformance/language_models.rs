//! Language models and the secrets of tools.

use store::{LanguageModelDraft, Paging, Store, StoreError};

use crate::{fixtures::*, harness::stories};

fn draft(name: &str, key: Option<&str>) -> LanguageModelDraft {
    LanguageModelDraft {
        name: name.into(),
        settings: "{}".into(),
        key: key.map(Into::into),
    }
}

stories! {
    async fn a_language_model_reads_back_as_it_was_written(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        let made = store.create_language_model(mine, &draft("main", Some("sk")), T0).await.unwrap();
        let open = store.create_language_model(mine, &draft("open", None), T0).await.unwrap();
        assert_eq!(store.language_model(mine, made.id).await.unwrap(), made);
        assert_eq!(made.settings.key.as_deref(), Some("sk"));
        let named = store.language_model_named(mine, "open").await.unwrap();
        assert_eq!(named, Some(open.clone()));
        assert_eq!(store.language_model_named(theirs, "open").await.unwrap(), None);
        let page = store.language_models(mine, Paging::first(9)).await.unwrap();
        assert_eq!(page.items, [made.clone(), open]);
        let hidden = store.language_model(theirs, made.id).await;
        assert!(matches!(hidden, Err(StoreError::NotFound { .. })), "{hidden:?}");
    }

    async fn a_name_of_a_language_model_is_taken_once_in_a_tenant(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        store.create_language_model(mine, &draft("a", None), T0).await.unwrap();
        store.create_language_model(theirs, &draft("a", None), T0).await.unwrap();
        let b = store.create_language_model(mine, &draft("b", Some("k")), T0).await.unwrap();
        let second = store.create_language_model(mine, &draft("a", None), T0).await;
        assert!(matches!(second, Err(StoreError::Conflict { .. })), "{second:?}");
        let renamed = store.update_language_model(mine, b.id, &draft("a", None)).await;
        assert!(matches!(renamed, Err(StoreError::Conflict { .. })), "{renamed:?}");
        let changed = store.update_language_model(mine, b.id, &draft("c", None)).await.unwrap();
        assert_eq!(changed.settings, draft("c", None));
        store.remove_language_model(mine, b.id).await.unwrap();
        let again = store.remove_language_model(mine, b.id).await;
        assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
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
