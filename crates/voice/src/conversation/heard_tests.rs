//! Two hundred interruptions at random places of speech whose words lie at known samples: what is
//! kept as heard is what was sent, to within one word.

use std::time::{Duration, Instant};

use super::{Conversation, Exchange, Input, Note, Output, Settings};
use crate::{
    line::Line,
    reply::HeardText,
    thinker::{Decision, TurnId},
};

const N_INTERRUPTIONS: usize = 200;
const FRAME: u64 = 160;

#[test]
fn what_is_kept_as_heard_is_what_was_sent_to_within_one_word() {
    let mut chance = Chance(20_261_126);
    let mut n_exact = 0;
    for n in 0..N_INTERRUPTIONS {
        let speech = Speech::random(&mut chance);
        let sent = chance.below(speech.samples);
        let truth = speech.words_sent(sent);

        let (kept, history) = interrupted_at(&speech, sent);

        let n_kept = kept.heard.split_whitespace().count();
        assert!(
            n_kept.abs_diff(truth) <= 1,
            "interruption {n}: {n_kept} words kept of `{}`, {truth} sent",
            speech.text
        );
        let n_unsaid = kept.unsaid.split_whitespace().count();
        assert_eq!(n_kept + n_unsaid, speech.ends.len(), "no word is lost");
        let expected: Vec<_> = match kept.heard.as_str() {
            "" => Vec::new(),
            heard => vec![Exchange::Agent(heard.to_owned())],
        };
        assert_eq!(
            history, expected,
            "history holds what was heard and no more"
        );
        n_exact += usize::from(n_kept == truth);
    }
    assert!(n_exact >= N_INTERRUPTIONS / 2, "{n_exact} exact");
}

/// A sentence as a speaker says it: words of uneven speed, pauses at marks and at both ends.
struct Speech {
    text: String,
    samples: u64,
    /// The sample after the last one of each word.
    ends: Vec<u64>,
    sounding: Vec<bool>,
}

impl Speech {
    fn random(chance: &mut Chance) -> Self {
        const WORDS: &[&str] = &[
            "appointment",
            "we",
            "on",
            "Tuesday",
            "morning",
            "the",
            "doctor",
            "would",
            "like",
            "you",
            "to",
            "bring",
            "your",
            "insurance",
            "card",
            "and",
            "arrive",
            "early",
            "please",
            "because",
            "there",
            "are",
            "some",
            "questions",
            "about",
            "medication",
        ];
        let (mut text, mut ends, mut sounds) = (String::new(), Vec::new(), Vec::new());
        let mut at = chance.between(400, 2000);
        let n_words = chance.between(3, 16);
        for n in 0..n_words {
            let word = WORDS[chance.below(WORDS.len() as u64) as usize];
            let has_mark = n + 1 == n_words || chance.below(6) == 0;
            let mark = match (has_mark, n + 1 == n_words) {
                (true, true) => ".",
                (true, false) => ",",
                (false, _) => "",
            };
            text.push_str(if n > 0 { " " } else { "" });
            text.push_str(word);
            text.push_str(mark);
            // 50 to 75 ms a letter.
            let len = word.len() as u64 * chance.between(400, 600);
            sounds.push((at, at + len));
            at += len;
            ends.push(at);
            at += if has_mark {
                chance.between(1200, 3600)
            } else {
                chance.between(0, 320)
            };
        }
        let sounding = (0..at.div_ceil(FRAME))
            .map(|frame| {
                let middle = frame * FRAME + FRAME / 2;
                sounds
                    .iter()
                    .any(|(from, to)| (*from..*to).contains(&middle))
            })
            .collect();
        Self {
            text,
            samples: at,
            ends,
            sounding,
        }
    }

    fn words_sent(&self, samples: u64) -> usize {
        self.ends.iter().filter(|end| **end <= samples).count()
    }
}

/// Interrupts the agent when `sent` samples of the speech have left; returns the reply's words and
/// the history.
fn interrupted_at(speech: &Speech, sent: u64) -> (HeardText, Vec<Exchange>) {
    let mut now = Instant::now();
    let mut conversation = Conversation::new(Settings::default());
    let mut kept = None;
    let mut feed = |input, now| {
        conversation.handle(input, now);
        let outputs: Vec<_> = std::iter::from_fn(|| conversation.poll()).collect();
        let history = conversation.history().to_vec();
        for output in &outputs {
            if let Output::Note(Note::AgentSaid { text, .. }) = output {
                kept = Some((text.clone(), history.clone()));
            }
        }
        outputs
    };
    feed(Input::Started { answered: now }, now);
    let decision = Some(Decision::Say {
        line: Line::Text(speech.text.clone()),
        interruptible: true,
    });
    let turn = TurnId(1);
    let made = feed(
        Input::Decided {
            turn,
            decision,
            last: true,
        },
        now,
    );
    let span = made.iter().find_map(|output| match output {
        Output::Synthesize { span, .. } => Some(*span),
        _ => None,
    });
    let span = span.expect("the line is to be spoken");
    let ready = Input::SpeechReady {
        span,
        samples: speech.samples,
        sounding: speech.sounding.clone(),
        last: true,
    };
    feed(ready, now);
    feed(Input::ClipStarted { span, at: now }, now);
    now += Duration::from_micros(sent * 125);
    // A key cuts at once, wherever the agent is.
    feed(Input::Digit('5'), now);
    let ended = Input::ClipEnded {
        span,
        samples_sent: sent,
        cut: true,
    };
    feed(ended, now);
    kept.expect("a reply that was played is noted")
}

/// Xorshift (Marsaglia 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    fn between(&mut self, min: u64, max: u64) -> u64 {
        min + self.below(max - min + 1)
    }
}
