//! The loop of one call.

mod agents;
mod commands;
mod dialing;
mod handover;
mod parties;
mod person;
mod queue;
mod referral;
mod sounds;

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::call::{
    First as FirstOf, Input, LegEvent, MediaEvent, Output, PlayId, Session, Settings,
};
use media::{
    ambience::Ambience,
    leg,
    playout::{Clip, ClipId, PlayMode},
    security::HandshakeFailure,
    vad::VadSettings,
};
use model::{CallEvent, LegQuality};
use sip::Link;
use tokio::sync::mpsc;
use voice::conversation::Past;

use agents::{Agent, AgentEvent, next_of_agent};
use parties::Parties;
use queue::Waiting;
use referral::Transfer;
use sounds::LoadedSound;

use super::{
    CallCommand, First, Holds, Start, Way,
    clock::CallClock,
    finish,
    journal::Journal,
    line::{Line, LineEvent},
    other::{Other, OtherEvent},
    party::Origin,
    prepare::prepare,
    seek::Seeker,
};
use crate::{
    App,
    agent_document::LegManners,
    shell::media::{LegHandle, NewLeg, REPORTS_MAX, Report},
};

/// Numbers of clips that are sounds begin here; those of the agent's lines lie below.
const FIRST_SOUND: u64 = 1 << 32;

/// The sound behind the agent; no sound by request has such a number.
const AMBIENCE: ClipId = ClipId(u64::MAX);

/// What is heard has been on the wire for the jitter buffer's usual delay: speech that has been
/// heard for so much less than the agent allows has lasted that long.
const BUFFERED: Duration = Duration::from_millis(40);

/// Longest wait for the last clip to say how far it was heard.
const LAST_CLIP_MAX: Duration = Duration::from_millis(200);

/// Runs a call to its end, its recording included.
pub async fn run(app: Arc<App>, start: Start, commands: mpsc::Receiver<CallCommand>) {
    // Each by itself: the task of a call is no larger than what it does for as long as the call lasts.
    let task = Box::pin(Task::new(&app, start, commands)).await;
    let holds = Box::pin(task.run()).await;
    Box::pin(finish::finish(&app, holds)).await;
}

struct Task {
    app: Arc<App>,
    call: model::Call,
    way: Way,
    ring_time_max: Duration,
    leg_manners: Option<LegManners>,
    ambience: Option<Arc<[i16]>>,
    session: Session,
    inputs: VecDeque<Input>,
    clock: CallClock,
    journal: Journal,
    line: Option<Line>,
    /// Ways to the present trunk that were not tried yet.
    targets: VecDeque<Link>,
    leg: Option<LegHandle>,
    reports: mpsc::Receiver<Report>,
    to_reports: mpsc::Sender<Report>,
    /// The voice agent, while it is in the call.
    agent: Option<Agent>,
    /// Whoever takes the person over, or is rung for it.
    other: Option<Other>,
    seeker: Option<Seeker>,
    /// The queue that the person is in.
    waiting: Waiting,
    /// Whoever else is in the call, or rung for it.
    parties: Parties,
    /// The phone that a place of the call is given to.
    transfer: Transfer,
    /// By which way the person is in the call.
    origin: Option<Origin>,
    /// The person wants to hear nothing.
    is_held: bool,
    commands: mpsc::Receiver<CallCommand>,
    sounds: mpsc::Receiver<LoadedSound>,
    to_sounds: mpsc::Sender<LoadedSound>,
    recorded: Option<tokio::sync::oneshot::Receiver<std::io::Result<()>>>,
    holds: Holds,
    is_over: bool,
}

impl Task {
    async fn new(app: &Arc<App>, start: Start, commands: mpsc::Receiver<CallCommand>) -> Self {
        let clock = CallClock::read();
        let (to_reports, reports) = mpsc::channel(REPORTS_MAX);
        let (to_sounds, sounds) = mpsc::channel(REPORTS_MAX);
        let (first, agent, ambience, leg_manners) = match &start.first {
            First::Phone(target) => {
                let target = target.clone();
                (FirstOf::Phone { target }, None, None, None)
            }
            First::Queue(group) => (FirstOf::Queue { group: *group }, None, None, None),
            First::Agent(parsed) => {
                let sounding = match parsed.ambience() {
                    Some((place, volume)) => ambience(place, volume).await,
                    None => None,
                };
                let prepared = prepare(app, &start.call, parsed, clock).await;
                let agent = Agent::from(prepared);
                (FirstOf::Agent, Some(agent), sounding, Some(parsed.leg()))
            }
        };
        let origin = Origin::of_person(&start.call);
        Self {
            session: Session::new(Settings {
                direction: start.call.direction,
                first,
                ring_time_max: start.ring_time_max,
                talk_time_max: start.talk_time_max,
            }),
            journal: Journal::open(Arc::clone(app), start.call.clone()),
            app: Arc::clone(app),
            call: start.call,
            way: start.way,
            ring_time_max: start.ring_time_max,
            leg_manners,
            ambience,
            inputs: VecDeque::from([Input::Begin]),
            clock,
            line: None,
            targets: VecDeque::new(),
            leg: None,
            reports,
            to_reports,
            agent,
            other: None,
            seeker: None,
            waiting: Waiting::default(),
            parties: Parties::default(),
            transfer: Transfer::new(),
            origin,
            is_held: false,
            commands,
            sounds,
            to_sounds,
            recorded: None,
            holds: start.holds,
            is_over: false,
        }
    }

    async fn run(mut self) -> finish::Remains {
        loop {
            self.settle().await;
            if self.is_over {
                return finish::Remains {
                    call: self.call.id,
                    journal: self.journal,
                    recorded: self.recorded,
                    parties_recorded: self.parties.recorded(),
                    _holds: self.holds,
                };
            }
            let wake = [
                self.session.poll_timeout().map(|(at, _)| at),
                self.agent
                    .as_ref()
                    .and_then(|agent| agent.voice.poll_timeout()),
            ]
            .into_iter()
            .flatten()
            .min();
            tokio::select! {
                event = next_of(&mut self.line) => self.on_line(event).await,
                Some(report) = self.reports.recv() => {
                    if let Report::Event(leg::Event::KeyDue { digit }) = &report
                        && let Some(line) = &self.line
                    {
                        line.press(&self.app, digit.as_char()).await;
                    }
                    self.on_report(report);
                }
                event = next_of_agent(&mut self.agent) => self.on_agent(event),
                event = next_of_other(&mut self.other) => Box::pin(self.on_other(event)).await,
                (party, event) = self.parties.next() => Box::pin(self.on_party(party, event)).await,
                event = next_of_other(&mut self.transfer.next) => Box::pin(self.on_next(event)).await,
                Some(fetched) = self.transfer.fetched.recv() => self.on_fetched(fetched),
                Some(sound) = self.sounds.recv() => self.on_sound(sound),
                Some(command) = self.commands.recv() => {
                    self.on_command(command).await;
                }
                () = until(wake) => self.on_time(),
            }
        }
    }

    /// Hands the session its inputs and does everything it wants, until nothing is left.
    async fn settle(&mut self) {
        loop {
            while let Some(event) = self.agent.as_mut().and_then(|agent| agent.voice.poll()) {
                self.inputs.push_back(Input::Voice(event));
            }
            while let Some(output) = self.session.poll() {
                self.carry_out(output).await;
            }
            match self.inputs.pop_front() {
                Some(input) => self.session.handle(input, Instant::now()),
                None => return,
            }
        }
    }

    /// What few calls come to is boxed: every call has room for the largest of the rest.
    async fn carry_out(&mut self, output: Output) {
        match output {
            Output::Dial => Box::pin(self.dial()).await,
            Output::Answer => self.answer().await,
            Output::Attend => self.attend().await,
            Output::RingCaller => self.ring_caller().await,
            Output::ProgressCaller => Box::pin(self.progress_caller()).await,
            Output::JoinEarly => self.join_early(),
            Output::Seek { target } => Box::pin(self.seek(target)).await,
            Output::EnterQueue { group } => Box::pin(self.enter_queue(group)).await,
            Output::PlayQueue => self.play_queue(),
            Output::StartWaiting => self.start_waiting(),
            Output::StopWaiting => self.stop_waiting(),
            Output::LeaveVoice => {
                self.leave_voice().await;
            }
            Output::ChangeAgent { agent } => Box::pin(self.change_agent(&agent)).await,
            Output::TellAgentRefused(why) => self.tell_agent_refused(why),
            Output::TellTransferFailed => self.tell_transfer_failed(),
            Output::Bridge => self.bridge(),
            Output::HoldMusic { by, held } => self.hold_music(by, held),
            Output::Hold { side, on } => Box::pin(self.hold(side, on)).await,
            Output::HangUpOther { cause } => Box::pin(self.hang_up_other(cause)).await,
            output @ (Output::CallParty { .. }
            | Output::JoinParty(_)
            | Output::Regroup
            | Output::HangUpParty { .. }) => Box::pin(self.carry_out_party(output)).await,
            Output::AnswerRefer { status } => Box::pin(self.answer_refer(status)).await,
            Output::TellReferrer { status } => Box::pin(self.tell_referrer(status)).await,
            Output::RingBack { side, on } => self.ring_back(side, on),
            Output::SeekNext { target } => Box::pin(self.seek_next(target)).await,
            Output::FetchNext { call } => self.fetch_next(call),
            Output::AnswerNext => Box::pin(self.answer_next()).await,
            Output::TakePlace { side } => Box::pin(self.take_place(side)).await,
            Output::DropNext { cause } => Box::pin(self.drop_next(cause)).await,
            Output::StartMedia => self.start_media(),
            Output::StartVoice => {
                self.play_ambience();
                if let (Some(agent), Some(leg)) = (&mut self.agent, &self.leg) {
                    agent.voice.start(&self.app, leg);
                }
            }
            Output::PauseVoice => self.pause_voice(true),
            Output::ResumeVoice => self.pause_voice(false),
            Output::Play {
                play,
                sound,
                times,
                over,
            } => self.load_sound(play, sound, times, over),
            Output::CutSound(play) => self.order(leg::Command::Cut {
                id: sound_clip(play),
            }),
            Output::HangUpLeg { cause } => {
                if let Some(line) = &self.line {
                    line.hang_up(&self.app, cause).await;
                }
            }
            Output::StopMedia => self.stop_media().await,
            Output::Record { event, at } => self.record(event, at).await,
            Output::Close => self.is_over = true,
        }
    }

    fn start_media(&mut self) {
        if let Err(why) = self.try_start_media() {
            tracing::error!(%why, "failed to start media");
            self.inputs.push_back(Input::Media(MediaEvent::Failed));
        }
    }

    fn try_start_media(&mut self) -> anyhow::Result<()> {
        let line = self
            .line
            .as_mut()
            .ok_or_else(|| anyhow::anyhow!("no leg"))?;
        let mut settings = line
            .leg_settings(self.call.id.as_str())
            .ok_or_else(|| anyhow::anyhow!("a codec was agreed on that media lacks"))?;
        self.is_held = settings.held;
        if let Some(manners) = self.leg_manners {
            listen_like(manners, &mut settings.vad);
            settings.beeps = manners.beeps;
        }
        let sockets = line
            .sockets
            .take()
            .ok_or_else(|| anyhow::anyhow!("no RTP sockets"))?;
        let recording =
            match finish::create(&self.app, &self.call.id, settings.port.codec.of_tracks()) {
                Ok((file, recorded)) => {
                    self.recorded = Some(recorded);
                    Some(file)
                }
                Err(error) => {
                    // The call goes on: a person on the line is worth more than a recording.
                    tracing::error!(%error, "a call is not recorded");
                    None
                }
            };
        let reports = self.to_reports.clone();
        self.leg = Some(self.app.media().add(NewLeg {
            settings,
            sockets,
            reports,
            recording,
        })?);
        Ok(())
    }

    fn play_ambience(&self) {
        if let Some(samples) = &self.ambience {
            let clip = Clip::whole(AMBIENCE, Arc::clone(samples)).repeated(u32::MAX);
            let mode = PlayMode::Over;
            self.order(leg::Command::Play { clip, mode });
        }
    }

    fn pause_voice(&mut self, paused: bool) {
        if let (Some(agent), Some(leg)) = (&mut self.agent, &self.leg) {
            agent.voice.pause(paused, &self.app, leg);
        }
    }

    fn order(&self, command: leg::Command) {
        if let Some(leg) = &self.leg {
            leg.command(command);
        }
    }

    /// Lets the clip that plays say how far it was heard, then ends conversation and media.
    async fn stop_media(&mut self) {
        self.leave_voice().await;
        let quality = match self.leg.take() {
            Some(leg) => leg.remove().await.map(|stats| quality(&stats)),
            None => None,
        };
        self.inputs
            .push_back(Input::Media(MediaEvent::Stopped { quality }));
    }

    /// The voice agent is done: what it said last is handed in. Gives what it leaves behind.
    async fn leave_voice(&mut self) -> Option<Past> {
        let mut agent = self.agent.take()?;
        if let Some(leg) = &self.leg {
            leg.command(leg::Command::CutAll);
            let deadline = tokio::time::Instant::now() + LAST_CLIP_MAX;
            while agent.voice.is_playing() {
                match tokio::time::timeout_at(deadline, self.reports.recv()).await {
                    Ok(Some(Report::Event(event))) => agent.voice.leg_event(event, &self.app, leg),
                    Ok(Some(Report::Sound(_))) => {}
                    Ok(Some(Report::Failed) | None) | Err(_) => break,
                }
            }
        }
        agent.voice.stop(&self.app);
        while let Some(event) = agent.voice.poll() {
            self.inputs.push_back(Input::Voice(event));
        }
        Some(agent.voice.past())
    }

    async fn record(&mut self, event: CallEvent, at: Instant) {
        self.note_queue(&event, at);
        // With a recording to come, the call's record is pushed when that is ready.
        let completes_cdr = matches!(event, CallEvent::Ended { .. }) && self.recorded.is_none();
        self.journal
            .record(self.clock.wall(at), event, completes_cdr)
            .await;
    }

    fn on_agent(&mut self, event: AgentEvent) {
        let Some(agent) = &mut self.agent else { return };
        match (event, &self.leg) {
            (AgentEvent::Heard(None), _) => agent.heard = None,
            (AgentEvent::Spoken(spoken), Some(leg)) => agent.voice.spoken(spoken, &self.app, leg),
            (AgentEvent::Thought(thought), Some(leg)) => {
                agent.voice.thought(thought, &self.app, leg);
            }
            (AgentEvent::Heard(Some(heard)), Some(leg)) => {
                agent.voice.heard(heard, &self.app, leg);
            }
            (_, None) => {}
        }
    }

    fn on_time(&mut self) {
        let now = Instant::now();
        if self.session.poll_timeout().is_some_and(|(at, _)| at <= now) {
            self.inputs.push_back(Input::Timeout);
        }
        if let (Some(agent), Some(leg)) = (&mut self.agent, &self.leg) {
            agent.voice.timeout(&self.app, leg);
        }
    }
}

/// How the agent wants the person's speech to be told from silence.
fn listen_like(manners: LegManners, vad: &mut VadSettings) {
    vad.far_field = manners.far_field;
    vad.lasting = manners.barge_in_min.saturating_sub(BUFFERED);
}

/// Makes what sounds behind the agent; it takes some milliseconds.
async fn ambience(place: Ambience, volume: f32) -> Option<Arc<[i16]>> {
    let made = tokio::task::spawn_blocking(move || place.samples(volume)).await;
    made.ok().map(Arc::from)
}

fn quality(stats: &media::port::Stats) -> LegQuality {
    LegQuality {
        packets_sent: stats.packets_sent,
        packets_received: stats.packets_received,
        packets_lost: stats.lost,
        packets_late: stats.late,
        jitter_ms: f64::from(stats.jitter_ms),
        rtt_ms: stats.rtt.map_or(0.0, |rtt| rtt.as_secs_f64() * 1000.0),
        mos: f64::from(stats.mos),
    }
}

fn sound_clip(play: PlayId) -> ClipId {
    ClipId(FIRST_SOUND + u64::from(play.0))
}

fn play_of(clip: ClipId) -> Option<PlayId> {
    let play = clip.0.checked_sub(FIRST_SOUND)?;
    u32::try_from(play).ok().map(PlayId)
}

/// Media whose handshake brought no keys, in words of the call's record.
fn not_encrypted(why: HandshakeFailure) -> LegEvent {
    let why = format!("media could not be encrypted: {why}");
    tracing::info!(why, "a handshake of media failed");
    LegEvent::NotEncrypted { why }
}

async fn next_of(line: &mut Option<Line>) -> LineEvent {
    match line {
        Some(line) => line.next().await,
        None => std::future::pending().await,
    }
}

async fn next_of_other(other: &mut Option<Other>) -> OtherEvent {
    match other {
        Some(other) => other.next().await,
        None => std::future::pending().await,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
