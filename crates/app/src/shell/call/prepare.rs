//! Gets a voice agent ready while the phone rings: its thinker, its ear, and its lines spoken ahead.

use std::sync::Arc;

use model::{Call, Variable};
use providers::{
    port::{
        Heard, Language, ListenSettings, Listening, Recognizer, Speak, Speaker, Thinker, Thought,
        Thoughts,
    },
    thinker::ScriptThinker,
};
use tokio::sync::mpsc;
use voice::{
    line::{Line, Variables},
    script::{Script, ScriptRun},
};

use super::{
    clock::CallClock,
    voice::{Spoken, Voice, VoiceParts},
};
use crate::{App, agent_document::Parsed, dialogue, speech, thinking};

/// Lines of the script that a service elsewhere speaks ahead: it is paid for each, and most calls
/// never come to the later ones.
const LINES_AHEAD_MAX: usize = 5;

/// The talking side of a call, and what it is waiting for.
pub struct Prepared {
    /// Silent until it is started.
    pub voice: Voice,
    /// Lines that were made to sound.
    pub spoken: mpsc::Receiver<Spoken>,
    /// What the recognizer says; `None` where nobody listens.
    pub heard: Option<mpsc::Receiver<Heard>>,
    /// What the thinker decides.
    pub thoughts: mpsc::Receiver<Thought>,
}

/// Gets everything ready that can be had before the answer.
pub async fn prepare(app: &Arc<App>, call: &Call, agent: &Parsed, clock: CallClock) -> Prepared {
    let variables: Variables = call.variables.iter().map(pair).collect();
    let script = &agent.script;
    let settings = agent.settings(&variables);
    let (tenant, parts) = (call.tenant, agent.speech());
    let heard_in = speak_like(script);
    let speak = Speak {
        speed_percent: parts.speed_percent,
        ..spoken_by(agent, heard_in.clone())
    };
    let speaker = speech::speaker(app, tenant, parts).await;
    let mut lines = script.lines(&variables);
    let n_ahead = match parts.speaks_locally() {
        true => lines.len(),
        false => lines.len().min(LINES_AHEAD_MAX),
    };
    let mut ahead = lines[..n_ahead].to_vec();
    let by_itself = settings.notify.as_ref().map(|notify| notify.line.clone());
    ahead.extend(settings.fallback.clone());
    ahead.extend(by_itself.clone());
    lines.extend(settings.fallback.clone());
    lines.extend(by_itself);
    speak_ahead(&speaker, &ahead, &speak);
    let recognizer = speech::recognizer(app, tenant, parts).await;
    let (listening, heard) = listen(&*recognizer, &heard_in.language).unzip();
    let written = lines.into_iter().filter_map(|line| match line {
        Line::Text(text) => Some(text),
        Line::Sound(_) => None,
    });
    let said_once_but = (!agent.is_written()).then(|| written.collect());
    let elsewhere = match dialogue::thinker(app.store(), call).await {
        None => {
            let held = thinking::Held::default();
            thinking::thinker(app.store(), call, agent, held).await
        }
        elsewhere => elsewhere,
    };
    let (thinker, thoughts) = elsewhere.unwrap_or_else(|| think(script, &variables));
    let (voice, spoken) = Voice::new(VoiceParts {
        settings,
        thinker,
        speaker,
        speak,
        said_once_but,
        listening,
        clock,
        tenant: call.tenant,
    });
    Prepared {
        voice,
        spoken,
        heard,
        thoughts,
    }
}

fn think(script: &Script, variables: &Variables) -> (Box<dyn Thinker>, mpsc::Receiver<Thought>) {
    let (thoughts, inbox) = Thoughts::queue();
    let run = ScriptRun::new(Arc::new(script.clone()), variables);
    (Box::new(ScriptThinker::new(run, thoughts)), inbox)
}

fn listen(
    recognizer: &dyn Recognizer,
    language: &Language,
) -> Option<(Box<dyn Listening>, mpsc::Receiver<Heard>)> {
    let settings = ListenSettings {
        language: language.clone(),
        expected: Vec::new(),
    };
    match recognizer.open(settings) {
        Ok(listening) => Some(listening),
        Err(fault) => {
            tracing::warn!(%fault, "speech is not recognized in this call, keys are");
            None
        }
    }
}

/// Has every line of the script spoken into the cache while the phone rings, soonest first.
fn speak_ahead(speaker: &Arc<dyn Speaker>, lines: &[Line], speak: &Speak) {
    let speaks: Vec<Speak> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Text(text) => Some(Speak {
                text: text.clone(),
                ..speak.clone()
            }),
            Line::Sound(_) => None,
        })
        .collect();
    let speaker = Arc::clone(speaker);
    tokio::spawn(async move {
        for speak in speaks {
            let ready = match speaker.speak(speak).await {
                Ok(speech) => speech.collect().await.map(drop),
                Err(fault) => Err(fault),
            };
            if let Err(fault) = ready {
                tracing::warn!(%fault, "a line could not be spoken ahead");
            }
        }
    });
}

/// Language and voice of a script, for every line of it.
fn speak_like(script: &Script) -> Speak {
    let parts = script.parts();
    // A script with a tag that is none is spoken in English rather than not at all.
    let language = parts
        .language
        .parse()
        .unwrap_or_else(|_| Language::english());
    let speak = Speak::new("", language);
    match &parts.voice {
        Some(voice) => speak.with_voice(voice),
        None => speak,
    }
}

/// The voice may have another language than the caller.
fn spoken_by(agent: &Parsed, speak: Speak) -> Speak {
    let voice = agent.brought.as_ref();
    let language = voice.and_then(|brought| brought.exact.voice_language.as_ref());
    match language.and_then(|tag| tag.parse().ok()) {
        Some(language) => Speak { language, ..speak },
        None => speak,
    }
}

fn pair(variable: &Variable) -> (String, String) {
    (variable.key.clone(), variable.value.clone())
}
