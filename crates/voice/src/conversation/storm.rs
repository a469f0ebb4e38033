//! Conversations in a storm: everything happens, in any order, sensible or not.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proptest::prelude::*;

use super::{
    Conversation, Deafness, EndCause, Input, Instruction, Note, Notify, Output, Push, Settings,
    VoicemailAction,
};
use crate::{
    line::Line,
    reply::SpanId,
    thinker::{Decision, Expected, TurnId},
    turn::{BargeIn, Dictation, Endpointing, Hints, Manners},
};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_upsets_a_conversation(
        gusts in prop::collection::vec(gust(), 1..250),
        hangs_up in any::<bool>(),
        kind in any::<u32>(),
    ) {
        let mut storm = Storm::new(kind);
        for gust in gusts {
            storm.blow(gust);
        }
        if hangs_up {
            storm.feed(Input::CallerHungUp);
        }
        storm.die_down();
    }
}

/// One event: some time passes, then something happens; `which` picks among what it can
/// happen to.
#[derive(Clone, Copy, Debug)]
struct Gust {
    ms: u64,
    event: Event,
    which: u32,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Speak,
    Last,
    Stop,
    Recognize,
    PartlyRecognize,
    NotRecognize,
    FailHearing,
    Beep,
    Press,
    Decide,
    FailThinking,
    Ready,
    FailSpeech,
    Start,
    End,
    Sound,
    SoundOver,
    TransferFailed,
    Push {
        interrupt: bool,
        waits: bool,
        bound: bool,
    },
    Think {
        interrupt: bool,
    },
    Wait,
}

fn gust() -> impl Strategy<Value = Gust> {
    let event = prop_oneof![
        4 => Just(Event::Speak),
        2 => Just(Event::Last),
        4 => Just(Event::Stop),
        4 => Just(Event::Recognize),
        2 => Just(Event::PartlyRecognize),
        1 => Just(Event::NotRecognize),
        1 => Just(Event::FailHearing),
        1 => Just(Event::Beep),
        3 => Just(Event::Press),
        8 => Just(Event::Decide),
        1 => Just(Event::FailThinking),
        8 => Just(Event::Ready),
        1 => Just(Event::FailSpeech),
        8 => Just(Event::Start),
        8 => Just(Event::End),
        1 => Just(Event::Sound),
        2 => Just(Event::SoundOver),
        1 => Just(Event::TransferFailed),
        1 => (any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(interrupt, waits, bound)| Event::Push { interrupt, waits, bound }),
        1 => any::<bool>().prop_map(|interrupt| Event::Think { interrupt }),
        8 => Just(Event::Wait),
    ];
    (0..400u64, event, any::<u32>()).prop_map(|(ms, event, which)| Gust { ms, event, which })
}

struct Storm {
    conversation: Conversation,
    now: Instant,
    n_lines: u32,
    turn: TurnId,
    spans: BTreeSet<SpanId>,
    playing: Option<SpanId>,
    /// The words of each decided line.
    lines: BTreeMap<u32, Vec<String>>,
}

impl Storm {
    /// A conversation whose manners are `kind`'s.
    fn new(kind: u32) -> Self {
        let settings = Settings {
            manners: manners(kind),
            fallback: Some(Line::Sound("sorry".to_owned())),
            welcome_delay: Duration::from_millis(300),
            opening: kind
                .is_multiple_of(3)
                .then(|| Line::Sound("tone".to_owned())),
            notify: kind.is_multiple_of(4).then(|| Notify {
                line: Line::Sound("hello?".to_owned()),
                max: Some(kind % 5),
            }),
            voicemail: match kind % 7 {
                0 => Some(VoicemailAction::HangUp),
                1 => Some(VoicemailAction::LeaveMessage(Line::Sound(
                    "message".to_owned(),
                ))),
                _ => None,
            },
            ..Settings::default()
        };
        let now = Instant::now();
        let mut storm = Self {
            conversation: Conversation::new(settings),
            now,
            n_lines: 0,
            turn: TurnId(0),
            spans: BTreeSet::new(),
            playing: None,
            lines: BTreeMap::new(),
        };
        storm.feed(Input::Started { answered: now });
        storm
    }

    fn blow(&mut self, gust: Gust) {
        self.now += Duration::from_millis(gust.ms);
        self.keep_time();
        let input = self.input(gust.event, gust.which);
        self.feed(input);
    }

    /// Without further events, every conversation comes to an end by its deadlines.
    fn die_down(mut self) {
        for _ in 0..1000 {
            let Some((at, _)) = self.conversation.poll_timeout() else {
                assert!(self.conversation.is_over());
                return;
            };
            self.now = self.now.max(at);
            self.feed(Input::Timeout);
        }
        panic!("still waiting: {:?}", self.conversation.poll_timeout());
    }

    /// Deadlines that have passed are kept, and none of them comes again and again.
    fn keep_time(&mut self) {
        for _ in 0..20 {
            match self.conversation.poll_timeout() {
                Some((at, _)) if at <= self.now => self.feed(Input::Timeout),
                Some(_) | None => return,
            }
        }
        panic!(
            "a deadline that does not pass: {:?}",
            self.conversation.poll_timeout()
        );
    }

    fn feed(&mut self, input: Input) {
        self.conversation.handle(input, self.now);
        while let Some(output) = self.conversation.poll() {
            self.check(output);
        }
        let is_waiting = self.conversation.poll_timeout().is_some();
        assert_eq!(
            is_waiting,
            !self.conversation.is_over(),
            "a call that is up has a deadline"
        );
    }

    fn check(&mut self, output: Output) {
        match output {
            Output::Think(request) => self.turn = request.turn,
            Output::Synthesize { span, .. } | Output::Load { span, .. } => {
                assert!(self.spans.insert(span), "a span is made once");
            }
            Output::Play { span } => self.playing = Some(span),
            Output::Note(Note::AgentSaid { text, from, to, .. }) => {
                assert!(from <= to && to <= self.now);
                self.check_heard(&text.heard, &text.unsaid);
            }
            Output::Note(_)
            | Output::Cut { .. }
            | Output::Discard { .. }
            | Output::StopThinking { .. }
            | Output::Expect(_)
            | Output::SendDigits(_)
            | Output::Transfer { .. }
            | Output::ChangeAgent { .. }
            | Output::HangUp { .. } => {}
        }
    }

    /// Of each line a prefix was heard and the rest not, and no line is heard after one that was
    /// not heard to its end.
    fn check_heard(&self, heard: &str, unsaid: &str) {
        let mut words = heard.split_whitespace().peekable();
        let mut is_cut = false;
        while let Some(word) = words.peek() {
            assert!(!is_cut, "{word} was heard after a line that was cut");
            let (line, _) = word.split_once('.').expect("a word of the storm");
            let line = &self.lines[&line.parse().unwrap()];
            let n_heard = line
                .iter()
                .take_while(|word| words.next_if_eq(&word.as_str()).is_some());
            is_cut = n_heard.count() < line.len();
        }
        let heard: BTreeSet<_> = heard.split_whitespace().collect();
        assert!(unsaid.split_whitespace().all(|word| !heard.contains(word)));
    }

    fn input(&mut self, event: Event, which: u32) -> Input {
        let utterance = self.conversation.utterance().saturating_sub(which % 2);
        let ago = self.now - Duration::from_millis(u64::from(which % 100));
        let span = self.some_span(which);
        let why = "storm".to_owned();
        match event {
            Event::Speak => Input::SpeechStarted { first_voice: ago },
            Event::Last => Input::SpeechLasts,
            Event::Stop => Input::SpeechStopped { last_voice: ago },
            Event::Recognize => Input::Recognized {
                utterance,
                text: words(which),
            },
            Event::PartlyRecognize => Input::PartlyRecognized {
                utterance,
                text: words(which),
            },
            Event::Beep => Input::Beep,
            Event::NotRecognize => Input::NothingRecognized { utterance },
            Event::FailHearing => Input::RecognizerFailed {
                utterance,
                deafness: match which % 2 {
                    0 => Deafness::Overloaded,
                    _ => Deafness::Broken,
                },
                why,
            },
            Event::Press => Input::Digit(char::from(b"0123456789*#x"[(which % 13) as usize])),
            Event::Decide => self.decide(which),
            Event::FailThinking => Input::ThinkerFailed {
                turn: self.turn,
                why,
            },
            Event::Ready => Input::SpeechReady {
                span,
                samples: u64::from(which % 20_000),
                sounding: vec![true; (which % 200) as usize],
                last: !which.is_multiple_of(3),
            },
            Event::FailSpeech => Input::SpeechFailed { span, why },
            Event::Start => Input::ClipStarted {
                span: self.playing.unwrap_or(span),
                at: ago,
            },
            Event::End => Input::ClipEnded {
                span: self.playing.take().unwrap_or(span),
                samples_sent: u64::from(which % 20_000),
                cut: which.is_multiple_of(2),
            },
            Event::Sound => Input::PlaySoundStarted,
            Event::SoundOver => Input::PlaySoundEnded,
            Event::TransferFailed => Input::TransferFailed,
            Event::Push {
                interrupt,
                waits,
                bound,
            } => Input::Instructed(Instruction::Say(Push {
                line: Line::Sound("pushed".to_owned()),
                interrupt,
                waits,
                interruptible: !bound,
                remembered: waits,
                then_hang_up: false,
            })),
            Event::Think { interrupt } => Input::Instructed(Instruction::Think {
                content: "Asked words.".to_owned(),
                interrupt,
            }),
            Event::Wait => {
                self.now += Duration::from_millis(u64::from(which % 3000));
                self.keep_time();
                Input::Timeout
            }
        }
    }

    fn some_span(&self, which: u32) -> SpanId {
        let n_recent = self.spans.len().min(3);
        let recent = self.spans.iter().rev().take(n_recent);
        recent
            .copied()
            .nth(which as usize % n_recent.max(1))
            .unwrap_or(SpanId(which))
    }

    fn decide(&mut self, which: u32) -> Input {
        let decision = match which % 24 {
            0..=13 => Some(self.say(which)),
            14..=16 => Some(Decision::Listen(Expected {
                phrases: vec![format!("phrase {which}")],
                keys: vec!["1".to_owned(), "12".to_owned()],
                dictation: which.is_multiple_of(2).then(Dictation::default),
                gather: None,
            })),
            17 => Some(Decision::SendDigits("12".to_owned())),
            18 => Some(Decision::Transfer {
                target: "desk".to_owned(),
            }),
            19 if which.is_multiple_of(5) => Some(Decision::HangUp {
                cause: EndCause::ScriptEnd,
            }),
            _ => None,
        };
        let turn = TurnId(
            self.turn
                .0
                .saturating_sub(u32::from(which.is_multiple_of(9))),
        );
        Input::Decided {
            turn,
            decision,
            last: which.is_multiple_of(4),
        }
    }

    /// A line of words of its own.
    fn say(&mut self, which: u32) -> Decision {
        self.n_lines += 1;
        let words: Vec<_> = (0..which % 7)
            .map(|idx| format!("{}.{idx}", self.n_lines))
            .collect();
        let line = Line::Text(words.join(" "));
        self.lines.insert(self.n_lines, words);
        Decision::Say {
            line,
            interruptible: !which.is_multiple_of(5),
        }
    }
}

fn manners(kind: u32) -> Manners {
    Manners {
        endpointing: if kind.is_multiple_of(2) {
            Endpointing::Fixed
        } else {
            Endpointing::Adaptive
        },
        hints: [Hints::Off, Hints::Longer, Hints::Both, Hints::Recognizer][(kind / 2 % 4) as usize],
        early: (kind / 3).is_multiple_of(2),
        barge_in: [
            BargeIn::Speech,
            BargeIn::Words(2),
            BargeIn::SpeechOrWords(1),
            BargeIn::Never,
        ][(kind / 5 % 4) as usize],
        false_interruption_max: Duration::from_millis(u64::from(kind / 7 % 3) * 1000),
        ..Manners::default()
    }
}

fn words(which: u32) -> String {
    ["some words", "mm-hm", "one two three", "and"][(which / 3 % 4) as usize].to_owned()
}
