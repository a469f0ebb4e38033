//! What descriptions say of a handshake that makes the keys of media: DTLS-SRTP (RFC 5763, RFC 8122, RFC
//! 8842), and of the ICE (RFC 8839) that finds the way for it. Browsers have no other media.
//!
//! The handshake itself is the media layer's matter.
//!
//! # Invariants
//!
//! - Fingerprints of hashes that no longer prove anything (MD5, SHA-1) are passed over as if they were not
//!   there, and so are names and passwords of ICE that the grammar does not allow.
//! - The password of ICE prints only where it is written into a message.

use std::fmt;

use rand::Rng;

/// Fingerprints of one stream that are looked at.
const FINGERPRINTS_MAX: usize = 8;

/// Characters of ICE's names and passwords (RFC 8839 section 5.4): 64, six bits each.
const ICE_CHARS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Length of our names: at least 4 characters (RFC 8839 section 5.4), and 24 random bits at least.
const UFRAG_LEN: usize = 8;
/// Length of our passwords: at least 22 characters, and 128 random bits at least.
const PWD_LEN: usize = 24;
/// The longest name or password of a peer (RFC 8839 section 5.4).
const ICE_LEN_MAX: usize = 256;

/// The hash of a fingerprint (RFC 8122 section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// `sha-256`.
    Sha256,
    /// `sha-384`.
    Sha384,
    /// `sha-512`.
    Sha512,
}

/// What a certificate hashes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// How it was hashed.
    pub hash: Hash,
    /// As many bytes as the hash has.
    pub bytes: Box<[u8]>,
}

/// Who begins the handshake, seen from the maker of the description (RFC 4145 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// The maker.
    Active,
    /// The other.
    Passive,
    /// As the answer chooses.
    ActPass,
}

/// Our part in a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// We begin.
    Client,
    /// The peer begins.
    Server,
}

/// Name and password of one side's ICE.
#[derive(Clone, PartialEq, Eq)]
pub struct IceCredentials {
    /// The name, 4 to 256 characters.
    pub ufrag: Box<str>,
    /// The password, 22 to 256 characters.
    pub pwd: Box<str>,
}

/// ICE as both sides agreed on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ice {
    /// What proves the peer's checks to us.
    pub ours: IceCredentials,
    /// What proves ours to the peer.
    pub theirs: IceCredentials,
    /// The peer only answers checks (RFC 8445 section 2.5), as we do.
    pub peer_is_lite: bool,
}

/// A handshake as both sides agreed on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// Our part.
    pub role: Role,
    /// What the peer's certificate hashes to.
    pub fingerprint: Fingerprint,
    /// How the way is found; `None`: as for plain media.
    pub ice: Option<Ice>,
}

/// Our side of a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OurHandshake {
    /// What our certificate hashes to.
    pub fingerprint: Fingerprint,
    /// Our name and password; `None`: without ICE.
    pub ice: Option<IceCredentials>,
    /// The profile of our offers; `None`: only answers to such offers have it.
    pub offered_under: Option<String>,
    /// What we were in a handshake that was made already: we stay that where the peer leaves it to us
    /// (RFC 8842 section 5.5).
    pub role: Option<Role>,
    /// The name of the stream in our offers (RFC 5888).
    pub mid: String,
}

/// What a stream says of its handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandshakeLines {
    /// Of certificates, one of which is the maker's.
    pub fingerprints: Vec<Fingerprint>,
    /// Who begins.
    pub setup: Option<Setup>,
    /// Name of the maker's ICE.
    pub ice_ufrag: Option<Box<str>>,
    /// Password of the maker's ICE.
    pub ice_pwd: Option<Box<str>>,
}

impl Hash {
    const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// Its name in SDP.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    /// Bytes that it makes.
    #[must_use]
    pub fn n_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl Fingerprint {
    /// Reads what stands behind `a=fingerprint:`; `None` for what proves nothing.
    fn parse(value: &str) -> Option<Self> {
        let (name, digits) = value.trim().split_once(' ')?;
        let hash = Hash::ALL
            .into_iter()
            .find(|hash| hash.name().eq_ignore_ascii_case(name))?;
        let digits = digits.trim();
        // Two digits a byte, and what stands between.
        if digits.len() != hash.n_bytes() * 3 - 1 {
            return None;
        }
        let byte = |pair: &str| {
            let is_hex = pair.len() == 2 && pair.bytes().all(|c| c.is_ascii_hexdigit());
            is_hex.then(|| u8::from_str_radix(pair, 16).ok()).flatten()
        };
        let bytes: Option<Box<[u8]>> = digits.split(':').map(byte).collect();
        let bytes = bytes.filter(|bytes| bytes.len() == hash.n_bytes())?;
        Some(Self { hash, bytes })
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.hash.name())?;
        for (n, byte) in self.bytes.iter().enumerate() {
            let before = if n == 0 { ' ' } else { ':' };
            write!(f, "{before}{byte:02X}")?;
        }
        Ok(())
    }
}

impl Setup {
    /// The value of the attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::ActPass => "actpass",
        }
    }

    /// `holdconn` and what is unknown says nothing.
    fn parse(value: &str) -> Option<Self> {
        [Self::Active, Self::Passive, Self::ActPass]
            .into_iter()
            .find(|setup| setup.as_str().eq_ignore_ascii_case(value.trim()))
    }
}

impl Role {
    /// Our part if the offer says this; `kept` is what we are already. Who says nothing begins itself (RFC
    /// 4145 section 4).
    pub(super) fn of_offer(theirs: Option<Setup>, kept: Option<Self>) -> Self {
        match theirs {
            // Whoever begins opens the NAT on its side.
            Some(Setup::ActPass) => kept.unwrap_or(Self::Server),
            Some(Setup::Active) | None => Self::Server,
            Some(Setup::Passive) => Self::Client,
        }
    }

    /// Our part if the answer to our `actpass` says this. Who says nothing waits (RFC 4145 section 4).
    pub(super) fn of_answer(theirs: Option<Setup>) -> Self {
        match theirs {
            Some(Setup::Active | Setup::ActPass) => Self::Server,
            Some(Setup::Passive) | None => Self::Client,
        }
    }

    /// As our answer says it.
    pub(super) fn setup(self) -> Setup {
        match self {
            Self::Client => Setup::Active,
            Self::Server => Setup::Passive,
        }
    }
}

impl IceCredentials {
    /// New ones.
    pub fn random(rng: &mut impl Rng) -> Self {
        let mut word = |len: usize| -> Box<str> {
            (0..len)
                .map(|_| char::from(ICE_CHARS[rng.random_range(0..ICE_CHARS.len())]))
                .collect::<String>()
                .into()
        };
        Self {
            ufrag: word(UFRAG_LEN),
            pwd: word(PWD_LEN),
        }
    }

    /// Those of the first audio stream of a description, if it has any.
    #[must_use]
    pub(crate) fn of(description: &[u8]) -> Option<Self> {
        const MARK: &[u8] = b"ice-ufrag";
        // Most telephones have no ICE: their descriptions need not be read for it.
        if !description.windows(MARK.len()).any(|part| part == MARK) {
            return None;
        }
        super::Session::parse(description)
            .ok()?
            .audio()?
            .lines
            .ice()
    }
}

impl fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceCredentials({})", self.ufrag)
    }
}

impl HandshakeLines {
    /// Name and password of the maker's ICE, if there are both.
    #[must_use]
    pub fn ice(&self) -> Option<IceCredentials> {
        Some(IceCredentials {
            ufrag: self.ice_ufrag.clone()?,
            pwd: self.ice_pwd.clone()?,
        })
    }

    /// Reads an attribute, if it is one of these.
    pub(super) fn read(&mut self, name: &str, value: &str) {
        match name {
            "fingerprint" if self.fingerprints.len() < FINGERPRINTS_MAX => {
                self.fingerprints.extend(Fingerprint::parse(value));
            }
            "setup" => self.setup = Setup::parse(value),
            "ice-ufrag" => self.ice_ufrag = ice_word(value, 4),
            "ice-pwd" => self.ice_pwd = ice_word(value, 22),
            _ => {}
        }
    }

    /// What holds for the whole session holds where a stream has no word of its own.
    pub(super) fn or(&mut self, session: &Self) {
        if self.fingerprints.is_empty() {
            self.fingerprints.clone_from(&session.fingerprints);
        }
        self.setup = self.setup.or(session.setup);
        if self.ice_ufrag.is_none() && self.ice_pwd.is_none() {
            self.ice_ufrag.clone_from(&session.ice_ufrag);
            self.ice_pwd.clone_from(&session.ice_pwd);
        }
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(ufrag), Some(pwd)) = (&self.ice_ufrag, &self.ice_pwd) {
            write!(f, "a=ice-ufrag:{ufrag}\r\na=ice-pwd:{pwd}\r\n")?;
        }
        for fingerprint in &self.fingerprints {
            write!(f, "a=fingerprint:{fingerprint}\r\n")?;
        }
        if let Some(setup) = self.setup {
            write!(f, "a=setup:{}\r\n", setup.as_str())?;
        }
        Ok(())
    }
}

fn ice_word(value: &str, len_min: usize) -> Option<Box<str>> {
    let word = value.trim();
    let fits = (len_min..=ICE_LEN_MAX).contains(&word.len())
        && word.bytes().all(|c| ICE_CHARS.contains(&c));
    fits.then(|| word.into())
}

impl OurHandshake {
    /// That of a description of ours, for what follows it.
    pub(super) fn of(ours: &super::Media) -> Option<Self> {
        Some(Self {
            fingerprint: ours.lines.fingerprints.first()?.clone(),
            ice: ours.lines.ice(),
            offered_under: Some(ours.protocol.clone()),
            role: match ours.lines.setup {
                Some(Setup::Active) => Some(Role::Client),
                Some(Setup::Passive) => Some(Role::Server),
                Some(Setup::ActPass) | None => None,
            },
            mid: ours.mid.clone().unwrap_or_default(),
        })
    }

    /// Stays what it was in `before`; a peer that begins ICE anew (`theirs` are others than before) is
    /// answered with new words of ours (RFC 8839 section 4.4.1.1.1).
    pub(crate) fn follow(
        &mut self,
        before: (Option<Role>, Option<&IceCredentials>),
        theirs: Option<&IceCredentials>,
        rng: &mut impl Rng,
    ) {
        self.role = before.0.or(self.role);
        if self.ice.is_some() && theirs.is_some() && before.1 != theirs {
            self.ice = Some(IceCredentials::random(rng));
        }
    }

    /// What our offer says.
    pub(super) fn offered(&self) -> HandshakeLines {
        self.lines(Setup::ActPass, self.ice.as_ref())
    }

    /// What our answer says to an offer, and what both sides have agreed on then.
    pub(super) fn answered(
        &self,
        theirs: &HandshakeLines,
        peer_is_lite: bool,
    ) -> Option<(HandshakeLines, Handshake)> {
        let role = Role::of_offer(theirs.setup, self.role);
        let agreed = self.agreed(theirs, role, peer_is_lite)?;
        let ice = agreed.ice.as_ref().map(|ice| &ice.ours);
        Some((self.lines(role.setup(), ice), agreed))
    }

    /// What an answer makes of our offer.
    pub(super) fn taken(&self, theirs: &HandshakeLines, peer_is_lite: bool) -> Option<Handshake> {
        self.agreed(theirs, Role::of_answer(theirs.setup), peer_is_lite)
    }

    fn agreed(&self, theirs: &HandshakeLines, role: Role, peer_is_lite: bool) -> Option<Handshake> {
        let ice = self.ice.clone().zip(theirs.ice());
        Some(Handshake {
            role,
            fingerprint: theirs.fingerprints.first()?.clone(),
            ice: ice.map(|(ours, theirs)| Ice {
                ours,
                theirs,
                peer_is_lite,
            }),
        })
    }

    fn lines(&self, setup: Setup, ice: Option<&IceCredentials>) -> HandshakeLines {
        HandshakeLines {
            fingerprints: vec![self.fingerprint.clone()],
            setup: Some(setup),
            ice_ufrag: ice.map(|ice| ice.ufrag.clone()),
            ice_pwd: ice.map(|ice| ice.pwd.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_read_that_prove_something() {
        let digits = |n: usize| vec!["0a"; n].join(":");
        for (line, len) in [
            (format!("sha-256 {}", digits(32)), Some(32)),
            (format!("SHA-256 {}", digits(32).to_uppercase()), Some(32)),
            (format!("sha-384 {}", digits(48)), Some(48)),
            (format!("sha-512 {}", digits(64)), Some(64)),
            (format!("sha-1 {}", digits(20)), None),
            (format!("md5 {}", digits(16)), None),
            (format!("sha-256 {}", digits(31)), None),
            (format!("sha-256 {}", digits(33)), None),
            (format!("sha-256 {}", "+a:".repeat(31) + "+a"), None),
            (format!("sha-256 {}", "ab".repeat(47) + "a"), None),
            ("sha-256".to_owned(), None),
            (String::new(), None),
        ] {
            let read = Fingerprint::parse(&line);
            assert_eq!(read.as_ref().map(|f| f.bytes.len()), len, "{line}");
            if let Some(read) = read {
                assert!(read.to_string().eq_ignore_ascii_case(&line));
            }
        }
    }

    #[test]
    fn ice_words_are_of_the_grammar_and_ours_are_too() {
        let ours = IceCredentials::random(&mut rand::rng());
        assert_eq!(ice_word(&ours.ufrag, 4), Some(ours.ufrag.clone()));
        assert_eq!(ice_word(&ours.pwd, 22), Some(ours.pwd.clone()));
        assert_ne!(ours, IceCredentials::random(&mut rand::rng()));
        for (word, len_min) in [("abc", 4), ("ab d", 4), ("a-b_c", 4), ("ääää", 4)] {
            assert_eq!(ice_word(word, len_min), None, "{word}");
        }
        assert_eq!(ice_word(&"a".repeat(257), 4), None);
        assert_eq!(ice_word(&"a".repeat(21), 22), None);
        let shown = format!("{ours:?}");
        assert!(!shown.contains(&*ours.pwd), "{shown}");
    }

    #[test]
    fn who_begins_follows_from_both_descriptions() {
        use Setup::*;
        for (offer, kept, role) in [
            (Some(ActPass), None, Role::Server),
            (Some(ActPass), Some(Role::Client), Role::Client),
            (Some(Active), Some(Role::Client), Role::Server),
            (Some(Passive), None, Role::Client),
            (None, None, Role::Server),
        ] {
            assert_eq!(Role::of_offer(offer, kept), role, "{offer:?} {kept:?}");
        }
        assert_eq!(Role::of_answer(Some(Active)), Role::Server);
        assert_eq!(Role::of_answer(Some(Passive)), Role::Client);
        assert_eq!(Setup::parse("holdconn"), None);
    }
}
