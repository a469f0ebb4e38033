//! Key pairs of the clouds' signed dialects.

use model::{ActionScope, Credential, CredentialId, CredentialScope, TenantId, UnixMs};
use sqlx::{AnyConnection, any::AnyRow};

use crate::{
    Page, Paging, Store, StoreError,
    codec::{names_of, names_text},
    listing::Listing,
    statement::{Columns as _, sql},
    store::{commit, next_id},
};

/// Columns of a credential.
const CREDENTIAL: &str = "id, sealed_secret, actions, enabled, created_at";

impl Store {
    /// Adds a credential; its secret is sealed. A taken id is a conflict.
    pub async fn add_credential(&self, credential: &Credential) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let n = next_id(&mut tx, "credential").await?;
        let id = &credential.id;
        sql(
            "INSERT INTO credential (id, n, sealed_secret, actions, enabled, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id.as_str())
        .bind(n)
        .bind(self.key.seal(&place(id), &credential.secret))
        .bind(actions_text(&credential.scope.actions))
        .bind(credential.enabled)
        .bind(credential.created_at.0)
        .insert(&mut tx, "a credential with this id exists")
        .await?;
        insert_tenants(&mut tx, id, &credential.scope.tenants).await?;
        commit(tx).await
    }

    /// The credential with this id, its secret opened.
    pub async fn credential(&self, id: &CredentialId) -> Result<Credential, StoreError> {
        self.credential_in(&mut *self.reader().await?, id).await
    }

    /// Credentials by age, oldest first; only those that may act for `tenant`, if one is given.
    pub async fn credentials(
        &self,
        tenant: Option<TenantId>,
        paging: Paging,
    ) -> Result<Page<Credential>, StoreError> {
        let mut reader = self.reader().await?;
        let listing = match tenant {
            None => Listing::of("credential"),
            Some(tenant) => {
                Listing::of("credential JOIN credential_tenant ON credential = credential.id")
                    .and("tenant =", tenant.0)
            }
        };
        let (rows, total) = listing.page(&mut reader, CREDENTIAL, "n", paging).await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            items.push(self.credential_of(&mut reader, row).await?);
        }
        Ok(Page { items, total })
    }

    /// Changes what a credential may do. The secret never changes.
    pub async fn update_credential(
        &self,
        id: &CredentialId,
        scope: &CredentialScope,
        enabled: bool,
    ) -> Result<Credential, StoreError> {
        let mut tx = self.begin().await?;
        sql("UPDATE credential SET actions = $2, enabled = $3 WHERE id = $1")
            .bind(id.as_str())
            .bind(actions_text(&scope.actions))
            .bind(enabled)
            .change(&mut tx, "credential")
            .await?;
        sql("DELETE FROM credential_tenant WHERE credential = $1")
            .bind(id.as_str())
            .run(&mut tx)
            .await?;
        insert_tenants(&mut tx, id, &scope.tenants).await?;
        let credential = self.credential_in(&mut tx, id).await?;
        commit(tx).await?;
        Ok(credential)
    }

    /// Removes a credential.
    pub async fn remove_credential(&self, id: &CredentialId) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sql("DELETE FROM credential WHERE id = $1")
            .bind(id.as_str())
            .change(&mut tx, "credential")
            .await?;
        sql("DELETE FROM credential_tenant WHERE credential = $1")
            .bind(id.as_str())
            .run(&mut tx)
            .await?;
        commit(tx).await
    }

    async fn credential_in(
        &self,
        connection: &mut AnyConnection,
        id: &CredentialId,
    ) -> Result<Credential, StoreError> {
        let row = sql(
            "SELECT id, sealed_secret, actions, enabled, created_at FROM credential WHERE id = $1",
        )
        .bind(id.as_str())
        .found(connection, "credential")
        .await?;
        self.credential_of(connection, &row).await
    }

    async fn credential_of(
        &self,
        connection: &mut AnyConnection,
        row: &AnyRow,
    ) -> Result<Credential, StoreError> {
        let id = CredentialId(row.text("id")?);
        let tenants =
            sql("SELECT tenant FROM credential_tenant WHERE credential = $1 ORDER BY tenant")
                .bind(id.as_str())
                .rows(connection)
                .await?;
        let tenant = |row: &AnyRow| row.int("tenant").map(TenantId);
        Ok(Credential {
            secret: self.key.open(&place(&id), &row.text("sealed_secret")?)?,
            scope: CredentialScope {
                tenants: tenants.iter().map(tenant).collect::<Result<_, _>>()?,
                actions: match row.text_or_null("actions")? {
                    None => ActionScope::All,
                    Some(names) => ActionScope::Only(names_of(&names)?),
                },
            },
            enabled: row.flag("enabled")?,
            created_at: UnixMs(row.int("created_at")?),
            id,
        })
    }
}

async fn insert_tenants(
    tx: &mut AnyConnection,
    id: &CredentialId,
    tenants: &[TenantId],
) -> Result<(), StoreError> {
    for tenant in tenants {
        sql(
            "INSERT INTO credential_tenant (credential, tenant) VALUES ($1, $2) \
             ON CONFLICT DO NOTHING",
        )
        .bind(id.as_str())
        .bind(tenant.0)
        .run(tx)
        .await?;
    }
    Ok(())
}

/// What the secret is sealed for.
fn place(id: &CredentialId) -> String {
    format!("credential/{id}/secret")
}

fn actions_text(actions: &ActionScope) -> Option<String> {
    match actions {
        ActionScope::All => None,
        ActionScope::Only(names) => Some(names_text(names)),
    }
}
