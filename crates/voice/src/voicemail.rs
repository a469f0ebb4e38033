//! Whether a person or a machine has answered.
//!
//! [`Answerer`] hears when speech begins and ends after the answer, its words, and tones. A machine
//! gives itself away by a beep, by what it says, or by talking on; a person says a word or two and
//! waits. Methods and times are those of the field: Asterisk's `app_amd` (silence after a greeting
//! 800 ms), LiveKit (a person's greeting is at most 2.5 s), jambonz (nine words are a machine, a
//! message begins 1 s after the beep, 2 s after a greeting without one, nothing is decided after
//! 20 s).
//!
//! It decides; what follows (hanging up, leaving a message) is the conversation's business.
//!
//! # Invariants
//!
//! - A machine is found once. A person can turn out to be a machine by its beep or its words only:
//!   telephones that screen calls begin like people.

use std::time::{Duration, Instant};

use crate::wording;

/// Silence after the first words after which a person waits for an answer.
const PERSON_SILENCE: Duration = Duration::from_millis(800);

/// The longest greeting of a person.
const PERSON_GREETING_MAX: Duration = Duration::from_millis(2500);

/// Speech without a pause of [`PERSON_SILENCE`] that only machines make.
const MACHINE_GREETING_MIN: Duration = Duration::from_secs(4);

/// Words of a greeting that only machines say.
const MACHINE_WORDS_MIN: usize = 9;

/// Nothing is decided later than this after the answer.
const DECIDE_MAX: Duration = Duration::from_secs(20);

/// The longest wait for the beep of a machine.
const BEEP_WAIT_MAX: Duration = Duration::from_secs(20);

/// Silence after a beep before the message.
const AFTER_BEEP: Duration = Duration::from_secs(1);

/// Silence after a greeting without a beep before the message.
const AFTER_GREETING: Duration = Duration::from_secs(2);

/// What only machines say, folded.
const MACHINE_PHRASES: &[&str] = &[
    "leave a message",
    "leave your message",
    "leave me a message",
    "after the tone",
    "after the beep",
    "at the tone",
    "record your message",
    "please state your name",
    "请留言",
    "嘀声",
    "滴声",
    "提示音后",
    "deje un mensaje",
    "laissez un message",
    "hinterlassen sie",
    "メッセージをどうぞ",
    "삐 소리",
];

/// What machines say in a greeting, and people later in a conversation: that somebody is not
/// available, that a phone is off. Chinese networks say the latter when it is.
const GREETING_PHRASES: &[&str] = &[
    "voicemail",
    "voice mail",
    "mailbox",
    "not available",
    "unavailable to take",
    "cannot take your call",
    "cant take your call",
    "is not in service",
    "留言",
    "语音信箱",
    "暂时无法接通",
    "已关机",
    "无人接听",
    "正在通话中",
    "请稍后再拨",
    "您拨打的",
];

/// What a machine gave itself away by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A tone.
    Beep,
    /// Words that only machines say, or too many of them.
    Words,
    /// A greeting without pauses that is too long for a person.
    LongGreeting,
}

/// What was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A person.
    Person,
    /// A machine.
    Machine(Sign),
    /// The machine listens: a message can be left now.
    MessageTime,
}

/// Listens to whoever has answered.
#[derive(Debug)]
pub struct Answerer {
    answered: Instant,
    is_person: bool,
    machine: Option<Instant>,
    /// First sound of the greeting: speech whose pauses are shorter than [`PERSON_SILENCE`].
    greeting: Option<Instant>,
    speaking: bool,
    last_voice: Option<Instant>,
    words: String,
    beeped: Option<Instant>,
    is_done: bool,
}

impl Answerer {
    /// Somebody has answered.
    pub fn new(answered: Instant) -> Self {
        Self {
            answered,
            is_person: false,
            machine: None,
            greeting: None,
            speaking: false,
            last_voice: None,
            words: String::new(),
            beeped: None,
            is_done: false,
        }
    }

    /// Speech began.
    pub fn speech_started(&mut self, at: Instant) {
        self.speaking = true;
        let is_pause = |last: Instant| at.saturating_duration_since(last) < PERSON_SILENCE;
        if !self.last_voice.is_some_and(is_pause) {
            self.greeting = Some(at);
        }
    }

    /// Speech ended.
    pub fn speech_stopped(&mut self, last_voice: Instant) {
        self.speaking = false;
        self.last_voice = Some(last_voice);
    }

    /// Words were recognized, finally or not.
    pub fn said(&mut self, text: &str, is_final: bool, now: Instant) -> Option<Finding> {
        let said = wording::fold(&format!("{} {text}", self.words));
        let has = |phrases: &[&str]| phrases.iter().any(|phrase| said.contains(phrase));
        let is_telling = has(MACHINE_PHRASES) || (!self.is_person && has(GREETING_PHRASES));
        let is_long = wording::n_words(&wording::fold(text)) >= MACHINE_WORDS_MIN
            && !self.is_person
            && self.greeting_lasted(now) > PERSON_GREETING_MAX;
        if is_final {
            self.words = said;
        }
        (is_telling || is_long).then_some(())?;
        self.found(Sign::Words, now)
    }

    /// A tone has ended.
    pub fn beeped(&mut self, now: Instant) -> Option<Finding> {
        if self.is_done || now.saturating_duration_since(self.answered) > DECIDE_MAX + BEEP_WAIT_MAX
        {
            return None;
        }
        self.beeped = Some(now);
        self.found(Sign::Beep, now)
    }

    /// When something is decided by itself, and what. `None` once nothing more will be.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        if self.is_done {
            return None;
        }
        if let Some(found) = self.machine {
            return Some((self.message_at(found), "time to leave a message"));
        }
        let decide = self.answered + DECIDE_MAX;
        let sooner = match (self.is_person, self.greeting, self.last_voice) {
            (true, _, _) | (false, None, _) => None,
            (false, Some(began), _) if self.speaking => Some(began + MACHINE_GREETING_MIN),
            (false, Some(_), Some(last)) => Some(last + PERSON_SILENCE),
            (false, Some(_), None) => None,
        };
        Some((
            sooner.map_or(decide, |at| at.min(decide)),
            "who has answered",
        ))
    }

    /// The instant of [`Answerer::poll_timeout`] has come.
    pub fn timeout(&mut self, now: Instant) -> Option<Finding> {
        let (due, _) = self.poll_timeout()?;
        if due > now {
            return None;
        }
        if self.machine.is_some() {
            self.is_done = true;
            return Some(Finding::MessageTime);
        }
        if now.saturating_duration_since(self.answered) >= DECIDE_MAX {
            self.is_done = true;
            return None;
        }
        if self.speaking {
            return self.found(Sign::LongGreeting, now);
        }
        if self.greeting_lasted(now) > PERSON_GREETING_MAX {
            // Neither a person's greeting nor a machine's for certain: the next one decides.
            self.greeting = None;
            return None;
        }
        self.is_person = true;
        Some(Finding::Person)
    }

    fn greeting_lasted(&self, now: Instant) -> Duration {
        let until = match self.last_voice {
            Some(last) if !self.speaking => last,
            Some(_) | None => now,
        };
        self.greeting.map_or(Duration::ZERO, |began| {
            until.saturating_duration_since(began)
        })
    }

    fn found(&mut self, sign: Sign, now: Instant) -> Option<Finding> {
        if self.is_done || self.machine.is_some() {
            return None;
        }
        self.machine = Some(now);
        Some(Finding::Machine(sign))
    }

    /// When the machine can be taken to listen.
    fn message_at(&self, found: Instant) -> Instant {
        if let Some(beeped) = self.beeped {
            return beeped + AFTER_BEEP;
        }
        let latest = found + BEEP_WAIT_MAX;
        match self.last_voice {
            Some(last) if !self.speaking => (last + AFTER_GREETING).min(latest),
            Some(_) | None => latest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding::*, Sign::*, *};

    #[test]
    fn a_short_hello_is_a_person() {
        assert_eq!(story(&[(500, "("), (1200, ")")]), [(2000, Person)]);
    }

    #[test]
    fn a_greeting_that_talks_on_is_a_machine_and_is_left_a_message_after_it() {
        assert_eq!(
            story(&[(500, "("), (9000, ")")]),
            [(4500, Machine(LongGreeting)), (11_000, MessageTime)]
        );
    }

    #[test]
    fn a_beep_is_a_machine_at_once_and_the_message_follows_it() {
        assert_eq!(
            story(&[(500, "("), (3500, ")"), (3600, "beep")]),
            [(3600, Machine(Beep)), (4600, MessageTime)]
        );
    }

    #[test]
    fn what_only_machines_say_is_known_in_several_languages() {
        for words in [
            "Please leave a message.",
            "您拨打的电话已关机",
            "请在提示音后留言",
        ] {
            let found = story(&[(500, "("), (2000, ")"), (2100, words)]);
            assert_eq!(found[0], (2100, Machine(Words)), "{words}");
        }
    }

    #[test]
    fn a_telephone_that_screens_calls_begins_like_a_person() {
        let found = story(&[
            (300, "("),
            (900, ")"),
            (2500, "("),
            (3500, ")"),
            (3600, "please state your name"),
        ]);
        assert_eq!(found[..2], [(1700, Person), (3600, Machine(Words))]);
    }

    #[test]
    fn a_person_may_say_later_that_somebody_is_not_available() {
        let found = story(&[
            (300, "("),
            (900, ")"),
            (4000, "("),
            (5500, ")"),
            (5600, "I am not available on Friday"),
        ]);
        assert_eq!(found, [(1700, Person)]);
    }

    #[test]
    fn nobody_who_speaks_is_nothing() {
        assert_eq!(story(&[]), []);
    }

    #[test]
    fn a_greeting_between_the_two_is_left_open() {
        assert_eq!(story(&[(500, "("), (3500, ")")]), []);
    }

    fn story(events: &[(u64, &str)]) -> Vec<(u128, Finding)> {
        let start = Instant::now();
        let mut answerer = Answerer::new(start);
        let mut found = Vec::new();
        let mut note = |at: Instant, finding: Option<Finding>| {
            found.extend(finding.map(|it| ((at - start).as_millis(), it)));
        };
        let end = (60_000, "end");
        for (ms, event) in events.iter().copied().chain([end]) {
            let now = start + Duration::from_millis(ms);
            while let Some((due, _)) = answerer.poll_timeout().filter(|(due, _)| *due <= now) {
                note(due, answerer.timeout(due));
            }
            let finding = match event {
                "(" => {
                    answerer.speech_started(now);
                    None
                }
                ")" => {
                    answerer.speech_stopped(now);
                    None
                }
                "beep" => answerer.beeped(now),
                "end" => None,
                words => answerer.said(words, true, now),
            };
            note(now, finding);
        }
        found
    }
}
