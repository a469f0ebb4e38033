//! Opening, upgrading, backing up.

use std::path::Path;

use store::{Database, SealKey, Store, StoreError};

use crate::{
    fixtures::*,
    harness::{World, key, on_sqlite, stories},
};

stories! {
    async fn a_second_start_continues_with_the_same_data(world: World) {
        let tenant = tenant(&world.store).await;
        ended_call(&world.store, tenant, "c1", T0).await;
        world.store.close().await;
        let store = Store::open(world.database, key()).await.unwrap();
        assert_eq!(store.last_seq().await.unwrap(), 4);
        ended_call(&store, tenant, "c2", T0).await;
        assert_eq!(store.last_seq().await.unwrap(), 8);
        store.check().await.unwrap();
    }

    async fn starts_at_the_same_time_agree(world: World) {
        let starts = [(); 3].map(|()| {
            let database = world.database.clone();
            tokio::spawn(async move { Store::open(database, key()).await.map(|_| ()) })
        });
        for start in starts {
            start.await.unwrap().unwrap();
        }
    }

    async fn one_process_at_a_time_owns_a_database(world: World) {
        let owner = world.store.own(&world.database).await.unwrap();
        let beside = Store::open(world.database.clone(), key()).await.unwrap();
        let refused = beside.own(&world.database).await.map(|_| ());
        let Err(StoreError::InUse { by }) = refused else {
            panic!("{refused:?}")
        };
        assert!(by.contains(&std::process::id().to_string()), "{by}");
        drop(owner);
        beside.own(&world.database).await.unwrap();
        beside.close().await;
    }

    async fn another_key_does_not_open_the_database(world: World) {
        let wrong = Store::open(world.database, SealKey::from_bytes([8; 32])).await;
        assert!(matches!(wrong.map(|_| ()), Err(StoreError::WrongSealKey)));
    }

    async fn a_newer_schema_is_refused(world: World) {
        run(&world.database, "INSERT INTO schema_version (version) VALUES (1000)").await;
        let refused = Store::open(world.database, key()).await.map(|_| ());
        assert!(
            matches!(refused, Err(StoreError::NewerSchema { found: 1000, .. })),
            "{refused:?}"
        );
    }

    async fn text_with_a_nul_is_refused_alike(store: Store) {
        let refused = store.create_tenant("a\0b", "86", "UTC", T0).await;
        assert!(matches!(refused, Err(StoreError::Misuse { .. })), "{refused:?}");
    }

    async fn a_row_that_we_did_not_write_is_an_error(world: World) {
        let tenant = tenant(&world.store).await;
        let call = ended_call(&world.store, tenant, "c1", T0).await;
        run(&world.database, "UPDATE call SET body = '{'").await;
        let damaged = world.store.call_any(&call.id).await;
        assert!(matches!(damaged, Err(StoreError::Corrupt { what: "call", .. })));
    }
}

#[test]
fn a_backup_is_a_database() {
    on_sqlite(async |world: World| {
        let tenant = tenant(&world.store).await;
        let call = ended_call(&world.store, tenant, "c1", T0).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy.db");
        world.store.backup_to(&path).await.unwrap();
        let again = world.store.backup_to(&path).await;
        assert!(
            matches!(again, Err(StoreError::Conflict { .. })),
            "{again:?}"
        );
        let copy = Store::open(Database::Sqlite { path }, key()).await.unwrap();
        assert_eq!(copy.call_any(&call.id).await.unwrap(), call);
    });
}

#[test]
fn the_database_file_is_private() {
    use std::os::unix::fs::PermissionsExt as _;

    on_sqlite(async |world: World| {
        tenant(&world.store).await;
        let Database::Sqlite { path } = &world.database else {
            panic!("expected a file");
        };
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(path), 0o600);
        assert_eq!(mode(&path.with_extension("db-wal")), 0o600);
    });
}

/// Runs a statement behind the store's back.
async fn run(database: &Database, statement: &'static str) {
    use sqlx::Connection as _;

    let url = match database {
        Database::Sqlite { path } => format!("sqlite:{}", path.display()),
        Database::Postgres { url } => url.clone(),
    };
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(statement)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}
