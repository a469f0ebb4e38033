//! The request of `CreateAICall`, and the call that it asks for.

use model::{PlaceVoiceAgentCall, Tenant, VoiceAgentId};
use serde::Deserialize;

use super::super::ai_agent::{
    WireVariable, belongs, callers, number, ring_time, slot_wait, variables,
};
use crate::fault::Fault;

/// Calls a number and lets the model of the request talk. Numbers and texts are as the vendor's
/// definition has them; it was checked before that they have the right types.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateAiCall {
    callee: String,
    #[serde(rename = "LLMType")]
    pub(super) llm_type: String,
    #[serde(rename = "APIKey")]
    pub(super) api_key: String,
    #[serde(rename = "APIUrl")]
    pub(super) api_url: String,
    #[serde(default)]
    pub(super) system_prompt: String,
    #[serde(default)]
    pub(super) model: String,
    pub(super) voice_type: Option<String>,
    #[serde(default)]
    callers: Vec<String>,
    #[serde(default)]
    pub(super) welcome_message: String,
    pub(super) welcome_type: Option<i64>,
    pub(super) welcome_message_priority: Option<i64>,
    pub(super) max_duration: Option<i64>,
    #[serde(default)]
    pub(super) languages: Vec<String>,
    pub(super) interrupt_mode: Option<i64>,
    pub(super) interrupt_speech_duration: Option<i64>,
    #[serde(default)]
    pub(super) end_function_enable: bool,
    pub(super) end_function_desc: Option<String>,
    #[serde(default)]
    pub(super) transfer_function_enable: bool,
    #[serde(default)]
    pub(super) transfer_items: Vec<TransferItem>,
    #[serde(default)]
    pub(super) transfer_to_agent_enable: bool,
    #[serde(default)]
    pub(super) transfer_to_agent_items: Vec<TransferToAgentItem>,
    pub(super) notify_duration: Option<i64>,
    pub(super) notify_message: Option<String>,
    pub(super) notify_max_count: Option<u64>,
    #[serde(rename = "CustomTTSConfig")]
    pub(super) custom_tts_config: Option<String>,
    /// The predecessor of `Variables`, which prevails where both have a key.
    #[serde(default)]
    prompt_variables: Vec<WireVariable>,
    pub(super) vad_silence_time: Option<i64>,
    #[serde(default)]
    pub(super) extract_config: Vec<ExtractItem>,
    pub(super) temperature: Option<f64>,
    #[serde(default)]
    variables: Vec<WireVariable>,
    pub(super) top_p: Option<f64>,
    pub(super) vad_level: Option<u64>,
    pub(super) tone_word: Option<ToneWord>,
    pub(super) enable_compliance_audio: Option<bool>,
    #[serde(default)]
    pub(super) enable_voicemail_detection: bool,
    pub(super) voicemail_action: Option<u64>,
    #[serde(rename = "LLMExtraBody")]
    pub(super) llm_extra_body: Option<String>,
    pub(super) max_call_duration_ms: Option<u64>,
    max_ring_timeout_second: Option<i64>,
    pub(super) ambient_sound_type: Option<String>,
    pub(super) ambient_sound_volume: Option<f64>,
    acquire_timeout_second: Option<u64>,
    #[serde(rename = "CustomSTTConfig")]
    pub(super) custom_stt_config: Option<String>,
}

/// A function by which the model hands the caller over to people.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TransferItem {
    pub(super) transfer_function_name: String,
    pub(super) transfer_function_desc: String,
    pub(super) transfer_skill_group_id: i64,
}

/// A function by which the model hands the caller over to another agent.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TransferToAgentItem {
    pub(super) transfer_to_agent_name: String,
    pub(super) transfer_to_agent_desc: String,
    pub(super) transfer_to_agent_id: i64,
}

/// Words said while the first sentence is late.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ToneWord {
    /// Seconds.
    pub(super) first_sentence_timeout: Option<f64>,
    #[serde(rename = "ZHToneWords")]
    pub(super) words: Option<ToneWords>,
}

/// The words, by the tone that they fit.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ToneWords {
    #[serde(default)]
    pub(super) neutral: Vec<String>,
    #[serde(default)]
    pub(super) positive: Vec<String>,
    #[serde(default)]
    pub(super) negative: Vec<String>,
}

/// Something that is to be found out from the call.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ExtractItem {
    pub(super) info_type: String,
    pub(super) info_name: String,
    #[serde(default)]
    pub(super) info_content: String,
    #[serde(default)]
    pub(super) examples: Vec<String>,
    #[serde(default)]
    pub(super) choices: Vec<String>,
}

impl CreateAiCall {
    /// The call, but for its agent. Takes what of the request is its own.
    pub(super) fn command(&self, tenant: &Tenant) -> Result<PlaceVoiceAgentCall, Fault> {
        let variables = variables(&self.prompt_variables, &self.variables)?;
        Ok(PlaceVoiceAgentCall {
            tenant: tenant.id,
            voice_agent: VoiceAgentId::BROUGHT,
            callee: number("Callee", &self.callee, tenant)?,
            callers: callers(&self.callers, tenant)?,
            belongs: belongs(&variables),
            variables,
            ring_time_max: self.max_ring_timeout_second.map(ring_time).transpose()?,
            slot_wait_max: slot_wait(self.acquire_timeout_second)?,
            user_data: None,
        })
    }
}
