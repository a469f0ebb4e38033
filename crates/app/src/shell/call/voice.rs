//! Carries out what the conversation of one call wants: asks the thinker, has lines spoken, plays
//! and cuts clips, and brings back what came of it.
//!
//! The machine is [`voice::conversation::Conversation`]; nothing is decided here.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Instant,
};

use engine::call::VoiceEvent;
use media::{dtmf::Digit, leg, playout::ClipId};
use model::{InstructionOutcome, TenantId, TransferFailure};
use providers::port::{Heard, Listening, Speak, Speaker, Step, Thinker, Thought};
use tokio::sync::mpsc;
use voice::{
    conversation::{
        self, Conversation, Deafness, Fate, Input, Instruction, Note, Output, Past, Push,
    },
    line::Line,
    reply::{Mark, SpanId},
    thinker::AgentRefusal,
};

mod clips;

use super::{SayWhat, Told, clock::CallClock, noted, span::Span};
use crate::{App, shell::media::LegHandle, thought};

/// Speech that may wait for the call's task.
const SPEECH_MAX: usize = 64;

/// The talking side of one call.
pub struct Voice {
    conversation: Conversation,
    thinker: Box<dyn Thinker>,
    speaker: Arc<dyn Speaker>,
    speak: Speak,
    /// Where the thinker says something else each time: the lines that are written nevertheless.
    said_once_but: Option<BTreeSet<String>>,
    listening: Option<Box<dyn Listening>>,
    /// The recognizer's number of an utterance → the conversation's.
    utterances: BTreeMap<u64, u32>,
    spans: BTreeMap<SpanId, Span>,
    playing: Option<SpanId>,
    spoken: mpsc::Sender<Spoken>,
    clock: CallClock,
    tenant: TenantId,
    pending: VecDeque<Input>,
    events: VecDeque<VoiceEvent>,
    started: bool,
    /// Sounds that came with requests and are not loaded yet, by the ids of their lines.
    sent: BTreeMap<String, Arc<[i16]>>,
    n_sent: u32,
    /// What was found out about the person, as far as another voice agent is to know.
    found_out: BTreeMap<String, String>,
    /// What became of the instruction in hand.
    fate: Option<InstructionOutcome>,
}

/// A piece of a line that was made to sound, or why there is none.
pub struct Spoken {
    span: SpanId,
    piece: Result<Piece, String>,
}

/// What a line sounds like, so far.
struct Piece {
    samples: Arc<[i16]>,
    marks: Vec<Mark>,
    last: bool,
}

/// What one call's talking side is made of.
pub struct VoiceParts {
    /// How the conversation is held.
    pub settings: conversation::Settings,
    /// What decides.
    pub thinker: Box<dyn Thinker>,
    /// Who speaks.
    pub speaker: Arc<dyn Speaker>,
    /// Language and voice of every line; its text is replaced.
    pub speak: Speak,
    /// Lines whose speech is worth keeping; `None`: all are.
    pub said_once_but: Option<BTreeSet<String>>,
    /// The open ear; `None` where no engine understands the language.
    pub listening: Option<Box<dyn Listening>>,
    /// The call's clock.
    pub clock: CallClock,
    /// The call's owner.
    pub tenant: TenantId,
}

impl Voice {
    /// Silent until [`Voice::start`]. The receiver gives what [`Voice::spoken`] takes.
    pub fn new(parts: VoiceParts) -> (Self, mpsc::Receiver<Spoken>) {
        let (spoken, inbox) = mpsc::channel(SPEECH_MAX);
        let voice = Self {
            conversation: Conversation::new(parts.settings),
            thinker: parts.thinker,
            speaker: parts.speaker,
            speak: parts.speak,
            said_once_but: parts.said_once_but,
            listening: parts.listening,
            utterances: BTreeMap::new(),
            spans: BTreeMap::new(),
            playing: None,
            spoken,
            clock: parts.clock,
            tenant: parts.tenant,
            pending: VecDeque::new(),
            events: VecDeque::new(),
            started: false,
            sent: BTreeMap::new(),
            n_sent: 0,
            found_out: BTreeMap::new(),
            fate: None,
        };
        (voice, inbox)
    }

    /// The caller is on the line.
    pub fn start(&mut self, app: &Arc<App>, leg: &LegHandle) {
        self.started = true;
        self.take(
            Input::Started {
                answered: Instant::now(),
            },
            app,
            Some(leg),
        );
    }

    /// An operator's sound plays instead (`true`), or is over.
    pub fn pause(&mut self, paused: bool, app: &Arc<App>, leg: &LegHandle) {
        let input = if paused {
            Input::PlaySoundStarted
        } else {
            Input::PlaySoundEnded
        };
        self.take(input, app, Some(leg));
    }

    /// Somebody tells the agent what to do. Gives what becomes of it.
    pub fn told(&mut self, told: Told, app: &Arc<App>, leg: &LegHandle) -> InstructionOutcome {
        let instruction = match told {
            Told::Think { content, interrupt } => Instruction::Think { content, interrupt },
            Told::Say(say) => Instruction::Say(Push {
                line: self.line_of(say.what),
                interrupt: say.interrupt,
                waits: say.waits,
                interruptible: say.interruptible,
                remembered: say.remembered,
                then_hang_up: say.then_hang_up,
            }),
        };
        self.fate = None;
        self.take(Input::Instructed(instruction), app, Some(leg));
        self.fate.take().unwrap_or(InstructionOutcome::Dropped)
    }

    /// Whoever told the agent something learns what becomes of it; a sound that came for nothing is
    /// forgotten.
    fn look_at(&mut self, note: &Note) {
        let Note::Instructed {
            instruction, fate, ..
        } = note
        else {
            return;
        };
        self.fate.get_or_insert(noted::outcome_of(*fate));
        if let (Fate::Dropped, Instruction::Say(push)) = (fate, instruction)
            && let Line::Sound(id) = &push.line
        {
            self.sent.remove(id);
        }
    }

    fn line_of(&mut self, what: SayWhat) -> Line {
        match what {
            SayWhat::Text(text) => Line::Text(text),
            SayWhat::Sound(samples) => {
                self.n_sent += 1;
                let id = sent_id(self.n_sent);
                self.sent.insert(id.clone(), samples);
                Line::Sound(id)
            }
        }
    }

    /// The caller is gone: hands in what was still to be noted.
    pub fn stop(&mut self, app: &Arc<App>) {
        if self.started {
            self.take(Input::CallerHungUp, app, None);
        }
        for span in std::mem::take(&mut self.spans).into_values() {
            span.abandon();
        }
    }

    /// Nobody takes the person over.
    pub fn transfer_failed(&mut self, app: &Arc<App>, leg: &LegHandle) {
        self.take(Input::TransferFailed, app, Some(leg));
    }

    /// The next voice agent does not take the person over.
    pub fn agent_refused(&mut self, why: TransferFailure, app: &Arc<App>, leg: &LegHandle) {
        let why = match why {
            TransferFailure::SameAgent => AgentRefusal::Same,
            TransferFailure::TooOften => AgentRefusal::TooOften,
            TransferFailure::Busy => AgentRefusal::NotNow,
            TransferFailure::Unknown
            | TransferFailure::NobodyThere
            | TransferFailure::QueueFull
            | TransferFailure::NobodyFree
            | TransferFailure::NotAnswered
            | TransferFailure::Rejected
            | TransferFailure::NotReachable => AgentRefusal::Unknown,
        };
        self.take(Input::AgentRefused(why), app, Some(leg));
    }

    /// What was found out about the person, for the next voice agent.
    pub fn found_out(&self) -> &BTreeMap<String, String> {
        &self.found_out
    }

    /// What this conversation leaves to the next one of the call; whole once it has stopped.
    pub fn past(&self) -> Past {
        self.conversation.past()
    }

    /// Begins where another voice agent of the call has left it.
    pub fn follow(&mut self, past: Past) {
        self.conversation.follow(past);
    }

    /// A line was made to sound, or some of it, or not.
    pub fn spoken(&mut self, spoken: Spoken, app: &Arc<App>, leg: &LegHandle) {
        let id = spoken.span;
        let Some(span) = self.spans.get_mut(&id) else {
            return;
        };
        let input = match spoken.piece {
            Ok(Piece {
                samples,
                marks,
                last,
            }) => {
                if !marks.is_empty() {
                    let marked = Input::SpeechMarked { span: id, marks };
                    self.pending.push_back(marked);
                }
                if samples.is_empty() && !last {
                    return self.settle(app, Some(leg));
                }
                if self.playing == Some(id) {
                    leg.command(leg::Command::Append {
                        id: clip_id(id),
                        samples: Arc::clone(&samples),
                        finished: last,
                    });
                }
                Input::SpeechReady {
                    span: id,
                    samples: samples.len() as u64,
                    sounding: span.add(samples, last),
                    last,
                }
            }
            Err(why) => {
                if self.playing == Some(id) {
                    // What is there is played to its end, and no longer waited after.
                    leg.command(leg::Command::Append {
                        id: clip_id(id),
                        samples: Arc::from([]),
                        finished: true,
                    });
                }
                Input::SpeechFailed { span: id, why }
            }
        };
        self.take(input, app, Some(leg));
    }

    /// The thinker has decided something.
    pub fn thought(&mut self, thought: Thought, app: &Arc<App>, leg: &LegHandle) {
        let turn = thought.turn;
        let input = match thought.step {
            Step::Decision { decision, last } => Input::Decided {
                turn,
                decision: Some(decision),
                last,
            },
            Step::Done => Input::Decided {
                turn,
                decision: None,
                last: true,
            },
            Step::Failed { why } => Input::ThinkerFailed { turn, why },
            // A call is no text, and ends with its process: nobody goes on from there.
            Step::Wrote(_) | Step::Remember(_) => return,
            Step::Noted(noted) => {
                self.events
                    .push_back(VoiceEvent::Thought(thought::of(turn, noted)));
                return;
            }
        };
        self.take(input, app, Some(leg));
    }

    /// The recognizer has something to say.
    pub fn heard(&mut self, heard: Heard, app: &Arc<App>, leg: &LegHandle) {
        let input = match heard {
            Heard::Partial { utterance, text } => match self.utterances.get(&utterance) {
                Some(&utterance) => Input::PartlyRecognized { utterance, text },
                None => return,
            },
            Heard::Finished { utterance } => match self.utterances.get(&utterance) {
                Some(&utterance) => Input::FinishedByRecognizer { utterance },
                None => return,
            },
            Heard::Final {
                utterance, text, ..
            } => match self.utterances.remove(&utterance) {
                Some(utterance) => Input::Recognized { utterance, text },
                None => return,
            },
            Heard::Nothing { utterance } => match self.utterances.remove(&utterance) {
                Some(utterance) => Input::NothingRecognized { utterance },
                None => return,
            },
            Heard::Failed { utterance, fault } => match self.utterances.remove(&utterance) {
                Some(utterance) => Input::RecognizerFailed {
                    utterance,
                    deafness: match fault.may_pass() {
                        true => Deafness::Overloaded,
                        false => Deafness::Broken,
                    },
                    why: fault.to_string(),
                },
                None => return,
            },
            Heard::Unrecognizable { phrases } => {
                tracing::info!(?phrases, "the recognizer cannot know these phrases");
                return;
            }
        };
        self.take(input, app, Some(leg));
    }

    /// What the caller says, while the caller speaks.
    pub fn sound(&mut self, frames: &[media::Frame]) {
        if let Some(listening) = &mut self.listening {
            for frame in frames {
                listening.push(frame);
            }
        }
    }

    /// A key, by RFC 4733 or by INFO.
    pub fn digit(&mut self, key: char, app: &Arc<App>, leg: &LegHandle) {
        self.take(Input::Digit(key), app, Some(leg));
    }

    /// Something happened on the leg. Clips that are not the agent's are none of ours.
    pub fn leg_event(&mut self, event: leg::Event, app: &Arc<App>, leg: &LegHandle) {
        let input = match event {
            leg::Event::SpeechStarted { at } => {
                self.take(Input::SpeechStarted { first_voice: at }, app, Some(leg));
                if let Some(listening) = &mut self.listening {
                    let utterance = listening.utterance_started();
                    self.utterances
                        .insert(utterance, self.conversation.utterance());
                }
                return;
            }
            leg::Event::SpeechStopped { last_voice, .. } => {
                match &mut self.listening {
                    Some(listening) => listening.utterance_ended(),
                    None => self.pending.push_back(Input::NothingRecognized {
                        utterance: self.conversation.utterance(),
                    }),
                }
                // The order matters: that speech stopped comes before what it was.
                self.pending.push_front(Input::SpeechStopped { last_voice });
                self.settle(app, Some(leg));
                return;
            }
            leg::Event::SpeechLasts { .. } => Input::SpeechLasts,
            leg::Event::Beep { .. } => Input::Beep,
            leg::Event::Digit { digit, .. } => Input::Digit(digit.as_char()),
            leg::Event::ClipStarted { id, at } => match self.span_of(id) {
                Some(span) => Input::ClipStarted { span, at },
                None => return,
            },
            leg::Event::ClipEnded {
                id,
                samples_sent,
                cut,
                ..
            } => match self.span_of(id) {
                Some(span) => {
                    if let Some(span) = self.spans.remove(&span) {
                        span.abandon();
                    }
                    self.playing = self.playing.filter(|playing| *playing != span);
                    Input::ClipEnded {
                        span,
                        samples_sent,
                        cut,
                    }
                }
                None => return,
            },
            leg::Event::FirstPacket { .. }
            | leg::Event::KeyDue { .. }
            | leg::Event::DigitsSent { .. }
            | leg::Event::Secured { .. }
            | leg::Event::HandshakeFailed { .. }
            | leg::Event::RtpTimeout { .. } => return,
        };
        self.take(input, app, Some(leg));
    }

    /// The machine's next deadline.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.conversation.poll_timeout().map(|(at, _)| at)
    }

    /// That deadline has come.
    pub fn timeout(&mut self, app: &Arc<App>, leg: &LegHandle) {
        self.take(Input::Timeout, app, Some(leg));
    }

    /// What the call session is to know, in order.
    pub fn poll(&mut self) -> Option<VoiceEvent> {
        self.events.pop_front()
    }

    /// Whether a clip of the agent is on its way to the caller's ear.
    pub fn is_playing(&self) -> bool {
        self.playing.is_some()
    }

    fn span_of(&self, clip: ClipId) -> Option<SpanId> {
        let span = SpanId(u32::try_from(clip.0).ok()?);
        self.spans.contains_key(&span).then_some(span)
    }

    fn take(&mut self, input: Input, app: &Arc<App>, leg: Option<&LegHandle>) {
        self.pending.push_back(input);
        self.settle(app, leg);
    }

    /// Hands the machine its inputs one by one and carries out what it wants in between.
    fn settle(&mut self, app: &Arc<App>, leg: Option<&LegHandle>) {
        while let Some(input) = self.pending.pop_front() {
            self.conversation.handle(input, Instant::now());
            while let Some(output) = self.conversation.poll() {
                self.carry_out(output, app, leg);
            }
        }
    }

    fn carry_out(&mut self, output: Output, app: &Arc<App>, leg: Option<&LegHandle>) {
        match output {
            Output::Think(request) => self.thinker.ask(request),
            Output::StopThinking { turn } => self.thinker.stop(turn),
            Output::Synthesize { span, text } => self.synthesize(span, text),
            Output::Load { span, sound } => self.load(span, sound, app),
            Output::Play { span } => self.play(span, leg),
            Output::Cut { span } => {
                // What is not made by now nobody will hear.
                if let Some(maker) = self.spans.get_mut(&span).and_then(|span| span.maker.take()) {
                    maker.abort();
                }
                order(leg, leg::Command::Cut { id: clip_id(span) });
            }
            Output::Discard { span } => {
                if let Some(span) = self.spans.remove(&span) {
                    span.abandon();
                }
            }
            Output::Expect(phrases) => {
                if let Some(listening) = &mut self.listening {
                    listening.expect(phrases);
                }
            }
            Output::SendDigits(digits) => {
                let digits = digits
                    .chars()
                    .filter_map(|key| Digit::try_from(key).ok())
                    .collect();
                order(leg, leg::Command::SendDigits(digits));
            }
            Output::Transfer { target } => {
                self.events.push_back(VoiceEvent::TransferWanted { target });
            }
            Output::ChangeAgent { agent, variables } => {
                self.found_out = variables;
                self.events.push_back(VoiceEvent::AgentWanted { agent });
            }
            Output::HangUp { cause } => self
                .events
                .push_back(VoiceEvent::Finished(noted::end_cause(cause))),
            Output::Note(note) => {
                self.look_at(&note);
                self.events.extend(noted::event_of(note, &self.clock));
            }
        }
    }
}

/// The id of the line of a sound that came with a request; no uploaded sound has such an id.
fn sent_id(n: u32) -> String {
    format!("sent:{n}")
}

/// Clips of the agent have their span's number; sounds have numbers beyond 32 bits.
fn clip_id(span: SpanId) -> ClipId {
    ClipId(u64::from(span.0))
}

fn order(leg: Option<&LegHandle>, command: leg::Command) {
    if let Some(leg) = leg {
        leg.command(command);
    }
}
