//! Stories of conferences, tick by tick: everybody hums a tone of their own.

use super::*;
use crate::tone;

/// Samples of a whole number of periods of every tone here.
const SPAN: usize = 8_000;

/// A conference and what each seat heard, from its beginning.
struct Table {
    conference: Conference,
    people: Vec<Person>,
    n_ticks: usize,
}

struct Person {
    seat: Option<usize>,
    hum: Vec<i16>,
    heard: Vec<i16>,
}

impl Table {
    /// People with these parts, each with a tone of 300, 400, 500 Hz …, as loud as `peak`.
    fn of(parts: &[Part], peak: f32) -> Self {
        let mut conference = Conference::new();
        let people = parts.iter().enumerate().map(|(n, part)| {
            let mut hum = Vec::new();
            tone::tone(&mut hum, hz(n) as f32, peak, 4_000);
            Person {
                seat: conference.sit(*part),
                hum,
                heard: Vec::new(),
            }
        });
        Self {
            people: people.collect(),
            conference,
            n_ticks: 0,
        }
    }

    fn tick(&mut self) {
        let at = self.n_ticks * FRAME_SAMPLES;
        for person in &mut self.people {
            let mut frame = [0; FRAME_SAMPLES];
            if let Some(seat) = person.seat {
                self.conference.hear(seat, &mut frame);
                let hum = person.hum[at..at + FRAME_SAMPLES].try_into().unwrap();
                self.conference.said(seat, FrameKind::Audio, &hum);
            }
            person.heard.extend(frame);
        }
        self.n_ticks += 1;
    }

    /// A second and more, and who hears whom in its last second.
    fn who_hears_whom(&mut self) -> Vec<Vec<usize>> {
        for _ in 0..55 {
            self.tick();
        }
        self.people
            .iter()
            .map(|person| {
                let last = &person.heard[person.heard.len() - SPAN..];
                let is_heard = |n: &usize| level(last, hz(*n)) > 1_000.0;
                (0..self.people.len()).filter(is_heard).collect()
            })
            .collect()
    }
}

fn hz(n: usize) -> f64 {
    300.0 + 100.0 * n as f64
}

/// How loud a tone is in samples, by correlation.
fn level(samples: &[i16], hz: f64) -> f64 {
    let (mut re, mut im) = (0.0, 0.0);
    for (n, &sample) in samples.iter().enumerate() {
        let turn = std::f64::consts::TAU * hz * n as f64 / 8_000.0;
        re += f64::from(sample) * turn.cos();
        im += f64::from(sample) * turn.sin();
    }
    2.0 * re.hypot(im) / samples.len() as f64
}

/// The largest step between two samples.
fn step(samples: &[i16]) -> u16 {
    let steps = samples.windows(2).map(|pair| pair[0].abs_diff(pair[1]));
    steps.max().unwrap_or(0)
}

use Part::{Barging, Inside, Listening, Outside, Whispering};

#[test]
fn each_hears_all_others_and_not_itself() {
    let mut table = Table::of(&[Outside, Inside, Inside], 4_000.0);
    assert_eq!(table.who_hears_whom(), [[1, 2], [0, 2], [0, 1]]);
    for (n, person) in table.people.iter().enumerate() {
        let last = &person.heard[person.heard.len() - SPAN..];
        assert!(level(last, hz(n)) < 20.0, "{n} hears itself");
        for other in (0..3).filter(|other| *other != n) {
            let loud = level(last, hz(other));
            assert!((loud - 4_000.0).abs() < 100.0, "{loud}");
        }
    }
}

#[test]
fn eight_fit_and_a_ninth_does_not() {
    let mut table = Table::of(&[Inside; SEATS_MAX], 3_000.0);
    assert_eq!(table.conference.sit(Inside), None);
    for (n, heard) in table.who_hears_whom().into_iter().enumerate() {
        let others: Vec<_> = (0..SEATS_MAX).filter(|other| *other != n).collect();
        assert_eq!(heard, others);
    }
    assert_eq!(table.conference.n_seats(), SEATS_MAX);
}

#[test]
fn supervisors_are_heard_by_nobody_by_the_house_or_by_all() {
    for (part, by) in [
        (Listening, vec![]),
        (Whispering, vec![1]),
        (Barging, vec![0, 1]),
    ] {
        let mut table = Table::of(&[Outside, Inside, part], 4_000.0);
        let heard = table.who_hears_whom();
        let by_whom: Vec<usize> = (0..2).filter(|n| heard[*n].contains(&2)).collect();
        assert_eq!(by_whom, by, "{part:?}");
        assert_eq!(heard[2], [0, 1], "whoever listens hears all: {part:?}");
    }
}

#[test]
fn coming_going_and_other_parts_make_no_click() {
    let mut table = Table::of(&[Outside, Inside, Whispering], 4_000.0);
    for tick in 0..100 {
        match tick {
            20 => table.conference.play_part(2, Barging),
            33 => table.conference.play_part(2, Listening),
            47 => table.conference.play_part(2, Barging),
            60 => {
                table.conference.leave(2);
                table.people[2].seat = None;
            }
            73 => table.people[2].seat = table.conference.sit(Inside),
            _ => {}
        }
        table.tick();
    }
    // Two tones of 400 and 500 Hz have no larger steps than these, and a cut would be thousands.
    let (of_400, of_500) = (4_000.0 * 0.314, 4_000.0 * 0.393);
    let largest = (of_400 + of_500) as u16 + 60;
    let heard = &table.people[0].heard[FRAME_SAMPLES * 2..];
    assert!(step(heard) <= largest, "{} > {largest}", step(heard));
    let last = &heard[heard.len() - SPAN / 4..];
    assert!(level(last, hz(2)) > 3_500.0, "heard again");
}

#[test]
fn a_voice_agent_is_heard_by_those_it_is_not_played_to() {
    let mut conference = Conference::new();
    let [person, expert] = [Outside, Inside].map(|part| conference.sit(part).unwrap());
    let said = [5_000; FRAME_SAMPLES];
    for _ in 0..3 {
        let mut frame = [0; FRAME_SAMPLES];
        assert!(!conference.hear(person, &mut frame), "not twice");
        conference.played(person, FrameKind::Audio, &said);
        conference.hear(expert, &mut frame);
    }
    let mut frame = [0; FRAME_SAMPLES];
    assert!(conference.hear(expert, &mut frame));
    assert_eq!(frame[100], 5_000);
}

#[test]
fn silence_is_not_added() {
    let mut conference = Conference::new();
    let [a, b] = [Inside, Inside].map(|part| conference.sit(part).unwrap());
    let mut frame = [1; FRAME_SAMPLES];
    for kind in [FrameKind::Audio, FrameKind::Silence, FrameKind::Gap] {
        conference.said(b, kind, &[-8; FRAME_SAMPLES]);
        assert!(!conference.hear(a, &mut frame));
        assert!(!conference.hear(b, &mut frame));
        assert_eq!(frame, [0; FRAME_SAMPLES]);
    }
}

#[test]
fn loud_people_together_are_limited_and_not_cut() {
    let mut table = Table::of(&[Inside; 4], 20_000.0);
    table.who_hears_whom();
    let heard = &table.people[0].heard[SPAN / 8..];
    let peak = heard.iter().map(|s| s.unsigned_abs()).max().unwrap();
    assert!(peak < 32_000, "{peak}");
    let n_cut = heard.iter().filter(|s| s.unsigned_abs() > 29_100).count();
    assert!(n_cut < heard.len() / 100, "{n_cut} of {}", heard.len());
}

#[test]
fn the_order_in_which_seats_are_served_may_change() {
    let mut conference = Conference::new();
    let seats = [Inside, Inside].map(|part| conference.sit(part).unwrap());
    let mut heard = Vec::new();
    for tick in 0..10_i16 {
        let order = if tick % 2 == 0 { [0, 1] } else { [1, 0] };
        for n in order {
            let mut frame = [0; FRAME_SAMPLES];
            conference.hear(seats[n], &mut frame);
            if n == 0 {
                heard.push(frame[FRAME_SAMPLES - 1]);
            }
            let level = if n == 1 { 100 * (tick + 1) } else { 0 };
            conference.said(seats[n], FrameKind::Audio, &[level; FRAME_SAMPLES]);
        }
    }
    assert_eq!(heard, [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
}
