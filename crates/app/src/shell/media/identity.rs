//! The certificate that we show in handshakes of media.
//!
//! It is made at each start and never stored: whoever compares its fingerprint has it from the SDP of the
//! same call (RFC 5763), so nobody needs it to last.

use std::io;

use media::security::Identity;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};

/// A new key of ECDSA on P-256, and a certificate for it.
///
/// # Errors
///
/// Fails when the system gives no randomness.
pub fn new() -> io::Result<Identity> {
    let made = || {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "switchboard");
        let certificate = params.self_signed(&key)?;
        Ok(Identity::new(
            certificate.der().to_vec(),
            key.serialize_der(),
        ))
    };
    made().map_err(|error: rcgen::Error| io::Error::other(error))
}
