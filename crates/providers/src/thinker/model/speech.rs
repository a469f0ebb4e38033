//! From an answer's words to decisions, as they come.

use voice::{
    conversation::EndCause,
    line::Line,
    sentences::{Sentences, Told, Written},
    thinker::{Decision, TurnId},
};

use crate::port::{Medium, Step, Thought, Thoughts};

/// The words of one answer.
pub(super) struct Speech<'a> {
    turn: TurnId,
    thoughts: &'a Thoughts,
    words: Words,
    /// All text so far, as the model wrote it.
    written: String,
    /// What was told to the speaker, or shown.
    told: String,
    /// What a mark wants done behind the words.
    act: Option<Act>,
}

/// How a model's text becomes what is told.
enum Words {
    Spoken(Sentences),
    Read(Written),
}

impl Words {
    fn of(medium: Medium) -> Self {
        match medium {
            Medium::Voice => Self::Spoken(Sentences::default()),
            Medium::Text => Self::Read(Written::default()),
        }
    }

    fn push(&mut self, text: &str) -> Vec<Told> {
        match self {
            Self::Spoken(sentences) => sentences.push(text),
            Self::Read(written) => written.push(text),
        }
    }

    fn end(&mut self) -> Vec<Told> {
        match self {
            Self::Spoken(sentences) => sentences.end(),
            Self::Read(written) => written.end(),
        }
    }

    /// The same for a text that begins anew.
    fn anew(&self) -> Self {
        match self {
            Self::Spoken(_) => Self::of(Medium::Voice),
            Self::Read(_) => Self::of(Medium::Text),
        }
    }
}

/// What an answer does behind its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// End the call.
    HangUp,
    /// Hand the caller over; without a name to whoever is first.
    Transfer(Option<String>),
}

impl<'a> Speech<'a> {
    pub fn new(turn: TurnId, thoughts: &'a Thoughts, medium: Medium) -> Self {
        Self {
            turn,
            thoughts,
            words: Words::of(medium),
            written: String::new(),
            told: String::new(),
            act: None,
        }
    }

    /// More words.
    pub async fn push(&mut self, text: &str) {
        self.written.push_str(text);
        let told = self.words.push(text);
        self.tell(told).await;
    }

    /// All words so far were wrong. What was told already cannot be taken back; a text that does not
    /// begin with it is told as a whole.
    pub async fn replace(&mut self, text: &str) {
        let rest = match text.strip_prefix(self.written.as_str()) {
            Some(rest) => rest.to_owned(),
            None => {
                self.words = self.words.anew();
                text.to_owned()
            }
        };
        text.clone_into(&mut self.written);
        let told = self.words.push(&rest);
        self.tell(told).await;
    }

    /// No more words come from this back end.
    pub async fn flush(&mut self) {
        self.written.clear();
        let told = self.words.end();
        self.tell(told).await;
    }

    /// What was told to the speaker; empty before the first word.
    pub fn told(&self) -> &str {
        &self.told
    }

    /// What is to be done behind the words.
    pub fn act(&mut self) -> Option<Act> {
        self.act.take()
    }

    /// Says a line of the agent's own.
    pub async fn say(&self, line: Line, interruptible: bool) {
        if !line.is_empty() {
            self.put(
                Decision::Say {
                    line,
                    interruptible,
                },
                false,
            )
            .await;
        }
    }

    pub async fn put(&self, decision: Decision, last: bool) {
        let step = Step::Decision { decision, last };
        self.thoughts
            .put(Thought {
                turn: self.turn,
                step,
            })
            .await;
    }

    async fn tell(&mut self, told: Vec<Told>) {
        for told in told {
            match (told, &self.words) {
                (Told::Words(words), Words::Spoken(_)) => {
                    if !self.told.is_empty() {
                        self.told.push(' ');
                    }
                    self.told.push_str(&words);
                    self.say(Line::Text(words), true).await;
                }
                (Told::Words(words), Words::Read(_)) => self.write(words).await,
                (Told::Mark(mark), words) => match (act(&mark), words) {
                    (Some(act), _) => self.act = self.act.take().or(Some(act)),
                    // It may be part of a program.
                    (None, Words::Read(_)) => self.write(format!("[[{mark}]]")).await,
                    (None, Words::Spoken(_)) => {
                        tracing::debug!("a robot's mark means nothing here");
                    }
                },
            }
        }
    }

    async fn write(&mut self, words: String) {
        self.told.push_str(&words);
        let (turn, step) = (self.turn, Step::Wrote(words));
        self.thoughts.put(Thought { turn, step }).await;
    }
}

impl Act {
    /// As a decision; `first_target` is where a transfer without a name goes.
    pub fn decision(self, first_target: Option<&str>) -> Decision {
        match self {
            Self::HangUp => Decision::HangUp {
                cause: EndCause::FunctionCalled,
            },
            Self::Transfer(target) => Decision::hand_over(
                target.unwrap_or_else(|| first_target.unwrap_or_default().to_owned()),
            ),
        }
    }
}

/// `hangup`, `end_call`, `transfer`, `transfer: sales`. Other marks mean nothing here.
fn act(mark: &str) -> Option<Act> {
    let (name, to) = match mark.split_once(':') {
        Some((name, to)) => (
            name.trim(),
            Some(to.trim().to_owned()).filter(|to| !to.is_empty()),
        ),
        None => (mark.trim(), None),
    };
    match name.to_ascii_lowercase().replace(['-', ' '], "_").as_str() {
        "hangup" | "hang_up" | "end_call" | "call_end" => Some(Act::HangUp),
        "transfer" | "transfer_to_human" => Some(Act::Transfer(to)),
        _ => None,
    }
}
