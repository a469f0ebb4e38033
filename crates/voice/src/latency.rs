//! Where the time between the caller's last sound and the reply went.
//!
//! [`Marks`] are set as a turn passes its stations; a [`Breakdown`] is what lies between them.
//! Its parts always add up to the total, so that no wait is left unexplained.

use std::time::{Duration, Instant};

use crate::turn::Turn;

/// The stations of one turn, from the packet with the caller's last sound to the first packet of the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// The packet with the caller's last sound.
    last_packet: Instant,
    endpoint: Instant,
    recognized: Instant,
    /// The thinker's first decision, whatever it was.
    pub first_decision: Option<Instant>,
    /// The first line it decided to say.
    pub first_line: Option<Instant>,
    /// The first samples of that line.
    pub speech_ready: Option<Instant>,
}

/// One reply's voice latency in parts that add up to `total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// From the packet with the caller's last sound to the decision that the turn is over.
    pub endpointing: Duration,
    /// What the recognizer needed beyond that.
    pub recognizer: Duration,
    /// From the question to the thinker's first decision (a streaming model's first token).
    pub first_decision: Duration,
    /// From there to the first line it decided to say.
    pub thinker: Duration,
    /// From that line to its first samples; zero if they were made beforehand.
    pub speaker: Duration,
    /// From the first samples to the first packet on the wire.
    pub queue: Duration,
    /// From the caller's last packet with sound to the first one of the reply.
    pub total: Duration,
}

impl Marks {
    /// The stations that the turn has passed when the thinker is asked.
    pub fn new(turn: &Turn) -> Self {
        Self {
            last_packet: turn.last_voice,
            endpoint: turn.endpoint,
            recognized: turn.recognized,
            first_decision: None,
            first_line: None,
            speech_ready: None,
        }
    }

    /// The turn that was thought about early is over.
    pub fn confirmed(&mut self, turn: &Turn) {
        self.last_packet = turn.last_voice;
        self.endpoint = turn.endpoint;
        self.recognized = turn.recognized;
    }

    /// The parts, once the first packet left at `first_packet`. A station that was not passed, or
    /// that lies before the one it follows, takes no time.
    pub fn breakdown(&self, first_packet: Instant) -> Breakdown {
        let mut at = self.last_packet;
        let mut part = |station: Option<Instant>| {
            let station = station.unwrap_or(at).clamp(at, first_packet.max(at));
            let part = station - at;
            at = station;
            part
        };
        Breakdown {
            endpointing: part(Some(self.endpoint)),
            recognizer: part(Some(self.recognized)),
            first_decision: part(self.first_decision),
            thinker: part(self.first_line),
            speaker: part(self.speech_ready),
            queue: part(Some(first_packet)),
            total: at - self.last_packet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::turn::Words;

    #[test]
    fn each_part_lies_between_two_stations() {
        let parts = breakdown([700, 800, 1100, 1200, 1350, 1360].map(Some));

        assert_eq!(
            parts.map(|part| part.as_millis()),
            [700, 100, 300, 100, 150, 10, 1360]
        );
    }

    #[test]
    fn stations_passed_early_or_never_take_no_time() {
        // The words were there before the endpoint, and the sound needed no speaker.
        let parts = breakdown([Some(700), Some(300), None, Some(720), None, Some(740)]);

        assert_eq!(
            parts.map(|part| part.as_millis()),
            [700, 0, 0, 20, 0, 20, 740]
        );
    }

    /// Times in ms after the packet with the last sound.
    fn breakdown(stations: [Option<u64>; 6]) -> [Duration; 7] {
        let last_voice = Instant::now();
        let at = |ms: Option<u64>| ms.map(|ms| last_voice + Duration::from_millis(ms));
        let [
            endpoint,
            recognized,
            first_decision,
            first_line,
            speech_ready,
            first_packet,
        ] = stations.map(at);
        let turn = Turn {
            words: Words::Unclear,
            last_voice,
            endpoint: endpoint.unwrap(),
            recognized: recognized.unwrap(),
        };
        let mut marks = Marks::new(&turn);
        marks.first_decision = first_decision;
        marks.first_line = first_line;
        marks.speech_ready = speech_ready;
        let it = marks.breakdown(first_packet.unwrap());
        let parts = [it.endpointing, it.recognizer, it.first_decision, it.thinker];
        let [a, b, c, d] = parts;
        [a, b, c, d, it.speaker, it.queue, it.total]
    }
}
