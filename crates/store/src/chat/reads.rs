//! What can be read of conversations.

use model::{
    ChatMessage, ChatRecord, ChatRecordId, Conversation, ConversationFilter, ConversationId,
    CustomerId, StaffId, TenantId, UnixMs,
};
use sqlx::any::AnyRow;

use super::{
    ChatJournalEvent,
    rows::{
        CONVERSATION, MESSAGE, RECORD, conversation_of, journal_event_of, message_of, record_of,
    },
};
use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
};

/// Which records of service to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// Only of this conversation.
    pub conversation: Option<ConversationId>,
    /// Only of this customer.
    pub customer: Option<CustomerId>,
    /// Only begun then or later.
    pub from: Option<UnixMs>,
    /// Only begun then or earlier.
    pub to: Option<UnixMs>,
}

/// How much a person has to do with conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatSeat {
    /// Who.
    pub staff: StaffId,
    /// Conversations that they have or are asked to take.
    pub n_open: i64,
    /// When they were asked or took one the last time, of those.
    pub last_given_at: UnixMs,
}

impl Store {
    /// The tenant's conversation with this id.
    pub async fn conversation(
        &self,
        tenant: TenantId,
        id: &ConversationId,
    ) -> Result<Conversation, StoreError> {
        let (rows, _) = Listing::of("conversation")
            .and("id =", id.as_str())
            .and("tenant =", tenant.0)
            .page(
                &mut *self.reader().await?,
                CONVERSATION,
                "id",
                Paging::first(1),
            )
            .await?;
        let row = rows.first();
        conversation_of(row.ok_or(StoreError::NotFound {
            what: "conversation",
        })?)
    }

    /// The customer's conversation that began last.
    pub async fn latest_conversation(
        &self,
        tenant: TenantId,
        customer: &CustomerId,
    ) -> Result<Option<Conversation>, StoreError> {
        let filter = ConversationFilter {
            customer: Some(customer.clone()),
            ..ConversationFilter::default()
        };
        let page = self
            .conversations(tenant, &filter, Paging::first(1))
            .await?;
        Ok(page.items.into_iter().next())
    }

    /// Conversations that match, newest first.
    pub async fn conversations(
        &self,
        tenant: TenantId,
        filter: &ConversationFilter,
        paging: Paging,
    ) -> Result<Page<Conversation>, StoreError> {
        let (rows, total) = Listing::of("conversation")
            .and("tenant =", tenant.0)
            .one_of(&["state"], filter.states.iter().map(|state| state.name()))
            .and_if("staff =", filter.staff.map(|staff| staff.0))
            .and_if(
                "customer =",
                filter.customer.as_ref().map(CustomerId::as_str),
            )
            .and_if("began_at >=", filter.from.map(|at| at.0))
            .and_if("began_at <", filter.to.map(|at| at.0))
            .page(
                &mut *self.reader().await?,
                CONVERSATION,
                "began_at DESC, id",
                paging,
            )
            .await?;
        page_of(&rows, total, conversation_of)
    }

    /// Customers of the tenant who wait for a person, the longest wait first.
    pub async fn waiting_conversations(
        &self,
        tenant: TenantId,
        paging: Paging,
    ) -> Result<Page<Conversation>, StoreError> {
        let (rows, total) = Listing::of("conversation")
            .and("tenant =", tenant.0)
            .when("state = 'queued'")
            .page(
                &mut *self.reader().await?,
                CONVERSATION,
                "queued_at, id",
                paging,
            )
            .await?;
        page_of(&rows, total, conversation_of)
    }

    /// Tenants with customers who wait for a person.
    pub async fn tenants_with_waiting_chats(&self) -> Result<Vec<TenantId>, StoreError> {
        let rows = sql("SELECT DISTINCT tenant FROM conversation \
             WHERE wants_work = 1 AND state = 'queued' ORDER BY tenant")
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter()
            .map(|row| row.int("tenant").map(TenantId))
            .collect()
    }

    /// How many of the tenant's customers wait longer than since `since`.
    pub async fn n_waiting_before(
        &self,
        tenant: TenantId,
        since: UnixMs,
    ) -> Result<i64, StoreError> {
        sql("SELECT COUNT(*) FROM conversation WHERE tenant = $1 \
             AND state IN ('queued', 'offered') AND queued_at < $2")
        .bind(tenant.0)
        .bind(since.0)
        .number(&mut *self.reader().await?)
        .await
    }

    /// What each of the tenant's staff has to do with conversations now.
    pub async fn chat_seats(&self, tenant: TenantId) -> Result<Vec<ChatSeat>, StoreError> {
        let rows = sql(
            "SELECT staff, COUNT(*) AS n_open, MAX(offered_at) AS offered, \
             MAX(joined_at) AS joined FROM conversation WHERE tenant = $1 \
             AND state IN ('offered', 'staffed') AND staff IS NOT NULL GROUP BY staff ORDER BY staff",
        )
        .bind(tenant.0)
        .rows(&mut *self.reader().await?)
        .await?;
        let seat = |row: &AnyRow| {
            let offered = row.int_or_null("offered")?;
            Ok(ChatSeat {
                staff: StaffId(row.int("staff")?),
                n_open: row.int("n_open")?,
                last_given_at: UnixMs(offered.max(row.int_or_null("joined")?).unwrap_or(0)),
            })
        };
        rows.iter().map(seat).collect()
    }

    /// Conversations of people who are offline, or are not there any more.
    pub async fn chats_of_absent(
        &self,
        limit: u32,
    ) -> Result<Vec<(TenantId, ConversationId)>, StoreError> {
        let rows = sql(
            "SELECT tenant, id FROM conversation WHERE state = 'staffed' AND NOT EXISTS \
             (SELECT 1 FROM staff WHERE staff.id = conversation.staff \
             AND staff.status <> 'offline') ORDER BY id LIMIT $1",
        )
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        let id = |row: &AnyRow| {
            Ok((
                TenantId(row.int("tenant")?),
                ConversationId(row.text("id")?),
            ))
        };
        rows.iter().map(id).collect()
    }

    /// Conversations of all tenants that are to be looked at by `now`.
    pub async fn chats_to_wake(
        &self,
        now: UnixMs,
        limit: u32,
    ) -> Result<Vec<(TenantId, ConversationId)>, StoreError> {
        let rows = sql(
            "SELECT tenant, id FROM conversation WHERE wake_at IS NOT NULL \
                        AND wake_at <= $1 ORDER BY wake_at LIMIT $2",
        )
        .bind(now.0)
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(named).collect()
    }

    /// Conversations of all tenants for which something is to be done.
    pub async fn chats_wanting_work(
        &self,
        after: &ConversationId,
        limit: u32,
    ) -> Result<Vec<(TenantId, ConversationId)>, StoreError> {
        let rows = sql(
            "SELECT tenant, id FROM conversation WHERE wants_work = 1 AND id > $1 \
                        ORDER BY id LIMIT $2",
        )
        .bind(after.as_str())
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(named).collect()
    }

    /// Events of a conversation after number `after`, in order.
    pub async fn chat_events(
        &self,
        conversation: &ConversationId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ChatJournalEvent>, StoreError> {
        let rows = sql(
            "SELECT seq, tenant, conversation, n, happened_at, body FROM chat_event \
             WHERE conversation = $1 AND n > $2 ORDER BY n LIMIT $3",
        )
        .bind(conversation.as_str())
        .bind(after)
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(journal_event_of).collect()
    }

    /// Events of all of a tenant's conversations after place `seq` of the journal, in order.
    pub async fn chat_events_after(
        &self,
        tenant: TenantId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<ChatJournalEvent>, StoreError> {
        let rows = sql(
            "SELECT seq, tenant, conversation, n, happened_at, body FROM chat_event \
             WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        )
        .bind(tenant.0)
        .bind(seq)
        .bind(i64::from(limit))
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(journal_event_of).collect()
    }

    /// The last place of the journal of conversations; 0 if nothing has happened yet.
    pub async fn last_chat_seq(&self) -> Result<i64, StoreError> {
        sql("SELECT COALESCE(MAX(seq), 0) FROM chat_event")
            .number(&mut *self.reader().await?)
            .await
    }

    /// Messages of a conversation as they stand. Those that only staff see are left out unless
    /// `with_private`; the newest come first if `newest_first`.
    pub async fn chat_messages(
        &self,
        conversation: &ConversationId,
        with_private: bool,
        newest_first: bool,
        paging: Paging,
    ) -> Result<Page<ChatMessage>, StoreError> {
        let listing = Listing::of("chat_message").and("conversation =", conversation.as_str());
        let listing = match with_private {
            true => listing,
            false => listing.when("private = 0"),
        };
        let order = if newest_first { "n DESC" } else { "n" };
        let (rows, total) = listing
            .page(&mut *self.reader().await?, MESSAGE, order, paging)
            .await?;
        page_of(&rows, total, message_of)
    }

    /// The tenant's record of service with this id.
    pub async fn chat_record(
        &self,
        tenant: TenantId,
        id: ChatRecordId,
    ) -> Result<ChatRecord, StoreError> {
        let (rows, _) = Listing::of("chat_record")
            .and("id =", id.0)
            .and("tenant =", tenant.0)
            .page(&mut *self.reader().await?, RECORD, "id", Paging::first(1))
            .await?;
        record_of(rows.first().ok_or(StoreError::NotFound {
            what: "chat record",
        })?)
    }

    /// Records of service that match, newest first.
    pub async fn chat_records(
        &self,
        tenant: TenantId,
        filter: &RecordFilter,
        paging: Paging,
    ) -> Result<Page<ChatRecord>, StoreError> {
        let conversation = filter.conversation.as_ref();
        let (rows, total) = Listing::of("chat_record")
            .and("tenant =", tenant.0)
            .and_if("conversation =", conversation.map(ConversationId::as_str))
            .and_if(
                "customer =",
                filter.customer.as_ref().map(CustomerId::as_str),
            )
            .and_if("began_at >=", filter.from.map(|at| at.0))
            .and_if("began_at <=", filter.to.map(|at| at.0))
            .page(
                &mut *self.reader().await?,
                RECORD,
                "began_at DESC, id DESC",
                paging,
            )
            .await?;
        page_of(&rows, total, record_of)
    }
}

fn named(row: &AnyRow) -> Result<(TenantId, ConversationId), StoreError> {
    Ok((
        TenantId(row.int("tenant")?),
        ConversationId(row.text("id")?),
    ))
}

fn page_of<T>(
    rows: &[AnyRow],
    total: i64,
    read: fn(&AnyRow) -> Result<T, StoreError>,
) -> Result<Page<T>, StoreError> {
    Ok(Page {
        items: rows.iter().map(read).collect::<Result<_, _>>()?,
        total,
    })
}
