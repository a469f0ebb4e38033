//! Uploaded sounds.

use model::{Sound, SoundDraft, SoundId, TenantId, UnixMs};
use sqlx::any::AnyRow;

use crate::{
    Page, Paging, Store, StoreError,
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// Which sounds to list. An empty list does not limit; lists are combined with *and*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoundFilter {
    /// Only these.
    pub ids: Vec<SoundId>,
    /// Only with one of these names.
    pub names: Vec<String>,
    /// Only uploaded as one of these files.
    pub file_names: Vec<String>,
}

impl Store {
    /// Adds a sound.
    pub async fn create_sound(
        &self,
        tenant: TenantId,
        draft: &SoundDraft,
        now: UnixMs,
    ) -> Result<Sound, StoreError> {
        let mut tx = self.begin().await?;
        let id = SoundId(next_id(&mut tx, "sound").await?);
        sql(
            "INSERT INTO sound (id, tenant, name, file_name, sha256, n_bytes, duration_ms, \
             removed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)",
        )
        .bind(id.0)
        .bind(tenant.0)
        .bind(draft.name.as_str())
        .bind(draft.file_name.as_str())
        .bind(draft.sha256.as_str())
        .bind(draft.n_bytes)
        .bind(draft.duration_ms)
        .bind(now.0)
        .run(&mut tx)
        .await?;
        commit(tx).await?;
        Ok(Sound {
            id,
            tenant,
            settings: draft.clone(),
            created_at: now,
        })
    }

    /// The tenant's sound with this id.
    pub async fn sound(&self, tenant: TenantId, id: SoundId) -> Result<Sound, StoreError> {
        let row = sql(
            "SELECT id, tenant, name, file_name, sha256, n_bytes, duration_ms, created_at \
             FROM sound WHERE id = $1 AND tenant = $2 AND removed = 0",
        )
        .bind(id.0)
        .bind(tenant.0)
        .found(&mut *self.reader().await?, "sound")
        .await?;
        sound_of(&row)
    }

    /// The tenant's sounds by id.
    pub async fn sounds(
        &self,
        tenant: TenantId,
        filter: &SoundFilter,
        paging: Paging,
    ) -> Result<Page<Sound>, StoreError> {
        let (rows, total) = Listing::of("sound")
            .and("tenant =", tenant.0)
            .when("removed = 0")
            .one_of(&["id"], filter.ids.iter().map(|id| id.0))
            .one_of(&["name"], filter.names.iter().map(String::as_str))
            .one_of(&["file_name"], filter.file_names.iter().map(String::as_str))
            .page(
                &mut *self.reader().await?,
                "id, tenant, name, file_name, sha256, n_bytes, duration_ms, created_at",
                "id",
                paging,
            )
            .await?;
        Ok(Page {
            items: rows.iter().map(sound_of).collect::<Result<_, _>>()?,
            total,
        })
    }

    /// Removes a sound. Gives whether its file (named by its hash) is now used by no sound.
    pub async fn remove_sound(&self, tenant: TenantId, id: SoundId) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let row = sql(
            "UPDATE sound SET removed = 1 WHERE id = $1 AND tenant = $2 AND removed = 0 \
             RETURNING sha256",
        )
        .bind(id.0)
        .bind(tenant.0)
        .found(&mut tx, "sound")
        .await?;
        let n_left = sql("SELECT COUNT(*) FROM sound WHERE sha256 = $1 AND removed = 0")
            .bind(row.text("sha256")?)
            .number(&mut tx)
            .await?;
        commit(tx).await?;
        Ok(n_left == 0)
    }

    /// How many sounds the tenant uploaded at or after `since`, removed ones included.
    pub async fn n_sounds_since(&self, tenant: TenantId, since: UnixMs) -> Result<i64, StoreError> {
        sql("SELECT COUNT(*) FROM sound WHERE tenant = $1 AND created_at >= $2")
            .bind(tenant.0)
            .bind(since.0)
            .number(&mut *self.reader().await?)
            .await
    }
}

fn sound_of(row: &AnyRow) -> Result<Sound, StoreError> {
    Ok(Sound {
        id: SoundId(row.int("id")?),
        tenant: TenantId(row.int("tenant")?),
        settings: SoundDraft {
            name: row.text("name")?,
            file_name: row.text("file_name")?,
            sha256: row.text("sha256")?,
            n_bytes: row.int("n_bytes")?,
            duration_ms: row.int("duration_ms")?,
        },
        created_at: UnixMs(row.int("created_at")?),
    })
}
