//! What happens in a conversation when something is wanted of it.

use model::{
    Asker, Author, ChatEvent, Content, ConversationEnd, ConversationState, MessageKey, ServiceEnd,
    SkillGroupId, StaffId, Staffed, StreamEnd, UnixMs,
};

use super::{
    conversation::{Conversation, Draw, STREAMS_OPEN_MAX},
    input::{BotThen, Done, EVENTS_MAX, Input, Refused},
    stream::{Closed, MESSAGE_BYTES_MAX, Step},
};

impl Conversation {
    /// Decides, and takes what it decided. On a refusal nothing has changed.
    pub fn handle(&mut self, input: Input, now: UnixMs) -> Result<Done, Refused> {
        let mut turn = Turn {
            conversation: self,
            done: Done::default(),
            now,
        };
        turn.take(input)?;
        Ok(turn.done)
    }
}

/// One input on its way.
struct Turn<'a> {
    conversation: &'a mut Conversation,
    done: Done,
    now: UnixMs,
}

impl Turn<'_> {
    fn take(&mut self, input: Input) -> Result<(), Refused> {
        match input {
            Input::Say {
                author,
                content,
                request,
                draw,
            } => self.say(author, content, request, draw),
            Input::Grow {
                key,
                text,
                finish,
                request,
                draw,
            } => match key {
                None => self.open(text, finish, request, draw),
                Some(key) => self.grow(key, text, finish, request),
            },
            Input::Abandon(key) => self.abandon(key),
            Input::BotFailed { why, says, draw } => self.bot_failed(why, says, draw),
            Input::BotDone { key, then } => self.bot_done(key, then),
            Input::AskPerson {
                by,
                group,
                staff,
                tip,
                routed,
            } => self.ask_person(by, group, staff, tip, routed),
            Input::Route {
                group,
                staff,
                fault,
            } => self.route(group, staff, fault),
            Input::NobodyThere { tip, draw } => self.nobody_there(tip, draw),
            Input::Offer(staff) => self.offer(staff),
            Input::Accept(staff) => self.accept(staff),
            Input::Decline(staff) => self.decline(staff),
            Input::TakeOver(staff) => self.take_over(staff),
            Input::GiveBack(by) => self.give_back(by),
            Input::PassOn { by, group, staff } => self.pass_on(by, group, staff),
            Input::Note { by, text, draw } => self.note(by, text, draw),
            Input::AskRating => {
                self.with_person()?;
                self.happens(ChatEvent::RatingAsked);
                Ok(())
            }
            Input::Rate { score, text } => self.rate(score, text),
            Input::LeaveWord { contact, text } => {
                self.has_room()?;
                self.happens(ChatEvent::WordLeft { contact, text });
                Ok(())
            }
            Input::End(by) => {
                self.is_open()?;
                self.end(ConversationEnd::By(by));
                Ok(())
            }
            Input::Tick { tip, draw } => self.tick(tip, draw),
        }
    }

    fn say(
        &mut self,
        author: Author,
        content: Content,
        request: Option<String>,
        draw: Draw,
    ) -> Result<(), Refused> {
        if let Some(key) = self.said(&author, request.as_deref()) {
            self.done.key = Some(key);
            self.done.repeated = true;
            return Ok(());
        }
        self.is_open()?;
        if content.text.len() > MESSAGE_BYTES_MAX {
            return Err(Refused::TooLong);
        }
        if let Author::Staff(staff) = &author {
            match (self.state(), self.is_with(staff.id)) {
                (ConversationState::Staffed, true) => {}
                (ConversationState::Offered, true) => self.join(staff.clone(), false),
                _ => return Err(Refused::NotTheirs),
            }
        }
        let key = self.conversation.key(draw, self.now);
        self.done.key = Some(key.clone());
        self.happens(ChatEvent::MessageSent {
            key,
            author,
            content,
            request,
        });
        Ok(())
    }

    /// The message that this request led to before.
    fn said(&self, author: &Author, request: Option<&str>) -> Option<MessageKey> {
        let request = request?;
        match author {
            Author::Customer | Author::Staff(_) => {
                self.conversation.client_requests.get(request).cloned()
            }
            Author::Bot | Author::Centre => self
                .conversation
                .requests
                .find(request, self.now)
                .filter(|found| found.was_last || found.is_drawn)
                .map(|found| found.led_to.clone()),
        }
    }

    fn open(
        &mut self,
        text: String,
        finish: bool,
        request: Option<String>,
        draw: Draw,
    ) -> Result<(), Refused> {
        let requests = &self.conversation.requests;
        let found = request.as_deref().and_then(|r| requests.find(r, self.now));
        let repeated = found.and_then(|found| {
            let key = found.led_to;
            let is_fresh = |key| {
                let stream = self.conversation.stream(key);
                stream.is_some_and(super::stream::Stream::is_fresh)
            };
            (found.is_drawn || (found.was_last && is_fresh(key))).then(|| key.clone())
        });
        if let Some(key) = repeated {
            self.done.key = Some(key);
            self.done.repeated = true;
            return Ok(());
        }
        self.is_open()?;
        if self.state() == ConversationState::Staffed {
            return Err(Refused::WithPerson);
        }
        if self.conversation.n_open_streams() >= STREAMS_OPEN_MAX {
            return Err(Refused::TooManyStreams);
        }
        if text.len() > MESSAGE_BYTES_MAX {
            return Err(Closed::TooLong.into());
        }
        let key = self.conversation.key(draw, self.now);
        self.done.key = Some(key.clone());
        self.happens(ChatEvent::StreamOpened {
            key: key.clone(),
            author: Author::Bot,
            text,
            request,
        });
        if finish {
            self.close(key, StreamEnd::Finished);
        }
        Ok(())
    }

    fn grow(
        &mut self,
        key: MessageKey,
        text: String,
        finish: bool,
        request: Option<String>,
    ) -> Result<(), Refused> {
        let stream = self.conversation.stream(&key);
        let stream = stream.ok_or(Refused::NoSuchMessage)?;
        self.done.key = Some(key.clone());
        match stream.judge(&text, request.as_deref(), self.now)? {
            Step::Repeated => self.done.repeated = true,
            Step::Append { offset } => {
                self.happens(ChatEvent::ChunkAppended {
                    key: key.clone(),
                    text,
                    offset,
                    request,
                });
                if finish {
                    self.close(key, StreamEnd::Finished);
                }
            }
        }
        Ok(())
    }

    fn abandon(&mut self, key: MessageKey) -> Result<(), Refused> {
        let stream = self.conversation.stream(&key);
        match stream.map(super::stream::Stream::is_open) {
            None => Err(Refused::NoSuchMessage),
            Some(false) => Ok(()),
            Some(true) => {
                self.close(key, StreamEnd::Cut);
                Ok(())
            }
        }
    }

    fn bot_failed(&mut self, why: String, says: String, draw: Draw) -> Result<(), Refused> {
        if !self.conversation.wants().answer {
            return Err(Refused::Now(self.state()));
        }
        self.happens(ChatEvent::BotFailed { why });
        if !says.is_empty() {
            let key = self.conversation.key(draw, self.now);
            self.done.key = Some(key.clone());
            self.happens(ChatEvent::MessageSent {
                key,
                author: Author::Bot,
                content: Content::text(says),
                request: None,
            });
        }
        Ok(())
    }

    fn bot_done(&mut self, key: Option<MessageKey>, then: BotThen) -> Result<(), Refused> {
        match (self.state(), &key) {
            (ConversationState::Bot, None) if self.conversation.wants().answer => {}
            (ConversationState::Bot, Some(key)) => {
                let stream = self.conversation.stream(key);
                stream
                    .filter(|stream| stream.is_open())
                    .ok_or(Refused::NoSuchMessage)?;
            }
            (state, _) => return Err(Refused::Now(state)),
        }
        match (key, &then) {
            (Some(key), _) => self.close(key, StreamEnd::Finished),
            (None, BotThen::Listen) => self.happens(ChatEvent::BotFailed { why: String::new() }),
            (None, BotThen::AskPerson { .. } | BotThen::End) => {}
        }
        match then {
            BotThen::Listen => Ok(()),
            BotThen::AskPerson {
                group,
                staff,
                routed,
            } => self.ask_person(Asker::Bot, group, staff, true, routed),
            BotThen::End => {
                self.end(ConversationEnd::By(Asker::Bot));
                Ok(())
            }
        }
    }

    fn ask_person(
        &mut self,
        by: Asker,
        group: Option<SkillGroupId>,
        staff: Vec<StaffId>,
        tip: bool,
        routed: bool,
    ) -> Result<(), Refused> {
        let names_none = group.is_none() && staff.is_empty();
        match self.state() {
            ConversationState::Ended => return Err(Refused::Over),
            ConversationState::Bot => {}
            // Who waits already and asks again goes on waiting in the same place.
            ConversationState::Queued if names_none => return Ok(()),
            ConversationState::Queued => {}
            ConversationState::Offered | ConversationState::Staffed => match by {
                Asker::Customer => return Ok(()),
                Asker::Bot | Asker::Api | Asker::Staff(_) | Asker::Centre => {
                    return Err(Refused::WithPerson);
                }
            },
        }
        self.happens(ChatEvent::PersonAsked {
            by,
            routed: routed && names_none,
            group,
            staff,
            tip,
        });
        Ok(())
    }

    fn route(
        &mut self,
        group: Option<SkillGroupId>,
        staff: Vec<StaffId>,
        fault: String,
    ) -> Result<(), Refused> {
        if !self.conversation.wants().routing {
            return Err(Refused::Now(self.state()));
        }
        self.happens(ChatEvent::Routed {
            group,
            staff,
            fault,
        });
        Ok(())
    }

    fn nobody_there(&mut self, tip: String, draw: Draw) -> Result<(), Refused> {
        if self.state() != ConversationState::Queued {
            return Err(Refused::Now(self.state()));
        }
        self.happens(ChatEvent::NobodyThere);
        if self.conversation.tip && !tip.is_empty() {
            let key = self.conversation.key(draw, self.now);
            self.happens(ChatEvent::MessageSent {
                key,
                author: Author::Centre,
                content: Content::text(tip),
                request: None,
            });
        }
        Ok(())
    }

    fn offer(&mut self, staff: Staffed) -> Result<(), Refused> {
        if !self.conversation.wants().staff {
            return Err(Refused::Now(self.state()));
        }
        let answer_time_max = self.conversation.limits.answer_time_max;
        self.happens(ChatEvent::Offered {
            staff,
            group: self.conversation.view.group,
            answer_time_max,
        });
        Ok(())
    }

    fn accept(&mut self, staff: Staffed) -> Result<(), Refused> {
        match (self.state(), self.is_with(staff.id)) {
            (ConversationState::Staffed, true) => return Ok(()),
            (ConversationState::Offered, true) => self.join(staff, false),
            (ConversationState::Ended, _) => return Err(Refused::Over),
            _ => return Err(Refused::NotTheirs),
        }
        Ok(())
    }

    fn decline(&mut self, staff: StaffId) -> Result<(), Refused> {
        match (self.state(), self.is_with(staff)) {
            (ConversationState::Offered, true) => {
                self.happens(ChatEvent::OfferEnded {
                    staff,
                    declined: true,
                });
                Ok(())
            }
            (ConversationState::Ended, _) => Err(Refused::Over),
            _ => Err(Refused::NotTheirs),
        }
    }

    fn take_over(&mut self, staff: Staffed) -> Result<(), Refused> {
        self.is_open()?;
        match (self.state(), self.is_with(staff.id)) {
            (ConversationState::Staffed, true) => return Ok(()),
            (ConversationState::Staffed, false) => self.service_ends(ServiceEnd::PassedOn),
            _ => {}
        }
        self.join(staff, true);
        Ok(())
    }

    fn give_back(&mut self, by: Staffed) -> Result<(), Refused> {
        self.is_held_by(by.id)?;
        self.service_ends(ServiceEnd::PassedOn);
        self.happens(ChatEvent::GivenBack { by });
        Ok(())
    }

    fn pass_on(
        &mut self,
        by: Staffed,
        group: Option<SkillGroupId>,
        staff: Vec<StaffId>,
    ) -> Result<(), Refused> {
        self.is_held_by(by.id)?;
        self.service_ends(ServiceEnd::PassedOn);
        self.happens(ChatEvent::PassedOn { by, group, staff });
        Ok(())
    }

    fn note(&mut self, by: Staffed, text: String, draw: Draw) -> Result<(), Refused> {
        if text.len() > MESSAGE_BYTES_MAX {
            return Err(Refused::TooLong);
        }
        let key = self.conversation.key(draw, self.now);
        self.done.key = Some(key.clone());
        self.happens(ChatEvent::NoteWritten { key, by, text });
        Ok(())
    }

    fn rate(&mut self, score: i64, text: String) -> Result<(), Refused> {
        if self.conversation.view.rating.is_some() {
            return Err(Refused::Rated);
        }
        self.happens(ChatEvent::Rated { score, text });
        Ok(())
    }

    fn tick(&mut self, tip: String, draw: Draw) -> Result<(), Refused> {
        let limits = self.conversation.limits;
        let now = self.now;
        let silent: Vec<MessageKey> = self
            .conversation
            .streams
            .iter()
            .filter(|(_, s)| s.is_open() && s.grew_at().plus(limits.stream_silence_max) <= now)
            .map(|(key, _)| key.clone())
            .collect();
        for key in silent {
            self.close(key, StreamEnd::TimedOut);
        }
        let due = self.conversation.poll_timeout();
        if due.is_none_or(|(due, _)| due > now) {
            return Ok(());
        }
        match self.state() {
            ConversationState::Bot | ConversationState::Staffed => {
                self.end(ConversationEnd::CustomerSilent);
            }
            ConversationState::Queued => return self.nobody_there(tip, draw),
            ConversationState::Offered => {
                let staff = self.conversation.view.staff.as_ref();
                let staff = staff.expect("an offer is made to somebody").id;
                self.happens(ChatEvent::OfferEnded {
                    staff,
                    declined: false,
                });
            }
            ConversationState::Ended => {}
        }
        Ok(())
    }

    fn join(&mut self, staff: Staffed, took_over: bool) {
        self.cut_streams();
        self.happens(ChatEvent::Joined { staff, took_over });
    }

    fn end(&mut self, why: ConversationEnd) {
        self.cut_streams();
        let end = self.conversation.end_of(&why);
        self.service_ends(end);
        self.happens(ChatEvent::Ended { why });
    }

    fn cut_streams(&mut self) {
        let open: Vec<MessageKey> = self
            .conversation
            .streams
            .iter()
            .filter(|(_, stream)| stream.is_open())
            .map(|(key, _)| key.clone())
            .collect();
        for key in open {
            self.close(key, StreamEnd::Cut);
        }
    }

    fn close(&mut self, key: MessageKey, end: StreamEnd) {
        self.happens(ChatEvent::StreamClosed { key, end });
    }

    fn service_ends(&mut self, end: ServiceEnd) {
        let service = self.conversation.service_done(end, self.now);
        self.done.services.push(service);
    }

    fn happens(&mut self, event: ChatEvent) {
        self.conversation.apply(&event, self.now);
        self.done.events.push(event);
    }

    fn state(&self) -> ConversationState {
        self.conversation.view.state
    }

    fn is_open(&self) -> Result<(), Refused> {
        match self.state() {
            ConversationState::Ended => Err(Refused::Over),
            ConversationState::Bot
            | ConversationState::Queued
            | ConversationState::Offered
            | ConversationState::Staffed => self.has_room(),
        }
    }

    fn has_room(&self) -> Result<(), Refused> {
        if self.conversation.view.n_events < EVENTS_MAX {
            Ok(())
        } else {
            Err(Refused::Full)
        }
    }

    fn is_with(&self, staff: StaffId) -> bool {
        let present = self.conversation.view.staff.as_ref();
        present.is_some_and(|present| present.id == staff)
    }

    fn with_person(&self) -> Result<(), Refused> {
        match self.state() {
            ConversationState::Staffed => Ok(()),
            ConversationState::Ended => Err(Refused::Over),
            state => Err(Refused::Now(state)),
        }
    }

    fn is_held_by(&self, staff: StaffId) -> Result<(), Refused> {
        self.with_person()?;
        if self.is_with(staff) {
            Ok(())
        } else {
            Err(Refused::NotTheirs)
        }
    }
}
