//! The handshake that brings keys: DTLS-SRTP (RFC 5763 and RFC 5764).
//!
//! The state machine of DTLS is the crate dimpl; what is ours is whom to believe, when to begin, when to
//! give up, and what becomes of the keys. The library draws its secrets from the system; everything else is
//! by argument.
//!
//! # Invariants
//!
//! - Keys come only from a peer whose certificate the SDP names.
//! - An [`Association`] keeps and reads a bounded number of bytes, whoever sends them.
//! - A peer that has never answered is waited for: whether it may be silent is a matter of media's timeout.

mod rsa;

use std::{
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use dimpl::{Config, Dtls, DtlsCertificate, KeyingMaterial, Output, SrtpProfile};

use crate::{
    security::{HandshakeFailure, HandshakeRole, HandshakeSettings},
    srtp::{MasterKey, SrtpSettings, Suite},
};

/// Longest datagram of a handshake that we send: what passes through every tunnel (RFC 8200's 1280) with
/// the headers of IPv6 and UDP taken off, and some to spare.
const DATAGRAM_MAX: usize = 1150;

/// Room for a datagram that is sent.
pub const DTLS_MAX: usize = 1280;

/// Longest time from the peer's first datagram to the keys.
pub const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// Wait before the first repetition; each further one waits twice as long. RFC 6347's is 1 s, and
/// recommends less where the parties are known to be quick (section 4.2.4.1): somebody listens to silence
/// meanwhile.
const REPEAT_AFTER: Duration = Duration::from_millis(200);

/// Repetitions, in which [`HANDSHAKE_MAX`] passes.
const REPETITIONS: usize = 6;

/// Bytes of DTLS that a peer may send over a call: a handshake has 3 kB, and nothing but repetitions and a
/// farewell follows it.
const READ_MAX: usize = 128 * 1024;

/// Handshakes that strangers may break before we give up, where addresses are not checked.
const BROKEN_MAX: u8 = 3;

/// What both kinds of peers have in common; that whose address is not checked must show first that it
/// hears us (RFC 6347 section 4.2.1), so that nobody makes us send certificates to others.
static CONFIGS: LazyLock<[Arc<Config>; 2]> = LazyLock::new(|| {
    [true, false].map(|is_checked| {
        let config = Config::builder()
            .mtu(DATAGRAM_MAX)
            .flight_start_rto(REPEAT_AFTER)
            .flight_retries(REPETITIONS)
            .handshake_timeout(HANDSHAKE_MAX)
            .use_server_cookie(!is_checked)
            .with_crypto_provider(rsa::provider())
            .build();
        Arc::new(config.expect("the settings are within the library's ranges"))
    })
});

/// How a handshake has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There are keys.
    Keys(SrtpSettings),
    /// There will be none.
    Failed(HandshakeFailure),
}

/// Handshakes with one peer, of which one brings the keys.
#[derive(Debug)]
pub struct Association {
    settings: Arc<HandshakeSettings>,
    /// `None`: not begun, or over.
    dtls: Option<Dtls>,
    /// When the peer was first heard.
    heard: Option<Instant>,
    /// When time alone brings something.
    wake: Option<Instant>,
    n_read: usize,
    n_broken: u8,
    is_certified: bool,
    state: State,
    outcome: Option<Outcome>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Secured,
    Failed,
}

impl Association {
    /// Nothing has been sent or heard.
    pub fn new(settings: Arc<HandshakeSettings>) -> Self {
        Self {
            settings,
            dtls: None,
            heard: None,
            wake: None,
            n_read: 0,
            n_broken: 0,
            is_certified: false,
            state: State::Waiting,
            outcome: None,
        }
    }

    /// Whether it would be another one with these settings (RFC 8842 section 4).
    pub fn differs(&self, settings: &HandshakeSettings) -> bool {
        let now = &self.settings;
        now.identity != settings.identity
            || now.role != settings.role
            || now.their_fingerprint != settings.their_fingerprint
    }

    /// How it has ended, once.
    pub fn poll(&mut self) -> Option<Outcome> {
        self.outcome.take()
    }

    /// Takes a datagram of the peer. Drain [`Association::transmit`] after it.
    pub fn receive(&mut self, datagram: &[u8], now: Instant) {
        self.n_read = self.n_read.saturating_add(datagram.len());
        if self.n_read > READ_MAX || self.state == State::Failed {
            return;
        }
        if self.dtls.is_none() && self.state == State::Waiting {
            self.begin(now);
        }
        let Some(dtls) = &mut self.dtls else { return };
        self.heard.get_or_insert(now);
        let taken = dtls
            .handle_timeout(now)
            .and_then(|()| dtls.handle_packet(datagram));
        if taken.is_err() {
            self.broke(HandshakeFailure::NotAgreed);
        }
    }

    /// Lets time pass; `is_reachable`: it is known where the peer is. Drain [`Association::transmit`]
    /// after it.
    pub fn advance(&mut self, is_reachable: bool, now: Instant) {
        if self.state == State::Failed {
            return;
        }
        let is_waiting = self.state == State::Waiting;
        let since = self.heard.map(|at| now.saturating_duration_since(at));
        if is_waiting && since.is_some_and(|since| since >= HANDSHAKE_MAX) {
            return self.fail(match self.n_broken {
                0 => HandshakeFailure::TimedOut,
                1.. => HandshakeFailure::NotAgreed,
            });
        }
        let is_ours = self.settings.role == HandshakeRole::Client;
        if self.dtls.is_none() && is_waiting && is_ours && is_reachable {
            self.begin(now);
        }
        if self.wake.is_none_or(|wake| now < wake) {
            return;
        }
        self.wake = None;
        let Some(dtls) = &mut self.dtls else { return };
        if dtls.handle_timeout(now).is_err() {
            match self.heard {
                // Nobody is there yet: the next call begins anew.
                None => self.dtls = None,
                Some(_) => self.broke(HandshakeFailure::TimedOut),
            }
        }
    }

    /// Writes the next datagram and gives its length; `None`: that was all.
    pub fn transmit(&mut self, buf: &mut [u8; DTLS_MAX]) -> Option<usize> {
        loop {
            let dtls = self.dtls.as_mut()?;
            match dtls.poll_output(buf) {
                Output::Packet(datagram) => return Some(datagram.len()),
                Output::Timeout(at) => {
                    self.wake = Some(at);
                    return None;
                }
                Output::PeerCert(certificate) => {
                    self.is_certified = self.settings.their_fingerprint.is_of(certificate);
                    if !self.is_certified {
                        self.fail(HandshakeFailure::OtherCertificate);
                    }
                }
                Output::KeyingMaterial(material, profile) => {
                    match keys(&material, profile, self.settings.role) {
                        Some(keys) if self.is_certified => {
                            self.state = State::Secured;
                            self.outcome = Some(Outcome::Keys(keys));
                        }
                        Some(_) | None => self.fail(HandshakeFailure::NotAgreed),
                    }
                }
                // The farewell is about the handshake's own channel, which nobody uses (RFC 5764 section 4.1.2
                // leaves keys to the call).
                Output::CloseNotify => self.dtls = None,
                Output::BufferTooSmall { .. } => self.broke(HandshakeFailure::NotAgreed),
                Output::Connected if self.is_certified => {}
                Output::Connected => self.fail(HandshakeFailure::NotAgreed),
                // Nobody agreed on data beside sound.
                Output::ApplicationData(_) => {}
                // The library may learn to say more.
                _ => {}
            }
        }
    }

    fn begin(&mut self, now: Instant) {
        let identity = &self.settings.identity;
        let certificate = DtlsCertificate {
            certificate: identity.certificate_der().to_vec(),
            private_key: identity.private_key_pkcs8_der().to_vec(),
        };
        let [checked, unchecked] = &*CONFIGS;
        let config = match self.settings.ice {
            Some(_) => checked,
            None => unchecked,
        };
        let config = Arc::clone(config);
        self.is_certified = false;
        self.dtls = Some(match self.settings.role {
            // Peers that know DTLS 1.3 know 1.2.
            HandshakeRole::Client => {
                let mut dtls = Dtls::new_12(config, certificate, now);
                dtls.set_active(true);
                dtls
            }
            HandshakeRole::Server => Dtls::new_auto(config, certificate, now),
        });
        self.wake = Some(now);
    }

    /// The library gives up. Where addresses are checked, that is the peer's doing; elsewhere it may be a
    /// stranger's, and the peer gets another chance while there is time.
    fn broke(&mut self, why: HandshakeFailure) {
        self.dtls = None;
        self.wake = None;
        if self.state != State::Waiting {
            return;
        }
        self.n_broken = self.n_broken.saturating_add(1);
        if self.settings.ice.is_some() || self.n_broken > BROKEN_MAX {
            self.fail(why);
        }
    }

    fn fail(&mut self, why: HandshakeFailure) {
        self.dtls = None;
        self.wake = None;
        if self.state == State::Waiting {
            self.state = State::Failed;
            self.outcome = Some(Outcome::Failed(why));
        }
    }
}

/// What was agreed on, by the keys of both sides in the order of RFC 5764 section 4.2: the client's key, the
/// server's, and their salts.
fn keys(
    material: &KeyingMaterial,
    profile: SrtpProfile,
    role: HandshakeRole,
) -> Option<SrtpSettings> {
    let suite = match profile {
        SrtpProfile::AES128_CM_SHA1_80 => Suite::AesCm128HmacSha1_80,
        SrtpProfile::AEAD_AES_128_GCM => Suite::AeadAes128Gcm,
        SrtpProfile::AEAD_AES_256_GCM => Suite::AeadAes256Gcm,
        _ => return None,
    };
    let (keys, salts) = material.split_at_checked(2 * suite.key_len())?;
    let (client_key, server_key) = keys.split_at(suite.key_len());
    let (client_salt, server_salt) = salts.split_at_checked(suite.salt_len())?;
    let client = MasterKey::of_suite(suite, client_key, client_salt)?;
    let server = MasterKey::of_suite(suite, server_key, server_salt)?;
    let (ours, theirs) = match role {
        HandshakeRole::Client => (client, server),
        HandshakeRole::Server => (server, client),
    };
    Some(SrtpSettings {
        suite,
        ours,
        theirs,
        their_mki_len: 0,
    })
}
