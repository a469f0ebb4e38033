//! From a request to who asks.
//!
//! The order of checks: form and time of the signature, the credential, the signature, the nonce.
//! Wrong guesses are counted by address.

use std::{net::IpAddr, sync::Arc, time::Instant};

use app::{App, dialogue::Dialogues};
use model::{Credential, CredentialId, TenantId, UnixMs};
use store::StoreError;

use crate::{
    fault::Fault,
    known::Known,
    nonce::{NONCES_MAX, Nonces},
    request::Received,
    sign::{acs3, v1},
};

/// What all requests share.
pub(crate) struct Gate {
    pub dialogues: Arc<Dialogues>,
    nonces: Nonces,
    credentials: Known<CredentialId, Credential>,
    tenants: Known<String, TenantId>,
}

impl Gate {
    pub fn new(dialogues: Arc<Dialogues>) -> Self {
        Self {
            dialogues,
            nonces: Nonces::new(NONCES_MAX),
            credentials: Known::new(),
            tenants: Known::new(),
        }
    }

    pub fn app(&self) -> &Arc<App> {
        self.dialogues.app()
    }

    /// A credential was changed by its own request: the next one is to see it.
    pub fn forget(&self, credential: &CredentialId) {
        self.credentials.forget(credential);
    }

    /// The credential that signed the request, which was not here before.
    pub async fn pass(&self, request: &Received) -> Result<Arc<Credential>, Fault> {
        let now = self.app().now();
        if acs3::is_signed(&request.parts.headers) {
            return self.pass_acs3(request, now).await;
        }
        let claim = v1::claim(&request.pairs, now)?;
        let credential = self.credential(request.from, &claim.credential).await?;
        let method = request.parts.method.as_str();
        v1::verify(&claim, &credential.secret, method, &request.pairs)
            .inspect_err(|fault| self.guessed(request.from, fault))?;
        self.nonces
            .take(&claim.credential, &claim.nonce, claim.at, now)?;
        Ok(credential)
    }

    async fn pass_acs3(&self, request: &Received, now: UnixMs) -> Result<Arc<Credential>, Fault> {
        let claim = acs3::claim(&request.parts.headers, now)?;
        let credential = self.credential(request.from, &claim.credential).await?;
        let covered = acs3::Covered {
            method: request.parts.method.as_str(),
            path: request.parts.uri.path(),
            query: &request.query,
            headers: &request.parts.headers,
            body: &request.body,
        };
        acs3::verify(&claim, &credential.secret, covered)
            .inspect_err(|fault| self.guessed(request.from, fault))?;
        self.nonces
            .take(&claim.credential, &claim.nonce, claim.at, now)?;
        Ok(credential)
    }

    /// The credential with this id and secret, given openly.
    pub async fn by_secret(
        &self,
        from: Option<IpAddr>,
        id: &str,
        secret: &str,
    ) -> Result<Arc<Credential>, Fault> {
        use hmac::{Hmac, KeyInit as _, Mac as _};
        let credential = self.credential(from, &CredentialId(id.to_owned())).await?;
        // Compared by their HMACs, so that the time tells nothing of the secret.
        let mac = |text: &str| {
            Hmac::<sha2::Sha256>::new_from_slice(b"secret")
                .expect("a key of any length is good")
                .chain_update(text)
        };
        let given = mac(secret).finalize().into_bytes();
        let wrong = |_| Fault::key_not_found();
        mac(&credential.secret)
            .verify_slice(&given)
            .map_err(wrong)
            .inspect_err(|fault| self.guessed(from, fault))?;
        Ok(credential)
    }

    async fn credential(
        &self,
        from: Option<IpAddr>,
        id: &CredentialId,
    ) -> Result<Arc<Credential>, Fault> {
        if from.is_some_and(|from| self.app().is_guessing(from)) {
            return Err(Fault::throttled());
        }
        let now = Instant::now();
        let credential = match self.credentials.recall(id, now) {
            Some(credential) => credential,
            None => match self.app().store().credential(id).await {
                Ok(credential) => self.credentials.keep(id.clone(), credential, now),
                Err(StoreError::NotFound { .. } | StoreError::Misuse { .. }) => {
                    let fault = Fault::key_not_found();
                    self.guessed(from, &fault);
                    return Err(fault);
                }
                Err(error) => return Err(error.into()),
            },
        };
        if credential.enabled {
            Ok(credential)
        } else {
            Err(Fault::key_inactive())
        }
    }

    fn guessed(&self, from: Option<IpAddr>, fault: &Fault) {
        if let Some(from) = from.filter(|_| !fault.is_ours()) {
            self.app().note_guess(from);
        }
    }

    /// The tenant that an `InstanceId` means, if `credential` may call `action` for it.
    pub async fn tenant(
        &self,
        instance: &str,
        credential: &Credential,
        action: &str,
    ) -> Result<TenantId, Fault> {
        let tenant = self.named_tenant(instance).await?;
        // Whoever may do nothing for an instance is not told that it exists.
        if !credential.scope.tenants.contains(&tenant) {
            return Err(Fault::no_instance());
        }
        if !credential.scope.allows(tenant, action) {
            return Err(Fault::forbidden());
        }
        Ok(tenant)
    }

    async fn named_tenant(&self, instance: &str) -> Result<TenantId, Fault> {
        let now = Instant::now();
        let key = instance.to_owned();
        if let Some(tenant) = self.tenants.recall(&key, now) {
            return Ok(*tenant);
        }
        let store = self.app().store();
        let found = match store.instance_name(instance).await {
            Ok(named) => Ok(named.tenant),
            Err(StoreError::NotFound { .. }) => match instance.parse() {
                Ok(id) => store.tenant(TenantId(id)).await.map(|tenant| tenant.id),
                Err(_) => return Err(Fault::no_instance()),
            },
            Err(error) => Err(error),
        };
        match found {
            Ok(tenant) => Ok(*self.tenants.keep(key, tenant, now)),
            Err(StoreError::NotFound { .. } | StoreError::Misuse { .. }) => {
                Err(Fault::no_instance())
            }
            Err(error) => Err(error.into()),
        }
    }
}
