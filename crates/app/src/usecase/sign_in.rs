//! Signing in: passwords, browsers that stay signed in, and tokens that stand for a password.
//!
//! # Invariants
//!
//! - Of a password only its argon2id hash is kept, of a cookie or token only its SHA-256.
//! - While an address or an account is slowed down, no password is looked at, not even the right
//!   one: passwords are short enough to be guessed.
//! - Whether an account exists cannot be told from the answer, nor from its time.

use std::{net::IpAddr, sync::LazyLock, time::Duration};

use anyhow::Context as _;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use engine::{guess::GuessedFrom, presence::Wish};
use model::{SignIn, SignInId, Staff, StaffDraft, StaffId, StaffStatus, TenantId, UnixMs};
use sha2::{Digest as _, Sha256};
use store::{NewSignIn, StoreError};
use tokio::sync::Semaphore;

use crate::{App, Fault};

/// How long a browser stays signed in without being used: a long shift.
pub const IDLE_MAX: Duration = Duration::from_secs(12 * 3600);

/// How long a browser stays signed in at most.
pub const SIGNED_IN_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// How often the use of a sign-in is written down.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// Characters that are kept of what a browser calls itself.
const BROWSER_CHARS_MAX: usize = 200;

/// Passwords that are hashed at once: each takes 19 MiB and a core for some time.
static HASHING: Semaphore = Semaphore::const_new(2);

/// What a browser must keep to stay signed in.
pub struct SignedIn {
    /// Who.
    pub staff: Staff,
    /// What is known of the browser.
    pub sign_in: SignIn,
}

/// A browser that has just signed in.
pub struct Cookie {
    /// What it keeps, and nobody else.
    pub secret: String,
    /// Who, and where.
    pub signed_in: SignedIn,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum NotSignedIn {
    /// Too many wrong passwords from there, or for this account.
    #[error("too many wrong passwords; wait a while")]
    Slowed,
    /// No such account, or a wrong password.
    #[error("e-mail or password is wrong")]
    Wrong,
    /// The same e-mail and password are good in several instances.
    #[error("this account is in several instances: name one")]
    SeveralInstances,
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// From where somebody signs in.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Its address.
    pub address: IpAddr,
    /// What it calls itself.
    pub name: String,
}

impl App {
    /// Signs a person in with e-mail and password; in `tenant`, if one is named.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        tenant: Option<TenantId>,
        browser: &Browser,
    ) -> Result<Cookie, NotSignedIn> {
        let email = StaffDraft::normal_email(email);
        let account = GuessedFrom::Account(email.clone());
        let network = GuessedFrom::from(browser.address);
        if self.is_guessing_at(account.clone()) || self.is_guessing_at(network.clone()) {
            return Err(NotSignedIn::Slowed);
        }
        let mut known = self
            .store()
            .staff_who_sign_in(&email)
            .await
            .map_err(Fault::Store)?;
        known.retain(|(staff, _)| tenant.is_none_or(|tenant| staff.tenant == tenant));
        match self.matching(known, password).await?.as_mut_slice() {
            [] => {
                self.note_guess_at(account);
                self.note_guess_at(network);
                Err(NotSignedIn::Wrong)
            }
            [staff] => {
                self.forgive_guesses_at(account);
                Ok(self.cookie_for(staff.clone(), browser).await?)
            }
            _ => Err(NotSignedIn::SeveralInstances),
        }
    }

    /// Those whose password it is.
    async fn matching(
        &self,
        known: Vec<(Staff, String)>,
        password: &str,
    ) -> Result<Vec<Staff>, Fault> {
        let mut matching = Vec::new();
        if known.is_empty() {
            // Takes as long as if there were somebody.
            is_password(&DECOY, password).await?;
        }
        for (staff, hash) in known {
            if is_password(&hash, password).await? {
                matching.push(staff);
            }
        }
        Ok(matching)
    }

    /// Whether it is this person's password. Wrong ones count as guesses.
    pub async fn check_own_password(
        &self,
        staff: &Staff,
        password: &str,
        from: IpAddr,
    ) -> Result<bool, Fault> {
        let account = GuessedFrom::Account(staff.settings.email.clone());
        if self.is_guessing_at(account.clone()) || self.is_guessing(from) {
            return Ok(false);
        }
        let known = self
            .store()
            .staff_who_sign_in(&staff.settings.email)
            .await?;
        let hash = known.iter().find(|(known, _)| known.id == staff.id);
        let good = match hash {
            Some((_, hash)) => is_password(hash, password).await?,
            None => false,
        };
        if !good {
            self.note_guess_at(account);
            self.note_guess(from);
        }
        Ok(good)
    }

    /// Signs a person in with a token made by [`sign_in_token`](Self::sign_in_token).
    pub async fn sign_in_by_token(
        &self,
        token: &str,
        browser: &Browser,
    ) -> Result<Cookie, NotSignedIn> {
        let hash = sha256(token);
        let staff = match self.store().take_sign_in_token(&hash, self.now()).await {
            Ok(id) => self.store().staff_any(id).await.map_err(Fault::Store)?,
            Err(StoreError::NotFound { .. }) if self.is_guessing(browser.address) => {
                return Err(NotSignedIn::Slowed);
            }
            Err(StoreError::NotFound { .. }) => {
                self.note_guess(browser.address);
                return Err(NotSignedIn::Wrong);
            }
            Err(error) => return Err(Fault::Store(error).into()),
        };
        Ok(self.cookie_for(staff, browser).await?)
    }

    /// A token that this person may sign in with for a while, `once` or as often as they like:
    /// 32 hexadecimal digits. Gives it with its end.
    pub async fn sign_in_token(
        &self,
        staff: StaffId,
        once: bool,
        good_for: Duration,
    ) -> Result<(String, UnixMs), Fault> {
        let token = hex::encode(rand::random::<[u8; 16]>());
        let expires_at = self.now().plus(good_for);
        self.store()
            .add_sign_in_token(staff, &sha256(&token), once, expires_at)
            .await?;
        Ok((token, expires_at))
    }

    /// Signs a person in without asking for anything.
    pub async fn cookie_for(&self, staff: Staff, browser: &Browser) -> Result<Cookie, Fault> {
        let secret = hex::encode(rand::random::<[u8; 32]>());
        let new = NewSignIn {
            staff: staff.id,
            sha256: sha256(&secret),
            csrf: hex::encode(rand::random::<[u8; 16]>()),
            browser: browser.name.chars().take(BROWSER_CHARS_MAX).collect(),
            address: browser.address.to_string(),
            expires_at: self.now().plus(IDLE_MAX),
        };
        let sign_in = self.store().create_sign_in(&new, self.now()).await?;
        Ok(Cookie {
            secret,
            signed_in: SignedIn { staff, sign_in },
        })
    }

    /// Who is signed in with a cookie, if anybody is. Its use lets it go on.
    pub async fn signed_in(&self, secret: &str) -> Result<Option<SignedIn>, StoreError> {
        let (store, now) = (self.store(), self.now());
        let sign_in = match store.sign_in_by_sha256(&sha256(secret), now).await {
            Ok(sign_in) => sign_in,
            Err(StoreError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let staff = match store.staff_any(sign_in.staff).await {
            Ok(staff) => staff,
            Err(StoreError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        if now.since(sign_in.seen_at) >= TOUCH_EVERY {
            let end = sign_in.created_at.plus(SIGNED_IN_MAX);
            let expires_at = now.plus(IDLE_MAX).min(end);
            store.touch_sign_in(sign_in.id, now, expires_at).await?;
        }
        Ok(Some(SignedIn { staff, sign_in }))
    }

    /// Ends a sign-in. Who has no other one and is not in the middle of work goes offline.
    pub async fn sign_out(&self, staff: &Staff, id: SignInId) -> Result<(), Fault> {
        self.store().remove_sign_in(staff.id, id).await?;
        let others = self.store().sign_ins(staff.id, self.now()).await?;
        let busy = staff.presence.status == StaffStatus::Busy;
        if others.is_empty() && !busy && staff.presence.status != StaffStatus::Offline {
            self.wish_status(staff.tenant, staff.id, Wish::Offline)
                .await?;
        }
        Ok(())
    }
}

/// The argon2id hash of a password, as a PHC string.
pub async fn hashed(password: &str) -> Result<String, Fault> {
    let password = password.to_owned();
    apart(move || {
        let hash = Argon2::default()
            .hash_password(password.as_bytes())
            .map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
        Ok(hash.to_string())
    })
    .await
}

async fn is_password(hash: &str, password: &str) -> Result<bool, Fault> {
    let (hash, password) = (hash.to_owned(), password.to_owned());
    apart(move || {
        let hash = PasswordHash::new(&hash)
            .map_err(|error| anyhow::anyhow!("stored password hash: {error}"))?;
        Ok(Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok())
    })
    .await
}

/// Runs what takes a core for long, not too much of it at once.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T, Fault> {
    let _permit = HASHING.acquire().await.expect("nobody closes it");
    tokio::task::spawn_blocking(work)
        .await
        .context("hashing panicked")
        .and_then(|done| done)
        .map_err(Fault::Internal)
}

/// The hash of a password that nobody has.
static DECOY: LazyLock<String> = LazyLock::new(|| {
    let nobody = rand::random::<[u8; 32]>();
    Argon2::default()
        .hash_password(&nobody)
        .map(|hash| hash.to_string())
        .unwrap_or_default()
});

fn sha256(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}
