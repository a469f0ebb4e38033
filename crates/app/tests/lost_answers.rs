//! A database whose answer is lost: what was committed is there once, however often the centre asks.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[allow(dead_code, reason = "this test needs a part of it")]
mod world;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use model::EndCause;
use testkit::postgres::Postgres;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use world::World;

const MENU: &str = r#"{
    "language": "en",
    "voice": "kal",
    "greeting": "Please press one or two.",
    "replies": [{"words": ["one"], "keys": ["1"], "say": "Thank you.", "then": "hang_up"}],
    "goodbye": "Goodbye."
}"#;

/// Answers of commits that are lost in one call.
const LOST: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn an_event_whose_commit_was_not_answered_is_written_once() {
    let Some(server) = Postgres::shared() else {
        return;
    };
    let url = server.new_database().unwrap();
    let (host, name) = url.rsplit_once('/').unwrap();
    let (user, real) = host.rsplit_once('@').unwrap();
    let proxy = Proxy::start(real.parse().unwrap()).await;
    let url = format!("{user}@{}/{name}", proxy.address);
    let folder = tempfile::tempdir().unwrap();
    let world = World::on(store::Database::Postgres { url }, folder, MENU).await;
    let id = world.call().await;

    let ringing = world.phone.rings().await;
    proxy.to_lose.store(LOST, Ordering::SeqCst);
    let mut phone = world.phone.answer(&ringing).await;
    phone.hears_a_line().await;
    phone.press("1");
    phone.is_hung_up().await;
    let call = world.until(&id, |call| call.recordings.len() == 2).await;

    assert_eq!(proxy.to_lose.load(Ordering::SeqCst), 0, "answers were lost");
    assert_eq!(call.cause, Some(EndCause::AgentFinished));
    let events = world.app.store().events(&id, 0, 1000).await.unwrap();
    let texts: Vec<String> = events
        .iter()
        .map(|stamped| format!("{:?} {:?}", stamped.at, stamped.event))
        .collect();
    let mut once = texts.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), texts.len(), "{texts:#?}");
    let numbers: Vec<i64> = events.iter().map(|stamped| stamped.n).collect();
    assert_eq!(numbers, (1..=call.n_events).collect::<Vec<_>>());
    let of_kind = |kind: &str| texts.iter().filter(|text| text.contains(kind)).count();
    assert_eq!(
        (of_kind(" Answered"), of_kind(" Ended")),
        (1, 1),
        "{texts:#?}"
    );
}

/// Stands between the centre and its database.
struct Proxy {
    address: SocketAddr,
    /// Commits that reach the database while their answers are lost with the connection.
    to_lose: Arc<AtomicUsize>,
}

impl Proxy {
    async fn start(database: SocketAddr) -> Self {
        let listener = TcpListener::bind((world::LOOPBACK, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let to_lose = Arc::<AtomicUsize>::default();
        let losing = Arc::clone(&to_lose);
        tokio::spawn(async move {
            while let Ok((centre, _)) = listener.accept().await {
                let database = TcpStream::connect(database).await.unwrap();
                // Ends with either connection.
                tokio::spawn(pass(centre, database, Arc::clone(&losing)));
            }
        });
        Self { address, to_lose }
    }
}

async fn pass(
    mut centre: TcpStream,
    mut database: TcpStream,
    to_lose: Arc<AtomicUsize>,
) -> std::io::Result<()> {
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            n = centre.read(&mut asked) => {
                let n = n?;
                if n == 0 {
                    return Ok(());
                }
                database.write_all(&asked[..n]).await?;
                let commits = asked[..n].windows(6).any(|word| word == b"COMMIT");
                let less = |left: usize| left.checked_sub(1);
                if commits && to_lose.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok() {
                    // It has taken effect once the database answers. Both connections end here.
                    let n = database.read(&mut answered).await?;
                    assert_ne!(n, 0, "the commit was answered");
                    return Ok(());
                }
            }
            n = database.read(&mut answered) => {
                let n = n?;
                if n == 0 {
                    return Ok(());
                }
                centre.write_all(&answered[..n]).await?;
            }
        }
    }
}
