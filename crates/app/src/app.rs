//! The running centre: what every use case and shell shares.

use std::{
    fs::{File, TryLockError},
    io::{Read as _, Write as _},
    net::IpAddr,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, Instant, SystemTime},
};

use anyhow::Context as _;
use engine::{
    guess::{GuessedFrom, Guesses},
    rate::Requests,
};
use model::{TenantId, TrunkId, UnixMs};
use providers::{
    port::{Recognizer, Speaker},
    recognizer::pocketsphinx::{Pocketsphinx, PoolSettings, WorkerCommand},
    speaker::{CacheSettings, CachedSpeaker, LocalSpeaker, SpeechCache},
};
use store::{Owner, SealKey, Store};
use tokio::sync::{Mutex as AsyncMutex, Notify, Semaphore, mpsc, watch};

use crate::{
    PushDialect, Settings,
    call_legs::CallLegs,
    calls::Calls,
    chat::{ChatParts, Chats},
    copies::Copies,
    figures::Figures,
    handovers::Handovers,
    links::Links,
    names::Names,
    phone_calls::PhoneCalls,
    queues::Queues,
    recovery,
    shell::{
        attendance, campaigns, inbound, known_peers,
        media::{MediaPool, Recorder},
        registrar, reviews,
        sip::{SipHandle, SipSettings},
        slots::SlotDesk,
        sweep, transcripts, trunks, webhook,
    },
    sounds::SoundBank,
    trunk_health::TrunkHealth,
    trunk_load::TrunkLoads,
};

/// Calls that come in and may wait to be looked at.
const INCOMING_MAX: usize = 256;

/// Registrations of phones that may wait to be looked at.
const REGISTERING_MAX: usize = 1024;

/// Exit code of a process that lost its database to another: EX_TEMPFAIL of sysexits.h.
const EXIT_DISPOSSESSED: i32 = 75;

/// Name of the stored key of recording addresses.
const LINK_KEY: &str = "recording_link_key";

/// How often a drain looks whether the last call has ended.
const DRAIN_LOOK: Duration = Duration::from_millis(50);

/// Given to calls to say goodbye and write their end once the drain's limit has come.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// The running centre.
pub struct App {
    settings: Settings,
    store: Store,
    push: Arc<dyn PushDialect>,
    sip: SipHandle,
    names: Names,
    media: MediaPool,
    recorder: Recorder,
    speaker: Arc<dyn Speaker>,
    recognizer: Arc<dyn Recognizer>,
    speech_cache: Arc<SpeechCache>,
    sounds: SoundBank,
    links: Links,
    copies: Copies,
    calls: Calls,
    trunk_loads: TrunkLoads,
    trunk_health: TrunkHealth,
    phone_calls: PhoneCalls,
    call_legs: CallLegs,
    handovers: Handovers,
    slots: SlotDesk,
    admission: AsyncMutex<()>,
    rendering: Semaphore,
    requests: Mutex<Requests>,
    guesses: Mutex<Guesses>,
    webhooks: Arc<Notify>,
    chats: Arc<Chats>,
    campaigns: Notify,
    reviews: Notify,
    transcripts: Notify,
    figures: Figures,
    journal: watch::Sender<u64>,
    drain_deadline: OnceLock<Instant>,
    started_at: OnceLock<Instant>,
    /// Held while this process lives: the data folder is its own.
    _folder_lock: File,
}

/// What speaks and what understands.
pub struct Engines {
    /// Text to speech, for every language.
    pub speaker: Arc<dyn Speaker>,
    /// Speech to text.
    pub recognizer: Arc<dyn Recognizer>,
}

impl App {
    /// Opens the database, closes what a crash left open, and starts every shell.
    ///
    /// # Errors
    ///
    /// Fails when the database, a socket or a thread cannot be had; nothing runs then.
    pub async fn start(
        settings: Settings,
        seal: SealKey,
        push: Arc<dyn PushDialect>,
    ) -> anyhow::Result<Arc<Self>> {
        let speech_cache = speech_cache(&settings);
        let local = CachedSpeaker::new(LocalSpeaker::new(), Arc::clone(&speech_cache), "local");
        let engines = Engines {
            speaker: Arc::new(local),
            recognizer: recognizer(&settings),
        };
        Self::start_cached(settings, seal, push, engines, speech_cache).await
    }

    /// As [`App::start`], with speech engines of the caller's choice.
    ///
    /// # Errors
    ///
    /// As [`App::start`].
    pub async fn start_with(
        settings: Settings,
        seal: SealKey,
        push: Arc<dyn PushDialect>,
        engines: Engines,
    ) -> anyhow::Result<Arc<Self>> {
        let speech_cache = speech_cache(&settings);
        Self::start_cached(settings, seal, push, engines, speech_cache).await
    }

    async fn start_cached(
        mut settings: Settings,
        seal: SealKey,
        push: Arc<dyn PushDialect>,
        engines: Engines,
        speech_cache: Arc<SpeechCache>,
    ) -> anyhow::Result<Arc<Self>> {
        let folder_lock = lock_folder(&settings.data)?;
        let store = Store::open(settings.database.clone(), seal).await?;
        let owner = store.own(&settings.database).await?;
        let (incoming, calls_in) = mpsc::channel(INCOMING_MAX);
        let (registering, phones_in) = mpsc::channel(REGISTERING_MAX);
        let sip = SipHandle::start_registrar(sip_settings(&settings), incoming, registering)
            .await
            .with_context(|| format!("failed to listen for SIP on {}", settings.sip_listen))?;
        settings.sip_listen = sip.local();
        let media = MediaPool::start(settings.media_workers, settings.rtp_ip, settings.rtp_ports)
            .context("failed to start media")?;
        let webhooks = Arc::new(Notify::new());
        let journal = watch::Sender::new(0);
        let chats = Chats::start(ChatParts {
            store: store.clone(),
            push: Arc::clone(&push),
            webhooks: Arc::clone(&webhooks),
            data: settings.data.clone(),
            customer_requests_per_second_max: settings.customer_requests_per_second_max,
            journal: journal.clone(),
        });
        let app = Arc::new(Self {
            speaker: engines.speaker,
            recognizer: engines.recognizer,
            speech_cache,
            copies: Copies::new(settings.storage.clone())?,
            recorder: Recorder::start().context("failed to start the recorder")?,
            requests: Mutex::new(Requests::new(settings.requests_per_second_max)),
            names: Names::new(settings.dns_server)?,
            links: Links::new(&settings.public_url, link_key(&store).await?),
            rendering: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)),
            settings,
            store,
            push,
            sip,
            media,
            sounds: SoundBank::default(),
            calls: Calls::default(),
            trunk_loads: TrunkLoads::default(),
            trunk_health: TrunkHealth::default(),
            phone_calls: PhoneCalls::default(),
            call_legs: CallLegs::default(),
            handovers: Handovers::default(),
            slots: SlotDesk::new(),
            admission: AsyncMutex::new(()),
            guesses: Mutex::new(Guesses::new()),
            webhooks,
            chats,
            campaigns: Notify::new(),
            reviews: Notify::new(),
            transcripts: Notify::new(),
            figures: Figures::default(),
            journal,
            drain_deadline: OnceLock::new(),
            started_at: OnceLock::from(Instant::now()),
            _folder_lock: folder_lock,
        });
        recovery::recover(&app).await?;
        tokio::spawn(keep_ownership(owner));
        app.store.close_audits().await?;
        app.start_shells(calls_in, phones_in);
        Ok(app)
    }

    /// Starts what answers telephones, and what looks after the centre by itself.
    fn start_shells(
        self: &Arc<Self>,
        calls_in: mpsc::Receiver<Box<sip::Incoming>>,
        phones_in: mpsc::Receiver<Box<sip::Registering>>,
    ) {
        tokio::spawn(inbound::run(Arc::clone(self), calls_in));
        tokio::spawn(registrar::run(Arc::clone(self), phones_in));
        tokio::spawn(registrar::keep_alive(Arc::clone(self)));
        tokio::spawn(webhook::run(Arc::clone(self)));
        tokio::spawn(sweep::run(Arc::clone(self)));
        tokio::spawn(campaigns::run(Arc::clone(self), self.now()));
        tokio::spawn(attendance::run(Arc::clone(self)));
        tokio::spawn(reviews::run(Arc::clone(self)));
        tokio::spawn(transcripts::run(Arc::clone(self)));
        tokio::spawn(trunks::run(Arc::clone(self)));
        tokio::spawn(known_peers::run(Arc::clone(self)));
    }

    /// What it was started with; `sip_listen` holds the socket port in use.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The wall clock.
    pub fn now(&self) -> UnixMs {
        SystemTime::now().into()
    }

    /// Whether `action` of `tenant` is below its limit of requests a second; counts the request.
    pub fn allow_request(&self, tenant: TenantId, action: &str) -> bool {
        self.requests
            .lock()
            .expect(LOCK)
            .allow(tenant, action, Instant::now())
    }

    /// Whether guesses of credentials from this address are slowed down at present.
    pub fn is_guessing(&self, from: IpAddr) -> bool {
        self.guesses
            .lock()
            .expect(LOCK)
            .wait(from, Instant::now())
            .is_some()
    }

    /// Counts a wrong credential from this address.
    pub fn note_guess(&self, from: IpAddr) {
        self.guesses.lock().expect(LOCK).note(from, Instant::now());
    }

    /// Forgets what was guessed from this address: somebody there knows a secret.
    pub fn forgive_guesses(&self, from: IpAddr) {
        self.guesses.lock().expect(LOCK).forgive(from);
    }

    /// Whether guesses of passwords from there, or at this account, are slowed down at present.
    pub(crate) fn is_guessing_at(&self, source: GuessedFrom) -> bool {
        let guesses = self.guesses.lock().expect(LOCK);
        guesses.wait(source, Instant::now()).is_some()
    }

    /// Counts a wrong password.
    pub(crate) fn note_guess_at(&self, source: GuessedFrom) {
        let mut guesses = self.guesses.lock().expect(LOCK);
        guesses.note(source, Instant::now());
    }

    /// Forgets wrong passwords: the right one came.
    pub(crate) fn forgive_guesses_at(&self, source: GuessedFrom) {
        self.guesses.lock().expect(LOCK).forgive(source);
    }

    /// Changes whenever events were stored: look at the journal again.
    pub fn journal_watch(&self) -> watch::Receiver<u64> {
        self.journal.subscribe()
    }

    /// Conversations by text.
    pub fn chats(&self) -> &Arc<Chats> {
        &self.chats
    }

    /// DNS, for trunks that are found by SRV.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// SIP.
    pub fn sip(&self) -> &SipHandle {
        &self.sip
    }

    /// RTP.
    pub fn media(&self) -> &MediaPool {
        &self.media
    }

    /// Text to speech.
    pub fn speaker(&self) -> &Arc<dyn Speaker> {
        &self.speaker
    }

    /// Takes no new calls, lets running ones finish within the limit, ends the rest, and returns
    /// when every event is stored.
    pub async fn drain(self: &Arc<Self>) {
        let deadline = Instant::now() + self.settings.drain_max;
        let deadline = *self.drain_deadline.get_or_init(|| deadline);
        // Calls that are being admitted are stored and running after this, and are told below.
        drop(self.admission.lock().await);
        self.drain_calls(deadline).await;
        while self.calls.len() > 0 && Instant::now() < deadline + LAST_WORDS {
            tokio::time::sleep(DRAIN_LOOK).await;
        }
        if self.calls.len() > 0 {
            tracing::error!(calls = self.calls.len(), "calls did not end in time");
        }
        self.chats.stop();
        self.store.close().await;
    }

    /// Whether the server is stopping.
    pub fn is_draining(&self) -> bool {
        self.drain_deadline.get().is_some()
    }

    /// When running calls must be over, once the server is stopping.
    pub(crate) fn drain_deadline(&self) -> Option<Instant> {
        self.drain_deadline.get().copied()
    }

    /// Time since the start.
    pub fn uptime(&self) -> Duration {
        self.started_at
            .get()
            .map_or(Duration::ZERO, Instant::elapsed)
    }

    /// Calls that a trunk carries now.
    pub fn channels_in_use(&self, trunk: TrunkId) -> u32 {
        self.trunk_loads.channels(trunk)
    }

    /// How the trunks are.
    pub fn trunk_health(&self) -> &TrunkHealth {
        &self.trunk_health
    }

    /// Which legs belong to which calls.
    pub(crate) fn call_legs(&self) -> &CallLegs {
        &self.call_legs
    }

    /// Which extensions are in a call.
    pub fn phone_calls(&self) -> &PhoneCalls {
        &self.phone_calls
    }

    /// Calls that run now.
    pub fn n_calls(&self) -> usize {
        self.calls.len()
    }

    pub(crate) fn recognizer(&self) -> &Arc<dyn Recognizer> {
        &self.recognizer
    }

    pub(crate) fn speech_cache(&self) -> &Arc<SpeechCache> {
        &self.speech_cache
    }

    pub(crate) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    pub(crate) fn sounds(&self) -> &SoundBank {
        &self.sounds
    }

    pub(crate) fn links(&self) -> &Links {
        &self.links
    }

    pub(crate) fn copies(&self) -> &Copies {
        &self.copies
    }

    pub(crate) fn calls(&self) -> &Calls {
        &self.calls
    }

    pub(crate) fn trunk_loads(&self) -> &TrunkLoads {
        &self.trunk_loads
    }

    /// Callers who came for a skill group.
    pub fn queues(&self) -> &Queues {
        self.handovers.queues()
    }

    pub(crate) fn handovers(&self) -> &Handovers {
        &self.handovers
    }

    pub(crate) fn slots(&self) -> &SlotDesk {
        &self.slots
    }

    /// Held from the counting of calls for the rules to the record that will be counted.
    pub(crate) fn admission(&self) -> &AsyncMutex<()> {
        &self.admission
    }

    /// As many recordings are rendered at once as there are cores.
    pub(crate) fn rendering(&self) -> &Semaphore {
        &self.rendering
    }

    pub(crate) fn push_dialect(&self) -> &dyn PushDialect {
        &*self.push
    }

    /// Something was written that is told live: whoever follows looks now.
    pub fn note_journal_growth(&self) {
        self.journal.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Counts of what happened to calls.
    pub(crate) fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Something may be due.
    pub fn wake_webhooks(&self) {
        self.webhooks.notify_one();
    }

    /// A campaign or its contacts have changed.
    pub fn wake_campaigns(&self) {
        self.campaigns.notify_one();
    }

    /// A call is to be reviewed.
    pub(crate) fn wake_reviews(&self) {
        self.reviews.notify_one();
    }

    pub(crate) async fn reviews_woken(&self) {
        self.reviews.notified().await;
    }

    /// A recording may be due to be recognized.
    pub(crate) fn wake_transcripts(&self) {
        self.transcripts.notify_one();
    }

    pub(crate) async fn transcripts_woken(&self) {
        self.transcripts.notified().await;
    }

    pub(crate) async fn campaigns_woken(&self) {
        self.campaigns.notified().await;
    }

    pub(crate) async fn webhooks_woken(&self) {
        self.webhooks.notified().await;
    }
}

const LOCK: &str = "nothing panics while it holds this lock";

/// Ends the process when another server has taken the database while it was away from us: two
/// would close each other's calls.
async fn keep_ownership(mut owner: Owner) {
    let why = owner.lost().await;
    tracing::error!(%why, "another server has taken the database; this one stops");
    std::process::exit(EXIT_DISPOSSESSED);
}

/// Two processes on one data folder would end each other's calls.
fn lock_folder(data: &Path) -> anyhow::Result<File> {
    let path = data.join("lock");
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options
        .open(&path)
        .with_context(|| format!("failed to open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            file.write_all(std::process::id().to_string().as_bytes())?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            file.read_to_string(&mut pid)?;
            anyhow::bail!("{} is in use by process {pid}", data.display())
        }
        Err(TryLockError::Error(error)) => Err(error).context("failed to lock the data folder"),
    }
}

fn sip_settings(settings: &Settings) -> SipSettings {
    SipSettings {
        listen: settings.sip_listen,
        public_ip: settings.public_ip,
        user_agent: concat!("Switchboard/", env!("CARGO_PKG_VERSION")).to_owned(),
        streams: settings.sip_streams.clone(),
    }
}

/// What was spoken once, kept in the data folder.
fn speech_cache(settings: &Settings) -> Arc<SpeechCache> {
    SpeechCache::new(CacheSettings {
        folder: Some(settings.data.join("speech")),
        ..CacheSettings::default()
    })
}

fn recognizer(settings: &Settings) -> Arc<dyn Recognizer> {
    let (program, args) = settings.recognizer_worker.clone();
    Arc::new(Pocketsphinx::new(PoolSettings::new(WorkerCommand {
        program,
        args,
    })))
}

/// The same in every process on this database, so that an address outlives a restart.
async fn link_key(store: &Store) -> anyhow::Result<Vec<u8>> {
    let fresh = hex::encode(rand::random::<[u8; 32]>());
    let kept = store.setting_or(LINK_KEY, &fresh).await?;
    hex::decode(kept).context("stored key of recording addresses")
}
