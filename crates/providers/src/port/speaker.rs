//! The port of text-to-speech.
//!
//! # Invariants
//!
//! - A speech that ended without a fault is complete: a maker that dies in the middle is heard as
//!   [`SpeakerFault::Interrupted`], never as a shorter speech.
//! - Dropping a speech stops its maker, also one that waits for its vendor.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use voice::reply::Mark;

use super::{BoxFuture, Language};

/// An engine or vendor that turns text into speech.
pub trait Speaker: Send + Sync {
    /// Name of the engine in metrics and logs, such as `flite`.
    fn name(&self) -> &'static str;

    /// Speaks one text. Resolves as soon as the engine has accepted it; audio follows in the
    /// [`Speech`]. Dropping the future or the speech abandons the work.
    fn speak(&self, speak: Speak) -> BoxFuture<'_, Result<Speech, SpeakerFault>>;
}

/// What to say, and how.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Speak {
    /// Plain text, no markup. Engines refuse an empty text and one longer than their limit.
    pub text: String,
    /// Language of the text.
    pub language: Language,
    /// The engine's own name of a voice; `None` for the engine's choice in this language.
    pub voice: Option<String>,
    /// Speed in percent of the voice's own, 50 to 200; engines bring other values into the range.
    pub speed_percent: u16,
    /// The same words will be said in other calls: worth keeping.
    pub is_fixed: bool,
}

impl Speak {
    /// A text in the engine's own voice and speed.
    pub fn new(text: impl Into<String>, language: Language) -> Speak {
        Speak {
            text: text.into(),
            language,
            voice: None,
            speed_percent: 100,
            is_fixed: true,
        }
    }

    /// The same in a named voice.
    pub fn with_voice(self, voice: impl Into<String>) -> Speak {
        Speak {
            voice: Some(voice.into()),
            ..self
        }
    }
}

/// A stretch of a speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeechPiece {
    /// Mono PCM at [`SAMPLE_RATE_HZ`](super::SAMPLE_RATE_HZ), of any length.
    pub samples: Arc<[i16]>,
    /// Which words are said when, where the engine knows: heard text is cut there. Counted from
    /// the beginning of the speech; they may be of samples that came before or come later.
    pub marks: Vec<Mark>,
}

/// Speech as it is being made: pieces in order, then the end or a fault.
#[derive(Debug)]
pub struct Speech {
    source: Source,
    on_fault: Option<OnFault>,
}

/// Called when a speech breaks off.
struct OnFault(Box<dyn FnOnce() + Send>);

impl std::fmt::Debug for OnFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OnFault")
    }
}

#[derive(Debug)]
enum Source {
    Whole(Option<SpeechPiece>),
    Growing(mpsc::Receiver<Made>),
    /// The first piece was taken already, to see whether there is one.
    Led(Option<SpeechPiece>, mpsc::Receiver<Made>),
    Over,
}

#[derive(Debug)]
enum Made {
    Piece(SpeechPiece),
    End,
    Fault(SpeakerFault),
}

/// Where an engine puts the pieces of a growing [`Speech`].
#[derive(Debug)]
pub struct SpeechSink(mpsc::Sender<Made>);

impl Speech {
    /// A speech that is complete already.
    pub fn whole(samples: Arc<[i16]>) -> Speech {
        Speech::with_marks(samples, Vec::new())
    }

    /// A speech that is complete already, whose words are known.
    pub fn with_marks(samples: Arc<[i16]>, marks: Vec<Mark>) -> Speech {
        Speech::of(Source::Whole(Some(SpeechPiece { samples, marks })))
    }

    /// A speech that grows: its maker waits while `n_pieces_queued_max` pieces are unread.
    pub fn growing(n_pieces_queued_max: usize) -> (SpeechSink, Speech) {
        let (sender, receiver) = mpsc::channel(n_pieces_queued_max.max(1));
        (SpeechSink(sender), Speech::of(Source::Growing(receiver)))
    }

    fn of(source: Source) -> Speech {
        Speech {
            source,
            on_fault: None,
        }
    }

    /// Has `tell` called when this speech breaks off.
    #[must_use]
    pub fn on_fault(self, tell: impl FnOnce() + Send + 'static) -> Speech {
        Speech {
            on_fault: Some(OnFault(Box::new(tell))),
            ..self
        }
    }

    /// Waits for the first samples: a speech that has begun.
    ///
    /// # Errors
    ///
    /// Why there are none; an end without samples is [`SpeakerFault::Interrupted`].
    pub async fn begun(mut self) -> Result<Speech, SpeakerFault> {
        let mut marks = Vec::new();
        loop {
            let Some(piece) = self.next().await else {
                return Err(SpeakerFault::Interrupted);
            };
            let mut piece = piece?;
            if piece.samples.is_empty() {
                marks.append(&mut piece.marks);
                continue;
            }
            marks.append(&mut piece.marks);
            piece.marks = marks;
            self.source = match self.source {
                Source::Growing(rest) | Source::Led(_, rest) => Source::Led(Some(piece), rest),
                Source::Whole(_) | Source::Over => Source::Whole(Some(piece)),
            };
            return Ok(self);
        }
    }

    /// The next piece; `None` after the end and after a fault. Cancel-safe.
    pub async fn next(&mut self) -> Option<Result<SpeechPiece, SpeakerFault>> {
        let made = match &mut self.source {
            Source::Over => return None,
            Source::Whole(piece) => piece.take().map_or(Made::End, Made::Piece),
            Source::Led(first @ Some(_), _) => first.take().map_or(Made::End, Made::Piece),
            Source::Led(None, receiver) | Source::Growing(receiver) => receiver
                .recv()
                .await
                .unwrap_or(Made::Fault(SpeakerFault::Interrupted)),
        };
        match made {
            Made::Piece(piece) => Some(Ok(piece)),
            Made::End => {
                self.source = Source::Over;
                None
            }
            Made::Fault(fault) => {
                self.source = Source::Over;
                if let Some(OnFault(tell)) = self.on_fault.take() {
                    tell();
                }
                Some(Err(fault))
            }
        }
    }

    /// Waits for the end and returns all samples; a whole speech is not copied.
    pub async fn collect(mut self) -> Result<Arc<[i16]>, SpeakerFault> {
        if let Source::Whole(Some(piece)) = self.source {
            return Ok(piece.samples);
        }
        let mut samples = Vec::new();
        while let Some(piece) = self.next().await {
            samples.extend_from_slice(&piece?.samples);
        }
        Ok(samples.into())
    }
}

impl SpeechSink {
    /// Adds a piece, waiting while the queue is full. `false` when nobody listens any more: stop.
    pub async fn piece(&self, piece: SpeechPiece) -> bool {
        self.0.send(Made::Piece(piece)).await.is_ok()
    }

    /// Waits for `work`, but not longer than somebody listens; `None` when nobody does.
    pub async fn wanted<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.0.closed() => None,
            done = work => Some(done),
        }
    }

    /// Ends the speech: everything was said.
    pub async fn end(self) {
        // A listener that has gone does not need the end.
        let _ = self.0.send(Made::End).await;
    }

    /// Ends the speech with a fault.
    pub async fn fail(self, fault: SpeakerFault) {
        // A listener that has gone does not need the fault.
        let _ = self.0.send(Made::Fault(fault)).await;
    }
}

/// Why there is no speech, or no more of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeakerFault {
    /// The operator must install a package.
    #[error("`{program}` is not installed (package `{package}`)")]
    NotInstalled {
        /// What was looked for.
        program: String,
        /// The Debian package that holds it.
        package: &'static str,
    },
    /// The engine does not speak this language.
    #[error("language `{language}` is not spoken by this engine")]
    Unsupported {
        /// The language asked for.
        language: Language,
    },
    /// The engine has no voice of this name.
    #[error("voice `{voice}` is unknown")]
    UnknownVoice {
        /// The name asked for.
        voice: String,
    },
    /// Nothing in the text can be said.
    #[error("nothing to say")]
    NothingToSay,
    /// The text is longer than the engine's limit.
    #[error("text of {n_chars} characters is longer than {n_chars_max}")]
    TextTooLong {
        /// Length of the text.
        n_chars: usize,
        /// The limit.
        n_chars_max: usize,
    },
    /// All places were taken for the whole wait. Later may work.
    #[error("no place became free within {waited:?}")]
    Busy {
        /// How long the request waited.
        waited: Duration,
    },
    /// The engine did not answer in time; it was stopped. Later may work.
    #[error("no speech within {waited:?}")]
    TimedOut {
        /// The deadline.
        waited: Duration,
    },
    /// The maker of the speech died in the middle.
    #[error("speech broke off")]
    Interrupted,
    /// The engine failed, or said something that is not audio.
    #[error("`{engine}` failed: {detail}")]
    Failed {
        /// The engine.
        engine: &'static str,
        /// What it said or did, for the log.
        detail: String,
    },
}

impl SpeakerFault {
    /// Whether the same request may succeed later without anybody changing anything.
    pub fn may_pass(&self) -> bool {
        match self {
            SpeakerFault::Busy { .. }
            | SpeakerFault::TimedOut { .. }
            | SpeakerFault::Interrupted
            | SpeakerFault::Failed { .. } => true,
            SpeakerFault::NotInstalled { .. }
            | SpeakerFault::Unsupported { .. }
            | SpeakerFault::UnknownVoice { .. }
            | SpeakerFault::NothingToSay
            | SpeakerFault::TextTooLong { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(samples: &[i16]) -> SpeechPiece {
        SpeechPiece {
            samples: samples.into(),
            marks: Vec::new(),
        }
    }

    #[tokio::test]
    async fn a_growing_speech_is_its_pieces_in_order() {
        let (sink, speech) = Speech::growing(4);
        assert!(sink.piece(piece(&[1, 2])).await);
        assert!(sink.piece(piece(&[3])).await);
        sink.end().await;
        assert_eq!(speech.collect().await.as_deref(), Ok(&[1, 2, 3][..]));
    }

    #[tokio::test]
    async fn a_maker_that_dies_is_a_fault_and_not_a_short_speech() {
        let (sink, mut speech) = Speech::growing(4);
        assert!(sink.piece(piece(&[1])).await);
        drop(sink);
        assert_eq!(speech.next().await, Some(Ok(piece(&[1]))));
        assert_eq!(speech.next().await, Some(Err(SpeakerFault::Interrupted)));
        assert_eq!(speech.next().await, None);
    }

    #[tokio::test]
    async fn a_maker_learns_that_nobody_listens() {
        let (sink, speech) = Speech::growing(1);
        drop(speech);
        assert!(!sink.piece(piece(&[1])).await);
    }

    #[tokio::test]
    async fn a_whole_speech_is_one_piece() {
        let mut speech = Speech::whole([7, 8].as_slice().into());
        assert_eq!(speech.next().await, Some(Ok(piece(&[7, 8]))));
        assert_eq!(speech.next().await, None);
    }

    #[tokio::test]
    async fn a_speech_that_has_begun_loses_nothing() {
        let (sink, speech) = Speech::growing(4);
        let mark = Mark {
            samples: 2,
            text_end: 1,
        };
        let early = SpeechPiece {
            samples: Arc::from([]),
            marks: vec![mark],
        };
        assert!(sink.piece(early).await);
        assert!(sink.piece(piece(&[1, 2])).await);
        assert!(sink.piece(piece(&[3])).await);
        sink.end().await;
        let mut begun = speech.begun().await.unwrap();
        let first = begun.next().await.unwrap().unwrap();
        assert_eq!((&first.samples[..], first.marks), (&[1, 2][..], vec![mark]));
        assert_eq!(begun.collect().await.as_deref(), Ok(&[3][..]));
    }

    #[tokio::test]
    async fn a_speech_without_sound_has_not_begun() {
        let (sink, speech) = Speech::growing(4);
        sink.end().await;
        assert_eq!(speech.begun().await.err(), Some(SpeakerFault::Interrupted));
    }

    #[tokio::test]
    async fn a_maker_that_waits_for_its_vendor_stops_when_nobody_listens() {
        let (sink, speech) = Speech::growing(1);
        drop(speech);
        assert_eq!(sink.wanted(std::future::pending::<()>()).await, None);
    }
}
