//! A cache before a speaker: the same words in the same voice are made once.
//!
//! Speech lies in memory and, when a folder is given, on disk as raw 16-bit little-endian samples
//! under the SHA-256 of what was asked. The folder holds nothing that cannot be made again.
//!
//! # Invariants
//!
//! - Equal requests at the same time start one synthesis; all hear it as it grows. It is given up
//!   when nobody waits for it any more.
//! - What is not [fixed](Speak::is_fixed) passes through and is not kept.
//! - Memory and disk stay below their bounds; what was not asked for longest goes first (memory),
//!   what was written first goes first (disk).
//! - A file under its final name is complete: it is written beside and renamed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use sha2::{Digest, Sha256};
use tokio::sync::watch;
use voice::reply::Mark;

use crate::port::{BoxFuture, Speak, Speaker, SpeakerFault, Speech, SpeechPiece, SpeechSink};

/// Pieces that may wait for one of those who hear a speech.
const N_PIECES_QUEUED_MAX: usize = 16;

/// Bounds of a [`SpeechCache`].
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

/// Speech that was made once, of all speakers of a process.
pub struct SpeechCache {
    settings: CacheSettings,
    shelf: Mutex<Shelf>,
}

/// A speaker that remembers what is [fixed](Speak::is_fixed).
pub struct CachedSpeaker<S> {
    inner: Arc<S>,
    identity: String,
    cache: Arc<SpeechCache>,
}

#[derive(Default)]
struct Shelf {
    made: HashMap<Key, (Whole, u64)>,
    making: HashMap<Key, Arc<Making>>,
    bytes: usize,
    /// Counts requests: the age of an entry is its last number.
    clock: u64,
}

/// A speech that is complete.
#[derive(Clone)]
struct Whole {
    samples: Arc<[i16]>,
    marks: Arc<[Mark]>,
}

/// A speech that is being made, for everybody who waits for it.
struct Making {
    grown: Mutex<Grown>,
    /// Changes with each piece. Its receivers are those who wait.
    news: watch::Sender<()>,
}

#[derive(Default)]
struct Grown {
    pieces: Vec<SpeechPiece>,
    end: Option<Result<(), SpeakerFault>>,
}

impl SpeechCache {
    /// Empty, but for what lies in the folder.
    pub fn new(settings: CacheSettings) -> Arc<SpeechCache> {
        Arc::new(SpeechCache {
            settings,
            shelf: Mutex::default(),
        })
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().expect("no panic under this lock")
    }

    fn disk(&self) -> Option<Disk> {
        Some(Disk {
            folder: self.settings.folder.clone()?,
            bytes_max: self.settings.disk_bytes_max,
        })
    }

    /// Keeps what was made, in memory and on disk.
    async fn keep(&self, key: Key, whole: Whole) {
        self.shelf()
            .put(key, &whole, self.settings.memory_bytes_max);
        let Some(disk) = self.disk() else { return };
        blocking(move || {
            // A full disk costs the cache, not the call.
            if let Err(fault) = disk.write(&key, &whole.samples) {
                tracing::warn!(%fault, "speech cache could not be written");
            }
            Some(())
        })
        .await;
    }
}

impl<S: Speaker + 'static> CachedSpeaker<S> {
    /// Puts a cache before a speaker. `identity` tells speakers apart that say the same words
    /// differently.
    pub fn new(inner: S, cache: Arc<SpeechCache>, identity: impl Into<String>) -> CachedSpeaker<S> {
        CachedSpeaker {
            inner: Arc::new(inner),
            identity: identity.into(),
            cache,
        }
    }

    /// The speaker behind the cache.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    async fn say(&self, speak: Speak) -> Result<Speech, SpeakerFault> {
        let key = key(&self.identity, &speak);
        if let Some(whole) = self.cache.shelf().find(&key) {
            return Ok(whole.speech());
        }
        if !speak.is_fixed {
            return self.inner.speak(speak).await;
        }
        if let Some(disk) = self.cache.disk()
            && let Some(samples) = blocking(move || disk.read(&key)).await
        {
            let marks = Arc::from([]);
            let whole = Whole { samples, marks };
            let bytes_max = self.cache.settings.memory_bytes_max;
            self.cache.shelf().put(key, &whole, bytes_max);
            return Ok(whole.speech());
        }
        let (making, news) = self.making(key, speak);
        let (sink, speech) = Speech::growing(N_PIECES_QUEUED_MAX);
        tokio::spawn(follow(making, news, sink));
        Ok(speech)
    }

    /// Who makes it already, or a task that does from now on.
    fn making(&self, key: Key, speak: Speak) -> (Arc<Making>, watch::Receiver<()>) {
        let mut shelf = self.cache.shelf();
        if let Some(making) = shelf.making.get(&key) {
            return (Arc::clone(making), making.news.subscribe());
        }
        let (news, receiver) = watch::channel(());
        let making = Arc::new(Making {
            grown: Mutex::default(),
            news,
        });
        shelf.making.insert(key, Arc::clone(&making));
        let (cache, inner) = (Arc::clone(&self.cache), Arc::clone(&self.inner));
        let maker = Arc::clone(&making);
        tokio::spawn(async move {
            let end = tokio::select! {
                end = grow(&*inner, speak, &maker) => end,
                // Whoever comes from now on begins anew.
                () = unwanted(&cache, &key, &maker) => return,
            };
            if end.is_ok() {
                cache.keep(key, maker.whole()).await;
            }
            cache.shelf().making.remove(&key);
            maker.grown().end = Some(end);
            maker.news.send_replace(());
        });
        (making, receiver)
    }
}

/// Makes a speech, piece by piece.
async fn grow(speaker: &dyn Speaker, speak: Speak, making: &Making) -> Result<(), SpeakerFault> {
    let mut speech = speaker.speak(speak).await?;
    while let Some(piece) = speech.next().await {
        making.grown().pieces.push(piece?);
        making.news.send_replace(());
    }
    Ok(())
}

/// Waits until nobody waits for a speech any more, and takes it off the shelf.
async fn unwanted(cache: &SpeechCache, key: &Key, making: &Making) {
    loop {
        making.news.closed().await;
        let mut shelf = cache.shelf();
        if making.news.receiver_count() == 0 {
            shelf.making.remove(key);
            return;
        }
    }
}

/// Hands the pieces to one of those who wait.
async fn follow(making: Arc<Making>, mut news: watch::Receiver<()>, sink: SpeechSink) {
    let mut n_told = 0;
    loop {
        let (pieces, end) = {
            let grown = making.grown();
            (grown.pieces[n_told..].to_vec(), grown.end.clone())
        };
        n_told += pieces.len();
        for piece in pieces {
            if !sink.piece(piece).await {
                return;
            }
        }
        match end {
            Some(Ok(())) => return sink.end().await,
            Some(Err(fault)) => return sink.fail(fault).await,
            None => {}
        }
        match sink.wanted(news.changed()).await {
            Some(Ok(())) => {}
            Some(Err(_)) => return sink.fail(SpeakerFault::Interrupted).await,
            None => return,
        }
    }
}

impl Making {
    fn grown(&self) -> MutexGuard<'_, Grown> {
        self.grown.lock().expect("no panic under this lock")
    }

    fn whole(&self) -> Whole {
        let grown = self.grown();
        let pieces = grown.pieces.iter();
        Whole {
            samples: pieces
                .clone()
                .flat_map(|piece| piece.samples.iter().copied())
                .collect(),
            marks: pieces.flat_map(|piece| piece.marks.clone()).collect(),
        }
    }
}

impl Whole {
    fn speech(&self) -> Speech {
        Speech::with_marks(Arc::clone(&self.samples), self.marks.to_vec())
    }
}

impl<S: Speaker + 'static> Speaker for CachedSpeaker<S> {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
        Box::pin(self.say(speak))
    }
}

impl Shelf {
    fn find(&mut self, key: &Key) -> Option<Whole> {
        self.clock += 1;
        let (whole, asked) = self.made.get_mut(key)?;
        *asked = self.clock;
        Some(whole.clone())
    }

    fn put(&mut self, key: Key, whole: &Whole, bytes_max: usize) {
        let bytes = size_of_val::<[i16]>(&whole.samples);
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
            if let Some((gone, _)) = self.made.remove(&oldest) {
                self.bytes -= size_of_val::<[i16]>(&gone.samples);
            }
        }
        self.bytes += bytes;
        self.clock += 1;
        self.made.insert(key, (whole.clone(), self.clock));
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

fn key(identity: &str, speak: &Speak) -> Key {
    let speed = speak.speed_percent.to_string();
    // No voice differs from every voice: a name cannot hold the byte 1.
    let voice = speak.voice.as_deref().unwrap_or("\u{1}");
    let mut hash = Sha256::new();
    for part in [
        identity,
        voice,
        speak.language.as_str(),
        &speed,
        &speak.text,
    ] {
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
                if speak.text == "slow" {
                    return Ok(endless());
                }
                Ok(Speech::whole(vec![speak.text.len() as i16; 100].into()))
            })
        }
    }

    /// A first piece, and nothing more for as long as somebody waits.
    fn endless() -> Speech {
        let (sink, speech) = Speech::growing(1);
        tokio::spawn(async move {
            let samples = Arc::from([7]);
            let marks = Vec::new();
            sink.piece(SpeechPiece { samples, marks }).await;
            sink.wanted(std::future::pending::<()>()).await;
        });
        speech
    }

    fn cached(settings: CacheSettings) -> CachedSpeaker<Counting> {
        CachedSpeaker::new(Counting::default(), SpeechCache::new(settings), "x")
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
        assert!(cache.cache.shelf().making.is_empty());
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered() {
        let cache = cached(CacheSettings::default());
        assert_eq!(ask(&cache, "fail").await, Err(SpeakerFault::Interrupted));
        assert_eq!(ask(&cache, "fail").await, Err(SpeakerFault::Interrupted));
        assert_eq!(n_made(&cache), 2);
        assert!(cache.cache.shelf().making.is_empty());
    }

    #[tokio::test]
    async fn what_is_said_once_is_not_kept() {
        let cache = cached(CacheSettings::default());
        for _ in 0..2 {
            let mut speak = Speak::new("one", Language::english());
            speak.is_fixed = false;
            cache.speak(speak).await.unwrap().collect().await.unwrap();
        }
        assert_eq!(n_made(&cache), 2);
    }

    #[tokio::test]
    async fn a_speech_is_heard_while_it_grows_and_given_up_when_nobody_hears() {
        let cache = cached(CacheSettings::default());
        let speak = || cache.speak(Speak::new("slow", Language::english()));
        let (mut one, mut two) = (speak().await.unwrap(), speak().await.unwrap());
        let first = one.next().await.unwrap().unwrap();
        assert_eq!(Some(Ok(first)), two.next().await);
        assert_eq!(n_made(&cache), 1);
        drop((one, two));
        while !cache.cache.shelf().making.is_empty() {
            tokio::task::yield_now().await;
        }
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
