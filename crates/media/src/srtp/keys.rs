//! Keys, and what is done with them (RFC 3711 sections 4.1.1, 4.2 and 4.3).

use aes::{
    Aes128,
    cipher::{BlockCipherEncrypt as _, KeyInit as _},
};
use hmac::{Hmac, Mac as _};
use sha1::Sha1;

/// Bytes of a master key (16) with its salt (14).
pub const MASTER_LEN: usize = KEY_LEN + SALT_LEN;

/// Longest tag.
pub const TAG_LEN_MAX: usize = 10;

const KEY_LEN: usize = 16;
const SALT_LEN: usize = 14;
/// Bytes of the key for HMAC-SHA1 (section 8.2: 160 bits).
const MAC_KEY_LEN: usize = 20;
/// Blocks of AES that are made at once: the processor works on as many in parallel.
const BLOCKS: usize = 8;
const BLOCK_LEN: usize = 16;

/// How packets are sealed: AES-128 in counter mode, and HMAC-SHA1 cut to a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// A tag of 80 bits.
    AesCm128HmacSha1_80,
    /// A tag of 32 bits on RTP; RTCP keeps 80 (RFC 4568 section 6.2.2).
    AesCm128HmacSha1_32,
}

/// A master key with its salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MasterKey(pub [u8; MASTER_LEN]);

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
pub struct SessionKeys {
    cipher: Aes128,
    /// Times 2^16, as counters want it.
    salt: u128,
    mac: Hmac<Sha1>,
    /// Bytes of a tag.
    pub tag_len: usize,
}

impl std::fmt::Debug for SessionKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKeys")
    }
}

impl SessionKeys {
    /// Derives them.
    pub fn new(suite: Suite, master: &MasterKey, purpose: Purpose) -> Self {
        let first_label = match purpose {
            Purpose::Media => 0,
            Purpose::Reports => 3,
        };
        let mut key = [0; KEY_LEN];
        derive(master, first_label, &mut key);
        let mut mac_key = [0; MAC_KEY_LEN];
        derive(master, first_label + 1, &mut mac_key);
        let mut salt = [0; SALT_LEN];
        derive(master, first_label + 2, &mut salt);
        Self {
            cipher: Aes128::new(&key.into()),
            salt: shifted(&salt),
            mac: Hmac::new_from_slice(&mac_key).expect("HMAC takes keys of any length"),
            tag_len: match (suite, purpose) {
                (Suite::AesCm128HmacSha1_32, Purpose::Media) => 4,
                (Suite::AesCm128HmacSha1_32 | Suite::AesCm128HmacSha1_80, _) => TAG_LEN_MAX,
            },
        }
    }

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

/// Derives a session key (section 4.3.1), with a key derivation rate of 0.
fn derive(master: &MasterKey, label: u8, key: &mut [u8]) {
    let (master_key, salt) = master.0.split_at(KEY_LEN);
    let master_key: [u8; KEY_LEN] = master_key.try_into().expect("it was split there");
    let counter = shifted(salt) ^ (u128::from(label) << 64);
    key.fill(0);
    add_keystream(&Aes128::new(&master_key.into()), counter, key);
}

/// A salt times 2^16.
fn shifted(salt: &[u8]) -> u128 {
    salt.iter()
        .fold(0, |sum, &byte| (sum << 8) | u128::from(byte))
        << 16
}

fn add_keystream(cipher: &Aes128, counter: u128, bytes: &mut [u8]) {
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
        let cipher = Aes128::new(&bytes::<16>("2B7E151628AED2A6ABF7158809CF4F3C").into());
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
        let master = MasterKey(bytes(
            "E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6",
        ));
        let mut key = [0; 16];
        derive(&master, 0, &mut key);
        assert_eq!(key, bytes("C61E7A93744F39EE10734AFE3FF7A087"));
        let mut salt = [0; 14];
        derive(&master, 2, &mut salt);
        assert_eq!(salt, bytes("30CBBC08863D8C85D49DB34A9AE1"));
        let mut mac_key = [0; 94];
        derive(&master, 1, &mut mac_key);
        let expected = "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43\
            D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E4740\
            35766B68642C59BBFC2F34DB60DBDFB2DC68";
        assert_eq!(mac_key, bytes(expected));
    }

    #[test]
    fn keys_print_as_nothing() {
        let master = MasterKey([7; MASTER_LEN]);
        let settings = SrtpSettings {
            suite: Suite::AesCm128HmacSha1_80,
            ours: master,
            theirs: master,
            their_mki_len: 0,
        };
        assert!(!format!("{settings:?}").contains('7'));
    }
}
