//! The voice agent that a request describes, as a document of ours with a model of its own.

use app::{
    agent_document::{BROUGHT_MODEL, BroughtAgent, DocumentFault, Exact, ExactNotify},
    language_model::{LanguageModelSettings, LanguageModelType},
};
use serde_json::{Map, Value, json};

use super::{
    request::{CreateAiCall, ExtractItem, ToneWord, ToneWords},
    speech, within_ms, wrong,
};
use crate::fault::Fault;

/// Silence that ends the caller's turn without a wish, ms.
const VAD_SILENCE_MS: i64 = 1_000;
/// Speech that cuts the agent without a wish, ms.
const INTERRUPT_MS: i64 = 500;
/// Silence before the caller is asked again without a wish, and the shortest, ms.
const NOTIFY_MS: i64 = 10_000;
/// Longest silence before the caller is asked again, ms.
const NOTIFY_MAX_MS: i64 = 600_000;
/// Silence of the caller that ends the call without a wish, ms.
const SILENCE_MS: i64 = 60_000;
/// Bounds of that silence, ms. The vendor names none.
const SILENCE_BOUNDS_MS: (i64, i64) = (1_000, 3_600_000);
/// Bounds of the length of a call, ms. The vendor names none.
const CALL_BOUNDS_MS: (i64, i64) = (1_000, 86_400_000);
/// How late the first sentence may be before a filler without a wish, seconds.
const FILLER_S: f64 = 0.8;

/// The vendor's default of `NotifyMessage`, and its like for callers who speak no Chinese.
const NOTIFY_CHINESE: &str = "抱歉，我没听清。您可以重复下吗？";
const NOTIFY_ENGLISH: &str = "Sorry, I did not hear you. Could you say it again?";

/// The vendor's default of `EndFunctionDesc`.
const END_FUNCTION: &str =
    "End the call when user has to leave (like says bye) or you are instructed to do so.";
/// The vendor's default of `TransferFunctionDesc`.
const TRANSFER_FUNCTION: &str = "Transfer to human when the user has to transfer to human (like \
                                 says transfer to human) or you are instructed to do so.";

impl CreateAiCall {
    /// The agent.
    pub(super) fn agent(&self) -> Result<BroughtAgent, Fault> {
        let language = speech::language(&self.languages)?;
        let voice = speech::voice_language(self.voice_type.as_deref())?;
        let mut definition = json!({
            "language": language,
            "greeting_interruptible": self.may_cut_welcome()?,
            "thinker": self.thinker()?,
            "turns": self.turns()?,
            "telephone": self.telephone()?,
            "review": {"by_models": true, "items": self.review()?},
        });
        if let Some(greeting) = self.greeting()? {
            definition["greeting"] = json!(greeting);
        }
        BroughtAgent {
            definition,
            model: self.model()?,
            key: self.api_key.clone(),
            custom_tts: given(self.custom_tts_config.as_deref()).map(str::to_owned),
            custom_stt: given(self.custom_stt_config.as_deref()).map(str::to_owned),
            exact: Exact {
                voice_language: voice.filter(|voice| *voice != language).map(str::to_owned),
                ..self.exact(language)?
            },
        }
        .new()
        .map_err(|fault| of_document(&fault))
    }

    fn model(&self) -> Result<LanguageModelSettings, Fault> {
        let kind = match self.llm_type.to_ascii_lowercase().as_str() {
            "openai" => LanguageModelType::OpenAi,
            "azure" => LanguageModelType::Azure,
            "minimax" => LanguageModelType::MiniMax,
            "dify" => LanguageModelType::Dify,
            _ => {
                return Err(Fault::wrong_value(
                    "LLMType",
                    "it is openai, azure, minimax or dify",
                ));
            }
        };
        let settings = LanguageModelSettings {
            kind,
            model: self.model.clone(),
            temperature: self.temperature,
            top_p: self.top_p,
            extra_body: self.extra_body()?,
            ..LanguageModelSettings::at(self.api_url.trim())
        };
        match settings.check() {
            Ok(()) => Ok(settings),
            Err(fault) => Err(wrong(fault.field, &fault.why)),
        }
    }

    fn extra_body(&self) -> Result<Map<String, Value>, Fault> {
        let Some(text) = given(self.llm_extra_body.as_deref()) else {
            return Ok(Map::new());
        };
        serde_json::from_str(text)
            .map_err(|_| Fault::wrong_value("LLMExtraBody", "it is a JSON object in a string"))
    }

    fn greets(&self) -> Result<bool, Fault> {
        match self.welcome_type.unwrap_or(0) {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Fault::wrong_value("WelcomeType", "it is 0 or 1")),
        }
    }

    fn greeting(&self) -> Result<Option<&str>, Fault> {
        let greeting = given(Some(&self.welcome_message));
        Ok(greeting.filter(|_| self.greets() == Ok(false)))
    }

    fn may_cut_welcome(&self) -> Result<bool, Fault> {
        match self.welcome_message_priority.unwrap_or(0) {
            0 => Ok(true),
            2 => Ok(false),
            _ => Err(Fault::wrong_value("WelcomeMessagePriority", "it is 0 or 2")),
        }
    }

    fn thinker(&self) -> Result<Value, Fault> {
        let end = given(self.end_function_desc.as_deref()).unwrap_or(END_FUNCTION);
        let mut thinker = json!({
            "models": [BROUGHT_MODEL],
            "prompt": self.system_prompt,
            "greets": self.greets()?,
            "call_end": self.end_function_enable,
            "call_end_description": end,
            "transfers": self.transfers(),
            // The vendor has no field for it: the model is told, and goes on.
            "transfer_failed": {"go_on": true},
        });
        if let Some(tone) = &self.tone_word {
            thinker["filler"] = filler(tone)?;
        }
        Ok(thinker)
    }

    fn transfers(&self) -> Vec<Value> {
        let mut transfers = Vec::new();
        let function = |name: &str, description: &str, target: String| json!({"name": name, "description": description, "target": target});
        if self.transfer_function_enable && self.transfer_items.is_empty() {
            let target = "people".to_owned();
            transfers.push(function("transfer_to_human", TRANSFER_FUNCTION, target));
        }
        if self.transfer_function_enable {
            transfers.extend(self.transfer_items.iter().map(|item| {
                let description = given(Some(&item.transfer_function_desc));
                let target = format!("skill_group:{}", item.transfer_skill_group_id);
                let description = description.unwrap_or(TRANSFER_FUNCTION);
                function(&item.transfer_function_name, description, target)
            }));
        }
        if self.transfer_to_agent_enable {
            transfers.extend(self.transfer_to_agent_items.iter().map(|item| {
                let target = format!("agent:{}", item.transfer_to_agent_id);
                let description = &item.transfer_to_agent_desc;
                function(&item.transfer_to_agent_name, description, target)
            }));
        }
        transfers
    }

    fn turns(&self) -> Result<Value, Fault> {
        let silence = self.vad_silence_time.unwrap_or(VAD_SILENCE_MS);
        within_ms("VadSilenceTime", silence, 240, 2_000)?;
        let interrupt = self.interrupt_speech_duration.unwrap_or(INTERRUPT_MS);
        within_ms("InterruptSpeechDuration", interrupt, 100, 5_000)?;
        let barge_in = match self.interrupt_mode.unwrap_or(0) {
            0 => "speech",
            1 => "never",
            _ => return Err(Fault::wrong_value("InterruptMode", "it is 0 or 1")),
        };
        let level = self.vad_level.unwrap_or(0);
        if level > 3 {
            return Err(Fault::wrong_value("VadLevel", "it is 0 to 3"));
        }
        Ok(json!({
            "endpointing_ms": silence,
            "barge_in": barge_in,
            "barge_in_ms": interrupt,
            "vad_level": level,
        }))
    }

    fn telephone(&self) -> Result<Value, Fault> {
        let mut telephone = json!({
            "compliance_tone": self.enable_compliance_audio.unwrap_or(true),
        });
        if self.enable_voicemail_detection {
            match self.voicemail_action.unwrap_or(0) {
                0 => telephone["voicemail"] = json!("hang_up"),
                _ => return Err(Fault::wrong_value("VoicemailAction", "it is 0")),
            }
        }
        let Some(place) = given(self.ambient_sound_type.as_deref()) else {
            return Ok(telephone);
        };
        if !["coffee_shops", "busy_office"].contains(&place) {
            return Err(Fault::wrong_value(
                "AmbientSoundType",
                "it is coffee_shops or busy_office",
            ));
        }
        let volume = self.ambient_sound_volume.unwrap_or(1.0);
        if !(0.0..=2.0).contains(&volume) {
            return Err(Fault::wrong_value("AmbientSoundVolume", "it is 0 to 2"));
        }
        telephone["ambience"] = json!(place);
        telephone["ambience_volume"] = json!(volume);
        Ok(telephone)
    }

    fn review(&self) -> Result<Vec<Value>, Fault> {
        let items = self.extract_config.iter().enumerate();
        items.map(|(idx, item)| review_item(idx, item)).collect()
    }

    /// Waits to the millisecond.
    fn exact(&self, language: &str) -> Result<Exact, Fault> {
        let silence = self.max_duration.unwrap_or(SILENCE_MS);
        let (min, max) = SILENCE_BOUNDS_MS;
        within_ms("MaxDuration", silence, min, max)?;
        let call_ms = self.max_call_duration_ms.filter(|ms| *ms > 0);
        if let Some(ms) = call_ms {
            let (min, max) = CALL_BOUNDS_MS;
            let ms = i64::try_from(ms).unwrap_or(i64::MAX);
            within_ms("MaxCallDurationMs", ms, min, max)?;
        }
        let say = given(self.notify_message.as_deref()).unwrap_or(match language {
            "zh" | "zh-tw" => NOTIFY_CHINESE,
            _ => NOTIFY_ENGLISH,
        });
        let max = self.notify_max_count.map(u32::try_from).transpose();
        let max = max.map_err(|_| Fault::wrong_value("NotifyMaxCount", "it is too large"))?;
        Ok(Exact {
            call_ms,
            silence_ms: u64::try_from(silence).ok(),
            notify: Some(ExactNotify {
                after_ms: self.notify_after_ms()?,
                say: say.to_owned(),
                max,
            }),
            voice_language: None,
        })
    }

    /// The vendor's text counts `NotifyDuration` in seconds and its sample in milliseconds: what is
    /// below 1,000 is taken for seconds.
    fn notify_after_ms(&self) -> Result<u64, Fault> {
        let ms = match self.notify_duration {
            None => NOTIFY_MS,
            Some(given @ ..1_000) => given.saturating_mul(1_000),
            Some(given) => given,
        };
        let after = within_ms("NotifyDuration", ms, NOTIFY_MS, NOTIFY_MAX_MS)?;
        Ok(u64::try_from(after.as_millis()).unwrap_or(u64::MAX))
    }
}

/// The first list that holds words. Which tone fits is not known before the caller's words are
/// understood, so neutral words come first.
fn filler(tone: &ToneWord) -> Result<Value, Fault> {
    let none = ToneWords::default();
    let words = tone.words.as_ref().unwrap_or(&none);
    let lists = [&words.neutral, &words.positive, &words.negative];
    let lines = lists.into_iter().find(|words| !words.is_empty());
    let Some(lines) = lines else {
        return Err(Fault::wrong_value(
            "ToneWord.ZHToneWords",
            "it holds no words",
        ));
    };
    let after = tone.first_sentence_timeout.unwrap_or(FILLER_S);
    if !(0.2..=8.0).contains(&after) {
        return Err(Fault::wrong_value(
            "ToneWord.FirstSentenceTimeout",
            "it is 0.2 to 8 seconds",
        ));
    }
    let after_ms = (after * 1000.0).round() as u32;
    Ok(json!({"after_ms": after_ms, "lines": lines}))
}

fn review_item(idx: usize, item: &ExtractItem) -> Result<Value, Fault> {
    let kind = match item.info_type.as_str() {
        "Text" => "text",
        "Selector" => "choice",
        "Boolean" => "yes_no",
        "Number" => "number",
        _ => {
            return Err(Fault::wrong_value(
                &format!("ExtractConfig.{idx}.InfoType"),
                "it is Text, Selector, Boolean or Number",
            ));
        }
    };
    // Choices mean something for a selector only.
    let choices = if kind == "choice" {
        item.choices.as_slice()
    } else {
        &[]
    };
    Ok(json!({
        "name": item.info_name,
        "description": item.info_content,
        "type": kind,
        "examples": item.examples,
        "choices": choices,
    }))
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// What is wrong with the document, at the place of the request that it was made of.
fn of_document(fault: &DocumentFault) -> Fault {
    let places = [
        ("greeting", "WelcomeMessage"),
        ("thinker.prompt", "SystemPrompt"),
        ("thinker.transfers", "TransferItems"),
        ("thinker.filler", "ToneWord"),
        ("review.items", "ExtractConfig"),
        ("custom_tts", "CustomTTSConfig"),
        ("custom_stt", "CustomSTTConfig"),
    ];
    let place = places.iter().find(|(path, _)| fault.path.starts_with(path));
    match place {
        Some((_, name)) => Fault::wrong_value(name, &format!("`{}` {}", fault.path, fault.why)),
        None => Fault::wrong_value(&fault.path, &fault.why),
    }
}
