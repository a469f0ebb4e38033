//! Answers challenges as a client, and knows when to stop.
//!
//! A challenge is answered once in a request; a second one for the same realm means that the
//! password is wrong, unless the server says that only the nonce was stale, or asks by another nonce
//! and the one refused was used before: servers forget theirs, and some take each once. Later
//! requests of the leg bring the answer along with the next nonce count.

use super::{Algorithm, Challenge, Credentials};
use crate::{Headers, message::Method};

/// Challenges answered within one request, of all realms together: more is a loop.
const CHALLENGES_MAX: u32 = 5;
/// Realms that one leg can answer.
const PROOFS_MAX: usize = 8;

/// One leg's knowledge of a password and of the challenges so far.
#[derive(Clone, Debug)]
pub(crate) struct Prover {
    credentials: Credentials,
    proofs: Vec<Proof>,
    n_challenges: u32,
}

#[derive(Clone, Debug)]
struct Proof {
    challenge: Challenge,
    /// Asked by 407, not 401.
    by_proxy: bool,
    /// Requests with this nonce so far.
    nc: u32,
    /// Answered within the current request.
    tried: bool,
}

impl Prover {
    pub fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            proofs: Vec::new(),
            n_challenges: 0,
        }
    }

    /// A new request begins: its first challenge may be about an old nonce.
    pub fn begin(&mut self) {
        self.n_challenges = 0;
        for proof in &mut self.proofs {
            proof.tried = false;
        }
    }

    /// Takes a 401 or 407; whether it makes sense to send the request again.
    pub fn challenged(&mut self, status: u16, headers: &Headers) -> bool {
        let by_proxy = status == 407;
        let name = if by_proxy {
            "Proxy-Authenticate"
        } else {
            "WWW-Authenticate"
        };
        self.n_challenges += 1;
        if self.n_challenges > CHALLENGES_MAX {
            return false;
        }
        let mut worth_it = false;
        for challenge in Challenge::best(headers, name).into_iter() {
            let n_proofs = self.proofs.len();
            let known = self
                .proofs
                .iter_mut()
                .find(|p| p.by_proxy == by_proxy && p.challenge.realm == challenge.realm);
            match known {
                Some(proof) => {
                    let is_other = challenge.nonce != proof.challenge.nonce;
                    let was_old = challenge.stale || proof.nc > 1;
                    if proof.tried && !(is_other && was_old) {
                        continue;
                    }
                    *proof = Proof {
                        challenge,
                        by_proxy,
                        // A nonce is counted on for as long as it is asked for.
                        nc: if is_other { 0 } else { proof.nc },
                        tried: true,
                    };
                    worth_it = true;
                }
                None if n_proofs < PROOFS_MAX => {
                    self.proofs.push(Proof {
                        challenge,
                        by_proxy,
                        nc: 0,
                        tried: true,
                    });
                    worth_it = true;
                }
                None => {}
            }
        }
        worth_it
    }

    /// Takes a 401 or 407 to a request that is sent beside another one and comes again once; what the
    /// other one was asked counts as before. Whether it makes sense to send it again.
    pub fn challenged_aside(&mut self, status: u16, headers: &Headers) -> bool {
        let n_challenges = self.n_challenges;
        let tried: Vec<bool> = self.proofs.iter().map(|proof| proof.tried).collect();
        self.begin();
        let worth_it = self.challenged(status, headers);
        self.n_challenges = n_challenges;
        for (proof, tried) in self.proofs.iter_mut().zip(tried) {
            proof.tried = tried;
        }
        worth_it
    }

    /// The headers that a request needs now, each with a nonce count of its own.
    pub fn headers(
        &mut self,
        method: &Method,
        uri: &str,
        cnonce: &str,
    ) -> Vec<(&'static str, String)> {
        let credentials = &self.credentials;
        self.proofs
            .iter_mut()
            .map(|proof| {
                proof.nc += 1;
                let name = if proof.by_proxy {
                    "Proxy-Authorization"
                } else {
                    "Authorization"
                };
                (
                    name,
                    authorization(&proof.challenge, credentials, method, uri, cnonce, proof.nc),
                )
            })
            .collect()
    }
}

/// The value of Authorization.
pub(super) fn authorization(
    challenge: &Challenge,
    credentials: &Credentials,
    method: &Method,
    uri: &str,
    cnonce: &str,
    nc: u32,
) -> String {
    let auth = challenge.qop_auth.then_some((cnonce, nc));
    let proof = Computation {
        algorithm: challenge.algorithm,
        username: &credentials.username,
        realm: &challenge.realm,
        password: &credentials.password,
        nonce: &challenge.nonce,
        method: method.as_str(),
        uri,
        auth,
    };
    let mut value = format!(
        "Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{uri}\", response=\"{}\"",
        quoted(&credentials.username),
        quoted(&challenge.realm),
        quoted(&challenge.nonce),
        proof.response(),
    );
    if challenge.algorithm_named {
        value += &format!(", algorithm={}", challenge.algorithm.as_str());
    }
    if auth.is_some() {
        // nc is eight hex digits and, like qop, not quoted (RFC 7616 section 3.4).
        value += &format!(", cnonce=\"{cnonce}\", qop=auth, nc={nc:08x}");
    }
    if let Some(opaque) = &challenge.opaque {
        value += &format!(", opaque=\"{}\"", quoted(opaque));
    }
    value
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Everything that goes into a response (RFC 7616 section 3.4.1).
pub(super) struct Computation<'a> {
    pub algorithm: Algorithm,
    pub username: &'a str,
    pub realm: &'a str,
    pub password: &'a str,
    pub nonce: &'a str,
    pub method: &'a str,
    pub uri: &'a str,
    /// cnonce and nonce count, when `qop=auth`.
    pub auth: Option<(&'a str, u32)>,
}

impl Computation<'_> {
    /// The response in lowercase hex.
    pub fn response(&self) -> String {
        let hash = |text: String| self.algorithm.hex(&text);
        let secret = hash(format!(
            "{}:{}:{}",
            self.username, self.realm, self.password
        ));
        let asked = hash(format!("{}:{}", self.method, self.uri));
        match self.auth {
            Some((cnonce, nc)) => hash(format!(
                "{secret}:{}:{nc:08x}:{cnonce}:auth:{asked}",
                self.nonce
            )),
            None => hash(format!("{secret}:{}:{asked}", self.nonce)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7616 section 3.9.1.
    fn rfc_7616(algorithm: Algorithm, nonce: &str, cnonce: &str) -> String {
        Computation {
            algorithm,
            username: "Mufasa",
            realm: "http-auth@example.org",
            password: "Circle of Life",
            nonce,
            method: "GET",
            uri: "/dir/index.html",
            auth: Some((cnonce, 1)),
        }
        .response()
    }

    #[test]
    fn the_vectors_of_rfc_7616_hold() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        assert_eq!(
            rfc_7616(Algorithm::Md5, nonce, cnonce),
            "8ca523f5e9506fed4657c9700eebdbec"
        );
        assert_eq!(
            rfc_7616(Algorithm::Sha256, nonce, cnonce),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
        );
    }

    #[test]
    fn the_vector_of_rfc_2617_holds() {
        let proof = Computation {
            algorithm: Algorithm::Md5,
            username: "Mufasa",
            realm: "testrealm@host.com",
            password: "Circle Of Life",
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
            method: "GET",
            uri: "/dir/index.html",
            auth: Some(("0a4f113b", 1)),
        };
        assert_eq!(proof.response(), "6629fae49393a05397450978507c4ef1");
    }

    fn challenges(values: &[&str]) -> Headers {
        let mut headers = Headers::default();
        for value in values {
            headers.push("WWW-Authenticate", (*value).to_owned());
        }
        headers
    }

    fn prover() -> Prover {
        Prover::new(Credentials {
            username: "u".into(),
            password: "p".into(),
        })
    }

    #[test]
    fn the_nonce_count_is_hexadecimal_with_eight_digits() {
        let mut prover = prover();
        assert!(prover.challenged(
            401,
            &challenges(&["Digest realm=\"r\",nonce=\"n\",qop=\"auth\""])
        ));
        let counts: Vec<String> = (0..17)
            .map(|_| prover.headers(&Method::Bye, "sip:h", "c")[0].1.clone())
            .collect();
        assert!(counts[9].contains("nc=0000000a"), "{}", counts[9]);
        assert!(
            counts[16].ends_with("qop=auth, nc=00000011"),
            "{}",
            counts[16]
        );
    }

    #[test]
    fn the_best_algorithm_on_offer_is_chosen() {
        let mut prover = prover();
        let offers = challenges(&[
            "Digest realm=\"r\", nonce=\"x\", algorithm=SHA-512-256, qop=\"auth\"",
            "Basic realm=\"r\", Digest realm=\"r\", nonce=\"1\", algorithm=MD5, Digest realm=\"r\", nonce=\"2\", qop=\"auth-int,auth\", algorithm=SHA-256",
        ]);
        assert!(prover.challenged(401, &offers));
        let (name, value) = prover.headers(&Method::Invite, "sip:h", "c").remove(0);
        assert_eq!(name, "Authorization");
        assert!(
            value.contains("nonce=\"2\"") && value.contains("algorithm=SHA-256"),
            "{value}"
        );
    }

    #[test]
    fn a_challenge_without_nonce_is_answered_once_by_an_empty_one() {
        let mut prover = prover();
        let bare = challenges(&["digest realm=\"r\",stale=true"]);
        assert!(prover.challenged(401, &bare));
        let (_, value) = &prover.headers(&Method::Register, "sip:r", "c")[0];
        assert!(value.contains("nonce=\"\", uri=\"sip:r\""), "{value}");
        assert!(!prover.challenged(401, &bare));
    }

    #[test]
    fn a_second_refusal_is_final_unless_the_nonce_was_stale() {
        let mut prover = prover();
        assert!(prover.challenged(401, &challenges(&["Digest realm=\"r\", nonce=\"1\""])));
        assert!(prover.challenged(
            401,
            &challenges(&["Digest realm=\"r\", nonce=\"2\", stale=TRUE"])
        ));
        assert!(!prover.challenged(401, &challenges(&["Digest realm=\"r\", nonce=\"3\""])));
        prover.begin();
        assert!(prover.challenged(401, &challenges(&["Digest realm=\"r\", nonce=\"4\""])));
        assert!(!prover.challenged(401, &challenges(&["Basic realm=\"r\""])));
    }

    #[test]
    fn a_nonce_that_was_good_before_is_replaced_once_and_a_fresh_one_is_not() {
        let mut prover = prover();
        let asked = |nonce: u8| {
            challenges(&[&format!(
                "Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\""
            )])
        };
        let sent = |prover: &mut Prover| prover.headers(&Method::Invite, "sip:h", "c")[0].1.clone();
        assert!(prover.challenged(401, &asked(1)));
        sent(&mut prover);
        // The server took it and wanted something else of the same request, which it asks about anew.
        sent(&mut prover);
        assert!(prover.challenged(401, &asked(2)));
        let value = sent(&mut prover);
        assert!(
            value.contains("nonce=\"2\"") && value.ends_with("nc=00000001"),
            "{value}"
        );
        assert!(!prover.challenged(401, &asked(3)), "the password is wrong");
        // Servers that have one nonce for everybody see it counted.
        prover.begin();
        assert!(prover.challenged(401, &asked(2)));
        assert!(sent(&mut prover).ends_with("nc=00000002"));
        assert!(!prover.challenged(401, &asked(2)));
    }
}
