//! Values of the installation, by name: the hash of the set-up token and the like.

use crate::{Store, StoreError};

impl Store {
    /// The value, if there is one.
    pub async fn setting(&self, _name: &str) -> Result<Option<String>, StoreError> {
        todo!()
    }

    /// Sets the value, whatever it was.
    pub async fn set_setting(&self, _name: &str, _value: &str) -> Result<(), StoreError> {
        todo!()
    }

    /// Sets the value if there is none. Gives the value that is there now: of several that race,
    /// all get the same.
    pub async fn setting_or(&self, _name: &str, _value: &str) -> Result<String, StoreError> {
        todo!()
    }

    /// Removes the value if it is `expected`. Gives whether it was: of several that race, one
    /// gets `true`.
    pub async fn take_setting(&self, _name: &str, _expected: &str) -> Result<bool, StoreError> {
        todo!()
    }

    /// Removes the value, if there is one.
    pub async fn remove_setting(&self, _name: &str) -> Result<(), StoreError> {
        todo!()
    }
}
