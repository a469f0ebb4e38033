//! A database that fails gives an error in time.

use std::{
    future::Future,
    net::TcpListener,
    time::{Duration, Instant},
};

use store::{Database, Store, StoreError};
use testkit::postgres::Postgres;

use crate::{
    child,
    fixtures::*,
    harness::{World, key, on_sqlite, stories},
};

/// What callers are promised, with room for a busy machine.
const PATIENCE: Duration = Duration::from_secs(15);

stories! {
    async fn a_closed_store_is_unavailable(store: Store) {
        let tenant = tenant(&store).await;
        store.close().await;
        unavailable(store.tenant(tenant).await);
        unavailable(store.set_setting("x", "1").await);
    }
}

#[test]
fn a_server_that_stops_makes_the_store_unavailable() {
    if Postgres::shared().is_none() {
        return;
    }
    let server = Postgres::start().unwrap();
    let url = server.new_database().unwrap();
    block_on(async {
        let store = Store::open(Database::Postgres { url }, key())
            .await
            .unwrap();
        let tenant = tenant(&store).await;
        drop(server);
        let begun = Instant::now();
        unavailable(store.tenant(tenant).await);
        unavailable(store.check().await);
        assert!(begun.elapsed() < PATIENCE);
    });
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let url = format!("postgres://postgres@127.0.0.1:{port}/centre");
    block_on(async {
        let begun = Instant::now();
        unavailable(
            Store::open(Database::Postgres { url }, key())
                .await
                .map(|_| ()),
        );
        assert!(begun.elapsed() < PATIENCE);
    });
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    block_on(async {
        let path = "/nowhere/at/all/centre.db".into();
        unavailable(
            Store::open(Database::Sqlite { path }, key())
                .await
                .map(|_| ()),
        );
    });
}

#[test]
fn a_file_that_is_no_database_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.db");
    std::fs::write(&path, "Dear Sir or Madam, ".repeat(100)).unwrap();
    block_on(async {
        let opened = Store::open(Database::Sqlite { path }, key())
            .await
            .map(|_| ());
        assert!(
            matches!(opened, Err(StoreError::Corrupt { .. })),
            "{opened:?}"
        );
    });
}

#[test]
fn a_full_disk_is_an_error_and_loses_nothing() {
    on_sqlite(async |world: World| {
        let tenant = tenant(&world.store).await;
        let call = ended_call(&world.store, tenant, "c1", T0).await;
        world.store.close().await;
        let done = child::within_2_mb("failure::fills_the_disk", &world.database)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        let store = Store::open(world.database, key()).await.unwrap();
        assert_eq!(store.call_any(&call.id).await.unwrap(), call);
    });
}

/// Runs in the child of the test above, where files end at 2 MB.
#[test]
fn fills_the_disk() {
    let Some(database) = child::database() else {
        return;
    };
    block_on(async {
        let store = Store::open(database, key()).await.unwrap();
        let value = "x".repeat(100_000);
        let mut last = Ok(());
        for n in 0..100 {
            last = store.set_setting(&n.to_string(), &value).await;
            if last.is_err() {
                break;
            }
        }
        unavailable(last);
        unavailable(store.set_setting("again", &value).await);
        assert_eq!(store.setting("0").await.unwrap(), Some(value));
    });
}

fn unavailable<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    let error = result.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    assert!(error.is_transient());
}

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().unwrap().block_on(work);
}
