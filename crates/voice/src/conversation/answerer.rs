//! What the conversation does about a machine that has answered.

use std::time::Instant;

use super::{Conversation, EndCause, Note, VoicemailAction};
use crate::{
    speaking::Act,
    thinker::Heard,
    turn,
    voicemail::{Answerer, Finding},
};

/// What is heard of whoever has answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sound<'a> {
    Started(Instant),
    Stopped(Instant),
    /// Words, and whether they are final.
    Words(&'a str, bool),
    Beep,
    /// Time passed.
    Nothing,
}

impl Conversation {
    /// Lets the detector hear, and does what its finding asks for.
    pub(super) fn listen_for_machine(&mut self, sound: Sound<'_>, now: Instant) {
        let Some(answerer) = &mut self.answerer else {
            return;
        };
        let Some(finding) = heard(answerer, sound, now) else {
            return;
        };
        if finding != Finding::MessageTime {
            self.note(Note::Answerer { finding, at: now });
        }
        match (finding, self.settings.voicemail.clone()) {
            (Finding::Person, _) | (_, None) => {}
            (Finding::Machine(_), Some(VoicemailAction::HangUp)) => {
                self.end(EndCause::Voicemail, now);
            }
            // What the agent says is not for the machine's greeting, nor is it an answer to it.
            (Finding::Machine(_), Some(VoicemailAction::LeaveMessage(_))) => {
                self.question = None;
                self.unanswered = None;
                self.drop_reply(now);
                self.hold_for_message(now);
            }
            (Finding::MessageTime, Some(VoicemailAction::LeaveMessage(line))) => {
                self.answerer = None;
                self.held = None;
                self.turn(turn::Input::Released, now);
                self.turn(turn::Input::AgentTakesFloor, now);
                self.say_by_itself(&Heard::Start, line, false, now);
                if let Some(reply) = &mut self.reply {
                    reply.then(Act::HangUp(EndCause::Voicemail), now);
                }
            }
            (Finding::MessageTime, Some(VoicemailAction::HangUp)) => {}
        }
    }
}

fn heard(answerer: &mut Answerer, sound: Sound<'_>, now: Instant) -> Option<Finding> {
    match sound {
        Sound::Started(at) => answerer.speech_started(at),
        Sound::Stopped(last_voice) => answerer.speech_stopped(last_voice),
        Sound::Words(text, is_final) => return answerer.said(text, is_final, now),
        Sound::Beep => return answerer.beeped(now),
        Sound::Nothing => return answerer.timeout(now),
    }
    None
}
