//! Which conversation, and which customer, a call belongs to.
//!
//! One contact of a customer has one id, by text and by phone: a call that is started from a chat has
//! the chat's, a chat that begins while its customer is on the phone has the call's, and a call that
//! joins nothing is a conversation of its own.

use model::{
    Belongs, CallEvent, CallId, ConversationId, ConversationState, CustomerId, E164, Refusal,
    TenantId,
};
use store::{Store, StoreError};

use crate::{App, Fault};

/// The event by which a call joins a conversation; `None` if it joins none and nobody knows whose it
/// is. `number` is the other side's.
///
/// # Errors
///
/// Refuses a conversation or a customer that is not there.
pub(crate) async fn joining(
    app: &App,
    tenant: TenantId,
    call: &CallId,
    belongs: &Belongs,
    number: &E164,
) -> Result<Option<CallEvent>, Fault> {
    let store = app.store();
    if let Some(id) = &belongs.conversation {
        let (conversation, of_it) = named(store, tenant, id).await?;
        let customer = match (&belongs.customer, of_it) {
            (Some(given), Some(known)) if *given != known => {
                return Err(Refusal::Invalid {
                    field: "customer",
                    why: "is not whose conversation it is".to_owned(),
                }
                .into());
            }
            (Some(given), None) => Some(known(store, tenant, given).await?),
            (_, known) => known,
        };
        return Ok(Some(CallEvent::ConversationJoined {
            conversation,
            customer,
        }));
    }
    let customer = match &belongs.customer {
        Some(given) => Some(known(store, tenant, given).await?),
        None => store.customer_of_number(tenant, number).await?,
    };
    Ok(joining_of(store, tenant, call, customer).await?)
}

/// The same where nothing is given but whose number the other side's is, which was looked up before.
pub(crate) async fn joining_of(
    store: &Store,
    tenant: TenantId,
    call: &CallId,
    customer: Option<CustomerId>,
) -> Result<Option<CallEvent>, StoreError> {
    let Some(customer) = customer else {
        return Ok(None);
    };
    let latest = store.latest_conversation(tenant, &customer).await?;
    let open = latest.filter(|latest| latest.state != ConversationState::Ended);
    Ok(Some(CallEvent::ConversationJoined {
        conversation: open.map_or_else(|| ConversationId(call.0.clone()), |open| open.id),
        customer: Some(customer),
    }))
}

/// A conversation by its id: a chat's, or a call's.
async fn named(
    store: &Store,
    tenant: TenantId,
    id: &ConversationId,
) -> Result<(ConversationId, Option<CustomerId>), Fault> {
    match store.conversation(tenant, id).await {
        Ok(chat) => return Ok((chat.id, Some(chat.customer))),
        Err(StoreError::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    match store.call(tenant, &CallId(id.0.clone())).await {
        Ok(call) => Ok((call.conversation_id(), call.customer)),
        Err(StoreError::NotFound { .. }) => Err(Refusal::NotFound {
            what: "conversation",
        }
        .into()),
        Err(error) => Err(error.into()),
    }
}

async fn known(store: &Store, tenant: TenantId, id: &CustomerId) -> Result<CustomerId, Fault> {
    match store.customer(tenant, id).await {
        Ok(customer) => Ok(customer.id),
        Err(StoreError::NotFound { .. }) => Err(Refusal::NotFound { what: "customer" }.into()),
        Err(error) => Err(error.into()),
    }
}
