//! A call with a model that the request brings along: `CreateAICall`.

mod agent;
mod request;
mod speech;
#[cfg(test)]
mod tests;

use std::time::Duration;

use api::kernel::{Action, Entry, Reached};
use model::{Refusal, SkillGroupId, VoiceAgentId};
use serde::Serialize;
use store::StoreError;

use request::CreateAiCall;

use super::{Ccc, Context};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<CreateAiCall>()];

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateAiCallResponse {
    session_id: String,
}

impl Action for CreateAiCall {
    type Dialect = Ccc;
    type Response = CreateAiCallResponse;
    const NAME: &'static str = "CreateAICall";
    const REFUSALS: &'static [Reached] = REFUSALS;

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let may_reach = context.app.settings().fetch_private;
        let tts = speech::speaker_address(self.custom_tts_config.as_deref());
        let asked = [
            ("APIUrl", Some(&self.api_url)),
            ("CustomTTSConfig", tts.as_ref()),
        ];
        for (name, url) in asked {
            if !may_reach && url.is_some_and(|url| app::names_private(url)) {
                return Err(Fault::wrong_value(name, "it leads into a private network"));
            }
        }
        self.check_targets(&context).await?;
        let command = self.command(&context.tenant)?;
        let agent = self.agent()?;
        let call = context
            .app
            .place_brought_call(command, agent, Some(context.credential))
            .await?;
        Ok(CreateAiCallResponse { session_id: call.0 })
    }
}

impl CreateAiCall {
    /// Whoever the model may hand the caller over to must be there.
    async fn check_targets(&self, context: &Context) -> Result<(), Fault> {
        let (store, tenant) = (context.app.store(), context.tenant.id);
        for (idx, item) in self.transfer_items.iter().enumerate() {
            let group = SkillGroupId(item.transfer_skill_group_id);
            match store.skill_group(tenant, group).await {
                Ok(_) => {}
                Err(StoreError::NotFound { .. }) => {
                    return Err(Fault::wrong_value(
                        &format!("TransferItems.{idx}.TransferSkillGroupId"),
                        "the instance has no such skill group",
                    ));
                }
                Err(error) => return Err(error.into()),
            }
        }
        for (idx, item) in self.transfer_to_agent_items.iter().enumerate() {
            let agent = VoiceAgentId(item.transfer_to_agent_id);
            match store.voice_agent(tenant, agent).await {
                Ok(_) => {}
                Err(StoreError::NotFound { .. }) => {
                    return Err(Fault::wrong_value(
                        &format!("TransferToAgentItems.{idx}.TransferToAgentId"),
                        "the instance has no such agent",
                    ));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// A time in milliseconds within its bounds.
fn within_ms(name: &str, ms: i64, min: i64, max: i64) -> Result<Duration, Fault> {
    u64::try_from(ms)
        .ok()
        .filter(|_| (min..=max).contains(&ms))
        .map(Duration::from_millis)
        .ok_or_else(|| Fault::wrong_value(name, &format!("it is {min} to {max} ms")))
}

const REFUSALS: &[Reached] = &[
    Reached {
        code: "FailedOperation.AILicenseHasExpired",
        when: "the instance's voice-agent minutes are used up or past their date",
    },
    Reached {
        code: "FailedOperation.AcquireQuota",
        when: "no voice-agent slot became free within `AcquireTimeoutSecond`",
    },
    Reached {
        code: "FailedOperation.CallOutFailed",
        when: "every trunk that could carry the call is full or down, or the server is stopping",
    },
    Reached {
        code: "FailedOperation.CalleeIsBlackUser",
        when: "the callee is on the instance's do-not-call list",
    },
    Reached {
        code: "FailedOperation.CallerOverFrequency",
        when: "every usable caller number was shown as often as the caller rule allows",
    },
    Reached {
        code: "FailedOperation.CalloutRuleBlindArea",
        when: "the callee starts with the digits of a blind area",
    },
    Reached {
        code: "FailedOperation.CalloutRuleMaxCallCountCalleeIntervalTime",
        when: "the callee was called as often as the interval rule allows",
    },
    Reached {
        code: "FailedOperation.CalloutRuleMaxCallCountCalleePerDayAppID",
        when: "the callee was called as often today as the daily rule allows",
    },
    Reached {
        code: "FailedOperation.CalloutRuleNotWorkTime",
        when: "it is outside the instance's working hours",
    },
    Reached {
        code: "FailedOperation.NoCallOutNumber",
        when: "none of `Callers`, or no number at all, is on a trunk that reaches the callee",
    },
    Reached {
        code: "InvalidParameterValue",
        when: "a field has a value out of its range, names something that is not there, or holds a document that cannot be read",
    },
    Reached {
        code: "LimitExceeded.BasePackageExpired",
        when: "the instance's call minutes are used up or past their date",
    },
];

/// What a refusal of the model's settings is called on the wire.
fn wrong(field: &'static str, why: &str) -> Fault {
    let name = match field {
        "url" => "APIUrl",
        "model" => "Model",
        "temperature" => "Temperature",
        "top_p" => "TopP",
        other => {
            return super::code::of(&Refusal::Invalid {
                field: other,
                why: why.to_owned(),
            });
        }
    };
    Fault::wrong_value(name, why)
}
