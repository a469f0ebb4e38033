//! Which pushes follow from what happened to a call.

use model::{Call, Recording, WebhookTopic};
use store::{NewDelivery, Paging, StoreError};
use uuid::Uuid;

use crate::App;

/// Endpoints of one tenant that are served; more cannot be created.
const ENDPOINTS_MAX: u32 = 200;

/// The pushes of `topics` to every endpoint of the call's tenant that wants them, bodies fixed now:
/// one for each recorded track, and one for the call's record.
pub async fn of_call(
    app: &App,
    call: &Call,
    topics: &[WebhookTopic],
) -> Result<Vec<NewDelivery>, StoreError> {
    if topics.is_empty() {
        return Ok(Vec::new());
    }
    let endpoints = app
        .store()
        .webhook_endpoints(call.tenant, Paging::first(ENDPOINTS_MAX))
        .await?;
    let mut deliveries = Vec::new();
    for endpoint in endpoints
        .items
        .into_iter()
        .filter(|endpoint| endpoint.settings.enabled)
    {
        for topic in topics {
            if !endpoint.settings.topics.contains(topic) {
                continue;
            }
            let told: Vec<Option<&Recording>> = match topic {
                WebhookTopic::Cdr => vec![None],
                WebhookTopic::Recording => call.recordings.iter().map(Some).collect(),
                // These tell of conversations.
                WebhookTopic::ChatRecord | WebhookTopic::ChatEvent | WebhookTopic::ChatRouting => {
                    Vec::new()
                }
            };
            deliveries.extend(told.into_iter().map(|recording| NewDelivery {
                endpoint: endpoint.id,
                topic: *topic,
                uuid: Uuid::new_v4().to_string(),
                body: body(app, *topic, call, recording),
                at: app.now(),
            }));
        }
    }
    Ok(deliveries)
}

fn body(app: &App, topic: WebhookTopic, call: &Call, recording: Option<&Recording>) -> String {
    app.push_dialect()
        .body(topic, call, recording, &|recording| {
            app.recording_url(recording)
        })
}
