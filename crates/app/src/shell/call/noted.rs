//! What a conversation writes down, in the journal's words.

use engine::call::VoiceEvent;
use model::{Answerer, EndCause, InstructionKind, InstructionOutcome, Occasion, TurnLatency};
use voice::{
    conversation::{self, Fate, Instruction, Note},
    line::Line,
    thinker::{self, TurnId},
    voicemail::{Finding, Sign},
};

use super::clock::CallClock;

/// A note as an event of the call; `None` for what is only told to the log.
pub(super) fn event_of(note: Note, clock: &CallClock) -> Option<VoiceEvent> {
    let wall = |at| clock.wall(at);
    Some(match note {
        Note::AgentSaid {
            text,
            from,
            to,
            interrupted,
            interruptible,
            occasion,
            ..
        } => VoiceEvent::AgentSaid {
            heard: text.heard,
            unsaid: text.unsaid,
            from: wall(from),
            to: wall(to),
            interrupted,
            interruptible,
            occasion: occasion_of(occasion),
        },
        Note::CallerSaid { text, from, to, .. } => VoiceEvent::CallerSaid {
            text,
            from: wall(from),
            to: wall(to),
        },
        Note::Digits { digits, .. } => VoiceEvent::DigitsPressed { digits },
        Note::NoInput { .. } => VoiceEvent::NoInput,
        Note::Latency {
            turn: TurnId(turn),
            breakdown,
        } => VoiceEvent::ReplyTimed(TurnLatency {
            turn,
            endpointing: breakdown.endpointing,
            recognizer: breakdown.recognizer,
            thinker: breakdown.first_decision + breakdown.thinker,
            first_token: breakdown.first_decision,
            speaker: breakdown.speaker,
            queue: breakdown.queue,
            total: breakdown.total,
        }),
        Note::FalseInterruption { .. } => VoiceEvent::FalseInterruption,
        Note::Answerer { finding, .. } => VoiceEvent::AnswererFound(match finding {
            Finding::Person => Answerer::Person,
            Finding::Machine(Sign::Beep) => Answerer::MachineByBeep,
            Finding::Machine(Sign::Words) => Answerer::MachineByWords,
            Finding::Machine(Sign::LongGreeting) => Answerer::MachineByLongGreeting,
            Finding::MessageTime => return None,
        }),
        Note::Instructed {
            instruction, fate, ..
        } => VoiceEvent::Instructed(instructed(instruction, fate)),
        Note::RecognizerFailed { why, .. } => {
            tracing::warn!(%why, "speech was not recognized in a call");
            return None;
        }
        Note::ThinkerFailed { why, .. } => {
            tracing::warn!(%why, "a thinker failed in a call");
            return None;
        }
        Note::SpeakerFailed { why, .. } => {
            tracing::warn!(%why, "a line could not be spoken in a call");
            return None;
        }
    })
}

/// What became of an instruction.
pub(super) fn outcome_of(fate: Fate) -> InstructionOutcome {
    match fate {
        Fate::Taken => InstructionOutcome::Taken,
        Fate::Waits => InstructionOutcome::Waits,
        Fate::Dropped => InstructionOutcome::Dropped,
    }
}

fn instructed(instruction: Instruction, fate: Fate) -> model::Instruction {
    let (kind, text) = match instruction {
        Instruction::Think { content, .. } => (InstructionKind::Think, content),
        Instruction::Say(push) => match push.line {
            Line::Text(text) => (InstructionKind::Say, text),
            Line::Sound(_) => (InstructionKind::Play, String::new()),
        },
    };
    model::Instruction {
        kind,
        text,
        outcome: outcome_of(fate),
    }
}

fn occasion_of(occasion: thinker::Occasion) -> Occasion {
    match occasion {
        thinker::Occasion::Welcome => Occasion::Welcome,
        thinker::Occasion::Answer => Occasion::Answer,
        thinker::Occasion::Silence => Occasion::Silence,
        thinker::Occasion::Unclear => Occasion::Unclear,
        thinker::Occasion::TransferFailed => Occasion::TransferFailed,
        thinker::Occasion::Instruction => Occasion::Instruction,
    }
}

/// The cause in the centre's words.
pub fn end_cause(cause: conversation::EndCause) -> EndCause {
    match cause {
        conversation::EndCause::ScriptEnd
        | conversation::EndCause::NoMatch
        | conversation::EndCause::TransferFailed => EndCause::AgentFinished,
        conversation::EndCause::FunctionCalled => EndCause::FunctionCalled,
        conversation::EndCause::Requested => EndCause::ApiRequest,
        conversation::EndCause::NoInput | conversation::EndCause::CallerSilent => {
            EndCause::CallerSilent
        }
        conversation::EndCause::Voicemail => EndCause::VoicemailReached,
        conversation::EndCause::MaxDuration => EndCause::MaxDuration,
        conversation::EndCause::RecognizerFailed => EndCause::RecognizerFailed,
        conversation::EndCause::ThinkerFailed => EndCause::ThinkerFailed,
        conversation::EndCause::SpeakerFailed => EndCause::SpeakerFailed,
    }
}
