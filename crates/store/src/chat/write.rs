//! Appending to conversations.

use std::fmt::Write as _;

use model::{
    ChatEvent, ChatRecord, Content, Conversation, ConversationId, DeliveryState, MessageKey,
    StreamEnd, UnixMs,
};
use sqlx::AnyConnection;

use super::{ChatDelivery, ChatStep};
use crate::{
    Store, StoreError,
    codec::{chat_event_kind, chat_event_text},
    live_events::{NewLiveEvent, Topic},
    statement::{Sql, composed_sql, sql},
    store::{commit, next_ids},
};

/// Events in one statement: 7 values each, and SQLite takes 32,766 in a statement.
const EVENTS_MAX: usize = 64;

impl Store {
    /// Appends to many conversations, all or none, and gives the journal's number of the first
    /// event of each step. As events in the middle of calls do, they survive the death of the
    /// process at once and a power cut after a second.
    ///
    /// # Errors
    ///
    /// A conversation that does not stand where the step says (another process has appended to it),
    /// and a second open conversation of one customer, are a [`StoreError::Conflict`].
    pub async fn append_chats(&self, steps: &[ChatStep]) -> Result<Vec<i64>, StoreError> {
        let mut tx = self.begin_small().await?;
        for step in steps {
            put_conversation(&mut tx, step).await?;
        }
        for step in steps {
            put_messages(&mut tx, step).await?;
            put_records(&mut tx, step).await?;
            super::memory::put(&mut tx, step).await?;
        }
        for step in steps {
            put_deliveries(&mut tx, step).await?;
        }
        let n_events = steps.iter().map(|step| step.events.len()).sum();
        let first_seq = next_ids(&mut tx, "chat_event", n_events).await?;
        let mut firsts = Vec::with_capacity(steps.len());
        let mut rows = Vec::with_capacity(n_events);
        let mut seq = first_seq;
        for step in steps {
            firsts.push(seq);
            for (n, (at, event)) in (first_n(step)..).zip(&step.events) {
                rows.push((seq, &step.conversation, n, *at, event));
                seq += 1;
            }
        }
        for rows in rows.chunks(EVENTS_MAX) {
            put_events(&mut tx, rows).await?;
        }
        // Last: from here to the commit all who write to the stream of everything stand in line.
        for step in steps {
            tell(&mut tx, step).await?;
        }
        commit(tx).await?;
        Ok(firsts)
    }
}

impl Store {
    /// Changes when a conversation is to be looked at again, if nothing has happened in it since
    /// event `n`.
    pub async fn wake_chat_at(
        &self,
        id: &ConversationId,
        n: i64,
        wake_at: Option<UnixMs>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        sql("UPDATE conversation SET wake_at = $3 WHERE id = $1 AND n_events = $2")
            .bind(id.as_str())
            .bind(n)
            .bind(wake_at.map(|at| at.0))
            .run(&mut tx)
            .await?;
        commit(tx).await
    }

    /// Puts off the look at a conversation that cannot be looked at now.
    pub async fn put_off_chat(&self, id: &ConversationId, until: UnixMs) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        sql("UPDATE conversation SET wake_at = $2 WHERE id = $1 AND wake_at IS NOT NULL")
            .bind(id.as_str())
            .bind(until.0)
            .run(&mut tx)
            .await?;
        commit(tx).await
    }
}

impl ChatStep {
    /// Whether the step is told in the stream of everything. Pieces of growing messages are many and
    /// change nothing in a list of conversations: they are in the conversation's own stream.
    pub fn is_told(&self) -> bool {
        let is_piece =
            |(_, event): &(_, ChatEvent)| matches!(event, ChatEvent::ChunkAppended { .. });
        !self.events.iter().all(is_piece)
    }
}

/// Tells in the stream of everything that a conversation has changed.
async fn tell(tx: &mut AnyConnection, step: &ChatStep) -> Result<(), StoreError> {
    let Some((at, _)) = step.events.last().filter(|_| step.is_told()) else {
        return Ok(());
    };
    let view = &step.conversation;
    let kinds: Vec<&str> = step
        .events
        .iter()
        .map(|(_, event)| chat_event_kind(event))
        .collect();
    let body = serde_json::json!({
        "kinds": kinds,
        "state": view.state.name(),
        "staff": view.staff.as_ref().map(|staff| staff.id.0),
        "customer": view.customer.as_str(),
        "n": view.n_events,
    });
    let told = NewLiveEvent {
        tenant: view.tenant,
        topic: Topic::Chat,
        subject: view.id.0.clone(),
        at: *at,
        body: body.to_string(),
    };
    told.insert(tx).await?;
    Ok(())
}

/// Number of the step's first event in its conversation.
fn first_n(step: &ChatStep) -> i64 {
    let n_new = i64::try_from(step.events.len()).expect("steps are small");
    step.conversation.n_events - n_new + 1
}

async fn put_conversation(tx: &mut AnyConnection, step: &ChatStep) -> Result<(), StoreError> {
    let first_n = first_n(step);
    if first_n == 1 {
        let insert = sql(
            "INSERT INTO conversation (state, staff, staff_name, staff_mail, skill_group, \
             queued_at, offered_at, joined_at, ended_at, touched_at, last_text, n_unanswered, \
             rating, n_events, wake_at, wants_work, id, tenant, customer, customer_name, channel, \
             language, page, bot, began_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
             $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)",
        );
        let view = &step.conversation;
        return changing(insert, step)
            .bind(view.id.as_str())
            .bind(view.tenant.0)
            .bind(view.customer.as_str())
            .bind(view.customer_name.as_str())
            .bind(view.channel.name())
            .bind(view.language.as_str())
            .bind(view.page.as_str())
            .bind(view.bot.map(|bot| bot.0))
            .bind(view.began_at.0)
            .insert(tx, "the customer has an open conversation")
            .await;
    }
    let update = sql(
        "UPDATE conversation SET state = $1, staff = $2, staff_name = $3, staff_mail = $4, \
         skill_group = $5, queued_at = $6, offered_at = $7, joined_at = $8, ended_at = $9, \
         touched_at = $10, last_text = $11, n_unanswered = $12, rating = $13, n_events = $14, \
         wake_at = $15, wants_work = $16 WHERE id = $17 AND n_events = $18",
    );
    let n_changed = changing(update, step)
        .bind(step.conversation.id.as_str())
        .bind(first_n - 1)
        .run(tx)
        .await?;
    if n_changed == 0 {
        return Err(StoreError::Conflict {
            what: "the conversation has gone on meanwhile".into(),
        });
    }
    Ok(())
}

/// Binds what changes in a conversation, in the order of both statements.
fn changing(statement: Sql, step: &ChatStep) -> Sql {
    let view: &Conversation = &step.conversation;
    let staff = view.staff.as_ref();
    let ms = |at: Option<UnixMs>| at.map(|at| at.0);
    statement
        .bind(view.state.name())
        .bind(staff.map(|staff| staff.id.0))
        .bind(staff.map(|staff| staff.name.clone()))
        .bind(staff.map(|staff| staff.mail.clone()))
        .bind(view.group.map(|group| group.0))
        .bind(ms(view.queued_at))
        .bind(ms(view.offered_at))
        .bind(ms(view.joined_at))
        .bind(ms(view.ended_at))
        .bind(view.touched_at.0)
        .bind(view.last_text.as_str())
        .bind(view.n_unanswered)
        .bind(view.rating)
        .bind(view.n_events)
        .bind(ms(step.wake_at))
        .bind(step.wants_work)
}

async fn put_messages(tx: &mut AnyConnection, step: &ChatStep) -> Result<(), StoreError> {
    for (n, (at, event)) in (first_n(step)..).zip(&step.events) {
        match event {
            ChatEvent::MessageSent {
                key,
                author,
                content,
                ..
            } => {
                let message = NewMessage {
                    key,
                    author: author.kind(),
                    staff: match author {
                        model::Author::Staff(staff) => Some(staff),
                        _ => None,
                    },
                    content,
                    is_private: false,
                    is_open: false,
                };
                message.put(tx, step, n, *at).await?;
            }
            ChatEvent::StreamOpened {
                key, author, text, ..
            } => {
                let message = NewMessage {
                    key,
                    author: author.kind(),
                    staff: None,
                    content: &Content::text(text.as_str()),
                    is_private: false,
                    is_open: true,
                };
                message.put(tx, step, n, *at).await?;
            }
            ChatEvent::NoteWritten { key, by, text } => {
                let message = NewMessage {
                    key,
                    author: "staff",
                    staff: Some(by),
                    content: &Content::text(text.as_str()),
                    is_private: true,
                    is_open: false,
                };
                message.put(tx, step, n, *at).await?;
            }
            other => change_messages(tx, step, other).await?,
        }
    }
    Ok(())
}

/// What an event changes of messages and records that are there.
async fn change_messages(
    tx: &mut AnyConnection,
    step: &ChatStep,
    event: &ChatEvent,
) -> Result<(), StoreError> {
    match event {
        ChatEvent::ChunkAppended { key, text, .. } => {
            sql("UPDATE chat_message SET text = text || $2 WHERE key = $1")
                .bind(key.as_str())
                .bind(text.as_str())
                .change(tx, "message")
                .await?;
        }
        ChatEvent::StreamClosed { key, end } => {
            sql("UPDATE chat_message SET open = 0, cut = $2 WHERE key = $1")
                .bind(key.as_str())
                .bind(*end != StreamEnd::Finished)
                .change(tx, "message")
                .await?;
        }
        ChatEvent::Rated { score, .. } => {
            sql("UPDATE chat_record SET rating = $2 WHERE id = \
                 (SELECT MAX(id) FROM chat_record WHERE conversation = $1)")
            .bind(step.conversation.id.as_str())
            .bind(*score)
            .run(tx)
            .await?;
        }
        ChatEvent::MessageSent { .. }
        | ChatEvent::StreamOpened { .. }
        | ChatEvent::NoteWritten { .. }
        | ChatEvent::Began { .. }
        | ChatEvent::BotFailed { .. }
        | ChatEvent::PersonAsked { .. }
        | ChatEvent::Routed { .. }
        | ChatEvent::NobodyThere
        | ChatEvent::Offered { .. }
        | ChatEvent::OfferEnded { .. }
        | ChatEvent::Joined { .. }
        | ChatEvent::PassedOn { .. }
        | ChatEvent::GivenBack { .. }
        | ChatEvent::RatingAsked
        | ChatEvent::WordLeft { .. }
        | ChatEvent::Ended { .. } => {}
    }
    Ok(())
}

struct NewMessage<'a> {
    key: &'a MessageKey,
    author: &'static str,
    staff: Option<&'a model::Staffed>,
    content: &'a Content,
    is_private: bool,
    is_open: bool,
}

impl NewMessage<'_> {
    async fn put(
        self,
        tx: &mut AnyConnection,
        step: &ChatStep,
        n: i64,
        at: UnixMs,
    ) -> Result<(), StoreError> {
        sql(
            "INSERT INTO chat_message (conversation, n, key, happened_at, author, staff, \
             staff_name, staff_mail, text, file, elements, custom_data, private, open, cut) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)",
        )
        .bind(step.conversation.id.as_str())
        .bind(n)
        .bind(self.key.as_str())
        .bind(at.0)
        .bind(self.author)
        .bind(self.staff.map(|staff| staff.id.0))
        .bind(self.staff.map(|staff| staff.name.clone()))
        .bind(self.staff.map(|staff| staff.mail.clone()))
        .bind(self.content.text.as_str())
        .bind(self.content.file.as_ref().map(|file| file.0.clone()))
        .bind(self.content.elements.clone())
        .bind(self.content.custom_data.as_str())
        .bind(self.is_private)
        .bind(self.is_open)
        .insert(tx, "a message of this key is there already")
        .await
    }
}

async fn put_records(tx: &mut AnyConnection, step: &ChatStep) -> Result<(), StoreError> {
    if step.records.is_empty() {
        return Ok(());
    }
    let first_id = next_ids(tx, "chat_record", step.records.len()).await?;
    for (id, record) in (first_id..).zip(&step.records) {
        put_record(tx, id, record).await?;
    }
    Ok(())
}

async fn put_record(
    tx: &mut AnyConnection,
    id: i64,
    record: &ChatRecord,
) -> Result<(), StoreError> {
    let staff = record.staff.as_ref();
    let ms = |at: Option<UnixMs>| at.map(|at| at.0);
    sql(
        "INSERT INTO chat_record (id, tenant, conversation, customer, customer_name, staff, \
         staff_name, staff_mail, skill_group, began_at, queued_at, offered_at, joined_at, \
         ended_at, ended_how, rating) VALUES \
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(id)
    .bind(record.tenant.0)
    .bind(record.conversation.as_str())
    .bind(record.customer.as_str())
    .bind(record.customer_name.as_str())
    .bind(staff.map(|staff| staff.id.0))
    .bind(staff.map(|staff| staff.name.clone()))
    .bind(staff.map(|staff| staff.mail.clone()))
    .bind(record.group.map(|group| group.0))
    .bind(record.began_at.0)
    .bind(ms(record.queued_at))
    .bind(ms(record.offered_at))
    .bind(ms(record.joined_at))
    .bind(record.ended_at.0)
    .bind(record.end.name())
    .bind(record.rating)
    .run(tx)
    .await?;
    Ok(())
}

async fn put_deliveries(tx: &mut AnyConnection, step: &ChatStep) -> Result<(), StoreError> {
    if step.deliveries.is_empty() {
        return Ok(());
    }
    let first_id = next_ids(tx, "delivery", step.deliveries.len()).await?;
    for (id, delivery) in (first_id..).zip(&step.deliveries) {
        put_delivery(tx, step, id, delivery).await?;
    }
    Ok(())
}

async fn put_delivery(
    tx: &mut AnyConnection,
    step: &ChatStep,
    id: i64,
    delivery: &ChatDelivery,
) -> Result<(), StoreError> {
    sql(
        "INSERT INTO delivery (id, endpoint, tenant, call_id, topic, uuid, body, state, due_at, \
         leased_until, n_claims, n_attempts, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, $9)",
    )
    .bind(id)
    .bind(delivery.endpoint.0)
    .bind(step.conversation.tenant.0)
    .bind(step.conversation.id.as_str())
    .bind(delivery.topic.name())
    .bind(delivery.uuid.as_str())
    .bind(delivery.body.as_str())
    .bind(DeliveryState::Due.name())
    .bind(delivery.at.0)
    .run(tx)
    .await?;
    Ok(())
}

type EventRow<'a> = (i64, &'a Conversation, i64, UnixMs, &'a ChatEvent);

async fn put_events(tx: &mut AnyConnection, rows: &[EventRow<'_>]) -> Result<(), StoreError> {
    let mut text = String::from(
        "INSERT INTO chat_event (seq, tenant, conversation, n, happened_at, kind, body) VALUES ",
    );
    for row in 0..rows.len() {
        let first = row * 7;
        let comma = if row == 0 { "" } else { ", " };
        write!(text, "{comma}(").expect("a String takes every write");
        for place in 1..=7 {
            let comma = if place == 1 { "" } else { ", " };
            write!(text, "{comma}${}", first + place).expect("a String takes every write");
        }
        text.push(')');
    }
    let mut statement = composed_sql(text);
    for (seq, conversation, n, at, event) in rows {
        statement = statement
            .bind(*seq)
            .bind(conversation.tenant.0)
            .bind(conversation.id.as_str())
            .bind(*n)
            .bind(at.0)
            .bind(chat_event_kind(event))
            .bind(chat_event_text(event));
    }
    statement
        .insert(tx, "the conversation has gone on meanwhile")
        .await
}
