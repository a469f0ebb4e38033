//! The loop of one media worker.

use std::{
    net::{SocketAddr, UdpSocket},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use flume::{Receiver, TryRecvError};
use media::{
    FRAME, Frame, FrameKind, SILENT_FRAME,
    leg::{self, Event, Leg, RelayOut, TickOut},
    port::RTCP_MAX,
    recording::{CHUNK_LEN_MAX, ChunkBuilder},
};
use tokio::sync::mpsc;

use super::{
    MediaCounters, NewLeg, Order, RecordingFile, Report, RtpSockets,
    bridge::Bridge,
    connection::Connection,
    ear::Ear,
    prefetch::prefetch,
    room::Seat,
    socket::{Inbox, ReportPoll},
};

/// Slots of a tick: legs are spread over them.
const N_SLOTS: usize = 10;

/// Ticks between looks whether a leg's own report is due: reports are seconds apart.
const RTCP_TICKS: u32 = 5;

/// Ticks between looks for more than the one datagram that a tick finds of a stream in step: what
/// waits behind it, waits 100 ms at most.
const DRAIN_TICKS: u32 = 5;

/// A beginning of a slot later than this is counted.
const LATE: Duration = Duration::from_millis(5);

/// Runs legs until every sender of orders is gone.
pub fn run(orders: &Receiver<Order>, reports: ReportPoll, counters: &MediaCounters) {
    let mut worker = Worker::new(reports, counters);
    let slot_time = FRAME / N_SLOTS as u32;
    let mut next = Instant::now();
    loop {
        for slot_idx in 0..N_SLOTS {
            if worker.n_legs == 0 {
                // Nothing to do: wait for an order instead of the clock.
                let Ok(order) = orders.recv() else { return };
                worker.obey(order);
                next = Instant::now();
            }
            wait_until(next);
            worker.note_lateness(Instant::now().saturating_duration_since(next));
            loop {
                match orders.try_recv() {
                    Ok(order) => worker.obey(order),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            worker.read_reports();
            worker.tick(slot_idx);
            next += slot_time;
        }
    }
}

fn wait_until(at: Instant) {
    let wait = at.saturating_duration_since(Instant::now());
    if !wait.is_zero() {
        std::thread::sleep(wait);
    }
}

pub(super) struct Worker<'a> {
    slots: [Vec<Running>; N_SLOTS],
    n_legs: usize,
    inbox: Inbox,
    reports: ReportPoll,
    out: TickOut,
    relayed: RelayOut,
    /// The chunk that is being sealed.
    chunk: Vec<u8>,
    counters: &'a MediaCounters,
}

/// One leg with everything that belongs to it.
pub(super) struct Running {
    pub(super) id: u64,
    pub(super) leg: Leg,
    pub(super) sockets: RtpSockets,
    pub(super) connection: Connection,
    reports: mpsc::Sender<Report>,
    pub(super) tape: Option<Tape>,
    /// What its peer says is for the recording.
    pub(super) is_taped: bool,
    bridge: Option<Bridge>,
    pub(super) seat: Option<Seat>,
    ear: Ear,
    pub(super) tick: u32,
    /// The last look found one datagram.
    is_in_step: bool,
}

/// The recording of a leg on its way to the writer.
pub(super) struct Tape {
    file: RecordingFile,
    chunks: ChunkBuilder,
}

impl<'a> Worker<'a> {
    fn new(reports: ReportPoll, counters: &'a MediaCounters) -> Self {
        Self {
            slots: std::array::from_fn(|_| Vec::new()),
            n_legs: 0,
            inbox: Inbox::new(),
            reports,
            out: TickOut::new(),
            relayed: RelayOut::new(),
            chunk: Vec::with_capacity(CHUNK_LEN_MAX),
            counters,
        }
    }

    /// A panic ends the leg that the order was for.
    fn obey(&mut self, order: Order) {
        let id = order.leg();
        if catch_unwind(AssertUnwindSafe(|| self.carry_out(order))).is_err() {
            tracing::error!(leg = id, "a media leg has panicked");
            if let Some(running) = self.take(id) {
                running.send(Report::Failed, self.counters);
            }
        }
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Add(id, new) => self.add(id, *new),
            Order::Command(id, command) => {
                let is_other_stream = matches!(command, leg::Command::Follow(_));
                if let Some(running) = self.find(id) {
                    running.leg.command(command);
                    running.note_away();
                }
                if is_other_stream {
                    self.join_again(id);
                }
            }
            Order::Join(id, other) => self.join(id, other),
            Order::Confer(members) => self.confer(&members),
            Order::Disband(id) => self.disband(id),
            Order::Record(id, recorded) => self.record(id, *recorded),
            Order::Reseat(id, seat) => self.reseat(id, *seat),
            Order::Release(id, sockets) => {
                if let Some(released) = self.release(id) {
                    // Whoever asked may have gone; the sockets are closed then.
                    let _ = sockets.send(released);
                }
            }
            Order::Remove(id, stats) => {
                if let Some(running) = self.take(id) {
                    let (last, _) = running.finish();
                    let unauthentic = &self.counters.unauthentic;
                    unauthentic.fetch_add(last.unauthentic, Ordering::Relaxed);
                    // Whoever asked may have gone; the leg ends all the same.
                    let _ = stats.send(last);
                }
            }
        }
    }

    fn add(&mut self, id: u64, mut new: NewLeg) {
        self.watch(&new.sockets, id);
        let mut leg = Leg::new(new.settings, Instant::now());
        if let Some(kept) = new.sockets.kept.take() {
            leg.go_on(kept);
        }
        let running = Running {
            id,
            leg,
            sockets: new.sockets,
            connection: Connection::default(),
            reports: new.reports,
            tape: new.recording.map(Tape::new),
            is_taped: true,
            bridge: None,
            seat: None,
            ear: Ear::new(),
            tick: 0,
            is_in_step: false,
        };
        let emptiest = self.slots.iter_mut().min_by_key(|slot| slot.len());
        emptiest.expect("there are slots").push(running);
        self.n_legs += 1;
        self.take_early(id);
    }

    /// What came before the leg was answered belongs to nobody, but for the steps of a handshake: the peer
    /// makes its first one as soon as it has our answer.
    pub(super) fn take_early(&mut self, id: u64) {
        let now = Instant::now();
        let legs = &mut self.slots.iter_mut().flatten();
        let Some(running) = legs.find(|running| running.id == id) else {
            return;
        };
        let (leg, sockets) = (&mut running.leg, &running.sockets);
        self.inbox.drain(&sockets.rtp, |datagram, from| {
            leg.receive_early(datagram, from, now);
        });
        self.inbox.drain(&sockets.rtcp, |_, _| ());
        running.transmit(self.counters);
    }

    pub(super) fn watch(&self, sockets: &RtpSockets, id: u64) {
        if let Err(error) = self.reports.watch(&sockets.rtcp, id) {
            tracing::warn!(leg = id, %error, "RTCP of a leg is not heard");
        }
    }

    pub(super) fn forget(&self, sockets: &RtpSockets) {
        if let Err(error) = self.reports.forget(&sockets.rtcp) {
            tracing::warn!(%error, "RTCP of a leg that moves is still watched");
        }
    }

    /// Joins two legs, in the slot of the first.
    fn join(&mut self, id: u64, other: u64) {
        let Some(moved) = self.take(other) else {
            return;
        };
        self.n_legs += 1;
        let is_in = |slot: &&mut Vec<Running>| slot.iter().any(|running| running.id == id);
        let Some(slot) = self.slots.iter_mut().find(is_in) else {
            // The first is gone, and the call with it: the second is removed by the next order.
            self.slots[0].push(moved);
            return;
        };
        slot.push(moved);
        let Some(first_idx) = slot.iter().position(|running| running.id == id) else {
            return;
        };
        let last_idx = slot.len() - 1;
        if let Ok([a, b]) = slot.get_disjoint_mut([first_idx, last_idx]) {
            leg::join(&mut a.leg, &mut b.leg);
            a.bridge = Some(Bridge::new(b.id, a.leg.tracks(), b.leg.tracks()));
            b.bridge = Some(Bridge::new(a.id, b.leg.tracks(), a.leg.tracks()));
        }
    }

    /// What a leg's packets are has changed: the one that it is joined with makes something else of
    /// them.
    pub(super) fn join_again(&mut self, id: u64) {
        let is_in = |slot: &&mut Vec<Running>| slot.iter().any(|running| running.id == id);
        let Some(slot) = self.slots.iter_mut().find(is_in) else {
            return;
        };
        let Some(leg_idx) = slot.iter().position(|running| running.id == id) else {
            return;
        };
        // In a conference every leg has frames of its own.
        let is_apart = slot[leg_idx].seat.is_some();
        if let Some(other_idx) = other_idx(slot, leg_idx).filter(|_| !is_apart)
            && let Ok([a, b]) = slot.get_disjoint_mut([leg_idx, other_idx])
        {
            leg::join(&mut a.leg, &mut b.leg);
        }
    }

    pub(super) fn find(&mut self, id: u64) -> Option<&mut Running> {
        self.slots
            .iter_mut()
            .flatten()
            .find(|running| running.id == id)
    }

    /// The slot that a leg is in.
    pub(super) fn slot_of(&mut self, id: u64) -> Option<&mut Vec<Running>> {
        let is_in = |slot: &&mut Vec<Running>| slot.iter().any(|running| running.id == id);
        self.slots.iter_mut().find(is_in)
    }

    /// Puts a leg that was taken into the slot of another one.
    pub(super) fn put(&mut self, beside: u64, running: Running) {
        if let Some(slot) = self.slot_of(beside) {
            slot.push(running);
            self.n_legs += 1;
        }
    }

    pub(super) fn take(&mut self, id: u64) -> Option<Running> {
        for slot in &mut self.slots {
            if let Some(leg_idx) = slot.iter().position(|running| running.id == id) {
                self.n_legs -= 1;
                return Some(remove(slot, leg_idx));
            }
        }
        None
    }

    /// Gives legs the RTCP that has come for them.
    fn read_reports(&mut self) {
        for id in self.reports.ready() {
            let now = Instant::now();
            let found = self
                .slots
                .iter_mut()
                .flatten()
                .find(|running| running.id == id);
            if let Some(Running { leg, sockets, .. }) = found {
                self.inbox.drain(&sockets.rtcp, |datagram, from| {
                    leg.receive_rtcp(datagram, from, now);
                });
            }
        }
    }

    /// First takes what has come for every leg of the slot, then lets each hear and speak: the kernel
    /// does the same thing many times in a row, from warm caches.
    fn tick(&mut self, slot_idx: usize) {
        let n_legs = self.slots[slot_idx].len();
        let counters = self.counters;
        let (inbox, out, chunk) = (&mut self.inbox, &mut self.out, &mut self.chunk);
        let relayed = &mut self.relayed;
        let slot = &mut self.slots[slot_idx];
        let mut n_failed = each(slot, counters, |running, other| {
            running.read(other, inbox, relayed, counters);
        });
        n_failed += each(slot, counters, |running, other| {
            running.tick(other, out, chunk, counters);
        });
        self.n_legs -= n_failed;
        counters.ticks.fetch_add(n_legs as u64, Ordering::Relaxed);
    }

    fn note_lateness(&self, late: Duration) {
        if late > LATE {
            self.counters.late_slots.fetch_add(1, Ordering::Relaxed);
        }
        raise(
            &self.counters.late_max_us,
            u64::try_from(late.as_micros()).unwrap_or(u64::MAX),
        );
    }
}

/// Does the same for every leg, beside the one that it is joined with, and gives the number of those
/// that are no more: a leg is dropped if it panics, and what legs share is filled anew by the next one.
fn each(
    slot: &mut Vec<Running>,
    counters: &MediaCounters,
    mut step: impl FnMut(&mut Running, Option<&mut Running>),
) -> usize {
    let n_legs = slot.len();
    let mut leg_idx = 0;
    while leg_idx < slot.len() {
        if let Some(next) = slot.get(leg_idx + 1) {
            prefetch(next);
        }
        let other_idx = other_idx(slot, leg_idx);
        let done = catch_unwind(AssertUnwindSafe(|| match other_idx {
            None => step(&mut slot[leg_idx], None),
            Some(other_idx) => {
                let both = slot.get_disjoint_mut([leg_idx, other_idx]);
                let [running, other] = both.expect("two legs of one slot");
                step(running, Some(other));
            }
        }));
        if done.is_ok() {
            leg_idx += 1;
            continue;
        }
        let failed = remove(slot, leg_idx);
        tracing::error!(leg = failed.id, "a media leg has panicked");
        failed.send(Report::Failed, counters);
    }
    n_legs - slot.len()
}

/// Where the leg is that this one is joined with.
fn other_idx(slot: &mut [Running], leg_idx: usize) -> Option<usize> {
    let mut bridge = slot[leg_idx].bridge.take()?;
    let other_idx = bridge.find_other(slot.len(), |idx| slot[idx].id);
    slot[leg_idx].bridge = Some(bridge);
    other_idx.filter(|other_idx| *other_idx != leg_idx)
}

/// Takes a leg out of its slot; the one that it was joined with is alone then.
fn remove(slot: &mut Vec<Running>, leg_idx: usize) -> Running {
    let removed = slot.swap_remove(leg_idx);
    if let Some(bridge) = &removed.bridge
        && let Some(other) = slot.iter_mut().find(|other| other.id == bridge.other())
    {
        other.leg.part();
        other.bridge = None;
    }
    removed
}

/// Only this worker's thread raises the figure that often: a plain look first saves the write.
fn raise(figure: &AtomicU64, to: u64) {
    if figure.load(Ordering::Relaxed) < to {
        figure.fetch_max(to, Ordering::Relaxed);
    }
}

impl Tape {
    pub(super) fn new(file: RecordingFile) -> Self {
        Self {
            file,
            chunks: ChunkBuilder::new(),
        }
    }
}

impl Running {
    pub(super) fn has_tape(&self) -> bool {
        self.tape.is_some()
    }

    /// Its conference knows whether it takes part.
    fn note_away(&self) {
        if let Some(seat) = &self.seat {
            seat.hold(self.leg.is_away());
        }
    }

    fn tick(
        &mut self,
        other: Option<&mut Self>,
        out: &mut TickOut,
        chunk: &mut Vec<u8>,
        counters: &MediaCounters,
    ) {
        let now = Instant::now();
        if self.tick.is_multiple_of(RTCP_TICKS) {
            self.send_rtcp(now);
        }
        if let Some(seat) = &self.seat {
            seat.before(&mut self.leg);
        }
        self.leg.tick(now, out);
        if let Some(seat) = &self.seat {
            seat.after(&self.leg, out);
        }
        for datagram in out.datagrams() {
            self.send_rtp(datagram.bytes(), datagram.to, counters);
        }
        self.transmit(counters);
        if let Some(other) = other {
            other.hear(out);
        }
        self.tape(out, chunk);
        let heard = out.ears().unwrap_or(&SILENT_FRAME);
        self.report(heard, out, counters);
        self.tick = self.tick.wrapping_add(1);
    }

    /// What the tick of the leg brought that this one is joined with.
    fn hear(&mut self, others: &TickOut) {
        if let Some((_, frame)) = others.tap() {
            self.leg.hear_other(frame);
        }
        for event in others.events() {
            if let Event::Digit { digit, .. } = event {
                self.leg.other_pressed(digit);
            }
        }
        if let (Some(bridge), Some(recorded)) = (&mut self.bridge, others.recorded()) {
            bridge.note(&recorded.user);
        }
    }

    fn tape(&mut self, out: &TickOut, chunk: &mut Vec<u8>) {
        let (Some(tape), Some(recorded)) = (&mut self.tape, out.recorded()) else {
            return;
        };
        let mut both = self.bridge.as_mut().map(|bridge| bridge.recorded(recorded));
        if !self.is_taped {
            let mut silent = *recorded;
            silent.user.kind = FrameKind::Silence;
            both = Some(silent);
        }
        if tape
            .chunks
            .push(self.tick, both.as_ref().unwrap_or(recorded), chunk)
        {
            tape.file.append(chunk);
        }
    }

    /// Takes what has come, and passes it on to the leg that this one is joined with. A stream in step
    /// has one datagram for each tick: to take just that is cheaper than to ask for all, and whoever
    /// sends more or less is out of step at the next look.
    fn read(
        &mut self,
        other: Option<&mut Self>,
        inbox: &mut Inbox,
        relayed: &mut RelayOut,
        counters: &MediaCounters,
    ) {
        let now = Instant::now();
        let is_one_enough = self.is_in_step && !self.tick.is_multiple_of(DRAIN_TICKS);
        let (leg, socket) = (&mut self.leg, &self.sockets.rtp);
        let n = match other {
            None => take(inbox, socket, is_one_enough, |datagram, from| {
                leg.receive(datagram, from, now);
            }),
            Some(other) => take(inbox, socket, is_one_enough, |datagram, from| {
                leg.receive_and_pass(datagram, from, now, &mut |packet| {
                    if let Some(to) = other.leg.relay(packet, relayed) {
                        other.send_rtp(relayed.bytes(), to, counters);
                    }
                });
            }),
        };
        self.is_in_step = n == 1;
        if n > 0 {
            self.transmit(counters);
        }
        // A connected socket would not hear checks of other ways.
        let n_even = match self.leg.is_checked() {
            true => 0,
            false => n,
        };
        let remote = self.leg.remote();
        self.connection.follow(&self.sockets.rtp, n_even, remote);
    }

    /// Events in order; the sound of an utterance lies between its start and its stop.
    fn report(&mut self, heard: &Frame, out: &TickOut, counters: &MediaCounters) {
        let mut sound = self.ear.hear(heard);
        for event in out.events() {
            if let Event::SpeechStopped { .. } = event
                && let Some(rest) = sound.take().or_else(|| self.ear.stop())
            {
                self.send(Report::Sound(rest), counters);
            }
            if let Event::SpeechStopped { .. } = event {
                self.ear.rest();
            }
            self.send(Report::Event(event), counters);
            if let Event::SpeechStarted { .. } = event {
                sound = Some(self.ear.start());
            }
        }
        if let Some(frames) = sound {
            self.send(Report::Sound(frames), counters);
        }
    }

    fn send(&self, report: Report, counters: &MediaCounters) {
        if self.reports.try_send(report).is_err() {
            counters.reports_dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Says goodbye, and gives what is left.
    pub(super) fn finish(mut self) -> (media::port::Stats, RtpSockets) {
        let now = Instant::now();
        let mut packet = [0; RTCP_MAX];
        let len = self.leg.goodbye(now, &mut packet);
        if let Some(to) = self.leg.rtcp_remote() {
            // The peer notices the end by SIP; the farewell is a courtesy.
            let _ = self.report_socket().send_to(&packet[..len], to);
        }
        if let Some(mut tape) = self.tape {
            let mut chunk = Vec::new();
            if tape.chunks.flush(&mut chunk) {
                tape.file.append(&mut chunk);
            }
            tape.file.close();
        }
        self.sockets.kept = Some(self.leg.keep());
        (self.leg.stats(now), self.sockets)
    }
}

fn take(
    inbox: &mut Inbox,
    socket: &UdpSocket,
    is_one_enough: bool,
    receive: impl FnMut(&[u8], SocketAddr),
) -> usize {
    match is_one_enough {
        true => inbox.take(socket, receive),
        false => inbox.drain(socket, receive),
    }
}
