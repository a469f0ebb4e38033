//! Telling a voice agent in the middle of a call: `ControlAIConversation`.

use std::sync::Arc;

use api::kernel::{Action, Entry, Reached};
use app::{SayNow, SayWhat, Told};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{
    Ccc, Context,
    code::{SESSION_NOT_EXISTS, SESSION_NOT_IN_CONTROL_STATE},
    session_id::call_id,
};
use crate::fault::Fault;

pub(super) static ACTIONS: &[Entry<Ccc>] = &[Entry::of::<ControlAiConversation>()];

/// Longest words that are pushed or put to the model, in characters. The vendor names no limit;
/// this is that of a line of an agent.
const WORDS_CHARS_MAX: usize = 4_096;

/// Has the voice agent of a running call say something, or its model answer something.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ControlAiConversation {
    session_id: String,
    command: Option<String>,
    server_push_text: Option<ServerPushText>,
    #[serde(rename = "InvokeLLM")]
    invoke_llm: Option<InvokeLlm>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ServerPushText {
    text: Option<String>,
    #[serde(default)]
    interrupt: bool,
    #[serde(default)]
    stop_after_play: bool,
    audio: Option<String>,
    drop_mode: Option<u64>,
    priority: Option<u64>,
    #[serde(default)]
    add_history: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InvokeLlm {
    content: Option<String>,
    #[serde(default)]
    interrupt: bool,
}

#[derive(Serialize)]
struct ControlAiConversationResponse {}

impl Action for ControlAiConversation {
    type Dialect = Ccc;
    type Response = ControlAiConversationResponse;
    const NAME: &'static str = "ControlAIConversation";
    const REFUSALS: &'static [Reached] = &[
        Reached {
            code: SESSION_NOT_EXISTS,
            when: "the instance has no call with this `SessionId`",
        },
        Reached {
            code: SESSION_NOT_IN_CONTROL_STATE,
            when: "the call is not answered yet, or has ended",
        },
        Reached {
            code: "InvalidParameterValue",
            when: "`Command`, `DropMode` or `Priority` has another value than the vendor's, the words are longer than 4096 characters, or `Audio` is no sound",
        },
        Reached {
            code: "MissingParameter",
            when: "what `Command` names is absent, or neither words nor a sound are given",
        },
    ];

    async fn run(self, context: Context) -> Result<Self::Response, Fault> {
        let call = call_id(&self.session_id);
        let told = self.told().await?;
        context.app.instruct(context.tenant.id, &call, told).await?;
        Ok(ControlAiConversationResponse {})
    }
}

impl ControlAiConversation {
    /// `Command` is optional in the vendor's definition: what is given says which it is.
    async fn told(self) -> Result<Told, Fault> {
        let command = match (&self.command, &self.server_push_text, &self.invoke_llm) {
            (Some(command), _, _) => command.as_str(),
            (None, Some(_), None) => PUSH,
            (None, None, Some(_)) => INVOKE,
            (None, _, _) => return Err(Fault::missing("Command")),
        };
        match command {
            PUSH => {
                let push = self.server_push_text;
                push.ok_or_else(|| Fault::missing(PUSH))?.told().await
            }
            INVOKE => {
                let invoke = self.invoke_llm;
                invoke.ok_or_else(|| Fault::missing(INVOKE))?.told()
            }
            _ => Err(Fault::wrong_value(
                "Command",
                "it is `ServerPushText` or `InvokeLLM`",
            )),
        }
    }
}

const PUSH: &str = "ServerPushText";
const INVOKE: &str = "InvokeLLM";

impl ServerPushText {
    async fn told(self) -> Result<Told, Fault> {
        let waits = one_of("ServerPushText.DropMode", self.drop_mode)?;
        let bound = one_of("ServerPushText.Priority", self.priority)?;
        // Where there is a sound, the vendor takes no words.
        let what = match self.audio.filter(|audio| !audio.is_empty()) {
            Some(audio) => SayWhat::Sound(samples(&audio).await?),
            None => SayWhat::Text(words("ServerPushText.Text", self.text)?),
        };
        Ok(Told::Say(SayNow {
            what,
            interrupt: self.interrupt,
            waits,
            interruptible: !bound,
            remembered: self.add_history,
            then_hang_up: self.stop_after_play,
        }))
    }
}

impl InvokeLlm {
    fn told(self) -> Result<Told, Fault> {
        Ok(Told::Think {
            content: words("InvokeLLM.Content", self.content)?,
            interrupt: self.interrupt,
        })
    }
}

/// A switch that the vendor writes as 0 or 1; 0 if absent.
fn one_of(name: &str, value: Option<u64>) -> Result<bool, Fault> {
    match value.unwrap_or(0) {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Fault::wrong_value(name, "it is 0 or 1")),
    }
}

fn words(name: &str, text: Option<String>) -> Result<String, Fault> {
    let text = text.filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| Fault::missing(name))?;
    if text.chars().count() > WORDS_CHARS_MAX {
        return Err(Fault::wrong_value(
            name,
            "it is at most 4096 characters long",
        ));
    }
    Ok(text)
}

/// A WAV file of any rate, or samples at 16 kHz: signed, 16 bits, little endian, one channel. The
/// vendor wants the rate of the speaker and does not say which that is; 16 kHz is what its
/// `CustomTTSConfig` has by default.
async fn samples(audio: &str) -> Result<Arc<[i16]>, Fault> {
    let wrong = |why: &str| Fault::wrong_value("ServerPushText.Audio", why);
    let bytes = STANDARD
        .decode(audio.trim())
        .map_err(|_| wrong("it is no Base64"))?;
    app::sent_sound(bytes)
        .await
        .map_err(|why| wrong(&why.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[tokio::test]
    async fn the_vendors_sample_is_said_at_once() {
        let told = told(json!({
            "SessionId": "s", "Command": "ServerPushText",
            "ServerPushText": {"Text": "你好很高兴为您服务", "Interrupt": true},
        }))
        .await
        .unwrap();
        let Told::Say(say) = told else {
            panic!("it is said")
        };
        assert!(matches!(say.what, SayWhat::Text(text) if text == "你好很高兴为您服务"));
        assert!(say.interrupt && say.interruptible);
        assert!(!say.waits && !say.remembered && !say.then_hang_up);
    }

    #[tokio::test]
    async fn every_option_has_its_meaning() {
        let told = told(json!({
            "SessionId": "s",
            "ServerPushText": {
                "Text": "bye", "DropMode": 1, "Priority": 1, "AddHistory": true, "StopAfterPlay": true,
            },
        }))
        .await
        .unwrap();
        let Told::Say(say) = told else {
            panic!("it is said")
        };
        assert!(say.waits && say.remembered && say.then_hang_up);
        assert!(!say.interrupt && !say.interruptible);
    }

    #[tokio::test]
    async fn a_sound_wins_over_words_and_is_brought_to_the_rate_of_calls() {
        let audio = STANDARD.encode([0x10_u8; 3200]);
        let told = told(json!({
            "SessionId": "s", "Command": "ServerPushText",
            "ServerPushText": {"Text": "no", "Audio": audio},
        }))
        .await
        .unwrap();
        let Told::Say(say) = told else {
            panic!("it is said")
        };
        let SayWhat::Sound(samples) = say.what else {
            panic!("a sound")
        };
        assert_eq!(samples.len(), 800);
    }

    #[tokio::test]
    async fn what_is_wrong_is_named() {
        let push = |push: Value| json!({"SessionId": "s", "ServerPushText": push});
        for (request, code) in [
            (json!({"SessionId": "s"}), "MissingParameter"),
            (
                json!({"SessionId": "s", "Command": "InvokeLLM"}),
                "MissingParameter",
            ),
            (
                json!({"SessionId": "s", "Command": "Sing"}),
                "InvalidParameterValue",
            ),
            (push(json!({})), "MissingParameter"),
            (
                push(json!({"Text": "a", "DropMode": 2})),
                "InvalidParameterValue",
            ),
            (
                push(json!({"Text": "a", "Priority": 2})),
                "InvalidParameterValue",
            ),
            (
                push(json!({"Text": "a".repeat(4097)})),
                "InvalidParameterValue",
            ),
            (push(json!({"Audio": "%"})), "InvalidParameterValue"),
            (push(json!({"Audio": "AAA="})), "InvalidParameterValue"),
        ] {
            assert_eq!(
                told(request.clone()).await.unwrap_err().code,
                code,
                "{request}"
            );
        }
    }

    async fn told(request: Value) -> Result<Told, Fault> {
        let action: ControlAiConversation = serde_json::from_value(request).unwrap();
        action.told().await
    }
}
