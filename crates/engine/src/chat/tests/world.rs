//! A conversation with short ways to say what happens in it.

use std::time::Duration;

use model::{
    Asker, Author, ChatChannel, ChatEvent, ChatLimits, Content, ConversationId, ConversationState,
    CustomerId, MessageKey, StaffId, Staffed, TenantId, UnixMs, VoiceAgentId,
};

use crate::chat::{Conversation, Done, Draw, Input, Refused};

/// A conversation, its journal and its clock.
pub struct World {
    pub conversation: Conversation,
    pub journal: Vec<(UnixMs, ChatEvent)>,
    pub now: UnixMs,
}

impl World {
    /// A customer has come; `with_bot` says whether a bot of ours answers.
    pub fn new(with_bot: bool) -> Self {
        let now = UnixMs(1_600_045_926_000);
        let began = ChatEvent::Began {
            tenant: TenantId(1_400_000_001),
            customer: CustomerId("ann".into()),
            customer_name: "Ann".into(),
            channel: ChatChannel::Web,
            language: "en".into(),
            page: String::new(),
            bot: with_bot.then_some(VoiceAgentId(7)),
        };
        let id = ConversationId("c".into());
        let conversation = Conversation::begun(id, ChatLimits::default(), &began, now).unwrap();
        Self {
            conversation,
            journal: vec![(now, began)],
            now,
        }
    }

    pub fn wait(&mut self, seconds: u64) -> &mut Self {
        self.now = self.now.plus(Duration::from_secs(seconds));
        self
    }

    pub fn handle(&mut self, input: Input) -> Result<Done, Refused> {
        let before = self.conversation.clone();
        let done = self.conversation.handle(input, self.now);
        match &done {
            Ok(done) => self
                .journal
                .extend(done.events.iter().map(|event| (self.now, event.clone()))),
            Err(_) => assert_eq!(self.conversation, before, "a refusal changes nothing"),
        }
        done
    }

    pub fn must(&mut self, input: Input) -> Done {
        self.handle(input).unwrap()
    }

    pub fn tick(&mut self) -> Done {
        self.must(Input::Tick {
            tip: "nobody".into(),
            draw: Draw(1),
        })
    }

    pub fn state(&self) -> ConversationState {
        self.conversation.view().state
    }

    /// The machine that a restart makes of the journal.
    pub fn replayed(&self) -> Conversation {
        let id = ConversationId("c".into());
        Conversation::replay(id, ChatLimits::default(), self.journal.clone()).unwrap()
    }

    /// What the customer sees of a message.
    pub fn text_of(&self, key: &MessageKey) -> String {
        self.journal
            .iter()
            .filter_map(|(_, event)| match event {
                ChatEvent::StreamOpened { key: k, text, .. }
                | ChatEvent::ChunkAppended { key: k, text, .. }
                    if k == key =>
                {
                    Some(text.as_str())
                }
                _ => None,
            })
            .collect()
    }
}

pub fn says(author: Author, text: &str, request: Option<&str>) -> Input {
    Input::Say {
        author,
        content: Content::text(text),
        request: request.map(str::to_owned),
        draw: Draw(7 << 28),
    }
}

pub fn chunk(key: Option<&MessageKey>, text: &str, request: &str) -> Input {
    Input::Grow {
        key: key.cloned(),
        text: text.into(),
        finish: false,
        request: Some(request.into()),
        draw: Draw(u128::MAX),
    }
}

pub fn last_chunk(key: Option<&MessageKey>, text: &str, request: &str) -> Input {
    match chunk(key, text, request) {
        Input::Grow {
            key,
            text,
            request,
            draw,
            ..
        } => Input::Grow {
            key,
            text,
            finish: true,
            request,
            draw,
        },
        other => other,
    }
}

pub fn asks_person(by: Asker) -> Input {
    Input::AskPerson {
        by,
        group: None,
        staff: Vec::new(),
        tip: true,
        routed: false,
    }
}

pub fn staff(id: i64) -> Staffed {
    Staffed {
        id: StaffId(id),
        name: format!("Staff {id}"),
        mail: format!("staff{id}@example.com"),
    }
}
