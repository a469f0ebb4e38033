//! Whole campaigns in simulated time.

use std::{collections::BTreeMap, time::Duration};

use model::*;
use proptest::prelude::*;

use super::*;

/// Wednesday, 1 January 2025, 00:00 in UTC.
const START: UnixMs = UnixMs(1_735_689_600_000);
const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;

#[test]
fn everybody_who_answers_is_called_once() {
    let mut list = List::new(campaign(), 5);
    list.run(|_| Dial::Takes(30, Disposition::Reached));
    assert_eq!(list.attempts_of_each(), [1, 1, 1, 1, 1]);
    assert_eq!(list.at_once_max, 2);
    assert_eq!(list.ended, Some(Want::Complete));
}

#[test]
fn whoever_does_not_answer_is_called_again_after_the_interval_and_given_up() {
    let mut list = List::new(campaign(), 1);
    list.run(|_| Dial::Takes(30, Disposition::NoAnswer));
    assert_eq!(list.attempts_of_each(), [3]);
    let waits: Vec<i64> = list.starts[&0]
        .windows(2)
        .map(|two| two[1] - two[0])
        .collect();
    assert!(
        waits.iter().all(|wait| *wait >= 10 * MINUTE + 30_000),
        "{waits:?}"
    );
    let failure = ContactFailure::Outcome(Disposition::NoAnswer);
    assert_eq!(list.contacts[0].failure, Some(failure));
}

#[test]
fn a_number_that_does_not_exist_is_called_once() {
    let mut list = List::new(campaign(), 1);
    list.run(|_| Dial::Takes(1, Disposition::EmptyNumber));
    assert_eq!(list.attempts_of_each(), [1]);
}

#[test]
fn a_day_has_so_many_attempts_and_the_next_day_goes_on() {
    let mut campaign = campaign();
    campaign.retry.attempts_per_day_max = 2;
    campaign.retry.attempts_max = 5;
    let mut list = List::new(campaign, 1);
    list.run(|_| Dial::Takes(30, Disposition::Busy));
    let days: Vec<i64> = list.starts[&0]
        .iter()
        .map(|at| (at - START.0) / DAY)
        .collect();
    assert_eq!(days, [0, 0, 1, 1, 2]);
}

#[test]
fn nobody_is_called_outside_the_hours() {
    let mut campaign = campaign();
    campaign.schedule.hours = vec![Hours {
        from: "09:00".parse().unwrap(),
        to: "09:01".parse().unwrap(),
    }];
    let mut list = List::new(campaign, 9);
    list.run(|_| Dial::Takes(30, Disposition::Reached));
    for at in list.starts.values().flatten() {
        let second = (at - START.0) % DAY / 1000;
        assert!((9 * 3600..9 * 3600 + 60).contains(&second), "{second}");
    }
    assert!(
        list.now.0 - START.0 > DAY,
        "nine calls of 30 s, two at once, take three minutes"
    );
    assert_eq!(list.ended, Some(Want::Complete));
}

#[test]
fn when_time_is_up_those_who_wait_have_failed() {
    let mut campaign = campaign();
    campaign.schedule.to = Some(UnixMs(START.0 + 15 * MINUTE));
    let mut list = List::new(campaign, 1);
    list.run(|_| Dial::Takes(30, Disposition::NoAnswer));
    assert_eq!(list.attempts_of_each(), [2]);
    assert_eq!(list.contacts[0].failure, Some(ContactFailure::TimeUp));
    assert_eq!(list.ended, Some(Want::Complete));
}

#[test]
fn busy_lines_cost_no_attempt() {
    let mut list = List::new(campaign(), 2);
    list.run(|n| match n {
        0..6 => Dial::NotDialed(Trouble::Busy),
        _ => Dial::Takes(30, Disposition::Reached),
    });
    assert!(list.contacts.iter().all(|contact| contact.n_attempts == 1));
    assert_eq!(list.ended, Some(Want::Complete));
}

#[test]
fn a_campaign_that_can_dial_nobody_pauses_itself_and_says_why() {
    let mut list = List::new(campaign(), 1);
    let why = "no usable caller number".to_owned();
    list.run(|_| Dial::NotDialed(Trouble::Blocked { why: why.clone() }));
    assert_eq!(list.ended, Some(Want::Pause { why }));
    assert!(list.now.since(START) >= BLOCKED_MAX);
    assert_eq!(list.contacts[0].n_attempts, 0);
}

#[test]
fn rules_that_forbid_a_call_cost_no_attempt_but_a_restricted_number_is_given_up() {
    let mut list = List::new(campaign(), 1);
    list.run(|n| match n {
        0 => Dial::Takes(0, Disposition::TooManyCalls),
        _ => Dial::Takes(0, Disposition::Reached),
    });
    assert_eq!(list.contacts[0].n_attempts, 1);
    let mut list = List::new(campaign(), 1);
    list.run(|_| Dial::Takes(0, Disposition::Restricted));
    assert_eq!(list.contacts[0].state, ContactState::Failed);
}

#[test]
fn who_is_taken_off_during_an_attempt_is_off_unless_they_answered() {
    for (disposition, expected) in [
        (Disposition::NoAnswer, ContactState::Canceled),
        (Disposition::Reached, ContactState::Reached),
    ] {
        let mut contact = contact(0);
        contact.then = Some(ContactState::Canceled);
        let day = (START, UnixMs(START.0 + DAY));
        let settled = settle(&contact, disposition.into(), &campaign(), day, START);
        assert_eq!(settled.state, expected);
    }
}

#[test]
fn who_answered_is_dialled_again_after_a_call_with_the_tag_that_is_named() {
    let mut campaign = campaign();
    campaign.retry.attempts_max = 2;
    campaign.retry.again_on = vec![RetryTag {
        name: "wish".into(),
        value: "later".into(),
    }];
    let day = (START, UnixMs(START.0 + DAY));
    let after = |contact: &Contact, value: &str| {
        let tags = [("wish".to_owned(), value.to_owned())];
        let ended = Ended {
            disposition: Disposition::Reached,
            tags: &tags,
        };
        settle(contact, ended, &campaign, day, START)
    };
    let again = after(&contact(0), "later");
    assert_eq!((again.state, again.n_attempts), (ContactState::Waiting, 1));
    assert_eq!(again.next_at, START.plus(campaign.retry.interval));
    assert_eq!(after(&contact(0), "never").state, ContactState::Reached);
    let mut tried = contact(0);
    tried.n_attempts = 1;
    assert_eq!(after(&tried, "later").state, ContactState::Reached);
    let mut taken_off = contact(0);
    taken_off.then = Some(ContactState::Canceled);
    assert_eq!(after(&taken_off, "later").state, ContactState::Reached);
}

#[test]
fn a_single_attempt_is_not_repeated() {
    let mut single = contact(0);
    single.is_single = true;
    let day = (START, UnixMs(START.0 + DAY));
    let settled = settle(
        &single,
        Disposition::OutsideHours.into(),
        &campaign(),
        day,
        START,
    );
    assert_eq!(settled.state, ContactState::Failed);
}

/// What comes of one attempt after the other, again and again: an index of the dispositions, or 11
/// for lines that were busy. At least one attempt is made: a campaign whose lines are busy for
/// ever waits for ever, as it should.
fn luck() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0usize..12, 1..40).prop_filter("some line is free some day", |luck| {
        luck.iter().any(|n| *n != 11)
    })
}

proptest! {
    /// Whatever comes of attempts, the rules hold and everybody is settled in the end.
    #[test]
    fn no_luck_breaks_the_rules(
        at_once in 1u32..5,
        n_contacts in 1usize..12,
        per_day in 1u32..4,
        attempts_max in 1u32..6,
        luck in luck(),
        ends_on_day in prop::option::of(0i64..4),
    ) {
        let mut campaign = campaign();
        campaign.pacing = Pacing::AtOnce(at_once);
        campaign.retry.attempts_per_day_max = per_day;
        campaign.retry.attempts_max = attempts_max;
        campaign.schedule.to = ends_on_day.map(|day| UnixMs(START.0 + day * DAY + DAY / 2));
        campaign.schedule.hours = vec![Hours {
            from: "09:00".parse().unwrap(),
            to: "17:00".parse().unwrap(),
        }];
        let end = campaign.schedule.to;
        let mut list = List::new(campaign, n_contacts);
        list.run(|n| match luck[n % luck.len()] {
            11 => Dial::NotDialed(Trouble::Busy),
            other => Dial::Takes(20, Disposition::ALL[other]),
        });
        prop_assert_eq!(&list.ended, &Some(Want::Complete));
        prop_assert!(list.at_once_max <= at_once);
        for (contact, starts) in &list.starts {
            for at in starts {
                let second = (at - START.0) % DAY / 1000;
                prop_assert!((9 * 3600..17 * 3600).contains(&second));
                prop_assert!(end.is_none_or(|end| *at < end.0));
            }
            let settled = &list.contacts[*contact];
            prop_assert!(settled.n_attempts <= attempts_max);
        }
        for contact in &list.contacts {
            prop_assert!(!matches!(contact.state, ContactState::Waiting | ContactState::Dialing));
        }
    }
}

/// What comes of an attempt.
enum Dial {
    Takes(i64, Disposition),
    NotDialed(Trouble),
}

/// A campaign, its contacts, and a clock.
struct List {
    campaign: CampaignDraft,
    contacts: Vec<Contact>,
    runner: Runner,
    now: UnixMs,
    under_way: Vec<(UnixMs, usize, Disposition)>,
    starts: BTreeMap<usize, Vec<i64>>,
    at_once_max: u32,
    n_dials: usize,
    ended: Option<Want>,
}

impl List {
    fn new(campaign: CampaignDraft, n_contacts: usize) -> Self {
        Self {
            runner: Runner::new(campaign.pacing, START),
            contacts: (0..n_contacts).map(contact).collect(),
            campaign,
            now: START,
            under_way: Vec::new(),
            starts: BTreeMap::new(),
            at_once_max: 0,
            n_dials: 0,
            ended: None,
        }
    }

    fn run(&mut self, dial: impl Fn(usize) -> Dial) {
        for _ in 0..100_000 {
            self.end_attempts();
            let look = self.look();
            self.runner.handle(&look, self.now);
            while let Some(want) = self.runner.poll() {
                match want {
                    Want::Start { n } => (0..n).for_each(|_| self.start(&dial)),
                    Want::Expire => self.expire(),
                    Want::Complete | Want::Pause { .. } => self.ended = Some(want),
                }
            }
            if self.ended.is_some() {
                return;
            }
            let (look_at, _) = self.runner.poll_timeout();
            let next_end = self.under_way.iter().map(|(at, ..)| *at).min();
            self.now = next_end
                .map_or(look_at, |end| end.min(look_at))
                .max(self.now);
        }
        panic!("the campaign does not end: {:?}", self.look());
    }

    fn calendars(&self) -> Calendars {
        let local = self.local();
        Calendars {
            own: local,
            tenants: local,
        }
    }

    fn local(&self) -> Local {
        let day = (self.now.0 - START.0) / DAY;
        Local {
            weekday: Weekday::ALL[usize::try_from((day + 2) % 7).unwrap()],
            day_of_month: u8::try_from(day % 28 + 1).unwrap(),
            second_of_day: u32::try_from((self.now.0 - START.0) % DAY / 1000).unwrap(),
            midnight: UnixMs(START.0 + day * DAY),
            next_midnight: UnixMs(START.0 + (day + 1) * DAY),
        }
    }

    fn look(&self) -> Look {
        let count = |state| {
            let n = self
                .contacts
                .iter()
                .filter(|contact| contact.state == state)
                .count();
            i64::try_from(n).unwrap()
        };
        let waiting = self
            .contacts
            .iter()
            .filter(|c| c.state == ContactState::Waiting);
        Look {
            window: window(&self.campaign.schedule, &[], &self.calendars(), self.now),
            progress: CampaignProgress {
                waiting: count(ContactState::Waiting),
                dialing: count(ContactState::Dialing),
                paused: count(ContactState::Paused),
                reached: count(ContactState::Reached),
                failed: count(ContactState::Failed),
                canceled: count(ContactState::Canceled),
            },
            next_due: waiting.map(|contact| contact.next_at).min(),
            room: u32::MAX,
        }
    }

    fn start(&mut self, dial: &impl Fn(usize) -> Dial) {
        let due = |contact: &Contact| {
            contact.state == ContactState::Waiting && contact.next_at <= self.now
        };
        let Some(idx) = self.contacts.iter().position(due) else {
            return;
        };
        let n = self.n_dials;
        self.n_dials += 1;
        match dial(n) {
            Dial::NotDialed(trouble) => self.runner.not_dialed(trouble, self.now),
            Dial::Takes(second, disposition) => {
                self.runner.dialed();
                self.contacts[idx].state = ContactState::Dialing;
                self.starts.entry(idx).or_default().push(self.now.0);
                let end = self
                    .now
                    .plus(Duration::from_secs(u64::try_from(second).unwrap()));
                self.under_way.push((end, idx, disposition));
                let n_now = u32::try_from(self.under_way.len()).unwrap();
                self.at_once_max = self.at_once_max.max(n_now);
            }
        }
    }

    fn end_attempts(&mut self) {
        let local = self.local();
        let (over, under_way) = self
            .under_way
            .drain(..)
            .partition(|(at, ..)| *at <= self.now);
        self.under_way = under_way;
        let over: Vec<(UnixMs, usize, Disposition)> = over;
        for (_, idx, disposition) in over {
            let day = (local.midnight, local.next_midnight);
            let contact = &mut self.contacts[idx];
            let settled = settle(contact, disposition.into(), &self.campaign, day, self.now);
            contact.state = settled.state;
            contact.failure = settled.failure;
            contact.n_attempts = settled.n_attempts;
            contact.n_attempts_day = settled.n_attempts_day;
            contact.day_began_at = settled.day_began_at;
            contact.next_at = settled.next_at;
        }
    }

    fn expire(&mut self) {
        for contact in &mut self.contacts {
            if matches!(contact.state, ContactState::Waiting | ContactState::Paused) {
                contact.state = ContactState::Failed;
                contact.failure = Some(ContactFailure::TimeUp);
            }
        }
    }

    fn attempts_of_each(&self) -> Vec<usize> {
        self.starts.values().map(Vec::len).collect()
    }
}

fn campaign() -> CampaignDraft {
    CampaignDraft {
        name: "Reminders".into(),
        description: String::new(),
        voice_agent: VoiceAgentId(1),
        callers: Vec::new(),
        recall_callers: Vec::new(),
        is_urgent: false,
        ring_time_max: None,
        pacing: Pacing::AtOnce(2),
        reserved: 0,
        schedule: Schedule::default(),
        retry: RetryRules::default(),
        notes: String::new(),
    }
}

fn contact(n: usize) -> Contact {
    Contact {
        id: ContactId(n.to_string()),
        campaign: CampaignId("c".into()),
        tenant: TenantId(1),
        settings: ContactDraft {
            numbers: vec![E164::parse("+8613800138000", "86").unwrap()],
            name: String::new(),
            reference: String::new(),
            callers: Vec::new(),
            variables: Vec::new(),
            notes: String::new(),
        },
        state: ContactState::Waiting,
        then: None,
        failure: None,
        n_attempts: 0,
        n_attempts_day: 0,
        day_began_at: UnixMs(0),
        next_at: START,
        is_single: false,
        created_at: START,
        updated_at: START,
    }
}
