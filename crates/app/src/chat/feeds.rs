//! Live events, on their way from the writer to whoever watches.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, OnceLock},
};

use bytes::Bytes;
use model::{ConversationId, TenantId};
use store::ChatJournalEvent;
use tokio::sync::broadcast;

/// Events that a watcher of one conversation may be behind; then it reads the journal.
const CONVERSATION_BEHIND_MAX: usize = 32;

/// The same of a watcher of all of a tenant's conversations.
const TENANT_BEHIND_MAX: usize = 1024;

/// For whom an event is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The customer.
    Customer,
    /// Staff.
    Staff,
}

/// A stored event, shared by all who watch. Its text is made once for each kind of reader.
#[derive(Debug)]
pub struct Feed {
    /// The event.
    pub event: ChatJournalEvent,
    texts: [OnceLock<Option<Bytes>>; 2],
}

impl Feed {
    pub(super) fn new(event: ChatJournalEvent) -> Self {
        Self {
            event,
            texts: [OnceLock::new(), OnceLock::new()],
        }
    }

    /// The text for this kind of reader; `None` if it is not for them. `make` is called once.
    pub fn text(
        &self,
        reading: Reading,
        make: impl FnOnce(&ChatJournalEvent) -> Option<String>,
    ) -> Option<Bytes> {
        let place = match reading {
            Reading::Customer => 0,
            Reading::Staff => 1,
        };
        self.texts[place]
            .get_or_init(|| make(&self.event).map(Bytes::from))
            .clone()
    }
}

/// Who watches what.
#[derive(Default)]
pub(super) struct Feeds {
    conversations: Channels<ConversationId>,
    tenants: Channels<TenantId>,
}

struct Channels<K>(Arc<Mutex<HashMap<K, broadcast::Sender<Arc<Feed>>>>>);

impl<K> Default for Channels<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl Feeds {
    pub fn watch_conversation(&self, id: &ConversationId) -> Subscription {
        self.conversations.watch(id, CONVERSATION_BEHIND_MAX)
    }

    pub fn watch_tenant(&self, id: TenantId) -> Subscription {
        self.tenants.watch(&id, TENANT_BEHIND_MAX)
    }

    /// Tells everybody who watches.
    pub fn tell(&self, event: ChatJournalEvent) {
        let conversation = self.conversations.sender(&event.conversation);
        let tenant = self.tenants.sender(&event.tenant);
        if conversation.is_none() && tenant.is_none() {
            return;
        }
        let feed = Arc::new(Feed::new(event));
        for sender in [conversation, tenant].into_iter().flatten() {
            // The last watcher may have left just now.
            let _ = sender.send(Arc::clone(&feed));
        }
    }
}

impl<K: Clone + Eq + Hash + Send + 'static> Channels<K> {
    fn watch(&self, key: &K, behind_max: usize) -> Subscription {
        let mut channels = self.0.lock().expect(LOCK);
        let sender = channels
            .entry(key.clone())
            .or_insert_with(|| broadcast::Sender::new(behind_max));
        let events = sender.subscribe();
        drop(channels);
        let (all, key) = (Arc::clone(&self.0), key.clone());
        Subscription {
            events,
            _leave: Leave(Some(Box::new(move || {
                let mut channels = all.lock().expect(LOCK);
                // The one that leaves is still counted.
                if channels.get(&key).is_some_and(|s| s.receiver_count() <= 1) {
                    channels.remove(&key);
                }
            }))),
        }
    }

    fn sender(&self, key: &K) -> Option<broadcast::Sender<Arc<Feed>>> {
        self.0.lock().expect(LOCK).get(key).cloned()
    }
}

const LOCK: &str = "nothing panics while it holds this lock";

/// What comes to one watcher.
pub struct Subscription {
    // Leaves before the receiver is dropped: fields are dropped in their order.
    _leave: Leave,
    events: broadcast::Receiver<Arc<Feed>>,
}

impl Subscription {
    /// The next event; `None` if some were missed: read the journal from the last one seen, and go
    /// on. Of what is in both, pass over what was read already.
    pub async fn next(&mut self) -> Option<Arc<Feed>> {
        match self.events.recv().await {
            Ok(feed) => Some(feed),
            Err(broadcast::error::RecvError::Lagged(_)) => None,
            // The sender lives in the table for as long as somebody watches.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

struct Leave(Option<Box<dyn FnOnce() + Send>>);

impl Drop for Leave {
    fn drop(&mut self) {
        if let Some(leave) = self.0.take() {
            leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{ChatEvent, StampedChat, UnixMs};

    use super::*;

    #[tokio::test]
    async fn watchers_see_what_is_theirs_and_leave_nothing_behind() {
        let feeds = Feeds::default();
        let mut ann = feeds.watch_conversation(&id("ann"));
        let mut staff = feeds.watch_tenant(TenantId(1));
        feeds.tell(event(1, "ann"));
        feeds.tell(event(2, "bob"));
        assert_eq!(ann.next().await.unwrap().event.seq, 1);
        assert_eq!(staff.next().await.unwrap().event.seq, 1);
        assert_eq!(staff.next().await.unwrap().event.seq, 2);
        let second = feeds.watch_conversation(&id("ann"));
        drop(ann);
        assert!(feeds.conversations.sender(&id("ann")).is_some());
        drop(second);
        assert!(feeds.conversations.sender(&id("ann")).is_none());
    }

    #[tokio::test]
    async fn who_is_too_slow_is_told_so() {
        let feeds = Feeds::default();
        let mut ann = feeds.watch_conversation(&id("ann"));
        for seq in 0..100 {
            feeds.tell(event(seq, "ann"));
        }
        assert!(ann.next().await.is_none());
        assert!(ann.next().await.is_some());
    }

    #[test]
    fn a_text_is_made_once_for_each_kind_of_reader() {
        let feed = Feed::new(event(1, "ann"));
        assert_eq!(feed.text(Reading::Customer, |_| None), None);
        let text = feed.text(Reading::Staff, |_| Some("x".to_owned()));
        assert_eq!(text, feed.text(Reading::Staff, |_| unreachable!()));
    }

    fn id(name: &str) -> ConversationId {
        ConversationId(name.to_owned())
    }

    fn event(seq: i64, name: &str) -> ChatJournalEvent {
        ChatJournalEvent {
            seq,
            tenant: TenantId(1),
            conversation: id(name),
            stamped: StampedChat {
                n: seq,
                at: UnixMs(0),
                event: ChatEvent::RatingAsked,
            },
        }
    }
}
