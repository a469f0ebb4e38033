//! Files in conversations: what they are, and where their bytes lie.

use std::sync::Arc;

use model::{Author, ChatFile, ChatFileId, Content, ConversationId, TenantId};
use sha2::{Digest as _, Sha256};
use tokio::fs;

use super::{ChatFault, Chats, Outcome, start::cleaned};

/// Files of one conversation.
pub const FILES_MAX: i64 = 50;

/// Characters of a name.
const NAME_CHARS_MAX: usize = 120;

/// What the first bytes of a file say that it is; `None` for kinds that are not taken. Only kinds
/// that a browser shows or saves without running anything are known.
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    Some(match bytes {
        _ if begins(b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if begins(b"\xff\xd8\xff") => "image/jpeg",
        _ if begins(b"GIF87a") || begins(b"GIF89a") => "image/gif",
        _ if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => "image/webp",
        _ if begins(b"%PDF-") => "application/pdf",
        // Office documents are such archives too.
        _ if begins(b"PK\x03\x04") => "application/zip",
        _ if is_plain(bytes) => "text/plain",
        _ => return None,
    })
}

/// Text without control characters that is not a page or a drawing.
fn is_plain(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    !text.is_empty() && !text.contains(is_control) && !text.trim_start().starts_with('<')
}

impl Chats {
    /// Takes a file and sends it as a message.
    ///
    /// # Errors
    ///
    /// [`ChatFault::Invalid`] for a file that is too long, of an unknown kind, or one too many.
    pub async fn send_file(
        self: &Arc<Self>,
        tenant: TenantId,
        conversation: &ConversationId,
        author: Author,
        name: &str,
        bytes: &[u8],
        request: Option<String>,
    ) -> Result<(Outcome, ChatFile), ChatFault> {
        let settings = self.open_settings(tenant).await?;
        let n_bytes = i64::try_from(bytes.len()).expect("files are short");
        if n_bytes > settings.limits.file_bytes_max || n_bytes == 0 {
            let most = settings.limits.file_bytes_max;
            return Err(invalid(format!(
                "has {n_bytes} bytes: 1 to {most} are taken"
            )));
        }
        let media_type = media_type(bytes).ok_or_else(|| {
            invalid("is no PNG, JPEG, GIF, WebP, PDF, ZIP or plain text".to_owned())
        })?;
        if self.store.n_chat_files(conversation).await? >= FILES_MAX {
            return Err(invalid(format!("is one too many: {FILES_MAX} are taken")));
        }
        let file = ChatFile {
            id: ChatFileId(uuid::Uuid::new_v4().to_string()),
            tenant,
            conversation: conversation.clone(),
            name: plain_name(name),
            media_type: media_type.to_owned(),
            n_bytes,
            sha256: hex::encode(Sha256::digest(bytes)),
            at: self.now(),
        };
        self.keep_bytes(&file.sha256, bytes)
            .await
            .map_err(|error| ChatFault::Internal(error.into()))?;
        self.store.add_chat_file(&file).await?;
        let content = Content {
            text: file.name.clone(),
            file: Some(file.id.clone()),
            ..Content::default()
        };
        let outcome = self
            .say(tenant, conversation, author, content, request)
            .await?;
        Ok((outcome, file))
    }

    /// A file's bytes.
    ///
    /// # Errors
    ///
    /// [`ChatFault::Internal`] if they are not on disk.
    pub async fn file_bytes(&self, file: &ChatFile) -> Result<Vec<u8>, ChatFault> {
        fs::read(self.folder.join(&file.sha256))
            .await
            .map_err(|error| ChatFault::Internal(error.into()))
    }

    /// On disk before anybody hears of it; a stop in between leaves no half file under its name.
    async fn keep_bytes(&self, sha256: &str, bytes: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder).await?;
        let path = self.folder.join(sha256);
        if fs::try_exists(&path).await? {
            return Ok(());
        }
        let part = self.folder.join(format!("{}.part", uuid::Uuid::new_v4()));
        fs::write(&part, bytes).await?;
        fs::File::open(&part).await?.sync_all().await?;
        fs::rename(&part, &path).await
    }
}

fn invalid(why: String) -> ChatFault {
    ChatFault::Invalid { field: "file", why }
}

/// A name without folders and control characters.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = cleaned(last)
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME_CHARS_MAX)
        .collect();
    match plain.trim() {
        "" => "file".to_owned(),
        plain => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_bytes_and_pages_are_not_taken() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(media_type(b"RIFF\0\0\0\0WEBP"), Some("image/webp"));
        assert_eq!(media_type("你好\n".as_bytes()), Some("text/plain"));
        for bad in [
            &b"<html><script>"[..],
            b" <svg>",
            b"MZ\x90\0",
            b"\x7fELF",
            b"",
        ] {
            assert_eq!(media_type(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn names_have_no_folders() {
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("C:\\a\\b.png"), "b.png");
        assert_eq!(plain_name("\n/"), "file");
    }
}
