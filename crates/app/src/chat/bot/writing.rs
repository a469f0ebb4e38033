//! An answer on its way into the conversation.
//!
//! # Invariants
//!
//! - What was shown before a stop is not shown again; an answer that goes another way than before
//!   has its half message closed and begins a new one.
//! - No message is longer than [`MESSAGE_BYTES_MAX`]: a longer answer is several, and ends after
//!   [`ANSWER_BYTES_MAX`].

use std::sync::Arc;

use engine::chat::{BotThen, Input, stream::MESSAGE_BYTES_MAX};
use model::{ConversationId, MessageKey, TenantId};
use store::BotMemory;
use voice::reply::is_unspaced;

use super::super::{ChatFault, Chats, Outcome, desk::draw};

/// Characters of one piece of a line, about: a line is shown while it is written.
const PIECE_CHARS: usize = 24;

/// The longest answer, in bytes: a model that does not stop is stopped.
pub(super) const ANSWER_BYTES_MAX: usize = 4 * MESSAGE_BYTES_MAX;

/// One answer.
pub(super) struct Writing<'a> {
    chats: &'a Arc<Chats>,
    tenant: TenantId,
    id: &'a ConversationId,
    key: Option<MessageKey>,
    /// Bytes of the message that grows, and of the answer.
    n_message: usize,
    n_answer: usize,
    /// What was written before a stop and is not to be written again.
    before: String,
    is_silent: bool,
    last: Option<char>,
    /// Goes with the next piece, or with the end.
    memory: Option<BotMemory>,
}

impl<'a> Writing<'a> {
    /// Nothing is written before its first piece.
    pub fn new(chats: &'a Arc<Chats>, tenant: TenantId, id: &'a ConversationId) -> Self {
        Self {
            chats,
            tenant,
            id,
            key: None,
            n_message: 0,
            n_answer: 0,
            before: String::new(),
            is_silent: false,
            last: None,
            memory: None,
        }
    }

    /// One that shows nothing.
    pub fn silent(self) -> Self {
        Self {
            is_silent: true,
            ..self
        }
    }

    /// The answer comes anew: what was shown of it is passed over.
    pub fn repeat(&mut self, half: Option<(MessageKey, String)>) {
        if let Some((key, text)) = half {
            self.n_message = text.len();
            self.key = Some(key);
            self.before = text;
        }
    }

    /// Only the rest of the answer comes.
    pub fn append_to(&mut self, key: MessageKey, so_far: &str) {
        self.n_message = so_far.len();
        self.last = so_far.chars().next_back();
        self.key = Some(key);
    }

    /// Whether the answer has become longer than any may be.
    pub fn is_too_long(&self) -> bool {
        self.n_answer > ANSWER_BYTES_MAX
    }

    /// What the bot remembers from the next piece on.
    pub fn remember(&mut self, memory: BotMemory) {
        self.memory = Some(memory);
    }

    /// A line of its own: a space parts it from what came before.
    pub async fn say(&mut self, line: &str) -> Result<(), ChatFault> {
        if self.is_silent || line.is_empty() {
            return Ok(());
        }
        let needs_space =
            |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && !is_unspaced(c));
        let mut text = String::new();
        if needs_space(self.last) && needs_space(line.chars().next()) {
            text.push(' ');
        }
        text.push_str(line);
        for piece in pieces(&text) {
            self.append(piece).await?;
        }
        Ok(())
    }

    /// Words as they were written.
    pub async fn append(&mut self, words: &str) -> Result<(), ChatFault> {
        if self.is_silent || words.is_empty() {
            return Ok(());
        }
        self.last = words.chars().next_back();
        for piece in parts(words, MESSAGE_BYTES_MAX / 2) {
            self.write(piece).await?;
        }
        Ok(())
    }

    async fn write(&mut self, piece: &str) -> Result<(), ChatFault> {
        self.n_answer += piece.len();
        let common = self.before.len().min(piece.len());
        let new = match (self.before.get(..common), piece.get(..common)) {
            (Some(known), Some(same)) if known == same => {
                self.before.drain(..common);
                &piece[common..]
            }
            // Another answer than before the stop: the half one is closed, a new one begun.
            _ => {
                self.before.clear();
                if let Some(key) = self.key.take() {
                    self.command(Input::Abandon(key)).await?;
                }
                piece
            }
        };
        if new.is_empty() {
            return Ok(());
        }
        if self.key.is_some() && self.n_message + new.len() > MESSAGE_BYTES_MAX {
            let key = self.key.take();
            let then = BotThen::Listen;
            self.command(Input::BotDone { key, then }).await?;
        }
        if self.key.is_none() {
            self.n_message = 0;
        }
        self.n_message += new.len();
        let grown = self
            .command(Input::Grow {
                key: self.key.clone(),
                text: super::super::start::cleaned(new),
                finish: false,
                request: None,
                draw: draw(),
            })
            .await?;
        self.key = grown.key;
        Ok(())
    }

    /// Ends the message, and has done what the bot wants then.
    pub async fn finish(mut self, then: BotThen) -> Result<(), ChatFault> {
        let key = self.key.take();
        let wrote = key.is_some();
        match self.command(Input::BotDone { key, then }).await {
            Ok(_) => Ok(()),
            // Nothing was said to a conversation that went elsewhere: nothing is lost.
            Err(ChatFault::Refused(_)) if !wrote => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    async fn command(&mut self, input: Input) -> Result<Outcome, ChatFault> {
        let memory = self.memory.take();
        self.chats
            .command_of_bot(self.tenant, self.id, input, memory)
            .await
    }
}

/// A text in pieces that end where words do.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut n_chars) = (0, 0);
    for (at, c) in text.char_indices() {
        n_chars += 1;
        let end = at + c.len_utf8();
        if n_chars >= PIECE_CHARS && (c.is_whitespace() || is_unspaced(c)) {
            pieces.push(&text[from..end]);
            (from, n_chars) = (end, 0);
        }
    }
    if from < text.len() {
        pieces.push(&text[from..]);
    }
    pieces
}

/// A text in parts of at most so many bytes, none of which ends in a character.
fn parts(mut text: &str, bytes_max: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    while text.len() > bytes_max {
        let (part, rest) = text.split_at(text.floor_char_boundary(bytes_max));
        parts.push(part);
        text = rest;
    }
    parts.push(text);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_at_words_and_make_the_text_again() {
        let text = "Good morning, this is the shop. How may I help you today?";
        let found = pieces(text);
        assert!(found.len() > 1 && found[0].ends_with(' '), "{found:?}");
        assert_eq!(found.concat(), text);
        let unspaced = "您好".repeat(40);
        assert_eq!(pieces(&unspaced).concat(), unspaced);
        assert_eq!(pieces(""), Vec::<&str>::new());
    }

    #[test]
    fn parts_are_short_and_cut_no_character() {
        let text = "您好".repeat(5);
        let found = parts(&text, 8);
        assert!(found.iter().all(|part| part.len() <= 8), "{found:?}");
        assert_eq!(found.concat(), text);
    }
}
