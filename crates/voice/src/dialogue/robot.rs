//! One conversation of the robot.

use std::sync::Arc;

use super::Asked;
use crate::{
    conversation::Exchange,
    line::{Line, Variables},
    reply::{HeardText, is_unspaced},
    script::{Script, ScriptRun},
    thinker::{AgentRefusal, Decision, Expected, Heard, ThinkRequest, TurnId},
};

/// Which answers the other side understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// To speak and to hang up, nothing else: what the vendor documents of `Dialogue`. A transfer
    /// ends as on a phone on which nobody can take over. Words that are only keys may be keys.
    Strict,
    /// Transfers and the collection of keys too.
    #[default]
    Extended,
}

/// What the other side is to do once it has spoken the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Listen.
    Speak,
    /// Collect keys: the caller has nothing else to answer with here.
    Collect {
        /// The longest row that means something, at least 1.
        keys_max: u32,
    },
    /// Hand the caller to somebody else.
    Transfer {
        /// A skill group, a person or a number, in the words of whoever set up the agent.
        target: String,
    },
    /// End the call.
    HangUp,
}

/// What the robot answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What to say first; may be empty.
    pub says: String,
    /// Whether the caller may cut it.
    pub interruptible: bool,
    /// What to do then.
    pub act: Act,
}

/// Who decides what the robot says.
pub trait Mind: Send + std::fmt::Debug {
    /// The whole answer to a request, in order.
    fn think(&mut self, request: &ThinkRequest) -> Vec<Decision>;

    /// Whether requests must hold what was said before.
    fn wants_history(&self) -> bool;

    /// Whether an answer may take its time: then it is not to be asked where others wait.
    fn may_wait(&self) -> bool;

    /// What it goes on from after its last answer, in its own words, if what was said and heard does
    /// not tell it.
    fn state(&self) -> Option<String> {
        None
    }

    /// The conversation is over: nothing more will be asked.
    fn end(&mut self) {}
}

/// A script has its answers at once, and knows where it is.
impl Mind for ScriptRun {
    fn think(&mut self, request: &ThinkRequest) -> Vec<Decision> {
        Self::think(self, request)
    }

    fn wants_history(&self) -> bool {
        false
    }

    fn may_wait(&self) -> bool {
        false
    }
}

/// One conversation.
#[derive(Debug)]
pub struct Robot {
    mind: Box<dyn Mind>,
    /// What was said and heard, oldest first, if the mind wants it.
    history: Vec<Exchange>,
    n_thoughts: u32,
    profile: Profile,
    state: State,
    n_asked: u32,
    /// Silences in a row.
    n_silent: u32,
    /// What was said last: the part that a cut leaves unsaid is found in it.
    said: String,
    interrupted: Option<HeardText>,
    /// Rows of keys that mean something at this point.
    keys: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing was asked yet.
    New,
    Talking,
    /// The other side was told to hand the caller over.
    HandedOver,
    /// The robot has hung up, or the call is over.
    Over,
}

impl Answer {
    /// Says nothing and goes on listening.
    fn nothing() -> Self {
        Self {
            says: String::new(),
            interruptible: true,
            act: Act::Speak,
        }
    }

    fn over() -> Self {
        Self {
            says: String::new(),
            interruptible: false,
            act: Act::HangUp,
        }
    }
}

impl Profile {
    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Extended => "extended",
        }
    }

    /// The profile with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Strict, Self::Extended]
            .into_iter()
            .find(|profile| profile.name() == name)
    }
}

impl Robot {
    /// Before the first question.
    pub fn new(script: Arc<Script>, variables: &Variables, profile: Profile) -> Self {
        Self::with_mind(Box::new(ScriptRun::new(script, variables)), profile)
    }

    /// The same with another mind.
    pub fn with_mind(mind: Box<dyn Mind>, profile: Profile) -> Self {
        Self {
            mind,
            history: Vec::new(),
            n_thoughts: 0,
            profile,
            state: State::New,
            n_asked: 0,
            n_silent: 0,
            said: String::new(),
            interrupted: None,
            keys: Vec::new(),
        }
    }

    /// Whether there is nothing more to say: the robot has hung up, or the call has ended.
    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Whether an answer may take its time.
    pub fn may_wait(&self) -> bool {
        self.mind.may_wait()
    }

    /// What the mind goes on from, if what was said and heard does not tell it.
    pub fn state(&self) -> Option<String> {
        self.mind.state()
    }

    /// Takes a question that was answered before, by a robot like this one: nothing is thought.
    pub fn recall(&mut self, asked: &Asked, said: &str, act: &Act) {
        self.n_asked += 1;
        match asked {
            Asked::Begins { words } | Asked::Said(words) | Asked::Pressed(words) => {
                self.n_silent = 0;
                self.note_caller(words);
            }
            Asked::Silent => self.n_silent += 1,
            Asked::Cut { spoken } => self.note_cut(spoken),
            Asked::Failed | Asked::Ended => {}
        }
        self.note_agent(said);
        said.clone_into(&mut self.said);
        self.state = match (act, asked) {
            (Act::HangUp, _) | (_, Asked::Ended) => State::Over,
            (Act::Transfer { .. }, _) => State::HandedOver,
            (Act::Speak | Act::Collect { .. }, _) if self.state == State::New => State::Talking,
            (Act::Speak | Act::Collect { .. }, _) => self.state,
        };
    }

    /// How many questions were asked.
    pub fn n_asked(&self) -> u32 {
        self.n_asked
    }

    /// Answers the next question.
    pub fn ask(&mut self, asked: &Asked) -> Answer {
        self.n_asked += 1;
        let answer = match (self.state, asked) {
            (State::Over, _) | (_, Asked::Ended) => Answer::over(),
            (State::New, Asked::Cut { .. } | Asked::Failed | Asked::Silent) => self.begin(""),
            (State::New, Asked::Pressed(keys)) => self.begin_with(|robot| robot.press(keys)),
            (State::New, Asked::Begins { words } | Asked::Said(words)) => self.begin(words),
            // Overtaken by the first words, which began the conversation already.
            (State::Talking | State::HandedOver, Asked::Begins { .. }) => Answer::nothing(),
            (State::Talking, Asked::Cut { spoken }) => self.cut(spoken),
            (State::Talking, Asked::Failed) => Answer::nothing(),
            (State::HandedOver, Asked::Cut { .. }) => Answer::nothing(),
            // Whoever still talks to the robot was not handed over.
            (
                State::HandedOver,
                Asked::Failed | Asked::Said(_) | Asked::Pressed(_) | Asked::Silent,
            ) => self.think(Heard::TransferFailed),
            (State::Talking, Asked::Said(words)) => self.hear(words),
            (State::Talking, Asked::Pressed(keys)) => self.press(keys),
            (State::Talking, Asked::Silent) => {
                self.n_silent += 1;
                let count = self.n_silent;
                self.think(Heard::Silence { count })
            }
        };
        let was_over = self.is_over();
        self.state = match answer.act {
            Act::HangUp => State::Over,
            Act::Transfer { .. } => State::HandedOver,
            Act::Speak | Act::Collect { .. } => self.state,
        };
        if self.is_over() && !was_over {
            self.mind.end();
        }
        answer
    }

    fn begin(&mut self, words: &str) -> Answer {
        if words.trim().is_empty() {
            return self.begin_with(|_| Answer::nothing());
        }
        self.begin_with(|robot| robot.hear(words))
    }

    /// Greets, and answers the first words at once if they came before the greeting.
    fn begin_with(&mut self, answer: impl FnOnce(&mut Self) -> Answer) -> Answer {
        self.state = State::Talking;
        let greeting = self.think(Heard::Start);
        match greeting.act {
            Act::HangUp | Act::Transfer { .. } => return greeting,
            Act::Speak | Act::Collect { .. } => {}
        }
        let n_before = self.n_asked;
        let collecting = greeting.act.clone();
        let answer = answer(self);
        debug_assert_eq!(n_before, self.n_asked, "answering is one question");
        let is_nothing = answer == Answer::nothing();
        let joined = Answer {
            says: joined(greeting.says, &answer.says),
            interruptible: greeting.interruptible && answer.interruptible,
            act: if is_nothing { collecting } else { answer.act },
        };
        self.said.clone_from(&joined.says);
        joined
    }

    fn hear(&mut self, words: &str) -> Answer {
        if let Some(row) = self.row(words) {
            return self.press(&row);
        }
        self.n_silent = 0;
        self.think(Heard::Utterance(words.to_owned()))
    }

    fn press(&mut self, keys: &str) -> Answer {
        self.n_silent = 0;
        // A closing `#` ends a row on phones without belonging to it.
        let row = match keys.strip_suffix('#') {
            Some(row) if !row.is_empty() && !self.keys.iter().any(|known| known == keys) => row,
            Some(_) | None => keys,
        };
        self.think(Heard::Digits(row.to_owned()))
    }

    /// Keys that came as words, because the strict profile has no other place for them.
    fn row(&self, words: &str) -> Option<String> {
        let words = words.trim();
        let is_row = !words.is_empty()
            && words
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'*' | b'#'));
        let row = words.strip_suffix('#').unwrap_or(words);
        let is_known = self.keys.iter().any(|known| known == words || known == row);
        (is_row && is_known).then(|| words.to_owned())
    }

    fn cut(&mut self, spoken: &str) -> Answer {
        let unsaid = self.said.strip_prefix(spoken).unwrap_or_default();
        self.interrupted = Some(HeardText {
            heard: spoken.to_owned(),
            unsaid: unsaid.trim_start().to_owned(),
        });
        self.note_cut(spoken);
        Answer::nothing()
    }

    fn think(&mut self, heard: Heard) -> Answer {
        if let Heard::Utterance(words) | Heard::Digits(words) = &heard {
            self.note_caller(words);
        }
        self.n_thoughts += 1;
        let decisions = self.mind.think(&ThinkRequest {
            turn: TurnId(self.n_thoughts),
            replaces: None,
            heard,
            interrupted: self.interrupted.take(),
            history: self.history.clone(),
        });
        let answer = self.answer(decisions);
        self.note_agent(&answer.says);
        answer
    }

    fn note_caller(&mut self, words: &str) {
        if self.mind.wants_history() && !words.is_empty() {
            self.history.push(Exchange::Caller(words.to_owned()));
        }
    }

    fn note_agent(&mut self, words: &str) {
        if self.mind.wants_history() && !words.is_empty() {
            self.history.push(Exchange::Agent(words.to_owned()));
        }
    }

    /// Of the last words only these were heard.
    fn note_cut(&mut self, spoken: &str) {
        if let Some(Exchange::Agent(words)) = self.history.last_mut() {
            spoken.clone_into(words);
        }
    }

    fn answer(&mut self, decisions: Vec<Decision>) -> Answer {
        let mut answer = Answer::nothing();
        for decision in decisions {
            match decision {
                Decision::Say {
                    line: Line::Text(text),
                    interruptible,
                } => {
                    answer.says = joined(answer.says, &text);
                    answer.interruptible &= interruptible;
                }
                // A sound of ours cannot be played on their call.
                Decision::Say {
                    line: Line::Sound(_),
                    ..
                } => {}
                Decision::Listen(expected) => {
                    answer.act = self.collecting(&expected);
                    self.keys = expected.keys;
                }
                Decision::SendDigits(_) => {}
                // Their call has no other agent of ours.
                Decision::ChangeAgent { .. } => {
                    self.refuse(&mut answer, Heard::AgentRefused(AgentRefusal::Unknown));
                }
                Decision::Transfer { target } => match self.profile {
                    Profile::Extended => answer.act = Act::Transfer { target },
                    Profile::Strict => self.refuse(&mut answer, Heard::TransferFailed),
                },
                Decision::HangUp { .. } => answer.act = Act::HangUp,
            }
        }
        self.said.clone_from(&answer.says);
        answer
    }

    /// Nobody takes the caller over: what the script does then belongs to the answer.
    fn refuse(&mut self, answer: &mut Answer, why: Heard) {
        let failed = self.think(why);
        answer.says = joined(std::mem::take(&mut answer.says), &failed.says);
        answer.interruptible &= failed.interruptible;
        answer.act = failed.act;
    }

    fn collecting(&self, expected: &Expected) -> Act {
        let gathered = expected.gather.map(|gather| gather.keys_max);
        let row = expected.keys.iter().map(String::len).max();
        // Where words are understood too, keys are not all that may come.
        let keys_max = gathered.or(row).unwrap_or_default();
        let takes_words = !expected.phrases.is_empty() || expected.dictation.is_some();
        match self.profile {
            Profile::Extended if !takes_words && keys_max > 0 => Act::Collect {
                keys_max: u32::try_from(keys_max).expect("rows are short"),
            },
            Profile::Extended | Profile::Strict => Act::Speak,
        }
    }
}

/// Two texts as one, with a space between them where their script has spaces.
fn joined(mut first: String, second: &str) -> String {
    let unspaced = |c: Option<char>| c.is_none_or(|c| is_unspaced(c) || is_wide_mark(c));
    if !unspaced(first.chars().next_back()) && !unspaced(second.chars().next()) {
        first.push(' ');
    }
    first.push_str(second);
    first
}

/// Punctuation that carries its own space: CJK and full-width forms (Unicode blocks 3000, FF00).
fn is_wide_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}
