//! The clips of a conversation: texts that are spoken, sounds that are loaded, and their way to the leg.

use std::sync::Arc;

use media::{
    leg,
    playout::{Clip, PlayMode},
    tone,
};
use providers::port::Speak;
use voice::reply::SpanId;

use super::{Piece, Spoken, Voice, clip_id, order};
use crate::{
    App,
    agent_document::COMPLIANCE_TONE,
    shell::{call::span::Span, media::LegHandle},
};

impl Voice {
    pub(super) fn synthesize(&mut self, span: SpanId, text: String) {
        let speaker = Arc::clone(&self.speaker);
        let written = self.said_once_but.as_ref();
        let speak = Speak {
            is_fixed: written.is_none_or(|written| written.contains(&text)),
            text,
            ..self.speak.clone()
        };
        let spoken = self.spoken.clone();
        let piece = move |piece| Spoken { span, piece };
        let made = async move {
            let mut speech = match speaker.speak(speak).await {
                Ok(speech) => speech,
                Err(fault) => return Err(fault.to_string()),
            };
            while let Some(made) = speech.next().await {
                let made = made.map_err(|fault| fault.to_string())?;
                let piece = piece(Ok(Piece {
                    samples: made.samples,
                    marks: made.marks,
                    last: false,
                }));
                // The call may be over: then nobody needs the rest.
                if spoken.send(piece).await.is_err() {
                    break;
                }
            }
            Ok(Arc::from([]))
        };
        self.make(span, made);
    }

    pub(super) fn load(&mut self, span: SpanId, sound: String, app: &Arc<App>) {
        let (app, tenant) = (Arc::clone(app), self.tenant);
        if sound == COMPLIANCE_TONE {
            self.make(span, async { Ok(tone::machine_announcement().into()) });
            return;
        }
        if let Some(samples) = self.sent.remove(&sound) {
            self.make(span, async { Ok(samples) });
            return;
        }
        self.make(span, async move {
            let id = sound
                .parse()
                .map_err(|_| format!("`{sound}` is no sound id"))?;
            app.sounds()
                .load(&app, tenant, model::SoundId(id))
                .await
                .map_err(|why| format!("{why:#}"))
        });
    }

    fn make(
        &mut self,
        span: SpanId,
        making: impl Future<Output = Result<Arc<[i16]>, String>> + Send + 'static,
    ) {
        let spoken = self.spoken.clone();
        let maker = tokio::spawn(async move {
            let piece = making.await.map(|samples| Piece {
                samples,
                marks: Vec::new(),
                last: true,
            });
            // The call may be over.
            let _ = spoken.send(Spoken { span, piece }).await;
        });
        self.spans.insert(
            span,
            Span {
                pieces: Vec::new(),
                tail: Vec::new(),
                is_whole: false,
                maker: Some(maker.abort_handle()),
            },
        );
    }

    /// Plays what is made of a clip; [`Voice::spoken`] adds the rest as it comes.
    pub(super) fn play(&mut self, id: SpanId, leg: Option<&LegHandle>) {
        let Some(span) = self.spans.get(&id) else {
            return;
        };
        self.playing = Some(id);
        let mode = PlayMode::Queue;
        if let (true, [samples]) = (span.is_whole, span.pieces.as_slice()) {
            let clip = Clip::whole(clip_id(id), Arc::clone(samples));
            return order(leg, leg::Command::Play { clip, mode });
        }
        let clip = Clip::growing(clip_id(id));
        order(leg, leg::Command::Play { clip, mode });
        let n_pieces = span.pieces.len();
        for (idx, samples) in span.pieces.iter().enumerate() {
            let append = leg::Command::Append {
                id: clip_id(id),
                samples: Arc::clone(samples),
                finished: span.is_whole && idx + 1 == n_pieces,
            };
            order(leg, append);
        }
    }
}
