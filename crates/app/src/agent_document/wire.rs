//! The document as serde sees it, and its way into the plain structs of `voice`.
//!
//! Bounds of single fields are checked here; what concerns several of them (steps that do not
//! exist, chains that never listen) is checked by [`Script::new`].

use std::{collections::BTreeMap, fmt, time::Duration};

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};
use voice::{
    line::Line,
    script::{After, Answer, Next, NoInput, Reaction, Script, ScriptParts, SimpleScript, Step},
    turn::Dictation,
};

use super::{
    DocumentFault,
    conduct::{Limits, Telephone, Turns, fault, within},
    flow::FlowDocument,
    review::{ReviewPlan, ReviewText},
    speech::{RecognizerText, SpeakerText, SpeechParts},
    thinker::ModelDocument,
};

/// The longest text of one line, in characters: about five minutes of speech.
const LINE_CHARS_MAX: usize = 4096;

/// A definition in one of its two forms.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum AgentDocument {
    /// A greeting, replies, a goodbye.
    Simple(Box<SimpleDocument>),
    /// Steps that lead to one another.
    Full(Box<FullDocument>),
    /// Language models that decide what is said.
    Model(Box<ModelDocument>),
    /// Nodes that lead to one another, as on a canvas.
    Flow(Box<FlowDocument>),
}

/// The simple form: a greeting, replies to words or keys, and a goodbye.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimpleDocument {
    /// Language tag of all lines and phrases: `en`, `zh` …
    language: String,
    /// The speaker's voice; its default for the language if absent.
    voice: Option<String>,
    /// Said first.
    greeting: Option<LineText>,
    /// Answers that are understood, at most 100.
    #[serde(default)]
    replies: Vec<ReplyText>,
    /// Said when the caller says nothing.
    no_input: Option<LineText>,
    /// Said when nothing matches.
    no_match: Option<LineText>,
    /// Said before hanging up.
    goodbye: Option<LineText>,
    /// Whose turn it is to speak.
    #[serde(default)]
    turns: Turns,
    /// When the call is ended.
    #[serde(default)]
    limits: Limits,
    /// What is heard besides the agent's words, and what to do about machines.
    #[serde(default)]
    telephone: Telephone,
    /// Said once when a vendor fails.
    fallback: Option<LineText>,
    /// What is found out about a call after its end.
    #[serde(default)]
    review: ReviewText,
    /// Who hears the caller.
    recognizer: Option<RecognizerText>,
    /// Who speaks.
    speaker: Option<SpeakerText>,
}

/// The full form: steps that lead to one another.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FullDocument {
    /// Language tag of all lines and phrases: `en`, `zh` …
    language: String,
    /// The speaker's voice; its default for the language if absent.
    voice: Option<String>,
    /// Said first. Without one the caller speaks first.
    greeting: Option<LineText>,
    /// Whether the caller may cut the greeting.
    #[serde(default = "yes")]
    greeting_interruptible: bool,
    /// Silence before the greeting, 0 to 60. The variable `welcome-message-delay` wins.
    #[serde(default)]
    welcome_delay_second: u32,
    /// Whether the caller may cut the lines of steps that do not say otherwise.
    #[serde(default = "yes")]
    interruptible: bool,
    /// Name of the step after the greeting.
    start: String,
    /// The steps by name, 1 to 1,000.
    steps: BTreeMap<String, StepText>,
    /// What to do when the caller says nothing.
    no_input: Option<NoInputText>,
    /// What to do when the caller's words match no answer.
    no_match: Option<ReactionText>,
    /// Said before hanging up.
    goodbye: Option<LineText>,
    /// Values for variables that a call does not give.
    #[serde(default)]
    variables: BTreeMap<String, String>,
    /// Whose turn it is to speak.
    #[serde(default)]
    turns: Turns,
    /// When the call is ended.
    #[serde(default)]
    limits: Limits,
    /// What is heard besides the agent's words, and what to do about machines.
    #[serde(default)]
    telephone: Telephone,
    /// Said once when a vendor fails.
    fallback: Option<LineText>,
    /// What is found out about a call after its end.
    #[serde(default)]
    review: ReviewText,
    /// Who hears the caller.
    recognizer: Option<RecognizerText>,
    /// Who speaks.
    speaker: Option<SpeakerText>,
}

/// One point of the dialogue. With `then` the agent goes on at once; otherwise it listens.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StepText {
    /// Said on arrival.
    say: Option<LineText>,
    /// Whether the caller may cut it; as the document says if absent.
    interruptible: Option<bool>,
    /// The caller is asked for a number of so many digits, 0 to 32; 0: of any length. Pauses
    /// between its groups do not end the turn.
    digits: Option<u32>,
    /// Answers that are understood, at most 100.
    #[serde(default)]
    answers: Vec<ReplyText>,
    /// Where any other answer leads; `no_match` if absent.
    otherwise: Option<NextText>,
    /// Where the agent goes on without listening.
    then: Option<NextText>,
}

/// One answer that is understood.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReplyText {
    /// Phrases of which one must occur in what the caller says; at most 50.
    #[serde(default)]
    words: Vec<String>,
    /// Rows of keys that mean the same: `1`, `12#` …
    #[serde(default)]
    keys: Vec<String>,
    /// Said in reply.
    say: Option<LineText>,
    /// Where it leads; `stay` if absent.
    #[serde(default = "stay")]
    then: NextText,
}

/// Where the dialogue goes: `"repeat"`, `"stay"`, `"hang_up"`, `{"step": name}` or
/// `{"transfer": name}`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum NextText {
    /// To another step.
    Step(String),
    /// To the same step again, with what it says.
    Repeat,
    /// To the same step, without saying it again.
    Stay,
    /// To the goodbye and the end.
    HangUp,
    /// To somebody else.
    Transfer(String),
}

/// What to do when the caller says nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoInputText {
    /// Silence of both sides before it counts, 1 to 600.
    #[serde(default = "no_input_after_second")]
    pub after_second: u32,
    /// Said the first time, the second time and so on; the last one repeats.
    #[serde(default)]
    pub lines: Vec<LineText>,
    /// How often in a row before `then`, 0 to 100.
    #[serde(default = "reactions_max")]
    pub max: u32,
    /// Where the next time leads.
    #[serde(default = "hang_up")]
    pub then: NextText,
}

/// What to do when the caller's words match no answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReactionText {
    /// Said the first time, the second time and so on; the last one repeats.
    #[serde(default)]
    lines: Vec<LineText>,
    /// How often in a row before `then`, 0 to 100.
    #[serde(default = "reactions_max")]
    max: u32,
    /// Where the next time leads.
    #[serde(default = "hang_up")]
    then: NextText,
}

/// One thing to say: words, or `{"sound": id}`.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum LineText {
    /// Words for the speaker; may hold `${name}`. At most 4,096 characters.
    Text(String),
    /// An uploaded sound.
    Sound {
        /// Its id.
        sound: i64,
    },
}

/// What a document leaves behind.
pub(super) struct Read {
    /// The dialogue.
    pub script: Script,
    /// Whose turn it is.
    pub turns: Turns,
    /// When the call is ended.
    pub limits: Limits,
    /// What is heard besides words.
    pub telephone: Telephone,
    /// Said when a vendor fails.
    pub fallback: Option<Line>,
    /// What is found out after the end.
    pub review: ReviewPlan,
    /// Who hears and who speaks.
    pub speech: SpeechParts,
}

impl AgentDocument {
    /// Checks the fields whose range no other place knows.
    pub(super) fn check(&self) -> Result<(), DocumentFault> {
        let (turns, limits, telephone, voice) = match self {
            Self::Simple(simple) => (
                &simple.turns,
                &simple.limits,
                &simple.telephone,
                &simple.voice,
            ),
            Self::Full(full) => {
                within(
                    "welcome_delay_second",
                    Some(full.welcome_delay_second),
                    0,
                    60,
                )?;
                if let Some(no_input) = &full.no_input {
                    within("no_input.after_second", Some(no_input.after_second), 1, 600)?;
                }
                for (name, step) in &full.steps {
                    within(&format!("steps.{name}.digits"), step.digits, 0, 32)?;
                }
                (&full.turns, &full.limits, &full.telephone, &full.voice)
            }
            Self::Flow(flow) => {
                flow.check()?;
                (&flow.turns, &flow.limits, &flow.telephone, &flow.voice)
            }
            Self::Model(model) => {
                model.check()?;
                (&model.turns, &model.limits, &model.telephone, &model.voice)
            }
        };
        if voice
            .as_ref()
            .is_some_and(|voice| voice.is_empty() || voice.len() > 64)
        {
            return Err(fault("voice", "must have 1 to 64 characters".into()));
        }
        turns.check()?;
        limits.check()?;
        telephone.check()
    }
}

impl SimpleDocument {
    /// The script of one step that this form stands for.
    pub(super) fn into_script(self) -> Result<Read, DocumentFault> {
        let script = Script::simple(SimpleScript {
            language: self.language,
            voice: self.voice,
            greeting: self.greeting.map(Line::from),
            replies: self.replies.into_iter().map(Answer::from).collect(),
            no_input: self.no_input.map(Line::from),
            no_match: self.no_match.map(Line::from),
            goodbye: self.goodbye.map(Line::from),
        })?;
        Ok(Read {
            script,
            turns: self.turns,
            limits: self.limits,
            telephone: self.telephone,
            fallback: self.fallback.map(Line::from),
            review: self.review.plan()?,
            speech: SpeechParts::new(self.recognizer, self.speaker)?,
        })
    }
}

impl FullDocument {
    /// The script that this form spells out.
    pub(super) fn into_script(self) -> Result<Read, DocumentFault> {
        let mut steps = BTreeMap::new();
        for (name, step) in self.steps {
            let step = step.into_step(&name)?;
            steps.insert(name, step);
        }
        let no_input = self.no_input.unwrap_or_else(|| NoInputText {
            after_second: no_input_after_second(),
            lines: Vec::new(),
            max: reactions_max(),
            then: hang_up(),
        });
        let no_match = self.no_match.unwrap_or_else(|| ReactionText {
            lines: Vec::new(),
            max: reactions_max(),
            then: hang_up(),
        });
        let script = Script::new(ScriptParts {
            language: self.language,
            voice: self.voice,
            greeting: self.greeting.map(Line::from),
            greeting_interruptible: self.greeting_interruptible,
            welcome_delay: super::seconds(self.welcome_delay_second),
            interruptible: self.interruptible,
            steps,
            start: self.start,
            no_input: NoInput {
                after: Duration::from_secs(u64::from(no_input.after_second)),
                reaction: reaction(no_input.lines, no_input.max, no_input.then),
            },
            no_match: reaction(no_match.lines, no_match.max, no_match.then),
            goodbye: self.goodbye.map(Line::from),
            variables: self.variables,
        })?;
        Ok(Read {
            script,
            turns: self.turns,
            limits: self.limits,
            telephone: self.telephone,
            fallback: self.fallback.map(Line::from),
            review: self.review.plan()?,
            speech: SpeechParts::new(self.recognizer, self.speaker)?,
        })
    }
}

impl StepText {
    fn into_step(self, name: &str) -> Result<Step, DocumentFault> {
        let after = match self.then {
            Some(_) if !self.answers.is_empty() || self.otherwise.is_some() => {
                let path = format!("steps.{name}.then");
                return Err(fault(&path, "excludes `answers` and `otherwise`".into()));
            }
            Some(then) => After::GoOn(then.into()),
            None => After::Listen {
                answers: self.answers.into_iter().map(Answer::from).collect(),
                otherwise: self.otherwise.map(Next::from),
            },
        };
        Ok(Step {
            say: self.say.map(Line::from),
            interruptible: self.interruptible,
            dictation: self.digits.map(|n| Dictation {
                n_digits: (n > 0).then_some(n),
            }),
            after,
        })
    }
}

pub(super) fn reaction(lines: Vec<LineText>, max: u32, then: NextText) -> Reaction {
    Reaction {
        lines: lines.into_iter().map(Line::from).collect(),
        max,
        then: then.into(),
    }
}

impl From<ReplyText> for Answer {
    fn from(reply: ReplyText) -> Self {
        Self {
            words: reply.words,
            keys: reply.keys,
            say: reply.say.map(Line::from),
            then: reply.then.into(),
        }
    }
}

impl From<NextText> for Next {
    fn from(next: NextText) -> Self {
        match next {
            NextText::Step(name) => Self::Step(name),
            NextText::Repeat => Self::Repeat,
            NextText::Stay => Self::Stay,
            NextText::HangUp => Self::HangUp,
            NextText::Transfer(to) => Self::Transfer(to),
        }
    }
}

impl From<LineText> for Line {
    fn from(line: LineText) -> Self {
        match line {
            LineText::Text(text) => Self::Text(text),
            LineText::Sound { sound } => Self::Sound(sound.to_string()),
        }
    }
}

/// By hand, because serde's error for an untagged enum does not say what was expected.
impl<'de> Deserialize<'de> for LineText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LineVisitor)
    }
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = LineText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or {\"sound\": id}")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<LineText, E> {
        if text.chars().count() > LINE_CHARS_MAX {
            return Err(E::custom("must have at most 4096 characters"));
        }
        Ok(LineText::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LineText, A::Error> {
        let mut sound = None;
        while let Some(key) = map.next_key::<String>()? {
            if key != "sound" {
                return Err(de::Error::unknown_field(&key, &["sound"]));
            }
            sound = Some(map.next_value()?);
        }
        sound
            .map(|sound| LineText::Sound { sound })
            .ok_or_else(|| de::Error::missing_field("sound"))
    }
}

pub(super) fn yes() -> bool {
    true
}

fn stay() -> NextText {
    NextText::Stay
}

pub(super) fn hang_up() -> NextText {
    NextText::HangUp
}

pub(super) fn no_input_after_second() -> u32 {
    10
}

pub(super) fn reactions_max() -> u32 {
    3
}
