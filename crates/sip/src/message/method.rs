//! Request methods.

use std::fmt;

/// A request method. Methods compare with case (RFC 3261 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// Starts or changes a call.
    Invite,
    /// Confirms the final answer to INVITE.
    Ack,
    /// Ends a call.
    Bye,
    /// Gives up a pending INVITE.
    Cancel,
    /// Asks what the peer can do, or whether it lives.
    Options,
    /// Carries application data inside a call (RFC 6086).
    Info,
    /// Acknowledges a provisional answer (RFC 3262).
    Prack,
    /// Changes a session without ACK (RFC 3311).
    Update,
    /// Tells a registrar where a phone is.
    Register,
    /// Asks to call somebody else (RFC 3515).
    Refer,
    /// Tells of what was subscribed to (RFC 6665).
    Notify,
    /// Any other, as written.
    Other(String),
}

impl Method {
    /// The method of this token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        match token {
            "INVITE" => Method::Invite,
            "ACK" => Method::Ack,
            "BYE" => Method::Bye,
            "CANCEL" => Method::Cancel,
            "OPTIONS" => Method::Options,
            "INFO" => Method::Info,
            "PRACK" => Method::Prack,
            "UPDATE" => Method::Update,
            "REGISTER" => Method::Register,
            "REFER" => Method::Refer,
            "NOTIFY" => Method::Notify,
            other => Method::Other(other.to_owned()),
        }
    }

    /// The token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Method::Invite => "INVITE",
            Method::Ack => "ACK",
            Method::Bye => "BYE",
            Method::Cancel => "CANCEL",
            Method::Options => "OPTIONS",
            Method::Info => "INFO",
            Method::Prack => "PRACK",
            Method::Update => "UPDATE",
            Method::Register => "REGISTER",
            Method::Refer => "REFER",
            Method::Notify => "NOTIFY",
            Method::Other(token) => token,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
