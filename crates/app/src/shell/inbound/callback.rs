//! Asks the customer's server which voice agent answers a call to a number, while the caller hears it
//! ring.
//!
//! # Invariants
//!
//! - At most [`ATTEMPTS_MAX`] questions of [`ANSWER_MAX`] each; then the number's own agent answers,
//!   if it has one.
//! - A question does not reach into the operator's network, unless it is open.

use std::time::Duration;

use model::{CallId, E164, TenantId, TrunkNumber, Variable, VoiceAgentId};
use sip::{Command, LegId};

use crate::{
    App,
    push::{CallInAnswer, CallInQuestion},
    shell::webhook::{Outside, read_bounded},
};

/// Longest wait for one answer: the vendor's.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// The question and two repetitions: the vendor's.
const ATTEMPTS_MAX: u32 = 3;

/// What is asked about.
pub(super) struct Ask<'a> {
    pub call: &'a CallId,
    pub leg: LegId,
    pub tenant: TenantId,
    pub number: &'a TrunkNumber,
    pub caller: &'a E164,
    pub url: &'a str,
}

/// Who answers.
pub(super) enum Answerer {
    /// This voice agent, with these variables.
    Agent(VoiceAgentId, Vec<Variable>),
    /// Nobody: the server wants no call.
    Nobody,
    /// The server said nothing that helps.
    Unsaid,
}

/// Asks until there is an answer or it is enough.
pub(super) async fn ask(app: &App, ask: Ask<'_>) -> Answerer {
    let question = CallInQuestion {
        call: ask.call,
        tenant: ask.tenant,
        agent: ask.number.inbound_agent,
        caller: ask.caller,
        callee: &ask.number.number,
    };
    let Some(body) = app.push_dialect().call_in_question(&question) else {
        return Answerer::Unsaid;
    };
    app.tell_sip(Command::Ring {
        leg: ask.leg,
        sdp: None,
    })
    .await;
    for attempt in 1..=ATTEMPTS_MAX {
        match post(app, ask.url, &body).await {
            Ok(CallInAnswer::Agent(agent, variables)) => return Answerer::Agent(agent, variables),
            Ok(CallInAnswer::HangUp) => return Answerer::Nobody,
            Err(error) => {
                let error = format!("{error:#}");
                tracing::warn!(call = %ask.call, attempt, error, "an inbound callback failed");
            }
        }
    }
    Answerer::Unsaid
}

async fn post(app: &App, url: &str, body: &str) -> anyhow::Result<CallInAnswer> {
    let url = reqwest::Url::parse(url)?;
    let client = Outside::new(app.settings().fetch_private, ANSWER_MAX);
    let request = client
        .client(false, &url)?
        .post(url)
        .header(
            reqwest::header::CONTENT_TYPE,
            "application/json;charset=utf-8",
        )
        .body(body.to_owned());
    let response = request.send().await?;
    let status = response.status();
    anyhow::ensure!(status.is_success(), "it answered {status}");
    let text = read_bounded(response).await?;
    app.push_dialect()
        .call_in_answer(&text)
        .map_err(|why| anyhow::anyhow!(why))
}
