//! Secrets at rest.

use std::path::Path;

use crate::StoreError;

/// The key that secrets are sealed with: 32 bytes.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

impl SealKey {
    /// A key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Parses 64 hex digits or the base64 of 32 bytes, as they stand in an environment variable.
    pub fn parse(_text: &str) -> Result<Self, StoreError> {
        todo!()
    }

    /// Reads `seal.key` in the data folder; makes one with mode 0600 if there is none.
    ///
    /// Fails if others may read the file, or if it is no key.
    pub fn load_or_create(_folder: &Path) -> Result<Self, StoreError> {
        todo!()
    }
}
