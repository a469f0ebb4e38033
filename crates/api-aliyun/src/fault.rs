//! Errors as they go on the wire: the vendor's code, its HTTP status and a sentence.
//!
//! The sentences are the vendor's own where they are known. The clients read `Code`, `Message` and
//! `RequestId`, and tell refusals from failures by the HTTP status.

use std::borrow::Cow;

use store::StoreError;

/// An error that has its code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Fault {
    /// The vendor's code.
    pub code: Cow<'static, str>,
    /// The HTTP status that goes with it.
    pub status: u16,
    /// A sentence.
    pub message: Cow<'static, str>,
}

impl Fault {
    /// A fault of its own kind.
    pub fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            code: code.into(),
            status,
            message: message.into(),
        }
    }

    /// A required parameter is not there.
    pub fn missing(name: &str) -> Self {
        let message = format!("{name} is mandatory for this action.");
        Self::new(400, format!("Missing{name}"), message)
    }

    /// A parameter has a value that it cannot have.
    pub fn invalid(name: &str, why: &str) -> Self {
        let message = format!("Specified parameter {name} is not valid: {why}.");
        Self::new(400, format!("Invalid{name}"), message)
    }

    /// The parameters cannot be read.
    pub fn invalid_format() -> Self {
        let message = "Specified parameter format is not valid.";
        Self::new(400, "InvalidParameter.Format", message)
    }

    /// No credential has this id.
    pub fn key_not_found() -> Self {
        let message = "Specified access key is not found.";
        Self::new(404, "InvalidAccessKeyId.NotFound", message)
    }

    /// The credential is switched off.
    pub fn key_inactive() -> Self {
        let message = "Specified access key is disabled.";
        Self::new(400, "InvalidAccessKeyId.Inactive", message)
    }

    /// The time is no time.
    pub fn time_format() -> Self {
        let message = "Specified time stamp or date value is not well formatted.";
        Self::new(400, "InvalidTimeStamp.Format", message)
    }

    /// The time is too far from ours.
    pub fn time_expired() -> Self {
        let message = "Specified time stamp or date value is expired.";
        Self::new(400, "InvalidTimeStamp.Expired", message)
    }

    /// The request was here before.
    pub fn nonce_used() -> Self {
        let message = "Specified signature nonce was used already.";
        Self::new(400, "SignatureNonceUsed", message)
    }

    /// The signature is another one. The old clients split the message at its colon and compare
    /// what stands behind it with their own string to sign, so it must be there.
    pub fn signature(string_to_sign: &str) -> Self {
        let message = format!(
            "Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
        );
        Self::new(400, "SignatureDoesNotMatch", message)
    }

    /// No signature method of ours.
    pub fn signature_method() -> Self {
        let message = "Specified signature method is not valid.";
        Self::new(400, "InvalidSignatureMethod", message)
    }

    /// No signature can be made out.
    pub fn incomplete_signature(why: &str) -> Self {
        let message = format!("The request signature does not conform to Aliyun standards: {why}.");
        Self::new(400, "IncompleteSignature", message)
    }

    /// Temporary credentials are not issued here.
    pub fn security_token() -> Self {
        let message =
            "Specified SecurityToken is not valid: temporary credentials are not issued here.";
        Self::new(400, "InvalidSecurityToken.NotFound", message)
    }

    /// Neither GET nor POST.
    pub fn method() -> Self {
        let message = "The specified HTTP method is not supported.";
        Self::new(400, "UnsupportedHTTPMethod", message)
    }

    /// The vendor has no such action.
    pub fn action_not_found() -> Self {
        let message = "Specified api is not found, please check your url and method.";
        Self::new(404, "InvalidAction.NotFound", message)
    }

    /// The vendor has no such version.
    pub fn version() -> Self {
        let message = "Specified parameter Version is not valid.";
        Self::new(400, "InvalidVersion", message)
    }

    /// More than the tenant may ask of this action in a second.
    pub fn throttled() -> Self {
        let message = "Request was denied due to user flow control.";
        Self::new(400, "Throttling.User", message)
    }

    /// More than the server can take at this moment.
    pub fn busy() -> Self {
        let message = "Request was denied due to api flow control.";
        Self::new(400, "Throttling.Api", message)
    }

    /// The credential may not do this.
    pub fn forbidden() -> Self {
        let message = "User not authorized to operate on the specified resource.";
        Self::new(403, "Forbidden.RAM", message)
    }

    /// No instance of this name, or not one that the caller may know of.
    pub fn no_instance() -> Self {
        let message = "The specified Instance does not exist.";
        Self::new(404, "NotExist.Instance", message)
    }

    /// Something named by the request is not there: `NotExist.Script` …
    pub fn not_exist(what: &str) -> Self {
        let message = format!("The specified {what} does not exist.");
        Self::new(404, format!("NotExist.{what}"), message)
    }

    /// The action is known and not built.
    pub fn unsupported(message: String) -> Self {
        Self::new(400, "UnsupportedOperation", message)
    }

    /// The request is larger than 1 MB.
    pub fn too_large() -> Self {
        let message = "The size of the request exceeds the limit of 1 MB.";
        Self::new(413, "RequestEntityTooLarge", message)
    }

    /// We failed; the cause is in the log under the same request id.
    pub fn internal() -> Self {
        let message = "An error occurred while processing your request. Please try again later. Submit a ticket if the error still exists.";
        Self::new(500, "InternalError", message)
    }

    /// The database is away; the same request may succeed later.
    pub fn unavailable() -> Self {
        let message = "The request has failed due to a temporary failure of the server.";
        Self::new(503, "ServiceUnavailable", message)
    }

    /// Whether the fault is ours.
    pub fn is_ours(&self) -> bool {
        self.status >= 500
    }
}

/// Parameters that pass the definition and still do not fit the action.
impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        tracing::info!(%error, "parameters do not fit");
        Self::invalid_format()
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        if error.is_transient() {
            tracing::warn!(%error, "the database does not answer");
            return Self::unavailable();
        }
        tracing::error!(error = &error as &dyn std::error::Error, "a request failed");
        Self::internal()
    }
}
