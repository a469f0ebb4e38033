//! The envelope of Alibaba's DashScope, which its recognizers and speakers share.

use serde_json::{Value, json};

use super::{
    ServiceFailure, SpeechSettings,
    socket::{Address, Wire},
};

/// Where a task is run.
pub(crate) fn dashscope_address(settings: &SpeechSettings) -> Address {
    let mut headers = vec![("authorization", format!("Bearer {}", settings.key))];
    if !settings.app_id.is_empty() {
        headers.push(("x-dashscope-workspace", settings.app_id.clone()));
    }
    Address {
        url: settings.url.clone(),
        headers,
        protocol: None,
    }
}

/// A message of a task.
pub(crate) fn dashscope_task(action: &str, task: &str, payload: &Value) -> Wire {
    let header = json!({"action": action, "task_id": task, "streaming": "duplex"});
    Wire::Text(json!({"header": header, "payload": payload}).to_string())
}

/// Why a task has failed.
pub(crate) fn dashscope_failure(header: &Value) -> ServiceFailure {
    let code = header["error_code"].as_str().unwrap_or("task-failed");
    let why = header["error_message"].as_str().unwrap_or_default();
    ServiceFailure::refused(code, why)
}
