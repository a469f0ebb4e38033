//! A cache before a speaker: the same words in the same voice are made once.
//!
//! Speech lies in memory and, when a folder is given, on disk as raw 16-bit little-endian samples
//! under the SHA-256 of what was asked. The folder holds nothing that cannot be made again.
//!
//! # Invariants
//!
//! - Equal requests at the same time start one synthesis; all get its result.
//! - Memory and disk stay below their bounds; what was not asked for longest goes first (memory),
//!   what was written first goes first (disk).
//! - A file under its final name is complete: it is written beside and renamed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::port::{BoxFuture, Speak, Speaker, SpeakerFault, Speech};

/// Bounds of a [`CachedSpeaker`].
#[derive(Clone, Debug)]
pub struct CacheSettings {
    /// Most bytes of samples in memory; 16,000 bytes are one second.
    pub memory_bytes_max: usize,
    /// Folder on disk, created when missing; `None` for memory only.
    pub folder: Option<PathBuf>,
    /// Most bytes on disk.
    pub disk_bytes_max: u64,
}

impl Default for CacheSettings {
    /// 32 MB of memory (half an hour of speech), no disk.
    fn default() -> CacheSettings {
        CacheSettings {
            memory_bytes_max: 32 << 20,
            folder: None,
            disk_bytes_max: 256 << 20,
        }
    }
}

type Key = [u8; 32];
type Making = Arc<OnceCell<Arc<[i16]>>>;

/// A speaker that remembers.
pub struct CachedSpeaker<S> {
    inner: S,
    settings: CacheSettings,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    made: HashMap<Key, (Arc<[i16]>, u64)>,
    making: HashMap<Key, Making>,
    bytes: usize,
    /// Counts requests: the age of an entry is its last number.
    clock: u64,
}

impl<S: Speaker> CachedSpeaker<S> {
    /// Puts a cache before a speaker.
    pub fn new(inner: S, settings: CacheSettings) -> CachedSpeaker<S> {
        CachedSpeaker {
            inner,
            settings,
            shelf: Mutex::default(),
        }
    }

    /// The speaker behind the cache.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    async fn say(&self, speak: Speak) -> Result<Speech, SpeakerFault> {
        let key = key(self.inner.name(), &speak);
        let text_end = speak.text.len();
        let making = {
            let mut shelf = self.shelf.lock().expect("no panic under this lock");
            if let Some(samples) = shelf.find(&key) {
                return Ok(Speech::whole(samples, text_end));
            }
            Arc::clone(shelf.making.entry(key).or_default())
        };
        // When the one who makes it fails or goes away, the next in line tries.
        let made = making
            .get_or_try_init(|| self.make(key, speak))
            .await
            .cloned();
        let mut shelf = self.shelf.lock().expect("no panic under this lock");
        // Two: this one and the shelf's. Whoever waits still holds a third.
        if made.is_ok() || Arc::strong_count(&making) <= 2 {
            shelf.making.remove(&key);
        }
        if let Ok(samples) = &made {
            shelf.put(key, samples, self.settings.memory_bytes_max);
        }
        made.map(|samples| Speech::whole(samples, text_end))
    }

    async fn make(&self, key: Key, speak: Speak) -> Result<Arc<[i16]>, SpeakerFault> {
        let Some(folder) = self.settings.folder.clone() else {
            return self.inner.speak(speak).await?.collect().await;
        };
        let disk = Disk {
            folder,
            bytes_max: self.settings.disk_bytes_max,
        };
        if let Some(samples) = blocking({
            let disk = disk.clone();
            move || disk.read(&key)
        })
        .await
        {
            return Ok(samples);
        }
        let samples = self.inner.speak(speak).await?.collect().await?;
        let to_write = Arc::clone(&samples);
        blocking(move || {
            // A full disk costs the cache, not the call.
            if let Err(fault) = disk.write(&key, &to_write) {
                tracing::warn!(%fault, "speech cache could not be written");
            }
            Some(())
        })
        .await;
        Ok(samples)
    }
}

impl<S: Speaker> Speaker for CachedSpeaker<S> {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
        Box::pin(self.say(speak))
    }
}

impl Shelf {
    fn find(&mut self, key: &Key) -> Option<Arc<[i16]>> {
        self.clock += 1;
        let (samples, asked) = self.made.get_mut(key)?;
        *asked = self.clock;
        Some(Arc::clone(samples))
    }

    fn put(&mut self, key: Key, samples: &Arc<[i16]>, bytes_max: usize) {
        let bytes = size_of_val::<[i16]>(samples);
        if bytes > bytes_max || self.made.contains_key(&key) {
            return;
        }
        while self.bytes + bytes > bytes_max {
            let oldest = self
                .made
                .iter()
                .min_by_key(|(_, (_, asked))| *asked)
                .map(|(key, _)| *key);
            let oldest = oldest.expect("bytes are counted, so something is there");
            if let Some((samples, _)) = self.made.remove(&oldest) {
                self.bytes -= size_of_val::<[i16]>(&samples);
            }
        }
        self.bytes += bytes;
        self.clock += 1;
        self.made.insert(key, (Arc::clone(samples), self.clock));
    }
}

#[derive(Clone)]
struct Disk {
    folder: PathBuf,
    bytes_max: u64,
}

impl Disk {
    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(hex::encode(key)).with_extension("pcm")
    }

    fn read(&self, key: &Key) -> Option<Arc<[i16]>> {
        let bytes = std::fs::read(self.path(key)).ok()?;
        Some(
            bytes
                .chunks_exact(2)
                .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
                .collect(),
        )
    }

    fn write(&self, key: &Key, samples: &[i16]) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let bytes: Vec<u8> = samples
            .iter()
            .flat_map(|sample| sample.to_le_bytes())
            .collect();
        self.make_room(bytes.len() as u64)?;
        let mut beside = tempfile::NamedTempFile::new_in(&self.folder)?;
        std::io::Write::write_all(&mut beside, &bytes)?;
        beside
            .persist(self.path(key))
            .map_err(|fault| fault.error)?;
        Ok(())
    }

    fn make_room(&self, bytes: u64) -> std::io::Result<()> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "pcm")
                && let Ok(meta) = entry.metadata()
            {
                files.push((meta.modified()?, meta.len(), entry.path()));
            }
        }
        files.sort();
        let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, file_bytes, path) in files {
            if total + bytes <= self.bytes_max {
                break;
            }
            std::fs::remove_file(path)?;
            total -= file_bytes;
        }
        Ok(())
    }
}

fn key(engine: &str, speak: &Speak) -> Key {
    let speed = speak.speed_percent.to_string();
    // No voice differs from every voice: a name cannot hold the byte 1.
    let voice = speak.voice.as_deref().unwrap_or("\u{1}");
    let mut hash = Sha256::new();
    for part in [engine, voice, speak.language.as_str(), &speed, &speak.text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Option<T> + Send + 'static,
) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::Language;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Says each text as its length, 100 times; counts how often it was asked; fails on "fail".
    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl Speaker for Counting {
        fn name(&self) -> &'static str {
            "counting"
        }

        fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
            Box::pin(async move {
                self.0.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                if speak.text == "fail" {
                    return Err(SpeakerFault::Interrupted);
                }
                Ok(Speech::whole(vec![speak.text.len() as i16; 100].into(), 0))
            })
        }
    }

    fn cached(settings: CacheSettings) -> CachedSpeaker<Counting> {
        CachedSpeaker::new(Counting::default(), settings)
    }

    async fn ask(cache: &CachedSpeaker<Counting>, text: &str) -> Result<i16, SpeakerFault> {
        let speech = cache.speak(Speak::new(text, Language::english())).await?;
        Ok(speech.collect().await?[0])
    }

    fn n_made(cache: &CachedSpeaker<Counting>) -> usize {
        cache.inner().0.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn equal_requests_at_once_are_made_once() {
        let cache = cached(CacheSettings::default());
        let (a, b, c) = tokio::join!(ask(&cache, "one"), ask(&cache, "one"), ask(&cache, "three"));
        assert_eq!((a, b, c), (Ok(3), Ok(3), Ok(5)));
        assert_eq!(n_made(&cache), 2);
        assert!(cache.shelf.lock().unwrap().making.is_empty());
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered() {
        let cache = cached(CacheSettings::default());
        assert_eq!(ask(&cache, "fail").await, Err(SpeakerFault::Interrupted));
        assert_eq!(ask(&cache, "fail").await, Err(SpeakerFault::Interrupted));
        assert_eq!(n_made(&cache), 2);
        assert!(cache.shelf.lock().unwrap().making.is_empty());
    }

    #[tokio::test]
    async fn memory_keeps_what_was_asked_for_last() {
        let cache = cached(CacheSettings {
            memory_bytes_max: 400,
            ..CacheSettings::default()
        });
        for text in ["a", "bb", "a", "ccc", "a"] {
            ask(&cache, text).await.unwrap();
        }
        assert_eq!(n_made(&cache), 3);
        ask(&cache, "bb").await.unwrap();
        assert_eq!(n_made(&cache), 4);
    }

    #[tokio::test]
    async fn a_new_start_finds_the_disk_and_the_disk_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let settings = CacheSettings {
            folder: Some(folder.path().join("speech")),
            disk_bytes_max: 450,
            ..CacheSettings::default()
        };
        let first = cached(settings.clone());
        ask(&first, "a").await.unwrap();
        let second = cached(settings.clone());
        assert_eq!((ask(&second, "a").await, n_made(&second)), (Ok(1), 0));
        for text in ["bb", "ccc", "dddd"] {
            ask(&second, text).await.unwrap();
        }
        assert_eq!(
            std::fs::read_dir(folder.path().join("speech"))
                .unwrap()
                .count(),
            2
        );
    }

    #[test]
    fn a_part_cannot_flow_into_the_next() {
        let speak = Speak::new("b", Language::english());
        let one = key("x", &speak.clone().with_voice("a"));
        assert_ne!(one, key("xa", &speak.with_voice("")));
    }
}
