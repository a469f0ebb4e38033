//! What an event makes of a conversation.

use model::{Author, ChatEvent, Content, ConversationId, ConversationState, MessageKey, UnixMs};

use super::{
    assign::Wish,
    conversation::{Conversation, STREAMS_KEPT_MAX},
    stream::Stream,
};

/// Characters of the last message that lists show.
const LAST_TEXT_MAX: usize = 200;

/// Requests of the customer's side that are remembered.
const CLIENT_REQUESTS_MAX: usize = 1000;

/// The view that a first event begins.
pub(super) fn begun(
    id: ConversationId,
    first: &ChatEvent,
    at: UnixMs,
) -> Option<model::Conversation> {
    let ChatEvent::Began {
        tenant,
        customer,
        customer_name,
        channel,
        language,
        page,
        bot,
    } = first
    else {
        return None;
    };
    Some(model::Conversation {
        id,
        tenant: *tenant,
        customer: customer.clone(),
        customer_name: customer_name.clone(),
        channel: *channel,
        language: language.clone(),
        page: page.clone(),
        bot: *bot,
        state: ConversationState::Bot,
        staff: None,
        group: None,
        began_at: at,
        queued_at: None,
        offered_at: None,
        joined_at: None,
        ended_at: None,
        touched_at: at,
        last_text: String::new(),
        n_unanswered: 0,
        rating: None,
        n_events: 1,
    })
}

impl Conversation {
    /// Takes what happened next.
    pub fn apply(&mut self, event: &ChatEvent, at: UnixMs) {
        self.view.n_events += 1;
        self.view.touched_at = at;
        match event {
            ChatEvent::Began { .. }
            | ChatEvent::RatingAsked
            | ChatEvent::WordLeft { .. }
            | ChatEvent::BotFailed { .. } => {
                self.owes_answer &= !matches!(event, ChatEvent::BotFailed { .. });
            }
            ChatEvent::NoteWritten { .. } => self.n_messages += 1,
            ChatEvent::MessageSent {
                key,
                author,
                content,
                request,
            } => self.sent(key, author, content, request.as_deref(), at),
            ChatEvent::StreamOpened {
                key,
                author,
                text,
                request,
            } => self.opened(key, author, text, request.as_deref(), at),
            ChatEvent::ChunkAppended {
                key, text, request, ..
            } => self.grew(key, text, request.as_deref(), at),
            ChatEvent::StreamClosed { key, end } => {
                if let Some(stream) = self.streams.get_mut(key) {
                    stream.closed(*end);
                }
                self.talked_at = at;
            }
            ChatEvent::Rated { score, .. } => self.view.rating = Some(*score),
            ChatEvent::PersonAsked { .. }
            | ChatEvent::Routed { .. }
            | ChatEvent::NobodyThere
            | ChatEvent::Offered { .. }
            | ChatEvent::OfferEnded { .. }
            | ChatEvent::Joined { .. }
            | ChatEvent::PassedOn { .. }
            | ChatEvent::GivenBack { .. }
            | ChatEvent::Ended { .. } => self.moved(event, at),
        }
    }

    fn sent(
        &mut self,
        key: &MessageKey,
        author: &Author,
        content: &Content,
        request: Option<&str>,
        at: UnixMs,
    ) {
        self.n_messages += 1;
        self.wrote(author, &content.text, at);
        match (author, request) {
            (Author::Customer, Some(request)) | (Author::Staff(_), Some(request)) => {
                if self.client_order.len() == CLIENT_REQUESTS_MAX {
                    let oldest = self.client_order.pop_front();
                    oldest.and_then(|oldest| self.client_requests.remove(&oldest));
                }
                self.client_order.push_back(request.to_owned());
                let known = &mut self.client_requests;
                known.insert(request.to_owned(), key.clone());
            }
            (Author::Bot | Author::Centre, Some(request)) => {
                self.requests.note(request, at, key.clone());
            }
            (_, None) => {}
        }
    }

    fn opened(
        &mut self,
        key: &MessageKey,
        author: &Author,
        text: &str,
        request: Option<&str>,
        at: UnixMs,
    ) {
        self.n_messages += 1;
        self.wrote(author, text, at);
        if let Some(request) = request {
            self.requests.note(request, at, key.clone());
        }
        if self.streams.len() >= STREAMS_KEPT_MAX {
            let oldest = self
                .streams
                .iter()
                .filter(|(_, stream)| !stream.is_open())
                .min_by_key(|(_, stream)| stream.grew_at())
                .map(|(key, _)| key.clone());
            oldest.and_then(|key| self.streams.remove(&key));
        }
        self.streams
            .insert(key.clone(), Stream::open(text, request, at));
    }

    fn grew(&mut self, key: &MessageKey, text: &str, request: Option<&str>, at: UnixMs) {
        self.talked_at = at;
        let shown = self.view.last_text.chars().count();
        let rest = text.chars().take(LAST_TEXT_MAX.saturating_sub(shown));
        self.view.last_text.extend(rest);
        if let Some(stream) = self.streams.get_mut(key) {
            stream.appended(text, request, at);
        }
    }

    fn wrote(&mut self, author: &Author, text: &str, at: UnixMs) {
        self.talked_at = at;
        self.view.last_text = text.chars().take(LAST_TEXT_MAX).collect();
        match author {
            Author::Customer => {
                self.view.n_unanswered += 1;
                self.customer_was_last = true;
                self.owes_answer =
                    self.view.bot.is_some() && self.view.state == ConversationState::Bot;
                self.wrote_waiting |= matches!(
                    self.view.state,
                    ConversationState::Queued | ConversationState::Offered
                );
            }
            Author::Bot | Author::Staff(_) => {
                self.view.n_unanswered = 0;
                self.customer_was_last = false;
            }
            Author::Centre => {}
        }
        if *author == Author::Bot {
            self.owes_answer = false;
        }
    }

    fn moved(&mut self, event: &ChatEvent, at: UnixMs) {
        let view = &mut self.view;
        match event {
            ChatEvent::PersonAsked {
                group,
                staff,
                tip,
                routed,
                ..
            } => self.asked_for((*group, staff), *tip, *routed, at),
            ChatEvent::Routed { group, staff, .. } => {
                self.is_routing = false;
                if group.is_some() || !staff.is_empty() {
                    self.wishes(*group, staff);
                }
            }
            ChatEvent::NobodyThere => {
                view.state = ConversationState::Bot;
                self.nobody_was_there = true;
                self.is_routing = false;
                self.owes_answer = view.bot.is_some() && self.wrote_waiting;
                self.talked_at = at;
            }
            ChatEvent::Offered {
                staff,
                group,
                answer_time_max,
            } => {
                view.state = ConversationState::Offered;
                view.offered_at = Some(at);
                view.staff = Some(staff.clone());
                view.group = group.or(view.group);
                self.answer_time_max = *answer_time_max;
            }
            ChatEvent::OfferEnded { staff, .. } => {
                view.state = ConversationState::Queued;
                view.staff = None;
                self.wish.asked.insert(*staff);
                self.not_taken = true;
            }
            ChatEvent::Joined { staff, took_over } => self.joined(staff, *took_over, at),
            ChatEvent::PassedOn { group, staff, .. } => {
                view.state = ConversationState::Queued;
                view.queued_at = Some(at);
                view.staff = None;
                self.service_at = at;
                self.tip = true;
                self.wishes(*group, staff);
            }
            ChatEvent::GivenBack { .. } => {
                view.state = ConversationState::Bot;
                view.staff = None;
                self.service_at = at;
                self.was_staffed = false;
                self.owes_answer = view.bot.is_some() && self.customer_was_last;
                self.talked_at = at;
            }
            ChatEvent::Ended { .. } => {
                view.state = ConversationState::Ended;
                view.ended_at = Some(at);
                self.owes_answer = false;
                self.is_routing = false;
            }
            _ => unreachable!("these move nothing"),
        }
    }

    fn joined(&mut self, staff: &model::Staffed, took_over: bool, at: UnixMs) {
        if took_over || self.was_staffed {
            self.service_at = at;
        }
        self.view.state = ConversationState::Staffed;
        self.view.staff = Some(staff.clone());
        self.view.joined_at = Some(at);
        self.was_staffed = true;
        self.not_taken = false;
        self.nobody_was_there = false;
        self.is_routing = false;
        self.owes_answer = false;
        self.talked_at = at;
    }

    fn asked_for(
        &mut self,
        (group, staff): (Option<model::SkillGroupId>, &[model::StaffId]),
        tip: bool,
        routed: bool,
        at: UnixMs,
    ) {
        self.view.state = ConversationState::Queued;
        self.view.queued_at = Some(at);
        self.tip = tip;
        self.nobody_was_there = false;
        self.owes_answer = false;
        self.wrote_waiting = false;
        self.is_routing = routed;
        self.wishes(group, staff);
    }

    fn wishes(&mut self, group: Option<model::SkillGroupId>, staff: &[model::StaffId]) {
        self.view.group = group;
        self.wish = Wish {
            group,
            staff: staff.to_vec(),
            asked: std::collections::BTreeSet::new(),
        };
    }
}
