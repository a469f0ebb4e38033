//! Where calls are played: one call session, a clock, and everything that it said.

use std::time::{Duration, Instant};

use model::{
    Call, CallEvent, CallId, Direction, E164, EndCause, Refusal, SoundId, TenantId, UnixMs,
};

use crate::call::{Command, First, Input, LegEvent, MediaEvent, Output, PlayId, Session, Settings};

pub(super) struct Stage {
    pub(super) session: Session,
    start: Instant,
    now: Instant,
    /// Every output with the time at which it came.
    pub(super) said: Vec<(Duration, Output)>,
}

impl Stage {
    pub(super) fn new(settings: Settings) -> Self {
        let start = Instant::now();
        Self {
            session: Session::new(settings),
            start,
            now: start,
            said: Vec::new(),
        }
    }

    /// An outbound call that has begun.
    pub(super) fn dialing() -> Self {
        let mut stage = Self::new(outbound());
        stage.give(Input::Begin);
        stage
    }

    /// An outbound call whose callee's phone rings.
    pub(super) fn ringing() -> Self {
        let mut stage = Self::dialing();
        stage.give(leg(LegEvent::Rang { status: 180 }));
        stage
    }

    /// An outbound call that is up, with media flowing.
    pub(super) fn up() -> Self {
        let mut stage = Self::ringing();
        stage.give(answered());
        stage.give(Input::Media(MediaEvent::FirstPacket));
        stage
    }

    pub(super) fn give(&mut self, input: Input) {
        self.session.handle(input, self.now);
        self.drain();
    }

    pub(super) fn want(&mut self, command: &Command) -> Result<(), Refusal> {
        let answer = self.session.command(command, self.now);
        self.drain();
        answer
    }

    /// Lets time pass; deadlines are met on the way, each at its instant.
    pub(super) fn pass(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some((at, _)) = self.session.poll_timeout().filter(|(at, _)| *at <= until) {
            self.now = self.now.max(at);
            self.give(Input::Timeout);
        }
        self.now = until;
    }

    pub(super) fn forget_what_was_said(&mut self) {
        self.said.clear();
    }

    pub(super) fn forget_what_was_said_but_records(&mut self) {
        self.said
            .retain(|(_, output)| matches!(output, Output::Record { .. }));
    }

    pub(super) fn now(&self) -> Instant {
        self.now
    }

    /// What was said, without the records.
    pub(super) fn orders(&self) -> Vec<&Output> {
        self.said
            .iter()
            .map(|(_, output)| output)
            .filter(|output| !matches!(output, Output::Record { .. }))
            .collect()
    }

    /// What was recorded.
    pub(super) fn records(&self) -> Vec<&CallEvent> {
        self.said
            .iter()
            .filter_map(|(_, output)| match output {
                Output::Record { event, .. } => Some(event),
                _ => None,
            })
            .collect()
    }

    /// The call as its records tell it, on a clock that starts at 0.
    pub(super) fn fold(&self) -> Call {
        let requested = requested();
        let mut call = Call::begin(CallId("c".into()), &requested, UnixMs(0)).unwrap();
        for (_, output) in &self.said {
            if let Output::Record { event, at } = output {
                call.apply(event, UnixMs(0).plus(*at - self.start));
            }
        }
        call
    }

    /// Cause and side of the end, in words; panics on a call that has not ended.
    pub(super) fn end(&self) -> String {
        let call = self.fold();
        assert_eq!(self.said.last().map(|(_, it)| it), Some(&Output::Close));
        format!(
            "{} {}",
            call.cause.unwrap().name(),
            call.side.unwrap().name()
        )
    }

    /// Takes what the session wants after something that was asked of it directly.
    pub(super) fn settle(&mut self) {
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.session.poll() {
            self.said.push((self.now - self.start, output));
        }
    }
}

pub(super) fn outbound() -> Settings {
    Settings {
        direction: Direction::Outbound,
        first: First::Agent,
        ring_time_max: Duration::from_secs(60),
        talk_time_max: None,
    }
}

pub(super) fn inbound() -> Settings {
    Settings {
        direction: Direction::Inbound,
        ..outbound()
    }
}

pub(super) fn leg(event: LegEvent) -> Input {
    Input::Leg(event)
}

pub(super) fn answered() -> Input {
    leg(LegEvent::Answered {
        codec: "PCMA".into(),
        peer: "192.0.2.1:4000".into(),
    })
}

pub(super) fn bye(by_peer: bool) -> Input {
    leg(LegEvent::Ended {
        by_peer,
        reason: String::new(),
    })
}

pub(super) fn refused(status: u16) -> Input {
    leg(LegEvent::Refused {
        status,
        reason: "words".into(),
        q850: None,
        moved_to: None,
    })
}

pub(super) fn finished(cause: EndCause) -> Input {
    Input::Voice(crate::call::VoiceEvent::Finished(cause))
}

pub(super) fn stopped() -> Input {
    Input::Media(MediaEvent::Stopped {
        quality: Some(model::LegQuality::default()),
    })
}

pub(super) fn sound_started(n: u32) -> Input {
    Input::Media(MediaEvent::SoundStarted(PlayId(n)))
}

pub(super) fn sound_ended(n: u32, cut: bool) -> Input {
    Input::Media(MediaEvent::SoundEnded {
        play: PlayId(n),
        cut,
    })
}

pub(super) fn hang_up() -> Command {
    Command::HangUp { by: "api".into() }
}

pub(super) fn play(sound: i64, over: bool) -> Command {
    Command::PlaySound {
        sound: SoundId(sound),
        times: 2,
        over,
    }
}

pub(super) fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn requested() -> CallEvent {
    CallEvent::Requested {
        tenant: TenantId(1),
        direction: Direction::Outbound,
        caller: E164::parse("+8675512345", "86").unwrap(),
        callee: E164::parse("+8613800138000", "86").unwrap(),
        voice_agent: None,
        voice_agent_name: String::new(),
        voice_agent_version: 1,
        trunk: None,
        variables: Vec::new(),
        user_data: None,
        ring_time_max: seconds(60),
        credential: None,
    }
}
