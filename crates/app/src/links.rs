//! Signed addresses of recordings and of what was said in a call: whoever has one may fetch it until
//! it expires.

use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use model::{CallId, RecordingId, UnixMs};
use sha2::Sha256;

/// How long an address is good, as the vendor says of its own.
const GOOD_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// What an address leads to; an address of one kind opens nothing of the other.
const RECORDING: &str = "recording";
const TRANSCRIPT: &str = "transcript";

/// Makes and checks addresses.
pub struct Links {
    base: String,
    key: Vec<u8>,
}

impl Links {
    /// `base` is put in front of every address; `key` is secret and kept across starts.
    pub fn new(base: &str, key: Vec<u8>) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            key,
        }
    }

    /// The address of a recording, good for 24 hours.
    pub fn recording(&self, id: &RecordingId, now: UnixMs) -> String {
        let expires = now.plus(GOOD_FOR).seconds();
        let signature = hex::encode(
            self.mac(RECORDING, id.as_str(), expires)
                .finalize()
                .into_bytes(),
        );
        format!(
            "{}/recordings/{id}.mp3?expires={expires}&signature={signature}",
            self.base
        )
    }

    /// The address of what was said in a call, good for 24 hours.
    pub fn transcript(&self, call: &CallId, now: UnixMs) -> String {
        let expires = now.plus(GOOD_FOR).seconds();
        let signature = hex::encode(
            self.mac(TRANSCRIPT, call.as_str(), expires)
                .finalize()
                .into_bytes(),
        );
        format!(
            "{}/transcripts/{call}.json?expires={expires}&signature={signature}",
            self.base
        )
    }

    /// Whether this address of a recording was made here and is still good.
    pub fn is_good(&self, id: &RecordingId, expires: i64, signature: &str, now: UnixMs) -> bool {
        self.is_ours(RECORDING, id.as_str(), expires, signature, now)
    }

    /// Whether this address of what was said in a call was made here and is still good.
    pub fn is_good_transcript(
        &self,
        call: &CallId,
        expires: i64,
        signature: &str,
        now: UnixMs,
    ) -> bool {
        self.is_ours(TRANSCRIPT, call.as_str(), expires, signature, now)
    }

    fn is_ours(&self, what: &str, id: &str, expires: i64, signature: &str, now: UnixMs) -> bool {
        let Ok(signature) = hex::decode(signature) else {
            return false;
        };
        expires > now.seconds() && self.mac(what, id, expires).verify_slice(&signature).is_ok()
    }

    fn mac(&self, what: &str, id: &str, expires: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes any key length");
        mac.update(format!("{what}\n{id}\n{expires}").as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMs = UnixMs(1_700_000_000_000);

    #[test]
    fn an_address_opens_its_recording_until_it_expires() {
        let (links, id) = (
            Links::new("http://h/", vec![7; 32]),
            RecordingId("r-1".into()),
        );
        let address = links.recording(&id, NOW);
        let (expires, signature) = parts(&address);
        assert!(address.starts_with("http://h/recordings/r-1.mp3?"));
        assert!(links.is_good(&id, expires, &signature, NOW));
        assert!(!links.is_good(&id, expires, &signature, NOW.plus(GOOD_FOR)));
    }

    #[test]
    fn an_address_of_words_opens_no_sound() {
        let links = Links::new("http://h/", vec![7; 32]);
        let (call, track) = (CallId("c-1".into()), RecordingId("c-1".into()));
        let address = links.transcript(&call, NOW);
        assert!(address.starts_with("http://h/transcripts/c-1.json?"));
        let (expires, signature) = parts(&address);
        assert!(links.is_good_transcript(&call, expires, &signature, NOW));
        assert!(!links.is_good(&track, expires, &signature, NOW));
        let late = NOW.plus(GOOD_FOR);
        assert!(!links.is_good_transcript(&call, expires, &signature, late));
    }

    #[test]
    fn nothing_of_an_address_can_be_changed() {
        let (links, id) = (
            Links::new("http://h", vec![7; 32]),
            RecordingId("r-1".into()),
        );
        let (expires, signature) = parts(&links.recording(&id, NOW));
        assert!(!links.is_good(&RecordingId("r-2".into()), expires, &signature, NOW));
        assert!(!links.is_good(&id, expires + 1, &signature, NOW));
        assert!(!links.is_good(&id, expires, "00", NOW));
        assert!(!links.is_good(&id, expires, "zz", NOW));
        assert!(!Links::new("http://h", vec![8; 32]).is_good(&id, expires, &signature, NOW));
    }

    fn parts(address: &str) -> (i64, String) {
        let (_, query) = address.split_once("?expires=").unwrap();
        let (expires, signature) = query.split_once("&signature=").unwrap();
        (expires.parse().unwrap(), signature.to_owned())
    }
}
