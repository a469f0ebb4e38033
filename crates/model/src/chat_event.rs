//! What happened in a conversation. Events are the truth; everything else is a fold of them.

use std::time::Duration;

use crate::{
    Author, ChatChannel, Content, CustomerId, MessageKey, SkillGroupId, StaffId, Staffed, TenantId,
    UnixMs, VoiceAgentId,
};

/// Who asked for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// The customer.
    Customer,
    /// Our bot.
    Bot,
    /// The tenant's server, through an API.
    Api,
    /// A person.
    Staff(Staffed),
    /// The centre, as time was up.
    Centre,
}

impl Asker {
    /// Stable lower-case name of the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Bot => "bot",
            Self::Api => "api",
            Self::Staff(_) => "staff",
            Self::Centre => "centre",
        }
    }
}

/// How a growing message stopped growing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamEnd {
    /// Its writer said that it is whole.
    Finished,
    /// Its writer fell silent.
    TimedOut,
    /// A person took over, or the conversation ended.
    Cut,
}

impl StreamEnd {
    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::TimedOut => "timed_out",
            Self::Cut => "cut",
        }
    }

    /// The end with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Finished, Self::TimedOut, Self::Cut]
            .into_iter()
            .find(|end| end.name() == name)
    }
}

/// Why a conversation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversationEnd {
    /// Somebody ended it.
    By(Asker),
    /// The customer wrote nothing for too long.
    CustomerSilent,
}

/// Something that happened in one conversation; immutable, named in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatEvent {
    /// The conversation exists. Always the first event.
    Began {
        /// The owner.
        tenant: TenantId,
        /// Who began it.
        customer: CustomerId,
        /// Their name at that time.
        customer_name: String,
        /// How they reach us.
        channel: ChatChannel,
        /// BCP 47 tag; may be empty.
        language: String,
        /// The page it was begun on; may be empty.
        page: String,
        /// The voice agent that answers; the tenant's own server if absent.
        bot: Option<VoiceAgentId>,
    },
    /// Somebody wrote a whole message.
    MessageSent {
        /// The message.
        key: MessageKey,
        /// Who.
        author: Author,
        /// What.
        content: Content,
        /// The sender's own name of the request: a second one with it is a repetition.
        request: Option<String>,
    },
    /// Somebody began a message that grows.
    StreamOpened {
        /// The message.
        key: MessageKey,
        /// Who writes it.
        author: Author,
        /// The first piece; may be empty.
        text: String,
        /// The sender's own name of the request.
        request: Option<String>,
    },
    /// A growing message grew.
    ChunkAppended {
        /// The message.
        key: MessageKey,
        /// What comes behind what was there.
        text: String,
        /// Characters (Unicode scalar values) that stood before it.
        offset: i64,
        /// The sender's own name of the request.
        request: Option<String>,
    },
    /// A growing message grows no more.
    StreamClosed {
        /// The message.
        key: MessageKey,
        /// How.
        end: StreamEnd,
    },
    /// Our bot could not answer a message.
    BotFailed {
        /// Why, in words.
        why: String,
    },
    /// Somebody asked for a person.
    PersonAsked {
        /// Who.
        by: Asker,
        /// Only of this group.
        group: Option<SkillGroupId>,
        /// One of these, if any is named.
        staff: Vec<StaffId>,
        /// Tell the customer if nobody is there.
        tip: bool,
        /// The tenant's server is asked whom it should be.
        routed: bool,
    },
    /// The tenant's server said whom it should be, or did not.
    Routed {
        /// Only of this group.
        group: Option<SkillGroupId>,
        /// One of these, if any is named.
        staff: Vec<StaffId>,
        /// What went wrong, if something did.
        fault: String,
    },
    /// Nobody who may take it is online.
    NobodyThere,
    /// A person was asked to take it.
    Offered {
        /// Who.
        staff: Staffed,
        /// Out of which group.
        group: Option<SkillGroupId>,
        /// How long they have to answer.
        answer_time_max: Duration,
    },
    /// They did not, or said no.
    OfferEnded {
        /// Who.
        staff: StaffId,
        /// They said no; otherwise time was up or they went away.
        declined: bool,
    },
    /// A person has it.
    Joined {
        /// Who.
        staff: Staffed,
        /// They took it from the bot or from another person, without being asked.
        took_over: bool,
    },
    /// A person passed it on; it waits again.
    PassedOn {
        /// Who passed it on.
        by: Staffed,
        /// To this group.
        group: Option<SkillGroupId>,
        /// To one of these.
        staff: Vec<StaffId>,
    },
    /// A person gave it back to the bot.
    GivenBack {
        /// Who.
        by: Staffed,
    },
    /// Staff wrote something that the customer does not see.
    NoteWritten {
        /// The note, as a message.
        key: MessageKey,
        /// Who.
        by: Staffed,
        /// What.
        text: String,
    },
    /// The customer was asked for an opinion.
    RatingAsked,
    /// The customer has an opinion.
    Rated {
        /// 1 to 5.
        score: i64,
        /// More of it; may be empty.
        text: String,
    },
    /// The customer left word for later.
    WordLeft {
        /// Where to reach them: a number or an address.
        contact: String,
        /// What they want.
        text: String,
    },
    /// The conversation is over. Exactly one; only an opinion or a word for later may follow.
    Ended {
        /// Why.
        why: ConversationEnd,
    },
}

/// An event with its place in the conversation and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampedChat {
    /// Counts events of a conversation from 1.
    pub n: i64,
    /// When it happened.
    pub at: UnixMs,
    /// What.
    pub event: ChatEvent,
}
