//! Voice agents: `CreateAIAgentCall` and `DescribeAIAgentInfoList`.

use std::time::Duration;

use api::kernel::{Action, Entry, Reached};
use model::{
    Belongs, ConversationId, E164, PlaceVoiceAgentCall, Tenant, Variable, VoiceAgent, VoiceAgentId,
};
use serde::{Deserialize, Serialize};

use super::{Ccc, Context, code::PERMISSION_DENIED};
use crate::{fault::Fault, paging};

pub(super) static ACTIONS: &[Entry<Ccc>] = &[
    Entry::of::<CreateAiAgentCall>(),
    Entry::of::<DescribeAiAgentInfoList>(),
];

/// Most caller numbers to choose from.
const CALLERS_MAX: usize = 100;
/// Most variables of one call.
const VARIABLES_MAX: usize = 100;
/// Longest key of a variable, characters.
const KEY_MAX: usize = 64;
/// Longest value of a variable, characters.
const VALUE_MAX: usize = 4_096;
/// Longest ringing that may be asked for.
const RING_MAX_S: i64 = 120;
/// Longest wait for a free voice-agent slot, and what is waited without a wish.
const ACQUIRE_MAX_S: u64 = 5;
/// Largest page of the list.
const PAGE_MAX: u32 = 100;
/// The variable by which a call joins a conversation of ours; the vendor has no parameter for it.
const CONVERSATION_ID: &str = "conversation-id";
/// The variable that the vendor reserves for a pause before the welcome message, in seconds.
const WELCOME_DELAY: &str = "welcome-message-delay";
/// Longest such pause.
const WELCOME_DELAY_MAX_S: f64 = 60.0;

/// Calls a number and puts a voice agent on the call.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateAiAgentCall {
    #[serde(rename = "AIAgentId")]
    ai_agent_id: i64,
    callee: String,
    #[serde(default)]
    callers: Vec<String>,
    /// The predecessor of `Variables`, which prevails where both have a key.
    #[serde(default)]
    prompt_variables: Vec<WireVariable>,
    #[serde(default)]
    variables: Vec<WireVariable>,
    max_ring_timeout_second: Option<i64>,
    acquire_timeout_second: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct WireVariable {
    pub(super) key: String,
    pub(super) value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateAiAgentCallResponse {
    session_id: String,
}

impl Action for CreateAiAgentCall {
    type Dialect = Ccc;
    type Response = CreateAiAgentCallResponse;
    const NAME: &'static str = "CreateAIAgentCall";
    const REFUSALS: &'static [Reached] = CREATE_REFUSALS;

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let command = self.command(&context.tenant)?;
        let call = context
            .app
            .place_voice_agent_call(command, Some(context.credential))
            .await?;
        Ok(CreateAiAgentCallResponse { session_id: call.0 })
    }
}

const CREATE_REFUSALS: &[Reached] = &[
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
        code: PERMISSION_DENIED,
        when: "the credential is not allowed this instance or this action",
    },
    Reached {
        code: "InvalidParameterValue",
        when: "a number cannot be dialled, the agent is unknown, a variable is too long, `conversation-id` names no conversation, or a time is out of range",
    },
    Reached {
        code: "LimitExceeded.BasePackageExpired",
        when: "the instance's call minutes are used up or past their date",
    },
];

impl CreateAiAgentCall {
    fn command(self, tenant: &Tenant) -> Result<PlaceVoiceAgentCall, Fault> {
        let callee = number("Callee", &self.callee, tenant)?;
        let callers = callers(&self.callers, tenant)?;
        let variables = variables(&self.prompt_variables, &self.variables)?;
        Ok(PlaceVoiceAgentCall {
            tenant: tenant.id,
            voice_agent: VoiceAgentId(self.ai_agent_id),
            callee,
            callers,
            belongs: belongs(&variables),
            variables,
            ring_time_max: self.max_ring_timeout_second.map(ring_time).transpose()?,
            slot_wait_max: slot_wait(self.acquire_timeout_second)?,
            user_data: None,
        })
    }
}

/// The conversation that a variable names.
pub(super) fn belongs(variables: &[Variable]) -> Belongs {
    let named = variables.iter().find(|one| one.key == CONVERSATION_ID);
    Belongs {
        conversation: named.map(|one| ConversationId(one.value.clone())),
        customer: None,
    }
}

/// Numbers to choose from, in the order of the request.
pub(super) fn callers(callers: &[String], tenant: &Tenant) -> Result<Vec<E164>, Fault> {
    if callers.len() > CALLERS_MAX {
        return Err(Fault::wrong_value(
            "Callers",
            "it holds at most 100 numbers",
        ));
    }
    let callers = callers.iter().enumerate();
    callers
        .map(|(idx, caller)| number(&format!("Callers.{idx}"), caller, tenant))
        .collect()
}

pub(super) fn number(name: &str, text: &str, tenant: &Tenant) -> Result<E164, Fault> {
    E164::parse(text, &tenant.country_code)
        .map_err(|_| Fault::wrong_value(name, "it is not a telephone number of 3 to 15 digits"))
}

pub(super) fn ring_time(seconds: i64) -> Result<Duration, Fault> {
    u64::try_from(seconds)
        .ok()
        .filter(|_| (1..=RING_MAX_S).contains(&seconds))
        .map(Duration::from_secs)
        .ok_or_else(|| Fault::wrong_value("MaxRingTimeoutSecond", "it is 1 to 120"))
}

pub(super) fn slot_wait(seconds: Option<u64>) -> Result<Duration, Fault> {
    let seconds = seconds.unwrap_or(ACQUIRE_MAX_S);
    if seconds > ACQUIRE_MAX_S {
        return Err(Fault::wrong_value("AcquireTimeoutSecond", "it is 0 to 5"));
    }
    Ok(Duration::from_secs(seconds))
}

/// Both lists as one. A key that comes again replaces the value that it had.
pub(super) fn variables(
    old: &[WireVariable],
    new: &[WireVariable],
) -> Result<Vec<Variable>, Fault> {
    let mut merged: Vec<Variable> = Vec::new();
    let named = [("PromptVariables", old), ("Variables", new)];
    for (list, given) in named {
        if given.len() > VARIABLES_MAX {
            return Err(Fault::wrong_value(list, "it holds at most 100 variables"));
        }
        for (idx, WireVariable { key, value }) in given.iter().enumerate() {
            check_variable(&format!("{list}.{idx}"), key, value)?;
            merged.retain(|variable| variable.key != *key);
            merged.push(Variable {
                key: key.clone(),
                value: value.clone(),
            });
        }
    }
    Ok(merged)
}

fn check_variable(at: &str, key: &str, value: &str) -> Result<(), Fault> {
    if key.is_empty() || key.chars().count() > KEY_MAX {
        return Err(Fault::wrong_value(
            &format!("{at}.Key"),
            "it is 1 to 64 characters long",
        ));
    }
    if value.chars().count() > VALUE_MAX {
        return Err(Fault::wrong_value(
            &format!("{at}.Value"),
            "it is at most 4096 characters long",
        ));
    }
    let delay_good = key != WELCOME_DELAY
        || value
            .parse::<f64>()
            .is_ok_and(|seconds| (0.0..=WELCOME_DELAY_MAX_S).contains(&seconds));
    if !delay_good {
        return Err(Fault::wrong_value(
            &format!("{at}.Value"),
            "`welcome-message-delay` is a number of seconds from 0 to 60",
        ));
    }
    Ok(())
}

/// The instance's voice agents by id.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAiAgentInfoList {
    page_size: i64,
    page_number: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAiAgentInfoListResponse {
    total_count: i64,
    #[serde(rename = "AIAgentInfoList")]
    ai_agent_info_list: Vec<AiAgentInfo>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AiAgentInfo {
    #[serde(rename = "AIAgentId")]
    ai_agent_id: i64,
    #[serde(rename = "AIAgentName")]
    ai_agent_name: String,
    variable_names: Vec<String>,
}

impl Action for DescribeAiAgentInfoList {
    type Dialect = Ccc;
    type Response = DescribeAiAgentInfoListResponse;
    const NAME: &'static str = "DescribeAIAgentInfoList";
    const REFUSALS: &'static [Reached] = &[Reached {
        code: "InvalidParameterValue",
        when: "`PageSize` is not 1 to 100, or `PageNumber` is below 0",
    }];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let paging = paging::parse(self.page_size, self.page_number, PAGE_MAX)?;
        let page = context
            .app
            .store()
            .voice_agents(context.tenant.id, paging)
            .await?;
        Ok(DescribeAiAgentInfoListResponse {
            total_count: page.total,
            ai_agent_info_list: page.items.into_iter().map(AiAgentInfo::from).collect(),
        })
    }
}

impl From<VoiceAgent> for AiAgentInfo {
    fn from(agent: VoiceAgent) -> Self {
        Self {
            ai_agent_id: agent.id.0,
            ai_agent_name: agent.settings.name,
            variable_names: agent.settings.variable_names,
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{TenantId, UnixMs};
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_vendors_sample_becomes_a_command() {
        let command = command(json!({
            "AIAgentId": 15, "Callee": "008612300000000",
            "Callers": ["008601012345678", "13800138000"],
            "Variables": [{"Key": "foo", "Value": "bar"}],
        }))
        .unwrap();
        assert_eq!(command.voice_agent, VoiceAgentId(15));
        assert_eq!(command.callee.digits(), "8612300000000");
        assert_eq!(command.callers[1].digits(), "8613800138000");
        assert_eq!(command.variables[0].value, "bar");
        assert_eq!(command.ring_time_max, None);
        assert_eq!(command.slot_wait_max, Duration::from_secs(5));
    }

    #[test]
    fn variables_prevail_over_their_predecessor() {
        let command = command(json!({
            "AIAgentId": 1, "Callee": "+8613800138000",
            "PromptVariables": [{"Key": "a", "Value": "old"}, {"Key": "b", "Value": "old"}],
            "Variables": [{"Key": "a", "Value": "new"}],
        }))
        .unwrap();
        let pairs: Vec<(&str, &str)> = command
            .variables
            .iter()
            .map(|variable| (variable.key.as_str(), variable.value.as_str()))
            .collect();
        assert_eq!(pairs, [("b", "old"), ("a", "new")]);
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let long = "x".repeat(VALUE_MAX + 1);
        for (wrong, named) in [
            (json!({"Callee": "bob"}), "`Callee`"),
            (json!({"Callers": ["13800138000", "x"]}), "`Callers.1`"),
            (json!({"Callers": vec!["13800138000"; 101]}), "`Callers`"),
            (json!({"MaxRingTimeoutSecond": 0}), "`MaxRingTimeoutSecond`"),
            (
                json!({"MaxRingTimeoutSecond": 121}),
                "`MaxRingTimeoutSecond`",
            ),
            (json!({"AcquireTimeoutSecond": 6}), "`AcquireTimeoutSecond`"),
            (
                json!({"Variables": [{"Key": "", "Value": ""}]}),
                "`Variables.0.Key`",
            ),
            (
                json!({"Variables": [{"Key": "k", "Value": long}]}),
                "`Variables.0.Value`",
            ),
            (
                json!({"Variables": [{"Key": WELCOME_DELAY, "Value": "soon"}]}),
                "`Variables.0.Value`",
            ),
            (
                json!({"Variables": [{"Key": WELCOME_DELAY, "Value": "NaN"}]}),
                "`Variables.0.Value`",
            ),
        ] {
            let mut request = json!({"AIAgentId": 1, "Callee": "13800138000"});
            for (name, value) in wrong.as_object().unwrap() {
                request[name] = value.clone();
            }
            let fault = command(request).unwrap_err();
            assert_eq!(fault.code, "InvalidParameterValue", "{wrong}");
            assert!(fault.to_string().contains(named), "{fault}");
        }
    }

    fn command(request: Value) -> Result<PlaceVoiceAgentCall, Fault> {
        let action: CreateAiAgentCall = serde_json::from_value(request).unwrap();
        action.command(&Tenant {
            id: TenantId(1_400_000_001),
            name: "Clinic".to_owned(),
            country_code: "86".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            created_at: UnixMs(0),
        })
    }
}
