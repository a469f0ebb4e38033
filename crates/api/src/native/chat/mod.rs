//! Conversations in the native dialect: how an instance chats, and what its staff see and do.
//!
//! What the customer's side speaks is in [`super::customer`].

mod acts;
mod canned;
mod conversations;
mod customers;
mod live;
mod settings;
pub(super) mod view;

use super::table::Row;

/// Every route.
pub(super) fn rows() -> Vec<Row> {
    [
        settings::rows(),
        conversations::rows(),
        acts::rows(),
        canned::rows(),
        customers::rows(),
        live::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
