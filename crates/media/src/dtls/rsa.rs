//! Signatures of peers whose certificate is of RSA: Linphone's are.
//!
//! The library asks clients for certificates of ECDSA, and cannot be told otherwise; a client that shows
//! one of RSA nevertheless is believed if it signs by it (RFC 5246 section 7.4.8). What we sign is of ECDSA
//! always, so that a peer that is the handshake's server still needs such a certificate.
//!
//! # Invariants
//!
//! - Keys have 2048 to 8192 bits; signatures are those of PKCS #1 v1.5 with SHA-256 or SHA-384.

use dimpl::{
    CryptoError, HashAlgorithm, SignatureAlgorithm,
    crypto::{CryptoProvider, SignatureVerifier, rust_crypto},
};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, UnparsedPublicKey};
use x509_cert::{
    Certificate,
    der::{Decode, oid::ObjectIdentifier},
};

/// `rsaEncryption` (RFC 8017 appendix A.1).
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The library's own cryptography, and signatures of RSA.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        signature_verification: &Verifier,
        ..rust_crypto::default_provider()
    }
}

#[derive(Debug)]
struct Verifier;

impl SignatureVerifier for Verifier {
    fn verify_signature(
        &self,
        cert_der: &[u8],
        data: &[u8],
        signature: &[u8],
        hash_alg: HashAlgorithm,
        sig_alg: SignatureAlgorithm,
    ) -> Result<(), CryptoError> {
        if sig_alg != SignatureAlgorithm::RSA {
            let ecdsa = rust_crypto::default_provider().signature_verification;
            return ecdsa.verify_signature(cert_der, data, signature, hash_alg, sig_alg);
        }
        let scheme = match hash_alg {
            HashAlgorithm::SHA256 => &RSA_PKCS1_2048_8192_SHA256,
            HashAlgorithm::SHA384 => &RSA_PKCS1_2048_8192_SHA384,
            _ => {
                return Err(CryptoError::UnsupportedSignaturePair {
                    signature: sig_alg,
                    hash: hash_alg,
                });
            }
        };
        let certificate =
            Certificate::from_der(cert_der).map_err(|_| CryptoError::CertificateParseFailed)?;
        let key = certificate.tbs_certificate().subject_public_key_info();
        if key.algorithm.oid != RSA_ENCRYPTION {
            return Err(CryptoError::UnsupportedPublicKeyAlgorithm);
        }
        let key = key.subject_public_key.as_bytes();
        let key = key.ok_or(CryptoError::InvalidSubjectPublicKey)?;
        UnparsedPublicKey::new(scheme, key)
            .verify(data, signature)
            .map_err(|_| CryptoError::InvalidSignatureFormat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by openssl: a key of 2048 bits, and what it signed.
    const CERTIFICATE: &[u8] = include_bytes!("rsa/certificate.der");
    const SIGNED: &[u8] = b"what the peer signs";
    const SIGNATURES: [(HashAlgorithm, &[u8]); 2] = [
        (
            HashAlgorithm::SHA256,
            include_bytes!("rsa/signature_sha256.bin"),
        ),
        (
            HashAlgorithm::SHA384,
            include_bytes!("rsa/signature_sha384.bin"),
        ),
    ];

    fn is_believed(certificate: &[u8], data: &[u8], hash: HashAlgorithm, signature: &[u8]) -> bool {
        let verifier = provider().signature_verification;
        let rsa = SignatureAlgorithm::RSA;
        let verified = verifier.verify_signature(certificate, data, signature, hash, rsa);
        verified.is_ok()
    }

    #[test]
    fn what_the_certificates_key_has_signed_is_believed() {
        for (hash, signature) in SIGNATURES {
            assert!(
                is_believed(CERTIFICATE, SIGNED, hash, signature),
                "{hash:?}"
            );
        }
    }

    #[test]
    fn a_bit_more_or_less_is_not() {
        let [(hash, signature), (other_hash, other)] = SIGNATURES;
        assert!(!is_believed(
            CERTIFICATE,
            b"something else",
            hash,
            signature
        ));
        assert!(!is_believed(CERTIFICATE, SIGNED, other_hash, signature));
        assert!(!is_believed(CERTIFICATE, SIGNED, hash, other));
        assert!(!is_believed(&CERTIFICATE[1..], SIGNED, hash, signature));
        assert!(!is_believed(
            CERTIFICATE,
            SIGNED,
            HashAlgorithm::SHA1,
            signature
        ));
        for bit_idx in [0, 7, 1024, 2047] {
            let mut changed = signature.to_vec();
            changed[bit_idx / 8] ^= 1 << (bit_idx % 8);
            assert!(
                !is_believed(CERTIFICATE, SIGNED, hash, &changed),
                "{bit_idx}"
            );
        }
    }

    #[test]
    fn a_key_that_is_too_short_is_not_believed() {
        let (certificate, signature) = (
            include_bytes!("rsa/weak.der"),
            include_bytes!("rsa/weak_signature.bin"),
        );
        assert!(!is_believed(
            certificate,
            SIGNED,
            HashAlgorithm::SHA256,
            signature
        ));
    }
}
