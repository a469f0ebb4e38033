//! Sounds: uploaded, or fetched from an address.

use std::{net::SocketAddr, time::Duration};

use model::{Refusal, Sound, SoundDraft, TenantId};
use sha2::{Digest as _, Sha256};

use crate::{App, Fault, is_private, sounds};

/// Largest upload, as the vendor's: 5 MB.
pub const SOUND_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Longest time to fetch a sound.
const FETCH_MAX: Duration = Duration::from_secs(20);

/// Longest name of a sound.
const NAME_CHARS_MAX: usize = 128;

impl App {
    /// Takes an uploaded sound: wav or mp3, at most 5 MB.
    ///
    /// # Errors
    ///
    /// Refuses names that are empty or too long and files that are too large or no sound.
    pub async fn upload_sound(
        &self,
        tenant: TenantId,
        name: &str,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<Sound, Fault> {
        check_name("name", name)?;
        check_name("file_name", file_name)?;
        if bytes.len() > SOUND_BYTES_MAX {
            return Err(invalid("file", "is larger than 5 MB".into()));
        }
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let n_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let samples = providers::sound::decode(bytes.clone())
            .await
            .map_err(|why| invalid("file", why.to_string()))?;
        let duration_ms = i64::try_from(samples.len() / 8).unwrap_or(i64::MAX);
        let path = sounds::path(&self.settings().data, &sha256);
        write_once(&path, bytes).await?;
        let draft = SoundDraft {
            name: name.to_owned(),
            file_name: file_name.to_owned(),
            sha256,
            n_bytes,
            duration_ms,
        };
        Ok(self
            .store()
            .create_sound(tenant, &draft, self.now())
            .await?)
    }

    /// Fetches a sound from `url` and takes it like an upload. Its file name is the last part of
    /// the address.
    ///
    /// # Errors
    ///
    /// Refuses addresses that are not http or https, that lead to private networks unless that is
    /// allowed, that do not answer 200 in 20 s, and what [`App::upload_sound`] refuses.
    pub async fn fetch_sound(
        &self,
        tenant: TenantId,
        name: &str,
        url: &str,
    ) -> Result<Sound, Fault> {
        check_name("name", name)?;
        let url = reqwest::Url::parse(url).map_err(|why| invalid("url", why.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid("url", "must begin with http:// or https://".into()));
        }
        let file_name = url
            .path_segments()
            .and_then(|mut parts| parts.next_back())
            .filter(|last| !last.is_empty())
            .unwrap_or("sound")
            .to_owned();
        let bytes = self.fetch(url).await?;
        self.upload_sound(tenant, name, &file_name, bytes).await
    }

    async fn fetch(&self, url: reqwest::Url) -> Result<Vec<u8>, Fault> {
        let address = self.address_of(&url).await?;
        let host = url.host_str().unwrap_or_default().to_owned();
        // The address that was checked is the one that is asked: a second look-up could differ.
        let http = reqwest::Client::builder()
            .timeout(FETCH_MAX)
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would resolve the host itself.
            .no_proxy()
            .resolve(&host, address)
            .build()
            .map_err(anyhow::Error::from)?;
        let unreachable = |why: reqwest::Error| invalid("url", format!("cannot be fetched: {why}"));
        let mut response = http.get(url).send().await.map_err(unreachable)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(invalid("url", format!("answers {}", response.status())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if bytes.len() + chunk.len() > SOUND_BYTES_MAX {
                return Err(invalid("file", "is larger than 5 MB".into()));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    async fn address_of(&self, url: &reqwest::Url) -> Result<SocketAddr, Fault> {
        let host = url
            .host_str()
            .unwrap_or_default()
            .trim_matches(['[', ']'])
            .to_owned();
        let port = url.port_or_known_default().unwrap_or(80);
        let unknown = || invalid("url", format!("host {host} cannot be resolved"));
        let found = tokio::time::timeout(FETCH_MAX, tokio::net::lookup_host((host.as_str(), port)));
        let address = found
            .await
            .map_err(|_| unknown())?
            .map_err(|_| unknown())?
            .next();
        let address = address.ok_or_else(unknown)?;
        if is_private(address.ip()) && !self.settings().fetch_private {
            return Err(invalid("url", "leads into a private network".into()));
        }
        Ok(address)
    }
}

fn check_name(field: &'static str, name: &str) -> Result<(), Fault> {
    let n_chars = name.chars().count();
    if name.trim().is_empty() || n_chars > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(invalid(
            field,
            format!("must be 1 to {NAME_CHARS_MAX} printable characters"),
        ));
    }
    Ok(())
}

fn invalid(field: &'static str, why: String) -> Fault {
    Refusal::Invalid { field, why }.into()
}

/// Writes a file that is named by its content; one that is there already is the same.
async fn write_once(path: &std::path::Path, bytes: Vec<u8>) -> Result<(), Fault> {
    let path = path.to_owned();
    let writing = tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        if path.exists() {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let unfinished = path.with_extension(format!("part{}", rand::random::<u32>()));
        std::fs::write(&unfinished, &bytes)?;
        std::fs::File::open(&unfinished)?.sync_all()?;
        Ok(std::fs::rename(&unfinished, &path)?)
    });
    Ok(writing.await.map_err(anyhow::Error::from)??)
}
