//! Speech services: recognizers and speakers elsewhere.

use store::{Paging, SpeechServiceDraft, Store, StoreError};

use crate::{fixtures::*, harness::stories};

fn draft(name: &str, key: Option<&str>) -> SpeechServiceDraft {
    SpeechServiceDraft {
        name: name.into(),
        settings: "{}".into(),
        key: key.map(Into::into),
    }
}

stories! {
    async fn a_speech_service_reads_back_as_it_was_written(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        let made = store.create_speech_service(mine, &draft("ear", Some("sk")), T0).await.unwrap();
        let open = store.create_speech_service(mine, &draft("voice", None), T0).await.unwrap();
        assert_eq!(store.speech_service(mine, made.id).await.unwrap(), made);
        assert_eq!(made.settings.key.as_deref(), Some("sk"));
        let named = store.speech_service_named(mine, "voice").await.unwrap();
        assert_eq!(named, Some(open.clone()));
        assert_eq!(store.speech_service_named(theirs, "voice").await.unwrap(), None);
        let page = store.speech_services(mine, Paging::first(9)).await.unwrap();
        assert_eq!(page.items, [made.clone(), open]);
        let hidden = store.speech_service(theirs, made.id).await;
        assert!(matches!(hidden, Err(StoreError::NotFound { .. })), "{hidden:?}");
    }

    async fn a_name_of_a_speech_service_is_taken_once_in_a_tenant(store: Store) {
        let (mine, theirs) = (tenant(&store).await, tenant(&store).await);
        store.create_speech_service(mine, &draft("a", None), T0).await.unwrap();
        store.create_speech_service(theirs, &draft("a", None), T0).await.unwrap();
        let b = store.create_speech_service(mine, &draft("b", Some("k")), T0).await.unwrap();
        let second = store.create_speech_service(mine, &draft("a", None), T0).await;
        assert!(matches!(second, Err(StoreError::Conflict { .. })), "{second:?}");
        let renamed = store.update_speech_service(mine, b.id, &draft("a", None)).await;
        assert!(matches!(renamed, Err(StoreError::Conflict { .. })), "{renamed:?}");
        let changed = store.update_speech_service(mine, b.id, &draft("c", None)).await.unwrap();
        assert_eq!(changed.settings, draft("c", None));
        store.remove_speech_service(mine, b.id).await.unwrap();
        let again = store.remove_speech_service(mine, b.id).await;
        assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
    }
}
