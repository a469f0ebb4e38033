//! Runs stories on both databases.

use std::future::Future;

use store::{Database, SealKey, Store};
use testkit::postgres::Postgres;

/// A database of its own for one story.
#[derive(Clone)]
pub struct World {
    /// Open since before the story began.
    pub store: Store,
    /// To open it once more.
    pub database: Database,
}

/// The key of every story's database.
pub fn key() -> SealKey {
    SealKey::from_bytes([7; 32])
}

impl From<World> for Store {
    fn from(world: World) -> Self {
        world.store
    }
}

/// Tells a story on a new SQLite database.
pub fn on_sqlite<T: From<World>, F: Future<Output = ()>>(story: impl FnOnce(T) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("centre of calls.db");
    tell(Database::Sqlite { path }, story);
}

/// Tells a story on a new PostgreSQL database.
pub fn on_postgres<T: From<World>, F: Future<Output = ()>>(story: impl FnOnce(T) -> F) {
    let Some(server) = Postgres::shared() else {
        return;
    };
    let url = server.new_database().unwrap();
    tell(Database::Postgres { url }, story);
}

fn tell<T: From<World>, F: Future<Output = ()>>(database: Database, story: impl FnOnce(T) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Store::open(database.clone(), key()).await.unwrap();
        let world = World {
            store: store.clone(),
            database,
        };
        story(world.into()).await;
        store.close().await;
    });
}

/// Makes two tests of each story.
macro_rules! stories {
    ($($(#[$doc:meta])* async fn $name:ident($arg:ident: $Arg:ty) $body:block)*) => { $(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn story($arg: $Arg) $body

            #[test]
            fn on_sqlite() {
                crate::harness::on_sqlite(story);
            }

            #[test]
            fn on_postgres() {
                crate::harness::on_postgres(story);
            }
        }
    )* };
}

pub(crate) use stories;
