//! What the events of a conversation ask our bot, and what was shown so far.

use model::{Author, ChatEvent, MessageKey, StreamEnd};
use store::ChatJournalEvent;
use voice::{conversation::Exchange, thinker::Heard};

/// One thing that the bot is to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// What.
    pub heard: Heard,
    /// Its place in what was shown; a beginning has none.
    shown_at: Option<usize>,
}

/// A conversation as its bot sees it.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The greeting, and what the customer said to the bot.
    pub questions: Vec<Question>,
    /// How many of them the bot has answered, or began to.
    pub n_answered: usize,
    /// What it has written of the answer that it is at, with its key.
    pub half: Option<(MessageKey, String)>,
    /// Questions in a row that it could not answer, the last one included.
    pub n_failed: u32,
    /// What was shown to the customer, by key.
    shown: Vec<(MessageKey, Exchange)>,
    /// Places of what the customer wrote while somebody else had the conversation.
    unanswered: Vec<usize>,
    is_elsewhere: bool,
}

impl Asked {
    /// Folds the events.
    pub fn of(events: &[ChatJournalEvent]) -> Self {
        let mut asked = Self::default();
        for event in events {
            asked.take(&event.stamped.event);
        }
        asked
    }

    /// What was shown before a question, its own words last.
    pub fn history_to(&self, questions: &[Question]) -> Vec<Exchange> {
        let is_asked = |place: &usize| questions.iter().any(|q| q.shown_at == Some(*place));
        let before = self.shown.iter().enumerate();
        let before = before.filter(|(place, _)| !is_asked(place));
        let own = questions.iter().filter_map(|question| question.shown_at);
        before
            .map(|(_, shown)| shown)
            .chain(own.map(|place| &self.shown[place]))
            .map(|(_, exchange)| exchange.clone())
            .filter(|exchange| !text_of(exchange).is_empty())
            .collect()
    }

    /// What was shown up to a message that stopped in its middle.
    pub fn history_through(&self, half: &MessageKey) -> Vec<Exchange> {
        let place = self.shown.iter().position(|(key, _)| key == half);
        let upto = place.map_or(self.shown.len(), |place| place + 1);
        let shown = self.shown[..upto].iter();
        shown
            .map(|(_, exchange)| exchange.clone())
            .filter(|exchange| !text_of(exchange).is_empty())
            .collect()
    }

    fn take(&mut self, event: &ChatEvent) {
        match event {
            ChatEvent::Began { .. } => self.questions.push(Question {
                heard: Heard::Start,
                shown_at: None,
            }),
            ChatEvent::MessageSent {
                key,
                author,
                content,
                ..
            } => self.said(key, author, &content.text),
            ChatEvent::StreamOpened {
                key, text, request, ..
            } => {
                self.show(key, Exchange::Agent(text.clone()));
                // Only what the bot does begins here without a request's name.
                if request.is_none() {
                    self.n_answered = self.questions.len();
                    self.half = Some((key.clone(), text.clone()));
                }
            }
            ChatEvent::ChunkAppended { key, text, .. } => self.grew(key, text),
            ChatEvent::StreamClosed { key, end } => {
                let is_ours = self.half.as_ref().is_some_and(|(half, _)| half == key);
                if is_ours {
                    self.half = None;
                }
                if is_ours && *end == StreamEnd::Finished {
                    self.n_failed = 0;
                }
            }
            ChatEvent::BotFailed { why } => {
                self.n_answered = self.questions.len();
                if !why.is_empty() {
                    self.n_failed += 1;
                }
            }
            ChatEvent::PersonAsked { .. } => {
                self.is_elsewhere = true;
                self.n_answered = self.questions.len();
            }
            ChatEvent::Joined { .. } => {
                self.is_elsewhere = true;
                self.n_answered = self.questions.len();
                self.n_failed = 0;
            }
            ChatEvent::NobodyThere | ChatEvent::GivenBack { .. } => self.came_back(),
            ChatEvent::Routed { .. }
            | ChatEvent::Offered { .. }
            | ChatEvent::OfferEnded { .. }
            | ChatEvent::PassedOn { .. }
            | ChatEvent::NoteWritten { .. }
            | ChatEvent::RatingAsked
            | ChatEvent::Rated { .. }
            | ChatEvent::WordLeft { .. }
            | ChatEvent::Ended { .. } => {}
        }
    }

    fn said(&mut self, key: &MessageKey, author: &Author, text: &str) {
        let place = self.shown.len();
        match author {
            Author::Customer => {
                self.show(key, Exchange::Caller(text.to_owned()));
                if self.is_elsewhere {
                    self.unanswered.push(place);
                } else {
                    self.questions.push(Question {
                        heard: Heard::Utterance(text.to_owned()),
                        shown_at: Some(place),
                    });
                }
            }
            Author::Bot | Author::Staff(_) | Author::Centre => {
                self.show(key, Exchange::Agent(text.to_owned()));
                self.unanswered.clear();
            }
        }
    }

    /// The bot has it again: what nobody answered is asked now.
    fn came_back(&mut self) {
        self.is_elsewhere = false;
        self.n_answered = self.questions.len();
        for place in std::mem::take(&mut self.unanswered) {
            self.questions.push(Question {
                heard: Heard::Utterance(text_of(&self.shown[place].1).to_owned()),
                shown_at: Some(place),
            });
        }
    }

    fn grew(&mut self, key: &MessageKey, more: &str) {
        let message = self.shown.iter_mut().rev().find(|(shown, _)| shown == key);
        if let Some((_, Exchange::Agent(text) | Exchange::Caller(text))) = message {
            text.push_str(more);
        }
        if let Some((_, text)) = self.half.as_mut().filter(|(half, _)| half == key) {
            text.push_str(more);
        }
    }

    fn show(&mut self, key: &MessageKey, exchange: Exchange) {
        self.shown.push((key.clone(), exchange));
    }
}

/// The words of several questions that are answered at once.
pub(super) fn joined(questions: &[Question]) -> Heard {
    let words: Vec<&str> = questions
        .iter()
        .filter_map(|question| match &question.heard {
            Heard::Utterance(words) => Some(words.as_str()),
            _ => None,
        })
        .collect();
    Heard::Utterance(words.join("\n"))
}

fn text_of(exchange: &Exchange) -> &str {
    let (Exchange::Agent(text) | Exchange::Caller(text) | Exchange::Instruction(text)) = exchange;
    text
}

#[cfg(test)]
mod tests {
    use model::{
        ChatChannel, Content, ConversationId, CustomerId, StaffId, Staffed, StampedChat, TenantId,
        UnixMs, VoiceAgentId,
    };

    use super::*;

    #[test]
    fn what_was_shown_is_the_history_and_what_is_open_is_asked() {
        let asked = of([
            began(),
            opened("1", "Hel"),
            grew("1", "lo."),
            closed("1"),
            customer("2", "My order"),
            customer("3", "is late"),
        ]);
        assert_eq!((asked.questions.len(), asked.n_answered), (3, 1));
        let open = &asked.questions[1..];
        assert_eq!(joined(open), Heard::Utterance("My order\nis late".into()));
        let history = ["a Hello.", "c My order", "c is late"];
        assert_eq!(told(asked.history_to(open)), history);
    }

    #[test]
    fn a_message_in_mid_answer_is_the_next_question_and_no_part_of_the_half_one() {
        let asked = of([
            began(),
            customer("1", "Where is it?"),
            opened("2", "It is"),
            customer("3", "And when?"),
        ]);
        let (key, half) = asked.half.clone().unwrap();
        assert_eq!(half, "It is");
        assert_eq!(
            told(asked.history_through(&key)),
            ["c Where is it?", "a It is"]
        );
        assert_eq!((asked.questions.len(), asked.n_answered), (3, 2));
    }

    #[test]
    fn what_a_person_answered_is_shown_and_what_nobody_answered_is_asked() {
        let lin = Staffed {
            id: StaffId(1),
            name: "Lin".into(),
            mail: String::new(),
        };
        let asked = of([
            began(),
            ChatEvent::Joined {
                staff: lin.clone(),
                took_over: true,
            },
            customer("1", "Is it open?"),
            says("2", Author::Staff(lin.clone()), "Yes."),
            customer("3", "Until when?"),
            ChatEvent::GivenBack { by: lin },
        ]);
        assert_eq!(asked.questions.len() - asked.n_answered, 1);
        let open = &asked.questions[asked.n_answered..];
        assert_eq!(open[0].heard, Heard::Utterance("Until when?".into()));
        let history = ["c Is it open?", "a Yes.", "c Until when?"];
        assert_eq!(told(asked.history_to(open)), history);
    }

    #[test]
    fn failures_count_until_an_answer() {
        let fails = || ChatEvent::BotFailed { why: "down".into() };
        let mut events = vec![began(), fails(), customer("1", "hi"), fails()];
        assert_eq!(of(events.clone()).n_failed, 2);
        events.extend([customer("2", "hi"), opened("3", "Hello"), closed("3")]);
        assert_eq!(of(events).n_failed, 0);
    }

    fn of(events: impl IntoIterator<Item = ChatEvent>) -> Asked {
        let journal: Vec<ChatJournalEvent> = (1..)
            .zip(events)
            .map(|(n, event)| ChatJournalEvent {
                seq: n,
                tenant: TenantId(1),
                conversation: ConversationId("c".into()),
                stamped: StampedChat {
                    n,
                    at: UnixMs(0),
                    event,
                },
            })
            .collect();
        Asked::of(&journal)
    }

    fn told(history: Vec<Exchange>) -> Vec<String> {
        let line = |exchange| match exchange {
            Exchange::Agent(text) => format!("a {text}"),
            Exchange::Caller(text) => format!("c {text}"),
        };
        history.into_iter().map(line).collect()
    }

    fn began() -> ChatEvent {
        ChatEvent::Began {
            tenant: TenantId(1),
            customer: CustomerId("ann".into()),
            customer_name: "Ann".into(),
            channel: ChatChannel::Web,
            language: "en".into(),
            page: String::new(),
            bot: Some(VoiceAgentId(7)),
        }
    }

    fn key(key: &str) -> MessageKey {
        MessageKey(key.to_owned())
    }

    fn customer(key: &str, text: &str) -> ChatEvent {
        says(key, Author::Customer, text)
    }

    fn says(name: &str, author: Author, text: &str) -> ChatEvent {
        ChatEvent::MessageSent {
            key: key(name),
            author,
            content: Content::text(text),
            request: None,
        }
    }

    fn opened(name: &str, text: &str) -> ChatEvent {
        ChatEvent::StreamOpened {
            key: key(name),
            author: Author::Bot,
            text: text.to_owned(),
            request: None,
        }
    }

    fn grew(name: &str, text: &str) -> ChatEvent {
        ChatEvent::ChunkAppended {
            key: key(name),
            text: text.to_owned(),
            offset: 0,
            request: None,
        }
    }

    fn closed(name: &str) -> ChatEvent {
        ChatEvent::StreamClosed {
            key: key(name),
            end: StreamEnd::Finished,
        }
    }
}
