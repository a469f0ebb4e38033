//! The instant that the stories of tests count from.

use std::time::Instant;

/// Some instant: an `Instant` can only be had from the clock.
#[expect(
    clippy::disallowed_methods,
    reason = "only differences to it are looked at"
)]
pub fn beginning() -> Instant {
    Instant::now()
}

/// A check of ICE as a peer makes it: a Binding request of `name`, under a password.
pub fn check(name: &str, pwd: &str, nominates: bool) -> Vec<u8> {
    use hmac::Mac as _;

    let mut message = vec![0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42];
    message.extend([7; 12]);
    let attribute = |kind: u16, value: &[u8], message: &mut Vec<u8>| {
        message.extend(kind.to_be_bytes());
        message.extend((value.len() as u16).to_be_bytes());
        message.extend(value);
        message.resize(message.len().next_multiple_of(4), 0);
    };
    attribute(0x0006, name.as_bytes(), &mut message);
    attribute(0x0024, &[0x6E, 0, 1, 0xFF], &mut message);
    // ICE-CONTROLLING, with a tie-breaker.
    attribute(0x802A, &[1; 8], &mut message);
    if nominates {
        attribute(0x0025, &[], &mut message);
    }
    let len = |more: usize, message: &mut [u8]| {
        let len = (message.len() - 20 + more) as u16;
        message[2..4].copy_from_slice(&len.to_be_bytes());
    };
    len(24, &mut message);
    let mut mac =
        <hmac::Hmac<sha1::Sha1> as hmac::KeyInit>::new_from_slice(pwd.as_bytes()).unwrap();
    mac.update(&message);
    attribute(0x0008, &mac.finalize().into_bytes(), &mut message);
    len(8, &mut message);
    let sum = crc32fast::hash(&message) ^ 0x5354_554E;
    attribute(0x8028, &sum.to_be_bytes(), &mut message);
    message
}
