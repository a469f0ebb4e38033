//! Values of the installation.

use store::Store;

use crate::harness::stories;

stories! {
    async fn a_value_is_set_read_and_removed(store: Store) {
        assert_eq!(store.setting("x").await.unwrap(), None);
        for value in ["1", "2"] {
            store.set_setting("x", value).await.unwrap();
            assert_eq!(store.setting("x").await.unwrap().as_deref(), Some(value));
        }
        store.remove_setting("x").await.unwrap();
        store.remove_setting("x").await.unwrap();
        assert_eq!(store.setting("x").await.unwrap(), None);
    }

    async fn the_first_value_stays(store: Store) {
        assert_eq!(store.setting_or("x", "1").await.unwrap(), "1");
        assert_eq!(store.setting_or("x", "2").await.unwrap(), "1");
    }

    async fn a_value_is_taken_once_by_who_knows_it(store: Store) {
        store.set_setting("setup", "hash").await.unwrap();
        assert!(!store.take_setting("setup", "guess").await.unwrap());
        assert!(store.take_setting("setup", "hash").await.unwrap());
        assert!(!store.take_setting("setup", "hash").await.unwrap());
    }
}
