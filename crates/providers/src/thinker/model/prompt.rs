//! What a model is asked: the history as the caller heard it, with what tools did in between.

use serde_json::Value;
use voice::{
    conversation::Exchange,
    thinker::{AgentRefusal, Heard, ThinkRequest, TurnId},
};

/// The longest history that is sent, in characters; what is older is left out.
const HISTORY_CHARS_MAX: usize = 48_000;

/// One question to a back end.
#[derive(Clone, Debug, Default)]
pub(super) struct Prompt {
    /// The system prompt.
    pub system: String,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// What the model may call.
    pub tools: Vec<ToolSpec>,
    /// What the caller said or did, for back ends that keep the history themselves.
    pub query: String,
    /// Somebody wants the answer by request: `X-Invoke-LLM`.
    pub is_invoked: bool,
}

/// One entry of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Of the caller.
    User(String),
    /// Of the model; with the tools that it called.
    Assistant {
        /// What the caller heard.
        text: String,
        /// In the order of the answer.
        calls: Vec<ToolCall>,
    },
    /// What a tool answered.
    Tool {
        /// The id of the call.
        call: String,
        /// The answer.
        content: String,
    },
}

/// A tool as a model is told of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ToolSpec {
    /// Its name: letters, digits, `_`, `-`; 64 at most.
    pub name: String,
    /// When to call it.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
}

/// One call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ToolCall {
    /// The model's id of the call.
    pub id: String,
    /// The tool.
    pub name: String,
    /// JSON, as the model wrote it.
    pub arguments: String,
}

/// What tools did, and when in the conversation.
#[derive(Clone, Debug)]
pub(super) struct ToolRound {
    /// The turn in which it was.
    pub turn: TurnId,
    /// What the model said before, in that turn.
    pub said: String,
    /// Entries of the history before it.
    pub at: usize,
    /// The calls.
    pub calls: Vec<ToolCall>,
    /// Their answers; `None` while a tool is at it.
    pub answers: Vec<Option<String>>,
}

/// What a tool that is at it is said to have answered.
const NOT_DONE_YET: &str = "The result is not there yet.";

impl ToolRound {
    /// What was said before is in the history once that turn is over.
    fn messages(&self, turn: TurnId) -> impl Iterator<Item = Message> + '_ {
        let calls = Message::Assistant {
            text: if self.turn == turn {
                self.said.clone()
            } else {
                String::new()
            },
            calls: self.calls.clone(),
        };
        let answers = self.calls.iter().zip(&self.answers);
        std::iter::once(calls).chain(answers.map(|(call, answer)| Message::Tool {
            call: call.id.clone(),
            content: answer.clone().unwrap_or_else(|| NOT_DONE_YET.to_owned()),
        }))
    }
}

/// The conversation up to a request, as a model is told of it.
pub(super) fn messages(
    request: &ThinkRequest,
    rounds: &[ToolRound],
    is_chinese: bool,
) -> Vec<Message> {
    let history = &request.history;
    let event = match half(request) {
        Some(_) => Some(GO_ON.to_owned()),
        None => event(&request.heard, is_chinese),
    };
    // Keys stand in the history as words; the model is told that they were pressed.
    let is_keys = matches!(request.heard, Heard::Digits(_));
    let n_entries = history.len() - usize::from(is_keys && !history.is_empty());
    let first = first_kept(history);
    let mut messages = Vec::new();
    let mut rounds = rounds.iter().filter(|round| round.at >= first).peekable();
    for (idx, exchange) in history[..n_entries].iter().enumerate().skip(first) {
        while let Some(round) = rounds.next_if(|round| round.at <= idx) {
            messages.extend(round.messages(request.turn));
        }
        push(&mut messages, exchange);
    }
    // What a tool did in this turn stands behind what the caller did.
    let (before, now): (Vec<_>, Vec<_>) = rounds.partition(|round| round.turn != request.turn);
    for round in before {
        messages.extend(round.messages(request.turn));
    }
    if let Some(event) = event {
        push(&mut messages, &Exchange::Caller(event));
    }
    for round in now {
        messages.extend(round.messages(request.turn));
    }
    messages
}

/// What a model is told of an answer that broke off in its middle.
pub(super) const GO_ON: &str =
    "(Your last message broke off there. Go on exactly where it stopped; repeat nothing.)";

/// The beginning of this answer, if it was begun elsewhere and broke off: then it stands last.
fn half(request: &ThinkRequest) -> Option<&str> {
    match (&request.heard, request.history.last()) {
        (Heard::Start | Heard::Utterance(_), Some(Exchange::Agent(half))) => Some(half),
        _ => None,
    }
}

/// What the caller said or did, in words, for a back end that keeps the history.
pub(super) fn query(request: &ThinkRequest, is_chinese: bool) -> String {
    if let Some(half) = half(request) {
        // What it keeps of an answer that broke off is not known.
        let words = match &request.heard {
            Heard::Utterance(words) => words.as_str(),
            _ => "",
        };
        return format!("{words}\n\n(You had begun to answer:)\n{half}\n\n{GO_ON}");
    }
    let heard = &request.heard;
    match heard {
        Heard::Utterance(words) | Heard::Instruction(words) => words.clone(),
        Heard::Start
        | Heard::TakenOver
        | Heard::Digits(_)
        | Heard::Silence { .. }
        | Heard::Unclear
        | Heard::TransferFailed
        | Heard::AgentRefused(_) => event(heard, is_chinese).unwrap_or_default(),
    }
}

/// What happened beside words, in words.
fn event(heard: &Heard, is_chinese: bool) -> Option<String> {
    let (english, chinese) = match heard {
        Heard::Utterance(_) | Heard::Instruction(_) => return None,
        Heard::Start => (
            "(The call was answered. Greet the caller.)",
            "（电话已接通，请向对方问好。）",
        ),
        Heard::Digits(keys) => {
            return Some(if is_chinese {
                format!("（对方按了 {keys}）")
            } else {
                format!("(The caller pressed {keys}.)")
            });
        }
        Heard::Silence { .. } => ("(The caller says nothing.)", "（对方没有说话。）"),
        Heard::Unclear => (
            "(The caller could not be understood.)",
            "（没有听清对方说的话。）",
        ),
        Heard::TakenOver => (
            "(Another agent has handed the caller over to you. Take it from there.)",
            "（其他坐席已把电话转给您，请接着与对方交谈。）",
        ),
        Heard::TransferFailed => (
            "(Nobody could take the call over. Go on with the caller.)",
            "（转接没有成功，请继续与对方交谈。）",
        ),
        Heard::AgentRefused(why) => refused(*why),
    };
    Some(if is_chinese { chinese } else { english }.to_owned())
}

/// Why another agent does not take over, in English and in Chinese.
fn refused(why: AgentRefusal) -> (&'static str, &'static str) {
    match why {
        AgentRefusal::Unknown => (
            "(Error: there is no such agent to hand the caller over to. Go on with the caller yourself.)",
            "（错误：没有这个坐席，无法转接，请您继续与对方交谈。）",
        ),
        AgentRefusal::Same => (
            "(Error: you are that agent. Go on with the caller yourself.)",
            "（错误：您就是这个坐席，请您继续与对方交谈。）",
        ),
        AgentRefusal::TooOften => (
            "(Error: the caller was handed from agent to agent too often. Go on with the caller yourself.)",
            "（错误：转接次数过多，请您继续与对方交谈。）",
        ),
        AgentRefusal::NotNow => (
            "(Error: the caller cannot be handed over just now. Go on with the caller yourself.)",
            "（错误：现在无法转接，请您继续与对方交谈。）",
        ),
    }
}

/// The first entry of the history that is sent.
fn first_kept(history: &[Exchange]) -> usize {
    let mut left = HISTORY_CHARS_MAX;
    let n_kept = history
        .iter()
        .rev()
        .take_while(|exchange| {
            let (Exchange::Agent(text) | Exchange::Caller(text) | Exchange::Instruction(text)) =
                exchange;
            let n_chars = text.chars().count();
            let fits = n_chars <= left;
            left = left.saturating_sub(n_chars);
            fits
        })
        .count();
    history.len() - n_kept.max(1).min(history.len())
}

/// Adds an entry; two of the same side are one message.
fn push(messages: &mut Vec<Message>, exchange: &Exchange) {
    match (messages.last_mut(), exchange) {
        (Some(Message::User(before)), Exchange::Caller(text) | Exchange::Instruction(text)) => {
            before.push(' ');
            before.push_str(text);
        }
        (
            Some(Message::Assistant {
                text: before,
                calls,
            }),
            Exchange::Agent(text),
        ) if calls.is_empty() => {
            before.push(' ');
            before.push_str(text);
        }
        (_, Exchange::Caller(text) | Exchange::Instruction(text)) => {
            messages.push(Message::User(text.clone()));
        }
        (_, Exchange::Agent(text)) => messages.push(Message::Assistant {
            text: text.clone(),
            calls: Vec::new(),
        }),
    }
}
