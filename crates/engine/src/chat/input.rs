//! What may be wanted of a conversation, and what comes of it.

use model::{
    Asker, Author, ChatEvent, Content, ConversationState, MessageKey, SkillGroupId, StaffId,
    Staffed,
};

use super::{
    conversation::{Draw, STREAMS_OPEN_MAX, ServiceDone},
    stream::{Closed, MESSAGE_BYTES_MAX},
};

/// Events of one conversation, so that nobody fills the database with one.
pub const EVENTS_MAX: i64 = 50_000;

/// Something that somebody wants of a conversation, or that the shell reports.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Somebody writes a whole message. A person who is asked to take it takes it with this.
    Say {
        /// Who.
        author: Author,
        /// What.
        content: Content,
        /// The sender's own name of the request.
        request: Option<String>,
        /// Chance for the key.
        draw: Draw,
    },
    /// A bot writes a piece of a growing message.
    Grow {
        /// The message; a new one if absent.
        key: Option<MessageKey>,
        /// The piece.
        text: String,
        /// It is the last one.
        finish: bool,
        /// The sender's own name of the request.
        request: Option<String>,
        /// Chance for the key.
        draw: Draw,
    },
    /// Our bot cannot go on with a growing message.
    Abandon(MessageKey),
    /// Our bot has nothing to answer with.
    BotFailed {
        /// Why.
        why: String,
        /// What it says instead; may be empty.
        says: String,
        /// Chance for the key.
        draw: Draw,
    },
    /// Our bot has answered.
    BotDone {
        /// The message that it wrote; none if it had nothing to say.
        key: Option<MessageKey>,
        /// What it wants done.
        then: BotThen,
    },
    /// Somebody asks for a person.
    AskPerson {
        /// Who.
        by: Asker,
        /// Only of this group.
        group: Option<SkillGroupId>,
        /// One of these, if any is named.
        staff: Vec<StaffId>,
        /// Tell the customer if nobody is there.
        tip: bool,
        /// The tenant's server is to be asked whom.
        routed: bool,
    },
    /// The tenant's server has said whom, or has not.
    Route {
        /// Only of this group.
        group: Option<SkillGroupId>,
        /// One of these.
        staff: Vec<StaffId>,
        /// What went wrong.
        fault: String,
    },
    /// Nobody who may take it is online. The text is for the customer; may be empty.
    NobodyThere {
        /// What the customer is told.
        tip: String,
        /// Chance for the key.
        draw: Draw,
    },
    /// A person is asked to take it.
    Offer(Staffed),
    /// They take it.
    Accept(Staffed),
    /// They do not, or have gone.
    Decline(StaffId),
    /// A person takes it from whoever has it.
    TakeOver(Staffed),
    /// The person who has it gives it to the bot.
    GiveBack(Staffed),
    /// The person who has it passes it on.
    PassOn {
        /// Who.
        by: Staffed,
        /// To this group.
        group: Option<SkillGroupId>,
        /// To one of these.
        staff: Vec<StaffId>,
    },
    /// Staff write down something that the customer does not see.
    Note {
        /// Who.
        by: Staffed,
        /// What.
        text: String,
        /// Chance for the key.
        draw: Draw,
    },
    /// The customer is asked for an opinion.
    AskRating,
    /// The customer has one.
    Rate {
        /// 1 to 5.
        score: i64,
        /// More of it.
        text: String,
    },
    /// The customer leaves word for later.
    LeaveWord {
        /// Where to reach them.
        contact: String,
        /// What they want.
        text: String,
    },
    /// Somebody ends it.
    End(Asker),
    /// Time has passed.
    Tick {
        /// What the customer is told if nobody took the conversation; may be empty.
        tip: String,
        /// Chance for the key.
        draw: Draw,
    },
}

/// What our bot wants done at the end of an answer. It happens with the end, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BotThen {
    /// Nothing: it is the customer's turn.
    Listen,
    /// A person is asked for.
    AskPerson {
        /// Only of this group.
        group: Option<SkillGroupId>,
        /// One of these, if any is named.
        staff: Vec<StaffId>,
        /// The tenant's server is to be asked whom.
        routed: bool,
    },
    /// The conversation ends.
    End,
}

/// What came of an input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Done {
    /// What happened, in order. Nothing if it was asked before, or is so already.
    pub events: Vec<ChatEvent>,
    /// The message that it was about.
    pub key: Option<MessageKey>,
    /// The same was asked before: this is the answer of then.
    pub repeated: bool,
    /// Stretches of service that are over with it.
    pub services: Vec<ServiceDone>,
}

/// Why an input is refused. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The conversation has ended.
    #[error("the conversation has ended")]
    Over,
    /// A person has the conversation.
    #[error("a person has the conversation")]
    WithPerson,
    /// The conversation is not with this person.
    #[error("the conversation is not with this person")]
    NotTheirs,
    /// It is not in a state in which this can be done.
    #[error("the conversation is {}", .0.name())]
    Now(ConversationState),
    /// No growing message has this key here.
    #[error("no growing message of this conversation has this key")]
    NoSuchMessage,
    /// The growing message takes no more.
    #[error(transparent)]
    Closed(#[from] Closed),
    /// Too many messages grow at once.
    #[error("{STREAMS_OPEN_MAX} messages grow already")]
    TooManyStreams,
    /// The message is too long.
    #[error("a message has {MESSAGE_BYTES_MAX} bytes at most")]
    TooLong,
    /// Too much has happened in it.
    #[error("a conversation has {EVENTS_MAX} events at most")]
    Full,
    /// The customer has given an opinion already.
    #[error("an opinion was given already")]
    Rated,
}
