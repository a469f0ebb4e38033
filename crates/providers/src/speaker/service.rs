//! One speaker elsewhere, by whichever protocol.

use super::{azure, custom, minimax, openai, stream, volcengine};
use crate::{
    port::{BoxFuture, Speak, Speaker, SpeakerFault, Speech},
    speech::{ServiceFailure, SpeechKind, SpeechSettings},
};

/// The longest text of one request, in characters.
const TEXT_CHARS_MAX: usize = 4_096;

/// A speaker elsewhere.
#[derive(Debug)]
pub struct ServiceSpeaker {
    client: reqwest::Client,
    settings: SpeechSettings,
    /// A connection that waits for the next text.
    kept: stream::Kept,
}

impl ServiceSpeaker {
    /// Nothing is sent before the first text.
    pub fn new(client: reqwest::Client, settings: SpeechSettings) -> Self {
        Self {
            client,
            settings,
            kept: stream::Kept::default(),
        }
    }

    async fn say(&self, speak: Speak) -> Result<Speech, SpeakerFault> {
        let n_chars = speak.text.chars().count();
        if n_chars > TEXT_CHARS_MAX {
            return Err(SpeakerFault::TextTooLong {
                n_chars,
                n_chars_max: TEXT_CHARS_MAX,
            });
        }
        if !speak.text.chars().any(char::is_alphanumeric) {
            return Err(SpeakerFault::NothingToSay);
        }
        let (client, settings) = (&self.client, &self.settings);
        let said: Result<Speech, ServiceFailure> = match self.settings.kind {
            SpeechKind::OpenAi => openai::speak(client, settings, &speak).await,
            SpeechKind::Custom => custom::speak(client, settings, &speak).await,
            SpeechKind::MiniMax => minimax::speak(client, settings, &speak).await,
            SpeechKind::Azure => azure::speak(client, settings, &speak).await,
            SpeechKind::VolcEngine => volcengine::speak(client, settings, &speak).await,
            SpeechKind::Tencent | SpeechKind::DashScope => {
                stream::speak(&self.kept, settings, speak).await
            }
            SpeechKind::Deepgram | SpeechKind::Sherpa | SpeechKind::FunAsr => {
                Err(ServiceFailure::refused("its type", "it only hears"))
            }
        };
        said.map_err(|why| why.of_speaker(self.name()))
    }
}

impl Speaker for ServiceSpeaker {
    fn name(&self) -> &'static str {
        self.settings.kind.engine()
    }

    fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>> {
        Box::pin(self.say(speak))
    }
}
