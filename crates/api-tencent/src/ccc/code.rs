//! Our refusals and failures in the vendor's codes.

use std::time::Duration;

use model::{CallRuleKind, Refusal};
use store::StoreError;

use crate::fault::Fault;

/// The credential may not; only where the action's list has it.
pub(super) const PERMISSION_DENIED: &str = "FailedOperation.PermissionDenied";
/// The database failed; only where the action's list has it.
pub(super) const DB_ERROR: &str = "InternalError.DBError";
/// No call has this id.
pub(super) const SESSION_NOT_EXISTS: &str = "FailedOperation.SessionNotExists";
/// The call is not in a state in which it can be told this.
pub(super) const SESSION_NOT_IN_CONTROL_STATE: &str = "FailedOperation.SessionNotInControlState";

/// The fault that a refusal becomes. A new kind of refusal does not compile until it has a code.
pub(super) fn of(refusal: &Refusal) -> Fault {
    match refusal {
        Refusal::TenantNotFound(_) => Fault::new(
            "InvalidParameterValue.InstanceNotExist",
            "The SDKAppID does not exist.",
            "实例不存在。",
        ),
        Refusal::NotFound { what } => not_found(what),
        Refusal::CallNotFound => Fault::new(
            SESSION_NOT_EXISTS,
            "Session does not exist.",
            "会话不存在。",
        ),
        Refusal::CallNotControllable { state } => Fault::new(
            SESSION_NOT_IN_CONTROL_STATE,
            format!("Session not in control status: it is {state}."),
            format!("会话不处于可控制状态（{state}）。"),
        ),
        Refusal::SoundNotFound(id) => Fault::new(
            "InvalidParameterValue.FileNotExist",
            format!("File does not exist: {id}."),
            format!("文件不存在：{id}。"),
        ),
        Refusal::NotPermitted => {
            Fault::new(PERMISSION_DENIED, "Insufficient permissions.", "无权限。")
        }
        Refusal::Invalid { field, why } => Fault::wrong_value(field, why),
        Refusal::Conflict { what } => Fault::new(
            "FailedOperation",
            format!("The operation failed: {what}."),
            format!("操作失败：{what}。"),
        ),
        Refusal::NoCallerNumber { why } => Fault::new(
            "FailedOperation.NoCallOutNumber",
            format!("No available outbound call numbers: {why}."),
            format!("没有可用的外呼号码：{why}。"),
        ),
        Refusal::RuleForbids { rule, detail } => rule_forbids(*rule, detail),
        Refusal::CallQuotaExhausted => Fault::new(
            "LimitExceeded.BasePackageExpired",
            "Your call package is used up.",
            "通话套餐包已用尽或已过期。",
        ),
        Refusal::AgentQuotaExhausted => Fault::new(
            "FailedOperation.AILicenseHasExpired",
            "AI package expired. Please renew or repurchase.",
            "智能体套餐已过期，请续费或重新购买。",
        ),
        Refusal::NoAgentSlot { waited } => no_agent_slot(*waited),
        Refusal::TrunkFailed { why } => Fault::new(
            "FailedOperation.CallOutFailed",
            format!("Outbound call failure: {why}."),
            format!("外呼失败：{why}。"),
        ),
        Refusal::Draining => Fault::new(
            "FailedOperation.CallOutFailed",
            "Outbound call failure: the server is stopping.",
            "外呼失败：服务正在停止。",
        ),
    }
}

fn not_found(what: &str) -> Fault {
    match what {
        "voice agent" => Fault::new(
            "InvalidParameterValue",
            "The value of parameter `AIAgentId` is not valid: the instance has no such agent.",
            "参数 `AIAgentId` 的取值不正确：该实例下没有此智能体。",
        ),
        "conversation" => Fault::new(
            "InvalidParameterValue",
            "The variable `conversation-id` is not valid: the instance has no such conversation.",
            "变量 `conversation-id` 的取值不正确：该实例下没有此会话。",
        ),
        what => Fault::new(
            "ResourceNotFound",
            format!("The resource does not exist: {what}."),
            format!("资源不存在：{what}。"),
        ),
    }
}

fn no_agent_slot(waited: Duration) -> Fault {
    let seconds = waited.as_secs();
    Fault::new(
        "FailedOperation.AcquireQuota",
        format!("The limit of concurrent agent calls is reached; waited {seconds} s."),
        format!("智能体并发已达上限；已等待 {seconds} 秒。"),
    )
}

/// The sentence is the vendor's; the values that decided follow it.
fn rule_forbids(rule: CallRuleKind, detail: &str) -> Fault {
    let (code, english, chinese) = match rule {
        CallRuleKind::DoNotCall => (
            "FailedOperation.CalleeIsBlackUser",
            "High-risk users, do not call",
            "高风险用户，禁止呼叫",
        ),
        CallRuleKind::BlindArea => (
            "FailedOperation.CalloutRuleBlindArea",
            "The number is in a restricted calling zone",
            "被叫号码处于外呼盲区",
        ),
        CallRuleKind::WorkingHours => (
            "FailedOperation.CalloutRuleNotWorkTime",
            "Calls are not allowed at this time",
            "当前时间不允许外呼",
        ),
        CallRuleKind::CallerFrequency => (
            "FailedOperation.CallerOverFrequency",
            "Caller ID exceeds the outbound call limit",
            "主叫号码超过外呼频率限制",
        ),
        CallRuleKind::CalleeInterval => (
            "FailedOperation.CalloutRuleMaxCallCountCalleeIntervalTime",
            "Exceeded call limit for the callee within a set time",
            "超过被叫号码在间隔时间内的呼叫次数限制",
        ),
        CallRuleKind::CalleePerDay => (
            "FailedOperation.CalloutRuleMaxCallCountCalleePerDayAppID",
            "Exceeded daily call limit for the callee",
            "超过被叫号码每日呼叫次数限制",
        ),
    };
    Fault::new(
        code,
        format!("{english} ({detail})."),
        format!("{chinese}（{detail}）。"),
    )
}

impl From<app::Fault> for Fault {
    fn from(fault: app::Fault) -> Self {
        match fault {
            app::Fault::Refused(refusal) => of(&refusal),
            app::Fault::Store(error) => Self::from(error),
            app::Fault::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "failed to answer a request");
                Self::internal("InternalError")
            }
        }
    }
}

/// What is not there is the caller's to correct; everything else is ours.
impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { what: "call" } => of(&Refusal::CallNotFound),
            StoreError::NotFound { what } => of(&Refusal::NotFound { what }),
            StoreError::Conflict { what } => of(&Refusal::Conflict { what }),
            StoreError::CallEnded => of(&Refusal::CallNotControllable { state: "ended" }),
            StoreError::Busy(_)
            | StoreError::Unavailable { .. }
            | StoreError::Corrupt { .. }
            | StoreError::WrongSealKey
            | StoreError::SealKey { .. }
            | StoreError::NewerSchema { .. }
            | StoreError::InUse { .. }
            | StoreError::Address { .. }
            | StoreError::Misuse { .. }
            | StoreError::Statement(_) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "failed to reach the database"
                );
                Self::internal(DB_ERROR)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<&str> = CallRuleKind::ALL
            .into_iter()
            .map(|rule| rule_forbids(rule, "").code)
            .collect();
        assert_eq!(codes.len(), CallRuleKind::ALL.len());
    }

    #[test]
    fn an_unknown_agent_is_a_wrong_value_and_other_things_are_not_found() {
        let code = |what| of(&Refusal::NotFound { what }).code;
        assert_eq!(code("voice agent"), "InvalidParameterValue");
        assert_eq!(code("trunk"), "ResourceNotFound");
    }

    #[test]
    fn what_we_got_wrong_does_not_leak_to_the_caller() {
        let fault = Fault::from(app::Fault::Internal(anyhow_with_a_path()));
        let message = fault.message(crate::fault::Language::English);
        assert!(!message.contains("secret"), "{message}");
    }

    fn anyhow_with_a_path() -> anyhow::Error {
        anyhow::anyhow!("cannot open /secret/place")
    }
}
