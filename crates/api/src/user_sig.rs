//! `UserSig`: a name that a tenant's secret vouches for (TLSSigAPIv2, with and without `userbuf`).
//!
//! The signature covers the name, the instance, the time and how long it is good, and data beside:
//!
//! ```text
//! TLS.identifier:<name>\nTLS.sdkappid:<instance>\nTLS.time:<s>\nTLS.expire:<s>\n[TLS.userbuf:<base64>\n]
//! ```
//!
//! HMAC-SHA256 of that stands as `TLS.sig` in a JSON object with the same fields; compressed (zlib)
//! and in Base64 with `*-_` for `+/=` it is the text that is sent. Key order and spaces of the
//! object differ between languages, so it is read, not compared.
//!
//! Pure: the clock is an argument.

use std::{io::Read as _, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::{TenantId, UnixMs};
use serde_json::{Value, json};
use sha2::Sha256;

/// Longest text that is looked at, in bytes.
pub const TEXT_BYTES_MAX: usize = 8 * 1024;

/// Longest object within, in bytes.
const OBJECT_BYTES_MAX: u64 = 16 * 1024;

/// What a `UserSig` says; not proven yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub identifier: String,
    /// Of which instance.
    pub sdk_app_id: TenantId,
    /// When it was made, Unix seconds.
    pub made_at: i64,
    /// How long it is good, seconds.
    pub good_for: i64,
    /// Data beside, as they were signed: Base64.
    userbuf: Option<String>,
    signature: Vec<u8>,
}

impl std::fmt::Debug for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claim")
            .field("sdk_app_id", &self.sdk_app_id)
            .finish_non_exhaustive()
    }
}

/// Why a text is no `UserSig` at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Its Base64, its compression or its JSON is broken.
    #[error("it cannot be decoded")]
    Encoding,
    /// A field is missing or of another type.
    #[error("`{0}` is missing or wrong")]
    Field(&'static str),
}

/// Makes a `UserSig`.
pub fn make(
    secret: &str,
    sdk_app_id: TenantId,
    identifier: &str,
    userbuf: Option<&[u8]>,
    good_for: Duration,
    now: UnixMs,
) -> String {
    let good_for = i64::try_from(good_for.as_secs()).unwrap_or(i64::MAX);
    let userbuf = userbuf.map(|data| STANDARD.encode(data));
    let mut claim = Claim {
        identifier: identifier.to_owned(),
        sdk_app_id,
        made_at: now.seconds(),
        good_for,
        userbuf,
        signature: Vec::new(),
    };
    let signature = claim.mac(secret).finalize().into_bytes();
    claim.signature = signature.to_vec();
    claim.text()
}

impl Claim {
    /// Reads a text without proving it.
    ///
    /// # Errors
    ///
    /// As [`Unreadable`] says.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(Unreadable::Encoding);
        }
        let standard: String = text
            .chars()
            .map(|c| match c {
                '*' => '+',
                '-' => '/',
                '_' => '=',
                c => c,
            })
            .collect();
        let packed = STANDARD
            .decode(standard)
            .map_err(|_| Unreadable::Encoding)?;
        let mut object = Vec::new();
        ZlibDecoder::new(packed.as_slice())
            .take(OBJECT_BYTES_MAX)
            .read_to_end(&mut object)
            .map_err(|_| Unreadable::Encoding)?;
        let object: Value = serde_json::from_slice(&object).map_err(|_| Unreadable::Encoding)?;
        let text = |field: &'static str| {
            let value = object.get(field).and_then(Value::as_str);
            value.map(str::to_owned).ok_or(Unreadable::Field(field))
        };
        let number = |field: &'static str| {
            let value = object.get(field);
            let number = value.and_then(|v| v.as_i64().or_else(|| v.as_str()?.parse().ok()));
            number.ok_or(Unreadable::Field(field))
        };
        let signature = STANDARD
            .decode(text("TLS.sig")?)
            .map_err(|_| Unreadable::Field("TLS.sig"))?;
        Ok(Self {
            identifier: text("TLS.identifier")?,
            sdk_app_id: TenantId(number("TLS.sdkappid")?),
            made_at: number("TLS.time")?,
            good_for: number("TLS.expire")?,
            userbuf: match object.get("TLS.userbuf") {
                None | Some(Value::Null) => None,
                Some(_) => Some(text("TLS.userbuf")?),
            },
            signature,
        })
    }

    /// Whether it was made with this secret.
    pub fn is_made_with(&self, secret: &str) -> bool {
        // Compared in a time that tells nothing.
        self.mac(secret).verify_slice(&self.signature).is_ok()
    }

    /// Whether it is not good any more.
    pub fn is_expired(&self, now: UnixMs) -> bool {
        now.seconds() > self.made_at.saturating_add(self.good_for)
    }

    /// The data beside.
    pub fn userbuf(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.userbuf.as_ref()?).ok()
    }

    fn mac(&self, secret: &str) -> Hmac<Sha256> {
        let mut signed = format!(
            "TLS.identifier:{}\nTLS.sdkappid:{}\nTLS.time:{}\nTLS.expire:{}\n",
            self.identifier, self.sdk_app_id, self.made_at, self.good_for
        );
        if let Some(userbuf) = &self.userbuf {
            signed.push_str(&format!("TLS.userbuf:{userbuf}\n"));
        }
        let mut mac = Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes any key length");
        mac.update(signed.as_bytes());
        mac
    }

    fn text(&self) -> String {
        use std::io::Write as _;

        let mut object = json!({
            "TLS.ver": "2.0",
            "TLS.identifier": self.identifier,
            "TLS.sdkappid": self.sdk_app_id.0,
            "TLS.expire": self.good_for,
            "TLS.time": self.made_at,
            "TLS.sig": STANDARD.encode(&self.signature),
        });
        if let Some(userbuf) = &self.userbuf {
            object["TLS.userbuf"] = Value::from(userbuf.as_str());
        }
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed
            .write_all(object.to_string().as_bytes())
            .expect("a Vec takes every write");
        let packed = packed.finish().expect("a Vec takes every write");
        STANDARD
            .encode(packed)
            .chars()
            .map(|c| match c {
                '+' => '*',
                '/' => '-',
                '=' => '_',
                c => c,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vendor's sample of `CreateUserSig`, made with a secret that only the vendor knows.
    const SAMPLE: &str = "eJw0jkFPwjAYQP-Ld9Wwfm2HtokHswhK9IBMBtw22uEHbpa1JRrjfzfZ5vW95OX9QP68mtgvR50FrYRSQonrHpKxbaCabAcaEFGmMAhvTqVzZECjZIxPJUc5GjqAho1fJMlpnlfb9iYJx2WZZ*YqnLO1m9Wrh-uXeD48ZR9vkYrl3ZgM1FjQOOXyNkXJ2UCjt10Va9CwLRbH3Xzd7Pi7K5vgqyK97B9n33vxiqY10m4*-1OX-pdPGPz*BQAA--9b7kId";

    const SECRET: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
    const APP: TenantId = TenantId(1_400_000_001);
    const NOW: UnixMs = UnixMs(1_700_000_000_000);

    #[test]
    fn what_was_made_is_read_and_proven() {
        let text = make(
            SECRET,
            APP,
            "administrator",
            None,
            Duration::from_secs(60),
            NOW,
        );
        let claim = Claim::read(&text).unwrap();
        assert_eq!(
            (claim.identifier.as_str(), claim.sdk_app_id),
            ("administrator", APP)
        );
        assert!(claim.is_made_with(SECRET) && !claim.is_made_with("other"));
        assert!(!claim.is_expired(NOW.plus(Duration::from_secs(60))));
        assert!(claim.is_expired(NOW.plus(Duration::from_secs(61))));
        assert_eq!(claim.userbuf(), None);
    }

    #[test]
    fn data_beside_are_signed_too() {
        let data = r#"{"nickName":"企鹅一号"}"#.as_bytes();
        let text = make(SECRET, APP, "ann", Some(data), Duration::from_secs(60), NOW);
        let mut claim = Claim::read(&text).unwrap();
        assert!(claim.is_made_with(SECRET));
        assert_eq!(claim.userbuf().as_deref(), Some(data));
        claim.userbuf = None;
        assert!(!claim.is_made_with(SECRET));
    }

    #[test]
    fn the_vendors_sample_is_read() {
        let claim = Claim::read(SAMPLE).unwrap();
        assert!(claim.userbuf().is_some());
        assert!(!claim.is_made_with(SECRET));
    }

    #[test]
    fn what_is_no_signature_is_unreadable_and_bombs_do_not_burst() {
        let short = make(SECRET, APP, "a", None, Duration::from_secs(60), NOW);
        for text in [
            "",
            "abc",
            "!!!!",
            &short[..short.len() - 8],
            &"A".repeat(9000),
        ] {
            assert_eq!(Claim::read(text), Err(Unreadable::Encoding), "{text}");
        }
        let mut bomb = ZlibEncoder::new(Vec::new(), Compression::best());
        std::io::Write::write_all(&mut bomb, &vec![b' '; 3_000_000]).unwrap();
        let bomb = STANDARD.encode(bomb.finish().unwrap());
        let bomb = bomb.replace('+', "*").replace('/', "-").replace('=', "_");
        assert_eq!(Claim::read(&bomb), Err(Unreadable::Encoding));
    }
}
