//! What of the vendor's sample request becomes of a call and its agent.

use model::{Tenant, TenantId, UnixMs};
use serde_json::{Value, json};

use super::request::CreateAiCall;
use crate::fault::Fault;

/// The vendor's sample, with its numbers.
fn sample() -> Value {
    json!({
        "Callee": "008612300000000",
        "SystemPrompt": "你是人民医院友善、和蔼的随访医生李医生，正在给患者小明的家长打电话。",
        "WelcomeMessage": "您好",
        "LLMType": "openai",
        "Model": "gpt-4o-mini",
        "APIKey": "sk-proj-xxxxx",
        "APIUrl": "https://api.openai.com/v1/",
        "VoiceType": "ZhiXi",
        "EndFunctionEnable": true,
        "CustomSTTConfig": "{\"STTType\":\"trtc\",\"AppId\":\"1300168489\",\"SecretId\":\"*\",\"SecretKey\":\"*\"}",
    })
}

#[test]
fn the_vendors_sample_becomes_an_agent_with_the_vendors_defaults() {
    let agent = request(sample()).agent().unwrap();
    let document = &agent.definition;
    assert_eq!(document["language"], "zh");
    assert_eq!(document["greeting"], "您好");
    assert_eq!(document["turns"]["endpointing_ms"], 1000);
    assert_eq!(document["turns"]["barge_in_ms"], 500);
    assert_eq!(document["telephone"]["compliance_tone"], true);
    assert_eq!(document["thinker"]["call_end"], true);
    assert_eq!(agent.model.model, "gpt-4o-mini");
    assert_eq!(agent.exact.silence_ms, Some(60_000));
    assert_eq!(agent.exact.call_ms, None);
    let notify = agent.exact.notify.as_ref().unwrap();
    assert_eq!((notify.after_ms, notify.max), (10_000, None));
    assert_eq!(notify.say, "抱歉，我没听清。您可以重复下吗？");
    assert!(!format!("{agent:?}").contains("sk-proj"));
}

#[test]
fn every_field_has_its_place() {
    let agent = changed(&json!({
        "LLMType": "azure", "Temperature": 0.1, "TopP": 0.8, "LLMExtraBody": "{\"seed\": 7}",
        "WelcomeMessagePriority": 2, "Languages": ["en", "zh"], "VoiceType": "ZhiQi",
        "InterruptMode": 1, "InterruptSpeechDuration": 300, "VadSilenceTime": 500, "VadLevel": 2,
        "EndFunctionEnable": false, "MaxDuration": 30_000, "MaxCallDurationMs": 600_000,
        "NotifyDuration": 15, "NotifyMessage": "Hello?", "NotifyMaxCount": 0,
        "EnableComplianceAudio": false, "EnableVoicemailDetection": true, "VoicemailAction": 0,
        "AmbientSoundType": "coffee_shops", "AmbientSoundVolume": 0.5,
        "ToneWord": {"FirstSentenceTimeout": 0.4, "ZHToneWords": {"Neutral": ["嗯嗯"]}},
        "TransferFunctionEnable": true,
        "TransferItems": [{"TransferFunctionName": "to_sales", "TransferFunctionDesc": "When asked.",
                           "TransferSkillGroupId": 7}],
        "TransferToAgentEnable": true,
        "TransferToAgentItems": [{"TransferToAgentName": "to_care", "TransferToAgentDesc": "After sales.",
                                  "TransferToAgentId": 12}],
        "ExtractConfig": [{"InfoType": "Selector", "InfoName": "wish", "InfoContent": "What counts",
                           "Choices": ["price", "colour"]}],
    }))
    .unwrap();
    let document = &agent.definition;
    assert_eq!(document["greeting_interruptible"], false);
    assert_eq!(
        document["turns"],
        json!({
            "endpointing_ms": 500, "barge_in": "never", "barge_in_ms": 300, "vad_level": 2,
        })
    );
    assert_eq!(
        document["telephone"],
        json!({
            "compliance_tone": false, "voicemail": "hang_up",
            "ambience": "coffee_shops", "ambience_volume": 0.5,
        })
    );
    let thinker = &document["thinker"];
    assert_eq!(thinker["call_end"], false);
    assert_eq!(
        thinker["filler"],
        json!({"after_ms": 400, "lines": ["嗯嗯"]})
    );
    assert_eq!(thinker["transfers"][0]["target"], "skill_group:7");
    assert_eq!(thinker["transfers"][1]["name"], "to_care");
    assert_eq!(document["review"]["items"][0]["type"], "choice");
    assert_eq!(agent.model.extra_body["seed"], 7);
    assert_eq!(
        (agent.model.temperature, agent.model.top_p),
        (Some(0.1), Some(0.8))
    );
    assert_eq!(agent.exact.voice_language.as_deref(), Some("zh"));
    assert_eq!(
        (agent.exact.call_ms, agent.exact.silence_ms),
        (Some(600_000), Some(30_000))
    );
    let notify = agent.exact.notify.as_ref().unwrap();
    assert_eq!((notify.after_ms, notify.max), (15_000, Some(0)));
}

#[test]
fn a_model_that_greets_has_no_welcome_message() {
    let agent = changed(&json!({"WelcomeType": 1})).unwrap();
    assert_eq!(agent.definition["thinker"]["greets"], true);
    assert!(agent.definition.get("greeting").is_none());
    let silent = changed(&json!({"WelcomeMessage": ""})).unwrap();
    assert!(silent.definition.get("greeting").is_none());
}

#[test]
fn what_cannot_be_is_refused_by_its_name() {
    for (change, name) in [
        (json!({"LLMType": "bard"}), "LLMType"),
        (json!({"APIUrl": "ftp://x"}), "APIUrl"),
        (json!({"Model": ""}), "Model"),
        (json!({"Temperature": 3.0}), "Temperature"),
        (json!({"TopP": 1.5}), "TopP"),
        (json!({"LLMExtraBody": "[]"}), "LLMExtraBody"),
        (json!({"WelcomeType": 2}), "WelcomeType"),
        (
            json!({"WelcomeMessagePriority": 1}),
            "WelcomeMessagePriority",
        ),
        (json!({"Languages": ["xx"]}), "Languages.0"),
        (
            json!({"Languages": ["zh", "en", "ja", "ko", "de"]}),
            "Languages",
        ),
        (json!({"VoiceType": "Nobody"}), "VoiceType"),
        (json!({"InterruptMode": 2}), "InterruptMode"),
        (
            json!({"InterruptSpeechDuration": 1}),
            "InterruptSpeechDuration",
        ),
        (json!({"VadSilenceTime": 239}), "VadSilenceTime"),
        (json!({"VadLevel": 4}), "VadLevel"),
        (json!({"NotifyDuration": 9}), "NotifyDuration"),
        (json!({"NotifyDuration": 9_999}), "NotifyDuration"),
        (json!({"MaxDuration": 0}), "MaxDuration"),
        (json!({"MaxCallDurationMs": 1}), "MaxCallDurationMs"),
        (
            json!({"EnableVoicemailDetection": true, "VoicemailAction": 1}),
            "VoicemailAction",
        ),
        (json!({"AmbientSoundType": "beach"}), "AmbientSoundType"),
        (
            json!({"AmbientSoundType": "busy_office", "AmbientSoundVolume": 2.1}),
            "AmbientSoundVolume",
        ),
        (json!({"ToneWord": {}}), "ToneWord.ZHToneWords"),
        (
            json!({"ExtractConfig": [{"InfoType": "Date", "InfoName": "a"}]}),
            "ExtractConfig.0.InfoType",
        ),
        (
            json!({"ExtractConfig": [{"InfoType": "Selector", "InfoName": "a"}]}),
            "ExtractConfig",
        ),
        (json!({"CustomTTSConfig": "{}"}), "CustomTTSConfig"),
        (
            json!({"CustomTTSConfig": "{\"TTSType\": \"siren\"}"}),
            "CustomTTSConfig",
        ),
        (json!({"CustomSTTConfig": "no"}), "CustomSTTConfig"),
        (
            json!({"CustomSTTConfig": "{\"STTType\": \"ear\"}"}),
            "CustomSTTConfig",
        ),
    ] {
        let fault = changed(&change).unwrap_err();
        assert_eq!(fault.code, "InvalidParameterValue", "{change}");
        let message = fault.message(crate::fault::Language::English);
        assert!(
            message.contains(&format!("`{name}`")),
            "{change}: {message}"
        );
    }
}

#[test]
fn speakers_and_recognizers_of_the_request_are_taken() {
    let agent = changed(&json!({
        "CustomTTSConfig": "{\"TTSType\": \"custom\", \"APIKey\": \"k\", \"APIUrl\": \"http://a.example/tts\"}",
    }))
    .unwrap();
    assert!(agent.custom_tts.is_some());
    assert!(agent.custom_stt.is_some());
}

#[test]
fn the_call_is_that_of_the_request() {
    let tenant = Tenant {
        id: TenantId(1),
        name: "Acme".into(),
        country_code: "86".into(),
        time_zone: "Asia/Shanghai".into(),
        created_at: UnixMs(0),
    };
    let mut body = sample();
    body["Variables"] = json!([{"Key": "name", "Value": "小明"}]);
    body["MaxRingTimeoutSecond"] = json!(15);
    body["AcquireTimeoutSecond"] = json!(0);
    let command = request(body).command(&tenant).unwrap();
    assert_eq!(command.callee.digits(), "8612300000000");
    assert_eq!(command.variables[0].value, "小明");
    assert_eq!(command.ring_time_max.unwrap().as_secs(), 15);
    assert!(command.slot_wait_max.is_zero());
}

fn changed(change: &Value) -> Result<app::agent_document::BroughtAgent, Fault> {
    let mut body = sample();
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    request(body).agent()
}

fn request(body: Value) -> CreateAiCall {
    serde_json::from_value(body).unwrap()
}
