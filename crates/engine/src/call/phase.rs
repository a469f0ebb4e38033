//! Where a call is: the table of its phases.

/// What moves a call from one phase to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The call's first event is stored.
    Begin,
    /// The callee's phone rings (SIP 180 or 183).
    Ring,
    /// Both sides agreed on media.
    Answer,
    /// We decided to end the call.
    HangUp,
    /// The leg is over, whoever ended it, or never confirmed its end.
    LegOver,
    /// Media has stopped, or did not say so in time.
    Settle,
}

impl Trigger {
    /// Every trigger.
    pub const ALL: [Self; 6] = [
        Self::Begin,
        Self::Ring,
        Self::Answer,
        Self::HangUp,
        Self::LegOver,
        Self::Settle,
    ];

    /// Its name in diagrams.
    pub fn name(self) -> &'static str {
        match self {
            Self::Begin => "Begin",
            Self::Ring => "Ring",
            Self::Answer => "Answer",
            Self::HangUp => "HangUp",
            Self::LegOver => "LegOver",
            Self::Settle => "Settle",
        }
    }
}

states! {
    /// Where a call is, seen from the centre.
    pub enum Phase by Trigger {
        /// Nothing was done yet.
        New { Begin => Dialing, HangUp => Ended }
        /// The leg is asked, or being answered.
        Dialing { Ring => Ringing, Answer => Up, HangUp => Canceling, LegOver => Ended }
        /// The callee's phone rings. A second 180 is common and harmless.
        Ringing { Ring => Ringing, Answer => Up, HangUp => Canceling, LegOver => Ended }
        /// We gave up before the answer. An answer that crosses our CANCEL changes nothing: the
        /// SIP machine ends that dialog (RFC 3261 9.1).
        Canceling { LegOver => Ended }
        /// Answered.
        Up { HangUp => HangingUp, LegOver => Settling }
        /// We said goodbye, and the leg has not confirmed.
        HangingUp { LegOver => Settling }
        /// The leg is over; what was said last and how media was is still to come.
        Settling { Settle => Ended }
        /// Over. Nothing moves it.
        Ended {}
    }
}

impl Phase {
    /// Its name for refusals: that of [`model::CallState`], or `ending`.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::New | Self::Dialing => "dialing",
            Self::Ringing => "ringing",
            Self::Up => "up",
            Self::Canceling | Self::HangingUp | Self::Settling => "ending",
            Self::Ended => "ended",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_diagram_is_the_code() {
        assert_eq!(Phase::diagram(), include_str!("session.mmd"));
    }

    #[test]
    fn an_ended_call_stays_ended() {
        for trigger in Trigger::ALL {
            assert!(Phase::Ended.on(trigger).is_err(), "{}", trigger.name());
        }
    }

    #[test]
    fn a_late_answer_does_not_revive_a_canceled_call() {
        let refused = Phase::Canceling.on(Trigger::Answer).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "`Answer` means nothing while `Canceling`"
        );
    }
}
