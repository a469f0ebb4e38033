//! Moves RTP: worker threads of their own, a call pinned to one of them.
//!
//! A worker polls the sockets of its legs on the tick, gives datagrams and time to each
//! [`media::leg::Leg`], and sends, records and forwards what comes out. Legs are spread over the
//! 20 ms tick in slots of 2 ms, so that packets leave evenly. Nothing on the path of a packet
//! allocates, locks or logs; full queues drop and count.
//!
//! A panic in one leg ends that leg, not the worker. Workers run before other threads where the
//! system permits.
//!
//! Two legs of a call may hear each other: they lie on one worker and in one slot, and what one takes
//! the other sends at once.
//!
//! Three and more are in a conference: each sends the sum of the others.
//!
//! What a leg reports goes to the call's task in one bounded queue, in order: events, and the
//! caller's sound while the caller speaks.

mod bridge;
mod confer;
mod connection;
mod ear;
mod identity;
mod prefetch;
mod priority;
mod recorder;
mod room;
mod seats;
mod sending;
mod socket;
mod worker;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use confer::Recorded;
use media::{Frame, conference::Part, leg, security::Identity};
use tokio::sync::{mpsc, oneshot};

pub use confer::Members;
pub use priority::raise as raise_priority;
pub use recorder::{Recorder, RecordingFile};
pub use seats::Seat;
pub use socket::RtpSockets;

/// Orders that may wait for a worker; beyond it an order is refused.
const ORDERS_MAX: usize = 8192;

/// Reports that may wait for a call's task; beyond it they are dropped and counted.
pub const REPORTS_MAX: usize = 256;

/// What a worker reports to a call's task.
#[derive(Debug)]
pub enum Report {
    /// Something happened on the leg.
    Event(leg::Event),
    /// What the caller said: only while the caller speaks, with 300 ms from before.
    Sound(Vec<Frame>),
    /// The leg broke down and is gone: we are broken.
    Failed,
}

/// A leg to run.
pub struct NewLeg {
    /// What was negotiated.
    pub settings: leg::LegSettings,
    /// Its sockets, bound before the SDP was sent.
    pub sockets: RtpSockets,
    /// Where its reports go.
    pub reports: mpsc::Sender<Report>,
    /// Where it is recorded.
    pub recording: Option<RecordingFile>,
}

/// An order to a worker.
enum Order {
    Add(u64, Box<NewLeg>),
    Command(u64, leg::Command),
    /// Lets the second leg hear the first, and the other way round.
    Join(u64, u64),
    /// Lets these hear each other, and nobody else.
    Confer(Members),
    /// Ends the conference of this leg.
    Disband(u64),
    Record(u64, Box<Recorded>),
    /// Lets a leg go on with another peer.
    Reseat(u64, Box<Seat>),
    /// Ends a leg whose peer goes on elsewhere.
    Release(u64, oneshot::Sender<RtpSockets>),
    Remove(u64, oneshot::Sender<media::port::Stats>),
}

impl Order {
    /// The leg that it is for.
    fn leg(&self) -> u64 {
        match self {
            Self::Add(id, _)
            | Self::Command(id, _)
            | Self::Join(_, id)
            | Self::Disband(id)
            | Self::Record(id, _)
            | Self::Reseat(id, _)
            | Self::Release(id, _)
            | Self::Remove(id, _) => *id,
            Self::Confer(members) => members.legs.first().map_or(u64::MAX, |(id, _)| *id),
        }
    }
}

/// Figures of all workers, for metrics. Only ever grow.
#[derive(Debug, Default)]
pub struct MediaCounters {
    /// Ticks of legs that ran.
    pub ticks: AtomicU64,
    /// Slots that began more than 5 ms late.
    pub late_slots: AtomicU64,
    /// Latest beginning of a slot so far, µs.
    pub late_max_us: AtomicU64,
    /// Reports that a call's task was too slow for.
    pub reports_dropped: AtomicU64,
    /// Datagrams that the kernel did not take.
    pub send_failures: AtomicU64,
    /// Datagrams of encrypted legs that were not authentic; counted at their end.
    pub unauthentic: AtomicU64,
}

/// The media workers of this process.
pub struct MediaPool {
    workers: Vec<flume::Sender<Order>>,
    counters: Arc<MediaCounters>,
    identity: Arc<Identity>,
    next_leg: AtomicU64,
    next_turn: AtomicUsize,
    ports: socket::PortRange,
    local_ip: IpAddr,
    n_legs: Arc<AtomicUsize>,
}

/// A running leg. Dropping it removes the leg.
pub struct LegHandle {
    id: u64,
    orders: flume::Sender<Order>,
    n_legs: Arc<AtomicUsize>,
    removed: bool,
}

impl MediaPool {
    /// Starts `n_workers` threads (at least 1). Sockets are bound on `local_ip` in
    /// `ports` (first and last socket port; `None` lets the kernel choose).
    pub fn start(
        n_workers: usize,
        local_ip: IpAddr,
        ports: Option<(u16, u16)>,
    ) -> io::Result<Self> {
        let counters = Arc::new(MediaCounters::default());
        let workers = (0..n_workers.max(1))
            .map(|worker_idx| {
                let (orders, inbox) = flume::bounded(ORDERS_MAX);
                let counters = Arc::clone(&counters);
                let reports = socket::ReportPoll::new()?;
                std::thread::Builder::new()
                    .name(format!("media-{worker_idx}"))
                    .spawn(move || {
                        if let Err(error) = raise_priority() {
                            tracing::info!(%error, "media runs at the priority of everything else");
                        }
                        worker::run(&inbox, reports, &counters);
                    })?;
                Ok(orders)
            })
            .collect::<io::Result<_>>()?;
        Ok(Self {
            workers,
            counters,
            identity: Arc::new(identity::new()?),
            next_leg: AtomicU64::new(0),
            next_turn: AtomicUsize::new(0),
            ports: socket::PortRange::new(ports),
            local_ip,
            n_legs: Arc::new(AtomicUsize::new(0)),
        })
    }

    /// Binds the sockets of a leg to come, so that their address can stand in the SDP.
    pub fn bind(&self) -> io::Result<RtpSockets> {
        self.ports.bind(self.local_ip)
    }

    /// Starts a leg on the worker whose turn it is.
    ///
    /// # Errors
    ///
    /// Fails when the worker's queue is full: the machine is overloaded.
    pub fn add(&self, leg: NewLeg) -> io::Result<LegHandle> {
        let turn = self.next_turn.fetch_add(1, Ordering::Relaxed);
        let orders = self.workers[turn % self.workers.len()].clone();
        self.add_on(orders, leg)
    }

    /// Starts a leg of the same call on the worker of `beside`, so that the two can be joined.
    ///
    /// # Errors
    ///
    /// As [`MediaPool::add`].
    pub fn add_beside(&self, beside: &LegHandle, leg: NewLeg) -> io::Result<LegHandle> {
        self.add_on(beside.orders.clone(), leg)
    }

    fn add_on(&self, orders: flume::Sender<Order>, leg: NewLeg) -> io::Result<LegHandle> {
        let id = self.next_leg.fetch_add(1, Ordering::Relaxed);
        orders
            .try_send(Order::Add(id, Box::new(leg)))
            .map_err(|_| io::Error::other("media worker is overloaded"))?;
        self.n_legs.fetch_add(1, Ordering::Relaxed);
        Ok(LegHandle {
            id,
            orders,
            n_legs: Arc::clone(&self.n_legs),
            removed: false,
        })
    }

    /// The certificate of all handshakes of media.
    pub fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// Figures of all workers.
    pub fn counters(&self) -> &MediaCounters {
        &self.counters
    }

    /// Legs that run now.
    pub fn n_legs(&self) -> usize {
        self.n_legs.load(Ordering::Relaxed)
    }
}

impl LegHandle {
    /// Gives the leg an order; it takes effect at its next tick. An overloaded worker loses it,
    /// which the conversation's deadlines notice.
    pub fn command(&self, command: leg::Command) {
        if self
            .orders
            .try_send(Order::Command(self.id, command))
            .is_err()
        {
            tracing::warn!(
                leg = self.id,
                "media worker is overloaded, an order was lost"
            );
        }
    }

    /// Lets this leg and `other`, which was added beside it, hear each other until one of them is
    /// removed. What is recorded is what both of their peers say.
    ///
    /// # Errors
    ///
    /// Fails when the worker's queue is full: the machine is overloaded.
    pub fn join(&self, other: &LegHandle) -> io::Result<()> {
        self.orders
            .try_send(Order::Join(self.id, other.id))
            .map_err(|_| io::Error::other("media worker is overloaded"))
    }

    /// Makes these legs, which were added beside this one, its conference: it plays the part of the
    /// person, and whoever is not named is out of it. `has_agent`: what the person says is waited for.
    ///
    /// # Errors
    ///
    /// Fails when the worker's queue is full: the machine is overloaded.
    pub fn confer(&self, others: &[(&LegHandle, Part)], has_agent: bool) -> io::Result<()> {
        let others = others.iter().map(|(leg, part)| (leg.id, *part));
        let legs = std::iter::once((self.id, Part::Outside)).chain(others);
        self.order(Order::Confer(Members {
            legs: legs.collect(),
            has_agent,
        }))
    }

    /// Ends the conference of this leg: nobody in it hears anybody.
    ///
    /// # Errors
    ///
    /// As [`LegHandle::confer`].
    pub fn disband(&self) -> io::Result<()> {
        self.order(Order::Disband(self.id))
    }

    /// Records what the leg's peer says, on the clock of the conference that it is in.
    ///
    /// # Errors
    ///
    /// As [`LegHandle::confer`].
    pub fn record(&self, file: RecordingFile) -> io::Result<()> {
        self.order(Order::Record(self.id, Box::new(Recorded::In(file))))
    }

    /// Whether what the peer says is for the recording; silence stands there otherwise.
    ///
    /// # Errors
    ///
    /// As [`LegHandle::confer`].
    pub fn record_heard(&self, is_heard: bool) -> io::Result<()> {
        self.order(Order::Record(self.id, Box::new(Recorded::Heard(is_heard))))
    }

    fn order(&self, order: Order) -> io::Result<()> {
        self.orders
            .try_send(order)
            .map_err(|_| io::Error::other("media worker is overloaded"))
    }

    /// Lets the leg go on with another peer: its recording, what it plays and whom it is joined with
    /// stay.
    ///
    /// # Errors
    ///
    /// Fails when the worker's queue is full: the machine is overloaded.
    pub fn reseat(&self, seat: Seat) -> io::Result<()> {
        self.orders
            .try_send(Order::Reseat(self.id, Box::new(seat)))
            .map_err(|_| io::Error::other("media worker is overloaded"))
    }

    /// Ends the leg as [`remove`](Self::remove) does, and gives its sockets to whoever goes on with its
    /// peer; `None` if it broke down.
    pub async fn release(mut self) -> Option<RtpSockets> {
        self.removed = true;
        self.n_legs.fetch_sub(1, Ordering::Relaxed);
        let (sockets, answer) = oneshot::channel();
        self.orders
            .try_send(Order::Release(self.id, sockets))
            .ok()?;
        answer.await.ok()
    }

    /// Ends the leg, says goodbye by RTCP, seals its recording, and returns its statistics.
    pub async fn remove(mut self) -> Option<media::port::Stats> {
        self.removed = true;
        self.n_legs.fetch_sub(1, Ordering::Relaxed);
        let (stats, answer) = oneshot::channel();
        self.orders.try_send(Order::Remove(self.id, stats)).ok()?;
        answer.await.ok()
    }
}

impl Drop for LegHandle {
    fn drop(&mut self) {
        if !self.removed {
            self.n_legs.fetch_sub(1, Ordering::Relaxed);
            let (stats, _) = oneshot::channel();
            // A full queue here means a worker that is gone or drowning; its legs time out.
            let _ = self.orders.try_send(Order::Remove(self.id, stats));
        }
    }
}

/// Where the peer must send media: the address in our SDP.
pub fn advertised(sockets: &RtpSockets, public_ip: Option<IpAddr>) -> SocketAddr {
    let local = sockets.local();
    SocketAddr::new(public_ip.unwrap_or(local.ip()), local.port())
}

#[cfg(test)]
mod tests;
