//! Copies of finished recordings in an S3-compatible store.
//!
//! Requests are presigned (AWS Signature Version 4 in the query), so that one kind of signature
//! serves AWS, MinIO, COS and OSS. The process must have installed a rustls crypto provider.
//!
//! # Invariants
//!
//! - Every request has a deadline; nothing is tried twice here: who owns the copy decides that by
//!   [`StorageFault::may_pass`].
//! - Neither the secret nor a signed URL is logged or appears in a fault.

use std::fmt;
use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode, Url};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};

/// Longest life of a presigned request.
const SIGNATURE_LIFE: Duration = Duration::from_secs(300);

/// Longest wait for a connection.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// Longest time for [`ObjectStore::check`].
const CHECK_MAX: Duration = Duration::from_secs(10);

/// Longest time for a copy: 50 MB at 3.4 Mb/s.
const PUT_MAX: Duration = Duration::from_secs(120);

/// Where recordings are copied to.
#[derive(Clone)]
pub struct StorageSettings {
    /// Scheme, host and socket port, such as `https://cos.ap-guangzhou.myqcloud.com`.
    pub endpoint: String,
    /// The bucket.
    pub bucket: String,
    /// Region that the signature names; `us-east-1` for stores without regions.
    pub region: String,
    /// Access key id.
    pub access_key: String,
    /// Secret key; printed by nothing.
    pub secret_key: String,
    /// Put before every key, such as `recordings/`; may be empty.
    pub prefix: String,
    /// Bucket in the path (MinIO) instead of the host name (AWS, COS, OSS).
    pub path_style: bool,
}

impl fmt::Debug for StorageSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StorageSettings")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("prefix", &self.prefix)
            .field("path_style", &self.path_style)
            .finish_non_exhaustive()
    }
}

/// Why an object was not stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageFault {
    /// The settings make no URL.
    #[error("storage endpoint or bucket is not a URL")]
    Settings,
    /// Wrong key or secret, or no right to write.
    #[error("store refused the credentials")]
    Denied,
    /// No such bucket, or it is elsewhere.
    #[error("store has no bucket of this name here")]
    NoBucket,
    /// Any other answer than success.
    #[error("store answered {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// No answer: network, TLS or time.
    #[error("store could not be reached: {detail}")]
    Unreachable {
        /// What failed, without the URL.
        detail: String,
    },
}

impl StorageFault {
    /// Whether the same copy may succeed later without anybody changing anything.
    pub fn may_pass(&self) -> bool {
        match self {
            StorageFault::Settings | StorageFault::Denied | StorageFault::NoBucket => false,
            StorageFault::Refused { status } => *status >= 500 || matches!(status, 408 | 429),
            StorageFault::Unreachable { .. } => true,
        }
    }
}

/// A bucket that can be written.
#[derive(Debug)]
pub struct ObjectStore {
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    client: reqwest::Client,
}

impl ObjectStore {
    /// Connects to nothing yet.
    pub fn new(settings: StorageSettings) -> Result<ObjectStore, StorageFault> {
        let endpoint: Url = settings
            .endpoint
            .parse()
            .map_err(|_| StorageFault::Settings)?;
        let style = if settings.path_style {
            UrlStyle::Path
        } else {
            UrlStyle::VirtualHost
        };
        let bucket = Bucket::new(endpoint, style, settings.bucket, settings.region)
            .map_err(|_| StorageFault::Settings)?;
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(unreachable)?;
        let credentials = Credentials::new(settings.access_key, settings.secret_key);
        Ok(ObjectStore {
            bucket,
            credentials,
            prefix: settings.prefix,
            client,
        })
    }

    /// Stores an object below the prefix, replacing an older one; returns its URL without signature.
    pub async fn put(
        &self,
        key: &str,
        bytes: Vec<u8>,
        content_type: &str,
    ) -> Result<String, StorageFault> {
        let key = format!("{}{key}", self.prefix);
        let signed = self
            .bucket
            .put_object(Some(&self.credentials), &key)
            .sign(SIGNATURE_LIFE);
        let request = self
            .client
            .put(signed)
            .header("content-type", content_type)
            .header("content-length", bytes.len())
            .timeout(PUT_MAX)
            .body(bytes);
        send(request).await?;
        Ok(self.bucket.object_url(&key).into())
    }

    /// Whether the bucket is there and the credentials are good, for `doctor`.
    pub async fn check(&self) -> Result<(), StorageFault> {
        let signed = self
            .bucket
            .head_bucket(Some(&self.credentials))
            .sign(SIGNATURE_LIFE);
        send(self.client.head(signed).timeout(CHECK_MAX)).await
    }
}

async fn send(request: RequestBuilder) -> Result<(), StorageFault> {
    let status = request.send().await.map_err(unreachable)?.status();
    match status {
        _ if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(StorageFault::Denied),
        StatusCode::NOT_FOUND => Err(StorageFault::NoBucket),
        _ if status.is_redirection() => Err(StorageFault::NoBucket),
        _ => Err(StorageFault::Refused {
            status: status.as_u16(),
        }),
    }
}

/// The URL holds a signature: it must not reach a log.
fn unreachable(fault: reqwest::Error) -> StorageFault {
    StorageFault::Unreachable {
        detail: fault.without_url().to_string(),
    }
}
