//! Browsers that people are signed in with, and tokens to sign in with. Only hashes are kept.

use model::{SignIn, SignInId, StaffId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Store, StoreError,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// A browser that signs in.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSignIn {
    /// Who.
    pub staff: StaffId,
    /// SHA-256 of what the browser keeps, lower-case hex.
    pub sha256: String,
    /// What changes have to repeat.
    pub csrf: String,
    /// What the browser calls itself.
    pub browser: String,
    /// Where it is.
    pub address: String,
    /// When it ends if it is not used until then.
    pub expires_at: UnixMs,
}

impl Store {
    /// Signs a browser in; those whose time is long over go.
    pub async fn create_sign_in(&self, new: &NewSignIn, now: UnixMs) -> Result<SignIn, StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE staff SET n_changes = n_changes WHERE id = $1")
            .bind(new.staff.0)
            .change(&mut tx, "staff")
            .await?;
        for sweep in [
            "DELETE FROM sign_in WHERE expires_at <= $1",
            "DELETE FROM sign_in_token WHERE expires_at <= $1",
        ] {
            // Who was signed in with it is seen to leave first.
            let long_over = now.minus(std::time::Duration::from_secs(3600));
            sql(sweep).bind(long_over.0).run(&mut tx).await?;
        }
        let id = SignInId(next_id(&mut tx, "sign_in").await?);
        sql(
            "INSERT INTO sign_in (id, staff, sha256, csrf, browser, address, created_at, seen_at, \
             expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        )
        .bind(id.0)
        .bind(new.staff.0)
        .bind(new.sha256.as_str())
        .bind(new.csrf.as_str())
        .bind(new.browser.as_str())
        .bind(new.address.as_str())
        .bind(now.0)
        .bind(new.expires_at.0)
        .insert(&mut tx, "this sign-in exists")
        .await?;
        commit(tx).await?;
        Ok(SignIn {
            id,
            staff: new.staff,
            csrf: new.csrf.clone(),
            browser: new.browser.clone(),
            address: new.address.clone(),
            created_at: now,
            seen_at: now,
            expires_at: new.expires_at,
        })
    }

    /// The sign-in whose browser keeps what has this hash, unless its time is over.
    pub async fn sign_in_by_sha256(&self, sha256: &str, now: UnixMs) -> Result<SignIn, StoreError> {
        let row = sql(
            "SELECT id, staff, csrf, browser, address, created_at, seen_at, expires_at \
             FROM sign_in WHERE sha256 = $1 AND expires_at > $2",
        )
        .bind(sha256)
        .bind(now.0)
        .found(&mut *self.reader().await?, "sign-in")
        .await?;
        sign_in_of(&row)
    }

    /// A person's sign-ins that go on, oldest first.
    pub async fn sign_ins(&self, staff: StaffId, now: UnixMs) -> Result<Vec<SignIn>, StoreError> {
        let rows = sql(
            "SELECT id, staff, csrf, browser, address, created_at, seen_at, expires_at \
             FROM sign_in WHERE staff = $1 AND expires_at > $2 ORDER BY id",
        )
        .bind(staff.0)
        .bind(now.0)
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter().map(sign_in_of).collect()
    }

    /// Whose sign-ins, or some of them, are over by `now` and were not removed yet.
    pub async fn expired_sign_ins(&self, now: UnixMs) -> Result<Vec<StaffId>, StoreError> {
        let rows = sql("SELECT DISTINCT sign_in.staff AS staff FROM sign_in \
             JOIN staff ON staff.id = sign_in.staff WHERE sign_in.expires_at <= $1 \
             ORDER BY sign_in.staff LIMIT 1000")
        .bind(now.0)
        .rows(&mut *self.reader().await?)
        .await?;
        rows.iter()
            .map(|row| row.int("staff").map(StaffId))
            .collect()
    }

    /// Removes what this person is signed in with no more.
    pub async fn remove_expired_sign_ins(
        &self,
        staff: StaffId,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        sql("DELETE FROM sign_in WHERE staff = $1 AND expires_at <= $2")
            .bind(staff.0)
            .bind(now.0)
            .run(&mut tx)
            .await?;
        commit(tx).await
    }

    /// Notes that a sign-in is used, and lets it go on until `expires_at`.
    pub async fn touch_sign_in(
        &self,
        id: SignInId,
        now: UnixMs,
        expires_at: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin_small().await?;
        sql("UPDATE sign_in SET seen_at = $2, expires_at = $3 WHERE id = $1")
            .bind(id.0)
            .bind(now.0)
            .bind(expires_at.0)
            .run(&mut tx)
            .await?;
        commit(tx).await
    }

    /// Ends a sign-in of this person.
    pub async fn remove_sign_in(&self, staff: StaffId, id: SignInId) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM sign_in WHERE id = $1 AND staff = $2")
            .bind(id.0)
            .bind(staff.0)
            .change(&mut tx, "sign-in")
            .await?;
        commit(tx).await
    }

    /// Ends every sign-in of this person, tokens to sign in with included. Gives how many.
    pub async fn remove_sign_ins(&self, staff: StaffId) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM sign_in_token WHERE staff = $1")
            .bind(staff.0)
            .run(&mut tx)
            .await?;
        let n = sql("DELETE FROM sign_in WHERE staff = $1")
            .bind(staff.0)
            .run(&mut tx)
            .await?;
        commit(tx).await?;
        Ok(n)
    }

    /// Ends every sign-in of this person but this one, tokens to sign in with included.
    pub async fn remove_other_sign_ins(
        &self,
        staff: StaffId,
        kept: SignInId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM sign_in_token WHERE staff = $1")
            .bind(staff.0)
            .run(&mut tx)
            .await?;
        sql("DELETE FROM sign_in WHERE staff = $1 AND id <> $2")
            .bind(staff.0)
            .bind(kept.0)
            .run(&mut tx)
            .await?;
        commit(tx).await
    }

    /// Lets this person sign in with what has this hash, until `expires_at`; `once` or as often.
    pub async fn add_sign_in_token(
        &self,
        staff: StaffId,
        sha256: &str,
        once: bool,
        expires_at: UnixMs,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("INSERT INTO sign_in_token (sha256, staff, once, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(sha256)
            .bind(staff.0)
            .bind(once)
            .bind(expires_at.0)
            .insert(&mut tx, "this token exists")
            .await?;
        commit(tx).await
    }

    /// Who may sign in with what has this hash. One that is good once is gone then: of several
    /// that race, one gets it.
    pub async fn take_sign_in_token(
        &self,
        sha256: &str,
        now: UnixMs,
    ) -> Result<StaffId, StoreError> {
        let mut tx = self.begin().await?;
        let row = sql(
            "UPDATE sign_in_token SET once = once WHERE sha256 = $1 AND expires_at > $2 \
             RETURNING staff, once",
        )
        .bind(sha256)
        .bind(now.0)
        .found(&mut tx, "token")
        .await?;
        if row.flag("once")? {
            sql("DELETE FROM sign_in_token WHERE sha256 = $1")
                .bind(sha256)
                .run(&mut tx)
                .await?;
        }
        commit(tx).await?;
        Ok(StaffId(row.int("staff")?))
    }
}

fn sign_in_of(row: &AnyRow) -> Result<SignIn, StoreError> {
    Ok(SignIn {
        id: SignInId(row.int("id")?),
        staff: StaffId(row.int("staff")?),
        csrf: row.text("csrf")?,
        browser: row.text("browser")?,
        address: row.text("address")?,
        created_at: UnixMs(row.int("created_at")?),
        seen_at: UnixMs(row.int("seen_at")?),
        expires_at: UnixMs(row.int("expires_at")?),
    })
}
