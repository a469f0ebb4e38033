//! Error codes of the Desk API, and the conditions that lead to them.

use app::chat::{ChatFault, Closed, Refused};

/// An error code.
pub type Code = i64;

/// The URL or the method is wrong.
pub(super) const HTTP: Code = 60002;
/// The sender asks too often.
pub(super) const TOO_OFTEN: Code = 60007;
/// `sdkappid` is missing.
pub(super) const NO_APP: Code = 60012;
/// `identifier` is missing.
pub(super) const NO_ACCOUNT: Code = 60004;
/// The signature is not good any more.
pub(super) const EXPIRED: Code = 70001;
/// There is no signature.
pub(super) const NO_SIG: Code = 70002;
/// The signature cannot be read.
pub(super) const BAD_SIG: Code = 70003;
/// A field of the signature is missing.
pub(super) const HALF_SIG: Code = 70005;
/// The signature was made with another key.
pub(super) const WRONG_KEY: Code = 70009;
/// The signature is somebody else's.
pub(super) const OTHER_ACCOUNT: Code = 70013;
/// The signature is of another application.
pub(super) const OTHER_APP: Code = 70014;
/// No application has this id.
pub(super) const APP_NOT_FOUND: Code = 70020;
/// Too many wrong signatures.
pub(super) const TOO_MANY_TRIES: Code = 70050;
/// The signature was made with the secret before the present one.
pub(super) const REVOKED: Code = 70052;
/// A named user does not exist.
pub(super) const NO_USER: Code = 20003;
/// The body is no JSON object.
pub(super) const JSON: Code = 90001;
/// `MsgBody` is missing or empty.
pub(super) const NO_MESSAGE: Code = 90002;
/// `MsgRandom` is missing or no number.
pub(super) const NO_RANDOM: Code = 90005;
/// `MsgBody` is no array.
pub(super) const NO_ARRAY: Code = 90007;
/// The sender is no administrator.
pub(super) const NO_ADMIN: Code = 90009;
/// An element of the message is not as described.
pub(super) const BAD_ELEMENT: Code = 90010;
/// The body or the message is too long.
pub(super) const TOO_LONG: Code = 93000;
/// The application does not chat.
pub(super) const NO_DESK: Code = 141_000;
/// We failed.
pub(super) const INTERNAL: Code = 141_002;
/// A parameter is missing or wrong.
pub(super) const PARAMETER: Code = 141_004;
/// There is no such session, or it is over.
pub(super) const NO_SESSION: Code = 141_005;
/// `SessionId` is no id of a session.
pub(super) const BAD_SESSION: Code = 141_006;

/// Every code that is answered, with its condition, for the compatibility page.
pub const CODES: [(Code, &str); 27] = [
    (NO_USER, "`ToAccount` names no customer of the instance"),
    (
        HTTP,
        "the method is not POST, the command is unknown, or `random` or `contenttype` is wrong",
    ),
    (NO_ACCOUNT, "`identifier` is missing"),
    (
        TOO_OFTEN,
        "more than 200 requests a second to this command for the instance",
    ),
    (NO_APP, "`sdkappid` is missing or no number"),
    (
        EXPIRED,
        "the signature is older than it says it is good for",
    ),
    (NO_SIG, "`usersig` is missing or empty"),
    (BAD_SIG, "`usersig` cannot be decoded"),
    (
        HALF_SIG,
        "a field of the decoded signature is missing or of the wrong type",
    ),
    (
        WRONG_KEY,
        "the signature does not fit the instance's Desk secret",
    ),
    (
        OTHER_ACCOUNT,
        "the signature was made for another identifier",
    ),
    (OTHER_APP, "the signature was made for another `sdkappid`"),
    (APP_NOT_FOUND, "no instance has this `sdkappid`"),
    (
        TOO_MANY_TRIES,
        "too many signatures with a wrong key came from this address",
    ),
    (
        REVOKED,
        "the signature was made with the Desk secret that was replaced",
    ),
    (JSON, "the body is no JSON object"),
    (NO_MESSAGE, "`MsgBody` is missing or empty"),
    (NO_RANDOM, "`MsgRandom` is missing or no 32-bit number"),
    (NO_ARRAY, "`MsgBody` is no array"),
    (
        NO_ADMIN,
        "the identifier is not among the administrators of the chat settings",
    ),
    (
        BAD_ELEMENT,
        "an element of `MsgBody` has no known `MsgType` or not its `MsgContent`",
    ),
    (
        TOO_LONG,
        "the body is longer than 12 KB, or the growing message would be",
    ),
    (NO_DESK, "the instance has no chat settings, or chat is off"),
    (
        INTERNAL,
        "the database does not answer, the server stops, or it is broken",
    ),
    (
        PARAMETER,
        "a parameter is missing or of the wrong type; `MsgKey` is of another session or of a message \
         that has ended; a person has the session; a group or an agent does not exist",
    ),
    (NO_SESSION, "no session has this id, or it has ended"),
    (
        BAD_SESSION,
        "`SessionId` has not the form of an id (a UUID)",
    ),
];

/// Why a request fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub code: Code,
    pub info: String,
}

impl Failed {
    pub fn new(code: Code, info: impl Into<String>) -> Self {
        Self {
            code,
            info: info.into(),
        }
    }

    /// A parameter is missing or wrong.
    pub fn parameter(name: &str, why: &str) -> Self {
        Self::new(PARAMETER, format!("illegal parameter: {name} {why}"))
    }
}

impl From<ChatFault> for Failed {
    fn from(fault: ChatFault) -> Self {
        let code = match &fault {
            ChatFault::Off => NO_DESK,
            ChatFault::NotFound {
                what: "conversation",
            } => NO_SESSION,
            ChatFault::NotFound { .. } | ChatFault::Invalid { .. } => PARAMETER,
            ChatFault::Refused(refused) => of(*refused),
            ChatFault::Busy | ChatFault::Store(_) | ChatFault::Internal(_) => {
                tracing::error!(error = ?fault, "a request of the Desk API failed");
                return Self::new(INTERNAL, "internal system error, please retry");
            }
        };
        Self::new(code, fault.to_string())
    }
}

/// The code of what a conversation does not allow.
fn of(refused: Refused) -> Code {
    match refused {
        Refused::Over => NO_SESSION,
        Refused::TooLong | Refused::Closed(Closed::TooLong) => TOO_LONG,
        Refused::WithPerson
        | Refused::NotTheirs
        | Refused::Now(_)
        | Refused::NoSuchMessage
        | Refused::Closed(Closed::Over(_))
        | Refused::TooManyStreams
        | Refused::Full
        | Refused::Rated => PARAMETER,
    }
}

impl From<store::StoreError> for Failed {
    fn from(error: store::StoreError) -> Self {
        ChatFault::from(error).into()
    }
}
