//! Use cases of the centre and the shells that carry them out.
//!
//! [`App`] is what every dialect calls. A use case checks, writes one transaction and returns;
//! what follows happens in the shells: `shell::sip` moves SIP, `shell::media` moves RTP,
//! `shell::call` owns one call each, `shell::webhook` sends pushes. Only shells spawn.

mod fault;
mod push;

pub use fault::Fault;
pub use push::PushDialect;

use std::sync::Arc;

use model::{CallId, CredentialId, PlaceVoiceAgentCall, PlaySound, Recording, Sound, TenantId, UnixMs};

/// The running centre.
pub struct App {}

impl App {
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
