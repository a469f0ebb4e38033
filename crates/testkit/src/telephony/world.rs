//! Parties, the network between them, and time.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use sip::{
    Command, Input, Output, Transport,
    sdp::{Codec, Direction},
};

use super::{Network, Party, Weather};

/// One tick of media.
const TICK: Duration = Duration::from_millis(20);

/// Something that a party is to do at its time.
#[derive(Debug)]
pub enum Plan {
    /// A command to its endpoint.
    Command(Command),
    /// Calls somebody.
    Call(SocketAddr),
    /// Offers these codecs and this direction in its call.
    Offer(Vec<Codec>, Direction),
    /// Ends its call.
    HangUp,
}

/// See the module.
pub struct World {
    /// Time now.
    pub now: Instant,
    /// When it began.
    pub begin: Instant,
    /// Everybody.
    pub parties: Vec<Party>,
    /// Between them.
    pub network: Network,
    plans: BTreeMap<(Instant, u64), (usize, Plan)>,
    n_plans: u64,
    tick_at: Instant,
}

impl World {
    /// A world in which nothing has happened yet.
    #[must_use]
    pub fn new(seed: u64, weather: Weather, parties: Vec<Party>) -> Self {
        let begin = Instant::now();
        Self {
            now: begin,
            begin,
            parties,
            network: Network::new(seed, weather),
            plans: BTreeMap::new(),
            n_plans: 0,
            tick_at: begin + TICK,
        }
    }

    /// Has a party do something `after` now.
    pub fn plan(&mut self, party: usize, after: Duration, plan: Plan) {
        self.n_plans += 1;
        let at = self.now + after;
        self.plans.insert((at, self.n_plans), (party, plan));
    }

    /// Lets time pass.
    pub fn run(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(at) = self.next().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.step();
        }
        self.now = until;
    }

    /// Legs and transactions that are left in memory, of everybody.
    #[must_use]
    pub fn left_over(&self) -> usize {
        let of = |party: &Party| {
            let (n_legs, n_transactions) = party.endpoint.n_legs_and_transactions();
            n_legs + n_transactions
        };
        self.parties.iter().map(of).sum()
    }

    fn next(&self) -> Option<Instant> {
        let endpoints = self
            .parties
            .iter()
            .filter_map(|party| party.endpoint.poll_timeout().map(|(at, _)| at));
        let plan = self.plans.keys().next().map(|(at, _)| *at);
        let tick = self.parties.iter().any(Party::sounds);
        endpoints
            .chain(plan)
            .chain(self.network.next())
            .chain(tick.then_some(self.tick_at))
            .min()
    }

    /// Does the one thing that is due.
    fn step(&mut self) {
        if let Some(entry) = self.plans.first_entry()
            && entry.key().0 <= self.now
        {
            let (party, plan) = entry.remove();
            return self.carry_out(party, plan);
        }
        if let Some(datagram) = self.network.take(self.now) {
            return self.arrive(datagram.from, datagram.to, datagram.bytes);
        }
        if self.tick_at <= self.now {
            self.tick_at = self.now + TICK;
            return self.tick();
        }
        for party in 0..self.parties.len() {
            let due = self.parties[party].endpoint.poll_timeout();
            if due.is_some_and(|(at, _)| at <= self.now) {
                self.give(party, Input::Timeout);
            }
        }
    }

    fn carry_out(&mut self, idx: usize, plan: Plan) {
        let party = &mut self.parties[idx];
        let command = match plan {
            Plan::Command(command) => Some(command),
            Plan::Call(to) => Some(party.call(to)),
            Plan::Offer(codecs, direction) => party.offer(&codecs, direction),
            Plan::HangUp => party.leg.map(|leg| Command::HangUp { leg, reason: None }),
        };
        if let Some(command) = command {
            self.give(idx, Input::Command(command));
        }
    }

    fn arrive(&mut self, from: SocketAddr, to: SocketAddr, bytes: Vec<u8>) {
        for idx in 0..self.parties.len() {
            let party = &mut self.parties[idx];
            if party.address == to {
                let link = party.link(from);
                return self.give(idx, Input::Received { link, bytes });
            }
            if party.rtp() == to {
                return party.receive(&bytes, from, self.now);
            }
        }
    }

    fn tick(&mut self) {
        for idx in 0..self.parties.len() {
            let from = self.parties[idx].rtp();
            if let Some((to, bytes)) = self.parties[idx].tick(self.now) {
                self.network.send(from, to, &bytes, self.now);
            }
        }
    }

    fn give(&mut self, idx: usize, input: Input) {
        let party = &mut self.parties[idx];
        party.endpoint.handle(input, self.now);
        let outputs: Vec<Output> = std::iter::from_fn(|| party.endpoint.poll()).collect();
        for output in outputs {
            match output {
                Output::Send { link, bytes, .. } => {
                    assert_eq!(link.transport, Transport::Udp, "no streams here");
                    let from = self.parties[idx].address;
                    self.network.send(from, link.remote, &bytes, self.now);
                }
                Output::Event(event) => {
                    for (after, command) in self.parties[idx].told(event, self.now) {
                        self.plan(idx, after, Plan::Command(command));
                    }
                }
            }
        }
    }
}
