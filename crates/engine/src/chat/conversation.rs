//! The state of one conversation, and what it wants done.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use model::{
    Asker, ChatEvent, ChatLimits, ChatRecord, ChatRecordId, ConversationEnd, ConversationId,
    ConversationState, MessageKey, ServiceEnd, UnixMs,
};

use super::{assign::Wish, recent::Recent, stream::Stream};

/// Messages that may grow at a time.
pub(super) const STREAMS_OPEN_MAX: usize = 4;

/// Growing messages that are remembered after their end, so that late pieces are told why.
pub(super) const STREAMS_KEPT_MAX: usize = 32;

/// Chance for one message: 100 bits of it are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw(pub u128);

/// One conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    pub(super) view: model::Conversation,
    pub(super) limits: ChatLimits,
    pub(super) streams: BTreeMap<MessageKey, Stream>,
    /// Messages so far; the first part of a key.
    pub(super) n_messages: i64,
    /// Whole messages and beginnings of growing ones, by request.
    pub(super) requests: Recent<MessageKey>,
    /// Requests of customers and staff, whenever they were; the oldest go when there are many.
    pub(super) client_requests: BTreeMap<String, MessageKey>,
    /// Their order.
    pub(super) client_order: VecDeque<String>,
    pub(super) wish: Wish,
    /// The tenant's server is to say whom the customer should get.
    pub(super) is_routing: bool,
    /// The customer is to be told when nobody is there.
    pub(super) tip: bool,
    /// Nobody was there when a person was asked for the last time.
    pub(super) nobody_was_there: bool,
    /// Somebody who was asked did not take it.
    pub(super) not_taken: bool,
    /// A bot of ours has something to answer.
    pub(super) owes_answer: bool,
    /// The customer wrote while waiting for a person.
    pub(super) wrote_waiting: bool,
    pub(super) answer_time_max: Duration,
    /// The last thing that the customer wrote or was written.
    pub(super) talked_at: UnixMs,
    /// The customer wrote it.
    pub(super) customer_was_last: bool,
    /// When the stretch of service that runs was begun.
    pub(super) service_at: UnixMs,
    /// A person had it at some time.
    pub(super) was_staffed: bool,
}

/// What a conversation waits for, beside its customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Our bot is to answer.
    pub answer: bool,
    /// The tenant's server is to be asked whom the customer should get.
    pub routing: bool,
    /// Somebody is to be chosen.
    pub staff: bool,
}

/// A stretch of service that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceDone(pub ChatRecord);

impl Conversation {
    /// The conversation that these events make. `None` if the first one does not begin one.
    pub fn replay(
        id: ConversationId,
        limits: ChatLimits,
        events: impl IntoIterator<Item = (UnixMs, ChatEvent)>,
    ) -> Option<Self> {
        let mut events = events.into_iter();
        let (at, first) = events.next()?;
        let mut conversation = Self::begun(id, limits, &first, at)?;
        for (at, event) in events {
            conversation.apply(&event, at);
        }
        Some(conversation)
    }

    /// The conversation that `first` begins; `None` if it begins none.
    pub fn begun(
        id: ConversationId,
        limits: ChatLimits,
        first: &ChatEvent,
        at: UnixMs,
    ) -> Option<Self> {
        let view = super::fold::begun(id, first, at)?;
        let owes_answer = view.bot.is_some();
        Some(Self {
            view,
            limits,
            streams: BTreeMap::new(),
            n_messages: 0,
            requests: Recent::default(),
            client_requests: BTreeMap::new(),
            client_order: VecDeque::new(),
            wish: Wish::default(),
            is_routing: false,
            tip: false,
            nobody_was_there: false,
            not_taken: false,
            owes_answer,
            wrote_waiting: false,
            answer_time_max: limits.answer_time_max,
            talked_at: at,
            customer_was_last: false,
            service_at: at,
            was_staffed: false,
        })
    }

    /// As others see it.
    pub fn view(&self) -> &model::Conversation {
        &self.view
    }

    /// Whom the customer waits for.
    pub fn wish(&self) -> &Wish {
        &self.wish
    }

    /// A message that grows or grew of late.
    pub fn stream(&self, key: &MessageKey) -> Option<&Stream> {
        self.streams.get(key)
    }

    /// The message that our bot is writing.
    pub fn our_open_stream(&self) -> Option<&MessageKey> {
        let ours = |stream: &Stream| stream.is_ours() && stream.is_open();
        self.streams
            .iter()
            .find(|(_, stream)| ours(stream))
            .map(|(key, _)| key)
    }

    /// New bounds; they hold from now on.
    pub fn limit(&mut self, limits: ChatLimits) {
        self.limits = limits;
    }

    /// What is to be done for it. The same after a restart.
    pub fn wants(&self) -> Wants {
        let is_writing = self.our_open_stream().is_some();
        Wants {
            answer: (self.owes_answer || is_writing) && self.view.state == ConversationState::Bot,
            routing: self.is_routing && self.view.state == ConversationState::Queued,
            staff: !self.is_routing && self.view.state == ConversationState::Queued,
        }
    }

    /// When a tick is due, and why.
    pub fn poll_timeout(&self) -> Option<(UnixMs, &'static str)> {
        let silent_stream = self
            .streams
            .values()
            .filter(|stream| stream.is_open())
            .map(|stream| stream.grew_at().plus(self.limits.stream_silence_max))
            .min();
        let phase = match self.view.state {
            ConversationState::Bot => Some((self.silent_at(), "customer is silent")),
            ConversationState::Queued => {
                let since = self.view.queued_at.unwrap_or(self.talked_at);
                Some((since.plus(self.limits.queue_time_max), "nobody took it"))
            }
            ConversationState::Offered => {
                let since = self.view.offered_at.unwrap_or(self.talked_at);
                Some((since.plus(self.answer_time_max), "offer is over"))
            }
            // A person who is slow does not end the customer's conversation.
            ConversationState::Staffed => {
                (!self.customer_was_last).then(|| (self.silent_at(), "customer is silent"))
            }
            ConversationState::Ended => None,
        };
        let stream = silent_stream.map(|at| (at, "growing message is silent"));
        [stream, phase]
            .into_iter()
            .flatten()
            .min_by_key(|(at, _)| *at)
    }

    fn silent_at(&self) -> UnixMs {
        self.talked_at.plus(self.limits.customer_silence_max)
    }

    pub(super) fn n_open_streams(&self) -> usize {
        self.streams
            .values()
            .filter(|stream| stream.is_open())
            .count()
    }

    /// The key of the next message: `seq_time_random`, as in the vendor's sample
    /// (`124_1600045926_716f784b2bbd6ce9415027715`).
    pub(super) fn key(&self, draw: Draw, now: UnixMs) -> MessageKey {
        let seq = self.n_messages + 1;
        let random = draw.0 >> 28;
        MessageKey(format!("{seq}_{}_{random:025x}", now.seconds()))
    }

    /// The record of the stretch of service that ends at `now`. Its id is given where it is stored.
    pub(super) fn service_done(&self, end: ServiceEnd, now: UnixMs) -> ServiceDone {
        let view = &self.view;
        let staff = match view.state {
            ConversationState::Staffed | ConversationState::Offered => view.staff.clone(),
            ConversationState::Bot | ConversationState::Queued | ConversationState::Ended => None,
        };
        let met = |at: Option<UnixMs>| at.filter(|at| *at >= self.service_at);
        ServiceDone(ChatRecord {
            id: ChatRecordId(0),
            tenant: view.tenant,
            conversation: view.id.clone(),
            customer: view.customer.clone(),
            customer_name: view.customer_name.clone(),
            staff,
            group: view.group,
            began_at: self.service_at,
            queued_at: met(view.queued_at),
            offered_at: met(view.offered_at),
            joined_at: met(view.joined_at),
            ended_at: now,
            end,
            rating: view.rating,
        })
    }

    /// How the record reads when the conversation ends for this reason.
    pub(super) fn end_of(&self, why: &ConversationEnd) -> ServiceEnd {
        let unserved = match self.view.state {
            ConversationState::Bot | ConversationState::Queued | ConversationState::Offered => true,
            ConversationState::Staffed | ConversationState::Ended => false,
        };
        match why {
            _ if unserved && self.nobody_was_there && self.not_taken => ServiceEnd::NotTaken,
            _ if unserved && self.nobody_was_there => ServiceEnd::NobodyOnline,
            ConversationEnd::CustomerSilent if unserved => ServiceEnd::LeftBeforePerson,
            ConversationEnd::CustomerSilent => ServiceEnd::CustomerSilent,
            ConversationEnd::By(Asker::Customer) if unserved => ServiceEnd::LeftBeforePerson,
            ConversationEnd::By(Asker::Customer) => ServiceEnd::ByCustomer,
            ConversationEnd::By(Asker::Bot | Asker::Api | Asker::Staff(_)) => ServiceEnd::Normal,
            ConversationEnd::By(Asker::Centre) => ServiceEnd::Broken,
        }
    }
}
