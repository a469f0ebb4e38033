//! Secrets at rest.
//!
//! A secret is sealed with XChaCha20-Poly1305 under a random 24-byte nonce, with the name of its
//! place (`trunk/7/password`) as associated data: moved to another row, it does not open.

use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    AeadCore as _, KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, OsRng, Payload},
};

use crate::StoreError;

/// Bytes of an XChaCha20 nonce.
const NONCE_LEN: usize = 24;

/// Name of the key's file in the data folder.
const FILE: &str = "seal.key";

/// The key that secrets are sealed with: 32 bytes.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

impl SealKey {
    /// A key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Parses 64 hex digits or the base64 of 32 bytes, as they stand in an environment variable.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let text = text.trim();
        let bytes = hex::decode(text)
            .ok()
            .filter(|bytes| bytes.len() == 32)
            .or_else(|| STANDARD.decode(text).ok());
        bytes
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(Self)
            .ok_or_else(|| refused("expected 64 hex digits or the base64 of 32 bytes"))
    }

    /// Reads `seal.key` in the data folder; makes one with mode 0600 if there is none.
    ///
    /// Fails if others may read the file, or if it is no key.
    pub fn load_or_create(folder: &Path) -> Result<Self, StoreError> {
        use std::os::unix::fs::PermissionsExt as _;

        let path = folder.join(FILE);
        let broken = |error: &std::io::Error| refused(format!("{}: {error}", path.display()));
        match fs::metadata(&path) {
            Ok(found) if found.permissions().mode() & 0o077 != 0 => {
                return Err(refused(format!(
                    "{} may be read by others; set its mode to 0600",
                    path.display()
                )));
            }
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                create(folder, &path).map_err(|error| broken(&error))?;
            }
            Err(error) => return Err(broken(&error)),
        }
        Self::parse(&fs::read_to_string(&path).map_err(|error| broken(&error))?)
    }

    /// Seals `secret` for `place`.
    pub(crate) fn seal(&self, place: &str, secret: &str) -> String {
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let payload = Payload {
            msg: secret.as_bytes(),
            aad: place.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&nonce, payload)
            .expect("secrets are far below the cipher's limit of 256 GB");
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        STANDARD.encode(bytes)
    }

    /// Opens what was sealed for `place`.
    pub(crate) fn open(&self, place: &str, sealed: &str) -> Result<String, StoreError> {
        let bytes = STANDARD
            .decode(sealed)
            .map_err(|error| damaged(error.into()))?;
        let (nonce, sealed) = bytes
            .split_at_checked(NONCE_LEN)
            .ok_or_else(|| damaged("too short".into()))?;
        let payload = Payload {
            msg: sealed,
            aad: place.as_bytes(),
        };
        let secret = self
            .cipher()
            .decrypt(XNonce::from_slice(nonce), payload)
            .map_err(|_| StoreError::WrongSealKey)?;
        String::from_utf8(secret).map_err(|error| damaged(error.into()))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&self.0).into())
    }
}

/// The key is a secret: a debug print shows nothing of it.
impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey")
    }
}

/// Writes a new key beside its place, then moves it there without replacing one: of two processes
/// that start at once, both end up with the same key, and a crash leaves no half of one.
fn create(folder: &Path, path: &Path) -> std::io::Result<()> {
    let key = XChaCha20Poly1305::generate_key(&mut OsRng);
    let draft = folder.join(format!("{FILE}.{}", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    writeln!(file, "{}", hex::encode(key))?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => fs::File::open(folder)?.sync_all(),
    }
}

fn refused(why: impl Into<String>) -> StoreError {
    StoreError::SealKey { why: why.into() }
}

fn damaged(source: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Corrupt {
        what: "sealed secret",
        source: Some(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_in_its_place_and_with_its_key() {
        let key = SealKey::from_bytes([7; 32]);
        let sealed = key.seal("trunk/1/password", "hunter2");
        assert!(!sealed.contains("hunter2"));
        assert_eq!(key.open("trunk/1/password", &sealed).unwrap(), "hunter2");
        assert!(matches!(
            key.open("trunk/2/password", &sealed),
            Err(StoreError::WrongSealKey)
        ));
        assert!(matches!(
            SealKey::from_bytes([8; 32]).open("trunk/1/password", &sealed),
            Err(StoreError::WrongSealKey)
        ));
    }

    #[test]
    fn a_damaged_secret_is_an_error() {
        let key = SealKey::from_bytes([7; 32]);
        for sealed in ["", "AAAA", "not base64!"] {
            assert!(key.open("x", sealed).is_err(), "{sealed}");
        }
    }

    #[test]
    fn a_key_is_64_hex_digits_or_base64_of_32_bytes() {
        let hex = "07".repeat(32);
        let base64 = STANDARD.encode([7; 32]);
        for text in [hex.as_str(), base64.as_str(), &format!("{hex}\n")] {
            assert_eq!(SealKey::parse(text).unwrap().0, [7; 32]);
        }
        for text in ["", "07", "zz", &STANDARD.encode([7; 31])] {
            assert!(SealKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_key_file_is_made_once_and_kept_private() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let first = SealKey::load_or_create(folder.path()).unwrap();
        let again = SealKey::load_or_create(folder.path()).unwrap();
        assert_eq!(first.0, again.0);
        let path = folder.path().join(FILE);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(SealKey::load_or_create(folder.path()).is_err());
    }
}
