//! How tenants chat, kept at hand.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use model::{ChatSettings, TenantId};
use store::{Store, StoreError};

use super::ChatFault;

/// For so long settings are believed without a look: another process may change them.
const KNOWN_FOR: Duration = Duration::from_secs(5);

/// Tenants at hand; beyond that all are forgotten and read again.
const KNOWN_MAX: usize = 10_000;

type Known = HashMap<TenantId, (Arc<ChatSettings>, Instant)>;

/// The settings of all tenants.
pub(super) struct SettingsDesk {
    store: Store,
    known: Mutex<Known>,
}

impl SettingsDesk {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            known: Mutex::default(),
        }
    }

    /// The tenant's settings; not found before there are any.
    pub async fn of(&self, tenant: TenantId) -> Result<Arc<ChatSettings>, StoreError> {
        let at_hand = self.known.lock().expect(LOCK).get(&tenant).cloned();
        if let Some((settings, read_at)) = at_hand
            && read_at.elapsed() < KNOWN_FOR
        {
            return Ok(settings);
        }
        let settings = Arc::new(self.store.chat_settings(tenant).await?);
        let mut known = self.known.lock().expect(LOCK);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(tenant, (Arc::clone(&settings), Instant::now()));
        Ok(settings)
    }

    /// Forgets what is at hand of a tenant: it was changed.
    pub fn forget(&self, tenant: TenantId) {
        self.known.lock().expect(LOCK).remove(&tenant);
    }
}

const LOCK: &str = "nothing panics while it holds this lock";

impl super::Chats {
    /// The tenant's settings; not found before there are any.
    ///
    /// # Errors
    ///
    /// [`ChatFault::NotFound`], or the database does not answer.
    pub async fn settings(&self, tenant: TenantId) -> Result<Arc<ChatSettings>, ChatFault> {
        Ok(self.settings.of(tenant).await?)
    }

    /// The tenant's settings, or [`ChatFault::Off`] if it does not chat.
    ///
    /// # Errors
    ///
    /// As it says, or the database does not answer.
    pub async fn open_settings(&self, tenant: TenantId) -> Result<Arc<ChatSettings>, ChatFault> {
        match self.settings.of(tenant).await {
            Ok(settings) if settings.enabled => Ok(settings),
            Ok(_) | Err(StoreError::NotFound { .. }) => Err(ChatFault::Off),
            Err(error) => Err(error.into()),
        }
    }

    /// The tenant's settings; those that a tenant begins with are written if there are none.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn settings_or_fresh(
        &self,
        tenant: TenantId,
    ) -> Result<Arc<ChatSettings>, ChatFault> {
        match self.settings.of(tenant).await {
            Err(StoreError::NotFound { .. }) => {}
            found => return Ok(found?),
        }
        let fresh = ChatSettings::new(tenant, fresh_secret());
        self.store.chat_settings_or(&fresh).await?;
        Ok(self.settings.of(tenant).await?)
    }

    /// Writes settings; they hold at once.
    ///
    /// # Errors
    ///
    /// The database does not answer.
    pub async fn change_settings(&self, settings: &ChatSettings) -> Result<(), ChatFault> {
        self.store.put_chat_settings(settings).await?;
        self.settings.forget(settings.tenant);
        Ok(())
    }
}

/// A secret as the cloud's console shows it: 64 hex digits.
pub fn fresh_secret() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}
