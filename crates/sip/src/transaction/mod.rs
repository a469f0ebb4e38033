//! The four transaction machines of RFC 3261 section 17, with the corrections of RFC 6026.
//!
//! A machine decides when to send again, what to let through and when it is over. It holds no
//! message and no address: whoever owns it does.

mod invite_client;
mod invite_server;
mod resend;
mod simple_client;
mod simple_server;

pub(crate) use invite_client::InviteClient;
pub(crate) use invite_server::InviteServer;
pub(crate) use resend::Resend;
pub(crate) use simple_client::SimpleClient;
pub(crate) use simple_server::SimpleServer;

/// What a transaction wants when its deadline has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing yet.
    Nothing,
    /// Send the last message again.
    Resend,
    /// The peer fell silent; the transaction is over.
    GaveUp,
    /// The transaction has absorbed what it had to and is over.
    Over,
}

/// What a client transaction does with a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnResponse {
    /// A repetition: nobody needs to know.
    Absorb,
    /// Hand it to the core.
    Deliver,
    /// A final answer other than 2xx to INVITE: send ACK and hand it to the core.
    AckAndDeliver,
    /// The same again: our ACK was lost.
    AckAgain,
}
