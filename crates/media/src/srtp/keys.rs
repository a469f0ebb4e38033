//! Keys, and what is done with them (RFC 3711 sections 4.1.1, 4.2 and 4.3; RFC 6188 for keys of 256 bits).

use aes::{
    Aes128, Aes256,
    cipher::{BlockCipherEncrypt as _, KeyInit as _},
};
use hmac::{Hmac, Mac as _};
use sha1::Sha1;

use super::aead::AeadKeys;

/// Bytes of a master key (16) with its salt (14) of the suites that are usual in SDP.
pub const MASTER_LEN: usize = 16 + SALT_LEN;

/// Longest master key (32) with its salt (14).
pub const MASTER_LEN_MAX: usize = KEY_LEN_MAX + SALT_LEN;

/// Longest tag: that of AES-GCM.
pub const TAG_LEN_MAX: usize = 16;

const KEY_LEN_MAX: usize = 32;
const SALT_LEN: usize = 14;
/// Bytes of a salt of AES-GCM (RFC 7714 section 12).
const AEAD_SALT_LEN: usize = 12;
/// Bytes of the key for HMAC-SHA1 (section 8.2: 160 bits).
const MAC_KEY_LEN: usize = 20;
/// Bytes of a tag of HMAC-SHA1, unless it is the short one.
const MAC_TAG_LEN: usize = 10;
/// Blocks of AES that are made at once: the processor works on as many in parallel.
const BLOCKS: usize = 8;
const BLOCK_LEN: usize = 16;

/// How packets are sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// AES-128 in counter mode, and HMAC-SHA1 with a tag of 80 bits.
    AesCm128HmacSha1_80,
    /// The same with a tag of 32 bits on RTP; RTCP keeps 80 (RFC 4568 section 6.2.2).
    AesCm128HmacSha1_32,
    /// AES-256 in counter mode, and HMAC-SHA1 with a tag of 80 bits (RFC 6188).
    AesCm256HmacSha1_80,
    /// The same with a tag of 32 bits on RTP.
    AesCm256HmacSha1_32,
    /// AES-128 in Galois counter mode (RFC 7714).
    AeadAes128Gcm,
    /// AES-256 in Galois counter mode (RFC 7714).
    AeadAes256Gcm,
}

impl Suite {
    /// Bytes of a master key.
    pub fn key_len(self) -> usize {
        match self {
            Self::AesCm128HmacSha1_80 | Self::AesCm128HmacSha1_32 | Self::AeadAes128Gcm => 16,
            Self::AesCm256HmacSha1_80 | Self::AesCm256HmacSha1_32 | Self::AeadAes256Gcm => 32,
        }
    }

    /// Bytes of its salt.
    pub fn salt_len(self) -> usize {
        match self {
            Self::AesCm128HmacSha1_80
            | Self::AesCm128HmacSha1_32
            | Self::AesCm256HmacSha1_80
            | Self::AesCm256HmacSha1_32 => SALT_LEN,
            Self::AeadAes128Gcm | Self::AeadAes256Gcm => AEAD_SALT_LEN,
        }
    }
}

/// A master key with its salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MasterKey {
    bytes: [u8; MASTER_LEN_MAX],
    len: usize,
}

impl MasterKey {
    /// A key with its salt behind it, as long as the suite has them, which is checked when it is used.
    pub const fn of<const N: usize>(key_and_salt: [u8; N]) -> Self {
        const { assert!(N <= MASTER_LEN_MAX, "no suite has keys as long") };
        let mut bytes = [0; MASTER_LEN_MAX];
        let (front, _) = bytes.split_at_mut(N);
        front.copy_from_slice(&key_and_salt);
        Self { bytes, len: N }
    }

    /// A key and its salt, as long as the suite has them; `None` for others.
    pub fn of_suite(suite: Suite, key: &[u8], salt: &[u8]) -> Option<Self> {
        let is_right = key.len() == suite.key_len() && salt.len() == suite.salt_len();
        is_right.then(|| {
            let len = key.len() + salt.len();
            let mut bytes = [0; MASTER_LEN_MAX];
            bytes[..key.len()].copy_from_slice(key);
            bytes[key.len()..len].copy_from_slice(salt);
            Self { bytes, len }
        })
    }

    /// Key and salt of a suite.
    ///
    /// # Panics
    ///
    /// If it is of another one.
    fn parts(&self, suite: Suite) -> (&[u8], &[u8]) {
        assert_eq!(
            self.len,
            suite.key_len() + suite.salt_len(),
            "a key of {suite:?}"
        );
        self.bytes[..self.len].split_at(suite.key_len())
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey")
    }
}

/// What both sides agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SrtpSettings {
    /// How packets are sealed, in both directions.
    pub suite: Suite,
    /// For what we send.
    pub ours: MasterKey,
    /// For what the peer sends.
    pub theirs: MasterKey,
    /// Bytes of the key identifier that the peer puts before its tags; 0 for none.
    pub their_mki_len: usize,
}

/// Which packets session keys are for: the labels of section 4.3.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// RTP.
    Media,
    /// RTCP.
    Reports,
}

/// The session keys of one purpose in one direction.
#[derive(Debug)]
pub enum SessionKeys {
    /// Counter mode and HMAC-SHA1.
    Counter(CounterKeys),
    /// Galois counter mode.
    Aead(AeadKeys),
}

impl SessionKeys {
    /// Derives them.
    pub fn new(suite: Suite, master: &MasterKey, purpose: Purpose) -> Self {
        let first_label = match purpose {
            Purpose::Media => 0,
            Purpose::Reports => 3,
        };
        let (master_key, master_salt) = master.parts(suite);
        let master = Master {
            cipher: Aes::new(master_key),
            salt: shifted(master_salt),
        };
        let mut key = [0; KEY_LEN_MAX];
        let key = &mut key[..suite.key_len()];
        master.derive(first_label, key);
        let mut salt = [0; SALT_LEN];
        let salt = &mut salt[..suite.salt_len()];
        master.derive(first_label + 2, salt);
        let tag_len = match (suite, purpose) {
            (Suite::AesCm128HmacSha1_32 | Suite::AesCm256HmacSha1_32, Purpose::Media) => 4,
            (
                Suite::AesCm128HmacSha1_80
                | Suite::AesCm128HmacSha1_32
                | Suite::AesCm256HmacSha1_80
                | Suite::AesCm256HmacSha1_32,
                _,
            ) => MAC_TAG_LEN,
            (Suite::AeadAes128Gcm | Suite::AeadAes256Gcm, _) => {
                return Self::Aead(AeadKeys::new(key, salt));
            }
        };
        let mut mac_key = [0; MAC_KEY_LEN];
        master.derive(first_label + 1, &mut mac_key);
        Self::Counter(CounterKeys {
            cipher: Aes::new(key),
            salt: shifted(salt),
            mac: Hmac::new_from_slice(&mac_key).expect("HMAC takes keys of any length"),
            tag_len,
        })
    }
}

/// AES with a key of either length.
enum Aes {
    Of128(Aes128),
    Of256(Aes256),
}

impl Aes {
    /// With a key of 16 or 32 bytes.
    fn new(key: &[u8]) -> Self {
        match <[u8; 16]>::try_from(key) {
            Ok(key) => Self::Of128(Aes128::new(&key.into())),
            Err(_) => {
                let key: [u8; 32] = key.try_into().expect("keys have 16 or 32 bytes");
                Self::Of256(Aes256::new(&key.into()))
            }
        }
    }

    fn encrypt_blocks(&self, blocks: &mut [aes::Block]) {
        match self {
            Self::Of128(cipher) => cipher.encrypt_blocks(blocks),
            Self::Of256(cipher) => cipher.encrypt_blocks(blocks),
        }
    }
}

/// A master key, as keys are derived from it (section 4.3.1; RFC 6188 section 3), with a key derivation
/// rate of 0.
struct Master {
    cipher: Aes,
    /// Times 2^16, as counters want it.
    salt: u128,
}

impl Master {
    fn derive(&self, label: u8, key: &mut [u8]) {
        key.fill(0);
        add_keystream(&self.cipher, self.salt ^ (u128::from(label) << 64), key);
    }
}

/// Keys of counter mode and HMAC-SHA1.
pub struct CounterKeys {
    cipher: Aes,
    /// Times 2^16, as counters want it.
    salt: u128,
    mac: Hmac<Sha1>,
    /// Bytes of a tag.
    pub tag_len: usize,
}

impl std::fmt::Debug for CounterKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CounterKeys")
    }
}

impl CounterKeys {
    /// Encrypts or decrypts what packet `index` of a stream carries.
    pub fn crypt(&self, ssrc: u32, index: u64, bytes: &mut [u8]) {
        let counter = self.salt ^ (u128::from(ssrc) << 64) ^ (u128::from(index) << 16);
        add_keystream(&self.cipher, counter, bytes);
    }

    /// Writes the tag of a packet and what is authenticated with it.
    pub fn tag(&self, packet: &[u8], with: &[u8], tag: &mut [u8]) {
        let whole = self.authenticate(packet, with).finalize().into_bytes();
        tag.copy_from_slice(&whole[..tag.len()]);
    }

    /// Whether a packet is as its sender made it; takes the same time whatever differs.
    pub fn is_authentic(&self, packet: &[u8], with: &[u8], tag: &[u8]) -> bool {
        self.authenticate(packet, with)
            .verify_truncated_left(tag)
            .is_ok()
    }

    fn authenticate(&self, packet: &[u8], with: &[u8]) -> Hmac<Sha1> {
        let mut mac = self.mac.clone();
        mac.update(packet);
        mac.update(with);
        mac
    }
}

/// A salt of 14 bytes times 2^16; a shorter one as if zeros were behind it, as libsrtp takes the salts of
/// AES-GCM.
fn shifted(salt: &[u8]) -> u128 {
    let mut bytes = [0; BLOCK_LEN];
    bytes[..salt.len()].copy_from_slice(salt);
    u128::from_be_bytes(bytes)
}

fn add_keystream(cipher: &Aes, counter: u128, bytes: &mut [u8]) {
    let mut counter = counter;
    for piece in bytes.chunks_mut(BLOCKS * BLOCK_LEN) {
        let mut blocks = [aes::Block::default(); BLOCKS];
        let n_blocks = piece.len().div_ceil(BLOCK_LEN);
        for block in &mut blocks[..n_blocks] {
            block.copy_from_slice(&counter.to_be_bytes());
            counter = counter.wrapping_add(1);
        }
        cipher.encrypt_blocks(&mut blocks[..n_blocks]);
        for (bytes, block) in piece.chunks_mut(BLOCK_LEN).zip(&blocks) {
            for (byte, key) in bytes.iter_mut().zip(block) {
                *byte ^= key;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        let digits = |n: usize| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap();
        std::array::from_fn(digits)
    }

    /// RFC 3711 appendix B.2.
    #[test]
    fn the_keystream_is_that_of_the_rfc() {
        let cipher = Aes::new(&bytes::<16>("2B7E151628AED2A6ABF7158809CF4F3C"));
        let salt: [u8; 14] = bytes("F0F1F2F3F4F5F6F7F8F9FAFBFCFD");
        let mut stream = vec![0; 16 * 0xFF02];
        add_keystream(&cipher, shifted(&salt), &mut stream);
        for (at, expected) in [
            (0, "E03EAD0935C95E80E166B16DD92B4EB4"),
            (1, "D23513162B02D0F72A43A2FE4A5F97AB"),
            (2, "41E95B3BB0A2E8DD477901E4FCA894C0"),
            (0xFEFF, "EC8CDF7398607CB0F2D21675EA9EA1E4"),
            (0xFF00, "362B7C3C6773516318A077D7FC5073AE"),
            (0xFF01, "6A2CC3787889374FBEB4C81B17BA6C44"),
        ] {
            assert_eq!(
                stream[16 * at..][..16],
                bytes::<16>(expected),
                "block {at:X}"
            );
        }
    }

    /// RFC 3711 appendix B.3.
    #[test]
    fn session_keys_are_those_of_the_rfc() {
        let master = Master {
            cipher: Aes::new(&bytes::<16>("E1F97A0D3E018BE0D64FA32C06DE4139")),
            salt: shifted(&bytes::<14>("0EC675AD498AFEEBB6960B3AABE6")),
        };
        let mut key = [0; 16];
        master.derive(0, &mut key);
        assert_eq!(key, bytes("C61E7A93744F39EE10734AFE3FF7A087"));
        let mut salt = [0; 14];
        master.derive(2, &mut salt);
        assert_eq!(salt, bytes("30CBBC08863D8C85D49DB34A9AE1"));
        let mut mac_key = [0; 94];
        master.derive(1, &mut mac_key);
        let expected = "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43\
            D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E4740\
            35766B68642C59BBFC2F34DB60DBDFB2DC68";
        assert_eq!(mac_key, bytes(expected));
    }

    /// RFC 6188 section 7.
    #[test]
    fn keys_of_256_bits_are_those_of_the_rfc() {
        let cipher = Aes::new(&bytes::<32>(
            "57F82FE3613FD170A85EC93C40B1F0922EC4CB0DC025B58272147CC438944A98",
        ));
        let salt: [u8; 14] = bytes("F0F1F2F3F4F5F6F7F8F9FAFBFCFD");
        let mut stream = [0; 32];
        add_keystream(&cipher, shifted(&salt), &mut stream);
        assert_eq!(
            stream,
            bytes("92BDD28A93C3F52511C677D08B5515A49DA71B2378A854F67050756DED165BAC")
        );
        let master = Master {
            cipher: Aes::new(&bytes::<32>(
                "F0F04914B513F2763A1B1FA130F10E2998F6F6E43E4309D1E622A0E332B9F1B6",
            )),
            salt: shifted(&bytes::<14>("3B04803DE51EE7C96423AB5B78D2")),
        };
        let mut key = [0; 32];
        master.derive(0, &mut key);
        assert_eq!(
            key,
            bytes("5BA1064E30EC51613CAD926C5A28EF731EC7FB397F70A960653CAF06554CD8C4")
        );
        let mut salt = [0; 14];
        master.derive(2, &mut salt);
        assert_eq!(salt, bytes("FA31791685CA444A9E07C6C64E93"));
        let mut mac_key = [0; 20];
        master.derive(1, &mut mac_key);
        assert_eq!(mac_key, bytes("FD9C32D39ED5FBB5A9DC96B30818454D1313DC05"));
    }

    #[test]
    fn a_key_is_as_long_as_its_suite_says() {
        let of = |suite, key, salt| MasterKey::of_suite(suite, &[1; 32][..key], &[2; 14][..salt]);
        assert!(of(Suite::AesCm128HmacSha1_80, 16, 14).is_some());
        assert!(of(Suite::AeadAes256Gcm, 32, 12).is_some());
        assert!(of(Suite::AeadAes256Gcm, 16, 12).is_none());
        assert!(of(Suite::AesCm256HmacSha1_80, 32, 12).is_none());
    }

    #[test]
    fn keys_print_as_nothing() {
        let master = MasterKey::of([7; MASTER_LEN]);
        let settings = SrtpSettings {
            suite: Suite::AesCm128HmacSha1_80,
            ours: master,
            theirs: master,
            their_mki_len: 0,
        };
        assert!(!format!("{settings:?}").contains('7'));
    }
}
