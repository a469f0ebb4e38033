//! What a worker keeps of legs that are in one conference.
//!
//! All of them lie in one slot, and count their ticks alike, so that their recordings have one clock.

use std::{cell::RefCell, rc::Rc};

use media::{
    FrameKind, SILENT_FRAME,
    conference::{Conference, Part},
    leg::{Leg, TickOut},
};

/// A conference of legs of one worker.
#[derive(Clone, Default)]
pub struct Room(Rc<RefCell<Conference>>);

/// A leg's seat in a conference; dropping it leaves.
pub struct Seat {
    room: Room,
    idx: usize,
    /// What is played to its peer is for the others, too: the leg of the person, whom a voice agent
    /// talks with.
    shares_playout: bool,
}

impl Room {
    /// A seat in it; `None` if all are taken.
    pub fn seat(&self, part: Part, shares_playout: bool) -> Option<Seat> {
        Some(Seat {
            idx: self.0.borrow_mut().sit(part)?,
            room: self.clone(),
            shares_playout,
        })
    }

    fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Seat {
    /// Where it is.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Whether it is in this one.
    pub fn is_in(&self, room: &Room) -> bool {
        self.room.is(room)
    }

    /// Whoever sits there is heard otherwise from now on.
    pub fn play_part(&self, part: Part) {
        self.room.0.borrow_mut().play_part(self.idx, part);
    }

    /// Whoever sits there holds, or goes on.
    pub fn hold(&self, is_held: bool) {
        self.room.0.borrow_mut().hold(self.idx, is_held);
    }

    /// Before the leg's tick: what it is to send of the others.
    pub fn before(&self, leg: &mut Leg) {
        let mut mix = SILENT_FRAME;
        let is_any = self.room.0.borrow_mut().hear(self.idx, &mut mix);
        leg.hear_mix(is_any.then_some(&mix));
    }

    /// After it: what the others are to hear of it.
    pub fn after(&self, leg: &Leg, out: &TickOut) {
        let mut conference = self.room.0.borrow_mut();
        if let Some((kind, frame)) = out.tap() {
            conference.said(self.idx, *kind, frame);
        }
        if let Some(recorded) = out.recorded().filter(|_| self.shares_playout)
            && recorded.agent.kind == FrameKind::Audio
        {
            let mut frame = SILENT_FRAME;
            leg.tracks()
                .decode_into(&recorded.agent.payload, &mut frame);
            conference.played(self.idx, FrameKind::Audio, &frame);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.room.0.borrow_mut().leave(self.idx);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_free_again_when_its_leg_is_gone() {
        let room = Room::default();
        let seats: Vec<_> = (0..8)
            .map(|_| room.seat(Part::Inside, false).unwrap())
            .collect();
        assert!(room.seat(Part::Inside, false).is_none());
        assert!(seats[3].is_in(&room) && !seats[3].is_in(&Room::default()));
        drop(seats);
        assert!(room.seat(Part::Inside, false).is_some());
    }
}
