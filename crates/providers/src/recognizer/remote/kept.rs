//! Connections that wait for the next utterance of their leg.

use std::{
    collections::BTreeMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, task::JoinHandle};

use crate::speech::socket::{Socket, Wire};

/// How often a connection is kept alive: Deepgram asks for every 3 to 5 s.
const ALIVE_EVERY: Duration = Duration::from_secs(4);

/// How long one is kept without word of ours: DashScope closes after a minute.
const MUTE_MAX: Duration = Duration::from_secs(50);

/// How long one is kept at all.
const KEPT_MAX: Duration = Duration::from_secs(600);

/// The connections of one leg, at most one for each recognizer.
#[derive(Default)]
pub(super) struct KeptSockets(Mutex<BTreeMap<usize, Keeper>>);

/// A task that looks after a connection until it is taken back. Dropping it closes it.
struct Keeper {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Option<Socket>>,
}

impl KeptSockets {
    /// Keeps a connection, saying `alive` now and then.
    pub fn keep(&self, idx: usize, socket: Socket, alive: Option<Wire>) {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(look_after(socket, alive, stopped));
        let keeper = Keeper { stop, task };
        let before = self.keepers().insert(idx, keeper);
        drop(before);
    }

    /// The connection, if it is still open.
    pub async fn take(&self, idx: usize) -> Option<Socket> {
        let keeper = self.keepers().remove(&idx)?;
        // One that has ended by itself has nothing to give back.
        let _ = keeper.stop.send(());
        keeper.task.await.ok().flatten()
    }

    fn keepers(&self) -> std::sync::MutexGuard<'_, BTreeMap<usize, Keeper>> {
        self.0.lock().expect("no panic under this lock")
    }
}

async fn look_after(
    mut socket: Socket,
    alive: Option<Wire>,
    mut stopped: oneshot::Receiver<()>,
) -> Option<Socket> {
    let since = Instant::now();
    let (every, most) = match alive {
        Some(_) => (ALIVE_EVERY, KEPT_MAX),
        None => (MUTE_MAX, MUTE_MAX),
    };
    loop {
        tokio::select! {
            stopped = &mut stopped => return stopped.is_ok().then_some(socket),
            wire = socket.next() => {
                // Words that come late belong to nobody.
                wire?.ok()?;
            }
            () = tokio::time::sleep(every) => {
                if since.elapsed() >= most {
                    return None;
                }
                if let Some(alive) = &alive {
                    socket.send(alive.clone()).await.ok()?;
                }
            }
        }
    }
}
