//! Values of the installation, by name: the hash of the set-up token and the like.

use crate::{
    Store, StoreError,
    statement::{Columns as _, sql},
    store::commit,
};

impl Store {
    /// The value, if there is one.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = sql("SELECT value FROM setting WHERE name = $1")
            .bind(name)
            .row(&mut *self.reader().await?)
            .await?;
        row.map(|row| row.text("value")).transpose()
    }

    /// Sets the value, whatever it was.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("INSERT INTO setting (name, value) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(name)
        .bind(value)
        .run(&mut tx)
        .await?;
        commit(tx).await
    }

    /// Sets the value if there is none. Gives the value that is there now: of several that race,
    /// all get the same.
    pub async fn setting_or(&self, name: &str, value: &str) -> Result<String, StoreError> {
        let mut tx = self.begin().await?;
        let row = sql("INSERT INTO setting (name, value) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value")
        .bind(name)
        .bind(value)
        .found(&mut tx, "setting")
        .await?;
        commit(tx).await?;
        row.text("value")
    }

    /// Removes the value if it is `expected`. Gives whether it was: of several that race, one
    /// gets `true`.
    pub async fn take_setting(&self, name: &str, expected: &str) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let n_removed = sql("DELETE FROM setting WHERE name = $1 AND value = $2")
            .bind(name)
            .bind(expected)
            .run(&mut tx)
            .await?;
        commit(tx).await?;
        Ok(n_removed > 0)
    }

    /// Removes the value, if there is one.
    pub async fn remove_setting(&self, name: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM setting WHERE name = $1")
            .bind(name)
            .run(&mut tx)
            .await?;
        commit(tx).await
    }
}
