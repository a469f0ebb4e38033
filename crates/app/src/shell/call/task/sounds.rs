//! Sounds that are played into a call by request.

use std::sync::Arc;

use engine::call::{Input, MediaEvent, PlayId};
use media::{
    leg,
    playout::{Clip, Displaced, PlayMode},
};

use super::{Task, sound_clip};

/// A sound that was asked for by request.
pub(super) struct LoadedSound {
    pub(super) play: PlayId,
    pub(super) times: u32,
    pub(super) over: bool,
    pub(super) samples: anyhow::Result<Arc<[i16]>>,
}

impl Task {
    pub(super) fn load_sound(&self, play: PlayId, sound: model::SoundId, times: u32, over: bool) {
        let (app, to_sounds) = (Arc::clone(&self.app), self.to_sounds.clone());
        let tenant = self.call.tenant;
        tokio::spawn(async move {
            let samples = app.sounds().load(&app, tenant, sound).await;
            // The call may be over.
            let _ = to_sounds
                .send(LoadedSound {
                    play,
                    times,
                    over,
                    samples,
                })
                .await;
        });
    }

    pub(super) fn on_sound(&mut self, sound: LoadedSound) {
        match sound.samples {
            Ok(samples) => {
                let clip = Clip::whole(sound_clip(sound.play), samples).repeated(sound.times);
                let mode = if sound.over {
                    PlayMode::Over
                } else {
                    PlayMode::Instead(Displaced::Resumes)
                };
                self.order(leg::Command::Play { clip, mode });
            }
            Err(why) => {
                tracing::error!(%why, "a sound could not be played");
                let ended = MediaEvent::SoundEnded {
                    play: sound.play,
                    cut: true,
                };
                self.inputs.push_back(Input::Media(ended));
            }
        }
    }
}
