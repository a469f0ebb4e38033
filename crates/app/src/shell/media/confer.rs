//! Orders that bring the legs of one worker into a conference, and out of it.

use media::conference::Part;

use super::{
    RecordingFile,
    room::Room,
    worker::{Running, Tape, Worker},
};

/// Who is in a conference: the first is the leg of the person.
pub struct Members {
    /// The legs and what they hear.
    pub legs: Vec<(u64, Part)>,
    /// A voice agent listens to the person.
    pub has_agent: bool,
}

impl Worker<'_> {
    /// Makes these legs the conference of the first of them: others are out of it.
    pub(super) fn confer(&mut self, members: &Members) {
        let Some((person, _)) = members.legs.first() else {
            return;
        };
        self.gather(*person, members);
        let Some(slot) = self.slot_of(*person) else {
            return;
        };
        let first = slot.iter().find(|running| running.id == *person);
        let Some(first) = first else { return };
        let tick = first.tick;
        let room = first.seat.as_ref().map(|seat| seat.room().clone());
        let room = room.unwrap_or_else(Room::default);
        for running in slot {
            let is_person = running.id == *person;
            let member = members.legs.iter().find(|(id, _)| *id == running.id);
            match (member, &running.seat) {
                (Some((_, part)), Some(seat)) => {
                    seat.play_part(*part);
                    running.leg.confer(is_person && members.has_agent);
                }
                (Some((_, part)), None) => {
                    running.leg.confer(is_person && members.has_agent);
                    running.seat = room.seat(*part, is_person);
                    if let Some(seat) = &running.seat {
                        seat.hold(running.leg.is_away());
                    }
                    if !running.has_tape() {
                        running.tick = tick;
                    }
                }
                (None, Some(seat)) if seat.is_in(&room) => {
                    running.seat = None;
                    running.leg.part();
                }
                (None, _) => {}
            }
        }
    }

    /// Ends the conference of the person's leg: everybody is alone then.
    pub(super) fn disband(&mut self, person: u64) {
        let Some(slot) = self.slot_of(person) else {
            return;
        };
        let first = slot.iter().find(|running| running.id == person);
        let Some(room) = first
            .and_then(|first| first.seat.as_ref())
            .map(|seat| seat.room().clone())
        else {
            return;
        };
        for running in slot {
            if running.seat.as_ref().is_some_and(|seat| seat.is_in(&room)) {
                running.seat = None;
                running.leg.part();
            }
        }
    }

    /// Records a leg from now on, or what it is recorded in is silent from now on.
    pub(super) fn record(&mut self, id: u64, recorded: Recorded) {
        let Some(running) = self.find(id) else { return };
        match recorded {
            Recorded::In(file) => running.tape = Some(Tape::new(file)),
            Recorded::Heard(is_heard) => running.is_taped = is_heard,
        }
    }

    /// Brings the members into the slot of the person's leg: a slot ticks as one.
    fn gather(&mut self, person: u64, members: &Members) {
        for (id, _) in &members.legs {
            let is_there = |slot: &mut Vec<Running>| slot.iter().any(|it| it.id == *id);
            if self.slot_of(person).is_none_or(is_there) {
                continue;
            }
            if let Some(moved) = self.take(*id) {
                self.put(person, moved);
            }
        }
    }
}

/// Whether and how a leg is recorded.
pub enum Recorded {
    /// In this file.
    In(RecordingFile),
    /// With what its peer says, or with silence while nobody is to hear that.
    Heard(bool),
}
