//! Use cases of the centre and the shells that carry them out.
//!
//! [`App`] is what every dialect calls. A use case checks, writes one transaction and returns;
//! what follows happens in the shells: `shell::sip` moves SIP, `shell::media` moves RTP,
//! `shell::call` owns one call each, `shell::webhook` sends pushes. Only shells spawn.

pub mod agent_document;
mod fault;
mod push;
mod settings;
pub mod shell;

pub use fault::Fault;
pub use push::PushDialect;
pub use settings::Settings;

use std::sync::Arc;

use model::{CallId, CredentialId, PlaceVoiceAgentCall, PlaySound, Recording, Sound, TenantId, UnixMs};

/// The running centre.
pub struct App {}

impl App {
    /// Opens the database, closes what a crash left open, and starts every shell.
    pub async fn start(
        _settings: Settings,
        _seal: store::SealKey,
        _push: Arc<dyn PushDialect>,
    ) -> anyhow::Result<Arc<Self>> {
        todo!()
    }

    /// What it was started with; `sip_listen` holds the socket port in use.
    pub fn settings(&self) -> &Settings {
        todo!()
    }

    /// Takes no new calls, lets running ones finish within the limit, ends the rest, and returns
    /// when every event is stored.
    pub async fn drain(&self) {
        todo!()
    }

    /// The file of a recording, if `expires` and `signature` of its address are good.
    pub async fn recording_file(
        &self,
        _id: &model::RecordingId,
        _expires: i64,
        _signature: &str,
    ) -> Result<std::path::PathBuf, Fault> {
        todo!()
    }

    /// The recorded tracks of an ended call as they were written while it ran, for drawing and
    /// lossless copies. `None` when the call was not recorded.
    pub async fn raw_recording(&self, _call: &CallId) -> Result<Option<Vec<u8>>, Fault> {
        todo!()
    }

    /// Text figures for Prometheus (OpenMetrics).
    pub fn metrics(&self) -> String {
        todo!()
    }

    /// The database.
    pub fn store(&self) -> &store::Store {
        todo!()
    }

    /// The wall clock.
    pub fn now(&self) -> UnixMs {
        todo!()
    }

    /// Whether `action` of `tenant` is below its limit of requests a second; counts the request.
    pub fn allow_request(&self, _tenant: TenantId, _action: &str) -> bool {
        todo!()
    }

    /// Whether guesses of credentials from this address are slowed down at present.
    pub fn is_guessing(&self, _from: std::net::IpAddr) -> bool {
        todo!()
    }

    /// Counts a wrong credential from this address.
    pub fn note_guess(&self, _from: std::net::IpAddr) {
        todo!()
    }

    /// Places an outbound call and puts a voice agent on it.
    pub async fn place_voice_agent_call(
        self: &Arc<Self>,
        _command: PlaceVoiceAgentCall,
        _by: Option<CredentialId>,
    ) -> Result<CallId, Fault> {
        todo!()
    }

    /// Plays a sound into a running call.
    pub async fn play_sound(&self, _command: PlaySound) -> Result<(), Fault> {
        todo!()
    }

    /// Ends a call. `by` is noted in its events.
    pub async fn hang_up(&self, _tenant: TenantId, _call: &CallId, _by: &str) -> Result<(), Fault> {
        todo!()
    }

    /// Takes an uploaded sound: wav or mp3, at most 5 MB.
    pub async fn upload_sound(
        &self,
        _tenant: TenantId,
        _name: &str,
        _file_name: &str,
        _bytes: Vec<u8>,
    ) -> Result<Sound, Fault> {
        todo!()
    }

    /// Fetches a sound from `url` and takes it like an upload.
    pub async fn fetch_sound(&self, _tenant: TenantId, _name: &str, _url: &str) -> Result<Sound, Fault> {
        todo!()
    }

    /// A signed address of a recording, good for 24 hours.
    pub fn recording_url(&self, _recording: &Recording) -> String {
        todo!()
    }
}
