//! What is written of a script, and the voice agent that it becomes.

use app::{App, agent_document};
use model::VoiceAgentDraft;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{fault::Fault, outboundbot::dialogue::short};

/// Longest name of a voice agent.
pub(super) const NAME_MAX: usize = 64;

/// Longest description and configuration.
const NOTE_MAX: usize = 4096;

/// The engine that has its words from the customer's function.
const SSE_FUNCTION: &str = "SSE_FUNCTION";

/// What both writing actions take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Written {
    script_name: String,
    industry: String,
    scene: String,
    script_description: Option<String>,
    #[serde(default)]
    script_content: Vec<String>,
    nlu_engine: Option<String>,
    #[serde(default)]
    script_nlu_profile_json_string: String,
    asr_config: Option<String>,
    tts_config: Option<String>,
    chat_config: Option<String>,
}

/// What is kept of a script beside its voice agent.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Body {
    /// The document that is not published yet.
    pub draft: Option<String>,
    pub description: String,
    pub industry: String,
    pub scene: String,
    pub nlu_engine: String,
    /// Where the words come from; empty if they are in the document.
    pub sse_url: String,
    pub asr_config: String,
    pub tts_config: String,
    pub chat_config: String,
}

impl Body {
    pub fn of(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("a script is plain data")
    }

    /// The voice agent that this becomes.
    pub fn voice_agent(&self, name: &str) -> Result<VoiceAgentDraft, Fault> {
        let definition = self
            .draft
            .clone()
            .ok_or_else(|| Fault::missing("ScriptContent"))?;
        let parsed = agent_document::parse(&definition)
            .map_err(|fault| Fault::invalid("ScriptContent", &fault.to_string()))?;
        Ok(VoiceAgentDraft {
            name: name.to_owned(),
            definition,
            variable_names: parsed.variable_names.into_iter().collect(),
        })
    }
}

impl Written {
    /// Brings what is given into `body`; gives the name.
    pub fn apply(self, app: &App, body: &mut Body) -> Result<String, Fault> {
        short("ScriptName", &self.script_name, NAME_MAX)?;
        if self.script_name.trim().is_empty() {
            return Err(Fault::missing("ScriptName"));
        }
        for (field, text, to) in [
            ("Industry", Some(self.industry), &mut body.industry),
            ("Scene", Some(self.scene), &mut body.scene),
            (
                "ScriptDescription",
                self.script_description,
                &mut body.description,
            ),
            ("AsrConfig", self.asr_config, &mut body.asr_config),
            ("TtsConfig", self.tts_config, &mut body.tts_config),
            ("ChatConfig", self.chat_config, &mut body.chat_config),
        ] {
            if let Some(text) = text {
                short(field, &text, NOTE_MAX)?;
                *to = text;
            }
        }
        match self.nlu_engine.as_deref() {
            None => {}
            Some(engine @ ("" | SSE_FUNCTION)) => engine.clone_into(&mut body.nlu_engine),
            Some(_) => {
                let why = "it is empty or SSE_FUNCTION; prompts and workflows are not built here";
                return Err(Fault::invalid("NluEngine", why));
            }
        }
        if !self.script_nlu_profile_json_string.is_empty() {
            body.sse_url = function_url(app, &self.script_nlu_profile_json_string)?;
        }
        if body.nlu_engine != SSE_FUNCTION {
            body.sse_url.clear();
        } else if body.sse_url.is_empty() {
            return Err(Fault::missing("ScriptNluProfileJsonString"));
        }
        if !self.script_content.is_empty() {
            body.draft = Some(document(&self.script_content)?);
        } else if body.nlu_engine == SSE_FUNCTION && body.draft.is_none() {
            body.draft = Some(json!({"language": "zh"}).to_string());
        }
        Ok(self.script_name)
    }
}

/// `fcHttpTriggerUrl` of a profile.
fn function_url(app: &App, text: &str) -> Result<String, Fault> {
    let invalid = |why: &str| Fault::invalid("ScriptNluProfileJsonString", why);
    let profile: Value = serde_json::from_str(text).map_err(|_| invalid("it is JSON"))?;
    let url = profile["fcHttpTriggerUrl"].as_str().unwrap_or_default();
    let is_http = url.starts_with("https://") || url.starts_with("http://");
    if !is_http || url.len() > 1024 {
        return Err(invalid("fcHttpTriggerUrl begins with http:// or https://"));
    }
    if !app.settings().fetch_private && app::names_private(url) {
        return Err(invalid("fcHttpTriggerUrl names a private network"));
    }
    Ok(url.to_owned())
}

/// The document in `ScriptContent`: a voice agent's own, or lines that are said first.
fn document(content: &[String]) -> Result<String, Fault> {
    let invalid = |why: &str| Fault::invalid("ScriptContent", why);
    let text = match content {
        [one] if one.trim_start().starts_with('{') => one.clone(),
        lines => json!({"language": "zh", "greeting": lines.join(" ")}).to_string(),
    };
    agent_document::parse(&text).map_err(|fault| invalid(&fault.to_string()))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_a_document_or_lines_that_are_said_first() {
        let own = r#"{"language": "en", "greeting": "Hello."}"#;
        assert_eq!(document(&[own.into()]).unwrap(), own);
        let lines = document(&["您好。".into(), "再见。".into()]).unwrap();
        assert!(lines.contains("您好。 再见。"), "{lines}");
        let refused = document(&[r#"{"language": "en", "greting": "x"}"#.into()]).unwrap_err();
        assert_eq!(refused.code, "InvalidScriptContent");
        assert!(refused.message.contains("greting"), "{refused}");
    }
}
