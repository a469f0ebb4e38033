//! Tries a speech service: does it speak, does it understand, and how soon?

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use providers::{
    port::{
        FRAME_SAMPLES, Frame, Heard, Language, ListenSettings, Recognizer as _, SAMPLE_RATE_HZ,
        Speak, Speaker as _,
    },
    recognizer::remote::{EarBackend, RemoteRecognizer},
    speaker::ServiceSpeaker,
    speech::SpeechSettings,
};
use store::SpeechService;

use crate::{
    App,
    language_model::client,
    speech_service::{SpeechServiceRole, SpeechServiceSettings},
};

/// Longest time that a trial may take.
const TRIAL_MAX: Duration = Duration::from_secs(40);

/// What came of a trial.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpeechTrial {
    /// The words that were spoken, by the service or to it.
    pub said: String,
    /// What a recognizer understood.
    pub heard: Option<String>,
    /// From the request to a speaker's first sound, or from the end of speech to a recognizer's
    /// words.
    pub latency: Option<Duration>,
    /// From the request to a speaker's last sound.
    pub whole: Option<Duration>,
    /// How long the speech is.
    pub sound: Duration,
    /// Whether a recognizer told words before the end.
    pub partials: bool,
    /// Why it did not work.
    pub fault: Option<String>,
}

/// Has a service say `text`, or hear it from the local speaker at the speed of speech. `None` if what
/// is stored of it cannot be read.
pub async fn test_speech_service(
    app: &Arc<App>,
    service: SpeechService,
    text: String,
    language: Language,
) -> Option<SpeechTrial> {
    let stored = SpeechServiceSettings::stored(&service.settings.settings)?;
    let settings = stored.provider(service.settings.name, service.settings.key);
    let speak = Speak {
        is_fixed: false,
        ..Speak::new(text.clone(), language)
    };
    let mut trial = SpeechTrial {
        said: text,
        ..SpeechTrial::default()
    };
    let trying = async {
        match stored.role {
            SpeechServiceRole::Speaker => speaks(settings, speak, &mut trial).await,
            SpeechServiceRole::Recognizer => hears(app, settings, speak, &mut trial).await,
        }
    };
    let done = tokio::time::timeout(TRIAL_MAX, trying).await;
    trial.fault = done
        .unwrap_or_else(|_| Err("not done in time".to_owned()))
        .err();
    Some(trial)
}

async fn speaks(
    settings: SpeechSettings,
    speak: Speak,
    trial: &mut SpeechTrial,
) -> Result<(), String> {
    let speaker = ServiceSpeaker::new(client(), settings);
    let began = Instant::now();
    let speech = speaker.speak(speak).await.map_err(|why| why.to_string())?;
    let speech = speech.begun().await.map_err(|why| why.to_string())?;
    trial.latency = Some(began.elapsed());
    let samples = speech.collect().await.map_err(|why| why.to_string())?;
    trial.whole = Some(began.elapsed());
    trial.sound = length(samples.len());
    Ok(())
}

async fn hears(
    app: &Arc<App>,
    settings: SpeechSettings,
    speak: Speak,
    trial: &mut SpeechTrial,
) -> Result<(), String> {
    let language = speak.language.clone();
    let speech = app.speaker().speak(speak).await;
    let speech = speech.map_err(|why| format!("the local speaker: {why}"))?;
    let samples = speech.collect().await.map_err(|why| why.to_string())?;
    trial.sound = length(samples.len());
    let recognizer = RemoteRecognizer::new(client(), vec![EarBackend::Service(Box::new(settings))]);
    let listen = ListenSettings {
        language,
        expected: Vec::new(),
    };
    let (mut listening, mut heard) = recognizer.open(listen).map_err(|why| why.to_string())?;
    listening.utterance_started();
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    for frame in samples.chunks(FRAME_SAMPLES) {
        tick.tick().await;
        let mut whole: Frame = [0; FRAME_SAMPLES];
        whole[..frame.len()].copy_from_slice(frame);
        listening.push(&whole);
    }
    listening.utterance_ended();
    let ended = Instant::now();
    while let Some(heard) = heard.recv().await {
        match heard {
            Heard::Partial { .. } => trial.partials = true,
            Heard::Finished { .. } | Heard::Unrecognizable { .. } => {}
            Heard::Final { text, .. } => {
                trial.latency = Some(ended.elapsed());
                trial.heard = Some(text);
                return Ok(());
            }
            Heard::Nothing { .. } => return Err("it understood nothing".to_owned()),
            Heard::Failed { fault, .. } => return Err(fault.to_string()),
        }
    }
    Err("it has gone".to_owned())
}

fn length(n_samples: usize) -> Duration {
    Duration::from_secs_f64(n_samples as f64 / f64::from(SAMPLE_RATE_HZ))
}
