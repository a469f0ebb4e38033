//! AES-GCM for SRTP and SRTCP (RFC 7714): one step encrypts and authenticates.

use aes_gcm::{
    Aes128Gcm, Aes256Gcm, KeyInit as _, Nonce, Tag,
    aead::{AeadInOut as _, inout::InOutBuf},
};

/// Bytes of a tag; suites with shorter ones are not taken.
pub const TAG_LEN: usize = 16;

/// Bytes of a salt, and of a nonce.
const NONCE_LEN: usize = 12;

enum Cipher {
    Of128(Aes128Gcm),
    Of256(Aes256Gcm),
}

/// The session keys of one purpose in one direction.
pub struct AeadKeys {
    cipher: Cipher,
    salt: [u8; NONCE_LEN],
}

impl std::fmt::Debug for AeadKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AeadKeys")
    }
}

impl AeadKeys {
    /// With a key of 16 or 32 bytes and a salt of 12.
    pub fn new(key: &[u8], salt: &[u8]) -> Self {
        let cipher = match <[u8; 16]>::try_from(key) {
            Ok(key) => Cipher::Of128(Aes128Gcm::new(&key.into())),
            Err(_) => {
                let key: [u8; 32] = key.try_into().expect("keys have 16 or 32 bytes");
                Cipher::Of256(Aes256Gcm::new(&key.into()))
            }
        };
        Self {
            cipher,
            salt: salt.try_into().expect("salts of AES-GCM have 12 bytes"),
        }
    }

    /// Encrypts `bytes` in their place and gives their tag, which covers `with` too. `counter` is what
    /// [`of_rtp`] and [`of_rtcp`] make, and comes once.
    pub fn seal(&self, counter: u128, with: &[u8], bytes: &mut [u8]) -> [u8; TAG_LEN] {
        let (nonce, bytes) = (self.nonce(counter), InOutBuf::from(bytes));
        let sealed = match &self.cipher {
            Cipher::Of128(cipher) => cipher.encrypt_inout_detached(&nonce, with, bytes),
            Cipher::Of256(cipher) => cipher.encrypt_inout_detached(&nonce, with, bytes),
        };
        sealed.expect("a datagram is shorter than 64 GiB").into()
    }

    /// Decrypts `bytes` in their place if they and `with` are as their sender made them. What they are
    /// otherwise is nobody's business.
    pub fn open(&self, counter: u128, with: &[u8], bytes: &mut [u8], tag: &[u8; TAG_LEN]) -> bool {
        let (nonce, tag) = (self.nonce(counter), Tag::from(*tag));
        let bytes = InOutBuf::from(bytes);
        let opened = match &self.cipher {
            Cipher::Of128(cipher) => cipher.decrypt_inout_detached(&nonce, with, bytes, &tag),
            Cipher::Of256(cipher) => cipher.decrypt_inout_detached(&nonce, with, bytes, &tag),
        };
        opened.is_ok()
    }

    fn nonce(&self, counter: u128) -> Nonce<aes_gcm::aes::cipher::consts::U12> {
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&counter.to_be_bytes()[16 - NONCE_LEN..]);
        for (byte, salt) in nonce.iter_mut().zip(self.salt) {
            *byte ^= salt;
        }
        nonce.into()
    }
}

/// What makes the nonce of an RTP packet (section 8.1): SSRC, and an index of 48 bits.
pub fn of_rtp(ssrc: u32, index: u64) -> u128 {
    (u128::from(ssrc) << 48) | u128::from(index & 0xFFFF_FFFF_FFFF)
}

/// The same of an RTCP packet (section 9.1): SSRC, and an index of 31 bits.
pub fn of_rtcp(ssrc: u32, index: u32) -> u128 {
    (u128::from(ssrc) << 48) | u128::from(index & 0x7FFF_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let text: String = text.split_whitespace().collect();
        let digits = |n| u8::from_str_radix(&text[n..n + 2], 16).unwrap();
        (0..text.len()).step_by(2).map(digits).collect()
    }

    const SALT: &str = "517569642070726f2071756f";
    const HEADER: &str = "8040f17b8041f8d35501a0b2";
    const PLAIN: &str =
        "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";

    /// RFC 7714 sections 16.1.1 and 16.2.1.
    #[test]
    fn packets_are_those_of_the_rfc() {
        for (key, sealed) in [
            (
                "000102030405060708090a0b0c0d0e0f",
                "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce",
            ),
            (
                "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13",
            ),
        ] {
            let keys = AeadKeys::new(&hex(key), &hex(SALT));
            let counter = of_rtp(0x5501_a0b2, 0xf17b);
            let mut bytes = hex(PLAIN);
            let tag = keys.seal(counter, &hex(HEADER), &mut bytes);
            assert_eq!([&bytes[..], &tag].concat(), hex(sealed), "{key}");
            assert!(keys.open(counter, &hex(HEADER), &mut bytes, &tag));
            assert_eq!(bytes, hex(PLAIN));
            assert!(!keys.open(counter + 1, &hex(HEADER), &mut bytes, &tag));
        }
    }
}
